// SPDX-License-Identifier: MIT
// Hulls of Chipmunk's shapes, their distance by comparing all corners with all edges (there are 8 at most),
// and the advance in time by distance over speed.
#include "engine/world/chipmunk/toi.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define ADVANCES_MAX 20 ///< then moments are looked at: what turns is bounded badly by its speed
#define LOOKS        16 ///< [1] moments, and as many per radian that the two turn
#define HALVINGS     20 ///< [1] of the time between two moments

// --- hulls

static cpVect middle_of(const cpPolyShape *poly)
{
    cpVect sum = cpvzero;
    for (int i = 0; i < poly->count; i++)
        sum = cpvadd(sum, poly->planes[poly->count + i].v0); // the second half is in the body's frame
    return cpvmult(sum, 1.0 / poly->count);
}

double para_cp_shape_inradius(const cpShape *shape)
{
    if (shape->klass->type == CP_CIRCLE_SHAPE)
        return ((const cpCircleShape *)shape)->r;
    if (shape->klass->type == CP_SEGMENT_SHAPE)
        return ((const cpSegmentShape *)shape)->r;
    const cpPolyShape *poly = (const cpPolyShape *)shape;
    cpVect middle = middle_of(poly);
    double least = PARA_INFINITY;
    for (int i = 0; i < poly->count; i++) {
        const struct cpSplittingPlane *plane = &poly->planes[poly->count + i];
        least = para_min(least, cpvdot(plane->n, cpvsub(plane->v0, middle)));
    }
    return least;
}

/// Keeps of a hull what lies behind a line: n . p <= most. One corner more than before at the most, and the
/// polygon's own lines cut off at least one each.
static void cut(ParaCpHull *hull, cpVect n, double most)
{
    ParaCpHull kept = {.count = 0};
    for (int i = 0; i < hull->count; i++) {
        cpVect p = hull->points[i], q = hull->points[(i + 1) % hull->count];
        double past_p = cpvdot(n, p) - most, past_q = cpvdot(n, q) - most;
        if (past_p <= 0.0 && kept.count < PARA_POLYGON_POINTS_MAX + 1)
            kept.points[kept.count++] = p;
        if ((past_p < 0.0 && past_q > 0.0) || (past_p > 0.0 && past_q < 0.0))
            if (kept.count < PARA_POLYGON_POINTS_MAX + 1)
                kept.points[kept.count++] = cpvlerp(p, q, past_p / (past_p - past_q));
    }
    hull->count = kept.count;
    memcpy(hull->points, kept.points, sizeof kept.points);
}

ParaCpHull para_cp_hull(const cpShape *shape, double skin)
{
    ParaCpHull hull = {0};
    if (shape->klass->type == CP_CIRCLE_SHAPE) {
        const cpCircleShape *circle = (const cpCircleShape *)shape;
        hull.count = 1;
        hull.points[0] = circle->c;
        hull.radius = circle->r - skin;
    } else if (shape->klass->type == CP_SEGMENT_SHAPE) {
        const cpSegmentShape *segment = (const cpSegmentShape *)shape;
        hull.count = 2;
        hull.points[0] = segment->a;
        hull.points[1] = segment->b;
        hull.radius = segment->r - skin;
    } else {
        const cpPolyShape *poly = (const cpPolyShape *)shape;
        const struct cpSplittingPlane *planes = poly->planes + poly->count; // those in the body's frame
        hull.count = poly->count;
        for (int i = 0; i < poly->count; i++)
            hull.points[i] = planes[i].v0;
        for (int i = 0; i < poly->count && skin > 0.0; i++)
            cut(&hull, planes[i].n, cpvdot(planes[i].n, planes[i].v0) - skin);
    }
    PARA_ASSERT_HOT(hull.count > 0);
    for (int i = 0; i < hull.count; i++)
        hull.reach = para_max(hull.reach, para_sqrt(cpvlengthsq(hull.points[i])));
    return hull;
}

// --- distances

/// Corners in the world's frame at one moment.
typedef struct Placed {
    int count;
    cpVect points[PARA_POLYGON_POINTS_MAX + 1];
    cpVect centre;
} Placed;

static Placed place(const ParaCpHull *hull, const ParaCpWay *way, double time)
{
    Placed placed = {.count = hull->count, .centre = cpvadd(way->from, cpvmult(way->way, time))};
    double sine, cosine;
    para_sincos(way->angle + way->turn * time, &sine, &cosine);
    for (int i = 0; i < hull->count; i++)
        placed.points[i] = cpvadd(placed.centre, cpvrotate(hull->points[i], cpv(cosine, sine)));
    return placed;
}

/// The closest two points so far.
typedef struct Closest {
    double square; ///< [m^2]
    cpVect on_a, on_b;
} Closest;

static int edges_of(const Placed *hull) { return hull->count > 2 ? hull->count : hull->count - 1; }
static cpVect edge_end(const Placed *hull, int edge) { return hull->points[(edge + 1) % hull->count]; }

static cpVect on_edge(cpVect a, cpVect b, cpVect p)
{
    cpVect way = cpvsub(b, a);
    double length = cpvlengthsq(way);
    double t = length > 0.0 ? para_clamp(cpvdot(cpvsub(p, a), way) / length, 0.0, 1.0) : 0.0;
    return cpvadd(a, cpvmult(way, t));
}

