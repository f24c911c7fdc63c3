// SPDX-License-Identifier: MIT
// paracosm archive: the levels a run's maker kept, as files that others can play, score and train on, with
// the replays that prove them and an index.
#include "agents/archive/archive.h"
#include "apps/apps.h"
#include "apps/archive/archive_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX    ((size_t)2 << 30)
#define FAMILY_MAX    100000 // [1] index of a family that a row may name
#define COUNT_DEFAULT 1000   // levels

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

/// "A,B" as the two sides of the grid.
static bool read_axes(const ParaArchiveChoices *choices, ParaArchiving *a, const char **out_error)
{
    char store[256];
    const char *names[3];
    if (!choices->elites)
        return true;
    if (para_options_split(choices->elites, store, sizeof store, names, 3) != 2) {
        *out_error = "--elites needs two descriptors, set apart by a comma";
        return false;
    }
    for (int k = 0; k < 2; k++)
        if (!para_descriptor_find(para_arena_strdup(a->arena, names[k]), &a->axes[k], a->arena, out_error))
            return false;
    return true;
}

/// The rows of the run, with room for what each family's template is.
static void read_rows(ParaArchiving *a)
{
    a->rows = PARA_NEW(a->arena, ParaLevelRow, PARA_ARCHIVE_LEVELS_MAX);
    a->row_count = para_run_levels(a->run, -1, a->rows, PARA_ARCHIVE_LEVELS_MAX, a->arena);
    int families = 1;
    for (int i = 0; i < a->row_count; i++)
        if (a->rows[i].family >= families && a->rows[i].family < FAMILY_MAX)
            families = a->rows[i].family + 1;
    a->families =
        (ParaFamilies){.count = families, .templates = PARA_NEW(a->arena, const ParaTemplate *, families)};
    a->families.whole = a->families.templates;
    a->damage = PARA_NEW(a->arena, const char *, families);
    qsort(a->rows, (size_t)a->row_count, sizeof *a->rows, by_edge);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/// Whether one of some names, which are sorted, is that of a level's file.
static bool is_among(const char *const *stems, int count, const char *file, ParaArena *arena)
{
    const char *stem = para_arena_printf(arena, "%.*s", (int)(strlen(file) - strlen(".json")), file);
    return bsearch(&stem, stems, (size_t)count, sizeof *stems, by_text) != NULL;
}

/// What an older archive in the folder has and the new one does not: a level without a line would not pass
/// for one of it.
static void remove_older(const ParaArchived *old, int count, const ParaArchiving *a)
{
    qsort(a->stems, (size_t)a->written, sizeof *a->stems, by_text);
    for (int i = 0; i < count; i++) {
        if (is_among(a->stems, a->written, old[i].file, a->arena))
            continue;
        para_file_remove(para_arena_printf(a->arena, "%s/%s", a->choices->out, old[i].file));
        if (*old[i].proof)
            para_file_remove(para_arena_printf(a->arena, "%s/%s", a->choices->out, old[i].proof));
    }
}

/// The other way round, where the new one did not come about: the old one stays, and its index.
static void remove_newer(const ParaArchived *old, int count, const ParaArchiving *a)
{
    const char **files = PARA_NEW(a->arena, const char *, count + 1);
    for (int i = 0; i < count; i++)
        files[i] = old[i].file;
    qsort(files, (size_t)count, sizeof *files, by_text);
    for (int k = 0; k < a->written; k++) {
        const char *place = para_arena_printf(a->arena, "%s/%s", a->choices->out, a->stems[k]);
        const char *file = para_arena_printf(a->arena, "%s.json", a->stems[k]);
        if (bsearch(&file, files, (size_t)count, sizeof *files, by_text))
            continue;
        para_file_remove(para_arena_printf(a->arena, "%s.json", place));
        para_file_remove(para_arena_printf(a->arena, "%s.replay", place));
    }
}

static void write_levels(ParaArchiving *a, const char **out_error)
{
    const ParaArchiveChoices *choices = a->choices;
    ParaProgress progress = para_progress_begin("levels", choices->quiet);
    int wanted = choices->count > 0 ? choices->count : choices->elites ? a->row_count : COUNT_DEFAULT;
    int most = a->row_count < wanted ? a->row_count : wanted;
    a->stems = PARA_NEW(a->arena, const char *, most + 1);
    for (int i = 0; i < a->row_count && a->written + a->unwritten < wanted && para_interrupt_count() == 0;
         i++) {
        if (!para_archiving_write(a, i, out_error))
            break;
        para_progress_show(&progress, a->written, most);
    }
    para_progress_end(&progress);
}

/// What was written, and what was not and why.
static int tell(const ParaArchiving *a, const char *index)
{
    if (a->values[0])
        para_archiving_print_grid(a);
    printf("%s: %d level%s, %d with a replay that proves %s\n", index, a->written, a->written == 1 ? "" : "s",
           a->proofs, a->written == 1 ? "it" : "them");
    if (a->searched > 0)
        printf("%d were searched: %d proved, %d not in %lld steps each, which proves nothing\n", a->searched,
               a->found, a->searched - a->found, (long long)a->choices->search);
    if (a->idle > 0)
        fprintf(stderr, "%d levels solve themselves when nobody acts%s\n", a->idle,
                a->choices->idle ? ": the index says which" : " and were left out; --idle takes them too");
    if (a->unproved > 0)
        fprintf(stderr, "%d levels without a proof were left out\n", a->unproved);
    if (a->broken > 0)
        fprintf(stderr, "%d levels could not be made again, such as: %s\n", a->broken, a->why_broken);
    if (a->unwritten > 0)
        return para_app_fail("archive", "%d levels could not be written, such as: %s", a->unwritten,
                             a->why_unwritten);
    if (para_interrupt_count() > 0)
        return PARA_EXIT_INTERRUPTED;
    if (a->written == 0)
        return para_app_fail("archive", "no level of %s is in the archive; the index is empty",
                             a->choices->folder);
    return PARA_EXIT_OK;
}

static bool make_rooms(ParaArchiving *a, const char **out_error)
{
    if (a->choices->search > 0 && !(a->workers = para_workers_create(a->choices->threads))) {
        *out_error = "no memory for the worker threads; try fewer with --threads";
        return false;
    }
    if (!(a->group = para_world_group_create(a->solver, 1)))
        *out_error = "no memory for a world";
    return a->group != NULL;
}

static int write_archive(ParaArchiving *a)
{
    const ParaArchiveChoices *choices = a->choices;
    const char *error = NULL, *index = para_arena_printf(a->arena, "%s/" PARA_ARCHIVE_INDEX, choices->out),
               *ignored;
    ParaArchived *old = NULL;
    int old_count = 0;
    if (!choices->force && para_file_exists(index))
        return para_app_fail("archive", "%s exists already; --force writes over it", index);
    if (choices->force && para_file_exists(index))
        old = para_archive_read(choices->out, a->arena, &old_count, &ignored);
    read_rows(a);
    if (a->row_count == 0)
        return para_app_fail("archive", "the archive of %s is empty: no level was kept or proved yet",
                             choices->folder);
    para_interrupt_catch(NULL);
    if (!para_folder_make(choices->out, a->arena, &error) || !make_rooms(a, &error) ||
        (choices->elites && !para_archiving_choose_elites(a, &error)))
        return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : para_app_fail("archive", "%s", error);
    write_levels(a, &error);
    if (error)
        return para_app_fail("archive", "%s", error);
    // What was written before a stop, or before the disk was full, has its place in the index.
    bool kept = (!old || a->unwritten == 0) && (a->written > 0 || a->unwritten == 0) &&
                para_file_write(index, a->index.text, a->index.size, a->arena, &error);
    if (old && kept)
        remove_older(old, old_count, a);
    else if (old)
        remove_newer(old, old_count, a);
    if (!kept)
        return para_app_fail("archive", "%s%s", error ? error : a->why_unwritten,
                             old ? "; the archive that was there stays" : "");
    return tell(a, index);
}

static int archive(const ParaArchiveChoices *choices)
{
    const char *error = "no memory";
    ParaArchiving a = {.choices = choices, .arena = para_arena_create((size_t)4 << 20, MEMORY_MAX)};
    if (!a.arena)
        return para_app_fail("archive", "%s", error);
    a.index = para_json(a.arena, 0); // a line for each level
    int code = PARA_EXIT_OK;
    if (!read_axes(choices, &a, &error)) {
        code = para_app_misused("archive", "%s", error);
    } else if (!(a.run = para_run_open_read(choices->folder, a.arena, &error))) {
        code = para_app_fail("archive", "%s", error);
    } else {
        a.solver = para_run_solver(a.run);
        a.lesson = para_run_last_lesson(a.run, NULL);
        code = write_archive(&a);
    }
    if (a.group)
        para_world_group_destroy(a.group);
    if (a.workers)
        para_workers_destroy(a.workers);
    para_run_close(a.run);
    para_arena_destroy(a.arena);
    return code;
}

/// The descriptors, for the help.
static const char *notes(char *out, size_t size)
{
    int at = snprintf(out, size, "descriptors: param:NAME, a parameter of the levels' family, and\n");
    for (int i = 0; i < PARA_DESCRIPTOR_COUNT && at >= 0 && (size_t)at < size; i++)
        at += snprintf(out + at, size - (size_t)at, "  %-14s %s [%s]\n", para_descriptors[i].name,
                       para_descriptors[i].about, para_descriptors[i].unit);
    if (at >= 0 && (size_t)at < size)
        snprintf(
            out + at, size - (size_t)at,
            "A search that finds nothing proves nothing; the index says how far it went.\n"
            "exit codes: 0 written, 1 not, or not all; 2 wrong command line, 130 stopped: the index has what "
            "was written");
    return out;
}

int para_app_archive(int argc, char **argv)
{
    char text[4096];
    ParaArchiveChoices choices = {.out = "archive", .bins = 8};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "DIR", "the folder", 0, 0, NULL},
        {"count", 'n', PARA_OPTION_INT, &choices.count, "N",
         "levels at most: those nearest to half solved (0: 1000, or all of a grid)", 0, 100000, NULL},
        {"search", 0, PARA_OPTION_LONG, &choices.search, "STEPS",
         "look for a proof of each level that has none, by so many physics steps at most; 0: do not", 0, 1e12,
         NULL},
        {"proved", 0, PARA_OPTION_FLAG, &choices.proved, NULL, "only levels that a replay proves", 0, 0,
         NULL},
        {"elites", 0, PARA_OPTION_TEXT, &choices.elites, "A,B",
         "only the level of highest score in each cell of a grid of two descriptors; of equals the younger",
         0, 0, NULL},
        {"bins", 0, PARA_OPTION_INT, &choices.bins, "N", "cells of each side of that grid", 1,
         PARA_ELITES_BINS_MAX, NULL},
        {"idle", 0, PARA_OPTION_FLAG, &choices.idle, NULL,
         "levels too that solve themselves when nobody acts", 0, 0, NULL},
        {"threads", 't', PARA_OPTION_INT, &choices.threads, "N", "worker threads that search; 0: one per CPU",
         0, 256, NULL},
        {"force", 'f', PARA_OPTION_FLAG, &choices.force, NULL, "write over an archive that is there", 0, 0,
         NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no progress", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "archive",
        .usage = "[options] RUN",
        .about = "Writes the levels that a run's maker kept as a folder of level files, each a template that "
                 "plays,\n"
                 "with the replays that prove them and an index (index.jsonl: scores, age, parents, "
                 "parameters, proof).",
        .options = options,
        .examples = "  paracosm archive runs/first --out shared --count 100\n"
                    "  paracosm archive runs/first --out proved --search 2000000 --proved\n"
                    "  paracosm archive runs/first --out wide --elites goal_distance,roughness\n"
                    "  paracosm eval runs/second --families shared/ --levels 1    # another player on them",
        .notes = notes(text, sizeof text),
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a run folder"};
    int count = 0, code = para_options_read(&command, argc, argv, &choices.folder, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (!*choices.folder)
        return para_app_misused("archive", "the name of the run folder is empty");
    return archive(&choices);
}
