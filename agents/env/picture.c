// SPDX-License-Identifier: MIT
#include "agents/env/picture.h"

static int clamp(int value, int low, int high) { return value < low ? low : value > high ? high : value; }

ParaPicture para_picture_create(int width, int height, int smooth, ParaArena *arena)
{
    ParaPicture picture = {.width = clamp(width, PARA_PICTURE_SIDE_MIN, PARA_PICTURE_SIDE_MAX),
                           .height = clamp(height, PARA_PICTURE_SIDE_MIN, PARA_PICTURE_SIDE_MAX),
                           .smooth = clamp(smooth, 1, PARA_PICTURE_SMOOTH_MAX),
                           .scene = para_scene_create(PARA_SCENE_CAPACITY, arena)};
    picture.raster =
        para_raster_create(picture.width * picture.smooth, picture.height * picture.smooth, arena);
    return picture;
}

void para_picture_scene(ParaScene *scene, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                        const ParaPose *poses)
{
    ParaSceneDef def = para_scene_def_default();
    def.body_styles = level->body_roles;
    def.zone_styles = level->zone_roles;
    def.poses = poses;
    def.inputs = para_world_inputs(world);
    def.eye_body = level->players[0].body;
    def.grip_body = play->players[0].grip_body;
    para_scene_world(scene, para_world_view(world), &def);
}

ParaCamera para_picture_camera(const ParaLevel *level, ParaWorld world, int width, int height)
{
    const ParaView *view = para_world_view(world);
    int body = level->players[0].body;
    ParaCamera camera = {0};
    para_camera_follow(&camera, (ParaVec2){view->x[body * view->stride], view->y[body * view->stride]},
                       level->world.size, (ParaRect){0, 0, (float)width, (float)height}, 0.0f);
    return camera;
}

void para_picture_draw(ParaPicture *picture, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                       uint8_t *rgb)
{
    ParaCamera camera = para_picture_camera(level, world, picture->raster.width, picture->raster.height);
    para_scene_clear(&picture->scene);
    para_picture_scene(&picture->scene, level, play, world, NULL);
    para_raster_clear(&picture->raster, PARA_INK_BACKGROUND);
    para_raster_scene(&picture->raster, &picture->scene, &camera);
    para_raster_colours(&picture->raster, picture->smooth, rgb);
}
