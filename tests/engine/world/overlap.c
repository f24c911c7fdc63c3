// SPDX-License-Identifier: MIT
// Overlaps by body, depths under a terrain and gaps of joints, in doubles and without any solver's code. Used
// by the tests of quality, rest and terrain.
#include "tests/engine/world/overlap.h"

#include "engine/world/overlap.h"
#include "tests/engine/world/scene.h"

#include <math.h>

#define FAR 1e30 // farther than any place, and still a number

typedef struct Point {
    double x, y;
} Point;

static Point placed(const ParaView *view, int body, ParaVec2 local)
{
    double c = (double)AT(view, cos, body), s = (double)AT(view, sin, body);
    double x = (double)local.x, y = (double)local.y;
    return (Point){(double)AT(view, x, body) + c * x - s * y, (double)AT(view, y, body) + s * x + c * y};
}

/// What the pairs of a view add up to.
typedef struct Sum {
    const ParaView *view;
    OverlapDepth *bodies; // [body_count] or NULL
    double deepest;
} Sum;

static void add(void *context, const ParaOverlap *overlap)
{
    Sum *sum = context;
    const ParaWorldDef *def = sum->view->def;
    sum->deepest = fmax(sum->deepest, overlap->depth);
    for (int i = 0; sum->bodies && i < 2; i++) {
        int owner = def->shapes[i ? overlap->shape_b : overlap->shape_a].body;
        OverlapDepth *body = &sum->bodies[owner];
        if (def->bodies[owner].kind == PARA_BODY_DYNAMIC &&
            overlap->depth * body->thin >= body->depth * overlap->thin)
            *body = (OverlapDepth){overlap->depth, overlap->thin};
    }
}

double overlap_bodies(const ParaView *view, OverlapDepth *out_bodies)
{
    static ParaArena *scratch; // one for all: this is asked at every step
    if (!scratch)
        scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 24);
    Sum sum = {.view = view, .bodies = out_bodies};
    for (int i = 0; out_bodies && i < view->def->body_count; i++)
        out_bodies[i] = (OverlapDepth){0, 1};
    para_overlaps_tell(view, scratch, add, &sum);
    return sum.deepest;
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
