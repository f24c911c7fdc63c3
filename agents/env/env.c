// SPDX-License-Identifier: MIT
// An env's life: its arena, the beginning of an episode on a level, the report at its end. Decisions are made
// in decision.c.
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
    env->level = NULL;
    ParaPlayerState *players = PARA_NEW(env->arena, ParaPlayerState, level->player_count);
    if (!para_play_begin(&env->play, level, env->world, players, NULL))
        return false;
    env->level = level;
    env->chain = 0;
    env->step = 0;
    env->decisions = 0;
    env->total_reward = 0;
    if (env->recording) {
        env->chained = true;
        env->recorder = para_recorder_create(env->arena);
        para_recorder_begin(env->recorder, level, para_world_solver(env->world), player);
    }
    return true;
}

ParaReport para_env_report(const ParaEnv *env, int family)
{
    static const ParaEndKind ends[] = {[PARA_PLAY_ON] = PARA_END_CUT,
                                       [PARA_PLAY_SOLVED] = PARA_END_SOLVED,
                                       [PARA_PLAY_FAILED] = PARA_END_FAILED,
                                       [PARA_PLAY_TIMEOUT] = PARA_END_TIMEOUT,
                                       [PARA_PLAY_DIVERGED] = PARA_END_DIVERGED};
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
