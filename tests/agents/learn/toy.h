// SPDX-License-Identifier: MIT
#pragma once
// Small known tasks for the learner's tests, and the loop that plays them into rollout buffers.
#include "agents/learn/ppo.h"

#define TOY_ENVS_MAX 64

typedef struct ToyEnv {
    float state[4];
    int steps;
    double context; ///< what the right answer depends on
} ToyEnv;

typedef struct ToyTask ToyTask;
struct ToyTask {
    ParaObsSpec obs;
    uint32_t channel_bits, negative_bits;
    void (*reset)(ToyEnv *env, ParaRng *rng);
    void (*observe)(const ToyEnv *env, const ParaObsSpec *spec, ParaRng *rng, float *out);
    /// @return reward
    float (*step)(ToyEnv *env, const int8_t *action, bool *terminated, bool *truncated);
    ParaCore core; ///< of the player that it is played with
    ParaHead head;
    bool bins;
};

/// One step: channel 0 must have the sign of the context, channel 1 (no negative level) must be 1 iff context
/// > 0.
ToyTask toy_bandit(void);
/// One step: channel 0 must have the sign of feature 1 of the only row whose feature 0 is set.
ToyTask toy_rows(void);
/// Six steps: the context is seen in the first alone, and channel 0 must have its sign in the last. A player
/// that remembers nothing gets a half.
ToyTask toy_recall(ParaCore core);
/// One step: channel 0 must be a seen number between -1 and 1; a third off costs all.
ToyTask toy_aim(ParaHead head);
/// Pole on a cart, 0.02 s steps, force on channel 0; ends when it falls, is cut after 200 steps.
ToyTask toy_cartpole(void);

typedef struct ToyRun {
    ToyTask task;
    int envs, horizon;
    ToyEnv env[TOY_ENVS_MAX];
    ParaRng rng;
    ParaPolicy *policy;
    ParaForward *forward;
    ParaPpo *ppo;
    float *obs, *logits, *value; ///< of all envs now; `final` of one
    float *final_obs;
    float *memory, *spare; ///< of all envs; for values alone
    double reward_sum;     ///< over the last rollout
    int ends;              ///< episodes that ended in it
} ToyRun;

ToyRun *toy_run_create(ToyTask task, ParaPpoDef def, int width, uint64_t seed, ParaWorkers *workers,
                       ParaArena *arena);
/// Fills the rollout buffers by the policy's own draws.
void toy_run_rollout(ToyRun *run);
