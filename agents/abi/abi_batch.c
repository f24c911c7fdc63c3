// SPDX-License-Identifier: MIT
// Making and freeing batches: the def is checked, blocks are laid out, the action table is written.
#include "agents/abi/abi_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH_BLOCK  ((size_t)64 << 10)  // [byte]
#define BATCH_MAX    ((size_t)1 << 40)   // [byte] bound on all blocks of a batch
#define WORLD_GUESS  ((size_t)512 << 10) // [byte] of one world and its level
#define FAMILIES_MAX 64
#define THREADS_MAX  256
#define CHOICES_MAX  256 // more combinations than these: one channel at a time

// ---------------------------------------------------------------------------------------------
// The def.

bool para_abi_solver(int32_t wish, ParaSolverKind *out)
{
    static const ParaSolverKind kinds[] = {[PARA_ABI_SOLVER_AUTO] = PARA_SOLVER_AUTO,
                                           [PARA_ABI_SOLVER_CHIPMUNK] = PARA_SOLVER_CHIPMUNK,
                                           [PARA_ABI_SOLVER_LANES] = PARA_SOLVER_LANES};
    if (wish < 0 || wish >= (int32_t)(sizeof kinds / sizeof *kinds)) {
        para_abi_fail(PARA_ABI_INVALID, "no solver %d", wish);
        return false;
    }
    *out = kinds[wish];
    return true;
}

static bool check_def(const ParaAbiBatchDef *def)
{
    ParaSolverKind solver;
    if (!def || def->size != sizeof *def)
        para_abi_fail(PARA_ABI_INVALID, "no batch def, or a struct of another version");
    else if (def->envs < 1 || def->envs > PARA_ABI_ENVS_MAX)
        para_abi_fail(PARA_ABI_INVALID, "%d envs; there must be 1 to %d", def->envs, PARA_ABI_ENVS_MAX);
    else if (def->obs < PARA_ABI_OBS_ENTITIES || def->obs > PARA_ABI_OBS_PIXELS)
        para_abi_fail(PARA_ABI_INVALID, "no observation form %d", def->obs);
    else if (def->actions < PARA_ABI_ACT_MULTI_DISCRETE || def->actions > PARA_ABI_ACT_CONTINUOUS)
        para_abi_fail(PARA_ABI_INVALID, "no action form %d", def->actions);
    else if (!para_abi_solver(def->solver, &solver))
        return false;
    else if (def->autoreset < PARA_ABI_NEXT_STEP || def->autoreset > PARA_ABI_DISABLED)
        para_abi_fail(PARA_ABI_INVALID, "no autoreset mode %d", def->autoreset);
    else if (def->threads < 0 || def->threads > THREADS_MAX)
        para_abi_fail(PARA_ABI_INVALID, "%d threads; there may be 0 (one per CPU) to %d", def->threads,
                      THREADS_MAX);
    else if (def->max_decisions < 0)
        para_abi_fail(PARA_ABI_INVALID, "at most %d decisions make no episode", def->max_decisions);
    else if (def->family_count < 1 || def->family_count > FAMILIES_MAX || !def->families)
        para_abi_fail(PARA_ABI_INVALID, "%d families; there must be 1 to %d", def->family_count,
                      FAMILIES_MAX);
    else if (def->obs == PARA_ABI_OBS_VECTOR && def->family_count > 1)
        para_abi_fail(PARA_ABI_INVALID, "the vector observation has a layout of one family; use entities");
    else if (def->obs == PARA_ABI_OBS_PIXELS &&
             (def->width < 16 || def->height < 16 || def->width > 512 || def->height > 512))
        para_abi_fail(PARA_ABI_INVALID, "pixels of %d x %d; each side must be 16 to 512", def->width,
                      def->height);
    else
        return true;
    return false;
}

static bool check_families(const ParaAbiBatchDef *def)
{
    for (int f = 0; f < def->family_count; f++)
        if (!def->families[f]) {
            para_abi_fail(PARA_ABI_INVALID, "family %d is NULL", f);
            return false;
        }
    return true;
}

static ParaObsSpec obs_spec(const ParaAbiBatchDef *def)
{
    ParaObsSpec spec = para_obs_spec_entities();
    if (def->obs == PARA_ABI_OBS_VECTOR)
        return def->families[0]->vector;
    if (def->obs == PARA_ABI_OBS_RAYS) // the globals alone: what the player feels of itself, and its rays
        return (ParaObsSpec){
            .kind = PARA_OBS_VECTOR, .global_size = spec.global_size, .size = spec.global_size};
    if (def->obs == PARA_ABI_OBS_PIXELS)
        spec.size = 0;
    return spec;
}

// ---------------------------------------------------------------------------------------------
// Actions.

// Values of a channel: nothing, forward and, where it differs from nothing, backward.
static int values_of(const ParaAbiBlocks *blocks, int channel)
{
    return blocks->negative_bits >> channel & 1 ? 3 : 2;
}

static float value_at(int index) { return index == 2 ? -1.0f : (float)index; }

