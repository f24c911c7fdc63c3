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
    float x[PARA_LANES_BODIES_MAX + 4], y[PARA_LANES_BODIES_MAX + 4], torque[PARA_LANES_BODIES_MAX + 4];
} ForceSums;

/// Adds the thrusters'.
static void fire_thrusters(const ParaLanesWorld *world, ForceSums *sums)
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
static void push_by_zones(const ParaLanesWorld *world, ForceSums *sums)
{
    for (int i = 0; i < world->body_count; i++) {
        if (world->zone_bits[i] == 0 || !(world->bodies[i].inverse_mass > 0.0f))
            continue;
        double x, y;
        double vx = (double)world->vx[i], vy = (double)world->vy[i], ahead = 0.5 * (double)world->dt;
        ParaZoneBody body = {(double)world->centre_x[i] + ahead * vx, (double)world->centre_y[i] + ahead * vy,
                             vx, vy};
        para_zones_push(world->zones, world->zone_bits[i], &body, (double)world->dt, &x, &y);
        sums->x[i] += (float)x / world->bodies[i].inverse_mass;
        sums->y[i] += (float)y / world->bodies[i].inverse_mass;
    }
}

/// @param sums used where there is more than the world's own forces
static Forces sum_forces(const ParaLanesWorld *world, ForceSums *sums)
{
    uint32_t zones = 0;
    for (int i = 0; world->zone_count > 0 && i < world->body_count; i++)
        zones |= world->zone_bits[i];
    if (world->thruster_count == 0 && zones == 0)
        return (Forces){world->force_x, world->force_y, world->torque};
    for (int i = 0; i < world->body_count; i += 4) {
        *(ParaF4u *)(sums->x + i) = *(const ParaF4u *)(world->force_x + i);
        *(ParaF4u *)(sums->y + i) = *(const ParaF4u *)(world->force_y + i);
        *(ParaF4u *)(sums->torque + i) = *(const ParaF4u *)(world->torque + i);
    }
    fire_thrusters(world, sums);
    if (zones != 0)
        push_by_zones(world, sums);
    return (Forces){sums->x, sums->y, sums->torque};
}

/// A motor target that is not a number would reach both bodies: the world ends before.
static void check_motors(ParaLanesWorld *world)
{
    for (int i = 0; i < world->joint_count; i++) {
        const ParaLanesJoint *joint = &world->joints[i];
        // x - x is 0 but for what is not finite.
        float rate = world->motor_rate[joint->def], most = world->motor_max[joint->def];
        if (!((rate - rate) + (most - most) == 0.0f) && joint->motored) {
            para_lanes_diverge(world, joint->b);
            return;
        }
    }
}

/// Four records of four floats from four columns.
PARA_LANES_INLINE void put_quads(ParaLanesQuad *to, ParaF4 x, ParaF4 y, ParaF4 spin, ParaF4 rest)
{
    ParaF4 column[4] = {x, y, spin, rest}, row[4];
    para_v_transpose4(column, row);
    for (int k = 0; k < 4; k++)
        *(ParaF4 *)&to[k] = row[k];
}

/// All ones in the lanes of bodies that are there; four of them.
PARA_LANES_INLINE M4 here_mask(const ParaLanesWorld *world, int i)
{
    const uint8_t *enabled = world->enabled + i;
    return (M4){-enabled[0], -enabled[1], -enabled[2], -enabled[3]};
}

/// The first body with a force that is not finite ends the world before the force reaches others.
static void end_by_force(ParaLanesWorld *world, int i, M4 sane)
{
    for (int k = 0; k < 4 && i + k < world->body_count; k++)
        if (!sane[k] && world->enabled[i + k] && world->bodies[i + k].inverse_mass > 0.0f &&
            world->state->status == PARA_WORLD_FINE)
            para_lanes_diverge(world, i + k);
}

PARA_LANES_INLINE void check_forces(ParaLanesWorld *world, int i, ParaF4 x, ParaF4 y, ParaF4 torque)
{
    M4 sane = (x - x) + (y - y) + (torque - torque) == 0.0f; // x - x is 0 but for what is not finite
    int64_t all[2];
    memcpy(all, &sane, sizeof all);
    if ((all[0] & all[1]) != -1)
        end_by_force(world, i, sane);
}

