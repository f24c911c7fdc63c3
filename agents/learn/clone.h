// SPDX-License-Identifier: MIT
#pragma once
// Behaviour cloning: a policy learns to do what was done, row by row, by the cross-entropy of its choices.
// Its values are held where they are, since what it is taught says nothing of them.
//   loss = mean( -log p(action) + value_weight * 1/2 (v - value)^2 )
// Source: Pomerleau 1989 (ALVINN); for a planner's actions Anthony 2017, arXiv 1705.08439 (expert iteration).
#include "agents/learn/rows.h"
#include "agents/policy/policy.h"

typedef struct ParaCloneDef {
    float rate;         ///< [1] > 0 of Adam; default 5e-4
    float value_weight; ///< [1] >= 0; default 0.5
    int batch;          ///< [1] 1..256 rows of a step; default 128
    uint64_t seed;      ///< [seed] of the order of rows
} ParaCloneDef;
ParaCloneDef para_clone_def_default(void);

typedef struct ParaClone ParaClone;
/// @param policy is trained in place; its observation statistics stay
/// @param row_max [1] >= 1 rows of a pass at most; a player that remembers needs rows with `begins`
ParaClone *para_clone_create(const ParaCloneDef *def, ParaPolicy *policy, int row_max, ParaArena *arena);
/// One pass over all rows in a new order. @return the mean cross-entropy on the way [nat] >= 0
/// Cost: about 6 * parameters flops a row; no heap.
double para_clone_pass(ParaClone *clone, const ParaCloneRows *rows);
/// Mean cross-entropy [nat] >= 0 of rows, nothing learned. @param rows count >= 1
double para_clone_measure(ParaClone *clone, const ParaCloneRows *rows);
/// The loss of some rows and its gradient, for tests.
/// @param rows of one batch: 256 at most, of a player that remembers in 4 stretches at most
/// @param gradient out, [learned floats of the policy]   @return the mean loss, held values included
double para_clone_gradient(ParaClone *clone, const ParaCloneRows *rows, float *gradient);
