// SPDX-License-Identifier: MIT
// One env of a batch at a time: where its levels come from, its level, its hash, and snapshots of it.
#include "agents/abi/abi_parts.h"
#include "agents/batch/snapshot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------
// Where levels come from.

static bool check_ranges(const ParaAbiBatch *batch, const ParaAbiSource *source)
{
    if (source->low && batch->def.family_count > 1) {
        para_abi_fail(PARA_ABI_INVALID, "ranges of parameters are those of one family; these envs play %d",
                      batch->def.family_count);
        return false;
    }
    return para_abi_ranges_fit(batch->def.families[0]->one.templates[0], source->low, source->high);
}

static bool has_other_channels(const ParaAbiBatch *batch, const ParaLevel *level)
{
    uint32_t channels, negatives;
    para_abi_level_bits(level, &channels, &negatives);
    return channels & ~batch->blocks.channel_bits;
}

static bool check_source(const ParaAbiBatch *batch, int32_t env, const ParaAbiSource *source)
{
    if (env < -1 || env >= batch->def.envs)
        para_abi_fail(PARA_ABI_INVALID, "no env %d; there are %d", env, batch->def.envs);
    else if (source && source->size != sizeof *source)
        para_abi_fail(PARA_ABI_INVALID, "a source of another version");
    else if (source && source->level && source->level->level->player_count > batch->blocks.players)
        para_abi_fail(PARA_ABI_INVALID, "the level (of %s) has %d players; these envs have room for %d",
                      source->level->level->family, source->level->level->player_count,
                      batch->blocks.players);
    else if (source && source->level && has_other_channels(batch, source->level->level))
        para_abi_fail(PARA_ABI_INVALID,
                      "the level (of %s) has action channels which these envs' action space lacks",
                      source->level->level->family);
    else
        return !source || check_ranges(batch, source);
    return false;
}

static void set_source(ParaAbiBatch *batch, int b, const ParaAbiSource *source, int params)
{
    ParaSource *own = &batch->batch->sources[b];
    para_abi_level_free(batch->pinned[b]);
    batch->pinned[b] = NULL;
    *own = (ParaSource){.level = NULL};
    if (!source)
        return;
    own->fixed_seed = source->fixed_seed != 0;
    own->seed = source->seed;
    own->ranged = source->low != NULL;
    for (int p = 0; source->low && p < params; p++) {
        own->low[p] = source->low[p];
        own->high[p] = source->high[p];
    }
    if (!source->level)
        return;
    para_abi_level_keep(source->level);
    batch->pinned[b] = source->level;
    own->level = source->level->level;
}

int32_t para_abi_batch_source(ParaAbiBatch *batch, int32_t env, const ParaAbiSource *source)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    bool good = check_source(batch, env, source);
    int params = para_template_param_count(batch->def.families[0]->one.templates[0]);
    int first = env < 0 ? 0 : env, end = env < 0 ? batch->def.envs : env + 1;
    for (int b = first; good && b < end; b++)
        set_source(batch, b, source, params);
    para_abi_batch_leave(batch);
    return good ? PARA_ABI_OK : PARA_ABI_INVALID;
}

// ---------------------------------------------------------------------------------------------
// What it plays.

int32_t para_abi_batch_ask(ParaAbiBatch *batch, int32_t env)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    if (para_abi_batch_ready(batch, env))
        return PARA_ABI_OK;
    bool there = env >= 0 && env < batch->def.envs;
    para_abi_batch_leave(batch);
    return there ? PARA_ABI_STATE : PARA_ABI_INVALID;
}

ParaAbiLevel *para_abi_batch_level(ParaAbiBatch *batch, int32_t env)
{
    if (para_abi_batch_ask(batch, env) != PARA_ABI_OK)
        return NULL;
    ParaAbiLevel *level = para_abi_level_wrap(batch->batch->envs[env].level);
    para_abi_batch_leave(batch);
    return level;
}

int32_t para_abi_batch_levels(ParaAbiBatch *batch, uint64_t *out_seeds, uint64_t *out_hashes,
                              double *out_seconds, double *out_values)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    for (int b = 0; b < batch->def.envs; b++) {
        const ParaLevel *level = batch->batch->envs[b].level;
        if (out_seeds)
            out_seeds[b] = level ? level->seed : 0;
        if (out_hashes)
            out_hashes[b] = level ? level->hash : 0;
        if (out_seconds)
            out_seconds[b] = level ? (double)level->frame_skip / (double)level->world.rate : 0;
        for (int p = 0; out_values && p < PARA_ABI_PARAMS; p++)
            out_values[b * PARA_ABI_PARAMS + p] =
                level && p < level->param_count ? level->params[p].value : (double)NAN;
    }
    para_abi_batch_leave(batch);
    return PARA_ABI_OK;
}

int32_t para_abi_batch_state_hash(ParaAbiBatch *batch, int32_t env, uint64_t *out)
{
    if (!out)
        return para_abi_fail(PARA_ABI_INVALID, "nowhere to put the hash");
    int32_t code = para_abi_batch_ask(batch, env);
    if (code != PARA_ABI_OK)
        return code;
    *out = para_world_hash(batch->batch->envs[env].world);
    para_abi_batch_leave(batch);
    return PARA_ABI_OK;
}