/// Records of four bodies of one world from body `i` on; past its last body they are rubbish, which the next
/// world's records take the place of.
static void gather_four(ParaLanesBlock *block, int w, int i, const Forces *forces)
{
    ParaLanesWorld *world = block->worlds[w];
    const ParaLanesBody *body = &world->bodies[i];
    int at = block->body_first[w] + i;
    ParaF4 mass[4] = {*(const ParaF4u *)&body[0], *(const ParaF4u *)&body[1], *(const ParaF4u *)&body[2],
                      *(const ParaF4u *)&body[3]};
    ParaF4 more[4] = {*(const ParaF4u *)&body[0].inverse_inertia, *(const ParaF4u *)&body[1].inverse_inertia,
                      *(const ParaF4u *)&body[2].inverse_inertia, *(const ParaF4u *)&body[3].inverse_inertia};
    para_v_transpose4(mass, mass); // centre, inradius, inverse mass
    para_v_transpose4(more, more); // inverse inertia, gravity scale, damping of way and turn
    M4 here = here_mask(world, i), moved = here & (mass[3] > 0.0f);
    ParaF4 inverse_mass = (ParaF4)(moved & (M4)mass[3]), inverse_inertia = (ParaF4)(moved & (M4)more[0]);
    float h = world->micro_dt;
    ParaF4 column[4] = {inverse_mass, inverse_inertia, *(const ParaF4u *)(world->centre_x + i),
                        *(const ParaF4u *)(world->centre_y + i)};
    ParaF4 turned[4] = {*(const ParaF4u *)(world->cos + i), *(const ParaF4u *)(world->sin + i),
                        (ParaF4){h, h, h, h}, *(const ParaF4u *)(world->angle + i)};
    ParaF4 speed[4] = {(ParaF4)(here & *(const M4u *)(world->vx + i)),
                       (ParaF4)(here & *(const M4u *)(world->vy + i)),
                       (ParaF4)(here & *(const M4u *)(world->spin + i)), (ParaF4){0}};
    ParaF4 force_x = *(const ParaF4u *)(forces->x + i), force_y = *(const ParaF4u *)(forces->y + i);
    ParaF4 torque = *(const ParaF4u *)(forces->torque + i);
    check_forces(world, i, force_x, force_y, torque);
    para_v_transpose4(column, column);
    para_v_transpose4(turned, turned);
    para_v_transpose4(speed, speed);
    // Pointers first: the compiler must think that a vector's store may change them.
    ParaF4 *fixed = (ParaF4 *)(block->fixed + at), *motion = (ParaF4 *)(block->motion + at);
    ParaLanesQuad *push = block->push + at, *damps = block->damp + at;
    float gravity_x = world->state->gravity.x, gravity_y = world->state->gravity.y;
    for (int k = 0; k < 4; k++) {
        fixed[2 * k] = column[k];
        fixed[2 * k + 1] = turned[k];
        motion[2 * k] = speed[k];
        motion[2 * k + 1] = (ParaF4){0};
    }
    ParaF4 x = h * (gravity_x * more[1] + inverse_mass * force_x);
    ParaF4 y = h * (gravity_y * more[1] + inverse_mass * force_y);
    ParaF4 spin = h * (inverse_inertia * torque);
    put_quads(push, (ParaF4)(moved & (M4)x), (ParaF4)(moved & (M4)y), (ParaF4)(moved & (M4)spin),
              (ParaF4){0});
    ParaF4 still = {1.0f, 1.0f, 1.0f, 1.0f};
    ParaF4 damp = (ParaF4)((moved & (M4)more[2]) | (~moved & (M4)still));
    ParaF4 damp_spin = (ParaF4)((moved & (M4)more[3]) | (~moved & (M4)still));
    put_quads(damps, damp, damp, damp_spin, (ParaF4){h, h, h, h});
}

static void gather_world(ParaLanesBlock *block, int w)
{
    ParaLanesWorld *world = block->worlds[w];
    ForceSums sums;
    check_motors(world);
    Forces forces = sum_forces(world, &sums);
    for (int i = 0; i < world->body_count; i += 4)
        gather_four(block, w, i, &forces);
    if (world->fluid_bits != 0)
        para_lanes_soak(block, w, forces.x, forces.y, forces.torque);
}

