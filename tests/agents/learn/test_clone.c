// SPDX-License-Identifier: MIT
// Behaviour cloning: its gradient against finite differences of the loss in double, and what it learns.
#include "agents/learn/clone.h"
#include "tests/agents/learn/reference.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

#define ROWS 24

typedef struct Fixture {
    ParaArena *arena;
    ParaPpo *ppo; ///< its rollout is the rows
    ParaCloneRows rows;
} Fixture;

static Fixture make(ParaObsSpec spec)
{
    Fixture f = {.arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20)};
    f.ppo = reference_learner(spec, para_ppo_def_default(6, 4), NULL, f.arena);
    const ParaRollout *r = &f.ppo->rollout;
    f.rows = (ParaCloneRows){.count = ROWS,
                             .obs = r->obs,
                             .action = r->action,
                             .channel_bits = r->channel_bits,
                             .negative_bits = r->negative_bits,
                             .value = r->value};
    return f;
}

static double loss_of(const Fixture *f, const double *parameters, const int *index, int n, double weight)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
        double logits[PARA_LOGITS], value, entropy;
        size_t row = (size_t)index[i];
        reference_forward(f->ppo->policy, parameters,
                          f->rows.obs + row * (size_t)f->ppo->policy->def.obs.size, logits, &value);
        double off = value - (double)f->rows.value[row];
        sum += weight * 0.5 * off * off - reference_log_prob(logits, f->rows.channel_bits[row],
                                                             f->rows.negative_bits[row],
                                                             f->rows.action + row * PARA_CHANNELS, &entropy);
    }
    return sum / n;
}

static void check_gradient(ParaObsSpec spec)
{
    Fixture f = make(spec);
    ParaCloneDef def = para_clone_def_default();
    ParaClone *clone = para_clone_create(&def, f.ppo->policy, ROWS, f.arena);
    size_t size = f.ppo->policy->learned_floats;
    float *gradient = PARA_NEW(f.arena, float, size);
    double *parameters = reference_parameters(f.ppo->policy, f.arena), largest = 0.0;
    int index[ROWS], checked = 0;
    for (int i = 0; i < ROWS; i++)
        index[i] = i * 5 % ROWS;
    ParaCloneRows some = f.rows;
    some.index = index;
    some.count = 20;
    double loss = para_clone_gradient(clone, &some, gradient), weight = (double)def.value_weight;
    assert_near(loss, loss_of(&f, parameters, index, 20, weight), 2e-4);
    for (size_t i = 0; i < size; i++)
        largest = fmax(largest, fabs((double)gradient[i]));
    for (size_t i = 0; i < size; i += 5) {
        double kept = parameters[i], step = 1e-6;
        parameters[i] = kept + step;
        double above = loss_of(&f, parameters, index, 20, weight);
        parameters[i] = kept - step;
        double below = loss_of(&f, parameters, index, 20, weight);
        parameters[i] = kept;
        double want = (above - below) / (2.0 * step);
        assert_near((double)gradient[i], want, 1e-2 * fabs(want) + 2e-4 * largest);
        checked += want != 0.0;
    }
    assert_true(checked > 100);
    para_arena_destroy(f.arena);
}

static void test_clone_gradient_matches_finite_differences(void **state)
{
    (void)state;
    check_gradient((ParaObsSpec){PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0});
    check_gradient((ParaObsSpec){PARA_OBS_VECTOR, 9, 0, 0, 9, 0});
}

/// What is wanted for sure is an action; what is wanted half and half has the mean of both gradients.
static void test_clone_of_what_is_wanted(void **state)
{
    (void)state;
    Fixture f = make((ParaObsSpec){PARA_OBS_VECTOR, 9, 0, 0, 9, 0});
    ParaCloneDef def = para_clone_def_default();
    ParaClone *clone = para_clone_create(&def, f.ppo->policy, ROWS, f.arena);
    size_t size = f.ppo->policy->learned_floats;
    float *of[3], *wanted = PARA_NEW(f.arena, float, ROWS *PARA_LOGITS);
    int8_t *other = PARA_NEW(f.arena, int8_t, ROWS * PARA_CHANNELS); // does nothing
    double loss[3];
    int index[ROWS];
    for (int i = 0; i < ROWS; i++)
        index[i] = ROWS - 1 - i;
    memset(other, 0, ROWS * PARA_CHANNELS);
    for (int k = 0; k < 3; k++) { // what was done, nothing, half of each as wanted
        ParaCloneRows rows = f.rows;
        rows.action = k == 1 ? other : f.rows.action;
        for (int i = 0; k == 2 && i < ROWS * PARA_CHANNELS; i++) {
            float *to = wanted + i * PARA_CHOICES;
            to[0] = to[1] = to[2] = 0.0f;
            to[f.rows.action[i] + 1] += 0.5f;
            to[1] += 0.5f;
        }
        rows.wanted = k == 2 ? wanted : NULL;
        of[k] = PARA_NEW(f.arena, float, size);
        rows.index = index;
        loss[k] = para_clone_gradient(clone, &rows, of[k]);
    }
    assert_near(loss[2], 0.5 * (loss[0] + loss[1]), 1e-5);
    for (size_t i = 0; i < size; i++)
        assert_near((double)of[2][i], 0.5 * (double)(of[0][i] + of[1][i]), 1e-5);
    // A pass over some of the rows sees no others.
    ParaCloneRows few = f.rows, whole = f.rows;
    few.index = (const int[]){3, 7};
    few.count = 2;
    whole.index = (const int[]){7, 3};
    whole.count = 2;
    assert_near(para_clone_measure(clone, &few), para_clone_measure(clone, &whole), 1e-6);
    assert_true(para_clone_measure(clone, &few) != para_clone_measure(clone, &f.rows));
    para_arena_destroy(f.arena);
}

static void test_clone_learns_rows_by_heart(void **state)
{
    (void)state;
    Fixture f = make((ParaObsSpec){PARA_OBS_VECTOR, 9, 0, 0, 9, 0});
    ParaCloneDef def = para_clone_def_default();
    def.rate = 1e-2f;
    def.batch = 8;
    ParaClone *clone = para_clone_create(&def, f.ppo->policy, ROWS, f.arena);
    double before = para_clone_measure(clone, &f.rows);
    for (int pass = 0; pass < 200; pass++)
        assert_true(isfinite(para_clone_pass(clone, &f.rows)));
    double after = para_clone_measure(clone, &f.rows);
    assert_true(after < 0.4 * before);
    para_arena_destroy(f.arena);
}

const struct CMUnitTest para_tests_clone[] = {
    cmocka_unit_test(test_clone_gradient_matches_finite_differences),
    cmocka_unit_test(test_clone_of_what_is_wanted),
    cmocka_unit_test(test_clone_learns_rows_by_heart),
};
const size_t para_tests_clone_count = sizeof para_tests_clone / sizeof *para_tests_clone;
