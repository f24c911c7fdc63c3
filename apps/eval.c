// SPDX-License-Identifier: MIT
// paracosm eval: solve rates on held-out levels, as a table or as JSON.
#include "agents/evaluate.h"
#include "agents/run_folder.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/file.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define EVAL_MEMORY_MAX ((size_t)8 << 30) // [byte]
#define FAMILIES_MAX    64

typedef struct Wishes {
    ParaEvalDef def;
    const char *families;
    bool json, quiet;
} Wishes;

static int read_wishes(Wishes *wishes, int argc, char **argv)
{
    ParaEvalDef *def = &wishes->def;
    const ParaOption options[] = {
        {"levels", 'l', PARA_OPTION_INT, &def->levels, "N", "held-out levels per family", 1, 100000, NULL},
        {"episodes", 'e', PARA_OPTION_INT, &def->episodes, "N",
         "per level and player, an even number: half rank the levels, half score the worst", 2, 1000, NULL},
        {"families", 0, PARA_OPTION_TEXT, &wishes->families, "A,B",
         "families or template files (default: those of the run, else the whole library)", 0, 0, NULL},
        {"greedy", 'g', PARA_OPTION_FLAG, &def->greedy, NULL,
         "the trained player takes its most probable action", 0, 0, NULL},
        {"proofs", 'p', PARA_OPTION_TEXT, &def->proofs_folder, "OUT",
         "write a replay of each level the trained player solved", 0, 0, NULL},
        {"threads", 't', PARA_OPTION_INT, &def->threads, "N", "worker threads; 0: one per CPU", 0, 256, NULL},
        {"seed", 's', PARA_OPTION_SEED, &def->seed, "N", "of the held-out set", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &wishes->json, NULL, "print JSON: families, mean, worst10", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &wishes->quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "eval",
        .usage = "[options] [DIR | FILE.safetensors]",
        .about =
            "Scores players on levels that training never draws, over the full ranges of every family:\n"
            "the trained player of the run DIR (or of one checkpoint FILE), an untrained network, a random\n"
            "player and one that does nothing. Without DIR, only the last two.",
        .options = options,
        .examples = "  paracosm eval runs/first\n"
                    "  paracosm eval runs/first --json > score.json\n"
                    "  paracosm eval runs/first --families rover --levels 200 --greedy\n"
                    "  paracosm eval runs/first --proofs proofs && paracosm replay verify proofs/*",
        .notes = "worst10 is the mean success on the worst 10 % of all levels, ranked on other episodes than "
                 "scored.\n"
                 "The result is also kept in the run's database, unless a training holds it.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_max = 1,
        .operand_name = "a run folder"};
    return para_options_read(&command, argc, argv, &def->run_folder, NULL);
}

// ---------------------------------------------------------------- output

static cJSON *by_player(const ParaEvalResult *result, const float *values)
{
    cJSON *object = cJSON_CreateObject();
    for (int player = 0; player < PARA_PLAYERS; player++)
        if (result->present[player])
            cJSON_AddNumberToObject(object, para_player_kind_name((ParaPlayerKind)player),
                                    (double)values[player]);
    return object;
}

/// The caller frees it by cJSON_free; NULL without memory.
static char *result_json(const ParaEvalResult *result, bool formatted)
{
    cJSON *object = cJSON_CreateObject(), *families = cJSON_AddArrayToObject(object, "families");
    for (int i = 0; i < result->family_count; i++) {
        cJSON *family = cJSON_CreateObject();
        cJSON_AddStringToObject(family, "name", result->families[i].name);
        cJSON_AddNumberToObject(family, "levels", result->families[i].levels);
        cJSON_AddItemToObject(family, "solve", by_player(result, result->families[i].solve));
        cJSON_AddItemToArray(families, family);
    }
    cJSON_AddItemToObject(object, "mean", by_player(result, result->mean));
    cJSON_AddItemToObject(object, "worst10", by_player(result, result->worst10));
    char *text = formatted ? cJSON_Print(object) : cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    return text;
}

static void print_row(const ParaEvalResult *result, const char *name, const char *levels, const float *values)
{
    printf("%-16s %7s", name, levels);
    for (int player = 0; player < PARA_PLAYERS; player++)
        if (result->present[player])
            printf(" %9.1f %%", 100.0 * (double)values[player]);
    putchar('\n');
}

static void print_table(const ParaEvalResult *result)
{
    printf("%-16s %7s", "family", "levels");
    for (int player = 0; player < PARA_PLAYERS; player++)
        if (result->present[player])
            printf(" %11s", para_player_kind_name((ParaPlayerKind)player));
    putchar('\n');
    for (int i = 0; i < result->family_count; i++) {
        char levels[16];
        snprintf(levels, sizeof levels, "%d", result->families[i].levels);
        print_row(result, result->families[i].name, levels, result->families[i].solve);
    }
    print_row(result, "mean", "", result->mean);
    print_row(result, "worst 10 %", "", result->worst10);
}

// ---------------------------------------------------------------- the work

typedef struct Watcher {
    ParaProgress progress;
} Watcher;

static bool watch(void *context, int64_t done, int64_t total)
{
    Watcher *watcher = context;
    para_progress_show(&watcher->progress, done, total);
    return para_interrupt_count() == 0;
}

/// Keeps the result in the run; that it cannot be kept is worth a note, not a failure.
static void keep(const Wishes *wishes, const ParaEvalResult *result, ParaArena *arena)
{
    const char *folder = wishes->def.run_folder, *error = NULL;
    if (!folder || !para_file_exists(para_arena_printf(arena, "%s/run.db", folder)))
        return;
    ParaRun *run = para_run_open(folder, NULL, arena, &error);
    char *json = run ? result_json(result, false) : NULL;
    if (json &&
        para_run_add_evaluation(run, para_run_newest_checkpoint(run, arena, NULL, NULL), json, &error))
        error = NULL;
    if (error && !wishes->quiet)
        fprintf(stderr, "note: the result is not kept in the run: %s\n", error);
    cJSON_free(json);
    para_run_close(run);
}

static int evaluate(const Wishes *wishes, ParaArena *arena)
{
    Watcher watcher = {.progress = para_progress_begin("episodes", wishes->quiet)};
    ParaEvalResult result = {0};
    const char *error = NULL;
    bool good = para_evaluate(&wishes->def, watch, &watcher, arena, &result, &error);
    para_progress_end(&watcher.progress);
    if (!good && para_interrupt_count() > 0) {
        fputs("stopped; nothing was kept\n", stderr);
        return PARA_EXIT_INTERRUPTED;
    }
    if (!good)
        return para_app_fail("eval", "%s", error ? error : "the evaluation failed");
    if (result.note && !wishes->quiet)
        fprintf(stderr, "note: %s\n", result.note);
    if (wishes->json) {
        char *text = result_json(&result, true);
        if (!text)
            return para_app_fail("eval", "no memory");
        puts(text);
        cJSON_free(text);
    } else {
        print_table(&result);
        if (wishes->def.proofs_folder)
            printf("%d proofs in %s; check them with: paracosm replay verify %s/*\n", result.proofs,
                   wishes->def.proofs_folder, wishes->def.proofs_folder);
    }
    keep(wishes, &result, arena);
    return PARA_EXIT_OK;
}

int para_app_eval(int argc, char **argv)
{
    Wishes wishes = {.def = para_eval_def_default()};
    const char *names[FAMILIES_MAX];
    char store[4096];
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (wishes.def.episodes % 2 != 0)
        return para_app_misused("eval", "--episodes must be even; got %d", wishes.def.episodes);
    if (wishes.def.proofs_folder && !wishes.def.run_folder)
        return para_app_misused("eval", "--proofs needs a run folder: only a trained player leaves proofs");
    if (wishes.families) {
        wishes.def.family_count =
            para_options_split(wishes.families, store, sizeof store, names, FAMILIES_MAX);
        wishes.def.families = names;
        if (wishes.def.family_count <= 0)
            return para_app_misused("eval", "--families needs 1 to %d names, set apart by commas",
                                    FAMILIES_MAX);
    }
    ParaArena *arena = para_arena_create((size_t)1 << 20, EVAL_MEMORY_MAX);
    if (!arena)
        return para_app_fail("eval", "no memory");
    const char *error = NULL;
    para_interrupt_catch(NULL);
    if (wishes.def.proofs_folder && !para_folder_make(wishes.def.proofs_folder, arena, &error))
        code = para_app_fail("eval", "%s", error);
    else
        code = evaluate(&wishes, arena);
    para_arena_destroy(arena);
    return code;
}
