// SPDX-License-Identifier: MIT
// What a training needs besides its player and optimiser to go on as if it had not stopped: the maker, the
// episodes under way with their streams, the running solve rates, what may still be proved. As bytes, beside
// each checkpoint.
#include "agents/lesson/training.h"

#include "agents/batch/resume.h"
#include "engine/base/assert.h"

#include <string.h>

#define STATE_VERSION 2
#define DECISIONS_MAX ((int64_t)64 << 20) // of all episodes under way: 128 MB

// ---------------------------------------------------------------------------------------------
// Writing.

static void put_window(ParaBytes *out, const ParaSolveWindow *window)
{
    para_bytes_put_whole(out, (uint64_t)window->episodes, 8);
    para_bytes_put_whole(out, (uint64_t)window->count, 4);
    para_bytes_put_whole(out, (uint64_t)window->next, 4);
    para_bytes_put(out, window->solved, sizeof window->solved);
}

/// Envs whose episodes are kept; a dream is not remembered.
static int recorded(const ParaTraining *t) { return t->batch->def.recording ? t->batch->def.envs : 0; }

/// Whether the episodes under way, peers' too, are too long.
static bool are_too_long(const ParaTraining *t)
{
    double decisions = 0; // exact
    for (int b = 0; b < recorded(t); b++)
        decisions += (double)t->batch->envs[b].decisions * t->batch->def.players;
    para_peers_sum_f64(t->peers, &decisions, 1);
    return decisions > (double)DECISIONS_MAX;
}

static void put_episodes(const ParaTraining *t, ParaBytes *out)
{
    for (int b = 0; b < recorded(t); b++)
        para_episode_save(out, t->batch, b);
}

static void put_judged(const ParaTraining *t, ParaBytes *out)
{
    para_collector_save_judged(t->collector, out);
}

static void put_memory(const ParaTraining *t, ParaBytes *out)
{
    para_collector_save_memory(t->collector, out);
}

/// What each peer puts, in the order of envs, for rank 0.
static void put_of_all(const ParaTraining *t, ParaBytes *out,
                       void (*put)(const ParaTraining *t, ParaBytes *out))
{
    if (!t->peers) {
        put(t, out);
        return;
    }
    ParaBytes own = {.arena = out->arena};
    ParaPeersPart *parts = PARA_NEW(out->arena, ParaPeersPart, t->peers->count);
    put(t, &own);
    para_peers_collect(t->peers, own.data, own.size, out->arena, parts);
    for (int i = 0; i < t->peers->count; i++)
        if (parts[i].size > 0)
            para_bytes_put(out, parts[i].data, parts[i].size);
}

bool para_training_state_put(const ParaTraining *t, ParaBytes *out)
{
    ParaBytes maker = {.arena = out->arena};
    if (are_too_long(t))
        return false;
    int kept = 0;
    para_training_put_stream(t, out);
    para_bytes_put_whole(out, STATE_VERSION, 4);
    para_bytes_put_whole(out, (uint64_t)t->families.count, 4);
    para_bytes_put_whole(out, (uint64_t)t->def.envs, 4);
    para_bytes_put_whole(out, (uint64_t)t->batch->def.players, 4);
    para_maker_save(t->maker, &maker);
    para_bytes_put_whole(out, maker.size, 8);
    para_bytes_put(out, maker.data, maker.size);
    para_maker_kept(t->maker, &kept);
    para_bytes_put_whole(out, (uint64_t)kept, 4);
    para_bytes_put(out, t->kept_proved, (size_t)kept);
    for (int f = 0; f < t->families.count; f++) {
        para_bytes_put_whole(out, (uint64_t)t->proof_room[f], 1);
        para_bytes_put_whole(out, (uint64_t)t->failure_room[f], 1);
        put_window(out, &t->windows[f]);
    }
    put_of_all(t, out, put_episodes);
    put_of_all(t, out, put_judged);
    put_of_all(t, out, put_memory);
    if (t->curiosity)
        para_curiosity_save(t->curiosity, out);
    if (t->pool)
        para_training_pool_put(t, out);
    return true;
}

