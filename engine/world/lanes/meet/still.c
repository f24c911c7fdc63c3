// SPDX-License-Identifier: MIT
// Shapes of static bodies: brought to the world frame once, at the build; a step only copies them.
#include "engine/base/assert.h"
#include "engine/world/lanes/lanes.h"

#include <math.h>

/// A direction of a static body's frame in the world's.
static ParaVec2 turned(const ParaLanesWorld *world, int body, float x, float y)
{
    float c = world->cos[body], s = world->sin[body];
    return (ParaVec2){x * c - y * s, y * c + x * s};
}

/// What place_shapes (shapes.c) would do with it in every step. The frames of kernels and of this agree.
static void place_still(const ParaLanesWorld *world, const ParaLanesShape *shape, ParaLanesStill *still)
{
    int body = shape->body, room = shape->corner_room;
    float x = world->centre_x[body], y = world->centre_y[body];
    ParaVec2 middle = turned(world, body, shape->x, shape->y);
    *still = (ParaLanesStill){.x = middle.x + x,
                              .y = middle.y + y,
                              .radius = shape->radius,
                              .margin = 0.5f * PARA_LANES_MARGIN,
                              .body = body,
                              .corner_count = shape->corner_count,
                              .corner_room = room};
    ParaLanesBox box = {still->x, still->y, still->x, still->y};
    float *to_v = still->corners, *to_n = to_v + 2 * room;
    const float *v = world->corners + shape->corner_first, *n = v + 2 * room;
    for (int i = 0; i < room; i++) {
        ParaVec2 corner = turned(world, body, v[2 * i], v[2 * i + 1]);
        ParaVec2 normal = turned(world, body, n[2 * i], n[2 * i + 1]);
        to_v[2 * i] = corner.x + x;
        to_v[2 * i + 1] = corner.y + y;
        to_n[2 * i] = normal.x;
        to_n[2 * i + 1] = normal.y;
        box.low_x = fminf(box.low_x, to_v[2 * i]);
        box.low_y = fminf(box.low_y, to_v[2 * i + 1]);
        box.high_x = fmaxf(box.high_x, to_v[2 * i]);
        box.high_y = fmaxf(box.high_y, to_v[2 * i + 1]);
    }
    float width = still->radius + still->margin;
    still->box = (ParaLanesBox){box.low_x - width, box.low_y - width, box.high_x + width, box.high_y + width};
}

void para_lanes_place_stills(ParaLanesWorld *world)
{
    int next = 0;
    for (int i = 0; i < world->shape_count; i++)
        if (world->shapes[i].still) {
            place_still(world, &world->shapes[i], (ParaLanesStill *)(void *)(world->stills + next));
            next += PARA_LANES_STILL_FLOATS(world->shapes[i].corner_room);
        }
    PARA_ASSERT(next == world->still_floats);
}
