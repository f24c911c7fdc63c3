// SPDX-License-Identifier: MIT
// The eye: pictures to codes, codes to pictures, and both ways back.
#include "agents/pixels/pixels_parts.h"

#include <math.h>

#define G PARA_PIXELS_GRID
#define M PARA_PIXELS_MAP

static int scratch_of(const ParaPixelsDef *def)
{
    int most = 1;
    for (int i = 0; i < PARA_LAYERS; i++) {
        ParaConv conv = para_pixels_conv(def, (ParaLayer)i);
        int size = para_conv_scratch(&conv);
        most = size > most ? size : most;
    }
    return most;
}

ParaEye para_eye_create(const ParaPixelsDef *def, int n, bool back, ParaArena *arena)
{
    ParaEye eye = {0};
    float **wide[] = {&eye.blocks, &eye.see1, &eye.deep, &eye.draw2, &eye.wide, &eye.draw3, &eye.out};
    for (int i = 0; i < (int)(sizeof wide / sizeof *wide); i++)
        *wide[i] = PARA_NEW(arena, float, (size_t)n *PARA_PIXELS_BLOCKS);
    float **small[] = {&eye.see2, &eye.see3, &eye.bent, &eye.code, &eye.draw1};
    const int depths[] = {96, 64, PARA_PIXELS_DEPTH, PARA_PIXELS_DEPTH, 96};
    for (int i = 0; i < (int)(sizeof small / sizeof *small); i++)
        *small[i] = PARA_NEW(arena, float, (size_t)n *(size_t)(M * M * depths[i]));
    if (back) {
        eye.d1 = PARA_NEW(arena, float, (size_t)n *PARA_PIXELS_BLOCKS);
        eye.d2 = PARA_NEW(arena, float, (size_t)n *PARA_PIXELS_BLOCKS);
    }
    eye.scratch = PARA_NEW(arena, float, scratch_of(def));
    return eye;
}

static void forward(const ParaPixels *pixels, ParaLayer layer, const float *x, int n, ParaActivation bend,
                    float *y, float *scratch)
{
    ParaConv conv = para_pixels_conv(&pixels->def, layer);
    ParaLayerWeights w = para_pixels_layer(pixels, pixels->weights, layer);
    para_conv_forward(&conv, x, n, w.weight, w.bias, bend, y, scratch);
}

/// @param y the layer's output where it was rectified, else NULL   @param dx NULL: nobody asks
static void backward(const ParaPixels *pixels, ParaLayer layer, const float *x, const float *y, int n,
                     float *dy, float *gradient, float *dx, float *scratch)
{
    ParaConv conv = para_pixels_conv(&pixels->def, layer);
    if (y)
        para_activation_backward(PARA_ACTIVATION_RELU, y, dy, n * conv.height * conv.width * conv.out);
    if (gradient) {
        ParaLayerWeights g = para_pixels_layer(pixels, gradient, layer);
        para_conv_gradient(&conv, x, n, dy, g.weight, g.bias, scratch);
    }
    if (dx)
        para_conv_backward(&conv, dy, n, para_pixels_layer(pixels, pixels->weights, layer).weight, false, dx,
                           scratch);
}

void para_eye_see(const ParaPixels *pixels, ParaEye *eye, int n)
{
    forward(pixels, PARA_LAYER_SEE1, eye->blocks, n, PARA_ACTIVATION_RELU, eye->see1, eye->scratch);
    para_space_to_depth(eye->see1, n, G, G, 48, 2, eye->deep);
    forward(pixels, PARA_LAYER_SEE2, eye->deep, n, PARA_ACTIVATION_RELU, eye->see2, eye->scratch);
    forward(pixels, PARA_LAYER_SEE3, eye->see2, n, PARA_ACTIVATION_RELU, eye->see3, eye->scratch);
    forward(pixels, PARA_LAYER_SEE4, eye->see3, n, PARA_ACTIVATION_NONE, eye->bent, eye->scratch);
    para_codes_forward(eye->bent, eye->code, n * PARA_PIXELS_CODES, pixels->def.levels);
}

void para_eye_see_backward(const ParaPixels *pixels, ParaEye *eye, int n, float *dcode, float *gradient)
{
    para_codes_backward(eye->bent, dcode, n * PARA_PIXELS_CODES);
    backward(pixels, PARA_LAYER_SEE4, eye->see3, NULL, n, dcode, gradient, eye->d1, eye->scratch);
    backward(pixels, PARA_LAYER_SEE3, eye->see2, eye->see3, n, eye->d1, gradient, eye->d2, eye->scratch);
    backward(pixels, PARA_LAYER_SEE2, eye->deep, eye->see2, n, eye->d2, gradient, eye->d1, eye->scratch);
    para_depth_to_space(eye->d1, n, G, G, 48, 2, eye->d2);
    backward(pixels, PARA_LAYER_SEE1, eye->blocks, eye->see1, n, eye->d2, gradient, NULL, eye->scratch);
}

void para_eye_draw(const ParaPixels *pixels, ParaEye *eye, const float *code, int n)
{
    forward(pixels, PARA_LAYER_DRAW1, code, n, PARA_ACTIVATION_RELU, eye->draw1, eye->scratch);
    forward(pixels, PARA_LAYER_DRAW2, eye->draw1, n, PARA_ACTIVATION_RELU, eye->draw2, eye->scratch);
    para_depth_to_space(eye->draw2, n, G, G, 48, 2, eye->wide);
    forward(pixels, PARA_LAYER_DRAW3, eye->wide, n, PARA_ACTIVATION_RELU, eye->draw3, eye->scratch);
    forward(pixels, PARA_LAYER_DRAW4, eye->draw3, n, PARA_ACTIVATION_NONE, eye->out, eye->scratch);
}

void para_eye_draw_backward(const ParaPixels *pixels, ParaEye *eye, const float *code, int n, float *dout,
                            float *gradient, float *dcode)
{
    backward(pixels, PARA_LAYER_DRAW4, eye->draw3, NULL, n, dout, gradient, eye->d1, eye->scratch);
    backward(pixels, PARA_LAYER_DRAW3, eye->wide, eye->draw3, n, eye->d1, gradient, eye->d2, eye->scratch);
    para_space_to_depth(eye->d2, n, G, G, 48, 2, eye->d1);
    backward(pixels, PARA_LAYER_DRAW2, eye->draw1, eye->draw2, n, eye->d1, gradient, eye->d2, eye->scratch);
    backward(pixels, PARA_LAYER_DRAW1, code, eye->draw1, n, eye->d2, gradient, dcode, eye->scratch);
}

void para_eye_load(const uint8_t *rgb, float *blocks)
{
    for (int y = 0; y < PARA_PIXELS_SIDE; y++)
        for (int x = 0; x < G; x++) {
            float *to = blocks + ((y / 4 * G + x) * 4 + y % 4) * 12;
            const uint8_t *from = rgb + (y * G + x) * 12;
            for (int k = 0; k < 12; k++)
                to[k] = (float)from[k] / 255.0f - 0.5f;
        }
}

void para_eye_store(const float *blocks, uint8_t *rgb)
{
    for (int y = 0; y < PARA_PIXELS_SIDE; y++)
        for (int x = 0; x < G; x++) {
            const float *from = blocks + ((y / 4 * G + x) * 4 + y % 4) * 12;
            uint8_t *to = rgb + (y * G + x) * 12;
            for (int k = 0; k < 12; k++)
                to[k] = (uint8_t)lrintf(255.0f * fminf(1.0f, fmaxf(0.0f, from[k] + 0.5f)));
        }
}
