// SPDX-License-Identifier: MIT
// Where a joint's anchors are, how far they are off, and the rows that say how this changes.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#define LENGTH_MIN 1e-6 ///< [m] below, a line between two anchors has no direction of its own
#define TURN_MAX   0.7  ///< [rad] a substep's turn that is foreseen; beyond, motion is too coarse for it

/// From a wheel of a pulley to what hangs from it.
static cpVect rope_way(const ParaCpLink *link, const ParaCpPlace *place, bool of_b)
{
    return of_b ? cpvsub(cpvadd(place->at_b, place->arm_b), link->wheel_b)
                : cpvsub(cpvadd(place->at_a, place->arm_a), link->wheel_a);
}

static double rope_of(const ParaCpLink *link, const ParaCpPlace *place, bool of_b)
{
    return para_sqrt(cpvlengthsq(rope_way(link, place, of_b)));
}

void para_cp_link_errors(const ParaCpLink *link, ParaJointKind kind, const ParaCpPlace *place,
                         double error[3], double *out_way)
{
    cpVect gap =
        cpvsub(cpvadd(place->at_b, place->arm_b), cpvadd(place->at_a, place->arm_a)); // b's anchor from a's
    switch (kind) {
    case PARA_JOINT_REVOLUTE:
    case PARA_JOINT_WELD:
        error[0] = gap.x;
        error[1] = gap.y;
        error[2] = place->angle;
        *out_way = place->angle;
        break;
    case PARA_JOINT_PRISMATIC:
        error[0] = cpvcross(place->axis, gap);
        error[1] = place->angle;
        *out_way = cpvdot(place->axis, gap);
        break;
    case PARA_JOINT_DISTANCE:
    case PARA_JOINT_SPRING:
        *out_way = para_sqrt(cpvlengthsq(gap));
        error[0] = *out_way - link->rest;
        break;
    case PARA_JOINT_PULLEY:
        *out_way = rope_of(link, place, false) + link->ratio * rope_of(link, place, true);
        error[0] = *out_way - link->rest;
        break;
    case PARA_JOINT_GEAR:
        *out_way = error[0] = place->angle;
        break;
    case PARA_JOINT_RACK:
        *out_way = cpvdot(place->axis, cpvsub(cpvadd(place->at_b, place->arm_b), place->at_c)) - link->rest;
        error[0] = *out_way - link->ratio * place->angle;
        break;
    }
}

/// A force along `direction` through b's anchor, and back on a.
static ParaCpRow line_row(const ParaCpPlace *place, cpVect direction)
{
    cpVect from_a = cpvsub(cpvadd(place->at_b, place->arm_b), place->at_a);
    return (ParaCpRow){{-direction.x, -direction.y, -cpvcross(from_a, direction)},
                       {direction.x, direction.y, cpvcross(place->arm_b, direction)}};
}

static const ParaCpRow turn_row = {{0.0, 0.0, -1.0}, {0.0, 0.0, 1.0}};

static void pin_rows(ParaCpLink *link)
{
    const ParaCpPlace *p = &link->place;
    link->hold[0] = (ParaCpRow){{-1.0, 0.0, p->arm_a.y}, {1.0, 0.0, -p->arm_b.y}};
    link->hold[1] = (ParaCpRow){{0.0, -1.0, -p->arm_a.x}, {0.0, 1.0, p->arm_b.x}};
}

static cpVect unit_of(cpVect way)
{
    double length = para_sqrt(cpvlengthsq(way));
    return length > LENGTH_MIN ? cpvmult(way, 1.0 / length) : cpv(1.0, 0.0);
}

/// From a's anchor to b's.
static cpVect direction_of(const ParaCpPlace *place)
{
    return unit_of(cpvsub(cpvadd(place->at_b, place->arm_b), cpvadd(place->at_a, place->arm_a)));
}

static bool jams(const ParaCpLink *link, bool of_b)
{
    return para_pulley_jams(rope_of(link, &link->place, of_b), rope_of(link, &link->place, !of_b),
                            (of_b ? link->node_a : link->node_b) >= 0);
}

double para_cp_pulley_bound(const ParaCpLink *link)
{
    double a = rope_of(link, &link->place, false), b = rope_of(link, &link->place, true);
    if (jams(link, false) || jams(link, true))
        return 0.5 * para_max(a, b);
    return 0.5 * para_min(a, b);
}

