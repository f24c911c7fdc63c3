// SPDX-License-Identifier: MIT
// The value: one number, or a distribution over bins whose mean it is. Bins are taught by cross-entropy with
// the two nearest to what should have been said, so that their mean is it: rare large returns do not pull as
// their square does. <Bellemare 2017, arXiv 1707.06887, section 4; two-hot and bins that lie ever wider
// apart: Hafner 2023, arXiv 2301.04104, "robust predictions">
#include "agents/net/maths.h"
#include "agents/policy/inside.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define WIDEST 5.0 // ln(1 + |value|) of the outermost bins: values up to 147

float para_value_bin(int k)
{
    double at = WIDEST * (2.0 * k / (PARA_VALUE_BINS - 1) - 1.0), size = para_exp(at < 0 ? -at : at) - 1.0;
    return (float)(at < 0 ? -size : size);
}

/// Log softmax of a row of bins, in place. @return the mean
static float settle(float *z, const float *at)
{
    float top = z[0], sum = 0.0f, mean = 0.0f;
    for (int k = 1; k < PARA_VALUE_BINS; k++)
        top = z[k] > top ? z[k] : top;
    for (int k = 0; k < PARA_VALUE_BINS; k++)
        sum += para_net_exp(z[k] - top);
    float rest = top + para_net_log(sum);
    for (int k = 0; k < PARA_VALUE_BINS; k++) {
        z[k] -= rest;
        mean += para_net_exp(z[k]) * at[k];
    }
    return mean;
}

/// The lower of the two bins around a value, and the share of the upper one.
static int bins_around(float value, const float *at, float *upper)
{
    int low = 0, high = PARA_VALUE_BINS - 1;
    float clipped = para_clampf(value, at[low], at[high]);
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (at[middle] <= clipped)
            low = middle;
        else
            high = middle;
    }
    *upper = (clipped - at[low]) / (at[high] - at[low]);
    return low;
}

void para_value_forward(const ParaPolicy *policy, ParaForward *s, int n, float *value)
{
    int W = policy->def.width;
    bool bins = policy->def.bins;
    para_linear_forward(s->trunk2 + W, 2 * W, n, para_policy_at(policy, PARA_T_VALUE_WEIGHT),
                        para_policy_at(policy, PARA_T_VALUE_BIAS), W, bins ? PARA_VALUE_BINS : 1,
                        PARA_ACTIVATION_NONE, bins ? s->bins : value, bins ? PARA_VALUE_BINS : 1);
    for (int i = 0; bins && i < n; i++)
        value[i] = settle(s->bins + (size_t)i * PARA_VALUE_BINS, s->bin_at);
}

float para_value_cross(const ParaForward *s, int row, float target)
{
    float upper;
    const float *z = s->bins + (size_t)row * PARA_VALUE_BINS, *at = s->bin_at;
    int low = bins_around(target, at, &upper);
    return -(1.0f - upper) * z[low] - upper * z[low + 1];
}

/// In place: what the loss gains by each bin's output.
static void bins_gradient(float *z, const float *at, float target, float weight)
{
    float upper;
    int low = bins_around(target, at, &upper);
    for (int k = 0; k < PARA_VALUE_BINS; k++)
        z[k] = weight * para_net_exp(z[k]);
    z[low] -= weight * (1.0f - upper);
    z[low + 1] -= weight * upper;
}

void para_value_backward(const ParaPolicy *policy, ParaForward *s, int n, float *gradient)
{
    int W = policy->def.width, out = policy->def.bins ? PARA_VALUE_BINS : 1;
    float *dout = policy->def.bins ? s->bins : s->dvalue;
    for (int i = 0; policy->def.bins && i < n; i++)
        bins_gradient(s->bins + (size_t)i * PARA_VALUE_BINS, s->bin_at, s->aim[i], s->dvalue[i]);
    para_linear_gradient(s->trunk2 + W, 2 * W, n, dout, out, W, out,
                         gradient + policy->offset[PARA_T_VALUE_WEIGHT],
                         gradient + policy->offset[PARA_T_VALUE_BIAS]);
    para_linear_backward(dout, out, n, para_policy_at(policy, PARA_T_VALUE_WEIGHT), W, out, false,
                         s->dtrunk2 + W, 2 * W);
}
