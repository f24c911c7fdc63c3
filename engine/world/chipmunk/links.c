// SPDX-License-Identifier: MIT
// Where a joint's anchors are, how far they are off, and the rows that say how this changes.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define LENGTH_MIN 1e-6 ///< [m] below, a line between two anchors has no direction of its own
#define TURN_MAX   0.7  ///< [rad] a substep's turn that is foreseen; beyond, motion is too coarse for it

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

/// From a's anchor to b's.
static cpVect direction_of(const ParaCpPlace *place)
{
    cpVect gap = cpvsub(cpvadd(place->at_b, place->arm_b), cpvadd(place->at_a, place->arm_a));
    double length = para_sqrt(cpvlengthsq(gap));
    return length > LENGTH_MIN ? cpvmult(gap, 1.0 / length) : cpv(1.0, 0.0);
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

void para_cp_link_measure(ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind)
{
    const cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
    link->place = (ParaCpPlace){.at_a = a->p,
                                .at_b = b->p,
                                .arm_a = cpTransformVect(a->transform, link->anchor_a),
                                .arm_b = cpTransformVect(b->transform, link->anchor_b),
                                .axis = cpTransformVect(a->transform, link->axis),
                                .angle = b->a - a->a - link->start};
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

void para_cp_link_foresee(ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind)
{
    if (kind == PARA_JOINT_SPRING)
        return;
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
    double error[3] = {0}, way, per = 1.0 / dt;
    para_cp_link_errors(link, kind, &then, error, &way);
    if (kind == PARA_JOINT_DISTANCE && !(2.0 * link->way > way && 2.0 * way > link->way))
        return; // it folds: a line's direction says nothing of the next one
    for (int i = 0; i < link->hold_count; i++)
        link->bend[i] =
            (error[i] - link->error[i]) * per - rate_of(&link->hold[i], a, b, turn_a * per, turn_b * per);
    if (link->driven)
        link->drive_bend = (way - link->way) * per - rate_of(&link->drive, a, b, turn_a * per, turn_b * per);
}
