// SPDX-License-Identifier: MIT
// Fast bodies. A body that moves farther in a step than its contacts can see must not be found behind a wall:
// a circle about its centre of mass, well inside the body, is cast along the way, and the way ends where it
// meets something. Velocity stays, so that the next step's contact stops the body, or throws it back.
#include "engine/world/lanes/cast.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define CORE_SHARE                                                                                           \
    0.75               ///< [1] of the body's inradius: the core; resting and rolling bodies keep out of reach
#define NEAR_SHARE 0.9 ///< [1] of the distance to what is near at the start: the core gives way to it

/// One body's way against what stands in it.
typedef struct Sweep {
    ParaLanesBlock *block;
    const ParaLanesWorld *world;
    int first; ///< flat index of the world's bodies
    int body;
    double core;       ///< [m]
    uint64_t partners; ///< shapes it may touch
    uint64_t own;      ///< its shapes
} Sweep;

static ParaLanesMotion *motion_of(const Sweep *sweep, int body)
{
    return &sweep->block->motion[sweep->first + body];
}

static bool goes_far(const Sweep *sweep, int body)
{
    const ParaLanesMotion *motion = motion_of(sweep, body);
    float reach = PARA_LANES_FAR * sweep->world->bodies[body].inradius;
    return motion->dx * motion->dx + motion->dy * motion->dy > reach * reach;
}

static void find_partners(Sweep *sweep)
{
    const ParaLanesWorld *world = sweep->world;
    sweep->own = sweep->partners = 0;
    for (int i = 0; i < world->shape_count; i++)
        if (world->shapes[i].body == sweep->body)
            sweep->own |= (uint64_t)1 << i;
    for (int i = 0; i < world->shape_count; i++) { // partners[i] tells only of shapes above i
        if (sweep->own >> i & 1u)
            sweep->partners |= world->partners[i];
        if (world->partners[i] & sweep->own)
            sweep->partners |= (uint64_t)1 << i;
    }
}

/// Where another body stands at the end of the step.
static ParaLanesFrame frame_at_end(const Sweep *sweep, int body)
{
    const ParaLanesFixed *fixed = &sweep->block->fixed[sweep->first + body];
    const ParaLanesMotion *motion = motion_of(sweep, body);
    ParaLanesFrame frame = {(double)fixed->x + (double)motion->dx, (double)fixed->y + (double)motion->dy,
                            (double)fixed->cos, (double)fixed->sin};
    if (motion->turn != 0.0f) {
        double s, c;
        para_sincos((double)motion->turn, &s, &c);
        frame.cos = c * (double)fixed->cos - s * (double)fixed->sin;
        frame.sin = s * (double)fixed->cos + c * (double)fixed->sin;
    }
    return frame;
}

/// The way as the other body sees it, in the other's frame at the end of the step: it ends at the true place.
static ParaLanesRay way_seen_from(const Sweep *sweep, int other)
{
    const ParaLanesFixed *fixed = &sweep->block->fixed[sweep->first + sweep->body];
    const ParaLanesMotion *own = motion_of(sweep, sweep->body), *its = motion_of(sweep, other);
    ParaLanesRay way = {(double)fixed->x + (double)its->dx, (double)fixed->y + (double)its->dy,
                        (double)own->dx - (double)its->dx, (double)own->dy - (double)its->dy};
    return para_lanes_local_ray(frame_at_end(sweep, other), way);
}

/// Radius to cast with where the surface is `distance` away at the start; < 0: inside, which is the
/// contact's.
static double core_near(const Sweep *sweep, double distance)
{
    return para_min(sweep->core, NEAR_SHARE * distance);
}

