// SPDX-License-Identifier: MIT
// Prismatic joints: b keeps its angle to a and its anchor stays on an axis through a's; along it a motor and
// limits. First what acts along, then what holds.
#include "engine/world/lanes/rows.h"

/// Everything that follows from arms and axis.
LANES_INLINE void derive(RailRow *row, const RowArms *r)
{
    const RowMasses *m = &row->masses;
    Vf ax = row->axis_x, ay = row->axis_y, zero = {0};
    Vf from_x = r->dx + r->ax, from_y = r->dy + r->ay; // b's anchor from a's centre: the force acts there
    row->along_a = from_x * ay - from_y * ax;
    row->along_b = r->by * ax - r->bx * ay;
    row->across_a = from_x * ax + from_y * ay; // the perpendicular is (-ay, ax)
    row->across_b = zero - (r->bx * ax + r->by * ay);
    row->way = r->dx * ax + r->dy * ay;
    row->off = r->dy * ax - r->dx * ay;
    Vf linear = m->ma + m->mb;
    Vf along = linear + m->ia * row->along_a * row->along_a + m->ib * row->along_b * row->along_b;
    row->axial_mass = inverse_or_0(along);
    Vf ss = linear + m->ia * row->across_a * row->across_a + m->ib * row->across_b * row->across_b;
    Vf sw = m->ia * row->across_a - m->ib * row->across_b, ww = m->ia + m->ib;
    Vf held = inverse_or_0(ww); // without inertia nothing turns, and only the place across is solved
    Vf inverse = inverse_or_0(ss * ww - sw * sw);
    row->k_ss = v_select(held > 0.0f, ww * inverse, inverse_or_0(ss));
    row->k_ww = ss * inverse;
    row->k_sw = zero - sw * inverse;
}

LANES_INLINE void measure(RailRow *row, const LanesMotion *motion)
{
    RowMotion moved = load_moved(motion, &row->bodies);
    RowArms arms = move_arms(&row->start, &moved);
    Vf sine, cosine;
    v_sincos(moved.aw, &sine, &cosine);
    row->axis_x = cosine * row->start_axis_x - sine * row->start_axis_y;
    row->axis_y = sine * row->start_axis_x + cosine * row->start_axis_y;
    row->angle = row->start_angle + (moved.bw - moved.aw);
    derive(row, &arms);
}

LANES_INLINE Vf along_speed(const RailRow *row, const RowMotion *v)
{
    return row->axis_x * (v->bx - v->ax) + row->axis_y * (v->by - v->ay) - row->along_a * v->aw -
           row->along_b * v->bw;
}

/// Impulses along, across [N s] and of the angle [N m s] on b, and back on a.
LANES_INLINE RowKick rail_kick(const RailRow *row, Vf along, Vf across, Vf angle)
{
    return (RowKick){row->axis_x * along - row->axis_y * across, row->axis_y * along + row->axis_x * across,
                     row->along_a * along + row->across_a * across + angle,
                     row->along_b * along + row->across_b * across - angle};
}

LANES_INLINE void give(const RailRow *row, RowMotion *v, Vf along, Vf across, Vf angle)
{
    RowKick kick = rail_kick(row, along, across, angle);
    give_kick(&row->masses, v, &kick);
}

/// Motor and limits: the impulse along.
LANES_INLINE Vf solve_along(RailRow *row, const RowMotion *v, bool soft)
{
    Vf zero = {0}, given = zero, start = along_speed(row, v);
    Vf inverse_mass = inverse_or_0(row->axial_mass);
    if (row->any_motor) {
        Vf impulse = v_clamp(row->motor - row->axial_mass * (start - row->motor_rate), -row->motor_most,
                             row->motor_most);
        given += impulse - row->motor;
        PARA_ASSERT_HOT(all_lanes(v_abs(impulse) <= row->motor_most));
        row->motor = impulse;
    }
    if (row->any_limit) {
        Vf mass = v_select(row->limited, row->axial_mass, zero);
        Vf low = limit_impulse(row->low, row->way - row->lower, start + inverse_mass * given, mass,
                               row->inverse_h, &row->soft, soft);
        given += low - row->low;
        row->low = low;
        Vf high = limit_impulse(row->high, row->upper - row->way, -(start + inverse_mass * given), mass,
                                row->inverse_h, &row->soft, soft);
        given -= high - row->high;
        row->high = high;
        PARA_ASSERT_HOT(all_lanes((low >= 0.0f) & (high >= 0.0f))); // a limit never pulls
    }
    return given;
}

