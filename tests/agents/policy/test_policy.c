// SPDX-License-Identifier: MIT
// The network's parts against plain formulas and finite differences, the whole against a double reference,
// and the action heads' masks.
#include "tests/tests.h"

#include "agents/net/maths.h"
#include "tests/agents/learn/reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static ParaArena *make_arena(void) { return para_arena_create(1 << 20, (size_t)256 << 20); }

static void fill(float *x, int count, ParaRng *rng)
{
    for (int i = 0; i < count; i++)
        x[i] = (float)para_rng_normal(rng);
}

static ParaObsSpec small_rows(void) { return (ParaObsSpec){PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0}; }

/// Observations with 0 .. row_max live rows, the dead ones full of rubbish.
static float *make_obs(const ParaObsSpec *spec, int n, ParaRng *rng, ParaArena *arena)
{
    float *obs = PARA_NEW(arena, float, n * spec->size);
    fill(obs, n * spec->size, rng);
    for (int i = 0; i < n; i++)
        for (int r = 0; r < spec->row_max; r++)
            obs[(i + 1) * spec->size - spec->row_max + r] =
                para_rng_int(rng, 0, spec->row_max) > i % 6 ? 1.0f : 0.0f;
    return obs;
}

static void shake_statistics(ParaPolicy *policy, ParaRng *rng)
{
    for (int j = 0; j < policy->def.obs.global_size; j++) {
        para_policy_at(policy, PARA_T_GLOBAL_MEAN)[j] = (float)para_rng_range(rng, -0.5, 0.5);
        para_policy_at(policy, PARA_T_GLOBAL_VARIANCE)[j] = (float)para_rng_range(rng, 0.5, 2.0);
    }
    for (int j = 0; policy->def.obs.row_max > 0 && j < policy->def.obs.row_size; j++) {
        para_policy_at(policy, PARA_T_ROW_MEAN)[j] = (float)para_rng_range(rng, -0.5, 0.5);
        para_policy_at(policy, PARA_T_ROW_VARIANCE)[j] = (float)para_rng_range(rng, 0.5, 2.0);
    }
}

// ---------------------------------------------------------------- maths

static void test_policy_maths_is_near_libm(void **state)
{
    (void)state;
    for (double x = -30.0; x <= 30.0; x += 0.0101) {
        assert_near((double)para_net_tanh((float)x), tanh((double)(float)x), 2e-4);
        assert_near((double)para_net_exp((float)x) / exp((double)(float)x), 1.0, 3e-7);
        double positive = exp(x);
        assert_near((double)para_net_log((float)positive), log((double)(float)positive),
                    2e-7 + 1e-7 * fabs(x));
    }
    assert_true(para_net_tanh(1e30f) <= 1.0f && para_net_tanh(-1e30f) >= -1.0f);
    assert_true(isfinite(para_net_exp(1e30f)) && para_net_exp(-1e30f) > 0.0f);
}

// ---------------------------------------------------------------- layers

enum { N = 5, IN = 4, OUT = 3, STRIDE = 6 };

/// sum of c * activation(x W + b), the scalar whose gradient the layer must give
static double layer_sum(const double *x, const double *w, const double *b, const float *c,
                        ParaActivation activation)
{
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < OUT; j++) {
            double y = b[j];
            for (int k = 0; k < IN; k++)
                y += x[i * IN + k] * w[k * OUT + j];
            y = activation == PARA_ACTIVATION_RELU   ? fmax(y, 0.0)
                : activation == PARA_ACTIVATION_TANH ? tanh(y)
                                                     : y;
            sum += (double)c[i * OUT + j] * y;
        }
    return sum;
}

static double difference(double *at, const double *x, const double *w, const double *b, const float *c,
                         ParaActivation activation)
{
    double kept = *at, step = 1e-6;
    *at = kept + step;
    double above = layer_sum(x, w, b, c, activation);
    *at = kept - step;
    double below = layer_sum(x, w, b, c, activation);
    *at = kept;
    return (above - below) / (2.0 * step);
}

