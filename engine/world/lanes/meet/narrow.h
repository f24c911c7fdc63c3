// SPDX-License-Identifier: MIT
#pragma once
// Shared by narrow_polygon.c and narrow_edge.c: polygons of W pairs at once, faces of them, one line clipped
// to another, and the way of the result into the manifolds. Positions are relative to an origin near the
// pair, so that far from the world's origin no more is lost than the corners have lost already.
#include "engine/base/assert.h"
#include "engine/world/lanes/meet/collide.h"

#include <stddef.h>

#define PARA_NARROW_PREFER 0.0005f  ///< [m] an axis must be this much better to replace the usual one
#define PARA_NARROW_NEARER 0.0001f  ///< [m] two corners must be this much nearer than a face to replace it
#define PARA_NARROW_NEVER  (-1e30f) ///< [m] separation of an axis that may not be taken
#define PARA_NARROW_STRIDE ((int)(sizeof(ParaLanesPlaced) / sizeof(float)))
#define PARA_NARROW_LEAN                                                                                     \
    0.02f ///< [1] sine of so much a corner in a straight row is turned and still lies flat
#define PARA_NARROW_ROCK   0.3f  ///< [1] and so much while the ends of the row may still come down in a step
#define PARA_NARROW_AT_END 1e-4f ///< [m] so near the end of a face is at its corner
#define PARA_NARROW_ALONG  1e-6f ///< [1] cosine of a face along which a line runs
#define PARA_NARROW_OWN    1e-3f ///< [m] a point this near a corner, along the surface, goes where that goes

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
    ParaVi corner;       ///< mask: it is at the corner of the second shape that its id names
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

/// The chord that a shape cuts out of the line through the place (px, py) along (mx, my): from * m to to * m.
/// @return mask: the line meets the shape
PARA_LANES_INLINE ParaVi para_narrow_chord(const ParaNarrowShape *shape, int room, ParaVf px, ParaVf py,
                                           ParaVf mx, ParaVf my, ParaVf *out_from, ParaVf *out_to)
{
    ParaVf from = para_v_all(-1e30f), to = para_v_all(1e30f);
    ParaVi missed = para_v_all_int(0);
    for (int i = 0; i < room; i++) {
        ParaVf nx = shape->nx[i], ny = shape->ny[i];
        ParaVf height = para_narrow_dot(nx, ny, px - shape->vx[i], py - shape->vy[i]);
        ParaVf slope = para_narrow_dot(nx, ny, mx, my);
        ParaVi out = slope > PARA_NARROW_ALONG, in = slope < -PARA_NARROW_ALONG;
        ParaVf at = -height / para_v_select(out | in, slope, para_v_all(1.0f));
        to = para_v_select(out, para_v_min(at, to), to);
        from = para_v_select(in, para_v_max(at, from), from);
        missed |= ~(out | in) & (height > 0.0f);
    }
    *out_from = from;
    *out_to = to;
    return ~missed & (from <= to);
}

/// The line made longer by so much at its ends; (nx, ny) is its normal, to the right.
PARA_LANES_INLINE ParaNarrowLine para_narrow_longer(ParaNarrowLine line, ParaVf nx, ParaVf ny, ParaVf begin,
                                                    ParaVf end)
{
    line.x1 += ny * begin;
    line.y1 -= nx * begin;
    line.x2 -= ny * end;
    line.y2 += nx * end;
    return line;
}

PARA_LANES_INLINE ParaNarrowLine para_narrow_select_line(ParaVi mask, ParaNarrowLine a, ParaNarrowLine b)
{
    return (ParaNarrowLine){para_v_select(mask, a.x1, b.x1),     para_v_select(mask, a.y1, b.y1),
                            para_v_select(mask, a.x2, b.x2),     para_v_select(mask, a.y2, b.y2),
                            para_v_select_int(mask, a.i1, b.i1), para_v_select_int(mask, a.i2, b.i2)};
}

/// The incident line between the side planes of the reference line, whose outward normal is (nx, ny), and so
/// far before and past them. `turned`: the reference line is the second shape's.
/// Ids are 8 * (reference's corner) + (incident's corner) of the ends that lie opposite.
/// @return mask: something is left
PARA_LANES_INLINE ParaVi para_narrow_clip(ParaNarrowLine reference, ParaVf nx, ParaVf ny,
                                          ParaNarrowLine incident, ParaVf before, ParaVf past, ParaVi turned,
                                          ParaNarrowPoint out[2])
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
    ParaVf from = -before, to = length + past;
    ParaVf slope = (high_h - low_h) / para_v_max(high - low, para_v_all(1e-6f));
    ParaVf low_s = para_v_max(low, from), high_s = para_v_min(high, to);
    out[0].along = low_s;
    out[0].above = low_h + (low_s - low) * slope;
    out[1].along = high_s;
    out[1].above = high_h - (high - high_s) * slope;
    out[0].corner = para_v_abs(low_s - para_v_select(turned, para_v_all(0.0f), low)) < PARA_NARROW_OWN;
    out[1].corner = para_v_abs(high_s - para_v_select(turned, length, high)) < PARA_NARROW_OWN;
    out[0].id = reference.i1 * 8 + para_v_select_int(back, incident.i1, incident.i2);
    out[1].id = reference.i2 * 8 + para_v_select_int(back, incident.i2, incident.i1);
    return (low <= to) & (high >= from);
}

