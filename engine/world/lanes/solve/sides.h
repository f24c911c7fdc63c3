// SPDX-License-Identifier: MIT
#pragma once
// For contacts.c and bounces.c: a row of contacts seen from its normal. Speeds along it and across it,
// and what a pass gives, are kept apart until the end of the pass: so two points share one load and one
// store of the bodies.
#include "engine/world/lanes/solve/rows.h"

/// The relative velocity of a row along (normal, tangent), and the impulses given to it in this pass.
typedef struct ParaSides {
    ParaVf closing, sliding; ///< [m/s] of the centres, before the pass
    ParaVf aw, bw;           ///< [rad/s] now
    ParaVf normal, tangent;  ///< [N s] given so far
    ParaVf mass_sum;         ///< [1/kg]
} ParaSides;

PARA_LANES_INLINE ParaVf para_sides_normal_speed(const ParaSides *s, const ParaContactPoint *p, bool still)
{
    ParaVf speed = s->closing + s->mass_sum * s->normal - p->arm_b * s->bw;
    if (!still)
        speed = speed - p->arm_a * s->aw;
    return speed;
}

PARA_LANES_INLINE ParaSides para_sides_begin(const ParaContactRow *row, const ParaRowMotion *v, bool still)
{
    ParaVf dx = v->bx, dy = v->by, mass_sum = row->masses.mb, zero = {0};
    if (!still) {
        dx = dx - v->ax;
        dy = dy - v->ay;
        mass_sum = row->masses.ma + mass_sum;
    }
    ParaVf sliding = row->normal_x * dy - row->normal_y * dx;
    if (row->belted) // +0 in the lanes without: what is added to it next begins at +0, so no bit changes
        sliding = sliding + row->belt;
    return (ParaSides){row->normal_x * dx + row->normal_y * dy, sliding, v->aw, v->bw, zero, zero, mass_sum};
}

/// Adds what was given in the pass.
PARA_LANES_INLINE void para_sides_add(const ParaContactRow *row, const ParaSides *s, ParaRowMotion *v,
                                      bool still)
{
    ParaVf x = row->normal_x * s->normal - row->normal_y * s->tangent;
    ParaVf y = row->normal_y * s->normal + row->normal_x * s->tangent;
    v->bx += row->masses.mb * x;
    v->by += row->masses.mb * y;
    v->bw = s->bw;
    if (still)
        return;
    v->ax -= row->masses.ma * x;
    v->ay -= row->masses.ma * y;
    v->aw = s->aw;
}
