// SPDX-License-Identifier: MIT
#pragma once
// Shared by narrow_polygon.c and narrow_edge.c: polygons of W pairs at once, faces of them, one line clipped
// to another, and the way of the result into the manifolds. Positions are relative to an origin near the
// pair, so that far from the world's origin no more is lost than the corners have lost already.
#include "engine/base/assert.h"
#include "engine/world/lanes/collide.h"

#include <stddef.h>

#define NARROW_PREFER (0.1f * LANES_SLOP) ///< [m] an axis must be this much better to replace the usual one
#define NARROW_NEVER  (-1e30f)            ///< [m] separation of an axis that may not be taken
#define NARROW_STRIDE ((int)(sizeof(LanesPlaced) / sizeof(float)))

/// A vector of list items; past the end of a list its last item is repeated, so every store is a right one.
typedef struct NarrowItems {
    const int32_t *first, *second, *manifold; // [LANES_WIDTH]
    Vf value;                                 ///< see LanesList
} NarrowItems;

/// Corners and outward normals; the last ones are repeated up to `room`.
typedef struct NarrowShape {
    Vf vx[LANES_CORNERS_MAX], vy[LANES_CORNERS_MAX], nx[LANES_CORNERS_MAX], ny[LANES_CORNERS_MAX]; // [room]
    Vf x, y, radius, margin;
    Vi count;
} NarrowShape;

/// From (x1, y1) to (x2, y2) with the solid on the left; i1, i2 number the corners.
typedef struct NarrowLine {
    Vf x1, y1, x2, y2;
    Vi i1, i2;
} NarrowLine;

/// One point of contact, seen from the reference line.
typedef struct NarrowPoint {
    Vf along, above; ///< [m] of the incident line's core: along the reference line, over it
    Vi id;
} NarrowPoint;

LANES_INLINE Vf narrow_dot(Vf ax, Vf ay, Vf bx, Vf by) { return ax * bx + ay * by; }

LANES_INLINE NarrowItems narrow_items(const LanesList *list, int32_t from)
{
    PARA_ASSERT_HOT(from < list->count && list->manifold[list->count] == list->manifold[list->count - 1]);
    return (NarrowItems){list->first + from, list->second + from, list->manifold + from,
                         v_load(list->value + from)};
}

/// World frame. A shape of room 4 in a list of room 8 has nothing behind its fourth corner.
LANES_INLINE void narrow_gather(const LanesPlaced *placed, const int32_t *index, int room, NarrowShape *out)
{
    PARA_ASSERT_HOT(placed[index[0]].corner_room <= room && placed[index[0]].corner_count > 1);
    const float *base = (const float *)placed;
    Vf column[8];
    gather8(base + offsetof(LanesPlaced, x) / sizeof(float), NARROW_STRIDE, index, column);
    out->x = column[0];
    out->y = column[1];
    out->radius = column[2];
    out->margin = column[3];
    out->count = (Vi)column[5];
    Vi wide = (Vi)column[6] > 4;
    for (int k = 0; k < room; k += 4) {
        gather8(base + 2 * k, NARROW_STRIDE, index, column);
        for (int i = 0; i < 4; i++) {
            out->vx[k + i] = k ? v_select(wide, column[2 * i], out->vx[3]) : column[2 * i];
            out->vy[k + i] = k ? v_select(wide, column[2 * i + 1], out->vy[3]) : column[2 * i + 1];
        }
        gather8(base + 16 + 2 * k, NARROW_STRIDE, index, column);
        for (int i = 0; i < 4; i++) {
            out->nx[k + i] = k ? v_select(wide, column[2 * i], out->nx[3]) : column[2 * i];
            out->ny[k + i] = k ? v_select(wide, column[2 * i + 1], out->ny[3]) : column[2 * i + 1];
        }
    }
}

LANES_INLINE void narrow_shift(NarrowShape *shape, int room, Vf x, Vf y)
{
    for (int i = 0; i < room; i++) {
        shape->vx[i] -= x;
        shape->vy[i] -= y;
    }
}

