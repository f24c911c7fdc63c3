// SPDX-License-Identifier: MIT
// Bodies of a block: from the worlds' own arrays to records for the solver, through the small steps, and
// back.
#include "engine/base/assert.h"
#include "engine/world/lanes/joint_view.h"
#include "engine/world/lanes/kernel.h"
#include "engine/world/lanes/sound.h"
#include "engine/world/lanes/turn.h"

typedef int32_t M4 __attribute__((vector_size(16), may_alias));
typedef M4 M4u __attribute__((aligned(4), may_alias));

// ---------------------------------------------------------------------------------------------
// Before the step: forces and records.

/// Forces on one world's bodies, not yet divided by mass: the world's own arrays, or a sum of all there is.
typedef struct Forces {
    const float *x, *y, *torque; ///< [bodies, and what whole vectors read past them] [N] [N m]
} Forces;

/// Room for the sums.
typedef struct ForceSums {
    float x[LANES_BODIES_MAX + 4], y[LANES_BODIES_MAX + 4], torque[LANES_BODIES_MAX + 4];
} ForceSums;

/// Adds the thrusters'.
static void fire_thrusters(const LanesWorld *world, ForceSums *sums)
{
    for (int i = 0; i < world->thruster_count; i++) {
        const ParaThrusterDef *thruster = &world->def.thrusters[i];
        float throttle = world->throttle[i];
        int body = thruster->body;
        PARA_ASSERT_HOT(body >= 0 && body < world->body_count);
        if (throttle == 0.0f || !world->enabled[body])
            continue;
        throttle = throttle > 1.0f ? 1.0f : throttle < -1.0f ? -1.0f : throttle; // NaN stays NaN
        float c = world->cos[body], s = world->sin[body], size = thruster->force_max * throttle;
        float x = thruster->point.x - world->bodies[body].centre_x;
        float y = thruster->point.y - world->bodies[body].centre_y;
        float force_x = size * (c * thruster->direction.x - s * thruster->direction.y);
        float force_y = size * (s * thruster->direction.x + c * thruster->direction.y);
        float arm_x = c * x - s * y, arm_y = s * x + c * y;
        sums->x[body] += force_x;
        sums->y[body] += force_y;
        sums->torque[body] += arm_x * force_y - arm_y * force_x;
    }
}

/// Adds the pushes of the zones a body is in.
static void push_by_zones(const LanesWorld *world, ForceSums *sums)
{
    for (int i = 0; i < world->body_count; i++) {
        if (world->zone_bits[i] == 0 || !(world->bodies[i].inverse_mass > 0.0f))
            continue;
        double x, y;
        para_zones_push(world->zones, world->zone_bits[i], (double)world->vx[i], (double)world->vy[i],
                        (double)world->dt, &x, &y);
        sums->x[i] += (float)x / world->bodies[i].inverse_mass;
        sums->y[i] += (float)y / world->bodies[i].inverse_mass;
    }
}

/// @param sums used where there is more than the world's own forces
static Forces sum_forces(const LanesWorld *world, ForceSums *sums)
{
    uint32_t zones = 0;
    for (int i = 0; world->zone_count > 0 && i < world->body_count; i++)
        zones |= world->zone_bits[i];
    if (world->thruster_count == 0 && zones == 0)
        return (Forces){world->force_x, world->force_y, world->torque};
    for (int i = 0; i < world->body_count; i += 4) {
        *(F4u *)(sums->x + i) = *(const F4u *)(world->force_x + i);
        *(F4u *)(sums->y + i) = *(const F4u *)(world->force_y + i);
        *(F4u *)(sums->torque + i) = *(const F4u *)(world->torque + i);
    }
    fire_thrusters(world, sums);
    if (zones != 0)
        push_by_zones(world, sums);
    return (Forces){sums->x, sums->y, sums->torque};
}

/// A motor target that is not a number would reach both bodies: the world ends before.
static void check_motors(LanesWorld *world)
{
    for (int i = 0; i < world->joint_count; i++) {
        const LanesJoint *joint = &world->joints[i];
        // x - x is 0 but for what is not finite.
        float rate = world->motor_rate[joint->def], most = world->motor_max[joint->def];
        if (!((rate - rate) + (most - most) == 0.0f) && joint->motored) {
            para_lanes_diverge(world, joint->b);
            return;
        }
    }
}

