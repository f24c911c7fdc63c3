// SPDX-License-Identifier: MIT
// Parameters that change nothing: members that differ in one of them alone are sampled and compared.
#include "agents/rehearsal/rehearsal_parts.h"

#include <stdio.h>

#define SEEDS 6 ///< members to start from: a parameter may matter only where another has let something exist

/// Hash of a member, but for the list of its parameters; 0: it makes no sense.
static uint64_t content(ParaStage *stage, const double *values, uint64_t seed, double *work)
{
    para_arena_clear(stage->arena);
    ParaLevel *level = para_template_sample_counted(stage->t, values, seed, stage->arena, NULL, work);
    if (!level)
        return 0;
    level->param_count = 0;
    return para_level_hash(level);
}

/// Does any of some members change with it, as far as `most` of work goes?
static bool matters(ParaStage *stage, int param, double most, double *work)
{
    const ParaParam *range = para_template_param(stage->t, param);
    double values[PARA_PARAMS_MAX];
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint64_t first = 0;
        for (int k = 0; k <= 4; k++) {
            para_template_seed_values(stage->t, seed, values);
            values[param] = range->low + (range->high - range->low) * k / 4;
            uint64_t hash = content(stage, values, seed, work);
            if (first && hash && hash != first)
                return true;
            first = hash ? hash : first;
            if (*work >= most)
                return false;
        }
    }
    return false;
}

void para_stage_look_at_params(ParaStage *stage, double most)
{
    double work = 0;
    for (int p = 0; p < para_template_param_count(stage->t); p++) {
        const ParaParam *param = para_template_param(stage->t, p);
        char path[PARA_NAME_MAX + 16];
        if (!(param->low < param->high) || (work < most && matters(stage, p, most, &work)))
            continue;
        if (work >= most) { // nothing is known of it
            stage->done.params_unseen++;
            continue;
        }
        snprintf(path, sizeof path, "/params/%s", param->name);
        para_stage_note(stage, PARA_CODE_UNUSED_PARAMETER, path, "\"%s\" changes nothing in any level",
                        param->name);
    }
}
