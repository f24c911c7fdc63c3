// SPDX-License-Identifier: MIT
// Blocks of envs: beginning episodes, one decision each, what it told, and how ended envs go on.
#include "agents/env/batch.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

#define BEGIN_TRIES    8 // picks tried until one builds; a library family never needs a second
#define PICTURE_SMOOTH 3 // pixels a side that make one of a picture

// ---------------------------------------------------------------------------------------------
// Memory.

static bool has_pictures(const ParaBatchDef *def) { return def->picture_width > 0; }

// [byte] of one picture.
static size_t picture_bytes(const ParaBatchDef *def)
{
    return 3 * (size_t)def->picture_width * (size_t)def->picture_height;
}

size_t para_batch_bytes(const ParaBatchDef *def)
{
    size_t finals = def->autoreset == PARA_AUTORESET_SAME_STEP ? 2 : 1;
    size_t env = sizeof(ParaEnv) + sizeof(ParaPick) + 2 * sizeof(ParaRng) + sizeof(ParaEnded) +
                 sizeof(ParaRefusal) + sizeof(float) + 2 * sizeof(uint8_t) + 2 * sizeof(uint32_t);
    env += finals * ((size_t)def->obs.size * sizeof(float) + picture_bytes(def));
    env += def->next ? 0 : sizeof(ParaSource);
    return (size_t)def->envs * env;
}

static void lay_out(ParaBatch *batch, ParaArena *arena)
{
    const ParaBatchDef *def = &batch->def;
    size_t envs = (size_t)def->envs, floats = envs * (size_t)def->obs.size, bytes = envs * picture_bytes(def);
    bool same = def->autoreset == PARA_AUTORESET_SAME_STEP;
    batch->envs = PARA_NEW(arena, ParaEnv, envs);
    batch->picks = PARA_NEW(arena, ParaPick, envs);
    batch->sources = def->next ? NULL : PARA_NEW(arena, ParaSource, envs);
    batch->level_rng = PARA_NEW(arena, ParaRng, envs);
    batch->action_rng = PARA_NEW(arena, ParaRng, envs);
    batch->obs = PARA_NEW(arena, float, floats);
    batch->final_obs = same ? PARA_NEW(arena, float, floats) : NULL;
    batch->pixels = PARA_NEW(arena, uint8_t, bytes);
    batch->final_pixels = same ? PARA_NEW(arena, uint8_t, bytes) : NULL;
    batch->reward = PARA_NEW(arena, float, envs);
    batch->terminated = PARA_NEW(arena, uint8_t, envs);
    batch->truncated = PARA_NEW(arena, uint8_t, envs);
    batch->channel_bits = PARA_NEW(arena, uint32_t, envs);
    batch->negative_bits = PARA_NEW(arena, uint32_t, envs);
    batch->ended = PARA_NEW(arena, ParaEnded, envs);
    batch->refusals = PARA_NEW(arena, ParaRefusal, envs);
    if (!has_pictures(def))
        return;
    batch->pictures = PARA_NEW(arena, ParaPicture, def->workers);
    for (int w = 0; w < def->workers; w++)
        batch->pictures[w] =
            para_picture_create(def->picture_width, def->picture_height, PICTURE_SMOOTH, arena);
}

ParaBatch *para_batch_create(const ParaBatchDef *def, ParaArena *arena)
{
    PARA_ASSERT(def->envs > 0 && def->families->count > 0);
    PARA_ASSERT(has_pictures(def) ? def->workers > 0 && def->obs.size == 0 : def->obs.size > 0);
    ParaWorldGroup *group = para_world_group_create(def->solver, def->envs);
    if (!group)
        return NULL;
    ParaBatch *batch = PARA_NEW(arena, ParaBatch, 1);
    batch->def = *def;
    batch->group = group;
    lay_out(batch, arena);
    bool whole = true;
    for (int b = 0; b < def->envs; b++) {
        uint64_t seed = para_seed_mix(def->seed, (uint64_t)b);
        para_env_init(&batch->envs[b], para_world_at(group, b), def->recording);
        whole = whole && batch->envs[b].arena;
        batch->level_rng[b] = para_rng_make(seed, "level");
        batch->action_rng[b] = para_rng_make(seed, "action");
    }
    if (whole)
        return batch;
    para_batch_destroy(batch);
    return NULL;
}

void para_batch_destroy(ParaBatch *batch)
{
    if (!batch)
        return;
    for (int b = 0; b < batch->def.envs; b++)
        para_env_destroy(&batch->envs[b]);
    para_world_group_destroy(batch->group);
}

// ---------------------------------------------------------------------------------------------
// Observing.

// Writes what env b shows: a picture into `pixels`, else an observation into out [O].
// @param pixels [B, H, W, 3]
static void show(ParaBatch *batch, int b, int worker, float *out, uint8_t *pixels)
{
    const ParaEnv *env = &batch->envs[b];
    if (!has_pictures(&batch->def)) {
        para_observe(&batch->def.obs, env->level, &env->play, 0, env->world, out);
        return;
    }
    PARA_ASSERT(worker < batch->def.workers);
    para_picture_draw(&batch->pictures[worker], env->level, &env->play, env->world,
                      pixels + (size_t)b * picture_bytes(&batch->def));
}

