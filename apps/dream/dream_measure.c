// SPDX-License-Identifier: MIT
// paracosm dream measure: how well a model foresees held-out levels, beside the engine nudged and flight
// alone.
#include "agents/foresight/foresight.h"
#include "agents/model/model.h"
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>

typedef struct Wishes {
    const char *file, *families, *solver;
    int levels;
    double hold; ///< [s] >= 0
    uint64_t seed;
    bool pixels, json, quiet;
} Wishes;

static const char *const foreseers[PARA_FORESEERS] = {"model", "nudged", "flight"};

static void print_family(const char *name, const ParaForesight *f)
{
    char line[256];
    for (int t = 0; t < PARA_FORESIGHT_TIMES; t++) {
        if (f->bodies[t] == 0)
            continue;
        para_text_format(line, sizeof line, "%-18.18s %3.1f s %7d", t == 0 ? name : "",
                         (double)para_foresight_seconds[t], f->bodies[t]);
        fputs(line, stdout);
        for (int who = 0; who < PARA_FORESEERS; who++) {
            const ParaForesightErrors *e = &f->errors[t][who];
            para_text_format(line, sizeof line, "   %6.3f %6.3f %6.2f", (double)e->median, (double)e->mean,
                             (double)e->p90);
            fputs(line, stdout);
        }
        para_text_format(line, sizeof line, "   %5.2f", (double)f->doubt[t]);
        puts(line);
    }
}

static void print_omens(const char *name, const ParaForesight *f)
{
    char line[256];
    printf("%-18.18s", name);
    for (int o = 0; o < PARA_OMENS; o++) {
        const ParaOmenCount *c = &f->omens[o];
        if (para_omen_f1(c) < 0)
            printf("%22s", "");
        else {
            para_text_format(line, sizeof line, "  %5.2f %4d/%-4d %5.2f", (double)para_omen_f1(c), c->said,
                             c->truly, (double)para_omen_twin_f1(c));
            fputs(line, stdout);
        }
    }
    putchar('\n');
}

static void print_all_omens(const ParaFamilies *families, const ParaForesight *rows)
{
    puts("\nwhat a dream of 2 s says will happen, told nothing: F1, how often said / true, "
         "F1 of the engine nudged");
    printf("%-18s", "family");
    for (int o = 0; o < PARA_OMENS; o++)
        printf("  %-20s", para_omen_names[o]);
    putchar('\n');
    for (int i = 0; i < families->count; i++)
        print_omens(families->names[i], &rows[i]);
    if (families->count > 1)
        print_omens("all", &rows[families->count]);
}

static void print_all(const ParaFamilies *families, const ParaForesight *rows)
{
    puts("errors of places in body diameters, of bodies that went half a diameter or more: median, mean, "
         "what nine of ten are below");
    printf("%-18s %5s %7s   %-20s   %-20s   %-20s   %s\n", "family", "after", "bodies", "model",
           "engine nudged", "flight alone", "doubt");
    for (int i = 0; i < families->count; i++)
        print_family(families->names[i], &rows[i]);
    if (families->count > 1)
        print_family("all", &rows[families->count]);
    puts("doubt: rank correlation of how far the networks are apart with the error");
    print_all_omens(families, rows);
    if (rows[families->count].left_out > 0)
        printf("left out: %d levels, with more near shapes than a model has room for\n",
               rows[families->count].left_out);
}

static void add_row(cJSON *list, const char *name, const ParaForesight *f)
{
    cJSON *row = cJSON_CreateObject(), *times = NULL;
    cJSON_AddStringToObject(row, "family", name);
    cJSON_AddNumberToObject(row, "left_out", f->left_out);
    times = cJSON_AddArrayToObject(row, "after");
    for (int t = 0; t < PARA_FORESIGHT_TIMES; t++) {
        cJSON *time = cJSON_CreateObject();
        cJSON_AddNumberToObject(time, "seconds", (double)para_foresight_seconds[t]);
        cJSON_AddNumberToObject(time, "bodies", f->bodies[t]);
        for (int who = 0; who < PARA_FORESEERS; who++) {
            cJSON *errors = cJSON_AddObjectToObject(time, foreseers[who]);
            cJSON_AddNumberToObject(errors, "median", (double)f->errors[t][who].median);
            cJSON_AddNumberToObject(errors, "mean", (double)f->errors[t][who].mean);
            cJSON_AddNumberToObject(errors, "p90", (double)f->errors[t][who].p90);
        }
        cJSON_AddNumberToObject(time, "doubt", (double)f->doubt[t]);
        cJSON_AddItemToArray(times, time);
    }
    cJSON *omens = cJSON_AddObjectToObject(row, "events");
    for (int o = 0; o < PARA_OMENS; o++) {
        const ParaOmenCount *c = &f->omens[o];
        cJSON *event = cJSON_AddObjectToObject(omens, para_omen_names[o]);
        cJSON_AddNumberToObject(event, "true", c->truly);
        cJSON_AddNumberToObject(event, "said", c->said);
        cJSON_AddNumberToObject(event, "both", c->both);
        cJSON_AddNumberToObject(event, "nudged_said", c->twin_said);
        cJSON_AddNumberToObject(event, "nudged_both", c->twin_both);
        if (para_omen_f1(c) >= 0)
            cJSON_AddNumberToObject(event, "f1", (double)para_omen_f1(c));
    }
    cJSON_AddItemToArray(list, row);
}

