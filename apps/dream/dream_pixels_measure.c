// SPDX-License-Identifier: MIT
// paracosm dream measure --pixels: how well a model of pixels dreams held-out levels.
#include "agents/pixels/pixels_measure.h"
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>

static void print_family(const char *name, const ParaPixelMeasure *measure)
{
    char line[256];
    for (int t = 0; t < PARA_PIXELS_TIMES; t++) {
        const ParaPixelErrors *e = &measure->at[t];
        if (e->pictures == 0)
            continue;
        para_text_format(line, sizeof line, "%-16.16s %6d %7d   %6.2f %6.2f %6.2f %6.2f", t == 0 ? name : "",
                         para_pixels_times[t], e->pictures, (double)e->psnr, (double)e->random,
                         (double)(e->psnr - e->random), (double)e->kept);
        fputs(line, stdout);
        para_text_format(line, sizeof line, "   %6.2f %6.2f %6.2f %5d/%d", (double)e->centre_p50,
                         (double)e->centre, (double)e->still, e->lost, e->players);
        puts(line);
    }
}

static void print_all(const ParaFamilies *families, const ParaPixelMeasure *rows)
{
    puts("pixels only, no engine. Likeness of pictures [dB], and how far the player is from where it is "
         "[diameters]");
    printf("%-16s %6s %7s   %6s %6s %6s %6s   %6s %6s %6s %s\n", "family", "after", "levels", "dream",
           "random", "by key", "kept", "median", "mean", "kept", "lost");
    for (int i = 0; i < families->count; i++)
        print_family(families->names[i], &rows[i]);
    if (families->count > 1)
        print_family("all", &rows[families->count]);
    puts("after: pictures since the last it saw; random: other actions than the true ones, by key: what "
         "these\n"
         "are worth; kept: the last picture seen, kept; lost: dreams without the player, of those where it "
         "is");
}

static void add_row(cJSON *list, const char *name, const ParaPixelMeasure *measure)
{
    cJSON *row = cJSON_CreateObject(), *times = NULL;
    cJSON_AddStringToObject(row, "family", name);
    times = cJSON_AddArrayToObject(row, "after");
    for (int t = 0; t < PARA_PIXELS_TIMES; t++) {
        const ParaPixelErrors *e = &measure->at[t];
        cJSON *time = cJSON_CreateObject();
        cJSON_AddNumberToObject(time, "frames", para_pixels_times[t]);
        cJSON_AddNumberToObject(time, "pictures", e->pictures);
        cJSON_AddNumberToObject(time, "psnr", (double)e->psnr);
        cJSON_AddNumberToObject(time, "psnr_random", (double)e->random);
        cJSON_AddNumberToObject(time, "psnr_kept", (double)e->kept);
        cJSON_AddNumberToObject(time, "players", e->players);
        cJSON_AddNumberToObject(time, "lost", e->lost);
        cJSON_AddNumberToObject(time, "centre", (double)e->centre);
        cJSON_AddNumberToObject(time, "centre_median", (double)e->centre_p50);
        cJSON_AddNumberToObject(time, "centre_kept", (double)e->still);
        cJSON_AddItemToArray(times, time);
    }
    cJSON_AddItemToArray(list, row);
}

static int print_json(const ParaFamilies *families, const ParaPixelMeasure *rows)
{
    cJSON *json = cJSON_CreateObject(), *list = NULL;
    cJSON_AddStringToObject(json, "sees", "pixels only, no engine");
    list = cJSON_AddArrayToObject(json, "rows");
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

bool para_dream_pixels_fit(const char *word, const ParaPixels *pixels, const ParaFamilies *families,
                           ParaArena *arena)
{
    for (int f = 0; f < families->count; f++) {
        ParaArenaMark mark = para_arena_mark(arena);
        ParaPick pick = {.family = f, .seed = 0};
        const ParaLevel *level = para_families_sample(families, &pick, "pixels", arena);
        int players = level ? level->player_count : 0;
        para_arena_rewind(arena, mark);
        if (players > pixels->def.players) {
            para_app_fail(word, "%s has %d players, the model was taught with %d: teach one on it",
                          families->names[f], players, pixels->def.players);
            return false;
        }
    }
    return true;
}

int para_dream_measure_pixels(const char *file, const char *list, int levels, uint64_t seed,
                              ParaSolverKind solver, bool json, bool quiet, ParaArena *arena)
{
    const char *card = NULL, *error = NULL;
    ParaFamilies families;
    ParaPixels *pixels = para_pixels_read(file, arena, &card, &error);
    if (!pixels)
        return para_app_fail("dream measure", "%s", error);
    if (!para_dream_taught_families("dream measure", list, card, arena, &families) ||
        !para_dream_pixels_fit("dream measure", pixels, &families, arena))
        return PARA_EXIT_FAILURE;
    ParaPixelMeasure *rows = PARA_NEW(arena, ParaPixelMeasure, (size_t)families.count + 1);
    const ParaPixelMeasureDef def = {.families = &families, .levels = levels, .seed = seed, .solver = solver};
    ParaProgress progress = para_progress_begin("levels", quiet);
    para_interrupt_catch("stopping\n");
    bool good = para_pixels_measure(pixels, &def, rows, NULL, para_progress_goes_on, &progress, arena);
    para_progress_end(&progress);
    if (!good && para_interrupt_count() > 0)
        return PARA_EXIT_INTERRUPTED;
    if (!good)
        return para_app_fail("dream measure", "no memory");
    if (json)
        return print_json(&families, rows);
    print_all(&families, rows);
    return PARA_EXIT_OK;
}
