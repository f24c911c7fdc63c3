// SPDX-License-Identifier: MIT
#pragma once
// The antagonist: a second player, with a network of its own, that learns on the maker's levels by the
// settings of the first one's learner. Where it does better, the first one could. Private to agents/maker.
#include "agents/batch/batch.h"
#include "agents/player/collector.h"

typedef struct ParaAntagonistDef {
    const ParaFamilies *families;
    ParaSolverKind solver;
    ParaWorkers *workers;
    const ParaPolicy *player; ///< whose observation and widths it has
    const ParaPpo *learner;   ///< whose settings it learns by, as they are at the time, rate and horizon too
    double surprises;         ///< [1/(10 s)] 0..PARA_SURPRISES_MOST that it meets
    int envs;                 ///< [1] >= 1 of its own
    uint64_t seed;            ///< [seed] of its weights and all it draws
    ParaPickNext *next;       ///< chooses its levels
    void *next_context;
} ParaAntagonistDef;

/// Its episodes are cut after so many decisions: what a checkpoint keeps of them is bounded.
#define PARA_ANTAGONIST_DECISIONS 16384

typedef struct ParaAntagonist ParaAntagonist;
/// @return NULL: no memory for its worlds. Else it is to be destroyed before the arena is
ParaAntagonist *para_antagonist_create(const ParaAntagonistDef *def, ParaArena *arena);
void para_antagonist_destroy(ParaAntagonist *antagonist); ///< NULL is fine

/// One rollout, as long as the learner's next, and what it learns of it. Its first is measured only.
/// @param out_steps out, [1] >= 0 world steps   @return what ended, valid until the next call
ParaEndedList para_antagonist_play(ParaAntagonist *antagonist, int64_t *out_steps);

/// Network, optimiser, and every episode under way.
void para_antagonist_save(const ParaAntagonist *antagonist, ParaBytes *out);
/// On one made alike.  @return false if the bytes make no sense: it is to be made anew then
bool para_antagonist_load(ParaAntagonist *antagonist, ParaBytesReader *in);
