// SPDX-License-Identifier: MIT
// Chains: one segment per piece, and the rule that lets bodies cross their seams. The end of a piece
// pushes a body along the surface (a ball that rolls is kicked, a box is caught) although the next piece
// goes on there. Chipmunk's own cure, cpSegmentShapeSetNeighbors, drops such contacts by comparing with
// an exact zero: boxes on flat seams lose support to rounding (hops of 17 m/s seen) and sink into valleys
// (0.55 m seen). So contacts are kept, and a normal that leans past the end of its piece and towards the
// neighbour is replaced by the piece's own, and the points by those that lie along it: the old ones tell how
// deep the shapes are another way. At a peak it does not lean towards the neighbour and stays. The side is
// that of the other shape's middle where this is clear, and not the normal's: the corner of a pit is soon
// nearer to the far side of a blade's tip than to the near one, and would draw all of it through the ground.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/one_way.h"

#define LEAN_MIN 1e-9 ///< [1] sine of the angle a normal leans before it counts: rounding
#define SIDE_MIN 0.3  ///< [1] cosine to the face below which a normal never tells the side

static cpVect corner(const ParaCpWorld *world, const ParaShapeDef *def, uint32_t point)
{
    const ParaCpBodyData *data = &world->body_data[def->body];
    ParaVec2 p = world->def.points[def->point_first + point];
    return cpv((double)p.x - data->centre_x, (double)p.y - data->centre_y);
}

static uint32_t common_divisor(uint32_t a, uint32_t b) { return b == 0 ? a : common_divisor(b, a % b); }

/// How far on the next piece is that enters Chipmunk's tree. One after the other they would make a list of
/// it, and each would go past all before it; by strides of the golden section those that are in are spread
/// over the whole chain at any time, also backwards, as a body's shapes come back that was taken away.
static uint32_t stride_of(uint32_t count)
{
    uint32_t stride = (uint32_t)(0.6180339887 * (double)count) + 1;
    while (common_divisor(stride, count) != 1)
        stride++;
    return stride;
}

void para_cp_build_chain(ParaCpWorld *world, int index)
{
    const ParaShapeDef *def = &world->def.shapes[index];
    cpBody *body = world->bodies[def->body];
    uint32_t last = def->point_count - 1, stride = stride_of(last);
    bool closed = last > 2 && cpvdistsq(corner(world, def, 0), corner(world, def, last)) < 1e-8;
    for (uint32_t n = 0, i = 0; n < last; n++, i = (i + stride) % last) {
        cpVect a = corner(world, def, i), b = corner(world, def, i + 1);
        cpVect before = i > 0 ? corner(world, def, i - 1) : closed ? corner(world, def, last - 1) : a;
        cpVect after = i + 1 < last ? corner(world, def, i + 2) : closed ? corner(world, def, 1) : b;
        int piece = world->seam_count + (int)i;
        // cpvnormalize gives zero for zero, and nothing leans towards zero.
        world->seams[piece] = (ParaCpSeam){cpvnormalize(cpvsub(before, a)), cpvnormalize(cpvsub(after, b))};
        cpShape *shape = cpSegmentShapeNew(body, a, b, (double)def->radius);
        shape->type = PARA_CP_TYPE_PIECE;
        para_cp_add_shape(world, index, piece, shape);
    }
    world->seam_count += (int)last;
}

void para_cp_find_chain_ends(ParaCpWorld *world, const ParaSeamSearch *search)
{
    int first = 0;
    for (int i = 0; i < world->def.shape_count; i++) {
        const ParaShapeDef *def = &world->def.shapes[i];
        if (def->kind != PARA_SHAPE_CHAIN)
            continue;
        ParaSeamEnds ends = {{0.0f, 0.0f}, {0.0f, 0.0f}};
        uint32_t last = def->point_count - 1;
        bool closed = last > 2 && cpvdistsq(corner(world, def, 0), corner(world, def, last)) < 1e-8;
        if (!closed) {
            para_seam_ends_find(search, i, &ends);
            world->seams[first].at_a = cpv((double)ends.first.x, (double)ends.first.y);
            world->seams[first + (int)last - 1].at_b = cpv((double)ends.last.x, (double)ends.last.y);
        }
        first += (int)last;
    }
    PARA_ASSERT(first == world->seam_count);
}

/// Whether a place is on the same side of a piece and of its neighbour, be that the pit's or the peak's: then
/// it tells on which side the shape around it is. All three ways lead away from the corner.
static bool tells_side(cpVect piece, cpVect neighbour, cpVect place)
{
    double open = cpvcross(piece, neighbour);
    return (cpvcross(piece, place) * open > 0.0) == (cpvcross(place, neighbour) * open > 0.0);
}

