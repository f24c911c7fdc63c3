// SPDX-License-Identifier: MIT
// An ensemble of two-layer networks over traits, trained by cross entropy of the ending and squared errors of
// progress and time. Deep ensembles: Lakshminarayanan 2017, arXiv 1612.01474; here members differ in weights
// and in the episodes that they draw.
#include "agents/maker/predictor.h"

#include "agents/net/maths.h"
#include "agents/net/net.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define WIDTH   64
#define BATCH   128 // rows of a gradient step, and of a forecast's block
#define OUTPUTS (PARA_PREDICTOR_ENDS + 2)
#define RATE    1e-3f
#define DECAY   1e-4f // of the weights, times the rate

typedef struct Network {
    float *weights, *moment1, *moment2; // [floats]
    int32_t steps;
    ParaRng rng;
} Network;

struct ParaPredictor {
    int inputs, floats;
    Network nets[PARA_PREDICTOR_NETS];
    // memory
    float *traits;         // [MEMORY, inputs]
    ParaOutcome *outcomes; // [MEMORY]
    int count, next;       // remembered, and where the next goes
    // scratch
    float *rows, *hidden1, *hidden2, *out, *dhidden1, *dhidden2, *dout; // [BATCH, ...]
    float *gradient;                                                    // [floats]
};

/// Where each tensor of a network lies.
typedef struct Layout {
    int weight1, bias1, weight2, bias2, weight3, bias3, end;
} Layout;

static Layout layout_of(int inputs)
{
    Layout l = {0};
    l.bias1 = l.weight1 + inputs * WIDTH;
    l.weight2 = l.bias1 + WIDTH;
    l.bias2 = l.weight2 + WIDTH * WIDTH;
    l.weight3 = l.bias2 + WIDTH;
    l.bias3 = l.weight3 + WIDTH * OUTPUTS;
    l.end = l.bias3 + OUTPUTS;
    return l;
}

ParaPredictor *para_predictor_create(int inputs, uint64_t seed, ParaArena *arena)
{
    PARA_ASSERT(inputs >= 1);
    ParaPredictor *p = PARA_NEW(arena, ParaPredictor, 1);
    Layout l = layout_of(inputs);
    *p = (ParaPredictor){.inputs = inputs, .floats = l.end};
    p->traits = PARA_NEW(arena, float, PARA_PREDICTOR_MEMORY *inputs);
    p->outcomes = PARA_NEW(arena, ParaOutcome, PARA_PREDICTOR_MEMORY);
    p->rows = PARA_NEW(arena, float, BATCH *inputs);
    p->hidden1 = PARA_NEW(arena, float, BATCH *WIDTH);
    p->hidden2 = PARA_NEW(arena, float, BATCH *WIDTH);
    p->out = PARA_NEW(arena, float, BATCH *OUTPUTS);
    p->dhidden1 = PARA_NEW(arena, float, BATCH *WIDTH);
    p->dhidden2 = PARA_NEW(arena, float, BATCH *WIDTH);
    p->dout = PARA_NEW(arena, float, BATCH *OUTPUTS);
    p->gradient = PARA_NEW(arena, float, l.end);
    ParaArenaMark mark = para_arena_mark(arena);
    for (int k = 0; k < PARA_PREDICTOR_NETS; k++) {
        Network *net = &p->nets[k];
        para_arena_rewind(arena, mark);
        net->weights = PARA_NEW(arena, float, l.end);
        net->moment1 = PARA_NEW(arena, float, l.end);
        net->moment2 = PARA_NEW(arena, float, l.end);
        mark = para_arena_mark(arena);
        net->rng = para_rng_make(para_seed_mix(seed, (uint64_t)k), "predictor");
        int most = inputs > WIDTH ? inputs : WIDTH;
        double *scratch = PARA_NEW(arena, double, most *WIDTH);
        para_orthogonal_fill(net->weights + l.weight1, WIDTH, inputs, WIDTH, 1.4, &net->rng, scratch);
        para_orthogonal_fill(net->weights + l.weight2, WIDTH, WIDTH, WIDTH, 1.4, &net->rng, scratch);
        para_orthogonal_fill(net->weights + l.weight3, OUTPUTS, WIDTH, OUTPUTS, 0.1, &net->rng, scratch);
    }
    para_arena_rewind(arena, mark);
    return p;
}

float *para_predictor_weights(ParaPredictor *p, int net, int *out_count)
{
    *out_count = p->floats;
    return p->nets[net].weights;
}

void para_predictor_note(ParaPredictor *p, const float *traits, const ParaOutcome *outcome)
{
    memcpy(p->traits + (size_t)p->next * (size_t)p->inputs, traits, sizeof *traits * (size_t)p->inputs);
    p->outcomes[p->next] = *outcome;
    p->next = (p->next + 1) % PARA_PREDICTOR_MEMORY;
    p->count += p->count < PARA_PREDICTOR_MEMORY;
}

// ---------------------------------------------------------------------------------------------
// One network.

