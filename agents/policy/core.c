// SPDX-License-Identifier: MIT
// The core that remembers: a minimal gated recurrent unit, whose gates do not look at what is remembered, so
// that all rows of a block are two products and only the cheap mixing goes row by row.
//   [z c] = x W + b;  h' = h + s(z) (tanh(c) - h);  out = x + h'
// <Feng and others 2024, arXiv 2410.01201, equation 8; biases that forget at many paces: Tallec and Ollivier
// 2018, arXiv 1804.11188, section 3>
#include "agents/net/maths.h"
#include "agents/policy/inside.h"

#include "engine/base/assert.h"

#include <string.h>

/// In place: how much is taken in, and what.
static void open_gates(float *gates, int n, int width)
{
    for (int i = 0; i < n; i++) {
        float *restrict in = gates + (size_t)i * 2 * (size_t)width, *restrict what = in + width;
        for (int j = 0; j < width; j++)
            in[j] = 0.5f + 0.5f * para_net_tanh(0.5f * in[j]);
        for (int j = 0; j < width; j++)
            what[j] = para_net_tanh(what[j]);
    }
}

/// One row: what was remembered, and is after it.
static void take_in(ParaForward *s, int row, int width, const float *memory)
{
    size_t at = (size_t)row * (size_t)width;
    const float *restrict in = s->gates + 2 * at, *restrict what = in + width, *restrict x = s->trunk1 + at;
    float *restrict before = s->before + at, *restrict after = s->after + at, *restrict out = s->cored + at;
    if (memory)
        memcpy(before, memory, sizeof *before * (size_t)width);
    else
        memset(before, 0, sizeof *before * (size_t)width);
    for (int j = 0; j < width; j++) {
        after[j] = before[j] + in[j] * (what[j] - before[j]);
        out[j] = x[j] + after[j];
    }
}

void para_core_forward(const ParaPolicy *policy, ParaForward *s, int n, const ParaStretches *stretches,
                       float *memory)
{
    int W = policy->def.width;
    PARA_ASSERT(stretches || memory);
    para_linear_forward(s->trunk1, W, n, para_policy_at(policy, PARA_T_CORE_WEIGHT),
                        para_policy_at(policy, PARA_T_CORE_BIAS), W, 2 * W, PARA_ACTIVATION_NONE, s->gates,
                        2 * W);
    open_gates(s->gates, n, W);
    for (int i = 0; !stretches && i < n; i++) {
        float *own = memory + (size_t)i * (size_t)W;
        take_in(s, i, W, own);
        memcpy(own, s->after + (size_t)i * (size_t)W, sizeof *own * (size_t)W);
    }
    for (int k = 0; stretches && k < stretches->count; k++) {
        const float *kept = stretches->memory[k];
        for (int i = stretches->first[k]; i < stretches->first[k + 1]; i++) {
            take_in(s, i, W, stretches->begins[i] ? NULL : kept);
            kept = s->after + (size_t)i * (size_t)W;
        }
    }
}

/// The way back of one row. @param carry in-out, [width] what later rows ask of what is remembered after it
static void give_back(ParaForward *s, int row, int width, bool begins, float *restrict carry)
{
    size_t at = (size_t)row * (size_t)width;
    const float *restrict in = s->gates + 2 * at, *restrict what = in + width;
    const float *restrict before = s->before + at, *restrict dout = s->dcored + at;
    float *restrict din = s->dgates + 2 * at, *restrict dwhat = din + width;
    for (int j = 0; j < width; j++) {
        float dafter = dout[j] + carry[j];
        din[j] = dafter * (what[j] - before[j]) * in[j] * (1.0f - in[j]);
        dwhat[j] = dafter * in[j] * (1.0f - what[j] * what[j]);
        carry[j] = begins ? 0.0f : dafter * (1.0f - in[j]);
    }
}

void para_core_backward(const ParaPolicy *policy, ParaForward *s, int n, const ParaStretches *stretches,
                        float *gradient)
{
    int W = policy->def.width;
    float carry[1024];
    PARA_ASSERT(stretches && W <= (int)(sizeof carry / sizeof *carry));
    for (int k = 0; k < stretches->count; k++) {
        memset(carry, 0, sizeof *carry * (size_t)W);
        for (int i = stretches->first[k + 1] - 1; i >= stretches->first[k]; i--)
            give_back(s, i, W, stretches->begins[i], carry);
    }
    para_linear_gradient(s->trunk1, W, n, s->dgates, 2 * W, W, 2 * W,
                         gradient + policy->offset[PARA_T_CORE_WEIGHT],
                         gradient + policy->offset[PARA_T_CORE_BIAS]);
    memcpy(s->dtrunk1, s->dcored, sizeof *s->dtrunk1 * (size_t)n * (size_t)W);
    para_linear_backward(s->dgates, 2 * W, n, para_policy_at(policy, PARA_T_CORE_WEIGHT), W, 2 * W, true,
                         s->dtrunk1, W);
}
