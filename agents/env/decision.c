// SPDX-License-Identifier: MIT
// The one decision, for a block of envs in lock-step and for one env step by step.
#include "agents/env/decision.h"

#include "agents/env/trail.h"
#include "engine/base/assert.h"

// ---------------------------------------------------------------------------------------------
// Its parts.

// @param actions [A, 8]
static void begin(ParaEnv *env, const float *actions)
{
    PARA_ASSERT(env->step == 0 && env->play.status == PARA_PLAY_ON);
    int players = env->level->player_count;
    para_play_act(&env->play, env->level, actions);
    env->acting = 0;
    env->outline.count = 0; // points count for what is drawn before the same decision
    for (int p = 0; p < players; p++) {
        env->play.players[p].reward = 0;
        if (env->play.players[p].status == PARA_PLAY_ON)
            env->acting |= 1u << p;
    }
    for (int i = 0; env->chained && i < players * PARA_CHANNELS; i++)
        env->actions[i] = para_action_kept(env->fine, actions[i]);
}

// Whether steps of the decision are left; the end of the episode ends it early.
static bool goes_on(const ParaEnv *env)
{
    return env->step < env->level->frame_skip && env->play.status == PARA_PLAY_ON;
}

/// Says what acts on the world in the next step, and shows it to whoever looks on.
static void prepare(ParaEnv *env)
{
    para_play_before_step(&env->play, env->level, env->world);
    if (env->seen)
        env->seen(env->seen_context, env);
}

// @param seen somebody may look at the env before its next step
static void judge(ParaEnv *env, bool seen)
{
    para_trail_step(env); // before the rules: what breaks is taken out of the world
    if (seen || env->step + 1 == env->level->frame_skip)
        para_play_after_step(&env->play, env->level, env->world);
    else
        para_play_after_step_on_the_way(&env->play, env->level, env->world);
    env->step++;
    env->world_steps++;
}

// The decision's steps have run: it goes into the accounts of those who took part.
static void book(ParaEnv *env)
{
    int players = env->level->player_count;
    env->step = 0;
    env->decisions++;
    for (int p = 0; p < players; p++) {
        if (!(env->acting >> p & 1))
            continue;
        env->accounts[p].decisions++;
        env->accounts[p].total_reward += env->play.players[p].reward;
        env->accounts[p].seconds = (float)para_world_view(env->world)->time;
        para_trail_decide(env, p);
        if (env->maps[p])
            para_obs_sense(env->level, p, env->world, env->maps[p]);
    }
    if (!env->chained)
        return;
    env->chain = para_replay_chain(env->chain, env->actions, players, para_world_hash(env->world));
    if (env->recorder)
        para_recorder_decision(env->recorder, env->actions, env->chain);
}

// ---------------------------------------------------------------------------------------------
// A block.

// Whether the env's world gains from being stepped with others. One of a pointer-based solver does not, and
// stays in the cache while it finishes its decision alone.
static bool gains_company(const ParaEnv *env) { return para_world_solver(env->world) == PARA_SOLVER_LANES; }

// All physics steps of one decision, in lock-step.
// @param envs [count] NULL: left out   @param first the world at the place of envs[0]
static void step_worlds(ParaEnv *const *envs, int count, ParaWorld first)
{
    uint8_t active[PARA_ENV_BLOCK];
    for (;;) {
        bool any = false;
        for (int i = 0; i < count; i++) {
            ParaEnv *env = envs[i];
            active[i] = env && goes_on(env);
            if (!active[i])
                continue;
            any = true;
            prepare(env);
        }
        if (!any)
            return;
        para_world_group_step(first.group, first.index, count, active);
        for (int i = 0; i < count; i++)
            if (active[i])
                judge(envs[i], envs[i]->seen != NULL);
    }
}

void para_decision_make(ParaEnv *const *envs, const float *actions, int count, int players,
                        ParaDecided *decided, void *context)
{
    PARA_ASSERT(count >= 0 && count <= PARA_ENV_BLOCK);
    ParaEnv *together[PARA_ENV_BLOCK] = {NULL};
    ParaWorld first = {NULL, 0}; // of the envs that go together
    for (int i = 0; i < count; i++) {
        ParaEnv *env = envs[i];
        if (!env)
            continue;
        PARA_ASSERT(env->level->player_count <= players);
        begin(env, actions + (size_t)i * (size_t)players * PARA_CHANNELS);
        if (gains_company(env)) {
            ParaWorld origin = {env->world.group, env->world.index - i};
            PARA_ASSERT(!first.group || (first.group == origin.group && first.index == origin.index));
            first = origin;
            together[i] = env;
            continue;
        }
        step_worlds(&env, 1, env->world);
        book(env);
        if (decided)
            decided(context, i);
    }
    if (first.group)
        step_worlds(together, count, first);
    for (int i = 0; i < count; i++) {
        if (!together[i])
            continue;
        book(together[i]);
        if (decided)
            decided(context, i);
    }
}

// ---------------------------------------------------------------------------------------------
// A single env.

// @param out [A, 8]
static void widen(const ParaEnv *env, const int8_t *actions, float *out)
{
    for (int i = 0; i < env->level->player_count * PARA_CHANNELS; i++)
        out[i] = para_action_value(env->fine, actions[i]);
}

float para_decision_make_one(ParaEnv *env, const int8_t *actions)
{
    float wish[PARA_PLAYERS_MAX * PARA_CHANNELS];
    widen(env, actions, wish);
    para_decision_make(&env, wish, 1, env->level->player_count, NULL, NULL);
    return env->play.players[0].reward;
}

void para_decision_begin(ParaEnv *env, const int8_t *actions)
{
    float wish[PARA_PLAYERS_MAX * PARA_CHANNELS];
    widen(env, actions, wish);
    begin(env, wish);
}

void para_decision_begin_recorded(ParaEnv *env, const ParaReplay *replay, int at)
{
    env->fine = replay->fine;
    para_decision_begin(env, para_replay_actions(replay, at));
}

float para_decision_make_recorded(ParaEnv *env, const ParaReplay *replay, int at)
{
    env->fine = replay->fine;
    return para_decision_make_one(env, para_replay_actions(replay, at));
}

void para_decision_begin_partly(ParaEnv *env, const float *actions) { begin(env, actions); }

bool para_decision_step(ParaEnv *env) { return para_decision_step_seen(env, NULL, NULL); }

bool para_decision_step_seen(ParaEnv *env, ParaSeen *seen, void *context)
{
    return para_decision_step_watched(env, seen, NULL, context);
}

bool para_decision_step_watched(ParaEnv *env, ParaSeen *seen, ParaSeen *moved, void *context)
{
    PARA_ASSERT(goes_on(env));
    prepare(env);
    if (seen)
        seen(context, env);
    para_world_step(env->world);
    if (moved)
        moved(context, env);
    judge(env, true);
    if (goes_on(env))
        return false;
    book(env);
    return true;
}
