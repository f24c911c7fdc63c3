// SPDX-License-Identifier: MIT
// The network's path: live rows -> encoder -> pool -> join with the globals -> trunk -> heads, and back.
// Only live entity rows are computed; they are gathered into one compact matrix per chunk of samples, small
// enough that the encoder's work stays in the nearest caches.
#include "agents/policy_net.h"

#include "engine/base/assert.h"

#include <string.h>

#define CHUNK 16 // samples whose rows go through the encoder together
#define APART 16 // [float] rows of the trunk lie so much further apart: powers of two share cache sets

/// The layers as the products see them. Without entity rows the encoder's have no elements.
static void list_layers(const ParaPolicyDef *def, ParaLayer layers[PARA_LAYER_COUNT])
{
    bool rows = def->obs.row_max > 0;
    int R = rows ? def->obs.row_size : 0, E = rows ? def->encoder_width : 0;
    int G = def->obs.global_size, W = def->width, J = G + 2 * E;
    layers[PARA_LAYER_ENCODER1] =
        (ParaLayer){PARA_T_ENCODER1_WEIGHT, PARA_T_ENCODER1_BIAS, R, E, R, PARA_ACTIVATION_RELU};
    layers[PARA_LAYER_ENCODER2] =
        (ParaLayer){PARA_T_ENCODER2_WEIGHT, PARA_T_ENCODER2_BIAS, E, E, 0, PARA_ACTIVATION_RELU};
    // The globals need no gradient: only the pooled columns go on.
    layers[PARA_LAYER_TRUNK1] =
        (ParaLayer){PARA_T_TRUNK1_WEIGHT, PARA_T_TRUNK1_BIAS, J, W, G, PARA_ACTIVATION_TANH};
    layers[PARA_LAYER_TRUNK2] =
        (ParaLayer){PARA_T_TRUNK2_WEIGHT, PARA_T_TRUNK2_BIAS, W, 2 * W, 0, PARA_ACTIVATION_TANH};
    layers[PARA_LAYER_LOGITS] =
        (ParaLayer){PARA_T_LOGITS_WEIGHT, PARA_T_LOGITS_BIAS, W, PARA_LOGITS, 0, PARA_ACTIVATION_NONE};
    layers[PARA_LAYER_VALUE] =
        (ParaLayer){PARA_T_VALUE_WEIGHT, PARA_T_VALUE_BIAS, W, 1, 0, PARA_ACTIVATION_NONE};
}

static void create_panels(ParaForward *scratch, bool training, ParaArena *arena)
{
    for (int i = 0; i < PARA_LAYER_COUNT; i++) {
        const ParaLayer *layer = &scratch->layers[i];
        if (layer->in == 0)
            continue;
        scratch->panels[i] = PARA_NEW(arena, float, para_panels_size(layer->in, layer->out));
        if (training && layer->back_first < layer->in)
            scratch->back_panels[i] =
                PARA_NEW(arena, float, para_panels_size(layer->out, layer->in - layer->back_first));
    }
}

static void create_training(ParaForward *scratch, const ParaPolicyDef *def, ParaArena *arena)
{
    size_t B = (size_t)scratch->block, E = (size_t)def->encoder_width;
    size_t M = (size_t)CHUNK * (size_t)def->obs.row_max;
    int widest = 0;
    for (int i = 0; i < PARA_LAYER_COUNT; i++)
        widest = scratch->layers[i].out > widest ? scratch->layers[i].out : widest;
    scratch->gradient_panels = PARA_NEW(arena, float, para_panels_size(PARA_GRADIENT_ROWS, widest));
    scratch->logits = PARA_NEW(arena, float, B *PARA_LOGITS);
    scratch->value = PARA_NEW(arena, float, B);
    scratch->dlogits = PARA_NEW(arena, float, B *PARA_LOGITS);
    scratch->dvalue = PARA_NEW(arena, float, B);
    scratch->dtrunk2 = PARA_NEW(arena, float, B *(size_t)scratch->trunk2_stride);
    scratch->dtrunk1 = PARA_NEW(arena, float, B *(size_t)scratch->trunk1_stride);
    if (M > 0) {
        scratch->dpooled = PARA_NEW(arena, float, B * 2 * E);
        scratch->dhidden2 = PARA_NEW(arena, float, M *E);
        scratch->dhidden1 = PARA_NEW(arena, float, M *E);
    }
}

