// SPDX-License-Identifier: MIT
// The PPO loss of a block of samples and its gradient at the heads.
//   loss = mean( -min(r A, clip(r) A) - entropy * H + value_weight * 1/2 max((v - R)^2, (v_clipped - R)^2) )
#include "agents/learn/clone_parts.h"
#include "agents/learn/ppo_parts.h"
#include "agents/net/maths.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

/// Half squared error of the value, the worse of clipped and free; gradient into *dvalue.
static float value_loss(float value, float old, float target, float clip, float *dvalue)
{
    float error = value - target, loss = 0.5f * error * error;
    *dvalue = error;
    if (clip <= 0.0f)
        return loss;
    float held = old + para_clampf(value - old, -clip, clip), held_error = held - target;
    float held_loss = 0.5f * held_error * held_error;
    if (held_loss <= loss)
        return loss;
    *dvalue = 0.0f; // the clipped one is worse only where the clip is active, and there it is constant
    return held_loss;
}

/// The value's loss in row i of a block, and its pull there.
static double pull_value(const ParaPpo *ppo, ParaForward *scratch, int i, int row, float share)
{
    const ParaPpoDef *def = &ppo->def;
    float target = ppo->target[row], error;
    scratch->dvalue[i] = def->value_weight * share;
    scratch->aim[i] = target;
    if (ppo->policy->def.bins)
        return (double)para_value_cross(scratch, i, target);
    float loss = value_loss(scratch->value[i], ppo->rollout.value[row], target, def->value_clip, &error);
    scratch->dvalue[i] *= error;
    return (double)loss;
}

/// Channels that are undecided enough earn nothing by more: each has an end of its own, as a share of the
/// most its choices allow, so that one that must be sure and one that must try do not share one weight's
/// answer.
static void cut_entropy(uint32_t channel_bits, uint32_t negative_bits, float enough, ParaActionTerms *terms)
{
    static const float most[2] = {0.69314718f, 1.0986123f}; // [nat] of two choices, of three
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const float *p = terms->p + c * PARA_CHOICES, *lp = terms->lp + c * PARA_CHOICES;
        float own = -(p[0] * lp[0] + p[1] * lp[1] + p[2] * lp[2]);
        if ((channel_bits >> c & 1u) != 0 && own > enough * most[negative_bits >> c & 1u])
            memset(terms->dentropy + c * PARA_CHOICES, 0, sizeof *terms->dentropy * PARA_CHOICES);
    }
}

static void sample_loss(const ParaPpo *ppo, const ParaMinibatch *minibatch, int row, ParaForward *scratch,
                        int i, ParaLossSums *sums)
{
    const float *logits = scratch->logits + (size_t)i * PARA_LOGITS;
    float *dlogits = scratch->dlogits + (size_t)i * PARA_LOGITS;
    const ParaPpoDef *def = &ppo->def;
    const ParaRollout *rollout = &ppo->rollout;
    PARA_ASSERT(row >= 0 && row < def->envs * def->horizon);
    const int8_t *action = rollout->action + (size_t)row * PARA_CHANNELS;
    float share = 1.0f / (float)(minibatch->count + minibatch->others);
    ParaActionTerms terms;
    float log_prob = para_action_terms(ppo->policy->def.head, logits, rollout->channel_bits[row],
                                       rollout->negative_bits[row], action, &terms);
    if (def->entropy_enough > 0.0f && ppo->policy->def.head == PARA_HEAD_LEVELS)
        cut_entropy(rollout->channel_bits[row], rollout->negative_bits[row], def->entropy_enough, &terms);
    float log_ratio = para_clampf(log_prob - rollout->log_prob[row], -20.0f, 20.0f);
    float ratio = para_net_exp(log_ratio);
    if (rollout->ratio)
        rollout->ratio[row] = ratio;
    float advantage = (ppo->advantage[row] - minibatch->advantage_mean) * minibatch->advantage_scale;
    float free = ratio * advantage;
    float held = para_clampf(ratio, 1.0f - def->clip, 1.0f + def->clip) * advantage;
    float dlog_prob = free <= held ? -free * share : 0.0f; // d(ratio A)/d(log p) = ratio A

    para_action_gradient(&terms, dlog_prob, def->entropy * share, dlogits);
    sums->value += pull_value(ppo, scratch, i, row, share);
    sums->policy -= (double)(free <= held ? free : held);
    sums->entropy += (double)terms.entropy;
    sums->kl += (double)(ratio - 1.0f - log_ratio);
    sums->clipped += ratio < 1.0f - def->clip || ratio > 1.0f + def->clip ? 1.0 : 0.0;
}

