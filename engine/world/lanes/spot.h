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

/// After the commit of world w: point k of one of its manifolds. It goes with the body whose corner or
/// rounding it is: under a ball that rolls, at a corner of a box that slides.
ParaLanesSpot para_lanes_spot(const ParaLanesBlock *block, int w, const ParaLanesManifold *manifold, int k);
