// SPDX-License-Identifier: MIT
#pragma once
// Into how many parts a substep is cut at the least, from the def: for swings that are to keep their energy,
// and until the loads of joints are known (see step.c, which then goes by what it sees). Ordinary worlds need
// one.
#include "engine/world/world.h"

#define PARA_CP_PARTS_MAX   16
#define PARA_CP_PART_STRAIN 1.2 ///< [1] own frequency of a loaded joint times a part; joints part above 2

typedef struct ParaCpParts {
    int turns; ///< [1] 1 or 4 times the def's iterations for contacts at the least
    int least; ///< [1] 1..8 for as long as the world runs
    int start; ///< [1] least..PARA_CP_PARTS_MAX to begin with
} ParaCpParts;

/// @param def in, a def that para_world_def_check takes
/// No heap. Cost: O(bodies + shapes + joints).
ParaCpParts para_cp_parts_of(const ParaWorldDef *def);
/// [1] 1..PARA_CP_PARTS_MAX of a substep of `dt` [s] for an own frequency `strain` [1/s].
int para_cp_parts_for(double strain, double dt);
