// SPDX-License-Identifier: MIT
// Prismatic joints: b keeps its angle to a and its anchor stays on an axis through a's; along it a motor and
// limits. First what acts along, then what holds.
#include "engine/world/lanes/solve/rows.h"

/// Everything that follows from arms and axis.
PARA_LANES_INLINE void derive(ParaRailRow *row, const ParaRowArms *r)
{
    const ParaRowMasses *m = &row->masses;
    ParaVf ax = row->axis_x, ay = row->axis_y, zero = {0};
    ParaVf from_x = r->dx + r->ax, from_y = r->dy + r->ay; // b's anchor from a's centre: the force acts there
    row->along_a = from_x * ay - from_y * ax;
    row->along_b = r->by * ax - r->bx * ay;
    row->across_a = from_x * ax + from_y * ay; // the perpendicular is (-ay, ax)
    row->across_b = zero - (r->bx * ax + r->by * ay);
    row->way = r->dx * ax + r->dy * ay;
    row->off = r->dy * ax - r->dx * ay;
    ParaVf linear = m->ma + m->mb;
    ParaVf along = linear + m->ia * row->along_a * row->along_a + m->ib * row->along_b * row->along_b;
    row->axial_mass = para_row_inverse_or_0(along);
    ParaVf ss = linear + m->ia * row->across_a * row->across_a + m->ib * row->across_b * row->across_b;
    ParaVf sw = m->ia * row->across_a - m->ib * row->across_b, ww = m->ia + m->ib;
    ParaVf held =
        para_row_inverse_or_0(ww); // without inertia nothing turns, and only the place across is solved
    ParaVf inverse = para_row_inverse_or_0(ss * ww - sw * sw);
    row->k_ss = para_v_select(held > 0.0f, ww * inverse, para_row_inverse_or_0(ss));
    row->k_ww = ss * inverse;
    row->k_sw = zero - sw * inverse;
}

PARA_LANES_INLINE void measure(ParaRailRow *row, const ParaLanesMotion *motion)
{
    ParaRowMotion moved = para_row_load_moved(motion, &row->bodies);
    ParaRowArms arms = para_row_move_arms(&row->start, &moved);
    ParaVf sine, cosine;
    para_v_sincos(moved.aw, &sine, &cosine);
    row->axis_x = cosine * row->start_axis_x - sine * row->start_axis_y;
    row->axis_y = sine * row->start_axis_x + cosine * row->start_axis_y;
    row->angle = row->start_angle + (moved.bw - moved.aw);
    derive(row, &arms);
}

PARA_LANES_INLINE ParaVf along_speed(const ParaRailRow *row, const ParaRowMotion *v)
{
    return row->axis_x * (v->bx - v->ax) + row->axis_y * (v->by - v->ay) - row->along_a * v->aw -
           row->along_b * v->bw;
}

/// Impulses along, across [N s] and of the angle [N m s] on b, and back on a.
PARA_LANES_INLINE ParaRowKick rail_kick(const ParaRailRow *row, ParaVf along, ParaVf across, ParaVf angle)
{
    return (ParaRowKick){row->axis_x * along - row->axis_y * across,
                         row->axis_y * along + row->axis_x * across,
                         row->along_a * along + row->across_a * across + angle,
                         row->along_b * along + row->across_b * across - angle};
}

PARA_LANES_INLINE void give(const ParaRailRow *row, ParaRowMotion *v, ParaVf along, ParaVf across,
                            ParaVf angle)
{
    ParaRowKick kick = rail_kick(row, along, across, angle);
    para_row_give_kick(&row->masses, v, &kick);
}

/// Motor and limits: the impulse along.
PARA_LANES_INLINE ParaVf solve_along(ParaRailRow *row, const ParaRowMotion *v, bool soft)
{
    ParaVf zero = {0}, given = zero, start = along_speed(row, v);
    ParaVf inverse_mass = para_row_inverse_or_0(row->axial_mass);
    if (row->any_motor) {
        ParaVf rate = para_row_rate_within(row->motor_rate, row->way - row->lower, row->upper - row->way,
                                           row->limited, row->inverse_h);
        ParaVf impulse =
            para_v_clamp(row->motor - row->axial_mass * (start - rate), -row->motor_most, row->motor_most);
        given += impulse - row->motor;
        PARA_ASSERT_HOT(para_row_all_lanes(para_v_abs(impulse) <= row->motor_most));
        row->motor = impulse;
    }
    if (row->any_limit) {
        ParaVf mass = para_v_select(row->limited, row->axial_mass, zero);
        ParaVf low = para_row_limit_impulse(row->low, row->way - row->lower, start + inverse_mass * given,
                                            mass, row->inverse_h, &row->soft, soft);
        given += low - row->low;
        row->low = low;
        ParaVf high =
            para_row_limit_impulse(row->high, row->upper - row->way, -(start + inverse_mass * given), mass,
                                   row->inverse_h, &row->soft, soft);
        given -= high - row->high;
        row->high = high;
        PARA_ASSERT_HOT(para_row_all_lanes((low >= 0.0f) & (high >= 0.0f))); // a limit never pulls
    }
    return given;
}

