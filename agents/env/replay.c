// SPDX-License-Identifier: MIT
// Recording an episode, and its level. The file itself is in replay_file.c, proving it in replay_verify.c.
#include "agents/env/replay.h"

#include "engine/base/assert.h"
#include "engine/base/bytes.h"
#include "engine/base/hash.h"

#include <string.h>

#define DECISIONS_AT_FIRST 16384 // there is room for at the beginning of an episode
#define MEDDLES_AT_FIRST   64    // there is room for once there is one

// ---------------------------------------------------------------- recording

struct ParaRecorder {
    ParaArena *arena;
    const ParaLevel *level;
    ParaReplay replay;
    ParaReplay finished;  ///< it as para_recorder_end gave it last
    int capacity;         ///< decisions there is room for
    int meddle_capacity;  ///< meddles there is room for
    char *json;           ///< of the last level written out
    size_t json_capacity; ///< [byte]
};

ParaRecorder *para_recorder_create(ParaArena *arena)
{
    ParaRecorder *recorder = PARA_NEW(arena, ParaRecorder, 1);
    recorder->arena = arena;
    return recorder;
}

/// [byte] of the actions of one decision.
static size_t action_bytes(const ParaReplay *replay) { return (size_t)replay->players * PARA_CHANNELS; }

/// Room for `wanted` decisions; keeps what is there.
static void reserve(ParaRecorder *recorder, int wanted)
{
    if (wanted <= recorder->capacity)
        return;
    size_t row = action_bytes(&recorder->replay);
    int8_t *actions = PARA_NEW(recorder->arena, int8_t, (size_t)wanted * row);
    uint64_t *hashes = PARA_NEW(recorder->arena, uint64_t, wanted);
    size_t kept = (size_t)recorder->replay.decisions;
    if (kept > 0) {
        memcpy(actions, recorder->replay.actions, kept * row);
        memcpy(hashes, recorder->replay.hashes, kept * sizeof *hashes);
    }
    recorder->replay.actions = actions;
    recorder->replay.hashes = hashes;
    recorder->capacity = wanted;
}

/// Room for the level's decisions, for as many as `most`: few episodes of a long level come near its end.
static void make_room(ParaRecorder *recorder, int most)
{
    int all = para_level_decisions(recorder->level);
    PARA_ASSERT(all <= PARA_REPLAY_DECISIONS_MAX); // the sampler refuses longer levels
    reserve(recorder, all < most ? all : most);
}

void para_recorder_begin(ParaRecorder *recorder, const ParaLevel *level, ParaSolverKind solver, bool fine,
                         const char *player)
{
    recorder->level = level;
    recorder->replay.fine = fine;
    recorder->replay.solver = solver;
    recorder->replay.player = player ? player : "";
    recorder->replay.decisions = 0;
    recorder->replay.meddle_count = 0;
    recorder->replay.end = PARA_PLAY_ON;
    recorder->replay.total_reward = 0.0f;
    if (recorder->replay.players != level->player_count) { // else there is room from the last episode
        recorder->replay.players = level->player_count;
        recorder->replay.ends = PARA_NEW(recorder->arena, ParaReplayEnd, level->player_count);
        recorder->capacity = 0;
    }
    make_room(recorder, DECISIONS_AT_FIRST);
}

uint64_t para_replay_chain(uint64_t previous, const int8_t *actions, int players, uint64_t world_hash)
{
    unsigned char link[PARA_PLAYERS_MAX * PARA_CHANNELS + 8];
    PARA_ASSERT(players >= 1 && players <= PARA_PLAYERS_MAX);
    size_t row = (size_t)players * PARA_CHANNELS;
    memcpy(link, actions, row);
    para_bytes_store(link + row, world_hash, 8);
    return para_hash(link, row + 8, previous);
}

void para_recorder_decision(ParaRecorder *recorder, const int8_t *actions, uint64_t chain)
{
    ParaReplay *replay = &recorder->replay;
    PARA_ASSERT(recorder->level != NULL);
    if (replay->decisions == recorder->capacity)
        make_room(recorder, 2 * recorder->capacity);
    PARA_ASSERT(replay->decisions < recorder->capacity); // no episode is longer than its level
    int at = replay->decisions++;
    memcpy(replay->actions + (size_t)at * action_bytes(replay), actions, action_bytes(replay));
    replay->hashes[at] = chain;
}

bool para_recorder_meddle(ParaRecorder *recorder, const ParaMeddle *meddle)
{
    ParaReplay *replay = &recorder->replay;
    PARA_ASSERT(recorder->level != NULL && meddle->decision == replay->decisions);
    if (replay->meddle_count == PARA_REPLAY_MEDDLES_MAX)
        return false;
    if (replay->meddle_count == recorder->meddle_capacity) {
        int wanted = recorder->meddle_capacity > 0 ? 2 * recorder->meddle_capacity : MEDDLES_AT_FIRST;
        ParaMeddle *meddles = PARA_NEW(recorder->arena, ParaMeddle, wanted);
        if (replay->meddle_count > 0)
            memcpy(meddles, replay->meddles, sizeof *meddles * (size_t)replay->meddle_count);
        replay->meddles = meddles;
        recorder->meddle_capacity = wanted;
    }
    replay->meddles[replay->meddle_count++] = *meddle;
    return true;
}

void para_recorder_cut(ParaRecorder *recorder, int decisions)
{
    ParaReplay *replay = &recorder->replay;
    PARA_ASSERT(decisions >= 0 && decisions <= replay->decisions);
    replay->decisions = decisions;
    replay->meddle_count = para_replay_meddle_at(replay, decisions);
}

uint64_t para_replay_chain_meddle(uint64_t previous, const ParaMeddle *meddle)
{
    unsigned char link[4 + 4 * PARA_MEDDLE_NUMBERS];
    para_bytes_store(link, meddle->kind, 4);
    for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++) {
        uint32_t bits;
        memcpy(&bits, &meddle->numbers[k], sizeof bits);
        para_bytes_store(link + 4 + 4 * k, bits, 4);
    }
    return para_hash(link, sizeof link, previous);
}

int para_replay_meddle_at(const ParaReplay *replay, int decision)
{
    int low = 0, high = replay->meddle_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (replay->meddles[middle].decision < decision)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const ParaReplay *para_recorder_so_far(const ParaRecorder *recorder)
{
    PARA_ASSERT(recorder->level != NULL);
    return &recorder->replay;
}

/// The level's text into recorder->json.
static void write_level(ParaRecorder *recorder)
{
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
}

const ParaReplay *para_recorder_end(ParaRecorder *recorder, const ParaPlay *play, const float *total_rewards)
{
    ParaReplay *replay = &recorder->replay;
    PARA_ASSERT(recorder->level != NULL && play->player_count == replay->players);
    replay->end = (int)play->status;
    replay->total_reward = 0.0f;
    for (int p = 0; p < replay->players; p++) {
        replay->ends[p] = (ParaReplayEnd){(int)play->players[p].status, total_rewards[p]};
        replay->total_reward += total_rewards[p];
    }
    write_level(recorder);
    recorder->finished = *replay; // the episode may go on
    recorder->finished.meddle_count = para_replay_meddle_at(replay, replay->decisions);
    return &recorder->finished;
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
    if (level && level->player_count != replay->players) {
        if (out_error)
            *out_error = para_arena_printf(arena, "the replay has %d players, its level %d", replay->players,
                                           level->player_count);
        return NULL;
    }
    return level;
}
