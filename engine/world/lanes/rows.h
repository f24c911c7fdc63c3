// SPDX-License-Identifier: MIT
#pragma once
// Private to plan.c, contacts.c, pins.c, rails.c and lines.c: rows of constraints and what they share.
//
// A row holds LANES_WIDTH constraints of one class that no body takes part in twice, static and kinematic
// bodies excepted. Rows are solved one after the other. plan.c fills them so that of two constraints of one
// world that share a body the first in the world's order is in the earlier row: the result is that of solving
// each world alone, one constraint after the other, whatever else is in the rows.
//
// Every part of a row that some lanes do not have (a second point, a motor) is left out when no lane has it.
// To give the same bits either way such a lane adds impulses of exactly +0: x - 0 is x for every x, and sums
// of impulses begin at +0 and stay so. That is why changes are written as differences below.
#include "engine/base/assert.h"
#include "engine/world/lanes/kernel.h"
#include "engine/world/lanes/turn.h"

// How constraints yield: frequency [Hz], damping ratio [1]. No stiffer than a quarter of the micro step rate.
#define LANES_CONTACT_HERTZ 60.0f
#define LANES_CONTACT_RATIO 10.0f
#define LANES_JOINT_HERTZ   60.0f
#define LANES_JOINT_RATIO   2.0f
#define LANES_PUSH_MAX      3.0f ///< [m/s] speed at which overlap is pushed apart at most
#define LANES_BOUNCE_MIN    0.5f ///< [m/s] slower impacts do not bounce
#define LANES_PART_MIN      0.5f ///< [m/s] contacts that open faster forget the last step's impulse

/// Who takes part in a row, lane by lane. Idle lanes have the spare body twice and item -1. Bodies are given
/// as the place of their record [float], which is the same in `motion` and in `fixed`.
typedef struct RowBodies {
    int32_t a[LANES_WIDTH], b[LANES_WIDTH];
    int32_t out_a[LANES_WIDTH], out_b[LANES_WIDTH]; ///< where the velocity goes: the spare one for bodies
                                                    ///< that no impulse moves, so lanes may share those
    int32_t item[LANES_WIDTH];                      ///< index of the manifold or joint record, -1: idle
} RowBodies;

#define RECORD_FLOATS ((int)(sizeof(LanesMotion) / sizeof(float)))
_Static_assert(sizeof(LanesMotion) == sizeof(LanesFixed), "one place must do for both records");

/// The pair's masses [1/kg], [1/(kg m^2)].
typedef struct RowMasses {
    Vf ma, mb, ia, ib;
} RowMasses;

/// Coefficients of a soft constraint, see soften.
typedef struct RowSoft {
    Vf rate;    ///< [1/s] of the error that is taken back
    Vf mass;    ///< [1] factor on the impulse
    Vf impulse; ///< [1] share of the impulse so far that is given back
} RowSoft;

/// Arms from the centres of mass to the anchors, and b's anchor from a's; world frame [m].
typedef struct RowArms {
    Vf ax, ay, bx, by, dx, dy;
} RowArms;

/// What a turned joint's impulse of the last micro step lacks when it acts again in the next one: it was
/// given along the old arms and axis, and given so again whatever turns would turn faster and faster. Linear
/// [N s], on b, and torques [N m s] taken from a and b.
typedef struct RowKick {
    Vf x, y, a, b;
} RowKick;

typedef struct ContactPoint {
    Vf arm_a, arm_b;     ///< [m] ra x n, -(rb x n)
    Vf slide_a, slide_b; ///< [m] ra x t, -(rb x t)
    Vf mass, slide_mass; ///< [kg] 0 without this point
    Vf gap;              ///< [m] separation now
    Vf normal, tangent;  ///< [N s] of this micro step
    Vf normal_sum, tangent_sum;
    Vf gap_start; ///< [m] at the begin of the step
    Vf bounce;    ///< [m/s] normal speed wanted after the step; 0: none
} ContactPoint;

