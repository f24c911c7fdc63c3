// SPDX-License-Identifier: MIT
// The learned distribution: a two-layer network, the same for all parameters of a family, whose input says
// which parameter it is and what was chosen of those before; the clipped loss of PPO with an entropy bonus
// <Schulman 2017, arXiv 1707.06347, equations 7 and 9>.
#include "agents/maker/paired/proposer.h"

#include "agents/net/maths.h"
#include "agents/net/net.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define BINS   PARA_PROPOSER_BINS
#define WIDTH  32
#define ROWS   (PARA_PROPOSALS_MAX * PARA_PARAMS_MAX) // of a learning phase: a row is a choice of one parameter
#define PASSES 8                                      // over the proposals of a phase
#define RATE   5e-3f                                  // of Adam
#define CLIP   0.2f
#define ENTROPY                                                                                              \
    0.1f // weight of the bonus, to an advantage of unit size: chances end at exp(advantage / 0.1)
         // at the sharpest, and go back to even where nothing has an advantage

struct ParaProposer {
    const ParaTemplate *t;
    int params, inputs, floats;
    int bins[PARA_PARAMS_MAX];          // of each parameter
    float *weights, *moment1, *moment2; // [floats]
    int32_t steps;                      // of Adam
    // scratch
    float *rows, *hidden, *out, *dhidden, *dout; // [ROWS, ...]
    float *gradient, *before;                    // [floats], [ROWS]
};

/// Where each tensor lies.
typedef struct Layout {
    int weight1, bias1, weight2, bias2, end;
} Layout;

static Layout layout_of(int inputs)
{
    Layout l = {0};
    l.bias1 = l.weight1 + inputs * WIDTH;
    l.weight2 = l.bias1 + WIDTH;
    l.bias2 = l.weight2 + WIDTH * BINS;
    l.end = l.bias2 + BINS;
    return l;
}

static int bins_of(const ParaParam *param)
{
    if (param->integer)
        return (int)para_min(BINS, param->high - param->low + 1);
    return param->low < param->high ? BINS : 1;
}

ParaProposer *para_proposer_create(const ParaTemplate *t, uint64_t seed, ParaArena *arena)
{
    ParaProposer *p = PARA_NEW(arena, ParaProposer, 1);
    int params = para_template_param_count(t), inputs = 2 * params;
    Layout l = layout_of(inputs);
    *p = (ParaProposer){.t = t, .params = params, .inputs = inputs, .floats = l.end};
    p->weights = PARA_NEW(arena, float, l.end);
    p->moment1 = PARA_NEW(arena, float, l.end);
    p->moment2 = PARA_NEW(arena, float, l.end);
    p->gradient = PARA_NEW(arena, float, l.end);
    p->before = PARA_NEW(arena, float, ROWS);
    p->rows = PARA_NEW(arena, float, ROWS *(inputs + 1));
    p->hidden = PARA_NEW(arena, float, ROWS *WIDTH);
    p->dhidden = PARA_NEW(arena, float, ROWS *WIDTH);
    p->out = PARA_NEW(arena, float, ROWS *BINS);
    p->dout = PARA_NEW(arena, float, ROWS *BINS);
    for (int k = 0; k < params; k++)
        p->bins[k] = bins_of(para_template_param(t, k));
    if (params == 0)
        return p;
    ParaRng rng = para_rng_make(seed, "proposer");
    ParaArenaMark mark = para_arena_mark(arena);
    int most = inputs > WIDTH ? inputs : WIDTH;
    double *scratch = PARA_NEW(arena, double, most *WIDTH);
    para_orthogonal_fill(p->weights + l.weight1, WIDTH, inputs, WIDTH, 1.4, &rng, scratch);
    para_orthogonal_fill(p->weights + l.weight2, BINS, WIDTH, BINS, 0.01, &rng, scratch); // even at first
    para_arena_rewind(arena, mark);
    return p;
}

