// SPDX-License-Identifier: MIT
// The rail of a prismatic joint: Chipmunk's groove, laid so that it holds. Chipmunk asks for the impulse that
// would stop all motion of the groove's point and keeps its part across the groove. Where the point is off
// the bodies' centres, what stops motion along the groove has such a part too, so that a slider that moves is
// pushed off its rail: 0.3 m were seen. Used by joints.c.
#include "engine/world/chipmunk/cp.h"

/// A direction of one body's frame in another's.
static cpVect across(const cpBody *from, const cpBody *to, cpVect v)
{
    return cpTransformVect(cpTransformInverse(to->transform), cpTransformVect(from->transform, v));
}

cpConstraint *para_cp_groove(cpBody *a, cpBody *b, cpVect at_a, cpVect at_b, cpVect axis, double low,
                             double high)
{
    // The gear keeps the bodies' angle, so a line parallel to the anchors' will do as well: for the centre of
    // the body that runs, in the one that stands, if one does. Then nothing turns, and the groove is right.
    if (cpBodyGetType(b) == CP_BODY_TYPE_DYNAMIC) {
        cpVect from = cpvsub(at_a, across(b, a, at_b));
        return cpGrooveJointNew(a, b, cpvadd(from, cpvmult(axis, low)), cpvadd(from, cpvmult(axis, high)),
                                cpvzero);
    }
    cpVect from = cpvsub(at_b, across(a, b, at_a)), back = across(a, b, cpvneg(axis));
    return cpGrooveJointNew(b, a, cpvadd(from, cpvmult(back, low)), cpvadd(from, cpvmult(back, high)),
                            cpvzero);
}

/// A constraint that only corrects the groove before it, once both are prepared for a step.
typedef struct Straight {
    cpConstraint constraint; // first: Chipmunk sees only this
    cpGrooveJoint *groove;
} Straight;

/// Takes motion along the groove out of the impulse across it. At an end both directions are held, and
/// Chipmunk's own mass is right.
static void pre_step(cpConstraint *constraint, cpFloat dt)
{
    (void)dt;
    cpGrooveJoint *groove = ((Straight *)constraint)->groove;
    if (groove->clamp != 0.0)
        return;
    cpFloat mass = 1.0 / k_scalar(constraint->a, constraint->b, groove->r1, groove->r2, groove->grv_tn);
    groove->k = cpMat2x2New(mass, 0.0, 0.0, mass);
}

static void do_nothing(cpConstraint *constraint, cpFloat dt)
{
    (void)constraint;
    (void)dt;
}

static cpFloat no_impulse(cpConstraint *constraint)
{
    (void)constraint;
    return 0.0;
}

cpConstraint *para_cp_straight_groove(cpConstraint *groove)
{
    static const cpConstraintClass class = {pre_step, do_nothing, do_nothing, no_impulse};
    Straight *straight = para_cp_alloc(sizeof *straight);
    cpConstraintInit(&straight->constraint, &class, groove->a, groove->b);
    straight->groove = (cpGrooveJoint *)groove;
    return &straight->constraint;
}