static ParaCpRow pulley_row(const ParaCpLink *link)
{
    const ParaCpPlace *place = &link->place;
    cpVect a = unit_of(rope_way(link, place, false)),
           b = cpvmult(unit_of(rope_way(link, place, true)), link->ratio);
    if (jams(link, false))
        a = cpvzero;
    if (jams(link, true))
        b = cpvzero;
    return (ParaCpRow){{a.x, a.y, cpvcross(place->arm_a, a)}, {b.x, b.y, cpvcross(place->arm_b, b)}};
}

/// Along the axis for b, and back on the carrier; turning for a, and back on the carrier.
static void rack_rows(ParaCpLink *link)
{
    const ParaCpPlace *place = &link->place;
    cpVect axis = place->axis, from_c = cpvsub(cpvadd(place->at_b, place->arm_b), place->at_c);
    link->hold[0] = (ParaCpRow){{0.0, 0.0, -link->ratio}, {axis.x, axis.y, cpvcross(place->arm_b, axis)}};
    link->third[0] = -axis.x;
    link->third[1] = -axis.y;
    link->third[2] = link->ratio - cpvcross(from_c, axis);
}

static void find_rows(ParaCpLink *link, ParaJointKind kind)
{
    const ParaCpPlace *place = &link->place;
    switch (kind) {
    case PARA_JOINT_REVOLUTE:
        pin_rows(link);
        link->drive = turn_row;
        break;
    case PARA_JOINT_WELD:
        pin_rows(link);
        link->hold[2] = turn_row;
        break;
    case PARA_JOINT_PRISMATIC:
        link->hold[0] = line_row(place, cpvperp(place->axis));
        link->hold[1] = turn_row;
        link->drive = line_row(place, place->axis);
        break;
    case PARA_JOINT_DISTANCE:
    case PARA_JOINT_SPRING:
        link->drive = line_row(place, direction_of(place));
        link->hold[0] = link->drive;
        break;
    case PARA_JOINT_PULLEY:
        link->hold[0] = link->drive = pulley_row(link);
        break;
    case PARA_JOINT_GEAR:
        link->hold[0] = (ParaCpRow){{0.0, 0.0, 1.0}, {0.0, 0.0, link->ratio}};
        link->third[2] = -(1.0 + link->ratio);
        break;
    case PARA_JOINT_RACK:
        rack_rows(link);
        break;
    }
}

/// Whether something of a drawn link is still farther off than is mended at once.
static bool is_far(const ParaCpWorld *world, const ParaCpLink *link)
{
    double past = link->limited ? para_max(link->way - link->upper, link->lower - link->way) : 0.0;
    double square = 0.0; // of a pin's two directions together; the others have hardly more than one
    for (int i = 0; i < link->hold_count; i++)
        square += link->error[i] * link->error[i];
    past = para_max(past, para_sqrt(square));
    return past * world->mend > (double)PARA_JOINT_DRAW_SPEED * world->dt;
}

ParaCpPlace para_cp_link_place(const ParaCpWorld *world, const ParaCpLink *link, ParaJointKind kind)
{
    const cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
    ParaCpPlace place = {.at_a = a->p,
                         .at_b = b->p,
                         .arm_a = cpTransformVect(a->transform, link->anchor_a),
                         .arm_b = cpTransformVect(b->transform, link->anchor_b),
                         .axis = cpTransformVect(a->transform, link->axis),
                         .angle = b->a - a->a - link->start};
    if (kind != PARA_JOINT_GEAR && kind != PARA_JOINT_RACK)
        return place;
    const cpBody *c = link->carrier >= 0 ? world->bodies[link->carrier] : NULL;
    double angle = c ? c->a : 0.0, turned = a->a - angle;
    place.at_c = c ? c->p : cpvzero;
    place.axis = c ? cpTransformVect(c->transform, link->axis) : link->axis;
    place.angle = (kind == PARA_JOINT_GEAR ? turned + link->ratio * (b->a - angle) : turned) - link->start;
    return place;
}

void para_cp_link_engage(const ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind)
{
    double error[3];
    link->start = link->rest = 0.0;
    ParaCpPlace place = para_cp_link_place(world, link, kind);
    link->start = place.angle;
    if (kind == PARA_JOINT_GEAR)
        link->rest = world->bodies[link->a]->a - (link->carrier >= 0 ? world->bodies[link->carrier]->a : 0.0);
    else
        para_cp_link_errors(link, kind, &place, error, &link->rest);
}

void para_cp_link_measure(ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind)
{
    link->place = para_cp_link_place(world, link, kind);
    find_rows(link, kind);
    para_cp_link_errors(link, kind, &link->place, link->error, &link->way);
    for (int i = 0; i < 3; i++)
        link->bend[i] = link->impulse[i] = 0.0;
    link->drive_bend = 0.0;
    if (link->drawn)
        link->drawn = is_far(world, link);
    PARA_ASSERT_HOT(link->hold_count > 0 || link->driven);
}

