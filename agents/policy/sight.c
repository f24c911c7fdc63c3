// SPDX-License-Identifier: MIT
// Sight: convolutions over a picture of 64 x 64, some pictures at a time. A layer with a stride is one over
// blocks of pixels (space to depth), so that all are products of rows that lie one after the other.
//
//   picture -> 16 x 16 x 48 -> 16 -(3 x 3)-> 16 -> 8 x 8 x 64 -> 32 -(3 x 3)-> 32 -> 4 x 4 x 128 -> 32
//
// Bytes become numbers here, not in the buffers of play. Weights are shared over places, as in Mnih and
// others 2015; where a thing is, the trunk tells by the 4 x 4 places that are left.
#include "agents/policy/inside.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define BLOCK 4 // [px] side of what is one pixel to the first layer
#define GRID  (PARA_OBS_PICTURE_SIDE / BLOCK)
#define DEPTH (3 * BLOCK * BLOCK)
#define MOST  (GRID * GRID * 16) // floats that any layer makes of a picture, at most
#define SPAN  6.0f               // a byte's 255 steps become so much, from the background on

static const struct {
    ParaConv conv;
    bool folds; ///< its input is what the layer before made, 2 x 2 pixels as one
} layers[PARA_SIGHT_LAYERS] = {
    {{GRID, GRID, DEPTH, 16, 1}, false},         {{GRID, GRID, 16, 16, 3}, false},
    {{GRID / 2, GRID / 2, 64, 32, 1}, true},     {{GRID / 2, GRID / 2, 32, 32, 3}, false},
    {{GRID / 4, GRID / 4, 4 * 32, 32, 1}, true},
};

int para_sight_features(const ParaPolicyDef *def)
{
    return def->obs.kind == PARA_OBS_PIXELS ? PARA_SIGHT_FEATURES : 0;
}

ParaConv para_sight_conv(int layer) { return layers[layer].conv; }

/// Floats that a layer makes of a picture.
static size_t made_by(int layer)
{
    const ParaConv *conv = &layers[layer].conv;
    return (size_t)(conv->height * conv->width * conv->out);
}

void para_sight_create(const ParaPolicyDef *def, ParaForward *s, bool training, ParaArena *arena)
{
    size_t many = PARA_SIGHT_PICTURES, kept = training ? (size_t)s->block : many;
    int scratch = 0;
    (void)def;
    s->pictures = PARA_NEW(arena, const uint8_t *, s->block);
    s->blocks = PARA_NEW(arena, float, many *PARA_OBS_PICTURE_BYTES);
    s->folded = PARA_NEW(arena, float, many *MOST);
    for (int i = 0; i < PARA_SIGHT_LAYERS; i++) {
        int own = para_conv_scratch(&layers[i].conv);
        PARA_ASSERT(made_by(i) <= MOST);
        s->seen[i] = PARA_NEW(arena, float, kept *made_by(i));
        scratch = own > scratch ? own : scratch;
    }
    s->conv = PARA_NEW(arena, float, scratch);
    for (int k = 0; k < 2 && training; k++)
        s->dsight[k] = PARA_NEW(arena, float, many *MOST);
}

void para_sight_fill(ParaPolicy *policy, ParaRng *rng, double *scratch)
{
    for (int i = 0; i < PARA_SIGHT_LAYERS; i++) {
        const ParaConv *conv = &layers[i].conv;
        float *weight = para_policy_at(policy, (ParaTensorId)(PARA_T_SIGHT_WEIGHT + 2 * i));
        para_orthogonal_fill(weight, conv->out, conv->kernel * conv->kernel * conv->in, conv->out,
                             para_sqrt(2.0), rng, scratch);
    }
}

/// The bytes of a picture as blocks of numbers, 0 where nothing is drawn: what is the same in all pictures
/// would drown what differs. @param blocks out, [16, 16, 48]
static void load(const uint8_t *rgb, float *restrict blocks)
{
    enum { LINE = 3 * BLOCK };
    float ground[LINE];
    for (int k = 0; k < LINE; k++)
        ground[k] = (float)para_obs_picture_ground[k % 3];
    for (int y = 0; y < PARA_OBS_PICTURE_SIDE; y++)
        for (int x = 0; x < GRID; x++) {
            float *restrict to = blocks + (y / BLOCK * GRID + x) * DEPTH + y % BLOCK * LINE;
            const uint8_t *restrict from = rgb + (y * GRID + x) * LINE;
            for (int k = 0; k < LINE; k++)
                to[k] = ((float)from[k] - ground[k]) * (SPAN / 255.0f);
        }
}

