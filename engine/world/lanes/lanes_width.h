// SPDX-License-Identifier: MIT
#pragma once
// Which width of vectors a lanes group uses. It never changes a result, only the time: for tests and
// benchmarks.
#include "engine/world/world.h"

/// Steps the lanes worlds of a group with kernels of `width` floats: 4, 8 (AVX2) or 16 (AVX-512). At its
/// creation a group takes what suits the CPU. Not while the group is stepped.
/// @return false, and nothing changes, if this CPU or build has no such width or the group has no lanes
bool para_lanes_set_width(ParaWorldGroup *group, int width);
