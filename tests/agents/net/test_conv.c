// SPDX-License-Identifier: MIT
// Layers over pictures: a convolution against sums written out, every way back against differences, space to
// depth and back, codes that are rounded on the way there alone, the recurrent unit.
#include "agents/net/gru.h"
#include "engine/base/arena.h"
#include "tests/tests.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { N = 2, H = 4, W = 5, IN = 3, OUT = 2, ROOM = 20000 };

static float *noise(ParaArena *arena, int count, uint64_t seed)
{
    ParaRng rng = para_rng_make(seed, "noise");
    float *x = PARA_NEW(arena, float, count);
    for (int i = 0; i < count; i++)
        x[i] = (float)para_rng_range(&rng, -1, 1);
    return x;
}

static double dot(const float *a, const float *b, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

static void test_conv_is_the_sum_it_says(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    para_net_ready();
    for (int kernel = 1; kernel <= 5; kernel += 2) {
        const ParaConv conv = {H, W, IN, OUT, kernel};
        const float *x = noise(arena, N * H * W * IN, 1), *b = noise(arena, OUT, 3);
        const float *w = noise(arena, para_conv_weights(&conv), 2);
        float *y = PARA_NEW(arena, float, N *H *W *OUT),
              *scratch = PARA_NEW(arena, float, para_conv_scratch(&conv));
        para_conv_forward(&conv, x, N, w, b, PARA_ACTIVATION_NONE, y, scratch);
        for (int at = 0; at < N * H * W * OUT; at++) {
            int o = at % OUT, j = at / OUT % W, i = at / OUT / W % H, n = at / OUT / W / H;
            double sum = (double)b[o];
            for (int k = 0; k < kernel * kernel * IN; k++) {
                int row = i + k / IN / kernel - kernel / 2, column = j + k / IN % kernel - kernel / 2;
                if (row >= 0 && row < H && column >= 0 && column < W)
                    sum += (double)x[((n * H + row) * W + column) * IN + k % IN] * (double)w[k * OUT + o];
            }
            assert_true(fabs(sum - (double)y[at]) < 1e-5);
        }
    }
    para_arena_destroy(arena);
}

/// The directional derivative of f at x, against what its gradient says.
typedef double Function(void *context);
static void check_gradient(Function *f, void *context, float *x, const float *gradient, int count,
                           ParaArena *arena)
{
    for (uint64_t turn = 0; turn < 3; turn++) {
        const float *way = noise(arena, count, 100 + turn);
        float *kept = PARA_NEW(arena, float, count), size = 2e-3f;
        double ends[2];
        memcpy(kept, x, (size_t)count * sizeof *x);
        for (int end = 0; end < 2; end++) {
            for (int i = 0; i < count; i++)
                x[i] = kept[i] + (end ? size : -size) * way[i];
            ends[end] = f(context);
        }
        memcpy(x, kept, (size_t)count * sizeof *x);
        double by = (ends[1] - ends[0]) / (2 * (double)size), said = dot(way, gradient, count);
        assert_true(fabs(by - said) < 1e-2 * (0.1 + fabs(said)));
    }
}

typedef struct Transposed {
    ParaConv conv;
    float *x, *w, *b, *y, *large, *scratch;
    const float *want; // weights of the sum that is looked at
} Transposed;

/// A convolution and then depth to space, which is a transposed one: the sum of its outputs, weighted.
static double transposed(void *context)
{
    Transposed *t = context;
    para_conv_forward(&t->conv, t->x, N, t->w, t->b, PARA_ACTIVATION_TANH, t->y, t->scratch);
    para_depth_to_space(t->y, N, 2 * H, 2 * W, OUT, 2, t->large);
    return dot(t->large, t->want, N * H * W * 4 * OUT);
}

static void test_conv_gradient_is_that_of_differences(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    for (int kernel = 1; kernel <= 3; kernel += 2) {
        Transposed t = {.conv = {H, W, IN, 4 * OUT, kernel}, .x = noise(arena, N * H * W * IN, 1)};
        int weights = para_conv_weights(&t.conv), outs = N * H * W * 4 * OUT, ins = N * H * W * IN;
        t.w = noise(arena, weights, 2);
        t.b = noise(arena, 4 * OUT, 3);
        t.y = PARA_NEW(arena, float, outs);
        t.large = PARA_NEW(arena, float, outs);
        t.scratch = PARA_NEW(arena, float, para_conv_scratch(&t.conv));
        t.want = noise(arena, outs, 4);
        float *dy = PARA_NEW(arena, float, outs), *dx = noise(arena, ins, 5), *dw = noise(arena, weights, 6),
              *db = noise(arena, 4 * OUT, 7), *before = noise(arena, weights, 6),
              *bias_before = noise(arena, 4 * OUT, 7);
        transposed(&t);
        para_space_to_depth(t.want, N, 2 * H, 2 * W, OUT, 2, dy);
        para_activation_backward(PARA_ACTIVATION_TANH, t.y, dy, outs);
        para_conv_gradient(&t.conv, t.x, N, dy, dw, db, t.scratch);
        para_conv_backward(&t.conv, dy, N, t.w, false, dx, t.scratch);
        for (int i = 0; i < weights; i++) // gradients of weights were added
            dw[i] -= before[i];
        for (int i = 0; i < 4 * OUT; i++)
            db[i] -= bias_before[i];
        check_gradient(transposed, &t, t.x, dx, ins, arena);
        check_gradient(transposed, &t, t.w, dw, weights, arena);
        check_gradient(transposed, &t, t.b, db, 4 * OUT, arena);
        float *twice = PARA_NEW(arena, float, ins);
        memcpy(twice, dx, (size_t)ins * sizeof *dx);
        para_conv_backward(&t.conv, dy, N, t.w, true, twice, t.scratch);
        for (int i = 0; i < ins; i++)
            assert_true(fabsf(twice[i] - 2.0f * dx[i]) < 1e-5f);
    }
    para_arena_destroy(arena);
}

static void test_space_to_depth_comes_back(void **state)
{
    (void)state;
    float x[2 * 4 * 6 * 3], deep[2 * 4 * 6 * 3], back[2 * 4 * 6 * 3];
    for (int i = 0; i < 144; i++)
        x[i] = (float)i;
    para_space_to_depth(x, 2, 4, 6, 3, 2, deep);
    const float first[12] = {0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23}; // the block at the upper left
    assert_memory_equal(deep, first, sizeof first);
    assert_true(deep[12] == 6.0f && deep[3 * 12] == 36.0f); // the next; the first below
    para_depth_to_space(deep, 2, 4, 6, 3, 2, back);
    assert_memory_equal(back, x, sizeof x);
}

static void test_codes_are_rounded_straight_through(void **state)
{
    (void)state;
    float x[4] = {-9.0f, -0.3f, 0.2f, 0.7f}, code[4], d[4] = {1, 1, 1, 1};
    para_codes_forward(x, code, 4, 5);
    const float want[4] = {-1.0f, -0.5f, 0.0f, 0.5f}; // tanh: -1, -0.29, 0.197, 0.604
    assert_memory_equal(code, want, sizeof want);
    para_codes_backward(x, d, 4);
    for (int i = 1; i < 4; i++) // as if it had not been rounded
        assert_true(fabsf(d[i] - (1.0f - x[i] * x[i])) < 1e-6f && d[i] > 0.5f);
    assert_true(fabsf(d[0]) < 1e-3f);
    para_codes_forward(x, code, 4, 0);
    assert_memory_equal(code, x, sizeof x);
    float sum[4] = {1.4f, -1.4f, 0.6f, 0.26f}, snapped[4], out[4] = {-1, -1, 1, 1}, in[4] = {1, 1, -1, -1};
    const float near[4] = {1.0f, -1.0f, 0.5f, 0.5f};
    para_codes_snap(sum, snapped, 4, 5);
    assert_memory_equal(snapped, near, sizeof near);
    para_codes_snap(snapped, snapped, 4, 5); // a code stays what it is
    assert_memory_equal(snapped, near, sizeof near);
    para_codes_snap_backward(sum, out, 4); // down the gradient the first goes out, which it may not
    para_codes_snap_backward(sum, in, 4);
    assert_true(out[0] == 0.0f && out[1] == -1.0f && out[2] == 1.0f && out[3] == 1.0f);
    assert_true(in[0] == 1.0f && in[1] == 0.0f && in[2] == -1.0f && in[3] == -1.0f);
}

enum { STEPS = 3, HIDDEN = 3, ACTS = 2, HIDDENS = N * H * W * HIDDEN, INS = N * H * W * IN };

typedef struct Recurrent {
    ParaGru gru;
    ParaGruWeights weights;
    float *block, *x[STEPS], *acts[STEPS], *h[STEPS + 1], *scratch;
    int count;
    ParaGruStep steps[STEPS];
    const float *want;
} Recurrent;

static ParaGruWeights lay(const ParaGru *gru, float *block, int *out_count)
{
    int seen = gru->kernel * gru->kernel, out = 3 * gru->hidden;
    ParaGruWeights w = {.x = block};
    w.x_bias = w.x + seen * gru->in * out;
    w.h = w.x_bias + out;
    w.h_bias = w.h + seen * gru->hidden * out;
    w.acts = w.h_bias + out;
    *out_count = (int)(w.acts + gru->acts * out - block);
    return w;
}

static double recurrent(void *context)
{
    Recurrent *r = context;
    for (int t = 0; t < STEPS; t++)
        para_gru_forward(&r->gru, &r->weights, r->x[t], r->acts[t], r->h[t], N, r->h[t + 1], &r->steps[t],
                         r->scratch);
    return dot(r->h[STEPS], r->want, HIDDENS);
}

static void test_gru_gradient_is_that_of_differences(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    Recurrent r = {.gru = {H, W, IN, HIDDEN, ACTS, 3}, .want = noise(arena, HIDDENS, 1)};
    r.block = noise(arena, ROOM, 2);
    r.weights = lay(&r.gru, r.block, &r.count);
    r.scratch = PARA_NEW(arena, float, para_gru_scratch(&r.gru, N));
    for (int t = 0; t <= STEPS; t++)
        r.h[t] = noise(arena, HIDDENS, 10);
    for (int t = 0; t < STEPS; t++) {
        r.x[t] = noise(arena, INS, 20 + (uint64_t)t);
        r.acts[t] = noise(arena, N * ACTS, 30 + (uint64_t)t);
        r.steps[t] = (ParaGruStep){PARA_NEW(arena, float, 3 * HIDDENS), PARA_NEW(arena, float, 3 * HIDDENS)};
    }
    float *gradient = PARA_NEW(arena, float, ROOM), *dx = PARA_NEW(arena, float, INS),
          *dh = PARA_NEW(arena, float, HIDDENS), *dnext = PARA_NEW(arena, float, HIDDENS);
    int count = 0;
    ParaGruWeights learned = lay(&r.gru, gradient, &count);
    memset(gradient, 0, ROOM * sizeof *gradient);
    recurrent(&r);
    memcpy(dnext, r.want, HIDDENS * sizeof *dnext);
    for (int t = STEPS - 1; t >= 0; t--) {
        para_gru_backward(&r.gru, &r.weights, r.x[t], r.acts[t], r.h[t], N, dnext, &r.steps[t], &learned, dx,
                          dh, r.scratch);
        float *later = dnext;
        dnext = dh;
        dh = later;
    }
    check_gradient(recurrent, &r, r.block, gradient, count, arena);
    check_gradient(recurrent, &r, r.x[0], dx, INS, arena);
    check_gradient(recurrent, &r, r.h[0], dnext, HIDDENS, arena);
    para_arena_destroy(arena);
}

static void test_gru_remembers(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    const ParaGru gru = {1, 1, 1, 1, 0, 1};
    float zeros[3] = {0}, open[3] = {40, 0, 0}, h = 0.7f, next = 0, x = 5.0f;
    float gates[3], held[3], scratch[16];
    const ParaGruStep step = {gates, held};
    const ParaGruWeights keeps = {zeros, open, zeros, zeros, NULL},
                         forgets = {zeros, zeros, zeros, zeros, NULL};
    assert_true(para_gru_scratch(&gru, 1) <= 16);
    para_gru_forward(&gru, &keeps, &x, NULL, &h, 1, &next, &step, scratch); // its update gate is open
    assert_true(fabsf(next - 0.7f) < 1e-3f);
    para_gru_forward(&gru, &forgets, &x, NULL, &h, 1, &next, &step, scratch); // half, and half of nothing
    assert_true(fabsf(next - 0.35f) < 1e-3f);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_conv[] = {cmocka_unit_test(test_conv_is_the_sum_it_says),
                                             cmocka_unit_test(test_conv_gradient_is_that_of_differences),
                                             cmocka_unit_test(test_space_to_depth_comes_back),
                                             cmocka_unit_test(test_codes_are_rounded_straight_through),
                                             cmocka_unit_test(test_gru_gradient_is_that_of_differences),
                                             cmocka_unit_test(test_gru_remembers)};
const size_t para_tests_conv_count = sizeof para_tests_conv / sizeof *para_tests_conv;
