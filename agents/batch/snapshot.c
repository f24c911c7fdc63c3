// SPDX-License-Identifier: MIT
// Taking and restoring an env of a batch. A snapshot is one piece of memory, with an image of the world at
// its end; its level it shares with all others of the same episode.
#include "agents/batch/snapshot.h"

#include "engine/base/assert.h"

#include <stdlib.h>
#include <string.h>

struct ParaSnapshot {
    ParaSharedLevel *level;
    ParaPlay play; ///< its players' states lie in `players`, what its events remember behind them
    uint32_t acting;
    int32_t decisions;
    ParaPick pick; ///< of the level
    ParaRng level_rng;
    bool surprised; ///< it has surprises:
    uint64_t surprise_seed;
    ParaRng surprise_rng;
    uint8_t over;
    size_t image; ///< [byte] of the image
    size_t maps;  ///< [byte] of each player's map one after the other, behind the image; 0: none are kept
    struct PlayerPart {
        ParaPlayerState state;
        ParaAccount account;
        ParaRng action_rng;
        float reward; ///< of the last decision
        uint8_t terminated, truncated;
    } players[]; ///< [A of the level], then events, the image, maps
};

static size_t bytes_before_events(const ParaLevel *level)
{
    return sizeof(ParaSnapshot) + (size_t)level->player_count * sizeof(struct PlayerPart);
}

static size_t bytes_before_image(const ParaLevel *level)
{
    return bytes_before_events(level) + para_play_events_size(level);
}

static void *image_of(const ParaSnapshot *snapshot)
{
    return (char *)snapshot + bytes_before_image(snapshot->level->level);
}

#define ALIGN(size) (((size) + 15) & ~(size_t)15)

static size_t maps_size(const ParaEnv *env)
{
    size_t size = 0;
    for (int p = 0; p < env->level->player_count; p++)
        size += env->maps[p] ? ALIGN(para_map_used(env->maps[p])) : 0;
    return size;
}

/// Where the maps begin, behind an image of so many bytes.
static uint8_t *maps_of(const ParaSnapshot *snapshot, size_t image)
{
    return (uint8_t *)snapshot + ALIGN(bytes_before_image(snapshot->level->level) + image);
}

static void take_maps(ParaSnapshot *snapshot, const ParaEnv *env, size_t image)
{
    uint8_t *out = maps_of(snapshot, image);
    snapshot->maps = maps_size(env);
    for (int p = 0; p < env->level->player_count && snapshot->maps > 0; p++) {
        memcpy(out, env->maps[p], para_map_used(env->maps[p]));
        out += ALIGN(para_map_used(env->maps[p]));
    }
}

/// Each player's map as it was, or, of a snapshot without maps, one that begins.
static void restore_maps(ParaEnv *env, const ParaSnapshot *snapshot)
{
    para_env_begin_maps(env);
    const uint8_t *in = maps_of(snapshot, snapshot->image);
    for (int p = 0; p < env->level->player_count && snapshot->maps > 0 && env->maps[p]; p++) {
        const ParaMap *map = (const ParaMap *)(const void *)in;
        para_map_copy(env->maps[p], map);
        in += ALIGN(para_map_used(map));
    }
}

void para_snapshot_free(ParaSnapshot *snapshot)
{
    if (!snapshot)
        return;
    para_shared_level_free(snapshot->level);
    free(snapshot);
}

const char *para_snapshot_family(const ParaSnapshot *snapshot) { return snapshot->level->family; }

ParaSolverKind para_snapshot_solver(const ParaSnapshot *snapshot)
{
    return para_world_image_solver(image_of(snapshot));
}

// The level of env b's episode as one that snapshots may own too. @return false if there is no memory
static bool share_level(const ParaBatch *batch, int b)
{
    const ParaFamilies *families = batch->def.families;
    if (!batch->shared[b])
        batch->shared[b] = para_shared_level_make(batch->envs[b].level, families->names[b % families->count]);
    return batch->shared[b] != NULL;
}

