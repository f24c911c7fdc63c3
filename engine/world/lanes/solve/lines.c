// SPDX-License-Identifier: MIT
// Joints along the line between two anchors: rigid distances, distances between limits, springs.
//
// A spring of stiffness k and damping c has its physical force: impulse = -h (k stretch + c speed), the speed
// being that after the micro step. Its stretch is that of the begin of the micro step, which keeps the energy
// of springs that are slow against the micro steps; the stiffer it is against them, the more of the stretch's
// own change is taken in, which keeps every spring stable.
#include "engine/world/lanes/solve/rows.h"

#define LENGTH_MIN 1e-6f ///< [m] below, the line has no direction of its own

/// Everything that follows from the arms but the stretch.
PARA_LANES_INLINE void derive(ParaLineRow *row, const ParaRowArms *r)
{
    const ParaRowMasses *m = &row->masses;
    row->length = para_v_sqrt(r->dx * r->dx + r->dy * r->dy);
    ParaVi there = row->length > LENGTH_MIN;
    ParaVf inverse = 1.0f / para_v_select(there, row->length, para_v_all(1.0f));
    row->axis_x = para_v_select(there, r->dx * inverse, para_v_all(1.0f));
    row->axis_y = para_v_select(there, r->dy * inverse, (ParaVf){0});
    row->arm_a = r->ax * row->axis_y - r->ay * row->axis_x;
    row->arm_b = r->by * row->axis_x - r->bx * row->axis_y;
    row->inverse_mass = m->ma + m->mb + m->ia * row->arm_a * row->arm_a + m->ib * row->arm_b * row->arm_b;
    row->mass = para_row_inverse_or_0(row->inverse_mass);
}

PARA_LANES_INLINE void measure(ParaLineRow *row, const ParaLanesMotion *motion)
{
    ParaRowMotion moved = para_row_load_moved(motion, &row->bodies);
    ParaRowArms arms = para_row_move_arms(&row->start, &moved);
    derive(row, &arms);
}

PARA_LANES_INLINE ParaVf line_speed(const ParaLineRow *row, const ParaRowMotion *v)
{
    return row->axis_x * (v->bx - v->ax) + row->axis_y * (v->by - v->ay) - row->arm_a * v->aw -
           row->arm_b * v->bw;
}

/// An impulse [N s] that drives the anchors apart.
PARA_LANES_INLINE ParaRowKick line_kick(const ParaLineRow *row, ParaVf impulse)
{
    return (ParaRowKick){row->axis_x * impulse, row->axis_y * impulse, row->arm_a * impulse,
                         row->arm_b * impulse};
}

PARA_LANES_INLINE void give(const ParaLineRow *row, ParaRowMotion *v, ParaVf impulse)
{
    ParaRowKick kick = line_kick(row, impulse);
    para_row_give_kick(&row->masses, v, &kick);
}

/// Change of the impulse of a rigid distance or a spring.
PARA_LANES_INLINE ParaVf hold_change(const ParaLineRow *row, ParaVf speed, bool soft)
{
    ParaVf zero = {0}, stiff = row->h * row->stiffness;
    ParaVf fast = stiff * row->h * row->inverse_mass; // (own frequency * h)^2
    ParaVf damping = row->h * row->damping + stiff * row->h * (fast / (1.0f + fast));
    ParaVf spring =
        -(stiff * row->stretch + damping * speed + row->hold) / (1.0f + damping * row->inverse_mass);
    ParaVf rigid;
    if (soft)
        rigid = -(row->mass * row->soft.mass * (speed + row->soft.rate * row->stretch)) -
                row->soft.impulse * row->hold;
    else
        rigid = -(row->mass * speed);
    return para_v_select(row->spring, spring, para_v_select(row->rigid, rigid, zero));
}

