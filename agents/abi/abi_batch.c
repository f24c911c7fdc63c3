// SPDX-License-Identifier: MIT
// Making and freeing batches: the def is checked, blocks are laid out, the action table is written.
#include "agents/abi/abi_parts.h"

#include "engine/base/platform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    else if (def->obs < PARA_ABI_OBS_ENTITIES || def->obs > PARA_ABI_OBS_LISTED)
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
    else if (def->toybox < 0 || def->toybox > 1)
        para_abi_fail(PARA_ABI_INVALID, "toybox must be 0 or 1, not %d", def->toybox);
    else if (!(def->surprises >= 0 && def->surprises <= PARA_SURPRISES_MOST))
        para_abi_fail(PARA_ABI_INVALID, "%g surprises in ten seconds; there may be 0 to %.0f", def->surprises,
                      PARA_SURPRISES_MOST);
    else if (def->family_count < 1 || def->family_count > FAMILIES_MAX || !def->families)
        para_abi_fail(PARA_ABI_INVALID, "%d families; there must be 1 to %d", def->family_count,
                      FAMILIES_MAX);
    else if (def->obs == PARA_ABI_OBS_VECTOR && def->family_count > 1)
        para_abi_fail(PARA_ABI_INVALID, "the vector observation has a layout of one family; use entities");
    else if (def->obs == PARA_ABI_OBS_LISTED && def->family_count > 1)
        para_abi_fail(PARA_ABI_INVALID, "the listed observation is of one family; use entities");
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
    for (int f = 0; f < def->family_count; f++) {
        if (!def->families[f])
            para_abi_fail(PARA_ABI_INVALID, "family %d is NULL", f);
        else if (def->obs == PARA_ABI_OBS_PIXELS && def->families[f]->players > 1)
            para_abi_fail(PARA_ABI_INVALID, "pixels are of one player's eye; use entities");
        else if (def->obs == PARA_ABI_OBS_LISTED && def->families[f]->observe_count == 0)
            para_abi_fail(PARA_ABI_INVALID, "this family lists nothing to observe; give it an \"observe\"");
        else
            continue;
        return false;
    }
    return true;
}

