// SPDX-License-Identifier: MIT
// Blocks of envs: beginning episodes, one decision each, what it told, and how ended envs go on.
#include "agents/batch/batch.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

#define PICTURE_SMOOTH 3 // pixels a side that make one of a picture

// ---------------------------------------------------------------------------------------------
// Memory.

static bool has_pictures(const ParaBatchDef *def) { return def->picture_width > 0; }

// What is drawn takes memory of each worker.
static bool draws(const ParaBatchDef *def) { return has_pictures(def) || def->obs.kind == PARA_OBS_PIXELS; }

// [byte] of one picture.
static size_t picture_bytes(const ParaBatchDef *def)
{
    return 3 * (size_t)def->picture_width * (size_t)def->picture_height;
}

size_t para_batch_bytes(const ParaBatchDef *def)
{
    size_t finals = def->autoreset == PARA_AUTORESET_SAME_STEP ? 2 : 1;
    size_t players = def->players > 0 ? (size_t)def->players : 1;
    size_t surprise = def->surprises > 0 ? sizeof(uint64_t) + sizeof(ParaRng) : 0;
    size_t env = surprise + sizeof(ParaEnv) + sizeof(ParaPick) + sizeof(ParaRng) + sizeof(ParaRefusal) +
                 sizeof(ParaSharedLevel *) + 2 * sizeof(uint8_t) + finals * picture_bytes(def) +
                 (def->next ? 0 : sizeof(ParaSource));
    size_t player = sizeof(ParaRng) + sizeof(ParaEnded) + sizeof(float) + 3 * sizeof(uint8_t) +
                    2 * sizeof(uint32_t) + finals * (size_t)def->obs.size * sizeof(float);
    return (size_t)def->envs * (env + players * player);
}

/// What a worker draws in.
static ParaPicture make_picture(const ParaBatchDef *def, ParaArena *arena)
{
    if (!has_pictures(def))
        return *para_obs_picture(&def->obs, arena);
    ParaPicture picture = para_picture_create(def->picture_width, def->picture_height, PICTURE_SMOOTH, arena);
    picture.observed = true;
    return picture;
}

static void lay_out(ParaBatch *batch, ParaArena *arena)
{
    const ParaBatchDef *def = &batch->def;
    size_t envs = (size_t)def->envs, rows = envs * (size_t)def->players;
    size_t floats = rows * (size_t)def->obs.size, bytes = envs * picture_bytes(def);
    bool same = def->autoreset == PARA_AUTORESET_SAME_STEP;
    batch->envs = PARA_NEW(arena, ParaEnv, envs);
    batch->picks = PARA_NEW(arena, ParaPick, envs);
    batch->sources = def->next ? NULL : PARA_NEW(arena, ParaSource, envs);
    batch->level_rng = PARA_NEW(arena, ParaRng, envs);
    batch->action_rng = PARA_NEW(arena, ParaRng, rows);
    batch->surprise_seeds = def->surprises > 0 ? PARA_NEW(arena, uint64_t, envs) : NULL;
    batch->surprise_rng = def->surprises > 0 ? PARA_NEW(arena, ParaRng, envs) : NULL;
    batch->obs = PARA_NEW(arena, float, floats);
    batch->final_obs = same ? PARA_NEW(arena, float, floats) : NULL;
    batch->pixels = PARA_NEW(arena, uint8_t, bytes);
    batch->final_pixels = same ? PARA_NEW(arena, uint8_t, bytes) : NULL;
    batch->reward = PARA_NEW(arena, float, rows);
    batch->terminated = PARA_NEW(arena, uint8_t, rows);
    batch->truncated = PARA_NEW(arena, uint8_t, rows);
    batch->over = PARA_NEW(arena, uint8_t, envs);
    batch->live = PARA_NEW(arena, uint8_t, rows);
    batch->channel_bits = PARA_NEW(arena, uint32_t, rows);
    batch->negative_bits = PARA_NEW(arena, uint32_t, rows);
    batch->ended = PARA_NEW(arena, ParaEnded, rows);
    batch->ended_count = PARA_NEW(arena, uint8_t, envs);
    batch->refusals = PARA_NEW(arena, ParaRefusal, envs);
    batch->shared = PARA_NEW(arena, ParaSharedLevel *, envs);
    if (!draws(def))
        return;
    batch->pictures = PARA_NEW(arena, ParaPicture, def->workers);
    for (int w = 0; w < def->workers; w++)
        batch->pictures[w] = make_picture(def, arena);
}

