// SPDX-License-Identifier: MIT
// Recording an episode, and its level. The file itself is in replay_file.c, proving it in replay_verify.c.
#include "agents/env/replay.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <string.h>

// ---------------------------------------------------------------- recording

struct ParaRecorder {
    ParaArena *arena;
    const ParaLevel *level;
    ParaReplay replay;
    int capacity;         ///< decisions there is room for
    char *json;           ///< of the last level written out
    size_t json_capacity; ///< [byte]
};

ParaRecorder *para_recorder_create(ParaArena *arena)
{
    ParaRecorder *recorder = PARA_NEW(arena, ParaRecorder, 1);
    recorder->arena = arena;
    return recorder;
}

/// Room for `wanted` decisions; keeps what is there.
static void reserve(ParaRecorder *recorder, int wanted)
{
    if (wanted <= recorder->capacity)
        return;
    int8_t *actions = PARA_NEW(recorder->arena, int8_t, (size_t)wanted * PARA_CHANNELS);
    uint64_t *hashes = PARA_NEW(recorder->arena, uint64_t, wanted);
    size_t kept = (size_t)recorder->replay.decisions;
    if (kept > 0) {
        memcpy(actions, recorder->replay.actions, kept * PARA_CHANNELS);
        memcpy(hashes, recorder->replay.hashes, kept * sizeof *hashes);
    }
    recorder->replay.actions = actions;
    recorder->replay.hashes = hashes;
    recorder->capacity = wanted;
}

/// Decisions until the level's time is over.
static int decisions_of(const ParaLevel *level)
{
    double steps = (double)level->seconds * (double)level->world.rate;
    double skip = level->frame_skip > 0 ? level->frame_skip : 1;
    double most = steps / skip + 2.0;
    return most > PARA_REPLAY_DECISIONS_MAX ? PARA_REPLAY_DECISIONS_MAX : most > 2.0 ? (int)most : 2;
}

void para_recorder_begin(ParaRecorder *recorder, const ParaLevel *level, ParaSolverKind solver,
                         const char *player)
{
    recorder->level = level;
    recorder->replay.solver = solver;
    recorder->replay.player = player ? player : "";
    recorder->replay.decisions = 0;
    recorder->replay.end = PARA_PLAY_ON;
    recorder->replay.total_reward = 0.0f;
    reserve(recorder, decisions_of(level));
}

uint64_t para_replay_chain(uint64_t previous, const int8_t *action, uint64_t world_hash)
{
    unsigned char link[PARA_CHANNELS + 8];
    memcpy(link, action, PARA_CHANNELS);
    for (int i = 0; i < 8; i++) // byte by byte: the same on every machine
        link[PARA_CHANNELS + i] = (unsigned char)(world_hash >> (8 * i));
    return para_hash(link, sizeof link, previous);
}

void para_recorder_decision(ParaRecorder *recorder, const int8_t *action, uint64_t chain)
{
    ParaReplay *replay = &recorder->replay;
    PARA_ASSERT(recorder->level != NULL);
    if (replay->decisions == recorder->capacity) // only a level that runs past its own time limit gets here
        reserve(recorder, 2 * recorder->capacity);
    int at = replay->decisions++;
    memcpy(replay->actions + (size_t)at * PARA_CHANNELS, action, PARA_CHANNELS);
    replay->hashes[at] = chain;
}

const ParaReplay *para_recorder_end(ParaRecorder *recorder, const ParaPlay *play, float total_reward)
{
    PARA_ASSERT(recorder->level != NULL);
    recorder->replay.end = (int)play->status;
    recorder->replay.total_reward = total_reward;
    // The text is made in the arena and then kept in one buffer, so that many episodes do not fill the arena.
    ParaArenaMark mark = para_arena_mark(recorder->arena);
    const char *json = para_level_to_json(recorder->level, recorder->arena);
    size_t size = strlen(json) + 1;
    if (size > recorder->json_capacity) {
        para_arena_rewind(recorder->arena, mark);
        recorder->json_capacity = 2 * size;
        recorder->json = para_arena_alloc(recorder->arena, recorder->json_capacity);
        mark = para_arena_mark(recorder->arena);
        json = para_level_to_json(recorder->level, recorder->arena);
    }
    memcpy(recorder->json, json, size);
    para_arena_rewind(recorder->arena, mark);
    recorder->replay.level_json = recorder->json;
    return &recorder->replay;
}

// ---------------------------------------------------------------- the level

ParaLevel *para_replay_level(const ParaReplay *replay, ParaArena *arena, const char **out_error)
{
    ParaDiagList problems = para_diag_list(arena, "the replay's level", replay->level_json);
    const ParaTemplate *form = para_template_load("the replay's level", replay->level_json,
                                                  strlen(replay->level_json), arena, &problems);
    ParaLevel *level = form ? para_template_sample(form, NULL, 0, arena, &problems) : NULL;
    if (!level && out_error)
        *out_error = para_arena_printf(arena, "the replay's level does not load: %s %s",
                                       problems.count > 0 ? problems.items[0].path : "",
                                       problems.count > 0 ? problems.items[0].message : "unknown reason");
    return level;
}
