// SPDX-License-Identifier: MIT
// The core that remembers: step by step and in stretches the same bits, gradients through a stretch against
// finite differences in double, and a task that cannot be done without it.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"
#include "tests/agents/learn/toy.h"

#include <math.h>
#include <string.h>

enum { ROWS = 11, STRETCHES = 3, W = 16 };
static const int first[STRETCHES + 1] = {0, 4, 5, ROWS};
static const uint8_t begins[ROWS] = {[2] = 1, [7] = 1};

typedef struct Fixture {
    ParaArena *arena;
    ParaPolicy *policy;
    float *obs, memory[STRETCHES][W], pull[ROWS][PARA_LOGITS + 1];
    const float *kept[STRETCHES];
    ParaStretches stretches;
} Fixture;

static Fixture make(void)
{
    Fixture f = {.arena = para_arena_create(1 << 20, (size_t)64 << 20)};
    ParaPolicyDef def = {.obs = {PARA_OBS_ENTITIES, 5, 3, 4, 5 + 3 * 5, 0},
                         .width = W,
                         .encoder_width = 8,
                         .core = PARA_CORE_MINGRU};
    ParaRng rng = para_rng_make(21, "core");
    f.policy = para_policy_create(&def, 22, f.arena);
    reference_shake(f.policy, &rng, 0.3);
    f.obs = PARA_NEW(f.arena, float, ROWS *def.obs.size);
    for (int i = 0; i < ROWS * def.obs.size; i++)
        f.obs[i] = (float)para_rng_normal(&rng);
    for (int k = 0; k < STRETCHES; k++)
        for (int j = 0; j < W; j++)
            f.memory[k][j] = (float)para_rng_range(&rng, -0.9, 0.9);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j <= PARA_LOGITS; j++)
            f.pull[i][j] = (float)para_rng_normal(&rng);
    return f;
}

static void link_memory(Fixture *f)
{
    for (int k = 0; k < STRETCHES; k++)
        f->kept[k] = f->memory[k];
    f->stretches = (ParaStretches){STRETCHES, first, f->kept, begins};
}

static void test_core_in_stretches_is_core_step_by_step(void **state)
{
    (void)state;
    Fixture f = make();
    link_memory(&f);
    ParaForward *all = para_forward_create(para_policy_def(f.policy), ROWS, f.arena);
    ParaForward *one = para_forward_create(para_policy_def(f.policy), 1, f.arena);
    float logits[ROWS * PARA_LOGITS], value[ROWS];
    para_net_forward(f.policy, all, f.obs, NULL, ROWS, &f.stretches, NULL, logits, value);
    for (int k = 0; k < STRETCHES; k++) {
        float memory[W], own[PARA_LOGITS], own_value;
        memcpy(memory, f.memory[k], sizeof memory);
        for (int i = first[k]; i < first[k + 1]; i++) {
            if (begins[i])
                memset(memory, 0, sizeof memory);
            para_policy_forward(f.policy, one, f.obs + i * f.policy->def.obs.size, 1, memory, own,
                                &own_value);
            for (int j = 0; j < PARA_LOGITS; j++)
                assert_near((double)own[j], (double)logits[i * PARA_LOGITS + j], 1e-5);
            assert_near((double)own_value, (double)value[i], 1e-5);
        }
    }
    para_arena_destroy(f.arena);
}

/// Sum of the heads' outputs times what pulls at them, through all stretches.
static double pulled(const Fixture *f, const double *parameters)
{
    double sum = 0.0;
    for (int k = 0; k < STRETCHES; k++) {
        double memory[W], logits[PARA_LOGITS], value;
        for (int j = 0; j < W; j++)
            memory[j] = (double)f->memory[k][j];
        for (int i = first[k]; i < first[k + 1]; i++) {
            if (begins[i])
                memset(memory, 0, sizeof memory);
            reference_forward_from(f->policy, parameters, f->obs + i * f->policy->def.obs.size, memory,
                                   logits, &value);
            for (int j = 0; j < PARA_LOGITS; j++)
                sum += (double)f->pull[i][j] * logits[j];
            sum += (double)f->pull[i][PARA_LOGITS] * value;
        }
    }
    return sum;
}

static void test_core_gradient_goes_back_through_a_stretch(void **state)
{
    (void)state;
    Fixture f = make();
    link_memory(&f);
    ParaForward *s = para_forward_create_training(para_policy_def(f.policy), f.arena);
    size_t size = f.policy->learned_floats;
    float *gradient = PARA_NEW(f.arena, float, size);
    double *parameters = reference_parameters(f.policy, f.arena), largest = 0.0;
    para_net_forward(f.policy, s, f.obs, NULL, ROWS, &f.stretches, NULL, s->logits, s->value);
    for (int i = 0; i < ROWS; i++) {
        memcpy(s->dlogits + i * PARA_LOGITS, f.pull[i], sizeof(float) * PARA_LOGITS);
        s->dvalue[i] = f.pull[i][PARA_LOGITS];
    }
    para_net_backward(f.policy, s, ROWS, &f.stretches, gradient);
    for (size_t i = 0; i < size; i++) {
        double kept = parameters[i], step = 1e-6;
        parameters[i] = kept + step;
        double above = pulled(&f, parameters);
        parameters[i] = kept - step;
        double below = pulled(&f, parameters);
        parameters[i] = kept;
        assert_near((double)gradient[i], (above - below) / (2 * step),
                    6e-3 * (1 + fabs((double)gradient[i])));
        largest = fmax(largest, fabs((double)gradient[i]));
    }
    assert_true(largest > 1.0);
    para_arena_destroy(f.arena);
}

/// Mean reward of an episode in the last rollout.
static double learn(ToyTask task, int rollouts, int minibatches)
{
    ParaArena *arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ParaPpoDef def = para_ppo_def_default(32, 24);
    def.minibatches = minibatches;
    def.stretch = 9; // episodes are cut where stretches end, and begin within them
    ToyRun *run = toy_run_create(task, def, 16, 3, NULL, arena);
    for (int i = 0; i < rollouts; i++) {
        toy_run_rollout(run);
        para_ppo_update(run->ppo);
    }
    toy_run_rollout(run);
    double mean = run->reward_sum / run->ends;
    para_arena_destroy(arena);
    return mean;
}

static void test_core_learns_what_cannot_be_seen_any_more(void **state)
{
    (void)state;
    double with = learn(toy_recall(PARA_CORE_MINGRU), 60, 4),
           without = learn(toy_recall(PARA_CORE_NONE), 60, 4);
    assert_true(with > 0.95);
    assert_true(without < 0.65);
}

static void test_core_fine_head_learns_an_amount(void **state)
{
    (void)state;
    double fine = learn(toy_aim(PARA_HEAD_FINE), 80, 16), levels = learn(toy_aim(PARA_HEAD_LEVELS), 80, 16);
    assert_true(fine > 0.6);
    assert_true(levels < 0.5);
}

const struct CMUnitTest para_tests_core[] = {
    cmocka_unit_test(test_core_in_stretches_is_core_step_by_step),
    cmocka_unit_test(test_core_gradient_goes_back_through_a_stretch),
    cmocka_unit_test(test_core_learns_what_cannot_be_seen_any_more),
    cmocka_unit_test(test_core_fine_head_learns_an_amount),
};
const size_t para_tests_core_count = sizeof para_tests_core / sizeof *para_tests_core;