/// 8 * a + b to 8 * b + a.
PARA_LANES_INLINE ParaVi para_narrow_turn_id(ParaVi id) { return (id & 7) * 8 + (id >> 3); }

// ---------------------------------------------------------------------------------------------
// Seams: which normals a shape leaves to its neighbours.

/// Of the lanes' shapes.
typedef struct ParaNarrowSeams {
    ParaVf lo_x[PARA_LANES_CORNERS_MAX], lo_y[PARA_LANES_CORNERS_MAX], hi_x[PARA_LANES_CORNERS_MAX],
        hi_y[PARA_LANES_CORNERS_MAX];                                    // [room]
    ParaVf begin[PARA_LANES_CORNERS_MAX], end[PARA_LANES_CORNERS_MAX];   ///< [m]
    ParaVf from[PARA_LANES_CORNERS_MAX], to[PARA_LANES_CORNERS_MAX];     ///< [m]
    ParaVf past[PARA_LANES_CORNERS_MAX], before[PARA_LANES_CORNERS_MAX]; ///< [m]
    ParaVi covered[PARA_LANES_CORNERS_MAX];                              ///< masks
    ParaVi any;                                                          ///< mask: the shape has seams
} ParaNarrowSeams;

/// What one corner allows.
typedef struct ParaNarrowCone {
    ParaVf lo_x, lo_y, hi_x, hi_y;
} ParaNarrowCone;

/// Entries past those of a shape of corner_room 4 repeat its last, as in para_narrow_gather.
PARA_LANES_INLINE void para_narrow_gather_seams(const ParaLanesCollide *collide, const int32_t *index,
                                                int room, ParaNarrowSeams *out)
{
    const ParaLanesPlaced *placed = collide->block->placed;
    int stride = (int)(sizeof(ParaLanesPlacedSeams) / sizeof(float));
    int32_t at[PARA_LANES_WIDTH], rooms[PARA_LANES_WIDTH];
    ParaVf lo[8], hi[8], over[8], face[8], clear[8], covered[8];
    for (int l = 0; l < PARA_LANES_WIDTH; l++) {
        at[l] = placed[index[l]].seams;
        rooms[l] = placed[index[l]].corner_room;
    }
    out->any = para_v_load_int(at) != 0;
    ParaVi wide = para_v_load_int(rooms) > 4;
    for (int k = 0; k < room; k += 4) {
        const ParaLanesPlacedSeamPart *part = &collide->seams[0].part[k / 4];
        para_v_gather8(part->lo, stride, at, lo);
        para_v_gather8(part->hi, stride, at, hi);
        para_v_gather8(part->begin, stride, at, over);
        para_v_gather8(part->from, stride, at, face);
        para_v_gather8(part->past, stride, at, clear);
        para_v_gather8((const float *)part->covered, stride, at, covered);
        for (int i = 0; i < 4; i++) {
#define PARA_NARROW_PUT(array, x) out->array[k + i] = k ? para_v_select(wide, x, out->array[3]) : (x)
            PARA_NARROW_PUT(lo_x, lo[2 * i]);
            PARA_NARROW_PUT(lo_y, lo[2 * i + 1]);
            PARA_NARROW_PUT(hi_x, hi[2 * i]);
            PARA_NARROW_PUT(hi_y, hi[2 * i + 1]);
            PARA_NARROW_PUT(begin, over[i]);
            PARA_NARROW_PUT(end, over[4 + i]);
            PARA_NARROW_PUT(from, face[i]);
            PARA_NARROW_PUT(to, face[4 + i]);
            PARA_NARROW_PUT(past, clear[i]);
            PARA_NARROW_PUT(before, clear[4 + i]);
#undef PARA_NARROW_PUT
            ParaVi shut = (ParaVi)covered[i];
            out->covered[k + i] = k ? para_v_select_int(wide, shut, out->covered[3]) : shut;
        }
    }
}

PARA_LANES_INLINE ParaNarrowCone para_narrow_cone(const ParaNarrowSeams *seams, int room, ParaVi corner)
{
    ParaNarrowCone cone = {seams->lo_x[0], seams->lo_y[0], seams->hi_x[0], seams->hi_y[0]};
    for (int i = 1; i < room; i++) {
        ParaVi here = corner == i;
        cone.lo_x = para_v_select(here, seams->lo_x[i], cone.lo_x);
        cone.lo_y = para_v_select(here, seams->lo_y[i], cone.lo_y);
        cone.hi_x = para_v_select(here, seams->hi_x[i], cone.hi_x);
        cone.hi_y = para_v_select(here, seams->hi_y[i], cone.hi_y);
    }
    return cone;
}