static int print_json(const ParaFamilies *families, const ParaForesight *rows)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "rows");
    for (int i = 0; i < families->count; i++)
        add_row(list, families->names[i], &rows[i]);
    add_row(list, "all", &rows[families->count]);
    char *text = para_json_print(json, true);
    cJSON_Delete(json);
    if (!text)
        return para_app_fail("dream measure", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static int measure(void *wishes, ParaArena *arena)
{
    const Wishes *w = wishes;
    const char *card = NULL, *error = NULL;
    if (w->pixels && w->hold > 0)
        return para_app_misused("dream measure",
                                "--hold goes with models of bodies: leave it or --pixels out");
    if (w->pixels)
        return para_dream_measure_pixels(w->file, w->families, w->levels, w->seed,
                                         para_app_solver(w->solver, PARA_SOLVER_AUTO), w->json, w->quiet,
                                         arena);
    ParaModel *model = para_model_read(w->file, arena, &card, &error);
    ParaFamilies families;
    if (!model)
        return para_app_fail("dream measure", "%s", error);
    if (!para_dream_taught_families("dream measure", w->families, card, arena, &families))
        return PARA_EXIT_FAILURE;
    ParaForesight *rows = PARA_NEW(arena, ParaForesight, (size_t)families.count + 1);
    const ParaForesightDef def = {.families = &families,
                                  .levels = w->levels,
                                  .seed = w->seed,
                                  .hold = (float)w->hold,
                                  .solver = para_app_solver(w->solver, PARA_SOLVER_AUTO)};
    ParaProgress progress = para_progress_begin("levels", w->quiet);
    para_interrupt_catch("stopping\n");
    bool good = para_foresee(model, &def, rows, para_progress_goes_on, &progress, arena);
    para_progress_end(&progress);
    if (!good && para_interrupt_count() > 0)
        return PARA_EXIT_INTERRUPTED;
    if (!good)
        return para_app_fail("dream measure", "no memory");
    if (w->json)
        return print_json(&families, rows);
    print_all(&families, rows);
    return PARA_EXIT_OK;
}

int para_dream_measure(int argc, char **argv)
{
    Wishes w = {.levels = 50};
    const ParaOption options[] = {
        {"pixels", 0, PARA_OPTION_FLAG, &w.pixels, NULL,
         "FILE is of dream train --pixels: likeness of its pictures, and where the player is in them", 0, 0,
         NULL},
        {"families", 0, PARA_OPTION_TEXT, &w.families, "A,B",
         "families or template files (default: those it was taught on)", 0, 0, NULL},
        {"levels", 'l', PARA_OPTION_INT, &w.levels, "N", "held-out levels of each family", 1, 100000, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w.solver, "NAME", "the engine that is foreseen (default auto)", 0,
         0, para_app_solver_choices},
        {"hold", 0, PARA_OPTION_REAL, &w.hold, "S",
         "[s] that keys are held in the mean; 0: for four decisions (default 0)", 0, 60, NULL},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N", "of levels and keys", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &w.json, NULL, "print JSON: rows of families, each after four times", 0,
         0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &w.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "dream measure",
        .usage = "[options] FILE",
        .about =
            "Plays held-out levels by random keys, and has the model foresee each from one moment on: "
            "errors\n"
            "after 0.5, 1, 2 and 4 s, beside the engine begun with all bodies shifted by half a percent of\n"
            "their size, and beside flight that meets nothing.",
        .options = options,
        .examples = "  paracosm dream measure dream.safetensors\n"
                    "  paracosm dream measure dream.safetensors --families rover --levels 200 --json\n"
                    "  paracosm dream measure dream.safetensors --families egg --hold 1\n"
                    "  paracosm dream measure --pixels pixels.safetensors",
        .notes = "The model has places and speeds once, then the inputs that drive the engine's bodies, the "
                 "ways of\n"
                 "moving ground, and what the rules take out or put in.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a model"};
    int count = 0, code = para_options_read(&command, argc, argv, &w.file, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    return para_dream_in_arena("dream measure", measure, &w);
}