/// Least of direction . corner.
LANES_INLINE Vf narrow_lowest(const NarrowShape *shape, int room, Vf dx, Vf dy)
{
    Vf low = narrow_dot(dx, dy, shape->vx[0], shape->vy[0]);
    for (int i = 1; i < room; i++)
        low = v_min(narrow_dot(dx, dy, shape->vx[i], shape->vy[i]), low);
    return low;
}

/// The face that looks most against a direction.
LANES_INLINE Vi narrow_facing(const NarrowShape *shape, int room, Vf dx, Vf dy)
{
    Vf low = narrow_dot(dx, dy, shape->nx[0], shape->ny[0]);
    Vi index = v_all_int(0);
    for (int i = 1; i < room; i++) {
        Vf cosine = narrow_dot(dx, dy, shape->nx[i], shape->ny[i]);
        Vi better = cosine < low;
        low = v_select(better, cosine, low);
        index = v_select_int(better, v_all_int(i), index);
    }
    return index;
}

/// Line and normal of the face `index` < count.
LANES_INLINE NarrowLine narrow_face(const NarrowShape *shape, int room, Vi index, Vf *out_nx, Vf *out_ny)
{
    NarrowLine line = {shape->vx[0], shape->vy[0], shape->vx[1], shape->vy[1], index, index + 1};
    Vf nx = shape->nx[0], ny = shape->ny[0];
    for (int i = 1; i < room; i++) {
        Vi here = index == i;
        int after = i + 1 < room ? i + 1 : 0;
        line.x1 = v_select(here, shape->vx[i], line.x1);
        line.y1 = v_select(here, shape->vy[i], line.y1);
        line.x2 = v_select(here, shape->vx[after], line.x2);
        line.y2 = v_select(here, shape->vy[after], line.y2);
        nx = v_select(here, shape->nx[i], nx);
        ny = v_select(here, shape->ny[i], ny);
    }
    Vi last = shape->count == line.i2; // the last face ends at corner 0, not at a repeat
    line.x2 = v_select(last, shape->vx[0], line.x2);
    line.y2 = v_select(last, shape->vy[0], line.y2);
    line.i2 &= ~last;
    *out_nx = nx;
    *out_ny = ny;
    return line;
}

LANES_INLINE NarrowLine narrow_select_line(Vi mask, NarrowLine a, NarrowLine b)
{
    return (NarrowLine){v_select(mask, a.x1, b.x1),     v_select(mask, a.y1, b.y1),
                        v_select(mask, a.x2, b.x2),     v_select(mask, a.y2, b.y2),
                        v_select_int(mask, a.i1, b.i1), v_select_int(mask, a.i2, b.i2)};
}

/// The incident line between the side planes of the reference line, whose outward normal is (nx, ny).
/// Ids are 8 * (reference's corner) + (incident's corner) of the ends that lie opposite.
/// @return mask: something is left
LANES_INLINE Vi narrow_clip(NarrowLine reference, Vf nx, Vf ny, NarrowLine incident, float beyond,
                            NarrowPoint out[2])
{
    Vf tx = -ny, ty = nx;
    Vf length = narrow_dot(tx, ty, reference.x2 - reference.x1, reference.y2 - reference.y1);
    Vf x1 = incident.x1 - reference.x1, y1 = incident.y1 - reference.y1;
    Vf x2 = incident.x2 - reference.x1, y2 = incident.y2 - reference.y1;
    Vf s1 = narrow_dot(tx, ty, x1, y1), h1 = narrow_dot(nx, ny, x1, y1);
    Vf s2 = narrow_dot(tx, ty, x2, y2), h2 = narrow_dot(nx, ny, x2, y2);
    // The incident line runs the other way, so its end is the low one; a line end-on may do either.
    Vi back = s2 > s1;
    Vf low = v_select(back, s1, s2), low_h = v_select(back, h1, h2);
    Vf high = v_select(back, s2, s1), high_h = v_select(back, h2, h1);
    Vf from = v_all(-beyond), to = length + beyond;
    Vf slope = (high_h - low_h) / v_max(high - low, v_all(1e-6f));
    Vf low_s = v_max(low, from), high_s = v_min(high, to);
    out[0].along = low_s;
    out[0].above = low_h + (low_s - low) * slope;
    out[1].along = high_s;
    out[1].above = high_h - (high - high_s) * slope;
    out[0].id = reference.i1 * 8 + v_select_int(back, incident.i1, incident.i2);
    out[1].id = reference.i2 * 8 + v_select_int(back, incident.i2, incident.i1);
    return (low <= to) & (high >= from);
}

