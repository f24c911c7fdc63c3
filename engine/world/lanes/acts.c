// SPDX-License-Identifier: MIT
// The sudden acts between steps, and what becomes of a world whose numbers ran away.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "engine/world/lanes/group.h"
#include "engine/world/lanes/joint_view.h"

#include <math.h>

void para_lanes_diverge(ParaLanesWorld *world, int body)
{
    ParaLanesState *state = world->state;
    PARA_ASSERT(body >= -1 && body < world->body_count);
    state->status = PARA_WORLD_DIVERGED;
    state->diverged_body = body;
    state->touch_count = state->contact_count = state->event_count = 0;
    state->gone_count = state->dropped = 0;
    para_lanes_publish(world);
}

static bool sane_velocity(float vx, float vy, float spin)
{
    return fabsf(vx) < PARA_LANES_SPEED_MAX && fabsf(vy) < PARA_LANES_SPEED_MAX &&
           fabsf(spin) < PARA_LANES_SPEED_MAX; // no NaN
}

/// A velocity that is none ends the world, which keeps its last sane state.
static void change_velocity(ParaLanesWorld *world, int body, float vx, float vy, float spin)
{
    if (!sane_velocity(vx, vy, spin)) {
        para_lanes_diverge(world, body);
        return;
    }
    world->vx[body] = vx;
    world->vy[body] = vy;
    world->spin[body] = spin;
}

void para_lanes_apply_impulse(void *solver, int index, int body, ParaVec2 impulse)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    float inverse_mass = world->bodies[body].inverse_mass;
    if (inverse_mass <= 0.0f || !world->enabled[body] || world->state->status != PARA_WORLD_FINE)
        return;
    change_velocity(world, body, world->vx[body] + impulse.x * inverse_mass,
                    world->vy[body] + impulse.y * inverse_mass, world->spin[body]);
}

void para_lanes_set_velocity(void *solver, int index, int body, ParaVec2 velocity, float spin)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    if (world->def.bodies[body].kind == PARA_BODY_STATIC || !world->enabled[body] ||
        world->state->status != PARA_WORLD_FINE)
        return;
    change_velocity(world, body, velocity.x, velocity.y,
                    world->def.bodies[body].fixed_rotation ? 0.0f : spin);
}

void para_lanes_set_gravity(void *solver, int index, ParaVec2 gravity)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    world->state->gravity = world->view.gravity = gravity;
}

void para_lanes_set_clock(void *solver, int index, uint64_t step)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    world->state->step = world->view.step = step;
    world->state->time = world->view.time = (double)step / (double)world->def.rate;
}

void para_lanes_set_zone(void *solver, int index, int zone, const ParaZoneState *now)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    world->zones[zone] = *now;
    para_lanes_place_zones(world);
    for (int i = 0; i < world->body_count; i++)
        if (world->enabled[i])
            world->zone_bits[i] = para_zones_again(world->areas, zone, world->zone_bits[i],
                                                   (double)world->centre_x[i], (double)world->centre_y[i]);
}

void para_lanes_set_friction(void *solver, int index, int body, float friction)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    world->friction[body] = friction;
    para_lanes_rub_shapes(world);
}

// ---------------------------------------------------------------------------------------------
// Joints.

/// A joint holds where it is whole and both its bodies are there.
static void set_marks(ParaLanesWorld *world, int i, bool broken, bool drawn)
{
    const ParaLanesJoint *joint = &world->joints[i];
    int carrier = para_joint_carrier(&world->def.joints[joint->def]);
    bool on = !broken && world->enabled[joint->a] && world->enabled[joint->b] &&
              (carrier < 0 || world->enabled[carrier]);
    world->joint_marks[i] =
        (uint8_t)((on ? PARA_LANES_JOINT_ON : 0) | (broken ? PARA_LANES_JOINT_BROKEN : 0) |
                  (on && drawn ? PARA_LANES_JOINT_DRAWN : 0));
    world->joint_enabled[joint->def] = on;
}