PARA_LANES_INLINE void solve_held(ParaRailRow *row, ParaRowMotion *v, bool soft)
{
    ParaVf across = row->axis_x * (v->by - v->ay) - row->axis_y * (v->bx - v->ax) - row->across_a * v->aw -
                    row->across_b * v->bw;
    ParaVf turning = v->bw - v->aw;
    if (soft) {
        across = row->soft.mass * (across + row->soft.rate * row->off);
        turning = row->soft.mass * (turning + row->soft.rate * row->angle);
    }
    ParaVf change_across = -(row->k_ss * across + row->k_sw * turning);
    ParaVf change_hold = -(row->k_sw * across + row->k_ww * turning);
    if (soft) {
        change_across -= row->soft.impulse * row->across;
        change_hold -= row->soft.impulse * row->hold;
    }
    row->across += change_across;
    row->hold += change_hold;
    give(row, v, (ParaVf){0}, change_across, change_hold);
}

PARA_LANES_INLINE void solve_row(ParaRailRow *row, ParaLanesMotion *motion, bool soft)
{
    ParaRowMotion v = para_row_load_velocity(motion, &row->bodies);
    if (soft) {
        para_row_give_kick(&row->masses, &v, &row->kick);
    } else {
        ParaVf along = row->motor + row->low - row->high;
        ParaRowKick old = rail_kick(row, along, row->across, row->hold);
        measure(row, motion);
        row->kick = para_row_kick_between(old, rail_kick(row, along, row->across, row->hold));
    }
    give(row, &v, solve_along(row, &v, soft), (ParaVf){0}, (ParaVf){0});
    solve_held(row, &v, soft);
    para_row_store_velocity(motion, &row->bodies, v);
    if (!soft) {
        ParaVf along = row->motor + row->low - row->high;
        row->load += para_v_sqrt(row->across * row->across + along * along);
    }
}

void PARA_K(solve_rails)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft)
{
    if (soft) {
        for (int r = 0; r < rows->rail_count; r++)
            solve_row(&rows->rails[r], block->motion, true);
    } else {
        for (int r = 0; r < rows->rail_count; r++)
            solve_row(&rows->rails[r], block->motion, false);
    }
}

void PARA_K(warm_rails)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    for (int r = 0; r < rows->rail_count; r++) {
        const ParaRailRow *row = &rows->rails[r];
        ParaRowMotion v = para_row_load_velocity(block->motion, &row->bodies);
        give(row, &v, row->motor + row->low - row->high, row->across, row->hold);
        para_row_store_velocity(block->motion, &row->bodies, v);
    }
}

// ---------------------------------------------------------------------------------------------

static void prepare_row(ParaLanesBlock *block, const ParaLanesRows *rows, ParaRailRow *row)
{
    ParaJointLanes joint = para_row_load_joints(rows, &row->bodies);
    ParaRowFixed fixed = para_row_load_fixed(block, &row->bodies);
    ParaVf zero = {0};
    ParaVi motored = joint.motored;
    row->masses = fixed.masses;
    row->inverse_h = 1.0f / fixed.h;
    row->soft = para_row_soften(fixed.h, PARA_LANES_JOINT_SHARE, PARA_LANES_JOINT_RATIO);
    row->start = para_row_begin_arms(&joint, &fixed);
    row->axis_x = row->start_axis_x = fixed.a_cos * joint.axis_x - fixed.a_sin * joint.axis_y;
    row->axis_y = row->start_axis_y = fixed.a_sin * joint.axis_x + fixed.a_cos * joint.axis_y;
    row->angle = row->start_angle = para_row_angle_error(&joint, &fixed);
    derive(row, &row->start);
    row->limited = joint.limited;
    row->lower = para_v_select(row->limited, joint.lower, zero);
    row->upper = para_v_select(row->limited, joint.upper, zero);
    row->motor_rate = para_v_select(motored, joint.motor_rate, zero);
    row->motor_most = para_v_select(motored, para_v_max(joint.motor_most, zero) * fixed.h, zero);
    row->across = joint.state_x;
    row->hold = joint.state_angle;
    row->motor = para_v_clamp(joint.state_motor, -row->motor_most, row->motor_most);
    row->low = para_v_select(row->limited, joint.state_lower, zero);
    row->high = para_v_select(row->limited, joint.state_upper, zero);
    row->kick = (ParaRowKick){zero, zero, zero, zero};
    row->load = zero;
    PARA_ASSERT_HOT(para_row_all_lanes(row->lower <= row->upper));
    row->any_motor = para_v_bits(row->motor_most > 0.0f) != 0;
    row->any_limit = para_v_bits(row->limited) != 0;
}

void PARA_K(prepare_rails)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    for (int r = 0; r < rows->rail_count; r++)
        prepare_row(block, rows, &rows->rails[r]);
}

void PARA_K(store_rails)(ParaLanesRows *rows)
{
    for (int r = 0; r < rows->rail_count; r++) {
        const ParaRailRow *row = &rows->rails[r];
        for (int l = 0; l < PARA_LANES_WIDTH; l++)
            if (row->bodies.item[l] >= 0)
                *rows->states[row->bodies.item[l]] = (ParaLanesJointState){.x = row->across[l],
                                                                           .angle = row->hold[l],
                                                                           .motor = row->motor[l],
                                                                           .lower = row->low[l],
                                                                           .upper = row->high[l],
                                                                           .load = row->load[l]};
    }
}
