// SPDX-License-Identifier: MIT
// `paracosm bench` in all its forms, with the smallest sizes: it ends well, what it prints reads as JSON, and
// its figures fit each other. How fast it is, nobody asks here.
#include "tests/tests.h"

#include "worlds/library.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define OUTPUT_MAX 16384
#define TINY       "--worlds 3 --turns 1 --seconds 0.01"

/// Runs `paracosm WORDS`. @return exit code; both streams in out [OUTPUT_MAX]
static int run(const char *words, char *out)
{
    char command[1024];
    snprintf(command, sizeof command, "'%s' %s 2>&1", PARA_COMMAND, words);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = fread(out, 1, OUTPUT_MAX - 1, pipe);
    out[size] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static cJSON *run_json(const char *words)
{
    static char out[OUTPUT_MAX];
    const char *end = NULL;
    int code = run(words, out);
    if (code != 0)
        fail_msg("paracosm %s: exit %d: %s", words, code, out);
    cJSON *root = cJSON_ParseWithOpts(out, &end, false);
    if (!root || strspn(end, "\n") != strlen(end))
        fail_msg("paracosm %s: this is not one JSON value: %s", words, out);
    return root;
}

/// A number of an object; the test fails if it is not there or not in the range.
static double number(const cJSON *object, const char *key, double low, double high)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsNumber(item))
        fail_msg("%s is missing, or no number", key);
    if (!(item->valuedouble >= low && item->valuedouble <= high))
        fail_msg("%s is %g; sane are %g to %g", key, item->valuedouble, low, high);
    return item->valuedouble;
}

static void expect_text(const cJSON *object, const char *key, const char *text)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    assert_non_null(value);
    assert_string_equal(value, text);
}

/// A rate [1/s] and the time [ns] of one step, each rounded to a whole number.
static void expect_rate(const cJSON *object, const char *rate_key, const char *time_key)
{
    double rate = number(object, rate_key, 10, 1e9), time = number(object, time_key, 1, 1e8);
    assert_true(fabs(time - 1e9 / rate) <= 0.5 + 1e9 / rate / rate + 1e-6);
}

/// The figures of one side. @param lanes_low, lanes_high share of the worlds on lanes
static void expect_side(const cJSON *side, bool has_envs, double lanes_low, double lanes_high)
{
    expect_rate(side, "physics_steps_per_second", "physics_ns_per_step");
    double lanes = number(side, "lanes_share", lanes_low, lanes_high);
    // A world of Chipmunk's has pools of some 400 kB; one on lanes is a slot of some kB.
    number(side, "bytes_per_world", lanes < 1 ? 50e3 : 500, lanes > 0 ? 200e3 : 4e6);
    number(side, "restore_ns", 0, 1e9);
    number(side, "snapshot_ns", 0, 1e9);
    number(side, "rays_ns", 0, 1e9);
    assert_int_equal(cJSON_HasObjectItem(side, "steps_per_second"), has_envs);
    assert_int_equal(cJSON_HasObjectItem(side, "reset_ns"), has_envs);
    if (has_envs) {
        expect_rate(side, "steps_per_second", "ns_per_step");
        number(side, "reset_ns", 0, 1e9);
    }
}

// ---------------------------------------------------------------- bench step

static void test_bench_step_measures_every_family(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const char **names;
    int count = para_library_list(arena, &names);
    assert_true(count >= 10);
    for (int i = 0; i < count; i++) {
        char words[400];
        snprintf(words, sizeof words, "bench step " TINY " --json --scene %.60s", names[i]);
        cJSON *root = run_json(words);
        expect_text(root, "solver", "auto");
        assert_int_equal(number(root, "worlds", 1, 1e6), 3);
        assert_int_equal(number(root, "block", 1, 1e6), 3);
        expect_side(root, true, 0, 1);
        ParaArenaMark mark = para_arena_mark(arena);
        const char *error = NULL;
        const ParaTemplate *t = para_library_load(names[i], arena, &error);
        const ParaLevel *level = t ? para_template_sample(t, NULL, 1, arena, NULL) : NULL;
        assert_non_null(level);
        bool several = level->player_count > 1; // Chipmunk with nothing around it drives one
        assert_true(cJSON_HasObjectItem(root, "bare_ratio") != several);
        if (!several)
            number(root, "bare_ratio", 0.01, 100);
        para_arena_rewind(arena, mark);
        cJSON_Delete(root);
    }
    para_arena_destroy(arena);
}

