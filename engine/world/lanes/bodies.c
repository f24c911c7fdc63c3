// SPDX-License-Identifier: MIT
// Bodies of a block: from the worlds' own arrays to records for the solver, through the small steps, and
// back.
#include "engine/world/lanes/joint_view.h"
#include "engine/world/lanes/kernel.h"
#include "engine/world/lanes/turn.h"

#include <math.h>

// ---------------------------------------------------------------------------------------------
// Before the step: forces and records.

/// Force [N] and torque [N m] of the thrusters on one world's bodies, added to push (not yet divided by
/// mass).
static void fire_thrusters(const LanesWorld *world, LanesQuad *push)
{
    for (int i = 0; i < world->thruster_count; i++) {
        const ParaThrusterDef *thruster = &world->def.thrusters[i];
        float throttle = world->throttle[i];
        int body = thruster->body;
        if (throttle == 0.0f || !world->enabled[body])
            continue;
        throttle = throttle > 1.0f ? 1.0f : throttle < -1.0f ? -1.0f : throttle; // NaN stays NaN
        float c = world->cos[body], s = world->sin[body], size = thruster->force_max * throttle;
        float x = thruster->point.x - world->bodies[body].centre_x;
        float y = thruster->point.y - world->bodies[body].centre_y;
        float force_x = size * (c * thruster->direction.x - s * thruster->direction.y);
        float force_y = size * (s * thruster->direction.x + c * thruster->direction.y);
        float arm_x = c * x - s * y, arm_y = s * x + c * y;
        push[body].x += force_x;
        push[body].y += force_y;
        push[body].spin += arm_x * force_y - arm_y * force_x;
    }
}

/// A motor target that is not a number would reach both bodies: the world ends before.
static void check_motors(LanesWorld *world)
{
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->def.joints[i].motored &&
            (!isfinite(world->motor_rate[i]) || !isfinite(world->motor_max[i]))) {
            para_lanes_diverge(world, world->def.joints[i].b);
            return;
        }
}

/// Forces [N] to changes of velocity in a micro step, with gravity and zones.
static void weigh_push(const LanesWorld *world, int i, LanesQuad *push)
{
    const LanesBody *body = &world->bodies[i];
    float inverse_mass = body->inverse_mass, h = world->micro_dt;
    float zone_x = 0.0f, zone_y = 0.0f;
    if (world->zone_bits[i] != 0) {
        double x, y;
        para_zones_push(world->zones, world->zone_bits[i], (double)world->vx[i], (double)world->vy[i],
                        (double)world->dt, &x, &y);
        zone_x = (float)x;
        zone_y = (float)y;
    }
    push->x = h * (world->def.gravity.x * body->gravity_scale + inverse_mass * push->x + zone_x);
    push->y = h * (world->def.gravity.y * body->gravity_scale + inverse_mass * push->y + zone_y);
    push->spin = h * body->inverse_inertia * push->spin;
}

static void gather_world(LanesBlock *block, int w)
{
    LanesWorld *world = block->worlds[w];
    int first = block->body_first[w], count = world->body_count;
    LanesQuad *push = block->push + first;
    check_motors(world);
    for (int i = 0; i < count; i++)
        push[i] = (LanesQuad){world->force_x[i], world->force_y[i], world->torque[i], 0.0f};
    fire_thrusters(world, push);
    for (int i = 0; i < count; i++) {
        const LanesBody *body = &world->bodies[i];
        bool here = world->enabled[i] != 0, moved = here && body->inverse_mass > 0.0f;
        LanesMotion *motion = &block->motion[first + i];
        LanesFixed *fixed = &block->fixed[first + i];
        *fixed = (LanesFixed){moved ? body->inverse_mass : 0.0f,
                              moved ? body->inverse_inertia : 0.0f,
                              world->centre_x[i],
                              world->centre_y[i],
                              world->cos[i],
                              world->sin[i],
                              world->micro_dt,
                              world->angle[i]};
        *motion = (LanesMotion){0};
        if (here) {
            motion->vx = world->vx[i];
            motion->vy = world->vy[i];
            motion->spin = world->spin[i];
        }
        block->unpushed[first + i] = (LanesQuad){0};
        block->damp[first + i] = (LanesQuad){1.0f, 1.0f, 1.0f, world->micro_dt};
        if (moved) {
            weigh_push(world, i, &push[i]);
            block->damp[first + i].x = block->damp[first + i].y = body->damp_linear;
            block->damp[first + i].spin = body->damp_angular;
        } else {
            push[i] = (LanesQuad){0};
        }
    }
}

void K(gather_bodies)(LanesBlock *block)
{
    int bodies = 0, shapes = 0, joints = 0;
    for (int w = 0; w < block->world_count; w++) {
        block->body_first[w] = bodies;
        block->shape_first[w] = shapes;
        block->joint_first[w] = joints;
        bodies += block->worlds[w]->body_count;
        shapes += block->worlds[w]->shape_count;
        joints += block->worlds[w]->joint_count;
        gather_world(block, w);
    }
    block->body_first[block->world_count] = bodies;
    block->shape_first[block->world_count] = shapes;
    block->joint_first[block->world_count] = joints;
    block->motion[bodies] = (LanesMotion){0}; // of idle lanes
    block->fixed[bodies] = (LanesFixed){.cos = 1.0f, .micro_dt = 1.0f};
}

// ---------------------------------------------------------------------------------------------
// Small steps. One record is one or two vectors of four: no turning of rows into columns.

