// SPDX-License-Identifier: MIT
// Joints along the line between two anchors: rigid distances, distances between limits, springs.
//
// A spring of stiffness k and damping c has its physical force: impulse = -h (k stretch + c speed), the speed
// being that after the micro step. Its stretch is that of the begin of the micro step, which keeps the energy
// of springs that are slow against the micro steps; the stiffer it is against them, the more of the stretch's
// own change is taken in, which keeps every spring stable.
#include "engine/world/lanes/rows.h"

#define LENGTH_MIN 1e-6f ///< [m] below, the line has no direction of its own

/// Everything that follows from the arms but the stretch.
LANES_INLINE void derive(LineRow *row, const RowArms *r)
{
    const RowMasses *m = &row->masses;
    row->length = v_sqrt(r->dx * r->dx + r->dy * r->dy);
    Vi there = row->length > LENGTH_MIN;
    Vf inverse = 1.0f / v_select(there, row->length, v_all(1.0f));
    row->axis_x = v_select(there, r->dx * inverse, v_all(1.0f));
    row->axis_y = v_select(there, r->dy * inverse, (Vf){0});
    row->arm_a = r->ax * row->axis_y - r->ay * row->axis_x;
    row->arm_b = r->by * row->axis_x - r->bx * row->axis_y;
    row->inverse_mass = m->ma + m->mb + m->ia * row->arm_a * row->arm_a + m->ib * row->arm_b * row->arm_b;
    row->mass = inverse_or_0(row->inverse_mass);
}

LANES_INLINE void measure(LineRow *row, const LanesMotion *motion)
{
    RowMotion moved = load_moved(motion, &row->bodies);
    RowArms arms = move_arms(&row->start, &moved);
    derive(row, &arms);
}

LANES_INLINE Vf line_speed(const LineRow *row, const RowMotion *v)
{
    return row->axis_x * (v->bx - v->ax) + row->axis_y * (v->by - v->ay) - row->arm_a * v->aw -
           row->arm_b * v->bw;
}

/// An impulse [N s] that drives the anchors apart.
LANES_INLINE RowKick line_kick(const LineRow *row, Vf impulse)
{
    return (RowKick){row->axis_x * impulse, row->axis_y * impulse, row->arm_a * impulse,
                     row->arm_b * impulse};
}

LANES_INLINE void give(const LineRow *row, RowMotion *v, Vf impulse)
{
    RowKick kick = line_kick(row, impulse);
    give_kick(&row->masses, v, &kick);
}

/// Change of the impulse of a rigid distance or a spring.
LANES_INLINE Vf hold_change(const LineRow *row, Vf speed, bool soft)
{
    Vf zero = {0}, stiff = row->h * row->stiffness;
    Vf fast = stiff * row->h * row->inverse_mass; // (own frequency * h)^2
    Vf damping = row->h * row->damping + stiff * row->h * (fast / (1.0f + fast));
    Vf spring = -(stiff * row->stretch + damping * speed + row->hold) / (1.0f + damping * row->inverse_mass);
    Vf rigid;
    if (soft)
        rigid = -(row->mass * row->soft.mass * (speed + row->soft.rate * row->stretch)) -
                row->soft.impulse * row->hold;
    else
        rigid = -(row->mass * speed);
    return v_select(row->spring, spring, v_select(row->rigid, rigid, zero));
}

