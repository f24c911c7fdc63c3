// SPDX-License-Identifier: MIT
// Tiles of three rows and four vectors of eight columns: twelve sums, which with four weights fill the
// sixteen registers. They are kept there while the sum goes over 64 steps, so that a panel of b stays in the
// first cache while all rows go by.
#include "agents/net/product.h"

#include "engine/base/assert.h"

#include <stddef.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define FUSED   __attribute__((target("avx2,fma")))
#define INLINE  static inline __attribute__((always_inline))
#define ROWS    3
#define VECTORS 4
#define WIDTH   8  // floats of a vector
#define STEPS   64 // of a panel of b
#define PANEL   (VECTORS * WIDTH)
#define MANY    48 // rows for which a panel of b is worth packing

/// Where a tile begins, and what it is added to.
typedef struct Tile {
    const float *a, *b;
    float *c;
    int a_stride, b_stride, c_stride, steps;
    const float *bias; ///< at its first column; NULL: c or 0
    bool add, relu;
} Tile;

FUSED INLINE __m256i mask_of(int columns)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(columns), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/// @param part a vector of fewer columns than it has room for: those of `mask`
FUSED INLINE __m256 take(const float *from, const bool part, __m256i mask)
{
    return part ? _mm256_maskload_ps(from, mask) : _mm256_loadu_ps(from);
}

FUSED INLINE void tile(const Tile *t, const int rows, const int vectors, const bool part, __m256i mask)
{
    __m256 sum[ROWS][VECTORS];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++)
            sum[r][v] = t->bias  ? take(t->bias + v * WIDTH, part, mask)
                        : t->add ? take(t->c + r * t->c_stride + v * WIDTH, part, mask)
                                 : _mm256_setzero_ps();
    const float *a = t->a, *b = t->b;
    for (int k = 0; k < t->steps; k++, a++, b += t->b_stride) {
        __m256 weight[VECTORS];
        for (int v = 0; v < vectors; v++)
            weight[v] = take(b + v * WIDTH, part, mask);
        for (int r = 0; r < rows; r++) {
            __m256 x = _mm256_broadcast_ss(a + r * t->a_stride);
            for (int v = 0; v < vectors; v++)
                sum[r][v] = _mm256_fmadd_ps(x, weight[v], sum[r][v]);
        }
    }
    __m256 least = t->relu ? _mm256_setzero_ps() : _mm256_set1_ps(-__builtin_inff());
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) { // a NaN stays one: max gives its second operand
            __m256 y = _mm256_max_ps(least, sum[r][v]);
            float *c = t->c + r * t->c_stride + v * WIDTH;
            if (part)
                _mm256_maskstore_ps(c, mask, y);
            else
                _mm256_storeu_ps(c, y);
        }
}

#define DEFINE_ROWS(name, vectors, part)                                                                     \
    FUSED static void name(Tile t, int rows, int columns)                                                    \
    {                                                                                                        \
        const __m256i mask = mask_of(columns);                                                               \
        for (; rows >= ROWS; rows -= ROWS, t.a += ROWS * t.a_stride, t.c += ROWS * t.c_stride)               \
            tile(&t, ROWS, vectors, part, mask);                                                             \
        if (rows == 2)                                                                                       \
            tile(&t, 2, vectors, part, mask);                                                                \
        if (rows == 1)                                                                                       \
            tile(&t, 1, vectors, part, mask);                                                                \
    }
DEFINE_ROWS(rows_of_4, 4, false)
DEFINE_ROWS(rows_of_3, 3, false)
DEFINE_ROWS(rows_of_2, 2, false)
DEFINE_ROWS(rows_of_1, 1, false)
DEFINE_ROWS(rows_of_part, 1, true)

#define CHAINS 8 // rows whose sums go on side by side where there is a single column

FUSED INLINE void column_of(const Tile *t, const int rows)
{
    float sum[CHAINS];
    for (int r = 0; r < rows; r++)
        sum[r] = t->bias ? *t->bias : t->add ? t->c[r * t->c_stride] : 0.0f;
    for (int k = 0; k < t->steps; k++)
        for (int r = 0; r < rows; r++)
            sum[r] = __builtin_fmaf(t->a[r * t->a_stride + k], t->b[k * t->b_stride], sum[r]);
    for (int r = 0; r < rows; r++)
        t->c[r * t->c_stride] = t->relu && sum[r] <= 0.0f ? 0.0f : sum[r];
}

