// SPDX-License-Identifier: MIT
// The kernel of agents/net_product.h for one width of vectors. Included once by each kernel's file, which
// defines TILE_LANES (floats of a vector), TILE_TARGET (attribute of each function), TILE_PRODUCT (name) and
// TILE_ADD_PRODUCT(sum, x, b).
#include "agents/net_maths.h"
#include "agents/net_product.h"

#define TILE_ROWS     6 // with 2 vectors: 12 sums, 2 of b, 1 of a and 1 to spare fill 16 registers
#define TILE_COLUMNS  (2 * TILE_LANES)
#define TILE_FUNCTION TILE_TARGET static inline __attribute__((always_inline))

typedef float Lanes __attribute__((vector_size(TILE_LANES * 4)));
typedef int32_t Mask __attribute__((vector_size(TILE_LANES * 4)));

// Anywhere in memory.
typedef float LanesAt __attribute__((vector_size(TILE_LANES * 4), aligned(4), may_alias));

TILE_FUNCTION Lanes lanes_load(const float *at) { return *(const LanesAt *)at; }

TILE_FUNCTION void lanes_store(float *at, Lanes v) { *(LanesAt *)at = v; }

TILE_FUNCTION Lanes lanes_all(float x) { return x - (Lanes){0}; }

TILE_FUNCTION Lanes lanes_choose(Mask mask, Lanes yes, Lanes no)
{
    return (Lanes)((mask & (Mask)yes) | (~mask & (Mask)no));
}

/// Where a tile lies.
typedef struct Tile {
    const float *a;
    const float *b; ///< its columns of the panel
    const float *start;
    float *c;
    int start_stride, c_stride;
} Tile;

/// `rows` x (`vectors` * TILE_LANES) sums. rows, vectors, a_row or a_step are constants where it is inlined.
TILE_FUNCTION void tile_sum(const Tile *tile, int a_row, int a_step, int depth, int rows, int vectors)
{
    Lanes sum[TILE_ROWS][2];
    const float *a = tile->a, *b = tile->b, *start = tile->start;
    float *c = tile->c;
    ptrdiff_t start_stride = tile->start_stride, c_stride = tile->c_stride;
    for (int i = 0; i < rows; i++, start += start_stride)
        for (int v = 0; v < vectors; v++)
            sum[i][v] = lanes_load(start + v * TILE_LANES);
    for (int k = 0; k < depth; k++) {
        Lanes b0 = lanes_load(b), b1 = vectors > 1 ? lanes_load(b + TILE_LANES) : b0;
        for (int i = 0; i < rows; i++) {
            Lanes x = lanes_all(a[(ptrdiff_t)i * a_row]);
            sum[i][0] = TILE_ADD_PRODUCT(sum[i][0], x, b0);
            if (vectors > 1)
                sum[i][1] = TILE_ADD_PRODUCT(sum[i][1], x, b1);
        }
        a += a_step;
        b += PARA_PANEL;
    }
    for (int i = 0; i < rows; i++, c += c_stride)
        for (int v = 0; v < vectors; v++)
            lanes_store(c + v * TILE_LANES, sum[i][v]);
}

TILE_FUNCTION void tile_rows(const Tile *tile, int a_row, int a_step, int depth, int rows, int vectors)
{
    switch (rows) {
    case 1:
        tile_sum(tile, a_row, a_step, depth, 1, vectors);
        break;
    case 2:
        tile_sum(tile, a_row, a_step, depth, 2, vectors);
        break;
    case 3:
        tile_sum(tile, a_row, a_step, depth, 3, vectors);
        break;
    case 4:
        tile_sum(tile, a_row, a_step, depth, 4, vectors);
        break;
    case 5:
        tile_sum(tile, a_row, a_step, depth, 5, vectors);
        break;
    default:
        tile_sum(tile, a_row, a_step, depth, TILE_ROWS, vectors);
        break;
    }
}

TILE_TARGET static void tile_along_rows(const Tile *tile, const ParaProduct *p, int rows, int vectors)
{
    if (vectors > 1)
        tile_rows(tile, p->a_row, 1, p->depth, rows, 2);
    else
        tile_rows(tile, p->a_row, 1, p->depth, rows, 1);
}

TILE_TARGET static void tile_across_rows(const Tile *tile, const ParaProduct *p, int rows, int vectors)
{
    if (vectors > 1)
        tile_rows(tile, 1, p->a_step, p->depth, rows, 2);
    else
        tile_rows(tile, 1, p->a_step, p->depth, rows, 1);
}