// ---------------------------------------------------------------------------------------------
// Reading.

static void take_window(ParaBytesReader *in, ParaSolveWindow *window)
{
    window->episodes = para_bytes_take_range(in, 8, 0, INT64_MAX);
    window->count = (int)para_bytes_take_range(in, 4, 0, PARA_SOLVE_WINDOW);
    window->next = (int)para_bytes_take_range(in, 4, 0, PARA_SOLVE_WINDOW - 1);
    const uint8_t *solved = para_bytes_take(in, sizeof window->solved);
    for (int i = 0; solved && i < PARA_SOLVE_WINDOW; i++) {
        in->bad = in->bad || solved[i] > 1;
        window->solved[i] = solved[i];
    }
}

/// Puts every env where its episode stood. @return why not, of the first that could not be; NULL: all are
static const char *resume_all(ParaTraining *t, const ParaEpisode *episodes)
{
    const char *why = NULL;
    int env = para_episodes_resume(t->batch, t->workers, episodes, t->scratch, &why);
    return env < 0
               ? NULL
               : para_arena_printf(t->arena, "the episode of env %d cannot go on: %s", t->first + env, why);
}

bool para_training_state_take(ParaTraining *t, const uint8_t *data, size_t size, const char **out_why)
{
    ParaBytesReader in = {.data = data, .size = size};
    int envs = t->def.envs, families = t->families.count, players = t->batch->def.players;
    bool same = para_bytes_take_whole(&in, 4) == STATE_VERSION &&
                para_bytes_take_whole(&in, 4) == (uint64_t)families &&
                para_bytes_take_whole(&in, 4) == (uint64_t)envs &&
                para_bytes_take_whole(&in, 4) == (uint64_t)t->batch->def.players;
    *out_why = "it is of other families, worlds or players";
    if (!same)
        return false;
    size_t maker_size = (size_t)para_bytes_take_range(&in, 8, 0, INT32_MAX);
    const uint8_t *maker = para_bytes_take(&in, maker_size);
    int kept = (int)para_bytes_take_range(&in, 4, 0, t->kept_max);
    const uint8_t *proved = para_bytes_take(&in, (size_t)kept);
    ParaSolveWindow *windows = PARA_NEW(t->scratch, ParaSolveWindow, families);
    int *room = PARA_NEW(t->scratch, int, families), *failures = PARA_NEW(t->scratch, int, families);
    for (int f = 0; f < families; f++) {
        room[f] = (int)para_bytes_take_range(&in, 1, 0, 1);
        failures[f] = (int)para_bytes_take_range(&in, 1, 0, 1);
        take_window(&in, &windows[f]);
    }
    ParaEpisode *episodes = PARA_NEW(t->scratch, ParaEpisode, envs);
    for (int b = 0; b < envs && !in.bad && t->batch->def.recording; b++)
        episodes[b] = para_episode_load(&in, t->batch, t->scratch);
    *out_why = "it is damaged";
    int before = t->first * players, after = (envs - t->first - t->envs) * players;
    if (!para_collector_load(t->collector, &in, before, after) ||
        (t->curiosity && !para_curiosity_load(t->curiosity, &in)) ||
        (t->pool && !para_training_pool_take(t, &in)) || !para_bytes_read_whole(&in) ||
        !para_maker_load(t->maker, maker, maker_size))
        return false;
    if (kept > 0)
        memcpy(t->kept_proved, proved, (size_t)kept);
    memcpy(t->windows, windows, sizeof *windows * (size_t)families);
    memcpy(t->proof_room, room, sizeof *room * (size_t)families);
    memcpy(t->failure_room, failures, sizeof *failures * (size_t)families);
    para_training_rates(t);
    *out_why = "what is dreamed is not remembered";
    if (!t->batch->def.recording)
        return false;
    *out_why = resume_all(t, episodes + t->first);
    return *out_why == NULL;
}
