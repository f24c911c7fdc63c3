// SPDX-License-Identifier: MIT
// A gated recurrent unit over maps: two convolutions, a linear layer of what all places share, and the gates.
#include "agents/net/gru.h"
#include "agents/net/maths.h"

#include <cblas.h>
#include <string.h>

static ParaConv conv_of(const ParaGru *gru, int in)
{
    return (ParaConv){gru->height, gru->width, in, 3 * gru->hidden, gru->kernel};
}

/// Of convolutions first, then sums of gates over the places of each map.
static int conv_scratch(const ParaGru *gru)
{
    ParaConv x = conv_of(gru, gru->in), h = conv_of(gru, gru->hidden);
    int a = para_conv_scratch(&x), b = para_conv_scratch(&h);
    return a > b ? a : b;
}

int para_gru_scratch(const ParaGru *gru, int n) { return conv_scratch(gru) + n * 3 * gru->hidden; }

static float logistic(float x) { return 0.5f + 0.5f * para_net_tanh(0.5f * x); }

/// The actions' share of the gates goes to every place of a map.
static void add_acts(const ParaGru *gru, const float *weight, const float *acts, int n, float *gates,
                     float *sums)
{
    int width = 3 * gru->hidden, places = gru->height * gru->width;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, width, gru->acts, 1.0f, acts, gru->acts, weight,
                width, 0.0f, sums, width);
    for (int i = 0; i < n * places; i++) {
        const float *restrict sum = sums + (size_t)(i / places) * (size_t)width;
        float *restrict gate = gates + (size_t)i * (size_t)width;
        for (int k = 0; k < width; k++)
            gate[k] += sum[k];
    }
}

static void open_gates(int hidden, const float *h, const float *held, float *gate, float *next)
{
    const float *u = held, *r = held + hidden, *c = held + 2 * hidden;
    for (int k = 0; k < hidden; k++) {
        float update = logistic(gate[k] + u[k]), reset = logistic(gate[hidden + k] + r[k]);
        float candidate = para_net_tanh(gate[2 * hidden + k] + reset * c[k]);
        gate[k] = update;
        gate[hidden + k] = reset;
        gate[2 * hidden + k] = candidate;
        next[k] = update * h[k] + (1.0f - update) * candidate;
    }
}

void para_gru_forward(const ParaGru *gru, const ParaGruWeights *weights, const float *x, const float *acts,
                      const float *h, int n, float *next, const ParaGruStep *step, float *scratch)
{
    ParaConv of_x = conv_of(gru, gru->in), of_h = conv_of(gru, gru->hidden);
    para_conv_forward(&of_x, x, n, weights->x, weights->x_bias, PARA_ACTIVATION_NONE, step->gates, scratch);
    para_conv_forward(&of_h, h, n, weights->h, weights->h_bias, PARA_ACTIVATION_NONE, step->held, scratch);
    if (gru->acts > 0)
        add_acts(gru, weights->acts, acts, n, step->gates, scratch + conv_scratch(gru));
    for (int i = 0; i < n * gru->height * gru->width; i++) {
        size_t at = (size_t)i * (size_t)gru->hidden;
        open_gates(gru->hidden, h + at, step->held + 3 * at, step->gates + 3 * at, next + at);
    }
}

/// Gradients before the gates. @param gate in-out: becomes that of x's share   @param held in-out: of h's
/// @param dh out
static void shut_gates(int hidden, const float *h, const float *dnext, float *gate, float *held, float *dh)
{
    for (int k = 0; k < hidden; k++) {
        float update = gate[k], reset = gate[hidden + k], candidate = gate[2 * hidden + k];
        float dcandidate = dnext[k] * (1.0f - update) * (1.0f - candidate * candidate);
        float dupdate = dnext[k] * (h[k] - candidate) * update * (1.0f - update);
        float dreset = dcandidate * held[2 * hidden + k] * reset * (1.0f - reset);
        dh[k] = dnext[k] * update;
        gate[k] = held[k] = dupdate;
        gate[hidden + k] = held[hidden + k] = dreset;
        gate[2 * hidden + k] = dcandidate;
        held[2 * hidden + k] = dcandidate * reset;
    }
}

static void learn_acts(const ParaGru *gru, const float *acts, int n, const float *gates, float *gradient,
                       float *sums)
{
    int width = 3 * gru->hidden, places = gru->height * gru->width;
    memset(sums, 0, (size_t)n * (size_t)width * sizeof *sums);
    for (int i = 0; i < n * places; i++) {
        float *restrict sum = sums + (size_t)(i / places) * (size_t)width;
        const float *restrict gate = gates + (size_t)i * (size_t)width;
        for (int k = 0; k < width; k++)
            sum[k] += gate[k];
    }
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, gru->acts, width, n, 1.0f, acts, gru->acts, sums,
                width, 1.0f, gradient, width);
}

void para_gru_backward(const ParaGru *gru, const ParaGruWeights *weights, const float *x, const float *acts,
                       const float *h, int n, const float *dnext, const ParaGruStep *step,
                       const ParaGruWeights *gradient, float *dx, float *dh, float *scratch)
{
    ParaConv of_x = conv_of(gru, gru->in), of_h = conv_of(gru, gru->hidden);
    for (int i = 0; i < n * gru->height * gru->width; i++) {
        size_t at = (size_t)i * (size_t)gru->hidden;
        shut_gates(gru->hidden, h + at, dnext + at, step->gates + 3 * at, step->held + 3 * at, dh + at);
    }
    if (gru->acts > 0)
        learn_acts(gru, acts, n, step->gates, gradient->acts, scratch + conv_scratch(gru));
    para_conv_gradient(&of_x, x, n, step->gates, gradient->x, gradient->x_bias, scratch);
    para_conv_gradient(&of_h, h, n, step->held, gradient->h, gradient->h_bias, scratch);
    para_conv_backward(&of_h, step->held, n, weights->h, true, dh, scratch);
    if (dx)
        para_conv_backward(&of_x, step->gates, n, weights->x, false, dx, scratch);
}
