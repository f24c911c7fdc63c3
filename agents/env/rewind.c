// SPDX-License-Identifier: MIT
// A ring of states in one block: new ones behind the last, from the beginning again where the end is reached;
// the oldest give way.
#include "agents/env/rewind.h"

#include "engine/base/assert.h"

#include <stdlib.h>
#include <string.h>

#define STATES_MAX  8192 // more than fit, as a rule
#define ALIGN(size) (((size) + 15) & ~(size_t)15)

typedef struct State {
    size_t at, size; // [byte] in the block
    int decision;
} State;

struct ParaRewind {
    uint8_t *block;
    size_t bytes;
    int first, count; // of states, in the ring
    State states[STATES_MAX];
};

/// What lies before the world's snapshot.
typedef struct Kept {
    ParaPlay play;
    const ParaLevel *level; // in play then: meddling may have changed it since
    uint64_t chain;
    int64_t world_steps;
    uint32_t acting;
    int32_t decisions;
    size_t world; // [byte]
} Kept;

ParaRewind *para_rewind_create(size_t bytes)
{
    ParaRewind *rewind = calloc(1, sizeof *rewind);
    uint8_t *block = malloc(bytes);
    if (!rewind || !block) {
        free(rewind);
        free(block);
        return NULL;
    }
    rewind->block = block;
    rewind->bytes = bytes;
    return rewind;
}

void para_rewind_destroy(ParaRewind *rewind)
{
    if (rewind)
        free(rewind->block);
    free(rewind);
}

void para_rewind_clear(ParaRewind *rewind) { rewind->first = rewind->count = 0; }

static State *state_at(ParaRewind *rewind, int k)
{
    return &rewind->states[(rewind->first + k) % STATES_MAX];
}

static void drop_oldest(ParaRewind *rewind)
{
    rewind->first = (rewind->first + 1) % STATES_MAX;
    rewind->count--;
}

/// A place for so many bytes, behind the last state or at the beginning.
static size_t make_room(ParaRewind *rewind, size_t size)
{
    if (rewind->count == STATES_MAX)
        drop_oldest(rewind);
    size_t at = 0;
    if (rewind->count > 0) {
        const State *last = state_at(rewind, rewind->count - 1);
        at = last->at + last->size;
    }
    bool around = at + size > rewind->bytes;
    // States between here and the end of the block are the oldest there are.
    while (around && rewind->count > 0 && state_at(rewind, 0)->at >= at)
        drop_oldest(rewind);
    at = around ? 0 : at;
    while (rewind->count > 0) {
        const State *oldest = state_at(rewind, 0);
        if (oldest->at >= at + size || oldest->at + oldest->size <= at)
            break;
        drop_oldest(rewind);
    }
    return at;
}

static size_t rules_size(const ParaEnv *env)
{
    size_t players = (size_t)env->level->player_count;
    return ALIGN(sizeof(Kept)) + ALIGN(players * sizeof(ParaPlayerState)) +
           ALIGN(players * sizeof(ParaAccount)) + ALIGN(para_play_events_size(env->level));
}

static size_t maps_size(const ParaEnv *env)
{
    size_t size = 0;
    for (int p = 0; p < env->level->player_count; p++)
        size += env->maps[p] ? ALIGN(para_map_used(env->maps[p])) : 0;
    return size;
}

void para_rewind_keep(ParaRewind *rewind, const ParaEnv *env)
{
    PARA_ASSERT(env->level && env->step == 0);
    size_t rules = rules_size(env), world = para_world_snapshot_size(env->world);
    size_t size = rules + ALIGN(world) + maps_size(env);
    if (world == 0 || size > rewind->bytes)
        return;
    size_t at = make_room(rewind, size), players = (size_t)env->level->player_count;
    uint8_t *out = rewind->block + at;
    Kept *kept = (Kept *)(void *)out;
    kept->play = env->play;
    kept->level = env->level;
    kept->chain = env->chain;
    kept->world_steps = env->world_steps;
    kept->acting = env->acting;
    kept->decisions = env->decisions;
    out += ALIGN(sizeof *kept);
    memcpy(out, env->play.players, players * sizeof(ParaPlayerState));
    out += ALIGN(players * sizeof(ParaPlayerState));
    memcpy(out, env->accounts, players * sizeof(ParaAccount));
    out += ALIGN(players * sizeof(ParaAccount));
    if (env->play.events)
        memcpy(out, env->play.events, para_play_events_size(env->level));
    kept->world = para_world_save(env->world, rewind->block + at + rules, world);
    PARA_ASSERT(kept->world > 0);
    out = rewind->block + at + rules + ALIGN(kept->world);
    for (size_t p = 0; p < players; p++)
        if (env->maps[p]) {
            memcpy(out, env->maps[p], para_map_used(env->maps[p]));
            out += ALIGN(para_map_used(env->maps[p]));
        }
    rewind->count++;
    *state_at(rewind, rewind->count - 1) = (State){at, size, env->decisions};
}

int para_rewind_oldest(const ParaRewind *rewind)
{
    return rewind->count > 0 ? rewind->states[rewind->first].decision : -1;
}

static void restore(ParaEnv *env, const uint8_t *in)
{
    const Kept *kept = (const Kept *)(const void *)in;
    ParaPlayerState *players = env->play.players;
    ParaEventState *events = env->play.events;
    size_t count = (size_t)env->level->player_count;
    const uint8_t *world = in + rules_size(env);
    // Of another level first its world: a snapshot goes back into one that was built from the same def.
    bool same = (kept->level == env->level || para_world_build(env->world, &kept->level->world, NULL)) &&
                para_world_restore(env->world, world, kept->world);
    PARA_ASSERT(same);
    env->level = kept->level;
    env->outline.count = 0;
    env->play = kept->play;
    env->play.players = players;
    env->play.events = events;
    env->chain = kept->chain;
    env->world_steps = kept->world_steps;
    env->acting = kept->acting;
    env->decisions = kept->decisions;
    env->step = 0;
    in += ALIGN(sizeof *kept);
    memcpy(players, in, count * sizeof *players);
    in += ALIGN(count * sizeof *players);
    memcpy(env->accounts, in, count * sizeof *env->accounts);
    in += ALIGN(count * sizeof *env->accounts);
    if (events)
        memcpy(events, in, para_play_events_size(env->level));
    const uint8_t *map = world + ALIGN(kept->world);
    for (size_t p = 0; p < count; p++)
        if (env->maps[p]) {
            para_map_copy(env->maps[p], (const ParaMap *)(const void *)map);
            map += ALIGN(para_map_used(env->maps[p]));
        }
    if (env->recorder)
        para_recorder_cut(env->recorder, kept->decisions);
}

int para_rewind_to(ParaRewind *rewind, ParaEnv *env, int decision)
{
    int k = rewind->count - 1;
    while (k >= 0 && state_at(rewind, k)->decision > decision)
        k--;
    if (k < 0)
        return -1;
    rewind->count = k + 1;
    restore(env, rewind->block + state_at(rewind, k)->at);
    return env->decisions;
}
