// SPDX-License-Identifier: MIT
// Where contacts are when a step is over. Manifolds are found at its begin; meanwhile the bodies have moved.
// Each point goes along with the body whose corner or rounding it is (`share`, from the close look): under a
// ball that rolls, at a corner of a box that slides. A first look is enough, the next step looks anew.
#include "engine/world/lanes/solve/rows.h"

/// How a body moved, seen along a contact's normal and tangent.
typedef struct Moved {
    ParaVf normal, tangent; ///< [m] way of the centre of mass
    ParaVf sine, less;      ///< [1] of the turn, and its cosine less 1
} Moved;

/// A way, along normal and tangent [m].
typedef struct Way {
    ParaVf normal, tangent;
} Way;

PARA_LANES_INLINE Moved moved_of(const ParaContactRow *row, ParaVf x, ParaVf y, ParaVf turn)
{
    ParaVf cosine;
    Moved moved = {row->normal_x * x + row->normal_y * y, row->normal_x * y - row->normal_y * x, turn, turn};
    para_v_sincos(turn, &moved.sine, &cosine);
    moved.less = cosine - 1.0f;
    return moved;
}

/// The way of a place that was (normal, tangent) from the centre of mass.
PARA_LANES_INLINE Way way_of(const Moved *moved, ParaVf normal, ParaVf tangent)
{
    return (Way){moved->normal + moved->less * normal - moved->sine * tangent,
                 moved->tangent + moved->less * tangent + moved->sine * normal};
}

PARA_LANES_INLINE void move_point(const ParaContactRow *row, const ParaContactPoint *p, const Moved *a,
                                  const Moved *b, float *points, const int32_t *at, bool still)
{
    ParaVf from[4], zero = {0};
    para_v_gather4(points, at, from);
    // A circle goes the way of its centre, about which turning changes nothing.
    Way way_b = way_of(b, row->lift_b - p->slide_b, p->arm_b), way_a = {zero, zero};
    if (!still)
        way_a = way_of(a, p->slide_a - row->lift_a, -p->arm_a);
    // Each surface has its own way along the normal; along the tangent the point has that of its owner.
    ParaVf up = 0.5f * (way_a.normal + way_b.normal);
    ParaVf along = (1.0f - p->share) * way_a.tangent + p->share * way_b.tangent;
    ParaVf x = from[0] + (row->normal_x * up - row->normal_y * along);
    ParaVf y = from[1] + (row->normal_y * up + row->normal_x * along);
    // What neither pressed nor overlapped was apart all the time.
    ParaVi took_part = (p->normal_sum > 0.0f) | (p->gap_start <= 0.0f);
    ParaVf gap = p->gap_start + (way_b.normal - way_a.normal);
    para_v_scatter4(points, 1, at, x, y, para_v_select(took_part, gap, from[2]), from[3]);
}

PARA_LANES_INLINE void move_row(ParaLanesBlock *block, const ParaContactRow *row, int idle, bool still)
{
    int32_t at[PARA_LANES_WIDTH];
    para_row_item_places(&row->bodies, idle, (int)(sizeof(ParaLanesManifold) / sizeof(float)), at);
    const float *ways = &block->motion->dx;
    ParaRowMotion m =
        still ? para_row_load_motion_b(ways, &row->bodies) : para_row_load_motion(ways, &row->bodies);
    Moved b = moved_of(row, m.bx, m.by, m.bw), a = b;
    if (!still)
        a = moved_of(row, m.ax, m.ay, m.aw);
    for (int i = 0; i < row->point_count; i++)
        move_point(row, &row->point[i], &a, &b, &block->manifolds->point[i].x, at, still);
}

void PARA_K(spots)(ParaLanesBlock *block, const ParaLanesRows *rows)
{
    int last = block->world_count - 1;
    int idle = block->manifold_first[last] + block->manifold_count[last]; // the one behind all
    for (int r = 0; r < rows->contacts[0].count; r++)
        move_row(block, &rows->contacts[0].rows[r], idle, false);
    for (int r = 0; r < rows->contacts[1].count; r++)
        move_row(block, &rows->contacts[1].rows[r], idle, true);
}
