// SPDX-License-Identifier: MIT
// The batch: its envs are stepped by blocks, one task each; an env that ends settles its account and begins
// its next level within the same step. Stepped by the collector (agents/player), the tests and benchmarks.
#include "agents/env/batch.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"

#include <string.h>

#define BEGIN_TRIES 8 // picks tried until one builds; a library family never needs a second

ParaBatch *para_batch_create(const ParaBatchDef *def, ParaArena *arena)
{
    ParaBatch *batch = PARA_NEW(arena, ParaBatch, 1);
    int b_count = def->envs, o = def->obs.size;
    batch->def = *def;
    batch->group = para_world_group_create(def->solver, b_count);
    if (!batch->group)
        return NULL;
    batch->envs = PARA_NEW(arena, ParaEnv, b_count);
    batch->picks = PARA_NEW(arena, ParaPick, b_count);
    batch->level_rng = PARA_NEW(arena, ParaRng, b_count);
    batch->action_rng = PARA_NEW(arena, ParaRng, b_count);
    batch->obs = PARA_NEW(arena, float, (size_t)b_count *(size_t)o);
    batch->final_obs = PARA_NEW(arena, float, (size_t)b_count *(size_t)o);
    batch->reward = PARA_NEW(arena, float, b_count);
    batch->terminated = PARA_NEW(arena, uint8_t, b_count);
    batch->truncated = PARA_NEW(arena, uint8_t, b_count);
    batch->channel_bits = PARA_NEW(arena, uint32_t, b_count);
    batch->negative_bits = PARA_NEW(arena, uint32_t, b_count);
    batch->ended = PARA_NEW(arena, ParaEnded, b_count);
    for (int b = 0; b < b_count; b++) {
        uint64_t seed = para_seed_mix(def->seed, (uint64_t)b);
        para_env_init(&batch->envs[b], para_world_at(batch->group, b), def->recording);
        batch->level_rng[b] = para_rng_make(seed, "level");
        batch->action_rng[b] = para_rng_make(seed, "action");
    }
    return batch;
}

void para_batch_destroy(ParaBatch *batch)
{
    if (!batch)
        return;
    for (int b = 0; b < batch->def.envs; b++)
        para_env_destroy(&batch->envs[b]);
    para_world_group_destroy(batch->group);
}

// Puts env b on its next level and writes the first observation.
static void begin(ParaBatch *batch, int b, float *out_obs)
{
    ParaEnv *env = &batch->envs[b];
    for (int i = 0; i < BEGIN_TRIES; i++) {
        ParaPick pick = {0};
        batch->def.next(batch->def.next_context, b, &batch->level_rng[b], &pick);
        ParaArena *arena = para_env_level_arena(env);
        ParaLevel *level = para_families_sample(batch->def.families, &pick, batch->def.maker, arena);
        if (!level || !para_env_begin(env, level, "trained"))
            continue;
        batch->picks[b] = pick;
        batch->channel_bits[b] = level->players[0].channel_bits;
        batch->negative_bits[b] = level->players[0].negative_bits;
        para_observe(&batch->def.obs, level, &env->play, 0, env->world, out_obs);
        return;
    }
    // Templates are sampled at load, so a family whose every member fails cannot get here.
    PARA_ASSERT(!"no level of the family can be built");
}

// Envs of block `task`.
static int block_count(const ParaBatch *batch, int task)
{
    int left = batch->def.envs - task * PARA_ENV_BLOCK;
    return left < PARA_ENV_BLOCK ? left : PARA_ENV_BLOCK;
}

static void run_blocks(ParaBatch *batch, ParaWorkers *workers, ParaTask *task, void *context)
{
    para_workers_run(workers, task, context, (batch->def.envs + PARA_ENV_BLOCK - 1) / PARA_ENV_BLOCK);
}

static void reset_block(void *context, int task, int worker)
{
    (void)worker;
    ParaBatch *batch = context;
    int first = task * PARA_ENV_BLOCK, end = first + block_count(batch, task);
    for (int b = first; b < end; b++)
        begin(batch, b, batch->obs + (size_t)b * (size_t)batch->def.obs.size);
}

void para_batch_reset(ParaBatch *batch, ParaWorkers *workers)
{
    run_blocks(batch, workers, reset_block, batch);
}

typedef struct Block {
    ParaBatch *batch;
    int first;
    float *out_obs; // [count, O]
} Block;

// Env i of the block has made its decision: what it tells, and its next level where it has ended.
static void settle(void *context, int i)
{
    const Block *block = context;
    ParaBatch *batch = block->batch;
    int b = block->first + i;
    ParaEnv *env = &batch->envs[b];
    size_t o = (size_t)batch->def.obs.size;
    float *out_obs = block->out_obs + (size_t)i * o;
    batch->reward[b] = env->play.players[0].reward;
    batch->terminated[b] = para_env_terminated(env);
    batch->truncated[b] = para_env_truncated(env);
    if (env->play.status == PARA_PLAY_ON) {
        para_observe(&batch->def.obs, env->level, &env->play, 0, env->world, out_obs);
        return;
    }
    para_observe(&batch->def.obs, env->level, &env->play, 0, env->world, batch->final_obs + (size_t)b * o);
    batch->ended[b] =
        (ParaEnded){.report = para_env_report(env, batch->picks[b].family), .pick = batch->picks[b]};
    batch->ended[b].report.env = b;
    if (batch->on_solved && env->play.status == PARA_PLAY_SOLVED)
        batch->on_solved(batch->on_solved_context, b, env, &batch->picks[b]);
    begin(batch, b, out_obs);
}

void para_batch_step_block(ParaBatch *batch, int first, int count, const int8_t *actions, float *out_obs)
{
    PARA_ASSERT(count <= PARA_ENV_BLOCK);
    ParaEnv *envs[PARA_ENV_BLOCK] = {NULL};
    float wish[PARA_ENV_BLOCK * PARA_CHANNELS] = {0};
    for (int i = 0; i < count; i++)
        envs[i] = &batch->envs[first + i];
    for (int i = 0; i < count * PARA_CHANNELS; i++)
        wish[i] = (float)actions[i];
    if (!out_obs)
        out_obs = batch->obs + (size_t)first * (size_t)batch->def.obs.size;
    Block block = {batch, first, out_obs};
    para_decision_make(envs, wish, count, settle, &block);
}

typedef struct StepCall {
    ParaBatch *batch;
    const int8_t *actions;
} StepCall;

static void step_block(void *context, int task, int worker)
{
    (void)worker;
    StepCall *call = context;
    int first = task * PARA_ENV_BLOCK;
    para_batch_step_block(call->batch, first, block_count(call->batch, task),
                          call->actions + first * PARA_CHANNELS, NULL);
}

void para_batch_step(ParaBatch *batch, ParaWorkers *workers, const int8_t *actions)
{
    StepCall call = {batch, actions};
    run_blocks(batch, workers, step_block, &call);
}

size_t para_batch_bytes_per_env(ParaBatch *batch)
{
    size_t total = 0;
    for (int b = 0; b < batch->def.envs; b++)
        total +=
            para_world_bytes(batch->envs[b].world) + para_arena_used(batch->envs[b].arena) + sizeof(ParaEnv);
    return total / (size_t)batch->def.envs + 2 * sizeof(float) * (size_t)batch->def.obs.size;
}

int64_t para_batch_world_steps(const ParaBatch *batch)
{
    int64_t total = 0;
    for (int b = 0; b < batch->def.envs; b++)
        total += batch->envs[b].world_steps;
    return total;
}
