// SPDX-License-Identifier: MIT
// Many rays from one place against every edge of a world, for any solver: edges are gathered from the
// def and the view into a small structure of arrays, and each ray runs over it four edges at a time, or eight
// where the CPU has AVX2.
// Only + - * / and comparisons: the same bits everywhere. (Vector types of gcc and clang, because
// neither turns the search for a smallest float into vector code without giving up exact results.)
#include "engine/base/assert.h"
#include "engine/world/world.h"

#include <math.h>

#define WIDTH     8   // edges at a time at most; lists are filled up to a multiple
#define EDGES_MAX 256 // gathered at a time; 4 KB, so that they stay in the first cache

typedef float Float4 __attribute__((vector_size(16), may_alias));
typedef Float4 Float4u __attribute__((aligned(4), may_alias));
typedef int32_t Mask4 __attribute__((vector_size(16)));
#if defined(__x86_64__)
#define WIDE // an eight-wide version exists
typedef float Float8 __attribute__((vector_size(32), may_alias));
typedef int32_t Mask8 __attribute__((vector_size(32)));
#endif

#define ROOM (EDGES_MAX + WIDTH + 1)

/// Edges relative to the rays' start. Points are written four at a time, so a little more than count is used.
typedef struct EdgeList {
    _Alignas(32) float x[ROOM], y[ROOM];   ///< [m] first point
    _Alignas(32) float ex[ROOM], ey[ROOM]; ///< [m] from the first point to the second
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
    PARA_ASSERT_HOT(edges->count <= EDGES_MAX);
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

/// Moves the list's edges from `first` on by `radius` toward the start of the rays.
static void thicken(EdgeList *edges, int first, float radius)
{
    for (int i = first; i < edges->count; i++) {
        float ex = edges->ex[i], ey = edges->ey[i], length = sqrtf(ex * ex + ey * ey);
        // which side of the edge the start is on
        float side = edges->x[i] * ey - edges->y[i] * ex > 0.0f ? -radius : radius;
        if (length > 0.0f) {
            edges->x[i] += side * ey / length;
            edges->y[i] -= side * ex / length;
        }
    }
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

/// Where a body is, seen from the rays' start.
typedef struct Frame {
    float x, y, cos, sin;
} Frame;

static Frame frame_of(const ParaView *view, int body, ParaVec2 from)
{
    int at = body * view->stride;
    return (Frame){view->x[at] - from.x, view->y[at] - from.y, view->cos[at], view->sin[at]};
}

static ParaVec2 place(const Frame *frame, ParaVec2 p)
{
    return (ParaVec2){frame->x + (frame->cos * p.x - frame->sin * p.y),
                      frame->y + (frame->sin * p.x + frame->cos * p.y)};
}

/// Adds the edges between `count` successive points, and from the last to the first of a closed line.
static void add_line(EdgeList *edges, const Frame *frame, const ParaVec2 *points, int count, bool closed)
{
    float *x = edges->x + edges->count, *y = edges->y + edges->count;
    float *ex = edges->ex + edges->count, *ey = edges->ey + edges->count;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
        Float4 p = *(const Float4u *)&points[i], q = *(const Float4u *)&points[i + 2];
        Float4 px = __builtin_shufflevector(p, q, 0, 2, 4, 6), py = __builtin_shufflevector(p, q, 1, 3, 5, 7);
        *(Float4u *)(x + i) = frame->x + (frame->cos * px - frame->sin * py);
        *(Float4u *)(y + i) = frame->y + (frame->sin * px + frame->cos * py);
    }
    for (; i < count; i++) {
        ParaVec2 p = place(frame, points[i]);
        x[i] = p.x;
        y[i] = p.y;
    }
    if (closed) {
        x[count] = x[0];
        y[count] = y[0];
    }
    int more = closed ? count : count - 1;
    PARA_ASSERT_HOT(count >= 2 && edges->count + more <= EDGES_MAX);
    for (i = 0; i < more; i += 4) { // past the end rubbish, which is written over or filled up
        *(Float4u *)(ex + i) = *(const Float4u *)(x + i + 1) - *(const Float4u *)(x + i);
        *(Float4u *)(ey + i) = *(const Float4u *)(y + i + 1) - *(const Float4u *)(y + i);
    }
    edges->count += more;
}

static void see_shape(const ParaView *view, const ParaShapeDef *shape, ParaVec2 from, EdgeList *edges,
                      const Rays *rays)
{
    const ParaVec2 *points = view->def->points + shape->point_first;
    Frame frame = frame_of(view, shape->body, from);
    if (shape->kind == PARA_SHAPE_CIRCLE) {
        hit_circle(rays, place(&frame, points[0]), shape->radius);
        return;
    }
    bool closed = shape->kind == PARA_SHAPE_POLYGON;
    int count = (int)shape->point_count;
    for (int first = 0; first + 1 < count; first += EDGES_MAX - 1) {
        int some = count - first < EDGES_MAX ? count - first : EDGES_MAX;
        if (edges->count + some > EDGES_MAX)
            flush(edges, rays);
        int before = edges->count;
        add_line(edges, &frame, points + first, some, closed);
        if (shape->radius > 0.0f)
            thicken(edges, before, shape->radius);
    }
}

void para_world_rays(ParaWorld world, ParaVec2 from, const ParaVec2 *directions, int count, uint32_t mask,
                     uint32_t group_ignored, float *out_fractions)
{
    para_view_rays(para_world_view(world), from, directions, count, mask, group_ignored, -1, out_fractions);
}

void para_view_rays(const ParaView *view, ParaVec2 from, const ParaVec2 *directions, int count, uint32_t mask,
                    uint32_t group_ignored, int body_ignored, float *out_fractions)
{
    PARA_ASSERT(count >= 0 && (count == 0 || (directions && out_fractions)));
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
                    (group == 0 || group != group_ignored) && shape->body != body_ignored &&
                    view->enabled[shape->body * view->stride];
        if (seen)
            see_shape(view, shape, from, &edges, &rays);
    }
    flush(&edges, &rays);
}
