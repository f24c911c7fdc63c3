// SPDX-License-Identifier: MIT
// AUCCESS and its intervals, from how many tries each task took.
#include "agents/puzzle/score.h"

#include "engine/base/assert.h"
#include "engine/base/rng.h"

#include <math.h>
#include <stdlib.h>

#define DRAWS 1000

/// What one task adds to the figure.
static double worth(int32_t solved_at, int tries, bool auccess)
{
    if (solved_at < 1 || solved_at > tries)
        return 0.0;
    return auccess ? 1.0 - log((double)solved_at) / log((double)tries + 1.0) : 1.0;
}

static double mean(const int32_t *solved_at, int count, int tries, bool auccess)
{
    double sum = 0.0;
    PARA_ASSERT(count >= 1 && tries >= 1 && tries <= PARA_PUZZLE_TRIES_MAX);
    for (int i = 0; i < count; i++)
        sum += worth(solved_at[i], tries, auccess);
    return sum / (double)count;
}

double para_puzzle_auccess(const int32_t *solved_at, int count, int tries)
{
    return mean(solved_at, count, tries, true);
}

double para_puzzle_solved(const int32_t *solved_at, int count, int tries)
{
    return mean(solved_at, count, tries, false);
}

static int by_size(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

ParaPuzzleInterval para_puzzle_interval(const int32_t *solved_at, const int32_t *kind, int count,
                                        int kind_count, int tries, bool auccess, uint64_t seed,
                                        ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    double *sums = PARA_NEW(arena, double, kind_count), *draws = PARA_NEW(arena, double, DRAWS);
    double *sizes = PARA_NEW(arena, double, kind_count);
    ParaRng rng = para_rng_make(seed, "puzzle interval");
    for (int i = 0; i < count; i++) {
        sums[kind[i]] += worth(solved_at[i], tries, auccess);
        sizes[kind[i]] += 1.0;
    }
    for (int d = 0; d < DRAWS; d++) {
        double sum = 0.0, size = 0.0;
        while (size == 0.0) // kinds without a task may be there
            for (int k = 0; k < kind_count; k++) {
                int64_t drawn = para_rng_int(&rng, 0, kind_count - 1);
                sum += sums[drawn];
                size += sizes[drawn];
            }
        draws[d] = sum / size;
    }
    qsort(draws, DRAWS, sizeof *draws, by_size);
    ParaPuzzleInterval interval = {draws[DRAWS / 40], draws[DRAWS - 1 - DRAWS / 40]};
    para_arena_rewind(arena, mark);
    return interval;
}