/// Tangent t = (-normal_y, normal_x).
typedef struct ContactRow {
    RowBodies bodies;
    int32_t point_count; ///< most of any lane
    int32_t bouncy;      ///< some lane bounces
    Vf normal_x, normal_y, friction, inverse_h;
    RowMasses masses;
    RowSoft soft;
    ContactPoint point[2];
} ContactRow;

/// Revolute joints and welds.
typedef struct PinRow {
    RowBodies bodies;
    int32_t any_motor, any_limit, any_weld;
    RowMasses masses;
    RowSoft soft;
    Vf h, inverse_h;
    RowArms arms;                    ///< now
    Vf k_xx, k_xy, k_yy;             ///< [kg] inverse of the point's matrix, now
    Vf angle;                        ///< [rad] now: of the joint, or the weld's error
    Vf axial_mass, limit_mass;       ///< [kg m^2]
    Vi weld;                         ///< mask
    Vf motor_rate, motor_most;       ///< [rad/s] [N m s]
    Vf lower, upper;                 ///< [rad]
    Vf x, y, motor, low, high, hold; ///< [N s] [N m s] impulses
    Vf load;
    Vf kick_a, kick_b; ///< [N m s] see RowKick
    RowArms start;     ///< of the begin of the step
    Vf start_angle;
} PinRow;

/// Prismatic joints: across and angle are held, along is free but for motor and limits.
typedef struct RailRow {
    RowBodies bodies;
    int32_t any_motor, any_limit;
    RowMasses masses;
    RowSoft soft;
    Vf inverse_h;
    Vf axis_x, axis_y;         ///< unit, now
    Vf across_a, across_b;     ///< [m] (d + ra) x perpendicular, -(rb x perpendicular)
    Vf along_a, along_b;       ///< [m] (d + ra) x axis, -(rb x axis)
    Vf off, angle, way;        ///< [m] [rad] [m] errors across and of the angle; place along the axis, now
    Vf k_ss, k_sw, k_ww;       ///< inverse of the matrix of (across, angle), now
    Vf axial_mass;             ///< [kg]
    Vi limited;                ///< mask
    Vf motor_rate, motor_most; ///< [m/s] [N s]
    Vf lower, upper;           ///< [m]
    Vf across, hold, motor, low, high;
    Vf load;
    RowKick kick;
    RowArms start; ///< of the begin of the step
    Vf start_axis_x, start_axis_y, start_angle;
} RailRow;

/// Distances, rigid or between limits, and springs.
typedef struct LineRow {
    RowBodies bodies;
    int32_t any_limit;
    RowMasses masses;
    RowSoft soft;
    Vf h, inverse_h;
    Vf axis_x, axis_y;         ///< unit, from a's anchor to b's, now
    Vf arm_a, arm_b;           ///< [m] ra x axis, -(rb x axis)
    Vf length, stretch;        ///< [m] now; stretch: beyond rest, of the begin of the micro step
    Vf mass, inverse_mass;     ///< [kg] [1/kg] along the line
    Vi spring, rigid, limited; ///< masks
    Vf stiffness, damping, rest;
    Vf lower, upper;
    Vf hold, low, high;
    Vf load;
    RowKick kick;
    RowArms start; ///< of the begin of the step
} LineRow;

/// A joint with its state and inputs in one record, so that lanes gather it: 40 floats.
typedef struct JointRecord {
    LanesJoint joint; ///< a, b: flat bodies
    LanesJointState state;
    float motor_rate, motor_most, angle; ///< inputs; joint_angle at the begin of the step
    float spare[5];
} JointRecord;
#define JOINT_FLOATS ((int)(sizeof(JointRecord) / sizeof(float)))

