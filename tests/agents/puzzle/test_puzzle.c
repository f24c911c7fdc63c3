// SPDX-License-Identifier: MIT
// Puzzles of one action: the figure by hand, the split, the first guess's gradient against differences and
// that it learns, and who chooses what to try.
#include "agents/puzzle/prior.h"
#include "agents/puzzle/puzzler.h"
#include "agents/puzzle/score.h"
#include "agents/puzzle/split.h"
#include "engine/base/file.h"
#include "tests/tests.h"
#include "worlds/import/phyre.h"
#include "worlds/template.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void near(double a, double b, double most)
{
    if (!(fabs(a - b) <= most))
        print_message("%.9g is not %.9g\n", a, b);
    assert_true(fabs(a - b) <= most);
}

/// The formula as it is written: shares solved within k tries, weighed.
static double by_weights(const int32_t *at, int count, int tries)
{
    double sum = 0.0, all = 0.0;
    for (int k = 1; k <= tries; k++) {
        double weight = log(k + 1.0) - log((double)k);
        sum += weight * para_puzzle_solved(at, count, k);
        all += weight;
    }
    return sum / all;
}

static void test_auccess_is_what_the_formula_says(void **state)
{
    (void)state;
    const int32_t at[] = {1, 0, 10, 100, 2};
    near(para_puzzle_auccess((const int32_t[]){1, 1}, 2, 100), 1.0, 1e-12);
    near(para_puzzle_auccess((const int32_t[]){0, 0}, 2, 100), 0.0, 1e-12);
    near(para_puzzle_auccess((const int32_t[]){2}, 1, 100), 1.0 - 0.693147181 / 4.615120517, 1e-9); // by hand
    near(para_puzzle_auccess(at, 5, 100), by_weights(at, 5, 100), 1e-12);
    near(para_puzzle_auccess(at, 5, 10), by_weights(at, 5, 10), 1e-12);
    near(para_puzzle_solved(at, 5, 10), 0.6, 1e-12);
}

static void test_an_interval_holds_its_figure(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 20);
    int32_t at[60], kind[60];
    for (int i = 0; i < 60; i++) {
        kind[i] = i % 6;
        at[i] =
            kind[i] < 3; // three kinds are always solved at once, three never: tasks of a kind tell the same
    }
    ParaPuzzleInterval in = para_puzzle_interval(at, kind, 60, 6, 100, true, 1, arena);
    assert_true(in.low < 0.2 && in.high > 0.8);
    for (int i = 0; i < 60; i++)
        at[i] = i / 6 % 2; // half of each kind
    in = para_puzzle_interval(at, kind, 60, 6, 100, true, 1, arena);
    near(in.low, 0.5, 1e-12);
    near(in.high, 0.5, 1e-12);
    para_arena_destroy(arena);
}

#define KINDS 10
#define EACH  7

static void test_a_split_keeps_tests_apart(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 20);
    char names[KINDS * EACH][16], kind_names[KINDS][16];
    const char *name[KINDS * EACH], *kind_name[KINDS];
    int32_t kinds[KINDS * EACH];
    bool within[2][KINDS * EACH], cross[KINDS * EACH];
    for (int i = 0; i < KINDS * EACH; i++) {
        kinds[i] = i / EACH;
        snprintf(kind_names[i / EACH], sizeof *kind_names, "k-%d", i / EACH);
        snprintf(names[i], sizeof *names, "k-%d-%d", i / EACH, i % EACH);
        name[i] = names[i];
        kind_name[i / EACH] = kind_names[i / EACH];
    }
    for (uint64_t seed = 0; seed < 2; seed++)
        para_puzzle_split(PARA_SPLIT_WITHIN, seed, name, kinds, KINDS * EACH, kind_name, KINDS, within[seed],
                          arena);
    assert_memory_not_equal(within[0], within[1], sizeof within[0]);
    para_puzzle_split(PARA_SPLIT_CROSS, 3, name, kinds, KINDS * EACH, kind_name, KINDS, cross, arena);
    int of_cross = 0;
    for (int k = 0; k < KINDS; k++) {
        int tests = 0;
        for (int i = k * EACH; i < (k + 1) * EACH; i++) {
            tests += within[0][i];
            assert_int_equal(cross[i], cross[k * EACH]); // a template is on one side
        }
        assert_int_equal(tests, 1); // of seven
        of_cross += cross[k * EACH];
    }
    assert_int_equal(of_cross, 2); // of ten
    // The order in which tasks come says nothing.
    bool turned[EACH];
    const char *back[EACH];
    for (int i = 0; i < EACH; i++)
        back[i] = name[EACH - 1 - i];
    para_puzzle_split(PARA_SPLIT_WITHIN, 0, back, kinds, EACH, kind_name, 1, turned, arena);
    for (int i = 0; i < EACH; i++)
        assert_int_equal(turned[EACH - 1 - i], within[0][i]);
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------

