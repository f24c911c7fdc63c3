// SPDX-License-Identifier: MIT
// The model of pixels: its layers' shapes, and its weights in one block.
#include "agents/pixels/pixels_parts.h"

#include "engine/base/assert.h"
#include "engine/draw/palette.h"

#include <math.h>
#include <string.h>

ParaPixelsDef para_pixels_def_default(void)
{
    return (ParaPixelsDef){.hidden = 64, .levels = 7, .players = 1, .seconds = 1.0f / 30};
}

const char *para_pixels_def_problem(const ParaPixelsDef *def)
{
    if (def->hidden < 1 || def->hidden > PARA_PIXELS_HIDDEN_MAX)
        return "hidden is not 1..256";
    if (def->levels != 0 && (def->levels < 3 || def->levels > PARA_PIXELS_LEVELS_MAX || def->levels % 2 == 0))
        return "levels are neither 0 nor odd and 3..31";
    if (def->players < 1 || def->players > PARA_PLAYERS_MAX)
        return "players are not 1..16";
    if (!(def->seconds >= 0.005f && def->seconds <= 0.2f))
        return "seconds are not 0.005..0.2";
    return NULL;
}

int para_pixels_acts(const ParaPixelsDef *def) { return def->players * PARA_CHANNELS; }

static const char *const names[PARA_LAYERS] = {"see1",  "see2",  "see3",  "see4",  "draw1",
                                               "draw2", "draw3", "draw4", "head1", "head2"};

ParaConv para_pixels_conv(const ParaPixelsDef *def, ParaLayer layer)
{
    enum { G = PARA_PIXELS_GRID, M = PARA_PIXELS_MAP, B = PARA_PIXELS_BLOCK, D = PARA_PIXELS_DEPTH };
    const ParaConv convs[PARA_LAYERS] = {[PARA_LAYER_SEE1] = {G, G, B, 48, 3},
                                         [PARA_LAYER_SEE2] = {M, M, 192, 96, 1},
                                         [PARA_LAYER_SEE3] = {M, M, 96, 64, 3},
                                         [PARA_LAYER_SEE4] = {M, M, 64, D, 1},
                                         [PARA_LAYER_DRAW1] = {M, M, D, 96, 3},
                                         [PARA_LAYER_DRAW2] = {M, M, 96, 192, 1},
                                         [PARA_LAYER_DRAW3] = {G, G, 48, 48, 3},
                                         [PARA_LAYER_DRAW4] = {G, G, 48, B, 1},
                                         [PARA_LAYER_HEAD1] = {M, M, def->hidden, 64, 3},
                                         [PARA_LAYER_HEAD2] = {M, M, 64, D, 1}};
    return convs[layer];
}

ParaGru para_pixels_gru(const ParaPixelsDef *def)
{
    return (ParaGru){.height = PARA_PIXELS_MAP,
                     .width = PARA_PIXELS_MAP,
                     .in = PARA_PIXELS_DEPTH,
                     .hidden = def->hidden,
                     .acts = para_pixels_acts(def),
                     .kernel = 3};
}

// ---------------------------------------------------------------------------------------------
// The table of tensors: of each layer weight and bias, then those of the recurrent unit.

#define GRU_FIRST (2 * PARA_LAYERS)
#define TENSORS   (GRU_FIRST + 5)

static void add(ParaPixels *pixels, const char *name, int rows, int columns)
{
    pixels->tensors[pixels->tensor_count++] = (ParaTensor){name, rows, columns, NULL};
    pixels->count += rows * columns;
}

