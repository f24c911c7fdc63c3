// SPDX-License-Identifier: MIT
#pragma once
// A gated recurrent unit over maps: every gate is a convolution, so that what one place remembers spreads to
// its neighbours. With maps of 1 x 1 and a kernel of 1 it is the ordinary one.
// <Cho et al. 2014, arXiv 1406.1078; Ballas et al. 2016, arXiv 1511.06432; the reset gate stands after the
// product, as in cuDNN, so that there is one product of each input>
//
//   [u r c] = x * Wx + a Wa + b,  [u' r' c'] = h * Wh + b'
//   update = s(u + u'),  reset = s(r + r'),  candidate = tanh(c + reset c')
//   next h = update h + (1 - update) candidate
#include "agents/net/conv.h"

typedef struct ParaGru {
    int height, width; ///< [px] >= 1 of a map
    int in, hidden;    ///< [1] >= 1 channels
    int acts;          ///< [1] >= 0 inputs that all places share, such as actions
    int kernel;        ///< [px] odd, >= 1
} ParaGru;

/// Its weights, or their gradients, with shapes.
typedef struct ParaGruWeights {
    float *x;      ///< [kernel^2 in, 3 hidden]
    float *x_bias; ///< [3 hidden]
    float *h;      ///< [kernel^2 hidden, 3 hidden]
    float *h_bias; ///< [3 hidden]
    float *acts;   ///< [acts, 3 hidden]
} ParaGruWeights;

/// What one step leaves for the way back, of up to n maps.
typedef struct ParaGruStep {
    float *gates; ///< [n, height, width, 3 hidden]: update, reset, candidate
    float *held;  ///< [n, height, width, 3 hidden]: h * Wh + b', of which the last third is needed
} ParaGruStep;

/// Floats of scratch that either way needs, for n maps.
int para_gru_scratch(const ParaGru *gru, int n);
/// @param x in, [n, height, width, in]   @param acts in, [n, acts]; NULL with acts 0
/// @param h in, [n, height, width, hidden]   @param next out, likewise; must not overlap h
/// @param step out   Threads: safe, scratch apart.  Cost: 6 n height width kernel^2 hidden (in + hidden)
/// flops; no heap.
void para_gru_forward(const ParaGru *gru, const ParaGruWeights *weights, const float *x, const float *acts,
                      const float *h, int n, float *next, const ParaGruStep *step, float *scratch);
/// The way back of one step. @param dnext in, gradient of `next`   @param gradient in-out, *added*
/// @param dx out, [n, height, width, in]; NULL: nobody asks   @param dh out, [n, height, width, hidden],
/// written; may not be dnext   @param step in-out: as left by the way there; spoilt
void para_gru_backward(const ParaGru *gru, const ParaGruWeights *weights, const float *x, const float *acts,
                       const float *h, int n, const float *dnext, const ParaGruStep *step,
                       const ParaGruWeights *gradient, float *dx, float *dh, float *scratch);