// Every combination, the first channel fastest, or, where those are too many, one channel at a time;
// choice 0 does nothing.
static float *action_table(ParaAbiBatch *batch, int *out_count)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    int product = 1, sum = 1;
    for (int c = 0; c < blocks->channel_count; c++) {
        product *= values_of(blocks, batch->channels[c]);
        sum += values_of(blocks, batch->channels[c]) - 1;
    }
    bool all = product <= CHOICES_MAX;
    int count = all ? product : sum;
    float *table = PARA_NEW(batch->arena, float, count *PARA_CHANNELS);
    for (int row = 0, rest = 1; row < count; row++) {
        float *action = table + row * PARA_CHANNELS;
        rest = row;
        for (int c = 0; c < blocks->channel_count; c++) {
            int values = values_of(blocks, batch->channels[c]);
            if (all) {
                action[batch->channels[c]] = value_at(rest % values);
                rest /= values;
            } else if (rest > 0) {
                if (rest < values)
                    action[batch->channels[c]] = value_at(rest);
                rest = rest < values ? 0 : rest - (values - 1);
            }
        }
    }
    *out_count = count;
    return table;
}

static void find_channels(ParaAbiBatch *batch)
{
    ParaAbiBlocks *blocks = &batch->blocks;
    for (int f = 0; f < batch->def.family_count; f++) {
        blocks->channel_bits |= batch->def.families[f]->channel_bits;
        blocks->negative_bits |= batch->def.families[f]->negative_bits;
    }
    for (int c = 0; c < PARA_CHANNELS; c++)
        if (blocks->channel_bits >> c & 1)
            batch->channels[blocks->channel_count++] = c;
}

// ---------------------------------------------------------------------------------------------
// Memory.

static size_t bytes_wanted(const ParaAbiBatch *batch)
{
    size_t floats = 2 * (size_t)batch->obs.size + 4 * PARA_CHANNELS;
    size_t pixels = batch->def.obs == PARA_ABI_OBS_PIXELS
                        ? 2 * 3 * (size_t)batch->def.width * (size_t)batch->def.height
                        : 0;
    return (size_t)batch->def.envs * (floats * sizeof(float) + pixels + sizeof(Slot) + 1024);
}

static void lay_out(ParaAbiBatch *batch)
{
    ParaAbiBlocks *blocks = &batch->blocks;
    ParaArena *arena = batch->arena;
    size_t envs = (size_t)batch->def.envs, o = (size_t)batch->obs.size;
    size_t c = (size_t)blocks->channel_count;
    bool pixels = batch->def.obs == PARA_ABI_OBS_PIXELS, same = batch->def.autoreset == PARA_ABI_SAME_STEP;
    size_t picture = pixels ? 3 * (size_t)batch->def.width * (size_t)batch->def.height : 0;
    blocks->size = sizeof *blocks;
    blocks->envs = batch->def.envs;
    blocks->obs_size = batch->obs.size;
    blocks->global_size = batch->obs.global_size;
    blocks->row_max = batch->obs.row_max;
    blocks->row_size = batch->obs.row_size;
    if (pixels) {
        blocks->pixels = PARA_NEW(arena, uint8_t, envs * picture);
        blocks->final_pixels = same ? PARA_NEW(arena, uint8_t, envs * picture) : NULL;
    } else {
        blocks->obs = PARA_NEW(arena, float, envs *o);
        blocks->final_obs = same ? PARA_NEW(arena, float, envs *o) : NULL;
    }
    size_t columns = batch->def.actions == PARA_ABI_ACT_DISCRETE ? 1 : c;
    if (batch->def.actions == PARA_ABI_ACT_CONTINUOUS) {
        batch->action_bytes = envs * c * sizeof(float);
        blocks->forces = para_arena_alloc(arena, batch->action_bytes);
        batch->forces = para_arena_alloc(arena, batch->action_bytes);
    } else {
        batch->action_bytes = envs * columns * sizeof(int64_t);
        blocks->choices = para_arena_alloc(arena, batch->action_bytes);
        batch->choices = para_arena_alloc(arena, batch->action_bytes);
    }
    blocks->reward = PARA_NEW(arena, double, envs);
    blocks->terminated = PARA_NEW(arena, uint8_t, envs);
    blocks->truncated = PARA_NEW(arena, uint8_t, envs);
    blocks->reports = PARA_NEW(arena, ParaAbiReport, envs);
    if (batch->def.actions == PARA_ABI_ACT_DISCRETE)
        blocks->table = action_table(batch, &blocks->choice_count);
}

static bool open_slots(ParaAbiBatch *batch)
{
    batch->group = para_world_group_create(batch->solver, batch->def.envs);
    if (!batch->group)
        return false;
    batch->slots = PARA_NEW(batch->arena, Slot, batch->def.envs);
    for (int b = 0; b < batch->def.envs; b++) {
        Slot *slot = &batch->slots[b];
        para_env_init(&slot->env, para_world_at(batch->group, b), false);
        if (!slot->env.arena)
            return false;
        slot->rng = para_rng_make((uint64_t)b, "level");
    }
    return true;
}

