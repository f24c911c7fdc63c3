// SPDX-License-Identifier: MIT
// One step of imagination: what is remembered takes in codes and actions, and says what is added to the
// codes. A sum is rounded to a code again: of what stands still nothing drifts.
#include "agents/pixels/pixels_parts.h"

#include <string.h>

#define PLACES (PARA_PIXELS_MAP * PARA_PIXELS_MAP)
#define HEAD   64

ParaPixelMove para_move_create(const ParaPixelsDef *def, int n, ParaArena *arena)
{
    size_t places = (size_t)n * PLACES, hidden = (size_t)def->hidden, codes = (size_t)n * PARA_PIXELS_CODES;
    return (ParaPixelMove){.code = PARA_NEW(arena, float, codes),
                           .acts = PARA_NEW(arena, float, n *para_pixels_acts(def)),
                           .memory = PARA_NEW(arena, float, places *hidden),
                           .head = PARA_NEW(arena, float, places *HEAD),
                           .sum = PARA_NEW(arena, float, codes),
                           .next = PARA_NEW(arena, float, codes),
                           .gru = {.gates = PARA_NEW(arena, float, 3 * places * hidden),
                                   .held = PARA_NEW(arena, float, 3 * places * hidden)}};
}

int para_move_scratch(const ParaPixelsDef *def, int n)
{
    ParaGru gru = para_pixels_gru(def);
    ParaConv head = para_pixels_conv(def, PARA_LAYER_HEAD1);
    int a = para_gru_scratch(&gru, n), b = para_conv_scratch(&head);
    return (a > b ? a : b) + n * PLACES * HEAD; // the head's gradient last
}

static float *head_gradient(const ParaPixelsDef *def, int n, float *scratch)
{
    return scratch + para_move_scratch(def, n) - n * PLACES * HEAD;
}

void para_move_forward(const ParaPixels *pixels, ParaPixelMove *move, const float *before, int n,
                       float *scratch)
{
    ParaGru gru = para_pixels_gru(&pixels->def);
    ParaGruWeights weights = para_pixels_gru_weights(pixels, pixels->weights);
    ParaConv head1 = para_pixels_conv(&pixels->def, PARA_LAYER_HEAD1),
             head2 = para_pixels_conv(&pixels->def, PARA_LAYER_HEAD2);
    ParaLayerWeights w1 = para_pixels_layer(pixels, pixels->weights, PARA_LAYER_HEAD1),
                     w2 = para_pixels_layer(pixels, pixels->weights, PARA_LAYER_HEAD2);
    para_gru_forward(&gru, &weights, move->code, move->acts, before, n, move->memory, &move->gru, scratch);
    para_conv_forward(&head1, move->memory, n, w1.weight, w1.bias, PARA_ACTIVATION_RELU, move->head, scratch);
    para_conv_forward(&head2, move->head, n, w2.weight, w2.bias, PARA_ACTIVATION_NONE, move->sum, scratch);
    for (int i = 0; i < n * PARA_PIXELS_CODES; i++)
        move->sum[i] += move->code[i];
    para_codes_snap(move->sum, move->next, n * PARA_PIXELS_CODES, pixels->def.levels);
}

void para_move_backward(const ParaPixels *pixels, ParaPixelMove *move, const float *before, int n,
                        const float *dsum, float *dmemory, float *dbefore, float *dcode, float *gradient,
                        float *scratch)
{
    ParaGru gru = para_pixels_gru(&pixels->def);
    ParaGruWeights weights = para_pixels_gru_weights(pixels, pixels->weights),
                   learned = para_pixels_gru_weights(pixels, gradient);
    ParaConv head1 = para_pixels_conv(&pixels->def, PARA_LAYER_HEAD1),
             head2 = para_pixels_conv(&pixels->def, PARA_LAYER_HEAD2);
    ParaLayerWeights g1 = para_pixels_layer(pixels, gradient, PARA_LAYER_HEAD1),
                     g2 = para_pixels_layer(pixels, gradient, PARA_LAYER_HEAD2);
    float *dhead = head_gradient(&pixels->def, n, scratch);
    para_conv_gradient(&head2, move->head, n, dsum, g2.weight, g2.bias, scratch);
    para_conv_backward(&head2, dsum, n, para_pixels_layer(pixels, pixels->weights, PARA_LAYER_HEAD2).weight,
                       false, dhead, scratch);
    para_activation_backward(PARA_ACTIVATION_RELU, move->head, dhead, n * PLACES * HEAD);
    para_conv_gradient(&head1, move->memory, n, dhead, g1.weight, g1.bias, scratch);
    para_conv_backward(&head1, dhead, n, para_pixels_layer(pixels, pixels->weights, PARA_LAYER_HEAD1).weight,
                       true, dmemory, scratch);
    para_gru_backward(&gru, &weights, move->code, move->acts, before, n, dmemory, &move->gru, &learned, dcode,
                      dbefore, scratch);
    for (int i = 0; i < n * PARA_PIXELS_CODES; i++)
        dcode[i] += dsum[i];
}
