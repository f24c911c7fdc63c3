// SPDX-License-Identifier: MIT
#pragma once
// Products of the network's layers on processors that multiply and add in one step. Every number is added up
// in one order, step after step, so that a row gives the same bits whatever rows stand beside it. Private to
// agents/net.
#include <stdbool.h>

/// c [rows, columns] = (bias or c or 0) + a [rows, steps] b [steps, columns], and nothing below 0 where
/// `relu`.
typedef struct ParaNetProduct {
    int rows, columns, steps; ///< [1] >= 1
    const float *a;
    int a_stride; ///< [float] >= steps from row to row
    const float *b;
    int b_stride;      ///< [float] >= columns from step to step
    float *c;          ///< does not overlap the others
    int c_stride;      ///< [float] >= columns
    const float *bias; ///< [columns]; NULL: what is in c if `add`, else 0
    bool add, relu;
} ParaNetProduct;

/// Whether this processor has what it takes (AVX2 and FMA).
bool para_net_has_product(void);
/// Threads: safe.  Cost: 2 * rows * columns * steps flops; no heap.
void para_net_product(const ParaNetProduct *product);
/// The same with b turned: b [columns, steps], rows b_stride >= steps apart.
void para_net_product_turned(const ParaNetProduct *product);