// A canvas for each worker, where observations are pictures.
static bool open_canvases(ParaAbiBatch *batch)
{
    if (batch->def.obs != PARA_ABI_OBS_PIXELS)
        return true;
    batch->canvas_count = batch->def.threads;
    batch->canvases = PARA_NEW(batch->arena, Canvas, batch->canvas_count);
    for (int i = 0; i < batch->canvas_count; i++)
        if (!para_abi_canvas_open(&batch->canvases[i], batch->def.width, batch->def.height))
            return false;
    return true;
}

static int threads_of(int32_t wish)
{
    long online = wish > 0 ? wish : sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > THREADS_MAX ? THREADS_MAX : (int)online;
}

// Blocks and worlds must fit the machine: what is handed out beyond it ends in the kernel's hands. A guess
// for the worlds, which are only built at the first reset.
static bool fits_machine(const ParaAbiBatch *batch)
{
    double wanted = (double)bytes_wanted(batch) + (double)batch->def.envs * (double)WORLD_GUESS;
    double there = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (wanted < there && wanted < (double)BATCH_MAX)
        return true;
    para_abi_fail(PARA_ABI_MEMORY, "%d envs want about %.1f GB; this machine has %.1f GB", batch->def.envs,
                  wanted * 1e-9, there * 1e-9);
    return false;
}

static bool fill(ParaAbiBatch *batch, const ParaAbiBatchDef *def)
{
    para_abi_fail(PARA_ABI_MEMORY, "no memory for %d envs", def->envs); // unless something says more
    batch->arena = para_arena_create(BATCH_BLOCK, BATCH_MAX);
    if (!batch->arena)
        return false;
    batch->def = *def;
    ParaAbiFamily **families = PARA_NEW(batch->arena, ParaAbiFamily *, def->family_count);
    for (int f = 0; f < def->family_count; f++) {
        families[f] = def->families[f];
        para_abi_family_keep(families[f]);
    }
    batch->def.families = families;
    batch->def.threads = threads_of(def->threads);
    if (!para_abi_solver(def->solver, &batch->solver))
        return false;
    batch->obs = obs_spec(&batch->def);
    find_channels(batch);
    if (!fits_machine(batch))
        return false;
    lay_out(batch);
    return open_slots(batch) && open_canvases(batch);
}

ParaAbiBatch *para_abi_batch_create(const ParaAbiBatchDef *def)
{
    if (!check_def(def) || !check_families(def))
        return NULL;
    ParaAbiBatch *batch = calloc(1, sizeof *batch);
    if (batch && fill(batch, def)) {
        atomic_flag_clear(&batch->busy);
        return batch;
    }
    if (!batch)
        para_abi_fail(PARA_ABI_MEMORY, "no memory for %d envs", def->envs);
    para_abi_batch_free(batch);
    return NULL;
}

void para_abi_batch_free(ParaAbiBatch *batch)
{
    if (!batch)
        return;
    if (batch->workers && batch->workers_of == getpid()) // a parent's threads do not exist here
        para_workers_destroy(batch->workers);
    for (int b = 0; batch->slots && b < batch->def.envs; b++) {
        Slot *slot = &batch->slots[b];
        para_abi_level_free(slot->playing);
        para_abi_level_free(slot->source.level);
        para_env_destroy(&slot->env);
    }
    for (int i = 0; i < batch->canvas_count; i++)
        para_abi_canvas_close(&batch->canvases[i]);
    if (batch->group)
        para_world_group_destroy(batch->group);
    for (int f = 0; batch->arena && batch->def.families && f < batch->def.family_count; f++)
        para_abi_family_free(batch->def.families[f]);
    if (batch->arena)
        para_arena_destroy(batch->arena);
    free(batch);
}

int32_t para_abi_batch_blocks(const ParaAbiBatch *batch, ParaAbiBlocks *out)
{
    if (!batch || !out || out->size != sizeof *out)
        return para_abi_fail(PARA_ABI_INVALID, "blocks: no batch, or a struct of another version");
    *out = batch->blocks;
    return PARA_ABI_OK;
}

uint64_t para_abi_batch_bytes_per_env(ParaAbiBatch *batch)
{
    if (!batch)
        return 0;
    size_t total = bytes_wanted(batch);
    for (int b = 0; b < batch->def.envs; b++) {
        const Slot *slot = &batch->slots[b];
        total += para_arena_used(slot->env.arena);
        total += slot->state == SLOT_EMPTY ? 0 : para_world_bytes(slot->env.world); // not built yet
    }
    return total / (size_t)batch->def.envs;
}

uint64_t para_abi_batch_world_steps(const ParaAbiBatch *batch)
{
    uint64_t total = 0;
    for (int b = 0; batch && b < batch->def.envs; b++)
        total += (uint64_t)batch->slots[b].env.world_steps;
    return total;
}
