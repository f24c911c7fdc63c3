// SPDX-License-Identifier: MIT
// The one layout of templates: it says the same, keeps the order, lays out to itself, and is that of the
// library and of every starter.
#include "tests/tests.h"

#include "engine/base/file.h"
#include "worlds/json_tree.h"
#include "worlds/library.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ParaArena *new_arena(void)
{
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 28);
    assert_non_null(arena);
    return arena;
}

static const char *lay_out(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    return para_template_lay_out("test", text, strlen(text), arena, &list);
}

/// Same values in the same order.
static bool same_order(const cJSON *a, const cJSON *b)
{
    for (a = a->child, b = b->child; a && b; a = a->next, b = b->next)
        if ((a->string && strcmp(a->string, b->string) != 0) || a->type != b->type ||
            (cJSON_IsNumber(a) && a->valuedouble != b->valuedouble) ||
            (cJSON_IsString(a) && strcmp(a->valuestring, b->valuestring) != 0) || !same_order(a, b))
            return false;
    return !a && !b;
}

static void expect_kept(const char *text, ParaArena *arena)
{
    const char *laid = lay_out(text, arena);
    assert_non_null(laid);
    cJSON *before = para_json_parse(text), *after = para_json_parse(laid);
    assert_true(before && after && before->type == after->type && same_order(before, after));
    cJSON_Delete(before);
    cJSON_Delete(after);
    assert_string_equal(lay_out(laid, arena), laid);
}

static void test_layout_is_written_out_here(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    assert_string_equal(
        lay_out("{\"name\":\"x\",\"note\":\"\\u00e9 "
                "\\\"q\\\"\",\"let\":{\"a\":1.50,\"b\":1E3},\"bodies\":[{\"at\":[0,-0.0]},{}],"
                "\"zones\":[],\"world\":{\"size\":[1,2]},\"flag\":true,\"none\":null}",
                arena),
        "{\n"
        "  \"name\": \"x\",\n"
        "  \"note\": \"\xc3\xa9 \\\"q\\\"\",\n"
        "  \"let\": {\n"
        "    \"a\": 1.5,\n"
        "    \"b\": 1000\n"
        "  },\n"
        "  \"bodies\": [\n"
        "    {\"at\": [0, -0]},\n"
        "    {}\n"
        "  ],\n"
        "  \"zones\": [],\n"
        "  \"world\": {\"size\": [1, 2]},\n"
        "  \"flag\": true,\n"
        "  \"none\": null\n"
        "}\n");
    para_arena_destroy(arena);
}

static void test_layout_parts_long_lines(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    char text[4000];
    int size =
        snprintf(text, sizeof text, "{\"bodies\":[{\"name\":\"hill\",\"static\":true,\"shape\":{\"chain\":[");
    for (int i = 0; i < 60; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "%s[%d,%d.25]", i ? "," : "", i, i % 7);
    snprintf(text + size, sizeof text - (size_t)size, "],\"radius\":0.1}}],\"numbers\":[%s]}",
             "1111111111,2222222222,3333333333,"
             "4444444444,5555555555,6666666666,7777777777,8888888888,9999999999,1234567890,2345678901");
    expect_kept(text, arena);
    const char *laid = lay_out(text, arena);
    for (const char *line = laid; *line; line = strchr(line, '\n') + 1)
        assert_true(strchr(line, '\n') - line <= 120);
    para_arena_destroy(arena);
}

static void test_layout_keeps_what_it_is_given(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    static const char *const texts[] = {"[]",
                                        "{}",
                                        "[1,[2,[3,[4]]]]",
                                        "{\"a\":{\"a\":{\"a\":{}}}}",
                                        "{\"b\":1,\"a\":2,\"b\":3}",
                                        "{\"\xe5\xb1\xb1\":\"\xe8\xb7\xaf\",\"e\":\"\\u0007\\n\\t\\\\\\/\"}",
                                        "{\"n\":[1e-300,0.1,123456789.125,-7]}",
                                        "\"text\"",
                                        "  12  "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_kept(texts[i], arena);
    assert_null(lay_out("{\"a\": 1,}", arena));
    assert_null(lay_out("", arena));
    para_arena_destroy(arena);
}

static void test_layout_names_a_number_that_it_cannot_write(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *text = "{\"a\": 1,\n \"b\": [0, {\"c\": -1e999}]}";
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    assert_null(para_template_lay_out("test", text, strlen(text), arena, &list));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].path, "/b/1/c");
    assert_int_equal(list.items[0].line, 2);
    para_arena_destroy(arena);
}

static void test_layout_is_that_of_the_library_and_the_starters(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char **names, *error = NULL;
    int count = para_library_list(arena, &names), kinds;
    assert_true(count >= 10);
    for (int i = 0; i < count; i++) {
        size_t size;
        const char *path = para_library_find(names[i], arena);
        const char *text = para_file_read(path, PARA_TEMPLATE_SIZE_MAX, arena, &size, &error);
        assert_non_null(text);
        if (strcmp(lay_out(text, arena), text) != 0)
            print_error("%s: paracosm fmt --write lays it out\n", path);
        assert_string_equal(lay_out(text, arena), text);
    }
    const char *const *starters = para_template_starters(&kinds);
    for (int k = 0; k < kinds; k++) {
        const char *text = para_template_starter(starters[k], "mine", arena);
        assert_string_equal(lay_out(text, arena), text);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_layout[] = {
    cmocka_unit_test(test_layout_is_written_out_here),
    cmocka_unit_test(test_layout_parts_long_lines),
    cmocka_unit_test(test_layout_keeps_what_it_is_given),
    cmocka_unit_test(test_layout_names_a_number_that_it_cannot_write),
    cmocka_unit_test(test_layout_is_that_of_the_library_and_the_starters),
};
const size_t para_tests_layout_count = sizeof para_tests_layout / sizeof *para_tests_layout;
