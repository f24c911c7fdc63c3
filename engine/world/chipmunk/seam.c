// SPDX-License-Identifier: MIT
// Seams of polygons and segments (engine/world/seams.h): a contact whose normal a shape may not have, since a
// neighbour stands there, gets the normal of the uncovered face that is least deep, and points on it; where
// none is left it is dropped, for it is the neighbour's. Seams of a chain's own pieces are in chain.c.
#include "engine/world/chipmunk/toi.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define FACE_SLACK 1e-6 ///< [1] one minus the cosine between a normal and that of a face it is of

/// A shape with seams; the world's heap holds them.
struct ParaCpSeamed {
    int count; ///< [1] points and faces
    double radius;
    cpVect points[PARA_POLYGON_POINTS_MAX];  ///< [m] about the body's centre of mass
    cpVect normals[PARA_POLYGON_POINTS_MAX]; ///< of face i, from point i to the next
    ParaSeams seams;
};

static void fill(const ParaCpWorld *world, int shape, ParaCpSeamed *to)
{
    const ParaShapeDef *def = &world->def.shapes[shape];
    const ParaCpBodyData *data = &world->body_data[def->body];
    to->count = (int)def->point_count;
    to->radius = (double)def->radius;
    for (int i = 0; i < to->count; i++) {
        ParaVec2 p = world->def.points[def->point_first + (uint32_t)i];
        to->points[i] = cpv((double)p.x - data->centre_x, (double)p.y - data->centre_y);
    }
    for (int i = 0; i < to->count; i++)
        to->normals[i] = cpvrperp(cpvnormalize(cpvsub(to->points[(i + 1) % to->count], to->points[i])));
}

void para_cp_find_seams(ParaCpWorld *world)
{
    ParaSeamSearch search;
    ParaSeams found;
    int count = 0;
    para_seam_search_begin(&search, &world->def, world->enabled);
    for (int i = 0; i < world->def.shape_count; i++) {
        ParaShapeKind kind = world->def.shapes[i].kind;
        bool seamed =
            (kind == PARA_SHAPE_POLYGON || kind == PARA_SHAPE_SEGMENT) && para_seams_find(&search, i, &found);
        world->seam_of[i] = seamed ? (int16_t)count++ : -1;
    }
    if (count > world->seamed_max) {
        para_cp_free(world->seamed);
        world->seamed = para_cp_alloc(sizeof(ParaCpSeamed) * (size_t)count);
        world->seamed_max = count;
    }
    for (int i = 0; i < world->def.shape_count; i++)
        if (world->seam_of[i] >= 0) {
            ParaCpSeamed *to = &world->seamed[world->seam_of[i]];
            fill(world, i, to);
            para_seams_find(&search, i, &to->seams);
        }
    para_cp_find_chain_ends(world, &search);
}

static bool is_covered(const ParaCpSeamed *shape, int face)
{
    return (shape->seams.covered >> face & 1u) != 0;
}

/// The other shape's points in the seamed one's frame.
static ParaCpHull seen_from(const cpBody *body, const cpShape *other)
{
    ParaCpHull hull = para_cp_hull(other, 0.0);
    cpTransform back = cpTransformInverse(body->transform);
    for (int i = 0; i < hull.count; i++)
        hull.points[i] = cpTransformPoint(back, cpTransformPoint(other->body->transform, hull.points[i]));
    return hull;
}

/// A point of the other shape's surface and how deep it is under a face.
typedef struct Under {
    cpVect point; ///< [m] in the seamed shape's frame
    double depth; ///< [m]
} Under;

static Under under(const ParaCpSeamed *shape, int face, const ParaCpHull *other, cpVect p)
{
    cpVect n = shape->normals[face];
    double height = cpvdot(n, cpvsub(p, shape->points[face])) - shape->radius - other->radius;
    return (Under){cpvsub(p, cpvmult(n, other->radius)), -height};
}

