// SPDX-License-Identifier: MIT
#pragma once
// The network's parts, each with its backward pass: linear layer, activation, pooling of entity rows,
// running normalisation, orthogonal initialisation. Plain float arrays, row-major, shape beside each.
// Used by the policy and the learner, and by the tests, which check each against finite differences.
#include "engine/base/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { PARA_ACTIVATION_NONE, PARA_ACTIVATION_RELU, PARA_ACTIVATION_TANH } ParaActivation;

/// BLAS calls stay on the calling thread; our own workers make the parallel work.
void para_net_ready(void);

#define PARA_NET_PEAK_SIDE 384 ///< [1] rows and columns of the products that are measured
/// The fastest of some large products of OpenBLAS on the calling thread: what a network's speed is held
/// against.
/// @param seconds [s] >= 0 it takes; one product at least, a millisecond or so
/// @param scratch [3 * PARA_NET_PEAK_SIDE^2]
/// @return [FLOP/s] >= 0
double para_net_measure_peak(double seconds, float *scratch);

/// y = activation(x W + b).
/// @param x in, [n, in], rows `x_stride` apart   @param weight in, [in, out]   @param bias in, [out]
/// @param y out, [n, out], rows `y_stride` apart; must not overlap x
/// Threads: safe.  Cost: 2 * n * in * out flops; no heap.
void para_linear_forward(const float *x, int x_stride, int n, const float *weight, const float *bias, int in,
                         int out, ParaActivation activation, float *y, int y_stride);

/// Gradients of a linear layer, written (not added).
/// @param dy in, [n, out]: gradient before the activation, rows `dy_stride` apart
/// @param dweight out, [in, out]   @param dbias out, [out]
void para_linear_gradient(const float *x, int x_stride, int n, const float *dy, int dy_stride, int in,
                          int out, float *dweight, float *dbias);
/// dx = dy W^T (+ dx where `add`). @param dx out, [n, in], rows `dx_stride` apart
void para_linear_backward(const float *dy, int dy_stride, int n, const float *weight, int in, int out,
                          bool add, float *dx, int dx_stride);

/// dy becomes the gradient before the activation; y is the activation's output. Both [count].
void para_activation_backward(ParaActivation activation, const float *y, float *dy, int count);

/// Mean and max over each sample's rows; zero for a sample without rows.
/// @param rows in, [offsets[n], width]   @param offsets in, [n + 1]: rows of sample i are
/// offsets[i]..offsets[i + 1]
/// @param out  out, [n, 2 * width] (mean, then max), samples `stride` apart
/// @param best out, [n, width]: row of the max (the first of equals), -1 without rows
void para_pool_forward(const float *rows, const int *offsets, int n, int width, float *out, int stride,
                       int *best);
/// @param dout  in, [n, 2 * width], samples `stride` apart   @param drows out, [offsets[n], width], written
void para_pool_backward(const float *dout, int stride, const int *offsets, const int *best, int n, int width,
                        float *drows);

#define PARA_NORMAL_CLIP  5.0f  ///< normalised values stay in [-5, 5]
#define PARA_NORMAL_FLOOR 1e-3f ///< added to the variance: constant inputs are not blown up
#define PARA_NORMAL_CAP   1e6f  ///< count at which old observations begin to fade

/// scale = 1 / sqrt(variance + floor). Both [width].
void para_normal_scale(const float *variance, int width, float *scale);
/// out = clip((x - mean) * scale). All [width].
void para_normal_apply(const float *x, const float *mean, const float *scale, int width, float *out);

/// Sums of one part of the data around a shift: what Chan's formula merges. <Chan, Golub, LeVeque 1979>
/// @param sum, square inout, [width]: sums of (x - shift) and its square
void para_normal_add(const float *x, const float *shift, int width, double *sum, double *square);
/// Merges such sums of `count` samples into a running mean and variance. @param total inout, capped at `cap`
void para_normal_merge(float *mean, float *variance, float *total, const double *sum, const double *square,
                       double count, int width, float cap);

/// One step of Adam, down the gradient, with decay of the weights. <Kingma 2015, arXiv 1412.6980, algorithm
/// 1; Loshchilov 2019, arXiv 1711.05101, algorithm 2>
/// @param weights, moment1, moment2 inout, [count]   @param gradient in, [count]
/// @param steps inout, [1] >= 0 made so far, kept with the moments
/// @param rate [1] > 0   @param decay [1] >= 0 of the weights, times the rate
void para_net_adam(float *weights, float *moment1, float *moment2, const float *gradient, int count,
                   int32_t *steps, float rate, float decay);

/// The nearest matrix with orthonormal rows, about: five rounds of a polynomial that brings all singular
/// values to 0.7..1.2, but those that are less than a thousandth of the largest. <Jordan 2024, "Muon: an
/// optimizer for hidden layers in neural networks", Newton-Schulz>
/// @param x inout, [rows, columns], rows <= columns, not all 0   @param scratch
/// [para_net_orthogonalise_scratch]
/// Cost: 10 rows^2 (2 columns + rows) flops; no heap.
void para_net_orthogonalise(float *x, int rows, int columns, float *scratch);
int para_net_orthogonalise_scratch(int rows, int columns);

/// Fills weight [in, out] with a random matrix whose shorter side is orthonormal, times gain, and times
/// sqrt(out / in) where it widens, so that an output has gain^2 times the mean square of an input.
/// @param stride floats from row to row of `weight`   @param scratch [in * out]
void para_orthogonal_fill(float *weight, int stride, int in, int out, double gain, ParaRng *rng,
                          double *scratch);
