// SPDX-License-Identifier: MIT
// What a dream's view tells of joints: angles, ways and lengths from where bodies are, loads from what the
// model says; and which of them hold.
#include "agents/dream/dream_world.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <math.h>

typedef struct Spot {
    double x, y, vx, vy; ///< [m] [m/s] of an anchor, world frame
} Spot;

static Spot spot(const ParaDreamWorld *world, int b, ParaVec2 local)
{
    double c = (double)world->cos[b], s = (double)world->sin[b];
    double x = (double)world->x[b] + c * (double)local.x - s * (double)local.y;
    double y = (double)world->y[b] + s * (double)local.x + c * (double)local.y;
    double spin = (double)world->spin[b];
    return (Spot){x, y, (double)world->vx[b] - spin * (y - (double)world->centre_y[b]),
                  (double)world->vy[b] + spin * (x - (double)world->centre_x[b])};
}

/// Way along an axis that turns with `body`, -1: with the world, from `from` to `to`.
static double way_along(const ParaDreamWorld *world, int body, ParaVec2 axis, Spot from, Spot to,
                        double *out_speed)
{
    double c = body >= 0 ? (double)world->cos[body] : 1.0, s = body >= 0 ? (double)world->sin[body] : 0.0;
    double x = c * (double)axis.x - s * (double)axis.y, y = s * (double)axis.x + c * (double)axis.y;
    double dx = to.x - from.x, dy = to.y - from.y, spin = body >= 0 ? (double)world->spin[body] : 0.0;
    *out_speed = (to.vx - from.vx) * x + (to.vy - from.vy) * y + spin * (dy * x - dx * y);
    return dx * x + dy * y;
}

static double length_from(Spot from, Spot to, double *out_speed)
{
    double x = to.x - from.x, y = to.y - from.y, length = para_sqrt(x * x + y * y);
    *out_speed = length > 1e-9 ? (x * (to.vx - from.vx) + y * (to.vy - from.vy)) / length : 0.0;
    return length;
}

/// Length of a rope over a wheel that stands in the world.
static double rope(const ParaDreamWorld *world, ParaVec2 wheel, int body, ParaVec2 anchor, double *out_speed)
{
    return length_from((Spot){.x = (double)wheel.x, .y = (double)wheel.y}, spot(world, body, anchor),
                       out_speed);
}

static Spot middle_of(const ParaDreamWorld *world, int carrier)
{
    if (carrier < 0)
        return (Spot){0};
    return (Spot){(double)world->centre_x[carrier], (double)world->centre_y[carrier],
                  (double)world->vx[carrier], (double)world->vy[carrier]};
}

/// Where a joint is, counted from nothing. @param speed out
static double measure(const ParaDreamWorld *world, const ParaJointDef *j, double *speed)
{
    double other, value;
    int carrier = para_joint_carrier(j);
    switch (j->kind) {
    case PARA_JOINT_REVOLUTE:
        *speed = (double)world->spin[j->b] - (double)world->spin[j->a];
        return (double)world->angle[j->b] - (double)world->angle[j->a];
    case PARA_JOINT_PRISMATIC:
        return way_along(world, j->a, j->axis, spot(world, j->a, j->anchor_a), spot(world, j->b, j->anchor_b),
                         speed);
    case PARA_JOINT_GEAR:
        *speed = (double)world->spin[j->a] - (carrier >= 0 ? (double)world->spin[carrier] : 0.0);
        return (double)world->angle[j->a] - (carrier >= 0 ? (double)world->angle[carrier] : 0.0);
    case PARA_JOINT_RACK:
        return way_along(world, carrier, j->axis, middle_of(world, carrier), spot(world, j->b, j->anchor_b),
                         speed);
    case PARA_JOINT_PULLEY:
        value = rope(world, j->wheel_a, j->a, j->anchor_a, speed);
        value += (double)j->ratio * rope(world, j->wheel_b, j->b, j->anchor_b, &other);
        *speed += (double)j->ratio * other;
        return value;
    case PARA_JOINT_WELD:
    case PARA_JOINT_DISTANCE:
    case PARA_JOINT_SPRING:
        break;
    }
    return length_from(spot(world, j->a, j->anchor_a), spot(world, j->b, j->anchor_b), speed);
}

