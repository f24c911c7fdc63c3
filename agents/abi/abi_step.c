// SPDX-License-Identifier: MIT
// Resets and steps of a batch, with the three ways in which an ended env may go on.
#include "agents/abi/abi_parts.h"
#include "agents/env/decision.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define BLOCK PARA_ENV_BLOCK // envs of one task

bool para_abi_batch_enter(ParaAbiBatch *batch)
{
    if (!batch) {
        para_abi_fail(PARA_ABI_INVALID, "no batch");
        return false;
    }
    if (atomic_flag_test_and_set(&batch->busy)) {
        para_abi_fail(PARA_ABI_STATE, "another thread is using these envs; one may at a time");
        return false;
    }
    return true;
}

void para_abi_batch_leave(ParaAbiBatch *batch) { atomic_flag_clear(&batch->busy); }

bool para_abi_slot_ready(const ParaAbiBatch *batch, int32_t env)
{
    if (env < 0 || env >= batch->def.envs)
        para_abi_fail(PARA_ABI_INVALID, "no env %d; there are %d", env, batch->def.envs);
    else if (batch->slots[env].state == SLOT_EMPTY)
        para_abi_fail(PARA_ABI_STATE, "env %d has no episode yet: call reset first", env);
    else
        return true;
    return false;
}

// Runs a task over blocks of envs, on the batch's own threads where it has more than one.
static bool run(ParaAbiBatch *batch, ParaTask *task, void *context)
{
    int tasks = (batch->def.envs + BLOCK - 1) / BLOCK;
    if (batch->def.threads == 1 || tasks == 1) {
        for (int t = 0; t < tasks; t++)
            task(context, t, 0);
        return true;
    }
    if (!batch->workers || batch->workers_of != getpid()) { // first use, or a child after a fork
        batch->workers = para_workers_create(batch->def.threads);
        batch->workers_of = getpid();
    }
    if (!batch->workers) {
        para_abi_fail(PARA_ABI_MEMORY, "no memory for worker threads");
        return false;
    }
    para_workers_run(batch->workers, task, context, tasks);
    return true;
}

// ---------------------------------------------------------------------------------------------
// Beginning an episode.

ParaArena *para_abi_slot_clear(Slot *slot)
{
    para_abi_level_free(slot->playing);
    slot->playing = NULL;
    slot->state = SLOT_EMPTY;
    return para_env_level_arena(&slot->env);
}

// Draws values within the source's ranges. What it leaves open is drawn as a plain sample would.
static void draw_values(const Source *source, const ParaTemplate *t, ParaPick *pick)
{
    ParaRng open = para_rng_make(pick->seed, "params"), ranged = para_rng_make(pick->seed, "ranges");
    para_template_draw(t, &open, pick->values);
    pick->bound = true;
    for (int p = 0; p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        double low = source->low[p], high = source->high[p];
        if (isnan(low))
            continue;
        if (param->integer)
            pick->values[p] = (double)para_rng_int(&ranged, (int64_t)ceil(low), (int64_t)floor(high));
        else
            pick->values[p] = low < high ? para_rng_range(&ranged, low, high) : low;
    }
}

static const ParaLevel *next_level(ParaAbiBatch *batch, int b)
{
    Slot *slot = &batch->slots[b];
    const Source *source = &slot->source;
    ParaArena *arena = para_abi_slot_clear(slot);
    if (source->level) {
        slot->playing = source->level;
        para_abi_level_keep(slot->playing);
        return slot->playing->level;
    }
    const ParaFamilies *one = &batch->def.families[b % batch->def.family_count]->one;
    ParaPick pick = {.seed = source->fixed_seed ? source->seed : para_rng_u64(&slot->rng) >> 1};
    if (source->ranged)
        draw_values(source, one->templates[0], &pick);
    return para_families_sample(one, &pick, "", arena);
}

bool para_abi_slot_begin(ParaAbiBatch *batch, int b)
{
    Slot *slot = &batch->slots[b];
    const ParaLevel *level = next_level(batch, b);
    slot->failed = !level || !para_env_begin(&slot->env, level, "");
    slot->refused[0] = '\0';
    if (slot->failed && level)
        para_solver_fits(batch->solver, &level->world, slot->refused, sizeof slot->refused);
    slot->state = slot->failed ? SLOT_EMPTY : SLOT_RUNNING;
    return !slot->failed;
}

void para_abi_slot_observe(ParaAbiBatch *batch, int b, int worker, bool final)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    const ParaEnv *env = &batch->slots[b].env;
    if (batch->def.obs == PARA_ABI_OBS_PIXELS) {
        size_t picture = 3 * (size_t)batch->def.width * (size_t)batch->def.height;
        uint8_t *out = final ? blocks->final_pixels : blocks->pixels;
        para_abi_canvas_draw(&batch->canvases[worker], env, out + (size_t)b * picture);
        return;
    }
    float *out = final ? blocks->final_obs : blocks->obs;
    para_observe(&batch->obs, env->level, &env->play, 0, env->world,
                 out + (size_t)b * (size_t)batch->obs.size);
}

