// SPDX-License-Identifier: MIT
#pragma once
// Layers over pictures, each with its backward pass: convolution, space to depth and back, codes of a few
// levels. Pictures are [n, height, width, channels], row-major, channels innermost; plain float arrays.
// A convolution that shrinks by s is space to depth by s with a convolution after it; one that grows
// (transposed) is a convolution with depth to space after it. <Shi et al. 2016, arXiv 1609.05158>
#include "agents/net/net.h"

/// A convolution of stride 1 whose output is as large as its input; beyond the border there are zeros.
typedef struct ParaConv {
    int height, width; ///< [px] >= 1
    int in, out;       ///< [1] >= 1 channels
    int kernel;        ///< [px] odd, >= 1 side of it
} ParaConv;

/// Weights of one: [kernel * kernel * in, out], the kernel's rows outermost.
int para_conv_weights(const ParaConv *conv);
/// Floats of scratch that its three functions need.
int para_conv_scratch(const ParaConv *conv);

/// y = activation(x * W + b). @param x in, [n, height, width, in]   @param weight in, [kernel^2 in, out]
/// @param bias in, [out]   @param y out, [n, height, width, out]; must not overlap x
/// @param scratch [para_conv_scratch]
/// Threads: safe, scratch apart.  Cost: 2 n height width kernel^2 in out flops; no heap.
void para_conv_forward(const ParaConv *conv, const float *x, int n, const float *weight, const float *bias,
                       ParaActivation activation, float *y, float *scratch);
/// Gradients of its weights, *added*: a recurrent layer comes here once for each step.
/// @param dy in, [n, height, width, out] before the activation   @param dweight, dbias in-out
void para_conv_gradient(const ParaConv *conv, const float *x, int n, const float *dy, float *dweight,
                        float *dbias, float *scratch);
/// dx (+)= what dy says of the input. @param add else it is written   @param dx [n, height, width, in]
void para_conv_backward(const ParaConv *conv, const float *dy, int n, const float *weight, bool add,
                        float *dx, float *scratch);

/// Each block of side x side pixels becomes one with that many times the channels: [n, height, width, c] ->
/// [n, height / side, width / side, side * side * c]. It only moves numbers, so that the backward pass of
/// either is the other.
/// @param height, width of the larger picture, multiples of side
void para_space_to_depth(const float *x, int n, int height, int width, int channels, int side, float *y);
/// The way back. @param height, width of the larger picture, which is y here
void para_depth_to_space(const float *x, int n, int height, int width, int channels, int side, float *y);

/// Codes: tanh, then the nearest of `levels` even steps between -1 and 1. <Mentzer et al. 2023, arXiv
/// 2309.15505, finite scalar quantisation>
/// @param x in-out, [count]: becomes tanh of it, which the way back needs   @param code out, [count]
/// @param levels [1] odd >= 3; 0: as many as there are floats
void para_codes_forward(float *x, float *code, int count, int levels);
/// As if it had not been rounded (straight through). @param x in, [count] as left by the way there
/// @param d in-out, [count] gradient of the code, becomes that of what went in
void para_codes_backward(const float *x, float *d, int count);
/// Clips to -1..1 and rounds to such a step: a code that something was added to. @param code out, may be x
void para_codes_snap(const float *x, float *code, int count, int levels);
/// Straight through as well, but nothing goes further out where x was clipped. @param x in, [count] before
void para_codes_snap_backward(const float *x, float *d, int count);
