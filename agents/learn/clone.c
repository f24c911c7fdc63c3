// SPDX-License-Identifier: MIT
// Behaviour cloning: the cross-entropy of what was done, down its gradient by Adam.
#include "agents/learn/clone_parts.h"

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
    int row_max, *order; ///< [row_max]
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
    clone->rng = para_rng_make(def->seed, "clone");
    return clone;
}

double para_clone_row_loss(const ParaCloneRows *rows, int row, const float *logits, float share,
                           float *dlogits)
{
    static const int8_t none[PARA_CHANNELS];
    const int8_t *action = rows->wanted ? none : rows->action + (size_t)row * PARA_CHANNELS;
    const float *wanted = rows->wanted ? rows->wanted + (size_t)row * PARA_LOGITS : NULL;
    float p[PARA_LOGITS], lp[PARA_LOGITS], entropy;
    double cross = 0.0;
    para_action_terms(logits, rows->channel_bits[row], rows->negative_bits[row], action, p, lp, &entropy);
    for (int c = 0; c < PARA_CHANNELS; c++) {
        bool bound = (rows->channel_bits[row] >> c & 1u) != 0;
        for (int k = 0; k < PARA_CHOICES; k++) {
            int i = c * PARA_CHOICES + k;
            float chosen = wanted ? wanted[i] : action[c] + 1 == k ? 1.0f : 0.0f;
            dlogits[i] = bound ? share * (p[i] - chosen) : 0.0f;
            cross -= bound ? (double)chosen * (double)lp[i] : 0.0;
        }
    }
    return cross;
}

/// Forward of some rows, their losses and the gradient at the heads.
/// @param out_entropy out, mean cross-entropy   @return the mean loss
static double heads(ParaClone *clone, const ParaCloneRows *rows, const int *index, int n, double *out_entropy)
{
    ParaForward *f = clone->forward;
    double cross = 0.0, held = 0.0;
    PARA_ASSERT(n >= 1 && n <= PARA_BLOCK);
    para_net_forward(clone->policy, f, rows->obs, index, n, f->logits, f->value);
    for (int i = 0; i < n; i++) {
        float off = f->value[i] - rows->value[index[i]];
        cross += para_clone_row_loss(rows, index[i], f->logits + (size_t)i * PARA_LOGITS, 1.0f / (float)n,
                                     f->dlogits + (size_t)i * PARA_LOGITS);
        held += 0.5 * (double)off * (double)off;
        f->dvalue[i] = clone->def.value_weight * off / (float)n;
    }
    *out_entropy = cross / n;
    return (cross + (double)clone->def.value_weight * held) / n;
}

double para_clone_gradient(ParaClone *clone, const ParaCloneRows *rows, const int *index, int n,
                           float *gradient)
{
    double cross, loss = heads(clone, rows, index, n, &cross);
    memset(gradient, 0, sizeof *gradient * clone->policy->learned_floats);
    para_net_backward(clone->policy, clone->forward, n, gradient);
    return loss;
}

static void in_order(ParaClone *clone, const ParaCloneRows *rows)
{
    for (int i = 0; i < rows->count; i++)
        clone->order[i] = rows->index ? rows->index[i] : i;
}

static void shuffle(ParaClone *clone, const ParaCloneRows *rows)
{
    int count = rows->count;
    in_order(clone, rows);
    for (int i = count - 1; i > 0; i--) {
        int k = (int)para_rng_int(&clone->rng, 0, i), kept = clone->order[i];
        clone->order[i] = clone->order[k];
        clone->order[k] = kept;
    }
}

double para_clone_pass(ParaClone *clone, const ParaCloneRows *rows)
{
    PARA_ASSERT(rows->count >= 1 && rows->count <= clone->row_max);
    ParaPolicy *policy = clone->policy;
    double sum = 0.0;
    shuffle(clone, rows);
    for (int first = 0; first < rows->count; first += clone->def.batch) {
        int left = rows->count - first, n = left < clone->def.batch ? left : clone->def.batch;
        double cross;
        heads(clone, rows, clone->order + first, n, &cross);
        memset(clone->gradient, 0, sizeof *clone->gradient * policy->learned_floats);
        para_net_backward(policy, clone->forward, n, clone->gradient);
        para_net_adam(policy->block, clone->moment1, clone->moment2, clone->gradient,
                      (int)policy->learned_floats, &clone->steps, clone->def.rate, 0.0f);
        sum += cross * n;
    }
    return sum / rows->count;
}

double para_clone_measure(ParaClone *clone, const ParaCloneRows *rows)
{
    PARA_ASSERT(rows->count >= 1 && rows->count <= clone->row_max);
    double sum = 0.0;
    in_order(clone, rows);
    for (int first = 0; first < rows->count; first += PARA_BLOCK) {
        int left = rows->count - first, n = left < PARA_BLOCK ? left : PARA_BLOCK;
        double cross;
        heads(clone, rows, clone->order + first, n, &cross);
        sum += cross * n;
    }
    return sum / rows->count;
}
