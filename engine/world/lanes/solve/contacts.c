// SPDX-License-Identifier: MIT
// Contacts: soft against overlap, exact against what would overlap in the next micro step, friction within
// the normal impulse of the same micro step. Source: E. Catto, "Solver2D" (2024), soft step; our own code.
#include "engine/world/lanes/solve/sides.h"

#include <stddef.h>

#define MANIFOLD_FLOATS ((int)(sizeof(ParaLanesManifold) / sizeof(float)))

PARA_LANES_INLINE void give_normal(ParaSides *s, const ParaContactRow *row, ParaContactPoint *p,
                                   ParaVf impulse, bool still)
{
    ParaVf change = impulse - p->normal;
    PARA_ASSERT_HOT(para_row_all_lanes(impulse >= 0.0f)); // pushes only; a NaN would not pass
    p->normal = impulse;
    s->normal += change;
    s->bw -= row->masses.ib * (p->arm_b * change);
    if (!still)
        s->aw -= row->masses.ia * (p->arm_a * change);
}

PARA_LANES_INLINE void solve_normal(ParaSides *s, const ParaContactRow *row, ParaContactPoint *p, bool soft,
                                    bool still)
{
    ParaVf zero = {0}, speed = para_sides_normal_speed(s, p, still), impulse;
    if (soft) {
        ParaVi open = p->gap > 0.0f;
        ParaVf push = para_v_max(row->soft.rate * para_v_min(p->gap + PARA_LANES_SLOP, zero),
                                 para_v_all(-PARA_LANES_PUSH_MAX));
        ParaVf bias = para_v_select(open, p->gap * row->inverse_h, push);
        ParaVf mass = para_v_select(open, p->mass, p->mass * row->soft.mass);
        ParaVf keep = para_v_select(open, zero, row->soft.impulse);
        impulse = p->normal - mass * (speed + bias) - keep * p->normal;
    } else {
        impulse = p->normal - p->mass * (speed + para_v_max(p->gap, zero) * row->inverse_h);
        if (row->bouncy) // what is about to bounce in the next micro step is not slowed down for it in this
                         // one
            impulse = para_v_select((row->restitution > 0.0f) & (p->gap > 0.0f) & (p->normal <= 0.0f) &
                                        (speed < -row->bounce_min),
                                    zero, impulse);
    }
    give_normal(s, row, p, para_v_max(impulse, zero), still);
}

PARA_LANES_INLINE void solve_tangent(ParaSides *s, const ParaContactRow *row, ParaContactPoint *p, bool still)
{
    ParaVf speed = s->sliding + s->mass_sum * s->tangent - p->slide_b * s->bw;
    if (!still)
        speed = speed - p->slide_a * s->aw;
    ParaVf most = row->friction * p->normal;
    ParaVf impulse = para_v_clamp(p->tangent - p->slide_mass * speed, -most, most);
    PARA_ASSERT_HOT(para_row_all_lanes(para_v_abs(impulse) <= most)); // no more than friction gives
    ParaVf change = impulse - p->tangent;
    p->tangent = impulse;
    s->tangent += change;
    s->bw -= row->masses.ib * (p->slide_b * change);
    if (!still)
        s->aw -= row->masses.ia * (p->slide_a * change);
}

PARA_LANES_INLINE ParaRowMotion load(const float *from, const ParaContactRow *row, bool still)
{
    return still ? para_row_load_motion_b(from, &row->bodies) : para_row_load_motion(from, &row->bodies);
}

PARA_LANES_INLINE void store(ParaLanesMotion *motion, const ParaContactRow *row, const ParaRowMotion *v,
                             bool still)
{
    if (still)
        para_row_store_velocity_b(motion, &row->bodies, v);
    else
        para_row_store_velocity(motion, &row->bodies, *v);
}

/// Separations after a move, first order in the turn: exact for a wheel.
PARA_LANES_INLINE void measure_gaps(ParaContactRow *row, const ParaLanesMotion *motion, int points,
                                    bool still)
{
    ParaRowMotion moved = load(&motion->dx, row, still);
    ParaVf x = moved.bx, y = moved.by;
    if (!still) {
        x = x - moved.ax;
        y = y - moved.ay;
    }
    ParaVf apart = row->normal_x * x + row->normal_y * y;
    for (int i = 0; i < points; i++) {
        ParaContactPoint *p = &row->point[i];
        ParaVf way = apart - p->arm_b * moved.bw;
        if (!still)
            way = way - p->arm_a * moved.aw;
        p->gap = p->gap_start + way;
    }
}

