// SPDX-License-Identifier: MIT
// A level in play as a scene and as pixels: styles from roles, flames, eyes and grips, the camera on the
// player. Used by the window, replays and the ABI's rgb_array alike.
#include "agents/observe/picture.h"

#include "engine/base/maths.h"
#include "worlds/level/roles.h"
#include "worlds/meddle/toybox.h"

#include <math.h>

#define PLAYER_SHARE 0.025f // [1] of a picture's height: 18 of 720 pixels
#define RING_SIDES   24
#define RING_LINE    0.06f // [1] half the thickness of its line, of the least size of a player

_Static_assert((int)PARA_STYLE_PLAYER == (int)PARA_ROLE_PLAYER &&
                   (int)PARA_STYLE_TARGET == (int)PARA_ROLE_TARGET &&
                   (int)PARA_STYLE_CARGO == (int)PARA_ROLE_CARGO &&
                   (int)PARA_STYLE_HAZARD == (int)PARA_ROLE_HAZARD &&
                   (int)PARA_STYLE_PARTLY == (int)PARA_ROLE_COUNT,
               "styles of pictures are the roles of levels");

_Static_assert((int)PARA_SURFACE_WOOD == (int)PARA_MATERIAL_WOOD &&
                   (int)PARA_SURFACE_STONE == (int)PARA_MATERIAL_STONE &&
                   (int)PARA_SURFACE_METAL == (int)PARA_MATERIAL_METAL &&
                   (int)PARA_SURFACE_ICE == (int)PARA_MATERIAL_ICE &&
                   (int)PARA_SURFACE_GLASS == (int)PARA_MATERIAL_GLASS &&
                   (int)PARA_SURFACE_RUBBER == (int)PARA_MATERIAL_RUBBER &&
                   (int)PARA_SURFACE_CLOTH == (int)PARA_MATERIAL_CLOTH &&
                   (int)PARA_SURFACE_EARTH == (int)PARA_MATERIAL_EARTH &&
                   (int)PARA_SURFACE_COUNT == (int)PARA_MATERIAL_COUNT,
               "looks of pictures are the materials of levels");

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

static ParaStyle style_of(const ParaLevel *level, int body)
{
    ParaRole role = para_level_body_role(level, 0, body);
    if (para_level_owner(level, body) >= 0)
        return PARA_STYLE_PLAYER;
    if (role != PARA_ROLE_HAZARD)
        return (ParaStyle)role;
    switch (para_level_hazard_to(level, 0, body)) {
    case PARA_HAZARD_TO_PARTS:
        return PARA_STYLE_PARTLY;
    case PARA_HAZARD_TO_OTHERS: // what comes after the cargo stays one
        return level->world.bodies[body].kind == PARA_BODY_STATIC ? PARA_STYLE_NONE : PARA_STYLE_HAZARD;
    case PARA_HAZARD_TO_ALL:
        break;
    }
    return PARA_STYLE_HAZARD;
}

/// A toybox's wind while it is calm, and its water while it is below the level.  @return [bits] zones
static uint32_t toys_unseen(const ParaLevel *level, const ParaView *view)
{
    int wind = para_toybox_wind(level), flood = para_toybox_flood(level);
    uint32_t unseen = 0;
    if (wind >= 0 && view->zones[wind].acceleration.x == 0.0f && view->zones[wind].acceleration.y == 0.0f)
        unseen |= 1u << wind;
    for (uint32_t k = 0; flood >= 0 && k < level->world.zones[flood].point_count; k++) {
        ParaVec2 corner = level->world.points[level->world.zones[flood].point_first + k];
        if (view->zones[flood].position.y + corner.y > 0.0f)
            return unseen;
    }
    return flood >= 0 ? unseen | 1u << flood : unseen;
}

static void paint_level(ParaScene *scene, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                        const ParaPose *poses, bool grid)
{
    uint8_t styles[PARA_BODIES_MAX], zones[PARA_ZONES_MAX];
    uint32_t portals = 0;
    for (int z = 0; z < level->world.zone_count; z++) { // what a zone is to the first to whom it is something
        zones[z] = PARA_ROLE_NONE;
        for (int p = 0; p < level->player_count && zones[z] == PARA_ROLE_NONE; p++)
            zones[z] = (uint8_t)para_level_zone_role(level, p, z);
    }
    for (int z = 0; level->zone_portals && z < level->world.zone_count; z++)
        portals |= (uint32_t)(level->zone_portals[z] >= 0) << z;
    int32_t eyes[PARA_PLAYERS_MAX], grips[PARA_PLAYERS_MAX];
    for (int b = 0; b < level->world.body_count; b++)
        styles[b] = (uint8_t)style_of(level, b);
    for (int p = 0; p < level->player_count; p++) {
        eyes[p] = level->players[p].body;
        grips[p] = play ? play->players[p].grip_body : -1;
    }
    ParaSceneDef def = {.body_styles = styles,
                        .body_looks = level->body_looks,
                        .zone_styles = zones,
                        .ladders = level->ladders,
                        .portals = portals,
                        .hidden = toys_unseen(level, para_world_view(world)),
                        .flags = level->checkpoints,
                        .poses = poses,
                        .inputs = para_world_inputs(world),
                        .eyes = eyes,
                        .grips = grips,
                        .eye_count = level->player_count,
                        .grip_count = level->player_count,
                        .grid = grid};
    para_scene_world(scene, para_world_view(world), &def);
}

