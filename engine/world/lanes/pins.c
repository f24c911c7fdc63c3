// SPDX-License-Identifier: MIT
// Revolute joints and welds: two anchors held together, and of the angle between the bodies a motor, limits,
// or the whole of it. The angle first, then the point, which is what one sees.
#include "engine/world/lanes/rows.h"

/// The point's matrix for the arms of this moment, inverted; 0 where neither body can move.
LANES_INLINE void invert_point(PinRow *row)
{
    const RowMasses *m = &row->masses;
    const RowArms *r = &row->arms;
    Vf along = m->ma + m->mb;
    Vf xx = along + m->ia * r->ay * r->ay + m->ib * r->by * r->by;
    Vf yy = along + m->ia * r->ax * r->ax + m->ib * r->bx * r->bx;
    Vf xy = -(m->ia * r->ax * r->ay) - m->ib * r->bx * r->by;
    Vf inverse = inverse_or_0(xx * yy - xy * xy);
    row->k_xx = yy * inverse;
    row->k_yy = xx * inverse;
    row->k_xy = -xy * inverse;
}

/// Arms, errors and matrix after a move.
LANES_INLINE void measure(PinRow *row, const LanesMotion *motion)
{
    RowMotion moved = load_moved(motion, &row->bodies);
    row->arms = move_arms(&row->start, &moved);
    row->angle = row->start_angle + (moved.bw - moved.aw);
    invert_point(row);
}

/// Motor, limits, weld. The row's flags say which of them some lane has.
LANES_INLINE void solve_angle(PinRow *row, RowMotion *v, bool soft)
{
    Vf zero = {0}, given = zero, both = row->masses.ia + row->masses.ib, spin = v->bw - v->aw;
    if (row->any_motor) {
        Vf impulse = v_clamp(row->motor - row->axial_mass * (spin - row->motor_rate), -row->motor_most,
                             row->motor_most);
        given += impulse - row->motor;
        PARA_ASSERT_HOT(all_lanes(v_abs(impulse) <= row->motor_most));
        row->motor = impulse;
    }
    if (row->any_limit) {
        Vf low = limit_impulse(row->low, row->angle - row->lower, spin + both * given, row->limit_mass,
                               row->inverse_h, &row->soft, soft);
        given += low - row->low;
        row->low = low;
        Vf high = limit_impulse(row->high, row->upper - row->angle, -(spin + both * given), row->limit_mass,
                                row->inverse_h, &row->soft, soft);
        given -= high - row->high;
        row->high = high;
        PARA_ASSERT_HOT(all_lanes((low >= 0.0f) & (high >= 0.0f))); // a limit never pulls
    }
    if (row->any_weld) {
        Vf speed = spin + both * given, change;
        if (soft)
            change = -(row->axial_mass * row->soft.mass * (speed + row->soft.rate * row->angle)) -
                     row->soft.impulse * row->hold;
        else
            change = -(row->axial_mass * speed);
        change = v_select(row->weld, change, zero);
        given += change;
        row->hold += change;
    }
    v->aw -= row->masses.ia * given;
    v->bw += row->masses.ib * given;
}

/// An impulse [N s] on b's anchor, and back on a's.
LANES_INLINE RowKick point_kick(const PinRow *row, Vf x, Vf y)
{
    const RowArms *r = &row->arms;
    return (RowKick){x, y, r->ax * y - r->ay * x, r->by * x - r->bx * y};
}

LANES_INLINE void give_point(const PinRow *row, RowMotion *v, Vf x, Vf y)
{
    RowKick kick = point_kick(row, x, y);
    give_kick(&row->masses, v, &kick);
}

LANES_INLINE void solve_point(PinRow *row, RowMotion *v, bool soft)
{
    Vf x = (v->bx - v->bw * row->arms.by) - (v->ax - v->aw * row->arms.ay);
    Vf y = (v->by + v->bw * row->arms.bx) - (v->ay + v->aw * row->arms.ax);
    if (soft) {
        Vf in_a = inward(v->aw, row->h), in_b = inward(v->bw, row->h);
        x += row->arms.ax * in_a - row->arms.bx * in_b;
        y += row->arms.ay * in_a - row->arms.by * in_b;
        x = row->soft.mass * (x + row->soft.rate * row->arms.dx);
        y = row->soft.mass * (y + row->soft.rate * row->arms.dy);
    }
    Vf change_x = -(row->k_xx * x + row->k_xy * y), change_y = -(row->k_xy * x + row->k_yy * y);
    if (soft) {
        change_x -= row->soft.impulse * row->x;
        change_y -= row->soft.impulse * row->y;
    }
    row->x += change_x;
    row->y += change_y;
    give_point(row, v, change_x, change_y);
}