static float *obs_at(const ParaBatch *batch, float *obs, int b)
{
    return obs + (size_t)b * (size_t)batch->def.obs.size;
}

void para_batch_observe(ParaBatch *batch, int b, int worker)
{
    show(batch, b, worker, obs_at(batch, batch->obs, b), batch->pixels);
}

// ---------------------------------------------------------------------------------------------
// Beginning.

// The next level of env b, in the env's arena; NULL if none can be made.
static const ParaLevel *next_level(ParaBatch *batch, int b, ParaPick *pick)
{
    const ParaBatchDef *def = &batch->def;
    const ParaSource *source = batch->sources ? &batch->sources[b] : NULL;
    int family = b % def->families->count;
    ParaArena *arena = para_env_level_arena(&batch->envs[b]);
    *pick = (ParaPick){.family = family};
    if (source && source->level) {
        pick->seed = source->level->seed;
        return para_level_copy(source->level, arena);
    }
    if (source)
        *pick = para_source_pick(source, def->families, family, &batch->level_rng[b]);
    else
        def->next(def->next_context, b, &batch->level_rng[b], pick);
    return para_families_sample(def->families, pick, def->maker, arena);
}

// Puts env b on its next level. @return false if that is refused: then it has no episode
static bool begin(ParaBatch *batch, int b)
{
    ParaEnv *env = &batch->envs[b];
    ParaRefusal *refusal = &batch->refusals[b];
    int tries = batch->def.next ? BEGIN_TRIES : 1;
    for (int i = 0; i < tries; i++) {
        ParaPick pick;
        const ParaLevel *level = next_level(batch, b, &pick);
        *refusal = (ParaRefusal){.refused = !level || !para_env_begin(env, level, "trained")};
        if (refusal->refused && level)
            para_solver_fits(batch->def.solver, &level->world, refusal->why, sizeof refusal->why);
        if (refusal->refused)
            continue;
        batch->picks[b] = pick;
        batch->channel_bits[b] = level->players[0].channel_bits;
        batch->negative_bits[b] = level->players[0].negative_bits;
        return true;
    }
    // Templates are sampled at load, so a family whose every member fails cannot get here.
    PARA_ASSERT(!batch->def.next && "no level of the family can be built");
    return false;
}

// Begins an episode in env b, from outside a step.
static void reset(ParaBatch *batch, int b, int worker, float *out_obs)
{
    batch->reward[b] = 0;
    batch->terminated[b] = batch->truncated[b] = 0;
    if (begin(batch, b))
        show(batch, b, worker, out_obs, batch->pixels);
}

// ---------------------------------------------------------------------------------------------
// Blocks, dealt out to the workers.

// Envs of block `task`.
static int block_count(const ParaBatch *batch, int task)
{
    int left = batch->def.envs - task * PARA_ENV_BLOCK;
    return left < PARA_ENV_BLOCK ? left : PARA_ENV_BLOCK;
}

static void run_blocks(const ParaBatch *batch, ParaWorkers *workers, ParaTask *task, void *context)
{
    int tasks = (batch->def.envs + PARA_ENV_BLOCK - 1) / PARA_ENV_BLOCK;
    if (workers)
        para_workers_run(workers, task, context, tasks);
    for (int t = 0; !workers && t < tasks; t++)
        task(context, t, 0);
}

typedef struct ResetCall {
    ParaBatch *batch;
    const uint8_t *mask;
} ResetCall;

static void reset_block(void *context, int task, int worker)
{
    const ResetCall *call = context;
    ParaBatch *batch = call->batch;
    int first = task * PARA_ENV_BLOCK, end = first + block_count(batch, task);
    for (int b = first; b < end; b++)
        if (!call->mask || call->mask[b])
            reset(batch, b, worker, obs_at(batch, batch->obs, b));
}

void para_batch_reset_some(ParaBatch *batch, ParaWorkers *workers, const uint8_t *mask)
{
    ResetCall call = {batch, mask};
    run_blocks(batch, workers, reset_block, &call);
}

void para_batch_reset(ParaBatch *batch, ParaWorkers *workers) { para_batch_reset_some(batch, workers, NULL); }

// ---------------------------------------------------------------------------------------------
// Stepping.

typedef struct Block {
    ParaBatch *batch;
    int first, worker;
    float *out_obs; // [count, O]
} Block;

bool para_batch_waits(const ParaBatch *batch, int b)
{
    // With SAME_STEP the flags tell of the last episode while the next has begun and decided nothing yet.
    return (batch->terminated[b] || batch->truncated[b]) && batch->envs[b].decisions > 0;
}

// The next episode begins in the step that ended the last one, whose last observation is kept apart.
static void begin_in_step(ParaBatch *batch, int b, int worker, float *out_obs)
{
    size_t bytes = picture_bytes(&batch->def);
    float *final_obs = obs_at(batch, batch->final_obs, b);
    show(batch, b, worker, final_obs, batch->final_pixels);
    if (begin(batch, b)) {
        show(batch, b, worker, out_obs, batch->pixels);
        return;
    }
    memcpy(out_obs, final_obs, sizeof(float) * (size_t)batch->def.obs.size);
    memcpy(batch->pixels + (size_t)b * bytes, batch->final_pixels + (size_t)b * bytes, bytes);
}

