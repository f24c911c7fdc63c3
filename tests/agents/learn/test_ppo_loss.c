// SPDX-License-Identifier: MIT
// Each term of the loss by hand, one sample at a time: the clipped ratio on both sides with advantages of
// both signs, the clipped value, the entropy of each channel under each mask, and what is counted beside it.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"

#include <math.h>
#include <string.h>

static const ParaObsSpec vector = {PARA_OBS_VECTOR, 9, 0, 0, 9, 0};

typedef struct Fixture {
    ParaArena *arena;
    ParaPpo *ppo;
    ParaForward *scratch;
    float *gradient;
    double *parameters;
} Fixture;

/// Row 0 is the sample; channels 1 (three choices) and 4 (two) are bound, its action is (-1, 1).
static int set_up(void **state)
{
    static Fixture f;
    f.arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ParaPpoDef def = para_ppo_def_default(4, 4);
    def.entropy = 0.0f;
    f.ppo = reference_learner(vector, def, NULL, f.arena);
    f.scratch = para_forward_create_training(&f.ppo->policy->def, f.arena);
    f.gradient = PARA_NEW(f.arena, float, f.ppo->policy->learned_floats);
    f.parameters = reference_parameters(f.ppo->policy, f.arena);
    f.ppo->rollout.channel_bits[0] = 0x12;
    f.ppo->rollout.negative_bits[0] = 0x02;
    memset(f.ppo->rollout.action, 0, PARA_CHANNELS);
    f.ppo->rollout.action[1] = -1;
    f.ppo->rollout.action[4] = 1;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    para_arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

/// The sample's logits, value, log probability and entropy, in double.
typedef struct Truth {
    double logits[PARA_LOGITS], value, log_prob, entropy;
} Truth;

static Truth truth_of(const Fixture *f)
{
    Truth t;
    const ParaRollout *r = &f->ppo->rollout;
    reference_forward(f->ppo->policy, f->parameters, r->obs, t.logits, &t.value);
    t.log_prob = reference_log_prob(t.logits, r->channel_bits[0], r->negative_bits[0], r->action, &t.entropy);
    return t;
}

/// Probability of choice k in a channel; 0 where the mask forbids it.
static double probability(const Truth *t, bool negative, int channel, int k)
{
    const double *z = t->logits + channel * PARA_CHOICES;
    double sum = (negative ? exp(z[0]) : 0.0) + exp(z[1]) + exp(z[2]);
    return k == 0 && !negative ? 0.0 : exp(z[k]) / sum;
}

/// The block of the sample alone, as one of `count` rows of a minibatch with mean and scale of advantages.
static ParaLossSums run_block(Fixture *f, int count, float mean, float scale)
{
    static const int order[1] = {0};
    ParaMinibatch minibatch = {
        .order = order, .rows = count, .count = count, .advantage_mean = mean, .advantage_scale = scale};
    ParaLossSums sums;
    para_ppo_block(f->ppo, &minibatch, order, 1, NULL, f->scratch, f->gradient, &sums);
    return sums;
}

static const float *gradient_at(const Fixture *f, ParaTensorId id)
{
    return f->gradient + f->ppo->policy->offset[id];
}

static void test_loss_of_the_ratio_on_both_sides_of_the_clip(void **state)
{
    Fixture *f = *state;
    const double ratios[] = {0.3, 0.79, 0.81, 1.0, 1.19, 1.21, 3.0}, advantages[] = {1.5, -0.7};
    Truth truth = truth_of(f);
    for (size_t k = 0; k < sizeof ratios / sizeof *ratios; k++)
        for (int a = 0; a < 2; a++) {
            double ratio = ratios[k], A = advantages[a];
            f->ppo->rollout.log_prob[0] = (float)(truth.log_prob - log(ratio));
            f->ppo->advantage[0] = (float)(A / 2.0 + 0.25); // (x - 0.25) * 2 is A
            ParaLossSums sums = run_block(f, 4, 0.25f, 2.0f);
            double held = fmin(fmax(ratio, 0.8), 1.2), gain = fmin(ratio * A, held * A);
            assert_near(sums.policy, -gain, 1e-3);
            assert_near(sums.kl, ratio - 1.0 - log(ratio), 2e-3);
            assert_true(sums.clipped == (ratio < 0.8 || ratio > 1.2 ? 1.0 : 0.0));
            assert_near(sums.entropy, truth.entropy, 1e-4);
            // Where the clip holds the ratio back, and only there, nothing pulls any more.
            bool pulls = !(ratio > 1.2 && A > 0) && !(ratio < 0.8 && A < 0);
            double pull = pulls ? -ratio * A / 4.0 : 0.0; // d loss / d log p, of four rows
            for (int c = 0; c < PARA_CHANNELS; c++)
                for (int j = 0; j < PARA_CHOICES; j++) {
                    bool bound = c == 1 || c == 4, chosen = (c == 1 && j == 0) || (c == 4 && j == 2);
                    double want =
                        bound ? pull * ((chosen ? 1.0 : 0.0) - probability(&truth, c == 1, c, j)) : 0;
                    float got = gradient_at(f, PARA_T_LOGITS_BIAS)[c * PARA_CHOICES + j];
                    assert_near((double)got, want, 1e-3);
                    if (!bound || !pulls || (c == 4 && j == 0))
                        assert_true(got == 0.0f);
                }
        }
}

static void test_loss_of_a_ratio_beyond_all_bounds_stays_finite(void **state)
{
    Fixture *f = *state;
    Truth truth = truth_of(f);
    const double sign[2] = {1.0, -1.0};
    f->ppo->advantage[0] = -1.0f; // the side on which the clip does not hold back
    for (int k = 0; k < 2; k++) {
        f->ppo->rollout.log_prob[0] = (float)(truth.log_prob - sign[k] * 60.0);
        ParaLossSums sums = run_block(f, 1, 0.0f, 1.0f);
        double ratio = exp(sign[k] * 20.0); // the logarithm is held within 20
        assert_near(sums.kl, ratio - 1.0 - sign[k] * 20.0, 1e-5 * ratio + 1e-3);
        assert_near(sums.policy, fmax(ratio, 0.8), 1e-5 * ratio + 1e-3);
        assert_true(sums.clipped == 1.0);
    }
}

static void test_loss_of_the_value_takes_the_worse_of_clipped_and_free(void **state)
{
    Fixture *f = *state;
    Truth truth = truth_of(f);
    // Value less old value, target less old value. Clip 0.2.
    const double cases[][2] = {{0.1, 1.0},  {0.1, -1.0}, {-0.15, 0.0}, {0.6, 1.0},
                               {0.6, -1.0}, {0.6, 0.35}, {-0.6, -1.0}, {-0.6, 1.0}};
    f->ppo->advantage[0] = 0.0f;
    f->ppo->rollout.log_prob[0] = (float)truth.log_prob;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int clips = 0; clips < 2; clips++) {
            double old = truth.value - cases[k][0], target = old + cases[k][1];
            f->ppo->rollout.value[0] = (float)old;
            f->ppo->target[0] = (float)target;
            f->ppo->def.value_clip = clips ? 0.2f : 0.0f;
            double free = truth.value - target, near = old + fmin(fmax(cases[k][0], -0.2), 0.2) - target;
            bool held = clips && near * near > free * free + 1e-9;
            ParaLossSums sums = run_block(f, 4, 0.0f, 1.0f);
            assert_near(sums.value, 0.5 * (held ? near * near : free * free), 2e-3);
            float pull = gradient_at(f, PARA_T_VALUE_BIAS)[0]; // weight 0.5, of four rows
            assert_near((double)pull, held ? 0.0 : 0.5 * free / 4.0, 1e-3);
            if (held)
                assert_true(pull == 0.0f);
        }
}

