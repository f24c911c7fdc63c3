// SPDX-License-Identifier: MIT
#pragma once
// Behaviour cloning: a policy learns to do what was done, row by row, by the cross-entropy of its choices.
// Its values are held where they are, since what it is taught says nothing of them.
//   loss = mean( -log p(action) + value_weight * 1/2 (v - value)^2 )
// Source: Pomerleau 1989 (ALVINN); for a planner's actions Anthony 2017, arXiv 1705.08439 (expert iteration).
#include "agents/policy/policy.h"

/// Rows to learn from; the caller's.
typedef struct ParaCloneRows {
    int count;                     ///< [1] >= 0
    const float *obs;              ///< [1] -10..10 raw  [count, O]
    const int8_t *action;          ///< [1] -1..1  [count, 8]
    const uint32_t *channel_bits;  ///< [bits] bound channels  [count]
    const uint32_t *negative_bits; ///< [bits] as in ParaRollout  [count]
    const float *value;            ///< [1] any finite; where values are held  [count]
    const float *wanted; ///< [1] 0..1 how probable each choice should be, in place of actions  [count, 8, 3];
                         ///< NULL: the actions
    const int *index;    ///< [row] >= 0 those of the arrays that are meant  [count]; NULL: the first ones
} ParaCloneRows;

typedef struct ParaCloneDef {
    float rate;         ///< [1] > 0 of Adam; default 5e-4
    float value_weight; ///< [1] >= 0; default 0.5
    int batch;          ///< [1] 1..256 rows of a step; default 128
    uint64_t seed;      ///< [seed] of the order of rows
} ParaCloneDef;
ParaCloneDef para_clone_def_default(void);

typedef struct ParaClone ParaClone;
/// @param policy is trained in place; its observation statistics stay
/// @param row_max [1] >= 1 rows of a pass at most
ParaClone *para_clone_create(const ParaCloneDef *def, ParaPolicy *policy, int row_max, ParaArena *arena);
/// One pass over all rows in a new order. @return the mean cross-entropy on the way [nat] >= 0
/// Cost: about 6 * parameters flops a row; no heap.
double para_clone_pass(ParaClone *clone, const ParaCloneRows *rows);
/// Mean cross-entropy [nat] >= 0 of rows, nothing learned. @param rows count >= 1
double para_clone_measure(ParaClone *clone, const ParaCloneRows *rows);
/// The loss of some rows and its gradient, for tests.
/// @param index in, [n] rows, n 1..256   @param gradient out, [learned floats of the policy]
/// @return the mean loss, held values included
double para_clone_gradient(ParaClone *clone, const ParaCloneRows *rows, const int *index, int n,
                           float *gradient);