// Streams of env b. They do not depend on how many envs and players the batch has.
static void start_streams(ParaBatch *batch, int b)
{
    uint64_t seed = para_seed_mix(batch->def.seed, (uint64_t)(batch->def.first + b));
    batch->level_rng[b] = para_rng_make(seed, "level");
    if (batch->surprise_seeds)
        batch->surprise_seeds[b] = seed;
    for (int p = 0; p < batch->def.players; p++)
        batch->action_rng[b * batch->def.players + p] =
            para_rng_make(p == 0 ? seed : para_seed_mix(seed, (uint64_t)p), "action");
}

ParaBatch *para_batch_create(const ParaBatchDef *def, ParaArena *arena)
{
    PARA_ASSERT(def->players >= 0 && def->players <= PARA_PLAYERS_MAX);
    PARA_ASSERT(!has_pictures(def) || def->players <= 1);
    PARA_ASSERT(def->envs > 0 && def->families->count > 0);
    PARA_ASSERT(def->surprises >= 0 && def->surprises <= PARA_SURPRISES_MOST);
    PARA_ASSERT(has_pictures(def) ? def->obs.size == 0 : def->obs.size > 0);
    PARA_ASSERT(!draws(def) || def->workers > 0);
    ParaWorldGroup *group = def->group ? def->group : para_world_group_create(def->solver, def->envs);
    if (!group)
        return NULL;
    ParaBatch *batch = PARA_NEW(arena, ParaBatch, 1);
    batch->def = *def;
    batch->def.players = def->players > 0 ? def->players : 1;
    batch->group = group;
    lay_out(batch, arena);
    bool whole = true;
    for (int b = 0; b < def->envs; b++) {
        start_streams(batch, b);
        para_env_init(&batch->envs[b], para_world_at(group, b), def->recording);
        batch->envs[b].fine = def->fine;
        batch->envs[b].parts = def->obs.parts;
        whole = whole && batch->envs[b].arena;
    }
    if (whole)
        return batch;
    para_batch_destroy(batch);
    return NULL;
}

// Gives up the level that env b shares with snapshots of its episode.
static void leave_level(ParaBatch *batch, int b)
{
    para_shared_level_free(batch->shared[b]);
    batch->shared[b] = NULL;
}

void para_batch_destroy(ParaBatch *batch)
{
    if (!batch)
        return;
    for (int b = 0; b < batch->def.envs; b++) {
        leave_level(batch, b);
        para_env_destroy(&batch->envs[b]);
    }
    para_world_group_destroy(batch->group);
}

// ---------------------------------------------------------------------------------------------
// Observing.

// The rows of env b in a block of observations [E, A, O].
static float *obs_at(const ParaBatch *batch, float *obs, int b)
{
    return obs + (size_t)b * (size_t)batch->def.players * (size_t)batch->def.obs.size;
}

