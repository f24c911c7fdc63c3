// SPDX-License-Identifier: MIT
#pragma once
// Private to engine/world/lanes: for plan.c, contacts.c, pins.c, rails.c and lines.c, rows of constraints and
// what they share.
//
// A row holds PARA_LANES_WIDTH constraints of one class that no body takes part in twice, static and
// kinematic bodies excepted. Rows are solved one after the other. plan.c fills them so that of two
// constraints of one world that share a body the first in the world's order is in the earlier row: the result
// is that of solving each world alone, one constraint after the other, whatever else is in the rows.
//
// Every part of a row that some lanes do not have (a second point, a motor) is left out when no lane has it.
// To give the same bits either way such a lane adds impulses of exactly +0: x - 0 is x for every x, and sums
// of impulses begin at +0 and stay so. That is why changes are written as differences below.
#include "engine/base/assert.h"
#include "engine/world/lanes/kernel.h"
#include "engine/world/lanes/turn.h"

// How constraints yield: frequency [1] as a share of the micro step rate, damping ratio [1]. Stiffer ones
// begin to shake: a heavy box on a light one rocks for ever from .28 on, a welded beam flies apart at .5.
#define PARA_LANES_CONTACT_SHARE 0.265f
#define PARA_LANES_CONTACT_RATIO 20.0f
#define PARA_LANES_JOINT_SHARE   0.25f
#define PARA_LANES_JOINT_RATIO   2.0f
#define PARA_LANES_PUSH_MAX      3.0f ///< [m/s] speed at which overlap is pushed apart at most
#define PARA_LANES_BOUNCE_MIN    0.1f ///< [m/s] the least bounce_min: of what fell less than 0.5 mm
#define PARA_LANES_PART_MIN      0.5f ///< [m/s] contacts that open faster forget the last step's impulse

/// Who takes part in a row, lane by lane. Idle lanes have the spare body twice and item -1. Bodies are given
/// as the place of their record [float], which is the same in `motion` and in `fixed`.
typedef struct ParaRowBodies {
    int32_t a[PARA_LANES_WIDTH], b[PARA_LANES_WIDTH];
    int32_t out_a[PARA_LANES_WIDTH],
        out_b[PARA_LANES_WIDTH];    ///< where the velocity goes: the spare one for bodies
                                    ///< that no impulse moves, so lanes may share those
    int32_t item[PARA_LANES_WIDTH]; ///< index of the manifold or joint record, -1: idle
} ParaRowBodies;

#define PARA_RECORD_FLOATS ((int)(sizeof(ParaLanesMotion) / sizeof(float)))
_Static_assert(sizeof(ParaLanesMotion) == sizeof(ParaLanesFixed), "one place must do for both records");

/// The pair's masses [1/kg], [1/(kg m^2)].
typedef struct ParaRowMasses {
    ParaVf ma, mb, ia, ib;
} ParaRowMasses;

/// Coefficients of a soft constraint, see soften.
typedef struct ParaRowSoft {
    ParaVf rate;    ///< [1/s] of the error that is taken back
    ParaVf mass;    ///< [1] factor on the impulse
    ParaVf impulse; ///< [1] share of the impulse so far that is given back
} ParaRowSoft;

/// Arms from the centres of mass to the anchors, and b's anchor from a's; world frame [m].
typedef struct ParaRowArms {
    ParaVf ax, ay, bx, by, dx, dy;
} ParaRowArms;

/// What a turned joint's impulse of the last micro step lacks when it acts again in the next one: it was
/// given along the old arms and axis, and given so again whatever turns would turn faster and faster. Linear
/// [N s], on b, and torques [N m s] taken from a and b.
typedef struct ParaRowKick {
    ParaVf x, y, a, b;
} ParaRowKick;

typedef struct ParaContactPoint {
    ParaVf arm_a, arm_b;     ///< [m] ra x n, -(rb x n)
    ParaVf slide_a, slide_b; ///< [m] ra x t, -(rb x t)
    ParaVf mass, slide_mass; ///< [kg] 0 without this point
    ParaVf gap;              ///< [m] separation now
    ParaVf normal, tangent;  ///< [N s] of this micro step
    ParaVf normal_sum, tangent_sum;
    ParaVf gap_start; ///< [m] at the begin of the step
    ParaVf share;     ///< [1] as in ParaLanesPoint
} ParaContactPoint;

