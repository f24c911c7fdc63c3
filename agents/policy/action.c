// SPDX-License-Identifier: MIT
// Actions out of the heads' outputs: which head, and gradients, which all heads have in common.
#include "agents/policy/heads.h"

#include "engine/base/assert.h"

#include <stddef.h>

float para_action_draw(ParaHead head, const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                       ParaRng *rng, int8_t *action)
{
    return head == PARA_HEAD_FINE ? para_beta_draw(logits, channel_bits, negative_bits, rng, action)
                                  : para_levels_draw(logits, channel_bits, negative_bits, rng, action);
}

void para_action_best(ParaHead head, const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                      int8_t *action)
{
    if (head == PARA_HEAD_FINE)
        para_beta_mean(logits, channel_bits, negative_bits, action);
    else
        para_levels_best(logits, channel_bits, negative_bits, action);
}

void para_action_shares(ParaHead head, const float *logits, int channel, bool negative, int parts,
                        float *share)
{
    PARA_ASSERT(channel >= 0 && channel < PARA_CHANNELS);
    PARA_ASSERT(head == PARA_HEAD_FINE ? parts > 0 && parts % 2 == 0 : parts == PARA_CHOICES);
    const float *z = logits + (ptrdiff_t)channel * PARA_CHOICES;
    if (head == PARA_HEAD_FINE)
        para_beta_shares(z, negative, parts, share);
    else
        para_levels_shares(z, negative, share);
}

void para_action_any(ParaHead head, uint32_t channel_bits, uint32_t negative_bits, ParaRng *rng,
                     int8_t *action)
{
    static const float flat[PARA_LOGITS];
    if (head == PARA_HEAD_LEVELS) {
        para_levels_draw(flat, channel_bits, negative_bits, rng, action);
        return;
    }
    for (int c = 0; c < PARA_CHANNELS; c++) {
        int low = para_head_has(negative_bits, c) ? -PARA_FINE : 0;
        action[c] = (int8_t)(para_head_has(channel_bits, c) ? para_rng_int(rng, low, PARA_FINE) : 0);
    }
}

float para_action_terms(ParaHead head, const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                        const int8_t *action, ParaActionTerms *terms)
{
    return head == PARA_HEAD_FINE ? para_beta_terms(logits, channel_bits, negative_bits, action, terms)
                                  : para_levels_terms(logits, channel_bits, negative_bits, action, terms);
}

void para_action_gradient(const ParaActionTerms *terms, float dlog_prob, float entropy, float *dlogits)
{
    for (int i = 0; i < PARA_LOGITS; i++)
        dlogits[i] = dlog_prob * terms->dlog_prob[i] - entropy * terms->dentropy[i];
}
