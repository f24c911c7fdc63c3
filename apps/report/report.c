// SPDX-License-Identifier: MIT
// paracosm report: one page of one or several runs, which opens from disk and asks no network: curves,
// causes, the way of the curriculum, an archive whose replays play in the page.
#include "agents/env/report.h"
#include "agents/run/run_families.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "apps/report/events.h"
#include "apps/report/page.h"
#include "apps/report/report_films.h"
#include "apps/report/report_makings.h"
#include "apps/report/report_stream.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RUNS_MAX   64
#define MEMORY_MAX ((size_t)2 << 30)
#define FILM_MAX   ((size_t)64 << 20) // [byte] of one replay at work
#define PAGE_MAX   ((size_t)20 << 20) // [byte] that a page may have; films that do not fit are left out

typedef struct Choices {
    const char *out;
    const char *events; ///< folder for TensorBoard's files; NULL: none
    int films;          ///< of all runs together
    bool quiet, force;
} Choices;

typedef struct Made {
    int films, left_out, broken;
    const char *why; ///< the first that was broken
    int damaged;     ///< levels of the archives whose parameters do not read
} Made;

/// The last part of a path: a run's name. Of "." and ".." that of the folder they are.
static const char *name_of(const char *folder, ParaArena *arena)
{
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/')
        end--;
    if (folder[end - 1] == '.' && (end == 1 || folder[end - 2] == '/' || folder[end - 2] == '.'))
        folder = para_path_real(folder, arena);
    end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && folder[begin - 1] != '/')
        begin--;
    return para_arena_printf(arena, "%.*s", (int)(end - begin), folder + begin);
}

/// Films of a run, until the page is full or it was asked to stop.
static void put_films(ParaRun *run, const char *folder, int wanted, ParaJson *json, ParaProgress *progress,
                      Made *made, ParaArena *arena)
{
    ParaShownRow *rows = PARA_NEW(arena, ParaShownRow, wanted + 1);
    int count = para_run_shown(run, rows, wanted, arena);
    ParaArena *scratch = para_arena_create((size_t)1 << 20, FILM_MAX);
    for (int i = 0; scratch && i < count && para_interrupt_count() == 0; i++) {
        const char *error = NULL, *family = para_run_family_name(run, rows[i].family, arena);
        if (json->size > PAGE_MAX - ((size_t)2 << 20)) {
            made->left_out += count - i;
            break;
        }
        if (para_report_film(folder, &rows[i], family, run, json, scratch, &error)) {
            made->films++;
        } else if (made->broken++ == 0) {
            made->why = para_arena_printf(arena, "%s: %s", rows[i].file, error);
        }
        para_arena_clear(scratch);
        para_progress_show(progress, made->films, wanted);
    }
    if (scratch)
        para_arena_destroy(scratch);
}

static void put_makings(ParaRun *run, ParaJson *json)
{
    ParaArena *scratch = para_arena_create((size_t)1 << 20, FILM_MAX);
    if (!scratch)
        return;
    para_json_key(json, "makings");
    para_report_makings(run, para_run_last_lesson(run, NULL) + 1, json, scratch);
    para_arena_destroy(scratch);
}

static bool put_run(const char *folder, int films, ParaJson *json, ParaProgress *progress, Made *made,
                    ParaArena *arena, const char **out_error)
{
    ParaRun *run = para_run_open_read(folder, arena, out_error);
    if (!run)
        return false;
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "name", name_of(folder, arena));
    para_json_key(json, "story");
    bool good = para_run_story(run, json, out_error);
    if (good) {
        made->damaged += para_run_damaged_levels(run);
        put_makings(run, json);
        para_json_key(json, "stream");
        para_report_stream(run, json, arena);
        para_json_key(json, "films");
        para_json_open(json, '[');
        put_films(run, folder, films, json, progress, made, arena);
        para_json_close(json, ']');
        para_json_close(json, '}');
    }
    para_run_close(run);
    return good;
}