static void check_layer(ParaActivation activation, ParaRng *rng)
{
    float x[N * STRIDE] = {0}, w[IN * OUT], b[OUT], y[N * OUT], c[N * OUT], dy[N * OUT];
    float dw[IN * OUT], db[OUT], dx[N * STRIDE];
    double xd[N * IN], wd[IN * OUT], bd[OUT];
    fill(w, IN * OUT, rng);
    fill(b, OUT, rng);
    fill(c, N * OUT, rng);
    for (int i = 0; i < N; i++)
        fill(x + i * STRIDE, IN, rng);
    for (int i = 0; i < N * IN; i++)
        xd[i] = (double)x[i / IN * STRIDE + i % IN];
    for (int i = 0; i < IN * OUT; i++)
        wd[i] = (double)w[i];
    for (int j = 0; j < OUT; j++)
        bd[j] = (double)b[j];

    para_linear_forward(x, STRIDE, N, w, b, IN, OUT, activation, y, OUT);
    double sum = 0.0;
    for (int i = 0; i < N * OUT; i++)
        sum += (double)c[i] * (double)y[i];
    assert_near(sum, layer_sum(xd, wd, bd, c, activation), 1e-3);

    memcpy(dy, c, sizeof dy);
    para_activation_backward(activation, y, dy, N * OUT);
    para_linear_gradient(x, STRIDE, N, dy, OUT, IN, OUT, dw, db);
    para_linear_backward(dy, OUT, N, w, IN, OUT, false, dx, STRIDE);
    for (int i = 0; i < IN * OUT; i++)
        assert_near((double)dw[i], difference(&wd[i], xd, wd, bd, c, activation), 2e-3);
    for (int j = 0; j < OUT; j++)
        assert_near((double)db[j], difference(&bd[j], xd, wd, bd, c, activation), 2e-3);
    for (int i = 0; i < N * IN; i++)
        assert_near((double)dx[i / IN * STRIDE + i % IN], difference(&xd[i], xd, wd, bd, c, activation),
                    2e-3);
}

static void test_policy_layers_match_finite_differences(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(1, "layers");
    for (int round = 0; round < 20; round++) {
        check_layer(PARA_ACTIVATION_NONE, &rng);
        check_layer(PARA_ACTIVATION_RELU, &rng);
        check_layer(PARA_ACTIVATION_TANH, &rng);
    }
}

static void test_policy_linear_of_nothing_has_zero_gradient(void **state)
{
    (void)state;
    float w[4] = {1, 2, 3, 4}, dw[4] = {9, 9, 9, 9}, db[2] = {9, 9}, nothing[1] = {0};
    para_linear_forward(nothing, 2, 0, w, db, 2, 2, PARA_ACTIVATION_RELU, nothing, 2);
    para_linear_gradient(nothing, 2, 0, nothing, 2, 2, 2, dw, db);
    for (int i = 0; i < 4; i++)
        assert_true(dw[i] == 0.0f);
    assert_true(db[0] == 0.0f && db[1] == 0.0f);
}

static void test_policy_pool_forward_and_backward(void **state)
{
    (void)state;
    // Samples with 2, 0, 1 and 3 rows of width 2; the last has equal maxima in column 1.
    const float rows[] = {1, -2, 3, -4, 5, 6, -1, 7, -2, 7, -3, 1};
    const int offsets[] = {0, 2, 2, 3, 6};
    const float want[] = {2, -3, 3, -2, 0, 0, 0, 0, 5, 6, 5, 6, -2, 5, -1, 7};
    const int want_best[] = {1, 0, -1, -1, 2, 2, 3, 3};
    float out[4 * 5], drows[12];
    int best[8];
    memset(out, 0x55, sizeof out);
    para_pool_forward(rows, offsets, 4, 2, out, 5, best); // stride 5 > 2 * width
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            assert_near((double)out[i * 5 + j], (double)want[i * 4 + j], 1e-6);
    assert_memory_equal(best, want_best, sizeof best);

    const float dout[] = {1, 2, 10, 20, 8, 8, 8, 8, 3, 4, 30, 40, 6, 9, 60, 90};
    const float want_drows[] = {0.5f, 21, 10.5f, 1, 33, 44, 62, 93, 2, 3, 2, 3};
    para_pool_backward(dout, 4, offsets, best, 4, 2, drows);
    for (int i = 0; i < 12; i++)
        assert_near((double)drows[i], (double)want_drows[i], 1e-5);
}

