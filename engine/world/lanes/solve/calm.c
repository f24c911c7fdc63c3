// SPDX-License-Identifier: MIT
// What lies deep in something is pushed out by place, not by speed. The soft pass pushes and the pass behind
// the move takes the push back, but where many bodies lie in each other one pass does not find all of it. So
// a body with a deep contact ends a small step with no more energy (per mass, against what stands) than it or
// whom it lies in had before the contacts of that small step. Bodies of joints are left out. Source: ours.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/lanes/lanes.h"

#define DEEP_SHARE 0.03f ///< [1] of the smaller inradius that is deep

static bool is_deep(const ParaLanesManifold *m, const ParaLanesBody *bodies)
{
    float least = 1e30f, deepest = 0.0f;
    const int32_t ends[2] = {m->a, m->b};
    for (int k = 0; k < 2; k++) {
        float inradius = bodies[ends[k]].inradius;
        least = inradius > 0.0f && inradius < least ? inradius : least;
    }
    for (int p = 0; p < m->count; p++)
        deepest = m->point[p].separation < deepest ? m->point[p].separation : deepest;
    float deep = DEEP_SHARE * least;
    return -deepest > (deep > PARA_LANES_DEEP_LEAST ? deep : PARA_LANES_DEEP_LEAST);
}

/// Bodies that joints hold: what drives them is no push of a contact, and what jams them has to give way.
static uint64_t jointed_bodies(const ParaLanesWorld *world)
{
    uint64_t bits = 0;
    for (int i = 0; i < world->joint_count; i++)
        bits |= (uint64_t)1 << world->joints[i].a | (uint64_t)1 << world->joints[i].b;
    return bits & ~world->statics;
}

int para_lanes_list_deep(const ParaLanesBlock *block, int32_t *out)
{
    int count = 0;
    for (int w = 0; w < block->world_count; w++) {
        const ParaLanesBody *bodies = block->worlds[w]->bodies;
        uint64_t jointed = jointed_bodies(block->worlds[w]);
        for (int i = 0; i < block->manifold_count[w]; i++) {
            ParaLanesManifold m = block->manifolds[block->manifold_first[w] + i];
            m.a -= block->body_first[w];
            m.b -= block->body_first[w];
            if (is_deep(&m, bodies) && ((jointed >> m.a | jointed >> m.b) & 1u) == 0)
                out[count++] = block->manifold_first[w] + i;
        }
    }
    return count;
}

/// [m^2/s^2] twice the energy per mass; 0 for what never moves, as its speeds are.
static double energy_of(const ParaLanesFixed *fixed, double vx, double vy, double spin)
{
    double gyration =
        fixed->inverse_inertia > 0.0f ? (double)fixed->inverse_mass / (double)fixed->inverse_inertia : 0.0;
    return vx * vx + vy * vy + gyration * spin * spin;
}

static double energy_before(const ParaLanesBlock *block, int body)
{
    const ParaLanesQuad *v = &block->unpushed[body];
    return energy_of(&block->fixed[body], (double)v->x, (double)v->y, (double)v->spin);
}

static void calm_body(ParaLanesBlock *block, int body, double allowed)
{
    ParaLanesMotion *v = &block->motion[body];
    double now = energy_of(&block->fixed[body], (double)v->vx, (double)v->vy, (double)v->spin);
    if (!(now > allowed) || !(block->fixed[body].inverse_mass > 0.0f))
        return;
    double share = para_sqrt(allowed / now);
    v->vx = (float)(share * (double)v->vx);
    v->vy = (float)(share * (double)v->vy);
    v->spin = (float)(share * (double)v->spin);
}

void para_lanes_calm(ParaLanesBlock *block, const int32_t *deep, int count, double *allowed)
{
    for (int i = 0; i < count; i++)
        allowed[block->manifolds[deep[i]].a] = allowed[block->manifolds[deep[i]].b] = 0.0;
    for (int i = 0; i < count; i++) {
        int a = block->manifolds[deep[i]].a, b = block->manifolds[deep[i]].b;
        double most = para_max(energy_before(block, a), energy_before(block, b));
        allowed[a] = para_max(allowed[a], most);
        allowed[b] = para_max(allowed[b], most);
    }
    for (int i = 0; i < count; i++) {
        calm_body(block, block->manifolds[deep[i]].a, allowed[block->manifolds[deep[i]].a]);
        calm_body(block, block->manifolds[deep[i]].b, allowed[block->manifolds[deep[i]].b]);
    }
}