/// A joint that has held forgets what it gave.
static void let_go(ParaLanesWorld *world, int i)
{
    world->joint_states[i] = (ParaLanesJointState){.turns = world->joint_states[i].turns};
    world->joint_speed[world->joints[i].def] = 0.0f;
    world->joint_load[world->joints[i].def] = 0.0f;
}

/// Leaves whole turns out of a hinge's angle, lets gears take hold anew, and shows the joint.
static void unwind(ParaLanesWorld *world, int i)
{
    const ParaLanesJoint *joint = &world->joints[i];
    if (joint->kind == PARA_JOINT_REVOLUTE) {
        double angle = (double)world->angle[joint->b] - (double)world->angle[joint->a] - (double)joint->start;
        double middle = joint->limited ? 0.5 * ((double)joint->lower + (double)joint->upper) : 0.0;
        world->joint_states[i].turns = (float)__builtin_floor((angle - middle) / PARA_TAU + 0.5);
    }
    para_lanes_engage_joint(world, i);
    para_lanes_show_joint(world, i);
}

void para_lanes_settle_joints(ParaLanesWorld *world, int body, bool drawn)
{
    for (int i = 0; i < world->joint_count; i++) {
        if (world->joints[i].a != body && world->joints[i].b != body &&
            para_joint_carrier(&world->def.joints[world->joints[i].def]) != body)
            continue;
        bool was = (world->joint_marks[i] & PARA_LANES_JOINT_ON) != 0;
        set_marks(world, i, (world->joint_marks[i] & PARA_LANES_JOINT_BROKEN) != 0, drawn);
        bool on = (world->joint_marks[i] & PARA_LANES_JOINT_ON) != 0;
        if (was)
            let_go(world, i);
        if (on)
            unwind(world, i);
    }
}

/// Where a joint of the def stands among those of the world.
static int place_of(const ParaLanesWorld *world, int def)
{
    int i = 0;
    while (world->joints[i].def != def)
        i++;
    PARA_ASSERT(i < world->joint_count);
    return i;
}

void para_lanes_set_joint(void *solver, int index, int joint, bool whole)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    int i = place_of(world, joint);
    if (whole == !(world->joint_marks[i] & PARA_LANES_JOINT_BROKEN))
        return;
    set_marks(world, i, !whole, whole);
    if (!whole)
        let_go(world, i);
    else if (world->joint_marks[i] & PARA_LANES_JOINT_ON)
        unwind(world, i);
    para_lanes_find_partners(world);
}

bool para_lanes_joint_broken(void *solver, int index, int joint)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    return (world->joint_marks[place_of(world, joint)] & PARA_LANES_JOINT_BROKEN) != 0;
}

void para_lanes_wind_joint(void *solver, int index, int joint, float angle)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    int i = place_of(world, joint);
    ParaLanesJointState *state = &world->joint_states[i];
    double off = (double)world->joint_angle[joint] - (double)angle;
    if (!(world->joint_marks[i] & PARA_LANES_JOINT_ON))
        return;
    if (world->joints[i].kind == PARA_JOINT_REVOLUTE)
        state->turns += (float)__builtin_floor(off / PARA_TAU + 0.5);
    else if (world->joints[i].kind == PARA_JOINT_GEAR || world->joints[i].kind == PARA_JOINT_RACK)
        para_lanes_keep_pair((double)state->lower + (double)state->upper + off, &state->lower, &state->upper);
    para_lanes_show_joint(world, i);
}

// ---------------------------------------------------------------------------------------------
// Bodies that go.

void para_lanes_disable_body(void *solver, int index, int body)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    if (!world->enabled[body] || world->state->status != PARA_WORLD_FINE)
        return;
    world->enabled[body] = 0;
    world->zone_bits[body] = 0;
    para_lanes_settle_joints(world, body, false);
    para_lanes_find_partners(world); // its contacts stay in the view until the next step, which ends them
    if (world->def.bodies[body].kind == PARA_BODY_STATIC)
        para_lanes_update_seams(world);
}