void para_dream_show_joint(ParaDreamWorld *world, int joint)
{
    double speed = 0.0, value = measure(world, &world->def.joints[joint], &speed);
    world->joint_angle[joint] = (float)(value - (double)world->joint_begin[joint]);
    world->joint_speed[joint] = (float)speed;
}

void para_dream_show_joints(ParaDreamWorld *world)
{
    for (int j = 0; j < world->def.joint_count; j++)
        if (world->joint_enabled[j])
            para_dream_show_joint(world, j);
}

/// From where a joint counts that takes hold now: hinges leave out whole turns, gears and racks begin.
static void engage(ParaDreamWorld *world, int joint)
{
    const ParaJointDef *j = &world->def.joints[joint];
    double speed, value = measure(world, j, &speed), begin = 0.0;
    if (j->kind == PARA_JOINT_REVOLUTE) {
        double start = (double)world->def.bodies[j->b].angle - (double)world->def.bodies[j->a].angle;
        double middle = j->limited ? 0.5 * ((double)j->lower + (double)j->upper) : 0.0;
        begin = start + PARA_TAU * __builtin_floor((value - start - middle) / PARA_TAU + 0.5);
    } else if (j->kind == PARA_JOINT_GEAR || j->kind == PARA_JOINT_RACK) {
        begin = value;
    }
    world->joint_begin[joint] = (float)begin;
    para_dream_show_joint(world, joint);
}

void para_dream_settle_joint(ParaDreamWorld *world, int joint)
{
    const ParaJointDef *j = &world->def.joints[joint];
    int carrier = para_joint_carrier(j);
    bool on = world->joint_whole[joint] && world->enabled[j->a] && world->enabled[j->b] &&
              (carrier < 0 || world->enabled[carrier]);
    world->joint_enabled[joint] = on;
    world->joint_load[joint] = world->joint_speed[joint] = 0.0f;
    if (on)
        engage(world, joint);
}

void para_dream_settle_body(ParaDreamWorld *world, int body)
{
    for (int i = 0; i < world->def.joint_count; i++) {
        const ParaJointDef *j = &world->def.joints[i];
        if (j->a == body || j->b == body || para_joint_carrier(j) == body)
            para_dream_settle_joint(world, i);
    }
}

void para_dream_allow(ParaDreamWorld *world, int joint)
{
    int a = world->def.joints[joint].a, b = world->def.joints[joint].b, n = world->def.body_count;
    ParaWorldDef loose = world->def;
    loose.joint_count = 0;
    bool may = para_bodies_may_collide(&loose, a, b);
    for (int i = 0; i < world->def.joint_count; i++) {
        const ParaJointDef *j = &world->def.joints[i];
        bool joins = (j->a == a && j->b == b) || (j->a == b && j->b == a);
        may = may && !(joins && world->joint_whole[i] && !j->collide);
    }
    world->facts.meet[a * n + b] = world->facts.meet[b * n + a] = may;
}

/// [N s] at the anchors: of a hinge both axes, of a slider across and along, of a rope along it; of a gear
/// [N m s].
static float load_of(const ParaJointDef *joint, const ParaEdge *e, const float *impulses)
{
    if (joint->kind == PARA_JOINT_GEAR)
        return fabsf(impulses[0] * e->rows[0].arm_a);
    float second = e->row_count > 1 ? impulses[1] : 0.0f;
    return sqrtf(impulses[0] * impulses[0] + second * second);
}

void para_dream_take_loads(ParaDreamWorld *world, const ParaDreamScratch *scratch, int edge, int end)
{
    for (int j = 0; j < world->def.joint_count; j++)
        world->joint_load[j] = 0.0f;
    for (int i = edge; i < end; i++) {
        const ParaEdge *e = &scratch->dreaming.graph.edges[i];
        const float *impulses = scratch->dreaming.impulses + PARA_EDGE_ROWS * i;
        if (e->kind != PARA_EDGE_CONTACT)
            world->joint_load[e->of_a] = load_of(&world->def.joints[e->of_a], e, impulses) /
                                         para_model_seconds(&scratch->dreaming.model->def, &world->def);
    }
}
