// SPDX-License-Identifier: MIT
// What a policy does in kept moments: its choices, the gradient of imitating them, and its Fisher
// information, against the network written once more in double.
#include "agents/learn/moments.h"

#include "agents/learn/clone.h"
#include "tests/agents/learn/reference.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

enum { ROWS = 24 };

typedef struct Fixture {
    ParaArena *arena;
    ParaPpo *ppo; ///< its rollout is the moments
    ParaMoments moments;
    int index[ROWS];
} Fixture;

static Fixture make(void)
{
    Fixture f = {.arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20)};
    f.ppo = reference_learner((ParaObsSpec){PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0},
                              para_ppo_def_default(6, 4), NULL, f.arena);
    const ParaRollout *r = &f.ppo->rollout;
    f.moments = (ParaMoments){r->obs, r->channel_bits, r->negative_bits};
    for (int i = 0; i < ROWS; i++)
        f.index[i] = i * 7 % ROWS;
    return f;
}

/// The log probability of each choice, alone: the other channels stand unbound.
static double choice_log_prob(const double *logits, uint32_t negative, int channel, int choice)
{
    int8_t action[PARA_CHANNELS] = {0};
    double entropy;
    action[channel] = (int8_t)(choice - 1);
    return reference_log_prob(logits, 1u << channel, negative, action, &entropy);
}

static bool is_possible(const Fixture *f, int row, int channel, int choice)
{
    return (f->moments.channel_bits[row] >> channel & 1u) != 0 &&
           (choice > 0 || (f->moments.negative_bits[row] >> channel & 1u) != 0);
}

static void test_moments_choices_are_those_of_the_policy(void **state)
{
    (void)state;
    Fixture f = make();
    const ParaPolicy *policy = f.ppo->policy;
    double *parameters = reference_parameters(policy, f.arena);
    float *wanted = PARA_NEW(f.arena, float, ROWS *PARA_LOGITS);
    ParaForward *scratch = para_forward_create(&policy->def, 1, f.arena);
    para_moments_choices(policy, scratch, &f.moments, f.index, ROWS, wanted);
    for (int i = 0; i < ROWS; i++) {
        double logits[PARA_LOGITS], value;
        int row = f.index[i];
        reference_forward(policy, parameters, f.moments.obs + row * policy->def.obs.size, logits, &value);
        for (int c = 0; c < PARA_CHANNELS; c++)
            for (int k = 0; k < PARA_CHOICES; k++)
                if (is_possible(&f, row, c, k))
                    assert_near((double)wanted[i * PARA_LOGITS + c * PARA_CHOICES + k],
                                exp(choice_log_prob(logits, f.moments.negative_bits[row], c, k)), 1e-5);
    }
    para_arena_destroy(f.arena);
}

/// Mean cross-entropy of rows with what is wanted, in double.
static double cross(const Fixture *f, const double *parameters, const float *wanted)
{
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
        double logits[PARA_LOGITS], value;
        reference_forward(f->ppo->policy, parameters, f->moments.obs + row * f->ppo->policy->def.obs.size,
                          logits, &value);
        for (int c = 0; c < PARA_CHANNELS; c++)
            for (int k = 0; k < PARA_CHOICES; k++)
                if (is_possible(f, row, c, k))
                    sum -= (double)wanted[row * PARA_LOGITS + c * PARA_CHOICES + k] *
                           choice_log_prob(logits, f->moments.negative_bits[row], c, k);
    }
    return sum / ROWS;
}

/// Finite differences of `loss` at some parameters against a gradient.
static void check(const Fixture *f, double *w, const float *wanted, const float *gradient, size_t stride)
{
    double largest = 0;
    int checked = 0;
    for (size_t i = 0; i < f->ppo->policy->learned_floats; i++)
        largest = fmax(largest, fabs((double)gradient[i]));
    for (size_t i = 0; i < f->ppo->policy->learned_floats; i += stride) {
        double kept = w[i], step = 1e-6;
        w[i] = kept + step;
        double above = cross(f, w, wanted);
        w[i] = kept - step;
        double want = (above - cross(f, w, wanted)) / (2 * step);
        w[i] = kept;
        assert_near((double)gradient[i], want, 1e-2 * fabs(want) + 2e-4 * largest);
        checked += want != 0;
    }
    assert_true(checked > 60);
}

