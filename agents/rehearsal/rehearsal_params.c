// SPDX-License-Identifier: MIT
// Parameters that change nothing: members that differ in one of them alone are sampled and compared.
#include "agents/rehearsal/rehearsal_parts.h"

#include <stdio.h>

#define SEEDS 6 ///< members to start from: a parameter may matter only where another has let something exist

/// Hash of a member, but for the list of its parameters; 0: it makes no sense.
static uint64_t content(const ParaTemplate *t, const double *values, uint64_t seed, ParaArena *arena)
{
    para_arena_clear(arena);
    ParaLevel *level = para_template_sample(t, values, seed, arena, NULL);
    if (!level)
        return 0;
    level->param_count = 0;
    return para_level_hash(level);
}

static bool matters(const ParaTemplate *t, int param, ParaArena *arena)
{
    const ParaParam *range = para_template_param(t, param);
    double values[PARA_PARAMS_MAX];
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint64_t first = 0;
        for (int k = 0; k <= 4; k++) {
            para_template_seed_values(t, seed, values);
            values[param] = range->low + (range->high - range->low) * k / 4;
            uint64_t hash = content(t, values, seed, arena);
            if (first && hash && hash != first)
                return true;
            first = hash ? hash : first;
        }
    }
    return false;
}

void para_stage_look_at_params(ParaStage *stage)
{
    for (int p = 0; p < para_template_param_count(stage->t); p++) {
        const ParaParam *param = para_template_param(stage->t, p);
        char path[PARA_NAME_MAX + 16];
        if (!(param->low < param->high) || matters(stage->t, p, stage->arena))
            continue;
        snprintf(path, sizeof path, "/params/%s", param->name);
        para_stage_note(stage, PARA_CODE_UNUSED_PARAMETER, path, "\"%s\" changes nothing in any level",
                        param->name);
    }
}
