// SPDX-License-Identifier: MIT
// The signed distance of convex outlines, and conservative advancement along their ways.
#include "engine/world/lanes/cast/impact.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

ParaLanesOutline para_lanes_outline_of_shape(const ParaLanesWorld *world, const ParaLanesShape *shape)
{
    ParaLanesOutline outline = {.count = shape->corner_count,
                                .radius = (double)shape->radius,
                                .half = (double)shape->radius,
                                .x = {(double)shape->x},
                                .y = {(double)shape->y}};
    const float *v = world->corners + shape->corner_first, *n = v + 2 * shape->corner_room;
    double inside = 1e30;
    for (int i = 0; shape->corner_count > 1 && i < shape->corner_count; i++) {
        outline.x[i] = (double)v[2 * i];
        outline.y[i] = (double)v[2 * i + 1];
        outline.nx[i] = (double)n[2 * i];
        outline.ny[i] = (double)n[2 * i + 1];
        inside = para_min(inside, outline.nx[i] * (outline.x[i] - (double)shape->x) +
                                      outline.ny[i] * (outline.y[i] - (double)shape->y));
    }
    if (shape->corner_count > 2)
        outline.half = inside;
    for (int i = 0; i < shape->corner_count; i++)
        outline.arm =
            para_max(outline.arm, para_sqrt(outline.x[i] * outline.x[i] + outline.y[i] * outline.y[i]));
    return outline;
}

ParaLanesOutline para_lanes_outline_of_edge(ParaVec2 a, ParaVec2 b, double radius)
{
    double ax = (double)a.x, ay = (double)a.y, bx = (double)b.x, by = (double)b.y;
    double length = para_sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
    double nx = length > 0 ? (by - ay) / length : 0.0, ny = length > 0 ? (ax - bx) / length : 1.0;
    double arm = para_sqrt(para_max(ax * ax + ay * ay, bx * bx + by * by));
    return (ParaLanesOutline){.count = 2,
                              .x = {ax, bx},
                              .y = {ay, by},
                              .nx = {nx, -nx},
                              .ny = {ny, -ny},
                              .radius = radius,
                              .arm = arm,
                              .half = radius};
}

/// An outline at its place; the origin is wherever the caller has it.
typedef struct Placed {
    int count;
    double x[PARA_LANES_CORNERS_MAX], y[PARA_LANES_CORNERS_MAX], nx[PARA_LANES_CORNERS_MAX],
        ny[PARA_LANES_CORNERS_MAX];
} Placed;

/// What keeps two outlines apart.
typedef struct Apart {
    double distance; ///< [m] of the cores; < 0: so deep in each other
    double nx, ny;   ///< unit, from a to b
} Apart;

static void place(const ParaLanesOutline *outline, const ParaLanesWay *way, double t, Placed *out)
{
    double s = 0, c = 1;
    if (way->turn != 0 && t > 0)
        para_sincos(t * way->turn, &s, &c);
    double cosine = c * way->cos - s * way->sin, sine = s * way->cos + c * way->sin;
    double x = way->x + t * way->dx, y = way->y + t * way->dy;
    out->count = outline->count;
    for (int i = 0; i < outline->count; i++) {
        out->x[i] = x + cosine * outline->x[i] - sine * outline->y[i];
        out->y[i] = y + sine * outline->x[i] + cosine * outline->y[i];
        out->nx[i] = cosine * outline->nx[i] - sine * outline->ny[i];
        out->ny[i] = sine * outline->nx[i] + cosine * outline->ny[i];
    }
}

/// Takes the axis (nx, ny) through corner (x, y) of a if it separates b better; `sign` -1 turns a and b
/// round.
static void try_axis(const Placed *b, double x, double y, double nx, double ny, double sign, Apart *best)
{
    double low = 1e30;
    for (int j = 0; j < b->count; j++)
        low = para_min(low, nx * (b->x[j] - x) + ny * (b->y[j] - y));
    if (low > best->distance)
        *best = (Apart){low, sign * nx, sign * ny};
}

