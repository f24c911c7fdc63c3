// SPDX-License-Identifier: MIT
#pragma once
// Joints that a dream has torn are drawn together again: what the networks never saw, since no engine shows
// it, is left to what is known of rigid joints. Private to agents/model.
#include "agents/model/graph.h"

#define PARA_HELD_SLOP  0.02f ///< [m] that a joint may be off and is the networks' own affair
#define PARA_HELD_LEFT  0.7f  ///< [1] share of what is beyond that is left after a step
#define PARA_HELD_TURNS 4     ///< sweeps over all joints, since they pull at each other

/// Changes what bodies are about to do, so that no rigid direction of a joint will be off by more than the
/// slop, or than PARA_HELD_LEFT of what it is off beyond that, and none of them goes on tearing.
/// @param mean inout, [m/s, m/s, rad/s] motion over the step   @param after inout, after it  [nodes, 3] each
/// Source: projected Gauss-Seidel on positions, as in Macklin 2016 (XPBD), its compliance 0, with a slop.
/// Cost: O(edges); where nothing is torn it changes nothing.
void para_held_draw(const ParaGraph *graph, float *mean, float *after);