static ParaForward *create(const ParaPolicyDef *def, int block, bool training, ParaArena *arena)
{
    ParaForward *scratch = PARA_NEW(arena, ParaForward, 1);
    size_t B = (size_t)block, G = (size_t)def->obs.global_size;
    size_t M = B * (size_t)def->obs.row_max, R = (size_t)def->obs.row_size;
    size_t E = def->obs.row_max > 0 ? (size_t)def->encoder_width : 0;
    scratch->block = block;
    scratch->trunk1_stride = def->width + APART;
    scratch->trunk2_stride = 2 * def->width + APART;
    list_layers(def, scratch->layers);
    create_panels(scratch, training, arena);
    scratch->global_scale = PARA_NEW(arena, float, G);
    scratch->offsets = PARA_NEW(arena, int, B + 1);
    scratch->joined = PARA_NEW(arena, float, B *(G + 2 * E));
    scratch->trunk1 = PARA_NEW(arena, float, B *(size_t)scratch->trunk1_stride);
    scratch->trunk2 = PARA_NEW(arena, float, B *(size_t)scratch->trunk2_stride);
    if (M > 0) {
        scratch->row_scale = PARA_NEW(arena, float, R);
        scratch->rows = PARA_NEW(arena, float, M *R);
        scratch->hidden1 = PARA_NEW(arena, float, M *E);
        scratch->hidden2 = PARA_NEW(arena, float, M *E);
        scratch->best = PARA_NEW(arena, int, B *E);
    }
    if (training)
        create_training(scratch, def, arena);
    return scratch;
}

ParaForward *para_forward_create(const ParaPolicyDef *def, int batch_max, ParaArena *arena)
{
    PARA_ASSERT(batch_max >= 1);
    return create(def, batch_max < PARA_BLOCK ? batch_max : PARA_BLOCK, false, arena);
}

ParaForward *para_forward_create_training(const ParaPolicyDef *def, ParaArena *arena)
{
    return create(def, PARA_BLOCK, true, arena);
}

void para_forward_load(const ParaPolicy *policy, ParaForward *scratch)
{
    const ParaObsSpec *spec = &policy->def.obs;
    para_normal_scale(para_policy_at(policy, PARA_T_GLOBAL_VARIANCE), spec->global_size,
                      scratch->global_scale);
    if (spec->row_max > 0)
        para_normal_scale(para_policy_at(policy, PARA_T_ROW_VARIANCE), spec->row_size, scratch->row_scale);
    for (int i = 0; i < PARA_LAYER_COUNT; i++) {
        const ParaLayer *layer = &scratch->layers[i];
        const float *weight = para_policy_at(policy, layer->weight);
        if (scratch->panels[i] != NULL)
            para_panels_pack(weight, layer->out, layer->in, layer->out, scratch->panels[i]);
        if (scratch->back_panels[i] != NULL)
            para_panels_pack_transposed(weight + (size_t)layer->back_first * (size_t)layer->out, layer->out,
                                        layer->out, layer->in - layer->back_first, scratch->back_panels[i]);
    }
}

