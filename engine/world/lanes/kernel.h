// SPDX-License-Identifier: MIT
#pragma once
// The parts of one kernel, in the order of a step; each compiled once per width (names by K, vec.h).
// `room` of the block is shared out by step.c: collide's part is free again when rows are planned.
#include "engine/world/lanes/lanes.h"
#include "engine/world/lanes/vec.h"

// bodies.c
void K(gather_bodies)(LanesBlock *block); ///< fills motion, fixed, unpushed, push, damp
void K(push)(LanesBlock *block,
             int micro);           ///< velocities take the forces, and keep the impulses of micro - 1
void K(move)(LanesBlock *block);   ///< dx, dy, turn += micro_dt * velocity
void K(commit)(LanesBlock *block); ///< sweep, sanity, new state of bodies; joint angle and speed

// shapes.c, broad.c, narrow_*.c, match.c
void K(place_shapes)(LanesBlock *block);
/// Finds pairs that come near and makes their manifolds, sorted by key within each world.
void K(collide)(LanesBlock *block);
/// Takes over the last step's impulses where key and feature ids agree.
void K(match)(LanesBlock *block);

// plan.c, contacts.c, pins.c, rails.c, lines.c
/// Rows of constraints for the passes of a step, planned over the block; opaque to step.c.
typedef struct LanesRows LanesRows;
LanesRows *K(plan_rows)(LanesBlock *block);             ///< in `room`; prepares masses, anchors, softness
void K(warm_start)(LanesBlock *block, LanesRows *rows); ///< applies the impulses of the last step
/// One pass over joints, then contacts. `soft`: with the push that closes gaps; else relax, and the impulses
/// of this micro step are final: they are added to the sums.
void K(solve)(LanesBlock *block, LanesRows *rows, bool soft);
void K(restitute)(LanesBlock *block, LanesRows *rows);
void K(store_impulses)(LanesBlock *block, LanesRows *rows); ///< to manifolds and joint states
