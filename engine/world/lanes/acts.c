// SPDX-License-Identifier: MIT
// The sudden acts between steps, and what becomes of a world whose numbers ran away.
#include "engine/base/assert.h"
#include "engine/world/lanes/group.h"

#include <math.h>

void para_lanes_diverge(ParaLanesWorld *world, int body)
{
    ParaLanesState *state = world->state;
    PARA_ASSERT(body >= 0 && body < world->body_count);
    state->status = PARA_WORLD_DIVERGED;
    state->diverged_body = body;
    state->touch_count = state->contact_count = state->event_count = state->dropped = 0;
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

/// Nothing touches the body's shapes any more.
static void remove_shapes(ParaLanesWorld *world, int body)
{
    uint64_t own = 0;
    for (int i = 0; i < world->shape_count; i++)
        if (world->shapes[i].body == body)
            own |= (uint64_t)1 << i;
    for (int i = 0; i < world->shape_count; i++)
        world->partners[i] = own >> i & 1u ? 0 : world->partners[i] & ~own;
    for (int i = 0; i < world->chain_count; i++)
        world->chain_partners[i] = world->chains[i].body == body ? 0 : world->chain_partners[i] & ~own;
}

void para_lanes_disable_body(void *solver, int index, int body)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    if (!world->enabled[body] || world->state->status != PARA_WORLD_FINE)
        return;
    for (int i = 0; i < world->joint_count; i++) {
        const ParaLanesJoint *joint = &world->joints[i];
        if (joint->a != body && joint->b != body)
            continue;
        world->joint_on[i] = 0;
        world->joint_states[i] = (ParaLanesJointState){0};
        world->joint_speed[joint->def] = 0.0f;
        world->joint_load[joint->def] = 0.0f;
    }
    // Its contacts stay in the view until the next step, which ends them.
    remove_shapes(world, body);
    world->enabled[body] = 0;
    if (world->def.bodies[body].kind == PARA_BODY_STATIC)
        para_lanes_update_seams(world);
    world->zone_bits[body] = 0;
}
