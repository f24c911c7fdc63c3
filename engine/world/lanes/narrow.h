// SPDX-License-Identifier: MIT
#pragma once
// Shared by narrow_polygon.c and narrow_edge.c: polygons of W pairs at once, faces of them, one line clipped
// to another, and the way of the result into the manifolds. Positions are relative to an origin near the
// pair, so that far from the world's origin no more is lost than the corners have lost already.
#include "engine/base/assert.h"
#include "engine/world/lanes/collide.h"

#include <stddef.h>

#define PARA_NARROW_PREFER 0.0005f  ///< [m] an axis must be this much better to replace the usual one
#define PARA_NARROW_NEVER  (-1e30f) ///< [m] separation of an axis that may not be taken
#define PARA_NARROW_STRIDE ((int)(sizeof(ParaLanesPlaced) / sizeof(float)))

/// A vector of list items; past the end of a list its last item is repeated, so every store is a right one.
typedef struct ParaNarrowItems {
    const int32_t *first, *second, *manifold; // [PARA_LANES_WIDTH]
    ParaVf value;                             ///< see ParaLanesList
} ParaNarrowItems;

/// Corners and outward normals; the last ones are repeated up to `room`.
typedef struct ParaNarrowShape {
    ParaVf vx[PARA_LANES_CORNERS_MAX], vy[PARA_LANES_CORNERS_MAX], nx[PARA_LANES_CORNERS_MAX],
        ny[PARA_LANES_CORNERS_MAX]; // [room]
    ParaVf x, y, radius, margin;
    ParaVi count;
} ParaNarrowShape;

/// From (x1, y1) to (x2, y2) with the solid on the left; i1, i2 number the corners.
typedef struct ParaNarrowLine {
    ParaVf x1, y1, x2, y2;
    ParaVi i1, i2;
} ParaNarrowLine;

/// One point of contact, seen from the reference line.
typedef struct ParaNarrowPoint {
    ParaVf along, above; ///< [m] of the incident line's core: along the reference line, over it
    ParaVi id;
} ParaNarrowPoint;

PARA_LANES_INLINE ParaVf para_narrow_dot(ParaVf ax, ParaVf ay, ParaVf bx, ParaVf by)
{
    return ax * bx + ay * by;
}

PARA_LANES_INLINE ParaNarrowItems para_narrow_items(const ParaLanesList *list, int32_t from)
{
    PARA_ASSERT_HOT(from < list->count && list->manifold[list->count] == list->manifold[list->count - 1]);
    return (ParaNarrowItems){list->first + from, list->second + from, list->manifold + from,
                             para_v_load(list->value + from)};
}

/// World frame. A shape of room 4 in a list of room 8 has nothing behind its fourth corner.
PARA_LANES_INLINE void para_narrow_gather(const ParaLanesPlaced *placed, const int32_t *index, int room,
                                          ParaNarrowShape *out)
{
    PARA_ASSERT_HOT(placed[index[0]].corner_room <= room && placed[index[0]].corner_count > 1);
    const float *base = (const float *)placed;
    ParaVf column[8];
    para_v_gather8(base + offsetof(ParaLanesPlaced, x) / sizeof(float), PARA_NARROW_STRIDE, index, column);
    out->x = column[0];
    out->y = column[1];
    out->radius = column[2];
    out->margin = column[3];
    out->count = (ParaVi)column[5];
    ParaVi wide = (ParaVi)column[6] > 4;
    for (int k = 0; k < room; k += 4) {
        para_v_gather8(base + 2 * k, PARA_NARROW_STRIDE, index, column);
        for (int i = 0; i < 4; i++) {
            out->vx[k + i] = k ? para_v_select(wide, column[2 * i], out->vx[3]) : column[2 * i];
            out->vy[k + i] = k ? para_v_select(wide, column[2 * i + 1], out->vy[3]) : column[2 * i + 1];
        }
        para_v_gather8(base + 16 + 2 * k, PARA_NARROW_STRIDE, index, column);
        for (int i = 0; i < 4; i++) {
            out->nx[k + i] = k ? para_v_select(wide, column[2 * i], out->nx[3]) : column[2 * i];
            out->ny[k + i] = k ? para_v_select(wide, column[2 * i + 1], out->ny[3]) : column[2 * i + 1];
        }
    }
}

