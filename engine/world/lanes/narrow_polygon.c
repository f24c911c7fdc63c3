// SPDX-License-Identifier: MIT
// Convex polygons against each other: separating axes over the faces of both, the face of the best axis as
// reference, the other's opposite face clipped to it. Segments are polygons of two faces with a radius; where
// something is round and the cores are apart, the nearest pair of corners is one more axis.
// Source: D. Gregorius, "Robust contact creation", GDC 2015; ids as in Box2D v3, written anew.
#include "engine/world/lanes/narrow.h"

#define LIES_FLAT  0.9998f ///< [1] cosine between two faces that lie on each other: 0.02 rad
#define ALONG_OVER 1e-4f   ///< [m] a body is looked at so far inside its surface

/// What the faces of one shape say about another.
typedef struct Faces {
    ParaVf best; ///< [m] separation of the best that may be the normal
    ParaVi face;
    ParaVf any; ///< [m] of the best of all
    // Only where there are seams:
    ParaVf flat; ///< [m] of the best that a corner of the other shape nearly allows
    ParaVi flat_face;
    ParaVf out; ///< [m] of the way out for what has its middle inside
    ParaVi out_face;
} Faces;

/// The face of a that separates best from b.
PARA_LANES_INLINE Faces best_face(const ParaNarrowShape *a, const ParaNarrowShape *b, int room)
{
    ParaVf never = para_v_all(PARA_NARROW_NEVER);
    ParaVi first = para_v_all_int(0);
    Faces faces = {never, first, never, never, first, never, first};
    for (int i = 0; i < room; i++) {
        ParaVf own = para_narrow_dot(a->nx[i], a->ny[i], a->vx[i], a->vy[i]);
        ParaVf separation = para_narrow_lowest(b, room, a->nx[i], a->ny[i]) - own;
        ParaVi better = separation > faces.best;
        faces.best = para_v_select(better, separation, faces.best);
        faces.face = para_v_select_int(better, para_v_all_int(i), faces.face);
    }
    faces.any = faces.best;
    return faces;
}

/// Whether b, whose middle is (mx, my), lies over the face of a rather than under it, where that is nearest
/// to the middle.
PARA_LANES_INLINE ParaVi is_before(const ParaNarrowShape *a, ParaVi face, const ParaNarrowShape *b, int room,
                                   ParaVf mx, ParaVf my)
{
    ParaVf nx, ny;
    ParaNarrowLine line = para_narrow_face(a, room, face, &nx, &ny);
    ParaVf x = mx - line.x1, y = my - line.y1;
    ParaVf length = para_narrow_dot(-ny, nx, line.x2 - line.x1, line.y2 - line.y1);
    ParaVf along = para_v_clamp(para_narrow_dot(-ny, nx, x, y), para_v_all(0.0f), length);
    ParaVf from, to;
    ParaVi there = para_narrow_chord(b, room, line.x1 - ny * along, line.y1 + nx * along, nx, ny, &from, &to);
    return para_v_select_int(there, from + to > 0.0f, para_narrow_dot(nx, ny, x, y) > 0.0f);
}

/// Whether b's piece of the line along face i of a has its middle where nothing stands before the face.
PARA_LANES_INLINE ParaVi is_free(const ParaNarrowShape *a, const ParaNarrowSeams *seams, int i,
                                 ParaVf separation, const ParaNarrowShape *b, int room)
{
    ParaVf nx = a->nx[i], ny = a->ny[i], over = para_v_max(separation, para_v_all(0.0f)) + ALONG_OVER, from,
           to;
    ParaVi there =
        para_narrow_chord(b, room, a->vx[i] + nx * over, a->vy[i] + ny * over, -ny, nx, &from, &to);
    ParaVf middle = 0.5f * (from + to);
    return ~seams->covered[i] & (~there | ((middle >= seams->from[i]) & (middle <= seams->to[i])));
}

/// Each face of one shape against another, where shapes have seams.
typedef struct Looks {
    ParaVf separation[PARA_LANES_CORNERS_MAX]; ///< [m]
    ParaVf within[PARA_LANES_CORNERS_MAX]; ///< [1] as the other's corner allows it, see para_narrow_within
    ParaVi free[PARA_LANES_CORNERS_MAX];   ///< masks
    ParaVf middle;                         ///< [m] of the other's middle over the highest
} Looks;                                   // [room]

/// (mx, my): b's middle.
PARA_LANES_INLINE void look(const ParaNarrowShape *a, const ParaNarrowSeams *seams, const ParaNarrowShape *b,
                            const ParaNarrowSeams *seams_b, int room, ParaVf mx, ParaVf my, Looks *out)
{
    out->middle = para_v_all(PARA_NARROW_NEVER);
    for (int i = 0; i < room; i++) {
        ParaVf nx = a->nx[i], ny = a->ny[i], own = para_narrow_dot(nx, ny, a->vx[i], a->vy[i]);
        ParaNarrowCone cone;
        out->separation[i] = para_narrow_lowest_cone(b, seams_b, room, nx, ny, &cone) - own;
        out->within[i] = para_narrow_within(&cone, -nx, -ny);
        out->free[i] = is_free(a, seams, i, out->separation[i], b, room);
        out->middle = para_v_max(para_narrow_dot(nx, ny, mx, my) - own, out->middle);
    }
}

