// SPDX-License-Identifier: MIT
// Depths of overlap and gaps of joints by plain geometry in doubles: separating axes and distances of edges,
// without any solver's code. Used by the tests of quality, rest and terrain.
#include "tests/engine/world/overlap.h"

#include "engine/base/assert.h"
#include "tests/engine/world/scene.h"

#include <math.h>

#define FAR 1e30 // farther than any place, and still a number

typedef struct Point {
    double x, y;
} Point;

/// A convex set of corners, fattened by a radius: 1 corner a ball, 2 a capsule, more a polygon.
typedef struct Core {
    int count;
    Point corners[PARA_POLYGON_POINTS_MAX];
    double radius;
    Point low, high; ///< bounding box, radius included
} Core;

static Point placed(const ParaView *view, int body, ParaVec2 local)
{
    double c = (double)AT(view, cos, body), s = (double)AT(view, sin, body);
    double x = (double)local.x, y = (double)local.y;
    return (Point){(double)AT(view, x, body) + c * x - s * y, (double)AT(view, y, body) + s * x + c * y};
}

/// Piece `piece` of a shape; a chain has one per edge, others one.
static Core core_of(const ParaView *view, const ParaShapeDef *shape, uint32_t piece)
{
    bool chain = shape->kind == PARA_SHAPE_CHAIN;
    Core core = {.count = chain ? 2 : (int)shape->point_count, .radius = (double)shape->radius};
    core.low = (Point){FAR, FAR}, core.high = (Point){-FAR, -FAR};
    for (int i = 0; i < core.count; i++) {
        Point p = placed(view, shape->body, view->def->points[shape->point_first + piece + (uint32_t)i]);
        core.corners[i] = p;
        core.low = (Point){fmin(core.low.x, p.x - core.radius), fmin(core.low.y, p.y - core.radius)};
        core.high = (Point){fmax(core.high.x, p.x + core.radius), fmax(core.high.y, p.y + core.radius)};
    }
    return core;
}

static bool boxes_meet(const Core *a, const Core *b)
{
    return a->low.x <= b->high.x && b->low.x <= a->high.x && a->low.y <= b->high.y && b->low.y <= a->high.y;
}

static uint32_t pieces_of(const ParaShapeDef *shape)
{
    return shape->kind == PARA_SHAPE_CHAIN ? shape->point_count - 1 : 1;
}

static double distance_to_edge(Point p, Point a, Point b)
{
    double ex = b.x - a.x, ey = b.y - a.y, square = ex * ex + ey * ey;
    double t = square > 0 ? fmin(1, fmax(0, ((p.x - a.x) * ex + (p.y - a.y) * ey) / square)) : 0;
    return hypot(p.x - a.x - t * ex, p.y - a.y - t * ey);
}

static double side(Point a, Point b, Point p)
{
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

/// Distance between the outlines; 0 where two edges cross.
static double outline_distance(const Core *a, const Core *b)
{
    double least = FAR;
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++) {
            Point a0 = a->corners[i], a1 = a->corners[(i + 1) % a->count];
            Point b0 = b->corners[k], b1 = b->corners[(k + 1) % b->count];
            least = fmin(least, fmin(distance_to_edge(a0, b0, b1), distance_to_edge(b0, a0, a1)));
            if (side(a0, a1, b0) * side(a0, a1, b1) < 0 && side(b0, b1, a0) * side(b0, b1, a1) < 0)
                return 0;
        }
    return least;
}

/// Largest distance of b from a line along an edge of a; a capsule's line has two sides.
static double along_edges(const Core *a, const Core *b)
{
    double best = -FAR;
    for (int i = 0; a->count > 1 && i < a->count; i++) {
        Point from = a->corners[i], to = a->corners[(i + 1) % a->count];
        double length = hypot(to.x - from.x, to.y - from.y), least = FAR;
        for (int k = 0; k < b->count; k++) // outside is to the right of a counter-clockwise edge
            least = fmin(least, -side(from, to, b->corners[k]) / length);
        best = fmax(best, least);
    }
    return best;
}

static double separation(const Core *a, const Core *b)
{
    double radii = a->radius + b->radius;
    if (a->count < 3 && b->count < 3)
        return outline_distance(a, b) - radii;
    double apart = fmax(along_edges(a, b), along_edges(b, a));
    return (apart > 0 ? outline_distance(a, b) : apart) - radii;
}