/// What some pictures' layer takes in. @param first of those in the block that are kept
static const float *input_of(ParaForward *s, int layer, int first, int count)
{
    if (layer == 0)
        return s->blocks;
    const ParaConv *before = &layers[layer - 1].conv;
    const float *x = s->seen[layer - 1] + (size_t)first * made_by(layer - 1);
    if (!layers[layer].folds)
        return x;
    para_space_to_depth(x, count, before->height, before->width, before->out, 2, s->folded);
    return s->folded;
}

static void load_all(ParaForward *s, int first, int count)
{
    for (int i = 0; i < count; i++)
        load(s->pictures[first + i], s->blocks + (size_t)i * PARA_OBS_PICTURE_BYTES);
}

void para_sight_forward(const ParaPolicy *policy, ParaForward *s, int n, int column)
{
    bool keeps = s->dsight[0] != NULL;
    for (int first = 0; first < n; first += PARA_SIGHT_PICTURES) {
        int count = n - first < PARA_SIGHT_PICTURES ? n - first : PARA_SIGHT_PICTURES, at = keeps ? first : 0;
        load_all(s, first, count);
        for (int i = 0; i < PARA_SIGHT_LAYERS; i++)
            para_conv_forward(&layers[i].conv, input_of(s, i, at, count), count,
                              para_policy_at(policy, (ParaTensorId)(PARA_T_SIGHT_WEIGHT + 2 * i)),
                              para_policy_at(policy, (ParaTensorId)(PARA_T_SIGHT_WEIGHT + 2 * i + 1)),
                              PARA_ACTIVATION_RELU, s->seen[i] + (size_t)at * made_by(i), s->conv);
        const float *made = s->seen[PARA_SIGHT_LAYERS - 1] + (size_t)at * PARA_SIGHT_FEATURES;
        for (int i = 0; i < count; i++)
            memcpy(s->joined + (size_t)(first + i) * (size_t)policy->joined_size + column,
                   made + (size_t)i * PARA_SIGHT_FEATURES, sizeof *made * PARA_SIGHT_FEATURES);
    }
}

/// The way back of some pictures through one layer. @param d in, the gradient of what it made
/// @return that of what the layer before made, in the other of the two arrays
static float *layer_backward(const ParaPolicy *policy, ParaForward *s, int layer, int first, int count,
                             float *d, float *other, float *gradient)
{
    const ParaConv *conv = &layers[layer].conv;
    ParaTensorId weight = (ParaTensorId)(PARA_T_SIGHT_WEIGHT + 2 * layer), bias = (ParaTensorId)(weight + 1);
    para_activation_backward(PARA_ACTIVATION_RELU, s->seen[layer] + (size_t)first * made_by(layer), d,
                             count * (int)made_by(layer));
    const float *x = input_of(s, layer, first, count);
    para_conv_gradient(conv, x, count, d, gradient + policy->offset[weight], gradient + policy->offset[bias],
                       s->conv);
    if (layer == 0)
        return NULL;
    para_conv_backward(conv, d, count, para_policy_at(policy, weight), false, other, s->conv);
    if (!layers[layer].folds)
        return other;
    const ParaConv *before = &layers[layer - 1].conv;
    para_depth_to_space(other, count, before->height, before->width, before->out, 2, d);
    return d;
}

void para_sight_backward(const ParaPolicy *policy, ParaForward *s, int n, const float *dout, int stride,
                         float *gradient)
{
    size_t begin = policy->offset[PARA_T_SIGHT_WEIGHT], end = policy->offset[PARA_T_SIGHT_END + 1];
    memset(gradient + begin, 0, sizeof *gradient * (end - begin)); // parts of the block add to it
    for (int first = 0; first < n; first += PARA_SIGHT_PICTURES) {
        int count = n - first < PARA_SIGHT_PICTURES ? n - first : PARA_SIGHT_PICTURES;
        float *d = s->dsight[0];
        for (int i = 0; i < count; i++)
            memcpy(d + (size_t)i * PARA_SIGHT_FEATURES, dout + (size_t)(first + i) * (size_t)stride,
                   sizeof *d * PARA_SIGHT_FEATURES);
        load_all(s, first, count);
        for (int i = PARA_SIGHT_LAYERS - 1; i >= 0; i--)
            d = layer_backward(policy, s, i, first, count, d, s->dsight[d == s->dsight[0]], gradient);
    }
}
