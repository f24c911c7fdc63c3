// SPDX-License-Identifier: MIT
#pragma once
// The inside of the learner, shared by its files and tests: state, advantages, loss of one block, Adam.
// Private to agents/learn.
#include "agents/learn/examples.h"
#include "agents/learn/ppo.h"
#include "agents/policy/inside.h"

#define PARA_RETURN_FLOOR 1e-4f ///< added to the variance of returns
#define PARA_RETURN_CAP   5e5f  ///< count at which old returns begin to fade
#define PARA_REWARD_CLIP  10.0f ///< normalised rewards stay in [-10, 10]

/// What is kept in the tensor "ppo.state", [1, PARA_S_COUNT].
typedef enum {
    PARA_S_UPDATES, ///< learning phases so far, the measuring one included; exact to 2^24
    PARA_S_POWER1,  ///< beta1^t of Adam
    PARA_S_POWER2,  ///< beta2^t of Adam
    PARA_S_RETURN_MEAN,
    PARA_S_RETURN_VARIANCE,
    PARA_S_RETURN_COUNT,
    PARA_S_COUNT
} ParaStateId;

/// Sums over the samples of one block, in double, added in block order.
typedef struct ParaLossSums {
    double policy, value, entropy, kl, clipped;
} ParaLossSums;

/// The rows of a rollout in stretches, shuffled; of a player that remembers. Stretch i has rows
/// order[first[i]..first[i + 1]).
typedef struct ParaStretchOrder {
    int count;            ///< [1] >= 1
    int *unit;            ///< [count] which stretch of the rollout
    int *first;           ///< [count + 1]
    const float **memory; ///< [count] what is remembered where it begins
    uint8_t *begins;      ///< [rows] by place in the order: 1: nothing is remembered there
} ParaStretchOrder;

/// A matrix that Muon steps, at `first` in the policy's block, rows `stride` apart.
typedef struct ParaMuon {
    size_t first;
    int rows, columns, stride; ///< [1] >= 2
} ParaMuon;
#define PARA_MUON_MAX 12

/// Floats that Adam steps in one task.
typedef struct ParaAdamSpan {
    size_t first, count;
} ParaAdamSpan;

struct ParaPpo {
    ParaPpoDef def;
    ParaPolicy *policy;
    ParaWorkers *workers; ///< may be NULL: one thread
    uint64_t seed;
    ParaRollout rollout;
    int rows_max;  ///< [row] >= 1 that the buffers hold
    int block_max; ///< [1] >= 1 of a minibatch
    // state, in the tensors
    float *moment1, *moment2; ///< [learned_floats]
    float *env_return;        ///< [B] discounted return so far in each env
    float *state;             ///< [PARA_S_COUNT]
    ParaTensor tensors[4];
    // scratch
    ParaForward **forward; ///< [workers]
    float *advantage;      ///< [T * B]
    float judged_scale;    ///< [1] > 0 of rewards in them; 0: there are none
    float *target;         ///< [T * B] value target, normalised
    int *order;            ///< [T * B] live rows, shuffled; all rows, in stretches, where it remembers
    ParaStretchOrder stretches;
    double *measures;   ///< [3, minibatches] sums, counts and squares of a pass; room for one of each row
    float *slots;       ///< [block_max, learned_floats] gradients
    ParaLossSums *sums; ///< [block_max]
    ParaMuon muon[PARA_MUON_MAX];
    int muon_count;       ///< [1] 0..PARA_MUON_MAX
    float **muon_scratch; ///< [workers]
    ParaAdamSpan *adam;   ///< [adam_count] what is not Muon's
    int adam_count;       ///< [1] >= 1
    double *square_parts; ///< [ranges] squared norms
    double *statistics;   ///< [statistic parts, 2 * (globals + row size) + 2]
    // what is imitated beside
    ParaCloneRows examples;                            ///< count 0: nothing
    float example_weight;                              ///< [1] >= 0
    int example_order[PARA_BLOCK];                     ///< rows of the step at hand
    ParaExample example_stretches[PARA_EXAMPLES_MOST]; ///< of a player that remembers
    ParaExampleBlock *example_block;                   ///< likewise; else NULL
    ParaPpoHold hold;                                  ///< all NULL: it is held to nothing
};