struct LanesRows {
    const int32_t *out_bodies;             ///< [bodies + 1] see RowBodies, flat
    int pin_count, rail_count, line_count; ///< rows
    struct ContactRows {
        ContactRow *rows;
        int count;
    } contacts[2]; ///< [1]: body a is static in every lane
    PinRow *pins;
    RailRow *rails;
    LineRow *lines;
    int joint_count;
    JointRecord *joints;      ///< of the joints that are on, by class, world and index; then an empty one
    LanesJointState **states; ///< [joints] where their impulses go
};

// [byte] of `room` that rows may need. A list of items with chains of dependent items no longer than `chain`
// fills at most items / LANES_WIDTH + chain rows.
#define LANES_ROWS_OF(items, chain) ((size_t)(items) / LANES_WIDTH + (size_t)(chain) + 1)
#define LANES_ROWS_ROOM                                                                                      \
    (65536 +                                                                                                 \
     2 * LANES_ROWS_OF(LANES_BLOCK * LANES_MANIFOLDS_MAX, LANES_MANIFOLDS_MAX) * (sizeof(ContactRow) + 8) +  \
     LANES_BLOCK * LANES_MANIFOLDS_MAX * 4 +                                                                 \
     LANES_ROWS_OF(LANES_BLOCK_JOINTS, LANES_JOINTS_MAX) *                                                   \
         (sizeof(PinRow) + sizeof(RailRow) + sizeof(LineRow) + 8) +                                          \
     (LANES_BLOCK_JOINTS + 1) * (sizeof(JointRecord) + sizeof(void *)) + LANES_BLOCK_BODIES * 32)
_Static_assert(LANES_ROWS_ROOM < LANES_ROOM_SIZE, "rows do not fit into a block's room");

// One set per class; the rows' bodies are filled by plan.c.
void K(prepare_contacts)(LanesBlock *block, LanesRows *rows);
void K(warm_contacts)(LanesBlock *block, LanesRows *rows);
void K(solve_contacts)(LanesBlock *block, LanesRows *rows, bool soft);
void K(restitute_contacts)(LanesBlock *block, LanesRows *rows);
void K(store_contacts)(LanesBlock *block, LanesRows *rows);
void K(prepare_pins)(LanesBlock *block, LanesRows *rows);
void K(warm_pins)(LanesBlock *block, LanesRows *rows);
void K(solve_pins)(LanesBlock *block, LanesRows *rows, bool soft);
void K(store_pins)(LanesRows *rows);
void K(prepare_rails)(LanesBlock *block, LanesRows *rows);
void K(warm_rails)(LanesBlock *block, LanesRows *rows);
void K(solve_rails)(LanesBlock *block, LanesRows *rows, bool soft);
void K(store_rails)(LanesRows *rows);
void K(prepare_lines)(LanesBlock *block, LanesRows *rows);
void K(warm_lines)(LanesBlock *block, LanesRows *rows);
void K(solve_lines)(LanesBlock *block, LanesRows *rows, bool soft);
void K(store_lines)(LanesRows *rows);

// ---------------------------------------------------------------------------------------------

/// Velocity or displacement of the two bodies of each lane.
typedef struct RowMotion {
    Vf ax, ay, aw, bx, by, bw;
} RowMotion;

/// Four floats at base + at[l] of lane l. Loads are as wide as scatter4's stores, so that a
/// record that was just written is forwarded to the load.
LANES_INLINE void gather4(const float *base, const int32_t *index, Vf out[4])
{
#if LANES_WIDTH == 4
    F4 row[4];
    for (int l = 0; l < 4; l++)
        row[l] = *(const F4u *)(base + index[l]);
    transpose4(row, (F4 *)out);
#else
    F8 column[LANES_WIDTH / 8][4];
    for (int part = 0; part < LANES_WIDTH / 8; part++) {
        const int32_t *at = index + 8 * part;
        F8 row[4];
        for (int l = 0; l < 4; l++) {
            F4 low = *(const F4u *)(base + at[l]);
            F4 high = *(const F4u *)(base + at[l + 4]);
            row[l] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
        }
        F8 low01 = LANES_LOW(row[0], row[1]), low23 = LANES_LOW(row[2], row[3]);
        F8 high01 = LANES_HIGH(row[0], row[1]), high23 = LANES_HIGH(row[2], row[3]);
        column[part][0] = LANES_PAIR0(low01, low23);
        column[part][1] = LANES_PAIR1(low01, low23);
        column[part][2] = LANES_PAIR0(high01, high23);
        column[part][3] = LANES_PAIR1(high01, high23);
    }
    for (int k = 0; k < 4; k++) {
#if LANES_WIDTH == 8
        out[k] = (Vf)column[0][k];
#else
        out[k] = __builtin_shufflevector(column[0][k], column[1][k], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                         13, 14, 15);
#endif
    }
#endif
}

