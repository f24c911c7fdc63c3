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
        if (!slot->level || (slot->fresh && !(w->screen == PARA_WATCH_LEVEL && i == w->chosen)))
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
        snprintf(out, PARA_WATCH_WORDS, "%s%s", recipe ? "made by a recipe of " : "drawn anew by ",
                 w->run.maker[0] ? w->run.maker : "its maker");
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

/// Gives a slot a level, which takes the place of the one before.
/// @param arena the level's, which the slot owns from here on   @param turn [1] >= 0 for its look
static void fill(ParaWatch *w, ParaWatchSlot *slot, ParaArena *arena, const ParaLevel *level, uint64_t turn)
{
    if (slot->arena)
        para_arena_destroy(slot->arena);
    slot->arena = arena;
    slot->level = level;
    slot->since = w->shown;
    slot->fresh = false;
    snprintf(slot->family, sizeof slot->family, "%s", level->family);
    if (!slot->tile)
        slot->tile = para_tile_create(w->solver, make_copy, slot, 0, w->arena);
    slot->tile->running = slot->tile->barren = false;
    slot->tile->turn = turn;
}

/// Puts the level of a report on the wall. @return false: it cannot be made
static bool take_level(ParaWatch *w, ParaRun *run, int64_t number, const ParaReport *report,
                       const char *recipe, const ParaLevelRow *rows, int count)
{
    ParaWatchSlot *slot = oldest(w);
    const char *error = NULL;
    ParaArena *arena = slot ? para_arena_create((size_t)1 << 18, (size_t)256 << 20) : NULL;
    const ParaLevel *level = arena ? para_run_report_level(run, number, arena, &error) : NULL;
    if (!level) {
        if (arena)
            para_arena_destroy(arena);
        return false;
    }
    fill(w, slot, arena, level, report->level_seed);
    slot->hash = report->level_hash;
    para_text_format(slot->result, sizeof slot->result, "lesson %d: %s after %.1f s", report->lesson,
                     para_end_name(report->end), (double)report->seconds);
    tell_reason(w, rows, count, report, recipe, slot->reason);
    return true;
}

/// Before the run has played a level to its end there are those that its families have: some are drawn here,
/// as it draws them.
static void draw_fresh(ParaWatch *w, ParaRun *run, ParaArena *scratch)
{
    ParaFamilies families;
    const char *note = NULL, *error = NULL;
    const ParaFamiliesWish wish = {.tier = para_run_tier(run, scratch)};
    if (w->slots[0].level || !para_run_families(run, &wish, scratch, &families, &note, &error) ||
        families.count < 1)
        return;
    for (int i = 0; i < PARA_WATCH_SLOTS; i++) {
        ParaWatchSlot *slot = &w->slots[i];
        ParaPick pick = {.family = i % families.count, .seed = (uint64_t)(i / families.count)};
        ParaArena *arena = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
        const ParaLevel *level = arena ? para_families_sample(&families, &pick, "watch", arena) : NULL;
        const ParaLevel *copy = level ? para_level_copy(level, arena) : NULL; // its words are the template's
        if (!copy) {
            if (arena)
                para_arena_destroy(arena);
            continue;
        }
        fill(w, slot, arena, copy, pick.seed);
        slot->hash = para_level_hash(copy);
        slot->fresh = true;
        snprintf(slot->result, sizeof slot->result, "not played yet");
        snprintf(slot->reason, sizeof slot->reason,
                 "drawn here from its family: the training has not played a level to its end yet");
    }
}

static void read_levels(ParaWatch *w, ParaRun *run, ParaArena *scratch)
{
    bool first = w->run.newest == 0;
    int64_t newest = para_run_newest_report(run);
    int taken = 0, most = first ? PARA_WATCH_SLOTS : 1;
    if (newest <= 0)
        draw_fresh(w, run, scratch);
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

/// Which player acts here, or why none does; and what of the checkpoints does not read.
static void tell_player(ParaWatch *w, const char *note)
{
    const char *none = note ? "no checkpoint reads: random keys are pressed here"
                            : "no checkpoint yet: nothing is learned, random keys are pressed here";
    if (w->policy)
        snprintf(w->run.player, sizeof w->run.player, "the player of lesson %d%s%s", w->run.checkpoint,
                 note ? "; damaged: " : "", note ? note : "");
    else
        snprintf(w->run.player, sizeof w->run.player, "%s%s%s", none, note ? "; damaged: " : "",
                 note ? note : "");
}

static void load_player(ParaWatch *w, int lesson, const char *path, ParaArena *scratch, const char **out_note)
{
    const char *error = "no memory";
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    ParaPolicy *policy = arena ? para_player_load(path, arena, &error) : NULL;
    if (!policy) {
        *out_note = para_arena_printf(scratch, "that of lesson %d: %s", lesson, error);
        if (arena)
            para_arena_destroy(arena);
        return;
    }
    if (w->player_arena)
        para_arena_destroy(w->player_arena);
    w->player_arena = arena;
    w->policy = policy;
    w->mind = para_mind_create(policy, arena);
    w->seen = PARA_NEW(arena, float, para_policy_def(policy)->obs.size);
    w->run.checkpoint = lesson;
}

static void read_player(ParaWatch *w, ParaRun *run, ParaArena *scratch)
{
    const char *path = NULL, *note = NULL;
    int lesson = para_run_newest_checkpoint(run, scratch, &path, &note);
    if (lesson >= 0 && lesson != w->run.checkpoint)
        load_player(w, lesson, path, scratch, &note);
    tell_player(w, note);
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

/// A replay as a person finds it again: what, when, and how often it is solved.
static void write_line(const ParaShownRow *row, const char *family, char *out, size_t size)
{
    char when[48] = "";
    long seconds = (long)row->seconds;
    if (row->seconds >= 0.0)
        snprintf(when, sizeof when, ", %ld:%02ld into the training", seconds / 60, seconds % 60);
    if (row->solved)
        para_text_format(out, size, "%s   proof of lesson %d%s   solved %.0f %% of tries", family,
                         row->lesson, when, 100.0 * (double)row->success);
    else
        snprintf(out, size, "%s   failure of lesson %d%s", family, row->lesson, when);
}

void para_watch_list(ParaWatch *w)
{
    const char *error = NULL;
    ParaArena *scratch = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
    ParaRun *run = scratch ? para_run_open_read(w->run.folder, scratch, &error) : NULL;
    w->list_count = run ? para_run_shown(run, w->listed, PARA_WATCH_REPLAYS, scratch) : 0;
    for (int i = 0; i < w->list_count; i++) {
        const ParaShownRow *row = &w->listed[i];
        write_line(row, para_run_family_name(run, row->family, scratch), w->lines[i], sizeof w->lines[i]);
        snprintf(w->files[i], sizeof w->files[i], "%s", row->file);
    }
    w->row = 0;
    para_run_close(run);
    if (scratch)
        para_arena_destroy(scratch);
}
