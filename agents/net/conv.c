// SPDX-License-Identifier: MIT
// Convolutions as products over OpenBLAS: what a kernel sees is laid out as rows (im2col), some pictures at a
// time, so that they stay in the cache.
#include "agents/net/conv.h"

#include "engine/base/assert.h"

#include <cblas.h>
#include <string.h>

#define ROWS 256 // of what kernels see, laid out at once

int para_conv_weights(const ParaConv *conv) { return conv->kernel * conv->kernel * conv->in * conv->out; }

static int pixels_of(const ParaConv *conv) { return conv->height * conv->width; }
static int seen_of(const ParaConv *conv) { return conv->kernel * conv->kernel * conv->in; }

/// Pictures whose rows are laid out at once.
static int together(const ParaConv *conv)
{
    int pictures = ROWS / pixels_of(conv);
    return pictures < 1 ? 1 : pictures;
}

int para_conv_scratch(const ParaConv *conv)
{
    return conv->kernel == 1 ? 1 : together(conv) * pixels_of(conv) * seen_of(conv);
}

/// A row of a kernel over one row of pixels is a piece of that row: where it is cut off by the border.
typedef struct Piece {
    int first, count; ///< [px] in the picture
    int skipped;      ///< [px] beyond its left border
} Piece;

static Piece piece_at(const ParaConv *conv, int x)
{
    int half = conv->kernel / 2, first = x - half < 0 ? 0 : x - half;
    int end = x + half + 1 > conv->width ? conv->width : x + half + 1;
    return (Piece){first, end - first, first - (x - half)};
}

/// What the kernel sees at each pixel of one picture. @param rows out, [height * width, kernel^2 in]
static void lay_out(const ParaConv *conv, const float *x, float *rows)
{
    size_t in = (size_t)conv->in, line = in * (size_t)conv->kernel;
    for (int i = 0; i < conv->height; i++)
        for (int j = 0; j < conv->width; j++) {
            Piece p = piece_at(conv, j);
            for (int k = 0; k < conv->kernel; k++, rows += line) {
                int row = i + k - conv->kernel / 2;
                bool cut = p.count < conv->kernel || row < 0 || row >= conv->height;
                if (cut)
                    memset(rows, 0, line * sizeof *rows);
                if (row >= 0 && row < conv->height)
                    memcpy(rows + in * (size_t)p.skipped, x + in * (size_t)(row * conv->width + p.first),
                           in * (size_t)p.count * sizeof *rows);
            }
        }
}

/// The way back: adds what each row says to the pixels that it saw.
static void gather(const ParaConv *conv, const float *rows, float *dx)
{
    size_t in = (size_t)conv->in, line = in * (size_t)conv->kernel;
    for (int i = 0; i < conv->height; i++)
        for (int j = 0; j < conv->width; j++) {
            Piece p = piece_at(conv, j);
            for (int k = 0; k < conv->kernel; k++, rows += line) {
                int row = i + k - conv->kernel / 2;
                if (row < 0 || row >= conv->height)
                    continue;
                const float *restrict from = rows + in * (size_t)p.skipped;
                float *restrict to = dx + in * (size_t)(row * conv->width + p.first);
                for (size_t c = 0; c < in * (size_t)p.count; c++)
                    to[c] += from[c];
            }
        }
}

/// Some pictures of an input as rows: themselves where a kernel sees one pixel.
static const float *rows_of(const ParaConv *conv, const float *x, int pictures, float *scratch)
{
    if (conv->kernel == 1)
        return x;
    size_t pixels = (size_t)pixels_of(conv);
    for (int i = 0; i < pictures; i++)
        lay_out(conv, x + (size_t)i * pixels * (size_t)conv->in,
                scratch + (size_t)i * pixels * (size_t)seen_of(conv));
    return scratch;
}

void para_conv_forward(const ParaConv *conv, const float *x, int n, const float *weight, const float *bias,
                       ParaActivation activation, float *y, float *scratch)
{
    PARA_ASSERT(conv->kernel % 2 == 1 && conv->in >= 1 && conv->out >= 1);
    size_t pixels = (size_t)pixels_of(conv);
    int step = together(conv), seen = seen_of(conv);
    for (int i = 0; i < n; i += step) {
        int pictures = n - i < step ? n - i : step;
        const float *rows = rows_of(conv, x + (size_t)i * pixels * (size_t)conv->in, pictures, scratch);
        para_linear_forward(rows, seen, pictures * (int)pixels, weight, bias, seen, conv->out, activation,
                            y + (size_t)i * pixels * (size_t)conv->out, conv->out);
    }
}

void para_conv_gradient(const ParaConv *conv, const float *x, int n, const float *dy, float *dweight,
                        float *restrict dbias, float *scratch)
{
    size_t pixels = (size_t)pixels_of(conv);
    int step = together(conv), seen = seen_of(conv), out = conv->out;
    for (int i = 0; i < n; i += step) {
        int count = (n - i < step ? n - i : step) * (int)pixels;
        const float *rows =
            rows_of(conv, x + (size_t)i * pixels * (size_t)conv->in, count / (int)pixels, scratch);
        const float *d = dy + (size_t)i * pixels * (size_t)out;
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, seen, out, count, 1.0f, rows, seen, d, out, 1.0f,
                    dweight, out);
        for (int r = 0; r < count; r++)
            for (int c = 0; c < out; c++)
                dbias[c] += d[(size_t)r * (size_t)out + (size_t)c];
    }
}

void para_conv_backward(const ParaConv *conv, const float *dy, int n, const float *weight, bool add,
                        float *dx, float *scratch)
{
    size_t pixels = (size_t)pixels_of(conv), in = (size_t)conv->in;
    int step = together(conv), seen = seen_of(conv);
    if (conv->kernel == 1) {
        para_linear_backward(dy, conv->out, n * (int)pixels, weight, conv->in, conv->out, add, dx, conv->in);
        return;
    }
    if (!add)
        memset(dx, 0, (size_t)n * pixels * in * sizeof *dx);
    for (int i = 0; i < n; i += step) {
        int pictures = n - i < step ? n - i : step;
        para_linear_backward(dy + (size_t)i * pixels * (size_t)conv->out, conv->out, pictures * (int)pixels,
                             weight, seen, conv->out, false, scratch, seen);
        for (int k = 0; k < pictures; k++)
            gather(conv, scratch + (size_t)k * pixels * (size_t)seen, dx + (size_t)(i + k) * pixels * in);
    }
}
