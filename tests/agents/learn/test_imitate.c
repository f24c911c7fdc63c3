// SPDX-License-Identifier: MIT
// Imitation: passes end where what was set aside is foretold no better, and beside PPO it is one more term of
// the loss.
#include "agents/learn/imitate.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/learn/toy.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

enum { ROWS = 600, SIZE = 5 };

typedef struct Lessons {
    ParaArena *arena;
    ParaPolicy *policy;
    ParaCloneRows rows;
} Lessons;

/// Channel 0 is the sign of the first number; with `noise` it is one of chance, which nobody can learn.
static Lessons lessons_make(bool noise)
{
    Lessons l = {.arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20)};
    ParaPolicyDef def = para_policy_def_default((ParaObsSpec){PARA_OBS_VECTOR, SIZE, 0, 0, SIZE, 0});
    def.width = 16;
    l.policy = para_policy_create(&def, 3, l.arena);
    float *obs = PARA_NEW(l.arena, float, ROWS *SIZE), *value = PARA_NEW(l.arena, float, ROWS);
    int8_t *action = PARA_NEW(l.arena, int8_t, ROWS * PARA_CHANNELS);
    uint32_t *bits = PARA_NEW(l.arena, uint32_t, ROWS), *below = PARA_NEW(l.arena, uint32_t, ROWS);
    ParaRng rng = para_rng_make(5, "rows");
    for (int i = 0; i < ROWS; i++) {
        for (int k = 0; k < SIZE; k++)
            obs[i * SIZE + k] = (float)para_rng_range(&rng, -1, 1);
        action[i * PARA_CHANNELS] = (int8_t)(noise ? para_rng_int(&rng, -1, 1) : obs[i * SIZE] > 0 ? 1 : -1);
        bits[i] = below[i] = 1;
    }
    l.rows = (ParaCloneRows){.count = ROWS,
                             .obs = obs,
                             .action = action,
                             .channel_bits = bits,
                             .negative_bits = below,
                             .value = value};
    return l;
}

static void test_what_can_be_learned_is(void **state)
{
    (void)state;
    Lessons l = lessons_make(false);
    ParaImitateDef def = para_imitate_def_default();
    def.passes = 30;
    def.clone.rate = 3e-3f;
    ParaImitated got = para_imitate(&def, l.policy, &l.rows, NULL, NULL, l.arena);
    assert_true(fabs(got.before - log(3)) < 0.05 && got.after < 0.2 && got.passes > 3 && !got.stopped);
    para_arena_destroy(l.arena);
}

/// By heart is not learned: the policy is that of the best pass.
static void test_chance_is_not(void **state)
{
    (void)state;
    Lessons l = lessons_make(true);
    ParaImitateDef def = para_imitate_def_default();
    def.passes = 100;
    def.clone.rate = 1e-2f;
    ParaImitated got = para_imitate(&def, l.policy, &l.rows, NULL, NULL, l.arena);
    assert_true(got.passes <= 10 && got.after <= got.before && got.after > 1.0);
    ParaClone *clone = para_clone_create(&def.clone, l.policy, ROWS, l.arena);
    int index[ROWS], count = 0;
    for (int i = 0; i < ROWS; i++) // the tenth stretch of fifteen, and each tenth from there
        if (i / 15 % 10 == 9)
            index[count++] = i;
    ParaCloneRows judged = l.rows;
    judged.count = count;
    judged.index = index;
    assert_float_equal(para_clone_measure(clone, &judged), got.after, 1e-6);
    para_arena_destroy(l.arena);
}

static bool twice(void *context) { return ++*(int *)context < 2; }

static void test_it_stops_when_told(void **state)
{
    (void)state;
    Lessons l = lessons_make(false);
    ParaImitateDef def = para_imitate_def_default();
    int asked = 0;
    ParaImitated got = para_imitate(&def, l.policy, &l.rows, twice, &asked, l.arena);
    assert_true(got.stopped && asked == 2 && got.passes <= 2 && got.after < got.before);
    para_arena_destroy(l.arena);
}

