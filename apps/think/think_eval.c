// SPDX-License-Identifier: MIT
// paracosm think eval: success on held-out levels against the number of imagined futures.
#include "agents/lesson/evaluate.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/think/think_parts.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX ((size_t)8 << 30) // [byte]
#define NUMBERS    32                // in --n

typedef struct Wishes {
    ParaThinkWishes think;
    const char *n;
    int levels, episodes;
    bool json, greedy;
} Wishes;

/// One number of futures: what came of it in each place.
typedef struct Row {
    int n;
    bool in_engine, in_model;
    ParaThought *engine, *model; ///< [families + 1]
} Row;

typedef struct Watcher {
    ParaProgress progress;
    int64_t before, total; ///< episodes of the rows that are done, and of all
} Watcher;

static bool watch(void *context, int64_t done, int64_t total)
{
    Watcher *w = context;
    (void)total;
    para_progress_show(&w->progress, w->before + done, w->total);
    return para_interrupt_count() == 0;
}

static int read_wishes(Wishes *w, int argc, char **argv)
{
    const ParaOption options[] = {
        {"n", 'n', PARA_OPTION_TEXT, &w->n, "N,N", "numbers of futures; 0 is the reflex alone", 0, 0, NULL},
        {"levels", 'l', PARA_OPTION_INT, &w->levels, "N", "held-out levels per family", 1, 100000, NULL},
        {"episodes", 'e', PARA_OPTION_INT, &w->episodes, "N", "on each level", 1, 1000, NULL},
        {"greedy", 'g', PARA_OPTION_FLAG, &w->greedy, NULL,
         "the reflex takes its most probable action where it acts alone", 0, 0, NULL},
        PARA_THINK_OPTION_IN(&w->think),
        PARA_THINK_OPTIONS(&w->think),
        {"json", 0, PARA_OPTION_FLAG, &w->json, NULL,
         "print {\"rows\": [{\"n\", \"model\", \"engine\", \"ms_per_decision\"}]}; null where it was not "
         "asked "
         "for",
         0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "think eval",
        .usage = "[options] RUN",
        .about =
            "How often the player of RUN solves levels that training never draws, by how many futures it\n"
            "imagines before it acts: in the true engine, which is the most that thinking can be worth, and\n"
            "inside the model it learned, where there is one.",
        .options = options,
        .examples = "  paracosm think eval runs/first\n"
                    "  paracosm think eval runs/first --n 0,1,16,256 --levels 32 --json\n"
                    "  paracosm think eval runs/first --families rockfall --in engine --keep 4\n"
                    "  paracosm think eval runs/first --n 64 --without prior",
        .notes =
            "ms is CPU time per decision, of thinking and acting. Intervals are Wilson's at 95 %, of the\n"
            "episodes. Ctrl-C prints what is done.\n"
            "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a run folder"};
    return para_options_read(&command, argc, argv, &w->think.run, NULL);
}

/// @return how many, or -1: that is no list of numbers
static int read_numbers(const char *text, Row *rows)
{
    int count = 0;
    for (const char *at = text; *at; count++) {
        char *end = NULL;
        long n = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : -1;
        if (n < 0 || n > PARA_THINK_FUTURES_MAX || count == NUMBERS || (*end && (*end != ',' || !end[1])))
            return -1;
        rows[count].n = (int)n;
        at = *end ? end + 1 : end;
    }
    return count > 0 ? count : -1;
}

/// @return false: stopped, or it failed, which *out_failed tells
static bool measure(const Wishes *w, const ParaThinkGround *ground, const ParaThinkWhere *where, int n,
                    Watcher *watcher, ParaThought *out, bool *out_failed)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    ParaThoughtDef def = {.families = &ground->families,
                          .levels = w->levels,
                          .episodes = w->episodes,
                          .seed = w->think.seed,
                          .solver = ground->solver,
                          .threads = w->think.threads,
                          .think = w->think.think,
                          .where = *where,
                          .watch = watch,
                          .stop = para_interrupt_asked,
                          .context = watcher};
    def.think.futures = n;
    def.think.greedy = w->greedy;
    bool good = arena && para_think_measure(&def, &ground->reflex, arena, out, NULL);
    *out_failed = !good && para_interrupt_count() == 0;
    if (arena)
        para_arena_destroy(arena);
    watcher->before += ground->families.count * w->levels * w->episodes;
    return good;
}

static double rate(const ParaThought *t) { return t->episodes > 0 ? (double)t->solved / t->episodes : 0.0; }

static double milliseconds(const ParaThought *t)
{
    return t->decisions > 0 ? 1e3 * t->cpu_seconds / (double)t->decisions : 0.0;
}

