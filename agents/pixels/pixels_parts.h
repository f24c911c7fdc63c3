// SPDX-License-Identifier: MIT
#pragma once
// The layers of the model of pixels, with their ways back. Private to agents/pixels.
//
//   picture -> 16 x 16 x 48 (space to depth 4) -SEE1-> 48 -> 8 x 8 x 192 -SEE2-> 96 -SEE3-> 64 -SEE4-> 16
//   codes codes -DRAW1-> 96 -DRAW2-> 192 -> 16 x 16 x 48 -DRAW3-> 48 -DRAW4-> 48 -> picture codes, actions
//   -GRU-> hidden -HEAD1-> 64 -HEAD2-> 16: what is added to the codes
#include "agents/net/gru.h"
#include "agents/pixels/pixels.h"

#define PARA_PIXELS_GRID   16 ///< [px] side of a picture whose pixels stand as blocks
#define PARA_PIXELS_BLOCK  48 ///< numbers of such a block: 4 x 4 pixels of 3 colours
#define PARA_PIXELS_BLOCKS (PARA_PIXELS_GRID * PARA_PIXELS_GRID * PARA_PIXELS_BLOCK)

typedef enum {
    PARA_LAYER_SEE1,
    PARA_LAYER_SEE2,
    PARA_LAYER_SEE3,
    PARA_LAYER_SEE4,
    PARA_LAYER_DRAW1,
    PARA_LAYER_DRAW2,
    PARA_LAYER_DRAW3,
    PARA_LAYER_DRAW4,
    PARA_LAYER_HEAD1,
    PARA_LAYER_HEAD2,
    PARA_LAYERS
} ParaLayer;

ParaConv para_pixels_conv(const ParaPixelsDef *def, ParaLayer layer);
ParaGru para_pixels_gru(const ParaPixelsDef *def);

/// Where a layer's numbers are in a block laid out as the weights are: weights, gradients, moments.
typedef struct ParaLayerWeights {
    float *weight; ///< [kernel^2 in, out]
    float *bias;   ///< [out]
} ParaLayerWeights;
ParaLayerWeights para_pixels_layer(const ParaPixels *pixels, float *block, ParaLayer layer);
ParaGruWeights para_pixels_gru_weights(const ParaPixels *pixels, float *block);

/// Numbers of the layers of the eye, for up to n pictures at once.
typedef struct ParaEye {
    float *blocks;               ///< [1] -0.5..0.5 the picture  [n, 16, 16, 48]
    float *see1, *deep;          ///< [n, 16, 16, 48], [n, 8, 8, 192]
    float *see2, *see3, *bent;   ///< [n, 8, 8, 96], [.., 64], [.., 16] tanh before it is rounded
    float *code;                 ///< [n, 8, 8, 16]
    float *draw1, *draw2, *wide; ///< [n, 8, 8, 96], [.., 192], [n, 16, 16, 48]
    float *draw3, *out;          ///< [n, 16, 16, 48]
    float *d1, *d2;              ///< gradients under way  [n, 16, 16, 48]
    float *scratch;
} ParaEye;

/// @param back whether the way back is gone, too
ParaEye para_eye_create(const ParaPixelsDef *def, int n, bool back, ParaArena *arena);
/// blocks -> code.
void para_eye_see(const ParaPixels *pixels, ParaEye *eye, int n);
/// @param dcode in-out, [n, codes]: spoilt   @param gradient in-out, block, *added*
void para_eye_see_backward(const ParaPixels *pixels, ParaEye *eye, int n, float *dcode, float *gradient);
/// codes -> out. @param code in, [n, codes]
void para_eye_draw(const ParaPixels *pixels, ParaEye *eye, const float *code, int n);
/// @param dout in-out, [n, blocks]: spoilt   @param gradient in-out, *added*; NULL: nobody asks
/// @param dcode out, [n, codes]
void para_eye_draw_backward(const ParaPixels *pixels, ParaEye *eye, const float *code, int n, float *dout,
                            float *gradient, float *dcode);
/// Bytes as blocks, and back. @param rgb [64, 64, 3]
void para_eye_load(const uint8_t *rgb, float *blocks);
void para_eye_store(const float *blocks, uint8_t *rgb);

/// What one step of imagination leaves for the way back, of up to n maps.
typedef struct ParaPixelMove {
    float *code;   ///< in, [n, codes] it began with
    float *acts;   ///< in, [n, acts]
    float *memory; ///< out, [n, 8, 8, hidden]
    float *head;   ///< out, [n, 8, 8, 64]
    float *sum;    ///< out, [n, codes] what is believed, before it is rounded
    float *next;   ///< out, [n, codes]
    ParaGruStep gru;
} ParaPixelMove;

ParaPixelMove para_move_create(const ParaPixelsDef *def, int n, ParaArena *arena);
int para_move_scratch(const ParaPixelsDef *def, int n);
/// code, acts and `before` -> memory, sum, next. @param before in, [n, 8, 8, hidden]
void para_move_forward(const ParaPixels *pixels, ParaPixelMove *move, const float *before, int n,
                       float *scratch);
/// @param dsum in, [n, codes]   @param dmemory in-out, [n, 8, 8, hidden]: what comes from later; spoilt
/// @param dbefore out, likewise   @param dcode out, [n, codes]   @param gradient in-out, *added*
void para_move_backward(const ParaPixels *pixels, ParaPixelMove *move, const float *before, int n,
                        const float *dsum, float *dmemory, float *dbefore, float *dcode, float *gradient,
                        float *scratch);
