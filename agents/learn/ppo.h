// SPDX-License-Identifier: MIT
#pragma once
// Proximal policy optimisation (Schulman 2017) with GAE, observation and return normalisation, over
// rollouts that the caller fills in place. The same result for any number of threads: work is cut into
// fixed blocks of rows whose gradients are added in a fixed order.
//
// Several processes may learn one policy (engine/base/peers.h): each from the rollouts of its own envs, in as
// many gradient steps of the same horizon. A step's minibatch is what all of them draw from their rows; its
// advantages are normalised by its own mean, its gradient is the sum over all, and so are the statistics of
// observations and returns. All of them keep the same policy, bit for bit.
#include "agents/learn/clone.h"
#include "agents/policy/policy.h"
#include "engine/base/peers.h"
#include "engine/base/threads.h"

typedef struct ParaPpoDef {
    int envs, horizon;    ///< [1] >= 1, B and T: rows of a rollout are [T, B]; B T <= INT_MAX / 2
    int epochs;           ///< [1] >= 1; default 2
    int minibatches;      ///< [1] 1..B T per epoch; default 16
    float learning_rate;  ///< [1] 0..1; default 2e-3 (Adam, eps 1e-5)
    float discount;       ///< [1] 0..1 per decision; default 0.99
    float lambda;         ///< [1] 0..1 of GAE; default 0.95
    float clip;           ///< [1] > 0, < 1; default 0.2
    float value_clip;     ///< [1] any finite; in normalised returns; <= 0: none; default 0.2
    float entropy;        ///< [1] any finite; weight, default 0.01
    float entropy_enough; ///< [1] 0..1 share of a channel's most above which its entropy earns nothing; of a
                          ///< head of levels; 0: all of it earns; default 0
    float value_weight;   ///< [1] any finite; default 0.5
    float gradient_max;   ///< [1] > 0 most of the global norm; default 0.5
    float kl_stop;        ///< [nat] >= 0; an epoch whose mean KL is above it is the last; 0: none; default 0
    int stretch;          ///< [decision] 1..256 that gradients go back through in a player that remembers;
                          ///< default 64
    bool muon;            ///< matrices between layers are stepped by Muon, not Adam; default false
    bool vtrace;          ///< passes after the first judge by how probable decisions still are; default false
    bool masked;          ///< rows may be dead: the rollout has `live`; default false
    ParaPeers *peers;     ///< who learn the same policy; def and seed are theirs but for envs; default NULL
} ParaPpoDef;

ParaPpoDef para_ppo_def_default(int envs, int horizon);

/// Rollout buffers, owned by the learner, written by the rollout. Row of env b at step t: t * B + b; where
/// envs have A players, B counts the players of all envs. A dead row is of a player that had ended while
/// others of its env went on: it has no part in losses, advantages or any statistic.
typedef struct ParaRollout {
    float *obs;              ///< [1] -10..10 raw observation the action was drawn on  [T, B, O]
    int8_t *action;          ///< [1] -127..127 as drawn by the policy's head  [T, B, 8]
    uint32_t *channel_bits;  ///< [bits] bound channels  [T, B]
    uint32_t *negative_bits; ///< [bits] channels where an action below 0 differs from 0  [T, B]
    float *log_prob;         ///< [nat] over the bound channels, <= 0 of levels  [T, B]
    float *value;            ///< [1] any finite; normalised value  [T, B]
    float *reward;           ///< [1] any finite; raw  [T, B]
    uint8_t *terminated;     ///< [1] 0 or 1; 1: episode ended by the rules after this action  [T, B]
    uint8_t *truncated;      ///< [1] 0 or 1; 1: cut by time or divergence after this action  [T, B]
    float *final_value; ///< [1] any finite; normalised value of the last observation where truncated  [T, B]
    float *next_value;  ///< [1] any finite; normalised value of the observation after the last step  [B]
    float *memory; ///< [1] any finite; what was remembered where each stretch begins, the first at step 0;
                   ///< see para_ppo_stretch_at; NULL of a player without memory  [stretches, B, memory]
    float *ratio;  ///< [1] >= 0 how much more probable the policy has made the action since; 1 after a
                   ///< rollout; NULL where the def has no vtrace  [T, B]
    uint8_t *live; ///< [1] 0 or 1; 0: the row is dead; NULL where the def is not masked  [T, B]
} ParaRollout;

typedef struct ParaPpo ParaPpo;
typedef struct ParaPpoStats {
    float policy_loss;   ///< [1] any finite
    float value_loss;    ///< [1] >= 0
    float entropy;       ///< [nat] summed over the channels; 0..8.79 of levels, any finite of a fine head
    float kl;            ///< [nat] >= 0
    float clip_share;    ///< [1] 0..1 of the rows
    int epochs;          ///< [1] >= 1 that were run; 0: measured only
    float gradient_norm; ///< [1] >= 0 mean before it is clipped; not finite where a gradient was not
    float explained_variance; ///< [1] <= 1
} ParaPpoStats;

/// @param policy is trained in place   @param workers NULL: everything on the calling thread
/// @param seed of the shuffles; the same one again for a resume
ParaPpo *para_ppo_create(const ParaPpoDef *def, ParaPolicy *policy, uint64_t seed, ParaWorkers *workers,
                         ParaArena *arena);
