// SPDX-License-Identifier: MIT
// Convex polygons against each other: separating axes over the faces of both, the face of the best axis as
// reference, the other's opposite face clipped to it. Segments are polygons of two faces with a radius; where
// something is round and the cores are apart, the nearest pair of corners is one more axis.
// Source: D. Gregorius, "Robust contact creation", GDC 2015; ids as in Box2D v3, written anew.
#include "engine/world/lanes/narrow.h"

/// The face of a that separates best from b.
LANES_INLINE Vf best_face(const NarrowShape *a, const NarrowShape *b, int room, Vi *out_face)
{
    Vf best = v_all(NARROW_NEVER);
    Vi face = v_all_int(0);
    for (int i = 0; i < room; i++) {
        Vf own = narrow_dot(a->nx[i], a->ny[i], a->vx[i], a->vy[i]);
        Vf separation = narrow_lowest(b, room, a->nx[i], a->ny[i]) - own;
        Vi better = separation > best;
        best = v_select(better, separation, best);
        face = v_select_int(better, v_all_int(i), face);
    }
    *out_face = face;
    return best;
}

/// `a` where the mask is zero, else `b`: corners, normals and count.
LANES_INLINE void choose(Vi mask, const NarrowShape *a, const NarrowShape *b, int room, NarrowShape *out)
{
    for (int i = 0; i < room; i++) {
        out->vx[i] = v_select(mask, b->vx[i], a->vx[i]);
        out->vy[i] = v_select(mask, b->vy[i], a->vy[i]);
        out->nx[i] = v_select(mask, b->nx[i], a->nx[i]);
        out->ny[i] = v_select(mask, b->ny[i], a->ny[i]);
    }
    out->count = v_select_int(mask, b->count, a->count);
}

/// Corner to corner: the way between the nearest pair.
typedef struct Corners {
    Vf ux, uy;     ///< unit, from a to b
    Vf ax, ay;     ///< [m] a's corner
    Vf separation; ///< [m] along u; NARROW_NEVER where the corners meet
    Vf length;     ///< [m]
    Vi id;
} Corners;

LANES_INLINE Corners nearest_corners(const NarrowShape *a, const NarrowShape *b, int room)
{
    Corners best = {.id = v_all_int(0)};
    Vf near = v_all(1e30f);
    for (int i = 0; i < room; i++) {
        for (int j = 0; j < room; j++) {
            Vf dx = b->vx[j] - a->vx[i], dy = b->vy[j] - a->vy[i];
            Vf square = narrow_dot(dx, dy, dx, dy);
            Vi nearer = square < near;
            near = v_select(nearer, square, near);
            best.ux = v_select(nearer, dx, best.ux);
            best.uy = v_select(nearer, dy, best.uy);
            best.ax = v_select(nearer, a->vx[i], best.ax);
            best.ay = v_select(nearer, a->vy[i], best.ay);
            best.id = v_select_int(nearer, v_all_int(8 * i + j), best.id);
        }
    }
    Vf inverse = 1.0f / v_sqrt(v_max(near, v_all(1e-10f)));
    best.ux *= inverse;
    best.uy *= inverse;
    best.length = near * inverse;
    // lowest of -u is minus the highest of u
    Vf gap = narrow_lowest(b, room, best.ux, best.uy) + narrow_lowest(a, room, -best.ux, -best.uy);
    best.separation = v_select(near > 1e-10f, gap, v_all(NARROW_NEVER));
    return best;
}

/// Replaces the result by the corners' where that is the better axis, or nearer than all the faces gave.
LANES_INLINE void take_corners(const NarrowShape *a, const NarrowShape *b, int room, Vi round, Vf best,
                               Vf limit, NarrowResult *result)
{
    Corners corners = nearest_corners(a, b, room);
    Vf length = corners.length - (a->radius + b->radius);
    Vi better = corners.separation > best + NARROW_PREFER;
    Vi take = round & (better | ((corners.separation > 0.0f) & narrow_nearer(length, result)));
    Vf up = (corners.length + a->radius - b->radius) * 0.5f;
    result->nx = v_select(take, corners.ux, result->nx);
    result->ny = v_select(take, corners.uy, result->ny);
    result->x[0] = v_select(take, a->x + (corners.ax + corners.ux * up), result->x[0]);
    result->y[0] = v_select(take, a->y + (corners.ay + corners.uy * up), result->y[0]);
    result->separation[0] = v_select(take, length, result->separation[0]);
    result->id[0] = v_select_int(take, corners.id, result->id[0]);
    result->keep[0] = v_select_int(take, corners.length <= limit, result->keep[0]);
    result->keep[1] &= ~take;
}

LANES_INLINE void collide_items(LanesBlock *block, const NarrowItems *items, int room)
{
    NarrowShape a, b, reference, incident;
    narrow_gather(block->placed, items->first, room, &a);
    narrow_gather(block->placed, items->second, room, &b);
    narrow_shift(&a, room, a.x, a.y);
    narrow_shift(&b, room, a.x, a.y);
    Vi face_a, face_b;
    Vf apart_a = best_face(&a, &b, room, &face_a), apart_b = best_face(&b, &a, room, &face_b);
    Vf radii = a.radius + b.radius, limit = a.margin + b.margin + radii; // of the cores
    Vi near = (apart_a <= limit) & (apart_b <= limit);
    if (!v_bits(near)) {
        narrow_store_none(block->manifolds, items);
        return;
    }
    Vi turned = apart_b > apart_a + NARROW_PREFER; // b's face is the reference
    Vf best = v_select(turned, apart_b, apart_a);
    choose(turned, &a, &b, room, &reference);
    choose(turned, &b, &a, room, &incident);
    Vf nx, ny, unused_x, unused_y;
    NarrowLine face = narrow_face(&reference, room, v_select_int(turned, face_b, face_a), &nx, &ny);
    NarrowLine other =
        narrow_face(&incident, room, narrow_facing(&incident, room, nx, ny), &unused_x, &unused_y);
    NarrowPoint point[2];
    Vi met = near & narrow_clip(face, nx, ny, other, 0.0f, point);
    NarrowResult result;
    narrow_place(face, nx, ny, point, v_select(turned, b.radius, a.radius),
                 v_select(turned, a.radius, b.radius), a.x, a.y, &result);
    result.nx = v_select(turned, -nx, nx);
    result.ny = v_select(turned, -ny, ny);
    for (int k = 0; k < 2; k++) {
        result.id[k] = v_select_int(turned, narrow_turn_id(point[k].id), point[k].id);
        result.keep[k] = met & (point[k].above <= limit);
    }
    Vi round = near & (radii > 0.0f);
    if (v_bits(round))
        take_corners(&a, &b, room, round, best, limit, &result);
    narrow_store(block->manifolds, items, items->value, &result);
}

void K(narrow_polygons)(LanesCollide *collide)
{
    const LanesList *list = &collide->lists[LANES_POLYGON_POLYGON];
    for (int32_t i = 0; i < list->count; i += LANES_WIDTH) {
        NarrowItems items = narrow_items(list, i);
        collide_items(collide->block, &items, 4);
    }
    list = &collide->lists[LANES_POLYGON_POLYGON_8];
    for (int32_t i = 0; i < list->count; i += LANES_WIDTH) {
        NarrowItems items = narrow_items(list, i);
        collide_items(collide->block, &items, 8);
    }
}