static ParaPuzzleScene scene_of_own(ParaArena *arena, int task)
{
    const char *error = NULL, *path = PARA_SOURCE_DIR "/tests/phyre/own.json";
    size_t size;
    ParaPhyreFile file;
    ParaDiagList list = para_diag_list(arena, path, NULL);
    const char *text = para_file_read(path, PARA_PHYRE_SIZE_MAX, arena, &size, &error);
    assert_non_null(text);
    assert_true(para_phyre_read(text, size, &file, arena, &list));
    char *written = para_phyre_write(&file.tasks[task], "own", arena);
    const ParaTemplate *t = para_template_load("own", written, strlen(written), arena, &list);
    assert_non_null(t);
    const double middle[3] = {0.5, 0.5, 0.5};
    ParaLevel *level = para_template_sample(t, middle, 0, arena, &list);
    assert_non_null(level);
    ParaPuzzleScene scene;
    para_puzzle_scene(level, &scene);
    return scene;
}

static void test_the_gradient_of_a_first_guess(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 27);
    ParaPuzzleScene scenes[2] = {scene_of_own(arena, 0), scene_of_own(arena, 1)};
    ParaPrior *prior = para_prior_create(5, arena);
    ParaPractice practice[6];
    const ParaPractice *rows[6];
    ParaRng rng = para_rng_make(1, "test");
    for (int i = 0; i < 6; i++) {
        practice[i] = (ParaPractice){.scene = &scenes[i % 2], .solved = i % 3 == 0};
        for (int k = 0; k < 3; k++)
            practice[i].action[k] = para_rng_f64(&rng);
        rows[i] = &practice[i];
    }
    int count, compared = 0, off = 0;
    float *weights = para_prior_weights(prior, &count), *gradient = PARA_NEW(arena, float, count);
    para_prior_loss(prior, rows, 6, gradient);
    for (int k = 0; k < 300; k++) {
        int at = k < 5 ? count - 1 - k : (int)para_rng_int(&rng, 0, count - 1);
        float old = weights[at], step = 1e-3f;
        weights[at] = old + step;
        double up = para_prior_loss(prior, rows, 6, NULL);
        weights[at] = old - step;
        double down = para_prior_loss(prior, rows, 6, NULL);
        weights[at] = old;
        double differs = fabs((double)gradient[at] - (up - down) / (2.0 * (double)step));
        off += differs > 3e-4 + 0.03 * fabs((double)gradient[at]);
        compared += fabs((double)gradient[at]) > 1e-3;
    }
    assert_true(compared > 20);
    assert_true(off <= 3); // a step may cross a corner of an activation or of the pool
    para_arena_destroy(arena);
}

static void test_a_first_guess_is_learned(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 27);
    ParaPuzzleScene scene = scene_of_own(arena, 0);
    ParaPractice *practice = PARA_NEW(arena, ParaPractice, 400);
    ParaRng rng = para_rng_make(2, "test");
    for (int i = 0; i < 400; i++) {
        practice[i].scene = &scene;
        for (int k = 0; k < 3; k++)
            practice[i].action[k] = para_rng_f64(&rng);
        practice[i].solved = practice[i].action[0] > 0.7 && practice[i].action[2] < 0.6;
    }
    ParaPrior *prior = para_prior_create(1, arena);
    assert_true(para_prior_learn(prior, practice, 400, 60, 1, NULL, NULL, arena) < 0.4);
    const double actions[2][3] = {{0.85, 0.5, 0.2}, {0.3, 0.5, 0.8}};
    float odds[2];
    para_prior_scores(prior, &scene, actions, 2, odds);
    assert_true(odds[0] > odds[1] + 1.0f);
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------

static const double line[5][3] = {
    {0.1, 0.5, 0.5}, {0.12, 0.5, 0.5}, {0.5, 0.5, 0.5}, {0.7, 0.5, 0.5}, {0.9, 0.5, 0.5}};

