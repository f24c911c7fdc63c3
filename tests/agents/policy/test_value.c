// SPDX-License-Identifier: MIT
// The value as a distribution: its mean, its cross-entropy with the two bins around a target, gradients
// against finite differences in double, and that it is learned.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"
#include "tests/agents/learn/toy.h"

#include <math.h>

enum { ROWS = 7, WIDTH = 16 };

static double bin(int k)
{
    double at = 5.0 * (2.0 * k / (PARA_VALUE_BINS - 1) - 1.0);
    return copysign(expm1(fabs(at)), at);
}

/// Cross-entropy of bins' outputs with a target, and their mean.
static double cross_of(const double *z, double target, double *mean)
{
    double sum = 0.0, cross = 0.0, most = bin(PARA_VALUE_BINS - 1);
    target = fmin(fmax(target, -most), most);
    *mean = 0.0;
    for (int k = 0; k < PARA_VALUE_BINS; k++)
        sum += exp(z[k]);
    for (int k = 0; k < PARA_VALUE_BINS; k++) {
        double below = k > 0 ? bin(k - 1) : bin(k), above = k < PARA_VALUE_BINS - 1 ? bin(k + 1) : bin(k);
        double share = target == bin(k)                    ? 1.0
                       : target > below && target < bin(k) ? (target - below) / (bin(k) - below)
                       : target > bin(k) && target < above ? (above - target) / (above - bin(k))
                                                           : 0.0;
        cross -= share * (z[k] - log(sum));
        *mean += exp(z[k]) / sum * bin(k);
    }
    return cross;
}

static void test_value_bins_gradient_and_mean(void **state)
{
    (void)state;
    static const float targets[ROWS] = {0.0f, 0.3f, -0.01f, 7.5f, -146.0f, 500.0f, -1e6f};
    ParaArena *arena = para_arena_create(1 << 20, (size_t)64 << 20);
    ParaPolicyDef def = {
        .obs = {PARA_OBS_VECTOR, 6, 0, 0, 6, 0}, .width = WIDTH, .encoder_width = 8, .bins = true};
    ParaPolicy *policy = para_policy_create(&def, 2, arena);
    ParaRng rng = para_rng_make(3, "value");
    ParaForward *s = para_forward_create_training(&def, arena);
    size_t size = policy->learned_floats;
    float *obs = PARA_NEW(arena, float, ROWS * 6), *gradient = PARA_NEW(arena, float, size);
    double outputs[PARA_VALUE_BINS], logits[PARA_LOGITS], mean;
    reference_shake(policy, &rng, 0.4);
    double *parameters = reference_parameters(policy, arena);
    for (int i = 0; i < ROWS * 6; i++)
        obs[i] = (float)para_rng_normal(&rng);
    para_net_forward(policy, s, obs, NULL, ROWS, NULL, NULL, s->logits, s->value);
    for (int i = 0; i < ROWS; i++) {
        reference_forward_from(policy, parameters, obs + i * 6, NULL, logits, outputs);
        double cross = cross_of(outputs, (double)targets[i], &mean);
        assert_near((double)para_value_cross(s, i, targets[i]), cross, 2e-3 * (1 + cross));
        assert_near((double)s->value[i], mean, 2e-3 * (1 + fabs(mean)));
        for (int j = 0; j < PARA_LOGITS; j++)
            s->dlogits[i * PARA_LOGITS + j] = 0.0f;
        s->dvalue[i] = 0.5f * (float)(i % 3);
        s->aim[i] = targets[i];
    }
    para_net_backward(policy, s, ROWS, NULL, gradient);
    double largest = 0.0;
    for (size_t p = 0; p < size; p += 3) {
        double kept = parameters[p], step = 1e-6, sums[2] = {0.0, 0.0};
        for (int side = 0; side < 2; side++) {
            parameters[p] = kept + (side ? step : -step);
            for (int i = 0; i < ROWS; i++) {
                reference_forward_from(policy, parameters, obs + i * 6, NULL, logits, outputs);
                sums[side] += 0.5 * (i % 3) * cross_of(outputs, (double)targets[i], &mean);
            }
        }
        parameters[p] = kept;
        assert_near((double)gradient[p], (sums[1] - sums[0]) / (2 * step), 4e-3);
        largest = fmax(largest, fabs((double)gradient[p]));
    }
    assert_true(largest > 0.1);
    para_arena_destroy(arena);
}

static void test_value_bins_begin_at_0_and_are_learned(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ToyTask task = toy_cartpole();
    task.bins = true;
    ToyRun *run = toy_run_create(task, para_ppo_def_default(32, 64), 32, 3, NULL, arena);
    float explained = 0.0f;
    toy_run_rollout(run);
    for (int b = 0; b < 32; b++)
        assert_near((double)run->value[b], 0.0, 1e-4);
    for (int i = 0; i < 40; i++) {
        explained = para_ppo_update(run->ppo).explained_variance;
        toy_run_rollout(run);
    }
    assert_true(explained > 0.3f);
    assert_true(run->reward_sum / (run->ends + 1) > 120.0);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_value[] = {
    cmocka_unit_test(test_value_bins_gradient_and_mean),
    cmocka_unit_test(test_value_bins_begin_at_0_and_are_learned),
};
const size_t para_tests_value_count = sizeof para_tests_value / sizeof *para_tests_value;
