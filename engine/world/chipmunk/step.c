// SPDX-License-Identifier: MIT
// One step of one world, and the sudden acts between steps.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"

#include <math.h>

void para_cp_diverge(ParaCpWorld *world, int body)
{
    PARA_ASSERT(body >= -1 && body < world->def.body_count);
    world->view.status = PARA_WORLD_DIVERGED;
    world->view.diverged_body = body;
    world->view.event_count = 0;
    world->view.contact_count = 0;
}

/// Hands the motors their targets. @return false if one is not finite
static bool set_motors(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.joint_count; i++) {
        cpConstraint *motor = world->joints[i].motor;
        if (!motor)
            continue;
        double rate = (double)world->inputs.motor_rate[i], most = (double)world->inputs.motor_max[i];
        if (!isfinite(rate) || !isfinite(most)) {
            para_cp_diverge(world, world->def.joints[i].b);
            return false;
        }
        motor->maxForce = most > 0.0 ? most : 0.0;
        if (world->def.joints[i].kind == PARA_JOINT_REVOLUTE)
            ((cpSimpleMotor *)motor)->rate = -rate; // Chipmunk counts a relative to b
        else
            para_cp_linear_motor_rate(motor, rate);
    }
    return true;
}

static void push_bodies(ParaCpWorld *world)
{
    const ParaInputs *inputs = &world->inputs;
    for (int i = 0; i < world->def.body_count; i++) {
        if (world->body_data[i].mass <= 0.0 || !world->enabled[i])
            continue;
        cpBody *body = world->bodies[i];
        body->f.x += (double)inputs->force_x[i];
        body->f.y += (double)inputs->force_y[i];
        body->t += (double)inputs->torque[i];
        if (world->zone_bits[i] != 0) {
            double x, y, mass = world->body_data[i].mass;
            para_zones_push(world->zones, world->zone_bits[i], body->v.x, body->v.y, world->dt, &x, &y);
            body->f.x += mass * x;
            body->f.y += mass * y;
        }
    }
}

/// [substep] Chipmunk moves bodies before their velocities change: a force acts a substep late, and lift is
/// damped like an implicit spring if it is looked at half a substep farther.
#define AHEAD 1.5

/// Wet bodies get the fluid's push, and the fluid that moves along as inertia of this substep; dry ones their
/// own.
static void soak_bodies(ParaCpWorld *world)
{
    for (int i = 0, first = 0; i < world->def.body_count; i++) {
        int end = first;
        while (end < world->def.shape_count && world->def.shapes[end].body == i)
            end++;
        const ParaCpBodyData *data = &world->body_data[i];
        cpBody *body = world->bodies[i];
        ParaFluidBody place = {.shape_first = first,
                               .shape_end = end,
                               .mass = body->m,
                               .inertia = body->i,
                               .local_x = data->centre_x,
                               .local_y = data->centre_y,
                               .x = body->p.x,
                               .y = body->p.y,
                               .cos = body->transform.a,
                               .sin = body->transform.b,
                               .vx = body->v.x,
                               .vy = body->v.y,
                               .spin = body->w};
        first = end;
        if (data->mass <= 0.0 || !world->enabled[i])
            continue;
        ParaFluidPush wet = {0};
        para_fluid_push(&world->def, world->zones, world->fluid_bits, &place, world->dt, AHEAD * world->dt,
                        &wet);
        body->m_inv = 1.0 / (body->m + wet.mass);
        body->i_inv = 1.0 / (body->i + wet.inertia);
        // Gravity is an acceleration for Chipmunk; it pulls at the body's own mass only.
        cpVect own = cpvmult(world->space->gravity, data->gravity_scale * wet.mass);
        body->f = cpvadd(body->f, cpvsub(cpv(wet.x, wet.y), own));
        body->t += wet.torque;
    }
}

static void fire_thrusters(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.thruster_count; i++) {
        int index = world->def.thrusters[i].body;
        float throttle = world->inputs.throttle[i];
        if (throttle == 0.0f || world->body_data[index].mass <= 0.0 || !world->enabled[index])
            continue;
        throttle = throttle > 1.0f ? 1.0f : throttle < -1.0f ? -1.0f : throttle; // NaN stays NaN
        const ParaCpThruster *thruster = &world->thrusters[i];
        cpBody *body = world->bodies[index];
        double size = thruster->force_max * (double)throttle;
        cpVect force =
            cpTransformVect(body->transform, cpv(thruster->direction_x * size, thruster->direction_y * size));
        cpVect arm = cpTransformVect(body->transform, cpv(thruster->x, thruster->y));
        body->f = cpvadd(body->f, force);
        body->t += cpvcross(arm, force);
    }
}

static cpVect groove_impulse(const cpConstraint *link) { return ((const cpGrooveJoint *)link)->jAcc; }