static bool may_collide(const ParaView *view, int shape_a, int shape_b)
{
    const ParaShapeDef *a = &view->def->shapes[shape_a], *b = &view->def->shapes[shape_b];
    const ParaBodyDef *bodies = view->def->bodies;
    if (a->body == b->body || !AT(view, enabled, a->body) || !AT(view, enabled, b->body))
        return false;
    if (bodies[a->body].kind != PARA_BODY_DYNAMIC && bodies[b->body].kind != PARA_BODY_DYNAMIC)
        return false;
    if (bodies[a->body].group && bodies[a->body].group == bodies[b->body].group)
        return false;
    for (int i = 0; i < view->def->joint_count; i++) {
        const ParaJointDef *joint = &view->def->joints[i];
        if (!joint->collide &&
            ((joint->a == a->body && joint->b == b->body) || (joint->a == b->body && joint->b == a->body)))
            return false;
    }
    return (a->category & b->mask) && (b->category & a->mask);
}

/// Half the least width of a core, its radius included.
static double half_width(const Core *core)
{
    if (core->count < 3)
        return core->radius;
    double least = FAR;
    for (int i = 0; i < core->count; i++) {
        Point from = core->corners[i], to = core->corners[(i + 1) % core->count];
        double length = hypot(to.x - from.x, to.y - from.y), most = 0;
        for (int k = 0; k < core->count; k++)
            most = fmax(most, side(from, to, core->corners[k]) / length);
        least = fmin(least, most);
    }
    return 0.5 * least;
}

static bool moves(const ParaView *view, int shape)
{
    return view->def->bodies[view->def->shapes[shape].body].kind == PARA_BODY_DYNAMIC;
}

/// Notes a pair of pieces of two shapes for their bodies. @return its depth
static double note(const ParaView *view, const Core *a, const Core *b, int shape_a, int shape_b,
                   OverlapDepth *bodies)
{
    double depth = -separation(a, b), thin = FAR;
    if (depth <= 0 || !bodies)
        return depth;
    if (moves(view, shape_a))
        thin = fmin(thin, half_width(a));
    if (moves(view, shape_b))
        thin = fmin(thin, half_width(b));
    for (int i = 0; i < 2; i++) {
        int shape = i ? shape_b : shape_a;
        OverlapDepth *body = &bodies[view->def->shapes[shape].body];
        if (moves(view, shape) && depth * body->thin >= body->depth * thin)
            *body = (OverlapDepth){depth, thin};
    }
    return depth;
}

double overlap_bodies(const ParaView *view, OverlapDepth *out_bodies)
{
    static Core cores[PARA_POINTS_MAX]; // one per piece
    static int owners[PARA_POINTS_MAX];
    int count = 0;
    double deepest = 0;
    for (int i = 0; out_bodies && i < view->def->body_count; i++)
        out_bodies[i] = (OverlapDepth){0, 1};
    for (int s = 0; s < view->def->shape_count; s++)
        for (uint32_t i = 0; i < pieces_of(&view->def->shapes[s]); i++) {
            PARA_ASSERT(count < PARA_POINTS_MAX);
            owners[count] = s;
            cores[count++] = core_of(view, &view->def->shapes[s], i);
        }
    for (int a = 0; a < count; a++)
        for (int b = moves(view, owners[a]) ? 0 : count; b < count; b++) { // each pair of two that move once
            bool twice = b < a && moves(view, owners[b]);
            if (!twice && boxes_meet(&cores[a], &cores[b]) && may_collide(view, owners[a], owners[b]))
                deepest = fmax(deepest, note(view, &cores[a], &cores[b], owners[a], owners[b], out_bodies));
        }
    return deepest;
}

double overlap_deepest(const ParaView *view) { return overlap_bodies(view, NULL); }

/// Height [m] of the terrain at x; -FAR beside it.
static double height_at(const ParaView *view, double x)
{
    const ParaShapeDef *chain = &view->def->shapes[0];
    const ParaVec2 *points = view->def->points + chain->point_first;
    for (uint32_t i = 0; i + 1 < chain->point_count; i++) {
        double low = (double)points[i].x, high = (double)points[i + 1].x;
        if (x >= low && x < high)
            return ((double)points[i].y * (high - x) + (double)points[i + 1].y * (x - low)) / (high - low);
    }
    return -FAR;
}

double overlap_under_terrain(const ParaView *view)
{
    double deepest = 0;
    for (int s = 1; s < view->def->shape_count; s++) {
        const ParaShapeDef *shape = &view->def->shapes[s];
        for (uint32_t k = 0; shape->kind == PARA_SHAPE_POLYGON && k < shape->point_count; k++) {
            Point p = placed(view, shape->body, view->def->points[shape->point_first + k]);
            deepest = fmax(deepest, height_at(view, p.x) - p.y);
        }
    }
    return deepest;
}

double overlap_joint_error(const ParaView *view, int joint)
{
    const ParaJointDef *def = &view->def->joints[joint];
    Point a = placed(view, def->a, def->anchor_a), b = placed(view, def->b, def->anchor_b);
    return hypot(a.x - b.x, a.y - b.y);
}
