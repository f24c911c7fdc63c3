// SPDX-License-Identifier: MIT
// Many rays from one place against every edge of a world, for any solver: edges are gathered from the
// def and the view into a small structure of arrays, and each ray runs over it four edges at a time, or eight
// where the CPU has AVX2.
// Only + - * / and comparisons: the same bits everywhere. (Vector types of gcc and clang, because
// neither turns the search for a smallest float into vector code without giving up exact results.)
#include "engine/world/world.h"

#include <math.h>

#define WIDTH     8   // edges at a time at most; lists are filled up to a multiple
#define EDGES_MAX 256 // gathered at a time; 4 KB, so that they stay in the first cache

typedef float Float4 __attribute__((vector_size(16), may_alias));
typedef int32_t Mask4 __attribute__((vector_size(16)));
#if defined(__x86_64__)
#define WIDE // an eight-wide version exists
typedef float Float8 __attribute__((vector_size(32), may_alias));
typedef int32_t Mask8 __attribute__((vector_size(32)));
#endif

/// Edges relative to the rays' start. [EDGES_MAX]
typedef struct EdgeList {
    _Alignas(32) float x[EDGES_MAX], y[EDGES_MAX];   ///< [m] first point
    _Alignas(32) float ex[EDGES_MAX], ey[EDGES_MAX]; ///< [m] from the first point to the second
    int count;
} EdgeList;

typedef struct Rays {
    const ParaVec2 *directions; ///< [count] [m]
    float *fractions;           ///< [count] [1]
    int count;
} Rays;

/// Along the ray o + t d and the edge a + s e: t = (a x e) / (d x e), s = (a x d) / (d x e), a from o.
/// Parallel ones divide by zero: an infinity or NaN that fails the comparisons, so nothing is hit.
#define SEARCH(Float, Mask, WIDTH)                                                                           \
    Float best = nearest - (Float){0};                                                                       \
    for (int i = 0; i < edges->count; i += WIDTH) {                                                          \
        Float x = *(const Float *)(edges->x + i), y = *(const Float *)(edges->y + i);                        \
        Float ex = *(const Float *)(edges->ex + i), ey = *(const Float *)(edges->ey + i);                    \
        Float scale = 1.0f / (d.x * ey - d.y * ex);                                                          \
        Float t = (x * ey - y * ex) * scale, s = (x * d.y - y * d.x) * scale;                                \
        Mask hit = (t >= 0.0f) & (s >= 0.0f) & (s <= 1.0f) & (t < best);                                     \
        best = (Float)((hit & (Mask)t) | (~hit & (Mask)best));                                               \
    }                                                                                                        \
    for (int k = 0; k < WIDTH; k++)                                                                          \
        nearest = best[k] < nearest ? best[k] : nearest;                                                     \
    return nearest

static float nearest_edge(const EdgeList *edges, ParaVec2 d, float nearest) { SEARCH(Float4, Mask4, 4); }

#if defined(WIDE)
__attribute__((target("avx2"))) static float nearest_edge_wide(const EdgeList *edges, ParaVec2 d,
                                                               float nearest)
{
    SEARCH(Float8, Mask8, 8);
}
#endif

/// Looks along every ray, then empties the list. The last group is filled up with edges of no length, which
/// nothing hits.
static void flush(EdgeList *edges, const Rays *rays)
{
    for (; edges->count % WIDTH; edges->count++)
        edges->x[edges->count] = edges->y[edges->count] = edges->ex[edges->count] = edges->ey[edges->count] =
            0;
    float (*nearest)(const EdgeList *, ParaVec2, float) = nearest_edge;
#if defined(WIDE)
    if (__builtin_cpu_supports("avx2"))
        nearest = nearest_edge_wide;
#endif
    for (int r = 0; r < rays->count; r++)
        rays->fractions[r] = nearest(edges, rays->directions[r], rays->fractions[r]);
    edges->count = 0;
}

/// Adds one edge from a to b, moved by `radius` toward the start of the rays.
static void add_edge(EdgeList *edges, const Rays *rays, ParaVec2 a, ParaVec2 b, float radius)
{
    float ex = b.x - a.x, ey = b.y - a.y;
    if (radius > 0.0f) {
        float length = sqrtf(ex * ex + ey * ey);
        float side = a.x * ey - a.y * ex > 0.0f ? -radius : radius; // which side of the edge the start is on
        if (length > 0.0f) {
            a.x += side * ey / length;
            a.y -= side * ex / length;
        }
    }
    if (edges->count == EDGES_MAX)
        flush(edges, rays);
    int i = edges->count++;
    edges->x[i] = a.x;
    edges->y[i] = a.y;
    edges->ex[i] = ex;
    edges->ey[i] = ey;
}

/// Circle of radius r at c from the start: the smaller root of |t d - c|^2 = r^2, or the larger from inside.
static void hit_circle(const Rays *rays, ParaVec2 c, float radius)
{
    float apart = c.x * c.x + c.y * c.y - radius * radius;
    for (int i = 0; i < rays->count; i++) {
        ParaVec2 d = rays->directions[i];
        float a = d.x * d.x + d.y * d.y, b = d.x * c.x + d.y * c.y;
        float root = b * b - a * apart;
        if (root < 0.0f || a <= 0.0f)
            continue;
        root = sqrtf(root);
        float t = (apart > 0.0f ? b - root : b + root) / a;
        if (t >= 0.0f && t < rays->fractions[i])
            rays->fractions[i] = t;
    }
}

/// A shape's points from body frame to the frame of the rays' start.
static ParaVec2 place(const ParaView *view, int body, ParaVec2 from, ParaVec2 p)
{
    int at = body * view->stride;
    float c = view->cos[at], s = view->sin[at];
    return (ParaVec2){view->x[at] + c * p.x - s * p.y - from.x, view->y[at] + s * p.x + c * p.y - from.y};
}

static void see_shape(const ParaView *view, const ParaShapeDef *shape, ParaVec2 from, EdgeList *edges,
                      const Rays *rays)
{
    const ParaVec2 *points = view->def->points + shape->point_first;
    ParaVec2 first = place(view, shape->body, from, points[0]), last = first;
    if (shape->kind == PARA_SHAPE_CIRCLE) {
        hit_circle(rays, first, shape->radius);
        return;
    }
    for (uint32_t i = 1; i < shape->point_count; i++) {
        ParaVec2 next = place(view, shape->body, from, points[i]);
        add_edge(edges, rays, last, next, shape->radius);
        last = next;
    }
    if (shape->kind == PARA_SHAPE_POLYGON)
        add_edge(edges, rays, last, first, shape->radius);
}

void para_world_rays(ParaWorld world, ParaVec2 from, const ParaVec2 *directions, int count, uint32_t mask,
                     uint32_t group_ignored, float *out_fractions)
{
    const ParaView *view = para_world_view(world);
    EdgeList edges;
    edges.count = 0;
    Rays rays = {directions, out_fractions, count};
    for (int i = 0; i < count; i++)
        out_fractions[i] = 1.0f;
    if (view->status == PARA_WORLD_DIVERGED)
        return; // it answers no questions, as with single rays
    for (int i = 0; i < view->def->shape_count; i++) {
        const ParaShapeDef *shape = &view->def->shapes[i];
        uint32_t group = view->def->bodies[shape->body].group;
        bool seen = (shape->category & mask) != 0 && shape->mask != 0 &&
                    (group == 0 || group != group_ignored) && view->enabled[shape->body * view->stride];
        if (seen)
            see_shape(view, shape, from, &edges, &rays);
    }
    flush(&edges, &rays);
}
