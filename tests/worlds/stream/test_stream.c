// SPDX-License-Identifier: MIT
// Streams of worlds: what is read, what is complained of and where, and that a run can keep one.
#include "tests/tests.h"
#include "worlds/stream/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const makers[] = {"dr", "sfl", NULL};

static int setup(void **state)
{
    setenv("PARACOSM_LIBRARY", PARA_SOURCE_DIR "/worlds/library", 1);
    *state = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

static const ParaWorldStream *load(const char *text, ParaDiagList *list, ParaArena *arena)
{
    *list = para_diag_list(arena, NULL, NULL);
    return para_stream_load(PARA_SOURCE_DIR "/tests/agents/families/s.json", text, strlen(text), makers,
                            arena, list);
}

static void test_stream_says_what_its_worlds_are(void **state)
{
    ParaDiagList list;
    const ParaWorldStream *s =
        load("{\"stream\": 1, \"about\": \"two\", \"decisions\": 500, \"points\": 3, \"repeat\": 2,\n"
             " \"worlds\": [\"roll\", {\"families\": [\"push.json\", \"balance/\"], \"maker\": \"sfl\", "
             "\"decisions\": 90, \"seed\": 4, \"name\": \"both\"}, {\"family\": \"roll\", \"set\": "
             "{\"room\": [1.5, 2]}}]}",
             &list, *state);
    if (list.count)
        para_diag_print(&list, stderr);
    assert_non_null(s);
    assert_int_equal(s->world_count, 6);
    assert_int_equal(s->points, 3);
    assert_string_equal(s->worlds[0].name, "roll");
    assert_int_equal(s->worlds[0].decisions, 500);
    assert_null(s->worlds[0].maker);
    assert_string_equal(s->worlds[4].name, "both");
    assert_int_equal(s->worlds[4].decisions, 90);
    assert_int_equal((int)s->worlds[4].seed, 4);
    assert_string_equal(s->worlds[4].families[0], PARA_SOURCE_DIR "/tests/agents/families/push.json");
    assert_string_equal(s->worlds[4].families[1], "balance/");
    assert_int_equal(s->worlds[5].range_count, 1);
    assert_true(s->worlds[5].ranges[0].low == 1.5 && s->worlds[5].ranges[0].high == 2);
}

static void test_stream_kept_by_a_run_is_the_same(void **state)
{
    ParaDiagList list;
    const char *error = NULL;
    const ParaWorldStream *s =
        load("{\"stream\": 1, \"worlds\": [\"roll\", {\"family\": \"push.json\", \"seed\": 999999999999999}, "
             "{\"family\": \"roll\", \"set\": {\"room\": 1.5}, \"maker\": \"dr\"}]}",
             &list, *state);
    assert_non_null(s);
    const char *text = para_stream_to_json(s, *state);
    const ParaWorldStream *again = para_stream_from_json(text, *state, &error);
    if (!again)
        fail_msg("%s", error);
    assert_string_equal(para_stream_to_json(again, *state), text);
    assert_true(again->worlds[1].seed == 999999999999999u);
    assert_null(para_stream_from_json("{\"stream\": 1, \"worlds\": []}", *state, &error));
    assert_non_null(strstr(error, "does not read"));
    assert_null(para_stream_from_json("[", *state, &error));
}

typedef struct Slip {
    const char *worlds, *code, *path, *words;
} Slip;

static const Slip slips[] = {
    {"", "P012", "/worlds", "list of 1 to"},
    {"3", "P005", "/worlds/0", "family's name"},
    {"\"rol\"", "P024", "/worlds/0", "roll"},
    {"\"nowhere.json\"", "P024", "/worlds/0", "nowhere.json"},
    {"\"nothing/\"", "P024", "/worlds/0", "nothing/"},
    {"{\"famly\": \"roll\"}", "P006", "/worlds/0/famly", "did you mean \"family\"?"},
    {"{\"name\": \"x\"}", "P008", "/worlds/0", "needs a \"family\""},
    {"{\"family\": \"roll\", \"families\": [\"roll\"]}", "P008", "/worlds/0", "one of them"},
    {"{\"families\": []}", "P012", "/worlds/0/families", "list of 1 to"},
    {"{\"families\": [7]}", "P009", "/worlds/0/families/0", "must be a family"},
    {"{\"family\": \"roll\", \"decisions\": 0}", "P010", "/worlds/0/decisions", "1 to"},
    {"{\"family\": \"roll\", \"decisions\": 1e300}", "P010", "/worlds/0/decisions", "1 to"},
    {"{\"family\": \"roll\", \"decisions\": 1.5}", "P011", "/worlds/0/decisions", "whole"},
    {"{\"family\": \"roll\", \"seed\": \"x\"}", "P009", "/worlds/0/seed", "whole"},
    {"{\"family\": \"roll\", \"seed\": 1, \"seed\": 1}", "P007", "/worlds/0/seed", "twice"},
    {"{\"family\": \"roll\", \"maker\": \"slf\"}", "P015", "/worlds/0/maker", "did you mean \"sfl\"?"},
    {"{\"family\": \"roll\", \"tier\": \"harsh\"}", "P024", "/worlds/0/tier", "tier"},
    {"{\"family\": \"roll\", \"set\": {\"rom\": 1}}", "P024", "/worlds/0/set/rom", "did you mean \"room\"?"},
    {"{\"family\": \"roll\", \"set\": {\"room\": 1e5}}", "P010", "/worlds/0/set/room", "must lie in"},
    {"{\"family\": \"roll\", \"set\": {\"room\": [3, 2]}}", "P027", "/worlds/0/set/room", "rise"},
    {"{\"family\": \"roll\", \"set\": 3}", "P005", "/worlds/0/set", "object"},
};

static void test_stream_slips_are_told_where_they_are(void **state)
{
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        ParaDiagList list;
        bool found = false;
        const char *text = para_arena_printf(*state, "{\"stream\": 1,\n\"worlds\": [%s]}", slips[i].worlds);
        assert_null(load(text, &list, *state));
        for (int k = 0; k < list.count; k++)
            found |= strcmp(list.items[k].code, slips[i].code) == 0 &&
                     strcmp(list.items[k].path, slips[i].path) == 0 &&
                     strstr(list.items[k].message, slips[i].words) && list.items[k].line == 2;
        if (!found) {
            print_message("%s:\n", slips[i].worlds);
            para_diag_print(&list, stderr);
        }
        assert_true(found);
    }
}

