// SPDX-License-Identifier: MIT
#pragma once
// One decision: an action is taken, physics steps run, the rules judge, the episode's account is kept. The
// only place where this happens. The trainer's and Python's envs make theirs in blocks, the verifier of
// replays one by one; a person's game and the picture of a replay see every physics step of it.
#include "agents/env/env.h"

/// Told that env i of a block has made its decision.
typedef void ParaDecided(void *context, int i);

/// One decision of up to PARA_ENV_BLOCK envs, each the same as alone; a batched solver steps their worlds
/// together. Each player's reward and status are in env->play.players, env->acting says who took part, and
/// env->play.status whether the episode ended for all.
/// @param envs in-out, [count] NULL: left out; the others' episodes are on. The world of envs[i] is at index
/// i of a range of one group.
/// @param players A: players that each env has room for in `actions`; its level has no more
/// @param actions in, [count, A, 8] each -1..1; whole where the env keeps the chain. What a player that has
/// ended does, moves nothing.
/// @param decided called for each env as soon as its decision is made, while its world is still in the cache;
/// it may begin the env's next episode; NULL: nobody asks
/// Threads: different envs at once.  Cost: frame_skip world steps each; no heap.
void para_decision_make(ParaEnv *const *envs, const float *actions, int count, int players,
                        ParaDecided *decided, void *context);
/// The same for a single env. @param actions in, [A of its level, 8] int8 as the env keeps them: in -1..1, or
/// -127..127 where it is fine
/// @return reward of player 0 [1]
float para_decision_make_one(ParaEnv *env, const int8_t *actions);

/// The same with what a replay has at a decision of it, coarse or fine.
float para_decision_make_recorded(ParaEnv *env, const ParaReplay *replay, int at);

/// The same, one physics step at a time, for whoever shows what happens between: the action is taken, none of
/// its steps has run.
/// @param actions in, [A of its level, 8] int8 as the env keeps them
void para_decision_begin(ParaEnv *env, const int8_t *actions);
/// The same with what a replay has at a decision of it.
void para_decision_begin_recorded(ParaEnv *env, const ParaReplay *replay, int at);
/// The same with actions between. @param actions in, [A of its level, 8] each -1..1; of those that the env
/// keeps, where it keeps the chain
void para_decision_begin_partly(ParaEnv *env, const float *actions);
/// One physics step of the decision under way. @return true once the decision is made: then another may begin
/// where the episode is still on
bool para_decision_step(ParaEnv *env);
/// The same, and shows the env between (a ParaSeen), beside whom the env itself tells.
bool para_decision_step_seen(ParaEnv *env, ParaSeen *seen, void *context);
/// The same, and once more when its world has moved and the rules have not judged yet. @param seen, moved
/// NULL: nobody asks
bool para_decision_step_watched(ParaEnv *env, ParaSeen *seen, ParaSeen *moved, void *context);
