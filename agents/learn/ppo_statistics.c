// SPDX-License-Identifier: MIT
// Counts a rollout's live observations into the policy's normaliser: parts of fixed size are summed by the
// workers, each into its own place, and merged in order.
#include "agents/learn/ppo_parts.h"

#include <string.h>

#define PART_ROWS 1024

static size_t part_count(const ParaPpo *ppo)
{
    return ((size_t)ppo->def.envs * (size_t)ppo->def.horizon + PART_ROWS - 1) / PART_ROWS;
}

/// Doubles of one part: [global sums G | global squares G | row sums R | row squares R | live rows].
static size_t part_size(const ParaPpo *ppo)
{
    const ParaObsSpec *spec = &ppo->policy->def.obs;
    return 2 * ((size_t)spec->global_size + (size_t)spec->row_size) + 1;
}

size_t para_ppo_statistic_count(const ParaPpo *ppo) { return part_count(ppo) * part_size(ppo); }

static void sum_part(void *context, int task, int worker)
{
    ParaPpo *ppo = context;
    const ParaObsSpec *spec = &ppo->policy->def.obs;
    const float *global_mean = para_policy_at(ppo->policy, PARA_T_GLOBAL_MEAN);
    const float *row_mean = para_policy_at(ppo->policy, PARA_T_ROW_MEAN);
    size_t G = (size_t)spec->global_size, R = (size_t)spec->row_size;
    size_t all = (size_t)ppo->def.envs * (size_t)ppo->def.horizon;
    size_t first = (size_t)task * PART_ROWS;
    size_t last = first + PART_ROWS < all ? first + PART_ROWS : all;
    double *global = ppo->statistics + (size_t)task * part_size(ppo), *row = global + 2 * G;
    (void)worker;
    memset(global, 0, part_size(ppo) * sizeof *global);
    for (size_t i = first; i < last; i++) {
        if (!para_ppo_is_live(&ppo->rollout, i))
            continue;
        const float *one = ppo->rollout.obs + i * (size_t)spec->size;
        const float *rows = one + G, *mask = rows + (size_t)spec->row_max * R;
        para_normal_add(one, global_mean, spec->global_size, global, global + G);
        for (int r = 0; r < spec->row_max; r++) {
            if (!(mask[r] > 0.5f))
                continue;
            para_normal_add(rows + (size_t)r * R, row_mean, spec->row_size, row, row + R);
            row[2 * R] += 1.0;
        }
    }
}

void para_ppo_count_observations(ParaPpo *ppo)
{
    const ParaObsSpec *spec = &ppo->policy->def.obs;
    size_t parts = part_count(ppo), size = part_size(ppo), G = (size_t)spec->global_size;
    size_t R = (size_t)spec->row_size, all = (size_t)ppo->def.envs * (size_t)ppo->def.horizon;
    double *total = ppo->statistics;
    para_ppo_run(ppo, sum_part, ppo, (int)parts);
    for (size_t part = 1; part < parts; part++)
        for (size_t k = 0; k < size; k++)
            total[k] += total[part * size + k];

    const ParaPolicy *policy = ppo->policy;
    float *count = para_policy_at(policy, PARA_T_NORMAL_COUNT);
    para_normal_merge(para_policy_at(policy, PARA_T_GLOBAL_MEAN),
                      para_policy_at(policy, PARA_T_GLOBAL_VARIANCE), &count[0], total, total + G,
                      (double)para_ppo_live_count(ppo, 0, all), spec->global_size, PARA_NORMAL_CAP);
    if (spec->row_max > 0)
        para_normal_merge(para_policy_at(policy, PARA_T_ROW_MEAN),
                          para_policy_at(policy, PARA_T_ROW_VARIANCE), &count[1], total + 2 * G,
                          total + 2 * G + R, total[2 * G + 2 * R], spec->row_size, PARA_NORMAL_CAP);
}