LANES_INLINE RowMotion load_motion(const float *from, const RowBodies *bodies)
{
    Vf a[4], b[4];
    gather4(from, bodies->a, a);
    gather4(from, bodies->b, b);
    return (RowMotion){a[0], a[1], a[2], b[0], b[1], b[2]};
}
/// As load_motion where body a is static: it stays at 0.
LANES_INLINE RowMotion load_motion_b(const float *from, const RowBodies *bodies)
{
    Vf b[4], zero = {0};
    gather4(from, bodies->b, b);
    return (RowMotion){zero, zero, zero, b[0], b[1], b[2]};
}
LANES_INLINE RowMotion load_velocity(const LanesMotion *motion, const RowBodies *bodies)
{
    return load_motion(&motion->vx, bodies);
}
LANES_INLINE RowMotion load_moved(const LanesMotion *motion, const RowBodies *bodies)
{
    return load_motion(&motion->dx, bodies);
}
LANES_INLINE void store_velocity(LanesMotion *motion, const RowBodies *bodies, RowMotion v)
{
    Vf zero = {0};
    scatter4(&motion->vx, 1, bodies->out_a, v.ax, v.ay, v.aw, zero);
    scatter4(&motion->vx, 1, bodies->out_b, v.bx, v.by, v.bw, zero);
}

/// As store_velocity where body a is static.
LANES_INLINE void store_velocity_b(LanesMotion *motion, const RowBodies *bodies, const RowMotion *v)
{
    scatter4(&motion->vx, 1, bodies->out_b, v->bx, v->by, v->bw, (Vf){0});
}

/// Lanes of `v` where the mask is set, of `w` elsewhere.
LANES_INLINE RowMotion select_motion(Vi mask, const RowMotion *v, const RowMotion *w)
{
    return (RowMotion){v_select(mask, v->ax, w->ax), v_select(mask, v->ay, w->ay),
                       v_select(mask, v->aw, w->aw), v_select(mask, v->bx, w->bx),
                       v_select(mask, v->by, w->by), v_select(mask, v->bw, w->bw)};
}

LANES_INLINE void give_kick(const RowMasses *m, RowMotion *v, const RowKick *kick)
{
    v->ax -= m->ma * kick->x;
    v->ay -= m->ma * kick->y;
    v->aw -= m->ia * kick->a;
    v->bx += m->mb * kick->x;
    v->by += m->mb * kick->y;
    v->bw -= m->ib * kick->b;
}

/// What lies between the same impulses given by `old` and by `now`.
LANES_INLINE RowKick kick_between(RowKick old, RowKick now)
{
    return (RowKick){now.x - old.x, now.y - old.y, now.a - old.a, now.b - old.b};
}

/// 1 / x where x > 0, else 0.
LANES_INLINE Vf inverse_or_0(Vf x)
{
    Vi sane = x > 0.0f;
    return v_select(sane, 1.0f / v_select(sane, x, v_all(1.0f)), (Vf){0});
}

/// Whether a mask is set in every lane.
LANES_INLINE bool all_lanes(Vi mask) { return v_bits(~mask) == 0; }

