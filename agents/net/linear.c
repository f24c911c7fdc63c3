// SPDX-License-Identifier: MIT
// Linear layers over OpenBLAS, and activations.
#include "agents/net/maths.h"
#include "agents/net/net.h"

#include "engine/base/assert.h"

#include <cblas.h>
#include <string.h>

void para_net_ready(void) { openblas_set_num_threads(1); }

static void relu(float *restrict y, int count)
{
    for (int j = 0; j < count; j++)
        y[j] = y[j] > 0.0f ? y[j] : 0.0f;
}

static void tanh_all(float *restrict y, int count)
{
    // Two loops: in one, compilers branch around the fraction for clamped values and vectorise nothing.
    for (int j = 0; j < count; j++) {
        float low = y[j] < -PARA_NET_TANH_END ? -PARA_NET_TANH_END : y[j];
        y[j] = low > PARA_NET_TANH_END ? PARA_NET_TANH_END : low;
    }
    for (int j = 0; j < count; j++)
        y[j] = para_net_tanh_fraction(y[j]);
}

void para_linear_forward(const float *x, int x_stride, int n, const float *weight, const float *bias, int in,
                         int out, ParaActivation activation, float *y, int y_stride)
{
    PARA_ASSERT(n >= 0 && in >= 1 && out >= 1 && x_stride >= in && y_stride >= out);
    if (n == 0)
        return;
    // The product is added to the bias: cheaper than zeros first and the bias in a pass of its own.
    for (int i = 0; i < n; i++)
        memcpy(y + (size_t)i * (size_t)y_stride, bias, (size_t)out * sizeof *y);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, out, in, 1.0f, x, x_stride, weight, out, 1.0f,
                y, y_stride);
    for (int i = 0; activation != PARA_ACTIVATION_NONE && i < n; i++) {
        float *row = y + (size_t)i * (size_t)y_stride;
        if (activation == PARA_ACTIVATION_RELU)
            relu(row, out);
        else
            tanh_all(row, out);
    }
}

void para_linear_gradient(const float *x, int x_stride, int n, const float *dy, int dy_stride, int in,
                          int out, float *dweight, float *restrict dbias)
{
    memset(dbias, 0, (size_t)out * sizeof *dbias);
    if (n == 0) {
        memset(dweight, 0, (size_t)in * (size_t)out * sizeof *dweight);
        return;
    }
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, in, out, n, 1.0f, x, x_stride, dy, dy_stride, 0.0f,
                dweight, out);
    for (int i = 0; i < n; i++) {
        const float *restrict row = dy + (size_t)i * (size_t)dy_stride;
        for (int j = 0; j < out; j++)
            dbias[j] += row[j];
    }
}

void para_linear_backward(const float *dy, int dy_stride, int n, const float *weight, int in, int out,
                          bool add, float *dx, int dx_stride)
{
    if (n == 0)
        return;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, in, out, 1.0f, dy, dy_stride, weight, out,
                add ? 1.0f : 0.0f, dx, dx_stride);
}

void para_activation_backward(ParaActivation activation, const float *restrict y, float *restrict dy,
                              int count)
{
    switch (activation) {
    case PARA_ACTIVATION_NONE:
        break;
    case PARA_ACTIVATION_RELU:
        for (int i = 0; i < count; i++)
            dy[i] = y[i] > 0.0f ? dy[i] : 0.0f;
        break;
    case PARA_ACTIVATION_TANH:
        for (int i = 0; i < count; i++)
            dy[i] *= 1.0f - y[i] * y[i];
        break;
    }
}