/// @param rows in, [n, inputs]; results in out [n, OUTPUTS]
static void forward(ParaPredictor *p, const Network *net, const float *rows, int n)
{
    Layout l = layout_of(p->inputs);
    const float *w = net->weights;
    para_linear_forward(rows, p->inputs, n, w + l.weight1, w + l.bias1, p->inputs, WIDTH,
                        PARA_ACTIVATION_TANH, p->hidden1, WIDTH);
    para_linear_forward(p->hidden1, WIDTH, n, w + l.weight2, w + l.bias2, WIDTH, WIDTH, PARA_ACTIVATION_TANH,
                        p->hidden2, WIDTH);
    para_linear_forward(p->hidden2, WIDTH, n, w + l.weight3, w + l.bias3, WIDTH, OUTPUTS,
                        PARA_ACTIVATION_NONE, p->out, OUTPUTS);
}

/// Chances of the endings from the first outputs of a row.
static void chances_of(const float *out, float *chances)
{
    float most = out[0], sum = 0;
    for (int k = 1; k < PARA_PREDICTOR_ENDS; k++)
        most = out[k] > most ? out[k] : most;
    for (int k = 0; k < PARA_PREDICTOR_ENDS; k++)
        sum += chances[k] = para_net_exp(out[k] - most);
    for (int k = 0; k < PARA_PREDICTOR_ENDS; k++)
        chances[k] /= sum;
}

static float sigmoid(float x) { return 1.0f / (1.0f + para_net_exp(-x)); }

/// Loss of a row, and its gradient by the outputs. @param share of the row in the mean
static double lose(const float *out, const ParaOutcome *outcome, float share, float *dout)
{
    float chances[PARA_PREDICTOR_ENDS];
    chances_of(out, chances);
    double loss = -(double)para_net_log(chances[outcome->end] + 1e-12f);
    for (int k = 0; k < PARA_PREDICTOR_ENDS; k++)
        dout[k] = share * (chances[k] - (k == outcome->end ? 1.0f : 0.0f));
    const float wanted[2] = {outcome->progress, outcome->time};
    for (int k = 0; k < 2; k++) {
        float said = sigmoid(out[PARA_PREDICTOR_ENDS + k]), off = said - wanted[k];
        loss += (double)(off * off);
        dout[PARA_PREDICTOR_ENDS + k] = share * 2 * off * said * (1 - said);
    }
    return loss;
}

double para_predictor_gradient(ParaPredictor *p, int k, const int *order, int n, float *gradient)
{
    PARA_ASSERT(n >= 1 && n <= BATCH);
    Layout l = layout_of(p->inputs);
    const Network *net = &p->nets[k];
    double loss = 0;
    for (int i = 0; i < n; i++)
        memcpy(p->rows + (size_t)i * (size_t)p->inputs, p->traits + (size_t)order[i] * (size_t)p->inputs,
               sizeof(float) * (size_t)p->inputs);
    forward(p, net, p->rows, n);
    for (int i = 0; i < n; i++)
        loss += lose(p->out + i * OUTPUTS, &p->outcomes[order[i]], 1.0f / (float)n, p->dout + i * OUTPUTS);
    const float *w = net->weights;
    para_linear_gradient(p->hidden2, WIDTH, n, p->dout, OUTPUTS, WIDTH, OUTPUTS, gradient + l.weight3,
                         gradient + l.bias3);
    para_linear_backward(p->dout, OUTPUTS, n, w + l.weight3, WIDTH, OUTPUTS, false, p->dhidden2, WIDTH);
    para_activation_backward(PARA_ACTIVATION_TANH, p->hidden2, p->dhidden2, n * WIDTH);
    para_linear_gradient(p->hidden1, WIDTH, n, p->dhidden2, WIDTH, WIDTH, WIDTH, gradient + l.weight2,
                         gradient + l.bias2);
    para_linear_backward(p->dhidden2, WIDTH, n, w + l.weight2, WIDTH, WIDTH, false, p->dhidden1, WIDTH);
    para_activation_backward(PARA_ACTIVATION_TANH, p->hidden1, p->dhidden1, n * WIDTH);
    para_linear_gradient(p->rows, p->inputs, n, p->dhidden1, WIDTH, p->inputs, WIDTH, gradient + l.weight1,
                         gradient + l.bias1);
    return loss / n;
}

/// An episode to learn from: the share of the newest tenth among all draws is a third.
static int draw(const ParaPredictor *p, ParaRng *rng)
{
    double u = para_rng_f64(rng);
    int age = (int)(u * u * p->count);
    int newest = p->next - 1 + PARA_PREDICTOR_MEMORY;
    return (newest - age) % PARA_PREDICTOR_MEMORY;
}

double para_predictor_solved_share(const ParaPredictor *p, int trait)
{
    int count = 0, solved = 0;
    PARA_ASSERT(trait >= 0 && trait < p->inputs);
    for (int e = 0; e < p->count; e++)
        if (p->traits[(size_t)e * (size_t)p->inputs + (size_t)trait] != 0.0f) {
            count++;
            solved += p->outcomes[e].end == 0;
        }
    return count > 0 ? (double)solved / count : 0;
}