LANES_INLINE void solve_row(PinRow *row, LanesMotion *motion, bool soft)
{
    RowMotion v = load_velocity(motion, &row->bodies);
    if (soft) {
        v.aw -= row->masses.ia * row->kick_a; // an arm turns, the force does not
        v.bw -= row->masses.ib * row->kick_b;
    } else {
        RowArms old = row->arms;
        measure(row, motion);
        row->kick_a = (row->arms.ax - old.ax) * row->y - (row->arms.ay - old.ay) * row->x;
        row->kick_b = (row->arms.by - old.by) * row->x - (row->arms.bx - old.bx) * row->y;
    }
    solve_angle(row, &v, soft);
    solve_point(row, &v, soft);
    store_velocity(motion, &row->bodies, v);
    if (!soft)
        row->load += v_sqrt(row->x * row->x + row->y * row->y);
}

void K(solve_pins)(LanesBlock *block, LanesRows *rows, bool soft)
{
    if (soft) {
        for (int r = 0; r < rows->pin_count; r++)
            solve_row(&rows->pins[r], block->motion, true);
    } else {
        for (int r = 0; r < rows->pin_count; r++)
            solve_row(&rows->pins[r], block->motion, false);
    }
}

void K(warm_pins)(LanesBlock *block, LanesRows *rows)
{
    for (int r = 0; r < rows->pin_count; r++) {
        const PinRow *row = &rows->pins[r];
        RowMotion v = load_velocity(block->motion, &row->bodies);
        Vf turning = row->motor + row->low - row->high + row->hold;
        v.aw -= row->masses.ia * turning;
        v.bw += row->masses.ib * turning;
        give_point(row, &v, row->x, row->y);
        store_velocity(block->motion, &row->bodies, v);
    }
}

// ---------------------------------------------------------------------------------------------

static void prepare_angle(PinRow *row, const JointLanes *joint, const RowFixed *fixed)
{
    Vf zero = {0};
    Vi busy = busy_lanes(&row->bodies);
    row->weld = busy & (joint->kind == PARA_JOINT_WELD);
    Vi limited = busy & ~row->weld & joint->limited, motored = busy & ~row->weld & joint->motored;
    row->start_angle = v_select(row->weld, angle_error(joint, fixed), joint->angle);
    row->angle = row->start_angle;
    row->axial_mass = inverse_or_0(row->masses.ia + row->masses.ib);
    row->limit_mass = v_select(limited, row->axial_mass, zero);
    row->lower = v_select(limited, joint->lower, zero);
    row->upper = v_select(limited, joint->upper, zero);
    row->motor_rate = v_select(motored, joint->motor_rate, zero);
    row->motor_most = v_select(motored, v_max(joint->motor_most, zero) * fixed->h, zero);
    row->motor = v_clamp(joint->state_motor, -row->motor_most, row->motor_most);
    row->low = v_select(limited, joint->state_lower, zero);
    row->high = v_select(limited, joint->state_upper, zero);
    row->hold = v_select(row->weld, joint->state_angle, zero);
    row->any_motor = v_bits(row->motor_most > 0.0f) != 0;
    row->any_limit = v_bits(limited) != 0;
    row->any_weld = v_bits(row->weld) != 0;
    PARA_ASSERT_HOT(v_bits(row->weld & limited) == 0); // a weld holds the whole angle
}

static void prepare_row(LanesBlock *block, const LanesRows *rows, PinRow *row)
{
    JointLanes joint = load_joints(rows, &row->bodies);
    RowFixed fixed = load_fixed(block, &row->bodies);
    row->masses = fixed.masses;
    row->h = fixed.h;
    row->inverse_h = 1.0f / fixed.h;
    row->soft = soften(fixed.h, v_all(LANES_JOINT_HERTZ), LANES_JOINT_RATIO);
    row->start = begin_arms(&joint, &fixed);
    row->arms = row->start;
    invert_point(row);
    row->x = joint.state_x;
    row->y = joint.state_y;
    row->kick_a = row->kick_b = (Vf){0};
    row->load = (Vf){0};
    prepare_angle(row, &joint, &fixed);
}

void K(prepare_pins)(LanesBlock *block, LanesRows *rows)
{
    for (int r = 0; r < rows->pin_count; r++)
        prepare_row(block, rows, &rows->pins[r]);
}

void K(store_pins)(LanesRows *rows)
{
    for (int r = 0; r < rows->pin_count; r++) {
        const PinRow *row = &rows->pins[r];
        for (int l = 0; l < LANES_WIDTH; l++)
            if (row->bodies.item[l] >= 0)
                *rows->states[row->bodies.item[l]] = (LanesJointState){.x = row->x[l],
                                                                       .y = row->y[l],
                                                                       .angle = row->hold[l],
                                                                       .motor = row->motor[l],
                                                                       .lower = row->low[l],
                                                                       .upper = row->high[l],
                                                                       .load = row->load[l]};
    }
}
