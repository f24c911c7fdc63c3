// SPDX-License-Identifier: MIT
// The one decision, for a block of envs in lock-step and for one env step by step.
#include "agents/env/decision.h"

#include "engine/base/assert.h"

// ---------------------------------------------------------------------------------------------
// Its parts.

static void begin(ParaEnv *env, const float *action)
{
    PARA_ASSERT(env->step == 0 && env->play.status == PARA_PLAY_ON);
    para_play_act(&env->play, env->level, action);
    env->play.players[0].reward = 0;
    for (int c = 0; env->chained && c < PARA_CHANNELS; c++)
        env->action[c] = (int8_t)action[c];
}

// Whether steps of the decision are left; the end of the episode ends it early.
static bool goes_on(const ParaEnv *env)
{
    return env->step < env->level->frame_skip && env->play.status == PARA_PLAY_ON;
}

static void judge(ParaEnv *env)
{
    para_play_after_step(&env->play, env->level, env->world);
    env->step++;
    env->world_steps++;
}

// The decision's steps have run: it goes into the account of the episode.
static void book(ParaEnv *env)
{
    env->step = 0;
    env->decisions++;
    env->total_reward += env->play.players[0].reward;
    if (!env->chained)
        return;
    env->chain = para_replay_chain(env->chain, env->action, para_world_hash(env->world));
    if (env->recorder)
        para_recorder_decision(env->recorder, env->action, env->chain);
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
            para_play_before_step(&env->play, env->level, env->world);
        }
        if (!any)
            return;
        para_world_group_step(first.group, first.index, count, active);
        for (int i = 0; i < count; i++)
            if (active[i])
                judge(envs[i]);
    }
}

void para_decision_make(ParaEnv *const *envs, const float *actions, int count, ParaDecided *decided,
                        void *context)
{
    PARA_ASSERT(count >= 0 && count <= PARA_ENV_BLOCK);
    ParaEnv *together[PARA_ENV_BLOCK] = {NULL};
    ParaWorld first = {NULL, 0}; // of the envs that go together
    for (int i = 0; i < count; i++) {
        ParaEnv *env = envs[i];
        if (!env)
            continue;
        begin(env, actions + (size_t)i * PARA_CHANNELS);
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

static void widen(const int8_t *action, float *out)
{
    for (int c = 0; c < PARA_CHANNELS; c++)
        out[c] = (float)action[c];
}

float para_decision_make_one(ParaEnv *env, const int8_t *action)
{
    float wish[PARA_CHANNELS];
    widen(action, wish);
    para_decision_make(&env, wish, 1, NULL, NULL);
    return env->play.players[0].reward;
}

void para_decision_begin(ParaEnv *env, const int8_t *action)
{
    float wish[PARA_CHANNELS];
    widen(action, wish);
    begin(env, wish);
}

bool para_decision_step(ParaEnv *env)
{
    PARA_ASSERT(goes_on(env));
    para_play_before_step(&env->play, env->level, env->world);
    para_world_step(env->world);
    judge(env);
    if (goes_on(env))
        return false;
    book(env);
    return true;
}
