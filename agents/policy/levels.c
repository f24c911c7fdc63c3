// SPDX-License-Identifier: MIT
// The head of levels: eight independent three-way choices with masks.
#include "agents/net/maths.h"
#include "agents/policy/heads.h"

#include "engine/base/assert.h"

/// Log softmax of one channel's three choices, stable; choice 0 (action -1) is out unless `negative`.
static void channel_softmax(const float *z, bool negative, float *p, float *lp)
{
    float top = z[1] > z[2] ? z[1] : z[2];
    top = negative && z[0] > top ? z[0] : top;
    float e0 = negative ? para_net_exp(z[0] - top) : 0.0f;
    float e1 = para_net_exp(z[1] - top), e2 = para_net_exp(z[2] - top);
    float sum = e0 + e1 + e2, log_sum = para_net_log(sum);
    p[0] = e0 / sum;
    p[1] = e1 / sum;
    p[2] = e2 / sum;
    lp[0] = negative ? z[0] - top - log_sum : 0.0f;
    lp[1] = z[1] - top - log_sum;
    lp[2] = z[2] - top - log_sum;
}

float para_levels_draw(const float *logits, uint32_t channel_bits, uint32_t negative_bits, ParaRng *rng,
                       int8_t *action)
{
    float total = 0.0f;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        action[c] = 0;
        if (!para_head_has(channel_bits, c))
            continue;
        float p[PARA_CHOICES], lp[PARA_CHOICES];
        channel_softmax(logits + c * PARA_CHOICES, para_head_has(negative_bits, c), p, lp);
        double u = para_rng_f64(rng);
        int choice = u < (double)p[0] ? 0 : u < (double)p[0] + (double)p[1] ? 1 : 2;
        action[c] = (int8_t)(choice - 1);
        total += lp[choice];
    }
    return total;
}

void para_levels_shares(const float *z, bool negative, float *share)
{
    float lp[PARA_CHOICES];
    channel_softmax(z, negative, share, lp);
}

void para_levels_best(const float *logits, uint32_t channel_bits, uint32_t negative_bits, int8_t *action)
{
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const float *z = logits + c * PARA_CHOICES;
        int choice = z[2] > z[1] ? 2 : 1; // ties go to doing nothing
        if (para_head_has(negative_bits, c) && z[0] > z[choice])
            choice = 0;
        action[c] = (int8_t)(para_head_has(channel_bits, c) ? choice - 1 : 0);
    }
}

/// One channel's terms: d(log p)/dz = chosen - p;  dH/dz = -p (log p + H). Both are 0 where masked: p is 0.
static void channel_terms(const float *p, const float *lp, int choice, float *dlog_prob, float *dentropy,
                          float *entropy)
{
    float own = -(p[0] * lp[0] + p[1] * lp[1] + p[2] * lp[2]);
    for (int k = 0; k < PARA_CHOICES; k++) {
        dlog_prob[k] = (k == choice ? 1.0f : 0.0f) - p[k];
        dentropy[k] = -p[k] * (lp[k] + own);
    }
    *entropy += own;
}

float para_levels_terms(const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                        const int8_t *action, ParaActionTerms *terms)
{
    float total = 0.0f;
    *terms = (ParaActionTerms){.entropy = 0.0f};
    for (int c = 0; c < PARA_CHANNELS; c++) {
        int at = c * PARA_CHOICES;
        bool negative = para_head_has(negative_bits, c);
        if (!para_head_has(channel_bits, c))
            continue;
        PARA_ASSERT(action[c] >= (negative ? -1 : 0) && action[c] <= 1);
        channel_softmax(logits + at, negative, terms->p + at, terms->lp + at);
        channel_terms(terms->p + at, terms->lp + at, action[c] + 1, terms->dlog_prob + at,
                      terms->dentropy + at, &terms->entropy);
        total += terms->lp[at + action[c] + 1];
    }
    return total;
}
