// SPDX-License-Identifier: MIT
// Restitution. At the begin of a micro step every contact of a bouncy pair that will close within it is
// struck as an impact of its own, before the soft contacts would stop the bodies: the two part with
// `restitution` times the speed they meet with, and are moved as if they had met in the middle of the micro
// step, at their moment, and not at its begin. So a ball comes back to the height it fell from.
//
// Impacts come in waves. Those of one wave are solved together, both points of a manifold as a block and all
// manifolds over and over (Moreau's rule: opening speed + restitution * closing speed >= 0, impulse >= 0, one
// of them 0), so a box that lands flat on many tiles does not begin to turn. What a wave sets in motion may
// meet something in the next wave: a blow is passed on along a row of balls that touch. Then friction stops
// what slides, within what the impact gives. Each of these takes energy or leaves it.
// Source: J. J. Moreau, "Unilateral contact and dry friction in finite freedom dynamics" (1988); our own
// code.
#include "engine/world/lanes/solve/sides.h"

#define WAVES  16 ///< [1] of impacts in a micro step at most; the soft contacts stop what is left
#define SWEEPS 8  ///< [1] over the impacts of a wave; always as many, so that a world's result is its own

/// The share of a block's two equations that the other one nearly says too: then one of them is enough.
#define SAME_MIN 1e-4f

PARA_LANES_INLINE ParaVf inverse_or_0(ParaVf x) { return para_row_inverse_or_0(x); }

/// Velocity that forces add to the bodies of a row in a micro step.
static ParaRowMotion load_push(const ParaLanesBlock *block, const ParaRowBodies *bodies)
{
    // Quads are half as long as records; idle lanes look at body 0 in vain.
    int32_t a[PARA_LANES_WIDTH], b[PARA_LANES_WIDTH];
    for (int l = 0; l < PARA_LANES_WIDTH; l++) {
        a[l] = bodies->item[l] >= 0 ? bodies->a[l] / 2 : 0;
        b[l] = bodies->item[l] >= 0 ? bodies->b[l] / 2 : 0;
    }
    ParaVf from[4], to[4];
    para_v_gather4(&block->push->x, a, from);
    para_v_gather4(&block->push->x, b, to);
    return (ParaRowMotion){from[0], from[1], from[2], to[0], to[1], to[2]};
}

/// Finds the points of a row that are due, and what they owe. @return whether some lane has one
static bool mark_row(const ParaLanesBlock *block, ParaBounceRow *bounce)
{
    ParaContactRow *row = bounce->row;
    ParaRowMotion v = para_row_load_velocity(block->motion, &row->bodies);
    ParaRowMotion moved = para_row_load_moved(block->motion, &row->bodies);
    ParaSides speed = para_sides_begin(row, &v, false), way = para_sides_begin(row, &moved, false);
    ParaVf zero = {0}, h = 1.0f / row->inverse_h;
    ParaVi any = {0};
    for (int i = 0; i < 2; i++) {
        const ParaContactPoint *p = &row->point[i];
        ParaBouncePoint *to = &bounce->point[i];
        ParaVf closing = -para_sides_normal_speed(&speed, p, false);
        ParaVf gap = p->gap_start + para_sides_normal_speed(&way, p, false);
        ParaVi meets = (gap <= (closing + para_v_max(to->rush, zero)) * h) & (p->mass > 0.0f);
        // Small steps of v += a h, x += v h lie on a parabola whose speed at the begin of each is v + a h
        // / 2.
        ParaVf true_speed = closing + 0.5f * to->rush, height = para_v_max(gap, zero);
        ParaVf square = true_speed * true_speed + 2.0f * to->rush * row->inverse_h * height;
        ParaVf impact = para_v_sqrt(para_v_max(square, zero));
        ParaVi due = meets & (closing > 0.0f) & (impact > row->bounce_min) & (row->restitution > 0.0f);
        ParaVf late = para_v_min(height / para_v_max(impact, para_v_all(1e-6f)), h);
        to->due = due;
        to->late = para_v_select(due, late, zero);
        // What forces add from the begin of the step to the impact, they do not add after it.
        to->leave = para_v_max(row->restitution * impact + to->rush * (0.5f + late * row->inverse_h), zero);
        to->normal = to->tangent = zero;
        any |= due;
    }
    return para_v_bits(any) != 0;
}