/// The part of the other shape that lies along a face, cut to the face's length. @return 0..2 points
static int lie_along(const ParaCpSeamed *shape, int face, const ParaCpHull *other, Under out[2])
{
    cpVect n = shape->normals[face], along = cpvperp(n), origin = shape->points[face];
    double length = cpvdist(origin, shape->points[(face + 1) % shape->count]);
    double first = -(double)shape->seams.begin[face], last = length + (double)shape->seams.end[face];
    int best = 0, next = 0;
    for (int i = 1; i < other->count; i++)
        if (cpvdot(n, other->points[i]) < cpvdot(n, other->points[best]))
            best = i;
    if (other->count > 1) { // of its two edges the one that lies flatter
        int left = (best + other->count - 1) % other->count, right = (best + 1) % other->count;
        cpVect to_left = cpvnormalize(cpvsub(other->points[left], other->points[best]));
        cpVect to_right = cpvnormalize(cpvsub(other->points[right], other->points[best]));
        next = cpvdot(n, to_left) < cpvdot(n, to_right) ? left : right;
    }
    cpVect ends[2] = {other->points[best], other->points[next]};
    double places[2] = {cpvdot(along, cpvsub(ends[0], origin)), cpvdot(along, cpvsub(ends[1], origin))};
    double way = places[1] - places[0];
    int count = 0;
    for (int i = 0; i < (other->count > 1 ? 2 : 1); i++) {
        double place = para_clamp(places[i], first, last);
        if (place != places[i] &&
            (__builtin_fabs(way) < 1e-9 || (places[1 - i] - place) * (places[i] - place) > 0.0))
            continue; // all of it lies beyond the end
        cpVect p = place == places[i] ? ends[i] : cpvlerp(ends[0], ends[1], (place - places[0]) / way);
        out[count++] = under(shape, face, other, p);
    }
    double middle = count == 2   ? 0.5 * (cpvdot(along, cpvsub(out[0].point, origin)) +
                                        cpvdot(along, cpvsub(out[1].point, origin)))
                    : count == 1 ? cpvdot(along, cpvsub(out[0].point, origin))
                                 : 0.0;
    if (middle < (double)shape->seams.from[face] || middle > (double)shape->seams.to[face])
        return 0; // something else stands in front there
    return count;
}

/// Whether a shape may be pushed away from along the unit vector `d`, of its body's frame.
static bool allows(const ParaCpSeamed *shape, const ParaCpHull *other, cpVect d)
{
    int farthest = 0;
    for (int i = 0; i < shape->count; i++) {
        if (!is_covered(shape, i) && cpvdot(d, shape->normals[i]) > 1.0 - FACE_SLACK) {
            bool open = shape->seams.from[i] <= -PARA_SEAM_FREE && shape->seams.to[i] >= PARA_SEAM_FREE;
            if (open)
                return true;
            Under points[2];
            return lie_along(shape, i, other, points) > 0;
        }
        if (cpvdot(d, shape->points[i]) > cpvdot(d, shape->points[farthest]))
            farthest = i;
    }
    return para_seam_allows(&shape->seams.corner[farthest], (ParaVec2){(float)d.x, (float)d.y});
}

/// How thick the shape is behind a face [m].
static double thickness(const ParaCpSeamed *shape, int face)
{
    double most = 0.0;
    for (int i = 0; i < shape->count; i++)
        most = para_max(most, cpvdot(shape->normals[face], cpvsub(shape->points[face], shape->points[i])));
    return most + 2.0 * shape->radius;
}

/// The uncovered face under which what lies along it of the other shape lies least deep, -1 if there is none.
/// All of the other shape would not do: of a wide floor one end is far above a box that leans a little. What
/// is deeper than the shape is thick lies behind it, not in it: pushed out here, it would be thrown by
/// metres.
static int least_deep(const ParaCpSeamed *shape, const ParaCpHull *other)
{
    int best = -1;
    double least = PARA_INFINITY;
    for (int face = 0; face < shape->count; face++) {
        Under points[2];
        if (is_covered(shape, face))
            continue;
        double deepest = -PARA_INFINITY;
        for (int i = lie_along(shape, face, other, points) - 1; i >= 0; i--)
            deepest = para_max(deepest, points[i].depth);
        if (deepest > -PARA_INFINITY && deepest < least && deepest <= thickness(shape, face)) {
            best = face;
            least = deepest;
        }
    }
    return best;
}

/// Whether a corner may not push as the other one of its faces does: things glide over it.
static bool glides(const ParaCpSeamed *shape, int corner, cpVect d)
{
    return !para_seam_allows(&shape->seams.corner[corner], (ParaVec2){(float)d.x, (float)d.y});
}

