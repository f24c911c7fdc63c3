// SPDX-License-Identifier: MIT
// The fine head against what is known of the Beta distribution: libm's gamma function, numeric integrals,
// finite differences, and many draws.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"

#include <math.h>
#include <string.h>

/// One channel's outputs; the others at rubbish that must not matter.
static void set_channel(float *logits, int channel, float first, float second)
{
    for (int i = 0; i < PARA_LOGITS; i++)
        logits[i] = 1e20f;
    logits[channel * PARA_CHOICES] = first;
    logits[channel * PARA_CHOICES + 1] = second;
}

static double shape(double raw) { return 1.0 + log1p(exp(raw)); }

static double log_density(double a, double b, double u)
{
    return lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(u) + (b - 1) * log(1 - u);
}

/// Entropy by the trapezium rule, which converges fast for densities that end at 0.
static double entropy_of(double a, double b)
{
    double sum = 0.0;
    const int parts = 20000;
    for (int i = 1; i < parts; i++) {
        double log_p = log_density(a, b, (double)i / parts);
        sum -= exp(log_p) * log_p / parts;
    }
    return sum;
}

static const float raws[] = {-6.0f, -1.0f, 0.0f, 0.7f, 3.0f, 12.0f};
#define RAWS (int)(sizeof raws / sizeof *raws)

static double sum_of(const float *share, int first, int last)
{
    double sum = 0.0;
    for (int i = first; i < last; i++)
        sum += (double)share[i];
    return sum;
}

/// What a picture shows: parts of the range, as many draws fall into them, and none where the channel cannot
/// act.
static void test_beta_shares_are_where_draws_fall(void **state)
{
    (void)state;
    enum { PARTS = 8, DRAWS = 4000 };
    float logits[PARA_LOGITS], share[PARTS], levels[PARA_CHOICES];
    ParaRng rng = para_rng_make(7, "beta");
    for (int negative = 0; negative < 2; negative++) {
        int fell[PARTS] = {0};
        set_channel(logits, 5, 1.5f, -0.5f);
        para_action_shares(PARA_HEAD_FINE, logits, 5, negative, PARTS, share);
        assert_near(sum_of(share, 0, PARTS), 1.0, 1e-5);
        for (int i = 0; i < DRAWS; i++) {
            int8_t action[PARA_CHANNELS];
            para_action_draw(PARA_HEAD_FINE, logits, 1u << 5, negative ? 1u << 5 : 0, &rng, action);
            int part = (int)((action[5] / 127.0 + 1) / 2 * PARTS);
            fell[part < PARTS ? part : PARTS - 1]++;
        }
        for (int i = 0; i < PARTS; i++)
            assert_near((double)share[i], (double)fell[i] / DRAWS, 0.04);
        assert_true(negative || sum_of(share, 0, PARTS / 2) == 0.0);
    }
    set_channel(logits, 5, 80.0f, -80.0f); // as narrow as it gets: still a hill
    para_action_shares(PARA_HEAD_FINE, logits, 5, true, PARTS, share);
    assert_near((double)share[PARTS - 1], 1.0, 1e-3);
    float three[PARA_LOGITS] = {0.0f, logf(3.0f), 0.0f};
    para_action_shares(PARA_HEAD_LEVELS, three, 0, true, PARA_CHOICES, levels);
    assert_near((double)levels[1], 0.6, 1e-5);
    para_action_shares(PARA_HEAD_LEVELS, three, 0, false, PARA_CHOICES, levels);
    assert_true(levels[0] == 0.0f);
    assert_near((double)levels[1], 0.75, 1e-5);
}

static void test_beta_terms_are_those_of_the_distribution(void **state)
{
    (void)state;
    float logits[PARA_LOGITS];
    ParaActionTerms terms;
    for (int i = 0; i < RAWS; i++)
        for (int k = 0; k < RAWS; k++) {
            double a = shape((double)raws[i]), b = shape((double)raws[k]);
            set_channel(logits, 5, raws[i], raws[k]);
            for (int kept = -120; kept <= 120; kept += 24) {
                int8_t action[PARA_CHANNELS] = {[5] = (int8_t)kept};
                double u = (kept / 127.0 + 1) / 2;
                float got = para_action_terms(PARA_HEAD_FINE, logits, 1u << 5, 1u << 5, action, &terms);
                assert_near((double)got, log_density(a, b, u), 1e-5 * (1 + fabs((double)got)));
            }
            assert_near((double)terms.entropy, entropy_of(a, b), 2e-3);
        }
}