void K(push)(LanesBlock *block, int micro)
{
    int count = block->body_first[block->world_count];
    for (int i = 0; i < count; i++) {
        F4 v = *(const F4 *)&block->motion[i], damp = *(const F4 *)&block->damp[i];
        F4 before = *(const F4 *)&block->unpushed[i];
        F4 free = v * damp + *(const F4 *)&block->push[i];
        // What the impulses of the last small step did is v - before: they act again, as a warm start. In the
        // first one K(warm_start) does it.
        *(F4 *)&block->motion[i] = free;
        if (micro > 0)
            *(F4 *)&block->motion[i] = free + (v - before);
        *(F4 *)&block->unpushed[i] = free;
    }
}

void K(move)(LanesBlock *block)
{
    int count = block->body_first[block->world_count];
    for (int i = 0; i < count; i++) {
        LanesMotion *motion = &block->motion[i];
        F4 v = *(const F4 *)motion;
        float h = block->damp[i].rest;
        *(F4 *)&motion->dx = *(const F4 *)&motion->dx + v * (F4){h, h, h, h};
    }
}

// ---------------------------------------------------------------------------------------------
// After the step.

/// -1 for bodies whose state changes, 0 for static and removed ones; 0 past the end. [LANES_BODIES_MAX]
static void mark_moving(const LanesWorld *world, int32_t *out)
{
    for (int i = 0; i < world->body_count; i++)
        out[i] = world->enabled[i] && world->def.bodies[i].kind != PARA_BODY_STATIC ? -1 : 0;
    for (int i = world->body_count; i % LANES_WIDTH != 0; i++)
        out[i] = 0;
}

/// Whether a body went so far that it may have passed through something.
static bool went_far(const LanesBlock *block, int w, const int32_t *moving)
{
    const LanesWorld *world = block->worlds[w];
    for (int i = 0; i < world->body_count; i++) {
        const LanesMotion *motion = &block->motion[block->body_first[w] + i];
        float reach = 0.5f * world->bodies[i].inradius;
        if (moving[i] && motion->dx * motion->dx + motion->dy * motion->dy > reach * reach)
            return true;
    }
    return false;
}

/// First body whose new state is not sane, or -1.
static int insane(const LanesBlock *block, int w, const int32_t *moving)
{
    const LanesWorld *world = block->worlds[w];
    for (int i = 0; i < world->body_count; i++) {
        const LanesMotion *m = &block->motion[block->body_first[w] + i];
        bool sane = fabsf(m->vx) < LANES_SPEED_MAX && fabsf(m->vy) < LANES_SPEED_MAX &&
                    fabsf(m->spin) < LANES_SPEED_MAX && fabsf(world->centre_x[i] + m->dx) < LANES_PLACE_MAX &&
                    fabsf(world->centre_y[i] + m->dy) < LANES_PLACE_MAX; // false for NaN
        if (moving[i] && !sane)
            return i;
    }
    return -1;
}

static void put(float *to, Vi mask, Vf x) { v_store(to, v_select(mask, x, v_load(to))); }

/// New state of LANES_WIDTH bodies from body `i` on.
static void commit_bodies(const LanesBlock *block, int w, int i, Vi moving)
{
    LanesWorld *world = block->worlds[w];
    int32_t from[LANES_WIDTH], own[LANES_WIDTH];
    for (int l = 0; l < LANES_WIDTH; l++) { // lanes past the end read the last body again
        own[l] = i + l < world->body_count ? i + l : world->body_count - 1;
        from[l] = block->body_first[w] + own[l];
    }
    Vf motion[8], body[8], sine, cosine;
    gather8((const float *)block->motion, 8, from, motion);
    gather8((const float *)world->bodies, 8, own, body);
    Vf centre_x = v_load(world->centre_x + i) + motion[4], centre_y = v_load(world->centre_y + i) + motion[5];
    v_sincos(motion[6], &sine, &cosine);
    Vf c = v_load(world->cos + i), s = v_load(world->sin + i);
    Vf new_c = c * cosine - s * sine, new_s = s * cosine + c * sine;
    Vf length = v_sqrt(new_c * new_c + new_s * new_s);
    new_c = new_c / length;
    new_s = new_s / length;
    // The sum of small turns drifts away from (cos, sin), which do not: the angle is theirs, with the number
    // of whole turns from the sum.
    Vf principal = v_atan2(new_s, new_c), sum = v_load(world->angle + i) + motion[6];
    Vf angle = principal + LANES_TAU * v_round((sum - principal) * (1.0f / LANES_TAU));
    put(world->centre_x + i, moving, centre_x);
    put(world->centre_y + i, moving, centre_y);
    put(world->x + i, moving, centre_x - (new_c * body[2] - new_s * body[3]));
    put(world->y + i, moving, centre_y - (new_s * body[2] + new_c * body[3]));
    put(world->cos + i, moving, new_c);
    put(world->sin + i, moving, new_s);
    put(world->angle + i, moving, angle);
    put(world->vx + i, moving, motion[0]);
    put(world->vy + i, moving, motion[1]);
    put(world->spin + i, moving, motion[2]);
}

void K(commit)(LanesBlock *block)
{
    for (int w = 0; w < block->world_count; w++) {
        LanesWorld *world = block->worlds[w];
        if (world->state->status != PARA_WORLD_FINE)
            continue;
        int32_t moving[LANES_BODIES_MAX + LANES_WIDTH];
        mark_moving(world, moving);
        int body = insane(block, w, moving);
        if (body >= 0) {
            para_lanes_diverge(world, body);
            continue;
        }
        if (went_far(block, w, moving))
            para_lanes_sweep(block, w);
        for (int i = 0; i < world->body_count; i += LANES_WIDTH)
            commit_bodies(block, w, i, v_load_int(moving + i));
        for (int i = 0; i < world->joint_count; i++)
            if (world->joint_on[i])
                para_lanes_show_joint(world, i);
        world->state->step++;
        world->state->time = (double)world->state->step / (double)world->def.rate;
    }
}