/// A face that a neighbour goes on with, and under which the other shape lies hardly at all; -1 if there is
/// none. What lies so is pushed that way, and not against the end of the face.
static int gliding(const ParaCpSeamed *shape, const ParaCpHull *other, cpVect d, double hardly)
{
    for (int face = 0; face < shape->count; face++) {
        int next = (face + 1) % shape->count, before = (face + shape->count - 1) % shape->count;
        if (is_covered(shape, face) || cpvdot(d, shape->normals[face]) > 1.0 - FACE_SLACK)
            continue;
        if (!glides(shape, face, shape->normals[before]) && !glides(shape, next, shape->normals[next]))
            continue;
        double deepest = -PARA_INFINITY;
        for (int i = 0; i < other->count; i++)
            deepest = para_max(deepest, under(shape, face, other, other->points[i]).depth);
        if (deepest < hardly)
            return face;
    }
    return -1;
}

/// Lays the contact on a face of the seamed shape, which is the arbiter's a or b.
static bool lay_on(cpArbiter *arbiter, const ParaCpSeamed *shape, int face, const ParaCpHull *other,
                   bool is_a, double slop)
{
    const cpBody *body = is_a ? arbiter->body_a : arbiter->body_b;
    cpVect n = cpTransformVect(body->transform, shape->normals[face]);
    Under points[2];
    int found = lie_along(shape, face, other, points), kept = 0;
    if (found == 2 && arbiter->count == 1 && points[1].depth > points[0].depth)
        points[0] = points[1];
    for (int i = 0; i < found && kept < arbiter->count; i++) {
        if (points[i].depth < -slop)
            continue;
        cpVect on_other = cpTransformPoint(body->transform, points[i].point);
        cpVect on_shape = cpvadd(on_other, cpvmult(n, points[i].depth));
        struct cpContact *contact = &arbiter->contacts[kept++];
        contact->r1 = cpvsub(is_a ? on_shape : on_other, arbiter->body_a->p);
        contact->r2 = cpvsub(is_a ? on_other : on_shape, arbiter->body_b->p);
    }
    arbiter->n = is_a ? n : cpvneg(n);
    arbiter->count = kept;
    return kept > 0;
}

bool para_cp_lay_on_piece(cpArbiter *arbiter, bool is_a, cpVect n)
{
    const cpShape *shape = is_a ? arbiter->a : arbiter->b, *other = is_a ? arbiter->b : arbiter->a;
    const cpSegmentShape *piece = (const cpSegmentShape *)shape;
    ParaCpHull hull = seen_from(shape->body, other);
    bool turned = cpvdot(n, cpvperp(cpvsub(piece->tb, piece->ta))) > 0.0;
    ParaCpSeamed flat = {.count = 2, .radius = piece->r, .points = {piece->a, piece->b}};
    if (turned) {
        flat.points[0] = piece->b;
        flat.points[1] = piece->a;
    }
    flat.normals[0] = cpTransformVect(cpTransformInverse(shape->body->transform), n);
    flat.seams.from[0] = -PARA_SEAM_FREE;
    flat.seams.to[0] = PARA_SEAM_FREE;
    return lay_on(arbiter, &flat, 0, &hull, is_a, shape->space->collisionSlop);
}

/// @return false if the contact is a neighbour's
static bool heed(const ParaCpWorld *world, cpArbiter *arbiter, bool is_a)
{
    const cpShape *shape = is_a ? arbiter->a : arbiter->b, *other = is_a ? arbiter->b : arbiter->a;
    int index = world->seam_of[para_cp_index_of(shape)];
    if (index < 0)
        return true;
    const ParaCpSeamed *seamed = &world->seamed[index];
    cpVect out = is_a ? arbiter->n : cpvneg(arbiter->n);
    cpVect d = cpTransformVect(cpTransformInverse(shape->body->transform), out);
    ParaCpHull hull = seen_from(shape->body, other);
    double slop = world->space->collisionSlop;
    int face = gliding(seamed, &hull, d, 2.0 * slop);
    if (face < 0 && allows(seamed, &hull, d))
        return true;
    if (face < 0)
        face = least_deep(seamed, &hull);
    return face >= 0 && lay_on(arbiter, seamed, face, &hull, is_a, slop);
}

bool para_cp_heed_seams(const ParaCpWorld *world, cpArbiter *arbiter)
{
    return heed(world, arbiter, true) && heed(world, arbiter, false);
}
