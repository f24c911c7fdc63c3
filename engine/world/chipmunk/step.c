// SPDX-License-Identifier: MIT
// One step of one world.
#include "engine/world/chipmunk/links.h"
#include "engine/world/chipmunk/parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define PART_TURN     0.4  ///< [rad] a jointed body turns in a part of a substep at most
#define CALM_SUBSTEPS 30   ///< [1] before the parts become fewer
#define ROPE_MIN      0.02 ///< [m] shorter ropes cut no finer
#define ARM_MIN       1e-3 ///< [m] a wheel on its own middle may turn as fast as it likes

void para_cp_diverge(ParaCpWorld *world, int body)
{
    PARA_ASSERT(body >= -1 && body < world->def.body_count);
    world->view.status = PARA_WORLD_DIVERGED;
    world->view.diverged_body = body;
    world->view.event_count = 0;
    world->view.contact_count = world->gone_count = 0;
}

/// Whether all motors' targets are finite; the world has diverged if not.
static bool motors_are_sane(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.joint_count; i++) {
        const ParaCpLink *link = &world->links[i];
        if (link->on && link->motored &&
            !(isfinite(world->inputs.motor_rate[i]) && isfinite(world->inputs.motor_max[i]))) {
            para_cp_diverge(world, link->b);
            return false;
        }
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
            // Chipmunk moves bodies before their velocities change.
            ParaZoneBody moved = {body->p.x + world->dt * body->v.x, body->p.y + world->dt * body->v.y,
                                  body->v.x, body->v.y};
            para_zones_push(world->zones, world->zone_bits[i], &moved, world->dt, &x, &y);
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
    ParaFluids fluids = {&world->def, world->areas, world->zones, world->fluid_bits, world->view.gravity};
    for (int i = 0, first = 0; i < world->def.body_count; i++) {
        int end = first;
        while (end < world->def.shape_count && world->def.shapes[end].body == i)
            end++;
        const ParaCpBodyData *data = &world->body_data[i];
        cpBody *body = world->bodies[i];
        ParaFluidBody place = {.shape_first = first,
                               .shape_end = end,
                               .mass = body->m,
                               .inertia = para_min(body->i, PARA_FIXED_INERTIA),
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
        para_fluid_push(&fluids, &place, world->dt, AHEAD * world->dt, &wet);
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

/// [N s] at the anchors.
static double link_impulse(const ParaCpLink *link, ParaJointKind kind)
{
    double x = link->hold_count > 0 ? link->impulse[0] : 0.0, y = 0.0;
    if (kind == PARA_JOINT_REVOLUTE || kind == PARA_JOINT_WELD)
        y = link->impulse[1];
    else if (kind == PARA_JOINT_SPRING) // its limits act along it
        x += link->low - link->high;
    else if (link->driven) // along, at right angles to what a rail holds
        y = link->motor + link->low - link->high;
    return sqrt(x * x + y * y);
}

static void sum_joint_loads(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].on)
            world->joint_sum[i] += link_impulse(&world->links[i], world->def.joints[i].kind);
}

static bool part(ParaCpWorld *world, int next_parts)
{
    push_bodies(world);
    fire_thrusters(world);
    if (world->fluid_bits != 0)
        soak_bodies(world);
    para_cp_space_step(world, next_parts);
    int insane = para_cp_insane_body(world);
    if (insane >= 0) {
        para_cp_diverge(world, insane);
        return false;
    }
    para_cp_gather_touches(world);
    para_cp_forget_blows(world);
    sum_joint_loads(world);
    return true;
}

void para_cp_set_parts(ParaCpWorld *world, int parts)
{
    if (world->parts == parts)
        return;
    world->parts = parts;
    world->dt = 1.0 / ((double)world->def.rate * (double)world->def.substeps * parts);
    world->mend = 1.0 - para_pow(PARA_CP_LEFT, 60.0 * world->dt);
}

/// [rad/s] of the faster of a link's bodies, unless its anchor is its middle.
static double turning(const ParaCpWorld *world, const ParaCpLink *link)
{
    double a = cpvlengthsq(link->anchor_a) > ARM_MIN * ARM_MIN ? fabs(world->bodies[link->a]->w) : 0.0;
    double b = cpvlengthsq(link->anchor_b) > ARM_MIN * ARM_MIN ? fabs(world->bodies[link->b]->w) : 0.0;
    return fmax(a, b);
}

/// [1/s] the fastest own frequency that the joints' present forces give to bodies: one of moment I that is
/// pulled by F at an arm r swings with sqrt(F r / I), a light link under a heavy load very fast.
static double strain(ParaCpWorld *world)
{
    double most = 0.0;
    for (int i = 0; i < world->def.body_count; i++)
        world->strain[i] = 0.0;
    for (int i = 0; i < world->def.joint_count; i++) {
        const ParaCpLink *link = &world->links[i];
        ParaJointKind kind = world->def.joints[i].kind;
        if (!link->on ||
            (kind != PARA_JOINT_REVOLUTE && kind != PARA_JOINT_DISTANCE && kind != PARA_JOINT_PULLEY))
            continue; // a spring yields; a weld and a rail hold the angle, too; a gear holds nothing else
        double force = link_impulse(link, kind) / world->dt;
        world->strain[link->a] += force * sqrt(cpvlengthsq(link->anchor_a)) * world->bodies[link->a]->i_inv;
        world->strain[link->b] += force * sqrt(cpvlengthsq(link->anchor_b)) * world->bodies[link->b]->i_inv;
        if (kind == PARA_JOINT_DISTANCE) { // across the rope its ends swing, the faster the shorter it is
            double per = force / fmax(link->way, ROPE_MIN);
            world->strain[link->a] += per * world->bodies[link->a]->m_inv;
            world->strain[link->b] += per * world->bodies[link->b]->m_inv;
        }
    }
    for (int i = 0; i < world->def.body_count; i++)
        most = fmax(most, world->strain[i]);
    return sqrt(most);
}

/// How finely a substep has to be cut for what joints hold. The way of an anchor about its body's centre is
/// foreseen well while it is a small arc, and joints under load hold still while a part is short against
/// their own frequencies; a blow's force is no load: it has to last. Parts grow at once and shrink late,
/// since every change of them costs a little energy.
static int parts_needed(ParaCpWorld *world)
{
    double dt = 1.0 / ((double)world->def.rate * (double)world->def.substeps), fastest = 0.0;
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].on && world->def.joints[i].kind != PARA_JOINT_SPRING)
            fastest = fmax(fastest, turning(world, &world->links[i]));
    double now = strain(world), lasting = fmin(now, world->strain_before);
    world->strain_before = now;
    // A spin cuts like an own frequency that turns PARA_CP_PART_STRAIN where it turns PART_TURN.
    int parts = para_cp_parts_for(fmax(lasting, fastest * (PARA_CP_PART_STRAIN / PART_TURN)), dt);
    parts = parts > world->parts_least ? parts : world->parts_least;
    world->calm = parts < world->parts ? world->calm + 1 : 0;
    return parts < world->parts && world->calm < CALM_SUBSTEPS ? world->parts : parts;
}

