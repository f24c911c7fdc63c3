// SPDX-License-Identifier: MIT
// One level of an archive: made again, left alone for a while, proved if it can be, written, and its line of
// the index.
#include "apps/archive/archive_parts.h"

#include "agents/env/decision.h"
#include "agents/search/search.h"
#include "apps/interrupt.h"
#include "apps/still.h"
#include "engine/base/file.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define LEVEL_MEMORY_MAX ((size_t)4 << 30) // [byte] of a level's search

/// A level on its way into the archive.
typedef struct Item {
    const ParaLevelRow *row;
    int at; // of the row
    const ParaLevel *level;
    const char *family, *stem;
    ParaArena *arena;
    // What is known of whether it can be solved.
    ParaSearch *search;      // in which a proof of its own lives; NULL: none was made
    const ParaReplay *proof; // NULL: none
    const char *proved_by;   // "player" or "search"
    bool searched, idle;
    int64_t steps, tries; // of the search
    float progress;       // [1] 0..1 of the goal, the most that was found
    ParaSolverKind solver;
} Item;

/// A family's name as part of a file's: a name from a damaged run may hold anything.
static const char *safe(const char *name, ParaArena *arena)
{
    char *stem = para_arena_printf(arena, "%.60s", *name ? name : "level");
    for (char *at = stem; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (!plain && *at != '-' && *at != '_')
            *at = '-';
    }
    return stem;
}

static const char *hex(uint64_t hash, ParaArena *arena)
{
    return para_arena_printf(arena, "%016llx", (unsigned long long)hash);
}

/// The parameters as the index may hold them: an object of JSON on one line.
static const char *params_of(const char *text, ParaArena *arena)
{
    cJSON *params = para_json_parse(text);
    char *printed = cJSON_IsObject(params) ? para_json_print(params, false) : NULL;
    const char *copy = printed ? para_arena_strdup(arena, printed) : "{}";
    cJSON_free(printed);
    cJSON_Delete(params);
    return copy;
}

// ---------------------------------------------------------------------------------------------
// Can it be solved?

/// Whether a replay solves just this level, played again from its start.
static bool proves(const ParaReplay *replay, const Item *item)
{
    const char *error = NULL;
    const ParaLevel *own = para_replay_level(replay, item->arena, &error);
    return own && own->hash == item->level->hash && replay->end == (int)PARA_PLAY_SOLVED &&
           para_replay_verify(replay, item->arena).ok;
}

/// The player's own solution, where the run keeps one that holds.
static void take_proof(const ParaArchiving *a, Item *item)
{
    const char *error = NULL, *path = para_archiving_proof(a, item->row->hash, item->arena);
    const ParaReplay *replay = para_file_exists(path) ? para_replay_read(path, item->arena, &error) : NULL;
    if (!replay || !proves(replay, item))
        return;
    item->proof = replay;
    item->proved_by = "player";
}

