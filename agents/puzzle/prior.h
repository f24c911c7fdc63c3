// SPDX-License-Identifier: MIT
#pragma once
// A first guess: how likely an action solves a puzzle, by looking at it alone. A network reads every shape
// beside the action, pools what it read, and tells one number. <Zaheer 2017, arXiv 1703.06114>
#include "agents/puzzle/scene.h"
#include "engine/base/rng.h"

#include <stdbool.h>

/// An action at a puzzle, and what came of it.
typedef struct ParaPractice {
    const ParaPuzzleScene *scene;
    double action[3]; ///< [1] 0..1 x, y, r
    bool solved;
} ParaPractice;

typedef struct ParaPrior ParaPrior;

ParaPrior *para_prior_create(uint64_t seed, ParaArena *arena);
/// All weights in one block. @param out_count [1] > 0 of them
float *para_prior_weights(ParaPrior *prior, int *out_count);
/// How likely each action solves a puzzle. @param out out, [count] [1] log-odds, up to a number that is the
/// same for all   Threads: one per prior.  Cost: about 20 us per action; no heap
void para_prior_scores(ParaPrior *prior, const ParaPuzzleScene *scene, const double (*actions)[3], int count,
                       float *out);
/// Mean cross entropy of what came of some actions. @param count [1] 1..PARA_PRIOR_BATCH
/// @param gradient out, [weights]; NULL: nobody asks
double para_prior_loss(ParaPrior *prior, const ParaPractice *const *rows, int count, float *gradient);

#define PARA_PRIOR_BATCH 128

/// Whether to go on, told now and then.
typedef bool ParaPriorTold(void *context, int step, int steps);
/// Learns from practice by Adam; half of each batch are actions that solved, where there are any.
/// @param steps [1] >= 0 of PARA_PRIOR_BATCH actions each   @param told NULL: nobody asks
/// @return [1] mean loss of the last tenth of the steps
/// Cost: about 8 ms a step of puzzles of ten shapes. BLAS decides the last bits.
double para_prior_learn(ParaPrior *prior, const ParaPractice *practice, int count, int steps, uint64_t seed,
                        ParaPriorTold *told, void *context, ParaArena *arena);