typedef struct Call {
    ParaAbiBatch *batch;
    const uint8_t *mask;
    atomic_int ended, failed; ///< how many
} Call;

static void reset_env(Call *call, int b, int worker)
{
    ParaAbiBatch *batch = call->batch;
    batch->blocks.reward[b] = 0;
    batch->blocks.terminated[b] = batch->blocks.truncated[b] = 0;
    if (para_abi_slot_begin(batch, b))
        para_abi_slot_observe(batch, b, worker, false);
    else
        atomic_fetch_add_explicit(&call->failed, 1, memory_order_relaxed);
}

static void reset_block(void *context, int task, int worker)
{
    Call *call = context;
    int envs = call->batch->def.envs, end = (task + 1) * BLOCK < envs ? (task + 1) * BLOCK : envs;
    for (int b = task * BLOCK; b < end; b++)
        if (!call->mask || call->mask[b])
            reset_env(call, b, worker);
}

static int32_t tell_failed(const ParaAbiBatch *batch)
{
    for (int b = 0; b < batch->def.envs; b++)
        if (batch->slots[b].failed)
            return para_abi_fail(PARA_ABI_LEVEL,
                                 "env %d: no level of %s could be made with what it was given%s%s%s", b,
                                 batch->def.families[b % batch->def.family_count]->one.names[0],
                                 *batch->slots[b].refused ? ": " : "", batch->slots[b].refused,
                                 *batch->slots[b].refused ? "; the solver auto runs it on chipmunk" : "");
    return PARA_ABI_OK;
}

int32_t para_abi_batch_reset(ParaAbiBatch *batch, const uint8_t *mask, const uint64_t *seeds)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    for (int b = 0; seeds && b < batch->def.envs; b++)
        if (!mask || mask[b])
            batch->slots[b].rng = para_rng_make(seeds[b], "level");
    Call call = {.batch = batch, .mask = mask};
    int32_t code = run(batch, reset_block, &call) ? PARA_ABI_OK : PARA_ABI_MEMORY;
    if (atomic_load(&call.failed) > 0)
        code = tell_failed(batch);
    para_abi_batch_leave(batch);
    return code;
}

// ---------------------------------------------------------------------------------------------
// Stepping.

static void take_actions(ParaAbiBatch *batch)
{
    if (batch->forces)
        memcpy(batch->forces, batch->blocks.forces, batch->action_bytes);
    else
        memcpy(batch->choices, batch->blocks.choices, batch->action_bytes);
}

static int32_t check_choices(const ParaAbiBatch *batch)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    bool single = batch->def.actions == PARA_ABI_ACT_DISCRETE;
    int columns = single ? 1 : blocks->channel_count;
    for (int b = 0; b < batch->def.envs; b++)
        for (int c = 0; c < columns; c++) {
            int64_t value = batch->choices[b * columns + c];
            int count =
                single ? blocks->choice_count : (blocks->negative_bits >> batch->channels[c] & 1 ? 3 : 2);
            if (value < 0 || value >= count)
                return para_abi_fail(PARA_ABI_ACTION, "action %lld of env %d, entry %d; it must be 0 to %d",
                                     (long long)value, b, c, count - 1);
        }
    return PARA_ABI_OK;
}

static int32_t check_forces(const ParaAbiBatch *batch)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    for (int b = 0; b < batch->def.envs; b++)
        for (int c = 0; c < blocks->channel_count; c++) {
            float value = batch->forces[b * blocks->channel_count + c];
            if (!(value >= -1.0f && value <= 1.0f)) // NaN too
                return para_abi_fail(PARA_ABI_ACTION, "action %g of env %d, entry %d; it must be -1 to 1",
                                     (double)value, b, c);
        }
    return PARA_ABI_OK;
}

static int32_t check_slots(const ParaAbiBatch *batch)
{
    for (int b = 0; b < batch->def.envs; b++) {
        if (batch->slots[b].state == SLOT_EMPTY)
            return para_abi_fail(PARA_ABI_STATE, "env %d has no episode yet: call reset first", b);
        if (batch->slots[b].state == SLOT_OVER && batch->def.autoreset == PARA_ABI_DISABLED)
            return para_abi_fail(PARA_ABI_STATE, "the episode of env %d is over: call reset", b);
    }
    return PARA_ABI_OK;
}

