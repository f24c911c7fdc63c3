// SPDX-License-Identifier: MIT
// Linear layers and activations. Products are our own where the processor has what they take, else
// OpenBLAS's.
#include "agents/net/maths.h"
#include "agents/net/net.h"
#include "agents/net/product.h"
#include "agents/net/wide.h"

#include "engine/base/assert.h"

#include <cblas.h>
#include <string.h>

void para_net_ready(void) { openblas_set_num_threads(1); }

PARA_WIDE_INLINE void relu_plain(float *restrict y, int count)
{
    for (int j = 0; j < count; j++)
        y[j] = y[j] > 0.0f ? y[j] : 0.0f;
}

PARA_WIDE(static, relu, (float *y, int count), (y, count))

PARA_WIDE_INLINE void tanh_all_plain(float *restrict y, int count)
{
    // Two loops: in one, compilers branch around the fraction for clamped values and vectorise nothing.
    for (int j = 0; j < count; j++) {
        float low = y[j] < -PARA_NET_TANH_END ? -PARA_NET_TANH_END : y[j];
        y[j] = low > PARA_NET_TANH_END ? PARA_NET_TANH_END : low;
    }
    for (int j = 0; j < count; j++)
        y[j] = para_net_tanh_fraction(y[j]);
}

PARA_WIDE(static, tanh_all, (float *y, int count), (y, count))

/// y = x W + b, and nothing below 0 where `rectified`.
static void affine(const float *x, int x_stride, int n, const float *weight, const float *bias, int in,
                   int out, bool rectified, float *y, int y_stride)
{
    if (para_net_has_product()) {
        para_net_product(&(ParaNetProduct){.rows = n,
                                           .columns = out,
                                           .steps = in,
                                           .a = x,
                                           .a_stride = x_stride,
                                           .b = weight,
                                           .b_stride = out,
                                           .c = y,
                                           .c_stride = y_stride,
                                           .bias = bias,
                                           .relu = rectified});
        return;
    }
    // The product is added to the bias: cheaper than zeros first and the bias in a pass of its own.
    for (int i = 0; i < n; i++)
        memcpy(y + (size_t)i * (size_t)y_stride, bias, (size_t)out * sizeof *y);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, out, in, 1.0f, x, x_stride, weight, out, 1.0f,
                y, y_stride);
    for (int i = 0; rectified && i < n; i++)
        relu(y + (size_t)i * (size_t)y_stride, out);
}

void para_linear_forward(const float *x, int x_stride, int n, const float *weight, const float *bias, int in,
                         int out, ParaActivation activation, float *y, int y_stride)
{
    PARA_ASSERT(n >= 0 && in >= 1 && out >= 1 && x_stride >= in && y_stride >= out);
    if (n == 0)
        return;
    affine(x, x_stride, n, weight, bias, in, out, activation == PARA_ACTIVATION_RELU, y, y_stride);
    for (int i = 0; activation == PARA_ACTIVATION_TANH && i < n; i++)
        tanh_all(y + (size_t)i * (size_t)y_stride, out);
}

/// sum [width] += the rows, one after the other.
PARA_WIDE_INLINE void add_rows_plain(const float *rows, int stride, int n, int width, float *restrict sum)
{
    for (int i = 0; i < n; i++) {
        const float *restrict row = rows + (size_t)i * (size_t)stride;
        for (int j = 0; j < width; j++)
            sum[j] += row[j];
    }
}
PARA_WIDE(static, add_rows, (const float *rows, int stride, int n, int width, float *sum),
          (rows, stride, n, width, sum))

void para_linear_gradient(const float *x, int x_stride, int n, const float *dy, int dy_stride, int in,
                          int out, float *dweight, float *restrict dbias)
{
    memset(dbias, 0, (size_t)out * sizeof *dbias);
    if (n == 0) {
        memset(dweight, 0, (size_t)in * (size_t)out * sizeof *dweight);
        return;
    }
    // Sums over hundreds of rows are long, and there OpenBLAS is as fast as tiles of our own.
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, in, out, n, 1.0f, x, x_stride, dy, dy_stride, 0.0f,
                dweight, out);
    add_rows(dy, dy_stride, n, out, dbias);
}

void para_linear_backward(const float *dy, int dy_stride, int n, const float *weight, int in, int out,
                          bool add, float *dx, int dx_stride)
{
    if (n == 0)
        return;
    if (para_net_has_product())
        para_net_product_turned(&(ParaNetProduct){.rows = n,
                                                  .columns = in,
                                                  .steps = out,
                                                  .a = dy,
                                                  .a_stride = dy_stride,
                                                  .b = weight,
                                                  .b_stride = out,
                                                  .c = dx,
                                                  .c_stride = dx_stride,
                                                  .add = add});
    else
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, in, out, 1.0f, dy, dy_stride, weight, out,
                    add ? 1.0f : 0.0f, dx, dx_stride);
}

PARA_WIDE_INLINE void relu_backward_plain(const float *restrict y, float *restrict dy, int count)
{
    for (int i = 0; i < count; i++)
        dy[i] = y[i] > 0.0f ? dy[i] : 0.0f;
}
PARA_WIDE(static, relu_backward, (const float *y, float *dy, int count), (y, dy, count))

PARA_WIDE_INLINE void tanh_backward_plain(const float *restrict y, float *restrict dy, int count)
{
    for (int i = 0; i < count; i++)
        dy[i] *= 1.0f - y[i] * y[i];
}
PARA_WIDE(static, tanh_backward, (const float *y, float *dy, int count), (y, dy, count))

void para_activation_backward(ParaActivation activation, const float *y, float *dy, int count)
{
    switch (activation) {
    case PARA_ACTIVATION_NONE:
        break;
    case PARA_ACTIVATION_RELU:
        relu_backward(y, dy, count);
        break;
    case PARA_ACTIVATION_TANH:
        tanh_backward(y, dy, count);
        break;
    }
}
