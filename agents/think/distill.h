// SPDX-License-Identifier: MIT
#pragma once
// What thinking found, put into the reflex: a policy learns to do at once what it did when it thought.
#include "agents/think/winners.h"

typedef struct ParaDistillDef {
    int passes; ///< [1] >= 1 over the rows at most; default 12
    float
        aside; ///< [1] 0.1..0.5 share of the rows that is not learned from, and says when to end; default 0.1
    ParaCloneDef clone;
} ParaDistillDef;
ParaDistillDef para_distill_def_default(void);

typedef struct ParaDistilled {
    int passes;           ///< [1] >= 0 that were kept
    double before, after; ///< [nat] >= 0 cross-entropy of the rows that were set aside
} ParaDistilled;

/// Teaches the policy. It ends as it was after the pass that foretold the rows set aside best; passes end
/// where two in a row did not help.
/// @param winners count >= 20; untouched
/// @return what it learned.  Cost: about 6 * parameters flops for each row and pass.  Memory: in the arena
ParaDistilled para_distill(const ParaDistillDef *def, ParaPolicy *policy, const ParaWinners *winners,
                           ParaArena *arena);