// The action of env `b` on all channels.
static void read_action(const ParaAbiBatch *batch, int b, float *out)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    if (batch->def.actions == PARA_ABI_ACT_DISCRETE) {
        memcpy(out, blocks->table + batch->choices[b] * PARA_CHANNELS, sizeof(float) * PARA_CHANNELS);
        return;
    }
    memset(out, 0, sizeof(float) * PARA_CHANNELS);
    int columns = blocks->channel_count;
    for (int c = 0; c < columns; c++) {
        int channel = batch->channels[c];
        if (batch->def.actions == PARA_ABI_ACT_CONTINUOUS)
            out[channel] = batch->forces[b * columns + c];
        else
            out[channel] = (float)(batch->choices[b * columns + c] - (blocks->negative_bits >> channel & 1));
    }
}

static int32_t solver_of(const ParaEnv *env)
{
    return para_world_solver(env->world) == PARA_SOLVER_LANES ? PARA_ABI_SOLVER_LANES
                                                              : PARA_ABI_SOLVER_CHIPMUNK;
}

static ParaAbiReport report_of(const ParaEnv *env)
{
    static const ParaAbiEnd ends[] = {[PARA_PLAY_ON] = PARA_ABI_END_CUT,
                                      [PARA_PLAY_SOLVED] = PARA_ABI_END_SOLVED,
                                      [PARA_PLAY_FAILED] = PARA_ABI_END_FAILED,
                                      [PARA_PLAY_TIMEOUT] = PARA_ABI_END_TIMEOUT,
                                      [PARA_PLAY_DIVERGED] = PARA_ABI_END_DIVERGED};
    return (ParaAbiReport){.level_hash = env->level->hash,
                           .level_seed = env->level->seed,
                           .total_reward = (double)env->total_reward,
                           .end = (int32_t)ends[env->play.status],
                           .decisions = env->decisions,
                           .seconds = (float)para_world_view(env->world)->time,
                           .progress = env->play.players[0].progress,
                           .solver = solver_of(env)};
}

// The episode of env `b` is over; with SAME_STEP the next one begins at once.
static void end_episode(Call *call, int b, int worker)
{
    ParaAbiBatch *batch = call->batch;
    batch->blocks.reports[b] = report_of(&batch->slots[b].env);
    atomic_fetch_add_explicit(&call->ended, 1, memory_order_relaxed);
    if (batch->def.autoreset != PARA_ABI_SAME_STEP) {
        batch->slots[b].state = SLOT_OVER;
        para_abi_slot_observe(batch, b, worker, false);
        return;
    }
    para_abi_slot_observe(batch, b, worker, true);
    if (para_abi_slot_begin(batch, b))
        para_abi_slot_observe(batch, b, worker, false);
    else
        atomic_fetch_add_explicit(&call->failed, 1, memory_order_relaxed);
}

typedef struct Block {
    Call *call;
    int first, worker;
} Block;

// Env i of the block has made its decision: what it tells, and how it goes on.
static void settle(void *context, int i)
{
    const Block *block = context;
    Call *call = block->call;
    ParaAbiBatch *batch = call->batch;
    int b = block->first + i, worker = block->worker;
    const ParaEnv *env = &batch->slots[b].env;
    bool terminated = para_env_terminated(env);
    bool cut = batch->def.max_decisions > 0 && env->decisions >= batch->def.max_decisions;
    batch->blocks.reward[b] = (double)env->play.players[0].reward;
    batch->blocks.terminated[b] = terminated;
    batch->blocks.truncated[b] = !terminated && (cut || para_env_truncated(env));
    if (terminated || batch->blocks.truncated[b])
        end_episode(call, b, worker);
    else
        para_abi_slot_observe(batch, b, worker, false);
}

static void step_block(void *context, int task, int worker)
{
    Call *call = context;
    ParaAbiBatch *batch = call->batch;
    int first = task * BLOCK, left = batch->def.envs - first, count = left < BLOCK ? left : BLOCK;
    ParaEnv *envs[BLOCK] = {NULL};
    float actions[BLOCK * PARA_CHANNELS] = {0};
    for (int i = 0; i < count; i++) {
        Slot *slot = &batch->slots[first + i];
        envs[i] = slot->state == SLOT_RUNNING ? &slot->env : NULL;
        if (envs[i])
            read_action(batch, first + i, actions + i * PARA_CHANNELS);
    }
    Block block = {call, first, worker};
    para_decision_make(envs, actions, count, settle, &block);
    for (int i = 0; i < count; i++)
        if (!envs[i]) // NEXT_STEP: this step is the reset
            reset_env(call, first + i, worker);
}

int32_t para_abi_batch_step(ParaAbiBatch *batch)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    take_actions(batch);
    int32_t code = check_slots(batch);
    if (code == PARA_ABI_OK)
        code = batch->def.actions == PARA_ABI_ACT_CONTINUOUS ? check_forces(batch) : check_choices(batch);
    if (code == PARA_ABI_OK) {
        Call call = {.batch = batch};
        code = run(batch, step_block, &call) ? atomic_load(&call.ended) : PARA_ABI_MEMORY;
        if (atomic_load(&call.failed) > 0)
            code = tell_failed(batch);
    }
    para_abi_batch_leave(batch);
    return code;
}