static ParaObsSpec obs_spec(const ParaAbiBatchDef *def)
{
    ParaObsSpec spec = para_obs_spec_entities();
    if (def->obs == PARA_ABI_OBS_VECTOR)
        return def->families[0]->vector;
    if (def->obs == PARA_ABI_OBS_LISTED)
        return para_obs_spec_listed(def->families[0]->observe_count);
    if (def->obs == PARA_ABI_OBS_RAYS)
        return para_obs_spec_globals();
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

// The choices that a family lists itself.
static float *listed_moves(ParaAbiBatch *batch, int *out_count)
{
    const ParaAbiFamily *family = batch->def.families[0];
    float *table = PARA_NEW(batch->arena, float, family->move_count *PARA_CHANNELS);
    for (int m = 0; m < family->move_count; m++)
        memcpy(table + (size_t)m * PARA_CHANNELS, family->moves[m].action, sizeof family->moves[m].action);
    *out_count = family->move_count;
    return table;
}

// Every combination, the first channel fastest, or, where those are too many, one channel at a time;
// choice 0 does nothing.
static float *action_table(ParaAbiBatch *batch, int *out_count)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    int product = 1, sum = 1;
    if (batch->def.family_count == 1 && batch->def.families[0]->move_count > 0)
        return listed_moves(batch, out_count);
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

static void find_players_and_channels(ParaAbiBatch *batch)
{
    ParaAbiBlocks *blocks = &batch->blocks;
    for (int f = 0; f < batch->def.family_count; f++) {
        blocks->channel_bits |= batch->def.families[f]->channel_bits;
        blocks->negative_bits |= batch->def.families[f]->negative_bits;
        if (batch->def.families[f]->players > blocks->players)
            blocks->players = batch->def.families[f]->players;
    }
    for (int c = 0; c < PARA_CHANNELS; c++)
        if (blocks->channel_bits >> c & 1)
            batch->channels[blocks->channel_count++] = c;
}

// ---------------------------------------------------------------------------------------------
// Memory.

// What is ours beside the batch's own blocks.
static size_t bytes_wanted(const ParaAbiBatch *batch, const ParaBatchDef *def)
{
    size_t player = 2 * PARA_CHANNELS * sizeof(int64_t) + sizeof(double) + sizeof(ParaAbiReport);
    size_t rows = (size_t)batch->def.envs * (size_t)batch->blocks.players;
    return para_batch_bytes(def) + rows * player + (size_t)batch->def.envs * sizeof(ParaAbiLevel *);
}

static ParaBatchDef batch_def(const ParaAbiBatch *batch, ParaSolverKind solver)
{
    static const ParaAutoreset modes[] = {[PARA_ABI_NEXT_STEP] = PARA_AUTORESET_NEXT_STEP,
                                          [PARA_ABI_SAME_STEP] = PARA_AUTORESET_SAME_STEP,
                                          [PARA_ABI_DISABLED] = PARA_AUTORESET_DISABLED};
    const ParaAbiBatchDef *def = &batch->def;
    bool pixels = def->obs == PARA_ABI_OBS_PIXELS;
    return (ParaBatchDef){.solver = solver,
                          .envs = def->envs,
                          .players = batch->blocks.players,
                          .obs = obs_spec(def),
                          .picture_width = pixels ? def->width : 0,
                          .picture_height = pixels ? def->height : 0,
                          .workers = def->threads,
                          .autoreset = modes[def->autoreset],
                          .max_decisions = def->max_decisions,
                          .families = &batch->families,
                          .maker = "",
                          .surprises = def->surprises};
}

// The blocks that are the batch's own.
static void show_blocks(ParaAbiBatch *batch)
{
    ParaAbiBlocks *blocks = &batch->blocks;
    const ParaBatch *inner = batch->batch;
    bool pixels = batch->def.obs == PARA_ABI_OBS_PIXELS;
    blocks->size = sizeof *blocks;
    blocks->envs = batch->def.envs;
    blocks->obs_size = inner->def.obs.size;
    blocks->global_size = inner->def.obs.global_size;
    blocks->row_max = inner->def.obs.row_max;
    blocks->row_size = inner->def.obs.row_size;
    blocks->obs = pixels ? NULL : inner->obs;
    blocks->final_obs = pixels ? NULL : inner->final_obs;
    blocks->pixels = pixels ? inner->pixels : NULL;
    blocks->final_pixels = pixels ? inner->final_pixels : NULL;
    blocks->terminated = inner->terminated;
    blocks->truncated = inner->truncated;
    blocks->over = inner->over;
    blocks->live = inner->live;
}

// The blocks that hold what the batch has in another form.
static void lay_out(ParaAbiBatch *batch)
{
    ParaAbiBlocks *blocks = &batch->blocks;
    ParaArena *arena = batch->arena;
    size_t envs = (size_t)batch->def.envs, columns = (size_t)blocks->channel_count;
    size_t rows = envs * (size_t)blocks->players;
    if (batch->def.actions == PARA_ABI_ACT_CONTINUOUS)
        blocks->forces = PARA_NEW(arena, float, rows *columns);
    else if (batch->def.actions == PARA_ABI_ACT_DISCRETE)
        blocks->choices = PARA_NEW(arena, int64_t, rows);
    else
        blocks->choices = PARA_NEW(arena, int64_t, rows * columns);
    batch->actions = PARA_NEW(arena, float, rows *PARA_CHANNELS);
    batch->pinned = PARA_NEW(arena, ParaAbiLevel *, envs);
    blocks->reward = PARA_NEW(arena, double, rows);
    blocks->reports = PARA_NEW(arena, ParaAbiReport, rows);
    if (batch->def.actions == PARA_ABI_ACT_DISCRETE)
        blocks->table = action_table(batch, &blocks->choice_count);
}

// Our own list of families: kept as long as the batch, one list for its envs.
static void keep_families(ParaAbiBatch *batch, ParaSolverKind solver)
{
    int count = batch->def.family_count;
    ParaAbiFamily **list = PARA_NEW(batch->arena, ParaAbiFamily *, count);
    batch->families = (ParaFamilies){.count = count,
                                     .names = PARA_NEW(batch->arena, const char *, count),
                                     .templates = PARA_NEW(batch->arena, const ParaTemplate *, count)};
    for (int f = 0; f < count; f++) {
        list[f] = batch->def.families[f];
        para_abi_family_keep(list[f]);
        batch->families.names[f] = list[f]->one.names[0];
        batch->families.templates[f] = list[f]->one.templates[0];
    }
    batch->def.families = list;
    batch->families.toybox = batch->def.toybox || batch->def.surprises > 0;
    batch->families.solver = solver;
}

static int threads_of(int32_t wish)
{
    int online = wish > 0 ? wish : para_cpu_count();
    return online > THREADS_MAX ? THREADS_MAX : online;
}

// Blocks and worlds must fit the machine: what is handed out beyond it ends in the kernel's hands. A guess
// for the worlds, which are only built at the first reset.
static bool fits_machine(const ParaAbiBatch *batch, const ParaBatchDef *def)
{
    double wanted = (double)bytes_wanted(batch, def) + (double)def->envs * (double)WORLD_GUESS;
    double there = (double)para_memory_installed();
    if ((there == 0 || wanted < there) && wanted < (double)BATCH_MAX)
        return true;
    para_abi_fail(PARA_ABI_MEMORY, "%d envs want about %.1f GB; this machine has %.1f GB", def->envs,
                  wanted * 1e-9, there * 1e-9);
    return false;
}

static bool fill(ParaAbiBatch *batch, const ParaAbiBatchDef *def)
{
    ParaSolverKind solver;
    if (!para_abi_solver(def->solver, &solver))
        return false;
    para_abi_fail(PARA_ABI_MEMORY, "no memory for %d envs", def->envs); // unless something says more
    batch->arena = para_arena_create(BATCH_BLOCK, BATCH_MAX);
    if (!batch->arena)
        return false;
    batch->def = *def;
    batch->def.threads = threads_of(def->threads);
    keep_families(batch, solver);
    find_players_and_channels(batch);
    ParaBatchDef inner = batch_def(batch, solver);
    if (!fits_machine(batch, &inner))
        return false;
    lay_out(batch);
    batch->batch = para_batch_create(&inner, batch->arena);
    if (!batch->batch)
        return false;
    show_blocks(batch);
    for (int b = 0; b < def->envs; b++)
        batch->batch->level_rng[b] = para_rng_make((uint64_t)b, "level");
    return true;
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
    if (batch->workers && batch->workers_of == para_process_id()) // a parent's threads do not exist here
        para_workers_destroy(batch->workers);
    for (int b = 0; batch->pinned && b < batch->def.envs; b++)
        para_abi_level_free(batch->pinned[b]);
    para_batch_destroy(batch->batch);
    for (int f = 0; f < batch->families.count; f++)
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
    const ParaBatchDef *def = &batch->batch->def;
    size_t own = bytes_wanted(batch, def) - para_batch_bytes(def);
    return para_batch_bytes_per_env(batch->batch) + own / (size_t)def->envs;
}

uint64_t para_abi_batch_world_steps(const ParaAbiBatch *batch)
{
    return batch ? (uint64_t)para_batch_world_steps(batch->batch) : 0;
}
