// SPDX-License-Identifier: MIT
#pragma once
// A level described in a fixed number of floats, for a network that is to say how the player will do on it:
// which family, its parameters within their ranges, what it holds, how the goal lies to the player, and the
// ground between them. Private to agents/maker.
#include "agents/batch/families.h"

#define PARA_TRAITS_GROUND 16 ///< heights of the ground on the way
#define PARA_TRAITS_FIXED  (2 * PARA_PARAMS_MAX + 28 + PARA_TRAITS_GROUND)

/// [1] >= 1 floats that describe a level of these families.
int para_traits_count(const ParaFamilies *families);
/// @param family index of its family   @param out out, [1] -5..5, [para_traits_count]
/// Threads: safe.  Cost: O(static points * PARA_TRAITS_GROUND), about 5 us for a level of the library; no
/// heap.
void para_traits_of(const ParaFamilies *families, int family, const ParaLevel *level, float *out);