static bool substep(ParaCpWorld *world)
{
    bool jointed = world->def.joint_count > 0;
    if (jointed && world->jolted)
        para_cp_set_parts(world, parts_needed(world));
    int parts = world->parts;
    world->view.substeps += parts;
    for (int i = 1; i <= parts; i++)
        if (!part(world, jointed && i == parts ? parts_needed(world) : parts))
            return false;
    return true;
}

static void advance(ParaCpWorld *world)
{
    if (!motors_are_sane(world))
        return;
    para_cp_clear_touches(world);
    for (int i = 0; i < world->def.joint_count; i++)
        world->joint_sum[i] = 0.0;
    world->view.substeps = world->view.dropped = 0;
    for (int i = 0; i < world->def.substeps; i++)
        if (!substep(world))
            return;
    para_cp_publish_bodies(world);
    para_cp_publish_joints(world, 1.0 / (double)world->def.rate);
    para_cp_publish_contacts(world);
    world->view.step++;
    world->view.time = (double)world->view.step / (double)world->def.rate;
}

/// After an assert of Chipmunk: the body with a bad state, or with a bad force (it checks those first). Where
/// memory ran out: the one in the thickest crowd.
static int culprit(const ParaCpWorld *world)
{
    for (int i = 0; i < world->def.body_count; i++) {
        const cpBody *body = world->bodies[i];
        if (!isfinite(body->f.x) || !isfinite(body->f.y) || !isfinite(body->t))
            return i;
    }
    int insane = para_cp_insane_body(world), most = 0;
    for (int i = 0; i < world->def.body_count; i++)
        if (world->pairs[i] > world->pairs[most])
            most = i;
    return insane >= 0 ? insane : most;
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
