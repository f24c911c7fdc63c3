// SPDX-License-Identifier: MIT
// Muon for the matrices between layers: momentum, then the nearest orthonormal matrix, as large as a step of
// Adam is as a rule, so that one learning rate is right for both. First layers, heads and biases stay with
// Adam. <Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"; the scale: Liu and others
// 2025, arXiv 2502.16982, equation 4>
// Momentum lies where Adam would have its first moment.
#include "agents/learn/ppo_parts.h"

#include "engine/base/maths.h"

#define MOMENTUM 0.95f
#define SCALE    0.2 // root mean square of a step of Adam, as a share of the learning rate

/// A tensor, or its parts that stand side by side and know nothing of each other.
static void add(ParaPpo *ppo, ParaTensorId id, int rows, int columns, int parts)
{
    if (rows <= 1 || columns <= 1)
        return;
    for (int k = 0; k < parts; k++)
        ppo->muon[ppo->muon_count++] =
            (ParaMuon){ppo->policy->offset[id] + (size_t)(k * columns), rows, columns, parts * columns};
}

void para_ppo_create_muon(ParaPpo *ppo, ParaArena *arena)
{
    const ParaPolicyDef *def = &ppo->policy->def;
    int W = def->width, E = def->obs.row_max > 0 ? def->encoder_width : 0, largest = 0;
    int workers = ppo->workers ? para_workers_count(ppo->workers) : 1;
    if (def->encoder == PARA_ENCODER_RELATIONAL) {
        add(ppo, PARA_T_RELATION_QKV_WEIGHT, E, E, 3);
        add(ppo, PARA_T_RELATION_OUT_WEIGHT, E, E, 1);
    }
    add(ppo, PARA_T_ENCODER2_WEIGHT, E, E, 1);
    if (E > 0 || def->rays || def->obs.kind == PARA_OBS_PIXELS)
        add(ppo, PARA_T_TRUNK1_WEIGHT, ppo->policy->joined_size, W, 1);
    if (def->core != PARA_CORE_NONE)
        add(ppo, PARA_T_CORE_WEIGHT, W, W, 2);
    add(ppo, PARA_T_TRUNK2_WEIGHT, W, W, 2);
    for (int i = 0; i < ppo->muon_count; i++) {
        int rows = ppo->muon[i].rows, columns = ppo->muon[i].columns;
        int low = rows < columns ? rows : columns, high = rows < columns ? columns : rows;
        int floats = low * high + para_net_orthogonalise_scratch(low, high);
        largest = floats > largest ? floats : largest;
    }
    ppo->muon_scratch = PARA_NEW(arena, float *, workers);
    for (int w = 0; w < workers; w++)
        ppo->muon_scratch[w] = PARA_NEW(arena, float, largest);
}

/// One matrix: momentum, what it makes of the weights. Gathered with rows no longer than columns.
static void step_matrix(const ParaMuonStep *step, const ParaMuon *m, float *scratch)
{
    ParaPpo *ppo = step->ppo;
    float *weight = ppo->policy->block + m->first, *momentum = ppo->moment1 + m->first,
          *gradient = ppo->slots + m->first;
    bool turned = m->rows > m->columns;
    int low = turned ? m->columns : m->rows, high = turned ? m->rows : m->columns;
    for (int i = 0; i < m->rows; i++)
        for (int j = 0; j < m->columns; j++) {
            size_t at = (size_t)i * (size_t)m->stride + (size_t)j;
            float g = gradient[at] * step->clip;
            momentum[at] = MOMENTUM * momentum[at] + g;
            scratch[turned ? j * high + i : i * high + j] = g + MOMENTUM * momentum[at]; // Nesterov's
        }
    para_net_orthogonalise(scratch, low, high, scratch + (size_t)low * (size_t)high);
    float rate = step->rate * (float)(SCALE * para_sqrt((double)high));
    for (int i = 0; i < m->rows; i++)
        for (int j = 0; j < m->columns; j++)
            weight[(size_t)i * (size_t)m->stride + (size_t)j] -=
                rate * scratch[turned ? j * high + i : i * high + j];
}

void para_ppo_muon_task(void *context, int task, int worker)
{
    const ParaMuonStep *step = context;
    step_matrix(step, &step->ppo->muon[task], step->ppo->muon_scratch[worker]);
}

bool para_ppo_muon_has(const ParaPpo *ppo, ParaTensorId id)
{
    for (int i = 0; i < ppo->muon_count; i++)
        if (ppo->muon[i].first == ppo->policy->offset[id])
            return true;
    return false;
}
