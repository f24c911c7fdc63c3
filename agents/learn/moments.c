// SPDX-License-Identifier: MIT
// Choices of a policy in kept moments, and the Fisher information of its parameters there.
#include "agents/learn/moments.h"

#include "agents/policy/inside.h"
#include "engine/base/assert.h"

#include <string.h>

void para_moments_choices(const ParaPolicy *policy, ParaForward *scratch, const ParaMoments *moments,
                          const int *index, int n, float *wanted)
{
    static const int8_t none[PARA_CHANNELS];
    PARA_ASSERT(policy->def.head == PARA_HEAD_LEVELS && !para_policy_remembers(policy));
    for (int i = 0; i < n; i++) {
        float logits[PARA_LOGITS], value;
        ParaActionTerms terms;
        int row = index[i];
        para_net_forward(policy, scratch, moments->obs, &row, 1, NULL, NULL, logits, &value);
        para_action_terms(PARA_HEAD_LEVELS, logits, moments->channel_bits[row], moments->negative_bits[row],
                          none, &terms);
        memcpy(wanted + (size_t)i * PARA_LOGITS, terms.p, sizeof terms.p);
    }
}

/// The gradient of the log probability of an action drawn in one moment, at the heads and back.
static void log_prob_gradient(const ParaPolicy *policy, ParaForward *f, const ParaMoments *moments, int row,
                              ParaRng *rng, float *gradient)
{
    ParaActionTerms terms;
    int8_t action[PARA_CHANNELS];
    uint32_t channels = moments->channel_bits[row], negative = moments->negative_bits[row];
    para_net_forward(policy, f, moments->obs, &row, 1, NULL, NULL, f->logits, f->value);
    para_action_draw(policy->def.head, f->logits, channels, negative, rng, action);
    para_action_terms(policy->def.head, f->logits, channels, negative, action, &terms);
    para_action_gradient(&terms, 1.0f, 0.0f, f->dlogits);
    f->dvalue[0] = 0.0f;
    f->aim[0] = f->value[0];
    para_net_backward(policy, f, 1, NULL, gradient);
}

void para_moments_fisher(const ParaPolicy *policy, ParaForward *training, const ParaMoments *moments,
                         const int *index, int n, uint64_t seed, float *gradient, float *fisher)
{
    PARA_ASSERT(n >= 1 && !para_policy_remembers(policy));
    ParaRng rng = para_rng_make(seed, "fisher");
    size_t size = policy->learned_floats;
    memset(fisher, 0, sizeof *fisher * size);
    memset(gradient, 0, sizeof *gradient * size); // its padding is never written
    for (int i = 0; i < n; i++) {
        log_prob_gradient(policy, training, moments, index[i], &rng, gradient);
        for (size_t k = 0; k < size; k++)
            fisher[k] += gradient[k] * gradient[k];
    }
    for (size_t k = 0; k < size; k++)
        fisher[k] /= (float)n;
}
