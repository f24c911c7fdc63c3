// SPDX-License-Identifier: MIT
#pragma once
// An env: a level in play and the account of its episode: how many decisions, what they earned, their record.
// Decisions themselves are made in decision.h.
#include "agents/env/observe.h"
#include "agents/env/replay.h"
#include "agents/env/report.h"
#include "engine/base/rng.h"

#define PARA_ENV_BLOCK 32 ///< envs that decide together: what a batched solver steps in one call

typedef struct ParaEnv {
    ParaWorld world;
    ParaArena *arena;       ///< lifetime: one episode: the level, its players' states, its record
    const ParaLevel *level; ///< NULL: no episode yet
    ParaPlay play;
    bool recording;         ///< keep the actions of each episode, for proofs
    bool chained;           ///< keep the chain of each episode; recording does too
    ParaRecorder *recorder; ///< in arena; NULL where not recording
    uint64_t chain;         ///< [hash] chained over this episode's decisions so far; see para_replay_chain
    int8_t action[PARA_CHANNELS]; ///< [1] -1..1 of the last decision, where chained
    int32_t step;                 ///< [1] >= 0 physics steps taken of the decision under way; 0: none is
    int32_t decisions;            ///< [1] >= 0 of this episode
    int64_t world_steps;          ///< [1] >= 0 since the env was made
    float total_reward;           ///< [1] any finite; of this episode
} ParaEnv;

/// Makes an env with an arena of its own; NULL there if it cannot be had. An env that plays in somebody
/// else's arena is just `(ParaEnv){.world = world, .arena = arena}` and is not destroyed.
/// @param recording keep the actions of each episode, for proofs
void para_env_init(ParaEnv *env, ParaWorld world, bool recording);
void para_env_destroy(ParaEnv *env);
/// Starts an episode on a level that outlives it, in env->arena (para_env_level_arena) or elsewhere.
/// Observation may be read at once.
/// @param player who plays, for the record: must stay   @return false if the world cannot be built; then the
/// env has no episode
bool para_env_begin(ParaEnv *env, const ParaLevel *level, const char *player);
/// Empties the env's arena for the next level and returns it.
ParaArena *para_env_level_arena(ParaEnv *env);
/// What the episode that has just ended tells; one that is still on is cut. `family` is the index in the
/// caller's list. Lesson and env are the caller's to fill.
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
