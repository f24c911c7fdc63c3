// SPDX-License-Identifier: MIT
#pragma once
// Paths of platforms: where one is at each step of its clock. A function of the clock alone, so whatever sets
// the clock (events.c) may stop it or turn it round. Private to worlds.
#include "worlds/level/level.h"

/// Where a body is, from its place and angle at the start.
typedef struct ParaPathPlace {
    double x, y;  ///< [m]
    double angle; ///< [rad]; 0 of one that does not turn
    bool turns;   ///< the path says its angle; else it turns as its spin has it
} ParaPathPlace;

/// Length of a path [step]: of one that goes once until it is at its last stop, of another until it begins
/// anew.
int32_t para_path_steps(const ParaLevel *level, const ParaPath *path);
/// @param clock [step] any: once, it stands at the ends; else it goes on and on, backward too
/// Cost: O(stops)
ParaPathPlace para_path_place(const ParaLevel *level, const ParaPath *path, int32_t clock);