/// Ones in the lanes that have an item.
LANES_INLINE Vi busy_lanes(const RowBodies *bodies)
{
    Vi item;
    memcpy(&item, bodies->item, sizeof item);
    return item >= 0;
}

/// Places [float] of the records of `floats` floats of a row's items; idle lanes have that of item `idle`.
LANES_INLINE void item_places(const RowBodies *bodies, int idle, int floats, int32_t out[LANES_WIDTH])
{
    Vi item;
    memcpy(&item, bodies->item, sizeof item);
    item = v_select_int(item >= 0, item, v_all_int(idle)) * floats;
    memcpy(out, &item, sizeof item);
}

/// The soft constraint of a spring and damper of `hertz` and `ratio` on the constraint's own mass,
/// integrated implicitly over h [s]. Source: E. Catto, "Soft Constraints" (2011) and "Solver2D" (2024).
LANES_INLINE RowSoft soften(Vf h, Vf hertz, float ratio)
{
    PARA_ASSERT_HOT(all_lanes(h > 0.0f));
    Vf omega = 6.28318531f * v_min(hertz, 0.25f / h);
    Vf a1 = 2.0f * ratio + h * omega, a2 = h * omega * a1, a3 = 1.0f / (1.0f + a2);
    return (RowSoft){omega / a1, a2 * a3, a3};
}

/// What is fixed of the two bodies of each lane; a side's angle as cos, sin.
typedef struct RowFixed {
    RowMasses masses;
    Vf ax, ay, a_cos, a_sin, bx, by, b_cos, b_sin;
    Vf h; ///< [s] > 0
} RowFixed;

LANES_INLINE RowFixed load_fixed(const LanesBlock *block, const RowBodies *bodies)
{
    Vf a[8], b[8];
    gather8(&block->fixed->inverse_mass, 1, bodies->a, a);
    gather8(&block->fixed->inverse_mass, 1, bodies->b, b);
    Vi busy = busy_lanes(bodies);
    Vf zero = {0};
    return (RowFixed){.masses = {v_select(busy, a[0], zero), v_select(busy, b[0], zero),
                                 v_select(busy, a[1], zero), v_select(busy, b[1], zero)},
                      .ax = a[2],
                      .ay = a[3],
                      .a_cos = a[4],
                      .a_sin = a[5],
                      .bx = b[2],
                      .by = b[3],
                      .b_cos = b[4],
                      .b_sin = b[5],
                      .h = v_select(busy, a[6], v_all(1.0f))};
}

/// A joint record per lane; 0 in idle lanes.
typedef struct JointLanes {
    Vi kind, limited, motored; ///< the last two are masks
    Vf anchor_ax, anchor_ay, anchor_bx, anchor_by, axis_x, axis_y, lower, upper;
    Vf stiffness, damping, rest, start_cos, start_sin;
    Vf state_x, state_y, state_angle, state_motor, state_lower, state_upper;
    Vf motor_rate, motor_most, angle;
} JointLanes;

LANES_INLINE JointLanes load_joints(const LanesRows *rows, const RowBodies *bodies)
{
    PARA_ASSERT_HOT(bodies->item[0] >= 0 && bodies->item[0] < rows->joint_count); // lane 0 is never idle
    int32_t at[LANES_WIDTH];
    item_places(bodies, rows->joint_count, JOINT_FLOATS, at); // idle: the empty record
    Vf f[JOINT_FLOATS];
    for (int part = 0; part < JOINT_FLOATS; part += 8)
        gather8((const float *)rows->joints + part, 1, at, f + part);
    return (JointLanes){.kind = (Vi)f[2],
                        .limited = (Vi)f[4],
                        .motored = (Vi)f[5],
                        .anchor_ax = f[6],
                        .anchor_ay = f[7],
                        .anchor_bx = f[8],
                        .anchor_by = f[9],
                        .axis_x = f[10],
                        .axis_y = f[11],
                        .lower = f[12],
                        .upper = f[13],
                        .stiffness = f[14],
                        .damping = f[15],
                        .rest = f[16],
                        .start_cos = f[17],
                        .start_sin = f[18],
                        .state_x = f[24],
                        .state_y = f[25],
                        .state_angle = f[26],
                        .state_motor = f[27],
                        .state_lower = f[28],
                        .state_upper = f[29],
                        .motor_rate = f[32],
                        .motor_most = f[33],
                        .angle = f[34]};
}

