// SPDX-License-Identifier: MIT
// Behaviour cloning: the cross-entropy of what was done, down its gradient by Adam.
#include "agents/learn/clone_parts.h"

#include "agents/learn/clone.h"
#include "agents/learn/examples.h"
#include "agents/net/net.h"
#include "agents/policy/inside.h"
#include "engine/base/assert.h"

#include <string.h>

struct ParaClone {
    ParaCloneDef def;
    ParaPolicy *policy;
    ParaForward *forward;
    float *gradient, *moment1, *moment2; ///< [learned floats]
    int32_t steps;
    int row_max, *order;     ///< [row_max] units: rows, or stretches of a player that remembers
    int unit_count;          ///< [1] >= 1 of the pass at hand
    ParaExample *examples;   ///< [row_max] those stretches; NULL where rows are by themselves
    ParaExampleBlock *block; ///< likewise
    ParaRng rng;
};

ParaCloneDef para_clone_def_default(void)
{
    return (ParaCloneDef){.rate = 5e-4f, .value_weight = 0.5f, .batch = 128};
}

ParaClone *para_clone_create(const ParaCloneDef *def, ParaPolicy *policy, int row_max, ParaArena *arena)
{
    PARA_ASSERT(def->batch >= 1 && def->batch <= PARA_BLOCK && def->rate > 0.0f && row_max >= 1);
    ParaClone *clone = PARA_NEW(arena, ParaClone, 1);
    *clone = (ParaClone){.def = *def, .policy = policy, .row_max = row_max};
    clone->forward = para_forward_create_training(&policy->def, arena);
    clone->gradient = PARA_NEW(arena, float, policy->learned_floats);
    clone->moment1 = PARA_NEW(arena, float, policy->learned_floats);
    clone->moment2 = PARA_NEW(arena, float, policy->learned_floats);
    clone->order = PARA_NEW(arena, int, row_max);
    if (para_policy_remembers(clone->policy)) {
        clone->examples = PARA_NEW(arena, ParaExample, row_max);
        clone->block = PARA_NEW(arena, ParaExampleBlock, 1);
    }
    clone->rng = para_rng_make(def->seed, "clone");
    return clone;
}

double para_clone_row_loss(ParaHead head, const ParaCloneRows *rows, int row, const float *logits,
                           float share, float *dlogits)
{
    static const int8_t none[PARA_CHANNELS];
    const int8_t *action = rows->wanted ? none : rows->action + (size_t)row * PARA_CHANNELS;
    const float *wanted = rows->wanted ? rows->wanted + (size_t)row * PARA_LOGITS : NULL;
    ParaActionTerms terms;
    PARA_ASSERT(head == PARA_HEAD_LEVELS || !wanted);
    float log_prob =
        para_action_terms(head, logits, rows->channel_bits[row], rows->negative_bits[row], action, &terms);
    if (!wanted) {
        para_action_gradient(&terms, -share, 0.0f, dlogits);
        return -(double)log_prob;
    }
    double cross = 0.0;
    for (int i = 0; i < PARA_LOGITS; i++) {
        bool bound = (rows->channel_bits[row] >> i / PARA_CHOICES & 1u) != 0;
        dlogits[i] = bound ? share * (terms.p[i] - wanted[i]) : 0.0f;
        cross -= bound ? (double)wanted[i] * (double)terms.lp[i] : 0.0;
    }
    return cross;
}

/// Losses of rows that went forward, and the gradient at the heads.
/// @param out_cross out, mean cross-entropy   @return the mean loss
static double losses(ParaClone *clone, const ParaCloneRows *rows, const int *index, int n, double *out_cross)
{
    ParaForward *f = clone->forward;
    double cross = 0.0, held = 0.0;
    bool bins = clone->policy->def.bins;
    for (int i = 0; i < n; i++) {
        float off = f->value[i] - rows->value[index[i]];
        cross +=
            para_clone_row_loss(clone->policy->def.head, rows, index[i], f->logits + (size_t)i * PARA_LOGITS,
                                1.0f / (float)n, f->dlogits + (size_t)i * PARA_LOGITS);
        held +=
            bins ? (double)para_value_cross(f, i, rows->value[index[i]]) : 0.5 * (double)off * (double)off;
        f->dvalue[i] = clone->def.value_weight * (bins ? 1.0f : off) / (float)n;
        f->aim[i] = rows->value[index[i]];
    }
    *out_cross = cross / n;
    return (cross + (double)clone->def.value_weight * held) / n;
}

