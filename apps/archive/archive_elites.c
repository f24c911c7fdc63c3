// SPDX-License-Identifier: MIT
// Which levels of a run go into its archive: all, or the best of each cell of a grid of two descriptors.
#include "apps/archive/archive_parts.h"

#include "agents/env/replay.h"
#include "agents/maker/traits.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEVEL_MEMORY_MAX ((size_t)512 << 20) // [byte] for a look at one level
#define SHOWN_BINS_MAX   40                  // a wider grid is not drawn as text

const ParaTemplate *para_archiving_template(ParaArchiving *a, int family, const char **out_error)
{
    bool known = family >= 0 && family < a->families.count;
    if (known && !a->families.templates[family] && !a->damage[family]) {
        const char *why = "it is damaged";
        a->families.templates[family] = para_run_template(a->run, family, a->arena, &why);
        a->damage[family] = a->families.templates[family] ? NULL : why;
    }
    *out_error = known ? a->damage[family] : "its family is none of the run's";
    return known ? a->families.templates[family] : NULL;
}

const char *para_archiving_proof(const ParaArchiving *a, uint64_t hash, ParaArena *arena)
{
    return para_arena_printf(arena, "%s/proofs/%016llx.replay", a->choices->folder, (unsigned long long)hash);
}

static bool wants(const ParaArchiving *a, ParaDescriptorOf of)
{
    for (int k = 0; k < 2; k++)
        if (a->axes[k].at >= 0 && para_descriptors[a->axes[k].at].of == of)
            return true;
    return false;
}

/// [s] of the level that its proof takes; NaN without one.
static float proof_seconds(const ParaArchiving *a, const ParaLevel *level, ParaArena *arena)
{
    const char *error = NULL;
    const ParaReplay *replay = para_replay_read(para_archiving_proof(a, level->hash, arena), arena, &error);
    return replay ? (float)replay->decisions * (float)level->frame_skip / level->world.rate : NAN;
}

/// What is known of all rows while they are described.
typedef struct Describing {
    float *blows;  // [row_count] NaN where none is known
    float *traits; // [row_count, traits_size]; NULL: nobody asks
    int traits_size;
    bool proofs;
} Describing;

static void describe(ParaArchiving *a, const Describing *d, int i, ParaArena *scratch)
{
    const char *error = NULL;
    const ParaLevelRow *row = &a->rows[i];
    const ParaTemplate *t = para_archiving_template(a, row->family, &error);
    const ParaLevel *level = t ? para_run_archive_level(a->run, t, row, scratch, &error) : NULL;
    if (!level && a->broken++ == 0)
        a->why_broken = para_arena_strdup(a->arena, error);
    if (!level)
        return;
    const ParaDescribed described = {.level = level,
                                     .success = row->success,
                                     .age = a->lesson > row->lesson ? a->lesson - row->lesson : 0,
                                     .blow = d->blows[i],
                                     .proof_seconds = d->proofs ? proof_seconds(a, level, scratch) : NAN};
    for (int k = 0; k < 2; k++)
        a->values[k][i] = para_descriptor_value(&a->axes[k], &described);
    if (d->traits)
        para_traits_of(&a->families, row->family, level, d->traits + (size_t)i * (size_t)d->traits_size);
}

/// Unlikeness is known when all have been described.
static void fill_novelty(ParaArchiving *a, const Describing *d)
{
    float *novelty = PARA_NEW(a->arena, float, a->row_count);
    para_novelty(d->traits, a->row_count, d->traits_size, novelty);
    for (int k = 0; k < 2; k++)
        for (int i = 0; a->axes[k].at == PARA_DESCRIPTOR_AT_novelty && i < a->row_count; i++)
            a->values[k][i] = (double)novelty[i];
}