/// Four records of four floats from four columns.
LANES_INLINE void put_quads(LanesQuad *to, F4 x, F4 y, F4 spin, F4 rest)
{
    F4 column[4] = {x, y, spin, rest}, row[4];
    transpose4(column, row);
    for (int k = 0; k < 4; k++)
        *(F4 *)&to[k] = row[k];
}

/// All ones in the lanes of bodies that are there; four of them.
LANES_INLINE M4 here_mask(const LanesWorld *world, int i)
{
    const uint8_t *enabled = world->enabled + i;
    return (M4){-enabled[0], -enabled[1], -enabled[2], -enabled[3]};
}

/// The first body with a force that is not finite ends the world before the force reaches others.
static void end_by_force(LanesWorld *world, int i, M4 sane)
{
    for (int k = 0; k < 4 && i + k < world->body_count; k++)
        if (!sane[k] && world->enabled[i + k] && world->bodies[i + k].inverse_mass > 0.0f &&
            world->state->status == PARA_WORLD_FINE)
            para_lanes_diverge(world, i + k);
}

LANES_INLINE void check_forces(LanesWorld *world, int i, F4 x, F4 y, F4 torque)
{
    M4 sane = (x - x) + (y - y) + (torque - torque) == 0.0f; // x - x is 0 but for what is not finite
    int64_t all[2];
    memcpy(all, &sane, sizeof all);
    if ((all[0] & all[1]) != -1)
        end_by_force(world, i, sane);
}

/// Records of four bodies of one world from body `i` on; past its last body they are rubbish, which the next
/// world's records take the place of.
static void gather_four(LanesBlock *block, int w, int i, const Forces *forces)
{
    LanesWorld *world = block->worlds[w];
    const LanesBody *body = &world->bodies[i];
    int at = block->body_first[w] + i;
    F4 mass[4] = {*(const F4u *)&body[0], *(const F4u *)&body[1], *(const F4u *)&body[2],
                  *(const F4u *)&body[3]};
    F4 more[4] = {*(const F4u *)&body[0].gravity_scale, *(const F4u *)&body[1].gravity_scale,
                  *(const F4u *)&body[2].gravity_scale, *(const F4u *)&body[3].gravity_scale};
    transpose4(mass, mass); // inverse mass, inverse inertia, centre
    transpose4(more, more); // gravity scale, damping of way and turn, inradius
    M4 here = here_mask(world, i), moved = here & (mass[0] > 0.0f);
    F4 inverse_mass = (F4)(moved & (M4)mass[0]), inverse_inertia = (F4)(moved & (M4)mass[1]);
    float h = world->micro_dt;
    F4 column[4] = {inverse_mass, inverse_inertia, *(const F4u *)(world->centre_x + i),
                    *(const F4u *)(world->centre_y + i)};
    F4 turned[4] = {*(const F4u *)(world->cos + i), *(const F4u *)(world->sin + i), (F4){h, h, h, h},
                    *(const F4u *)(world->angle + i)};
    F4 speed[4] = {(F4)(here & *(const M4u *)(world->vx + i)), (F4)(here & *(const M4u *)(world->vy + i)),
                   (F4)(here & *(const M4u *)(world->spin + i)), (F4){0}};
    F4 force_x = *(const F4u *)(forces->x + i), force_y = *(const F4u *)(forces->y + i);
    F4 torque = *(const F4u *)(forces->torque + i);
    check_forces(world, i, force_x, force_y, torque);
    transpose4(column, column);
    transpose4(turned, turned);
    transpose4(speed, speed);
    // Pointers first: the compiler must think that a vector's store may change them.
    F4 *fixed = (F4 *)(block->fixed + at), *motion = (F4 *)(block->motion + at);
    LanesQuad *push = block->push + at, *damps = block->damp + at;
    float gravity_x = world->def.gravity.x, gravity_y = world->def.gravity.y;
    for (int k = 0; k < 4; k++) {
        fixed[2 * k] = column[k];
        fixed[2 * k + 1] = turned[k];
        motion[2 * k] = speed[k];
        motion[2 * k + 1] = (F4){0};
    }
    F4 x = h * (gravity_x * more[0] + inverse_mass * force_x);
    F4 y = h * (gravity_y * more[0] + inverse_mass * force_y);
    F4 spin = h * (inverse_inertia * torque);
    put_quads(push, (F4)(moved & (M4)x), (F4)(moved & (M4)y), (F4)(moved & (M4)spin), (F4){0});
    F4 still = {1.0f, 1.0f, 1.0f, 1.0f};
    F4 damp = (F4)((moved & (M4)more[1]) | (~moved & (M4)still));
    F4 damp_spin = (F4)((moved & (M4)more[2]) | (~moved & (M4)still));
    put_quads(damps, damp, damp, damp_spin, (F4){h, h, h, h});
}

