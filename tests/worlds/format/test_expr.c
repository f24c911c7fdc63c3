// SPDX-License-Identifier: MIT
// Expressions: values of arithmetic and functions, what is refused and how it is told, draws and noise by
// seed.
#include "tests/tests.h"

#include "worlds/expr/expr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const params[] = {"gap", "crates"};
static const char *const lets[] = {"bank"};

static const ParaExprScope scope = {
    .params = params, .param_count = 2, .lets = lets, .let_count = 1, .copies = true, .chance = true};

/// A ground for programs that ask.
static double twice(void *context, double x, double reach)
{
    (void)context;
    return 2 * x + reach;
}

static double run_as(const char *text, uint64_t seed, uint64_t stream, ParaExprStatus *out_status)
{
    static const double values[] = {3, 5}, let_values[] = {11};
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    ParaExprBuilder builder;
    para_expr_begin(&builder, &scope);
    para_expr_add_text(&builder, text);
    const ParaExpr *expr = para_expr_end(&builder, arena);
    if (!expr)
        print_error("%s: %s\n", text, builder.error.text);
    assert_non_null(expr);
    ParaExprInput input = {.params = values,
                           .lets = let_values,
                           .i = 2,
                           .n = 7,
                           .copy = 4,
                           .seed = seed,
                           .stream = stream,
                           .ground = twice};
    double value = 0;
    ParaExprStatus status = para_expr_run(expr, &input, &value);
    if (out_status)
        *out_status = status;
    para_arena_destroy(arena);
    return value;
}

static double run(const char *text) { return run_as(text, 1, 1, NULL); }

static void test_expr_gives_the_value_of_arithmetic(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"-2 ^ 2", -4},
        {"2 ^ 3 ^ 2", 512},
        {"2 ^ -1", 0.5},
        {"7 % 3", 1},
        {"-1 % 3", 2},
        {"10 / 4", 2.5},
        {"1e3 + .5", 1000.5},
        {"8 - 3 - 2", 3},
        {"gap * 2 + crates", 11},
        {"bank - 1", 10},
        {"i + 10 * n + 100 * copy", 472},
        {"1 < 2", 1},
        {"2 <= 1", 0},
        {"3 == 3 and not (2 != 2)", 1},
        {"0 or 0", 0},
        {"1 && 0 || 1", 1},
        {"true + false", 1},
        {"sin(0) + cos(0)", 1},
        {"abs(-3) + sqrt(16)", 7},
        {"min(3, 1, 2) + max(3, 1, 2)", 4},
        {"floor(1.7) + ceil(1.2) + round(1.5)", 5},
        {"clamp(5, 0, 3) + clamp(-5, 0, 3)", 3},
        {"lerp(10, 20, 0.25)", 12.5},
        {"if(gap > 2, 4, 1 / 0)", 4},
        {"pick(6, 6, 6)", 6},
        {"uniform(2, 2)", 2},
        {"int(4, 4)", 4},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        double value = run(cases[k].text);
        if (fabs(value - cases[k].value) > 1e-12)
            print_error("%s gave %.17g\n", cases[k].text, value);
        assert_true(fabs(value - cases[k].value) <= 1e-12);
    }
    assert_true(fabs(run("pi") - 3.14159265358979323846) < 1e-15);
}

static void refuse(const char *text, const char *wanted, bool unknown)
{
    ParaExprBuilder builder;
    para_expr_begin(&builder, &scope);
    bool good = para_expr_add_text(&builder, text);
    if (good || !strstr(builder.error.text, wanted) || builder.error.unknown_name != unknown)
        print_error("%s: %s, wanted: %s\n", text, good ? "accepted" : builder.error.text, wanted);
    assert_false(good);
    assert_non_null(strstr(builder.error.text, wanted));
    assert_int_equal(builder.error.unknown_name, unknown);
}

