// SPDX-License-Identifier: MIT
// One env of a batch at a time: where its levels come from, its level, its hash, and snapshots of it.
#include "agents/abi/abi_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_BLOCK ((size_t)16 << 10) // [byte]
#define SNAPSHOT_MAX   ((size_t)64 << 20) // [byte] bound on one level

// ---------------------------------------------------------------------------------------------
// Where levels come from.

static bool check_ranges(const ParaAbiBatch *batch, const ParaAbiSource *source)
{
    if (!source->low != !source->high) {
        para_abi_fail(PARA_ABI_INVALID, "ranges need both ends");
        return false;
    }
    if (source->low && batch->def.family_count > 1) {
        para_abi_fail(PARA_ABI_INVALID, "ranges of parameters are those of one family; these envs play %d",
                      batch->def.family_count);
        return false;
    }
    const ParaTemplate *t = batch->def.families[0]->one.templates[0];
    for (int p = 0; source->low && p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        double low = source->low[p], high = source->high[p];
        bool open = isnan(low) && isnan(high);
        if (!open && !(low >= param->low && low <= high && high <= param->high)) {
            para_abi_fail(PARA_ABI_INVALID, "%s from %g to %g is not a range within %g..%g %s", param->name,
                          low, high, param->low, param->high, param->unit);
            return false;
        }
        if (!open && param->integer && ceil(low) > floor(high)) {
            para_abi_fail(PARA_ABI_INVALID, "%s is a whole number; there is none from %g to %g", param->name,
                          low, high);
            return false;
        }
    }
    return true;
}

static bool check_source(const ParaAbiBatch *batch, int32_t env, const ParaAbiSource *source)
{
    if (env < -1 || env >= batch->def.envs)
        para_abi_fail(PARA_ABI_INVALID, "no env %d; there are %d", env, batch->def.envs);
    else if (source && source->size != sizeof *source)
        para_abi_fail(PARA_ABI_INVALID, "a source of another version");
    else if (source && source->level &&
             (source->level->level->players[0].channel_bits & ~batch->blocks.channel_bits))
        para_abi_fail(PARA_ABI_INVALID,
                      "the level (of %s) has action channels which these envs' action space lacks",
                      source->level->level->family);
    else
        return !source || check_ranges(batch, source);
    return false;
}

static void set_source(Slot *slot, const ParaAbiSource *source, int params)
{
    para_abi_level_free(slot->source.level);
    slot->source = (Source){.fixed_seed = false};
    if (!source)
        return;
    slot->source = (Source){.fixed_seed = source->fixed_seed != 0,
                            .seed = source->seed,
                            .level = source->level,
                            .ranged = source->low != NULL};
    if (source->level)
        para_abi_level_keep(source->level);
    for (int p = 0; source->low && p < params; p++) {
        slot->source.low[p] = source->low[p];
        slot->source.high[p] = source->high[p];
    }
}

int32_t para_abi_batch_source(ParaAbiBatch *batch, int32_t env, const ParaAbiSource *source)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    bool good = check_source(batch, env, source);
    int params = para_template_param_count(batch->def.families[0]->one.templates[0]);
    int first = env < 0 ? 0 : env, end = env < 0 ? batch->def.envs : env + 1;
    for (int b = first; good && b < end; b++)
        set_source(&batch->slots[b], source, params);
    para_abi_batch_leave(batch);
    return good ? PARA_ABI_OK : PARA_ABI_INVALID;
}

// ---------------------------------------------------------------------------------------------
// What it plays.

// Takes the batch for a question about env `env`.
static int32_t enter_env(ParaAbiBatch *batch, int32_t env)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    if (para_abi_slot_ready(batch, env))
        return PARA_ABI_OK;
    bool there = env >= 0 && env < batch->def.envs;
    para_abi_batch_leave(batch);
    return there ? PARA_ABI_STATE : PARA_ABI_INVALID;
}

const ParaEnv *para_abi_batch_env(const ParaAbiBatch *batch, int32_t env)
{
    if (!batch)
        para_abi_fail(PARA_ABI_INVALID, "no batch");
    return batch && para_abi_slot_ready(batch, env) ? &batch->slots[env].env : NULL;
}

ParaAbiLevel *para_abi_batch_level(ParaAbiBatch *batch, int32_t env)
{
    if (enter_env(batch, env) != PARA_ABI_OK)
        return NULL;
    ParaAbiLevel *level = para_abi_level_wrap(batch->slots[env].env.level);
    para_abi_batch_leave(batch);
    return level;
}

int32_t para_abi_batch_levels(ParaAbiBatch *batch, uint64_t *out_seeds, uint64_t *out_hashes)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    for (int b = 0; b < batch->def.envs; b++) {
        const ParaLevel *level = batch->slots[b].env.level;
        if (out_seeds)
            out_seeds[b] = level ? level->seed : 0;
        if (out_hashes)
            out_hashes[b] = level ? level->hash : 0;
    }
    para_abi_batch_leave(batch);
    return PARA_ABI_OK;
}