static void test_policy_pool_gives_the_max_to_the_first_of_equals(void **state)
{
    (void)state;
    enum { WIDTH = 19, ROWS = 30, SAMPLES = 4 }; // two chunks of columns and a rest
    const int offsets[SAMPLES + 1] = {0, 9, 9, 10, ROWS};
    ParaRng rng = para_rng_make(14, "ties");
    float rows[ROWS * WIDTH], out[SAMPLES * 2 * WIDTH];
    int best[SAMPLES * WIDTH];
    for (int i = 0; i < ROWS * WIDTH; i++)
        rows[i] = (float)para_rng_int(&rng, -2, 2);
    para_pool_forward(rows, offsets, SAMPLES, WIDTH, out, 2 * WIDTH, best);
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < WIDTH; j++) {
            int want = -1, count = offsets[i + 1] - offsets[i];
            double sum = 0.0;
            for (int r = offsets[i]; r < offsets[i + 1]; r++) {
                want = want < 0 || rows[r * WIDTH + j] > rows[want * WIDTH + j] ? r : want;
                sum += (double)rows[r * WIDTH + j];
            }
            assert_int_equal(best[i * WIDTH + j], want);
            assert_near((double)out[i * 2 * WIDTH + j], count > 0 ? sum / count : 0.0, 1e-5);
            assert_true(out[(i * 2 + 1) * WIDTH + j] == (want < 0 ? 0.0f : rows[want * WIDTH + j]));
        }
}

static void test_policy_normal_merge_equals_direct_statistics(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(2, "normal");
    float x[3000], mean = 0.0f, variance = 1.0f, count = 0.0f;
    double direct_mean = 0.0, direct_square = 0.0;
    for (int i = 0; i < 3000; i++) {
        x[i] = (float)(3.0 + 0.5 * para_rng_normal(&rng));
        direct_mean += (double)x[i] / 3000.0;
    }
    for (int i = 0; i < 3000; i++)
        direct_square += ((double)x[i] - direct_mean) * ((double)x[i] - direct_mean) / 3000.0;
    for (int first = 0, size = 1; first < 3000;
         first += size, size = size * 2 < 3000 - first ? size * 2 : 3000 - first) {
        double sum = 0.0, square = 0.0;
        size = size < 3000 - first ? size : 3000 - first;
        for (int i = first; i < first + size; i++)
            para_normal_add(&x[i], &mean, 1, &sum, &square);
        para_normal_merge(&mean, &variance, &count, &sum, &square, size, 1, 1e6f);
    }
    assert_near((double)mean, direct_mean, 1e-5);
    assert_near((double)variance, direct_square, 1e-5);
    assert_true(count == 3000.0f);

    double none = 0.0;
    float before = mean;
    para_normal_merge(&mean, &variance, &count, &none, &none, 0.0, 1, 1e6f);
    assert_true(mean == before && count == 3000.0f);
    // With a capped count the statistics still follow.
    for (int i = 0; i < 100; i++) {
        double sum = 1000.0 * (10.0 - (double)mean),
               square = 1000.0 * (10.0 - (double)mean) * (10.0 - (double)mean);
        para_normal_merge(&mean, &variance, &count, &sum, &square, 1000.0, 1, 3000.0f);
    }
    assert_near((double)mean, 10.0, 0.01);
    assert_true(count == 3000.0f);
}

static void test_policy_normal_clips_and_bears_constants(void **state)
{
    (void)state;
    float x[4] = {1e9f, -1e9f, 2.0f, 2.5f}, mean[4] = {0, 0, 2.0f, 2.0f}, variance[4] = {1, 1, 0, -1},
          scale[4], out[4];
    para_normal_scale(variance, 4, scale);
    para_normal_apply(x, mean, scale, 4, out);
    assert_true(out[0] == 5.0f && out[1] == -5.0f && out[2] == 0.0f && out[3] == 5.0f);
    // What never varied is divided by the root of the floor, and so is rubbish below it.
    assert_near((double)scale[0], 1.0 / sqrt(1.001), 1e-6);
    assert_near((double)scale[2], 1.0 / sqrt(0.001), 1e-4);
    assert_true(scale[3] == scale[2]);
}