static void test_bench_step_measures_both_solvers_and_blocks(void **state)
{
    (void)state;
    cJSON *root = run_json("bench step " TINY " --json --scene mixed --solver lanes --block 2 --seed 5");
    expect_text(root, "solver", "lanes");
    expect_text(root, "scene", "mixed");
    assert_int_equal(number(root, "block", 1, 1e6), 2);
    expect_side(root, true, 1, 1);
    cJSON_Delete(root);
    root = run_json("bench step " TINY " --json --scene mixed --solver chipmunk");
    expect_text(root, "solver", "chipmunk");
    expect_side(root, true, 0, 0);
    cJSON_Delete(root);
    root =
        run_json("bench step " TINY " --json --scene '" PARA_SOURCE_DIR "/worlds/library/drive/roll.json'");
    expect_side(root, true, 0, 1);
    cJSON_Delete(root);
    root = run_json("bench step " TINY " --json --scene pile20");
    expect_side(root, false, 1, 1);
    assert_false(cJSON_HasObjectItem(root, "bare_ratio"));
    cJSON_Delete(root);
}

/// "ratio" of an object is lanes' figure over chipmunk's: of one turn, so they are the same numbers rounded.
static void expect_ratio(const cJSON *root, const char *key, const char *rate)
{
    const cJSON *lanes = cJSON_GetObjectItemCaseSensitive(root, "lanes"),
                *chipmunk = cJSON_GetObjectItemCaseSensitive(root, "chipmunk");
    double left = number(lanes, rate, 10, 1e9), right = number(chipmunk, rate, 10, 1e9);
    double ratio = number(root, key, 0.001, 1000);
    assert_true(fabs(ratio - left / right) <= 0.0005 + (1 + ratio) / right + 1e-6);
}

static void test_bench_step_compares_the_solvers(void **state)
{
    (void)state;
    cJSON *root = run_json("bench step " TINY " --json --scene walker --compare");
    expect_text(root, "solver", "both");
    expect_side(cJSON_GetObjectItemCaseSensitive(root, "lanes"), true, 1, 1);
    expect_side(cJSON_GetObjectItemCaseSensitive(root, "chipmunk"), true, 0, 0);
    expect_ratio(root, "ratio", "physics_steps_per_second");
    expect_ratio(root, "env_ratio", "steps_per_second");
    cJSON_Delete(root);
    root = run_json("bench step " TINY " --json --scene pile20 --compare");
    expect_side(cJSON_GetObjectItemCaseSensitive(root, "lanes"), false, 1, 1);
    expect_ratio(root, "ratio", "physics_steps_per_second");
    assert_false(cJSON_HasObjectItem(root, "env_ratio"));
    cJSON_Delete(root);
}

/// Every key of an object, and of those in it, is a word of a text.
static void expect_told(const cJSON *object, const char *text)
{
    for (const cJSON *item = object->child; item; item = item->next) {
        if (item->string && !strstr(text, item->string))
            fail_msg("the help does not tell the key %s", item->string);
        expect_told(item, text);
    }
}

static void test_bench_help_tells_every_key(void **state)
{
    (void)state;
    static char help[OUTPUT_MAX];
    static const char *const words[] = {"bench step " TINY " --json --scene roll",
                                        "bench step " TINY " --json --scene roll --compare"};
    assert_int_equal(run("bench step --help", help), 0);
    for (int i = 0; i < 2; i++) {
        cJSON *root = run_json(words[i]);
        expect_told(root, help);
        cJSON_Delete(root);
    }
    cJSON *root = run_json("bench train --json --families roll --width 16 --lessons 1 --envs 2 --horizon 4");
    assert_int_equal(run("bench train --help", help), 0);
    expect_told(root, help);
    cJSON_Delete(root);
}

static void test_bench_step_as_text_says_the_same(void **state)
{
    (void)state;
    static char out[OUTPUT_MAX];
    static const char *const lines[] = {"scene walker, 3 worlds, one thread",
                                        "solver lanes (100 % of the worlds on lanes)",
                                        "solver chipmunk (0 % of the worlds on lanes)",
                                        "  env  ",
                                        "  physics  ",
                                        "  ten rays  ",
                                        "lanes over chipmunk: physics "};
    assert_int_equal(run("bench step " TINY " --scene walker --compare", out), 0);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(out, lines[i]))
            fail_msg("\"%s\" is not in: %s", lines[i], out);
}

// ---------------------------------------------------------------- bench train