double para_predictor_learn(ParaPredictor *p, int steps)
{
    double loss = 0;
    int order[BATCH];
    if (p->count == 0)
        return 0;
    for (int s = 0; s < steps; s++) {
        loss = 0;
        for (int k = 0; k < PARA_PREDICTOR_NETS; k++) {
            Network *net = &p->nets[k];
            for (int i = 0; i < BATCH; i++)
                order[i] = draw(p, &net->rng);
            loss += para_predictor_gradient(p, k, order, BATCH, p->gradient) / PARA_PREDICTOR_NETS;
            para_net_adam(net->weights, net->moment1, net->moment2, p->gradient, p->floats, &net->steps, RATE,
                          DECAY);
        }
    }
    return loss;
}

// ---------------------------------------------------------------------------------------------
// Forecasts.

static void forecast_block(ParaPredictor *p, const float *traits, int n, ParaForecast *out)
{
    double square[BATCH] = {0};
    memset(out, 0, sizeof *out * (size_t)n);
    for (int k = 0; k < PARA_PREDICTOR_NETS; k++) {
        forward(p, &p->nets[k], traits, n);
        for (int i = 0; i < n; i++) {
            float chances[PARA_PREDICTOR_ENDS];
            const float *row = p->out + i * OUTPUTS;
            chances_of(row, chances);
            out[i].solved += chances[0] / PARA_PREDICTOR_NETS;
            out[i].failed += chances[1] / PARA_PREDICTOR_NETS;
            out[i].progress += sigmoid(row[PARA_PREDICTOR_ENDS]) / PARA_PREDICTOR_NETS;
            out[i].time += sigmoid(row[PARA_PREDICTOR_ENDS + 1]) / PARA_PREDICTOR_NETS;
            square[i] += (double)(chances[0] * chances[0]) / PARA_PREDICTOR_NETS;
        }
    }
    for (int i = 0; i < n; i++)
        out[i].spread = (float)para_sqrt(para_max(0, square[i] - (double)(out[i].solved * out[i].solved)));
}

void para_predictor_forecast(ParaPredictor *p, const float *traits, int n, ParaForecast *out)
{
    for (int first = 0; first < n; first += BATCH)
        forecast_block(p, traits + (size_t)first * (size_t)p->inputs, n - first < BATCH ? n - first : BATCH,
                       out + first);
}

// ---------------------------------------------------------------------------------------------
// Keeping.

void para_predictor_save(const ParaPredictor *p, ParaBytes *out)
{
    size_t floats = (size_t)p->floats;
    for (int k = 0; k < PARA_PREDICTOR_NETS; k++) {
        const Network *net = &p->nets[k];
        para_bytes_put_f32s(out, net->weights, floats);
        para_bytes_put_f32s(out, net->moment1, floats);
        para_bytes_put_f32s(out, net->moment2, floats);
        para_bytes_put_whole(out, (uint64_t)net->steps, 4);
        for (int i = 0; i < 4; i++)
            para_bytes_put_whole(out, net->rng.s[i], 8);
    }
    para_bytes_put_whole(out, (uint64_t)p->count, 4);
    para_bytes_put_whole(out, (uint64_t)p->next, 4);
    para_bytes_put_f32s(out, p->traits, (size_t)p->count * (size_t)p->inputs);
    for (int i = 0; i < p->count; i++) {
        para_bytes_put_whole(out, p->outcomes[i].end, 1);
        para_bytes_put_f32s(out, &p->outcomes[i].progress, 1);
        para_bytes_put_f32s(out, &p->outcomes[i].time, 1);
    }
}

bool para_predictor_load(ParaPredictor *p, ParaBytesReader *in)
{
    size_t floats = (size_t)p->floats;
    for (int k = 0; k < PARA_PREDICTOR_NETS; k++) {
        Network *net = &p->nets[k];
        para_bytes_take_f32s(in, net->weights, floats);
        para_bytes_take_f32s(in, net->moment1, floats);
        para_bytes_take_f32s(in, net->moment2, floats);
        for (size_t i = 0; i < floats; i++)
            in->bad = in->bad || net->moment2[i] < 0;
        net->steps = (int32_t)para_bytes_take_range(in, 4, 0, INT32_MAX);
        for (int i = 0; i < 4; i++)
            net->rng.s[i] = para_bytes_take_whole(in, 8);
    }
    p->count = (int)para_bytes_take_range(in, 4, 0, PARA_PREDICTOR_MEMORY);
    p->next = (int)para_bytes_take_range(in, 4, 0, PARA_PREDICTOR_MEMORY - 1);
    if (p->count < PARA_PREDICTOR_MEMORY && p->next != p->count)
        in->bad = true;
    para_bytes_take_f32s(in, p->traits, (size_t)p->count * (size_t)p->inputs);
    for (int i = 0; i < p->count && !in->bad; i++) {
        p->outcomes[i].end = (uint8_t)para_bytes_take_range(in, 1, 0, PARA_PREDICTOR_ENDS - 1);
        para_bytes_take_f32s(in, &p->outcomes[i].progress, 1);
        para_bytes_take_f32s(in, &p->outcomes[i].time, 1);
    }
    return !in->bad;
}
