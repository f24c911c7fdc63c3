// SPDX-License-Identifier: MIT
// Bodies with a velocity or position rule of their own: gravity scale, damping, and `fast` bodies whose
// move stops at the first obstacle. Chipmunk moves bodies before it looks for contacts, so a move that
// ends slightly inside an obstacle, with its velocity kept, is a normal contact for the same step.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define SWEEP_SHARE 0.9 ///< [1] of the radius used for the ray: sliding contacts do not count as hits

void para_cp_velocity(cpBody *body, cpVect gravity, cpFloat damping, cpFloat dt)
{
    (void)damping;
    const ParaCpWorld *world = body->space->userData;
    const ParaCpBodyData *data = &world->body_data[(uintptr_t)body->userData];
    cpVect push = cpvadd(cpvmult(gravity, data->gravity_scale), cpvmult(body->f, body->m_inv));
    double linear = data->linear_damping, angular = data->angular_damping;
    double keep_v = linear > 0.0 ? para_exp(-linear * dt) : 1.0,
           keep_w = angular == linear ? keep_v : para_exp(-angular * dt);
    body->v = cpvadd(cpvmult(body->v, keep_v), cpvmult(push, dt));
    body->w = body->w * keep_w + body->t * body->i_inv * dt;
    body->f = cpvzero;
    body->t = 0.0;
}

typedef struct Sweep {
    cpBody *body;
    cpVect from, move;
    double alpha;
} Sweep;

static bool joined(const cpBody *a, const cpBody *b)
{
    for (const cpConstraint *c = a->constraintList; c; c = a == c->a ? c->next_a : c->next_b)
        if (!c->collideBodies && ((c->a == a && c->b == b) || (c->a == b && c->b == a)))
            return true;
    return false;
}

static void note_hit(cpShape *shape, cpVect point, cpVect normal, cpFloat alpha, void *data)
{
    (void)point;
    Sweep *sweep = data;
    if (alpha >= sweep->alpha || joined(sweep->body, shape->body))
        return;
    if (alpha <= 0.0) {
        // Touching from the start: a move along or away is free; the solver pushes out what is inside.
        cpPointQueryInfo place;
        if (cpShapePointQuery(shape, sweep->from, &place) < 0.0)
            return;
        normal = place.gradient;
    }
    if (cpvdot(normal, sweep->move) < 0.0)
        sweep->alpha = alpha;
}

void para_cp_move_swept(cpBody *body, cpFloat dt)
{
    const ParaCpWorld *world = body->space->userData;
    const ParaCpBodyData *data = &world->body_data[(uintptr_t)body->userData];
    cpVect move = cpvmult(cpvadd(body->v, body->v_bias), dt), velocity = body->v;
    double limit = 0.5 * data->sweep_radius;
    if (cpvlengthsq(move) > limit * limit) {
        Sweep sweep = {body, body->p, move, 1.0};
        cpSpaceSegmentQuery(body->space, body->p, cpvadd(body->p, move), SWEEP_SHARE * data->sweep_radius,
                            data->sweep_filter, note_hit, &sweep);
        PARA_ASSERT_HOT(sweep.alpha >= 0.0 && sweep.alpha <= 1.0);
        if (sweep.alpha < 1.0) {
            body->v = cpvmult(move, sweep.alpha / dt);
            body->v_bias = cpvzero;
        }
    }
    cpBodyUpdatePosition(body, dt);
    body->v = velocity;
}
