// SPDX-License-Identifier: MIT
// What two levels differ in, in words: each change is told once, as people would say it, and nothing else is.
#include "tests/tests.h"

#include "worlds/template.h"

#include <stdio.h>
#include <string.h>

#define LEVEL                                                                                                \
    "{\"paracosm\": 1, \"name\": \"garden\", \"world\": {\"gravity\": [0, -8]},"                             \
    " \"bodies\": [{\"name\": \"stump\", \"at\": [4, 1], \"shape\": {\"box\": [1, 1]}, \"density\": 2},"     \
    "  {\"name\": \"crate\", \"repeat\": 2, \"at\": [\"6 + i\", 1], \"shape\": {\"box\": [0.5, 0.5]}},"      \
    "  {\"name\": \"me\", \"at\": [0, 1], \"shape\": {\"circle\": 0.4}}],"                                   \
    " \"joints\": [{\"spring\": [\"stump\", \"me\"], \"stiffness\": 50, \"rest\": 3}],"                      \
    " \"player\": {\"body\": \"me\", \"actuators\": [{\"twist\": \"me\", \"torque\": 5}]},"                  \
    " \"goal\": {\"touch\": [\"me\", \"stump\"]},"                                                           \
    " \"events\": [{\"when\": {\"at\": 5}, \"do\": [{\"gravity\": [0, 1]}]}]}"

static ParaArena *new_arena(void) { return para_arena_create((size_t)1 << 20, (size_t)1 << 30); }

static ParaLevel *level_of(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(t);
    return para_template_sample(t, NULL, 1, arena, NULL);
}

/// The level with one text in place of another.
static const char *changed(const char *was, const char *is, ParaArena *arena)
{
    const char *at = strstr(LEVEL, was);
    assert_non_null(at);
    return para_arena_printf(arena, "%.*s%s%s", (int)(at - LEVEL), LEVEL, is, at + strlen(was));
}

/// "thing: words; thing: words" of the level and the level with one change.
static void expect(const char *was, const char *is, const char *words)
{
    ParaArena *arena = new_arena();
    ParaDifferences all;
    const char *told = "";
    assert_true(
        para_level_compare(level_of(LEVEL, arena), level_of(changed(was, is, arena), arena), arena, &all));
    for (int k = 0; k < all.count; k++)
        told = para_arena_printf(arena, "%s%s%s%s%s", told, k ? "; " : "", all.items[k].thing,
                                 *all.items[k].thing ? ": " : "", all.items[k].words);
    if (strcmp(told, words) != 0)
        print_error("%s -> %s\n  told:   %s\n  wanted: %s\n", was, is, told, words);
    assert_string_equal(told, words);
    para_arena_destroy(arena);
}

static void test_compare_says_it_as_people_would(void **state)
{
    (void)state;
    expect("-8", "-8", "");
    expect("[0, -8]", "[0, -4]", "gravity halved: [0, -4] m/s^2");
    expect("[0, -8]", "[0, -10]", "gravity 25 % stronger: [0, -10] m/s^2");
    expect("[0, -8]", "[3, 0]", "gravity [0, -8] -> [3, 0] m/s^2");
    expect("[4, 1]", "[4, 1.3]", "stump: 0.3 m higher");
    expect("[4, 1]", "[2.5, 0]", "stump: 1 m lower and 1.5 m to the left");
    expect("\"density\": 2", "\"density\": 2.24",
           "stump, shape 1: density 2 kg/m^2 -> 2.24 kg/m^2; stump: 12 % heavier: 2 -> 2.24 kg");
    expect("\"density\": 2", "\"density\": 2, \"angle\": 0.5", "stump: turned 0.5 rad counter-clockwise");
    expect("\"repeat\": 2", "\"repeat\": 1", "crate2: gone");
    expect("\"repeat\": 2", "\"repeat\": 3", "crate3: new");
    expect("\"stiffness\": 50", "\"stiffness\": 60", "spring of stump and me: stiffness 50 N/m -> 60 N/m");
    expect("\"torque\": 5", "\"torque\": 6", "twist me: torque 5 -> 6");
    expect("{\"touch\"", "{\"overlap\"",
           "goal {\"touch\":[\"me\",\"stump\"]} -> {\"overlap\":[\"me\",\"stump\"]}");
    expect("\"at\": 5}", "\"at\": 6}", "event 1: when {\"at\":5} -> {\"at\":6}");
    expect("[0, 1]}]}", "[0, 1]}]}, {\"when\": {\"at\": 9}, \"do\": [{\"say\": \"late\"}]}", "event 2: new");
    expect("\"density\": 2}", "\"density\": 2, \"damping\": 1}", "stump: damping 0 1/s -> 1 1/s");
}

/// What is compared is what is saved: any field that differs is told, were it of a kind nobody thought of
/// here.
static void test_compare_tells_two_families_apart(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaDifferences all;
    static const char other[] =
        "{\"paracosm\": 1, \"name\": \"other\", \"params\": {\"k\": {\"range\": [0, 1]}},"
        " \"bodies\": [{\"name\": \"you\", \"shape\": {\"circle\": 1}}], \"player\": "
        "{\"body\": \"you\"}, \"goal\": {\"time\": 3}}";
    assert_true(para_level_compare(level_of(LEVEL, arena), level_of(other, arena), arena, &all));
    assert_false(all.same);
    assert_string_equal(all.items[0].words, "k new");
    assert_string_equal(all.items[1].words, "name garden -> other");
    for (int k = 0; k < all.count; k++)
        assert_true(*all.items[k].before || *all.items[k].after);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_compare[] = {
    cmocka_unit_test(test_compare_says_it_as_people_would),
    cmocka_unit_test(test_compare_tells_two_families_apart),
};
const size_t para_tests_compare_count = sizeof para_tests_compare / sizeof *para_tests_compare;
