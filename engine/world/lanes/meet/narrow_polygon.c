// SPDX-License-Identifier: MIT
// Convex polygons against each other: separating axes over the faces of both, the face of the best axis as
// reference, the other's opposite face clipped to it. Segments are polygons of two faces with a radius; where
// something is round and the cores are apart, the nearest pair of corners is one more axis.
// Source: D. Gregorius, "Robust contact creation", GDC 2015; ids as in Box2D v3, written anew.
#include "engine/world/lanes/meet/narrow.h"

#define LIES_FLAT  0.9998f ///< [1] cosine between two faces that lie on each other: 0.02 rad
#define CLEAR      0.002f  ///< [m] so far from what stands before a face a body is clear of it
#define ALONG_OVER 1e-4f   ///< [m] a body is looked at so far inside its surface

/// What the faces of one shape say about another.
typedef struct Faces {
    ParaVf best; ///< [m] separation of the best that may be the normal
    ParaVi face;
    ParaVf any; ///< [m] of the best of all
    // Only where there are seams:
    ParaVf flat; ///< [m] of the best that a corner of the other shape nearly allows
    ParaVi flat_face;
} Faces;

/// The face of a that separates best from b.
PARA_LANES_INLINE Faces best_face(const ParaNarrowShape *a, const ParaNarrowShape *b, int room)
{
    ParaVf never = para_v_all(PARA_NARROW_NEVER);
    ParaVi first = para_v_all_int(0);
    Faces faces = {never, first, never, never, first};
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

/// Whether b comes to face i of a where nothing stands before the face: its middle (mx, my) is there, or all
/// of the piece that it covers of the face's line.
PARA_LANES_INLINE ParaVi is_free(const ParaNarrowShape *a, const ParaNarrowSeams *seams, int i,
                                 ParaVf separation, const ParaNarrowShape *b, int room, ParaVf mx, ParaVf my)
{
    ParaVf nx = a->nx[i], ny = a->ny[i], over = para_v_max(separation, para_v_all(0.0f)) + ALONG_OVER, from,
           to;
    ParaVi there =
        para_narrow_chord(b, room, a->vx[i] + nx * over, a->vy[i] + ny * over, -ny, nx, &from, &to);
    ParaVf middle = para_narrow_dot(-ny, nx, mx - a->vx[i], my - a->vy[i]);
    ParaVi after = (middle >= seams->from[i]) | (there & (from >= seams->from[i] + CLEAR)) |
                   (there & (to >= seams->past[i]));
    ParaVi before = (middle <= seams->to[i]) | (there & (to <= seams->to[i] - CLEAR)) |
                    (there & (from <= seams->before[i]));
    return ~seams->covered[i] & after & before;
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
        out->free[i] = is_free(a, seams, i, out->separation[i], b, room, mx, my);
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
    Faces faces = {never, first, never, never, first};
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
        better = may & (looks->within[i] >= -PARA_NARROW_ROCK) & (separation > faces.flat);
        faces.flat_face = para_v_select_int(better, index, faces.flat_face);
        faces.flat = para_v_select(better, separation, faces.flat);
        better = may & (looks->within[i] >= -PARA_SEAM_SLACK) & (separation > faces.best);
        faces.face = para_v_select_int(better, index, faces.face);
        faces.best = para_v_select(better, separation, faces.best);
    }
    faces.best = para_v_select(is_before(a, faces.face, b, room, mx, my), faces.best, never);
    faces.flat = para_v_select(is_before(a, faces.flat_face, b, room, mx, my), faces.flat, never);
    // The way out of what has its middle inside: the face that is least deep of those that are not covered,
    // or of all.
    ParaVi bared = bare > never;
    ParaVf out = para_v_select(bared, bare, faces.any);
    ParaVi lost = (looks->middle < 0.0f) & seams->any & (out > faces.best);
    faces.best = para_v_select(lost, out, faces.best);
    faces.face = para_v_select_int(lost, para_v_select_int(bared, bare_face, any_face), faces.face);
    return faces;
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
    result->corner[0] |= take;
}

/// How far a face goes on at its ends.
typedef struct Beyond {
    ParaVf begin, end; ///< [m]
} Beyond;