PARA_LANES_INLINE void solve_row(ParaContactRow *row, ParaLanesMotion *motion, bool soft, bool last,
                                 bool still, int points)
{
    ParaRowMotion v = load(&motion->vx, row, still);
    ParaSides sides = para_sides_begin(row, &v, still);
    if (!soft)
        measure_gaps(row, motion, points, still);
    // The soft pass begins with the one point, the other with the other: neither is always the last.
    for (int i = 0; i < points; i++)
        solve_normal(&sides, row, &row->point[soft ? points - 1 - i : i], soft, still);
    for (int i = 0; i < points; i++)
        solve_tangent(&sides, row, &row->point[i], still);
    para_sides_add(row, &sides, &v, still);
    store(motion, row, &v, still);
    if (soft || !last)
        return;
    for (int i = 0; i < points; i++) {
        row->point[i].normal_sum += row->point[i].normal;
        row->point[i].tangent_sum += row->point[i].tangent;
    }
}

PARA_LANES_INLINE void solve_list(struct ParaContactRows *list, ParaLanesMotion *motion, bool soft, bool last,
                                  bool still)
{
    for (int r = 0; r < list->count; r++) {
        if (list->rows[r].point_count == 2)
            solve_row(&list->rows[r], motion, soft, last, still, 2);
        else
            solve_row(&list->rows[r], motion, soft, last, still, 1);
    }
}

/// @param last of the passes of this kind in the micro step: its impulses are those of the micro step
void PARA_K(solve_contacts)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft, bool last)
{
    if (soft) {
        solve_list(&rows->contacts[0], block->motion, true, last, false);
        solve_list(&rows->contacts[1], block->motion, true, last, true);
    } else {
        solve_list(&rows->contacts[0], block->motion, false, last, false);
        solve_list(&rows->contacts[1], block->motion, false, last, true);
    }
}

PARA_LANES_INLINE void warm_list(struct ParaContactRows *list, ParaLanesMotion *motion, bool still)
{
    for (int r = 0; r < list->count; r++) {
        ParaContactRow *row = &list->rows[r];
        ParaRowMotion v = load(&motion->vx, row, still);
        ParaSides s = para_sides_begin(row, &v, still);
        for (int i = 0; i < 2; i++) {
            const ParaContactPoint *p = &row->point[i];
            s.normal += p->normal;
            s.tangent += p->tangent;
            s.bw -= row->masses.ib * (p->arm_b * p->normal + p->slide_b * p->tangent);
            if (!still)
                s.aw -= row->masses.ia * (p->arm_a * p->normal + p->slide_a * p->tangent);
        }
        para_sides_add(row, &s, &v, still);
        store(motion, row, &v, still);
    }
}

void PARA_K(warm_contacts)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    warm_list(&rows->contacts[0], block->motion, false);
    warm_list(&rows->contacts[1], block->motion, true);
}

// ---------------------------------------------------------------------------------------------

/// The floats of a ParaLanesPoint.
enum { POINT_X, POINT_Y, POINT_GAP, POINT_NORMAL, POINT_TANGENT, POINT_SHARE, POINT_LIFT, POINT_ID };
_Static_assert(offsetof(struct ParaLanesPoint, tangent_sum) ==
                   offsetof(struct ParaLanesPoint, normal) + 3 * sizeof(float),
               "store_row writes the impulses of a point at once");

static void prepare_point(ParaContactRow *row, ParaContactPoint *p, const ParaVf from[8], ParaVi there,
                          const ParaRowFixed *fixed, const ParaRowMotion *v)
{
    ParaVf zero = {0}, nx = row->normal_x, ny = row->normal_y;
    ParaVf x = from[POINT_X], y = from[POINT_Y];
    ParaVf rax = x - fixed->ax, ray = y - fixed->ay, rbx = x - fixed->bx, rby = y - fixed->by;
    p->arm_a = para_v_select(there, rax * ny - ray * nx, zero);
    p->arm_b = para_v_select(there, rby * nx - rbx * ny, zero);
    p->slide_a = para_v_select(there, rax * nx + ray * ny, zero);
    p->slide_b = para_v_select(there, -(rbx * nx + rby * ny), zero);
    const ParaRowMasses *m = &row->masses;
    ParaVf along = m->ma + m->mb;
    ParaVf k = along + m->ia * (p->arm_a * p->arm_a) + m->ib * (p->arm_b * p->arm_b);
    ParaVf slide = along + m->ia * (p->slide_a * p->slide_a) + m->ib * (p->slide_b * p->slide_b);
    p->mass = para_v_select(there, para_row_inverse_or_0(k), zero);
    p->slide_mass = para_v_select(there, para_row_inverse_or_0(slide), zero);
    p->gap_start = para_v_select(there, from[POINT_GAP], zero);
    p->gap = p->gap_start;
    p->share = from[POINT_SHARE];
    p->normal_sum = p->tangent_sum = zero;
    ParaSides sides = para_sides_begin(row, v, false);
    ParaVf meeting = -para_sides_normal_speed(&sides, p, false);
    // What parts does not press: two jaws that squeezed hard would throw what they let go of, each by what it
    // still gives of the last step.
    ParaVi presses = there & (meeting > -PARA_LANES_PART_MIN);
    p->normal = para_v_select(presses, from[POINT_NORMAL], zero);
    p->tangent = para_v_select(presses, from[POINT_TANGENT], zero);
}