static void test_loss_pulls_toward_entropy(void **state)
{
    Fixture *f = *state;
    Truth truth = truth_of(f);
    f->ppo->advantage[0] = 0.0f;
    f->ppo->rollout.log_prob[0] = (float)truth.log_prob;
    f->ppo->def.entropy = 0.3f;
    run_block(f, 2, 0.0f, 1.0f);
    for (int i = 0; i < PARA_LOGITS; i++) {
        Truth above = truth, below = truth;
        above.logits[i] += 1e-5;
        below.logits[i] -= 1e-5;
        reference_log_prob(above.logits, 0x12, 0x02, f->ppo->rollout.action, &above.entropy);
        reference_log_prob(below.logits, 0x12, 0x02, f->ppo->rollout.action, &below.entropy);
        double slope = (above.entropy - below.entropy) / 2e-5;
        assert_near((double)gradient_at(f, PARA_T_LOGITS_BIAS)[i], -0.3 * slope / 2.0, 1e-4);
    }
}

/// Of two channels, one of two choices and one of three, the one that is undecided enough is not pulled.
static void test_loss_pulls_a_channel_toward_enough_entropy(void **state)
{
    Fixture *f = *state;
    Truth truth = truth_of(f);
    double own[2], share[2];
    const int channel[2] = {1, 4};
    f->ppo->advantage[0] = 0.0f;
    f->ppo->rollout.log_prob[0] = (float)truth.log_prob;
    f->ppo->def.entropy = 0.3f;
    for (int k = 0; k < 2; k++) {
        uint32_t bit = 1u << channel[k], negative = 0x02;
        reference_log_prob(truth.logits, bit, negative, f->ppo->rollout.action, &own[k]);
        share[k] = own[k] / log((negative & bit) != 0 ? 3.0 : 2.0);
    }
    assert_true(fabs(share[0] - share[1]) > 1e-3);
    int cut = share[0] > share[1] ? 0 : 1;
    f->ppo->def.entropy_enough = (float)((share[0] + share[1]) / 2.0);
    run_block(f, 2, 0.0f, 1.0f);
    double pull[2] = {0.0, 0.0};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < PARA_CHOICES; i++)
            pull[k] += fabs((double)gradient_at(f, PARA_T_LOGITS_BIAS)[channel[k] * PARA_CHOICES + i]);
    assert_true(pull[cut] == 0.0 && pull[1 - cut] > 1e-6);
    f->ppo->def.entropy_enough = 1.0f; // more than any has
    run_block(f, 2, 0.0f, 1.0f);
    assert_true(fabs((double)gradient_at(f, PARA_T_LOGITS_BIAS)[channel[cut] * PARA_CHOICES + 1]) > 0.0);
    f->ppo->def.entropy_enough = 0.0f;
}