static void test_who_thinks_takes_what_is_likeliest(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 20);
    const float guess[5] = {2.0f, 1.5f, 1.0f, 0.5f, 0.0f};
    ParaPuzzlerDef def = {.imagines = true, .updates = false, .belief = {-1.0, 3.0, 0.0, 0.0, -4.0}};
    const ParaVision lost = {false, 0.0, 0.0}, found = {true, 1.0, 0.0}, dim = {true, 1.0, 0.9};
    ParaPuzzler t = para_puzzler_begin(&def, guess, line, 5, arena);
    int out[3];
    assert_int_equal(para_puzzler_wonder(&t, 3, out, arena), 3);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[2], 2);
    para_puzzler_imagined(&t, 0, &lost);
    para_puzzler_imagined(&t, 1, &lost);
    para_puzzler_imagined(&t, 2, &found);
    assert_int_equal(para_puzzler_next(&t), 2);
    para_puzzler_failed(&t, 2, 0.0);
    assert_int_equal(para_puzzler_next(&t), 0); // no lesson without updates
    // With them, what lies beside a failure is less likely, and imagination is believed less.
    def.updates = true;
    t = para_puzzler_begin(&def, guess, line, 5, arena);
    para_puzzler_failed(&t, 0, 0.1);
    assert_int_equal(para_puzzler_next(&t), 2);
    para_puzzler_imagined(&t, 4, &dim); // the networks were far apart
    assert_int_equal(para_puzzler_next(&t), 2);
    para_puzzler_imagined(&t, 4, &found);
    assert_int_equal(para_puzzler_next(&t), 4);
    for (int k = 0; k < 20; k++)
        t.doubt += 5.0;
    assert_int_equal(para_puzzler_next(&t), 2);
    t.def.certain = true; // whoever takes it for certain is not taught by that
    assert_int_equal(para_puzzler_next(&t), 4);
    t.def.certain = false;
    // Near a try that came nearer than others it is likelier.
    t = para_puzzler_begin(&def, (const float[5]){0, 0.1f, 0.2f, 0.15f, 0.12f}, line, 5, arena);
    para_puzzler_failed(&t, 2, 0.0);
    para_puzzler_failed(&t, 0, 1.0);
    assert_int_equal(para_puzzler_next(&t), 1 + 2 * (t.learned[1] <= 0.0));
    assert_true(t.learned[1] > 0.0 || t.learned[3] > t.learned[1]);
    for (int k = 0; k < 5; k++)
        t.tried[k] = 1;
    assert_int_equal(para_puzzler_next(&t), -1);
    para_arena_destroy(arena);
}

static void test_imagination_is_believed_as_far_as_it_was_right(void **state)
{
    (void)state;
    uint8_t truly[200];
    ParaVision visions[200];
    for (int i = 0; i < 200; i++) {
        truly[i] = (uint8_t)(i % 2);
        // 3 of 4 that solve, 1 of 5 that do not
        visions[i] = (ParaVision){truly[i] ? i % 8 < 6 : i % 10 == 0, 0.5, 0.0};
    }
    double belief[PARA_PUZZLER_BELIEF], sum = 0.0;
    para_puzzler_believe(visions, truly, 200, belief);
    double yes = belief[0] + belief[1] + 0.5 * belief[2], no = belief[0] + 0.5 * belief[2];
    near(yes, log(0.75 / 0.2), 0.1); // the ratio of the two rates
    near(no, log(0.25 / 0.8), 0.1);
    // Where the networks are apart whenever it is wrong, that is learned, too.
    for (int i = 0; i < 200; i++)
        visions[i].doubt = visions[i].solved == truly[i] ? 0.0 : 1.0;
    para_puzzler_believe(visions, truly, 200, belief);
    assert_true(belief[0] + belief[1] + 0.5 * belief[2] > yes + 1.0);
    assert_true(belief[3] > 1.0 && belief[3] + belief[4] < -1.0);
    memset(truly, 0, sizeof truly);
    para_puzzler_believe(visions, truly, 200, belief);
    for (int k = 0; k < PARA_PUZZLER_BELIEF; k++)
        sum += fabs(belief[k]);
    near(sum, 0.0, 0.0);
}

const struct CMUnitTest para_tests_puzzle[] = {
    cmocka_unit_test(test_auccess_is_what_the_formula_says),
    cmocka_unit_test(test_an_interval_holds_its_figure),
    cmocka_unit_test(test_a_split_keeps_tests_apart),
    cmocka_unit_test(test_the_gradient_of_a_first_guess),
    cmocka_unit_test(test_a_first_guess_is_learned),
    cmocka_unit_test(test_who_thinks_takes_what_is_likeliest),
    cmocka_unit_test(test_imagination_is_believed_as_far_as_it_was_right),
};
const size_t para_tests_puzzle_count = sizeof para_tests_puzzle / sizeof *para_tests_puzzle;