static bool describe_all(ParaArchiving *a, const char **out_error)
{
    Describing d = {.blows = PARA_NEW(a->arena, float, a->row_count),
                    .traits_size = para_traits_count(&a->families),
                    .proofs = wants(a, PARA_DESCRIPTOR_PROOF)};
    uint64_t *hashes = PARA_NEW(a->arena, uint64_t, a->row_count);
    for (int i = 0; i < a->row_count; i++) {
        hashes[i] = a->rows[i].hash;
        d.blows[i] = NAN;
        a->values[0][i] = a->values[1][i] = (double)NAN;
    }
    if (wants(a, PARA_DESCRIPTOR_REPORTS) &&
        !para_run_blows(a->run, hashes, a->row_count, d.blows, a->arena, out_error))
        return false;
    if (wants(a, PARA_DESCRIPTOR_OTHERS))
        d.traits = PARA_NEW(a->arena, float, (size_t)a->row_count *(size_t)d.traits_size);
    ParaProgress progress = para_progress_begin("levels described", a->choices->quiet);
    ParaArena *scratch = para_arena_create((size_t)1 << 20, LEVEL_MEMORY_MAX);
    for (int i = 0; scratch && i < a->row_count && para_interrupt_count() == 0; i++) {
        describe(a, &d, i, scratch);
        para_arena_clear(scratch);
        para_progress_show(&progress, i + 1, a->row_count);
    }
    para_progress_end(&progress);
    if (scratch)
        para_arena_destroy(scratch);
    if (!scratch || para_interrupt_count() > 0) {
        *out_error = scratch ? "stopped before the levels were described; nothing was written" : "no memory";
        return false;
    }
    if (d.traits)
        fill_novelty(a, &d);
    return true;
}

bool para_archiving_choose_elites(ParaArchiving *a, const char **out_error)
{
    int count = a->row_count, kept = 0;
    for (int k = 0; k < 2; k++)
        a->values[k] = PARA_NEW(a->arena, double, count);
    if (!describe_all(a, out_error))
        return false;
    float *scores = PARA_NEW(a->arena, float, count);
    int *ages = PARA_NEW(a->arena, int, count);
    for (int i = 0; i < count; i++) {
        scores[i] = a->rows[i].score;
        ages[i] = a->lesson - a->rows[i].lesson;
    }
    a->grid =
        (ParaElites){.x = {.values = a->values[0]}, .y = {.values = a->values[1]}, .bins = a->choices->bins};
    para_elites_fill(&a->grid, scores, ages, count, a->arena);
    if (a->grid.filled == 0) {
        *out_error = para_arena_printf(a->arena, "no level of %s has both a %s and a %s", a->choices->folder,
                                       a->axes[0].name, a->axes[1].name);
        return false;
    }
    // Cell by cell; what is described of a row goes with it.
    ParaLevelRow *rows = PARA_NEW(a->arena, ParaLevelRow, a->grid.filled);
    double *x = PARA_NEW(a->arena, double, a->grid.filled), *y = PARA_NEW(a->arena, double, a->grid.filled);
    for (int c = 0; c < a->grid.bins * a->grid.bins; c++) {
        int i = a->grid.best[c];
        if (i < 0)
            continue;
        rows[kept] = a->rows[i];
        x[kept] = a->values[0][i];
        y[kept] = a->values[1][i];
        a->grid.best[c] = kept++;
    }
    a->rows = rows;
    a->row_count = kept;
    a->values[0] = x;
    a->values[1] = y;
    return true;
}

void para_archiving_print_grid(const ParaArchiving *a)
{
    const ParaElites *grid = &a->grid;
    char low[PARA_NUMBER_SIZE], high[PARA_NUMBER_SIZE];
    printf("grid: %d of %d cells filled", grid->filled, grid->bins * grid->bins);
    if (grid->unplaced > 0)
        printf("; %d levels lack one of the two", grid->unplaced);
    printf("\n  up: %s, %s to %s\n", a->axes[1].name, para_text_measure(grid->y.low, low),
           para_text_measure(grid->y.high, high));
    for (int row = grid->bins - 1; row >= 0 && grid->bins <= SHOWN_BINS_MAX; row--) {
        printf("  |");
        for (int column = 0; column < grid->bins; column++) {
            int best = grid->best[row * grid->bins + column];
            int tenth = best < 0 ? 0 : (int)(a->rows[best].success * 10);
            putchar(best < 0 ? '.' : (char)('0' + (tenth < 9 ? tenth : 9)));
        }
        putchar('\n');
    }
    printf("  right: %s, %s to %s; a digit: tenths of episodes that solve the level\n", a->axes[0].name,
           para_text_measure(grid->x.low, low), para_text_measure(grid->x.high, high));
}