/// The data as it may stand in a page: "<" would end it.
static char *guarded(const ParaJson *json, size_t *out_size, ParaArena *arena)
{
    size_t more = 0;
    for (size_t i = 0; i < json->size; i++)
        more += json->text[i] == '<' ? 5 : 0;
    char *text = para_arena_alloc(arena, json->size + more + 1), *at = text;
    for (size_t i = 0; i < json->size; i++) {
        if (json->text[i] == '<') {
            memcpy(at, "\\u003c", 6);
            at += 6;
        } else {
            *at++ = json->text[i];
        }
    }
    *at = '\0';
    *out_size = (size_t)(at - text);
    return text;
}

static const char *page_of(const ParaJson *json, size_t *out_size, ParaArena *arena)
{
    size_t data_size;
    const char *data = guarded(json, &data_size, arena);
    static const char head[] = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                               "style-src 'unsafe-inline'; "
                               "script-src 'unsafe-inline'\">\n<meta name=\"viewport\" "
                               "content=\"width=device-width, initial-scale=1\">\n"
                               "<title>Paracosm: report</title>\n<style>\n";
    const char *const parts[] = {head,
                                 para_page_css,
                                 "</style>\n</head>\n<body>\n<main id=\"page\"></main>\n<script id=\"data\" "
                                 "type=\"application/json\">",
                                 data,
                                 "</script>\n<script>\n",
                                 para_page_js,
                                 "</script>\n</body>\n</html>\n"};
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        size += strlen(parts[i]);
    char *page = para_arena_alloc(arena, size + 1), *at = page;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t part = strlen(parts[i]);
        memcpy(at, parts[i], part);
        at += part;
    }
    *at = '\0';
    *out_size = size;
    return page;
}

static int write_report(const char **folders, int count, const Choices *choices, ParaArena *arena)
{
    const char *error = NULL,
               *out = choices->out ? choices->out : para_arena_printf(arena, "%s/report.html", folders[0]);
    if (!para_file_may_write(out, arena, &error))
        return para_app_fail("report", "%s", error);
    ParaJson json = para_json(arena, 0);
    Made made = {0};
    ParaProgress progress = para_progress_begin("replays", choices->quiet);
    para_interrupt_catch(NULL);
    para_json_open(&json, '{');
    para_json_key(&json, "runs");
    para_json_open(&json, '[');
    bool good = true;
    for (int i = 0; good && i < count && para_interrupt_count() == 0; i++)
        good =
            put_run(folders[i], (choices->films + count - 1) / count, &json, &progress, &made, arena, &error);
    para_progress_end(&progress);
    if (!good)
        return para_app_fail("report", "%s", error);
    if (para_interrupt_count() > 0) {
        fprintf(stderr, "stopped; %s is as it was\n", out);
        return PARA_EXIT_INTERRUPTED;
    }
    para_json_close(&json, ']');
    para_json_close(&json, '}');
    size_t size;
    const char *page = page_of(&json, &size, arena);
    char bytes[PARA_NUMBER_SIZE];
    if (!para_file_write(out, page, size, arena, &error))
        return para_app_fail("report", "%s", error);
    printf("%s: %d run%s, %d replays, %s bytes", out, count, count == 1 ? "" : "s", made.films,
           para_text_count((double)size, bytes));
    if (made.left_out > 0)
        printf("; %d replays left out, the page is full", made.left_out);
    putchar('\n');
    if (made.broken > 0)
        fprintf(stderr, "%d replays could not be shown, such as %s\n", made.broken, made.why);
    if (made.damaged > 0)
        fprintf(stderr, "%d levels have damaged parameters: they are left out of the curriculum\n",
                made.damaged);
    return PARA_EXIT_OK;
}

// ---------------------------------------------------------------------------------------------
// TensorBoard.

typedef struct Curves {
    ParaEvents events;
    int lessons;
} Curves;

