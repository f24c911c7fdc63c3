// SPDX-License-Identifier: MIT
// Copies of what a view shows, and poses that move without a solver.
#include "agents/model/moment.h"

#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <string.h>

enum { X, Y, ANGLE, COS, SIN, VX, VY, SPIN, MASS, CENTRE_X, CENTRE_Y, FRICTION, BODY_FLOATS };
enum { JOINT_ANGLE, JOINT_FLOATS };

ParaMoment para_moment_create(const ParaWorldDef *def, ParaArena *arena)
{
    ParaMoment m = {.view = {.def = def, .stride = 1}, .inputs = {.stride = 1}};
    size_t bodies = (size_t)def->body_count, joints = (size_t)def->joint_count;
    float *b = m.bodies = PARA_NEW(arena, float, BODY_FLOATS *bodies + 1);
    m.joints = PARA_NEW(arena, float, JOINT_FLOATS *joints + 1);
    m.driven = PARA_NEW(arena, float, 2 * joints + (size_t)def->thruster_count + 3 * bodies + 1);
    m.zone_bits = PARA_NEW(arena, uint32_t, bodies + 1);
    m.on = PARA_NEW(arena, uint8_t, bodies + joints + 1);
    m.zones = PARA_NEW(arena, ParaZoneState, (size_t)def->zone_count + 1);
    ParaView *v = &m.view;
    v->x = b + X * bodies, v->y = b + Y * bodies, v->angle = b + ANGLE * bodies;
    v->cos = b + COS * bodies, v->sin = b + SIN * bodies;
    v->vx = b + VX * bodies, v->vy = b + VY * bodies, v->spin = b + SPIN * bodies;
    v->mass = b + MASS * bodies, v->friction = b + FRICTION * bodies;
    v->centre_x = b + CENTRE_X * bodies, v->centre_y = b + CENTRE_Y * bodies;
    v->zone_bits = m.zone_bits, v->enabled = m.on, v->joint_enabled = m.on + bodies;
    v->joint_angle = m.joints, v->zones = m.zones;
    m.inputs.motor_rate = m.driven, m.inputs.motor_max = m.driven + joints;
    m.inputs.throttle = m.driven + 2 * joints;
    m.inputs.force_x = m.inputs.throttle + def->thruster_count;
    m.inputs.force_y = m.inputs.force_x + bodies, m.inputs.torque = m.inputs.force_y + bodies;
    return m;
}

static void gather(float *to, const float *from, int count, int stride)
{
    for (int i = 0; i < count; i++)
        to[i] = from[i * stride];
}

void para_moment_take_inputs(ParaMoment *m, const ParaInputs *in)
{
    const ParaWorldDef *def = m->view.def;
    gather(m->inputs.motor_rate, in->motor_rate, def->joint_count, in->stride);
    gather(m->inputs.motor_max, in->motor_max, def->joint_count, in->stride);
    gather(m->inputs.throttle, in->throttle, def->thruster_count, in->stride);
    gather(m->inputs.force_x, in->force_x, def->body_count, in->stride);
    gather(m->inputs.force_y, in->force_y, def->body_count, in->stride);
    gather(m->inputs.torque, in->torque, def->body_count, in->stride);
}

void para_moment_take_body(ParaMoment *m, const ParaView *v, int b)
{
    int n = v->def->body_count, i = b * v->stride;
    const float *const from[BODY_FLOATS] = {[X] = v->x,
                                            [Y] = v->y,
                                            [ANGLE] = v->angle,
                                            [COS] = v->cos,
                                            [SIN] = v->sin,
                                            [VX] = v->vx,
                                            [VY] = v->vy,
                                            [SPIN] = v->spin,
                                            [MASS] = v->mass,
                                            [CENTRE_X] = v->centre_x,
                                            [CENTRE_Y] = v->centre_y,
                                            [FRICTION] = v->friction};
    for (int f = 0; f < BODY_FLOATS; f++)
        m->bodies[f * n + b] = from[f][i];
}