float *para_proposer_weights(ParaProposer *p, int *out_count)
{
    *out_count = p->floats;
    return p->weights;
}

int para_proposer_bins(const ParaProposer *p, int param) { return p->bins[param]; }

// ---------------------------------------------------------------------------------------------
// Chances.

/// The input of a choice: the middles of what was chosen before, -1..1, and which parameter it is.
static void describe(const ParaProposer *p, const uint8_t *bins, int param, float *row)
{
    memset(row, 0, sizeof *row * (size_t)p->inputs);
    for (int k = 0; k < param; k++)
        row[k] = 2 * ((float)bins[k] + 0.5f) / (float)p->bins[k] - 1;
    row[p->params + param] = 1;
}

/// @param rows [n, inputs] in the scratch; logits in out [n, BINS]
static void forward(ParaProposer *p, int n)
{
    Layout l = layout_of(p->inputs);
    const float *w = p->weights;
    para_linear_forward(p->rows, p->inputs, n, w + l.weight1, w + l.bias1, p->inputs, WIDTH,
                        PARA_ACTIVATION_TANH, p->hidden, WIDTH);
    para_linear_forward(p->hidden, WIDTH, n, w + l.weight2, w + l.bias2, WIDTH, BINS, PARA_ACTIVATION_NONE,
                        p->out, BINS);
}

/// Chances and their logarithms of the first `bins` logits; 0 beyond them.
static void chances_of(const float *logits, int bins, float *chances, float *logs)
{
    float most = logits[0], sum = 0;
    for (int k = 1; k < bins; k++)
        most = logits[k] > most ? logits[k] : most;
    for (int k = 0; k < bins; k++)
        sum += para_net_exp(logits[k] - most);
    float whole = para_net_log(sum);
    for (int k = 0; k < BINS; k++) {
        logs[k] = k < bins ? logits[k] - most - whole : 0;
        chances[k] = k < bins ? para_net_exp(logs[k]) : 0;
    }
}

void para_proposer_chances(ParaProposer *p, const uint8_t *bins, int param, float *out)
{
    float logs[BINS];
    PARA_ASSERT(param >= 0 && param < p->params);
    describe(p, bins, param, p->rows);
    forward(p, 1);
    chances_of(p->out, p->bins[param], out, logs);
}

/// A value within a bin. The bins of a whole parameter that has more values than bins hold as many as they
/// can.
static double value_in(const ParaParam *param, int bin, int bins, ParaRng *rng)
{
    double at = ((double)bin + para_rng_f64(rng)) / bins;
    if (param->integer)
        return para_min(param->high, param->low + floor(at * (param->high - param->low + 1)));
    return para_clamp(param->low + at * (param->high - param->low), param->low, param->high);
}

void para_proposer_draw(ParaProposer *p, ParaRng *rng, ParaProposal *out)
{
    float chances[BINS];
    *out = (ParaProposal){.bins = {0}};
    for (int k = 0; k < p->params; k++) {
        para_proposer_chances(p, out->bins, k, chances);
        float at = (float)para_rng_f64(rng);
        int bin = 0;
        while (bin + 1 < p->bins[k] && at >= chances[bin])
            at -= chances[bin++];
        out->bins[k] = (uint8_t)bin;
        out->values[k] = value_in(para_template_param(p->t, k), bin, p->bins[k], rng);
    }
}

// ---------------------------------------------------------------------------------------------
// Learning.

/// The rows of some proposals, and what the network says of them.
static void look_at(ParaProposer *p, const ParaProposal *proposals, int count)
{
    PARA_ASSERT(count >= 1 && count <= PARA_PROPOSALS_MAX);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < p->params; k++)
            describe(p, proposals[i].bins, k, p->rows + (size_t)(i * p->params + k) * (size_t)p->inputs);
    forward(p, count * p->params);
}