LANES_INLINE void solve_row(LineRow *row, LanesMotion *motion, bool soft)
{
    RowMotion v = load_velocity(motion, &row->bodies);
    if (soft) {
        give_kick(&row->masses, &v, &row->kick);
    } else {
        Vf impulse = row->hold + row->low - row->high;
        RowKick old = line_kick(row, impulse);
        measure(row, motion);
        row->kick = kick_between(old, line_kick(row, impulse));
    }
    Vf zero = {0}, start = line_speed(row, &v);
    Vf given = zero + hold_change(row, start, soft);
    row->hold += given;
    if (row->any_limit) {
        Vf mass = v_select(row->limited, row->mass, zero);
        Vf low = limit_impulse(row->low, row->length - row->lower, start + row->inverse_mass * given, mass,
                               row->inverse_h, &row->soft, soft);
        given += low - row->low;
        row->low = low;
        Vf high = limit_impulse(row->high, row->upper - row->length, -(start + row->inverse_mass * given),
                                mass, row->inverse_h, &row->soft, soft);
        given -= high - row->high;
        row->high = high;
        PARA_ASSERT_HOT(all_lanes((low >= 0.0f) & (high >= 0.0f))); // a limit never pulls
    }
    give(row, &v, given);
    store_velocity(motion, &row->bodies, v);
    if (!soft) {
        row->stretch = row->length - row->rest;
        row->load += v_abs(row->hold + row->low - row->high);
    }
}

void K(solve_lines)(LanesBlock *block, LanesRows *rows, bool soft)
{
    if (soft) {
        for (int r = 0; r < rows->line_count; r++)
            solve_row(&rows->lines[r], block->motion, true);
    } else {
        for (int r = 0; r < rows->line_count; r++)
            solve_row(&rows->lines[r], block->motion, false);
    }
}

void K(warm_lines)(LanesBlock *block, LanesRows *rows)
{
    for (int r = 0; r < rows->line_count; r++) {
        const LineRow *row = &rows->lines[r];
        RowMotion v = load_velocity(block->motion, &row->bodies);
        give(row, &v, row->hold + row->low - row->high);
        store_velocity(block->motion, &row->bodies, v);
    }
}

// ---------------------------------------------------------------------------------------------

static void prepare_row(LanesBlock *block, const LanesRows *rows, LineRow *row)
{
    JointLanes joint = load_joints(rows, &row->bodies);
    RowFixed fixed = load_fixed(block, &row->bodies);
    Vi busy = busy_lanes(&row->bodies);
    Vf zero = {0};
    row->masses = fixed.masses;
    row->h = fixed.h;
    row->inverse_h = 1.0f / fixed.h;
    row->soft = soften(fixed.h, v_all(LANES_JOINT_HERTZ), LANES_JOINT_RATIO);
    row->start = begin_arms(&joint, &fixed);
    derive(row, &row->start);
    row->spring = busy & (joint.kind == PARA_JOINT_SPRING);
    row->rigid = busy & ~row->spring & (joint.lower >= joint.upper);
    row->limited = busy & ~row->spring & ~row->rigid;
    row->stiffness = v_select(row->spring, joint.stiffness, zero);
    row->damping = v_select(row->spring, joint.damping, zero);
    row->rest = v_select(row->spring, joint.rest, joint.lower);
    row->stretch = row->length - row->rest;
    row->lower = v_select(row->limited, joint.lower, zero);
    row->upper = v_select(row->limited, joint.upper, zero);
    row->hold = v_select(row->limited, zero, joint.state_x);
    row->low = v_select(row->limited, joint.state_lower, zero);
    row->high = v_select(row->limited, joint.state_upper, zero);
    row->kick = (RowKick){zero, zero, zero, zero};
    row->load = zero;
    row->any_limit = v_bits(row->limited) != 0;
    PARA_ASSERT_HOT(v_bits(row->spring & row->rigid) == 0 && v_bits(row->limited & row->rigid) == 0);
}

void K(prepare_lines)(LanesBlock *block, LanesRows *rows)
{
    for (int r = 0; r < rows->line_count; r++)
        prepare_row(block, rows, &rows->lines[r]);
}

void K(store_lines)(LanesRows *rows)
{
    for (int r = 0; r < rows->line_count; r++) {
        const LineRow *row = &rows->lines[r];
        for (int l = 0; l < LANES_WIDTH; l++)
            if (row->bodies.item[l] >= 0)
                *rows->states[row->bodies.item[l]] = (LanesJointState){
                    .x = row->hold[l], .lower = row->low[l], .upper = row->high[l], .load = row->load[l]};
    }
}