ParaSnapshot *para_snapshot_take(const ParaBatch *batch, int b)
{
    const ParaEnv *env = &batch->envs[b];
    PARA_ASSERT(env->level && env->step == 0 && !env->chained);
    int players = env->level->player_count;
    size_t size = para_world_image_size(env->world);
    ParaSnapshot *snapshot = size > 0 && share_level(batch, b)
                                 ? malloc(ALIGN(bytes_before_image(env->level) + size) + maps_size(env))
                                 : NULL;
    if (!snapshot)
        return NULL;
    snapshot->level = para_shared_level_keep(batch->shared[b]);
    snapshot->play = env->play;
    if (env->play.events)
        memcpy((char *)snapshot + bytes_before_events(env->level), env->play.events,
               para_play_events_size(env->level));
    snapshot->acting = env->acting;
    snapshot->decisions = env->decisions;
    snapshot->pick = batch->picks[b];
    snapshot->level_rng = batch->level_rng[b];
    snapshot->surprised = batch->surprise_rng != NULL;
    snapshot->surprise_seed = batch->surprise_rng ? batch->surprise_seeds[b] : 0;
    snapshot->surprise_rng = batch->surprise_rng ? batch->surprise_rng[b] : (ParaRng){0};
    snapshot->over = batch->over[b];
    for (int p = 0; p < players; p++) {
        int row = b * batch->def.players + p;
        snapshot->players[p] = (struct PlayerPart){.state = env->play.players[p],
                                                   .account = env->accounts[p],
                                                   .action_rng = batch->action_rng[row],
                                                   .reward = batch->reward[row],
                                                   .terminated = batch->terminated[row],
                                                   .truncated = batch->truncated[row]};
    }
    size_t written = para_world_image(env->world, image_of(snapshot), size);
    PARA_ASSERT(written == size);
    snapshot->image = size;
    take_maps(snapshot, env, size);
    return snapshot;
}

// Level, players' states and account of the episode, into an env whose world is the snapshot's already.
static void restore_episode(ParaEnv *env, const ParaSnapshot *snapshot, ParaArena *arena)
{
    int players = snapshot->level->level->player_count;
    size_t events = para_play_events_size(snapshot->level->level);
    env->level = snapshot->level->level;
    env->play = snapshot->play;
    env->play.events = events ? para_arena_alloc(arena, events) : NULL;
    if (events)
        memcpy(env->play.events, (const char *)snapshot + bytes_before_events(env->level), events);
    env->play.players = PARA_NEW(arena, ParaPlayerState, players);
    env->accounts = PARA_NEW(arena, ParaAccount, players);
    for (int p = 0; p < players; p++) {
        env->play.players[p] = snapshot->players[p].state;
        env->accounts[p] = snapshot->players[p].account;
    }
    env->acting = snapshot->acting;
    env->decisions = snapshot->decisions;
    restore_maps(env, snapshot);
}

bool para_snapshot_restore(ParaBatch *batch, int b, const ParaSnapshot *snapshot)
{
    ParaEnv *env = &batch->envs[b];
    int players = snapshot->level->level->player_count;
    PARA_ASSERT(!env->chained && players <= batch->def.players);
    ParaArena *arena = para_env_level_arena(env);
    if (!para_world_adopt(env->world, image_of(snapshot), NULL))
        return false;
    if (batch->shared[b] != snapshot->level) {
        para_shared_level_free(batch->shared[b]);
        batch->shared[b] = para_shared_level_keep(snapshot->level);
    }
    restore_episode(env, snapshot, arena);
    batch->picks[b] = snapshot->pick;
    batch->level_rng[b] = snapshot->level_rng;
    if (batch->surprise_rng && snapshot->surprised) {
        batch->surprise_seeds[b] = snapshot->surprise_seed;
        batch->surprise_rng[b] = snapshot->surprise_rng;
    }
    batch->over[b] = snapshot->over;
    batch->ended_count[b] = 0;
    for (int p = 0; p < batch->def.players; p++) { // rows without a player of the level are empty
        int row = b * batch->def.players + p;
        bool there = p < players;
        if (there)
            batch->action_rng[row] = snapshot->players[p].action_rng;
        batch->reward[row] = there ? snapshot->players[p].reward : 0;
        batch->terminated[row] = there && snapshot->players[p].terminated;
        batch->truncated[row] = there && snapshot->players[p].truncated;
    }
    batch->refusals[b] = (ParaRefusal){.refused = false};
    para_batch_seat(batch, b);
    para_batch_observe(batch, b, 0);
    return true;
}