static void gather_world(LanesBlock *block, int w)
{
    LanesWorld *world = block->worlds[w];
    ForceSums sums;
    check_motors(world);
    Forces forces = sum_forces(world, &sums);
    for (int i = 0; i < world->body_count; i += 4)
        gather_four(block, w, i, &forces);
}

void K(gather_bodies)(LanesBlock *block)
{
    int bodies = 0, shapes = 0;
    for (int w = 0; w < block->world_count; w++) {
        block->body_first[w] = bodies;
        block->shape_first[w] = shapes;
        bodies += block->worlds[w]->body_count;
        shapes += block->worlds[w]->shape_count;
        gather_world(block, w);
    }
    block->body_first[block->world_count] = bodies;
    block->shape_first[block->world_count] = shapes;
    block->motion[bodies] = (LanesMotion){0}; // of idle lanes
    block->fixed[bodies] = (LanesFixed){.cos = 1.0f, .micro_dt = 1.0f};
    block->push[bodies] = block->damp[bodies] = block->unpushed[bodies] = (LanesQuad){0};
    PARA_CHECK_HOT(para_lanes_check_bodies(block));
}

// ---------------------------------------------------------------------------------------------
// Small steps. One record is one or two vectors of four: no turning of rows into columns.

// Two bodies at a time; the one past an odd end is the spare one and scratch.
typedef F8 F8a __attribute__((aligned(16), may_alias));

/// The velocity, or with `from` a dx the way, of two bodies.
LANES_INLINE F8 load_two(const float *from)
{
    return __builtin_shufflevector(*(const F4 *)from, *(const F4 *)(from + 8), 0, 1, 2, 3, 4, 5, 6, 7);
}

LANES_INLINE void store_two(float *to, F8 x)
{
    *(F4 *)to = __builtin_shufflevector(x, x, 0, 1, 2, 3);
    *(F4 *)(to + 8) = __builtin_shufflevector(x, x, 4, 5, 6, 7);
}

LANES_INLINE void push_two(LanesBlock *block, int i, bool warm)
{
    F8 v = load_two(&block->motion[i].vx);
    F8 damp = *(const F8a *)&block->damp[i], push = *(const F8a *)&block->push[i];
    F8 free = v * damp + push, kept = free;
    // What the impulses of the last small step did is v - before: they act again, as a warm start. In the
    // first one K(warm_start) does it.
    if (warm)
        kept = free + (v - *(const F8a *)&block->unpushed[i]);
    store_two(&block->motion[i].vx, kept);
    *(F8a *)&block->unpushed[i] = free;
}

void K(push)(LanesBlock *block, int micro)
{
    int count = block->body_first[block->world_count];
    if (micro == 0) {
        for (int i = 0; i < count; i += 2)
            push_two(block, i, false);
    } else {
        for (int i = 0; i < count; i += 2)
            push_two(block, i, true);
    }
}

void K(move)(LanesBlock *block)
{
    int count = block->body_first[block->world_count];
    for (int i = 0; i < count; i += 2) {
        F8 damp = *(const F8a *)&block->damp[i];
        F8 h = __builtin_shufflevector(damp, damp, 3, 3, 3, 3, 7, 7, 7, 7);
        store_two(&block->motion[i].dx, load_two(&block->motion[i].dx) + load_two(&block->motion[i].vx) * h);
    }
}

