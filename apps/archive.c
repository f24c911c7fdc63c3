// SPDX-License-Identifier: MIT
// paracosm archive: the levels a run's maker kept, as files that others can play, score and train on, with
// the replays that prove them and an index.
#include "agents/run/run_families.h"
#include "agents/run/run_story.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/file.h"
#include "engine/base/json.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX ((size_t)2 << 30)
#define PROOF_MAX  ((size_t)64 << 20) // [byte] of a replay

typedef struct Choices {
    const char *out;
    int count;
    bool proved, force, quiet;
} Choices;

typedef struct Tally {
    int written, proofs, broken;
    const char *why; ///< the first that could not be had
} Tally;

/// Those at the edge first: of equals the newer.
static int by_edge(const void *a, const void *b)
{
    const ParaLevelRow *x = a, *y = b;
    float left = x->success * (1 - x->success), right = y->success * (1 - y->success);
    if (left != right)
        return left < right ? 1 : -1;
    return x->lesson != y->lesson ? (x->lesson < y->lesson) - (x->lesson > y->lesson)
                                  : (x->hash > y->hash) - (x->hash < y->hash);
}

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

static const char *hex(uint64_t hash, ParaArena *arena)
{
    return para_arena_printf(arena, "%016llx", (unsigned long long)hash);
}

/// Copies a proof beside its level. @return its name, "" where there is none
static const char *copy_proof(ParaRun *run, const ParaLevelRow *row, const char *stem, const Choices *choices,
                              ParaArena *arena, const char **out_error)
{
    size_t size;
    const char *from =
        para_arena_printf(arena, "%s/proofs/%s.replay", para_run_folder(run), hex(row->hash, arena));
    if (!para_run_has_proof(run, row->hash) || !para_file_exists(from))
        return "";
    const char *bytes = para_file_read(from, PROOF_MAX, arena, &size, out_error);
    const char *name = para_arena_printf(arena, "%s.replay", stem);
    return bytes && para_file_write(para_arena_printf(arena, "%s/%s", choices->out, name), bytes, size, arena,
                                    out_error)
               ? name
               : NULL;
}

static void put_entry(ParaJson *json, const ParaLevelRow *row, const char *family, const char *file,
                      const char *proof, ParaArena *arena)
{
    para_json_open(json, '{');
    para_json_key_string(json, "file", file);
    para_json_key_string(json, "proof", proof);
    para_json_key_string(json, "family", family);
    para_json_key_string(json, "hash", hex(row->hash, arena));
    para_json_key_string(json, "parent", row->parent ? hex(row->parent, arena) : "");
    para_json_key_string(json, "maker", row->maker);
    para_json_key_int(json, "lesson", row->lesson);
    para_json_key_int(json, "tries", row->tries);
    para_json_key(json, "success");
    para_json_float(json, row->success);
    para_json_key(json, "params");
    para_json_format(json, "%s", params_of(row->params_json, arena));
    para_json_close(json, '}');
    para_json_format(json, "\n");
}

/// One level with its proof. @return false: the disk refused; a level that cannot be made is only counted
static bool write_level(ParaRun *run, const ParaLevelRow *row, const Choices *choices, ParaJson *json,
                        Tally *tally, ParaArena *lasting, const char **out_error)
{
    const char *why = NULL;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)512 << 20);
    if (!arena) {
        *out_error = "no memory";
        return false;
    }
    const char *family = para_run_family_name(run, row->family, arena);
    const char *stem = para_arena_printf(arena, "%s-%s", safe(family, arena), hex(row->hash, arena));
    const ParaLevel *level = para_run_archive_level(run, row, arena, &why);
    bool good = true;
    if (level) {
        const char *file = para_arena_printf(arena, "%s.json", stem),
                   *text = para_level_to_json(level, arena);
        const char *proof = copy_proof(run, row, stem, choices, arena, out_error);
        good = proof && para_file_write(para_arena_printf(arena, "%s/%s", choices->out, file), text,
                                        strlen(text), arena, out_error);
        if (good) {
            put_entry(json, row, family, file, proof, arena);
            tally->written++;
            tally->proofs += proof[0] != '\0';
        } else {
            *out_error = para_arena_strdup(lasting, *out_error);
        }
    } else if (tally->broken++ == 0) {
        tally->why = para_arena_strdup(lasting, why);
    }
    para_arena_destroy(arena);
    return good;
}

