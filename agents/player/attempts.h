// SPDX-License-Identifier: MIT
#pragma once
// A player that tries each level several times, one try after the other, with a memory of episodes or
// without: what it makes of a second try is what remembering is worth, as its weights stay the same.
#include "agents/batch/families.h"
#include "agents/player/episodes.h"
#include "agents/player/mind.h"

#define PARA_ATTEMPTS_MAX   64      ///< at a level
#define PARA_ATTEMPTS_TRIES 1000000 ///< of one call, for their memory

typedef struct ParaAttemptsDef {
    const ParaFamilies *families;
    int levels;            ///< [1] >= 1 held-out ones of each family
    int attempts;          ///< [1] 1..PARA_ATTEMPTS_MAX at each level
    uint64_t seed;         ///< [seed] of the held-out set
    ParaSolverKind solver; ///< of the worlds
    const ParaPolicy *policy;
    ParaRecall *recall; ///< consulted and added to; NULL: it remembers nothing from try to try
    bool consult_only;  ///< nothing is added: what a memory of other levels is worth
    bool (*over)(void *context, int64_t done, int64_t total); ///< after each try; false stops
    void *context;
} ParaAttemptsDef;

/// Plays them, on the calling thread alone: later tries build on earlier ones, and levels share the memory.
/// Draws of the first try of a level are those of `paracosm eval`'s first episode.
/// @param out out, [families, levels, attempts]   @return false: no memory, or stopped
bool para_attempts_play(const ParaAttemptsDef *def, ParaArena *arena, ParaEpisode *out);
