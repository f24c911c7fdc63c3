// SPDX-License-Identifier: MIT
// The draws of a source: seed and, where there are ranges, values.
#include "agents/batch/source.h"

#include "engine/base/assert.h"

#include <math.h>

static void draw_values(const ParaSource *source, const ParaTemplate *t, ParaPick *pick)
{
    ParaRng open = para_rng_make(pick->seed, "params"), ranged = para_rng_make(pick->seed, "ranges");
    para_template_draw(t, &open, pick->values);
    pick->bound = true;
    for (int p = 0; p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        double low = source->low[p], high = source->high[p];
        if (isnan(low))
            continue;
        if (param->integer)
            pick->values[p] = (double)para_rng_int(&ranged, (int64_t)ceil(low), (int64_t)floor(high));
        else
            pick->values[p] = low < high ? para_rng_range(&ranged, low, high) : low;
    }
}

ParaPick para_source_pick(const ParaSource *source, const ParaFamilies *families, int family, ParaRng *rng)
{
    PARA_ASSERT(!source->level && family >= 0 && family < families->count);
    ParaPick pick = {.family = family, .seed = source->fixed_seed ? source->seed : para_rng_u64(rng) >> 1};
    if (source->ranged)
        draw_values(source, families->templates[family], &pick);
    return pick;
}