/// The examples' part of a step is the gradient of cloning, which test_clone holds against finite
/// differences.
static void test_examples_are_a_term_of_the_loss(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
    ParaPpo *ppo = reference_learner((ParaObsSpec){PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0},
                                     para_ppo_def_default(6, 4), NULL, arena);
    const ParaRollout *r = &ppo->rollout;
    ParaCloneRows rows = {.count = 24,
                          .obs = r->obs,
                          .action = r->action,
                          .channel_bits = r->channel_bits,
                          .negative_bits = r->negative_bits,
                          .value = r->value};
    ParaCloneDef def = para_clone_def_default();
    def.value_weight = 0;
    ParaClone *clone = para_clone_create(&def, ppo->policy, rows.count, arena);
    size_t size = ppo->policy->learned_floats;
    float *want = PARA_NEW(arena, float, size), *got = PARA_NEW(arena, float, size);
    para_ppo_set_examples(ppo, &rows, 0.3f);
    for (int i = 0; i < 20; i++)
        ppo->example_order[i] = i * 7 % 24;
    ParaCloneRows some = rows;
    some.index = ppo->example_order;
    some.count = 20;
    para_clone_gradient(clone, &some, want);
    para_ppo_example_block(ppo, 20, ppo->forward[0], got);
    double largest = 0;
    for (size_t i = 0; i < size; i++) {
        assert_near((double)got[i], 0.3 * (double)want[i], 1e-7);
        largest = fmax(largest, fabs((double)got[i]));
    }
    assert_true(largest > 1e-3);
    para_arena_destroy(arena);
}

/// What is left of a policy after some phases on a task that pays nothing for what is imitated.
static const float *after_phases(float weight, bool set, ParaWorkers *workers, ParaArena *arena,
                                 double *likely)
{
    ToyRun *run = toy_run_create(toy_bandit(), para_ppo_def_default(16, 16), 16, 4, workers, arena);
    int n = 200, size = run->task.obs.size;
    float *obs = PARA_NEW(arena, float, n *size);
    int8_t *action = PARA_NEW(arena, int8_t, n * PARA_CHANNELS);
    uint32_t *bits = PARA_NEW(arena, uint32_t, n), *below = PARA_NEW(arena, uint32_t, n);
    ParaRng rng = para_rng_make(6, "rows");
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < size; k++)
            obs[i * size + k] = (float)para_rng_range(&rng, -1, 1);
        action[i * PARA_CHANNELS + 2] = 1; // channel 2 moves nothing in this task
        bits[i] = below[i] = 4;
    }
    ParaCloneRows rows = {.count = n,
                          .obs = obs,
                          .action = action,
                          .channel_bits = bits,
                          .negative_bits = below,
                          .value = PARA_NEW(arena, float, n)};
    for (int phase = 0; phase < 8; phase++) {
        toy_run_rollout(run);
        if (set)
            para_ppo_set_examples(run->ppo, &rows, weight);
        para_ppo_update(run->ppo);
    }
    ParaCloneDef def = para_clone_def_default();
    *likely = exp(-para_clone_measure(para_clone_create(&def, run->policy, n, arena), &rows));
    return run->policy->block;
}

static void test_it_imitates_beside_its_own_play(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)512 << 20);
    ParaWorkers *two = para_workers_create(2);
    double plain, none, held, again;
    const float *a = after_phases(0, false, NULL, arena, &plain),
                *b = after_phases(0, true, NULL, arena, &none);
    const float *c = after_phases(0.2f, true, NULL, arena, &held),
                *d = after_phases(0.2f, true, two, arena, &again);
    size_t size = sizeof(float) * 16 * 16;
    assert_memory_equal(a, b, size); // weight 0 is as if it were not there
    assert_memory_equal(c, d, size); // any number of threads
    assert_true(held > 0.8 && plain < 0.5 && held == again && plain == none);
    para_workers_destroy(two);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_imitate[] = {
    cmocka_unit_test(test_what_can_be_learned_is),
    cmocka_unit_test(test_chance_is_not),
    cmocka_unit_test(test_it_stops_when_told),
    cmocka_unit_test(test_examples_are_a_term_of_the_loss),
    cmocka_unit_test(test_it_imitates_beside_its_own_play),
};
const size_t para_tests_imitate_count = sizeof para_tests_imitate / sizeof *para_tests_imitate;