static void add_number(cJSON *to, const char *name, bool known, double value)
{
    if (known)
        cJSON_AddNumberToObject(to, name, value);
    else
        cJSON_AddNullToObject(to, name);
}

static bool print_json(const Row *rows, int count, int families)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "rows");
    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();
        const ParaThought *timed = rows[i].in_model ? &rows[i].model[families] : &rows[i].engine[families];
        cJSON_AddNumberToObject(row, "n", rows[i].n);
        add_number(row, "model", rows[i].in_model, rate(&rows[i].model[families]));
        add_number(row, "engine", rows[i].in_engine, rate(&rows[i].engine[families]));
        cJSON_AddNumberToObject(row, "ms_per_decision", milliseconds(timed));
        cJSON_AddItemToArray(list, row);
    }
    char *text = para_json_print(json, true);
    cJSON_Delete(json);
    if (text)
        puts(text);
    cJSON_free(text);
    return text != NULL;
}

static void print_cell(bool known, const ParaThought *t)
{
    char cell[80] = "-";
    float low = 0, high = 0;
    if (known && t->episodes > 0) {
        para_share_interval(rate(t), t->episodes, &low, &high);
        para_text_format(cell, sizeof cell, "%5.1f %% (%4.1f..%5.1f) %8.2f ms", 100 * rate(t),
                         100 * (double)low, 100 * (double)high, milliseconds(t));
    }
    printf("   %-36s", cell);
}

static void print_table(const Row *rows, int count, const ParaFamilies *families)
{
    printf("%-18s %5s   %-36s   %-36s\n", "family", "n", "in the model", "in the engine");
    for (int f = families->count == 1 ? 1 : 0; f <= families->count; f++)
        for (int i = 0; i < count; i++) {
            const char *name = f < families->count    ? families->names[f]
                               : families->count == 1 ? families->names[0]
                                                      : "all";
            printf("%-18.18s %5d", i == 0 ? name : "", rows[i].n);
            print_cell(rows[i].in_model, &rows[i].model[f]);
            print_cell(rows[i].in_engine, &rows[i].engine[f]);
            putchar('\n');
        }
}

/// @return rows that are done
static int work(const Wishes *w, const ParaThinkGround *ground, Row *rows, int count, ParaArena *arena,
                bool *out_failed)
{
    bool engine = !w->think.in || strcmp(w->think.in, "engine") == 0;
    int families = ground->families.count, places = engine + ground->has_model;
    Watcher watcher = {.progress = para_progress_begin("episodes", w->think.quiet),
                       .total = (int64_t)families * w->levels * w->episodes * count * places};
    int done = 0;
    for (bool good = true; done < count && good; done += good) {
        Row *row = &rows[done];
        row->engine = PARA_NEW(arena, ParaThought, families + 1);
        row->model = PARA_NEW(arena, ParaThought, families + 1);
        if (ground->has_model)
            good = row->in_model =
                measure(w, ground, &ground->model, row->n, &watcher, row->model, out_failed);
        if (good && engine)
            good = row->in_engine =
                measure(w, ground, &ground->engine, row->n, &watcher, row->engine, out_failed);
    }
    para_progress_end(&watcher.progress);
    return done;
}

static int run(Wishes *w, Row *rows, int count, ParaArena *arena)
{
    ParaThinkGround ground = {0};
    bool failed = false;
    int most = 0;
    for (int i = 0; i < count; i++)
        most = rows[i].n > most ? rows[i].n : most;
    w->think.think.futures = most;
    int code = para_think_open("think eval", &w->think, arena, &ground);
    if (code >= 0)
        return code;
    int done = work(w, &ground, rows, count, arena, &failed);
    if (failed)
        return para_app_fail("think eval", "no memory for the worlds to think in; try fewer --threads");
    if (w->json ? !print_json(rows, done, ground.families.count) : false)
        return para_app_fail("think eval", "no memory");
    if (!w->json)
        print_table(rows, done, &ground.families);
    if (done < count)
        fprintf(stderr, "stopped after %d of %d numbers of futures\n", done, count);
    return done < count ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

int para_think_eval(int argc, char **argv)
{
    Wishes wishes = {.think = para_think_wishes(0), .n = "0,1,16,64", .levels = 16, .episodes = 1};
    Row rows[NUMBERS] = {{0}};
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    int count = read_numbers(wishes.n, rows);
    if (count < 0)
        return para_app_misused("think eval",
                                "--n %s: must be 1 to %d numbers from 0 to %d, set apart by commas", wishes.n,
                                NUMBERS, PARA_THINK_FUTURES_MAX);
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("think eval", "no memory");
    para_interrupt_catch(NULL);
    code = run(&wishes, rows, count, arena);
    para_arena_destroy(arena);
    return code;
}
