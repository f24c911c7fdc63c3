// SPDX-License-Identifier: MIT
// What players say, as bubbles over the bodies that say it.
#include "agents/observe/picture.h"
#include "worlds/rules/voice.h"

#include <math.h>

#define SIDE_LEAST 0.3f // [m] of the square that a symbol has
#define SIDE_MOST  0.9f // [m]

/// @param middle [m]   @param room [m] half the square it may fill
static void paint_symbol(ParaScene *scene, ParaVec2 middle, float room, int symbol)
{
    if (symbol == 0) {
        para_scene_circle(scene, middle, 0.2f * room, PARA_INK_TEXT_DIM);
        return;
    }
    if (symbol > 0) {
        para_scene_circle(scene, middle, 0.62f * room, PARA_INK_TARGET_EDGE);
        return;
    }
    float r = 0.8f * room;
    const ParaPrimitive diamond = {.kind = PARA_PRIMITIVE_POLYGON,
                                   .point_count = 4,
                                   .fill = PARA_INK_HAZARD,
                                   .points = {{middle.x + r, middle.y},
                                              {middle.x, middle.y + r},
                                              {middle.x - r, middle.y},
                                              {middle.x, middle.y - r}}};
    para_scene_add(scene, &diamond);
}

/// @param at [m] the body's place   @param extent [m] its size across   @param said [count]
static void paint_bubble(ParaScene *scene, ParaVec2 at, float extent, const int *said, int count)
{
    float side = fminf(fmaxf(0.7f * extent, SIDE_LEAST), SIDE_MOST), wide = side * (float)count;
    ParaVec2 low = {at.x - 0.5f * wide, at.y + 0.5f * extent + 0.5f * side};
    const ParaPrimitive tail = {.kind = PARA_PRIMITIVE_POLYGON,
                                .point_count = 3,
                                .fill = PARA_INK_EYE,
                                .points = {{at.x - 0.16f * side, low.y + 0.05f * side},
                                           {at.x + 0.16f * side, low.y + 0.05f * side},
                                           {at.x, low.y - 0.4f * side}}};
    para_scene_add(scene, &tail);
    para_scene_box(scene, low, (ParaVec2){wide, side}, 0.25f * side, PARA_INK_EYE, PARA_INK_EYE, 0);
    for (int k = 0; k < count; k++)
        paint_symbol(scene, (ParaVec2){low.x + ((float)k + 0.5f) * side, low.y + 0.5f * side}, 0.5f * side,
                     said[k]);
}

void para_picture_bubbles(ParaScene *scene, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                          const ParaPose *poses)
{
    const ParaView *view = para_world_view(world);
    for (int p = 0; p < level->player_count; p++) {
        ParaVoices voices = para_voices_of(level, p);
        int said[PARA_VOICES_MAX], body = voices.count > 0 ? voices.actuator[0]->body : -1,
                                   at = body * view->stride;
        bool any = false;
        for (int k = 0; k < voices.count; k++) {
            said[k] = para_voice_said(play, view, p, voices.actuator[k]);
            any = any || said[k] != 0;
        }
        if (any)
            paint_bubble(scene,
                         poses ? (ParaVec2){poses[body].x, poses[body].y}
                               : (ParaVec2){view->x[at], view->y[at]},
                         para_picture_extent(level, body), said, voices.count);
    }
}
