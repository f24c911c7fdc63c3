// SPDX-License-Identifier: MIT
// Joints: how each kind is made of Chipmunk's constraints, and what is read back from them.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define GROOVE_REACH 1e3 ///< [m] half length of a prismatic joint's rail without limits

static cpVect anchor(const ParaCpWorld *world, int body, ParaVec2 place)
{
    const ParaCpBodyData *data = &world->body_data[body];
    return cpv((double)place.x - data->centre_x, (double)place.y - data->centre_y);
}

static cpConstraint *add(ParaCpWorld *world, int joint, cpConstraint *constraint)
{
    constraint->collideBodies = world->def.joints[joint].collide;
    constraint->userData = (cpDataPointer)(uintptr_t)joint;
    return cpSpaceAddConstraint(world->space, constraint);
}

static void build_revolute(ParaCpWorld *world, int index, cpBody *a, cpBody *b, cpVect at_a, cpVect at_b)
{
    const ParaJointDef *def = &world->def.joints[index];
    ParaCpJoint *joint = &world->joints[index];
    double start = world->joint_start[index];
    joint->link = add(world, index, cpPivotJointNew2(a, b, at_a, at_b));
    if (def->limited)
        joint->angle =
            add(world, index,
                cpRotaryLimitJointNew(a, b, start + (double)def->lower, start + (double)def->upper));
    if (def->motored) {
        joint->motor = add(world, index, cpSimpleMotorNew(a, b, 0.0));
        joint->motor->maxForce = 0.0;
    }
}

static void build_prismatic(ParaCpWorld *world, int index, cpBody *a, cpBody *b, cpVect at_a, cpVect at_b)
{
    const ParaJointDef *def = &world->def.joints[index];
    ParaCpJoint *joint = &world->joints[index];
    cpVect axis = cpvnormalize(cpv((double)def->axis.x, (double)def->axis.y));
    double low = def->limited ? (double)def->lower : -GROOVE_REACH;
    double high = def->limited ? (double)def->upper : GROOVE_REACH;
    joint->link = add(world, index, para_cp_groove(a, b, at_a, at_b, axis, low, high));
    if (cpBodyGetType(a) == CP_BODY_TYPE_DYNAMIC && cpBodyGetType(b) == CP_BODY_TYPE_DYNAMIC)
        joint->straight = add(world, index, para_cp_straight_groove(joint->link));
    joint->angle = add(world, index, cpGearJointNew(a, b, world->joint_start[index], 1.0));
    if (def->motored) {
        joint->motor = add(world, index, para_cp_linear_motor(a, b, at_a, at_b, axis));
        joint->motor->maxForce = 0.0;
    }
}

void para_cp_build_joint(ParaCpWorld *world, int index)
{
    const ParaJointDef *def = &world->def.joints[index];
    ParaCpJoint *joint = &world->joints[index];
    cpBody *a = world->bodies[def->a], *b = world->bodies[def->b];
    cpVect at_a = anchor(world, def->a, def->anchor_a), at_b = anchor(world, def->b, def->anchor_b);
    PARA_ASSERT(a && b && a != b);
    world->joint_start[index] = b->a - a->a;
    switch (def->kind) {
    case PARA_JOINT_REVOLUTE:
        build_revolute(world, index, a, b, at_a, at_b);
        break;
    case PARA_JOINT_PRISMATIC:
        build_prismatic(world, index, a, b, at_a, at_b);
        break;
    case PARA_JOINT_WELD:
        joint->link = add(world, index, cpPivotJointNew2(a, b, at_a, at_b));
        joint->angle = add(world, index, cpGearJointNew(a, b, world->joint_start[index], 1.0));
        break;
    case PARA_JOINT_DISTANCE:
        joint->link =
            add(world, index,
                def->limited ? cpSlideJointNew(a, b, at_a, at_b, (double)def->lower, (double)def->upper)
                             : cpPinJointNew(a, b, at_a, at_b));
        break;
    case PARA_JOINT_SPRING:
        joint->link = add(world, index,
                          cpDampedSpringNew(a, b, at_a, at_b, (double)def->rest, (double)def->stiffness,
                                            (double)def->damping));
        break;
    }
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

static void publish_joint(ParaCpWorld *world, int index)
{
    const ParaJointDef *def = &world->def.joints[index];
    const cpBody *a = world->bodies[def->a], *b = world->bodies[def->b];
    cpVect gap, speed;
    if (def->kind == PARA_JOINT_REVOLUTE) {
        world->joint_angle[index] = (float)(b->a - a->a - world->joint_start[index]);
        world->joint_speed[index] = (float)(b->w - a->w);
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
    world->joint_speed[index] = length > 1e-9 ? (float)(cpvdot(gap, speed) / length) : 0.0f;
}

void para_cp_publish_joints(ParaCpWorld *world, double step_seconds)
{
    PARA_ASSERT_HOT(step_seconds > 0.0);
    for (int i = 0; i < world->def.joint_count; i++) {
        if (!world->joints[i].link)
            continue; // one of its bodies is gone
        publish_joint(world, i);
        world->joint_load[i] = (float)(world->joint_sum[i] / step_seconds);
    }
}
