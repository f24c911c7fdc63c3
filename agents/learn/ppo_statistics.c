// SPDX-License-Identifier: MIT
// Counts observations, such as a rollout's live ones, into the policy's normaliser: parts of fixed size are
// summed by the workers, each into its own place, and merged in order.
#include "agents/learn/ppo_parts.h"

#include <string.h>

#define PART_ROWS 1024

/// The rows that are counted.
typedef struct Counting {
    ParaPpo *ppo;
    const float *obs;    ///< [rows, O]
    const uint8_t *live; ///< [rows]; NULL: all are
    size_t rows;
} Counting;

static size_t parts_of(size_t rows) { return (rows + PART_ROWS - 1) / PART_ROWS; }

/// Doubles of one part: [global sums G | global squares G | row sums R | row squares R | entity rows | rows].
static size_t part_size(const ParaPpo *ppo)
{
    const ParaObsSpec *spec = &ppo->policy->def.obs;
    return 2 * ((size_t)spec->global_size + (size_t)spec->row_size) + 2;
}

size_t para_ppo_statistic_count(const ParaPpo *ppo)
{
    return parts_of((size_t)ppo->rows_max) * part_size(ppo);
}

static void sum_part(void *context, int task, int worker)
{
    const Counting *counting = context;
    ParaPpo *ppo = counting->ppo;
    const ParaObsSpec *spec = &ppo->policy->def.obs;
    const float *global_mean = para_policy_at(ppo->policy, PARA_T_GLOBAL_MEAN);
    const float *row_mean = para_policy_at(ppo->policy, PARA_T_ROW_MEAN);
    size_t G = (size_t)spec->global_size, R = (size_t)spec->row_size;
    size_t first = (size_t)task * PART_ROWS;
    size_t last = first + PART_ROWS < counting->rows ? first + PART_ROWS : counting->rows;
    double *global = ppo->statistics + (size_t)task * part_size(ppo), *row = global + 2 * G;
    double *lived = global + part_size(ppo) - 1;
    (void)worker;
    memset(global, 0, part_size(ppo) * sizeof *global);
    for (size_t i = first; i < last; i++) {
        if (counting->live && !counting->live[i])
            continue;
        const float *one = counting->obs + i * (size_t)spec->size;
        const float *rows = one + G, *mask = rows + (size_t)spec->row_max * R;
        *lived += 1.0;
        para_normal_add(one, global_mean, spec->global_size, global, global + G);
        for (int r = 0; r < spec->row_max; r++) {
            if (!(mask[r] > 0.5f))
                continue;
            para_normal_add(rows + (size_t)r * R, row_mean, spec->row_size, row, row + R);
            row[2 * R] += 1.0;
        }
    }
}

/// @param peers whose rows are counted with these; NULL: nobody's
static void count(Counting counting, ParaPeers *peers)
{
    ParaPpo *ppo = counting.ppo;
    const ParaObsSpec *spec = &ppo->policy->def.obs;
    size_t parts = parts_of(counting.rows), size = part_size(ppo), G = (size_t)spec->global_size;
    size_t R = (size_t)spec->row_size;
    double *total = ppo->statistics;
    para_ppo_run(ppo, sum_part, &counting, (int)parts);
    for (size_t part = 1; part < parts; part++)
        for (size_t k = 0; k < size; k++)
            total[k] += total[part * size + k];
    para_peers_sum_f64(peers, total, size);

    const ParaPolicy *policy = ppo->policy;
    float *counts = para_policy_at(policy, PARA_T_NORMAL_COUNT);
    para_normal_merge(para_policy_at(policy, PARA_T_GLOBAL_MEAN),
                      para_policy_at(policy, PARA_T_GLOBAL_VARIANCE), &counts[0], total, total + G,
                      total[size - 1], spec->global_size, PARA_NORMAL_CAP);
    if (spec->row_max > 0)
        para_normal_merge(para_policy_at(policy, PARA_T_ROW_MEAN),
                          para_policy_at(policy, PARA_T_ROW_VARIANCE), &counts[1], total + 2 * G,
                          total + 2 * G + R, total[2 * G + 2 * R], spec->row_size, PARA_NORMAL_CAP);
}

void para_ppo_count_observations(ParaPpo *ppo)
{
    count((Counting){ppo, ppo->rollout.obs, ppo->rollout.live,
                     (size_t)ppo->def.envs * (size_t)ppo->def.horizon},
          ppo->def.peers);
}

void para_ppo_count_seen(ParaPpo *ppo, const float *obs, int rows)
{
    size_t size = (size_t)ppo->policy->def.obs.size, most = (size_t)ppo->rows_max;
    for (size_t first = 0; first < (size_t)rows; first += most) {
        size_t left = (size_t)rows - first;
        count((Counting){ppo, obs + first * size, NULL, left < most ? left : most}, NULL);
    }
}