/// Tangent t = (-normal_y, normal_x).
typedef struct ParaContactRow {
    ParaRowBodies bodies;
    int32_t point_count; ///< most of any lane
    int32_t bouncy;      ///< some lane has a restitution
    int32_t belted;      ///< some lane's surfaces run
    ParaVf belt;         ///< [m/s] how fast they do, along the tangent; only where belted
    ParaVf normal_x, normal_y, friction, restitution, inverse_h;
    ParaVf bounce_min; ///< [m/s] slower impacts do not bounce; only where bouncy
    ParaRowMasses masses;
    ParaRowSoft soft;
    ParaContactPoint point[2];
    ParaVf lift_a, lift_b; ///< [m] as in ParaLanesPoint
} ParaContactRow;

/// What an impact needs of a contact point besides.
typedef struct ParaBouncePoint {
    ParaVi due;             ///< mask: it meets in this micro step
    ParaVf rush;            ///< [m/s] closing speed that forces add in a micro step
    ParaVf leave;           ///< [m/s] opening speed it owes
    ParaVf late;            ///< [s] from the begin of the micro step to the impact
    ParaVf normal, tangent; ///< [N s] of the impact
} ParaBouncePoint;

/// A row of contacts some of which bounce.
typedef struct ParaBounceRow {
    ParaContactRow *row;
    bool due;     ///< in this wave
    ParaVf cross; ///< [1/kg] speed that an impulse of 1 N s at one point gives the other
    ParaBouncePoint point[2];
} ParaBounceRow;

/// Revolute joints and welds.
typedef struct ParaPinRow {
    ParaRowBodies bodies;
    int32_t any_motor, any_limit, any_weld, any_long;
    ParaRowMasses masses;
    ParaRowSoft soft;
    ParaVf h, inverse_h;
    ParaRowArms arms;                    ///< now
    ParaVf k_xx, k_xy, k_yy;             ///< [kg] inverse of the point's matrix, now
    ParaVf angle;                        ///< [rad] now: of the joint, or the weld's error
    ParaVf axial_mass, limit_mass;       ///< [kg m^2]
    ParaVi weld, long_armed;             ///< masks
    ParaVf motor_rate, motor_most;       ///< [rad/s] [N m s]
    ParaVf lower, upper;                 ///< [rad]
    ParaVf x, y, motor, low, high, hold; ///< [N s] [N m s] impulses
    ParaVf load;
    ParaVf kick_a, kick_b; ///< [N m s] see ParaRowKick
    ParaRowArms start;     ///< of the begin of the step
    ParaVf start_angle;
} ParaPinRow;

/// Prismatic joints: across and angle are held, along is free but for motor and limits.
typedef struct ParaRailRow {
    ParaRowBodies bodies;
    int32_t any_motor, any_limit;
    ParaRowMasses masses;
    ParaRowSoft soft;
    ParaVf inverse_h;
    ParaVf axis_x, axis_y;     ///< unit, now
    ParaVf across_a, across_b; ///< [m] (d + ra) x perpendicular, -(rb x perpendicular)
    ParaVf along_a, along_b;   ///< [m] (d + ra) x axis, -(rb x axis)
    ParaVf off, angle, way;    ///< [m] [rad] [m] errors across and of the angle; place along the axis, now
    ParaVf k_ss, k_sw, k_ww;   ///< inverse of the matrix of (across, angle), now
    ParaVf axial_mass;         ///< [kg]
    ParaVi limited;            ///< mask
    ParaVf motor_rate, motor_most; ///< [m/s] [N s]
    ParaVf lower, upper;           ///< [m]
    ParaVf across, hold, motor, low, high;
    ParaVf load;
    ParaRowKick kick;
    ParaRowArms start; ///< of the begin of the step
    ParaVf start_axis_x, start_axis_y, start_angle;
} ParaRailRow;

/// Distances, rigid or between limits, and springs.
typedef struct ParaLineRow {
    ParaRowBodies bodies;
    int32_t any_limit;
    ParaRowMasses masses;
    ParaRowSoft soft;
    ParaVf h, inverse_h;
    ParaVf axis_x, axis_y;         ///< unit, from a's anchor to b's, now
    ParaVf arm_a, arm_b;           ///< [m] ra x axis, -(rb x axis)
    ParaVf length, stretch;        ///< [m] now; stretch: beyond rest, of the begin of the micro step
    ParaVf mass, inverse_mass;     ///< [kg] [1/kg] along the line
    ParaVi spring, rigid, limited; ///< masks
    ParaVf stiffness, damping, rest;
    ParaVf lower, upper;
    ParaVf hold, low, high;
    ParaVf load;
    ParaRowKick kick;
    ParaRowArms start; ///< of the begin of the step
} ParaLineRow;