static void expect_shares(const cJSON *result)
{
    static const char *const names[] = {"env", "forward", "update", "idle"};
    const cJSON *share = cJSON_GetObjectItemCaseSensitive(result, "share");
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += number(share, names[i], -1e-9, 1 + 1e-9);
    assert_true(fabs(sum - 1) < 1e-9);
}

static void test_bench_train_measures_each_width(void **state)
{
    (void)state;
    static const int widths[] = {16, 24};
    cJSON *root = run_json("bench train --json --width 16,24 --lessons 2 --envs 10 --horizon 4 --threads 1");
    expect_text(root, "solver", "auto");
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(root, "results");
    const cJSON *peak = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(root, "peaks"), 0);
    assert_int_equal(number(peak, "threads", 1, 1), 1);
    double most = number(peak, "flop_per_second", 1e6, 1e15);
    assert_int_equal(cJSON_GetArraySize(results), 2);
    for (int i = 0; i < 2; i++) {
        const cJSON *result = cJSON_GetArrayItem(results, i);
        assert_int_equal(number(result, "width", 1, 1e4), widths[i]);
        double rate = number(result, "train_steps_per_second", 1, 1e9);
        number(result, "world_steps_per_second", 1, 1e9);
        number(result, "train_steps_per_cpu_second", 1, 1e9);
        assert_true(fabs(number(result, "speedup", 0, 10) - 1) < 1e-9);
        double share = rate * number(result, "flop_per_train_step", 1e3, 1e8) / most;
        assert_true(fabs(number(result, "peak_share", 0, 1) - share) < 0.02 * share + 1e-6);
        expect_shares(result);
    }
    cJSON_Delete(root);
}

/// A vector of one family, with two numbers of threads: one of them told twice is measured once.
static void test_bench_train_of_a_vector_and_threads(void **state)
{
    (void)state;
    cJSON *root = run_json("bench train --json --obs vector --families roll --width 16 --lessons 1 --envs 4"
                           " --horizon 4 --threads 1,2,1");
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(root, "results");
    assert_int_equal(cJSON_GetArraySize(results), 2);
    for (int i = 0; i < 2; i++) {
        const cJSON *result = cJSON_GetArrayItem(results, i);
        expect_text(result, "network", "vector-16");
        expect_text(result, "families", "roll");
        assert_int_equal(number(result, "threads", 1, 2), i + 1);
        expect_shares(result);
    }
    cJSON_Delete(root);
}

static void test_bench_train_of_every_part(void **state)
{
    (void)state;
    cJSON *root = run_json("bench train --json --families roll --width 16 --lessons 1 --envs 4 --horizon 4"
                           " --threads 1 --recurrent --continuous --value-bins");
    const cJSON *result = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(root, "results"), 0);
    expect_text(result, "network", "entities-16-recurrent-continuous-bins");
    expect_shares(result);
    cJSON_Delete(root);
}

static void test_bench_train_on_one_solver_and_as_text(void **state)
{
    (void)state;
    static char out[OUTPUT_MAX];
    int threads = 0;
    double decisions = 0, speedup = 0, cpu = 0, steps = 0;
    assert_int_equal(run("bench train --solver chipmunk --families roll,rover --width 16 --lessons 1 --envs 2"
                         " --horizon 4 --threads 1",
                         out),
                     0);
    const char *line = strstr(out, "entities-16");
    assert_non_null(line);
    assert_int_equal(
        sscanf(line, "entities-16 %d %lf %lf %lf %lf", &threads, &decisions, &speedup, &cpu, &steps), 5);
    assert_int_equal(threads, 1);
    assert_true(decisions > 1 && steps > decisions);
    assert_non_null(strstr(out, "peak of matrix products, 1 thread: "));
}

const struct CMUnitTest para_tests_bench[] = {
    cmocka_unit_test(test_bench_step_measures_every_family),
    cmocka_unit_test(test_bench_step_measures_both_solvers_and_blocks),
    cmocka_unit_test(test_bench_step_compares_the_solvers),
    cmocka_unit_test(test_bench_help_tells_every_key),
    cmocka_unit_test(test_bench_step_as_text_says_the_same),
    cmocka_unit_test(test_bench_train_measures_each_width),
    cmocka_unit_test(test_bench_train_of_a_vector_and_threads),
    cmocka_unit_test(test_bench_train_of_every_part),
    cmocka_unit_test(test_bench_train_on_one_solver_and_as_text),
};
const size_t para_tests_bench_count = sizeof para_tests_bench / sizeof *para_tests_bench;
