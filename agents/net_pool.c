// SPDX-License-Identifier: MIT
// Mean and max over the entity rows of each sample: order-free, any number of rows.
#include "agents/net.h"

#include <string.h>

static void pool_rows(const float *restrict rows, int first, int last, int width, float *restrict mean,
                      float *restrict max, int *restrict best)
{
    const float *row = rows + (size_t)first * (size_t)width;
    for (int j = 0; j < width; j++) {
        mean[j] = row[j];
        max[j] = row[j];
        best[j] = first;
    }
    for (int r = first + 1; r < last; r++) {
        row = rows + (size_t)r * (size_t)width;
        for (int j = 0; j < width; j++) {
            mean[j] += row[j];
            best[j] = row[j] > max[j] ? r : best[j];
            max[j] = row[j] > max[j] ? row[j] : max[j];
        }
    }
    float share = 1.0f / (float)(last - first);
    for (int j = 0; j < width; j++)
        mean[j] *= share;
}

void para_pool_forward(const float *rows, const int *offsets, int n, int width, float *out, int stride,
                       int *best)
{
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

void para_pool_backward(const float *dout, int stride, const int *offsets, const int *best, int n, int width,
                        float *drows)
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