/// A joint with its state and inputs in one record, so that lanes gather it: 40 floats.
typedef struct ParaJointRecord {
    ParaLanesJoint joint; ///< a, b: flat bodies
    ParaLanesJointState state;
    float motor_rate, motor_most, angle; ///< inputs; joint_angle at the begin of the step
    float spare[5];
} ParaJointRecord;
#define PARA_JOINT_FLOATS ((int)(sizeof(ParaJointRecord) / sizeof(float)))

struct ParaLanesRows {
    int pin_count, rail_count, line_count; ///< rows
    bool knots;                            ///< some world's joints are held at once (knots.h)
    struct ParaContactRows {
        ParaContactRow *rows;
        int count;
    } contacts[2]; ///< [1]: body a is static in every lane
    ParaBounceRow *bounces;
    int bounce_count;
    bool any_deep; ///< some contact may be deep
    int deep_count;
    int32_t *deep;         ///< manifolds that are (calm.c)
    double *allowed;       ///< [bodies] scratch of para_lanes_calm
    ParaLanesQuad *before; ///< [bodies] velocities before the impacts of a micro step, scratch
    ParaPinRow *pins;
    ParaRailRow *rails;
    ParaLineRow *lines;
    int joint_count;
    ParaJointRecord *joints;      ///< of the joints that are on, by class, world and index; then an empty one
    ParaLanesJointState **states; ///< [joints] where their impulses go
};

// [byte] of `room` that rows may need. A list of items with chains of dependent items no longer than `chain`
// fills at most items / PARA_LANES_WIDTH + chain rows.
#define PARA_LANES_ROWS_OF(items, chain) ((size_t)(items) / PARA_LANES_WIDTH + (size_t)(chain) + 1)
#define PARA_LANES_ROWS_ROOM                                                                                 \
    (65536 +                                                                                                 \
     2 * PARA_LANES_ROWS_OF(PARA_LANES_BLOCK_MANIFOLDS, PARA_LANES_MANIFOLDS_MAX) *                          \
         (sizeof(ParaContactRow) + sizeof(ParaBounceRow) + 8) +                                              \
     PARA_LANES_BLOCK_MANIFOLDS * 8 +                                                                        \
     PARA_LANES_ROWS_OF(PARA_LANES_BLOCK_JOINTS, PARA_LANES_JOINTS_MAX) *                                    \
         (sizeof(ParaPinRow) + sizeof(ParaRailRow) + sizeof(ParaLineRow) + 8) +                              \
     (PARA_LANES_BLOCK_JOINTS + 1) * (sizeof(ParaJointRecord) + sizeof(void *)) +                            \
     PARA_LANES_BLOCK_MANIFOLDS * 4 + PARA_LANES_BLOCK_BODIES * 56)
_Static_assert(PARA_LANES_ROWS_ROOM < PARA_LANES_ROOM_SIZE, "rows do not fit into a block's room");

// One set per class; the rows' bodies are filled by plan.c.
void PARA_K(prepare_contacts)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(warm_contacts)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(solve_contacts)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft, bool last);
/// Lists the rows that can bounce, behind the rows in `room`. @return [byte] used
size_t PARA_K(prepare_bounces)(ParaLanesBlock *block, ParaLanesRows *rows, void *room);
void PARA_K(store_contacts)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(prepare_pins)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(warm_pins)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(solve_pins)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft);
/// The points of joints whose arm is long against their body, once more behind the contacts.
void PARA_K(solve_long_pins)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft);
void PARA_K(store_pins)(ParaLanesRows *rows);
void PARA_K(prepare_rails)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(warm_rails)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(solve_rails)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft);
void PARA_K(store_rails)(ParaLanesRows *rows);
void PARA_K(prepare_lines)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(warm_lines)(ParaLanesBlock *block, ParaLanesRows *rows);
void PARA_K(solve_lines)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft);
void PARA_K(store_lines)(ParaLanesRows *rows);

// ---------------------------------------------------------------------------------------------