/// The normal a contact should have; `normal` goes from the piece to the other shape.
static cpVect straightened(const ParaCpWorld *world, const cpShape *shape, const cpShape *other,
                           cpVect normal)
{
    const cpSegmentShape *piece = (const cpSegmentShape *)shape;
    PARA_ASSERT_HOT(para_cp_piece_of(shape) < world->seam_count);
    const ParaCpSeam *seam = &world->seams[para_cp_piece_of(shape)];
    double lean = cpvdot(normal, cpvperp(piece->tn));
    if (lean <= LEAN_MIN && lean >= -LEAN_MIN)
        return normal;
    // tn is the left normal of a -> b or its opposite; ask the ends which way is out.
    bool past_b = cpvdot(normal, cpvsub(piece->tb, piece->ta)) > 0.0;
    cpVect neighbour = cpTransformVect(shape->body->transform, past_b ? seam->at_b : seam->at_a);
    if (cpvdot(normal, neighbour) <= LEAN_MIN)
        return normal; // a peak, or the end of the chain
    cpVect end = past_b ? piece->tb : piece->ta, start = past_b ? piece->ta : piece->tb;
    cpVect middle = cpvsub(cpBBCenter(other->bb), end); // no convex shape lacks its box's
    double side = cpvdot(normal, piece->tn);
    if ((side < SIDE_MIN && side > -SIDE_MIN) || tells_side(cpvsub(start, end), neighbour, middle))
        side = cpvdot(middle, piece->tn);
    return side < 0.0 ? cpvneg(piece->tn) : piece->tn;
}

/// Puts a circle's contact under its centre along the new normal (from circle to piece): the old point
/// lies aside of it, where the spin of a rolling ball would count as an approach.
static void move_under_centre(cpArbiter *arbiter)
{
    const cpCircleShape *circle = (const cpCircleShape *)arbiter->a;
    const cpSegmentShape *piece = (const cpSegmentShape *)arbiter->b;
    cpVect normal = arbiter->n;
    double way = cpvdot(cpvsub(piece->ta, circle->tc), normal) - piece->r; // [m] centre to surface
    arbiter->contacts[0].r1 = cpvsub(cpvadd(circle->tc, cpvmult(normal, circle->r)), arbiter->body_a->p);
    arbiter->contacts[0].r2 = cpvsub(cpvadd(circle->tc, cpvmult(normal, way)), arbiter->body_b->p);
}

/// Whether a one-way platform holds what touches it.
static bool holds(const ParaCpWorld *world, const cpArbiter *arbiter, const cpShape *shape, cpVect out)
{
    if (!world->def.shapes[para_cp_index_of(shape)].one_way)
        return true;
    const cpBody *own = shape->body, *other = own == arbiter->body_a ? arbiter->body_b : arbiter->body_a;
    cpVect up = cpTransformVect(own->transform, cpv(0.0, 1.0));
    bool any = arbiter->count == 0;
    for (int i = 0; i < arbiter->count; i++) {
        const struct cpContact *contact = &arbiter->contacts[i];
        bool is_a = own == arbiter->body_a;
        cpVect apart =
            cpvadd(cpvsub(contact->r2, contact->r1), cpvsub(arbiter->body_b->p, arbiter->body_a->p));
        cpVect speed = relative_velocity((cpBody *)own, (cpBody *)other, is_a ? contact->r1 : contact->r2,
                                         is_a ? contact->r2 : contact->r1);
        any = any || para_one_way_holds(cpvdot(out, up), -cpvdot(apart, arbiter->n), cpvdot(speed, up),
                                        1.0 / (double)world->def.rate,
                                        para_cp_is_marked(arbiter, PARA_CP_MARK_HELD));
    }
    return any;
}

static bool is_held(const ParaCpWorld *world, cpArbiter *arbiter)
{
    bool held = holds(world, arbiter, arbiter->a, arbiter->n) &&
                holds(world, arbiter, arbiter->b, cpvneg(arbiter->n));
    para_cp_mark(arbiter, PARA_CP_MARK_HELD, held && arbiter->count > 0);
    return held;
}

cpBool para_cp_straighten(cpArbiter *arbiter, cpSpace *space, cpDataPointer unused)
{
    (void)unused;
    const ParaCpWorld *world = space->userData;
    cpVect before = arbiter->n;
    if (world->def.friction_rule == PARA_FRICTION_ROOT_OF_SQUARES) {
        double a = arbiter->a->u, b = arbiter->b->u;
        arbiter->u = para_sqrt(a * a + b * b); // Chipmunk took the product
    }
    if (world->def.restitution_rule == PARA_RESTITUTION_LEAST)
        arbiter->e = para_min(arbiter->a->e, arbiter->b->e);
    // Chipmunk orders a pair by kind: circle, segment, polygon.
    bool is_a = arbiter->a->type == PARA_CP_TYPE_PIECE;
    if (is_a)
        arbiter->n = straightened(world, arbiter->a, arbiter->b, before);
    else if (arbiter->b->type == PARA_CP_TYPE_PIECE)
        arbiter->n = cpvneg(straightened(world, arbiter->b, arbiter->a, cpvneg(before)));
    if (!cpveql(arbiter->n, before)) {
        if (arbiter->a->klass->type == CP_CIRCLE_SHAPE)
            move_under_centre(arbiter);
        else if (!para_cp_lay_on_piece(arbiter, is_a, is_a ? arbiter->n : cpvneg(arbiter->n)))
            return cpFalse;
    }
    return para_cp_heed_seams(world, arbiter) && (!world->any_one_way || is_held(world, arbiter)) ? cpTrue
                                                                                                  : cpFalse;
}
