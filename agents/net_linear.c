// SPDX-License-Identifier: MIT
// Linear layers, forward and back, over the product of agents/net_product.h.
#include "agents/net_product.h"

#include <string.h>

size_t para_panels_size(int depth, int columns)
{
    return (size_t)((columns + PARA_PANEL - 1) / PARA_PANEL) * (size_t)depth * PARA_PANEL;
}

void para_panels_pack(const float *restrict b, int stride, int depth, int columns, float *restrict panels)
{
    for (int column = 0; column < columns; column += PARA_PANEL) {
        int width = columns - column < PARA_PANEL ? columns - column : PARA_PANEL;
        const float *from = b + column;
        for (int k = 0; k < depth; k++, from += stride, panels += PARA_PANEL) {
            if (width == PARA_PANEL) {
                memcpy(panels, from, PARA_PANEL * sizeof *panels);
                continue;
            }
            memset(panels, 0, PARA_PANEL * sizeof *panels);
            memcpy(panels, from, (size_t)width * sizeof *panels);
        }
    }
}

void para_panels_pack_transposed(const float *restrict b, int stride, int depth, int columns,
                                 float *restrict panels)
{
    for (int column = 0; column < columns; column += PARA_PANEL) {
        int width = columns - column < PARA_PANEL ? columns - column : PARA_PANEL;
        const float *from = b + (size_t)column * (size_t)stride;
        for (int k = 0; k < depth; k++, from++, panels += PARA_PANEL)
            for (int j = 0; j < PARA_PANEL; j++)
                panels[j] = j < width ? from[(size_t)j * (size_t)stride] : 0.0f;
    }
}

void para_linear_forward(const float *x, int x_stride, int n, const float *panels, const float *bias, int in,
                         int out, ParaActivation activation, float *y, int y_stride)
{
    static const ParaEnd ends[] = {[PARA_ACTIVATION_NONE] = PARA_END_NONE,
                                   [PARA_ACTIVATION_RELU] = PARA_END_RELU,
                                   [PARA_ACTIVATION_TANH] = PARA_END_TANH};
    ParaProduct product = {.a = x,
                           .a_row = x_stride,
                           .a_step = 1,
                           .panels = panels,
                           .rows = n,
                           .depth = in,
                           .columns = out,
                           .start = bias,
                           .end = ends[activation],
                           .c = y,
                           .c_stride = y_stride};
    para_product(&product);
}

void para_linear_gradient(const float *x, int x_stride, int n, const float *dy, int dy_stride, int in,
                          int out, float *panels, float *dweight, float *restrict dbias)
{
    int parts =
        (n + PARA_GRADIENT_ROWS - 1) / PARA_GRADIENT_ROWS; // of equal size: a short rest costs as much
    int even = parts > 0 ? (n + parts - 1) / parts : 0;
    for (int first = 0; first < n; first += even) {
        int depth = n - first < even ? n - first : even;
        const float *from = dy + (size_t)first * (size_t)dy_stride;
        para_panels_pack(from, dy_stride, depth, out, panels);
        ParaProduct product = {.a = x + (size_t)first * (size_t)x_stride,
                               .a_row = 1,
                               .a_step = x_stride,
                               .panels = panels,
                               .rows = in,
                               .depth = depth,
                               .columns = out,
                               .start = dweight,
                               .start_stride = out,
                               .c = dweight,
                               .c_stride = out};
        para_product(&product);
        for (int i = 0; i < depth; i++, from += dy_stride)
            for (int j = 0; j < out; j++)
                dbias[j] += from[j];
    }
}

void para_linear_backward(const float *dy, int dy_stride, int n, const float *panels, int in, int out,
                          ParaActivation activation, const float *x, int x_stride, float *dx, int dx_stride)
{
    static const ParaEnd ends[] = {[PARA_ACTIVATION_NONE] = PARA_END_NONE,
                                   [PARA_ACTIVATION_RELU] = PARA_END_RELU_BACK,
                                   [PARA_ACTIVATION_TANH] = PARA_END_TANH_BACK};
    ParaProduct product = {.a = dy,
                           .a_row = dy_stride,
                           .a_step = 1,
                           .panels = panels,
                           .rows = n,
                           .depth = out,
                           .columns = in,
                           .end = ends[activation],
                           .y = activation != PARA_ACTIVATION_NONE ? x : NULL,
                           .y_stride = x_stride,
                           .c = dx,
                           .c_stride = dx_stride};
    para_product(&product);
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