/// Sine of the angle by which the unit vector (x, y), out of the shape, is within what the corner allows; <
/// 0: without.
PARA_LANES_INLINE ParaVf para_narrow_within(const ParaNarrowCone *cone, ParaVf x, ParaVf y)
{
    return para_v_min(cone->lo_x * y - cone->lo_y * x, x * cone->hi_y - y * cone->hi_x);
}

/// Whether the corner may push that way.
PARA_LANES_INLINE ParaVi para_narrow_allows(const ParaNarrowCone *cone, ParaVf x, ParaVf y)
{
    return para_narrow_within(cone, x, y) >= -PARA_SEAM_SLACK;
}

/// As para_narrow_lowest, with what the lowest corner allows.
PARA_LANES_INLINE ParaVf para_narrow_lowest_cone(const ParaNarrowShape *shape, const ParaNarrowSeams *seams,
                                                 int room, ParaVf dx, ParaVf dy, ParaNarrowCone *out_cone)
{
    ParaVf low = para_narrow_dot(dx, dy, shape->vx[0], shape->vy[0]);
    ParaVi corner = para_v_all_int(0);
    for (int i = 1; i < room; i++) {
        ParaVf height = para_narrow_dot(dx, dy, shape->vx[i], shape->vy[i]);
        ParaVi lower = height < low;
        low = para_v_select(lower, height, low);
        corner = para_v_select_int(lower, para_v_all_int(i), corner);
    }
    *out_cone = para_narrow_cone(seams, room, corner);
    return low;
}

/// Entry `face` of an array of a shape's.
PARA_LANES_INLINE ParaVf para_narrow_entry(const ParaVf *array, int room, ParaVi face)
{
    ParaVf entry = array[0];
    for (int i = 1; i < room; i++)
        entry = para_v_select(face == i, array[i], entry);
    return entry;
}

/// Whether the place (px, py) of a shape's face, with outward normal (nx, ny), may be pushed against along
/// the unit vector (dx, dy), out of the shape: nothing stands before the face there, and a corner allows it.
PARA_LANES_INLINE ParaVi para_narrow_place_allows(const ParaNarrowSeams *seams, int room, ParaNarrowLine line,
                                                  ParaVf nx, ParaVf ny, ParaVf px, ParaVf py, ParaVf dx,
                                                  ParaVf dy)
{
    ParaVf along = para_narrow_dot(-ny, nx, px - line.x1, py - line.y1);
    ParaVf length = para_narrow_dot(-ny, nx, line.x2 - line.x1, line.y2 - line.y1);
    ParaVi at_first = along<PARA_NARROW_AT_END, at_last = along> length - PARA_NARROW_AT_END;
    ParaVf covered = para_narrow_entry((const ParaVf *)seams->covered, room, line.i1);
    ParaVi open = ~(ParaVi)covered &
                  (along >= para_narrow_entry(seams->from, room, line.i1) - PARA_NARROW_AT_END) &
                  (along <= para_narrow_entry(seams->to, room, line.i1) + PARA_NARROW_AT_END);
    ParaNarrowCone cone = para_narrow_cone(seams, room, para_v_select_int(at_first, line.i1, line.i2));
    return open & (~(at_first | at_last) | (para_narrow_within(&cone, dx, dy) >= -PARA_NARROW_LEAN));
}

// ---------------------------------------------------------------------------------------------
// The result.

/// What goes to a manifold; the normal from first to second, x, y world frame, ids.
typedef struct ParaNarrowResult {
    ParaVf nx, ny;
    ParaVf x[2], y[2], separation[2];
    ParaVi id[2], keep[2];
    ParaVi corner[2]; ///< masks: the point goes with a corner of the second shape, not of the first
} ParaNarrowResult;

/// Mask: a distance of surfaces [m] is less than those of all points kept.
PARA_LANES_INLINE ParaVi para_narrow_nearer(ParaVf length, const ParaNarrowResult *result)
{
    ParaVf least = para_v_all(1e30f);
    for (int k = 0; k < 2; k++)
        least = para_v_min(para_v_select(result->keep[k], result->separation[k], least), least);
    return length < least - PARA_NARROW_NEARER;
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
    ParaVi corner = para_v_select_int(second_only, from->corner[1], from->corner[0]);
    ParaVf one = para_v_all(1.0f), share = (ParaVf)(corner & (ParaVi)one);
    ParaVf second_share = (ParaVf)(from->corner[1] & (ParaVi)one);
    ParaVi count = -(from->keep[0] + from->keep[1]);
    int stride = (int)(sizeof(ParaLanesManifold) / sizeof(float));
    float *base = (float *)manifolds + offsetof(ParaLanesManifold, point) / sizeof(float);
    ParaVf zero = para_v_all(0.0f);
    para_v_scatter4(base, stride, items->manifold, x, y, separation, zero);
    para_v_scatter4(base + 4, stride, items->manifold, zero, share, zero, (ParaVf)id);
    para_v_scatter4(base + 8, stride, items->manifold, from->x[1], from->y[1], from->separation[1], zero);
    para_v_scatter4(base + 12, stride, items->manifold, zero, second_share, zero, (ParaVf)from->id[1]);
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
        out->corner[k] = point[k].corner;
    }
}
