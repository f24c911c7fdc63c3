// SPDX-License-Identifier: MIT
// Recording an episode, and playing it again to prove it. The file itself is in replay_file.c.
#include "agents/env/replay.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
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

void para_recorder_decision(ParaRecorder *recorder, const int8_t *action, ParaWorld world)
{
    ParaReplay *replay = &recorder->replay;
    PARA_ASSERT(recorder->level != NULL);
    if (replay->decisions == recorder->capacity) // only a level that runs past its own time limit gets here
        reserve(recorder, 2 * recorder->capacity);
    int at = replay->decisions++;
    memcpy(replay->actions + (size_t)at * PARA_CHANNELS, action, PARA_CHANNELS);
    replay->hashes[at] =
        para_replay_chain(at > 0 ? replay->hashes[at - 1] : 0, action, para_world_hash(world));
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

// ---------------------------------------------------------------- verifying

static const char *status_name(int status)
{
    switch (status) {
    case PARA_PLAY_ON:
        return "not ended";
    case PARA_PLAY_SOLVED:
        return "solved";
    case PARA_PLAY_FAILED:
        return "failed";
    case PARA_PLAY_TIMEOUT:
        return "out of time";
    case PARA_PLAY_DIVERGED:
        return "diverged";
    default:
        return "unknown";
    }
}

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

static ParaVerdict verdict(bool ok, int step, const char *format, ...) __attribute__((format(printf, 3, 4)));
static ParaVerdict verdict(bool ok, int step, const char *format, ...)
{
    ParaVerdict result = {.ok = ok, .step = step};
    va_list list;
    va_start(list, format);
    vsnprintf(result.message, sizeof result.message, format, list);
    va_end(list);
    return result;
}

/// Channel of an action that no player can give, -1 if all are good.
static int bad_channel(const int8_t *action)
{
    for (int channel = 0; channel < PARA_CHANNELS; channel++)
        if (action[channel] < -1 || action[channel] > 1)
            return channel;
    return -1;
}

/// One decision of the replay; false once the verdict stands.
static bool verify_decision(const ParaReplay *replay, int at, const ParaLevel *level, ParaWorld world,
                            ParaPlay *play, ParaVerdict *out)
{
    const int8_t *action = replay->actions + (size_t)at * PARA_CHANNELS;
    int channel = bad_channel(action);
    if (channel >= 0) {
        *out = verdict(false, at, "step %d: action %d of channel %d; must be -1, 0 or 1", at, action[channel],
                       channel);
        return false;
    }
    if (play->status != PARA_PLAY_ON) {
        *out = verdict(false, at, "step %d: the level had already ended (%s)", at,
                       status_name((int)play->status));
        return false;
    }
    float wanted[PARA_CHANNELS];
    for (int i = 0; i < PARA_CHANNELS; i++)
        wanted[i] = (float)action[i];
    para_play_act(play, level, wanted);
    for (int i = 0; i < level->frame_skip && play->status == PARA_PLAY_ON; i++)
        para_play_step(play, level, world);
    uint64_t chain = para_replay_chain(at > 0 ? replay->hashes[at - 1] : 0, action, para_world_hash(world));
    if (chain != replay->hashes[at]) {
        *out = verdict(false, at, "step %d: state hash differs from the recorded one", at);
        return false;
    }
    return true;
}

/// The actions are right; so must be what the replay says of their end.
static ParaVerdict verify_end(const ParaReplay *replay, const ParaPlay *play, double total)
{
    if ((int)play->status != replay->end)
        return verdict(false, -1, "the end differs: recorded as %s, played again it is %s",
                       status_name(replay->end), status_name((int)play->status));
    if (fabs(total - (double)replay->total_reward) > 1e-3 * (1.0 + fabs(total)))
        return verdict(false, -1, "the reward differs: recorded as %.4g, played again it is %.4g",
                       (double)replay->total_reward, total);
    return verdict(true, -1, "verified %d decisions, %s", replay->decisions, status_name((int)play->status));
}

ParaVerdict para_replay_verify(const ParaReplay *replay, ParaArena *arena)
{
    const char *error = NULL;
    ParaLevel *level = para_replay_level(replay, arena, &error);
    if (!level)
        return verdict(false, -1, "%s", error);
    ParaWorldGroup *group = para_world_group_create(replay->solver, 1);
    if (!group || para_world_group_solver(group) != replay->solver) {
        if (group)
            para_world_group_destroy(group);
        return verdict(false, -1, "recorded with the solver %s, which is not there",
                       para_solver_name(replay->solver));
    }
    ParaWorld world = para_world_at(group, 0);
    ParaPlay *play = PARA_NEW(arena, ParaPlay, 1);
    ParaVerdict result = {.ok = false, .step = -1};
    double total = 0.0;
    ParaPlayerState *players = PARA_NEW(arena, ParaPlayerState, level->player_count);
    if (!para_play_begin(play, level, world, players, NULL)) {
        result = verdict(false, -1, "the replay's level cannot be built");
    } else {
        bool same = true;
        for (int at = 0; same && at < replay->decisions; at++) {
            same = verify_decision(replay, at, level, world, play, &result);
            total += (double)play->players[0].reward;
            play->players[0].reward = 0.0f;
        }
        if (same)
            result = verify_end(replay, play, total);
    }
    para_world_group_destroy(group);
    return result;
}