// Env i of the block has made its decision: what it tells, and how it goes on.
static void settle(void *context, int i)
{
    const Block *block = context;
    ParaBatch *batch = block->batch;
    int b = block->first + i, most = batch->def.max_decisions;
    const ParaEnv *env = &batch->envs[b];
    float *out_obs = obs_at(batch, block->out_obs, i);
    bool cut = most > 0 && env->decisions >= most;
    batch->reward[b] = env->play.players[0].reward;
    batch->terminated[b] = para_env_terminated(env);
    batch->truncated[b] = !batch->terminated[b] && (cut || para_env_truncated(env));
    bool over = batch->terminated[b] || batch->truncated[b];
    if (over) {
        batch->ended[b] =
            (ParaEnded){.report = para_env_report(env, batch->picks[b].family), .pick = batch->picks[b]};
        batch->ended[b].report.env = b;
        if (batch->on_solved && env->play.status == PARA_PLAY_SOLVED)
            batch->on_solved(batch->on_solved_context, b, env, &batch->picks[b]);
    }
    if (over && batch->def.autoreset == PARA_AUTORESET_SAME_STEP)
        begin_in_step(batch, b, block->worker, out_obs);
    else
        show(batch, b, block->worker, out_obs, batch->pixels);
}

// @param actions [count, 8]
static void step_block(Block *block, int count, const float *actions)
{
    ParaBatch *batch = block->batch;
    ParaEnv *envs[PARA_ENV_BLOCK] = {NULL};
    PARA_ASSERT(block->first >= 0 && count <= PARA_ENV_BLOCK && block->first + count <= batch->def.envs);
    for (int i = 0; i < count; i++) {
        int b = block->first + i;
        if (batch->envs[b].level && !para_batch_waits(batch, b))
            envs[i] = &batch->envs[b];
    }
    para_decision_make(envs, actions, count, settle, block);
    if (batch->def.autoreset == PARA_AUTORESET_DISABLED)
        return;
    for (int i = 0; i < count; i++)
        if (!envs[i] && batch->envs[block->first + i].level) // it waited: this step is its reset
            reset(batch, block->first + i, block->worker, obs_at(batch, block->out_obs, i));
}

// @param actions [count, 8]
static void widen(const int8_t *actions, int count, float *out)
{
    for (int i = 0; i < count * PARA_CHANNELS; i++)
        out[i] = (float)actions[i];
}

void para_batch_step_block(ParaBatch *batch, int first, int count, const int8_t *actions, float *out_obs)
{
    PARA_ASSERT(count <= PARA_ENV_BLOCK && !has_pictures(&batch->def));
    float wish[PARA_ENV_BLOCK * PARA_CHANNELS] = {0};
    widen(actions, count, wish);
    Block block = {batch, first, 0, out_obs ? out_obs : obs_at(batch, batch->obs, first)};
    step_block(&block, count, wish);
}

typedef struct StepCall {
    ParaBatch *batch;
    const int8_t *actions; // [B, 8], or
    const float *forces;   // [B, 8]
} StepCall;

static void run_step(void *context, int task, int worker)
{
    const StepCall *call = context;
    ParaBatch *batch = call->batch;
    int first = task * PARA_ENV_BLOCK, count = block_count(batch, task);
    float wish[PARA_ENV_BLOCK * PARA_CHANNELS] = {0};
    if (call->actions)
        widen(call->actions + (size_t)first * PARA_CHANNELS, count, wish);
    Block block = {batch, first, worker, obs_at(batch, batch->obs, first)};
    step_block(&block, count, call->actions ? wish : call->forces + (size_t)first * PARA_CHANNELS);
}

void para_batch_step(ParaBatch *batch, ParaWorkers *workers, const int8_t *actions)
{
    StepCall call = {.batch = batch, .actions = actions};
    run_blocks(batch, workers, run_step, &call);
}

void para_batch_step_forces(ParaBatch *batch, ParaWorkers *workers, const float *actions)
{
    StepCall call = {.batch = batch, .forces = actions};
    run_blocks(batch, workers, run_step, &call);
}

// ---------------------------------------------------------------------------------------------
// Accounts.

size_t para_batch_bytes_per_env(const ParaBatch *batch)
{
    size_t total = para_batch_bytes(&batch->def);
    for (int b = 0; b < batch->def.envs; b++) {
        const ParaEnv *env = &batch->envs[b];
        total += para_arena_used(env->arena);
        total += env->level ? para_world_bytes(env->world) : 0; // else it may not be built yet
    }
    return total / (size_t)batch->def.envs;
}

int64_t para_batch_world_steps(const ParaBatch *batch)
{
    int64_t total = 0;
    for (int b = 0; b < batch->def.envs; b++)
        total += batch->envs[b].world_steps;
    return total;
}