static void test_beta_gradients_match_finite_differences(void **state)
{
    (void)state;
    float logits[PARA_LOGITS], step = 1e-2f;
    ParaActionTerms terms, above, below;
    for (int i = 0; i < RAWS - 1; i++)
        for (int k = 0; k < RAWS - 1; k++)
            for (int negative = 0; negative < 2; negative++)
                for (int which = 0; which < 2; which++) {
                    int8_t action[PARA_CHANNELS] = {[2] = 40};
                    uint32_t bits = 1u << 2, below_0 = negative ? bits : 0;
                    set_channel(logits, 2, raws[i], raws[k]);
                    para_action_terms(PARA_HEAD_FINE, logits, bits, below_0, action, &terms);
                    logits[2 * PARA_CHOICES + which] += step;
                    double high =
                        (double)para_action_terms(PARA_HEAD_FINE, logits, bits, below_0, action, &above);
                    logits[2 * PARA_CHOICES + which] -= 2 * step;
                    double low =
                        (double)para_action_terms(PARA_HEAD_FINE, logits, bits, below_0, action, &below);
                    int at = 2 * PARA_CHOICES + which;
                    assert_near((double)terms.dlog_prob[at], (high - low) / (2.0 * (double)step), 2e-3);
                    assert_near((double)terms.dentropy[at],
                                ((double)above.entropy - (double)below.entropy) / (2.0 * (double)step), 2e-3);
                    float dlogits[PARA_LOGITS];
                    para_action_gradient(&terms, 0.5f, 0.25f, dlogits);
                    for (int j = 0; j < PARA_LOGITS; j++)
                        if (j / PARA_CHOICES != 2 || j == 2 * PARA_CHOICES + 2)
                            assert_true(dlogits[j] == 0.0f);
                    assert_near((double)dlogits[at],
                                0.5 * (double)terms.dlog_prob[at] - 0.25 * (double)terms.dentropy[at], 1e-6);
                }
}

static void test_beta_draws_have_its_mean_and_spread(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    ParaRng rng = para_rng_make(5, "beta");
    for (int i = 0; i < RAWS; i++)
        for (int negative = 0; negative < 2; negative++) {
            float logits[PARA_LOGITS];
            set_channel(logits, 0, raws[i], raws[RAWS - 1 - i]);
            double a = shape((double)raws[i]), b = shape((double)raws[RAWS - 1 - i]), mean = a / (a + b);
            double variance = a * b / ((a + b) * (a + b) * (a + b + 1)), sum = 0, square = 0;
            for (int n = 0; n < DRAWS; n++) {
                int8_t action[PARA_CHANNELS];
                float log_prob = para_action_draw(PARA_HEAD_FINE, logits, 1, negative ? 1 : 0, &rng, action);
                ParaActionTerms terms;
                assert_true(log_prob ==
                            para_action_terms(PARA_HEAD_FINE, logits, 1, negative ? 1 : 0, action, &terms));
                assert_true(action[0] >= (negative ? -127 : 0));
                for (int c = 1; c < PARA_CHANNELS; c++)
                    assert_int_equal(action[c], 0);
                double u = negative ? (action[0] / 127.0 + 1) / 2 : action[0] / 127.0;
                sum += u;
                square += u * u;
            }
            double got = sum / DRAWS, spread = square / DRAWS - got * got;
            assert_near(got, mean, 5 * sqrt(variance / DRAWS) + 1e-4);
            assert_near(spread, variance, 0.05 * variance + 1e-5);
            int8_t best[PARA_CHANNELS];
            para_action_best(PARA_HEAD_FINE, logits, 1, negative ? 1 : 0, best);
            assert_near(negative ? (best[0] / 127.0 + 1) / 2 : best[0] / 127.0, mean, 0.005);
        }
}

static void test_beta_of_any_outputs_stays_finite(void **state)
{
    (void)state;
    const float wild[] = {-1e30f, -1e4f, 0.0f, 79.9f, 1e4f, 1e30f};
    ParaRng rng = para_rng_make(6, "beta");
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 6; k++) {
            float logits[PARA_LOGITS];
            int8_t action[PARA_CHANNELS];
            ParaActionTerms terms;
            set_channel(logits, 7, wild[i], wild[k]);
            float drawn = para_action_draw(PARA_HEAD_FINE, logits, 1u << 7, 1u << 7, &rng, action);
            for (int kept = -127; kept <= 127; kept += 127) {
                action[7] = (int8_t)kept;
                float got = para_action_terms(PARA_HEAD_FINE, logits, 1u << 7, 1u << 7, action, &terms);
                assert_true(isfinite(drawn) && isfinite(got) && isfinite(terms.entropy));
                for (int j = 0; j < PARA_LOGITS; j++)
                    assert_true(isfinite(terms.dlog_prob[j]) && isfinite(terms.dentropy[j]));
            }
        }
}

static void test_beta_of_a_random_player_is_even(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(7, "beta");
    int seen[255] = {0};
    for (int n = 0; n < 25500; n++) {
        int8_t action[PARA_CHANNELS];
        para_action_any(PARA_HEAD_FINE, 0x3, 0x1, &rng, action);
        assert_true(action[1] >= 0 && action[2] == 0);
        seen[action[0] + 127]++;
    }
    for (int i = 0; i < 255; i++)
        assert_in_range(seen[i], 50, 160);
}

const struct CMUnitTest para_tests_beta[] = {
    cmocka_unit_test(test_beta_shares_are_where_draws_fall),
    cmocka_unit_test(test_beta_terms_are_those_of_the_distribution),
    cmocka_unit_test(test_beta_gradients_match_finite_differences),
    cmocka_unit_test(test_beta_draws_have_its_mean_and_spread),
    cmocka_unit_test(test_beta_of_any_outputs_stays_finite),
    cmocka_unit_test(test_beta_of_a_random_player_is_even),
};
const size_t para_tests_beta_count = sizeof para_tests_beta / sizeof *para_tests_beta;
