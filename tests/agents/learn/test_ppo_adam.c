// SPDX-License-Identifier: MIT
// The optimiser against Adam written out in double: both moments with their bias, epsilon, the clipped norm,
// a rate that changes, the sum of several slots; and what it must leave alone.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"

#include <math.h>
#include <string.h>

enum { SLOTS = 3, STEPS = 12 };

typedef struct Fixture {
    ParaArena *arena;
    ParaPpo *ppo;
    size_t size;       ///< parameters with padding
    double *w, *m, *v; ///< [size] what they should be
    double *gradient;  ///< [size] of the step at hand, before it is clipped
} Fixture;

static int set_up(void **state)
{
    static Fixture f;
    f.arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ParaPolicyDef policy = para_policy_def_default((ParaObsSpec){PARA_OBS_VECTOR, 9, 0, 0, 9, 0});
    policy.width = 64;
    ParaPpoDef def = para_ppo_def_default(64, 16);
    def.minibatches = 1; // of 1024 rows: room for four slots
    f.ppo = para_ppo_create(&def, para_policy_create(&policy, 1, f.arena), 2, NULL, f.arena);
    f.size = f.ppo->policy->learned_floats;
    f.w = reference_parameters(f.ppo->policy, f.arena);
    f.m = PARA_NEW(f.arena, double, f.size);
    f.v = PARA_NEW(f.arena, double, f.size);
    f.gradient = PARA_NEW(f.arena, double, f.size);
    assert_true(para_ppo_range_count(f.ppo->policy) >= 3); // tasks that share the work
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    para_arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

/// Fills the slots with a gradient of about `norm`; every seventh parameter gets a million times less, so
/// that epsilon counts, and every thirteenth nothing at all. @return the norm
static double fill_slots(Fixture *f, double norm, ParaRng *rng)
{
    double square = 0, each = norm / sqrt((double)f->size * SLOTS);
    for (size_t i = 0; i < f->size; i++) {
        double share = i % 13 == 0 ? 0.0 : i % 7 == 0 ? 1e-6 * each : each;
        f->gradient[i] = 0;
        for (size_t slot = 0; slot < SLOTS; slot++) {
            float part = (float)(share * para_rng_normal(rng));
            f->ppo->slots[slot * f->size + i] = part;
            f->gradient[i] += (double)part;
        }
        square += f->gradient[i] * f->gradient[i];
    }
    return sqrt(square);
}

/// One step of Adam with t from 1. <Kingma 2015, algorithm 1>
static void adam(Fixture *f, double norm, double rate, int t)
{
    double clip = norm > 0.5 ? 0.5 / norm : 1.0;
    for (size_t i = 0; i < f->size; i++) {
        double g = f->gradient[i] * clip;
        f->m[i] = 0.9 * f->m[i] + 0.1 * g;
        f->v[i] = 0.999 * f->v[i] + 0.001 * g * g;
        double mean = f->m[i] / (1 - pow(0.9, t)), square = f->v[i] / (1 - pow(0.999, t));
        f->w[i] -= rate * mean / (sqrt(square) + 1e-5);
    }
}

static void check_state(const Fixture *f)
{
    for (size_t i = 0; i < f->size; i++) {
        assert_near((double)f->ppo->policy->block[i], f->w[i], 1e-6);
        assert_near((double)f->ppo->moment1[i], f->m[i], 1e-5 * fabs(f->m[i]) + 1e-9);
        assert_near((double)f->ppo->moment2[i], f->v[i], 1e-4 * fabs(f->v[i]) + 1e-14);
    }
}

static void test_adam_steps_by_hand(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(3, "adam");
    float *start = PARA_NEW(f->arena, float, f->size);
    memcpy(start, f->ppo->policy->block, sizeof *start * f->size);
    for (int t = 1; t <= STEPS; t++) {
        // Norms on both sides of the limit of 0.5, and a rate that falls on the way.
        double rate = t <= STEPS / 2 ? 1e-2 : 2e-3, norm = fill_slots(f, t % 3 == 0 ? 4.0 : 0.2, &rng);
        para_ppo_set_learning_rate(f->ppo, (float)rate);
        assert_near((double)para_ppo_step(f->ppo, SLOTS), norm, 1e-5 * norm);
        adam(f, norm, rate, t);
        check_state(f);
    }
    double moved = 0;
    for (size_t i = 0; i < f->size; i++) {
        if (i % 13 == 0) // no gradient, no step: nothing decays
            assert_true(f->ppo->policy->block[i] == start[i]);
        moved = fmax(moved, fabs((double)f->ppo->policy->block[i] - (double)start[i]));
    }
    assert_true(moved > 0.02); // far beyond the tolerance of the comparison
}

static void test_adam_leaves_a_gradient_out_that_is_not_finite(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(4, "adam");
    const float bad[2] = {NAN, INFINITY};
    para_ppo_set_learning_rate(f->ppo, 1e-2f);
    for (int t = 1; t <= 4; t++) {
        fill_slots(f, 0.2, &rng);
        f->ppo->slots[f->size + 100] = bad[t % 2];
        assert_true(!isfinite(para_ppo_step(f->ppo, SLOTS)));
        check_state(f); // moved by nothing, and the bias of the moments is that of the next step
        double norm = fill_slots(f, 0.2, &rng);
        para_ppo_step(f->ppo, SLOTS);
        adam(f, norm, 1e-2, t);
        check_state(f);
    }
}

static void test_adam_clips_at_its_own_limit(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(5, "adam");
    f->ppo->def.gradient_max = 2.0f;
    double norm = fill_slots(f, 1.9, &rng);
    para_ppo_step(f->ppo, SLOTS);
    for (size_t i = 0; i < f->size; i++) // below the limit: as it is
        assert_near((double)f->ppo->moment1[i], 0.1 * f->gradient[i], 1e-7);
    assert_true(norm > 1.0 && norm < 2.0);
    memset(f->ppo->moment1, 0, sizeof(float) * f->size);
    norm = fill_slots(f, 3.0, &rng);
    assert_true(norm > 2.0);
    para_ppo_step(f->ppo, SLOTS);
    double square = 0;
    for (size_t i = 0; i < f->size; i++) {
        assert_near((double)f->ppo->moment1[i], 0.1 * f->gradient[i] * 2.0 / norm, 1e-7);
        square += 100.0 * (double)f->ppo->moment1[i] * (double)f->ppo->moment1[i];
    }
    assert_near(sqrt(square), 2.0, 1e-4);
}

static void test_adam_powers_end_in_zero_not_in_denormals(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(6, "adam");
    f->ppo->state[PARA_S_POWER1] = f->ppo->state[PARA_S_POWER2] = 1.002e-30f;
    fill_slots(f, 0.2, &rng);
    para_ppo_step(f->ppo, SLOTS);
    assert_true(f->ppo->state[PARA_S_POWER1] == 0.0f);
    assert_true(f->ppo->state[PARA_S_POWER2] > 1e-30f); // 0.999 of it is just above the end
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_ppo_adam[] = {
    TEST(test_adam_steps_by_hand),
    TEST(test_adam_leaves_a_gradient_out_that_is_not_finite),
    TEST(test_adam_clips_at_its_own_limit),
    TEST(test_adam_powers_end_in_zero_not_in_denormals),
};
const size_t para_tests_ppo_adam_count = sizeof para_tests_ppo_adam / sizeof *para_tests_ppo_adam;
