// SPDX-License-Identifier: MIT
// The face that separates best, the other's face clipped to it; or two corners, where those are nearest.
#include "agents/model/near.h"

#include "engine/base/assert.h"

#include <float.h>
#include <math.h>

#define FLAT 1e-9f ///< [m^2] a face shorter than its root has no normal

static ParaVec2 minus(ParaVec2 a, ParaVec2 b) { return (ParaVec2){a.x - b.x, a.y - b.y}; }
static ParaVec2 plus(ParaVec2 a, ParaVec2 b, float s) { return (ParaVec2){a.x + s * b.x, a.y + s * b.y}; }
static float dot(ParaVec2 a, ParaVec2 b) { return a.x * b.x + a.y * b.y; }

/// A segment has two faces, back to back; a point has none.
static int faces(const ParaConvex *c) { return c->count > 1 ? c->count : 0; }

/// @return false: the face has no length
static bool face(const ParaConvex *c, int i, ParaVec2 *from, ParaVec2 *to, ParaVec2 *normal)
{
    *from = c->points[i];
    *to = c->points[(i + 1) % c->count];
    ParaVec2 along = minus(*to, *from);
    float square = dot(along, along);
    if (square < FLAT)
        return false;
    float scale = 1.0f / sqrtf(square);
    *normal = (ParaVec2){along.y * scale, -along.x * scale};
    return true;
}

typedef struct Best {
    float apart;     ///< [m] of the cores along the normal
    int index;       ///< of the face; -1: none
    ParaVec2 normal; ///< out of the face
} Best;

/// The face of a that separates b best.
static Best best_face(const ParaConvex *a, const ParaConvex *b)
{
    Best best = {.apart = -FLT_MAX, .index = -1};
    for (int i = 0; i < faces(a); i++) {
        ParaVec2 from, to, normal;
        if (!face(a, i, &from, &to, &normal))
            continue;
        float apart = FLT_MAX;
        for (int k = 0; k < b->count; k++)
            apart = fminf(apart, dot(normal, minus(b->points[k], from)));
        if (apart > best.apart)
            best = (Best){apart, i, normal};
    }
    return best;
}

/// The corners of both that are nearest. @return [m] between them
static float best_corners(const ParaConvex *a, const ParaConvex *b, ParaVec2 *out_a, ParaVec2 *out_b)
{
    float best = FLT_MAX;
    *out_a = a->points[0];
    *out_b = b->points[0];
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++) {
            ParaVec2 between = minus(b->points[k], a->points[i]);
            float square = dot(between, between);
            if (square < best) {
                best = square;
                *out_a = a->points[i];
                *out_b = b->points[k];
            }
        }
    return sqrtf(best);
}

/// Does the nearest corner of b lie over the face, rather than past its ends?
static bool lies_over(const ParaConvex *a, const Best *best, const ParaConvex *b)
{
    ParaVec2 from, to, normal = best->normal;
    face(a, best->index, &from, &to, &normal);
    ParaVec2 along = {-normal.y, normal.x};
    float low = dot(along, from), high = dot(along, to);
    bool before = true, after = true; // all that is nearest
    for (int k = 0; k < b->count; k++) {
        if (dot(best->normal, minus(b->points[k], from)) > best->apart + 1e-4f)
            continue;
        float at = dot(along, b->points[k]);
        before &= at < low;
        after &= at > high;
    }
    return !before && !after;
}

/// The face of b that looks most against a normal; of a point, the point twice.
static void against(const ParaConvex *b, ParaVec2 normal, ParaVec2 *from, ParaVec2 *to)
{
    float least = FLT_MAX;
    *from = *to = b->points[0];
    for (int i = 0; i < faces(b); i++) {
        ParaVec2 f, t, n;
        if (face(b, i, &f, &t, &n) && dot(n, normal) < least) {
            least = dot(n, normal);
            *from = f;
            *to = t;
        }
    }
}

static void add(ParaNear *near, ParaVec2 core_b, float apart, float radius_a, float radius_b, float reach)
{
    float gap = apart - radius_a - radius_b;
    if (gap > reach)
        return;
    near->at[near->count] = plus(core_b, near->normal, -0.5f * (apart - radius_a + radius_b));
    near->gap[near->count++] = gap;
}

/// b's face, cut to what lies over the face of a.
static ParaNear clip(const ParaConvex *a, const Best *best, const ParaConvex *b, float reach)
{
    ParaNear near = {.normal = best->normal};
    ParaVec2 from, to, normal = best->normal, ends[2];
    face(a, best->index, &from, &to, &normal);
    against(b, normal, &ends[0], &ends[1]);
    ParaVec2 along = {-normal.y, normal.x};
    float low = dot(along, from), high = dot(along, to);
    float at[2] = {dot(along, ends[0]), dot(along, ends[1])}, span = at[1] - at[0];
    ParaVec2 line = minus(ends[1], ends[0]);
    bool one = fabsf(span) < 1e-6f;
    for (int k = 0; k < (one ? 1 : 2); k++) {
        float to_be = fminf(fmaxf(at[k], low), high);
        if (k && to_be == fminf(fmaxf(at[0], low), high))
            break; // all of it lies past one end
        ParaVec2 core = one ? ends[dot(normal, ends[1]) < dot(normal, ends[0])]
                            : plus(ends[k], line, (to_be - at[k]) / span);
        add(&near, core, dot(normal, minus(core, from)), a->radius, b->radius, reach);
    }
    return near;
}

static ParaNear turned(ParaNear near)
{
    near.normal = (ParaVec2){-near.normal.x, -near.normal.y};
    return near;
}

ParaNear para_near(const ParaConvex *a, const ParaConvex *b, float reach)
{
    PARA_ASSERT_HOT(a->count >= 1 && b->count >= 1 && reach >= 0.0f);
    Best of_a = best_face(a, b), of_b = best_face(b, a);
    bool first = of_a.index >= 0 && of_a.apart >= of_b.apart - 1e-5f;
    const Best *best = first ? &of_a : &of_b;
    if (best->index >= 0 && best->apart - a->radius - b->radius > reach)
        return (ParaNear){0};
    if (best->index >= 0 && (best->apart <= 0.0f || lies_over(first ? a : b, best, first ? b : a)))
        return first ? clip(a, best, b, reach) : turned(clip(b, best, a, reach));
    ParaVec2 corner_a, corner_b;
    float apart = best_corners(a, b, &corner_a, &corner_b);
    ParaVec2 between = minus(corner_b, corner_a);
    ParaNear near = {.normal = apart > 1e-6f ? (ParaVec2){between.x / apart, between.y / apart}
                                             : (ParaVec2){0.0f, 1.0f}};
    add(&near, corner_b, apart, a->radius, b->radius, reach);
    return near;
}