/// Velocity or displacement of the two bodies of each lane.
typedef struct ParaRowMotion {
    ParaVf ax, ay, aw, bx, by, bw;
} ParaRowMotion;

PARA_LANES_INLINE ParaRowMotion para_row_load_motion(const float *from, const ParaRowBodies *bodies)
{
    ParaVf a[4], b[4];
    para_v_gather4(from, bodies->a, a);
    para_v_gather4(from, bodies->b, b);
    return (ParaRowMotion){a[0], a[1], a[2], b[0], b[1], b[2]};
}
/// As para_row_load_motion where body a is static: it stays at 0.
PARA_LANES_INLINE ParaRowMotion para_row_load_motion_b(const float *from, const ParaRowBodies *bodies)
{
    ParaVf b[4], zero = {0};
    para_v_gather4(from, bodies->b, b);
    return (ParaRowMotion){zero, zero, zero, b[0], b[1], b[2]};
}
PARA_LANES_INLINE ParaRowMotion para_row_load_velocity(const ParaLanesMotion *motion,
                                                       const ParaRowBodies *bodies)
{
    return para_row_load_motion(&motion->vx, bodies);
}
PARA_LANES_INLINE ParaRowMotion para_row_load_moved(const ParaLanesMotion *motion,
                                                    const ParaRowBodies *bodies)
{
    return para_row_load_motion(&motion->dx, bodies);
}
PARA_LANES_INLINE void para_row_store_velocity(ParaLanesMotion *motion, const ParaRowBodies *bodies,
                                               ParaRowMotion v)
{
    ParaVf zero = {0};
    para_v_scatter4(&motion->vx, 1, bodies->out_a, v.ax, v.ay, v.aw, zero);
    para_v_scatter4(&motion->vx, 1, bodies->out_b, v.bx, v.by, v.bw, zero);
}

/// As para_row_store_velocity where body a is static.
PARA_LANES_INLINE void para_row_store_velocity_b(ParaLanesMotion *motion, const ParaRowBodies *bodies,
                                                 const ParaRowMotion *v)
{
    para_v_scatter4(&motion->vx, 1, bodies->out_b, v->bx, v->by, v->bw, (ParaVf){0});
}

/// As para_row_store_velocity, of the way.
PARA_LANES_INLINE void para_row_store_moved(ParaLanesMotion *motion, const ParaRowBodies *bodies,
                                            ParaRowMotion moved)
{
    ParaVf zero = {0};
    para_v_scatter4(&motion->dx, 1, bodies->out_a, moved.ax, moved.ay, moved.aw, zero);
    para_v_scatter4(&motion->dx, 1, bodies->out_b, moved.bx, moved.by, moved.bw, zero);
}

/// Lanes of `v` where the mask is set, of `w` elsewhere.
PARA_LANES_INLINE ParaRowMotion para_row_select_motion(ParaVi mask, const ParaRowMotion *v,
                                                       const ParaRowMotion *w)
{
    return (ParaRowMotion){para_v_select(mask, v->ax, w->ax), para_v_select(mask, v->ay, w->ay),
                           para_v_select(mask, v->aw, w->aw), para_v_select(mask, v->bx, w->bx),
                           para_v_select(mask, v->by, w->by), para_v_select(mask, v->bw, w->bw)};
}

PARA_LANES_INLINE void para_row_give_kick(const ParaRowMasses *m, ParaRowMotion *v, const ParaRowKick *kick)
{
    v->ax -= m->ma * kick->x;
    v->ay -= m->ma * kick->y;
    v->aw -= m->ia * kick->a;
    v->bx += m->mb * kick->x;
    v->by += m->mb * kick->y;
    v->bw -= m->ib * kick->b;
}

/// What lies between the same impulses given by `old` and by `now`.
PARA_LANES_INLINE ParaRowKick para_row_kick_between(ParaRowKick old, ParaRowKick now)
{
    return (ParaRowKick){now.x - old.x, now.y - old.y, now.a - old.a, now.b - old.b};
}

/// 1 / x where x > 0, else 0.
PARA_LANES_INLINE ParaVf para_row_inverse_or_0(ParaVf x)
{
    ParaVi sane = x > 0.0f;
    return para_v_select(sane, 1.0f / para_v_select(sane, x, para_v_all(1.0f)), (ParaVf){0});
}

