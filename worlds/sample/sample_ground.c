// SPDX-License-Identifier: MIT
// The ground that expressions ask for, ground(x): the surface of all bodies marked so, as far as the making
// of the member has come. It is worked out from the template, as the bodies themselves are made later;
// chances go by the field and the copy, so that both have the same points.
#include "worlds/sample/sample.h"

#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define EDGE_WORK 0.003 // [1] of looking at one, about a microsecond each

static void add_edge(ParaSampler *sampler, ParaVec2 a, ParaVec2 b, float radius)
{
    ParaGround *ground = &sampler->ground;
    if (ground->count == ground->capacity) {
        int capacity = 2 * ground->capacity + 64;
        ParaGroundEdge *larger = PARA_NEW(sampler->arena, ParaGroundEdge, capacity);
        if (ground->count)
            memcpy(larger, ground->edges, sizeof *larger * (size_t)ground->count);
        ground->edges = larger;
        ground->capacity = capacity;
    }
    ground->edges[ground->count++] = (ParaGroundEdge){.a = a, .b = b, .radius = radius};
}

static void add_shape(ParaSampler *sampler, const ParaObject *shape, ParaVec2 at, float angle)
{
    ParaVec2 *points;
    float radius;
    int count = para_sample_outline(sampler, shape, &points, &radius);
    double sin, cos;
    para_sincos((double)angle, &sin, &cos);
    for (int k = 0; k < count; k++) {
        double x = (double)points[k].x, y = (double)points[k].y;
        points[k] =
            (ParaVec2){(float)((double)at.x + cos * x - sin * y), (float)((double)at.y + sin * x + cos * y)};
    }
    bool closed = (ParaShapeKind)shape->head->choice == PARA_SHAPE_POLYGON;
    for (int k = 0; k + 1 < count; k++)
        add_edge(sampler, points[k], points[k + 1], radius);
    if (closed || count == 1)
        add_edge(sampler, points[count - 1], points[0], radius);
}

/// One copy of a body of the ground.
static void add_body(ParaSampler *sampler, const ParaObject *body, void *context)
{
    (void)context;
    ParaBound bound;
    int count;
    para_bound_default(PARA_KIND_BODY, &bound);
    para_sample_bind(sampler, body, &bound);
    para_sample_move(sampler, body, &bound.body.def.position);
    const ParaValue *shapes = para_sample_shapes(body, &count);
    for (int s = 0; s < count; s++)
        add_shape(sampler, &shapes->objects[s], bound.body.def.position, bound.body.def.angle);
}

static bool is_known(const ParaGround *ground, const ParaObject *body)
{
    return body->loop ? body->loop->number < ground->loops : body->lets <= ground->lets;
}

/// Adds what is known by now. Whoever asked goes on in the copy where it was.
static void look(ParaSampler *sampler)
{
    ParaGround *ground = &sampler->ground;
    const ParaTemplate *t = sampler->t;
    ParaExprInput input = sampler->input;
    uint64_t draw = sampler->draw;
    int turn = sampler->turn;
    if (!ground->taken)
        ground->taken = PARA_NEW(sampler->arena, bool, t->body_count);
    ground->busy = true;
    for (int b = 0; b < t->body_count; b++) {
        const ParaValue *mark = para_value(&t->bodies[b], PARA_FIELD_BODY_ground);
        if (!mark->present || !mark->truth || ground->taken[b] || !is_known(ground, &t->bodies[b]))
            continue;
        ground->taken[b] = true;
        para_sample_each_copy(sampler, &t->bodies[b], PARA_FIELD_BODY_repeat, PARA_FIELD_BODY_if, add_body,
                              NULL);
    }
    ground->busy = false;
    ground->seen_loops = ground->loops;
    ground->seen_lets = ground->lets;
    para_sample_enter_turn(sampler, turn);
    sampler->input = input;
    sampler->draw = draw;
}

/// The highest point of an edge from left to right; NaN: it is not there.
static double top_of(const ParaGroundEdge *edge, double left, double right)
{
    double ax = (double)edge->a.x, ay = (double)edge->a.y, bx = (double)edge->b.x, by = (double)edge->b.y;
    double radius = (double)edge->radius;
    if (ax == bx && ay == by) {
        double aside = ax - para_clamp(ax, left, right), high = radius * radius - aside * aside;
        return high >= 0 ? ay + para_sqrt(high) : (double)NAN;
    }
    double from = para_max(left, para_min(ax, bx)), to = para_min(right, para_max(ax, bx));
    if (from > to)
        return (double)NAN;
    if (ax == bx)
        return para_max(ay, by) + radius;
    double slope = (by - ay) / (bx - ax);
    return para_max(ay + slope * (from - ax), ay + slope * (to - ax)) + radius;
}

double para_sample_ground(void *context, double x, double reach)
{
    ParaSampler *sampler = context;
    ParaGround *ground = &sampler->ground;
    double top = (double)NAN;
    bool changed = !ground->taken || ground->seen_loops != ground->loops || ground->seen_lets != ground->lets;
    bool known = ground->lets >= sampler->t->own_let_count;
    if (!ground->busy && changed && known && !sampler->failed)
        look(sampler);
    for (int e = 0; e < ground->count && !ground->busy; e++) {
        double high = top_of(&ground->edges[e], x - reach, x + reach);
        top = isnan(top) || high > top ? high : top;
    }
    sampler->work += EDGE_WORK * ground->count;
    if (isnan(top)) {
        ground->missed = true;
        ground->missed_at = x;
    }
    return top;
}