static void test_stream_hostile_texts_are_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "[",
                                        "null",
                                        "[]",
                                        "{}",
                                        "{\"stream\": 2, \"worlds\": [\"roll\"]}",
                                        "{\"worlds\": [\"roll\"]}",
                                        "{\"stream\": 1, \"worlds\": [\"roll\"], \"repeat\": 251}",
                                        "{\"stream\": 1, \"worlds\": [\"roll\"], \"points\": 1000}",
                                        "{\"stream\": 1, \"worlds\": {\"roll\": 1}}",
                                        "{\"stream\": 1, \"worlds\": [\"roll\"]} x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ParaDiagList list;
        assert_null(load(texts[i], &list, *state));
        assert_true(list.error_count > 0);
    }
    size_t size = (size_t)PARA_STREAM_SIZE_MAX + 1;
    char *large = para_arena_alloc(*state, size + 1);
    memset(large, ' ', size);
    ParaDiagList list = para_diag_list(*state, NULL, NULL);
    assert_null(para_stream_load("s", large, size, makers, *state, &list));
    assert_int_equal(list.error_count, 1);
    char *deep = para_arena_alloc(*state, 60001); // brackets without end
    memset(deep, '[', 60000);
    deep[60000] = '\0';
    assert_null(load(deep, &list, *state));
    list = para_diag_list(*state, NULL, NULL);
    assert_null(para_stream_load_file("/nowhere/s.json", makers, *state, &list));
    assert_int_equal(list.error_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest para_tests_stream[] = {
    TEST(test_stream_says_what_its_worlds_are),
    TEST(test_stream_kept_by_a_run_is_the_same),
    TEST(test_stream_slips_are_told_where_they_are),
    TEST(test_stream_hostile_texts_are_refused),
};
const size_t para_tests_stream_count = sizeof para_tests_stream / sizeof *para_tests_stream;