static void test_entropy_and_probabilities_of_each_channel_by_its_mask(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(7, "entropy");
    float logits[PARA_LOGITS];
    ParaActionTerms terms;
    double all = 0.0;
    int8_t action[PARA_CHANNELS] = {1, 0, 1, 0, 1, 0, 1, 0};
    for (int i = 0; i < PARA_LOGITS; i++)
        logits[i] = (float)(2.0 * para_rng_normal(&rng));
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int negative = 0; negative < 2; negative++) {
            const float *z = logits + c * PARA_CHOICES;
            double sum = 0.0, want = 0.0;
            for (int k = negative ? 0 : 1; k < PARA_CHOICES; k++)
                sum += exp((double)z[k]);
            // The masks of the other channels must not matter.
            uint32_t bit = 1u << c, others = 0xffu & ~bit;
            float total =
                para_action_terms(PARA_HEAD_LEVELS, logits, bit, negative ? 0xff : others, action, &terms);
            for (int k = 0; k < PARA_CHOICES; k++) {
                double share = k == 0 && !negative ? 0.0 : exp((double)z[k]) / sum;
                assert_near((double)terms.p[c * PARA_CHOICES + k], share, 1e-6);
                assert_near((double)terms.lp[c * PARA_CHOICES + k], share > 0 ? log(share) : 0.0, 1e-5);
                want -= share > 0 ? share * log(share) : 0.0;
            }
            assert_near((double)terms.entropy, want, 1e-5);
            assert_near((double)total, log(exp((double)z[action[c] + 1]) / sum), 1e-5);
            for (int i = 0; i < PARA_LOGITS; i++)
                if (i / PARA_CHOICES != c)
                    assert_true(terms.p[i] == 0.0f && terms.lp[i] == 0.0f);
            all += c % 2 == negative ? want : 0.0;
        }
    // All at once: odd channels have three choices.
    para_action_terms(PARA_HEAD_LEVELS, logits, 0xff, 0xaa, action, &terms);
    assert_near((double)terms.entropy, all, 1e-5);
    // Nothing pulls: all choices alike.
    memset(logits, 0, sizeof logits);
    para_action_terms(PARA_HEAD_LEVELS, logits, 0x03, 0x01, action, &terms);
    assert_near((double)terms.entropy, log(3.0) + log(2.0), 1e-6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_ppo_loss[] = {
    TEST(test_loss_of_the_ratio_on_both_sides_of_the_clip),
    TEST(test_loss_of_a_ratio_beyond_all_bounds_stays_finite),
    TEST(test_loss_of_the_value_takes_the_worse_of_clipped_and_free),
    TEST(test_loss_pulls_toward_entropy),
    TEST(test_loss_pulls_a_channel_toward_enough_entropy),
    cmocka_unit_test(test_entropy_and_probabilities_of_each_channel_by_its_mask),
};
const size_t para_tests_ppo_loss_count = sizeof para_tests_ppo_loss / sizeof *para_tests_ppo_loss;
