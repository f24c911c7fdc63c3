// SPDX-License-Identifier: MIT
#pragma once
// An env: a level in play and the account of its episode: how many decisions, what each player earned, the
// record. Decisions themselves are made in decision.h.
#include "agents/env/fine.h"
#include "agents/env/replay.h"
#include "agents/env/report.h"
#include "agents/observe/observe.h"
#include "engine/base/rng.h"

#define PARA_ENV_BLOCK 32 ///< envs that decide together: what a batched solver steps in one call

/// Where a player was, and what it met.
typedef struct ParaTrail {
    uint64_t cells[4]; ///< [bits] of the 16 x 16 cells of the level's picture its main body was in
    uint64_t touched[PARA_REPORT_BODIES / 64]; ///< [bits] bodies that a part of it touched
    float closest;                             ///< [1] 0..1 most progress
    float impulse;                             ///< [N s] >= 0 biggest blow that a part of it took
    int32_t news;                              ///< [decision] >= 0 in which it last came to a new cell
} ParaTrail;

/// What an episode has brought one of its players so far. One that has ended takes part no more.
typedef struct ParaAccount {
    int32_t decisions;  ///< [1] >= 0 it took part in
    float total_reward; ///< [1] any finite; undiscounted
    float seconds;      ///< [s] >= 0 level time after the last of them
    ParaTrail trail;
} ParaAccount;

typedef struct ParaEnv ParaEnv;
/// Shown an env before a physics step: what acts on its world has been said, the world has not moved by it.
typedef void ParaSeen(void *context, const ParaEnv *env);

struct ParaEnv {
    ParaWorld world;
    ParaArena *arena;       ///< lifetime: one episode: the level, its players' states, its record
    const ParaLevel *level; ///< NULL: no episode yet
    ParaPlay play;
    bool recording; ///< keep the actions of each episode, for proofs
    bool fine;      ///< kept actions count parts of PARA_FINE; said before an episode begins
    uint32_t parts; ///< [bits] ParaObsPart that are kept up for who looks; said before an episode begins
    ParaObsHearing hearing; ///< what its players hear of each other; at first all
    bool blank;             ///< what is remembered is not shown: for measuring what it is worth
    bool chained;           ///< keep the chain of each episode; recording does too
    ParaRecorder *recorder; ///< in arena; NULL where not recording
    uint64_t chain;         ///< [hash] chained over this episode's decisions so far; see para_replay_chain
    ParaOutline outline;    ///< points that were given for what is drawn before the next decision
    int8_t
        *actions; ///< [1] -127..127 as kept, of the last decision, in arena; NULL where not chained  [A, 8]
    ParaAccount *accounts;           ///< [A] in arena
    ParaMap *maps[PARA_PLAYERS_MAX]; ///< what each player remembers, in arena; NULL without PARA_OBS_MAP  [A]
    uint32_t acting;   ///< [bits] players that take part in the decision under way, or took part in the last
    int32_t step;      ///< [1] >= 0 physics steps taken of the decision under way; 0: none is
    int32_t decisions; ///< [1] >= 0 of this episode
    int64_t world_steps; ///< [1] >= 0 since the env was made
    ParaSeen *seen;      ///< shown each physics step of each decision; NULL: nobody is
    void *seen_context;
};

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
/// Writes what a player of the env sees, in any layout whose parts the env keeps up.
/// @param picture of para_obs_picture   @param out out, [spec->size]   Threads, cost: as para_observe_through
void para_env_observe(const ParaEnv *env, struct ParaPicture *picture, const ParaObsSpec *spec, int player,
                      float *out);
/// Makes the maps of an episode anew, where the env keeps them, and lets its players look around: for whoever
/// brings an env to a moment by another way than para_env_begin.
void para_env_begin_maps(ParaEnv *env);
/// A player begins the episode with what it remembers from before, and looks around.
/// @param map of the same level; it stays the caller's
void para_env_remember(ParaEnv *env, int player, const ParaMap *map);
/// Empties the env's arena for the next level and returns it.
ParaArena *para_env_level_arena(ParaEnv *env);
/// Makes an env's episode an exact copy of another's of the same level, which goes on as that one does: its
/// world, rules and account, not its record. Neither keeps the chain.
/// @param to has begun the level that `from` plays, and is of a group of the same solver
/// @return false if there is no memory
/// Threads: several may copy one env at once.  Cost: that of para_world_clone and some hundred bytes; no heap
bool para_env_clone(ParaEnv *to, const ParaEnv *from);
/// What the players of an env remember becomes what those of another of the same level do, where it keeps
/// maps; then that one must, too.
void para_env_copy_maps(ParaEnv *to, const ParaEnv *from);
/// What the episode that has just ended tells of all its players together: the gravest end, the sum of
/// rewards, the least progress. One that is still on is cut. Lesson and env are the caller's to fill.
/// @param family index in the caller's list
ParaReport para_env_report(const ParaEnv *env, int family);
/// What it tells of one player.
ParaReport para_env_player_report(const ParaEnv *env, int family, int player);
/// Meddles with an episode between two decisions: does it, takes it into the chain and the record.
/// One that changes what the level is made of puts another level into `level`: it lives in the arena, too.
/// @param meddle its decision is not looked at: it is the next one   @param why out, [why_size] why not, else
/// empty; NULL with 0 if nobody asks
/// @return false if it makes no sense here, or there is nothing to do: then nothing has changed
bool para_env_meddle(ParaEnv *env, const ParaMeddle *meddle, char *why, size_t why_size);
/// Does all that a replay has been meddled with before its next decision, for whoever plays it again: call it
/// before each decision. @return false with the first that cannot be done; the env is no longer as recorded
bool para_env_meddle_again(ParaEnv *env, const ParaReplay *replay, char *why, size_t why_size);
/// The finished record of an env that records; valid until its next episode. Writes the level as text: call
/// it for episodes worth keeping.
const ParaReplay *para_env_replay(const ParaEnv *env);
/// [bits] Players that see the env as it is now: those who took part in the last decision; before the first,
/// all.
static inline uint32_t para_env_watching(const ParaEnv *env)
{
    return env->decisions > 0 ? env->acting : (1u << env->level->player_count) - 1;
}
/// Whether solving a level is a time limit by another name: its goal is to last, and nothing is paid for
/// that. What a player would have earned after it counts as after any time limit, or the last seconds of a
/// task without end would seem worthless. <Pardo et al. 2018, "Time Limits in Reinforcement Learning">
static inline bool para_env_lasts(const ParaLevel *level, int player)
{
    const ParaPlayer *who = &level->players[player];
    return level->goals[who->goal_root].kind == PARA_GOAL_TIME && who->reward_solved == 0.0f &&
           !who->reward_replaces;
}
/// True once an episode is over for a player by the rules (terminated) or by time or divergence (truncated).
static inline bool para_env_terminated(const ParaEnv *env, int player)
{
    ParaPlayStatus status = env->play.players[player].status;
    return status == PARA_PLAY_FAILED || (status == PARA_PLAY_SOLVED && !para_env_lasts(env->level, player));
}
static inline bool para_env_truncated(const ParaEnv *env, int player)
{
    ParaPlayStatus status = env->play.players[player].status;
    return status == PARA_PLAY_TIMEOUT || status == PARA_PLAY_DIVERGED ||
           (status == PARA_PLAY_SOLVED && para_env_lasts(env->level, player));
}
