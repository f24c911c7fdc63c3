// SPDX-License-Identifier: MIT
// Revolute joints and welds: two anchors held together, and of the angle between the bodies a motor, limits,
// or the whole of it. The angle first, then the point, which is what one sees.
#include "engine/world/lanes/solve/rows.h"

/// The point's matrix for the arms of this moment, inverted; 0 where neither body can move.
PARA_LANES_INLINE void invert_point(ParaPinRow *row)
{
    const ParaRowMasses *m = &row->masses;
    const ParaRowArms *r = &row->arms;
    ParaVf along = m->ma + m->mb;
    ParaVf xx = along + m->ia * r->ay * r->ay + m->ib * r->by * r->by;
    ParaVf yy = along + m->ia * r->ax * r->ax + m->ib * r->bx * r->bx;
    ParaVf xy = -(m->ia * r->ax * r->ay) - m->ib * r->bx * r->by;
    // xx * yy - xy * xy without what cancels, which is nearly all where arms are long.
    ParaVf turned = r->ax * r->by - r->ay * r->bx;
    ParaVf arms = m->ia * (r->ax * r->ax + r->ay * r->ay) + m->ib * (r->bx * r->bx + r->by * r->by);
    ParaVf inverse = para_row_inverse_or_0(along * (along + arms) + m->ia * m->ib * (turned * turned));
    row->k_xx = yy * inverse;
    row->k_yy = xx * inverse;
    row->k_xy = -xy * inverse;
}

/// Arms, errors and matrix after a move.
PARA_LANES_INLINE void measure(ParaPinRow *row, const ParaLanesMotion *motion)
{
    ParaRowMotion moved = para_row_load_moved(motion, &row->bodies);
    row->arms = para_row_move_arms(&row->start, &moved);
    row->angle = row->start_angle + (moved.bw - moved.aw);
    invert_point(row);
}

/// Motor, limits, weld. The row's flags say which of them some lane has.
PARA_LANES_INLINE void solve_angle(ParaPinRow *row, ParaRowMotion *v, bool soft)
{
    ParaVf zero = {0}, given = zero, both = row->masses.ia + row->masses.ib, spin = v->bw - v->aw;
    if (row->any_motor) {
        ParaVf rate = para_row_rate_within(row->motor_rate, row->angle - row->lower, row->upper - row->angle,
                                           row->limit_mass > 0.0f, row->inverse_h);
        ParaVf impulse =
            para_v_clamp(row->motor - row->axial_mass * (spin - rate), -row->motor_most, row->motor_most);
        given += impulse - row->motor;
        PARA_ASSERT_HOT(para_row_all_lanes(para_v_abs(impulse) <= row->motor_most));
        row->motor = impulse;
    }
    if (row->any_limit) {
        ParaVf low = para_row_limit_impulse(row->low, row->angle - row->lower, spin + both * given,
                                            row->limit_mass, row->inverse_h, &row->soft, soft);
        given += low - row->low;
        row->low = low;
        ParaVf high = para_row_limit_impulse(row->high, row->upper - row->angle, -(spin + both * given),
                                             row->limit_mass, row->inverse_h, &row->soft, soft);
        given -= high - row->high;
        row->high = high;
        PARA_ASSERT_HOT(para_row_all_lanes((low >= 0.0f) & (high >= 0.0f))); // a limit never pulls
    }
    if (row->any_weld) {
        ParaVf speed = spin + both * given, change;
        if (soft)
            change = -(row->axial_mass * row->soft.mass * (speed + row->soft.rate * row->angle)) -
                     row->soft.impulse * row->hold;
        else
            change = -(row->axial_mass * speed);
        change = para_v_select(row->weld, change, zero);
        given += change;
        row->hold += change;
    }
    v->aw -= row->masses.ia * given;
    v->bw += row->masses.ib * given;
}

/// An impulse [N s] on b's anchor, and back on a's.
PARA_LANES_INLINE ParaRowKick point_kick(const ParaPinRow *row, ParaVf x, ParaVf y)
{
    const ParaRowArms *r = &row->arms;
    return (ParaRowKick){x, y, r->ax * y - r->ay * x, r->by * x - r->bx * y};
}

PARA_LANES_INLINE void give_point(const ParaPinRow *row, ParaRowMotion *v, ParaVf x, ParaVf y)
{
    ParaRowKick kick = point_kick(row, x, y);
    para_row_give_kick(&row->masses, v, &kick);
}

