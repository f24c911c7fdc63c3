// SPDX-License-Identifier: MIT
// A training that several processes share. Each has the whole of it, maker and player, and plays its share of
// the envs; what the others' envs tell is told to all in the order of envs, so that every maker is the same
// maker, every player the same player, and the run is that of one process but for the rounding of sums. Rank
// 0 alone has the run folder.
#include "agents/lesson/training.h"

#include "agents/maker/maker.h"
#include "agents/run/safetensors.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/hash.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MOST ((size_t)1 << 30) // [byte] of a text that is shared: a check, not a size

// ---------------------------------------------------------------------------------------------
// Agreeing.

static bool tell_lost(ParaTraining *t, const char **out_error)
{
    *out_error = para_arena_printf(t->arena,
                                   "one of the %d ranks is lost; what the last checkpoint keeps stands, and "
                                   "the same command goes on from there",
                                   t->peers->count);
    return false;
}

bool para_training_agree(ParaTraining *t, bool good, const char **out_error)
{
    int64_t bad = !good;
    if (!t->peers)
        return good;
    if (!para_peers_max(t->peers, &bad))
        return tell_lost(t, out_error);
    if (!bad)
        return true;
    const char *own = good ? "" : *out_error ? *out_error : "it failed";
    ParaPeersPart *parts = PARA_NEW(t->arena, ParaPeersPart, t->peers->count);
    if (!para_peers_gather(t->peers, own, strlen(own), t->arena, parts))
        return tell_lost(t, out_error);
    for (int i = t->peers->count - 1; i >= 0; i--) // a part ends with a zero: it has room for one more byte
        if (parts[i].size > 0)
            *out_error = i == 0 ? (const char *)parts[i].data
                                : para_arena_printf(t->arena, "rank %d: %s", i, (const char *)parts[i].data);
    return false;
}

bool para_training_share_going(ParaTraining *t, bool going)
{
    uint8_t word = going;
    return para_peers_share(t->peers, &word, sizeof word) && word;
}

// ---------------------------------------------------------------------------------------------
// Opening.

const char *para_training_peers_contradiction(const ParaTrainDef *def, ParaArena *arena)
{
    int count = para_peers_count(def->peers);
    if (count == 1)
        return NULL;
    if (def->model || def->in_dream || def->dreams || def->curiosity != PARA_CURIOSITY_NONE)
        return "several ranks share a player and its maker, but no model, dream or curiosity: train without "
               "these, or with one rank";
    if (def->envs > 0 && def->envs < count)
        return para_arena_printf(arena, "%d ranks need at least a world each; there are %d: raise --envs",
                                 count, def->envs);
    return NULL;
}

/// What must be the same for all, by its hash.
typedef struct Meeting {
    char version[32];
    uint64_t call, sizes;
} Meeting;

static Meeting meeting_of(const ParaTrainDef *asked, ParaArena *arena)
{
    ParaTrainDef def = *asked;
    const size_t sizes[] = {sizeof(ParaEnded), sizeof(ParaReport), sizeof(ParaStatistics), sizeof(long)};
    Meeting meeting = {.sizes = para_hash(sizes, sizeof sizes, 1)};
    def.threads = 0; // machines may have their own
    const char *text = para_training_call_text(&def, arena);
    meeting.call = para_hash(text, strlen(text), 1);
    snprintf(meeting.version, sizeof meeting.version, "%s", PARA_VERSION);
    return meeting;
}

/// @return what differs from rank 0's; NULL: nothing
static const char *difference(const Meeting *own, const Meeting *leader)
{
    if (memcmp(own->version, leader->version, sizeof own->version) != 0 || own->sizes != leader->sizes)
        return "it is of another build than rank 0: all ranks need the same program";
    return own->call != leader->call
               ? "it was called with other limits than rank 0: all ranks need the same options"
               : NULL;
}

static void put_text(ParaBytes *out, const char *text, size_t size)
{
    para_bytes_put_whole(out, size, 8);
    para_bytes_put(out, text, size);
}

static const char *take_text(ParaBytesReader *in, ParaArena *arena, size_t *out_size)
{
    *out_size = (size_t)para_bytes_take_range(in, 8, 0, (int64_t)TEXT_MOST);
    const uint8_t *data = para_bytes_take(in, *out_size);
    char *text = PARA_NEW(arena, char, (data ? *out_size : 0) + 1);
    if (data)
        memcpy(text, data, *out_size);
    return text;
}