/// Mask: no face of b that lies flat against the direction is shut.
PARA_LANES_INLINE ParaVi may_lie_on(const ParaNarrowShape *b, const Looks *looks, int room, ParaVf nx,
                                    ParaVf ny)
{
    ParaVi may = para_v_all_int(-1);
    for (int i = 0; i < room; i++)
        may &= looks->free[i] | (para_narrow_dot(nx, ny, b->nx[i], b->ny[i]) > -LIES_FLAT);
    return may;
}

/// The face of a that separates best from b, with middle (mx, my), where shapes have seams. A face that is
/// not free, or whose normal b does not allow, may show that the two are apart, and no more. What is nearly
/// allowed counts where nothing else is left: a straight row of shapes that leans a little on another has its
/// corner elsewhere, but lies on it here, too. The way out, for what has its middle inside, is the face that
/// is least deep of those that are not covered, or of all.
PARA_LANES_INLINE Faces best_face_with_seams(const ParaNarrowShape *a, const ParaNarrowSeams *seams,
                                             const Looks *looks, const ParaNarrowShape *b,
                                             const Looks *looks_b, int room, ParaVf mx, ParaVf my)
{
    ParaVf never = para_v_all(PARA_NARROW_NEVER), bare = never;
    ParaVi first = para_v_all_int(0), bare_face = first, any_face = first;
    Faces faces = {never, first, never, never, first, never, first};
    for (int i = 0; i < room; i++) {
        ParaVf separation = looks->separation[i];
        ParaVi index = para_v_all_int(i);
        ParaVi better = separation > faces.any;
        any_face = para_v_select_int(better, index, any_face);
        faces.any = para_v_select(better, separation, faces.any);
        better = ~seams->covered[i] & (separation > bare);
        bare_face = para_v_select_int(better, index, bare_face);
        bare = para_v_select(better, separation, bare);
        ParaVi may = looks->free[i] & may_lie_on(b, looks_b, room, a->nx[i], a->ny[i]);
        better = may & (looks->within[i] >= -PARA_NARROW_LEAN) & (separation > faces.flat);
        faces.flat_face = para_v_select_int(better, index, faces.flat_face);
        faces.flat = para_v_select(better, separation, faces.flat);
        better = may & (looks->within[i] >= -PARA_SEAM_SLACK) & (separation > faces.best);
        faces.face = para_v_select_int(better, index, faces.face);
        faces.best = para_v_select(better, separation, faces.best);
    }
    faces.best = para_v_select(is_before(a, faces.face, b, room, mx, my), faces.best, never);
    faces.flat = para_v_select(is_before(a, faces.flat_face, b, room, mx, my), faces.flat, never);
    ParaVi inside = (looks->middle < 0.0f) & seams->any;
    faces.out = para_v_select(inside, para_v_select(bare > never, bare, faces.any), never);
    faces.out_face = para_v_select_int(bare > never, bare_face, any_face);
    return faces;
}