PARA_LANES_INLINE void solve_point(ParaPinRow *row, ParaRowMotion *v, bool soft)
{
    ParaVf x = (v->bx - v->bw * row->arms.by) - (v->ax - v->aw * row->arms.ay);
    ParaVf y = (v->by + v->bw * row->arms.bx) - (v->ay + v->aw * row->arms.ax);
    if (soft) {
        // The spins as they will be: a light body on a long arm spins wildly until the point is solved.
        ParaVf to_x = -(row->k_xx * x + row->k_xy * y), to_y = -(row->k_xy * x + row->k_yy * y);
        ParaVf aw = v->aw - row->masses.ia * (row->arms.ax * to_y - row->arms.ay * to_x);
        ParaVf bw = v->bw + row->masses.ib * (row->arms.bx * to_y - row->arms.by * to_x);
        ParaVf in_a = para_row_inward(aw, row->h), in_b = para_row_inward(bw, row->h);
        x += row->arms.ax * in_a - row->arms.bx * in_b;
        y += row->arms.ay * in_a - row->arms.by * in_b;
        x = row->soft.mass * (x + row->soft.rate * row->arms.dx);
        y = row->soft.mass * (y + row->soft.rate * row->arms.dy);
    }
    ParaVf change_x = -(row->k_xx * x + row->k_xy * y), change_y = -(row->k_xy * x + row->k_yy * y);
    if (soft) {
        change_x -= row->soft.impulse * row->x;
        change_y -= row->soft.impulse * row->y;
    }
    row->x += change_x;
    row->y += change_y;
    give_point(row, v, change_x, change_y);
}

PARA_LANES_INLINE void solve_row(ParaPinRow *row, ParaLanesMotion *motion, bool soft)
{
    ParaRowMotion v = para_row_load_velocity(motion, &row->bodies);
    if (soft) {
        v.aw -= row->masses.ia * row->kick_a; // an arm turns, the force does not
        v.bw -= row->masses.ib * row->kick_b;
    } else {
        ParaRowArms old = row->arms;
        measure(row, motion);
        row->kick_a = (row->arms.ax - old.ax) * row->y - (row->arms.ay - old.ay) * row->x;
        row->kick_b = (row->arms.by - old.by) * row->x - (row->arms.bx - old.bx) * row->y;
    }
    solve_angle(row, &v, soft);
    solve_point(row, &v, soft);
    para_row_store_velocity(motion, &row->bodies, v);
    if (!soft)
        row->load += para_v_sqrt(row->x * row->x + row->y * row->y);
}

/// The point once more where an arm is long.
PARA_LANES_INLINE void solve_row_again(ParaPinRow *row, ParaLanesMotion *motion, bool soft)
{
    ParaRowMotion v = para_row_load_velocity(motion, &row->bodies), old = v;
    ParaVf old_x = row->x, old_y = row->y, motor = row->motor, low = row->low, high = row->high,
           hold = row->hold;
    solve_angle(row, &v, soft);
    row->motor = para_v_select(row->long_armed, row->motor, motor);
    row->low = para_v_select(row->long_armed, row->low, low);
    row->high = para_v_select(row->long_armed, row->high, high);
    row->hold = para_v_select(row->long_armed, row->hold, hold);
    solve_point(row, &v, soft);
    v = para_row_select_motion(row->long_armed, &v, &old);
    row->x = para_v_select(row->long_armed, row->x, old_x);
    row->y = para_v_select(row->long_armed, row->y, old_y);
    para_row_store_velocity(motion, &row->bodies, v);
}

void PARA_K(solve_long_pins)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft)
{
    for (int r = 0; r < rows->pin_count; r++)
        if (rows->pins[r].any_long)
            solve_row_again(&rows->pins[r], block->motion, soft);
}

void PARA_K(solve_pins)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft)
{
    if (soft) {
        for (int r = 0; r < rows->pin_count; r++)
            solve_row(&rows->pins[r], block->motion, true);
    } else {
        for (int r = 0; r < rows->pin_count; r++)
            solve_row(&rows->pins[r], block->motion, false);
    }
}

void PARA_K(warm_pins)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    for (int r = 0; r < rows->pin_count; r++) {
        const ParaPinRow *row = &rows->pins[r];
        ParaRowMotion v = para_row_load_velocity(block->motion, &row->bodies);
        ParaVf turning = row->motor + row->low - row->high + row->hold;
        v.aw -= row->masses.ia * turning;
        v.bw += row->masses.ib * turning;
        give_point(row, &v, row->x, row->y);
        para_row_store_velocity(block->motion, &row->bodies, v);
    }
}

// ---------------------------------------------------------------------------------------------

