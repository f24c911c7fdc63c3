// SPDX-License-Identifier: MIT
// A level in play as a scene and as pixels: styles from roles, flames, eyes and grips, the camera on the
// player. Used by the window, replays and the ABI's rgb_array alike.
#include "agents/env/picture.h"

_Static_assert((int)PARA_STYLE_PLAYER == (int)PARA_ROLE_PLAYER &&
                   (int)PARA_STYLE_TARGET == (int)PARA_ROLE_TARGET &&
                   (int)PARA_STYLE_CARGO == (int)PARA_ROLE_CARGO &&
                   (int)PARA_STYLE_HAZARD == (int)PARA_ROLE_HAZARD &&
                   (int)PARA_STYLE_COUNT == (int)PARA_ROLE_COUNT,
               "styles of pictures are the roles of levels");

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
                        const ParaPose *poses, bool grid)
{
    uint8_t styles[PARA_BODIES_MAX];
    int32_t eyes[PARA_PLAYERS_MAX], grips[PARA_PLAYERS_MAX];
    for (int b = 0; b < level->world.body_count; b++)
        styles[b] = para_level_owner(level, b) >= 0 ? PARA_STYLE_PLAYER : level->body_roles[b];
    for (int p = 0; p < level->player_count; p++) {
        eyes[p] = level->players[p].body;
        grips[p] = play ? play->players[p].grip_body : -1;
    }
    ParaSceneDef def = {.body_styles = styles,
                        .zone_styles = level->zone_roles,
                        .poses = poses,
                        .inputs = para_world_inputs(world),
                        .eyes = eyes,
                        .grips = grips,
                        .eye_count = level->player_count,
                        .grip_count = level->player_count,
                        .grid = grid};
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
    para_picture_scene(&picture->scene, level, play, world, NULL, true);
    para_raster_clear(&picture->raster, PARA_INK_BACKGROUND);
    para_raster_scene(&picture->raster, &picture->scene, &camera);
    para_raster_colours(&picture->raster, picture->smooth, rgb);
}
