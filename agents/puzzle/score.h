// SPDX-License-Identifier: MIT
#pragma once
// How well puzzles of one action are solved in a few tries, and how sure that figure is.
#include "engine/base/arena.h"

#include <stdint.h>

#define PARA_PUZZLE_TRIES_MAX 1000 ///< of one task

/// Area under the curve of tasks solved within k tries, whose weights fall with the logarithm of k: with s_k
/// the share solved within k tries and w_k = ln(k + 1) - ln(k), sum(w_k s_k) / sum(w_k) over k = 1..tries. A
/// task that is solved at try k adds 1 - ln(k) / ln(tries + 1), one that is not adds 0.
/// Source: AUCCESS of Bakhtin and others (NeurIPS 2019), section 4.2.
/// @param solved_at [1] 0..tries at which try, 0: not  [count]   @param count [1] >= 1
/// @param tries [1] 1..PARA_PUZZLE_TRIES_MAX
/// @return [1] 0..1   Cost: O(count)
double para_puzzle_auccess(const int32_t *solved_at, int count, int tries);
/// Share of tasks that were solved within so many tries. @return [1] 0..1
double para_puzzle_solved(const int32_t *solved_at, int count, int tries);

typedef struct ParaPuzzleInterval {
    double low, high; ///< [1] 0..1
} ParaPuzzleInterval;

/// What a figure is worth: 95 of 100 draws lie within. Each draw takes as many kinds of task as there are,
/// with repetition, and all tasks of each, since tasks of a kind are alike (cluster bootstrap; Efron 1979).
/// @param kind [1] 0..kind_count - 1 of each task  [count]
/// @param auccess that figure; else the share solved within `tries`   @param seed of the draws
/// Cost: 1000 * count; no heap but the arena's
ParaPuzzleInterval para_puzzle_interval(const int32_t *solved_at, const int32_t *kind, int count,
                                        int kind_count, int tries, bool auccess, uint64_t seed,
                                        ParaArena *arena);
