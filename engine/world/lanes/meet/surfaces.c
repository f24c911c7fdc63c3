// SPDX-License-Identifier: MIT
// What surfaces do besides holding: platforms that let through what rises (engine/world/one_way.h), and belts
// that take along what lies on them. Worlds without such shapes never come here.
#include "engine/base/assert.h"
#include "engine/world/lanes/lanes.h"
#include "engine/world/one_way.h"

/// Velocity of a body's material at a place.
static void velocity_at(const ParaLanesBlock *block, int body, double x, double y, double out[2])
{
    const ParaLanesMotion *motion = &block->motion[body];
    const ParaLanesFixed *fixed = &block->fixed[body];
    out[0] = (double)motion->vx - (double)motion->spin * (y - (double)fixed->y);
    out[1] = (double)motion->vy + (double)motion->spin * (x - (double)fixed->x);
}

/// Whether the pair pressed in the last step.
static bool was_held(const ParaLanesWorld *world, uint32_t key)
{
    int low = 0, high = world->state->touch_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (world->touches[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < world->state->touch_count && world->touches[low].key == key && world->touches[low].touching;
}

/// Whether a one-way shape on one side of the manifold holds at any of its points.
/// @param sign [1] +1: the platform is the manifold's a; -1: its b
static bool holds(const ParaLanesBlock *block, const ParaLanesWorld *world, const ParaLanesManifold *m,
                  int sign)
{
    int own = sign > 0 ? m->a : m->b, other = sign > 0 ? m->b : m->a;
    double up_x = -(double)block->fixed[own].sin, up_y = (double)block->fixed[own].cos;
    double facing = sign * ((double)m->normal_x * up_x + (double)m->normal_y * up_y);
    for (int k = 0; k < m->count; k++) {
        const struct ParaLanesPoint *p = &m->point[k];
        double a[2], b[2];
        velocity_at(block, own, (double)p->x, (double)p->y, a);
        velocity_at(block, other, (double)p->x, (double)p->y, b);
        double rising = (b[0] - a[0]) * up_x + (b[1] - a[1]) * up_y;
        if (para_one_way_holds(facing, -(double)p->separation, rising, (double)world->dt,
                               was_held(world, m->key)))
            return true;
    }
    return false;
}

void para_lanes_let_through(ParaLanesBlock *block, int w, int32_t first, int32_t end)
{
    const ParaLanesWorld *world = block->worlds[w];
    for (int32_t i = first; i < end; i++) {
        ParaLanesManifold *m = &block->manifolds[i];
        int32_t shapes[2];
        if (m->count == 0)
            continue;
        para_lanes_shapes_of_key(world, m->key, shapes);
        for (int side = 0; side < 2; side++)
            if (world->def.shapes[shapes[side]].one_way && !holds(block, world, m, side ? -1 : 1))
                m->count = 0;
    }
}

void para_lanes_run_belts(ParaLanesBlock *block)
{
    block->any_belt = false;
    for (int w = 0; w < block->world_count; w++)
        block->any_belt = block->any_belt || block->worlds[w]->any_belt;
    for (int w = 0; block->any_belt && w < block->world_count; w++) {
        const ParaLanesWorld *world = block->worlds[w];
        int first = block->manifold_first[w];
        for (int i = first; i < first + block->manifold_count[w]; i++) {
            int32_t shapes[2];
            para_lanes_shapes_of_key(world, block->manifolds[i].key, shapes);
            block->belts[i] = world->def.shapes[shapes[0]].belt + world->def.shapes[shapes[1]].belt;
        }
    }
}

void para_lanes_find_bounce_mins(ParaLanesBlock *block)
{
    block->any_bounce_min = false;
    for (int w = 0; w < block->world_count; w++)
        block->any_bounce_min = block->any_bounce_min || block->worlds[w]->def.bounce_min > 0.0f;
    for (int w = 0; block->any_bounce_min && w < block->world_count; w++)
        for (int i = 0; i < block->manifold_count[w]; i++)
            block->bounce_mins[block->manifold_first[w] + i] = block->worlds[w]->def.bounce_min;
}