/// Loss of a choice, and its gradient by the logits. @param share of the row in the mean
static double lose(const float *logits, int bins, int bin, float advantage, float before, float share,
                   float *dout)
{
    float chances[BINS], logs[BINS], entropy = 0;
    chances_of(logits, bins, chances, logs);
    for (int k = 0; k < bins; k++)
        entropy -= chances[k] * logs[k];
    float ratio = para_net_exp(logs[bin] - before);
    float clipped = ratio < 1 - CLIP ? 1 - CLIP : ratio > 1 + CLIP ? 1 + CLIP : ratio;
    bool held = clipped * advantage < ratio * advantage; // the clipped one counts, and has no slope
    float gain = held ? 0 : advantage * ratio;
    for (int k = 0; k < BINS; k++)
        dout[k] = k < bins ? share * (gain * (chances[k] - (k == bin ? 1.0f : 0.0f)) +
                                      ENTROPY * chances[k] * (logs[k] + entropy))
                           : 0;
    return -(double)((held ? clipped : ratio) * advantage) - (double)(ENTROPY * entropy);
}

double para_proposer_gradient(ParaProposer *p, const ParaProposal *proposals, const float *advantage,
                              const float *before, int count, float *gradient)
{
    Layout l = layout_of(p->inputs);
    int n = count * p->params;
    double loss = 0;
    look_at(p, proposals, count);
    for (int row = 0; row < n; row++) {
        int i = row / p->params, k = row % p->params;
        loss += lose(p->out + row * BINS, p->bins[k], proposals[i].bins[k], advantage[i], before[row],
                     1.0f / (float)n, p->dout + row * BINS);
    }
    para_linear_gradient(p->hidden, WIDTH, n, p->dout, BINS, WIDTH, BINS, gradient + l.weight2,
                         gradient + l.bias2);
    para_linear_backward(p->dout, BINS, n, p->weights + l.weight2, WIDTH, BINS, false, p->dhidden, WIDTH);
    para_activation_backward(PARA_ACTIVATION_TANH, p->hidden, p->dhidden, n * WIDTH);
    para_linear_gradient(p->rows, p->inputs, n, p->dhidden, WIDTH, p->inputs, WIDTH, gradient + l.weight1,
                         gradient + l.bias1);
    return loss / n;
}

void para_proposer_learn(ParaProposer *p, const ParaProposal *proposals, const float *advantage, int count)
{
    float chances[BINS], logs[BINS];
    if (p->params == 0)
        return;
    look_at(p, proposals, count);
    for (int row = 0; row < count * p->params; row++) {
        int k = row % p->params;
        chances_of(p->out + row * BINS, p->bins[k], chances, logs);
        p->before[row] = logs[proposals[row / p->params].bins[k]];
    }
    for (int pass = 0; pass < PASSES; pass++) {
        para_proposer_gradient(p, proposals, advantage, p->before, count, p->gradient);
        para_net_adam(p->weights, p->moment1, p->moment2, p->gradient, p->floats, &p->steps, RATE, 0.0f);
    }
}

// ---------------------------------------------------------------------------------------------
// Keeping.

void para_proposer_save(const ParaProposer *p, ParaBytes *out)
{
    para_bytes_put_f32s(out, p->weights, (size_t)p->floats);
    para_bytes_put_f32s(out, p->moment1, (size_t)p->floats);
    para_bytes_put_f32s(out, p->moment2, (size_t)p->floats);
    para_bytes_put_whole(out, (uint64_t)p->steps, 4);
}

bool para_proposer_load(ParaProposer *p, ParaBytesReader *in)
{
    para_bytes_take_f32s(in, p->weights, (size_t)p->floats);
    para_bytes_take_f32s(in, p->moment1, (size_t)p->floats);
    para_bytes_take_f32s(in, p->moment2, (size_t)p->floats);
    for (int i = 0; i < p->floats; i++)
        in->bad = in->bad || p->moment2[i] < 0;
    p->steps = (int32_t)para_bytes_take_range(in, 4, 0, INT32_MAX);
    return !in->bad;
}
