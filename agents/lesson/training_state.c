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

static void put_rng(ParaBytes *out, const ParaRng *rng)
{
    for (int i = 0; i < 4; i++)
        para_bytes_put_whole(out, rng->s[i], 8);
}

/// Actions are -1, 0 or 1: a channel takes two bits, a player's decision two bytes.
static void put_actions(ParaBytes *out, const int8_t *actions, int rows)
{
    for (int row = 0; row < rows; row++) {
        uint64_t bits = 0;
        for (int c = 0; c < PARA_CHANNELS; c++)
            bits |= (uint64_t)(actions[row * PARA_CHANNELS + c] + 1) << (2 * c);
        para_bytes_put_whole(out, bits, 2);
    }
}

static void put_episode(ParaBytes *out, const ParaBatch *batch, int b)
{
    ParaEpisode episode;
    para_episode_of(batch, b, &episode);
    para_pick_save(out, &episode.pick);
    para_bytes_put_whole(out, episode.level_hash, 8);
    para_bytes_put_whole(out, episode.chain, 8);
    put_rng(out, &episode.level_rng);
    for (int p = 0; p < batch->def.players; p++)
        put_rng(out, &episode.action_rng[p]);
    para_bytes_put_whole(out, (uint64_t)batch->envs[b].level->player_count, 1);
    para_bytes_put_whole(out, (uint64_t)episode.decisions, 4);
    put_actions(out, episode.actions, episode.decisions * batch->envs[b].level->player_count);
}

static void put_window(ParaBytes *out, const ParaSolveWindow *window)
{
    para_bytes_put_whole(out, (uint64_t)window->episodes, 8);
    para_bytes_put_whole(out, (uint64_t)window->count, 4);
    para_bytes_put_whole(out, (uint64_t)window->next, 4);
    para_bytes_put(out, window->solved, sizeof window->solved);
}

bool para_training_state_put(const ParaTraining *t, ParaBytes *out)
{
    ParaBytes maker = {.arena = out->arena};
    int64_t decisions = 0;
    for (int b = 0; b < t->batch->def.envs; b++)
        decisions += (int64_t)t->batch->envs[b].decisions * t->batch->def.players;
    if (decisions > DECISIONS_MAX)
        return false;
    int kept = 0;
    para_bytes_put_whole(out, STATE_VERSION, 4);
    para_bytes_put_whole(out, (uint64_t)t->families.count, 4);
    para_bytes_put_whole(out, (uint64_t)t->batch->def.envs, 4);
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
    for (int b = 0; b < t->batch->def.envs; b++)
        put_episode(out, t->batch, b);
    para_collector_save(t->collector, out);
    return true;
}

// ---------------------------------------------------------------------------------------------
// Reading.

static ParaRng take_rng(ParaBytesReader *in)
{
    ParaRng rng;
    for (int i = 0; i < 4; i++)
        rng.s[i] = para_bytes_take_whole(in, 8);
    return rng;
}

/// @return [rows, 8] in the arena; NULL if they are not there
static int8_t *take_actions(ParaBytesReader *in, int64_t rows, ParaArena *arena)
{
    const uint8_t *data = para_bytes_take(in, (size_t)rows * 2);
    if (!data)
        return NULL;
    int8_t *actions = PARA_NEW(arena, int8_t, (size_t)rows * PARA_CHANNELS + 1);
    for (int64_t row = 0; row < rows; row++) {
        unsigned bits = data[2 * row] | (unsigned)data[2 * row + 1] << 8;
        for (int c = 0; c < PARA_CHANNELS; c++) {
            int action = (int)(bits >> (2 * c) & 3) - 1;
            in->bad = in->bad || action > 1;
            actions[row * PARA_CHANNELS + c] = (int8_t)action;
        }
    }
    return actions;
}

static ParaEpisode take_episode(ParaBytesReader *in, const ParaTraining *t)
{
    int players = t->batch->def.players;
    ParaEpisode episode = {.pick = para_pick_load(in, 0, t->families.count - 1)};
    episode.level_hash = para_bytes_take_whole(in, 8);
    episode.chain = para_bytes_take_whole(in, 8);
    episode.level_rng = take_rng(in);
    for (int p = 0; p < players; p++)
        episode.action_rng[p] = take_rng(in);
    int64_t own = para_bytes_take_range(in, 1, 1, players);
    episode.decisions = (int)para_bytes_take_range(in, 4, 0, PARA_REPLAY_DECISIONS_MAX);
    episode.actions = take_actions(in, episode.decisions * own, t->scratch);
    return episode;
}

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

typedef struct Resume {
    ParaTraining *training;
    const ParaEpisode *episodes; // [envs]
    const char **why;            // [envs] NULL: resumed
} Resume;

static void resume_one(void *context, int b, int worker)
{
    const Resume *resume = context;
    (void)worker;
    para_episode_resume(resume->training->batch, b, &resume->episodes[b], &resume->why[b]);
}

/// Puts every env where its episode stood. @return why not, of the first that could not be; NULL: all are
static const char *resume_all(ParaTraining *t, const ParaEpisode *episodes)
{
    int envs = t->batch->def.envs;
    Resume resume = {t, episodes, PARA_NEW(t->scratch, const char *, envs)};
    para_workers_run(t->workers, resume_one, &resume, envs);
    for (int b = 0; b < envs; b++)
        if (resume.why[b])
            return para_arena_printf(t->arena, "the episode of env %d cannot go on: %s", b, resume.why[b]);
    return NULL;
}

bool para_training_state_take(ParaTraining *t, const uint8_t *data, size_t size, const char **out_why)
{
    ParaBytesReader in = {.data = data, .size = size};
    int envs = t->batch->def.envs, families = t->families.count;
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
    for (int b = 0; b < envs && !in.bad; b++)
        episodes[b] = take_episode(&in, t);
    *out_why = "it is damaged";
    if (!para_collector_load(t->collector, &in) || !para_bytes_read_whole(&in) ||
        !para_maker_load(t->maker, maker, maker_size))
        return false;
    if (kept > 0)
        memcpy(t->kept_proved, proved, (size_t)kept);
    memcpy(t->windows, windows, sizeof *windows * (size_t)families);
    memcpy(t->proof_room, room, sizeof *room * (size_t)families);
    memcpy(t->failure_room, failures, sizeof *failures * (size_t)families);
    para_training_rates(t);
    *out_why = resume_all(t, episodes);
    return *out_why == NULL;
}