/// Whether a mask is set in every lane.
PARA_LANES_INLINE bool para_row_all_lanes(ParaVi mask) { return para_v_bits(~mask) == 0; }

/// Ones in the lanes that have an item.
PARA_LANES_INLINE ParaVi para_row_busy_lanes(const ParaRowBodies *bodies)
{
    ParaVi item;
    memcpy(&item, bodies->item, sizeof item);
    return item >= 0;
}

/// Places [float] of the records of `floats` floats of a row's items; idle lanes have that of item `idle`.
PARA_LANES_INLINE void para_row_item_places(const ParaRowBodies *bodies, int idle, int floats,
                                            int32_t out[PARA_LANES_WIDTH])
{
    ParaVi item;
    memcpy(&item, bodies->item, sizeof item);
    item = para_v_select_int(item >= 0, item, para_v_all_int(idle)) * floats;
    memcpy(out, &item, sizeof item);
}

/// The soft constraint of a spring and damper on the constraint's own mass, integrated implicitly over h [s];
/// its frequency is `share` / h. Source: E. Catto, "Soft Constraints" (2011) and "Solver2D" (2024).
PARA_LANES_INLINE ParaRowSoft para_row_soften(ParaVf h, float share, float ratio)
{
    PARA_ASSERT_HOT(para_row_all_lanes(h > 0.0f));
    ParaVf omega = 6.28318531f * share / h;
    ParaVf a1 = 2.0f * ratio + h * omega, a2 = h * omega * a1, a3 = 1.0f / (1.0f + a2);
    return (ParaRowSoft){omega / a1, a2 * a3, a3};
}

/// What is fixed of the two bodies of each lane; a side's angle as cos, sin.
typedef struct ParaRowFixed {
    ParaRowMasses masses;
    ParaVf ax, ay, a_cos, a_sin, bx, by, b_cos, b_sin;
    ParaVf h; ///< [s] > 0
} ParaRowFixed;

PARA_LANES_INLINE ParaRowFixed para_row_load_fixed(const ParaLanesBlock *block, const ParaRowBodies *bodies)
{
    ParaVf a[8], b[8];
    para_v_gather8(&block->fixed->inverse_mass, 1, bodies->a, a);
    para_v_gather8(&block->fixed->inverse_mass, 1, bodies->b, b);
    ParaVi busy = para_row_busy_lanes(bodies);
    ParaVf zero = {0};
    return (ParaRowFixed){.masses = {para_v_select(busy, a[0], zero), para_v_select(busy, b[0], zero),
                                     para_v_select(busy, a[1], zero), para_v_select(busy, b[1], zero)},
                          .ax = a[2],
                          .ay = a[3],
                          .a_cos = a[4],
                          .a_sin = a[5],
                          .bx = b[2],
                          .by = b[3],
                          .b_cos = b[4],
                          .b_sin = b[5],
                          .h = para_v_select(busy, a[6], para_v_all(1.0f))};
}

/// A joint record per lane; 0 in idle lanes.
typedef struct ParaJointLanes {
    ParaVi kind, limited, motored; ///< the last two are masks
    ParaVf anchor_ax, anchor_ay, anchor_bx, anchor_by, axis_x, axis_y, lower, upper;
    ParaVf stiffness, damping, rest, start_cos, start_sin, slack_x, slack_y;
    ParaVf state_x, state_y, state_angle, state_motor, state_lower, state_upper;
    ParaVf motor_rate, motor_most, angle;
} ParaJointLanes;

