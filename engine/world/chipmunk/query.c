// SPDX-License-Identifier: MIT
// Questions about a world between steps. A world that diverged answers nothing: its space may be half-way.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"

#include <string.h>

#define SET_WORDS (PARA_SHAPES_MAX / 64)

/// Indices found, as a set: a chain has many pieces but is named once, and the answer is in rising order.
typedef struct ShapeSet {
    uint64_t words[SET_WORDS];
} ShapeSet;

static void put(ShapeSet *set, int32_t index)
{
    PARA_ASSERT_HOT(index >= 0 && index < PARA_SHAPES_MAX);
    set->words[index / 64] |= (uint64_t)1 << (index % 64);
}

static int list(const ParaCpWorld *world, const ShapeSet *set, int32_t *out, int max)
{
    int count = 0;
    PARA_ASSERT(world->def.shape_count <= PARA_SHAPES_MAX);
    for (int32_t i = 0; i < world->def.shape_count; i++)
        if (set->words[i / 64] >> (i % 64) & 1u) {
            if (count < max)
                out[count] = i;
            count++;
        }
    return count;
}

/// Chipmunk's filters leave out shapes that collide with nothing; a question about a place means them too.
/// Calls `ask` for each piece of such a shape.
static void each_silent(const ParaCpWorld *world, void (*ask)(cpShape *piece, void *context), void *context)
{
    if (world->silent_count == 0)
        return;
    for (int i = 0; i < world->def.body_count; i++)
        CP_BODY_FOREACH_SHAPE(world->bodies[i], piece)
    if (piece->filter.mask == 0 || piece->filter.categories == 0)
        ask(piece, context);
}

typedef struct PointQuestion {
    cpVect point;
    ShapeSet *set;
} PointQuestion;

static void ask_point(cpShape *piece, void *context)
{
    PointQuestion *question = context;
    cpPointQueryInfo place;
    if (cpShapePointQuery(piece, question->point, &place) < 0.0)
        put(question->set, para_cp_index_of(piece));
}

typedef struct BoxQuestion {
    cpBB box;
    ShapeSet *set;
} BoxQuestion;

static void ask_box(cpShape *piece, void *context)
{
    BoxQuestion *question = context;
    if (cpBBIntersects(question->box, piece->bb))
        put(question->set, para_cp_index_of(piece));
}

static void ray(const ParaCpWorld *world, cpVect from, cpVect to, cpShapeFilter filter, ParaRayHit *out)
{
    cpSegmentQueryInfo hit;
    cpShape *shape;
    if (cpvdistsq(from, to) < 1e-12) {
        cpPointQueryInfo place;
        shape = cpSpacePointQueryNearest(world->space, from, 0.0, filter, &place);
        hit = (cpSegmentQueryInfo){shape, from, cpvzero, 0.0};
    } else {
        shape = cpSpaceSegmentQueryFirst(world->space, from, to, 0.0, filter, &hit);
    }
    if (!shape)
        return;
    if (hit.alpha <= 0.0) { // from inside: Chipmunk's point and normal mean nothing here
        hit.point = from;
        hit.normal = cpvneg(cpvnormalize(cpvsub(to, from)));
    }
    *out = (ParaRayHit){para_cp_index_of(shape),
                        (float)hit.alpha,
                        {(float)hit.point.x, (float)hit.point.y},
                        {(float)hit.normal.x, (float)hit.normal.y}};
}

ParaRayHit para_cp_ray(void *solver, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    ParaRayHit hit = {.shape = -1, .fraction = 1.0f, .point = to};
    if (world->view.status == PARA_WORLD_DIVERGED)
        return hit;
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    if (setjmp(guard.way_out) == 0)
        ray(world, cpv((double)from.x, (double)from.y), cpv((double)to.x, (double)to.y),
            cpShapeFilterNew(group, CP_ALL_CATEGORIES, mask), &hit);
    else
        para_cp_diverge(world, -1);
    para_cp_leave(&guard);
    return hit;
}

static void put_at_point(cpShape *shape, cpVect point, cpFloat distance, cpVect gradient, void *data)
{
    (void)point;
    (void)distance;
    (void)gradient;
    put(data, para_cp_index_of(shape));
}

int para_cp_at_point(void *solver, int index, ParaVec2 point, int32_t *out, int max)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    ShapeSet set;
    memset(&set, 0, sizeof set);
    if (world->view.status == PARA_WORLD_DIVERGED)
        return 0;
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    PointQuestion question = {cpv((double)point.x, (double)point.y), &set};
    if (setjmp(guard.way_out) == 0) {
        cpSpacePointQuery(world->space, question.point, 0.0, CP_SHAPE_FILTER_ALL, put_at_point, &set);
        each_silent(world, ask_point, &question);
    } else {
        para_cp_diverge(world, -1);
    }
    para_cp_leave(&guard);
    // After a jump back the set's content is not defined.
    return world->view.status == PARA_WORLD_DIVERGED ? 0 : list(world, &set, out, max);
}

static void put_in_box(cpShape *shape, void *data) { put(data, para_cp_index_of(shape)); }

int para_cp_in_box(void *solver, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    ShapeSet set;
    memset(&set, 0, sizeof set);
    if (world->view.status == PARA_WORLD_DIVERGED)
        return 0;
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    BoxQuestion question = {cpBBNew((double)low.x, (double)low.y, (double)high.x, (double)high.y), &set};
    if (setjmp(guard.way_out) == 0) {
        cpSpaceBBQuery(world->space, question.box, CP_SHAPE_FILTER_ALL, put_in_box, &set);
        each_silent(world, ask_box, &question);
    } else {
        para_cp_diverge(world, -1);
    }
    para_cp_leave(&guard);
    // After a jump back the set's content is not defined.
    return world->view.status == PARA_WORLD_DIVERGED ? 0 : list(world, &set, out, max);
}