int32_t para_abi_batch_state_hash(ParaAbiBatch *batch, int32_t env, uint64_t *out)
{
    if (!out)
        return para_abi_fail(PARA_ABI_INVALID, "nowhere to put the hash");
    int32_t code = enter_env(batch, env);
    if (code != PARA_ABI_OK)
        return code;
    *out = para_world_hash(batch->slots[env].env.world);
    para_abi_batch_leave(batch);
    return PARA_ABI_OK;
}

// ---------------------------------------------------------------------------------------------
// Snapshots: a world of their own that is a clone, and a copy of all that is beside it.

struct ParaAbiSnapshot {
    ParaWorldGroup *group; ///< of one world
    ParaArena *arena;
    const char *family; ///< what the env samples from, in arena; the level may be another's
    const ParaLevel *level;
    ParaPlay play;
    int32_t decisions;
    float total_reward;
    SlotState state;
    double reward;
    uint8_t terminated, truncated;
    ParaRng rng;
};

void para_abi_snapshot_free(ParaAbiSnapshot *snapshot)
{
    if (!snapshot)
        return;
    if (snapshot->group)
        para_world_group_destroy(snapshot->group);
    if (snapshot->arena)
        para_arena_destroy(snapshot->arena);
    free(snapshot);
}

static const char *family_of(const ParaAbiBatch *batch, int b)
{
    return batch->def.families[b % batch->def.family_count]->one.names[0];
}

static bool keep(ParaAbiSnapshot *snapshot, const ParaAbiBatch *batch, int b)
{
    const Slot *slot = &batch->slots[b];
    snapshot->group = para_world_group_create(batch->solver, 1);
    snapshot->arena = para_arena_create(SNAPSHOT_BLOCK, SNAPSHOT_MAX);
    if (!snapshot->group || !snapshot->arena ||
        !para_world_clone(slot->env.world, para_world_at(snapshot->group, 0), NULL))
        return false;
    snapshot->family = para_arena_strdup(snapshot->arena, family_of(batch, b));
    snapshot->level = para_level_copy(slot->env.level, snapshot->arena);
    para_play_copy(&snapshot->play, &slot->env.play,
                   PARA_NEW(snapshot->arena, ParaPlayerState, slot->env.play.player_count));
    snapshot->decisions = slot->env.decisions;
    snapshot->total_reward = slot->env.total_reward;
    snapshot->state = slot->state;
    snapshot->reward = batch->blocks.reward[b];
    snapshot->terminated = batch->blocks.terminated[b];
    snapshot->truncated = batch->blocks.truncated[b];
    snapshot->rng = slot->rng;
    return true;
}

ParaAbiSnapshot *para_abi_snapshot_take(ParaAbiBatch *batch, int32_t env)
{
    if (enter_env(batch, env) != PARA_ABI_OK)
        return NULL;
    ParaAbiSnapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot || !keep(snapshot, batch, env)) {
        para_abi_fail(PARA_ABI_MEMORY, "no memory for a snapshot");
        para_abi_snapshot_free(snapshot);
        snapshot = NULL;
    }
    para_abi_batch_leave(batch);
    return snapshot;
}

static bool put_back(ParaAbiBatch *batch, int b, const ParaAbiSnapshot *snapshot)
{
    Slot *slot = &batch->slots[b];
    ParaArena *arena = para_abi_slot_clear(slot);
    if (!para_world_clone(para_world_at(snapshot->group, 0), slot->env.world, NULL))
        return false;
    slot->env.level = para_level_copy(snapshot->level, arena);
    para_play_copy(&slot->env.play, &snapshot->play,
                   PARA_NEW(arena, ParaPlayerState, snapshot->play.player_count));
    slot->env.decisions = snapshot->decisions;
    slot->env.total_reward = snapshot->total_reward;
    slot->state = snapshot->state;
    slot->rng = snapshot->rng;
    batch->blocks.reward[b] = snapshot->reward;
    batch->blocks.terminated[b] = snapshot->terminated;
    batch->blocks.truncated[b] = snapshot->truncated;
    para_abi_slot_observe(batch, b, 0, false);
    return true;
}

int32_t para_abi_snapshot_restore(ParaAbiBatch *batch, int32_t env, const ParaAbiSnapshot *snapshot)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    int32_t code = PARA_ABI_OK;
    if (!snapshot || env < 0 || env >= batch->def.envs)
        code =
            para_abi_fail(PARA_ABI_INVALID, "no snapshot, or no env %d; there are %d", env, batch->def.envs);
    else if (strcmp(snapshot->family, family_of(batch, env)) != 0)
        code = para_abi_fail(PARA_ABI_INVALID, "a snapshot of an env of %s does not fit env %d, of %s",
                             snapshot->family, env, family_of(batch, env));
    else if (para_world_group_solver(snapshot->group) != batch->solver)
        code = para_abi_fail(
            PARA_ABI_INVALID, "a snapshot of the solver %s does not fit envs of the solver %s",
            para_solver_name(para_world_group_solver(snapshot->group)), para_solver_name(batch->solver));
    else if (!put_back(batch, env, snapshot))
        code = para_abi_fail(PARA_ABI_MEMORY, "no memory to go back to the snapshot");
    para_abi_batch_leave(batch);
    return code;
}
