// SPDX-License-Identifier: MIT
// From the blocks' gradients to new parameters: sum in fixed order, clip the global norm, Adam (Kingma 2015).
// Parameters are cut into ranges of fixed size, one task each.
#include "agents/learn/ppo_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define RANGE   4096 // [float]
#define BETA1   0.9f
#define BETA2   0.999f
#define EPSILON 1e-5f

typedef struct Step {
    ParaPpo *ppo;
    int slots;
    float clip;       ///< factor on the gradient
    float rate;       ///< learning rate with the bias of the first moment corrected
    float correction; ///< 1 / sqrt(1 - beta2^t)
} Step;

int para_ppo_range_count(const ParaPolicy *policy)
{
    return (int)((policy->learned_floats + RANGE - 1) / RANGE);
}

static size_t range_end(const ParaPpo *ppo, size_t first)
{
    size_t all = ppo->policy->learned_floats;
    return first + RANGE < all ? first + RANGE : all;
}

static void sum_range(void *context, int task, int worker)
{
    const Step *step = context;
    ParaPpo *ppo = step->ppo;
    size_t first = (size_t)task * RANGE, last = range_end(ppo, first), size = ppo->policy->learned_floats;
    float *restrict total = ppo->slots;
    double square = 0.0;
    (void)worker;
    for (int slot = 1; slot < step->slots; slot++) {
        const float *restrict part = ppo->slots + (size_t)slot * size;
        for (size_t i = first; i < last; i++)
            total[i] += part[i];
    }
    for (size_t i = first; i < last; i++)
        square += (double)total[i] * (double)total[i];
    ppo->square_parts[task] = square;
}

static void adam_range(void *context, int task, int worker)
{
    const Step *step = context;
    ParaPpo *ppo = step->ppo;
    size_t first = (size_t)task * RANGE, last = range_end(ppo, first);
    const float *restrict gradient = ppo->slots;
    float *restrict m = ppo->moment1;
    float *restrict v = ppo->moment2;
    float *restrict w = ppo->policy->block;
    (void)worker;
    for (size_t i = first; i < last; i++) {
        float g = gradient[i] * step->clip;
        m[i] = BETA1 * m[i] + (1.0f - BETA1) * g;
        v[i] = BETA2 * v[i] + (1.0f - BETA2) * g * g;
        w[i] -= step->rate * m[i] / (sqrtf(v[i]) * step->correction + EPSILON);
    }
}

/// beta^t by products; below 1e-30 it no longer matters and must not become a slow denormal number.
static float next_power(float power, float beta)
{
    float next = power * beta;
    return next < 1e-30f ? 0.0f : next;
}

float para_ppo_step(ParaPpo *ppo, int slots)
{
    PARA_ASSERT(slots >= 1);
    Step step = {.ppo = ppo, .slots = slots, .clip = 1.0f};
    int ranges = para_ppo_range_count(ppo->policy);
    double square = 0.0;
    para_ppo_run(ppo, sum_range, &step, ranges);
    for (int i = 0; i < ranges; i++)
        square += ppo->square_parts[i];
    float norm = (float)para_sqrt(square);
    if (!isfinite(norm))
        return norm;
    if (norm > ppo->def.gradient_max)
        step.clip = ppo->def.gradient_max / norm;
    ppo->state[PARA_S_POWER1] = next_power(ppo->state[PARA_S_POWER1], BETA1);
    ppo->state[PARA_S_POWER2] = next_power(ppo->state[PARA_S_POWER2], BETA2);
    step.rate = ppo->def.learning_rate / (1.0f - ppo->state[PARA_S_POWER1]);
    step.correction = 1.0f / sqrtf(1.0f - ppo->state[PARA_S_POWER2]);
    para_ppo_run(ppo, adam_range, &step, ranges);
    return norm;
}
