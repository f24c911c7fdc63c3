// SPDX-License-Identifier: MIT
// Joints: how each kind becomes equations, and what is read back from them.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define ROPE_ANY 1e30 ///< [m] a rope may be as short as one likes
#define GAP_MIN  1e-5 ///< [m] anchors closer than this are one: how fast they part means nothing

static cpVect anchor(const ParaCpWorld *world, int body, ParaVec2 place)
{
    const ParaCpBodyData *data = &world->body_data[body];
    return cpv((double)place.x - data->centre_x, (double)place.y - data->centre_y);
}

static void pre_step(cpConstraint *constraint, cpFloat dt)
{
    (void)constraint;
    (void)dt;
}

static cpFloat no_impulse(cpConstraint *constraint)
{
    (void)constraint;
    return 0.0;
}

/// A constraint that pushes nothing: Chipmunk is to know which bodies do not collide.
static cpConstraint *tell_chipmunk(ParaCpWorld *world, const ParaJointDef *def)
{
    static const cpConstraintClass class = {pre_step, pre_step, pre_step, no_impulse};
    cpConstraint *told = para_cp_alloc(sizeof *told);
    cpConstraintInit(told, &class, world->bodies[def->a], world->bodies[def->b]);
    told->collideBodies = def->collide;
    return cpSpaceAddConstraint(world->space, told);
}

/// What a distance, a spring or a pulley holds; limits that leave no way between them are a rod.
static void build_line(ParaCpLink *link, const ParaJointDef *def)
{
    ParaCpPlace *place = &link->place;
    cpVect gap = cpvsub(cpvadd(place->at_b, place->arm_b), cpvadd(place->at_a, place->arm_a));
    if (def->kind == PARA_JOINT_SPRING) {
        link->hold_count = 1;
        link->rest = (double)def->rest;
        link->stiffness = (double)def->stiffness;
        link->damping = (double)def->damping;
        link->limited = def->limited;
    } else if (def->kind == PARA_JOINT_PULLEY) {
        link->wheel_a = cpv((double)def->wheel_a.x, (double)def->wheel_a.y);
        link->wheel_b = cpv((double)def->wheel_b.x, (double)def->wheel_b.y);
        link->ratio = (double)def->ratio;
        link->rest = link->upper = (double)def->rest;
        link->lower = -ROPE_ANY;
        link->limited = !def->rigid;
        link->hold_count = def->rigid;
    } else if (!def->limited || def->lower >= def->upper) {
        link->hold_count = 1;
        link->rest = def->limited ? (double)def->lower : para_sqrt(cpvlengthsq(gap));
    } else {
        link->limited = true;
    }
}

/// A gear, or a rack: what holds turns about middles.
static void build_turns(const ParaCpWorld *world, ParaCpLink *link, const ParaJointDef *def)
{
    link->ratio = (double)def->ratio;
    link->carrier = def->carrier;
    link->hold_count = 1;
    link->anchor_a = cpvzero;
    if (def->kind == PARA_JOINT_GEAR)
        link->anchor_b = cpvzero;
    para_cp_link_engage(world, link, def->kind);
}

void para_cp_build_joint(ParaCpWorld *world, int index)
{
    const ParaJointDef *def = &world->def.joints[index];
    const cpBody *a = world->bodies[def->a], *b = world->bodies[def->b];
    ParaCpLink *link = &world->links[index];
    PARA_ASSERT(a && b && a != b);
    *link = (ParaCpLink){.on = true,
                         .a = def->a,
                         .b = def->b,
                         .carrier = -1,
                         .anchor_a = anchor(world, def->a, def->anchor_a),
                         .anchor_b = anchor(world, def->b, def->anchor_b),
                         .axis = cpvnormalize(cpv((double)def->axis.x, (double)def->axis.y)),
                         .start = b->a - a->a,
                         .lower = (double)def->lower,
                         .upper = (double)def->upper};
    link->place = (ParaCpPlace){.at_a = a->p,
                                .at_b = b->p,
                                .arm_a = cpTransformVect(a->transform, link->anchor_a),
                                .arm_b = cpTransformVect(b->transform, link->anchor_b)};
    bool free = def->kind == PARA_JOINT_REVOLUTE || def->kind == PARA_JOINT_PRISMATIC;
    link->limited = free && def->limited;
    link->motored = free && def->motored;
    if (def->kind == PARA_JOINT_DISTANCE || def->kind == PARA_JOINT_SPRING || def->kind == PARA_JOINT_PULLEY)
        build_line(link, def);
    else if (def->kind == PARA_JOINT_GEAR || def->kind == PARA_JOINT_RACK)
        build_turns(world, link, def);
    else
        link->hold_count = def->kind == PARA_JOINT_WELD ? 3 : 2;
    link->driven = link->limited || link->motored;
    world->drive_count += link->driven;
    world->joints[index] = tell_chipmunk(world, def);
    world->joint_enabled[index] = 1;
}