// Config and templates of the run, as rank 0 has them.
static void put_run(const ParaTraining *t, ParaBytes *out)
{
    const char *config = para_run_config(t->run);
    put_text(out, config, strlen(config));
    para_bytes_put_whole(out, (uint64_t)t->families.count, 4);
    for (int f = 0; f < t->families.count; f++) {
        const ParaTemplateText *text = &t->families.texts[f];
        put_text(out, text->source, strlen(text->source));
        put_text(out, text->file, strlen(text->file));
        put_text(out, text->text, text->size);
    }
}

static bool take_run(ParaTraining *t, ParaBytesReader *in, const char **out_error)
{
    size_t size = 0;
    const char *config = take_text(in, t->arena, &size);
    int count = (int)para_bytes_take_range(in, 4, 1, 1 << 20);
    ParaTemplateText *texts = PARA_NEW(t->arena, ParaTemplateText, count);
    for (int f = 0; f < count; f++) {
        texts[f].source = take_text(in, t->arena, &size);
        texts[f].file = take_text(in, t->arena, &size);
        texts[f].text = take_text(in, t->arena, &texts[f].size);
        texts[f].kept = true;
    }
    *out_error = "what rank 0 told of the run does not read";
    return para_bytes_read_whole(in) && para_training_config_read(&t->def, config, t->arena, out_error) &&
           para_families_load_texts(&t->families, texts, count, t->arena, out_error) &&
           para_families_narrow(&t->families, t->def.tier, t->arena, out_error);
}

bool para_training_meet(ParaTraining *t, const ParaTrainDef *asked, bool good, const char **out_error)
{
    Meeting own = meeting_of(asked, t->arena), leader = own;
    if (!para_training_agree(t, good, out_error))
        return false;
    if (t->peers) {
        ParaBytes bytes = {.arena = t->arena};
        if (t->run)
            put_run(t, &bytes);
        ParaPeersPart part = {bytes.data, bytes.size};
        if (!para_peers_share(t->peers, &leader, sizeof leader) ||
            !para_peers_share_part(t->peers, &part, t->arena))
            return tell_lost(t, out_error);
        const char *problem = difference(&own, &leader);
        *out_error = problem;
        good = !problem &&
               (t->run || take_run(t, &(ParaBytesReader){.data = part.data, .size = part.size}, out_error));
        problem = good ? para_training_peers_contradiction(&t->def, t->arena) : NULL;
        *out_error = problem ? problem : *out_error;
        if (!para_training_agree(t, good && !problem, out_error))
            return false;
    }
    t->families.toybox = t->def.settings.surprises > 0;
    t->families.solver = t->def.solver;
    t->first = para_peers_first(t->peers, t->def.envs, para_peers_rank(t->peers));
    t->envs = para_peers_first(t->peers, t->def.envs, para_peers_rank(t->peers) + 1) - t->first;
    return true;
}

/// What goes with a checkpoint's tensors.
typedef struct Totals {
    ParaStatistics now;
    int32_t lessons;
} Totals;

bool para_training_share_checkpoint(ParaTraining *t, ParaTensor *tensors, int count, const char **out_error)
{
    if (!t->peers)
        return true;
    Totals totals = {t->now, t->lessons};
    ParaPeersPart state = {t->state, t->state_size};
    bool shared = para_peers_share(t->peers, &totals, sizeof totals) &&
                  para_peers_share_part(t->peers, &state, t->arena);
    for (int i = 0; i < count && shared; i++)
        shared = para_peers_share(t->peers, tensors[i].data,
                                  sizeof(float) * (size_t)tensors[i].rows * (size_t)tensors[i].columns);
    if (!shared)
        return tell_lost(t, out_error);
    t->now = totals.now;
    t->lessons = totals.lessons;
    t->state = state.size > 0 ? state.data : NULL;
    t->state_size = state.size;
    if (!t->state_problem)
        t->state_problem = "rank 0 has none";
    return true;
}

// ---------------------------------------------------------------------------------------------
// A lesson.