/// Asks for what the loss of a block's rows will read: shuffled rows are in no cache. Before the forward
/// pass, during which it comes.
static inline __attribute__((always_inline)) void fetch(const ParaPpo *ppo, const int *order, int n)
{
    const ParaRollout *rollout = &ppo->rollout;
    for (int i = 0; i < n; i++) {
        int row = order[i];
        __builtin_prefetch(rollout->action + (size_t)row * PARA_CHANNELS);
        __builtin_prefetch(rollout->channel_bits + row);
        __builtin_prefetch(rollout->negative_bits + row);
        __builtin_prefetch(rollout->log_prob + row);
        __builtin_prefetch(rollout->value + row);
        __builtin_prefetch(ppo->advantage + row);
        __builtin_prefetch(ppo->target + row);
    }
}

/// The loss of a row; a dead one, which stands in a stretch for the rows around it, has none.
static void row_loss(const ParaPpo *ppo, const ParaMinibatch *minibatch, int row, ParaForward *scratch, int i,
                     ParaLossSums *sums)
{
    float *dlogits = scratch->dlogits + (size_t)i * PARA_LOGITS;
    if (para_ppo_is_live(&ppo->rollout, (size_t)row)) {
        sample_loss(ppo, minibatch, row, scratch, i, sums);
        return;
    }
    memset(dlogits, 0, sizeof *dlogits * PARA_LOGITS);
    scratch->dvalue[i] = 0.0f;
}

void para_ppo_block(const ParaPpo *ppo, const ParaMinibatch *minibatch, const int *order, int n,
                    const ParaStretches *stretches, ParaForward *scratch, float *gradient,
                    ParaLossSums *out_sums)
{
    PARA_ASSERT(n >= 0 && n <= PARA_BLOCK && n <= minibatch->rows);
    *out_sums = (ParaLossSums){0};
    fetch(ppo, order, n);
    para_net_forward(ppo->policy, scratch, ppo->rollout.obs, order, n, stretches, NULL, scratch->logits,
                     scratch->value);
    for (int i = 0; i < n; i++)
        row_loss(ppo, minibatch, order[i], scratch, i, out_sums);
    para_net_backward(ppo->policy, scratch, n, stretches, gradient);
}

void para_ppo_example_block(const ParaPpo *ppo, int n, ParaForward *scratch, float *gradient)
{
    PARA_ASSERT(n >= 1 && n <= PARA_BLOCK);
    const ParaCloneRows *rows = &ppo->examples;
    const int *index = ppo->example_order;
    ParaExampleBlock *block = ppo->example_block;
    if (block) {
        para_examples_forward(ppo->policy, scratch, rows, ppo->example_stretches, n, block);
        index = block->index;
        n = block->n;
    } else {
        para_net_forward(ppo->policy, scratch, rows->obs, index, n, NULL, NULL, scratch->logits,
                         scratch->value);
    }
    for (int i = 0; i < n; i++) {
        para_clone_row_loss(ppo->policy->def.head, rows, index[i], scratch->logits + (size_t)i * PARA_LOGITS,
                            ppo->example_weight / (float)(n * para_peers_count(ppo->def.peers)),
                            scratch->dlogits + (size_t)i * PARA_LOGITS);
        scratch->dvalue[i] = 0.0f; // what others earned says nothing of what this player will
    }
    para_net_backward(ppo->policy, scratch, n, block ? &block->stretches : NULL, gradient);
}
