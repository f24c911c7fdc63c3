// SPDX-License-Identifier: MIT
// Muon: what it makes of a matrix is about orthonormal, its steps go where they should and nowhere else, the
// same bits for any threads, and it learns.
#include "tests/tests.h"

#include "agents/net/net.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/learn/toy.h"

#include <math.h>
#include <string.h>

static void test_muon_makes_rows_orthonormal(void **state)
{
    (void)state;
    enum { ROWS = 12, COLUMNS = 20 };
    ParaArena *arena = para_arena_create(1 << 20, (size_t)64 << 20);
    ParaRng rng = para_rng_make(1, "muon");
    float *x = PARA_NEW(arena, float, ROWS *COLUMNS), given[ROWS * COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++)
        x[i] = given[i] = (float)(1e-3 * para_rng_normal(&rng));
    para_net_orthogonalise(x, ROWS, COLUMNS,
                           PARA_NEW(arena, float, para_net_orthogonalise_scratch(ROWS, COLUMNS)));
    double along = 0.0, own = 0.0, was = 0.0;
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < ROWS; k++) {
            double dot = 0.0;
            for (int j = 0; j < COLUMNS; j++)
                dot += (double)x[i * COLUMNS + j] * (double)x[k * COLUMNS + j];
            assert_near(dot, i == k ? 1.0 : 0.0, i == k ? 0.55 : 0.35);
        }
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        along += (double)x[i] * (double)given[i];
        own += (double)x[i] * (double)x[i];
        was += (double)given[i] * (double)given[i];
    }
    assert_true(along / sqrt(own * was) > 0.7); // the nearest: it still points there
    para_arena_destroy(arena);
}

/// A learner with every gradient of its first slot drawn by chance.
static ParaPpo *make(bool muon, ParaWorkers *workers, ParaArena *arena)
{
    ParaPpoDef def = para_ppo_def_default(4, 4);
    def.muon = muon;
    def.gradient_max = 1e6f;
    ParaPpo *ppo =
        reference_learner((ParaObsSpec){PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0}, def, workers, arena);
    ParaRng rng = para_rng_make(2, "gradient");
    for (size_t i = 0; i < ppo->policy->learned_floats; i++)
        ppo->slots[i] = (float)para_rng_normal(&rng);
    return ppo;
}

static void test_muon_steps_its_matrices_alone(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ParaWorkers *workers = para_workers_create(3);
    ParaPpo *adam = make(false, NULL, arena), *muon = make(true, NULL, arena),
            *threads = make(true, workers, arena);
    const ParaPolicy *policy = adam->policy;
    size_t size = policy->learned_floats;
    float *before = PARA_NEW(arena, float, size);
    memcpy(before, policy->block, size * sizeof *before);
    assert_memory_equal(before, muon->policy->block, size * sizeof *before);
    para_ppo_step(adam, 1);
    para_ppo_step(muon, 1);
    para_ppo_step(threads, 1);
    assert_memory_equal(muon->policy->block, threads->policy->block, size * sizeof *before);
    int changed = 0;
    for (int id = 0; id < PARA_T_LEARNED; id++) {
        size_t first = policy->offset[id], end = id + 1 < PARA_T_LEARNED ? policy->offset[id + 1] : size;
        bool own = id == PARA_T_ENCODER2_WEIGHT || id == PARA_T_TRUNK1_WEIGHT || id == PARA_T_TRUNK2_WEIGHT;
        for (size_t i = first; i < end; i++)
            if (!own)
                assert_true(adam->policy->block[i] == muon->policy->block[i]);
            else
                changed += adam->policy->block[i] != muon->policy->block[i];
    }
    assert_true(changed > 500);
    // A half of the second layer: a step as long as one of Adam is as a rule, against the gradient.
    double square = 0.0, down = 0.0;
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++) {
            size_t at = policy->offset[PARA_T_TRUNK2_WEIGHT] + (size_t)(i * 32 + j);
            double moved = (double)muon->policy->block[at] - (double)before[at];
            square += moved * moved;
            down += moved * (double)muon->slots[at];
        }
    double rate = (double)muon->def.learning_rate;
    assert_near(sqrt(square / 256), 0.2 * rate, 0.06 * rate);
    assert_true(down < 0.0);
    para_workers_destroy(workers);
    para_arena_destroy(arena);
}

static void test_muon_learns(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ParaPpoDef def = para_ppo_def_default(32, 32);
    def.muon = true;
    ToyRun *run = toy_run_create(toy_rows(), def, 32, 3, NULL, arena);
    for (int i = 0; i < 25; i++) {
        toy_run_rollout(run);
        para_ppo_update(run->ppo);
    }
    toy_run_rollout(run);
    assert_true(run->reward_sum / (32 * 32) > 0.95);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_ppo_muon[] = {
    cmocka_unit_test(test_muon_makes_rows_orthonormal),
    cmocka_unit_test(test_muon_steps_its_matrices_alone),
    cmocka_unit_test(test_muon_learns),
};
const size_t para_tests_ppo_muon_count = sizeof para_tests_ppo_muon / sizeof *para_tests_ppo_muon;