/// The two impulses together, where both points are due and neither would have to pull.
PARA_LANES_INLINE void solve_both(const ParaContactRow *row, const ParaBounceRow *bounce,
                                  const ParaVf owed[2], ParaVf out[2])
{
    const ParaBouncePoint *point = bounce->point;
    ParaVf zero = {0}, cross = bounce->cross;
    ParaVf m0 = row->point[0].mass, m1 = row->point[1].mass;
    ParaVf k0 = inverse_or_0(m0), k1 = inverse_or_0(m1), square = k0 * k1, rest = square - cross * cross;
    ParaVf inverse = inverse_or_0(rest);
    ParaVf x0 = (k1 * owed[0] - cross * owed[1]) * inverse, x1 = (k0 * owed[1] - cross * owed[0]) * inverse;
    ParaVi both = point[0].due & point[1].due;
    ParaVi together = both & (rest > SAME_MIN * square) & (x0 >= 0.0f) & (x1 >= 0.0f);
    ParaVf alone0 = para_v_max(owed[0] * m0, zero), alone1 = para_v_max(owed[1] * m1, zero);
    ParaVi first = point[0].due & (~point[1].due | (cross * alone0 >= owed[1]));
    ParaVi second = point[1].due & ~first;
    out[0] = para_v_select(together, x0, para_v_select(first, alone0, zero));
    out[1] = para_v_select(together, x1, para_v_select(second, alone1, zero));
}

static void strike_row(const ParaLanesBlock *block, ParaBounceRow *bounce)
{
    ParaContactRow *row = bounce->row;
    ParaRowMotion old = para_row_load_velocity(block->motion, &row->bodies), v = old;
    ParaSides s = para_sides_begin(row, &v, false);
    ParaVf owed[2], impulse[2];
    for (int i = 0; i < 2; i++) {
        const ParaBouncePoint *p = &bounce->point[i], *other = &bounce->point[1 - i];
        owed[i] = p->leave - para_sides_normal_speed(&s, &row->point[i], false) +
                  inverse_or_0(row->point[i].mass) * p->normal + bounce->cross * other->normal;
    }
    solve_both(row, bounce, owed, impulse);
    for (int i = 0; i < 2; i++) {
        ParaVf change = impulse[i] - bounce->point[i].normal;
        bounce->point[i].normal = impulse[i];
        PARA_ASSERT_HOT(para_row_all_lanes(impulse[i] >= 0.0f));
        s.normal += change;
        s.bw -= row->masses.ib * (row->point[i].arm_b * change);
        s.aw -= row->masses.ia * (row->point[i].arm_a * change);
    }
    para_sides_add(row, &s, &v, false);
    // A lane without an impact keeps its bits, even the sign of a zero.
    v = para_row_select_motion(bounce->point[0].due | bounce->point[1].due, &v, &old);
    para_row_store_velocity(block->motion, &row->bodies, v);
}

/// Friction of the impacts of a row, and the way that the bodies go with the new velocity from the impact on
/// only.
static void finish_row(const ParaLanesBlock *block, ParaBounceRow *bounce)
{
    ParaContactRow *row = bounce->row;
    ParaRowMotion old = para_row_load_velocity(block->motion, &row->bodies), v = old;
    ParaRowMotion old_way = para_row_load_moved(block->motion, &row->bodies), way = old_way;
    ParaSides s = para_sides_begin(row, &v, false), shift = para_sides_begin(row, &way, false);
    for (int i = 0; i < 2; i++) {
        ParaContactPoint *p = &row->point[i];
        ParaBouncePoint *b = &bounce->point[i];
        ParaVf sliding = s.sliding + s.mass_sum * s.tangent - p->slide_b * s.bw - p->slide_a * s.aw;
        ParaVf most = row->friction * b->normal;
        b->tangent = para_v_clamp(-(p->slide_mass * sliding), -most, most);
        s.tangent += b->tangent;
        s.bw -= row->masses.ib * (p->slide_b * b->tangent);
        s.aw -= row->masses.ia * (p->slide_a * b->tangent);
        ParaVf along = -(b->normal * b->late), aside = -(b->tangent * b->late);
        shift.normal += along;
        shift.tangent += aside;
        shift.bw -= row->masses.ib * (p->arm_b * along + p->slide_b * aside);
        shift.aw -= row->masses.ia * (p->arm_a * along + p->slide_a * aside);
        p->normal_sum += b->normal;
        p->tangent_sum += b->tangent;
    }
    para_sides_add(row, &s, &v, false);
    para_sides_add(row, &shift, &way, false);
    ParaVi due = bounce->point[0].due | bounce->point[1].due;
    v = para_row_select_motion(due, &v, &old);
    way = para_row_select_motion(due, &way, &old_way);
    para_row_store_velocity(block->motion, &row->bodies, v);
    para_row_store_moved(block->motion, &row->bodies, way);
}

