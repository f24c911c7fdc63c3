// SPDX-License-Identifier: MIT
#pragma once
// Players against each other: every pair on the same held-out levels of opposed players, each level twice so
// that both have either side.
#include "agents/batch/families.h"
#include "agents/policy/policy.h"

typedef struct ParaLeagueDef {
    const ParaFamilies *families;     ///< whose levels have two teams at least
    const ParaPolicy *const *players; ///< [count] each sees its own observation
    int count;                        ///< [1] 2..PARA_ELO_MAX
    int levels;                       ///< [1] >= 1 of each family for each pair
    uint64_t seed;                    ///< [seed] of the held-out set
    ParaSolverKind solver;
    int threads;                                              ///< [1] >= 0; 0: one per CPU
    bool (*over)(void *context, int64_t done, int64_t total); ///< of episodes, by one at a time; false stops
    bool (*stop)(void *context);                              ///< asked between decisions; NULL: nobody asks
    void *context;
} ParaLeagueDef;

/// Plays them. The team of a level's first player is one side, all others are the other; a side has won where
/// one of its own has solved the level and nobody of the other has, and half where both or neither have.
/// @param wins out, [count, count] of the first against the second, halves for draws; for para_elo_fit
/// @return false: stopped, or no memory, or a level has no two teams; *out_error says which
bool para_league_play(const ParaLeagueDef *def, ParaArena *arena, double *wins, const char **out_error);
