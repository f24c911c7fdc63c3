// SPDX-License-Identifier: MIT
// What is done to a dreamed world from outside. What changes who touches whom has the model speak anew.
#include "agents/dream/dream_world.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

void para_dream_diverge(ParaDreamWorld *world, int body)
{
    ParaDreamState *state = world->state;
    state->status = PARA_WORLD_DIVERGED;
    state->diverged_body = body;
    state->touch_count = state->contact_count = state->gone_count = state->event_count = state->dropped = 0;
    para_dream_publish(world);
}

void para_dream_act_diverge(void *solver, int index, int body)
{
    para_dream_diverge(para_dream_world(solver, index), body);
}

static bool sane_motion(ParaVec2 v, float spin)
{
    return fabsf(v.x) < PARA_DREAM_SPEED_MAX && fabsf(v.y) < PARA_DREAM_SPEED_MAX &&
           fabsf(spin) < PARA_DREAM_SPEED_MAX; // no NaN
}

/// A velocity that is none ends the world, which keeps its last sane state.
static void change_motion(ParaDreamWorld *world, int body, ParaVec2 v, float spin)
{
    if (!sane_motion(v, spin)) {
        para_dream_diverge(world, body);
        return;
    }
    world->vx[body] = v.x, world->vy[body] = v.y, world->spin[body] = spin;
}

static bool can_move(const ParaDreamWorld *world, int body)
{
    return world->enabled[body] && world->state->status == PARA_WORLD_FINE;
}

void para_dream_apply_impulse(void *solver, int index, int body, ParaVec2 impulse)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    float inverse = world->facts.bodies[body].inverse_mass;
    if (inverse > 0.0f && can_move(world, body))
        change_motion(
            world, body,
            (ParaVec2){world->vx[body] + impulse.x * inverse, world->vy[body] + impulse.y * inverse},
            world->spin[body]);
}

void para_dream_set_velocity(void *solver, int index, int body, ParaVec2 velocity, float spin)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    const ParaBodyDef *def = &world->def.bodies[body];
    if (def->kind == PARA_BODY_STATIC || !can_move(world, body))
        return;
    change_motion(world, body, velocity, def->fixed_rotation ? 0.0f : spin);
    if (def->kind == PARA_BODY_DYNAMIC)
        para_dream_ask_anew(world);
}

void para_dream_set_gravity(void *solver, int index, ParaVec2 gravity)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    world->state->gravity = world->view.gravity = gravity;
}

void para_dream_set_clock(void *solver, int index, uint64_t step)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    world->state->step = step;
    para_dream_publish(world);
}

void para_dream_set_zone(void *solver, int index, int zone, const ParaZoneState *now)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    world->zones[zone] = *now;
    para_dream_look_at_zones(world);
}

void para_dream_set_friction(void *solver, int index, int body, float friction)
{
    para_dream_world(solver, index)->friction[body] = friction;
}

void para_dream_set_joint(void *solver, int index, int joint, bool whole)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    if (whole == (world->joint_whole[joint] != 0))
        return;
    world->joint_whole[joint] = whole;
    para_dream_settle_joint(world, joint);
    para_dream_allow(world, joint);
    para_dream_ask_anew(world);
}

bool para_dream_joint_broken(void *solver, int index, int joint)
{
    return !para_dream_world(solver, index)->joint_whole[joint];
}

void para_dream_wind_joint(void *solver, int index, int joint, float angle)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    ParaJointKind kind = world->def.joints[joint].kind;
    double off = (double)world->joint_angle[joint] - (double)angle;
    if (kind == PARA_JOINT_REVOLUTE)
        off = PARA_TAU * __builtin_floor(off / PARA_TAU + 0.5);
    if (!world->joint_enabled[joint] ||
        (kind != PARA_JOINT_REVOLUTE && kind != PARA_JOINT_GEAR && kind != PARA_JOINT_RACK))
        return;
    world->joint_begin[joint] = (float)((double)world->joint_begin[joint] + off);
    para_dream_show_joint(world, joint);
}

void para_dream_disable_body(void *solver, int index, int body)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    if (!can_move(world, body))
        return;
    world->enabled[body] = 0;
    world->zone_bits[body] = 0;
    para_dream_settle_body(world, body);
    para_dream_ask_anew(world); // its contacts stay in the view until the next step, which ends them
}

// ---------------------------------------------------------------------------------------------
// Bodies that are put elsewhere, or back into play.

/// @return false: the world diverged
static bool put(ParaDreamWorld *world, int body, const ParaBodyPlace *to)
{
    double s, c;
    para_sincos((double)to->angle, &s, &c);
    ParaVec2 centre = world->facts.bodies[body].centre;
    double x = (double)to->position.x + c * (double)centre.x - s * (double)centre.y;
    double y = (double)to->position.y + s * (double)centre.x + c * (double)centre.y;
    if (!(fabs(x) < (double)PARA_DREAM_PLACE_MAX && fabs(y) < (double)PARA_DREAM_PLACE_MAX) ||
        !sane_motion(to->velocity, to->spin)) {
        para_dream_diverge(world, body);
        return false;
    }
    para_dream_put(world, body, x, y, (double)to->angle);
    world->x[body] = to->position.x, world->y[body] = to->position.y;
    world->vx[body] = to->velocity.x, world->vy[body] = to->velocity.y, world->spin[body] = to->spin;
    return true;
}

/// Contacts of the body that have been told go behind the others, so that the next step can tell their end.
static void forget_contacts(ParaDreamWorld *world, int body)
{
    ParaDreamState *state = world->state;
    ParaContact *contacts = para_dream_contacts(world);
    int kept = 0;
    for (int i = 0; i < state->contact_count; i++) {
        ParaContact contact = contacts[i];
        if (contact.body_a == body || contact.body_b == body)
            continue;
        memmove(&contacts[kept + 1], &contacts[kept], sizeof contact * (size_t)(i - kept));
        contacts[kept++] = contact;
    }
    state->gone_count += state->contact_count - kept;
    state->contact_count = kept;
}

void para_dream_place_body(void *solver, int index, int body, const ParaBodyPlace *to)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    if (to && !put(world, body, to))
        return;
    forget_contacts(world, body);
    world->enabled[body] = 1;
    para_dream_look_at_zones(world);
    para_dream_settle_body(world, body);
    para_dream_ask_anew(world);
    para_dream_publish(world);
}