/// What gather_world and commit read of worlds to come.
static void fetch_ahead(const ParaLanesBlock *block, int w)
{
    int head = w + PARA_LANES_FETCH_HEAD, rest = w + PARA_LANES_FETCH_REST;
    if (head < block->world_count)
        para_lanes_fetch(block->worlds[head], block->worlds[head] + 1);
    if (rest < block->world_count) {
        const ParaLanesWorld *world = block->worlds[rest];
        para_lanes_fetch(world->state, world->view.contacts + world->view.contact_count);
        para_lanes_fetch(world->bodies, world->bodies + world->body_count);
    }
}

void PARA_K(gather_bodies)(ParaLanesBlock *block)
{
    int bodies = 0, shapes = 0;
    for (int w = 0; w < block->world_count; w++) {
        block->body_first[w] = bodies;
        block->shape_first[w] = shapes;
        bodies += block->worlds[w]->body_count;
        shapes += block->worlds[w]->shape_count;
        fetch_ahead(block, w);
        gather_world(block, w);
    }
    block->body_first[block->world_count] = bodies;
    block->shape_first[block->world_count] = shapes;
    block->motion[bodies] = (ParaLanesMotion){0}; // of idle lanes
    block->fixed[bodies] = (ParaLanesFixed){.cos = 1.0f, .micro_dt = 1.0f};
    block->push[bodies] = block->damp[bodies] = block->unpushed[bodies] = (ParaLanesQuad){0};
    PARA_CHECK_HOT(para_lanes_check_bodies(block));
}

// ---------------------------------------------------------------------------------------------
// Small steps. One record is one or two vectors of four: no turning of rows into columns.

// Two bodies at a time; the one past an odd end is the spare one and scratch.
typedef ParaF8 F8a __attribute__((aligned(16), may_alias));

/// The velocity, or with `from` a dx the way, of two bodies.
PARA_LANES_INLINE ParaF8 load_two(const float *from)
{
    return __builtin_shufflevector(*(const ParaF4 *)from, *(const ParaF4 *)(from + 8), 0, 1, 2, 3, 4, 5, 6,
                                   7);
}

PARA_LANES_INLINE void store_two(float *to, ParaF8 x)
{
    *(ParaF4 *)to = __builtin_shufflevector(x, x, 0, 1, 2, 3);
    *(ParaF4 *)(to + 8) = __builtin_shufflevector(x, x, 4, 5, 6, 7);
}

PARA_LANES_INLINE void push_two(ParaLanesBlock *block, int i, bool warm)
{
    ParaF8 v = load_two(&block->motion[i].vx);
    ParaF8 damp = *(const F8a *)&block->damp[i], push = *(const F8a *)&block->push[i];
    ParaF8 free = v * damp + push, kept = free;
    // What the impulses of the last small step did is v - before: they act again, as a warm start. In the
    // first one PARA_K(warm_start) does it.
    if (warm)
        kept = free + (v - *(const F8a *)&block->unpushed[i]);
    store_two(&block->motion[i].vx, kept);
    *(F8a *)&block->unpushed[i] = free;
}

void PARA_K(push)(ParaLanesBlock *block, int micro)
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

void PARA_K(move)(ParaLanesBlock *block)
{
    int count = block->body_first[block->world_count];
    for (int i = 0; i < count; i += 2) {
        ParaF8 damp = *(const F8a *)&block->damp[i];
        ParaF8 h = __builtin_shufflevector(damp, damp, 3, 3, 3, 3, 7, 7, 7, 7);
        store_two(&block->motion[i].dx, load_two(&block->motion[i].dx) + load_two(&block->motion[i].vx) * h);
    }
}

// ---------------------------------------------------------------------------------------------
// After the step.

typedef uint8_t Bytes __attribute__((vector_size(PARA_LANES_WIDTH)));

/// What commit looks at of PARA_LANES_WIDTH bodies.
typedef struct Moved {
    ParaVf motion[8];          ///< as ParaLanesMotion
    ParaVf centre_x, centre_y; ///< as in ParaLanesBody
    ParaVf inradius;           ///< [m]
    ParaVi moving; ///< all ones: its state changes. Zero for static and removed bodies, and past the end
} Moved;