LANES_INLINE RowArms begin_arms(const JointLanes *joint, const RowFixed *fixed)
{
    RowArms r;
    r.ax = fixed->a_cos * joint->anchor_ax - fixed->a_sin * joint->anchor_ay;
    r.ay = fixed->a_sin * joint->anchor_ax + fixed->a_cos * joint->anchor_ay;
    r.bx = fixed->b_cos * joint->anchor_bx - fixed->b_sin * joint->anchor_by;
    r.by = fixed->b_sin * joint->anchor_bx + fixed->b_cos * joint->anchor_by;
    r.dx = (fixed->bx - fixed->ax) + (r.bx - r.ax);
    r.dy = (fixed->by - fixed->ay) + (r.by - r.ay);
    return r;
}

/// The arms of the begin of the step after the bodies moved.
LANES_INLINE RowArms move_arms(const RowArms *start, const RowMotion *moved)
{
    Vf a_sin, a_cos, b_sin, b_cos;
    v_sincos(moved->aw, &a_sin, &a_cos);
    v_sincos(moved->bw, &b_sin, &b_cos);
    RowArms r;
    r.ax = a_cos * start->ax - a_sin * start->ay;
    r.ay = a_sin * start->ax + a_cos * start->ay;
    r.bx = b_cos * start->bx - b_sin * start->by;
    r.by = b_sin * start->bx + b_cos * start->by;
    r.dx = start->dx + ((moved->bx - moved->ax) + ((r.bx - start->bx) - (r.ax - start->ax)));
    r.dy = start->dy + ((moved->by - moved->ay) + ((r.by - start->by) - (r.ay - start->ay)));
    return r;
}

/// The angle [rad] of b from a that is not that of the build, within half a turn.
LANES_INLINE Vf angle_error(const JointLanes *joint, const RowFixed *fixed)
{
    Vf c = fixed->a_cos * fixed->b_cos + fixed->a_sin * fixed->b_sin;
    Vf s = fixed->a_cos * fixed->b_sin - fixed->a_sin * fixed->b_cos;
    return v_atan2(s * joint->start_cos - c * joint->start_sin, c * joint->start_cos + s * joint->start_sin);
}

/// Speed [m/s] per metre of arm at which an arm that turns with `spin` moves towards the centre during
/// h, on average: half of h spin^2, and bounded. With it the anchors meet at the end of a micro step,
/// not where they would have if they flew straight, and joints that turn neither lose energy nor drift
/// apart.
LANES_INLINE Vf inward(Vf spin, Vf h)
{
    Vf turn = spin * h;
    return 0.5f * spin * turn / (1.0f + 0.25f * (turn * turn));
}

/// One sided constraint (a limit) with `gap` left and `speed` at which the gap grows: the new impulse.
LANES_INLINE Vf limit_impulse(Vf impulse, Vf gap, Vf speed, Vf mass, Vf inverse_h, const RowSoft *soft,
                              bool soft_pass)
{
    Vf zero = {0};
    if (!soft_pass)
        return v_max(impulse - mass * (speed + v_max(gap, zero) * inverse_h), zero);
    Vi open = gap > 0.0f;
    Vf bias = v_select(open, gap * inverse_h, gap * soft->rate);
    Vf scaled = v_select(open, mass, mass * soft->mass), keep = v_select(open, zero, soft->impulse);
    return v_max(impulse - scaled * (speed + bias) - keep * impulse, zero);
}