/// Normalises the globals of samples first..last into `joined` and their live rows into `rows`.
static void gather(const ParaPolicy *policy, ParaForward *scratch, const float *obs, const int *index,
                   int first, int last)
{
    const ParaObsSpec *spec = &policy->def.obs;
    const float *global_mean = para_policy_at(policy, PARA_T_GLOBAL_MEAN);
    const float *row_mean = para_policy_at(policy, PARA_T_ROW_MEAN);
    int live = scratch->offsets[first];
    for (int i = first; i < last; i++) {
        const float *one = obs + (size_t)(index != NULL ? index[i] : i) * (size_t)spec->size;
        const float *row = one + spec->global_size;
        const float *mask = row + (size_t)spec->row_max * (size_t)spec->row_size;
        para_normal_apply(one, global_mean, scratch->global_scale, spec->global_size,
                          scratch->joined + (size_t)i * (size_t)policy->joined_size);
        for (int r = 0; r < spec->row_max; r++, row += spec->row_size) {
            if (!(mask[r] > 0.5f))
                continue;
            para_normal_apply(row, row_mean, scratch->row_scale, spec->row_size,
                              scratch->rows + (size_t)live * (size_t)spec->row_size);
            live++;
        }
        scratch->offsets[i + 1] = live;
    }
}

/// One layer over n rows.
static void forward(const ParaPolicy *policy, const ParaForward *s, ParaLayerId id, const float *x,
                    int x_stride, int n, float *y, int y_stride)
{
    const ParaLayer *layer = &s->layers[id];
    para_linear_forward(x, x_stride, n, s->panels[id], para_policy_at(policy, layer->bias), layer->in,
                        layer->out, layer->activation, y, y_stride);
}

/// Gradients of one layer from that of its output before the activation.
static void gradient_of(const ParaPolicy *policy, const ParaForward *s, ParaLayerId id, const float *x,
                        int x_stride, int n, const float *dy, int dy_stride, float *gradient)
{
    const ParaLayer *layer = &s->layers[id];
    para_linear_gradient(x, x_stride, n, dy, dy_stride, layer->in, layer->out, s->gradient_panels,
                         gradient + policy->offset[layer->weight], gradient + policy->offset[layer->bias]);
}

/// The gradient before the activation that made x, from that of a layer's output before its own.
static void backward(const ParaForward *s, ParaLayerId id, const float *dy, int dy_stride, int n,
                     ParaActivation activation, const float *x, int x_stride, float *dx, int dx_stride)
{
    const ParaLayer *layer = &s->layers[id];
    para_linear_backward(dy, dy_stride, n, s->back_panels[id], layer->in - layer->back_first, layer->out,
                         activation, x, x_stride, dx, dx_stride);
}

static void encode(const ParaPolicy *policy, ParaForward *s, int first, int last)
{
    const ParaPolicyDef *def = &policy->def;
    int R = def->obs.row_size, E = def->encoder_width;
    size_t begin = (size_t)s->offsets[first], e = (size_t)E;
    int live = s->offsets[last] - s->offsets[first];
    forward(policy, s, PARA_LAYER_ENCODER1, s->rows + begin * (size_t)R, R, live, s->hidden1 + begin * e, E);
    forward(policy, s, PARA_LAYER_ENCODER2, s->hidden1 + begin * e, E, live, s->hidden2 + begin * e, E);
    para_pool_forward(s->hidden2, s->offsets + first, last - first, E,
                      s->joined + (size_t)first * (size_t)policy->joined_size + def->obs.global_size,
                      policy->joined_size, s->best + (size_t)first * e);
}

void para_net_forward(const ParaPolicy *policy, ParaForward *s, const float *obs, const int *index, int n,
                      float *logits, float *value)
{
    int W = policy->def.width;
    PARA_ASSERT(n >= 0 && n <= s->block);
    s->offsets[0] = 0;
    for (int first = 0; first < n; first += CHUNK) {
        int last = first + CHUNK < n ? first + CHUNK : n;
        gather(policy, s, obs, index, first, last);
        if (policy->def.obs.row_max > 0)
            encode(policy, s, first, last);
    }
    forward(policy, s, PARA_LAYER_TRUNK1, s->joined, policy->joined_size, n, s->trunk1, s->trunk1_stride);
    forward(policy, s, PARA_LAYER_TRUNK2, s->trunk1, s->trunk1_stride, n, s->trunk2, s->trunk2_stride);
    forward(policy, s, PARA_LAYER_LOGITS, s->trunk2, s->trunk2_stride, n, logits, PARA_LOGITS);
    forward(policy, s, PARA_LAYER_VALUE, s->trunk2 + W, s->trunk2_stride, n, value, 1);
}