static void look_at(const ParaLanesBlock *block, int w, int i, Moved *out)
{
    static const int32_t in_a_row[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    static const int32_t records[16] = {0,  8,  16, 24, 32, 40,  48,  56,
                                        64, 72, 80, 88, 96, 104, 112, 120}; // [float] where they begin
    ParaVf body[4];
    const ParaLanesWorld *world = block->worlds[w];
    // Records past the end are other ones' and looked at in vain.
    para_v_gather8((const float *)&block->motion[block->body_first[w] + i], 8, in_a_row, out->motion);
    para_v_gather4((const float *)&world->bodies[i], records, body);
    out->centre_x = body[0];
    out->centre_y = body[1];
    out->inradius = body[2];
    Bytes enabled;
    memcpy(&enabled, world->enabled + i, sizeof enabled);
    ParaVi here =
        (para_v_load_int(in_a_row) < world->body_count - i) & (__builtin_convertvector(enabled, ParaVi) != 0);
    out->moving = here & (out->inradius > 0.0f);
}

/// Lanes whose new state is sane (a NaN is not).
static ParaVi is_sane(const ParaLanesWorld *world, int i, const Moved *moved)
{
    const ParaVf *m = moved->motion;
    return (para_v_abs(m[0]) < PARA_LANES_SPEED_MAX) & (para_v_abs(m[1]) < PARA_LANES_SPEED_MAX) &
           (para_v_abs(m[2]) < PARA_LANES_SPEED_MAX) &
           (para_v_abs(para_v_load(world->centre_x + i) + m[4]) < PARA_LANES_PLACE_MAX) &
           (para_v_abs(para_v_load(world->centre_y + i) + m[5]) < PARA_LANES_PLACE_MAX);
}

/// Lanes that went so far that they may have passed through something.
static ParaVi went_far(const Moved *moved)
{
    const ParaVf *m = moved->motion;
    ParaVf reach = PARA_LANES_FAR * moved->inradius;
    return m[4] * m[4] + m[5] * m[5] > reach * reach;
}

/// What a step changes of PARA_LANES_WIDTH bodies: the world's arrays of these names, in their order.
#define COMMITTED(ROW)                                                                                       \
    ROW(x)                                                                                                   \
    ROW(y)                                                                                                   \
    ROW(angle)                                                                                               \
    ROW(cos)                                                                                                 \
    ROW(sin)                                                                                                 \
    ROW(vx)                                                                                                  \
    ROW(vy)                                                                                                  \
    ROW(spin)                                                                                                \
    ROW(centre_x)                                                                                            \
    ROW(centre_y)                                                                                            \
    ROW(rest_x)                                                                                              \
    ROW(rest_y)                                                                                              \
    ROW(rest_cos)                                                                                            \
    ROW(rest_sin)
typedef struct Committed {
#define DECLARE(array) ParaVf array;
    COMMITTED(DECLARE)
} Committed;

/// Adds a step's change and what is left of earlier ones; keeps what the sum has no digits for. The error of
/// a sum of two floats is a float. Source: D. Knuth, "The art of computer programming", vol. 2, 4.2.2 (1969)
PARA_LANES_INLINE ParaVf add_and_keep(ParaVf to, ParaVf change, ParaVf *rest)
{
    ParaVf all = change + *rest, sum = to + all, taken = sum - to;
    *rest = (to - (sum - taken)) + (all - taken);
    return sum;
}

/// A vector past the last body of an array reaches into the arrays behind it. So all are loaded before any is
/// stored, and stored in the order in which they lie: what a store puts into the next array is as it was, or
/// has its own store to come.
PARA_LANES_INLINE Committed load_committed(const ParaLanesWorld *world, int i)
{
#define LOAD(array) para_v_load(world->array + i),
    return (Committed){COMMITTED(LOAD)};
}

PARA_LANES_INLINE void store_committed(ParaLanesWorld *world, int i, ParaVi mask, const Committed *old,
                                       const Committed *now)
{
#define STORE(array) para_v_store(world->array + i, para_v_select(mask, now->array, old->array));
    COMMITTED(STORE)
}

/// Which zones PARA_LANES_WIDTH bodies are in whose centres are (x, y) now: most are in none. No float lies
/// between a bound of a zone and the float next to it, so the box of floats loses nobody.
static void find_zones(ParaLanesWorld *world, int i, ParaVi moving, ParaVf x, ParaVf y)
{
    const ParaLanesBox *box = &world->zones_box;
    int32_t *zone_bits = (int32_t *)world->zone_bits + i;
    ParaVi old = para_v_load_int(zone_bits);
    if (para_v_bits(moving & (old != 0)))
        para_v_store((float *)zone_bits, (ParaVf)(old & ~moving));
    uint32_t near =
        para_v_bits(moving & (x >= box->low_x) & (x <= box->high_x) & (y >= box->low_y) & (y <= box->high_y));
    for (; near != 0; near &= near - 1) {
        int k = i + __builtin_ctz(near);
        world->zone_bits[k] = para_zones_at(world->areas, world->zone_count, (double)world->centre_x[k],
                                            (double)world->centre_y[k]);
    }
}

/// New state of PARA_LANES_WIDTH bodies from body `i` on. What is slow and far away, or turns slowly, goes
/// less in a step than its float tells apart: nothing of it is lost.
static void commit_bodies(ParaLanesWorld *world, int i, const Moved *moved)
{
    const ParaVf *motion = moved->motion;
    ParaVf sine, cosine;
    Committed old = load_committed(world, i), now = old;
    now.centre_x = add_and_keep(old.centre_x, motion[4], &now.rest_x);
    now.centre_y = add_and_keep(old.centre_y, motion[5], &now.rest_y);
    para_v_sincos(motion[6], &sine, &cosine);
    ParaVf c = old.cos, s = old.sin, less = cosine - 1.0f;
    ParaVf more_c = c * less - s * sine, more_s = s * less + c * sine;
    ParaVf turned_c = c + more_c, turned_s = s + more_s;
    ParaVf longer = 0.5f * (1.0f - (turned_c * turned_c + turned_s * turned_s)); // back to length 1
    now.cos = add_and_keep(c, more_c + longer * turned_c, &now.rest_cos);
    now.sin = add_and_keep(s, more_s + longer * turned_s, &now.rest_sin);
    // The sum of small turns drifts away from (cos, sin), which do not: the angle is theirs, with the number
    // of whole turns from the sum.
    ParaVf principal = para_v_atan2(now.sin, now.cos), sum = old.angle + motion[6];
    now.angle = principal + PARA_LANES_TAU * para_v_round((sum - principal) * (1.0f / PARA_LANES_TAU));
    now.x = now.centre_x - (now.cos * moved->centre_x - now.sin * moved->centre_y);
    now.y = now.centre_y - (now.sin * moved->centre_x + now.cos * moved->centre_y);
    now.vx = motion[0];
    now.vy = motion[1];
    now.spin = motion[2];
    store_committed(world, i, moved->moving, &old, &now);
    if (world->zone_count > 0)
        find_zones(world, i, moved->moving, now.centre_x, now.centre_y);
}

/// @return false: the world diverged and keeps its old state
static bool commit_world(ParaLanesBlock *block, int w)
{
    ParaLanesWorld *world = block->worlds[w];
    Moved moved[(PARA_LANES_BODIES_MAX + PARA_LANES_WIDTH - 1) / PARA_LANES_WIDTH];
    uint32_t far = 0;
    for (int i = 0; i < world->body_count; i += PARA_LANES_WIDTH) {
        Moved *some = &moved[i / PARA_LANES_WIDTH];
        look_at(block, w, i, some);
        uint32_t insane = para_v_bits(some->moving & ~is_sane(world, i, some));
        if (insane) {
            PARA_ASSERT_HOT(i + __builtin_ctz(insane) < world->body_count); // never a lane behind the last
            para_lanes_diverge(world, i + __builtin_ctz(insane));
            return false;
        }
        far |= para_v_bits(some->moving & went_far(some));
    }
    if (far || world->fast_count > 0) {
        para_lanes_sweep(block, w);
        for (int i = 0; i < world->body_count; i += PARA_LANES_WIDTH)
            look_at(block, w, i, &moved[i / PARA_LANES_WIDTH]);
    }
    for (int i = 0; i < world->body_count; i += PARA_LANES_WIDTH)
        commit_bodies(world, i, &moved[i / PARA_LANES_WIDTH]);
    return true;
}

void PARA_K(commit)(ParaLanesBlock *block)
{
    for (int w = 0; w < block->world_count; w++) {
        ParaLanesWorld *world = block->worlds[w];
        if (world->state->status != PARA_WORLD_FINE || !commit_world(block, w))
            continue;
        for (int i = 0; i < world->joint_count; i++)
            if (world->joint_marks[i] & PARA_LANES_JOINT_ON)
                para_lanes_show_joint(world, i);
        world->state->step++;
        world->state->time = (double)world->state->step / (double)world->def.rate;
        PARA_CHECK_HOT(para_lanes_check_world(world));
    }
}