static void prepare_angle(ParaPinRow *row, const ParaJointLanes *joint, const ParaRowFixed *fixed)
{
    ParaVf zero = {0};
    ParaVi busy = para_row_busy_lanes(&row->bodies);
    row->weld = busy & (joint->kind == PARA_JOINT_WELD);
    ParaVi limited = busy & ~row->weld & joint->limited, motored = busy & ~row->weld & joint->motored;
    row->start_angle = para_v_select(row->weld, para_row_angle_error(joint, fixed), joint->angle);
    row->angle = row->start_angle;
    row->axial_mass = para_row_inverse_or_0(row->masses.ia + row->masses.ib);
    row->limit_mass = para_v_select(limited, row->axial_mass, zero);
    row->lower = para_v_select(limited, joint->lower, zero);
    row->upper = para_v_select(limited, joint->upper, zero);
    row->motor_rate = para_v_select(motored, joint->motor_rate, zero);
    row->motor_most = para_v_select(motored, para_v_max(joint->motor_most, zero) * fixed->h, zero);
    row->motor = para_v_clamp(joint->state_motor, -row->motor_most, row->motor_most);
    row->low = para_v_select(limited, joint->state_lower, zero);
    row->high = para_v_select(limited, joint->state_upper, zero);
    row->hold = para_v_select(row->weld, joint->state_angle, zero);
    row->any_motor = para_v_bits(row->motor_most > 0.0f) != 0;
    row->any_limit = para_v_bits(limited) != 0;
    row->any_weld = para_v_bits(row->weld) != 0;
    PARA_ASSERT_HOT(para_v_bits(row->weld & limited) == 0); // a weld holds the whole angle
}

static void prepare_row(ParaLanesBlock *block, const ParaLanesRows *rows, ParaPinRow *row)
{
    ParaJointLanes joint = para_row_load_joints(rows, &row->bodies);
    ParaRowFixed fixed = para_row_load_fixed(block, &row->bodies);
    row->masses = fixed.masses;
    row->h = fixed.h;
    row->inverse_h = 1.0f / fixed.h;
    row->soft = para_row_soften(fixed.h, PARA_LANES_JOINT_SHARE, PARA_LANES_JOINT_RATIO);
    row->start = para_row_begin_arms(&joint, &fixed);
    row->arms = row->start;
    invert_point(row);
    const ParaRowMasses *m = &row->masses;
    const ParaRowArms *r = &row->arms;
    ParaVf lever_a = m->ia * (r->ax * r->ax + r->ay * r->ay),
           lever_b = m->ib * (r->bx * r->bx + r->by * r->by);
    row->long_armed = para_row_busy_lanes(&row->bodies) &
                      ((lever_a > PARA_LANES_LONG_ARM * m->ma) | (lever_b > PARA_LANES_LONG_ARM * m->mb));
    row->any_long = para_v_bits(row->long_armed) != 0;
    row->x = joint.state_x;
    row->y = joint.state_y;
    row->kick_a = row->kick_b = (ParaVf){0};
    row->load = (ParaVf){0};
    prepare_angle(row, &joint, &fixed);
}

/// Bodies that have a contact in this step. out [bodies + 1], the spare one has none
static void find_touched(const ParaLanesBlock *block, uint8_t *out)
{
    memset(out, 0, (size_t)block->body_first[block->world_count] + 1);
    for (int w = 0; w < block->world_count; w++) {
        const ParaLanesManifold *m = block->manifolds + block->manifold_first[w];
        for (int i = 0; i < block->manifold_count[w]; i++)
            out[m[i].a] = out[m[i].b] = 1;
    }
}

/// A long arm whose body nothing touches needs no last word.
static void leave_untouched(ParaPinRow *row, const uint8_t *touched)
{
    for (int l = 0; l < PARA_LANES_WIDTH; l++)
        if (!touched[row->bodies.a[l] / PARA_RECORD_FLOATS] &&
            !touched[row->bodies.b[l] / PARA_RECORD_FLOATS])
            row->long_armed[l] = 0;
    row->any_long = para_v_bits(row->long_armed) != 0;
}

void PARA_K(prepare_pins)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    uint8_t touched[PARA_LANES_BLOCK_BODIES + 1];
    bool known = false;
    for (int r = 0; r < rows->pin_count; r++) {
        prepare_row(block, rows, &rows->pins[r]);
        if (!rows->pins[r].any_long)
            continue;
        if (!known)
            find_touched(block, touched);
        known = true;
        leave_untouched(&rows->pins[r], touched);
    }
}

void PARA_K(store_pins)(ParaLanesRows *rows)
{
    for (int r = 0; r < rows->pin_count; r++) {
        const ParaPinRow *row = &rows->pins[r];
        for (int l = 0; l < PARA_LANES_WIDTH; l++)
            if (row->bodies.item[l] >= 0) {
                ParaLanesJointState *state = rows->states[row->bodies.item[l]];
                *state = (ParaLanesJointState){.x = row->x[l],
                                               .y = row->y[l],
                                               .angle = row->hold[l],
                                               .motor = row->motor[l],
                                               .lower = row->low[l],
                                               .upper = row->high[l],
                                               .load = row->load[l],
                                               .turns = state->turns};
            }
    }
}