void para_moment_take_rules(ParaMoment *m, const ParaView *v)
{
    int bodies = v->def->body_count, joints = v->def->joint_count, stride = v->stride;
    for (int b = 0; b < bodies; b++) {
        m->zone_bits[b] = v->zone_bits[b * stride];
        m->on[b] = v->enabled[b * stride];
    }
    for (int j = 0; j < joints; j++)
        m->on[bodies + j] = v->joint_enabled[j * stride];
    if (v->def->zone_count > 0)
        memcpy(m->zones, v->zones, (size_t)v->def->zone_count * sizeof *m->zones);
    m->view.gravity = v->gravity;
}

void para_moment_take(ParaMoment *m, const ParaView *v)
{
    for (int b = 0; b < v->def->body_count; b++)
        para_moment_take_body(m, v, b);
    gather(m->joints, v->joint_angle, v->def->joint_count, v->stride);
    para_moment_take_rules(m, v);
    m->view.substeps = v->substeps;
    m->view.step = v->step;
    m->view.time = v->time;
}

void para_moment_read(const ParaView *v, float *place, float *motion)
{
    for (int b = 0; b < v->def->body_count; b++) {
        int i = b * v->stride;
        if (place) {
            place[3 * b] = v->centre_x[i];
            place[3 * b + 1] = v->centre_y[i];
            place[3 * b + 2] = v->angle[i];
        }
        if (motion) {
            motion[3 * b] = v->vx[i];
            motion[3 * b + 1] = v->vy[i];
            motion[3 * b + 2] = v->spin[i];
        }
    }
}

static void put(ParaMoment *m, const ParaModelFacts *facts, int b, float x, float y, float angle)
{
    size_t n = (size_t)m->view.def->body_count, i = (size_t)b;
    double sine, cosine;
    para_sincos((double)angle, &sine, &cosine);
    float c = (float)cosine, s = (float)sine;
    ParaVec2 centre = facts->bodies[b].centre;
    m->bodies[CENTRE_X * n + i] = x;
    m->bodies[CENTRE_Y * n + i] = y;
    m->bodies[ANGLE * n + i] = angle;
    m->bodies[COS * n + i] = c;
    m->bodies[SIN * n + i] = s;
    m->bodies[X * n + i] = x - (c * centre.x - s * centre.y);
    m->bodies[Y * n + i] = y - (s * centre.x + c * centre.y);
}

static void set_motion(ParaMoment *m, int b, const float *motion)
{
    size_t n = (size_t)m->view.def->body_count, i = (size_t)b;
    m->bodies[VX * n + i] = motion[0];
    m->bodies[VY * n + i] = motion[1];
    m->bodies[SPIN * n + i] = motion[2];
}

void para_moment_push(ParaMoment *m, int b, const float *by)
{
    const ParaView *v = &m->view;
    set_motion(m, b, (float[3]){v->vx[b] + by[0], v->vy[b] + by[1], v->spin[b] + by[2]});
}

/// Where a point of a body's frame is.
static ParaVec2 place_of(const ParaView *v, int b, ParaVec2 local)
{
    return (ParaVec2){v->x[b] + v->cos[b] * local.x - v->sin[b] * local.y,
                      v->y[b] + v->sin[b] * local.x + v->cos[b] * local.y};
}

/// [rad] that a body has turned since the start, against a carrier, -1: the world.
static float turned_by(const ParaView *v, int body, int carrier)
{
    float own = v->angle[body] - v->def->bodies[body].angle;
    return carrier < 0 ? own : own - turned_by(v, carrier, -1);
}

/// [m] way of a rack along its axis since the start.
static float way_of(const ParaView *v, const ParaJointDef *j)
{
    const ParaBodyDef *b = &v->def->bodies[j->b], *c = j->carrier < 0 ? NULL : &v->def->bodies[j->carrier];
    ParaPoint then = para_body_place(b, j->anchor_b), from = {0, 0};
    ParaVec2 now = place_of(v, j->b, j->anchor_b);
    double x0 = (double)j->axis.x, y0 = (double)j->axis.y, x = x0, y = y0, sx = 0.0, sy = 0.0;
    if (c) {
        ParaPoint tip = para_frame_place((ParaVec2){0, 0}, (double)c->angle, j->axis);
        double cc = (double)v->cos[j->carrier], cs = (double)v->sin[j->carrier];
        x = cc * x0 - cs * y0, y = cs * x0 + cc * y0;
        x0 = tip.x, y0 = tip.y;
        from = (ParaPoint){(double)c->position.x, (double)c->position.y};
        sx = (double)v->x[j->carrier], sy = (double)v->y[j->carrier];
    }
    return (float)(((double)now.x - sx) * x + ((double)now.y - sy) * y - (then.x - from.x) * x0 -
                   (then.y - from.y) * y0);
}

