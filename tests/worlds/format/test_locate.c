// SPDX-License-Identifier: MIT
// Where a JSON Pointer lies in a text: values, keys, equal keys, escapes, lines and columns, broken text.
#include "tests/tests.h"

#include "worlds/format/locate.h"

#include <string.h>

static const char text[] = "{\n"
                           "  \"a\": [10, {\"b\": \"x]}\\\"\", \"c/d\": true}, [1, 2]],\n"
                           "  \"e~\": {\"a\": 1, \"a\": 2},\n"
                           "  \"last\": -5\n"
                           "}\n";

static void check_place(const char *path, int occurrence, bool at_key, const char *wanted)
{
    ParaPlace place;
    assert_true(para_locate(text, path, occurrence, at_key, &place));
    if (strncmp(text + place.offset, wanted, strlen(wanted)) != 0)
        print_error("%s is at %.12s\n", path, text + place.offset);
    assert_memory_equal(text + place.offset, wanted, strlen(wanted));
    ParaPlace again = para_locate_offset(text, place.offset);
    assert_int_equal(again.line, place.line);
    assert_int_equal(again.column, place.column);
}

static void test_locate_finds_values_and_keys(void **state)
{
    (void)state;
    check_place("", 0, false, "{\n");
    check_place("/a", 0, false, "[10");
    check_place("/a/0", 0, false, "10");
    check_place("/a/1/b", 0, false, "\"x]}");
    check_place("/a/1/c~1d", 0, false, "true");
    check_place("/a/1/c~1d", 0, true, "\"c/d\"");
    check_place("/a/2/1", 0, false, "2]");
    check_place("/e~0/a", 0, false, "1, \"a\"");
    check_place("/e~0/a", 1, false, "2}");
    check_place("/e~0/a", 1, true, "\"a\": 2");
    check_place("/last", 0, false, "-5");
}

static void test_locate_counts_lines_and_columns_from_one(void **state)
{
    (void)state;
    ParaPlace place;
    assert_true(para_locate(text, "/last", 0, true, &place));
    assert_int_equal(place.line, 4);
    assert_int_equal(place.column, 3);
}

static void test_locate_passes_over_a_byte_order_mark(void **state)
{
    (void)state;
    ParaPlace place;
    assert_true(para_locate("\xef\xbb\xbf{\"a\": 1, \"b\": 2}", "/b", 0, true, &place));
    assert_int_equal(place.line, 1);
    assert_int_equal(place.column, 10);
    assert_int_equal(place.offset, 12);
}

static void test_locate_takes_the_longest_part_that_exists(void **state)
{
    (void)state;
    check_place("/a/1/zebra/7", 0, false, "{\"b\"");
    check_place("/a/9", 0, false, "[10");
    check_place("/nothing", 0, false, "{\n");
}

static void test_locate_stands_broken_text(void **state)
{
    (void)state;
    static const char *const broken[] = {"",       "   ",        "{",      "[",          "{\"a",
                                         "{\"a\"", "{\"a\":",    "[1,",    "{\"a\":[1,", "{\"a\" 1}",
                                         "[\"\\",  "{\"a\":\"x", "[[[[[[", "{]}[",       "{\"\\u12",
                                         "[1 2 3", "{\"a\":1]",  "[,,,]"};
    static const char *const paths[] = {"", "/a", "/a/0", "/0", "/1/2", "/", "//"};
    ParaPlace place;
    for (size_t b = 0; b < sizeof broken / sizeof broken[0]; b++)
        for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++)
            if (para_locate(broken[b], paths[p], (int)(b % 2), true, &place))
                assert_in_range(place.offset, 0, (long)strlen(broken[b]));
}

const struct CMUnitTest para_tests_locate[] = {
    cmocka_unit_test(test_locate_finds_values_and_keys),
    cmocka_unit_test(test_locate_counts_lines_and_columns_from_one),
    cmocka_unit_test(test_locate_passes_over_a_byte_order_mark),
    cmocka_unit_test(test_locate_takes_the_longest_part_that_exists),
    cmocka_unit_test(test_locate_stands_broken_text),
};
const size_t para_tests_locate_count = sizeof para_tests_locate / sizeof *para_tests_locate;
