// SPDX-License-Identifier: MIT
// Between pictures of different sizes, and codes of a few levels: layers without weights.
#include "agents/net/conv.h"
#include "agents/net/maths.h"

#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

/// Moves each line of a block: `side` pixels that stand side by side in both pictures.
static void move(const float *from, int n, int height, int width, int channels, int side, bool deep,
                 float *to)
{
    PARA_ASSERT(height % side == 0 && width % side == 0);
    size_t line = (size_t)(side * channels);
    for (int i = 0; i < n * height; i++)
        for (int j = 0; j < width / side; j++) {
            size_t large = ((size_t)i * (size_t)(width / side) + (size_t)j) * line;
            size_t block = (size_t)(i / side) * (size_t)(width / side) + (size_t)j;
            size_t small = (block * (size_t)side + (size_t)(i % side)) * line;
            memcpy(to + (deep ? small : large), from + (deep ? large : small), line * sizeof *to);
        }
}

void para_space_to_depth(const float *x, int n, int height, int width, int channels, int side, float *y)
{
    move(x, n, height, width, channels, side, true, y);
}

void para_depth_to_space(const float *x, int n, int height, int width, int channels, int side, float *y)
{
    move(x, n, height, width, channels, side, false, y);
}

void para_codes_snap(const float *x, float *code, int count, int levels)
{
    float half = (float)(levels - 1) / 2.0f;
    for (int i = 0; i < count; i++) {
        float low = x[i] > -1.0f ? x[i] : -1.0f, clipped = low < 1.0f ? low : 1.0f;
        code[i] = levels == 0 ? clipped : rintf(clipped * half) / half;
    }
}

void para_codes_forward(float *x, float *code, int count, int levels)
{
    PARA_ASSERT(levels == 0 || (levels >= 3 && levels % 2 == 1));
    for (int i = 0; i < count; i++)
        x[i] = para_net_tanh(x[i]);
    para_codes_snap(x, code, count, levels);
}

void para_codes_backward(const float *x, float *d, int count)
{
    for (int i = 0; i < count; i++)
        d[i] *= 1.0f - x[i] * x[i];
}

void para_codes_snap_backward(const float *x, float *d, int count)
{
    for (int i = 0; i < count; i++)
        d[i] = (x[i] > 1.0f && d[i] < 0.0f) || (x[i] < -1.0f && d[i] > 0.0f) ? 0.0f : d[i];
}
