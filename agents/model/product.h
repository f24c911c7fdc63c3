// SPDX-License-Identifier: MIT
#pragma once
// A linear layer whose every number is added up in one order: what a row gives is the same to the last bit
// whatever rows stand beside it, and on any processor. BLAS promises neither.
#include <stdbool.h>

/// y = x W + b, and nothing below 0 where `relu`.
/// @param x in, [n, in]   @param weight in, [in, out]   @param bias in, [out]
/// @param y out, [n, out]; must not overlap the others
/// Threads: safe.  Cost: 2 * n * in * out flops, at half the speed that fused steps would allow; no heap.
void para_product(const float *x, int n, const float *weight, const float *bias, int in, int out, bool relu,
                  float *y);
