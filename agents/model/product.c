// SPDX-License-Identifier: MIT
// Tiles of up to four rows and four vectors of columns, kept in registers while the sum goes over the inputs:
// the bias first, then one product after the other. Where columns are left over, the last vector lies over
// those before it and works them out again, to the same bits. (Vector types of gcc and clang.)
#include "agents/model/product.h"

typedef float Float4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float Float8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float Float16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef int Mask4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int Mask8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int Mask16 __attribute__((vector_size(64), aligned(4), may_alias));

#define ROWS    4
#define VECTORS 4

typedef struct Layer {
    const float *weight, *bias;
    int in, out;
    bool relu;
} Layer;

/// What one column of one row gives: for layers that are narrower than a vector.
static float column(const Layer *l, const float *x, int j)
{
    float sum = l->bias[j];
    for (int k = 0; k < l->in; k++)
        sum += x[k] * l->weight[k * l->out + j];
    return l->relu && !(sum > 0.0f) ? 0.0f : sum;
}

#define DEFINE(name, Float, Mask, WIDTH, TARGET)                                                             \
    TARGET static inline __attribute__((always_inline)) void name##_tile(                                    \
        const Layer *l, const float *x, float *y, const int rows, const int vectors)                         \
    {                                                                                                        \
        Float sum[ROWS][VECTORS];                                                                            \
        for (int r = 0; r < rows; r++)                                                                       \
            for (int v = 0; v < vectors; v++)                                                                \
                sum[r][v] = *(const Float *)(l->bias + v * (WIDTH));                                         \
        for (int k = 0; k < l->in; k++)                                                                      \
            for (int v = 0; v < vectors; v++) {                                                              \
                const Float weight = *(const Float *)(l->weight + k * l->out + v * (WIDTH));                 \
                for (int r = 0; r < rows; r++)                                                               \
                    sum[r][v] += x[r * l->in + k] * weight;                                                  \
            }                                                                                                \
        for (int r = 0; r < rows; r++)                                                                       \
            for (int v = 0; v < vectors; v++) {                                                              \
                Mask above = (Mask)(sum[r][v] > 0.0f) | (l->relu ? 0 : -1);                                  \
                *(Float *)(y + r * l->out + v * (WIDTH)) = (Float)((Mask)sum[r][v] & above);                 \
            }                                                                                                \
    }                                                                                                        \
    TARGET static inline __attribute__((always_inline)) void name##_rows(const Layer *l, const float *x,     \
                                                                         float *y, const int rows)           \
    {                                                                                                        \
        Layer part = *l;                                                                                     \
        for (int j = 0; j < l->out;) {                                                                       \
            int left = l->out - j, wide = left / (WIDTH);                                                    \
            if (wide == 0)                                                                                   \
                j = l->out - (WIDTH);                                                                        \
            part.weight = l->weight + j;                                                                     \
            part.bias = l->bias + j;                                                                         \
            if (wide >= VECTORS)                                                                             \
                name##_tile(&part, x, y + j, rows, VECTORS);                                                 \
            else if (wide >= 2)                                                                              \
                name##_tile(&part, x, y + j, rows, 2);                                                       \
            else                                                                                             \
                name##_tile(&part, x, y + j, rows, 1);                                                       \
            j += (WIDTH) * (wide >= VECTORS ? VECTORS : wide >= 2 ? 2 : 1);                                  \
        }                                                                                                    \
    }                                                                                                        \
    TARGET static void name(const Layer *l, const float *x, int n, float *y)                                 \
    {                                                                                                        \
        int i = 0;                                                                                           \
        for (; i + ROWS <= n; i += ROWS)                                                                     \
            name##_rows(l, x + i * l->in, y + i * l->out, ROWS);                                             \
        for (; i < n; i++)                                                                                   \
            name##_rows(l, x + i * l->in, y + i * l->out, 1);                                                \
    }

DEFINE(product4, Float4, Mask4, 4, )
#if defined(__x86_64__)
DEFINE(product8, Float8, Mask8, 8, __attribute__((target("avx2"))))
DEFINE(product16, Float16, Mask16, 16, __attribute__((target("avx512f,avx512dq"))))
#endif

void para_product(const float *x, int n, const float *weight, const float *bias, int in, int out, bool relu,
                  float *y)
{
    const Layer layer = {weight, bias, in, out, relu};
#if defined(__x86_64__)
    if (out >= 16 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
        product16(&layer, x, n, y);
        return;
    }
    if (out >= 8 && __builtin_cpu_supports("avx2")) {
        product8(&layer, x, n, y);
        return;
    }
#endif
    if (out >= 4) {
        product4(&layer, x, n, y);
        return;
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < out; j++)
            y[i * out + j] = column(&layer, x + i * in, j);
}
