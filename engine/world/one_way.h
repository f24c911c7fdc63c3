// SPDX-License-Identifier: MIT
#pragma once
// Platforms that hold from above only: what jumps up comes through them and lands on them.
//
//      o  falls: held            A contact counts where its normal goes up and it either was held a step ago
//     -----------  platform      or does not rise and has no more inside than it may have sunk in while it
//      o  rises: goes through    fell. What turns back halfway is deeper, and falls out again.
//
// Up is +y of the platform's own body. All solvers ask this; for them alone.
#include <stdbool.h>

#define PARA_ONE_WAY_FACING 0.5  ///< [1] cosine to up of the least upright normal: 60 degrees
#define PARA_ONE_WAY_RISING 0.05 ///< [m/s] slower is no rising: things at rest shake by so little
#define PARA_ONE_WAY_DEPTH  0.01 ///< [m] of overlap that things at rest may have
#define PARA_ONE_WAY_STEPS  2.0  ///< [step] of falling that may have gone into it

/// Whether a platform holds what it touches.
/// @param facing [1] -1..1 cosine between the contact's normal, out of the platform, and up
/// @param depth [m] any finite; how deep they overlap, < 0: how far they are apart
/// @param rising [m/s] any finite; velocity of the other along up, as the platform sees it
/// @param dt [s] > 0 of a step
/// @param held it was held until now: that it rises is then the platform that slows down under it, or a jump,
/// which needs no leave; were it let go, it could not come back from as deep as it lies
static inline bool para_one_way_holds(double facing, double depth, double rising, double dt, bool held)
{
    double fallen = rising < 0.0 ? -rising * dt : 0.0;
    return facing >= PARA_ONE_WAY_FACING &&
           (held ||
            (rising <= PARA_ONE_WAY_RISING && depth <= PARA_ONE_WAY_DEPTH + PARA_ONE_WAY_STEPS * fallen));
}

#define PARA_ONE_WAY_STEEP 0.2 ///< [1] sine of the flattest way that comes down on a platform

/// Whether a platform may end the way of something fast, before their contact is known: it comes down, and is
/// not in it yet.
/// @param down [m] any finite; of its way as the platform sees it, the part against up
/// @param way [m] >= 0 the length of that way, of one step   @param depth [m] as above, at its begin
static inline bool para_one_way_stops(double down, double way, double depth)
{
    return down >= PARA_ONE_WAY_STEEP * way && para_one_way_holds(1.0, depth, -down, 1.0, false);
}
