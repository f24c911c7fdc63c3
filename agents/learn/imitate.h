// SPDX-License-Identifier: MIT
#pragma once
// Imitation with an early end: passes of behaviour cloning, of which the one is kept that foretells best what
// was set aside.
#include "agents/learn/clone.h"

#define PARA_IMITATE_LEAST 40 ///< rows

typedef struct ParaImitateDef {
    int passes;   ///< [1] >= 1 over the rows at most; default 12
    int patience; ///< [1] >= 1 passes in a row that may be in vain before they end; default 4
    float
        aside; ///< [1] 0.1..0.5 share of the rows that is not learned from, and says when to end; default 0.1
    ParaCloneDef clone;
} ParaImitateDef;
ParaImitateDef para_imitate_def_default(void);

typedef struct ParaImitated {
    int passes;           ///< [1] >= 0 that were kept
    double before, after; ///< [nat] >= 0 cross-entropy of the rows that were set aside; of a fine head any
    bool stopped;         ///< it was told to stop; what was learned until then stands
} ParaImitated;

/// Told after each pass. @return false: enough
typedef bool ParaImitateGoes(void *context);

/// Teaches the policy. It ends as it was after the pass that foretold the rows set aside best.
/// @param rows count >= PARA_IMITATE_LEAST, in the order they were lived in: stretches of up to 64 of them
/// are learned or set aside together
/// @param goes NULL: nobody asks
/// Cost: about 6 * parameters flops for each row and pass.  Memory: in the arena
ParaImitated para_imitate(const ParaImitateDef *def, ParaPolicy *policy, const ParaCloneRows *rows,
                          ParaImitateGoes *goes, void *context, ParaArena *arena);