// ---------------------------------------------------------------------------------------------
// What somebody does to it.

// @return PARA_ABI_OK, or why not
static int32_t meddle(ParaAbiBatch *batch, int b, const char *line)
{
    char why[PARA_MEDDLE_SAYS];
    ParaMeddle wish;
    ParaEnv *env = &batch->batch->envs[b];
    if (env->play.status != PARA_PLAY_ON || para_batch_waits(batch->batch, b))
        return para_abi_fail(PARA_ABI_STATE, "the episode of env %d is over: call reset first", b);
    bool read = para_meddle_read(line, env->level, env->world, &wish, why, sizeof why);
    if (read && wish.kind <= PARA_MEDDLE_FLOOD && !para_toybox_is_in(env->level))
        return para_abi_fail(
            PARA_ABI_INVALID,
            "\"%.60s\" comes out of a toybox, and this level has none: make the envs with one "
            "(toybox=True); a level of several players, or one that is full, takes none",
            line);
    if (read && para_meddle_remakes(wish.kind)) // what learns of a batch counts on its levels
        return para_abi_fail(PARA_ABI_INVALID,
                             "\"%.60s\": a level of a batch gets no new things: that is for "
                             "paracosm play --sandbox",
                             line);
    if (read && wish.kind > PARA_MEDDLE_CUT) // a hand, an outline: no snapshot has them
        return para_abi_fail(PARA_ABI_INVALID, "\"%.60s\" is of the sandbox at the window alone", line);
    if (!read || !para_env_meddle(env, &wish, why, sizeof why))
        return para_abi_fail(PARA_ABI_INVALID, "\"%.60s\": %s", line, why);
    para_batch_observe(batch->batch, b, 0);
    return PARA_ABI_OK;
}

int32_t para_abi_batch_meddle(ParaAbiBatch *batch, int32_t env, const char *line)
{
    if (!line || strnlen(line, PARA_MEDDLE_SAYS) == PARA_MEDDLE_SAYS)
        return para_abi_fail(PARA_ABI_INVALID, "what is to happen is a line of at most %d bytes",
                             PARA_MEDDLE_SAYS - 1);
    int32_t code = para_abi_batch_ask(batch, env);
    if (code != PARA_ABI_OK)
        return code;
    code = meddle(batch, env, line);
    para_abi_batch_leave(batch);
    return code;
}

// ---------------------------------------------------------------------------------------------
// Snapshots.

struct ParaAbiSnapshot {
    ParaSnapshot *snapshot;
};

void para_abi_snapshot_free(ParaAbiSnapshot *snapshot)
{
    if (!snapshot)
        return;
    para_snapshot_free(snapshot->snapshot);
    free(snapshot);
}

ParaAbiSnapshot *para_abi_snapshot_take(ParaAbiBatch *batch, int32_t env)
{
    if (para_abi_batch_ask(batch, env) != PARA_ABI_OK)
        return NULL;
    ParaAbiSnapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot)
        snapshot->snapshot = para_snapshot_take(batch->batch, env);
    if (!snapshot || !snapshot->snapshot) {
        para_abi_fail(PARA_ABI_MEMORY, "no memory for a snapshot");
        para_abi_snapshot_free(snapshot);
        snapshot = NULL;
    }
    para_abi_batch_leave(batch);
    return snapshot;
}

static int32_t check_snapshot(const ParaAbiBatch *batch, int32_t env, const ParaAbiSnapshot *snapshot)
{
    if (!snapshot || env < 0 || env >= batch->def.envs)
        return para_abi_fail(PARA_ABI_INVALID, "no snapshot, or no env %d; there are %d", env,
                             batch->def.envs);
    const char *family = para_snapshot_family(snapshot->snapshot);
    ParaSolverKind solver = para_snapshot_solver(snapshot->snapshot), own = batch->batch->def.solver;
    if (strcmp(family, para_abi_batch_family(batch, env)) != 0)
        return para_abi_fail(PARA_ABI_INVALID, "a snapshot of an env of %s does not fit env %d, of %s",
                             family, env, para_abi_batch_family(batch, env));
    if (solver != own)
        return para_abi_fail(PARA_ABI_INVALID,
                             "a snapshot of the solver %s does not fit envs of the solver %s",
                             para_solver_name(solver), para_solver_name(own));
    return PARA_ABI_OK;
}

int32_t para_abi_snapshot_restore(ParaAbiBatch *batch, int32_t env, const ParaAbiSnapshot *snapshot)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    int32_t code = check_snapshot(batch, env, snapshot);
    if (code == PARA_ABI_OK && !para_snapshot_restore(batch->batch, env, snapshot->snapshot))
        code = para_abi_fail(PARA_ABI_MEMORY, "no memory to go back to the snapshot");
    if (code == PARA_ABI_OK)
        para_abi_batch_copy_rewards(batch);
    para_abi_batch_leave(batch);
    return code;
}