/// Whether a row of the rollout takes part.
static inline bool para_ppo_is_live(const ParaRollout *rollout, size_t row)
{
    return rollout->live == NULL || rollout->live[row];
}
/// Live rows among [first, last).
size_t para_ppo_live_count(const ParaPpo *ppo, size_t first, size_t last);

static inline size_t para_ppo_row_count(const ParaPpo *ppo)
{
    return (size_t)ppo->def.envs * (size_t)ppo->def.horizon;
}

#define PARA_SHARED_BLOCKS 4 ///< a minibatch is cut into so many blocks at least, for threads to share
/// Rows of a block, and blocks, of a minibatch of `count` rows. They hang on nothing else: the same sums for
/// any threads.
int para_ppo_block_rows(int count);
int para_ppo_block_count(int count);

/// Work through the workers, or here if there are none.
void para_ppo_run(ParaPpo *ppo, ParaTask *task, void *context, int task_count);

/// GAE and value targets in normalised units; `scale` turns raw rewards into them. <Schulman 2016>
/// With ratios an action's own stays out of its advantage, which the loss multiplies by it; those of the
/// decisions after it, cut at 1, shorten what flows back, and its own cuts how far the value moves: V-trace
/// with both bounds 1. <Espeholt 2018, arXiv 1802.01561, equation 1 and remark 2> A terminated episode ends
/// with value 0, a truncated one with final_value; the last row with next_value.
/// @param advantage, target out, [T, B]
void para_ppo_advantages(const ParaPpoDef *def, const ParaRollout *rollout, float scale, float *advantage,
                         float *target);
/// Counts this rollout's rewards into the return statistics.
void para_ppo_count_returns(ParaPpo *ppo);
/// Counts this rollout's observations into the policy's normaliser.
void para_ppo_count_observations(ParaPpo *ppo);

/// Where a minibatch stands and how its advantages are normalised.
typedef struct ParaMinibatch {
    const int *order;           ///< [rows] of the rollout
    int rows;                   ///< [1] >= 0
    int count;                  ///< [1] >= 0 of them that are live
    int stretch, stretch_count; ///< of the stretch order; 0 where rows stand by themselves
    float advantage_mean, advantage_scale;
    int others; ///< [1] >= 0 rows that peers have of it
} ParaMinibatch;

/// Forward, loss and backward of rows order[0..n) of the rollout.
/// @param stretches of a player that remembers, else NULL
/// @param gradient out, [learned_floats], of their part of the mean loss over the minibatch, peers' rows too
void para_ppo_block(const ParaPpo *ppo, const ParaMinibatch *minibatch, const int *order, int n,
                    const ParaStretches *stretches, ParaForward *scratch, float *gradient,
                    ParaLossSums *out_sums);

/// Stretches that each env's rollout is cut into.
int para_ppo_stretch_count(const ParaPpoDef *def);
void para_ppo_create_stretches(ParaPpo *ppo, ParaArena *arena);
/// A new order of the rollout's stretches, and of rows by it.
void para_ppo_shuffle_stretches(ParaPpo *ppo, ParaRng *rng);

/// The gradient of `n` examples of the step at hand, rows or stretches, times their weight.
/// @param gradient out, [learned_floats]
void para_ppo_example_block(const ParaPpo *ppo, int n, ParaForward *scratch, float *gradient);

/// Sums `slots` gradients in order into the first, and those of all peers, clips its norm and makes one Adam
/// step.
/// @return the norm before clipping; where it is not finite, nothing is changed
float para_ppo_step(ParaPpo *ppo, int slots);
/// What Muon needs for a step, and the step of one of its matrices.
typedef struct ParaMuonStep {
    ParaPpo *ppo;
    float clip, rate;
} ParaMuonStep;
void para_ppo_create_muon(ParaPpo *ppo, ParaArena *arena);
void para_ppo_muon_task(void *context, int task, int worker);
/// Whether a tensor is Muon's.
bool para_ppo_muon_has(const ParaPpo *ppo, ParaTensorId id);
/// Cuts what is not Muon's into tasks.
void para_ppo_create_adam(ParaPpo *ppo, ParaArena *arena);
/// Ranges that para_ppo_step cuts the parameters into.
int para_ppo_range_count(const ParaPolicy *policy);
/// Doubles that para_ppo_count_observations needs.
size_t para_ppo_statistic_count(const ParaPpo *ppo);
