// SPDX-License-Identifier: MIT
#pragma once
// Proximal policy optimisation (Schulman 2017) with GAE, observation and return normalisation, over
// rollouts that the caller fills in place. The same result for any number of threads: work is cut into
// fixed blocks of rows whose gradients are added in a fixed order.
#include "agents/learn/policy.h"
#include "engine/base/threads.h"

typedef struct ParaPpoDef {
    int envs, horizon;   ///< B, T: rows of a rollout are [T, B]
    int epochs;          ///< default 2
    int minibatches;     ///< per epoch, default 16
    float learning_rate; ///< default 1e-3 (Adam, eps 1e-5)
    float discount;      ///< per decision, default 0.99
    float lambda;        ///< GAE, default 0.95
    float clip;          ///< default 0.2
    float value_clip;    ///< default 0.2 in normalised units; <= 0: none
    float entropy;       ///< default 0.01
    float value_weight;  ///< default 0.5
    float gradient_max;  ///< global norm clip, default 0.5
} ParaPpoDef;

ParaPpoDef para_ppo_def_default(int envs, int horizon);

/// Rollout buffers, owned by the learner, written by the rollout. Row of env b at step t: t * B + b.
typedef struct ParaRollout {
    float *obs;              ///< [T, B, O] raw observation the action was drawn on
    int8_t *action;          ///< [T, B, 8]
    uint32_t *channel_bits;  ///< [T, B]
    uint32_t *negative_bits; ///< [T, B]
    float *log_prob;         ///< [T, B]
    float *value;            ///< [T, B] normalised value
    float *reward;           ///< [T, B] raw
    uint8_t *terminated;     ///< [T, B] 1: episode ended by the rules after this action
    uint8_t *truncated;      ///< [T, B] 1: cut by time or divergence after this action
    float *final_value;      ///< [T, B] normalised value of the last observation where truncated
    float *next_value;       ///< [B] normalised value of the observation after the last step
} ParaRollout;

typedef struct ParaPpo ParaPpo;
typedef struct ParaPpoStats {
    float policy_loss, value_loss, entropy, kl, clip_share, gradient_norm, explained_variance;
} ParaPpoStats;

/// @param policy is trained in place   @param workers NULL: everything on the calling thread
/// @param seed of the shuffles; the same one again for a resume
ParaPpo *para_ppo_create(const ParaPpoDef *def, ParaPolicy *policy, uint64_t seed, ParaWorkers *workers,
                         ParaArena *arena);
ParaRollout *para_ppo_rollout(ParaPpo *ppo);
const ParaPpoDef *para_ppo_def(const ParaPpo *ppo);
void para_ppo_set_learning_rate(ParaPpo *ppo, float rate); ///< for schedules
void para_ppo_set_entropy(ParaPpo *ppo, float weight);
/// One learning phase on the rollout buffers; then updates the observation and return statistics.
/// The very first rollout of a new policy is measured, not learned from (it was made on raw observations and
/// an unknown scale of returns): that call sets the statistics and returns zeros. Where a gradient is not
/// finite, its step is left out and gradient_norm is not finite either.
/// Threads: works through the workers given at creation; the same bits for any number of them.
/// Cost: about 6 * parameters * epochs flops per row; no heap.
ParaPpoStats para_ppo_update(ParaPpo *ppo);
/// Every env starts a new episode: discounted returns so far are forgotten. For a continued run.
void para_ppo_forget_episodes(ParaPpo *ppo);
/// Optimiser state (Adam moments, step count, return statistics) as tensors, for checkpoints. [count]
/// With the policy's tensors and the seed they continue a run bit for bit; ppo.env_return fits the same envs
/// only.
const ParaTensor *para_ppo_tensors(const ParaPpo *ppo, int *out_count);
