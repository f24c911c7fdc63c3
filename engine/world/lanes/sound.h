// SPDX-License-Identifier: MIT
#pragma once
// What must hold between the stages of a step, all of it at once: called through PARA_CHECK_HOT, so in debug,
// sanitized and fuzzed builds only. What one line can say stands as PARA_ASSERT_HOT where it happens.
#include "engine/world/lanes/lanes.h"

/// A world that was built, cloned or restored: counts, places, and indices of everything it holds.
void para_lanes_check_world(const ParaLanesWorld *world);
/// Bodies of a block that were gathered: finite, of unit direction, masses not negative.
void para_lanes_check_bodies(const ParaLanesBlock *block);
/// Shapes that were placed: boxes around them, normals of length 1, bodies of their own world.
void para_lanes_check_shapes(const ParaLanesBlock *block);
/// Manifolds after the close look: each world's sorted and without repeats, their numbers within bounds.
void para_lanes_check_manifolds(const ParaLanesBlock *block);
/// What a step told: contacts sorted and without repeats, touches as the next step wants them.
void para_lanes_check_report(const ParaLanesWorld *world);
