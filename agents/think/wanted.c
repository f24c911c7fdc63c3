// SPDX-License-Identifier: MIT
// What a plan says of the keys it may begin with, for a reflex to learn: the reflex's own probabilities, each
// times how well the futures went that began with that key. A channel that did not matter is left as it is.
// Source: Kappen 2005 (path integrals: futures weighted by the exponential of what they are worth); Grill
// 2020, arXiv 2007.12509 (search as regularised policy improvement: prior times exponential).
#include "agents/think/think_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define SHARP           3.0f  // [1] the spread of the scores over the temperature
#define TEMPERATURE_MIN 0.05f // [1] of normalised returns: differences that are less tell nothing
#define DOUBT           1.0f  // [future] of mean worth that each key is taken to have had besides its own

/// The reflex's probability of a choice of a channel.
static void probabilities(const float *logits, bool negative, float *p)
{
    float top = fmaxf(logits[1], logits[2]), sum = 0.0f;
    top = negative ? fmaxf(top, logits[0]) : top;
    for (int k = 0; k < PARA_CHOICES; k++) {
        p[k] = k > 0 || negative ? (float)para_exp((double)(logits[k] - top)) : 0.0f;
        sum += p[k];
    }
    for (int k = 0; k < PARA_CHOICES; k++)
        p[k] /= sum;
}

/// A share of the spread of the scores, or the least.
static float temperature(const ParaThinker *t, float *out_best)
{
    double mean = 0.0, square = 0.0, n = (double)t->plan.futures;
    *out_best = t->scores[0];
    for (int i = 0; i < t->plan.futures; i++) {
        mean += (double)t->scores[i] / n;
        *out_best = fmaxf(*out_best, t->scores[i]);
    }
    for (int i = 0; i < t->plan.futures; i++)
        square += ((double)t->scores[i] - mean) * ((double)t->scores[i] - mean) / n;
    return fmaxf(TEMPERATURE_MIN, (float)para_sqrt(square) / SHARP);
}

/// What a channel's keys are worth. @param worth out, [PARA_CHOICES] > 0
static void weigh(const ParaThinker *t, int channel, float *worth)
{
    float best, temper = temperature(t, &best), count[PARA_CHOICES] = {0}, all = 0.0f;
    for (int k = 0; k < PARA_CHOICES; k++)
        worth[k] = 0.0f;
    for (int i = 0; i < t->plan.futures; i++) {
        float w = (float)para_exp((double)((t->scores[i] - best) / temper));
        int k = para_think_row(t->keys, t, i, 0)[channel] + 1;
        worth[k] += w;
        count[k] += 1.0f;
        all += w / (float)t->plan.futures;
    }
    for (int k = 0; k < PARA_CHOICES; k++)
        worth[k] = (worth[k] + DOUBT * all) / (count[k] + DOUBT);
}

void para_thinker_wanted(ParaThinker *t, const ParaEnv *env, int player, float *wanted)
{
    const ParaPlayer *who = &env->level->players[player];
    ParaThinkSeat *seat = &t->seats[0];
    PARA_ASSERT(t->plan.best >= 0 && t->plan.first == env->decisions);
    para_env_observe(env, NULL, &para_policy_def(t->reflex.policy)->obs, player, seat->obs);
    para_policy_forward(t->reflex.policy, seat->forward, seat->obs, 1, NULL, seat->logits, seat->value);
    for (int c = 0; c < PARA_CHANNELS; c++) {
        float p[PARA_CHOICES], worth[PARA_CHOICES], sum = 0.0f, *out = wanted + c * PARA_CHOICES;
        out[0] = out[1] = out[2] = 0.0f;
        if (!(who->channel_bits >> c & 1u))
            continue;
        probabilities(seat->logits + c * PARA_CHOICES, who->negative_bits >> c & 1u, p);
        weigh(t, player * PARA_CHANNELS + c, worth);
        for (int k = 0; k < PARA_CHOICES; k++)
            sum += p[k] * worth[k];
        for (int k = 0; k < PARA_CHOICES; k++)
            out[k] = p[k] * worth[k] / sum;
    }
}
