// SPDX-License-Identifier: MIT
#pragma once
// The matrix product under every layer. One matrix is cut into panels beforehand; a tile of rows times a
// panel stays in registers while the depth goes by. Each element is a sum in order of depth, so a row gives
// the same bits wherever it stands and however many there are.
#include "agents/net.h"

/// What becomes of a finished element.
typedef enum {
    PARA_END_NONE,
    PARA_END_RELU,      ///< max(c, 0)
    PARA_END_TANH,      ///< tanh(c)
    PARA_END_RELU_BACK, ///< c where y > 0, else 0
    PARA_END_TANH_BACK  ///< c (1 - y^2)
} ParaEnd;

/// c [rows, columns] = end(start + a b): a [rows, depth] lies free, b [depth, columns] in panels.
typedef struct ParaProduct {
    const float *a;
    int a_row, a_step; ///< element (i, k) of a is a[i * a_row + k * a_step]; one of the two is 1
    const float *panels;
    int rows, depth, columns;
    const float *start; ///< [rows, columns], rows `start_stride` apart; may be c itself; NULL: zero
    int start_stride;   ///< 0: one row for all
    ParaEnd end;
    const float *y; ///< [rows, columns] of the BACK ends, rows `y_stride` apart
    int y_stride;
    float *c; ///< rows `c_stride` apart
    int c_stride;
} ParaProduct;

/// Runs on what the machine has. The same bits on the same type of CPU.
/// Threads: safe.  Cost: 2 * rows * depth * columns flops; no heap.
void para_product(const ParaProduct *product);

/// The kernels themselves, for the tests; `fused` only where para_product_has_fused.
void para_product_narrow(const ParaProduct *product);
void para_product_fused(const ParaProduct *product);
bool para_product_has_fused(void);
