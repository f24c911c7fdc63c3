// SPDX-License-Identifier: MIT
#pragma once
// Rows of one sample that look at each other: attention of several heads, with a bias for each pair, and its
// backward pass. Plain float arrays, row-major.
//   out_i = sum over j of a_ij v_j;  a_i = softmax over j of (q_i . k_j / sqrt(d) + bias_ij)
// <Vaswani and others 2017, arXiv 1706.03762, section 3.2; a bias for each pair: Shaw and others 2018,
// arXiv 1803.02155; Ying and others 2021, arXiv 2106.05234, section 3.1.2>

#define PARA_ATTENTION_ROWS 32  ///< [row] most of a sample
#define PARA_ATTENTION_HEAD 256 ///< [1] most floats of a head

/// @param qkv in, [rows, 3 * width]: of each row what it asks, what it answers to, what it says
/// @param rows [row] 0..PARA_ATTENTION_ROWS
/// @param width [1] a multiple of heads, width / heads at most PARA_ATTENTION_HEAD
/// @param share in-out, [heads, rows, rows]: the pairs' bias comes in, how much i takes of j goes out
/// @param out out, [rows, width]; must not overlap qkv
/// Threads: safe.  Cost: 4 * rows^2 * width flops and heads * rows^2 powers; no heap.
void para_attention_forward(const float *qkv, int rows, int width, int heads, float *share, float *out);

/// @param share in, as forward left it   @param dout in, [rows, width]
/// @param dqkv out, [rows, 3 * width], written   @param dbias out, [heads, rows, rows], written
void para_attention_backward(const float *qkv, const float *share, int rows, int width, int heads,
                             const float *dout, float *dqkv, float *dbias);