static void try_faces(const Placed *a, const Placed *b, double sign, Apart *best)
{
    for (int i = 0; a->count > 1 && i < a->count; i++)
        try_axis(b, a->x[i], a->y[i], a->nx[i], a->ny[i], sign, best);
    if (a->count == 2 && b->count == 2) { // two lines on one line: their ends keep them apart
        try_axis(b, a->x[0], a->y[0], -a->ny[1], a->nx[1], sign, best);
        try_axis(b, a->x[1], a->y[1], -a->ny[0], a->nx[0], sign, best);
    }
}

/// Takes the way from a corner of a to the nearest place of the edge i of b where that is shorter.
static void try_corner(const Placed *a, int k, const Placed *b, int i, double sign, Apart *nearest)
{
    int next = i + 1 < b->count ? i + 1 : 0;
    double ex = b->x[next] - b->x[i], ey = b->y[next] - b->y[i];
    double px = a->x[k] - b->x[i], py = a->y[k] - b->y[i], square = ex * ex + ey * ey;
    double along = square > 0 ? para_clamp((px * ex + py * ey) / square, 0.0, 1.0) : 0.0;
    double x = along * ex - px, y = along * ey - py, distance = para_sqrt(x * x + y * y);
    if (distance < nearest->distance && distance > 0)
        *nearest = (Apart){distance, sign * x / distance, sign * y / distance};
}

static Apart apart(const Placed *a, const Placed *b)
{
    Apart best = {-1e30, 1.0, 0.0};
    try_faces(a, b, 1.0, &best);
    try_faces(b, a, -1.0, &best);
    bool flat = a->count + b->count <= 3; // a point and a point or line: never inside
    if (best.distance <= 0 && !flat)
        return best;
    Apart nearest = {1e30, best.nx, best.ny};
    for (int k = 0; k < a->count; k++)
        for (int i = 0; i < b->count; i++)
            try_corner(a, k, b, i, 1.0, &nearest);
    for (int k = 0; k < b->count && a->count > 1; k++)
        for (int i = 0; i < a->count; i++)
            try_corner(b, k, a, i, -1.0, &nearest);
    if (nearest.distance >= 1e30) // on each other
        nearest.distance = 0;
    return nearest;
}

double para_lanes_gap_at_begin(const ParaLanesOutline *a, const ParaLanesWay *way_a,
                               const ParaLanesOutline *b, const ParaLanesWay *way_b)
{
    Placed at_a, at_b;
    place(a, way_a, 0.0, &at_a);
    place(b, way_b, 0.0, &at_b);
    return apart(&at_a, &at_b).distance - (a->radius + b->radius);
}

double para_lanes_impact(const ParaLanesOutline *a, const ParaLanesWay *way_a, const ParaLanesOutline *b,
                         const ParaLanesWay *way_b, double gap, double slack)
{
    PARA_ASSERT_HOT(slack > 0);
    // What the turns can bring nearer in a whole step, in any direction.
    double turned = __builtin_fabs(way_a->turn) * a->arm + __builtin_fabs(way_b->turn) * b->arm;
    double t = 0;
    for (int i = 0; i < PARA_LANES_IMPACT_STEPS; i++) {
        Placed at_a, at_b;
        place(a, way_a, t, &at_a);
        place(b, way_b, t, &at_b);
        Apart now = apart(&at_a, &at_b);
        double left = now.distance - (a->radius + b->radius) - gap;
        if (left <= slack)
            return t;
        // The axis goes on to keep them apart for as long as this takes.
        double closing = turned - now.nx * (way_b->dx - way_a->dx) - now.ny * (way_b->dy - way_a->dy);
        if (closing <= left * (1.0 / PARA_LANES_NEVER))
            return PARA_LANES_NEVER;
        t += left / closing;
        if (t >= 1.0)
            return PARA_LANES_NEVER;
    }
    return t;
}