PARA_LANES_INLINE void para_narrow_shift(ParaNarrowShape *shape, int room, ParaVf x, ParaVf y)
{
    for (int i = 0; i < room; i++) {
        shape->vx[i] -= x;
        shape->vy[i] -= y;
    }
}

/// Least of direction . corner.
PARA_LANES_INLINE ParaVf para_narrow_lowest(const ParaNarrowShape *shape, int room, ParaVf dx, ParaVf dy)
{
    ParaVf low = para_narrow_dot(dx, dy, shape->vx[0], shape->vy[0]);
    for (int i = 1; i < room; i++)
        low = para_v_min(para_narrow_dot(dx, dy, shape->vx[i], shape->vy[i]), low);
    return low;
}

/// The face that looks most against a direction.
PARA_LANES_INLINE ParaVi para_narrow_facing(const ParaNarrowShape *shape, int room, ParaVf dx, ParaVf dy)
{
    ParaVf low = para_narrow_dot(dx, dy, shape->nx[0], shape->ny[0]);
    ParaVi index = para_v_all_int(0);
    for (int i = 1; i < room; i++) {
        ParaVf cosine = para_narrow_dot(dx, dy, shape->nx[i], shape->ny[i]);
        ParaVi better = cosine < low;
        low = para_v_select(better, cosine, low);
        index = para_v_select_int(better, para_v_all_int(i), index);
    }
    return index;
}

/// Line and normal of the face `index` < count.
PARA_LANES_INLINE ParaNarrowLine para_narrow_face(const ParaNarrowShape *shape, int room, ParaVi index,
                                                  ParaVf *out_nx, ParaVf *out_ny)
{
    ParaNarrowLine line = {shape->vx[0], shape->vy[0], shape->vx[1], shape->vy[1], index, index + 1};
    ParaVf nx = shape->nx[0], ny = shape->ny[0];
    for (int i = 1; i < room; i++) {
        ParaVi here = index == i;
        int after = i + 1 < room ? i + 1 : 0;
        line.x1 = para_v_select(here, shape->vx[i], line.x1);
        line.y1 = para_v_select(here, shape->vy[i], line.y1);
        line.x2 = para_v_select(here, shape->vx[after], line.x2);
        line.y2 = para_v_select(here, shape->vy[after], line.y2);
        nx = para_v_select(here, shape->nx[i], nx);
        ny = para_v_select(here, shape->ny[i], ny);
    }
    ParaVi last = shape->count == line.i2; // the last face ends at corner 0, not at a repeat
    line.x2 = para_v_select(last, shape->vx[0], line.x2);
    line.y2 = para_v_select(last, shape->vy[0], line.y2);
    line.i2 &= ~last;
    *out_nx = nx;
    *out_ny = ny;
    return line;
}

PARA_LANES_INLINE ParaNarrowLine para_narrow_select_line(ParaVi mask, ParaNarrowLine a, ParaNarrowLine b)
{
    return (ParaNarrowLine){para_v_select(mask, a.x1, b.x1),     para_v_select(mask, a.y1, b.y1),
                            para_v_select(mask, a.x2, b.x2),     para_v_select(mask, a.y2, b.y2),
                            para_v_select_int(mask, a.i1, b.i1), para_v_select_int(mask, a.i2, b.i2)};
}

/// The incident line between the side planes of the reference line, whose outward normal is (nx, ny).
/// Ids are 8 * (reference's corner) + (incident's corner) of the ends that lie opposite.
/// @return mask: something is left
PARA_LANES_INLINE ParaVi para_narrow_clip(ParaNarrowLine reference, ParaVf nx, ParaVf ny,
                                          ParaNarrowLine incident, float beyond, ParaNarrowPoint out[2])
{
    ParaVf tx = -ny, ty = nx;
    ParaVf length = para_narrow_dot(tx, ty, reference.x2 - reference.x1, reference.y2 - reference.y1);
    ParaVf x1 = incident.x1 - reference.x1, y1 = incident.y1 - reference.y1;
    ParaVf x2 = incident.x2 - reference.x1, y2 = incident.y2 - reference.y1;
    ParaVf s1 = para_narrow_dot(tx, ty, x1, y1), h1 = para_narrow_dot(nx, ny, x1, y1);
    ParaVf s2 = para_narrow_dot(tx, ty, x2, y2), h2 = para_narrow_dot(nx, ny, x2, y2);
    // The incident line runs the other way, so its end is the low one; a line end-on may do either.
    ParaVi back = s2 > s1;
    ParaVf low = para_v_select(back, s1, s2), low_h = para_v_select(back, h1, h2);
    ParaVf high = para_v_select(back, s2, s1), high_h = para_v_select(back, h2, h1);
    ParaVf from = para_v_all(-beyond), to = length + beyond;
    ParaVf slope = (high_h - low_h) / para_v_max(high - low, para_v_all(1e-6f));
    ParaVf low_s = para_v_max(low, from), high_s = para_v_min(high, to);
    out[0].along = low_s;
    out[0].above = low_h + (low_s - low) * slope;
    out[1].along = high_s;
    out[1].above = high_h - (high - high_s) * slope;
    out[0].id = reference.i1 * 8 + para_v_select_int(back, incident.i1, incident.i2);
    out[1].id = reference.i2 * 8 + para_v_select_int(back, incident.i2, incident.i1);
    return (low <= to) & (high >= from);
}

