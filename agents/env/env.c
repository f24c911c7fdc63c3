// SPDX-License-Identifier: MIT
#include "agents/env/env.h"

#include "engine/base/assert.h"

#define LEVEL_BLOCK ((size_t)128 << 10) // [byte] most levels fit one block
#define LEVEL_MAX   ((size_t)64 << 20)  // [byte] bound on one level with its recording

void para_env_init(ParaEnv *env, ParaWorld world, bool recording)
{
    *env =
        (ParaEnv){.world = world, .arena = para_arena_create(LEVEL_BLOCK, LEVEL_MAX), .recording = recording};
}

void para_env_destroy(ParaEnv *env)
{
    if (env->arena)
        para_arena_destroy(env->arena);
    *env = (ParaEnv){0};
}

ParaArena *para_env_level_arena(ParaEnv *env)
{
    para_arena_clear(env->arena);
    env->level = NULL;
    env->recorder = NULL;
    return env->arena;
}

bool para_env_begin(ParaEnv *env, const ParaLevel *level, const char *player)
{
    ParaPlayerState *players = PARA_NEW(env->arena, ParaPlayerState, level->player_count);
    if (!para_play_begin(&env->play, level, env->world, players, NULL))
        return false;
    env->level = level;
    env->decisions = 0;
    env->total_reward = 0;
    if (env->recording) {
        env->recorder = para_recorder_create(env->arena);
        para_recorder_begin(env->recorder, level, para_world_solver(env->world), player);
    }
    return true;
}

// Whether the env's world gains from being stepped with others. One of a pointer-based solver does not, and
// stays in the cache while it finishes its decision alone.
static bool gains_company(const ParaEnv *env) { return para_world_solver(env->world) == PARA_SOLVER_LANES; }

// All physics steps of one decision, in lock-step.
// @param envs [count] NULL: left out   @param first the world at the place of envs[0]
static void step_worlds(ParaEnv *const *envs, int count, ParaWorld first)
{
    uint8_t active[PARA_ENV_BLOCK];
    for (int k = 0;; k++) {
        bool any = false;
        for (int i = 0; i < count; i++) {
            ParaEnv *env = envs[i];
            active[i] = env && k < env->level->frame_skip && env->play.status == PARA_PLAY_ON;
            if (!active[i])
                continue;
            any = true;
            para_play_before_step(&env->play, env->level, env->world);
        }
        if (!any)
            return;
        para_world_group_step(first.group, first.index, count, active);
        for (int i = 0; i < count; i++) {
            if (!active[i])
                continue;
            para_play_after_step(&envs[i]->play, envs[i]->level, envs[i]->world);
            envs[i]->world_steps++;
        }
    }
}

static void record(ParaEnv *env, const float *action)
{
    int8_t whole[PARA_CHANNELS];
    for (int c = 0; c < PARA_CHANNELS; c++)
        whole[c] = (int8_t)action[c];
    para_recorder_decision(env->recorder, whole, env->world);
}

// The decision's steps have run.
static void book(ParaEnv *env, const float *action)
{
    env->decisions++;
    env->total_reward += env->play.players[0].reward;
    if (env->recorder)
        record(env, action);
}

void para_envs_step(ParaEnv *const *envs, const float *actions, int count, ParaEnvDecided *decided,
                    void *context)
{
    PARA_ASSERT(count >= 0 && count <= PARA_ENV_BLOCK);
    ParaEnv *together[PARA_ENV_BLOCK] = {NULL};
    ParaWorld first = {NULL, 0}; // of the envs that go together
    for (int i = 0; i < count; i++) {
        ParaEnv *env = envs[i];
        if (!env)
            continue;
        para_play_act(&env->play, env->level, actions + (size_t)i * PARA_CHANNELS);
        env->play.players[0].reward = 0;
        if (gains_company(env)) {
            ParaWorld begin = {env->world.group, env->world.index - i};
            PARA_ASSERT(!first.group || (first.group == begin.group && first.index == begin.index));
            first = begin;
            together[i] = env;
            continue;
        }
        step_worlds(&env, 1, env->world);
        book(env, actions + (size_t)i * PARA_CHANNELS);
        if (decided)
            decided(context, i);
    }
    if (first.group)
        step_worlds(together, count, first);
    for (int i = 0; i < count; i++) {
        if (!together[i])
            continue;
        book(together[i], actions + (size_t)i * PARA_CHANNELS);
        if (decided)
            decided(context, i);
    }
}

float para_env_step(ParaEnv *env, const int8_t *action)
{
    float wish[PARA_CHANNELS];
    for (int c = 0; c < PARA_CHANNELS; c++)
        wish[c] = (float)action[c];
    para_envs_step(&env, wish, 1, NULL, NULL);
    return env->play.players[0].reward;
}

ParaReport para_env_report(const ParaEnv *env, int family)
{
    static const ParaEndKind ends[] = {[PARA_PLAY_SOLVED] = PARA_END_SOLVED,
                                       [PARA_PLAY_FAILED] = PARA_END_FAILED,
                                       [PARA_PLAY_TIMEOUT] = PARA_END_TIMEOUT,
                                       [PARA_PLAY_DIVERGED] = PARA_END_DIVERGED};
    PARA_ASSERT(env->play.status != PARA_PLAY_ON);
    return (ParaReport){.level_hash = env->level->hash,
                        .level_seed = env->level->seed,
                        .family = family,
                        .end = ends[env->play.status],
                        .solver = para_world_solver(env->world),
                        .decisions = env->decisions,
                        .total_reward = env->total_reward,
                        .seconds = (float)para_world_view(env->world)->time,
                        .progress = env->play.players[0].progress};
}
