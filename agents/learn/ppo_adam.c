// SPDX-License-Identifier: MIT
// From the blocks' gradients to new parameters: sum in fixed order, clip the global norm, Adam (Kingma 2015),
// and Muon where it is asked for. Parameters are cut into ranges of fixed size, one task each.
#include "agents/learn/ppo_parts.h"
#include "agents/net/wide.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define RANGE   4096 // [float]
#define BETA1   0.9f
#define BETA2   0.999f
#define EPSILON 1e-5f
#define SUMS    8 // partial sums of squares, which need not wait for each other; fixed, so the same bits

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

// Scalar, the two loops over the parameters were a third of a small lesson's time.

/// Adds parts 1 to slots - 1 to the first. @param out out, the sum of squares
PARA_WIDE_INLINE void sum_span_plain(float *restrict total, size_t size, int slots, size_t count, double *out)
{
    double sums[SUMS] = {0};
    size_t i = 0;
    for (int slot = 1; slot < slots; slot++) {
        const float *restrict part = total + (size_t)slot * size;
        for (size_t k = 0; k < count; k++)
            total[k] += part[k];
    }
    for (; i + SUMS <= count; i += SUMS)
        for (size_t k = 0; k < SUMS; k++)
            sums[k] += (double)total[i + k] * (double)total[i + k];
    for (; i < count; i++)
        sums[0] += (double)total[i] * (double)total[i];
    for (int k = 1; k < SUMS; k++)
        sums[0] += sums[k];
    *out = sums[0];
}
PARA_WIDE(static, sum_span, (float *total, size_t size, int slots, size_t count, double *out),
          (total, size, slots, count, out))

PARA_WIDE_INLINE void adam_span_plain(const Step *step, float *restrict w, float *restrict m,
                                      float *restrict v, const float *restrict gradient, size_t count)
{
    float clip = step->clip, rate = step->rate, correction = step->correction;
    for (size_t i = 0; i < count; i++) {
        float g = gradient[i] * clip;
        m[i] = BETA1 * m[i] + (1.0f - BETA1) * g;
        v[i] = BETA2 * v[i] + (1.0f - BETA2) * g * g;
        w[i] -= rate * m[i] / (sqrtf(v[i]) * correction + EPSILON);
    }
}

PARA_WIDE(static, adam_span,
          (const Step *step, float *w, float *m, float *v, const float *gradient, size_t count),
          (step, w, m, v, gradient, count))

/// Adds the pull of what it is held to, takes the gradient of what is frozen away, and measures anew.
static double hold_span(const ParaPpo *ppo, size_t first, size_t count)
{
    const ParaPpoHold *hold = &ppo->hold;
    const float *w = ppo->policy->block + first;
    float *g = ppo->slots + first;
    double square = 0.0;
    for (size_t i = 0; hold->anchor && i < count; i++)
        g[i] += hold->weight * hold->importance[first + i] * (w[i] - hold->anchor[first + i]);
    for (size_t i = 0; hold->frozen && i < count; i++)
        g[i] = hold->frozen[first + i] ? 0.0f : g[i];
    for (size_t i = 0; i < count; i++)
        square += (double)g[i] * (double)g[i];
    return square;
}

static void hold_range(void *context, int task, int worker)
{
    const Step *step = context;
    ParaPpo *ppo = step->ppo;
    size_t first = (size_t)task * RANGE;
    (void)worker;
    ppo->square_parts[task] = hold_span(ppo, first, range_end(ppo, first) - first);
}

static void sum_range(void *context, int task, int worker)
{
    const Step *step = context;
    ParaPpo *ppo = step->ppo;
    size_t first = (size_t)task * RANGE, count = range_end(ppo, first) - first;
    size_t size = ppo->policy->learned_floats;
    (void)worker;
    sum_span(ppo->slots + first, size, step->slots, count, &ppo->square_parts[task]);
}

static void adam_range(void *context, int task, int worker)
{
    const Step *step = context;
    ParaPpo *ppo = step->ppo;
    size_t first = ppo->adam[task].first, count = ppo->adam[task].count;
    float *w = ppo->policy->block + first, *m = ppo->moment1 + first, *v = ppo->moment2 + first;
    (void)worker;
    adam_span(step, w, m, v, ppo->slots + first, count);
}

/// Spans of RANGE floats at most that cover [first, end). @param spans NULL: they are only counted
static int cut_spans(size_t first, size_t end, ParaAdamSpan *spans)
{
    int count = 0;
    for (; first < end; first += RANGE, count++)
        if (spans)
            spans[count] = (ParaAdamSpan){first, first + RANGE < end ? RANGE : end - first};
    return count;
}

/// The same of all that is not Muon's. Without Muon tensors are not told apart.
static int cut_all(const ParaPpo *ppo, ParaAdamSpan *spans)
{
    size_t first = 0, all = ppo->policy->learned_floats;
    int count = 0;
    for (int id = 0; id < PARA_T_LEARNED; id++) {
        size_t end = id + 1 < PARA_T_LEARNED ? ppo->policy->offset[id + 1] : all;
        if (!para_ppo_muon_has(ppo, (ParaTensorId)id) || end == ppo->policy->offset[id])
            continue;
        count += cut_spans(first, ppo->policy->offset[id], spans ? spans + count : NULL);
        first = end;
    }
    return count + cut_spans(first, all, spans ? spans + count : NULL);
}

void para_ppo_create_adam(ParaPpo *ppo, ParaArena *arena)
{
    ppo->adam_count = cut_all(ppo, NULL);
    ppo->adam = PARA_NEW(arena, ParaAdamSpan, ppo->adam_count);
    cut_all(ppo, ppo->adam);
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
    if (ppo->def.peers) { // their sum takes the place of the own one, and is measured anew
        para_peers_sum(ppo->def.peers, ppo->slots, ppo->policy->learned_floats);
        step.slots = 1;
        para_ppo_run(ppo, sum_range, &step, ranges);
    }
    if (ppo->hold.anchor || ppo->hold.frozen)
        para_ppo_run(ppo, hold_range, &step, ranges);
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
    para_ppo_run(ppo, adam_range, &step, ppo->adam_count);
    ParaMuonStep muon = {ppo, step.clip, ppo->def.learning_rate};
    para_ppo_run(ppo, para_ppo_muon_task, &muon, ppo->muon_count);
    return norm;
}