/// Forward of the batch that begins with unit `at` of the order, its losses and the gradient at the heads.
/// @return rows of it
static int heads(ParaClone *clone, const ParaCloneRows *rows, int at, int most, double *out_cross,
                 double *out_loss)
{
    ParaForward *f = clone->forward;
    ParaExampleBlock *block = clone->block;
    if (!para_policy_remembers(clone->policy)) {
        int left = clone->unit_count - at, n = left < most ? left : most;
        para_net_forward(clone->policy, f, rows->obs, clone->order + at, n, NULL, NULL, f->logits, f->value);
        *out_loss = losses(clone, rows, clone->order + at, n, out_cross);
        return n;
    }
    ParaExample chosen[PARA_EXAMPLES_MOST];
    int count = 0, taken = 0;
    for (; count < PARA_EXAMPLES_MOST && taken < most && at + count < clone->unit_count; count++) {
        chosen[count] = clone->examples[clone->order[at + count]];
        taken += chosen[count].length;
    }
    para_examples_forward(clone->policy, f, rows, chosen, count, block);
    *out_loss = losses(clone, rows, block->index, block->n, out_cross);
    return block->n;
}

/// Units of a batch: rows, or stretches of a player that remembers.
static int units_of(const ParaClone *clone, int rows)
{
    return para_policy_remembers(clone->policy) ? clone->block->stretches.count : rows;
}

static void backward(ParaClone *clone, int n, float *gradient)
{
    memset(gradient, 0, sizeof *gradient * clone->policy->learned_floats);
    para_net_backward(clone->policy, clone->forward, n,
                      para_policy_remembers(clone->policy) ? &clone->block->stretches : NULL, gradient);
}

static void in_order(ParaClone *clone, const ParaCloneRows *rows)
{
    PARA_ASSERT(rows->count >= 1 && rows->count <= clone->row_max);
    clone->unit_count =
        para_policy_remembers(clone->policy) ? para_examples_cut(rows, clone->examples) : rows->count;
    for (int i = 0; i < clone->unit_count; i++)
        clone->order[i] = !para_policy_remembers(clone->policy) && rows->index ? rows->index[i] : i;
}

static void shuffle(ParaClone *clone, const ParaCloneRows *rows)
{
    in_order(clone, rows);
    for (int i = clone->unit_count - 1; i > 0; i--) {
        int k = (int)para_rng_int(&clone->rng, 0, i), kept = clone->order[i];
        clone->order[i] = clone->order[k];
        clone->order[k] = kept;
    }
}

double para_clone_gradient(ParaClone *clone, const ParaCloneRows *rows, float *gradient)
{
    double cross, loss;
    in_order(clone, rows);
    int n = heads(clone, rows, 0, PARA_BLOCK, &cross, &loss);
    PARA_ASSERT(n == rows->count);
    backward(clone, n, gradient);
    return loss;
}

double para_clone_pass(ParaClone *clone, const ParaCloneRows *rows)
{
    ParaPolicy *policy = clone->policy;
    double sum = 0.0, cross, loss;
    shuffle(clone, rows);
    for (int at = 0, n; at < clone->unit_count; at += units_of(clone, n)) {
        n = heads(clone, rows, at, clone->def.batch, &cross, &loss);
        backward(clone, n, clone->gradient);
        para_net_adam(policy->block, clone->moment1, clone->moment2, clone->gradient,
                      (int)policy->learned_floats, &clone->steps, clone->def.rate, 0.0f);
        sum += cross * n;
    }
    return sum / rows->count;
}

double para_clone_measure(ParaClone *clone, const ParaCloneRows *rows)
{
    double sum = 0.0, cross, loss;
    in_order(clone, rows);
    for (int at = 0, n; at < clone->unit_count; at += units_of(clone, n)) {
        n = heads(clone, rows, at, PARA_BLOCK, &cross, &loss);
        sum += cross * n;
    }
    return sum / rows->count;
}