/// @return whether there was an impact
static bool run_wave(const ParaLanesBlock *block, ParaLanesRows *rows)
{
    bool any = false;
    for (int r = 0; r < rows->bounce_count; r++) {
        rows->bounces[r].due = mark_row(block, &rows->bounces[r]);
        any |= rows->bounces[r].due;
    }
    for (int sweep = 0; any && sweep < SWEEPS; sweep++)
        for (int r = 0; r < rows->bounce_count; r++)
            if (rows->bounces[r].due)
                strike_row(block, &rows->bounces[r]);
    for (int r = 0; any && r < rows->bounce_count; r++)
        if (rows->bounces[r].due)
            finish_row(block, &rows->bounces[r]);
    return any;
}

/// Impacts are over: they are not to act again as a warm start, which is what a velocity differs by from the
/// one without impulses (see PARA_K(push)).
static void forget_impacts(ParaLanesBlock *block, const ParaLanesQuad *before)
{
    int count = block->body_first[block->world_count];
    for (int i = 0; i < count; i++) {
        const ParaLanesMotion *now = &block->motion[i];
        ParaLanesQuad *unpushed = &block->unpushed[i];
        if (now->vx == before[i].x && now->vy == before[i].y && now->spin == before[i].spin)
            continue;
        unpushed->x += now->vx - before[i].x;
        unpushed->y += now->vy - before[i].y;
        unpushed->spin += now->spin - before[i].spin;
    }
}

void PARA_K(bounce)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    if (rows->bounce_count == 0)
        return;
    int count = block->body_first[block->world_count];
    for (int i = 0; i < count; i++)
        rows->before[i] =
            (ParaLanesQuad){block->motion[i].vx, block->motion[i].vy, block->motion[i].spin, 0.0f};
    bool any = false;
    for (int wave = 0; wave < WAVES && run_wave(block, rows); wave++)
        any = true;
    if (any)
        forget_impacts(block, rows->before);
}

// ---------------------------------------------------------------------------------------------

static void prepare_row(const ParaLanesBlock *block, ParaContactRow *row, ParaBounceRow *out)
{
    const ParaRowMasses *m = &row->masses;
    const ParaContactPoint *p = row->point;
    ParaRowMotion push = load_push(block, &row->bodies);
    ParaSides rush = para_sides_begin(row, &push, false);
    *out = (ParaBounceRow){.row = row};
    out->cross = m->ma + m->mb + m->ia * (p[0].arm_a * p[1].arm_a) + m->ib * (p[0].arm_b * p[1].arm_b);
    for (int i = 0; i < 2; i++)
        out->point[i].rush = -para_sides_normal_speed(&rush, &p[i], false);
}

size_t PARA_K(prepare_bounces)(ParaLanesBlock *block, ParaLanesRows *rows, void *room)
{
    size_t bodies = (size_t)block->body_first[block->world_count];
    rows->before = room;
    rows->bounces = (ParaBounceRow *)(void *)((char *)room + (bodies * sizeof(ParaLanesQuad) + 63) / 64 * 64);
    rows->bounce_count = 0;
    for (int still = 0; still < 2; still++)
        for (int r = 0; r < rows->contacts[still].count; r++) {
            ParaContactRow *row = &rows->contacts[still].rows[r];
            if (row->bouncy)
                prepare_row(block, row, &rows->bounces[rows->bounce_count++]);
        }
    return (size_t)((char *)(rows->bounces + rows->bounce_count) - (char *)room);
}