/// 8 * a + b to 8 * b + a.
LANES_INLINE Vi narrow_turn_id(Vi id) { return (id & 7) * 8 + (id >> 3); }

/// What goes to a manifold; the normal from first to second, x, y world frame, ids.
typedef struct NarrowResult {
    Vf nx, ny;
    Vf x[2], y[2], separation[2];
    Vi id[2], keep[2];
} NarrowResult;

/// Mask: a distance of surfaces [m] is less than those of all points kept.
LANES_INLINE Vi narrow_nearer(Vf length, const NarrowResult *result)
{
    Vf least = v_all(1e30f);
    for (int k = 0; k < 2; k++)
        least = v_min(v_select(result->keep[k], result->separation[k], least), least);
    return length < least - 0.02f * LANES_SLOP;
}

LANES_INLINE void narrow_store(LanesManifold *manifolds, const NarrowItems *items, Vf sign,
                               const NarrowResult *from)
{
    // A single point is the first.
    Vi second_only = ~from->keep[0] & from->keep[1];
    Vf x = v_select(second_only, from->x[1], from->x[0]), y = v_select(second_only, from->y[1], from->y[0]);
    Vf separation = v_select(second_only, from->separation[1], from->separation[0]);
    Vi id = v_select_int(second_only, from->id[1], from->id[0]);
    Vi count = -(from->keep[0] + from->keep[1]);
    int stride = (int)(sizeof(LanesManifold) / sizeof(float));
    float *base = (float *)manifolds + offsetof(LanesManifold, point) / sizeof(float);
    Vf zero = v_all(0.0f);
    scatter4(base, stride, items->manifold, x, y, separation, zero);
    scatter4(base + 4, stride, items->manifold, zero, zero, zero, (Vf)id);
    scatter4(base + 8, stride, items->manifold, from->x[1], from->y[1], from->separation[1], zero);
    scatter4(base + 12, stride, items->manifold, zero, zero, zero, (Vf)from->id[1]);
    Vf nx = from->nx * sign, ny = from->ny * sign;
    for (int l = 0; l < LANES_WIDTH; l++) {
        LanesManifold *to = &manifolds[items->manifold[l]];
        to->normal_x = nx[l];
        to->normal_y = ny[l];
        to->count = count[l];
    }
}

LANES_INLINE void narrow_store_none(LanesManifold *manifolds, const NarrowItems *items)
{
    for (int l = 0; l < LANES_WIDTH; l++)
        manifolds[items->manifold[l]].count = 0;
}

/// Clipped points to places halfway between the surfaces: (x, y) is the origin.
LANES_INLINE void narrow_place(NarrowLine reference, Vf nx, Vf ny, const NarrowPoint point[2], Vf radius,
                               Vf other_radius, Vf x, Vf y, NarrowResult *out)
{
    for (int k = 0; k < 2; k++) {
        Vf up = (point[k].above + radius - other_radius) * 0.5f;
        out->x[k] = x + (reference.x1 - ny * point[k].along + nx * up);
        out->y[k] = y + (reference.y1 + nx * point[k].along + ny * up);
        out->separation[k] = point[k].above - (radius + other_radius);
    }
}
