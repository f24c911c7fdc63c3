// SPDX-License-Identifier: MIT
// Levels made again from their recipes, and counted by their parts.
#include "apps/report/report_makings.h"

#include "agents/run/run_families.h"

#include <string.h>

#define COUNTS_MAX 4096

/// So many levels of some lessons with one part.
typedef struct Count {
    int lesson, levels;
    ParaMadeOf part;
} Count;

typedef struct Counts {
    Count items[COUNTS_MAX];
    int count;
} Counts;

static void add(Counts *counts, int lesson, const ParaMadeOf *part, ParaArena *arena)
{
    for (int i = 0; i < counts->count; i++) {
        Count *item = &counts->items[i];
        if (item->lesson == lesson && strcmp(item->part.as, part->as) == 0 &&
            strcmp(item->part.word, part->word) == 0) {
            item->levels++;
            return;
        }
    }
    if (counts->count < COUNTS_MAX)
        counts->items[counts->count++] = (Count){lesson,
                                                 1,
                                                 {.as = para_arena_strdup(arena, part->as),
                                                  .part = "",
                                                  .word = para_arena_strdup(arena, part->word)}};
}

/// The parts of the levels of one family. @param arena outlives the counts
static void count_parts(ParaRun *run, int family, int coarse, Counts *counts, ParaArena *arena,
                        ParaArena *scratch)
{
    const char *error = NULL;
    ParaMadeOf *parts;
    counts->count = 0;
    const ParaTemplate *t = para_run_template(run, family, arena, &error);
    if (!t || para_template_choices(t, arena, &parts) == 0)
        return;
    ParaLevelRow *rows = PARA_NEW(arena, ParaLevelRow, PARA_MAKINGS_LEVELS);
    int levels = para_run_levels(run, family, rows, PARA_MAKINGS_LEVELS, arena);
    for (int i = levels - 1; i >= 0; i--) { // the oldest first
        ParaArenaMark mark = para_arena_mark(scratch);
        const ParaLevel *level = para_run_archive_level(run, t, &rows[i], scratch, &error);
        int count = level ? para_template_made_of(t, level, scratch, &parts) : 0;
        for (int p = 0; p < count; p++)
            add(counts, rows[i].lesson / coarse * coarse, &parts[p], arena);
        para_arena_rewind(scratch, mark);
    }
}

static void put_counts(const Counts *counts, const char *name, ParaJson *json)
{
    for (int i = 0; i < counts->count; i++) {
        const Count *item = &counts->items[i];
        para_json_item(json);
        para_json_open(json, '[');
        para_json_item(json);
        para_json_format(json, "%d", item->lesson);
        const char *const words[] = {name, item->part.as, item->part.word};
        for (int w = 0; w < 3; w++) {
            para_json_item(json);
            para_json_string(json, words[w]);
        }
        para_json_item(json);
        para_json_format(json, "%d", item->levels);
        para_json_close(json, ']');
    }
}

void para_report_makings(ParaRun *run, int lessons, ParaJson *json, ParaArena *scratch)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    int coarse = (lessons + PARA_MAKINGS_POINTS - 1) / PARA_MAKINGS_POINTS;
    para_json_format(json, "{\"columns\": [\"lesson\", \"name\", \"as\", \"word\", \"levels\"], \"rows\": ");
    para_json_open(json, '[');
    Counts *counts = arena ? PARA_NEW(arena, Counts, 1) : NULL;
    ParaArenaMark mark = arena ? para_arena_mark(arena) : (ParaArenaMark){0};
    const char *name;
    for (int f = 0; counts && *(name = para_run_family_name(run, f, scratch)); f++) {
        count_parts(run, f, coarse > 1 ? coarse : 1, counts, arena, scratch);
        put_counts(counts, name, json);
        para_arena_rewind(arena, mark);
        para_arena_clear(scratch);
    }
    para_json_close(json, ']');
    para_json_format(json, "}");
    if (arena)
        para_arena_destroy(arena);
}