static void test_moments_imitated_by_the_gradient_of_their_cross_entropy(void **state)
{
    (void)state;
    Fixture f = make();
    ParaPolicy *policy = f.ppo->policy;
    ParaForward *scratch = para_forward_create(&policy->def, 1, f.arena);
    float *wanted = PARA_NEW(f.arena, float, ROWS *PARA_LOGITS),
          *gradient = PARA_NEW(f.arena, float, policy->learned_floats);
    int all[ROWS];
    for (int i = 0; i < ROWS; i++)
        all[i] = i;
    para_moments_choices(policy, scratch, &f.moments, all, ROWS, wanted);
    ParaRng rng = para_rng_make(5, "learns on");
    reference_shake(policy, &rng, 0.3); // it does something else by now
    ParaCloneDef def = para_clone_def_default();
    def.value_weight = 0.0f;
    float value[ROWS] = {0};
    ParaCloneRows rows = {.count = ROWS,
                          .obs = f.moments.obs,
                          .channel_bits = f.moments.channel_bits,
                          .negative_bits = f.moments.negative_bits,
                          .value = value,
                          .wanted = wanted};
    ParaClone *clone = para_clone_create(&def, policy, ROWS, f.arena);
    para_clone_gradient(clone, &rows, gradient);
    check(&f, reference_parameters(policy, f.arena), wanted, gradient, 11);
    para_arena_destroy(f.arena);
}

static void test_moments_fisher_is_the_mean_squared_gradient(void **state)
{
    (void)state;
    Fixture f = make();
    const ParaPolicy *policy = f.ppo->policy;
    size_t size = policy->learned_floats;
    double *w = reference_parameters(policy, f.arena);
    float *gradient = PARA_NEW(f.arena, float, size), *fisher = PARA_NEW(f.arena, float, size);
    para_moments_fisher(policy, para_forward_create_training(&policy->def, f.arena), &f.moments, f.index, 8,
                        42, gradient, fisher);
    int8_t action[8][PARA_CHANNELS];
    ParaRng rng = para_rng_make(42, "fisher");
    ParaForward *scratch = para_forward_create(&policy->def, 1, f.arena);
    for (int i = 0; i < 8; i++) {
        float logits[PARA_LOGITS], value;
        int row = f.index[i];
        para_policy_forward(policy, scratch, f.moments.obs + row * policy->def.obs.size, 1, NULL, logits,
                            &value);
        para_action_draw(PARA_HEAD_LEVELS, logits, f.moments.channel_bits[row], f.moments.negative_bits[row],
                         &rng, action[i]);
    }
    double largest = 0;
    int checked = 0;
    for (size_t i = 0; i < size; i++)
        largest = fmax(largest, (double)fisher[i]);
    for (size_t i = 0; i < size; i += 13) {
        double want = 0, kept = w[i];
        for (int k = 0; k < 8; k++) {
            double side[2], logits[PARA_LOGITS], value, entropy;
            int row = f.index[k];
            for (int s = 0; s < 2; s++) {
                w[i] = kept + (s ? 1e-6 : -1e-6);
                reference_forward(policy, w, f.moments.obs + row * policy->def.obs.size, logits, &value);
                side[s] = reference_log_prob(logits, f.moments.channel_bits[row],
                                             f.moments.negative_bits[row], action[k], &entropy);
            }
            w[i] = kept;
            want += (side[1] - side[0]) * (side[1] - side[0]) / (4e-12 * 8);
        }
        assert_near((double)fisher[i], want, 2e-2 * want + 1e-4 * largest);
        checked += want > 0;
    }
    assert_true(checked > 40);
    const float *only_value = fisher + policy->offset[PARA_T_VALUE_WEIGHT];
    for (int i = 0; i < policy->def.width; i++)
        assert_true(only_value[i] == 0.0f);
    para_arena_destroy(f.arena);
}

const struct CMUnitTest para_tests_moments[] = {
    cmocka_unit_test(test_moments_choices_are_those_of_the_policy),
    cmocka_unit_test(test_moments_imitated_by_the_gradient_of_their_cross_entropy),
    cmocka_unit_test(test_moments_fisher_is_the_mean_squared_gradient),
};
const size_t para_tests_moments_count = sizeof para_tests_moments / sizeof *para_tests_moments;