/// The shorter side of a tensor is orthogonal, with gain^2 (times out / in where it widens) on the diagonal.
static void check_gain(const float *w, int stride, int in, int out, double gain)
{
    bool widens = out > in;
    int count = widens ? in : out, size = widens ? out : in;
    double want = gain * gain * (widens ? (double)out / (double)in : 1.0);
    for (int a = 0; a < count; a++)
        for (int b = 0; b <= a; b++) {
            double dot = 0.0;
            for (int k = 0; k < size; k++)
                dot += (double)(widens ? w[a * stride + k] : w[k * stride + a]) *
                       (double)(widens ? w[b * stride + k] : w[k * stride + b]);
            assert_near(dot, a == b ? want : 0.0, 1e-5 * want);
        }
}

static void check_orthogonal(int in, int out, double gain)
{
    float w[20 * 20];
    double scratch[20 * 20];
    ParaRng rng = para_rng_make(3, "orthogonal");
    para_orthogonal_fill(w, out, in, out, gain, &rng, scratch);
    check_gain(w, out, in, out, gain);
}

static void test_policy_initial_weights_are_orthogonal(void **state)
{
    (void)state;
    check_orthogonal(8, 8, 1.0);
    check_orthogonal(6, 15, sqrt(2.0));
    check_orthogonal(17, 5, 0.01);
}