static void list_tensors(ParaPixels *pixels, ParaArena *arena)
{
    pixels->tensors = PARA_NEW(arena, ParaTensor, TENSORS);
    for (int i = 0; i < PARA_LAYERS; i++) {
        ParaConv conv = para_pixels_conv(&pixels->def, (ParaLayer)i);
        add(pixels, para_arena_printf(arena, "%s.weight", names[i]), conv.kernel * conv.kernel * conv.in,
            conv.out);
        add(pixels, para_arena_printf(arena, "%s.bias", names[i]), 1, conv.out);
    }
    ParaGru gru = para_pixels_gru(&pixels->def);
    int seen = gru.kernel * gru.kernel, out = 3 * gru.hidden;
    add(pixels, "gru.x", seen * gru.in, out);
    add(pixels, "gru.x_bias", 1, out);
    add(pixels, "gru.h", seen * gru.hidden, out);
    add(pixels, "gru.h_bias", 1, out);
    add(pixels, "gru.acts", gru.acts, out);
    pixels->weights = PARA_NEW(arena, float, pixels->count);
    float *at = pixels->weights;
    for (int i = 0; i < TENSORS; i++) {
        pixels->tensors[i].data = at;
        at += pixels->tensors[i].rows * pixels->tensors[i].columns;
    }
}

static float *same_place(const ParaPixels *pixels, float *block, int tensor)
{
    return block + (pixels->tensors[tensor].data - pixels->weights);
}

ParaLayerWeights para_pixels_layer(const ParaPixels *pixels, float *block, ParaLayer layer)
{
    return (ParaLayerWeights){same_place(pixels, block, 2 * (int)layer),
                              same_place(pixels, block, 2 * (int)layer + 1)};
}

ParaGruWeights para_pixels_gru_weights(const ParaPixels *pixels, float *block)
{
    return (ParaGruWeights){.x = same_place(pixels, block, GRU_FIRST),
                            .x_bias = same_place(pixels, block, GRU_FIRST + 1),
                            .h = same_place(pixels, block, GRU_FIRST + 2),
                            .h_bias = same_place(pixels, block, GRU_FIRST + 3),
                            .acts = same_place(pixels, block, GRU_FIRST + 4)};
}

/// Normal numbers of variance gain / rows. <He et al. 2015, arXiv 1502.01852: gain 2 before a rectifier>
static void fill(ParaTensor *tensor, double gain, ParaRng *rng)
{
    double size = sqrt(gain / tensor->rows);
    for (int i = 0; i < tensor->rows * tensor->columns; i++)
        tensor->data[i] = (float)(size * para_rng_normal(rng));
}

/// What is drawn at first is the background, which most of all pictures is.
static void begin_with_background(ParaPixels *pixels)
{
    ParaColour colour = para_ink_flat(PARA_INK_BACKGROUND);
    const uint8_t of[3] = {colour.r, colour.g, colour.b};
    ParaLayerWeights last = para_pixels_layer(pixels, pixels->weights, PARA_LAYER_DRAW4);
    for (int i = 0; i < 48 * PARA_PIXELS_BLOCK; i++)
        last.weight[i] *= 0.1f;
    for (int i = 0; i < PARA_PIXELS_BLOCK; i++)
        last.bias[i] = (float)of[i % 3] / 255.0f - 0.5f;
}

ParaPixels *para_pixels_create(const ParaPixelsDef *def, uint64_t seed, ParaArena *arena)
{
    PARA_ASSERT(!para_pixels_def_problem(def));
    ParaPixels *pixels = PARA_NEW(arena, ParaPixels, 1);
    ParaRng rng = para_rng_make(seed, "pixels");
    *pixels = (ParaPixels){.def = *def};
    list_tensors(pixels, arena);
    memset(pixels->weights, 0, (size_t)pixels->count * sizeof(float));
    for (int i = 0; i < PARA_LAYERS; i++) {
        bool bent = i == PARA_LAYER_SEE4 || i == PARA_LAYER_DRAW4;
        if (i != PARA_LAYER_HEAD2) // nothing is added to the codes at first
            fill(&pixels->tensors[2 * i], bent ? 1.0 : 2.0, &rng);
    }
    begin_with_background(pixels);
    fill(&pixels->tensors[GRU_FIRST], 1.0, &rng);
    fill(&pixels->tensors[GRU_FIRST + 2], 1.0, &rng);
    fill(&pixels->tensors[GRU_FIRST + 4], 1.0, &rng);
    return pixels;
}