// ---------------------------------------------------------------------------------------------
// After the step.

typedef uint8_t Bytes __attribute__((vector_size(LANES_WIDTH)));

/// What commit looks at of LANES_WIDTH bodies.
typedef struct Moved {
    Vf motion[8]; ///< as LanesMotion
    Vf body[8];   ///< as LanesBody
    Vi moving;    ///< all ones: its state changes. Zero for static and removed bodies, and past the end
} Moved;

static void look_at(const LanesBlock *block, int w, int i, Moved *out)
{
    static const int32_t in_a_row[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const LanesWorld *world = block->worlds[w];
    // Records past the end are other ones' and looked at in vain.
    gather8((const float *)&block->motion[block->body_first[w] + i], 8, in_a_row, out->motion);
    gather8((const float *)&world->bodies[i], 8, in_a_row, out->body);
    Bytes enabled;
    memcpy(&enabled, world->enabled + i, sizeof enabled);
    Vi here = (v_load_int(in_a_row) < world->body_count - i) & (__builtin_convertvector(enabled, Vi) != 0);
    out->moving = here & (out->body[7] > 0.0f);
}

/// Lanes whose new state is sane (a NaN is not).
static Vi is_sane(const LanesWorld *world, int i, const Moved *moved)
{
    const Vf *m = moved->motion;
    return (v_abs(m[0]) < LANES_SPEED_MAX) & (v_abs(m[1]) < LANES_SPEED_MAX) &
           (v_abs(m[2]) < LANES_SPEED_MAX) & (v_abs(v_load(world->centre_x + i) + m[4]) < LANES_PLACE_MAX) &
           (v_abs(v_load(world->centre_y + i) + m[5]) < LANES_PLACE_MAX);
}

/// Lanes that went so far that they may have passed through something.
static Vi went_far(const Moved *moved)
{
    const Vf *m = moved->motion;
    Vf reach = LANES_FAR * moved->body[7];
    return m[4] * m[4] + m[5] * m[5] > reach * reach;
}

static void put(float *to, Vi mask, Vf x) { v_store(to, v_select(mask, x, v_load(to))); }

/// New state of LANES_WIDTH bodies from body `i` on.
static void commit_bodies(LanesWorld *world, int i, const Moved *moved)
{
    const Vf *motion = moved->motion, *body = moved->body;
    Vi moving = moved->moving;
    Vf sine, cosine;
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

/// @return false: the world diverged and keeps its old state
static bool commit_world(LanesBlock *block, int w)
{
    LanesWorld *world = block->worlds[w];
    Moved moved[(LANES_BODIES_MAX + LANES_WIDTH - 1) / LANES_WIDTH];
    uint32_t far = 0;
    for (int i = 0; i < world->body_count; i += LANES_WIDTH) {
        Moved *some = &moved[i / LANES_WIDTH];
        look_at(block, w, i, some);
        uint32_t insane = v_bits(some->moving & ~is_sane(world, i, some));
        if (insane) {
            PARA_ASSERT_HOT(i + __builtin_ctz(insane) < world->body_count); // never a lane behind the last
            para_lanes_diverge(world, i + __builtin_ctz(insane));
            return false;
        }
        far |= v_bits(some->moving & went_far(some));
    }
    if (far) {
        para_lanes_sweep(block, w);
        for (int i = 0; i < world->body_count; i += LANES_WIDTH)
            look_at(block, w, i, &moved[i / LANES_WIDTH]);
    }
    for (int i = 0; i < world->body_count; i += LANES_WIDTH)
        commit_bodies(world, i, &moved[i / LANES_WIDTH]);
    return true;
}

void K(commit)(LanesBlock *block)
{
    for (int w = 0; w < block->world_count; w++) {
        LanesWorld *world = block->worlds[w];
        if (world->state->status != PARA_WORLD_FINE || !commit_world(block, w))
            continue;
        for (int i = 0; i < world->joint_count; i++)
            if (world->joint_on[i])
                para_lanes_show_joint(world, i);
        world->state->step++;
        world->state->time = (double)world->state->step / (double)world->def.rate;
        PARA_CHECK_HOT(para_lanes_check_world(world));
    }
}