static int write_archive(const char *folder, const Choices *choices, ParaArena *arena)
{
    if (!*folder)
        return para_app_misused("archive", "the name of the run folder is empty");
    const char *error = NULL, *index = para_arena_printf(arena, "%s/index.jsonl", choices->out);
    ParaRun *run = para_run_open_read(folder, arena, &error);
    if (!run)
        return para_app_fail("archive", "%s", error);
    if (!choices->force && para_file_exists(index)) {
        para_run_close(run);
        return para_app_fail("archive", "%s exists already; --force writes over it", index);
    }
    int most = 1 << 17, wanted = 0;
    ParaLevelRow *rows = PARA_NEW(arena, ParaLevelRow, most);
    int count = para_run_levels(run, -1, rows, most, arena);
    for (int i = 0; i < count; i++)
        if (!choices->proved || para_run_has_proof(run, rows[i].hash))
            rows[wanted++] = rows[i];
    qsort(rows, (size_t)wanted, sizeof *rows, by_edge);
    wanted = wanted < choices->count ? wanted : choices->count;
    Tally tally = {0};
    ParaJson json = para_json(arena, 0); // a line for each level
    ParaProgress progress = para_progress_begin("levels", choices->quiet);
    para_interrupt_catch(NULL);
    bool good = para_folder_make(choices->out, arena, &error);
    for (int i = 0; good && i < wanted && para_interrupt_count() == 0; i++) {
        good = write_level(run, &rows[i], choices, &json, &tally, arena, &error);
        para_progress_show(&progress, i + 1, wanted);
    }
    para_progress_end(&progress);
    para_run_close(run);
    // What was written before a stop has its place in the index.
    good = good && para_file_write(index, json.text, json.size, arena, &error);
    if (!good)
        return para_app_fail("archive", "%s", error);
    if (tally.broken > 0)
        fprintf(stderr, "%d levels could not be made again, such as: %s\n", tally.broken, tally.why);
    if (count == 0)
        return para_app_fail("archive", "the archive of %s is empty: no level was kept or proved yet",
                             folder);
    if (tally.written == 0)
        return para_app_fail("archive", "no level of %s could be made again; the index is empty", folder);
    printf("%s: %d levels, %d with a replay that proves them\n", index, tally.written, tally.proofs);
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

int para_app_archive(int argc, char **argv)
{
    Choices choices = {.out = "archive", .count = 1000};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "DIR", "the folder", 0, 0, NULL},
        {"count", 'n', PARA_OPTION_INT, &choices.count, "N", "levels at most: those nearest to half solved",
         1, 100000, NULL},
        {"proved", 0, PARA_OPTION_FLAG, &choices.proved, NULL, "only levels that a replay proves", 0, 0,
         NULL},
        {"force", 'f', PARA_OPTION_FLAG, &choices.force, NULL, "write over an archive that is there", 0, 0,
         NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no progress", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "archive",
        .usage = "[options] RUN",
        .about = "Writes the levels that a run's maker kept as a folder of level files, each a template that "
                 "plays,\n"
                 "with the replays that prove them and an index (index.jsonl: scores, parents, parameters).",
        .options = options,
        .examples = "  paracosm archive runs/first --out shared --count 100\n"
                    "  paracosm eval runs/second --families shared/ --levels 1    # another player on them",
        .notes =
            "exit codes: 0 written, 1 not, 2 wrong command line, 130 stopped: the index has what was written",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a run folder"};
    const char *folder = NULL;
    int count = 0, code = para_options_read(&command, argc, argv, &folder, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)4 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("archive", "no memory");
    code = write_archive(folder, &choices, arena);
    para_arena_destroy(arena);
    return code;
}
