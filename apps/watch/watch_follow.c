// SPDX-License-Identifier: MIT
// Reading a run that another process writes: opened for reading, looked at, closed. Nothing is locked, and
// between two looks nothing is held open that the writer would have to wait for.
#include "apps/watch/watch_parts.h"

#include "agents/env/report_words.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LOOK_BACK   400  // reports among which levels are looked for
#define STAYS       6.0  // [s] at least that a level stays on the wall
#define ARCHIVE_MAX 4096 // rows of the archive that are looked at

void para_watch_say(ParaWatch *w, const char *text)
{
    snprintf(w->message, sizeof w->message, "%s", text);
    w->message_seconds = 4.0f;
}

// ---------------------------------------------------------------------------------------------
// The curve.

typedef struct Curve {
    ParaWatchRun *run;
    int lessons;
    double solved[PARA_WATCH_POINTS], episodes[PARA_WATCH_POINTS];
} Curve;

static void add_lesson(void *context, const ParaStatistics *lesson)
{
    Curve *curve = context;
    int at = (int)((int64_t)lesson->lesson * PARA_WATCH_POINTS / curve->lessons);
    if (at < 0 || at >= PARA_WATCH_POINTS)
        return;
    curve->solved[at] += (double)lesson->solved;
    curve->episodes[at] += (double)lesson->episodes;
}

static void read_curve(ParaWatch *w, ParaRun *run)
{
    const char *error = NULL;
    Curve curve = {.run = &w->run, .lessons = w->run.now.lesson + 1};
    w->run.points = 0;
    if (curve.lessons < 1 || !para_run_each_lesson(run, add_lesson, &curve, &error))
        return;
    for (int i = 0; i < PARA_WATCH_POINTS; i++)
        if (curve.episodes[i] > 0.0)
            w->run.curve[w->run.points++] = (float)(curve.solved[i] / curve.episodes[i]);
}

// ---------------------------------------------------------------------------------------------
// Levels.

static ParaWatchSlot *slot_of(ParaWatch *w, uint64_t hash)
{
    for (int i = 0; i < PARA_WATCH_SLOTS; i++)
        if (w->slots[i].level && w->slots[i].hash == hash)
            return &w->slots[i];
    return NULL;
}

/// The one to be given up: an empty one, else that which has been there longest. @return NULL: all are fresh
static ParaWatchSlot *oldest(ParaWatch *w)
{
    ParaWatchSlot *found = NULL;
    for (int i = 0; i < PARA_WATCH_SLOTS; i++) {
        ParaWatchSlot *slot = &w->slots[i];
        bool kept = (w->screen == PARA_WATCH_LEVEL && i == w->chosen) || w->shown - slot->since < STAYS;
        if (!slot->level)
            return slot;
        if (!kept && (!found || slot->since < found->since))
            found = slot;
    }
    return found;
}

/// What the run says of why a level was picked.
static void tell_reason(const ParaWatch *w, const ParaLevelRow *rows, int count, const ParaReport *report,
                        const char *recipe, char out[PARA_WATCH_WORDS])
{
    const ParaLevelRow *row = NULL;
    for (int i = 0; i < count && !row; i++)
        row = rows[i].hash == report->level_hash ? &rows[i] : NULL;
    if (!row) {
        snprintf(out, PARA_WATCH_WORDS, "%s%s", recipe ? "made by a recipe of its maker, " : "drawn anew, ",
                 w->run.maker[0] ? w->run.maker : "by its maker");
        return;
    }
    para_text_format(out, PARA_WATCH_WORDS,
                     "kept by %s since lesson %d: solved %.0f %% of %d tries, score %.2f%s", row->maker,
                     row->lesson, 100.0 * (double)row->success, row->tries, (double)row->score,
                     row->parent ? ", made of another level" : "");
}

static const ParaLevel *make_copy(void *context, uint64_t turn, ParaArena *arena)
{
    const ParaWatchSlot *slot = context;
    (void)turn;
    return slot->level ? para_level_copy(slot->level, arena) : NULL;
}

