// SPDX-License-Identifier: MIT
// Attention within a sample. Keys and values are turned, so that every loop inside runs along neighbours in
// memory and several floats go at once.
#include "agents/net/attention.h"

#include "agents/net/maths.h"
#include "agents/net/wide.h"

#include "engine/base/assert.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/// turned [width, PARA_ATTENTION_ROWS] = x [rows, width] turned.
PARA_WIDE_INLINE void turn(const float *x, size_t stride, int rows, int width, float *turned)
{
    for (int j = 0; j < rows; j++)
        for (int c = 0; c < width; c++)
            turned[c * PARA_ATTENTION_ROWS + j] = x[(size_t)j * stride + (size_t)c];
}

/// In place: shares that add up to 1.
PARA_WIDE_INLINE void softmax(float *restrict share, int rows)
{
    float top = share[0], sum = 0.0f;
    for (int j = 1; j < rows; j++)
        top = share[j] > top ? share[j] : top;
    for (int j = 0; j < rows; j++)
        share[j] = para_net_exp(share[j] - top);
    for (int j = 0; j < rows; j++)
        sum += share[j];
    for (int j = 0; j < rows; j++)
        share[j] /= sum;
}

/// share [rows] += by times what stands in `turned` under each of x's floats.
PARA_WIDE_INLINE void compare(const float *restrict x, float by, const float *restrict turned, int rows,
                              int width, float *restrict share)
{
    for (int c = 0; c < width; c++) {
        float factor = x[c] * by;
        const float *restrict other = turned + c * PARA_ATTENTION_ROWS;
        for (int j = 0; j < rows; j++)
            share[j] += factor * other[j];
    }
}

/// y [width] += by x.
PARA_WIDE_INLINE void add(float by, const float *restrict x, int width, float *restrict y)
{
    for (int c = 0; c < width; c++)
        y[c] += by * x[c];
}

PARA_WIDE_INLINE void forward_plain(const float *qkv, int rows, int width, int heads, float *share,
                                    float *out)
{
    int d = width / heads;
    size_t stride = 3 * (size_t)width;
    float turned[PARA_ATTENTION_HEAD * PARA_ATTENTION_ROWS], by = 1.0f / sqrtf((float)d);
    memset(out, 0, sizeof *out * (size_t)rows * (size_t)width);
    for (int h = 0; h < heads; h++) {
        const float *q = qkv + (size_t)h * (size_t)d, *k = q + width, *v = k + width;
        turn(k, stride, rows, d, turned);
        for (int i = 0; i < rows; i++, share += rows) {
            compare(q + (size_t)i * stride, by, turned, rows, d, share);
            softmax(share, rows);
            float *own = out + (size_t)i * (size_t)width + (size_t)h * (size_t)d;
            for (int j = 0; j < rows; j++)
                add(share[j], v + (size_t)j * stride, d, own);
        }
    }
}
PARA_WIDE(static, forward, (const float *qkv, int rows, int width, int heads, float *share, float *out),
          (qkv, rows, width, heads, share, out))

void para_attention_forward(const float *qkv, int rows, int width, int heads, float *share, float *out)
{
    PARA_ASSERT(rows >= 0 && rows <= PARA_ATTENTION_ROWS && heads >= 1 && width % heads == 0);
    PARA_ASSERT(width / heads >= 1 && width / heads <= PARA_ATTENTION_HEAD);
    forward(qkv, rows, width, heads, share, out);
}

/// The gradient before a softmax. @param dshare in-out, [rows]
PARA_WIDE_INLINE void softmax_backward(const float *restrict share, int rows, float *restrict dshare)
{
    float mean = 0.0f;
    for (int j = 0; j < rows; j++)
        mean += share[j] * dshare[j];
    for (int j = 0; j < rows; j++)
        dshare[j] = share[j] * (dshare[j] - mean);
}

PARA_WIDE_INLINE void backward_plain(const float *qkv, const float *share, int rows, int width, int heads,
                                     const float *dout, float *dqkv, float *dbias)
{
    int d = width / heads;
    size_t stride = 3 * (size_t)width;
    float turned[PARA_ATTENTION_HEAD * PARA_ATTENTION_ROWS], by = 1.0f / sqrtf((float)d);
    memset(dqkv, 0, sizeof *dqkv * (size_t)rows * stride);
    memset(dbias, 0, sizeof *dbias * (size_t)heads * (size_t)rows * (size_t)rows);
    for (int h = 0; h < heads; h++) {
        size_t head = (size_t)h * (size_t)d;
        const float *q = qkv + head, *k = q + width, *v = k + width;
        float *dq = dqkv + head, *dk = dq + width, *dv = dk + width;
        turn(v, stride, rows, d, turned);
        for (int i = 0; i < rows; i++, share += rows, dbias += rows) {
            const float *own = dout + (size_t)i * (size_t)width + head, *asked = q + (size_t)i * stride;
            compare(own, 1.0f, turned, rows, d, dbias);
            softmax_backward(share, rows, dbias);
            for (int j = 0; j < rows; j++) {
                size_t at = (size_t)j * stride;
                add(share[j], own, d, dv + at);
                add(dbias[j] * by, k + at, d, dq + (size_t)i * stride);
                add(dbias[j] * by, asked, d, dk + at);
            }
        }
    }
}
PARA_WIDE(static, backward,
          (const float *qkv, const float *share, int rows, int width, int heads, const float *dout,
           float *dqkv, float *dbias),
          (qkv, share, rows, width, heads, dout, dqkv, dbias))

void para_attention_backward(const float *qkv, const float *share, int rows, int width, int heads,
                             const float *dout, float *dqkv, float *dbias)
{
    PARA_ASSERT(rows >= 0 && rows <= PARA_ATTENTION_ROWS && heads >= 1 && width % heads == 0);
    PARA_ASSERT(width / heads >= 1 && width / heads <= PARA_ATTENTION_HEAD);
    backward(qkv, share, rows, width, heads, dout, dqkv, dbias);
}
