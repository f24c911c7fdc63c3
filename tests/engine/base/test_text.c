// SPDX-License-Identifier: MIT
// Numbers as text: the shortest that reads back as the same, and the same in a locale with a decimal comma.
#include "engine/base/text.h"

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/json.h"
#include "engine/base/rng.h"
#include "tests/comma_locale.h"

#include <float.h>
#include <math.h>

static const double tried[] = {0,
                               -0.0,
                               0.1,
                               1.0 / 3,
                               2,
                               1e6,
                               123456,
                               1e21,
                               1.5,
                               1e-7,
                               DBL_MAX,
                               DBL_MIN,
                               5e-324,
                               -2.5e-3,
                               1e22,
                               9.81,
                               0.3,
                               1e16,
                               123456789012345678.0,
                               4.35,
                               0.615,
                               2.675,
                               16777217,
                               1e100};

/// Digits that count in a number's text.
static int digits_of(const char *text)
{
    int count = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (count == 0 && *text == '0'))
            continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        count++;
    }
    return count - zeros;
}

static void check_double(double value)
{
    char text[PARA_NUMBER_SIZE], shorter[PARA_NUMBER_SIZE];
    const char *end = NULL;
    para_text_double(value, text);
    double back = para_text_number(text, &end);
    assert_int_equal(*end, '\0');
    assert_memory_equal(&back, &value, sizeof value);
    assert_null(strchr(text, ','));
    for (int digits = 1; digits <= 17; digits++) {
        para_text_format(shorter, sizeof shorter, "%.*g", digits, value);
        if (para_text_number(shorter, NULL) == value)
            break;
    }
    assert_int_equal(digits_of(text), digits_of(shorter)); // with fewer it would be another number
}

static void check_float(float value)
{
    char text[PARA_NUMBER_SIZE], shorter[PARA_NUMBER_SIZE];
    para_text_float(value, text);
    float back = (float)para_text_number(text, NULL);
    assert_memory_equal(&back, &value, sizeof value);
    for (int digits = 1; digits <= 9; digits++) {
        para_text_format(shorter, sizeof shorter, "%.*g", digits, (double)value);
        if ((float)para_text_number(shorter, NULL) == value)
            break;
    }
    assert_int_equal(digits_of(text), digits_of(shorter));
}

static void check_numbers(void)
{
    char text[PARA_NUMBER_SIZE];
    ParaRng rng = para_rng_make(1, "text");
    for (size_t k = 0; k < sizeof tried / sizeof tried[0]; k++) {
        check_double(tried[k]);
        if (fabs(tried[k]) < (double)FLT_MAX)
            check_float((float)tried[k]);
    }
    for (int k = 0; k < 20000; k++) {
        uint64_t bits = para_rng_u64(&rng);
        double value;
        float real;
        memcpy(&value, &bits, sizeof value);
        memcpy(&real, &bits, sizeof real);
        if (isfinite(value))
            check_double(value);
        if (isfinite(real))
            check_float(real);
    }
    assert_string_equal(para_text_double(0.1, text), "0.1");
    assert_string_equal(para_text_float(0.1f, text), "0.1");
    assert_string_equal(para_text_double((double)0.1f, text), "0.10000000149011612");
    assert_string_equal(para_text_double(1e21, text), "1e+21");
    assert_string_equal(para_text_double((double)INFINITY, text), "inf");
}

static void check_reading(void)
{
    const char *end = NULL;
    assert_true(para_text_number("1.5 m", &end) == 1.5);
    assert_string_equal(end, " m");
    assert_true(para_text_number("1,5", &end) == 1);
    assert_string_equal(end, ",5");
    const char *none = "x";
    assert_true(para_text_number(none, &end) == 0 && end == none);
}

/// Everything of this floor that makes text of numbers.
static void check_writers(void)
{
    ParaArena *arena = para_arena_create(1 << 14, 1 << 20);
    char text[64];
    assert_int_equal(para_text_format(text, sizeof text, "%.2f %e", 1234.5, 0.5), 20);
    assert_string_equal(text, "1234.50 5.000000e-01");
    assert_string_equal(para_arena_printf(arena, "%g", 0.25), "0.25");
    ParaJson json = para_json(arena, 0);
    para_json_open(&json, '[');
    para_json_item(&json);
    para_json_double(&json, 2.5);
    para_json_item(&json);
    para_json_float(&json, 0.7f);
    para_json_item(&json);
    para_json_format(&json, "%.1f", 3.5);
    para_json_close(&json, ']');
    assert_string_equal(json.text, "[2.5, 0.7, 3.5]");
    ParaDiagList list = para_diag_list(arena, "x", NULL);
    assert_string_equal(para_diag_add(&list, PARA_DIAG_ERROR, "E", "", "got %g", 0.5)->message, "got 0.5");
    para_arena_destroy(arena);
}

static void test_text_numbers_are_short_and_come_back(void **state)
{
    (void)state;
    check_numbers();
    check_reading();
    check_writers();
}

/// What para_text_print writes.
static void check_printing(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(para_text_print(out, "%.2f of %d", 0.5, 3), 9);
    fclose(out);
    assert_string_equal(text, "0.50 of 3");
    free(text);
}

static void test_text_is_the_same_where_the_point_is_another(void **state)
{
    (void)state;
    for (int which = 0; which < COMMA_LOCALES; which++) {
        if (!comma_locale_enter(which))
            skip();
        check_numbers();
        check_reading();
        check_writers();
        check_printing();
        assert_true(strtod(comma_locales[which].one_half, NULL) == 1.5); // the process is as it was
        comma_locale_leave();
    }
}

static void test_text_counts_and_measures_as_people_say_them(void **state)
{
    static const struct {
        double value;
        const char *count, *measure;
    } rows[] = {{0, "0", "0"},
                {1, "1", "1"},
                {0.12345, "0", "0.123"},
                {4096, "4096", "4096"},
                {41000, "41 thousand", "41000"},
                {999400, "999 thousand", "999400"},
                {999600, "1 million", "999600"},
                {1.25e6, "1.25 million", "1250000"},
                {2e9, "2 billion", "2000000000"},
                {3.5e12, "3500 billion", "3.5e+12"}};
    char text[PARA_NUMBER_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(para_text_count(rows[i].value, text), rows[i].count);
        assert_string_equal(para_text_measure(rows[i].value, text), rows[i].measure);
    }
}

const struct CMUnitTest para_tests_text[] = {
    cmocka_unit_test(test_text_numbers_are_short_and_come_back),
    cmocka_unit_test(test_text_is_the_same_where_the_point_is_another),
    cmocka_unit_test(test_text_counts_and_measures_as_people_say_them),
};
const size_t para_tests_text_count = sizeof para_tests_text / sizeof *para_tests_text;