PARA_LANES_INLINE ParaJointLanes para_row_load_joints(const ParaLanesRows *rows, const ParaRowBodies *bodies)
{
    PARA_ASSERT_HOT(bodies->item[0] >= 0 && bodies->item[0] < rows->joint_count); // lane 0 is never idle
    int32_t at[PARA_LANES_WIDTH];
    para_row_item_places(bodies, rows->joint_count, PARA_JOINT_FLOATS, at); // idle: the empty record
    ParaVf f[PARA_JOINT_FLOATS];
    for (int part = 0; part < PARA_JOINT_FLOATS; part += 8)
        para_v_gather8((const float *)rows->joints + part, 1, at, f + part);
    return (ParaJointLanes){.kind = (ParaVi)f[2],
                            .limited = (ParaVi)f[4],
                            .motored = (ParaVi)f[5],
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
                            .slack_x = f[20],
                            .slack_y = f[21],
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

PARA_LANES_INLINE ParaRowArms para_row_begin_arms(const ParaJointLanes *joint, const ParaRowFixed *fixed)
{
    ParaRowArms r;
    r.ax = fixed->a_cos * joint->anchor_ax - fixed->a_sin * joint->anchor_ay;
    r.ay = fixed->a_sin * joint->anchor_ax + fixed->a_cos * joint->anchor_ay;
    r.bx = fixed->b_cos * joint->anchor_bx - fixed->b_sin * joint->anchor_by;
    r.by = fixed->b_sin * joint->anchor_bx + fixed->b_cos * joint->anchor_by;
    r.dx = (fixed->bx - fixed->ax) + (r.bx - r.ax) - joint->slack_x;
    r.dy = (fixed->by - fixed->ay) + (r.by - r.ay) - joint->slack_y;
    return r;
}

/// The arms of the begin of the step after the bodies moved.
PARA_LANES_INLINE ParaRowArms para_row_move_arms(const ParaRowArms *start, const ParaRowMotion *moved)
{
    ParaVf a_sin, a_cos, b_sin, b_cos;
    para_v_sincos(moved->aw, &a_sin, &a_cos);
    para_v_sincos(moved->bw, &b_sin, &b_cos);
    ParaRowArms r;
    r.ax = a_cos * start->ax - a_sin * start->ay;
    r.ay = a_sin * start->ax + a_cos * start->ay;
    r.bx = b_cos * start->bx - b_sin * start->by;
    r.by = b_sin * start->bx + b_cos * start->by;
    r.dx = start->dx + ((moved->bx - moved->ax) + ((r.bx - start->bx) - (r.ax - start->ax)));
    r.dy = start->dy + ((moved->by - moved->ay) + ((r.by - start->by) - (r.ay - start->ay)));
    return r;
}

/// The angle [rad] of b from a that is not that of the build, within half a turn.
PARA_LANES_INLINE ParaVf para_row_angle_error(const ParaJointLanes *joint, const ParaRowFixed *fixed)
{
    ParaVf c = fixed->a_cos * fixed->b_cos + fixed->a_sin * fixed->b_sin;
    ParaVf s = fixed->a_cos * fixed->b_sin - fixed->a_sin * fixed->b_cos;
    return para_v_atan2(s * joint->start_cos - c * joint->start_sin,
                        c * joint->start_cos + s * joint->start_sin);
}

/// Speed [m/s] per metre of arm at which an arm that turns with `spin` moves towards the centre during
/// h, on average: half of h spin^2, and bounded. With it the anchors meet at the end of a micro step,
/// not where they would have if they flew straight, and joints that turn neither lose energy nor drift
/// apart.
PARA_LANES_INLINE ParaVf para_row_inward(ParaVf spin, ParaVf h)
{
    ParaVf turn = spin * h;
    return 0.5f * spin * turn / (1.0f + 0.25f * (turn * turn));
}

/// A motor's rate where limits hold: no faster than to reach them in a micro step, so that however strong a
/// motor is, it does not push through them. `below`, `above`: ways left to the limits.
PARA_LANES_INLINE ParaVf para_row_rate_within(ParaVf rate, ParaVf below, ParaVf above, ParaVi limited,
                                              ParaVf inverse_h)
{
    ParaVf zero = {0};
    ParaVf within =
        para_v_clamp(rate, -(para_v_max(below, zero) * inverse_h), para_v_max(above, zero) * inverse_h);
    return para_v_select(limited, within, rate);
}

/// One sided constraint (a limit) with `gap` left and `speed` at which the gap grows: the new impulse.
PARA_LANES_INLINE ParaVf para_row_limit_impulse(ParaVf impulse, ParaVf gap, ParaVf speed, ParaVf mass,
                                                ParaVf inverse_h, const ParaRowSoft *soft, bool soft_pass)
{
    ParaVf zero = {0};
    if (!soft_pass)
        return para_v_max(impulse - mass * (speed + para_v_max(gap, zero) * inverse_h), zero);
    ParaVi open = gap > 0.0f;
    ParaVf bias = para_v_select(open, gap * inverse_h, gap * soft->rate);
    ParaVf scaled = para_v_select(open, mass, mass * soft->mass),
           keep = para_v_select(open, zero, soft->impulse);
    return para_v_max(impulse - scaled * (speed + bias) - keep * impulse, zero);
}
