// SPDX-License-Identifier: MIT
// Taking and restoring an env of a batch. A snapshot owns a group of one world and an arena.
#include "agents/env/snapshot.h"

#include "engine/base/assert.h"

#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_BLOCK ((size_t)16 << 10) // [byte]
#define SNAPSHOT_MAX   ((size_t)64 << 20) // [byte] bound on one level

struct ParaSnapshot {
    ParaWorldGroup *group; ///< of one world
    ParaArena *arena;
    const char *family;
    ParaEnv env;   ///< its world, arena and level are the snapshot's own
    ParaPick pick; ///< of its level
    ParaRng level_rng, action_rng[PARA_PLAYERS_MAX];
    float reward[PARA_PLAYERS_MAX]; ///< of the last decision
    uint8_t terminated[PARA_PLAYERS_MAX], truncated[PARA_PLAYERS_MAX], over;
};

void para_snapshot_free(ParaSnapshot *snapshot)
{
    if (!snapshot)
        return;
    if (snapshot->group)
        para_world_group_destroy(snapshot->group);
    if (snapshot->arena)
        para_arena_destroy(snapshot->arena);
    free(snapshot);
}

const char *para_snapshot_family(const ParaSnapshot *snapshot) { return snapshot->family; }

ParaSolverKind para_snapshot_solver(const ParaSnapshot *snapshot)
{
    return para_world_group_solver(snapshot->group);
}

// The episode of `from` with its level and its players' states copied into `arena`; world, arena and the
// count of steps stay those of `to`.
static void copy_episode(ParaEnv *to, const ParaEnv *from, ParaArena *arena)
{
    int players = from->level->player_count;
    to->level = para_level_copy(from->level, arena);
    para_play_copy(&to->play, &from->play, PARA_NEW(arena, ParaPlayerState, players));
    to->accounts = PARA_NEW(arena, ParaAccount, players);
    memcpy(to->accounts, from->accounts, (size_t)players * sizeof *to->accounts);
    to->acting = from->acting;
    to->decisions = from->decisions;
}

static bool fill(ParaSnapshot *snapshot, const ParaBatch *batch, int b)
{
    const ParaEnv *env = &batch->envs[b];
    const ParaFamilies *families = batch->def.families;
    snapshot->group = para_world_group_create(batch->def.solver, 1);
    snapshot->arena = para_arena_create(SNAPSHOT_BLOCK, SNAPSHOT_MAX);
    if (!snapshot->group || !snapshot->arena)
        return false;
    snapshot->env.world = para_world_at(snapshot->group, 0);
    if (!para_world_clone(env->world, snapshot->env.world, NULL))
        return false;
    copy_episode(&snapshot->env, env, snapshot->arena);
    snapshot->family = para_arena_strdup(snapshot->arena, families->names[b % families->count]);
    snapshot->pick = batch->picks[b];
    snapshot->level_rng = batch->level_rng[b];
    snapshot->over = batch->over[b];
    for (int p = 0; p < batch->def.players; p++) {
        int row = b * batch->def.players + p;
        snapshot->action_rng[p] = batch->action_rng[row];
        snapshot->reward[p] = batch->reward[row];
        snapshot->terminated[p] = batch->terminated[row];
        snapshot->truncated[p] = batch->truncated[row];
    }
    return true;
}

ParaSnapshot *para_snapshot_take(const ParaBatch *batch, int b)
{
    PARA_ASSERT(batch->envs[b].level && batch->envs[b].step == 0 && !batch->envs[b].chained);
    ParaSnapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot && fill(snapshot, batch, b))
        return snapshot;
    para_snapshot_free(snapshot);
    return NULL;
}

bool para_snapshot_restore(ParaBatch *batch, int b, const ParaSnapshot *snapshot)
{
    ParaEnv *env = &batch->envs[b];
    PARA_ASSERT(!env->chained && snapshot->env.level->player_count <= batch->def.players);
    ParaArena *arena = para_env_level_arena(env);
    if (!para_world_clone(snapshot->env.world, env->world, NULL))
        return false;
    copy_episode(env, &snapshot->env, arena);
    batch->picks[b] = snapshot->pick;
    batch->level_rng[b] = snapshot->level_rng;
    batch->over[b] = snapshot->over;
    batch->ended_count[b] = 0;
    for (int p = 0; p < batch->def.players; p++) { // rows without a player of the level are empty
        int row = b * batch->def.players + p;
        bool there = p < env->level->player_count;
        if (there)
            batch->action_rng[row] = snapshot->action_rng[p];
        batch->reward[row] = there ? snapshot->reward[p] : 0;
        batch->terminated[row] = there && snapshot->terminated[p];
        batch->truncated[row] = there && snapshot->truncated[p];
    }
    batch->refusals[b] = (ParaRefusal){.refused = false};
    para_batch_seat(batch, b);
    para_batch_observe(batch, b, 0);
    return true;
}