// Writes what env b shows: a picture into `pixels`, else an observation for each player of `whom` into out
// [A, O] and, where `others` says so, zeros for the rest.
// @param pixels [E, H, W, 3]   @param whom bits
static void show(ParaBatch *batch, int b, int worker, uint32_t whom, bool others, float *out, uint8_t *pixels)
{
    const ParaEnv *env = &batch->envs[b];
    size_t size = (size_t)batch->def.obs.size;
    PARA_ASSERT(!draws(&batch->def) || worker < batch->def.workers);
    struct ParaPicture *picture = draws(&batch->def) ? &batch->pictures[worker] : NULL;
    for (int p = 0; size > 0 && p < batch->def.players; p++) {
        if (whom >> p & 1)
            para_env_observe(env, picture, &batch->def.obs, p, out + (size_t)p * size);
        else if (others)
            memset(out + (size_t)p * size, 0, size * sizeof *out);
    }
    if (!has_pictures(&batch->def))
        return;
    para_picture_draw(picture, env->level, &env->play, env->world,
                      pixels + (size_t)b * picture_bytes(&batch->def));
}

void para_batch_observe(ParaBatch *batch, int b, int worker)
{
    uint32_t whom = para_env_watching(&batch->envs[b]);
    show(batch, b, worker, whom, true, obs_at(batch, batch->obs, b), batch->pixels);
}

// ---------------------------------------------------------------------------------------------
// Beginning.

// The next level of env b, in the env's arena; NULL if none can be made.
static const ParaLevel *next_level(ParaBatch *batch, int b, ParaPick *pick)
{
    const ParaBatchDef *def = &batch->def;
    const ParaSource *source = batch->sources ? &batch->sources[b] : NULL;
    int family = (def->first + b) % def->families->count;
    ParaArena *arena = para_env_level_arena(&batch->envs[b]);
    leave_level(batch, b);
    *pick = (ParaPick){.family = family};
    if (source && source->level) {
        pick->seed = source->level->seed;
        return para_families_pack(def->families, source->level, arena);
    }
    if (source)
        *pick = para_source_pick(source, def->families, family, &batch->level_rng[b]);
    else
        def->next(def->next_context, def->first + b, &batch->level_rng[b], pick);
    return para_families_sample(def->families, pick, def->maker, arena);
}

void para_batch_seat(ParaBatch *batch, int b)
{
    const ParaEnv *env = &batch->envs[b];
    int row = b * batch->def.players;
    for (int p = 0; p < batch->def.players; p++) {
        bool there = p < env->level->player_count;
        batch->live[row + p] =
            there && !para_batch_waits(batch, b) && env->play.players[p].status == PARA_PLAY_ON;
        batch->channel_bits[row + p] = there ? env->level->players[p].channel_bits : 0;
        batch->negative_bits[row + p] = there ? env->level->players[p].negative_bits : 0;
    }
}

// The surprises of the episode that env b begins: a stream of its own, by its level and all before it, so
// that the stream of levels is what it is without surprises.
static void expect(ParaBatch *batch, int b)
{
    if (!batch->surprise_rng)
        return;
    batch->surprise_seeds[b] = para_seed_mix(batch->surprise_seeds[b], batch->picks[b].seed);
    batch->surprise_rng[b] = para_surprise_stream(batch->surprise_seeds[b]);
}

// Puts env b on its next level. @return false if that is refused: then it has no episode
static bool begin(ParaBatch *batch, int b)
{
    ParaEnv *env = &batch->envs[b];
    ParaRefusal *refusal = &batch->refusals[b];
    int tries = batch->def.next ? PARA_BATCH_TRIES : 1;
    for (int i = 0; i < tries; i++) {
        ParaPick pick;
        const ParaLevel *level = next_level(batch, b, &pick);
        bool crowded = level && level->player_count > batch->def.players;
        *refusal = (ParaRefusal){.refused = !level || crowded || !para_env_begin(env, level, "trained")};
        if (crowded)
            snprintf(refusal->why, sizeof refusal->why, "it has %d players where %d have room",
                     level->player_count, batch->def.players);
        else if (refusal->refused && level)
            para_solver_fits(batch->def.solver, &level->world, refusal->why, sizeof refusal->why);
        if (refusal->refused)
            continue;
        batch->picks[b] = pick;
        expect(batch, b);
        if (batch->on_begun)
            batch->on_begun(batch->episode_context, b, env);
        para_batch_seat(batch, b);
        return true;
    }
    return false; // a library family never needs a second try
}

