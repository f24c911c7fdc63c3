// SPDX-License-Identifier: MIT
#pragma once
// The parts of one kernel, in the order of a step; each compiled once per width (names by K, vec.h).
// `room` of the block is shared out by step.c: collide's part is free again when rows are planned.
#include "engine/world/lanes/lanes.h"
#include "engine/world/lanes/vec.h"

/// Asks for memory that is read soon: worlds lie pages apart, where no cache guesses the next.
PARA_LANES_INLINE void para_lanes_fetch(const void *from, const void *end)
{
    for (const char *at = from; at < (const char *)end; at += 64)
        __builtin_prefetch(at);
}
#define PARA_LANES_FETCH_HEAD 6 ///< so many worlds ahead, the ParaLanesWorld
#define PARA_LANES_FETCH_REST 3 ///< and so many, what it points to

// bodies.c
void PARA_K(gather_bodies)(ParaLanesBlock *block); ///< fills motion, fixed, unpushed, push, damp
void PARA_K(push)(ParaLanesBlock *block,
                  int micro);             ///< velocities take the forces, and keep the impulses of micro - 1
void PARA_K(move)(ParaLanesBlock *block); ///< dx, dy, turn += micro_dt * velocity
void PARA_K(commit)(ParaLanesBlock *block); ///< sweep, sanity, new state of bodies; joint angle and speed

// shapes.c, broad.c, narrow_*.c, keep.c, match.c
void PARA_K(place_shapes)(ParaLanesBlock *block);
/// Finds pairs that come near and makes their manifolds, sorted by key within each world.
void PARA_K(collide)(ParaLanesBlock *block);
/// Moves the manifolds [first, end) of world w that have points behind those it has kept. Beyond
/// PARA_LANES_MANIFOLDS_MAX the deepest stay, and dropped[w] grows. @return the first free place
int32_t PARA_K(keep_touching)(ParaLanesBlock *block, int w, int32_t first, int32_t end);
/// Takes over the last step's impulses where key and feature ids agree.
void PARA_K(match)(ParaLanesBlock *block);

// plan.c, contacts.c, bounces.c, pins.c, rails.c, lines.c
/// Rows of constraints for the passes of a step, planned over the block; opaque to step.c.
typedef struct ParaLanesRows ParaLanesRows;
ParaLanesRows *PARA_K(plan_rows)(ParaLanesBlock *block); ///< in `room`; prepares masses, anchors, softness
void PARA_K(warm_start)(ParaLanesBlock *block,
                        ParaLanesRows *rows); ///< applies the impulses of the last step
/// One pass over joints, then contacts. `soft`: with the push that closes gaps; else relax, and the impulses
/// of this micro step are final: they are added to the sums.
void PARA_K(solve)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft);
void PARA_K(bounce)(ParaLanesBlock *block, ParaLanesRows *rows); ///< impacts of the micro step that begins
void PARA_K(store_impulses)(ParaLanesBlock *block, ParaLanesRows *rows); ///< to manifolds and joint states

// spot.c
/// Moves the points of manifolds that took part to where they are when the step is over, and their separation
/// with them: those that pressed in this step, and be it for a part of it, or whose surfaces overlap.
void PARA_K(spots)(ParaLanesBlock *block, const ParaLanesRows *rows);