PARA_LANES_INLINE void solve_row(ParaLineRow *row, ParaLanesMotion *motion, bool soft)
{
    ParaRowMotion v = para_row_load_velocity(motion, &row->bodies);
    if (soft) {
        para_row_give_kick(&row->masses, &v, &row->kick);
    } else {
        ParaVf impulse = row->hold + row->low - row->high;
        ParaRowKick old = line_kick(row, impulse);
        measure(row, motion);
        row->kick = para_row_kick_between(old, line_kick(row, impulse));
    }
    ParaVf zero = {0}, start = line_speed(row, &v);
    ParaVf given = zero + hold_change(row, start, soft);
    row->hold += given;
    if (row->any_limit) {
        ParaVf mass = para_v_select(row->limited, row->mass, zero);
        ParaVf low =
            para_row_limit_impulse(row->low, row->length - row->lower, start + row->inverse_mass * given,
                                   mass, row->inverse_h, &row->soft, soft);
        given += low - row->low;
        row->low = low;
        ParaVf high =
            para_row_limit_impulse(row->high, row->upper - row->length, -(start + row->inverse_mass * given),
                                   mass, row->inverse_h, &row->soft, soft);
        given -= high - row->high;
        row->high = high;
        PARA_ASSERT_HOT(para_row_all_lanes((low >= 0.0f) & (high >= 0.0f))); // a limit never pulls
    }
    give(row, &v, given);
    para_row_store_velocity(motion, &row->bodies, v);
    if (!soft) {
        row->stretch = row->length - row->rest;
        row->load += para_v_abs(row->hold + row->low - row->high);
    }
}

void PARA_K(solve_lines)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft)
{
    if (soft) {
        for (int r = 0; r < rows->line_count; r++)
            solve_row(&rows->lines[r], block->motion, true);
    } else {
        for (int r = 0; r < rows->line_count; r++)
            solve_row(&rows->lines[r], block->motion, false);
    }
}

void PARA_K(warm_lines)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    for (int r = 0; r < rows->line_count; r++) {
        const ParaLineRow *row = &rows->lines[r];
        ParaRowMotion v = para_row_load_velocity(block->motion, &row->bodies);
        give(row, &v, row->hold + row->low - row->high);
        para_row_store_velocity(block->motion, &row->bodies, v);
    }
}

// ---------------------------------------------------------------------------------------------

static void prepare_row(ParaLanesBlock *block, const ParaLanesRows *rows, ParaLineRow *row)
{
    ParaJointLanes joint = para_row_load_joints(rows, &row->bodies);
    ParaRowFixed fixed = para_row_load_fixed(block, &row->bodies);
    ParaVi busy = para_row_busy_lanes(&row->bodies);
    ParaVf zero = {0};
    row->masses = fixed.masses;
    row->h = fixed.h;
    row->inverse_h = 1.0f / fixed.h;
    row->soft = para_row_soften(fixed.h, PARA_LANES_JOINT_SHARE, PARA_LANES_JOINT_RATIO);
    row->start = para_row_begin_arms(&joint, &fixed);
    derive(row, &row->start);
    row->spring = busy & (joint.kind == PARA_JOINT_SPRING);
    row->rigid = busy & ~row->spring & (joint.lower >= joint.upper);
    row->limited = busy & ~row->spring & ~row->rigid;
    row->stiffness = para_v_select(row->spring, joint.stiffness, zero);
    row->damping = para_v_select(row->spring, joint.damping, zero);
    row->rest = para_v_select(row->spring, joint.rest, joint.lower);
    row->stretch = row->length - row->rest;
    row->lower = para_v_select(row->limited, joint.lower, zero);
    row->upper = para_v_select(row->limited, joint.upper, zero);
    row->hold = para_v_select(row->limited, zero, joint.state_x);
    row->low = para_v_select(row->limited, joint.state_lower, zero);
    row->high = para_v_select(row->limited, joint.state_upper, zero);
    row->kick = (ParaRowKick){zero, zero, zero, zero};
    row->load = zero;
    row->any_limit = para_v_bits(row->limited) != 0;
    PARA_ASSERT_HOT(para_v_bits(row->spring & row->rigid) == 0 &&
                    para_v_bits(row->limited & row->rigid) == 0);
}

void PARA_K(prepare_lines)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    for (int r = 0; r < rows->line_count; r++)
        prepare_row(block, rows, &rows->lines[r]);
}

void PARA_K(store_lines)(ParaLanesRows *rows)
{
    for (int r = 0; r < rows->line_count; r++) {
        const ParaLineRow *row = &rows->lines[r];
        for (int l = 0; l < PARA_LANES_WIDTH; l++)
            if (row->bodies.item[l] >= 0)
                *rows->states[row->bodies.item[l]] = (ParaLanesJointState){
                    .x = row->hold[l], .lower = row->low[l], .upper = row->high[l], .load = row->load[l]};
    }
}