/// Corners of `b` to edges of `a`; `swapped`: a is the closest pair's b.
static void compare(const Placed *a, const Placed *b, bool swapped, Closest *closest)
{
    for (int i = 0; i < b->count; i++) {
        int edges = edges_of(a);
        for (int k = 0; k < (edges > 0 ? edges : 1); k++) {
            cpVect p = edges > 0 ? on_edge(a->points[k], edge_end(a, k), b->points[i]) : a->points[0];
            double square = cpvdistsq(p, b->points[i]);
            if (square < closest->square)
                *closest = swapped ? (Closest){square, b->points[i], p} : (Closest){square, p, b->points[i]};
        }
    }
}

static bool holds(const Placed *polygon, cpVect p)
{
    for (int i = 0; i < polygon->count; i++)
        if (cpvcross(cpvsub(edge_end(polygon, i), polygon->points[i]), cpvsub(p, polygon->points[i])) < 0.0)
            return false;
    return polygon->count > 2;
}

static bool cross(cpVect a, cpVect b, cpVect c, cpVect d)
{
    cpVect ab = cpvsub(b, a), cd = cpvsub(d, c);
    double ac = cpvcross(ab, cpvsub(c, a)), ad = cpvcross(ab, cpvsub(d, a));
    double ca = cpvcross(cd, cpvsub(a, c)), cb = cpvcross(cd, cpvsub(b, c));
    return ((ac > 0.0) != (ad > 0.0)) && ((ca > 0.0) != (cb > 0.0));
}

static bool overlap(const Placed *a, const Placed *b)
{
    if (holds(a, b->points[0]) || holds(b, a->points[0]))
        return true;
    for (int i = 0; i < edges_of(a); i++)
        for (int k = 0; k < edges_of(b); k++)
            if (cross(a->points[i], edge_end(a, i), b->points[k], edge_end(b, k)))
                return true;
    return false;
}

static Closest closest_of(const Placed *a, const Placed *b)
{
    Closest closest = {PARA_INFINITY, cpvzero, cpvzero};
    compare(a, b, false, &closest);
    compare(b, a, true, &closest);
    return closest;
}

double para_cp_pair_distance(const ParaCpPair *pair, double time)
{
    Placed a = place(&pair->other, &pair->way_other, time), b = place(&pair->swept, &pair->way, time);
    double thick = pair->swept.radius + pair->other.radius;
    return overlap(&a, &b) ? -thick - 1e-9 : para_sqrt(closest_of(&a, &b).square) - thick;
}

// --- time

static ParaCpTouchTime closest_at(const ParaCpPair *pair, double time, double *out_distance)
{
    Placed a = place(&pair->other, &pair->way_other, time), b = place(&pair->swept, &pair->way, time);
    Closest closest = closest_of(&a, &b);
    double length = para_sqrt(closest.square);
    cpVect normal = length > 0.0 ? cpvmult(cpvsub(closest.on_b, closest.on_a), 1.0 / length)
                                 : cpvnormalize(cpvsub(b.centre, a.centre));
    *out_distance = length - pair->swept.radius - pair->other.radius;
    return (ParaCpTouchTime){time, normal, cpvadd(closest.on_a, cpvmult(normal, pair->other.radius))};
}

ParaCpTouchTime para_cp_pair_closest(const ParaCpPair *pair, double time)
{
    double distance;
    return closest_at(pair, time, &distance);
}

/// Looks at moments from `begin` on, and halves the time before the first at which the two are close.
static bool look(const ParaCpPair *pair, double close, double begin, double end, ParaCpTouchTime *out)
{
    double turn = __builtin_fabs(pair->way.turn) + __builtin_fabs(pair->way_other.turn), free = begin;
    int looks = LOOKS + (int)(LOOKS * para_min(turn * (end - begin), 16.0));
    for (int i = 1; i <= looks; i++) {
        double time = begin + (end - begin) * i / looks;
        if (para_cp_pair_distance(pair, time) >= close) {
            free = time;
            continue;
        }
        for (int k = 0; k < HALVINGS; k++) {
            double middle = 0.5 * (free + time);
            if (para_cp_pair_distance(pair, middle) < close)
                time = middle;
            else
                free = middle;
        }
        *out = para_cp_pair_closest(pair, free);
        return true;
    }
    return false;
}

bool para_cp_pair_meets(const ParaCpPair *pair, double close, double begin, double end, ParaCpTouchTime *out)
{
    double time = begin, good = 0.1 * close, distance;
    double turning = __builtin_fabs(pair->way.turn) * pair->swept.reach +
                     __builtin_fabs(pair->way_other.turn) * pair->other.reach;
    for (int i = 0; i < ADVANCES_MAX; i++) {
        *out = closest_at(pair, time, &distance);
        double gap = distance - close;
        if (gap <= good)
            return true;
        double closing = cpvdot(cpvsub(pair->way_other.way, pair->way.way), out->normal) + turning;
        if (closing <= 0.0 || time + gap / closing > end)
            return false;
        time += gap / closing;
        PARA_ASSERT_HOT(time >= begin && time <= end);
    }
    return look(pair, close, time, end, out);
}
