// SPDX-License-Identifier: MIT
// Linear layers over OpenBLAS, activations fused with the bias.
#include "agents/net.h"
#include "agents/net_maths.h"

#include <cblas.h>
#include <string.h>

void para_net_ready(void) { openblas_set_num_threads(1); }

static void bias_none(float *restrict y, const float *restrict bias, int out)
{
    for (int j = 0; j < out; j++)
        y[j] += bias[j];
}

static void bias_relu(float *restrict y, const float *restrict bias, int out)
{
    for (int j = 0; j < out; j++) {
        float v = y[j] + bias[j];
        y[j] = v > 0.0f ? v : 0.0f;
    }
}

static void bias_tanh(float *restrict y, const float *restrict bias, int out)
{
    for (int j = 0; j < out; j++)
        y[j] = para_net_tanh(y[j] + bias[j]);
}

void para_linear_forward(const float *x, int x_stride, int n, const float *weight, const float *bias, int in,
                         int out, ParaActivation activation, float *y, int y_stride)
{
    if (n == 0)
        return;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, out, in, 1.0f, x, x_stride, weight, out, 0.0f,
                y, y_stride);
    for (int i = 0; i < n; i++) {
        float *row = y + (size_t)i * (size_t)y_stride;
        switch (activation) {
        case PARA_ACTIVATION_NONE:
            bias_none(row, bias, out);
            break;
        case PARA_ACTIVATION_RELU:
            bias_relu(row, bias, out);
            break;
        case PARA_ACTIVATION_TANH:
            bias_tanh(row, bias, out);
            break;
        }
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
