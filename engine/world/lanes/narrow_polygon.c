// SPDX-License-Identifier: MIT
// Convex polygons against each other: separating axes over the faces of both, the face of the best axis as
// reference, the other's opposite face clipped to it. Segments are polygons of two faces with a radius; where
// something is round and the cores are apart, the nearest pair of corners is one more axis.
// Source: D. Gregorius, "Robust contact creation", GDC 2015; ids as in Box2D v3, written anew.
#include "engine/world/lanes/narrow.h"

/// The face of a that separates best from b.
PARA_LANES_INLINE ParaVf best_face(const ParaNarrowShape *a, const ParaNarrowShape *b, int room,
                                   ParaVi *out_face)
{
    ParaVf best = para_v_all(PARA_NARROW_NEVER);
    ParaVi face = para_v_all_int(0);
    for (int i = 0; i < room; i++) {
        ParaVf own = para_narrow_dot(a->nx[i], a->ny[i], a->vx[i], a->vy[i]);
        ParaVf separation = para_narrow_lowest(b, room, a->nx[i], a->ny[i]) - own;
        ParaVi better = separation > best;
        best = para_v_select(better, separation, best);
        face = para_v_select_int(better, para_v_all_int(i), face);
    }
    *out_face = face;
    return best;
}

/// `a` where the mask is zero, else `b`: corners, normals and count.
PARA_LANES_INLINE void choose(ParaVi mask, const ParaNarrowShape *a, const ParaNarrowShape *b, int room,
                              ParaNarrowShape *out)
{
    for (int i = 0; i < room; i++) {
        out->vx[i] = para_v_select(mask, b->vx[i], a->vx[i]);
        out->vy[i] = para_v_select(mask, b->vy[i], a->vy[i]);
        out->nx[i] = para_v_select(mask, b->nx[i], a->nx[i]);
        out->ny[i] = para_v_select(mask, b->ny[i], a->ny[i]);
    }
    out->count = para_v_select_int(mask, b->count, a->count);
}

/// Corner to corner: the way between the nearest pair.
typedef struct Corners {
    ParaVf ux, uy;     ///< unit, from a to b
    ParaVf ax, ay;     ///< [m] a's corner
    ParaVf separation; ///< [m] along u; PARA_NARROW_NEVER where the corners meet
    ParaVf length;     ///< [m]
    ParaVi id;
} Corners;

PARA_LANES_INLINE Corners nearest_corners(const ParaNarrowShape *a, const ParaNarrowShape *b, int room)
{
    Corners best = {.id = para_v_all_int(0)};
    ParaVf near = para_v_all(1e30f);
    for (int i = 0; i < room; i++) {
        for (int j = 0; j < room; j++) {
            ParaVf dx = b->vx[j] - a->vx[i], dy = b->vy[j] - a->vy[i];
            ParaVf square = para_narrow_dot(dx, dy, dx, dy);
            ParaVi nearer = square < near;
            near = para_v_select(nearer, square, near);
            best.ux = para_v_select(nearer, dx, best.ux);
            best.uy = para_v_select(nearer, dy, best.uy);
            best.ax = para_v_select(nearer, a->vx[i], best.ax);
            best.ay = para_v_select(nearer, a->vy[i], best.ay);
            best.id = para_v_select_int(nearer, para_v_all_int(8 * i + j), best.id);
        }
    }
    ParaVf inverse = 1.0f / para_v_sqrt(para_v_max(near, para_v_all(1e-10f)));
    best.ux *= inverse;
    best.uy *= inverse;
    best.length = near * inverse;
    // lowest of -u is minus the highest of u
    ParaVf gap =
        para_narrow_lowest(b, room, best.ux, best.uy) + para_narrow_lowest(a, room, -best.ux, -best.uy);
    best.separation = para_v_select(near > 1e-10f, gap, para_v_all(PARA_NARROW_NEVER));
    return best;
}