/// The first of what is allowed, nearly allowed, or leads out, that there is for one of two shapes.
PARA_LANES_INLINE void settle(Faces *a, Faces *b)
{
    ParaVi none = (a->best == PARA_NARROW_NEVER) & (b->best == PARA_NARROW_NEVER);
    a->best = para_v_select(none, a->flat, a->best);
    b->best = para_v_select(none, b->flat, b->best);
    a->face = para_v_select_int(none, a->flat_face, a->face);
    b->face = para_v_select_int(none, b->flat_face, b->face);
    none = (a->best == PARA_NARROW_NEVER) & (b->best == PARA_NARROW_NEVER);
    a->best = para_v_select(none, a->out, a->best);
    b->best = para_v_select(none, b->out, b->best);
    a->face = para_v_select_int(none, a->out_face, a->face);
    b->face = para_v_select_int(none, b->out_face, b->face);
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
PARA_LANES_INLINE void take_corners(const ParaNarrowShape *a, const ParaNarrowShape *b,
                                    const Corners *corners, ParaVi round, ParaVf best, ParaVf limit,
                                    ParaNarrowResult *result)
{
    ParaVf length = corners->length - (a->radius + b->radius);
    ParaVi better = corners->separation > best + PARA_NARROW_PREFER;
    ParaVi take = round & (better | ((corners->separation > 0.0f) & para_narrow_nearer(length, result)));
    ParaVf up = (corners->length + a->radius - b->radius) * 0.5f;
    result->nx = para_v_select(take, corners->ux, result->nx);
    result->ny = para_v_select(take, corners->uy, result->ny);
    result->x[0] = para_v_select(take, a->x + (corners->ax + corners->ux * up), result->x[0]);
    result->y[0] = para_v_select(take, a->y + (corners->ay + corners->uy * up), result->y[0]);
    result->separation[0] = para_v_select(take, length, result->separation[0]);
    result->id[0] = para_v_select_int(take, corners->id, result->id[0]);
    result->keep[0] = para_v_select_int(take, corners->length <= limit, result->keep[0]);
    result->keep[1] &= ~take;
}

/// How far a reference face goes on at its ends.
typedef struct Beyond {
    ParaVf begin, end; ///< [m]
} Beyond;

PARA_LANES_INLINE Beyond reach_of(const ParaNarrowSeams *seams, int room, ParaVi face)
{
    return (Beyond){para_narrow_entry(seams->begin, room, face), para_narrow_entry(seams->end, room, face)};
}

/// Without the last argument, pairs without seams.
PARA_LANES_INLINE void collide_items(const ParaLanesCollide *collide, const ParaNarrowItems *items, int room,
                                     bool with_seams)
{
    ParaLanesBlock *block = collide->block;
    ParaNarrowShape a, b, reference, incident;
    ParaNarrowSeams seams_a, seams_b;
    para_narrow_gather(block->placed, items->first, room, &a);
    para_narrow_gather(block->placed, items->second, room, &b);
    para_narrow_shift(&a, room, a.x, a.y);
    para_narrow_shift(&b, room, a.x, a.y);
    Faces on_a, on_b;
    if (with_seams) {
        ParaVf zero = para_v_all(0.0f);
        para_narrow_gather_seams(collide, items->first, &seams_a);
        para_narrow_gather_seams(collide, items->second, &seams_b);
        Looks of_a, of_b;
        look(&a, &seams_a, &b, &seams_b, room, b.x - a.x, b.y - a.y, &of_a);
        look(&b, &seams_b, &a, &seams_a, room, zero, zero, &of_b);
        on_a = best_face_with_seams(&a, &seams_a, &of_a, &b, &of_b, room, b.x - a.x, b.y - a.y);
        on_b = best_face_with_seams(&b, &seams_b, &of_b, &a, &of_a, room, zero, zero);
        settle(&on_a, &on_b);
    } else {
        on_a = best_face(&a, &b, room);
        on_b = best_face(&b, &a, room);
    }
    ParaVf radii = a.radius + b.radius, limit = a.margin + b.margin + radii; // of the cores
    ParaVi near = (on_a.any <= limit) & (on_b.any <= limit);
    if (!para_v_bits(near)) {
        para_narrow_store_none(block->manifolds, items);
        return;
    }
    ParaVi turned = on_b.best > on_a.best + PARA_NARROW_PREFER; // b's face is the reference
    ParaVf best = para_v_select(turned, on_b.best, on_a.best);
    choose(turned, &a, &b, room, &reference);
    choose(turned, &b, &a, room, &incident);
    ParaVf nx, ny, unused_x, unused_y;
    ParaNarrowLine face =
        para_narrow_face(&reference, room, para_v_select_int(turned, on_b.face, on_a.face), &nx, &ny);
    ParaNarrowLine other =
        para_narrow_face(&incident, room, para_narrow_facing(&incident, room, nx, ny), &unused_x, &unused_y);
    ParaNarrowPoint point[2];
    Beyond beyond = {para_v_all(0.0f), para_v_all(0.0f)};
    ParaVi allowed = near;
    if (with_seams) {
        Beyond beyond_a = reach_of(&seams_a, room, on_a.face), beyond_b = reach_of(&seams_b, room, on_b.face);
        beyond.begin = para_v_select(turned, beyond_b.begin, beyond_a.begin);
        beyond.end = para_v_select(turned, beyond_b.end, beyond_a.end);
        allowed &= best > PARA_NARROW_NEVER;
    }
    ParaVi met = allowed & para_narrow_clip(face, nx, ny, other, beyond.begin, beyond.end, point);
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
    if (para_v_bits(round)) {
        Corners corners = nearest_corners(&a, &b, room);
        if (with_seams) {
            ParaNarrowCone cone_a = para_narrow_cone(&seams_a, room, corners.id >> 3);
            ParaNarrowCone cone_b = para_narrow_cone(&seams_b, room, corners.id & 7);
            round &= para_narrow_allows(&cone_a, corners.ux, corners.uy) &
                     para_narrow_allows(&cone_b, -corners.ux, -corners.uy);
        }
        take_corners(&a, &b, &corners, round, best, limit, &result);
    }
    para_narrow_store(block->manifolds, items, items->value, &result);
}

PARA_LANES_INLINE void collide_list(const ParaLanesCollide *collide, ParaLanesListKind kind, int room,
                                    bool with_seams)
{
    const ParaLanesList *list = &collide->lists[kind];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        collide_items(collide, &items, room, with_seams);
    }
}

void PARA_K(narrow_polygons)(ParaLanesCollide *collide)
{
    collide_list(collide, PARA_LANES_POLYGON_POLYGON, 4, false);
    collide_list(collide, PARA_LANES_POLYGON_POLYGON_8, 8, false);
    collide_list(collide, PARA_LANES_SEAM_POLYGON, 4, true);
    collide_list(collide, PARA_LANES_SEAM_POLYGON_8, 8, true);
}
