// SPDX-License-Identifier: MIT
// A linear motor: a constraint of our own, solved in Chipmunk's iterations like its simple motor. It
// drives the speed of b's anchor along an axis fixed in a towards a rate, with at most maxForce.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"

typedef struct LinearMotor {
    cpConstraint constraint;   // first: Chipmunk sees only this
    cpVect anchor_a, anchor_b; ///< [m] body frames
    cpVect axis;               ///< unit, a's frame
    cpFloat rate;              ///< [m/s] of b away from a along the axis
    cpVect r1, r2, direction;  ///< world frame, of the present step
    cpFloat effective_mass;    ///< [kg]
    cpFloat impulse;           ///< [N s] accumulated in the step, for warm starting
} LinearMotor;

static void pre_step(cpConstraint *constraint, cpFloat dt)
{
    (void)dt;
    LinearMotor *motor = (LinearMotor *)constraint;
    cpBody *a = constraint->a, *b = constraint->b;
    motor->r2 = cpTransformVect(b->transform, motor->anchor_b);
    // The force acts on both bodies along one line, through b's anchor.
    motor->r1 = cpvsub(cpvadd(b->p, motor->r2), a->p);
    motor->direction = cpTransformVect(a->transform, motor->axis);
    motor->effective_mass = 1.0 / k_scalar(a, b, motor->r1, motor->r2, motor->direction);
    PARA_ASSERT_HOT(motor->effective_mass > 0.0); // one of the two bodies is dynamic
}

static void apply_cached(cpConstraint *constraint, cpFloat dt_coefficient)
{
    LinearMotor *motor = (LinearMotor *)constraint;
    apply_impulses(constraint->a, constraint->b, motor->r1, motor->r2,
                   cpvmult(motor->direction, motor->impulse * dt_coefficient));
}

static void apply_impulse_now(cpConstraint *constraint, cpFloat dt)
{
    LinearMotor *motor = (LinearMotor *)constraint;
    cpBody *a = constraint->a, *b = constraint->b;
    cpFloat speed = normal_relative_velocity(a, b, motor->r1, motor->r2, motor->direction);
    cpFloat most = constraint->maxForce * dt, before = motor->impulse;
    motor->impulse = cpfclamp(before + (motor->rate - speed) * motor->effective_mass, -most, most);
    apply_impulses(a, b, motor->r1, motor->r2, cpvmult(motor->direction, motor->impulse - before));
}

static cpFloat get_impulse(cpConstraint *constraint) { return cpfabs(((LinearMotor *)constraint)->impulse); }

cpConstraint *para_cp_linear_motor(cpBody *a, cpBody *b, cpVect anchor_a, cpVect anchor_b, cpVect axis)
{
    static const cpConstraintClass class = {pre_step, apply_cached, apply_impulse_now, get_impulse};
    LinearMotor *motor = para_cp_alloc(sizeof *motor);
    cpConstraintInit(&motor->constraint, &class, a, b);
    motor->anchor_a = anchor_a;
    motor->anchor_b = anchor_b;
    motor->axis = axis;
    return &motor->constraint;
}

void para_cp_linear_motor_rate(cpConstraint *motor, double rate) { ((LinearMotor *)motor)->rate = rate; }
