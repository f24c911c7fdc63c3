// SPDX-License-Identifier: MIT
// What is counted of players among each other: entropies and what things tell of each other against numbers
// known beforehand, ratings against those that games were drawn from.
#include "agents/company/elo.h"
#include "agents/company/information.h"
#include "agents/company/talk.h"
#include "engine/base/maths.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

static bool near(double a, double b, double most) { return fabs(a - b) <= most; }

static void test_entropy_of_known_shares(void **state)
{
    (void)state;
    const double even[] = {1e6, 1e6, 1e6, 1e6, 0}, one[] = {0, 50, 0}, none[] = {0, 0};
    assert_true(near(para_entropy_bits(even, 5), 2, 1e-5));
    assert_true(para_entropy_bits(one, 3) == 0 && para_entropy_bits(none, 2) == 0);
    const double few[] = {1, 1}; // 1 bit, and (2 - 1) / (2 * 2) nats for so few
    assert_true(near(para_entropy_bits(few, 2), 1 + 0.25 / para_log(2), 1e-12));
}

static void test_a_copy_tells_all_and_dice_tell_nothing(void **state)
{
    (void)state;
    ParaPairCounts copy = {.rows = 4, .columns = 4}, dice = copy;
    for (int i = 0; i < 4; i++)
        copy.of[i * 4 + i] = 1000;
    assert_true(near(para_information_bits(&copy), 2, 2e-3));
    double plugin = 0, mean = 0;
    for (int run = 0; run < 400; run++) { // few dice: without the correction they seem to tell something
        ParaRng rng = para_rng_make((uint64_t)run, "dice");
        memset(dice.of, 0, sizeof dice.of);
        for (int i = 0; i < 60; i++)
            dice.of[para_rng_int(&rng, 0, 3) * 4 + para_rng_int(&rng, 0, 3)]++;
        mean += para_information_bits(&dice) / 400;
        plugin += (para_information_bits(&dice) + 9 / (2 * 60 * para_log(2))) / 400;
    }
    print_message("dice: %.4f bit, %.4f without the correction\n", mean, plugin);
    assert_true(fabs(mean) < 0.02 && plugin > 0.08);
}

static void test_ratings_of_two_are_their_odds(void **state)
{
    (void)state;
    const double wins[] = {0, 750, 250, 0};
    ParaElo elo[2];
    para_elo_fit(wins, 2, elo);
    double apart = elo[0].rating - elo[1].rating; // 400 log10(750.25 / 250.25)
    assert_true(near(apart, 400 * para_log(750.25 / 250.25) / para_log(10), 1e-6));
    assert_true(near(elo[0].rating + elo[1].rating, 0, 1e-9));
    assert_true(near(para_elo_expected(elo[0].rating, elo[1].rating), 750.25 / 1000.5, 1e-9));
    // Each is half of the difference from the mean, whose variance is 1 / (n p q).
    double reach = 1.959964 * 400 / para_log(10) / 2 / para_sqrt(1000.5 * 0.75 * 0.25);
    assert_true(near(elo[0].reach, reach, 0.01 * reach));
}

static void test_ratings_are_found_again(void **state)
{
    (void)state;
    enum { N = 6, GAMES = 120 };
    const double truth[N] = {-250, -150, -50, 50, 150, 250};
    int inside = 0;
    for (int run = 0; run < 20; run++) {
        double wins[N * N] = {0};
        ParaElo elo[N];
        ParaRng rng = para_rng_make((uint64_t)run, "games");
        for (int i = 0; i < N; i++) {
            for (int j = i + 1; j < N; j++) {
                for (int g = 0; g < GAMES; g++) {
                    bool won = para_rng_f64(&rng) < para_elo_expected(truth[i], truth[j]);
                    wins[won ? i * N + j : j * N + i]++;
                }
            }
        }
        para_elo_fit(wins, N, elo);
        for (int i = 0; i < N; i++)
            inside += fabs(elo[i].rating - truth[i]) <= elo[i].reach;
    }
    print_message("%d of %d true ratings are in their intervals\n", inside, 20 * N);
    assert_in_range(inside, 106, 120); // 95 % of 120 are 114
}

static void test_who_always_won_has_a_rating(void **state)
{
    (void)state;
    const double wins[9] = {0, 50, 50, 0, 0, 50, 0, 0, 0};
    ParaElo elo[3];
    para_elo_fit(wins, 3, elo);
    assert_true(isfinite(elo[0].rating) && elo[0].rating > elo[1].rating && elo[1].rating > elo[2].rating);
    assert_true(elo[0].reach > 0 && isfinite(elo[0].reach));
}

// ---------------------------------------------------------------------------------------------
// What was said.

/// Episodes of one speaker that says what the parameter is, or what a die is.
static void fill(ParaTalk *talks, ParaTalkLine *lines, int count, int length, bool honest)
{
    ParaRng rng = para_rng_make(5, "talk");
    for (int i = 0; i < count; i++) {
        int secret = (int)para_rng_int(&rng, 0, 3);
        talks[i] = (ParaTalk){.lines = lines + i * length, .count = length, .max = length, .bins = 1};
        talks[i].bin[0] = (uint8_t)secret;
        for (int k = 0; k < length; k++)
            talks[i].lines[k] =
                (ParaTalkLine){.word = (uint8_t)(honest ? 2 * secret : para_rng_int(&rng, 0, 8)),
                               .bearing = (uint8_t)(honest ? 7 - secret : para_rng_int(&rng, 0, 7))};
    }
}

static void test_what_was_said_tells_the_secret(void **state)
{
    (void)state;
    enum { EPISODES = 64, LENGTH = 40 };
    static ParaTalk talks[EPISODES];
    static ParaTalkLine lines[EPISODES * LENGTH];
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 24);
    fill(talks, lines, EPISODES, LENGTH, true);
    ParaTalkSummary honest = para_talk_summary(talks, EPISODES, 1, arena);
    fill(talks, lines, EPISODES, LENGTH, false);
    ParaTalkSummary die = para_talk_summary(talks, EPISODES, 1, arena);
    print_message("honest %.3f of %.3f bit (shuffled %.3f), die %.3f\n", honest.params[0].bits,
                  honest.params[0].most, honest.params[0].shuffled, die.params[0].bits);
    assert_true(honest.lines == EPISODES * LENGTH && honest.param_count == 1);
    assert_true(honest.params[0].most > 1.8 && near(honest.params[0].bits, honest.params[0].most, 1e-2));
    assert_true(near(honest.bearing.bits, honest.params[0].most, 1e-2));
    assert_true(honest.params[0].shuffled < 0.4 && near(honest.entropy, honest.params[0].most, 1e-2));
    assert_true(fabs(die.params[0].bits) < 0.03 && fabs(die.bearing.bits) < 0.03 && die.entropy > 3.1);
    double sum = 0;
    for (int w = 0; w < PARA_TALK_WORDS; w++)
        sum += honest.share[w];
    assert_true(near(sum, 1, 1e-9));
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_company[] = {cmocka_unit_test(test_entropy_of_known_shares),
                                                cmocka_unit_test(test_a_copy_tells_all_and_dice_tell_nothing),
                                                cmocka_unit_test(test_ratings_of_two_are_their_odds),
                                                cmocka_unit_test(test_ratings_are_found_again),
                                                cmocka_unit_test(test_who_always_won_has_a_rating),
                                                cmocka_unit_test(test_what_was_said_tells_the_secret)};
const size_t para_tests_company_count = sizeof para_tests_company / sizeof *para_tests_company;