ParaRollout *para_ppo_rollout(ParaPpo *ppo);
const ParaPpoDef *para_ppo_def(const ParaPpo *ppo);
/// Which stretch of the coming rollout begins at step t; -1: none does. Of a player that remembers.
int para_ppo_stretch_at(const ParaPpo *ppo, int t);
/// Where the rollout keeps what is remembered as stretch k begins. [B, memory]
float *para_ppo_stretch_memory(const ParaPpo *ppo, int k);
/// The coming rollouts have another length. Call it between a learning phase and a rollout.
/// @param horizon [decision] 1 to that of creation; rows of the rollout stay [T, B] with the new T
/// @param minibatches [1] 1..B T; of no more rows than at creation, or than 256
void para_ppo_set_shape(ParaPpo *ppo, int horizon, int minibatches);
void para_ppo_set_learning_rate(ParaPpo *ppo, float rate); ///< for schedules
void para_ppo_set_entropy(ParaPpo *ppo, float weight);
/// What others did, to be imitated beside the player's own play: each gradient step takes as many of these
/// rows as a minibatch has, 256 at most, drawn by chance, and adds their mean cross-entropy to the loss.
/// <Rajeswaran 2018, arXiv 1709.10087, equation 7>
/// @param rows stay as long as they are set; their values are not used; NULL or weight 0: nothing is imitated
/// @param weight [1] >= 0 of that term
void para_ppo_set_examples(ParaPpo *ppo, const ParaCloneRows *rows, float weight);
/// What a player is held to while it learns something else, where it should not forget what it could.
typedef struct ParaPpoHold {
    const float *anchor;     ///< [1] any finite; where its parameters stood; NULL: they are not pulled
                             ///< [learned floats]
    const float *importance; ///< [1] >= 0 how much each of them matters  [learned floats]
    float weight;            ///< [1] >= 0 of the pull, weight / 2 importance (w - anchor)^2 beside the loss
    const uint8_t *frozen;   ///< [1] 0 or 1; 1: this parameter stays as it is, bit for bit; NULL: none does
                             ///< [learned floats]
} ParaPpoHold;
/// Sets it for the coming learning phases. Elastic weights: <Kirkpatrick 2017, arXiv 1612.00796, equation 3>;
/// frozen ones: <Mallya and Lazebnik 2018, arXiv 1711.05769>. Muon's matrices cannot be frozen.
/// What is frozen loses what Adam remembers of it.
/// @param hold copied, its arrays stay the caller's as long as it is set; NULL: it is held to nothing
void para_ppo_set_hold(ParaPpo *ppo, const ParaPpoHold *hold);
/// The optimiser begins anew, as for another task: Adam's moments, and what is known of the scale of returns.
/// Counts of learning phases go on, so that no two shuffle alike.
void para_ppo_forget_task(ParaPpo *ppo);
/// In place of a learning phase: the rollout is counted into the statistics of observations and returns and
/// nothing is learned, as is done with the very first one. After para_ppo_forget_task, whose scale it sets.
void para_ppo_measure(ParaPpo *ppo);
/// Counts what others saw into the observation statistics. @param obs in, [rows, O]
void para_ppo_count_seen(ParaPpo *ppo, const float *obs, int rows);
/// One learning phase on the rollout buffers; then updates the observation and return statistics.
/// The very first rollout of a new policy is measured, not learned from (it was made on raw observations and
/// an unknown scale of returns): that call sets the statistics and returns zeros. Where a gradient is not
/// finite, its step is left out and gradient_norm is not finite either.
/// Threads: works through the workers given at creation; the same bits for any number of them.
/// Cost: about 6 * parameters * epochs flops per row; no heap.
ParaPpoStats para_ppo_update(ParaPpo *ppo);
/// What the last learning phase made of its rollout, in normalised returns.
typedef struct ParaJudged {
    const float
        *advantage; ///< [1] any finite; of GAE, 0 of a dead row; NULL: the phase only measured  [T, B]
    float scale;    ///< [1] > 0 turns raw rewards into normalised ones
} ParaJudged;
/// Valid until the next learning phase or change of shape.
ParaJudged para_ppo_judged(const ParaPpo *ppo);
/// 1 / standard deviation of the running discounted return [1] > 0: what the coming phase will judge in.
float para_ppo_reward_scale(const ParaPpo *ppo);
/// Whether that is known: not before the first rollout was measured.
bool para_ppo_has_scale(const ParaPpo *ppo);
#define PARA_PPO_STATE "ppo.state" ///< name of the tensor that the next one reads
/// The same scale out of the tensor of a checkpoint. @return [1] > 0; 0: it was not known yet, or the tensor
/// is another
float para_ppo_state_scale(const ParaTensor *state);
/// Every env starts a new episode: discounted returns so far are forgotten. For a continued run.
void para_ppo_forget_episodes(ParaPpo *ppo);
/// Optimiser state (Adam moments, step count, return statistics) as tensors, for checkpoints. [count]
/// With the policy's tensors and the seed they continue a run bit for bit; ppo.env_return fits the same envs
/// only.
const ParaTensor *para_ppo_tensors(const ParaPpo *ppo, int *out_count);
/// Whether policy and optimiser hold numbers that learning may have left there: finite, and no variance or
/// count below 0. For whoever read them from outside.  Cost: O(parameters).
bool para_ppo_is_sound(const ParaPpo *ppo);