/// Adds what each joint carried in this substep. Link and linear motor of a rail are at right angles.
static void sum_joint_loads(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.joint_count; i++) {
        const ParaCpJoint *joint = &world->joints[i];
        if (!joint->link)
            continue;
        double impulse = fabs(joint->link->klass->getImpulse(joint->link));
        if (joint->motor && world->def.joints[i].kind == PARA_JOINT_PRISMATIC) {
            double along = joint->motor->klass->getImpulse(joint->motor);
            impulse = sqrt(cpvlengthsq(groove_impulse(joint->link)) + along * along);
        }
        world->joint_sum[i] += impulse;
    }
}

static bool substep(ParaCpWorld *world)
{
    push_bodies(world);
    fire_thrusters(world);
    if (world->fluid_bits != 0)
        soak_bodies(world);
    cpSpaceStep(world->space, world->dt);
    int insane = para_cp_insane_body(world);
    if (insane >= 0) {
        para_cp_diverge(world, insane);
        return false;
    }
    para_cp_gather_touches(world);
    sum_joint_loads(world);
    return true;
}

static void advance(ParaCpWorld *world)
{
    if (!set_motors(world))
        return;
    para_cp_clear_touches(world);
    for (int i = 0; i < world->def.joint_count; i++)
        world->joint_sum[i] = 0.0;
    for (int i = 0; i < world->def.substeps; i++)
        if (!substep(world))
            return;
    para_cp_publish_bodies(world);
    para_cp_publish_joints(world, world->dt * world->def.substeps);
    para_cp_publish_contacts(world);
    world->view.step++;
    world->view.time = (double)world->view.step / (double)world->def.rate;
}

/// After an assert of Chipmunk: the body with a bad state, or with a bad force (it checks those first).
static int culprit(const ParaCpWorld *world)
{
    for (int i = 0; i < world->def.body_count; i++) {
        const cpBody *body = world->bodies[i];
        if (!isfinite(body->f.x) || !isfinite(body->f.y) || !isfinite(body->t))
            return i;
    }
    return para_cp_insane_body(world);
}

void para_cp_step(void *solver, int index)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    if (world->view.status == PARA_WORLD_DIVERGED) {
        world->view.event_count = 0;
        return;
    }
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    if (setjmp(guard.way_out) == 0)
        advance(world);
    else
        para_cp_diverge(world, culprit(world));
    para_cp_leave(&guard);
}

void para_cp_group_step(void *solver, int first, int count, const uint8_t *active)
{
    const ParaCpSolver *all = solver;
    PARA_ASSERT(first >= 0 && count >= 0 && first + count <= all->capacity);
    for (int i = 0; i < count; i++)
        if ((!active || active[i]) && all->slots[first + i].built)
            para_cp_step(solver, first + i);
}

/// Velocities changed between steps show at once.
static void show_velocity(ParaCpWorld *world, int body)
{
    if (para_cp_insane_body(world) >= 0) {
        para_cp_diverge(world, body);
        return;
    }
    world->vx[body] = (float)world->bodies[body]->v.x;
    world->vy[body] = (float)world->bodies[body]->v.y;
    world->spin[body] = (float)world->bodies[body]->w;
}

void para_cp_apply_impulse(void *solver, int index, int body, ParaVec2 impulse)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    double mass = world->body_data[body].mass;
    if (mass <= 0.0 || !world->enabled[body] || world->view.status != PARA_WORLD_FINE)
        return;
    cpBody *moved = world->bodies[body];
    moved->v = cpvadd(moved->v, cpv((double)impulse.x / mass, (double)impulse.y / mass));
    show_velocity(world, body);
}

void para_cp_set_velocity(void *solver, int index, int body, ParaVec2 velocity, float spin)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    if (world->def.bodies[body].kind == PARA_BODY_STATIC || !world->enabled[body] ||
        world->view.status != PARA_WORLD_FINE)
        return;
    world->bodies[body]->v = cpv((double)velocity.x, (double)velocity.y);
    world->bodies[body]->w = (double)spin;
    show_velocity(world, body);
}

static void remove_joint(ParaCpWorld *world, int index)
{
    ParaCpJoint *joint = &world->joints[index];
    cpConstraint *parts[] = {joint->link, joint->angle, joint->motor, joint->straight};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            cpSpaceRemoveConstraint(world->space, parts[i]);
    *joint = (ParaCpJoint){0};
    world->joint_speed[index] = 0.0f;
    world->joint_load[index] = 0.0f;
}

static void remove_body(ParaCpWorld *world, int body)
{
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->joints[i].link && (world->def.joints[i].a == body || world->def.joints[i].b == body))
            remove_joint(world, i);
    cpBody *gone = world->bodies[body];
    PARA_ASSERT(gone->space == world->space); // it is taken out once
    while (gone->shapeList)
        cpSpaceRemoveShape(world->space, gone->shapeList);
    cpSpaceRemoveBody(world->space, gone);
    world->enabled[body] = 0;
    world->zone_bits[body] = 0;
}

void para_cp_disable_body(void *solver, int index, int body)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    if (!world->enabled[body] || world->view.status == PARA_WORLD_DIVERGED)
        return;
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    if (setjmp(guard.way_out) == 0)
        remove_body(world, body);
    else
        para_cp_diverge(world, body);
    para_cp_leave(&guard);
}