void para_picture_scene(ParaScene *scene, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                        const ParaPose *poses, bool grid)
{
    paint_level(scene, level, play, world, poses, grid);
    if (play)
        para_picture_bubbles(scene, level, play, world, poses);
}

ParaPictureLook para_picture_look(ParaRect area)
{
    return (ParaPictureLook){
        .area = area, .height_max = PARA_CAMERA_HEIGHT_MAX, .player_share = PLAYER_SHARE, .closer = true};
}

float para_picture_extent(const ParaLevel *level, int body)
{
    float most = 0.0f;
    for (int i = 0; i < level->world.shape_count; i++) {
        const ParaShapeDef *shape = &level->world.shapes[i];
        for (uint32_t k = 0; shape->body == body && k < shape->point_count; k++) {
            ParaVec2 p = level->world.points[shape->point_first + k];
            most = fmaxf(most, sqrtf(p.x * p.x + p.y * p.y) + shape->radius);
        }
    }
    return 2.0f * most;
}

static void paint_ring(ParaScene *scene, ParaVec2 at, float radius, float half_line)
{
    ParaVec2 last = {at.x + radius, at.y};
    for (int i = 1; i <= RING_SIDES; i++) {
        double s, c;
        para_sincos(PARA_TAU * i / RING_SIDES, &s, &c);
        ParaVec2 next = {at.x + radius * (float)c, at.y + radius * (float)s};
        para_scene_line(scene, last, next, half_line, PARA_INK_PLAYER);
        last = next;
    }
}

void para_picture_follow(ParaCamera *camera, ParaScene *scene, const ParaPictureLook *look,
                         const ParaLevel *level, ParaWorld world, const ParaPose *poses, float seconds)
{
    const ParaView *view = para_world_view(world);
    int body = level->players[look->player].body, at = body * view->stride;
    ParaVec2 target = poses ? (ParaVec2){poses[body].x, poses[body].y} : (ParaVec2){view->x[at], view->y[at]};
    float least = look->player_share * look->area.height; // [px]
    const ParaFollow follow = {.target = target,
                               .extent = para_picture_extent(level, body),
                               .extent_px = look->closer ? least : 0.0f,
                               .size = level->world.size,
                               .area = look->area,
                               .height_max = look->height_max,
                               .lead = look->lead};
    para_camera_follow(camera, &follow, seconds);
    if (scene && follow.extent * camera->scale < 0.99f * least && view->enabled[at])
        paint_ring(scene, target, 0.8f * least / camera->scale, RING_LINE * least / camera->scale);
}

/// Nothing is to be seen beyond what the player sees.
static void hide_far(const ParaPicture *picture, const ParaCamera *camera, const ParaPlayer *player,
                     ParaWorld world, uint8_t *rgb)
{
    const ParaView *view = para_world_view(world);
    int at = player->body * view->stride;
    ParaColour ground = para_ink_flat(PARA_INK_BACKGROUND);
    for (int i = 0; i < picture->height; i++)
        for (int j = 0; j < picture->width; j++, rgb += 3) {
            ParaVec2 middle = {((float)j + 0.5f) * (float)picture->smooth,
                               ((float)i + 0.5f) * (float)picture->smooth};
            ParaVec2 p = para_camera_to_world(camera, middle);
            float dx = p.x - view->centre_x[at], dy = p.y - view->centre_y[at];
            if (dx * dx + dy * dy > player->sees * player->sees)
                rgb[0] = ground.r, rgb[1] = ground.g, rgb[2] = ground.b;
        }
}

void para_picture_draw(ParaPicture *picture, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                       uint8_t *rgb)
{
    ParaPictureLook look =
        para_picture_look((ParaRect){0, 0, (float)picture->raster.width, (float)picture->raster.height});
    ParaCamera camera = {0};
    look.player = picture->player;
    if (picture->metres > 0.0f) {
        look.height_max = picture->metres * look.area.height / look.area.width;
        look.closer = false;
    }
    para_scene_clear(&picture->scene);
    paint_level(&picture->scene, level, play, world, NULL, true);
    if (play && !picture->observed) // whoever looks hears, or does not: what is said is no picture to it
        para_picture_bubbles(&picture->scene, level, play, world, NULL);
    para_picture_follow(&camera, &picture->scene, &look, level, world, NULL, 0.0f);
    para_raster_clear(&picture->raster, PARA_INK_BACKGROUND);
    para_raster_scene(&picture->raster, &picture->scene, &camera);
    para_raster_colours(&picture->raster, picture->smooth, rgb);
    if (picture->observed && level->players[picture->player].sees > 0.0f)
        hide_far(picture, &camera, &level->players[picture->player], world, rgb);
}