void para_training_share_ended(ParaTraining *t)
{
    if (!t->peers)
        return;
    ParaPeersPart *parts = PARA_NEW(t->scratch, ParaPeersPart, t->peers->count);
    double steps = (double)t->played_steps; // exact to 2^53
    size_t size = sizeof *t->ended.items, count = 0, at = 0;
    if (!para_peers_sum_f64(t->peers, &steps, 1) ||
        !para_peers_gather(t->peers, t->ended.items, size * (size_t)t->ended.count, t->scratch, parts))
        return; // told by the tally
    t->now.world_steps += (int64_t)steps - t->played_steps;
    t->played_steps = (int64_t)steps;
    for (int i = 0; i < t->peers->count; i++)
        count += parts[i].size / size;
    t->told = PARA_NEW(t->scratch, ParaEnded, count + 1);
    for (int i = 0; i < t->peers->count; i++) {
        memcpy(t->told + at, parts[i].data, parts[i].size);
        at += parts[i].size / size;
    }
    t->ended = (ParaEndedList){t->told, (int)count};
}

/// What each tells after the reports.
typedef struct Tally {
    uint64_t player; ///< [hash]
    int32_t stop, due, lanes_envs;
} Tally;

static Tally tally_of(const ParaTraining *t)
{
    int tensors = 0;
    const ParaTensor *tensor = para_policy_tensors(t->policy, &tensors);
    return (Tally){.player = para_tensors_hash(tensor, tensors),
                   .stop = t->def.stop && t->def.stop(t->def.stop_context),
                   .due = para_clock_seconds() - t->checkpoint_clock >= t->def.checkpoint_seconds,
                   .lanes_envs = t->lanes_envs};
}

bool para_training_tally(ParaTraining *t, const char **out_error)
{
    if (!t->peers)
        return true;
    Tally own = tally_of(t), *all = PARA_NEW(t->scratch, Tally, t->peers->count);
    if (!para_peers_all(t->peers, &own, sizeof own, all))
        return tell_lost(t, out_error);
    t->due = all[0].due != 0;
    t->stopping = false;
    t->lanes_envs = 0;
    for (int i = 0; i < t->peers->count; i++) {
        t->stopping = t->stopping || all[i].stop;
        t->lanes_envs += all[i].lanes_envs;
        if (all[i].player != all[0].player) {
            *out_error =
                para_arena_printf(t->arena,
                                  "rank %d has another player than rank 0 after the same lesson: its "
                                  "machine computes otherwise; train on machines of one kind",
                                  i);
            return false;
        }
    }
    return true;
}

void para_training_share_time(ParaTraining *t, double cpu_seconds)
{
    double seconds = t->now.seconds;
    para_peers_sum_f64(t->peers, &cpu_seconds, 1);
    para_peers_share(t->peers, &seconds, sizeof seconds);
    t->now.seconds = seconds;
    t->now.cpu_seconds += cpu_seconds;
}

// ---------------------------------------------------------------------------------------------
// Replays.

static void put_row(ParaBytes *out, const ParaEpisodeRow *row)
{
    para_bytes_put(out, row, sizeof *row);
    put_text(out, row->params, strlen(row->params));
    put_text(out, (const char *)row->replay, row->replay_size);
}

/// @return false: nothing is left
static bool take_row(ParaBytesReader *in, ParaArena *arena, ParaEpisodeRow *out)
{
    size_t size = 0;
    const uint8_t *data = in->at < in->size ? para_bytes_take(in, sizeof *out) : NULL;
    if (!data)
        return false;
    memcpy(out, data, sizeof *out);
    out->params = (char *)(uintptr_t)take_text(in, arena, &size);
    out->replay = (uint8_t *)(uintptr_t)take_text(in, arena, &out->replay_size);
    return !in->bad;
}

void para_training_share_episodes(ParaTraining *t)
{
    if (!t->peers)
        return;
    ParaBytes own = {.arena = t->scratch};
    ParaPeersPart *parts = PARA_NEW(t->scratch, ParaPeersPart, t->peers->count);
    ParaEpisodeRow row;
    for (int i = 0; i < t->episode_count && !t->run; i++)
        if (t->episode_rows[i].file[0])
            put_row(&own, &t->episode_rows[i]);
    if (!para_peers_gather(t->peers, own.data, own.size, t->scratch, parts))
        return; // told where they next agree
    for (int i = 1; i < t->peers->count; i++) {
        ParaBytesReader in = {.data = parts[i].data, .size = parts[i].size};
        while (i != t->peers->rank && take_row(&in, t->scratch, &row))
            para_training_take_episode(t, &row);
    }
}