/// Replaces the result by the corners' where that is the better axis, or nearer than all the faces gave.
PARA_LANES_INLINE void take_corners(const ParaNarrowShape *a, const ParaNarrowShape *b, int room,
                                    ParaVi round, ParaVf best, ParaVf limit, ParaNarrowResult *result)
{
    Corners corners = nearest_corners(a, b, room);
    ParaVf length = corners.length - (a->radius + b->radius);
    ParaVi better = corners.separation > best + PARA_NARROW_PREFER;
    ParaVi take = round & (better | ((corners.separation > 0.0f) & para_narrow_nearer(length, result)));
    ParaVf up = (corners.length + a->radius - b->radius) * 0.5f;
    result->nx = para_v_select(take, corners.ux, result->nx);
    result->ny = para_v_select(take, corners.uy, result->ny);
    result->x[0] = para_v_select(take, a->x + (corners.ax + corners.ux * up), result->x[0]);
    result->y[0] = para_v_select(take, a->y + (corners.ay + corners.uy * up), result->y[0]);
    result->separation[0] = para_v_select(take, length, result->separation[0]);
    result->id[0] = para_v_select_int(take, corners.id, result->id[0]);
    result->keep[0] = para_v_select_int(take, corners.length <= limit, result->keep[0]);
    result->keep[1] &= ~take;
}

PARA_LANES_INLINE void collide_items(ParaLanesBlock *block, const ParaNarrowItems *items, int room)
{
    ParaNarrowShape a, b, reference, incident;
    para_narrow_gather(block->placed, items->first, room, &a);
    para_narrow_gather(block->placed, items->second, room, &b);
    para_narrow_shift(&a, room, a.x, a.y);
    para_narrow_shift(&b, room, a.x, a.y);
    ParaVi face_a, face_b;
    ParaVf apart_a = best_face(&a, &b, room, &face_a), apart_b = best_face(&b, &a, room, &face_b);
    ParaVf radii = a.radius + b.radius, limit = a.margin + b.margin + radii; // of the cores
    ParaVi near = (apart_a <= limit) & (apart_b <= limit);
    if (!para_v_bits(near)) {
        para_narrow_store_none(block->manifolds, items);
        return;
    }
    ParaVi turned = apart_b > apart_a + PARA_NARROW_PREFER; // b's face is the reference
    ParaVf best = para_v_select(turned, apart_b, apart_a);
    choose(turned, &a, &b, room, &reference);
    choose(turned, &b, &a, room, &incident);
    ParaVf nx, ny, unused_x, unused_y;
    ParaNarrowLine face =
        para_narrow_face(&reference, room, para_v_select_int(turned, face_b, face_a), &nx, &ny);
    ParaNarrowLine other =
        para_narrow_face(&incident, room, para_narrow_facing(&incident, room, nx, ny), &unused_x, &unused_y);
    ParaNarrowPoint point[2];
    ParaVi met = near & para_narrow_clip(face, nx, ny, other, 0.0f, point);
    ParaNarrowResult result;
    para_narrow_place(face, nx, ny, point, para_v_select(turned, b.radius, a.radius),
                      para_v_select(turned, a.radius, b.radius), a.x, a.y, &result);
    result.nx = para_v_select(turned, -nx, nx);
    result.ny = para_v_select(turned, -ny, ny);
    for (int k = 0; k < 2; k++) {
        result.id[k] = para_v_select_int(turned, para_narrow_turn_id(point[k].id), point[k].id);
        result.keep[k] = met & (point[k].above <= limit);
    }
    ParaVi round = near & (radii > 0.0f);
    if (para_v_bits(round))
        take_corners(&a, &b, room, round, best, limit, &result);
    para_narrow_store(block->manifolds, items, items->value, &result);
}

void PARA_K(narrow_polygons)(ParaLanesCollide *collide)
{
    const ParaLanesList *list = &collide->lists[PARA_LANES_POLYGON_POLYGON];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        collide_items(collide->block, &items, 4);
    }
    list = &collide->lists[PARA_LANES_POLYGON_POLYGON_8];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        collide_items(collide->block, &items, 8);
    }
}