// Begins an episode in env b, from outside a step. @param out_obs [A, O]
static void reset(ParaBatch *batch, int b, int worker, float *out_obs)
{
    size_t players = (size_t)batch->def.players, row = (size_t)b * players;
    memset(batch->reward + row, 0, players * sizeof *batch->reward);
    memset(batch->terminated + row, 0, players);
    memset(batch->truncated + row, 0, players);
    memset(batch->live + row, 0, players);
    batch->over[b] = batch->ended_count[b] = 0;
    if (begin(batch, b))
        show(batch, b, worker, para_env_watching(&batch->envs[b]), true, out_obs, batch->pixels);
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

void para_batch_reset_one(ParaBatch *batch, int b, int worker)
{
    PARA_ASSERT(b >= 0 && b < batch->def.envs);
    reset(batch, b, worker, obs_at(batch, batch->obs, b));
}

void para_batch_reset(ParaBatch *batch, ParaWorkers *workers) { para_batch_reset_some(batch, workers, NULL); }

// ---------------------------------------------------------------------------------------------
// Stepping.

typedef struct Block {
    ParaBatch *batch;
    int first, worker;
    float *out_obs; // [count, A, O]
} Block;

bool para_batch_waits(const ParaBatch *batch, int b)
{
    // With SAME_STEP the flag tells of the last episode while the next has begun and decided nothing yet.
    return batch->over[b] && batch->envs[b].decisions > 0;
}

// What the decision of env b brought each player. @param cut the episode has had its most decisions
static void tell(ParaBatch *batch, int b, bool cut)
{
    const ParaEnv *env = &batch->envs[b];
    for (int p = 0; p < batch->def.players; p++) {
        int row = b * batch->def.players + p;
        bool acted = env->acting >> p & 1;
        batch->reward[row] = acted ? env->play.players[p].reward : 0;
        batch->terminated[row] = acted && para_env_terminated(env, p);
        batch->truncated[row] = acted && !batch->terminated[row] && (cut || para_env_truncated(env, p));
        batch->live[row] = acted && !batch->terminated[row] && !batch->truncated[row];
    }
}

// The reports of an episode that is over for all.
static void report(ParaBatch *batch, int b)
{
    const ParaEnv *env = &batch->envs[b];
    const ParaPick *pick = &batch->picks[b];
    for (int p = 0; p < env->level->player_count; p++) {
        ParaEnded *ended = &batch->ended[b * batch->def.players + p];
        *ended = (ParaEnded){.report = para_env_player_report(env, pick->family, p), .pick = *pick};
        ended->report.env = batch->def.first + b;
    }
    batch->ended_count[b] = (uint8_t)env->level->player_count;
    if (batch->on_ended)
        batch->on_ended(batch->on_ended_context, batch->def.first + b, env, pick);
}

// The next episode begins in the step that ended the last one, whose last observations are kept apart: of
// those who ended before, they are there already.
static void begin_in_step(ParaBatch *batch, int b, int worker, float *out_obs)
{
    size_t bytes = picture_bytes(&batch->def), floats = (size_t)(batch->def.players * batch->def.obs.size);
    float *final_obs = obs_at(batch, batch->final_obs, b);
    show(batch, b, worker, batch->envs[b].acting, false, final_obs, batch->final_pixels);
    if (begin(batch, b)) {
        show(batch, b, worker, para_env_watching(&batch->envs[b]), true, out_obs, batch->pixels);
        return;
    }
    memcpy(out_obs, final_obs, floats * sizeof *out_obs);
    memcpy(batch->pixels + (size_t)b * bytes, batch->final_pixels + (size_t)b * bytes, bytes);
}

// Observations of an episode that goes on for some. @param out_obs [A, O]
static void go_on(ParaBatch *batch, int b, int worker, float *out_obs)
{
    size_t size = (size_t)batch->def.obs.size;
    show(batch, b, worker, batch->envs[b].acting, true, out_obs, batch->pixels);
    for (int p = 0; p < batch->def.players && batch->final_obs; p++) {
        int row = b * batch->def.players + p;
        if (batch->terminated[row] || batch->truncated[row])
            memcpy(batch->final_obs + (size_t)row * size, out_obs + (size_t)p * size, size * sizeof *out_obs);
    }
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
    if (!cut && batch->ask_cut && env->play.status == PARA_PLAY_ON)
        cut = batch->ask_cut(batch->episode_context, b, env);
    tell(batch, b, cut);
    batch->over[b] = cut || env->play.status != PARA_PLAY_ON;
    batch->ended_count[b] = 0;
    if (batch->over[b])
        report(batch, b);
    if (batch->over[b] && batch->def.autoreset == PARA_AUTORESET_SAME_STEP)
        begin_in_step(batch, b, block->worker, out_obs);
    else
        go_on(batch, b, block->worker, out_obs);
}

// @param actions [count, A, 8]
static void step_block(Block *block, int count, const float *actions)
{
    ParaBatch *batch = block->batch;
    ParaEnv *envs[PARA_ENV_BLOCK] = {NULL};
    PARA_ASSERT(block->first >= 0 && count <= PARA_ENV_BLOCK && block->first + count <= batch->def.envs);
    for (int i = 0; i < count; i++) {
        int b = block->first + i;
        if (batch->envs[b].level && !para_batch_waits(batch, b))
            envs[i] = &batch->envs[b];
        if (envs[i] && batch->surprise_rng)
            para_surprise_meet(envs[i], batch->def.surprises, &batch->surprise_rng[b]);
    }
    para_decision_make(envs, actions, count, batch->def.players, settle, block);
    if (batch->def.autoreset == PARA_AUTORESET_DISABLED)
        return;
    for (int i = 0; i < count; i++)
        if (!envs[i] && batch->envs[block->first + i].level) // it waited: this step is its reset
            reset(batch, block->first + i, block->worker, obs_at(batch, block->out_obs, i));
}

#define BLOCK_ACTIONS (PARA_ENV_BLOCK * PARA_PLAYERS_MAX * PARA_CHANNELS)

// Numbers of the actions of `count` envs.
static int action_count(const ParaBatch *batch, int count)
{
    return count * batch->def.players * PARA_CHANNELS;
}

// @param actions [count, A, 8]
static void widen(const ParaBatch *batch, const int8_t *actions, int count, float *out)
{
    for (int i = 0; i < action_count(batch, count); i++)
        out[i] = para_action_value(batch->def.fine, actions[i]);
}

void para_batch_step_block(ParaBatch *batch, int first, int count, const int8_t *actions, int worker,
                           float *out_obs)
{
    PARA_ASSERT(count <= PARA_ENV_BLOCK && !has_pictures(&batch->def));
    float wish[BLOCK_ACTIONS];
    widen(batch, actions, count, wish);
    Block block = {batch, first, worker, out_obs ? out_obs : obs_at(batch, batch->obs, first)};
    step_block(&block, count, wish);
}

typedef struct StepCall {
    ParaBatch *batch;
    const int8_t *actions; // [E, A, 8], or
    const float *forces;   // [E, A, 8]
} StepCall;

static void run_step(void *context, int task, int worker)
{
    const StepCall *call = context;
    ParaBatch *batch = call->batch;
    int first = task * PARA_ENV_BLOCK, count = block_count(batch, task), at = action_count(batch, first);
    float wish[BLOCK_ACTIONS];
    if (call->actions)
        widen(batch, call->actions + at, count, wish);
    Block block = {batch, first, worker, obs_at(batch, batch->obs, first)};
    step_block(&block, count, call->actions ? wish : call->forces + at);
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
