// SPDX-License-Identifier: MIT
// Mean and max over the entity rows of each sample: order-free, any number of rows.
#include "agents/net/net.h"
#include "agents/net/wide.h"

#include "engine/base/assert.h"

#include <string.h>

#define CHUNK 8 // columns whose sums stay in registers while the rows go by

/// CHUNK columns of one sample's rows, `last` > `first`.
PARA_WIDE_INLINE void pool_chunk(const float *rows, int first, int last, int width, float *mean, float *max,
                                 int *best)
{
    float sum[CHUNK], top[CHUNK];
    int chosen[CHUNK];
    for (int j = 0; j < CHUNK; j++) {
        sum[j] = top[j] = rows[(size_t)first * (size_t)width + (size_t)j];
        chosen[j] = first;
    }
    for (int r = first + 1; r < last; r++) {
        const float *row = rows + (size_t)r * (size_t)width;
        for (int j = 0; j < CHUNK; j++) {
            sum[j] += row[j];
            chosen[j] = row[j] > top[j] ? r : chosen[j];
            top[j] = row[j] > top[j] ? row[j] : top[j];
        }
    }
    float share = 1.0f / (float)(last - first);
    for (int j = 0; j < CHUNK; j++) {
        mean[j] = sum[j] * share;
        max[j] = top[j];
        best[j] = chosen[j];
    }
}

/// The columns that do not fill a chunk.
PARA_WIDE_INLINE void pool_column(const float *rows, int first, int last, int width, float *mean, float *max,
                                  int *best)
{
    float sum = rows[(size_t)first * (size_t)width], top = sum;
    *best = first;
    for (int r = first + 1; r < last; r++) {
        float value = rows[(size_t)r * (size_t)width];
        sum += value;
        *best = value > top ? r : *best;
        top = value > top ? value : top;
    }
    *mean = sum * (1.0f / (float)(last - first));
    *max = top;
}

PARA_WIDE_INLINE void pool_rows(const float *rows, int first, int last, int width, float *mean, float *max,
                                int *best)
{
    int j = 0;
    for (; j + CHUNK <= width; j += CHUNK)
        pool_chunk(rows + j, first, last, width, mean + j, max + j, best + j);
    for (; j < width; j++)
        pool_column(rows + j, first, last, width, mean + j, max + j, best + j);
}

PARA_WIDE_INLINE void para_pool_forward_plain(const float *rows, const int *offsets, int n, int width,
                                              float *out, int stride, int *best)
{
    PARA_ASSERT(stride >= 2 * width && offsets[0] == 0);
    for (int i = 0; i < n; i++) {
        float *mean = out + (size_t)i * (size_t)stride;
        int *chosen = best + (size_t)i * (size_t)width;
        if (offsets[i] < offsets[i + 1]) {
            pool_rows(rows, offsets[i], offsets[i + 1], width, mean, mean + width, chosen);
            continue;
        }
        memset(mean, 0, 2 * (size_t)width * sizeof *mean);
        for (int j = 0; j < width; j++)
            chosen[j] = -1;
    }
}

PARA_WIDE(, para_pool_forward,
          (const float *rows, const int *offsets, int n, int width, float *out, int stride, int *best),
          (rows, offsets, n, width, out, stride, best))

PARA_WIDE_INLINE void para_pool_backward_plain(const float *dout, int stride, const int *offsets,
                                               const int *best, int n, int width, float *drows)
{
    for (int i = 0; i < n; i++) {
        int first = offsets[i], last = offsets[i + 1];
        if (first == last)
            continue;
        const float *restrict dmean = dout + (size_t)i * (size_t)stride;
        const float *dmax = dmean + width;
        const int *chosen = best + (size_t)i * (size_t)width;
        float share = 1.0f / (float)(last - first);
        for (int r = first; r < last; r++) {
            float *restrict drow = drows + (size_t)r * (size_t)width;
            for (int j = 0; j < width; j++)
                drow[j] = dmean[j] * share;
        }
        for (int j = 0; j < width; j++)
            drows[(size_t)chosen[j] * (size_t)width + (size_t)j] += dmax[j];
    }
}

PARA_WIDE(, para_pool_backward,
          (const float *dout, int stride, const int *offsets, const int *best, int n, int width,
           float *drows),
          (dout, stride, offsets, best, n, width, drows))