static void add_lesson(void *context, const ParaStatistics *lesson)
{
    Curves *curves = context;
    double seconds = isfinite(lesson->seconds) ? lesson->seconds : 0;
    char tag[80];
    curves->lessons++;
    for (int k = 0; k < PARA_STATISTIC_COUNT; k++) {
        const ParaStatistic *row = &para_statistics[k];
        double value = para_statistic_value(lesson, row);
        if (row->kept != PARA_STATISTIC_KEPT || !isfinite(value) || k == PARA_STATISTIC_AT_decisions)
            continue;
        snprintf(tag, sizeof tag, "%s/%.60s", row->of == PARA_STATISTIC_RUN ? "run" : "lesson", row->name);
        para_events_scalar(&curves->events, seconds, lesson->decisions, tag, (float)value);
    }
    if (lesson->episodes > 0)
        para_events_scalar(&curves->events, seconds, lesson->decisions, "lesson/solved_share",
                           (float)((double)lesson->solved / (double)lesson->episodes));
}

static bool write_curves(const char *folder, const char *into, ParaArena *arena, const char **out_error)
{
    const char *name = name_of(folder, arena), *place = para_arena_printf(arena, "%s/%s", into, name);
    Curves curves = {.events = para_events_begin(arena)};
    ParaRun *run = para_run_open_read(folder, arena, out_error);
    bool good = run && para_run_each_lesson(run, add_lesson, &curves, out_error) &&
                para_folder_make(place, arena, out_error) &&
                para_file_write(para_arena_printf(arena, "%s/events.out.tfevents.0.paracosm", place),
                                curves.events.data, curves.events.size, arena, out_error);
    para_run_close(run);
    if (good)
        printf("%s: %d lessons of %s\n", place, curves.lessons, name);
    return good;
}

static int write_events(const char **folders, int count, const Choices *choices, ParaArena *arena)
{
    const char *error = NULL;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++)
            if (strcmp(name_of(folders[i], arena), name_of(folders[k], arena)) == 0)
                return para_app_fail("report", "two runs are named %s; TensorBoard tells them by that name",
                                     name_of(folders[i], arena));
    for (int i = 0; i < count; i++)
        if (!write_curves(folders[i], choices->events, arena, &error))
            return para_app_fail("report", "%s", error);
    return PARA_EXIT_OK;
}

int para_app_report(int argc, char **argv)
{
    Choices choices = {.films = 48};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "FILE",
         "the page (default: report.html in the first run)", 0, 0, NULL},
        {"replays", 0, PARA_OPTION_INT, &choices.films, "N", "replays that play in the page, of all runs", 0,
         400, NULL},
        {"tensorboard", 0, PARA_OPTION_TEXT, &choices.events, "DIR",
         "write the curves for TensorBoard into DIR, and no page", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no progress", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "report",
        .usage = "[options] RUN...",
        .about =
            "Writes a page of a run, or of several side by side: how the player learned, how episodes "
            "ended,\n"
            "the way the maker's levels took, an archive whose replays play in the page, family trees, and\n"
            "what it took. One HTML file, which any browser opens from disk; it asks no network. Runs that\n"
            "train may be read too.",
        .options = options,
        .examples =
            "  paracosm report runs/first\n"
            "  paracosm report runs/dr runs/sfl --out compare.html\n"
            "  paracosm report runs/dr runs/sfl --tensorboard board   # then: tensorboard --logdir board",
        .notes = "exit codes: 0 written, 1 a run cannot be read, 2 wrong command line, 130 stopped",
        .operand_min = 1,
        .operand_max = RUNS_MAX,
        .operand_name = "a run folder"};
    const char *folders[RUNS_MAX];
    int count = 0, code = para_options_read(&command, argc, argv, folders, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    for (int i = 0; i < count; i++)
        if (!*folders[i])
            return para_app_misused("report", "the name of a run folder is empty");
    ParaArena *arena = para_arena_create((size_t)4 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("report", "no memory");
    code = choices.events ? write_events(folders, count, &choices, arena)
                          : write_report(folders, count, &choices, arena);
    para_arena_destroy(arena);
    return code;
}
