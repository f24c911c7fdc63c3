// SPDX-License-Identifier: MIT
#pragma once
// Where a contact is when the step is over. Manifolds are found at its begin; meanwhile the bodies have
// moved.
#include "engine/world/lanes/lanes.h"

/// A point of a manifold at the end of the step.
typedef struct ParaLanesSpot {
    float x, y; ///< [m] world frame, halfway between the surfaces
    float gap;  ///< [m] between them; < 0: overlap
} ParaLanesSpot;

/// After the commit of world w: the points of one of its manifolds that took part, because they pressed in
/// this step, and be it for a part of it, or because the surfaces overlap now. Each goes with the body whose
/// corner or rounding it is: under a ball that rolls, at a corner of a box that slides.
/// @return bit k: point k took part, and out[k] is written
int para_lanes_spots(const ParaLanesBlock *block, int w, const ParaLanesManifold *manifold,
                     ParaLanesSpot out[2]);
