// SPDX-License-Identifier: MIT
#pragma once
// What a policy does in moments that were lived through: how probable each choice is there, and how much each
// of its parameters matters to that. For a player that is to keep what it can while it learns something else.
// Policies without a core alone: what one remembers is not kept with a moment.
#include "agents/policy/policy.h"

/// Moments, the caller's: rows of a rollout, or kept ones.
typedef struct ParaMoments {
    const float *obs;              ///< [1] -10..10 raw  [.., O]
    const uint32_t *channel_bits;  ///< [bits] bound channels  [..]
    const uint32_t *negative_bits; ///< [bits] as in ParaRollout  [..]
} ParaMoments;

/// How probable each choice is in some moments, of a head of levels.
/// @param index in, [n] which of the rows   @param scratch for one row at least
/// @param wanted out, [n, 8, 3] 0..1 of the bound channels
/// Cost: about 2 * parameters * n flops; no heap.
void para_moments_choices(const ParaPolicy *policy, ParaForward *scratch, const ParaMoments *moments,
                          const int *index, int n, float *wanted);
/// The diagonal of the Fisher information of the policy's choices: the mean over the moments of the squared
/// gradient of the log probability of an action that it draws there. Parameters that only the value has get
/// 0. <Kirkpatrick 2017, arXiv 1612.00796, section 2; the empirical one would take the action that was
/// played>
/// @param index in, [n] which of the rows, n >= 1
/// @param gradient scratch, [learned floats]   @param fisher out, [learned floats] >= 0
/// Cost: about 6 * parameters * n flops, row by row; no heap.
void para_moments_fisher(const ParaPolicy *policy, ParaForward *training, const ParaMoments *moments,
                         const int *index, int n, uint64_t seed, float *gradient, float *fisher);