static void test_policy_begins_with_the_gain_of_each_layer(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    const ParaObsSpec specs[2] = {small_rows(), {PARA_OBS_VECTOR, 40, 0, 0, 40, 0}};
    for (int k = 0; k < 2; k++) {
        ParaPolicyDef def = {.obs = specs[k], .width = 20, .encoder_width = 12};
        ParaPolicy *policy = para_policy_create(&def, 9, arena);
        int J = specs[k].global_size + (k == 0 ? 24 : 0);
        if (k == 0) {
            check_gain(para_policy_at(policy, PARA_T_ENCODER1_WEIGHT), 12, 6, 12, sqrt(2.0));
            check_gain(para_policy_at(policy, PARA_T_ENCODER2_WEIGHT), 12, 12, 12, sqrt(2.0));
        }
        check_gain(para_policy_at(policy, PARA_T_TRUNK1_WEIGHT), 20, J, 20, 1.0);
        check_gain(para_policy_at(policy, PARA_T_TRUNK2_WEIGHT), 40, 20, 20, 5.0 / 3.0);
        check_gain(para_policy_at(policy, PARA_T_TRUNK2_WEIGHT) + 20, 40, 20, 20, 5.0 / 3.0);
        check_gain(para_policy_at(policy, PARA_T_LOGITS_WEIGHT), 24, 20, 24, 0.01);
        check_gain(para_policy_at(policy, PARA_T_VALUE_WEIGHT), 1, 20, 1, 1.0);
        // Everything else begins at nothing, but for the variances: inputs pass as they are.
        int count;
        for (const ParaTensor *t = para_policy_tensors(policy, &count), *end = t + count; t < end; t++)
            for (int i = 0; !strstr(t->name, "weight") && i < t->rows * t->columns; i++)
                assert_true(t->data[i] == (strstr(t->name, "variance") ? 1.0f : 0.0f));
    }
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------- the whole network

static void check_forward(ParaObsSpec spec, int n)
{
    ParaArena *arena = make_arena();
    ParaRng rng = para_rng_make(4, "forward");
    ParaPolicyDef def = {.obs = spec, .width = 16, .encoder_width = 12};
    ParaPolicy *policy = para_policy_create(&def, 5, arena);
    ParaForward *scratch = para_forward_create(&def, n, arena);
    reference_shake(policy, &rng, 0.2);
    shake_statistics(policy, &rng);
    float *obs = make_obs(&spec, n, &rng, arena), *logits = PARA_NEW(arena, float, n *PARA_LOGITS);
    float *value = PARA_NEW(arena, float, n);
    double *parameters = reference_parameters(policy, arena);
    para_policy_forward(policy, scratch, obs, n, NULL, logits, value);
    for (int i = 0; i < n; i++) {
        double want[PARA_LOGITS], want_value;
        reference_forward(policy, parameters, obs + i * spec.size, want, &want_value);
        for (int k = 0; k < PARA_LOGITS; k++)
            assert_near((double)logits[i * PARA_LOGITS + k], want[k], 2e-3);
        assert_near((double)value[i], want_value, 2e-3);
    }
    para_arena_destroy(arena);
}

static void test_policy_forward_matches_reference(void **state)
{
    (void)state;
    check_forward(small_rows(), 40);
    check_forward(small_rows(), 2 * PARA_BLOCK + 3); // more than one block
    check_forward((ParaObsSpec){PARA_OBS_VECTOR, 9, 0, 0, 9, 0}, 33);
}

static void test_policy_ignores_dead_rows_and_row_order(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaRng rng = para_rng_make(6, "order");
    ParaObsSpec spec = small_rows();
    ParaPolicyDef def = {.obs = spec, .width = 16, .encoder_width = 8};
    ParaPolicy *policy = para_policy_create(&def, 7, arena);
    ParaForward *scratch = para_forward_create(&def, 1, arena);
    float obs[2][42], logits[2][PARA_LOGITS], value[2];
    reference_shake(policy, &rng, 0.2);
    fill(obs[0], 42, &rng);
    memcpy(obs[1], obs[0], sizeof obs[0]);
    float *rows[2] = {obs[0] + 7, obs[1] + 7}, *mask[2] = {obs[0] + 37, obs[1] + 37};
    const float masks[2][5] = {{1, 1, 1, 0, 0}, {0, 1, 0, 1, 1}};
    const int moved[3] = {4, 1, 3}; // row r of the first stands at moved[r] in the second
    for (int k = 0; k < 2; k++)
        memcpy(mask[k], masks[k], sizeof masks[k]);
    for (int r = 0; r < 3; r++)
        memcpy(rows[1] + moved[r] * 6, rows[0] + r * 6, 6 * sizeof(float));
    for (int k = 0; k < 2; k++)
        para_policy_forward(policy, scratch, obs[k], 1, NULL, logits[k], &value[k]);
    for (int k = 0; k < PARA_LOGITS; k++)
        assert_near((double)logits[0][k], (double)logits[1][k], 1e-5);
    assert_near((double)value[0], (double)value[1], 1e-5);
    para_arena_destroy(arena);
}

static void test_policy_tensors_name_every_parameter_once(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaPolicyDef with = para_policy_def_default(small_rows());
    ParaPolicyDef without = para_policy_def_default((ParaObsSpec){PARA_OBS_VECTOR, 9, 0, 0, 9, 0});
    ParaPolicy *policies[2] = {para_policy_create(&with, 1, arena), para_policy_create(&without, 1, arena)};
    const int tensors[2] = {17, 11};
    const int encoder = 6 * 64 + 64 + 64 * 64 + 64, trunk2 = 128 * 256 + 256, heads = 128 * 24 + 24 + 128 + 1;
    const int parameters[2] = {encoder + (7 + 128) * 128 + 128 + trunk2 + heads,
                               9 * 128 + 128 + trunk2 + heads};
    for (int k = 0; k < 2; k++) {
        int count;
        const ParaTensor *list = para_policy_tensors(policies[k], &count);
        assert_int_equal(count, tensors[k]);
        assert_int_equal(para_policy_parameter_count(policies[k]), parameters[k]);
        for (int a = 0; a < count; a++) {
            assert_int_equal((uintptr_t)list[a].data % 64, 0);
            for (int b = 0; b < a; b++)
                assert_string_not_equal(list[a].name, list[b].name);
        }
    }
    para_arena_destroy(arena);
}

static void test_policy_same_seed_same_bits(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaPolicyDef def = para_policy_def_default(small_rows());
    ParaPolicy *a = para_policy_create(&def, 1, arena), *b = para_policy_create(&def, 1, arena);
    ParaPolicy *c = para_policy_create(&def, 2, arena);
    size_t size = a->learned_floats * sizeof(float);
    assert_memory_equal(a->block, b->block, size);
    assert_memory_not_equal(a->block, c->block, size);
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------- actions

static void test_policy_draws_follow_the_softmax(void **state)
{
    (void)state;
    enum { DRAWS = 40000 };
    ParaRng rng = para_rng_make(8, "draw");
    float logits[PARA_LOGITS];
    double exact[PARA_LOGITS], entropy;
    int seen[PARA_LOGITS] = {0};
    int8_t action[PARA_CHANNELS];
    fill(logits, PARA_LOGITS, &rng);
    for (int k = 0; k < PARA_LOGITS; k++)
        exact[k] = (double)logits[k];
    const uint32_t bound = 0x2d, negative = 0x0c; // channels 0 and 5 have no negative level
    for (int i = 0; i < DRAWS; i++) {
        float log_prob = para_action_draw(PARA_HEAD_LEVELS, logits, bound, negative, &rng, action);
        for (int c = 0; c < PARA_CHANNELS; c++)
            seen[c * PARA_CHOICES + action[c] + 1]++;
        if (i < 100)
            assert_near((double)log_prob, reference_log_prob(exact, bound, negative, action, &entropy), 1e-5);
    }
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int k = 0; k < PARA_CHOICES; k++) {
            double sum = 0.0, share = (double)seen[c * PARA_CHOICES + k] / DRAWS;
            bool is_bound = (bound >> c & 1u) != 0, has_negative = (negative >> c & 1u) != 0;
            for (int j = has_negative ? 0 : 1; j < PARA_CHOICES; j++)
                sum += exp(exact[c * PARA_CHOICES + j]);
            double want = exp(exact[c * PARA_CHOICES + k]) / sum;
            if (!is_bound)
                want = k == 1 ? 1.0 : 0.0;
            else if (k == 0 && !has_negative)
                want = 0.0;
            assert_near(share, want, want == 0.0 || want == 1.0 ? 0.0 : 0.012);
        }
}

static void test_policy_draw_takes_one_number_per_bound_channel(void **state)
{
    (void)state;
    float logits[PARA_LOGITS] = {0};
    int8_t action[PARA_CHANNELS];
    ParaRng a = para_rng_make(9, "draw"), b = a;
    para_action_draw(PARA_HEAD_LEVELS, logits, 0x92, 0xff, &a, action);
    for (int i = 0; i < 3; i++)
        para_rng_f64(&b);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(para_action_draw(PARA_HEAD_LEVELS, logits, 0, 0xff, &a, action) == 0.0f);
}

static void test_policy_best_respects_masks(void **state)
{
    (void)state;
    float logits[PARA_LOGITS];
    int8_t action[PARA_CHANNELS];
    for (int c = 0; c < PARA_CHANNELS; c++) {
        logits[c * 3] = 3.0f;
        logits[c * 3 + 1] = 1.0f;
        logits[c * 3 + 2] = c % 2 ? 2.0f : 0.0f;
    }
    const int8_t want[PARA_CHANNELS] = {-1, -1, 0, 1, 0, 0, 0, 0};
    para_action_best(PARA_HEAD_LEVELS, logits, 0x0f, 0x03, action);
    assert_memory_equal(action, want, sizeof want);
}

static void test_policy_best_is_the_largest_that_is_allowed(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(15, "best");
    int seen[PARA_CHOICES] = {0};
    for (int round = 0; round < 500; round++) {
        float logits[PARA_LOGITS];
        int8_t action[PARA_CHANNELS];
        uint32_t bound = (uint32_t)para_rng_int(&rng, 0, 255),
                 negative = (uint32_t)para_rng_int(&rng, 0, 255);
        for (int k = 0; k < PARA_LOGITS; k++) // few values, so that there are ties
            logits[k] = (float)para_rng_int(&rng, -2, 2);
        para_action_best(PARA_HEAD_LEVELS, logits, bound, negative, action);
        for (int c = 0; c < PARA_CHANNELS; c++) {
            const float *z = logits + c * PARA_CHOICES;
            float top = fmaxf(z[1], z[2]);
            if ((negative >> c & 1u) != 0)
                top = fmaxf(top, z[0]);
            if ((bound >> c & 1u) == 0 || z[1] == top) {
                assert_int_equal(action[c], 0); // of equals the one that does nothing
                continue;
            }
            assert_true(z[action[c] + 1] == top && (action[c] > 0 || (negative >> c & 1u) != 0));
            seen[action[c] + 1]++;
        }
    }
    assert_true(seen[0] > 100 && seen[2] > 100);
}

static void test_policy_extreme_logits_stay_finite(void **state)
{
    (void)state;
    float logits[PARA_LOGITS];
    ParaActionTerms terms;
    int8_t action[PARA_CHANNELS];
    ParaRng rng = para_rng_make(10, "draw");
    for (int k = 0; k < PARA_LOGITS; k++)
        logits[k] = k % 3 == 0 ? 1e30f : k % 3 == 1 ? -1e30f : 0.0f;
    for (uint32_t negative = 0; negative < 256; negative += 85) {
        float drawn = para_action_draw(PARA_HEAD_LEVELS, logits, 0xff, negative, &rng, action);
        float again = para_action_terms(PARA_HEAD_LEVELS, logits, 0xff, negative, action, &terms);
        assert_true(isfinite(drawn) && drawn == again && isfinite(terms.entropy));
    }
}

/// By hand: a forward pass of a vector of 10 in width 16, and of rows.
static void test_flop_are_those_of_the_layers(void **state)
{
    (void)state;
    ParaPolicyDef def = {.obs = {.global_size = 10, .size = 10}, .width = 16, .encoder_width = 12};
    double heads = 2.0 * (16 * 32 + 16 * 24 + 16), trunk1 = 2.0 * 10 * 16;
    ParaPolicyFlop flop = para_policy_flop(&def, 0.0);
    assert_true(fabs(flop.forward - (trunk1 + heads)) < 1e-9);
    assert_true(fabs(flop.backward - (trunk1 + 2.0 * heads)) < 1e-9); // observations need no gradient
    def.core = PARA_CORE_MINGRU;
    def.bins = true;
    ParaPolicyFlop more = para_policy_flop(&def, 0.0);
    double gates = 2.0 * 16 * 32, bins = 2.0 * 16 * (PARA_VALUE_BINS - 1);
    assert_true(fabs(more.forward - flop.forward - gates - bins) < 1e-9);
    assert_true(fabs(more.backward - flop.backward - 2.0 * (gates + bins)) < 1e-9);
    def.core = PARA_CORE_NONE;
    def.bins = false;
    def.obs = (ParaObsSpec){.global_size = 10, .row_max = 4, .row_size = 5, .size = 34};
    ParaPolicyFlop rows = para_policy_flop(&def, 2.5);
    double pooled = 2.0 * 24 * 16, encoder1 = 2.5 * 2.0 * 5 * 12, encoder2 = 2.5 * 2.0 * 12 * 12;
    assert_true(fabs(rows.forward - flop.forward - pooled - encoder1 - encoder2) < 1e-9);
    assert_true(fabs(rows.backward - flop.backward - 2.0 * pooled - encoder1 - 2.0 * encoder2) < 1e-9);
    def.encoder = PARA_ENCODER_RELATIONAL;
    ParaPolicyFlop related = para_policy_flop(&def, 2.5);
    double layers = 4.0 * encoder2, looks = 2.0 * 2.0 * 2.5 * 2.5 * 12;
    assert_true(fabs(related.forward - rows.forward - layers - looks) < 1e-9);
    assert_true(fabs(related.backward - rows.backward - 2.0 * (layers + looks)) < 1e-9);
}

const struct CMUnitTest para_tests_policy[] = {
    cmocka_unit_test(test_flop_are_those_of_the_layers),
    cmocka_unit_test(test_policy_maths_is_near_libm),
    cmocka_unit_test(test_policy_layers_match_finite_differences),
    cmocka_unit_test(test_policy_linear_of_nothing_has_zero_gradient),
    cmocka_unit_test(test_policy_pool_forward_and_backward),
    cmocka_unit_test(test_policy_pool_gives_the_max_to_the_first_of_equals),
    cmocka_unit_test(test_policy_normal_merge_equals_direct_statistics),
    cmocka_unit_test(test_policy_normal_clips_and_bears_constants),
    cmocka_unit_test(test_policy_initial_weights_are_orthogonal),
    cmocka_unit_test(test_policy_begins_with_the_gain_of_each_layer),
    cmocka_unit_test(test_policy_forward_matches_reference),
    cmocka_unit_test(test_policy_ignores_dead_rows_and_row_order),
    cmocka_unit_test(test_policy_tensors_name_every_parameter_once),
    cmocka_unit_test(test_policy_same_seed_same_bits),
    cmocka_unit_test(test_policy_draws_follow_the_softmax),
    cmocka_unit_test(test_policy_draw_takes_one_number_per_bound_channel),
    cmocka_unit_test(test_policy_best_respects_masks),
    cmocka_unit_test(test_policy_best_is_the_largest_that_is_allowed),
    cmocka_unit_test(test_policy_extreme_logits_stay_finite),
};
const size_t para_tests_policy_count = sizeof para_tests_policy / sizeof *para_tests_policy;
