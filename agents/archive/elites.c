// SPDX-License-Identifier: MIT
// The best level of every cell.
#include "agents/archive/elites.h"

#include "engine/base/assert.h"

#include <math.h>

static void find_ends(ParaElitesAxis *axis, int count)
{
    bool any = false;
    axis->low = axis->high = 0;
    for (int i = 0; i < count; i++) {
        double value = axis->values[i];
        if (!isfinite(value))
            continue;
        axis->low = !any || value < axis->low ? value : axis->low;
        axis->high = !any || value > axis->high ? value : axis->high;
        any = true;
    }
}

int para_elites_cell(const ParaElitesAxis *axis, int bins, double value)
{
    double range = axis->high - axis->low;
    if (!(range > 0))
        return 0;
    double cell = floor((value - axis->low) / range * bins);
    return cell < 0 ? 0 : cell > bins - 1 ? bins - 1 : (int)cell;
}

void para_elites_fill(ParaElites *elites, const float *scores, const int *ages, int count, ParaArena *arena)
{
    int bins = elites->bins;
    PARA_ASSERT(bins >= 1 && bins <= PARA_ELITES_BINS_MAX && count >= 0);
    elites->best = PARA_NEW(arena, int, bins *bins);
    elites->filled = elites->unplaced = 0;
    for (int c = 0; c < bins * bins; c++)
        elites->best[c] = -1;
    find_ends(&elites->x, count);
    find_ends(&elites->y, count);
    for (int i = 0; i < count; i++) {
        double x = elites->x.values[i], y = elites->y.values[i];
        if (!isfinite(x) || !isfinite(y)) {
            elites->unplaced++;
            continue;
        }
        int *best =
            &elites
                 ->best[para_elites_cell(&elites->y, bins, y) * bins + para_elites_cell(&elites->x, bins, x)];
        elites->filled += *best < 0;
        if (*best < 0 || scores[i] > scores[*best] || (scores[i] == scores[*best] && ages[i] < ages[*best]))
            *best = i;
    }
}
