// SPDX-License-Identifier: MIT
#pragma once
// What bodies do where nothing touches them: gravity, damping, forces, thrusters, zones and fluids. All of it
// is known to whoever acts, so none of it is learned; zones and fluids push by the engine's own code.
#include "agents/model/facts.h"

/// Change of every body's motion per second, in the mean over the next `seconds`.
/// @param view its places, motions, gravity, zones and zone_bits count; no contacts, no joints
/// @param seconds [s] > 0; drag and damping fall off over it and never reverse a motion
/// @param push out, [body_count, 3] [m/s^2, m/s^2, rad/s^2]; 0 of what nothing moves
/// Threads: any.  Cost: O(bodies + thrusters), 0.3 us for each body in a fluid; no heap.
void para_flight_push(const ParaModelFacts *facts, const ParaView *view, const ParaInputs *inputs,
                      double seconds, float *push);