FUSED static void rows_of_column(Tile t, int rows)
{
    for (; rows >= CHAINS; rows -= CHAINS, t.a += CHAINS * t.a_stride, t.c += CHAINS * t.c_stride)
        column_of(&t, CHAINS);
    for (; rows > 0; rows--, t.a += t.a_stride, t.c += t.c_stride)
        column_of(&t, 1);
}

/// All rows of a panel of at most PANEL columns.
FUSED static void panel(Tile t, int rows, int columns)
{
    if (columns == 1) {
        rows_of_column(t, rows);
        return;
    }
    int vectors = columns / WIDTH, rest = columns % WIDTH;
    if (vectors == 4)
        rows_of_4(t, rows, WIDTH);
    else if (vectors == 3)
        rows_of_3(t, rows, WIDTH);
    else if (vectors == 2)
        rows_of_2(t, rows, WIDTH);
    else if (vectors == 1)
        rows_of_1(t, rows, WIDTH);
    if (rest == 0)
        return;
    t.b += vectors * WIDTH;
    t.c += vectors * WIDTH;
    t.bias = t.bias ? t.bias + vectors * WIDTH : NULL;
    rows_of_part(t, rows, rest);
}

/// The steps [first, first + steps) of a product from a column on: what they begin with, and whether they are
/// the last.
static Tile tile_at(const ParaNetProduct *p, int first, int steps, int column)
{
    bool begins = first == 0, ends = first + steps == p->steps;
    return (Tile){.a = p->a + first,
                  .c = p->c + column,
                  .a_stride = p->a_stride,
                  .c_stride = p->c_stride,
                  .steps = steps,
                  .bias = begins && p->bias ? p->bias + column : NULL,
                  .add = p->add || !begins,
                  .relu = p->relu && ends};
}

/// A panel of b, its steps one after the other. @param turned b is [columns, steps]
static void pack(const ParaNetProduct *p, bool turned, int first, int steps, int column, int wide, float *out)
{
    if (!turned) {
        for (int k = 0; k < steps; k++)
            memcpy(out + k * PANEL, p->b + (ptrdiff_t)(first + k) * p->b_stride + column,
                   sizeof *out * (size_t)wide);
        return;
    }
    for (int j = 0; j < wide; j++)
        for (int k = 0; k < steps; k++)
            out[k * PANEL + j] = p->b[(ptrdiff_t)(column + j) * p->b_stride + first + k];
}

static void multiply(const ParaNetProduct *p, bool turned)
{
    PARA_ASSERT(p->rows >= 1 && p->columns >= 1 && p->steps >= 1);
    bool packs = turned || p->rows >= MANY;
    float packed[STEPS * PANEL]; // 8 kB
    for (int first = 0; first < p->steps; first += STEPS) {
        int left = p->steps - first, steps = left < STEPS ? left : STEPS;
        for (int column = 0; column < p->columns; column += PANEL) {
            int rest = p->columns - column, wide = rest < PANEL ? rest : PANEL;
            Tile t = tile_at(p, first, steps, column);
            if (packs)
                pack(p, turned, first, steps, column, wide, packed);
            t.b = packs ? packed : p->b + (ptrdiff_t)first * p->b_stride + column;
            t.b_stride = packs ? PANEL : p->b_stride;
            panel(t, p->rows, wide);
        }
    }
}

void para_net_product(const ParaNetProduct *p) { multiply(p, false); }
void para_net_product_turned(const ParaNetProduct *p) { multiply(p, true); }

bool para_net_has_product(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

#else

bool para_net_has_product(void) { return false; }
void para_net_product(const ParaNetProduct *p)
{
    (void)p;
    PARA_ASSERT(false); // nobody asks where there is none
}
void para_net_product_turned(const ParaNetProduct *p) { para_net_product(p); }

#endif
