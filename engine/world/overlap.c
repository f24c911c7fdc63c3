// SPDX-License-Identifier: MIT
// Depths of overlap by plain geometry in doubles: separating axes and distances of edges, without any
// solver's code, so that what a solver leaves can be judged by it.
#include "engine/world/overlap.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#define FAR 1e30 // farther than any place, and still a number

typedef struct Point {
    double x, y;
} Point;

static double length_of(double x, double y) { return para_sqrt(x * x + y * y); }

static double at(const ParaView *view, const float *values, int body)
{
    return (double)values[(size_t)body * (size_t)view->stride];
}

/// A convex set of corners, fattened by a radius: 1 corner a ball, 2 a capsule, more a polygon.
typedef struct Core {
    int count;
    Point corners[PARA_POLYGON_POINTS_MAX];
    double radius;
    Point low, high; ///< bounding box, radius included
} Core;

static Point placed(const ParaView *view, int body, ParaVec2 local)
{
    double c = at(view, view->cos, body), s = at(view, view->sin, body);
    double x = (double)local.x, y = (double)local.y;
    return (Point){at(view, view->x, body) + c * x - s * y, at(view, view->y, body) + s * x + c * y};
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
        core.low = (Point){para_min(core.low.x, p.x - core.radius), para_min(core.low.y, p.y - core.radius)};
        core.high =
            (Point){para_max(core.high.x, p.x + core.radius), para_max(core.high.y, p.y + core.radius)};
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
    double t = square > 0 ? para_min(1, para_max(0, ((p.x - a.x) * ex + (p.y - a.y) * ey) / square)) : 0;
    return length_of(p.x - a.x - t * ex, p.y - a.y - t * ey);
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
            least = para_min(least, para_min(distance_to_edge(a0, b0, b1), distance_to_edge(b0, a0, a1)));
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
        double length = length_of(to.x - from.x, to.y - from.y), least = FAR;
        for (int k = 0; k < b->count; k++) // outside is to the right of a counter-clockwise edge
            least = para_min(least, -side(from, to, b->corners[k]) / length);
        best = para_max(best, least);
    }
    return best;
}

static double separation(const Core *a, const Core *b)
{
    double radii = a->radius + b->radius;
    if (a->count < 3 && b->count < 3)
        return outline_distance(a, b) - radii;
    double apart = para_max(along_edges(a, b), along_edges(b, a));
    return (apart > 0 ? outline_distance(a, b) : apart) - radii;
}

static bool is_enabled(const ParaView *view, int body)
{
    return view->enabled[(size_t)body * (size_t)view->stride] != 0;
}

static bool may_collide(const ParaView *view, int shape_a, int shape_b)
{
    const ParaShapeDef *a = &view->def->shapes[shape_a], *b = &view->def->shapes[shape_b];
    return is_enabled(view, a->body) && is_enabled(view, b->body) && para_classes_meet(a, b) &&
           para_bodies_may_collide(view->def, a->body, b->body);
}

/// Half the least width of a core, its radius included.
static double half_width(const Core *core)
{
    if (core->count < 3)
        return core->radius;
    double least = FAR;
    for (int i = 0; i < core->count; i++) {
        Point from = core->corners[i], to = core->corners[(i + 1) % core->count];
        double length = length_of(to.x - from.x, to.y - from.y), most = 0;
        for (int k = 0; k < core->count; k++)
            most = para_max(most, side(from, to, core->corners[k]) / length);
        least = para_min(least, most);
    }
    return 0.5 * least;
}

static bool moves(const ParaView *view, int shape)
{
    return view->def->bodies[view->def->shapes[shape].body].kind == PARA_BODY_DYNAMIC;
}

/// Tells a pair of pieces of two shapes if they lie in each other.
static void look_at(const ParaView *view, const Core *a, const Core *b, int shape_a, int shape_b,
                    ParaOverlapNote *note, void *context)
{
    ParaOverlap found = {.shape_a = shape_a, .shape_b = shape_b, .depth = -separation(a, b), .thin = FAR};
    if (found.depth <= 0)
        return;
    if (moves(view, shape_a))
        found.thin = para_min(found.thin, half_width(a));
    if (moves(view, shape_b))
        found.thin = para_min(found.thin, half_width(b));
    note(context, &found);
}

int64_t para_overlaps_tell(const ParaView *view, ParaArena *scratch, ParaOverlapNote *note, void *context)
{
    const ParaWorldDef *def = view->def;
    ParaArenaMark mark = para_arena_mark(scratch);
    Core *cores = PARA_NEW(scratch, Core, def->point_count + 1); // one per piece: no more than points
    int *owners = PARA_NEW(scratch, int, def->point_count + 1);
    int64_t near = 0;
    int count = 0;
    for (int s = 0; s < def->shape_count; s++)
        for (uint32_t i = 0; i < pieces_of(&def->shapes[s]); i++) {
            PARA_ASSERT(count <= def->point_count);
            owners[count] = s;
            cores[count++] = core_of(view, &def->shapes[s], i);
        }
    for (int a = 0; a < count; a++)
        for (int b = moves(view, owners[a]) ? 0 : count; b < count; b++) { // each pair of two that move once
            bool twice = b < a && moves(view, owners[b]);
            if (twice || !boxes_meet(&cores[a], &cores[b]))
                continue;
            near += a != b;
            if (may_collide(view, owners[a], owners[b]))
                look_at(view, &cores[a], &cores[b], owners[a], owners[b], note, context);
        }
    para_arena_rewind(scratch, mark);
    return near;
}

bool para_bodies_overlap(const ParaView *view, int a, int b)
{
    const ParaShapeDef *shapes = view->def->shapes;
    int first[2], end[2];
    if (!is_enabled(view, a) || !is_enabled(view, b))
        return false;
    para_body_shapes(view->def, a, &first[0], &end[0]);
    para_body_shapes(view->def, b, &first[1], &end[1]);
    for (int i = first[0]; i < end[0]; i++)
        for (uint32_t p = 0; p < pieces_of(&shapes[i]); p++) {
            Core one = core_of(view, &shapes[i], p);
            for (int k = first[1]; k < end[1]; k++)
                for (uint32_t q = 0; q < pieces_of(&shapes[k]); q++) {
                    Core other = core_of(view, &shapes[k], q);
                    if (boxes_meet(&one, &other) && separation(&one, &other) < 0)
                        return true;
                }
        }
    return false;
}