static void test_expr_says_what_is_wrong(void **state)
{
    (void)state;
    refuse("", "ends where", false);
    refuse("1 +", "ends where", false);
    refuse("(1 + 2", "\")\" is missing", false);
    refuse("1 2", "operator was expected", false);
    refuse("2gap", "operator is missing", false);
    refuse("gap = 2", "==", false);
    refuse("gpa + 1", "did you mean \"gap\"", true);
    refuse("sinn(1)", "did you mean \"sin\"", true);
    refuse("sin + 1", "is a function", false);
    refuse("lerp(1, 2)", "takes 3 values; got 2", false);
    refuse("min(1)", "takes 2 to 8 values; got 1", false);
    refuse("choice(1, 2, 3)", "a weight after each value; got 3 numbers", false);
    refuse("normal(1)", "takes 2 values; got 1", false);
    refuse("1e999", "too large", false);
    refuse("gap $ 2", "operator was expected", false);
    refuse("gap \xc3\xa9", "expected before \"\xc3\xa9\"", false);
    refuse("\xe2\x88\x92 gap", "expected before \"\xe2\x88\x92\"", false);
}

static void test_expr_is_bounded_in_depth_and_length(void **state)
{
    (void)state;
    char deep[400] = "", wide[2000] = "1";
    for (int k = 0; k < 100; k++)
        strcat(deep, "(");
    refuse(deep, "nested too deeply", false);
    for (int k = 0; k < 100; k++)
        strcat(wide, "+1+1");
    refuse(wide, "too long", false);
    for (int k = 0; k < 100; k++)
        strcat(wide, "+11");
    refuse(wide, "longer than", false);
    memset(deep, '-', 200);
    deep[200] = '\0';
    refuse(deep, "nested too deeply", false);
}

static void test_expr_knows_copies_only_where_there_are_some(void **state)
{
    (void)state;
    ParaExprScope outside = {.chance = true};
    ParaExprBuilder builder;
    para_expr_begin(&builder, &outside);
    assert_false(para_expr_add_text(&builder, "i + 1"));
    assert_non_null(strstr(builder.error.text, "only inside a repeat"));
}

static void test_expr_reports_values_that_do_not_exist(void **state)
{
    (void)state;
    ParaExprStatus status;
    run_as("1 / (gap - 3)", 1, 1, &status);
    assert_int_equal(status, PARA_EXPR_DIVISION);
    run_as("1 % 0", 1, 1, &status);
    assert_int_equal(status, PARA_EXPR_DIVISION);
    run_as("sqrt(0 - gap)", 1, 1, &status);
    assert_int_equal(status, PARA_EXPR_NOT_FINITE);
    run_as("(0 - gap) ^ 0.5", 1, 1, &status);
    assert_int_equal(status, PARA_EXPR_NOT_FINITE);
    static const char *const nothing[] = {"int(0.2, 0.8)",         "normal(1, 0 - gap)", "log_uniform(0, 2)",
                                          "log_uniform(0 - 1, 2)", "choice(1, 0 - 1)",   "choice(1, 0, 2, 0)",
                                          "choice(1, 1, 2, 0 - 1)"};
    for (size_t k = 0; k < sizeof nothing / sizeof *nothing; k++) {
        run_as(nothing[k], 1, 1, &status);
        assert_int_equal(status, PARA_EXPR_NO_DRAW);
    }
    run_as("normal(0, 1) / 0", 1, 1, &status);
    assert_int_equal(status, PARA_EXPR_DIVISION);
    run_as("noise(1e300)", 1, 1, &status);
    assert_int_equal(status, PARA_EXPR_NOT_FINITE);
    run_as("10 ^ 400", 1, 1, &status);
    assert_int_equal(status, PARA_EXPR_NOT_FINITE);
}

static void test_expr_draws_by_stream_alone(void **state)
{
    (void)state;
    int low = 0, high = 0, picked[3] = {0};
    for (uint64_t k = 0; k < 300; k++) {
        double u = run_as("uniform(2, 4)", 1, k, NULL), n = run_as("int(1, 6)", 1, k, NULL);
        double p = run_as("pick(0, 1, 2)", 1, k, NULL);
        assert_true(u >= 2 && u < 4);
        assert_true(n >= 1 && n <= 6 && floor(n) == n);
        assert_true(u == run_as("uniform(2, 4)", 99, k, NULL));
        low += u < 3;
        high += n > 3;
        picked[(int)p]++;
    }
    assert_in_range(low, 110, 190);
    assert_in_range(high, 110, 190);
    for (int k = 0; k < 3; k++)
        assert_in_range(picked[k], 65, 135);
    // Two draws of one field differ.
    assert_true(run("uniform(0, 1) - uniform(0, 1)") != 0);
}