/// cos and sin of a turn within TURN_MAX: the series' next terms are below 3e-8.
static cpVect small_turn(double x)
{
    double y = x * x;
    return cpv(1.0 - y * (0.5 - y * (1.0 / 24.0 - y * (1.0 / 720.0 - y * (1.0 / 40320.0)))),
               x * (1.0 - y * (1.0 / 6.0 - y * (1.0 / 120.0 - y * (1.0 / 5040.0 - y * (1.0 / 362880.0))))));
}

/// What a row's rate is when bodies turn with these spins.
static double rate_of(const ParaCpRow *row, const cpBody *a, const cpBody *b, double spin_a, double spin_b)
{
    return (row->a[0] * a->v.x + row->a[1] * a->v.y + row->a[2] * spin_a) +
           (row->b[0] * b->v.x + row->b[1] * b->v.y + row->b[2] * spin_b);
}

/// Where the carrier of a rack will be. @return what it adds to the rate of the row
static double foresee_carrier(const ParaCpWorld *world, const ParaCpLink *link, ParaCpPlace *then,
                              double turn_a)
{
    then->axis = link->place.axis;
    then->angle = link->place.angle + turn_a;
    if (link->carrier < 0)
        return 0.0;
    const cpBody *c = world->bodies[link->carrier];
    double turn = para_clamp(c->w * world->dt, -TURN_MAX, TURN_MAX);
    then->at_c = cpvadd(link->place.at_c, cpvmult(c->v, world->dt));
    then->axis = cpvrotate(link->place.axis, small_turn(turn));
    then->angle -= turn;
    return link->third[0] * c->v.x + link->third[1] * c->v.y + link->third[2] * turn / world->dt;
}

static bool changes_much(double now, double then) { return !(2.0 * now > then && 2.0 * then > now); }

/// Whether a line gets so much shorter or longer that its direction means nothing any more.
static bool folds(const ParaCpLink *link, ParaJointKind kind, const ParaCpPlace *then, double way)
{
    if (kind == PARA_JOINT_PULLEY)
        return jams(link, false) || jams(link, true) ||
               changes_much(rope_of(link, &link->place, false), rope_of(link, then, false)) ||
               changes_much(rope_of(link, &link->place, true), rope_of(link, then, true));
    return (kind == PARA_JOINT_DISTANCE || kind == PARA_JOINT_SPRING) && changes_much(link->way, way);
}

void para_cp_link_foresee(ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind)
{
    if ((kind == PARA_JOINT_SPRING && !link->driven) || kind == PARA_JOINT_GEAR)
        return; // a spring yields, and a gear's rate is that of angles
    for (int i = 0; i < 3; i++)
        link->bend_before[i] = link->bend[i];
    link->drive_bend_before = link->drive_bend;
    const cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
    double dt = world->dt, turn_a = para_clamp(a->w * dt, -TURN_MAX, TURN_MAX),
           turn_b = para_clamp(b->w * dt, -TURN_MAX, TURN_MAX);
    cpVect about_a = small_turn(turn_a), about_b = small_turn(turn_b);
    const ParaCpPlace *now = &link->place;
    ParaCpPlace then = {.at_a = cpvadd(now->at_a, cpvmult(a->v, dt)),
                        .at_b = cpvadd(now->at_b, cpvmult(b->v, dt)),
                        .arm_a = cpvrotate(now->arm_a, about_a),
                        .arm_b = cpvrotate(now->arm_b, about_b),
                        .axis = cpvrotate(now->axis, about_a),
                        .angle = now->angle + (turn_b - turn_a)};
    double error[3] = {0}, way, per = 1.0 / dt, third = 0.0;
    if (kind == PARA_JOINT_RACK)
        third = foresee_carrier(world, link, &then, turn_a);
    para_cp_link_errors(link, kind, &then, error, &way);
    if (folds(link, kind, &then, way))
        return; // a line's direction says nothing of the next one
    for (int i = 0; i < link->hold_count && kind != PARA_JOINT_SPRING; i++)
        link->bend[i] = (error[i] - link->error[i]) * per -
                        (rate_of(&link->hold[i], a, b, turn_a * per, turn_b * per) + third);
    if (link->driven)
        link->drive_bend = (way - link->way) * per - rate_of(&link->drive, a, b, turn_a * per, turn_b * per);
}
