// SPDX-License-Identifier: MIT
// What a learner is held to: the pull of elastic weights against finite differences of its energy, frozen
// parameters that stay bit for bit, and what is forgotten where another task begins.
#include "tests/agents/learn/reference.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

typedef struct Fixture {
    ParaArena *arena;
    ParaPpo *ppo;
    size_t size;
    float *anchor, *importance;
    uint8_t *frozen;
} Fixture;

static int set_up(void **state)
{
    static Fixture f;
    f.arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ParaPpoDef def = para_ppo_def_default(6, 8);
    def.minibatches = 2;
    f.ppo = reference_learner((ParaObsSpec){PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0}, def, NULL, f.arena);
    f.size = f.ppo->policy->learned_floats;
    f.anchor = PARA_NEW(f.arena, float, f.size);
    f.importance = PARA_NEW(f.arena, float, f.size);
    f.frozen = PARA_NEW(f.arena, uint8_t, f.size);
    ParaRng rng = para_rng_make(3, "hold");
    for (size_t i = 0; i < f.size; i++) {
        f.anchor[i] = (float)para_rng_normal(&rng);
        f.importance[i] = i % 5 ? (float)para_rng_range(&rng, 0, 2) : 0.0f;
        f.frozen[i] = i % 3 == 0;
    }
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    para_arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

/// weight / 2 sum importance (w - anchor)^2, in double.
static double energy(const Fixture *f, const double *w, double weight)
{
    double sum = 0;
    for (size_t i = 0; i < f->size; i++)
        sum += 0.5 * weight * (double)f->importance[i] * (w[i] - (double)f->anchor[i]) *
               (w[i] - (double)f->anchor[i]);
    return sum;
}

static void test_hold_pulls_by_the_gradient_of_its_energy(void **state)
{
    Fixture *f = *state;
    double *w = reference_parameters(f->ppo->policy, f->arena);
    para_ppo_set_hold(f->ppo,
                      &(ParaPpoHold){.anchor = f->anchor, .importance = f->importance, .weight = 3.0f});
    memset(f->ppo->slots, 0, sizeof(float) * f->size);
    para_ppo_step(f->ppo, 1);
    int checked = 0;
    for (size_t i = 0; i < f->size; i += 3) {
        double kept = w[i], step = 1e-4;
        w[i] = kept + step;
        double above = energy(f, w, 3.0);
        w[i] = kept - step;
        double below = energy(f, w, 3.0), want = (above - below) / (2 * step);
        w[i] = kept;
        assert_near((double)f->ppo->slots[i], want, 1e-4 * fabs(want) + 1e-5);
        checked += want != 0;
    }
    assert_true(checked > 100);
}

static void test_hold_steps_towards_the_anchor_and_counts_in_the_norm(void **state)
{
    Fixture *f = *state;
    float before = f->ppo->policy->block[1];
    para_ppo_set_hold(f->ppo,
                      &(ParaPpoHold){.anchor = f->anchor, .importance = f->importance, .weight = 1.0f});
    memset(f->ppo->slots, 0, sizeof(float) * f->size);
    float norm = para_ppo_step(f->ppo, 1), after = f->ppo->policy->block[1];
    assert_true(norm > 0.1f); // nothing else pulls
    assert_true((after - before) * (f->anchor[1] - before) > 0);
    para_ppo_set_hold(f->ppo, NULL);
    memset(f->ppo->slots, 0, sizeof(float) * f->size);
    assert_true(para_ppo_step(f->ppo, 1) == 0.0f);
}

static void test_hold_leaves_what_is_frozen_bit_for_bit(void **state)
{
    Fixture *f = *state;
    float *before = PARA_NEW(f->arena, float, f->size);
    memcpy(before, f->ppo->policy->block, sizeof *before * f->size);
    para_ppo_set_hold(f->ppo, &(ParaPpoHold){.frozen = f->frozen});
    para_policy_at(f->ppo->policy, PARA_T_NORMAL_COUNT)[0] = 1.0f; // it learns at once
    ParaPpoStats stats = para_ppo_update(f->ppo);
    assert_true(stats.epochs > 0);
    int moved = 0;
    for (size_t i = 0; i < f->size; i++) {
        bool same = memcmp(&before[i], &f->ppo->policy->block[i], sizeof(float)) == 0;
        assert_true(same || !f->frozen[i]);
        moved += !same;
    }
    assert_true(moved > (int)f->size / 4);
}

static void test_hold_forgets_a_task_and_measures_the_next(void **state)
{
    Fixture *f = *state;
    para_policy_at(f->ppo->policy, PARA_T_NORMAL_COUNT)[0] = 1.0f;
    para_ppo_update(f->ppo);
    assert_true(para_ppo_has_scale(f->ppo));
    float updates = f->ppo->state[PARA_S_UPDATES];
    para_ppo_forget_task(f->ppo);
    for (size_t i = 0; i < f->size; i++)
        assert_true(f->ppo->moment1[i] == 0.0f && f->ppo->moment2[i] == 0.0f);
    assert_false(para_ppo_has_scale(f->ppo));
    double *before = reference_parameters(f->ppo->policy, f->arena);
    float seen = para_policy_at(f->ppo->policy, PARA_T_NORMAL_COUNT)[0];
    para_ppo_measure(f->ppo);
    double *after = reference_parameters(f->ppo->policy, f->arena);
    assert_memory_equal(before, after, sizeof *before * f->size); // nothing is learned
    assert_true(para_ppo_has_scale(f->ppo));
    assert_true(para_policy_at(f->ppo->policy, PARA_T_NORMAL_COUNT)[0] > seen);
    assert_true(f->ppo->state[PARA_S_UPDATES] == updates + 1.0f); // no shuffle comes twice
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_ppo_hold[] = {
    TEST(test_hold_pulls_by_the_gradient_of_its_energy),
    TEST(test_hold_steps_towards_the_anchor_and_counts_in_the_norm),
    TEST(test_hold_leaves_what_is_frozen_bit_for_bit),
    TEST(test_hold_forgets_a_task_and_measures_the_next),
};
const size_t para_tests_ppo_hold_count = sizeof para_tests_ppo_hold / sizeof *para_tests_ppo_hold;
