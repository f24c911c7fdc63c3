// SPDX-License-Identifier: MIT
// The fine head: each channel's action is a + (b - a) u, u of a Beta distribution of its own, whose support
// ends where actions do: nothing is clipped, and no gradient is lost at the ends. Both parameters are above
// 1, so that it has one peak. <Chou, Maturana, Scherer 2017, "Improving stochastic policy gradients in
// continuous control with deep reinforcement learning using the beta distribution">
// An action is kept in parts (agents/env/fine.h), and judged by the density at what was kept.
#include "agents/policy/heads.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define RAW_MOST 80.0         // of a raw output; beyond, the parameter stays
#define EDGE     (1.0 / 512.) // of [0, 1]: what was kept at an end is judged so far inside
#define SHIFT    6            // the asymptotic series begin so far up

/// ln of Gamma(x), x >= 1: Stirling's series after a shift; error below 1e-9. <Abramowitz, Stegun 6.1.40>
static double log_gamma(double x)
{
    double product = 1.0;
    for (int k = 0; k < SHIFT; k++)
        product *= x + k;
    double y = x + SHIFT, r = 1.0 / (y * y);
    double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r / 1680))) / y;
    return (y - 0.5) * para_log(y) - y + 0.91893853320467274178 + series - para_log(product);
}

/// Its first and second derivatives. <Abramowitz, Stegun 6.3.18, 6.4.12>
static void poly_gamma(double x, double *digamma, double *trigamma)
{
    double first = 0.0, second = 0.0;
    for (int k = 0; k < SHIFT; k++) {
        double part = 1.0 / (x + k);
        first += part;
        second += part * part;
    }
    double y = x + SHIFT, q = 1.0 / y, r = q * q;
    *digamma = para_log(y) - 0.5 * q - r * (1.0 / 12 - r * (1.0 / 120 - r / 252)) - first;
    *trigamma = q + 0.5 * r + r * q * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r / 30))) + second;
}

/// A parameter out of a raw output, and how it follows it. What is not a number, as weights of a file from
/// elsewhere may make it, counts as much: no draw would end by it.
static double shape_of(float raw, double *slope)
{
    double x = isnan(raw) ? 2 * RAW_MOST : (double)raw;
    *slope = x > RAW_MOST ? 0.0 : 1.0 / (1.0 + para_exp(-x < 700 ? -x : 700));
    if (x > RAW_MOST)
        return 1.0 + RAW_MOST;
    return 1.0 + (x > 30 ? x : para_log(1.0 + para_exp(x < -700 ? -700 : x)));
}

/// Where in [0, 1] an action lies, and back. The densities of both are the same but for a constant factor.
static double place_of(int8_t action, bool negative)
{
    double value = (double)action / PARA_FINE;
    return para_clamp(negative ? (value + 1.0) / 2 : value, EDGE, 1.0 - EDGE);
}

static int8_t action_at(double place, bool negative)
{
    double value = negative ? 2 * place - 1 : place;
    return para_action_kept(true, (float)value);
}

static double log_density(double a, double b, double u)
{
    return (a - 1) * para_log(u) + (b - 1) * para_log(1 - u) + log_gamma(a + b) - log_gamma(a) - log_gamma(b);
}

/// A normal draw. <Marsaglia, Bray 1964, the polar method>
static double draw_normal(ParaRng *rng)
{
    for (;;) {
        double x = 2 * para_rng_f64(rng) - 1, y = 2 * para_rng_f64(rng) - 1, s = x * x + y * y;
        if (s > 0 && s < 1)
            return x * para_sqrt(-2 * para_log(s) / s);
    }
}

/// A draw of Gamma(shape, 1), shape >= 1. <Marsaglia, Tsang 2000, "A simple method for generating gamma
/// variables">
static double draw_gamma(double shape, ParaRng *rng)
{
    double d = shape - 1.0 / 3, c = 1.0 / para_sqrt(9 * d);
    for (;;) {
        double x = draw_normal(rng), v = 1 + c * x, u = para_rng_f64(rng);
        if (v <= 0)
            continue;
        v = v * v * v;
        if (u <= 0 || para_log(u) < 0.5 * x * x + d - d * v + d * para_log(v))
            return d * v;
    }
}