/// Of a face of b where the mask is set, else of a.
PARA_LANES_INLINE Beyond reach_of(ParaVi mask, const ParaNarrowSeams *a, const ParaNarrowSeams *b, int room,
                                  ParaVi face)
{
    return (Beyond){
        para_v_select(mask, para_narrow_entry(b->begin, room, face), para_narrow_entry(a->begin, room, face)),
        para_v_select(mask, para_narrow_entry(b->end, room, face), para_narrow_entry(a->end, room, face))};
}

/// A pair and what is known of its seams, if it has any (NULL otherwise).
typedef struct Pair {
    ParaNarrowShape a, b;
    const ParaNarrowSeams *seams_a, *seams_b;
    ParaVf limit; ///< [m] of the separation of the cores
} Pair;

/// The points on a face of b where `turned`, else of a.
PARA_LANES_INLINE void collide_on(const Pair *pair, int room, ParaVi turned, ParaVi index, ParaVi allowed,
                                  ParaNarrowResult *out)
{
    ParaNarrowShape reference, incident;
    choose(turned, &pair->a, &pair->b, room, &reference);
    choose(turned, &pair->b, &pair->a, room, &incident);
    ParaVf nx, ny, other_x, other_y;
    ParaNarrowLine face = para_narrow_face(&reference, room, index, &nx, &ny);
    ParaVi facing = para_narrow_facing(&incident, room, nx, ny);
    ParaNarrowLine other = para_narrow_face(&incident, room, facing, &other_x, &other_y);
    ParaNarrowPoint point[2];
    Beyond beyond = {para_v_all(0.0f), para_v_all(0.0f)};
    ParaNarrowLine whole = other;
    if (pair->seams_a) {
        beyond = reach_of(turned, pair->seams_a, pair->seams_b, room, index);
        Beyond of_other = reach_of(turned, pair->seams_b, pair->seams_a, room, facing);
        whole = para_narrow_longer(other, other_x, other_y, of_other.begin, of_other.end);
    }
    ParaVi met = allowed & para_narrow_clip(face, nx, ny, whole, beyond.begin, beyond.end, turned, point);
    ParaVf radius = para_v_select(turned, pair->b.radius, pair->a.radius);
    ParaVf other_radius = para_v_select(turned, pair->a.radius, pair->b.radius);
    para_narrow_place(face, nx, ny, point, radius, other_radius, pair->a.x, pair->a.y, out);
    out->nx = para_v_select(turned, -nx, nx);
    out->ny = para_v_select(turned, -ny, ny);
    for (int k = 0; k < 2; k++) {
        out->id[k] = para_v_select_int(turned, para_narrow_turn_id(point[k].id), point[k].id);
        out->keep[k] = met & (point[k].above <= pair->limit);
        if (!pair->seams_a)
            continue;
        ParaVf x = face.x1 - ny * point[k].along + nx * point[k].above;
        ParaVf y = face.y1 + nx * point[k].along + ny * point[k].above;
        out->keep[k] &= para_v_select_int(
            turned, para_narrow_place_allows(pair->seams_a, room, other, other_x, other_y, x, y, -nx, -ny),
            para_narrow_place_allows(pair->seams_b, room, other, other_x, other_y, x, y, -nx, -ny));
    }
}

/// The same where there are seams, tried more than once: functions of their own, or the code would be
/// unrolled in each place.
static __attribute__((noinline)) void collide_on_4(const Pair *pair, ParaVi turned, ParaVi index,
                                                   ParaVi allowed, ParaNarrowResult *out)
{
    collide_on(pair, 4, turned, index, allowed, out);
}

static __attribute__((noinline)) void collide_on_8(const Pair *pair, ParaVi turned, ParaVi index,
                                                   ParaVi allowed, ParaNarrowResult *out)
{
    collide_on(pair, 8, turned, index, allowed, out);
}

PARA_LANES_INLINE void collide_with_seams(const Pair *pair, int room, ParaVi turned, ParaVi index,
                                          ParaVi allowed, ParaNarrowResult *out)
{
    if (room == 4)
        collide_on_4(pair, turned, index, allowed, out);
    else
        collide_on_8(pair, turned, index, allowed, out);
}

PARA_LANES_INLINE void select_result(ParaVi mask, const ParaNarrowResult *from, ParaNarrowResult *to)
{
    to->nx = para_v_select(mask, from->nx, to->nx);
    to->ny = para_v_select(mask, from->ny, to->ny);
    for (int k = 0; k < 2; k++) {
        to->x[k] = para_v_select(mask, from->x[k], to->x[k]);
        to->y[k] = para_v_select(mask, from->y[k], to->y[k]);
        to->separation[k] = para_v_select(mask, from->separation[k], to->separation[k]);
        to->id[k] = para_v_select_int(mask, from->id[k], to->id[k]);
        to->keep[k] = para_v_select_int(mask, from->keep[k], to->keep[k]);
        to->corner[k] = para_v_select_int(mask, from->corner[k], to->corner[k]);
    }
}