/// The share of draws in a bell curve within one and two spreads, and where the curve ends.
static void test_expr_normal_is_a_bell_that_is_cut_off(void **state)
{
    (void)state;
    int one = 0, two = 0, above = 0;
    double furthest = 0;
    for (uint64_t k = 0; k < 40000; k++) {
        double away = (run_as("normal(10, 2)", 1, k, NULL) - 10) / 2;
        one += fabs(away) < 1;
        two += fabs(away) < 2;
        above += away > 0;
        furthest = fmax(furthest, fabs(away));
    }
    assert_in_range(one, 40000 * 0.675, 40000 * 0.691); // 0.6827
    assert_in_range(two, 40000 * 0.949, 40000 * 0.960); // 0.9545
    assert_in_range(above, 40000 * 0.49, 40000 * 0.51);
    assert_true(furthest > 3.5 && furthest <= 4);
    assert_true(run("normal(3, 0)") == 3);
}

static void test_expr_log_uniform_has_each_factor_as_often(void **state)
{
    (void)state;
    int below[3] = {0};
    for (uint64_t k = 0; k < 4000; k++) {
        double value = run_as("log_uniform(8, 1)", 1, k, NULL);
        assert_true(value >= 1 && value <= 8);
        for (int b = 0; b < 3; b++)
            below[b] += value < (double)(2 << b);
    }
    assert_in_range(below[0], 1240, 1430); // a third up to 2, another up to 4
    assert_in_range(below[1], 2570, 2765);
    assert_int_equal(below[2], 4000);
    assert_true(run("log_uniform(5, 5)") == 5);
}

static void test_expr_choice_goes_by_weight(void **state)
{
    (void)state;
    int chosen[4] = {0};
    for (uint64_t k = 0; k < 4000; k++)
        chosen[(int)run_as("choice(0, 1, 1, 0, 2, 2, 3, 5)", 1, k, NULL)]++;
    assert_in_range(chosen[0], 425, 575); // an eighth
    assert_int_equal(chosen[1], 0);
    assert_in_range(chosen[2], 890, 1110);
    assert_in_range(chosen[3], 2375, 2625);
    assert_true(run("choice(7, 0, 4, gap)") == 4);
}

static void test_expr_noise_is_smooth_bounded_and_of_the_seed(void **state)
{
    (void)state;
    double most = 0;
    for (int k = -2000; k < 2000; k++) {
        double x = k * 0.013, here = para_expr_noise(7, x, 0), next = para_expr_noise(7, x + 1e-4, 0);
        assert_true(here >= -1 && here <= 1);
        assert_true(fabs(next - here) < 1e-3); // slope is at most 1.5 * 2
        most = fmax(most, fabs(here));
    }
    assert_true(most > 0.8);
    assert_true(para_expr_noise(7, 0.5, 0) == para_expr_noise(7, 0.5, 0));
    assert_true(para_expr_noise(7, 0.5, 0) != para_expr_noise(8, 0.5, 0));
    assert_true(para_expr_noise(7, 0.5, 0) != para_expr_noise(7, 0.5, 1));
}

static void test_expr_runs_every_function_it_lists(void **state)
{
    (void)state;
    int count;
    const ParaExprFunction *functions = para_expr_functions(&count);
    for (int f = 0; f < count; f++) {
        char text[200];
        int used = snprintf(text, sizeof text, "%s(0.5", functions[f].name);
        for (int k = 1; k < functions[f].count_min; k++)
            used += snprintf(text + used, sizeof text - (size_t)used, ", %d", k);
        snprintf(text + used, sizeof text - (size_t)used, ")");
        ParaExprStatus status;
        run_as(text, 1, 1, &status);
        assert_int_equal(status, PARA_EXPR_FINE);
        assert_true(para_expr_reserved(functions[f].name));
        assert_true(strlen(functions[f].help) > 5);
    }
}

