// SPDX-License-Identifier: MIT
#pragma once
// Past selves of a player, to play against: policies as they were at some lessons, who of them plays in which
// env, and how the player does against each. What is drawn hangs on (seed, env, episode) and on what was
// known when the rollout began, so it is the same for any number of threads. Source: Bansal et al. 2018,
// "Emergent Complexity via Multi-Agent Competition" (past selves at random); Vinyals et al. 2019,
// "Grandmaster level in StarCraft II using multi-agent reinforcement learning" (by how hard they are).
#include "agents/policy/policy.h"
#include "engine/base/bytes.h"
#include "worlds/level/level.h"

#define PARA_POOL_MAX 64 ///< past selves

typedef struct ParaPoolDef {
    int max;       ///< [1] 1..PARA_POOL_MAX past selves that are kept at once
    int envs;      ///< [1] >= 1
    float share;   ///< [1] 0..1 of the episodes of opposed players that are played against one
    float hard;    ///< [1] 0..10 a past self is drawn by (1 - how often it is beaten) to this; 0: all alike
    uint64_t seed; ///< [seed]
} ParaPoolDef;

/// A past self.
typedef struct ParaPastSelf {
    int32_t lesson;     ///< [1] >= 0 after which the player was so
    float games, score; ///< [1] >= 0 episodes against it and what the player won of them, old ones fading
    ParaPolicy *policy;
} ParaPastSelf;

typedef struct ParaPool ParaPool;
/// @param policy of the player: all past selves are of its shape   Memory: max times that of the policy
ParaPool *para_pool_create(const ParaPoolDef *def, const ParaPolicyDef *policy, ParaArena *arena);
const ParaPastSelf *para_pool_selves(const ParaPool *pool, int *out_count); ///< in the order of lessons
/// Keeps the player as it is now. Where the pool is full, the one between whose neighbours there are fewest
/// lessons gives way, never the first: what stays is spread over the whole training.
/// @param lesson more than those that are there
void para_pool_add(ParaPool *pool, const ParaPolicy *now, int lesson);

/// Can its players be set against each other: are there two teams?
bool para_pool_opposes(const ParaLevel *level);
/// An episode begins in an env: draws whether a past self plays in it, which, and the team the player has.
void para_pool_draw(ParaPool *pool, int env, const ParaLevel *level);
/// Who plays the others' rows in an env. @return NULL: nobody but the player
const ParaPolicy *para_pool_rival(const ParaPool *pool, int env);
/// [bits] Players of its level that a past self plays; 0: none.
uint32_t para_pool_rows(const ParaPool *pool, int env);
/// The episode is over. @param score [1] 0..1 what the player won of it, halves for neither
void para_pool_ended(ParaPool *pool, int env, float score);
/// Once a rollout is over: what was won becomes known to the draws of the next. @return [1] >= 0 episodes
/// that were won, in halves, of `*out_games`
float para_pool_settle(ParaPool *pool, int *out_games);

/// All but the policies, for a checkpoint.
void para_pool_save(const ParaPool *pool, ParaBytes *out);
/// Reads it back; the policies of its selves are the caller's to bring (para_pool_selves), each into its
/// tensors.
/// @return false if the bytes make no sense: the pool is then empty
bool para_pool_load(ParaPool *pool, ParaBytesReader *in);
/// Forgets one whose policy cannot be had. @param index [1] 0..count - 1
void para_pool_drop(ParaPool *pool, int index);
/// All episodes begin anew: nobody plays against past selves until they are drawn.
void para_pool_forget(ParaPool *pool);