static void load_belts(const ParaLanesBlock *block, ParaContactRow *row)
{
    float belt[PARA_LANES_WIDTH];
    for (int l = 0; l < PARA_LANES_WIDTH; l++)
        belt[l] = row->bodies.item[l] >= 0 ? block->belts[row->bodies.item[l]] : 0.0f;
    row->belt = para_v_load(belt);
}

static void load_bounce_mins(const ParaLanesBlock *block, ParaContactRow *row)
{
    float least[PARA_LANES_WIDTH] = {0};
    for (int l = 0; l < PARA_LANES_WIDTH && block->any_bounce_min; l++)
        least[l] = row->bodies.item[l] >= 0 ? block->bounce_mins[row->bodies.item[l]] : 0.0f;
    row->bounce_min = para_v_max(para_v_load(least), para_v_all(PARA_LANES_BOUNCE_MIN));
}

/// @return whether some lane may be deep
static bool prepare_row(ParaLanesBlock *block, ParaContactRow *row)
{
    ParaVi busy = para_row_busy_lanes(&row->bodies);
    // An idle lane reads the manifold of lane 0, which is never idle, and is masked.
    int32_t at[PARA_LANES_WIDTH];
    para_row_item_places(&row->bodies, row->bodies.item[0], MANIFOLD_FLOATS, at);
    const float *base = (const float *)block->manifolds;
    ParaVf head[8], point[2][8], zero = {0};
    para_v_gather8(base, 1, at, head);
    para_v_gather8(base + 8, 1, at, point[0]);
    para_v_gather8(base + 16, 1, at, point[1]);
    ParaRowFixed fixed = para_row_load_fixed(block, &row->bodies);
    ParaRowMotion v = para_row_load_velocity(block->motion, &row->bodies);
    row->normal_x = para_v_select(busy, head[2], zero);
    row->normal_y = para_v_select(busy, head[3], zero);
    row->friction = para_v_select(busy, head[4], zero);
    row->restitution = para_v_select(busy, head[5], zero);
    row->bouncy = para_v_bits(row->restitution > 0.0f) != 0;
    if (row->bouncy)
        load_bounce_mins(block, row);
    row->belted = block->any_belt;
    if (row->belted)
        load_belts(block, row);
    row->masses = fixed.masses;
    row->inverse_h = 1.0f / fixed.h;
    row->soft = para_row_soften(fixed.h, PARA_LANES_CONTACT_SHARE, PARA_LANES_CONTACT_RATIO);
    ParaVi second = busy & ((ParaVi)head[6] > 1);
    prepare_point(row, &row->point[0], point[0], busy, &fixed, &v);
    prepare_point(row, &row->point[1], point[1], second, &fixed, &v);
    row->point_count = para_v_bits(second) != 0 ? 2 : 1;
    bool deep = para_v_bits(para_v_min(row->point[0].gap, row->point[1].gap) < -PARA_LANES_DEEP_LEAST) != 0;
    row->lift_a = point[0][POINT_LIFT];
    row->lift_b = point[1][POINT_LIFT];
    PARA_ASSERT_HOT(para_row_all_lanes((row->masses.ma >= 0.0f) & (row->masses.mb >= 0.0f)));
    PARA_ASSERT_HOT(para_row_all_lanes((row->soft.mass >= 0.0f) & (row->soft.mass <= 1.0f)));
    PARA_ASSERT_HOT(para_row_all_lanes(row->point[0].mass >= 0.0f) &&
                    para_row_all_lanes(row->point[1].mass >= 0.0f));
    return deep;
}

void PARA_K(prepare_contacts)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    for (int still = 0; still < 2; still++)
        for (int r = 0; r < rows->contacts[still].count; r++) {
            ParaContactRow *row = &rows->contacts[still].rows[r];
            rows->any_deep |= prepare_row(block, row);
            PARA_ASSERT_HOT(!still ||
                            para_row_all_lanes((row->masses.ma == 0.0f) & (row->masses.ia == 0.0f)));
        }
}

/// Impulses to the manifolds; idle lanes' to manifold `idle`. A second point that a manifold does not have is
/// written in vain.
static void store_row(ParaLanesBlock *block, const ParaContactRow *row, int idle)
{
    int32_t at[PARA_LANES_WIDTH];
    para_row_item_places(&row->bodies, idle, MANIFOLD_FLOATS, at);
    for (int i = 0; i < 2; i++) {
        const ParaContactPoint *p = &row->point[i];
        para_v_scatter4(&block->manifolds->point[i].normal, 1, at, p->normal, p->tangent, p->normal_sum,
                        p->tangent_sum);
    }
}

void PARA_K(store_contacts)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    int last = block->world_count - 1;
    int idle = block->manifold_first[last] + block->manifold_count[last]; // the one behind all
    for (int still = 0; still < 2; still++)
        for (int r = 0; r < rows->contacts[still].count; r++)
            store_row(block, &rows->contacts[still].rows[r], idle);
}