/// Puts the level of a report on the wall. @return false: it cannot be made
static bool take_level(ParaWatch *w, ParaRun *run, int64_t number, const ParaReport *report,
                       const char *recipe, const ParaLevelRow *rows, int count)
{
    ParaWatchSlot *slot = oldest(w);
    const char *error = NULL;
    if (!slot)
        return false;
    ParaArena *arena = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
    const ParaLevel *level = arena ? para_run_report_level(run, number, arena, &error) : NULL;
    if (!level) {
        if (arena)
            para_arena_destroy(arena);
        return false;
    }
    if (slot->arena)
        para_arena_destroy(slot->arena);
    slot->arena = arena;
    slot->level = level;
    slot->hash = report->level_hash;
    slot->since = w->shown;
    snprintf(slot->family, sizeof slot->family, "%s", level->family);
    para_text_format(slot->result, sizeof slot->result, "lesson %d: %s after %.1f s", report->lesson,
                     para_end_name(report->end), (double)report->seconds);
    tell_reason(w, rows, count, report, recipe, slot->reason);
    if (!slot->tile)
        slot->tile = para_tile_create(w->solver, make_copy, slot, 0, w->arena);
    slot->tile->running = slot->tile->barren = false;
    slot->tile->turn = report->level_seed;
    return true;
}

static void read_levels(ParaWatch *w, ParaRun *run, ParaArena *scratch)
{
    bool first = w->run.newest == 0;
    int64_t newest = para_run_newest_report(run);
    int taken = 0, most = first ? PARA_WATCH_SLOTS : 1;
    if (newest == w->run.newest)
        return;
    ParaLevelRow *rows = PARA_NEW(scratch, ParaLevelRow, ARCHIVE_MAX);
    int count = para_run_levels(run, -1, rows, ARCHIVE_MAX, scratch);
    for (int64_t n = newest; n > 0 && n > newest - LOOK_BACK && taken < most; n--) {
        ParaReport report;
        const char *recipe = NULL, *error = NULL;
        if (!para_run_report(run, n, &report, &recipe, &error) || slot_of(w, report.level_hash))
            continue;
        taken += take_level(w, run, n, &report, recipe, rows, count);
        if (!oldest(w))
            break;
    }
    w->run.newest = newest;
}

// ---------------------------------------------------------------------------------------------
// The player.

static void read_player(ParaWatch *w, ParaRun *run, ParaArena *scratch)
{
    const char *path = NULL, *note = NULL, *error = NULL;
    int lesson = para_run_newest_checkpoint(run, scratch, &path, &note);
    if (lesson < 0 || lesson == w->run.checkpoint) {
        if (lesson < 0 && w->run.checkpoint < 0)
            snprintf(w->run.player, sizeof w->run.player, "no checkpoint yet: somebody tries things");
        return;
    }
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    ParaPolicy *policy = arena ? para_player_load(path, arena, &error) : NULL;
    if (!policy) {
        snprintf(w->run.player, sizeof w->run.player, "checkpoint of lesson %d: %s", lesson,
                 error ? error : "no memory");
        if (arena)
            para_arena_destroy(arena);
        return;
    }
    if (w->player_arena)
        para_arena_destroy(w->player_arena);
    w->player_arena = arena;
    w->policy = policy;
    w->mind = para_tile_mind(policy, arena);
    w->run.checkpoint = lesson;
    snprintf(w->run.player, sizeof w->run.player, "the player of lesson %d", lesson);
}

void para_watch_follow(ParaWatch *w)
{
    const char *error = NULL;
    ParaArena *scratch = para_arena_create((size_t)1 << 20, (size_t)512 << 20);
    if (!scratch)
        return;
    ParaRun *run = para_run_open_read(w->run.folder, scratch, &error);
    snprintf(w->run.trouble, sizeof w->run.trouble, "%s", run ? "" : error);
    if (run) {
        const char *maker = para_run_setting(run, "maker", scratch);
        snprintf(w->run.maker, sizeof w->run.maker, "%s", maker ? maker : "");
        w->run.now.lesson = para_run_last_lesson(run, &w->run.now);
        read_curve(w, run);
        read_player(w, run, scratch);
        read_levels(w, run, scratch);
        para_run_close(run);
    }
    para_arena_destroy(scratch);
}

void para_watch_list(ParaWatch *w)
{
    const char *error = NULL;
    ParaArena *scratch = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
    ParaRun *run = scratch ? para_run_open_read(w->run.folder, scratch, &error) : NULL;
    w->list_count = run ? para_run_shown(run, w->listed, PARA_WATCH_REPLAYS, scratch) : 0;
    for (int i = 0; i < w->list_count; i++) {
        const ParaShownRow *row = &w->listed[i];
        para_text_format(w->lines[i], sizeof w->lines[i], "%s   %016llx   %s, solved %.0f %%",
                         para_run_family_name(run, row->family, scratch), (unsigned long long)row->hash,
                         row->solved ? "proof" : "failure", 100.0 * (double)row->success);
        snprintf(w->files[i], sizeof w->files[i], "%s", row->file);
    }
    w->row = 0;
    para_run_close(run);
    if (scratch)
        para_arena_destroy(scratch);
}