/// Where the best face has nothing of the other shape over it, a face that is nearly allowed may. First those
/// of the other shape: on straight lines with corners that are none rounding decides which is best.
PARA_LANES_INLINE void try_others(const Pair *pair, int room, const Faces *on_a, const Faces *on_b,
                                  ParaVi turned, ParaVi near, ParaNarrowResult *result)
{
    for (int k = 0; k < 2; k++) {
        turned = ~turned;
        ParaVf best = para_v_select(turned, on_b->flat, on_a->flat);
        ParaVi missed = near & ~(result->keep[0] | result->keep[1]) & (best > PARA_NARROW_NEVER);
        if (!para_v_bits(missed))
            continue;
        ParaNarrowResult other;
        collide_with_seams(pair, room, turned, para_v_select_int(turned, on_b->flat_face, on_a->flat_face),
                           missed, &other);
        select_result(missed, &other, result);
    }
}

PARA_LANES_INLINE void collide_items(const ParaLanesCollide *collide, const ParaNarrowItems *items, int room,
                                     bool with_seams)
{
    ParaLanesBlock *block = collide->block;
    ParaNarrowSeams seams_a, seams_b;
    Pair pair = {.seams_a = with_seams ? &seams_a : NULL, .seams_b = with_seams ? &seams_b : NULL};
    ParaNarrowShape *a = &pair.a, *b = &pair.b;
    para_narrow_gather(block->placed, items->first, room, a);
    para_narrow_gather(block->placed, items->second, room, b);
    para_narrow_shift(a, room, a->x, a->y);
    para_narrow_shift(b, room, a->x, a->y);
    Faces on_a, on_b;
    if (with_seams) {
        ParaVf zero = para_v_all(0.0f), x = b->x - a->x, y = b->y - a->y;
        para_narrow_gather_seams(collide, items->first, room, &seams_a);
        para_narrow_gather_seams(collide, items->second, room, &seams_b);
        Looks of_a, of_b;
        look(a, &seams_a, b, &seams_b, room, x, y, &of_a);
        look(b, &seams_b, a, &seams_a, room, zero, zero, &of_b);
        on_a = best_face_with_seams(a, &seams_a, &of_a, b, &of_b, room, x, y);
        on_b = best_face_with_seams(b, &seams_b, &of_b, a, &of_a, room, zero, zero);
    } else {
        on_a = best_face(a, b, room);
        on_b = best_face(b, a, room);
    }
    ParaVf radii = a->radius + b->radius;
    pair.limit = a->margin + b->margin + radii; // of the cores
    ParaVi near = (on_a.any <= pair.limit) & (on_b.any <= pair.limit);
    if (!para_v_bits(near)) {
        para_narrow_store_none(block->manifolds, items);
        return;
    }
    ParaVi turned = on_b.best > on_a.best + PARA_NARROW_PREFER; // b's face is the reference
    ParaVf best = para_v_select(turned, on_b.best, on_a.best);
    ParaVi allowed = near & (best > PARA_NARROW_NEVER);
    ParaNarrowResult result;
    ParaVi face = para_v_select_int(turned, on_b.face, on_a.face);
    if (with_seams) {
        collide_with_seams(&pair, room, turned, face, allowed, &result);
        try_others(&pair, room, &on_a, &on_b, turned, near, &result);
    } else {
        collide_on(&pair, room, turned, face, allowed, &result);
    }
    ParaVi round = near & (radii > 0.0f);
    if (para_v_bits(round)) {
        Corners corners = nearest_corners(a, b, room);
        if (with_seams) {
            ParaNarrowCone cone_a = para_narrow_cone(&seams_a, room, corners.id >> 3);
            ParaNarrowCone cone_b = para_narrow_cone(&seams_b, room, corners.id & 7);
            round &= para_narrow_allows(&cone_a, corners.ux, corners.uy) &
                     para_narrow_allows(&cone_b, -corners.ux, -corners.uy);
        }
        take_corners(a, b, &corners, round, best, pair.limit, &result);
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