static void cast_shape(const Sweep *sweep, const ParaLanesShape *shape, ParaLanesHit *hit)
{
    const ParaLanesBody *body = &sweep->world->bodies[sweep->body];
    ParaLanesRay way = way_seen_from(sweep, shape->body);
    // Most shapes are nowhere near: compare with the box of the way.
    double reach = (double)shape->reach + (double)body->inradius;
    if (para_max(way.x, way.x + way.dx) < -reach || para_min(way.x, way.x + way.dx) > reach ||
        para_max(way.y, way.y + way.dy) < -reach || para_min(way.y, way.y + way.dy) > reach)
        return;
    double core = core_near(sweep, para_lanes_distance(sweep->world, shape, way.x, way.y));
    if (core > 0)
        para_lanes_cast_shape(sweep->world, shape, core, way, hit);
}

static void cast_chain(const Sweep *sweep, const ParaLanesChain *chain, ParaLanesHit *hit)
{
    const ParaLanesWorld *world = sweep->world;
    ParaLanesRay way = way_seen_from(sweep, chain->body);
    double radius = (double)chain->radius;
    int first, end;
    for (int from = 0; from < chain->edge_count; from = end) {
        para_lanes_chain_near(world, chain, sweep->core, way, from, &first, &end);
        for (int i = first; i < end; i++) {
            ParaVec2 a = para_lanes_chain_point(world, chain, i),
                     b = para_lanes_chain_point(world, chain, i + 1);
            double core = core_near(sweep, para_lanes_edge_distance(a, b, radius, way.x, way.y));
            if (core > 0)
                para_lanes_cast_edge(a, b, radius + core, way, hit);
        }
    }
}

/// Ends the way where it meets `other`, which goes its own way to the end.
static void shorten(const Sweep *sweep, int other, double fraction)
{
    PARA_ASSERT_HOT(other != sweep->body && fraction >= 0.0 && fraction <= 1.0);
    ParaLanesMotion *own = motion_of(sweep, sweep->body);
    const ParaLanesMotion *its = motion_of(sweep, other);
    own->dx = (float)((double)its->dx + fraction * ((double)own->dx - (double)its->dx));
    own->dy = (float)((double)its->dy + fraction * ((double)own->dy - (double)its->dy));
    own->turn = (float)(fraction * (double)own->turn);
}

/// Against bodies that nothing pushes (`dynamic` false) or against the others.
static void sweep_body(Sweep *sweep, bool dynamic)
{
    const ParaLanesWorld *world = sweep->world;
    ParaLanesHit nearest = {1.0, 0, 0};
    int met = -1;
    for (int i = 0; i < world->shape_count; i++) {
        const ParaLanesShape *shape = &world->shapes[i];
        bool moves = world->def.bodies[shape->body].kind == PARA_BODY_DYNAMIC;
        if ((sweep->partners >> i & 1u) == 0 || moves != dynamic)
            continue;
        double before = nearest.fraction;
        cast_shape(sweep, shape, &nearest);
        if (nearest.fraction < before)
            met = shape->body;
    }
    for (int i = 0; i < world->chain_count && !dynamic; i++) { // no dynamic body has a chain
        double before = nearest.fraction;
        if (world->chain_partners[i] & sweep->own)
            cast_chain(sweep, &world->chains[i], &nearest);
        if (nearest.fraction < before)
            met = world->chains[i].body;
    }
    if (met >= 0)
        shorten(sweep, met, nearest.fraction);
}

void para_lanes_sweep(ParaLanesBlock *block, int w)
{
    const ParaLanesWorld *world = block->worlds[w];
    Sweep sweep = {.block = block, .world = world, .first = block->body_first[w]};
    // First all against what stands, then the `fast` ones against the others as those really moved; what
    // stands has the last word.
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < world->body_count; i++) {
            const ParaBodyDef *def = &world->def.bodies[i];
            if (def->kind != PARA_BODY_DYNAMIC || !world->enabled[i] || (pass == 1 && !def->fast))
                continue;
            sweep.body = i;
            if (!goes_far(&sweep, i))
                continue;
            sweep.core = CORE_SHARE * (double)world->bodies[i].inradius;
            PARA_ASSERT_HOT(sweep.core > 0.0);
            find_partners(&sweep);
            if (pass == 1)
                sweep_body(&sweep, true);
            sweep_body(&sweep, false);
        }
}