/// tanh as para_net_tanh has it.
TILE_FUNCTION Lanes lanes_tanh(Lanes x)
{
    Lanes end = lanes_all(PARA_NET_TANH_END);
    x = lanes_choose(x < -end, -end, x);
    x = lanes_choose(x > end, end, x);
    Lanes s = x * x;
    Lanes p = x * (135135.0f + s * (17325.0f + s * (378.0f + s)));
    Lanes q = 135135.0f + s * (62370.0f + s * (3150.0f + s * 28.0f));
    return p / q;
}

TILE_FUNCTION Lanes lanes_end(ParaEnd end, Lanes c, const float *y)
{
    Lanes zero = {0};
    switch (end) {
    case PARA_END_NONE:
        break;
    case PARA_END_RELU:
        return lanes_choose(c > zero, c, zero);
    case PARA_END_TANH:
        return lanes_tanh(c);
    case PARA_END_RELU_BACK:
        return lanes_choose(lanes_load(y) > zero, c, zero);
    case PARA_END_TANH_BACK: {
        Lanes out = lanes_load(y);
        return c * (1.0f - out * out);
    }
    }
    return c;
}

/// The end of a tile, while it is still near.
TILE_TARGET static void tile_end(ParaEnd end, float *c, int c_stride, const float *y, int y_stride, int rows,
                                 int vectors)
{
    for (int i = 0; i < rows; i++)
        for (int v = 0; v < vectors; v++) {
            float *at = c + (ptrdiff_t)i * c_stride + v * TILE_LANES;
            const float *out = y != NULL ? y + (ptrdiff_t)i * y_stride + v * TILE_LANES : NULL;
            lanes_store(at, lanes_end(end, lanes_load(at), out));
        }
}

/// A tile that reaches over the last column works on copies.
TILE_TARGET static void tile_at_edge(const ParaProduct *p, Tile tile, int row, int column, int rows, int left)
{
    float start[TILE_ROWS][TILE_COLUMNS] = {{0}}, c[TILE_ROWS][TILE_COLUMNS],
          y[TILE_ROWS][TILE_COLUMNS] = {{0}};
    int vectors = left > TILE_LANES ? 2 : 1;
    size_t bytes = (size_t)left * sizeof(float);
    for (int i = 0; i < rows; i++) {
        memcpy(start[i], tile.start + (ptrdiff_t)i * tile.start_stride, bytes);
        if (p->y != NULL)
            memcpy(y[i], p->y + (ptrdiff_t)(row + i) * p->y_stride + column, bytes);
    }
    float *out = tile.c;
    tile.start = start[0], tile.start_stride = TILE_COLUMNS;
    tile.c = c[0], tile.c_stride = TILE_COLUMNS;
    if (p->a_step == 1)
        tile_along_rows(&tile, p, rows, vectors);
    else
        tile_across_rows(&tile, p, rows, vectors);
    if (p->end != PARA_END_NONE)
        tile_end(p->end, c[0], TILE_COLUMNS, y[0], TILE_COLUMNS, rows, vectors);
    for (int i = 0; i < rows; i++)
        memcpy(out + (ptrdiff_t)i * p->c_stride, c[i], bytes);
}

TILE_TARGET static void tile_at(const ParaProduct *p, const float *b, int row, int column)
{
    int rows = p->rows - row < TILE_ROWS ? p->rows - row : TILE_ROWS, left = p->columns - column;
    static const float zeros[TILE_COLUMNS];
    Tile tile = {.a = p->a + (ptrdiff_t)row * p->a_row,
                 .b = b,
                 .start = p->start ? p->start + (ptrdiff_t)row * p->start_stride + column : zeros,
                 .c = p->c + (ptrdiff_t)row * p->c_stride + column,
                 .start_stride = p->start ? p->start_stride : 0,
                 .c_stride = p->c_stride};
    if (left < TILE_COLUMNS) {
        tile_at_edge(p, tile, row, column, rows, left);
        return;
    }
    if (p->a_step == 1)
        tile_along_rows(&tile, p, rows, 2);
    else
        tile_across_rows(&tile, p, rows, 2);
    if (p->end != PARA_END_NONE)
        tile_end(p->end, tile.c, p->c_stride,
                 p->y != NULL ? p->y + (ptrdiff_t)row * p->y_stride + column : NULL, p->y_stride, rows, 2);
}

TILE_TARGET void TILE_PRODUCT(const ParaProduct *p)
{
    for (int column = 0; column < p->columns; column += TILE_COLUMNS) {
        const float *panel = p->panels + (size_t)(column / PARA_PANEL) * (size_t)p->depth * PARA_PANEL;
        for (int row = 0; row < p->rows; row += TILE_ROWS)
            tile_at(p, panel + column % PARA_PANEL, row, column);
    }
}