LANES_INLINE void solve_held(RailRow *row, RowMotion *v, bool soft)
{
    Vf across = row->axis_x * (v->by - v->ay) - row->axis_y * (v->bx - v->ax) - row->across_a * v->aw -
                row->across_b * v->bw;
    Vf turning = v->bw - v->aw;
    if (soft) {
        across = row->soft.mass * (across + row->soft.rate * row->off);
        turning = row->soft.mass * (turning + row->soft.rate * row->angle);
    }
    Vf change_across = -(row->k_ss * across + row->k_sw * turning);
    Vf change_hold = -(row->k_sw * across + row->k_ww * turning);
    if (soft) {
        change_across -= row->soft.impulse * row->across;
        change_hold -= row->soft.impulse * row->hold;
    }
    row->across += change_across;
    row->hold += change_hold;
    give(row, v, (Vf){0}, change_across, change_hold);
}

LANES_INLINE void solve_row(RailRow *row, LanesMotion *motion, bool soft)
{
    RowMotion v = load_velocity(motion, &row->bodies);
    if (soft) {
        give_kick(&row->masses, &v, &row->kick);
    } else {
        Vf along = row->motor + row->low - row->high;
        RowKick old = rail_kick(row, along, row->across, row->hold);
        measure(row, motion);
        row->kick = kick_between(old, rail_kick(row, along, row->across, row->hold));
    }
    give(row, &v, solve_along(row, &v, soft), (Vf){0}, (Vf){0});
    solve_held(row, &v, soft);
    store_velocity(motion, &row->bodies, v);
    if (!soft) {
        Vf along = row->motor + row->low - row->high;
        row->load += v_sqrt(row->across * row->across + along * along);
    }
}

void K(solve_rails)(LanesBlock *block, LanesRows *rows, bool soft)
{
    if (soft) {
        for (int r = 0; r < rows->rail_count; r++)
            solve_row(&rows->rails[r], block->motion, true);
    } else {
        for (int r = 0; r < rows->rail_count; r++)
            solve_row(&rows->rails[r], block->motion, false);
    }
}

void K(warm_rails)(LanesBlock *block, LanesRows *rows)
{
    for (int r = 0; r < rows->rail_count; r++) {
        const RailRow *row = &rows->rails[r];
        RowMotion v = load_velocity(block->motion, &row->bodies);
        give(row, &v, row->motor + row->low - row->high, row->across, row->hold);
        store_velocity(block->motion, &row->bodies, v);
    }
}

// ---------------------------------------------------------------------------------------------

static void prepare_row(LanesBlock *block, const LanesRows *rows, RailRow *row)
{
    JointLanes joint = load_joints(rows, &row->bodies);
    RowFixed fixed = load_fixed(block, &row->bodies);
    Vf zero = {0};
    Vi motored = joint.motored;
    row->masses = fixed.masses;
    row->inverse_h = 1.0f / fixed.h;
    row->soft = soften(fixed.h, v_all(LANES_JOINT_HERTZ), LANES_JOINT_RATIO);
    row->start = begin_arms(&joint, &fixed);
    row->axis_x = row->start_axis_x = fixed.a_cos * joint.axis_x - fixed.a_sin * joint.axis_y;
    row->axis_y = row->start_axis_y = fixed.a_sin * joint.axis_x + fixed.a_cos * joint.axis_y;
    row->angle = row->start_angle = angle_error(&joint, &fixed);
    derive(row, &row->start);
    row->limited = joint.limited;
    row->lower = v_select(row->limited, joint.lower, zero);
    row->upper = v_select(row->limited, joint.upper, zero);
    row->motor_rate = v_select(motored, joint.motor_rate, zero);
    row->motor_most = v_select(motored, v_max(joint.motor_most, zero) * fixed.h, zero);
    row->across = joint.state_x;
    row->hold = joint.state_angle;
    row->motor = v_clamp(joint.state_motor, -row->motor_most, row->motor_most);
    row->low = v_select(row->limited, joint.state_lower, zero);
    row->high = v_select(row->limited, joint.state_upper, zero);
    row->kick = (RowKick){zero, zero, zero, zero};
    row->load = zero;
    PARA_ASSERT_HOT(all_lanes(row->lower <= row->upper));
    row->any_motor = v_bits(row->motor_most > 0.0f) != 0;
    row->any_limit = v_bits(row->limited) != 0;
}

void K(prepare_rails)(LanesBlock *block, LanesRows *rows)
{
    for (int r = 0; r < rows->rail_count; r++)
        prepare_row(block, rows, &rows->rails[r]);
}

void K(store_rails)(LanesRows *rows)
{
    for (int r = 0; r < rows->rail_count; r++) {
        const RailRow *row = &rows->rails[r];
        for (int l = 0; l < LANES_WIDTH; l++)
            if (row->bodies.item[l] >= 0)
                *rows->states[row->bodies.item[l]] = (LanesJointState){.x = row->across[l],
                                                                       .angle = row->hold[l],
                                                                       .motor = row->motor[l],
                                                                       .lower = row->low[l],
                                                                       .upper = row->high[l],
                                                                       .load = row->load[l]};
    }
}