void para_policy_forward_loaded(const ParaPolicy *policy, ParaForward *scratch, const float *obs, int n,
                                float *logits, float *value)
{
    for (int first = 0; first < n; first += scratch->block) {
        int count = n - first < scratch->block ? n - first : scratch->block;
        para_net_forward(policy, scratch, obs + (size_t)first * (size_t)policy->def.obs.size, NULL, count,
                         logits + (size_t)first * PARA_LOGITS, value + first);
    }
}

void para_policy_forward(const ParaPolicy *policy, ParaForward *scratch, const float *obs, int n,
                         float *logits, float *value)
{
    para_forward_load(policy, scratch);
    para_policy_forward_loaded(policy, scratch, obs, n, logits, value);
}

static void encode_backward(const ParaPolicy *policy, ParaForward *s, int first, int last, float *gradient)
{
    int R = policy->def.obs.row_size, E = policy->def.encoder_width;
    int live = s->offsets[last] - s->offsets[first];
    size_t begin = (size_t)s->offsets[first], e = (size_t)E;
    const float *hidden1 = s->hidden1 + begin * e, *hidden2 = s->hidden2 + begin * e;
    para_pool_backward(s->dpooled + (size_t)first * 2 * e, 2 * E, s->offsets + first,
                       s->best + (size_t)first * e, last - first, E, s->dhidden2);
    para_activation_backward(PARA_ACTIVATION_RELU, hidden2, s->dhidden2, live * E);
    gradient_of(policy, s, PARA_LAYER_ENCODER2, hidden1, E, live, s->dhidden2, E, gradient);
    backward(s, PARA_LAYER_ENCODER2, s->dhidden2, E, live, PARA_ACTIVATION_RELU, hidden1, E, s->dhidden1, E);
    gradient_of(policy, s, PARA_LAYER_ENCODER1, s->rows + begin * (size_t)R, R, live, s->dhidden1, E,
                gradient);
}

void para_net_backward(const ParaPolicy *policy, ParaForward *s, int n, float *gradient)
{
    int W = policy->def.width, J = policy->joined_size, E = policy->def.encoder_width;
    int stride1 = s->trunk1_stride, stride2 = s->trunk2_stride;
    memset(gradient, 0, policy->learned_floats * sizeof *gradient);
    // Heads, each over its half of the trunk's second layer.
    gradient_of(policy, s, PARA_LAYER_LOGITS, s->trunk2, stride2, n, s->dlogits, PARA_LOGITS, gradient);
    gradient_of(policy, s, PARA_LAYER_VALUE, s->trunk2 + W, stride2, n, s->dvalue, 1, gradient);
    backward(s, PARA_LAYER_LOGITS, s->dlogits, PARA_LOGITS, n, PARA_ACTIVATION_TANH, s->trunk2, stride2,
             s->dtrunk2, stride2);
    backward(s, PARA_LAYER_VALUE, s->dvalue, 1, n, PARA_ACTIVATION_TANH, s->trunk2 + W, stride2,
             s->dtrunk2 + W, stride2);
    // Trunk.
    gradient_of(policy, s, PARA_LAYER_TRUNK2, s->trunk1, stride1, n, s->dtrunk2, stride2, gradient);
    backward(s, PARA_LAYER_TRUNK2, s->dtrunk2, stride2, n, PARA_ACTIVATION_TANH, s->trunk1, stride1,
             s->dtrunk1, stride1);
    gradient_of(policy, s, PARA_LAYER_TRUNK1, s->joined, J, n, s->dtrunk1, stride1, gradient);
    if (policy->def.obs.row_max == 0)
        return;
    backward(s, PARA_LAYER_TRUNK1, s->dtrunk1, stride1, n, PARA_ACTIVATION_NONE, NULL, 0, s->dpooled, 2 * E);
    for (int first = 0; first < n; first += CHUNK)
        encode_backward(policy, s, first, first + CHUNK < n ? first + CHUNK : n, gradient);
}