static float rope_of(const ParaView *v, ParaVec2 wheel, int body, ParaVec2 local)
{
    ParaVec2 at = place_of(v, body, local);
    return sqrtf((at.x - wheel.x) * (at.x - wheel.x) + (at.y - wheel.y) * (at.y - wheel.y));
}

/// What follows from poses: angles of hinges, ways of sliders, lengths; of gears and racks since the start.
static void follow_joints(ParaMoment *m)
{
    const ParaView *v = &m->view;
    for (int j = 0; j < v->def->joint_count; j++) {
        const ParaJointDef *joint = &v->def->joints[j];
        const ParaBodyDef *a = &v->def->bodies[joint->a], *b = &v->def->bodies[joint->b];
        ParaVec2 at_a = place_of(v, joint->a, joint->anchor_a), at_b = place_of(v, joint->b, joint->anchor_b);
        float x = at_b.x - at_a.x, y = at_b.y - at_a.y, c = v->cos[joint->a], s = v->sin[joint->a];
        if (joint->kind == PARA_JOINT_REVOLUTE)
            m->joints[j] = v->angle[joint->b] - v->angle[joint->a] - (b->angle - a->angle);
        else if (joint->kind == PARA_JOINT_PRISMATIC)
            m->joints[j] =
                (c * joint->axis.x - s * joint->axis.y) * x + (s * joint->axis.x + c * joint->axis.y) * y;
        else if (joint->kind == PARA_JOINT_DISTANCE || joint->kind == PARA_JOINT_SPRING ||
                 joint->kind == PARA_JOINT_WELD)
            m->joints[j] = sqrtf(x * x + y * y);
        else if (joint->kind == PARA_JOINT_PULLEY)
            m->joints[j] = rope_of(v, joint->wheel_a, joint->a, joint->anchor_a) +
                           joint->ratio * rope_of(v, joint->wheel_b, joint->b, joint->anchor_b);
        else
            m->joints[j] =
                joint->kind == PARA_JOINT_GEAR ? turned_by(v, joint->a, joint->carrier) : way_of(v, joint);
    }
}

void para_moment_move(ParaMoment *m, const ParaModelFacts *facts, const float *after, const float *mean,
                      float seconds)
{
    const ParaView *v = &m->view;
    for (int b = 0; b < v->def->body_count; b++) {
        if (!v->enabled[b] || v->def->bodies[b].kind == PARA_BODY_STATIC)
            continue;
        const float *rate = mean + 3 * b;
        put(m, facts, b, v->centre_x[b] + seconds * rate[0], v->centre_y[b] + seconds * rate[1],
            v->angle[b] + seconds * rate[2]);
        set_motion(m, b, after + 3 * b);
    }
    follow_joints(m);
}

void para_moment_shake(ParaMoment *m, const ParaModelFacts *facts, float size, ParaRng *rng)
{
    const ParaView *v = &m->view;
    for (int b = 0; b < v->def->body_count && size > 0.0f; b++) {
        const ParaModelBody *body = &facts->bodies[b];
        if (!(body->inverse_mass > 0.0f) || !v->enabled[b])
            continue;
        float by[6], turn = body->inverse_inertia > 0.0f ? 1.0f / fmaxf(body->radius, 0.05f) : 0.0f;
        for (int k = 0; k < 6; k++)
            by[k] = size * (float)para_rng_normal(rng);
        put(m, facts, b, v->centre_x[b] + by[0], v->centre_y[b] + by[1], v->angle[b] + turn * by[2]);
        set_motion(m, b,
                   (float[3]){v->vx[b] + 5 * by[3], v->vy[b] + 5 * by[4], v->spin[b] + 5 * turn * by[5]});
    }
    follow_joints(m);
}