/// @return false with the reason: the search cannot be made
static bool search_proof(ParaArchiving *a, Item *item, const char **out_error)
{
    const ParaSearchDef def = {.level = item->level,
                               .solver = a->solver,
                               .seed = 1,
                               .steps_max = a->choices->search,
                               .stop = para_interrupt_asked};
    char remained[200];
    ParaSearch *search = para_search_open(&def, a->workers, item->arena, out_error);
    if (!search)
        return false;
    item->search = search;
    while (para_search_next(search)) {
    }
    item->searched = search->solved || para_interrupt_count() == 0;
    item->steps = search->steps;
    item->tries = search->tries;
    item->progress = search->progress > 0 ? search->progress : 0;
    item->solver = para_search_solver(search);
    const ParaReplay *replay = search->solved ? para_search_replay(search, remained, sizeof remained) : NULL;
    if (replay && proves(replay, item)) {
        item->proof = replay;
        item->proved_by = "search";
        a->found++;
    }
    a->searched += item->searched;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Its line.

static void put_key_float(ParaJson *json, const char *key, float value)
{
    para_json_key(json, key);
    para_json_float(json, value);
}

static void put_key_long(ParaJson *json, const char *key, int64_t value)
{
    para_json_key(json, key);
    para_json_format(json, "%lld", (long long)value);
}

static void put_search(ParaArchiving *a, const Item *item)
{
    ParaJson *json = &a->index;
    para_json_key(json, "searched");
    para_json_open(json, '{');
    para_json_key_bool(json, "found", item->proof != NULL);
    put_key_long(json, "steps", item->steps);
    put_key_long(json, "budget", a->choices->search);
    put_key_long(json, "tries", item->tries);
    put_key_float(json, "progress", item->progress);
    para_json_key_string(json, "solver", para_solver_name(item->solver));
    para_json_close(json, '}');
}

static void put_cell(ParaArchiving *a, const Item *item)
{
    ParaJson *json = &a->index;
    double x = a->values[0][item->at], y = a->values[1][item->at];
    para_json_key(json, "cell");
    para_json_format(json, "[%d, %d]", para_elites_cell(&a->grid.x, a->grid.bins, x),
                     para_elites_cell(&a->grid.y, a->grid.bins, y));
    para_json_key(json, "descriptors");
    para_json_open(json, '{');
    put_key_float(json, a->axes[0].name, (float)x);
    put_key_float(json, a->axes[1].name, (float)y);
    para_json_close(json, '}');
}

static void put_line(ParaArchiving *a, const Item *item)
{
    const ParaLevelRow *row = item->row;
    ParaJson *json = &a->index;
    para_json_open(json, '{');
    para_json_key_string(json, "file", para_arena_printf(item->arena, "%s.json", item->stem));
    para_json_key_string(json, "proof",
                         item->proof ? para_arena_printf(item->arena, "%s.replay", item->stem) : "");
    if (item->proof)
        para_json_key_string(json, "proved_by", item->proved_by);
    if (item->searched)
        put_search(a, item);
    if (item->idle)
        para_json_key_bool(json, "idle", true);
    para_json_key_string(json, "family", item->family);
    para_json_key_string(json, "hash", hex(row->hash, item->arena));
    para_json_key_string(json, "parent", row->parent ? hex(row->parent, item->arena) : "");
    para_json_key_string(json, "maker", row->maker);
    para_json_key_int(json, "lesson", row->lesson);
    para_json_key_int(json, "age", a->lesson > row->lesson ? a->lesson - row->lesson : 0);
    para_json_key_int(json, "tries", row->tries);
    put_key_float(json, "success", row->success);
    put_key_float(json, "score", row->score);
    if (a->values[0])
        put_cell(a, item);
    para_json_key(json, "params");
    para_json_format(json, "%s", params_of(row->params_json, item->arena));
    para_json_close(json, '}');
    para_json_format(json, "\n");
}

// ---------------------------------------------------------------------------------------------

/// The first reason of its kind stays, in the arena that lasts.
static void count(ParaArchiving *a, int *of, const char **why, const char *reason)
{
    if ((*of)++ == 0)
        *why = para_arena_strdup(a->arena, reason ? reason : "no memory");
}

/// Files first, the line when they stand: whatever the index names is there.
static void write_files(ParaArchiving *a, const Item *item)
{
    const char *error = NULL, *text = para_level_to_json(item->level, item->arena);
    const char *place = para_arena_printf(item->arena, "%s/%s", a->choices->out, item->stem);
    bool good = (!item->proof || para_replay_write(para_arena_printf(item->arena, "%s.replay", place),
                                                   item->proof, item->arena, &error)) &&
                para_file_write(para_arena_printf(item->arena, "%s.json", place), text, strlen(text),
                                item->arena, &error);
    if (!good) {
        count(a, &a->unwritten, &a->why_unwritten, error);
        return;
    }
    put_line(a, item);
    a->stems[a->written++] = para_arena_strdup(a->arena, item->stem);
    a->proofs += item->proof != NULL;
}

static void take(ParaArchiving *a, Item *item)
{
    const char *error = NULL;
    const ParaTemplate *t = para_archiving_template(a, item->row->family, &error);
    item->level = t ? para_run_archive_level(a->run, t, item->row, item->arena, &error) : NULL;
    if (!item->level) {
        count(a, &a->broken, &a->why_broken, error);
        return;
    }
    item->family = para_run_family_name(a->run, item->row->family, item->arena);
    item->stem = para_arena_printf(item->arena, "%s-%s", safe(item->family, item->arena),
                                   hex(item->row->hash, item->arena));
    item->idle = para_app_solves_itself(a->group, item->level, NULL, NULL);
    a->idle += item->idle;
    if ((item->idle && !a->choices->idle) || para_interrupt_count() > 0)
        return;
    take_proof(a, item);
    if (!item->proof && a->choices->search > 0 && !search_proof(a, item, &error))
        count(a, &a->broken, &a->why_broken, error);
    if (item->search && !item->searched)
        return; // it was broken off and says nothing
    if (a->choices->proved && !item->proof)
        a->unproved++;
    else
        write_files(a, item);
}

bool para_archiving_write(ParaArchiving *a, int row, const char **out_error)
{
    Item item = {
        .row = &a->rows[row], .at = row, .arena = para_arena_create((size_t)1 << 20, LEVEL_MEMORY_MAX)};
    if (!item.arena) {
        *out_error = "no memory for a level";
        return false;
    }
    take(a, &item);
    para_search_close(item.search);
    para_arena_destroy(item.arena);
    return true;
}