float para_beta_draw(const float *logits, uint32_t channel_bits, uint32_t negative_bits, ParaRng *rng,
                     int8_t *action)
{
    double total = 0.0, slope;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        action[c] = 0;
        if (!para_head_has(channel_bits, c))
            continue;
        bool negative = para_head_has(negative_bits, c);
        double a = shape_of(logits[c * PARA_CHOICES], &slope);
        double b = shape_of(logits[c * PARA_CHOICES + 1], &slope);
        double x = draw_gamma(a, rng), y = draw_gamma(b, rng);
        action[c] = action_at(x / (x + y), negative);
        total += log_density(a, b, place_of(action[c], negative));
    }
    return (float)total;
}

void para_beta_mean(const float *logits, uint32_t channel_bits, uint32_t negative_bits, int8_t *action)
{
    double slope;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        double a = shape_of(logits[c * PARA_CHOICES], &slope);
        double b = shape_of(logits[c * PARA_CHOICES + 1], &slope);
        action[c] =
            para_head_has(channel_bits, c) ? action_at(a / (a + b), para_head_has(negative_bits, c)) : 0;
    }
}

void para_beta_shares(const float *z, bool negative, int parts, float *share)
{
    double slope, a = shape_of(z[0], &slope), b = shape_of(z[1], &slope), sum = 0.0;
    int first = negative ? 0 : parts / 2, count = parts - first;
    double peak = a + b > 2 ? (a - 1) / (a + b - 2) : 0.5;
    double most = log_density(a, b, para_clamp(peak, EDGE, 1.0 - EDGE));
    for (int i = 0; i < parts; i++) {
        double middle = para_clamp((i - first + 0.5) / count, EDGE, 1.0 - EDGE);
        share[i] = i < first ? 0.0f : (float)para_exp(log_density(a, b, middle) - most);
        sum += (double)share[i];
    }
    for (int i = 0; i < parts; i++)
        share[i] = sum > 0 ? (float)((double)share[i] / sum) : 0.0f;
}

/// One channel: log density, entropy and what they gain by the raw outputs.
static double channel_terms(const float *z, double u, float *dlog_prob, float *dentropy, double *entropy)
{
    double slope_a, slope_b, a = shape_of(z[0], &slope_a), b = shape_of(z[1], &slope_b);
    double first_a, first_b, first, second_a, second_b, second, both = a + b - 2;
    poly_gamma(a, &first_a, &second_a);
    poly_gamma(b, &first_b, &second_b);
    poly_gamma(a + b, &first, &second);
    double log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b), log_u = para_log(u),
           log_rest = para_log(1 - u);
    *entropy += log_beta - (a - 1) * first_a - (b - 1) * first_b + both * first;
    dlog_prob[0] = (float)(slope_a * (log_u - first_a + first));
    dlog_prob[1] = (float)(slope_b * (log_rest - first_b + first));
    dentropy[0] = (float)(slope_a * (both * second - (a - 1) * second_a));
    dentropy[1] = (float)(slope_b * (both * second - (b - 1) * second_b));
    return (a - 1) * log_u + (b - 1) * log_rest - log_beta;
}

float para_beta_terms(const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                      const int8_t *action, ParaActionTerms *terms)
{
    double total = 0.0, entropy = 0.0;
    *terms = (ParaActionTerms){.entropy = 0.0f};
    for (int c = 0; c < PARA_CHANNELS; c++) {
        int at = c * PARA_CHOICES;
        bool negative = para_head_has(negative_bits, c);
        if (!para_head_has(channel_bits, c))
            continue;
        PARA_ASSERT(action[c] >= (negative ? -PARA_FINE : 0));
        total += channel_terms(logits + at, place_of(action[c], negative), terms->dlog_prob + at,
                               terms->dentropy + at, &entropy);
    }
    terms->entropy = (float)entropy;
    return (float)total;
}
