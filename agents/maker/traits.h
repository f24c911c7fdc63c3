// SPDX-License-Identifier: MIT
#pragma once
// A level described in a fixed number of floats, for a network that is to say how the player will do on it:
// which family, its parameters within their ranges, what it holds, how the goal lies to the player, and the
// ground between them. Used by the makers, and by the archive to tell levels apart.
#include "agents/batch/families.h"

#define PARA_TRAITS_GROUND 16 ///< heights of the ground on the way
#define PARA_TRAITS_FIXED  (2 * PARA_PARAMS_MAX + 28 + PARA_TRAITS_GROUND)

/// [1] >= 1 floats that describe a level of these families.
int para_traits_count(const ParaFamilies *families);
/// @param family index of its family   @param out out, [1] -5..5, [para_traits_count]
/// Threads: safe.  Cost: O(static points * PARA_TRAITS_GROUND), about 5 us for a level of the library; no
/// heap.
void para_traits_of(const ParaFamilies *families, int family, const ParaLevel *level, float *out);

/// [m] >= 0 from the player to the first target of its goal, else its cargo; NaN where the goal is about no
/// place.
double para_traits_goal_distance(const ParaLevel *level);
/// [m] >= 0 mean rise or fall of the ground from one look to the next on the way toward the goal.
double para_traits_roughness(const ParaLevel *level);
