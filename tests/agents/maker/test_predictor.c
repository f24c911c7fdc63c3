// SPDX-License-Identifier: MIT
// What the maker believes of the player: the networks' gradients against finite differences, what they learn
// of a made-up player, where they differ, and the traits they learn from, by hand.
#include "agents/maker/predictor.h"

#include "agents/maker/traits.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS = 6 };

static ParaArena *arena_of(void **state) { return *state; }

static int set_up(void **state)
{
    *state = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

static double normal(ParaRng *rng) { return para_rng_normal(rng); }

static void fill_memory(ParaPredictor *p, int count, uint64_t seed)
{
    ParaRng rng = para_rng_make(seed, "memory");
    for (int i = 0; i < count; i++) {
        float traits[INPUTS];
        for (int k = 0; k < INPUTS; k++)
            traits[k] = (float)normal(&rng);
        ParaOutcome outcome = {.end = (uint8_t)para_rng_int(&rng, 0, PARA_PREDICTOR_ENDS - 1),
                               .progress = (float)para_rng_f64(&rng),
                               .time = (float)para_rng_f64(&rng)};
        para_predictor_note(p, traits, &outcome);
    }
}

static void test_predictor_gradient_is_that_of_its_loss(void **state)
{
    ParaPredictor *p = para_predictor_create(INPUTS, 3, arena_of(state));
    int floats, order[7] = {0, 3, 5, 5, 9, 11, 19};
    fill_memory(p, 20, 1);
    float *weights = para_predictor_weights(p, 1, &floats),
          *gradient = calloc((size_t)floats, sizeof *gradient),
          *other = calloc((size_t)floats, sizeof *other);
    para_predictor_gradient(p, 1, order, 7, gradient);
    ParaRng rng = para_rng_make(2, "places");
    int unlike = 0;
    for (int i = 0; i < 200; i++) {
        int at = (int)para_rng_int(&rng, 0, floats - 1);
        float kept = weights[at], step = 1e-2f;
        weights[at] = kept + step;
        double above = para_predictor_gradient(p, 1, order, 7, other);
        weights[at] = kept - step;
        double below = para_predictor_gradient(p, 1, order, 7, other);
        weights[at] = kept;
        double want = (above - below) / (2 * (double)step);
        if (fabs((double)gradient[at] - want) > 2e-3 + 2e-2 * fabs(want))
            fail_msg("weight %d: gradient %g, by differences %g", at, (double)gradient[at], want);
        unlike += fabs(want) > 1e-3;
    }
    assert_true(unlike > 50); // there was something to compare
    free(gradient);
    free(other);
}

/// A player that solves what has its first trait below its skill, more or less.
static bool solves(double trait, double skill, ParaRng *rng) { return trait + 0.2 * normal(rng) < skill; }

static void test_predictor_learns_a_player_and_follows_it(void **state)
{
    ParaPredictor *p = para_predictor_create(INPUTS, 4, arena_of(state));
    ParaRng rng = para_rng_make(6, "episodes");
    const double skills[2] = {-0.5, 0.5}; // it gets better
    for (int phase = 0; phase < 2; phase++) {
        for (int lesson = 0; lesson < 60; lesson++) {
            for (int i = 0; i < 64; i++) {
                float traits[INPUTS];
                for (int k = 0; k < INPUTS; k++)
                    traits[k] = (float)para_rng_range(&rng, -1.5, 1.5);
                bool solved = solves((double)traits[0], skills[phase], &rng);
                ParaOutcome outcome = {.end = solved ? 0 : 1, .progress = solved ? 1 : 0.25f, .time = 0.5f};
                para_predictor_note(p, traits, &outcome);
            }
            assert_true(isfinite(para_predictor_learn(p, 6)));
        }
        // What it says of levels it has not seen: right on both sides, undecided in the middle.
        for (int i = 0; i < 5; i++) {
            const float easy[INPUTS] = {(float)skills[phase] - 0.7f, 0.3f * (float)i},
                        hard[INPUTS] = {(float)skills[phase] + 0.7f, 0.3f * (float)i},
                        edge[INPUTS] = {(float)skills[phase], 0.3f * (float)i};
            ParaForecast said[3];
            float rows[3 * INPUTS];
            memcpy(rows, easy, sizeof easy);
            memcpy(rows + INPUTS, hard, sizeof hard);
            memcpy(rows + 2 * INPUTS, edge, sizeof edge);
            para_predictor_forecast(p, rows, 3, said);
            if (said[0].solved < 0.85f || said[1].solved > 0.15f || fabsf(said[2].solved - 0.5f) > 0.3f)
                fail_msg("phase %d: easy %g, hard %g, edge %g", phase, (double)said[0].solved,
                         (double)said[1].solved, (double)said[2].solved);
            assert_true(said[1].failed > 0.8f && said[1].progress < 0.4f && said[0].progress > 0.8f);
            assert_near((double)said[0].time, 0.5, 0.1);
        }
    }
    // Far from all it has seen its networks differ more than where it knows.
    const float near[INPUTS] = {-1}, far[INPUTS] = {0.6f, 5, -5, 5, -5, 5};
    ParaForecast known, unknown;
    para_predictor_forecast(p, near, 1, &known);
    para_predictor_forecast(p, far, 1, &unknown);
    assert_true(unknown.spread > 2 * known.spread);
}

static void test_predictor_saved_and_loaded_is_the_same(void **state)
{
    ParaPredictor *p = para_predictor_create(INPUTS, 4, arena_of(state)),
                  *again = para_predictor_create(INPUTS, 5, arena_of(state));
    ParaBytes bytes = {.arena = arena_of(state)};
    const float row[INPUTS] = {0.1f, -0.4f};
    ParaForecast one, other;
    fill_memory(p, 300, 2);
    para_predictor_learn(p, 5);
    para_predictor_save(p, &bytes);
    ParaBytesReader in = {.data = bytes.data, .size = bytes.size};
    assert_true(para_predictor_load(again, &in) && para_bytes_read_whole(&in));
    fill_memory(p, 5, 3);
    fill_memory(again, 5, 3);
    assert_true(para_predictor_learn(p, 3) == para_predictor_learn(again, 3));
    para_predictor_forecast(p, row, 1, &one);
    para_predictor_forecast(again, row, 1, &other);
    assert_memory_equal(&one, &other, sizeof one);
    in = (ParaBytesReader){.data = bytes.data, .size = bytes.size - 1};
    assert_false(para_predictor_load(again, &in));
}

static void test_traits_tell_parameters_goal_and_ground(void **state)
{
    static const char text[] =
        "{\"paracosm\": 1, \"name\": \"ditch\", \"params\": {\"gap\": {\"range\": [1, 5]}},"
        " \"world\": {\"size\": [40, 10], \"seconds\": 15},"
        " \"bodies\": ["
        "  {\"name\": \"left\", \"static\": true, \"shape\": {\"box\": [6, 2]}, \"at\": [3, 1]},"
        "  {\"name\": \"right\", \"static\": true, \"shape\": {\"box\": [20, 4]}, \"at\": [\"16 + gap\", 2]},"
        "  {\"name\": \"roof\", \"static\": true, \"shape\": {\"box\": [30, 1]}, \"at\": [15, 9]},"
        "  {\"name\": \"ball\", \"shape\": {\"circle\": 0.5}, \"at\": [2, 2.5]}],"
        " \"zones\": [{\"name\": \"flag\", \"at\": [18, 5], \"area\": {\"box\": [1, 3]}}],"
        " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 4}]},"
        " \"goal\": {\"inside\": [\"ball\", \"flag\"]}}";
    ParaArena *arena = arena_of(state);
    const char *error = NULL;
    ParaTemplateText texts[2] = {{.source = "other", .text = text, .size = sizeof text - 1},
                                 {.source = "ditch", .text = text, .size = sizeof text - 1}};
    ParaFamilies families;
    assert_true(para_families_load_texts(&families, texts, 2, arena, &error));
    ParaPick pick = {.family = 1, .seed = 3, .bound = true, .values = {2}};
    const ParaLevel *level = para_families_sample(&families, &pick, "test", arena);
    assert_non_null(level);
    int count = para_traits_count(&families);
    float traits[2 + PARA_TRAITS_FIXED];
    assert_int_equal(count, 2 + PARA_TRAITS_FIXED);
    para_traits_of(&families, 1, level, traits);
    assert_true(traits[0] == 0 && traits[1] == 1); // the second family
    assert_near((double)traits[2], -0.5, 1e-6);    // gap 2 of 1 to 5
    assert_true(traits[2 + PARA_PARAMS_MAX] == 1 && traits[3 + PARA_PARAMS_MAX] == 0);
    const float *structure = traits + 2 + 2 * PARA_PARAMS_MAX, *ground = structure + 28;
    assert_near((double)structure[0], 2, 1e-6);          // 40 m wide
    assert_near((double)structure[2], 0.5, 1e-6);        // 15 s
    assert_near((double)structure[8], 16 / 20.0, 1e-6);  // the flag is 16 m to the right
    assert_near((double)structure[9], 2.5 / 20.0, 1e-6); // and 2.5 m higher
    assert_near((double)structure[12], log(4), 1e-6);    // three bodies that stand
    // A stride is 1 m: from x = 3 the left bank at 2 m, a ditch from 6 to 8, then the right bank at 4 m; the
    // roof is no ground.
    assert_near((double)ground[0], -0.5 / 5, 1e-6);
    assert_near((double)ground[2], -0.5 / 5, 1e-6);
    assert_near((double)ground[4], -4, 1e-6);
    assert_near((double)ground[6], 1.5 / 5, 1e-6);
    assert_near((double)ground[15], 1.5 / 5, 1e-6);
}

const struct CMUnitTest para_tests_predictor[] = {
    cmocka_unit_test_setup_teardown(test_predictor_gradient_is_that_of_its_loss, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_predictor_learns_a_player_and_follows_it, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_predictor_saved_and_loaded_is_the_same, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_traits_tell_parameters_goal_and_ground, set_up, tear_down),
};
const size_t para_tests_predictor_count = sizeof para_tests_predictor / sizeof *para_tests_predictor;