/// Leaves whole turns out of an angle: it is near the middle of a hinge's limits, or 0. Gears take hold anew.
static void unwind(ParaCpWorld *world, int index)
{
    const ParaJointDef *def = &world->def.joints[index];
    ParaCpLink *link = &world->links[index];
    if (def->kind == PARA_JOINT_GEAR || def->kind == PARA_JOINT_RACK) {
        para_cp_link_engage(world, link, def->kind);
        return;
    }
    double angle = world->bodies[link->b]->a - world->bodies[link->a]->a - link->start, middle = 0.0;
    if (def->kind == PARA_JOINT_REVOLUTE && link->limited)
        middle = 0.5 * (link->lower + link->upper);
    link->start += PARA_TAU * __builtin_floor((angle - middle) / PARA_TAU + 0.5);
}

void para_cp_settle_joint(ParaCpWorld *world, int index, bool drawn)
{
    ParaCpLink *link = &world->links[index];
    cpConstraint *told = world->joints[index];
    bool on = !link->broken && world->enabled[link->a] && world->enabled[link->b] &&
              (link->carrier < 0 || world->enabled[link->carrier]);
    if (link->on && !on)
        cpSpaceRemoveConstraint(world->space, told);
    if (!link->on && on)
        cpSpaceAddConstraint(world->space, told);
    if (link->on || on) {
        link->motor = link->low = link->high = 0.0;
        link->impulse[0] = link->impulse[1] = link->impulse[2] = 0.0;
        world->joint_speed[index] = world->joint_load[index] = 0.0f;
    }
    link->on = on;
    link->drawn = on && drawn;
    world->joint_enabled[index] = on;
    if (!on)
        return;
    unwind(world, index);
    para_cp_publish_joint(world, index);
}

/// Where b's anchor is seen from a's, and how fast that changes, world frame.
static void anchors_apart(const ParaCpWorld *world, const ParaJointDef *def, cpVect *out_gap,
                          cpVect *out_speed)
{
    const cpBody *a = world->bodies[def->a], *b = world->bodies[def->b];
    cpVect r1 = cpTransformVect(a->transform, anchor(world, def->a, def->anchor_a));
    cpVect r2 = cpTransformVect(b->transform, anchor(world, def->b, def->anchor_b));
    *out_gap = cpvsub(cpvadd(b->p, r2), cpvadd(a->p, r1));
    *out_speed = cpvsub(cpvadd(b->v, cpvmult(cpvperp(r2), b->w)), cpvadd(a->v, cpvmult(cpvperp(r1), a->w)));
}

/// Of a pulley, gear or rack.
static void publish_transmission(ParaCpWorld *world, int index)
{
    ParaCpLink now = world->links[index];
    ParaJointKind kind = world->def.joints[index].kind;
    const cpBody *a = world->bodies[now.a], *b = world->bodies[now.b];
    const cpBody *c = now.carrier >= 0 ? world->bodies[now.carrier] : NULL;
    para_cp_link_measure(world, &now, kind);
    double speed = para_cp_row_speed(&now.hold[0], a, b) + para_cp_third_speed(world, &now), spin = a->w;
    if (c)
        spin -= c->w;
    if (kind == PARA_JOINT_GEAR)
        now.way = a->a - (c ? c->a : 0.0) - now.rest;
    else if (kind == PARA_JOINT_RACK)
        speed += now.ratio * spin; // the row is what b goes beyond that
    world->joint_angle[index] = (float)now.way;
    world->joint_speed[index] = (float)(kind == PARA_JOINT_GEAR ? spin : speed);
}

void para_cp_publish_joint(ParaCpWorld *world, int index)
{
    const ParaJointDef *def = &world->def.joints[index];
    const cpBody *a = world->bodies[def->a], *b = world->bodies[def->b];
    cpVect gap, speed;
    if (def->kind == PARA_JOINT_REVOLUTE) {
        world->joint_angle[index] = (float)(b->a - a->a - world->links[index].start);
        world->joint_speed[index] = (float)(b->w - a->w);
        return;
    }
    if (def->kind >= PARA_JOINT_PULLEY) {
        publish_transmission(world, index);
        return;
    }
    anchors_apart(world, def, &gap, &speed);
    if (def->kind == PARA_JOINT_PRISMATIC) {
        cpVect axis = cpTransformVect(a->transform, cpv((double)def->axis.x, (double)def->axis.y));
        // The axis turns with a, which takes part in the rate of the projection.
        world->joint_angle[index] = (float)cpvdot(gap, axis);
        world->joint_speed[index] = (float)(cpvdot(speed, axis) + cpvdot(gap, cpvperp(axis)) * a->w);
        return;
    }
    double length = para_sqrt(cpvlengthsq(gap));
    world->joint_angle[index] = (float)length;
    world->joint_speed[index] = length > GAP_MIN ? (float)(cpvdot(gap, speed) / length) : 0.0f;
}

void para_cp_publish_joints(ParaCpWorld *world, double step_seconds)
{
    PARA_ASSERT_HOT(step_seconds > 0.0);
    for (int i = 0; i < world->def.joint_count; i++) {
        if (!world->links[i].on)
            continue; // broken, or one of its bodies is gone
        para_cp_publish_joint(world, i);
        world->joint_load[i] = (float)(world->joint_sum[i] / step_seconds);
    }
}