/// 8 * a + b to 8 * b + a.
PARA_LANES_INLINE ParaVi para_narrow_turn_id(ParaVi id) { return (id & 7) * 8 + (id >> 3); }

/// What goes to a manifold; the normal from first to second, x, y world frame, ids.
typedef struct ParaNarrowResult {
    ParaVf nx, ny;
    ParaVf x[2], y[2], separation[2];
    ParaVi id[2], keep[2];
} ParaNarrowResult;

/// Mask: a distance of surfaces [m] is less than those of all points kept.
PARA_LANES_INLINE ParaVi para_narrow_nearer(ParaVf length, const ParaNarrowResult *result)
{
    ParaVf least = para_v_all(1e30f);
    for (int k = 0; k < 2; k++)
        least = para_v_min(para_v_select(result->keep[k], result->separation[k], least), least);
    return length < least - 0.0001f;
}

PARA_LANES_INLINE void para_narrow_store(ParaLanesManifold *manifolds, const ParaNarrowItems *items,
                                         ParaVf sign, const ParaNarrowResult *from)
{
    // A single point is the first.
    ParaVi second_only = ~from->keep[0] & from->keep[1];
    ParaVf x = para_v_select(second_only, from->x[1], from->x[0]),
           y = para_v_select(second_only, from->y[1], from->y[0]);
    ParaVf separation = para_v_select(second_only, from->separation[1], from->separation[0]);
    ParaVi id = para_v_select_int(second_only, from->id[1], from->id[0]);
    ParaVi count = -(from->keep[0] + from->keep[1]);
    int stride = (int)(sizeof(ParaLanesManifold) / sizeof(float));
    float *base = (float *)manifolds + offsetof(ParaLanesManifold, point) / sizeof(float);
    ParaVf zero = para_v_all(0.0f);
    para_v_scatter4(base, stride, items->manifold, x, y, separation, zero);
    para_v_scatter4(base + 4, stride, items->manifold, zero, zero, zero, (ParaVf)id);
    para_v_scatter4(base + 8, stride, items->manifold, from->x[1], from->y[1], from->separation[1], zero);
    para_v_scatter4(base + 12, stride, items->manifold, zero, zero, zero, (ParaVf)from->id[1]);
    ParaVf nx = from->nx * sign, ny = from->ny * sign;
    for (int l = 0; l < PARA_LANES_WIDTH; l++) {
        ParaLanesManifold *to = &manifolds[items->manifold[l]];
        to->normal_x = nx[l];
        to->normal_y = ny[l];
        to->count = count[l];
    }
}

PARA_LANES_INLINE void para_narrow_store_none(ParaLanesManifold *manifolds, const ParaNarrowItems *items)
{
    for (int l = 0; l < PARA_LANES_WIDTH; l++)
        manifolds[items->manifold[l]].count = 0;
}

/// Clipped points to places halfway between the surfaces: (x, y) is the origin.
PARA_LANES_INLINE void para_narrow_place(ParaNarrowLine reference, ParaVf nx, ParaVf ny,
                                         const ParaNarrowPoint point[2], ParaVf radius, ParaVf other_radius,
                                         ParaVf x, ParaVf y, ParaNarrowResult *out)
{
    for (int k = 0; k < 2; k++) {
        ParaVf up = (point[k].above + radius - other_radius) * 0.5f;
        out->x[k] = x + (reference.x1 - ny * point[k].along + nx * up);
        out->y[k] = y + (reference.y1 + nx * point[k].along + ny * up);
        out->separation[k] = point[k].above - (radius + other_radius);
    }
}