/// A bound program has the numbers of its level put in, reads as it is written, and has the values of the
/// text it comes from.
static void test_expr_bound_programs_read_as_they_are_written(void **state)
{
    (void)state;
    static const char *const names[] = {"hits", "open"};
    static const double values[] = {3, -5}, let_values[] = {0.1};
    static const struct {
        const char *text, *bound;
    } cases[] = {
        {"time + gap", "time + 3"},
        {"gap * 2 + hits", "6 + hits"},
        {"crates ^ hits", "(-5) ^ hits"},
        {"-(crates ^ 2) - hits", "-25 - hits"},
        {"hits ^ crates", "hits ^ -5"},
        {"hits ^ (open ^ 2)", "hits ^ open ^ 2"},
        {"(hits ^ open) ^ 2", "(hits ^ open) ^ 2"},
        {"-hits ^ 2", "-hits ^ 2"},
        {"(-hits) ^ 2", "(-hits) ^ 2"},
        {"hits - (open - gap)", "hits - (open - 3)"},
        {"hits - open - gap", "hits - open - 3"},
        {"hits / (open * time)", "hits / (open * time)"},
        {"hits * -crates - -bank", "hits * 5 - -0.1"},
        {"not (hits > gap and open)", "not (hits > 3 and open)"},
        {"not hits > gap or open", "not hits > 3 or open"},
        {"(hits or open) and time", "(hits or open) and time"},
        {"(hits > 1) == (open < 2)", "(hits > 1) == (open < 2)"},
        {"1 + (not hits)", "1 + (not hits)"},
        {"min(hits, gap, sin(time) * clamp(open, 0, crates))",
         "min(hits, 3, sin(time) * clamp(open, 0, -5))"},
        {"if(gap > 2, hits, open) % 2", "if(1, hits, open) % 2"},
        {"uniform(0, 0) + i + hits", "2 + hits"},
        {"1e300 * hits + 1e-7", "1e+300 * hits + 1e-07"},
    };
    ParaExprScope changes = scope;
    changes.variables = names;
    changes.variable_count = 2;
    changes.changes = true;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
        ParaExprBuilder builder;
        char why[PARA_EXPR_ERROR_SIZE] = "";
        double variables[] = {2.5, 0.7}, one, two;
        ParaExprInput input = {
            .params = values, .lets = let_values, .i = 2, .n = 7, .variables = variables, .time = 4};
        para_expr_begin(&builder, &changes);
        assert_true(para_expr_add_text(&builder, cases[k].text));
        const ParaExpr *expr = para_expr_end(&builder, arena);
        assert_true(expr->changes);
        const ParaExpr *bound = para_expr_bind(expr, &input, names, 2, NULL, arena, why);
        assert_string_equal(why, "");
        assert_string_equal(bound->text, cases[k].bound);
        ParaExprInput alone = {.variables = variables, .time = 4};
        assert_int_equal(para_expr_run(expr, &input, &one), para_expr_run(bound, &alone, &two));
        assert_true(one == two || (isnan(one) && isnan(two)));
        para_arena_destroy(arena);
    }
}

const struct CMUnitTest para_tests_expr[] = {
    cmocka_unit_test(test_expr_gives_the_value_of_arithmetic),
    cmocka_unit_test(test_expr_says_what_is_wrong),
    cmocka_unit_test(test_expr_is_bounded_in_depth_and_length),
    cmocka_unit_test(test_expr_knows_copies_only_where_there_are_some),
    cmocka_unit_test(test_expr_reports_values_that_do_not_exist),
    cmocka_unit_test(test_expr_draws_by_stream_alone),
    cmocka_unit_test(test_expr_normal_is_a_bell_that_is_cut_off),
    cmocka_unit_test(test_expr_log_uniform_has_each_factor_as_often),
    cmocka_unit_test(test_expr_choice_goes_by_weight),
    cmocka_unit_test(test_expr_noise_is_smooth_bounded_and_of_the_seed),
    cmocka_unit_test(test_expr_runs_every_function_it_lists),
    cmocka_unit_test(test_expr_bound_programs_read_as_they_are_written),
};
const size_t para_tests_expr_count = sizeof para_tests_expr / sizeof *para_tests_expr;
