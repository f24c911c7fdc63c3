// SPDX-License-Identifier: MIT
// Bodies that joints hold to each other, put elsewhere as one.
#include "worlds/rules/carry.h"

#include "engine/base/maths.h"

#include <string.h>

static double at(const ParaView *view, const float *values, int body)
{
    return (double)values[(size_t)body * (size_t)view->stride];
}

void para_carry_joined(const ParaLevel *level, const ParaView *view, int body, bool *joined)
{
    const ParaWorldDef *world = &level->world;
    memset(joined, 0, sizeof *joined * (size_t)world->body_count);
    joined[body] = true;
    for (bool grown = true; grown;) {
        grown = false;
        for (int j = 0; j < world->joint_count; j++) {
            int a = world->joints[j].a, b = world->joints[j].b;
            if (!view->joint_enabled[(size_t)j * (size_t)view->stride] || joined[a] == joined[b] ||
                world->bodies[a].kind != PARA_BODY_DYNAMIC || world->bodies[b].kind != PARA_BODY_DYNAMIC)
                continue;
            joined[a] = joined[b] = grown = true;
        }
    }
}

void para_carry(const ParaLevel *level, ParaWorld world, const bool *carried, ParaCarryPlace from,
                ParaCarryPlace to)
{
    const ParaView *view = para_world_view(world);
    double s, c;
    para_sincos(to.angle - from.angle, &s, &c);
    for (int b = 0; b < level->world.body_count; b++) {
        if (!carried[b])
            continue;
        double dx = at(view, view->x, b) - from.x, dy = at(view, view->y, b) - from.y;
        double vx = at(view, view->vx, b), vy = at(view, view->vy, b);
        ParaVec2 place = {(float)(to.x + c * dx - s * dy), (float)(to.y + s * dx + c * dy)};
        ParaVec2 velocity = {(float)(c * vx - s * vy), (float)(s * vx + c * vy)};
        float angle = (float)(at(view, view->angle, b) + (to.angle - from.angle));
        para_world_place_body(world, b, place, angle, velocity, (float)at(view, view->spin, b));
    }
}
