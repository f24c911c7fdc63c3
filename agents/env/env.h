// SPDX-License-Identifier: MIT
#pragma once
// An env: a level in play plus what the player sees, does and earns. One decision is frame_skip physics
// steps.
#include "agents/env/observe.h"
#include "agents/env/replay.h"
#include "agents/env/report.h"
#include "engine/base/rng.h"

#define PARA_ENV_BLOCK 32 ///< envs that decide together: what a batched solver steps in one call

typedef struct ParaEnv {
    ParaWorld world;
    ParaArena *arena;       ///< lifetime: one episode (the level and its proof)
    const ParaLevel *level; ///< in arena
    ParaPlay play;
    bool recording;         ///< keep the actions of each episode, for proofs
    ParaRecorder *recorder; ///< in arena; NULL where not recording
    int32_t decisions;      ///< of this episode
    int64_t world_steps;    ///< since the env was made
    float total_reward;     ///< [1] of this episode
} ParaEnv;

/// @param recording keep the actions of each episode, for proofs
void para_env_init(ParaEnv *env, ParaWorld world, bool recording);
void para_env_destroy(ParaEnv *env);
/// Starts an episode on a level that lives in env->arena (para_env_level_arena). Observation may be read at
/// once.
bool para_env_begin(ParaEnv *env, const ParaLevel *level, const char *player);
/// Empties the env's arena for the next level and returns it.
ParaArena *para_env_level_arena(ParaEnv *env);
/// One decision. @param action [8] int8 in -1..1   @return reward of the decision; env->play.status tells
/// whether it ended Cost: frame_skip world steps.  Threads: one env belongs to one thread at a time.
float para_env_step(ParaEnv *env, const int8_t *action);
/// Told that env i of a block has made its decision.
typedef void ParaEnvDecided(void *context, int i);
/// One decision of up to PARA_ENV_BLOCK envs, the same as para_env_step on each; a batched solver steps their
/// worlds together. Rewards are in env->play.reward.
/// @param envs in-out, [count] NULL: left out. The world of envs[i] is at index i of a range of one group.
/// @param actions in, [count, 8] each -1..1; those of envs that record are whole
/// @param decided called for each env as soon as its decision is made, while its world is still in the cache;
/// it may begin the env's next episode; NULL: nobody asks
void para_envs_step(ParaEnv *const *envs, const float *actions, int count, ParaEnvDecided *decided,
                    void *context);
/// What the episode that has just ended tells; `family` is the index in the caller's list. Lesson and env are
/// the caller's to fill.
ParaReport para_env_report(const ParaEnv *env, int family);
/// True once the episode is over by the rules (terminated) or by time or divergence (truncated).
static inline bool para_env_terminated(const ParaEnv *env)
{
    return env->play.status == PARA_PLAY_SOLVED || env->play.status == PARA_PLAY_FAILED;
}
static inline bool para_env_truncated(const ParaEnv *env)
{
    return env->play.status == PARA_PLAY_TIMEOUT || env->play.status == PARA_PLAY_DIVERGED;
}
