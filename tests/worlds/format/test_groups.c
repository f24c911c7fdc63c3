// SPDX-License-Identifier: MIT
// Groups: what is repeated together is what would have been written by hand, copy by copy; names mean the own
// copy's things inside and can be counted from outside; draws are each copy's own.
#include "tests/tests.h"

#include "worlds/template.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                                 \
    "{\"paracosm\": 1, \"name\": \"g\", \"params\": {\"k\": {\"int\": [1, 3]}},"                             \
    " \"player\": {\"body\": \"me\"%s}, \"goal\": {\"right_of\": [\"me\", 30]},"                             \
    " \"bodies\": [{\"name\": \"roof\", \"static\": true, \"at\": [5, 9], \"shape\": {\"box\": [9, 1]}},"    \
    "  {\"name\": \"me\", \"at\": [0, 1], \"shape\": {\"circle\": 0.3}}%s]%s}"

static ParaArena *new_arena(void) { return para_arena_create((size_t)1 << 20, (size_t)1 << 30); }

static const ParaTemplate *load(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(t);
    return t;
}

static const char *with(ParaArena *arena, const char *player, const char *bodies, const char *rest)
{
    return para_arena_printf(arena, HEAD, player, bodies, rest);
}

static ParaLevel *member(const ParaTemplate *t, double k, uint64_t seed, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    ParaLevel *level = para_template_sample(t, &k, seed, arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(level);
    return level;
}

static int body_named(const ParaLevel *level, const char *name)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (strcmp(level->body_names[b], name) == 0)
            return b;
    print_error("no body named %s\n", name);
    assert_true(false);
    return -1;
}

/// Two ropes of two links and three, with a motor each, as a group and by hand.
static void test_group_is_what_one_would_have_written(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *group =
        with(arena, "", "",
             ", \"groups\": [{\"as\": \"rope\", \"repeat\": 2, \"at\": [\"2 + 3 * rope\", 8.5], \"let\": "
             "{\"long\": "
             "\"rope + 2\"},"
             "  \"bodies\": [{\"name\": \"link\", \"repeat\": \"long\", \"at\": [0, \"-i\"], \"shape\": "
             "{\"box\": [0.1, "
             "1]}, \"density\": \"1 + rope\"},"
             "   {\"name\": \"bob\", \"at\": [0, \"-long\"], \"shape\": {\"circle\": \"0.1 * (i + n)\"}}],"
             "  \"joints\": [{\"name\": \"pin\", \"repeat\": \"long - 1\", \"revolute\": [\"link{i+1}\", "
             "\"link{i+2}\"], "
             "\"at\": [0, \"-i - 0.5\"]},"
             "   {\"name\": \"hook\", \"revolute\": [\"roof\", \"link1\"], \"at\": [0, 0.5]},"
             "   {\"weld\": [\"link{long}\", \"bob\"]}],"
             "  \"actuators\": [{\"motor\": \"hook\", \"channel\": \"rope\", \"rate\": 2, \"torque\": 3}],"
             "  \"zones\": [{\"name\": \"air\", \"at\": [\"i\", 0], \"area\": {\"circle\": 1}}]}]");
    const char *hand = with(
        arena,
        ", \"actuators\": [{\"motor\": \"rope1-hook\", \"channel\": 0, \"rate\": 2, \"torque\": 3},"
        "  {\"motor\": \"rope2-hook\", \"channel\": 1, \"rate\": 2, \"torque\": 3}]",
        ", {\"name\": \"rope1-link1\", \"at\": [2, 8.5], \"shape\": {\"box\": [0.1, 1]}, \"density\": 1},"
        "  {\"name\": \"rope1-link2\", \"at\": [2, 7.5], \"shape\": {\"box\": [0.1, 1]}, \"density\": 1},"
        "  {\"name\": \"rope2-link1\", \"at\": [5, 8.5], \"shape\": {\"box\": [0.1, 1]}, \"density\": 2},"
        "  {\"name\": \"rope2-link2\", \"at\": [5, 7.5], \"shape\": {\"box\": [0.1, 1]}, \"density\": 2},"
        "  {\"name\": \"rope2-link3\", \"at\": [5, 6.5], \"shape\": {\"box\": [0.1, 1]}, \"density\": 2},"
        "  {\"name\": \"rope1-bob\", \"at\": [2, 6.5], \"shape\": {\"circle\": 0.2}},"
        "  {\"name\": \"rope2-bob\", \"at\": [5, 5.5], \"shape\": {\"circle\": \"0.1 * 3\"}}",
        ", \"joints\": [{\"name\": \"rope1-pin1\", \"revolute\": [\"rope1-link1\", \"rope1-link2\"], \"at\": "
        "[2, 8]},"
        "  {\"name\": \"rope2-pin1\", \"revolute\": [\"rope2-link1\", \"rope2-link2\"], \"at\": [5, 8]},"
        "  {\"name\": \"rope2-pin2\", \"revolute\": [\"rope2-link2\", \"rope2-link3\"], \"at\": [5, 7]},"
        "  {\"name\": \"rope1-hook\", \"revolute\": [\"roof\", \"rope1-link1\"], \"at\": [2, 9]},"
        "  {\"name\": \"rope2-hook\", \"revolute\": [\"roof\", \"rope2-link1\"], \"at\": [5, 9]},"
        "  {\"weld\": [\"rope1-link2\", \"rope1-bob\"]}, {\"weld\": [\"rope2-link3\", \"rope2-bob\"]}],"
        " \"zones\": [{\"name\": \"rope1-air\", \"at\": [2, 8.5], \"area\": {\"circle\": 1}},"
        "  {\"name\": \"rope2-air\", \"at\": [6, 8.5], \"area\": {\"circle\": 1}}]");
    ParaLevel *a = member(load(group, arena), 2, 1, arena), *b = member(load(hand, arena), 2, 1, arena);
    if (a->hash != b->hash)
        print_error("%s\n%s\n", para_level_to_json(a, arena), para_level_to_json(b, arena));
    assert_true(a->hash == b->hash);
    ParaLevel *back = member(load(para_level_to_json(a, arena), arena), 2, 9, arena);
    assert_true(back->hash == a->hash);
    for (int j = 0; j < 7; j++)
        assert_string_equal(a->joint_names[j], b->joint_names[j]);
    para_arena_destroy(arena);
}

/// Groups in groups: a pyramid's rows have one block less each; names have both numbers.
static void test_group_in_a_group_counts_by_what_is_around(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t =
        load(with(arena, "", "",
                  ", \"groups\": [{\"as\": \"heap\", \"repeat\": 2, \"at\": [\"10 * heap\", 0], \"groups\": ["
                  "  {\"as\": \"row\", \"repeat\": \"k + heap\", \"bodies\": ["
                  "   {\"name\": \"box\", \"repeat\": \"k + heap - row\", \"at\": [\"i + row / 2\", "
                  "\"row\"], \"shape\": "
                  "{\"circle\": 0.4}}]}]}]"),
             arena);
    for (int k = 1; k <= 3; k++) {
        ParaLevel *level = member(t, k, 0, arena);
        assert_int_equal(level->world.body_count, 2 + k * (k + 1) / 2 + (k + 1) * (k + 2) / 2);
        int first = body_named(level, "heap2-row2-box1");
        assert_float_equal(level->world.bodies[first].position.x, 10.5f, 1e-6);
        assert_float_equal(level->world.bodies[first].position.y, 1, 1e-6);
    }
    para_arena_destroy(arena);
}

/// What is drawn in one copy is not what is drawn in another, and does not depend on how many there are.
static void test_group_draws_in_each_copy(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load(with(arena, "", "",
                                      ", \"groups\": [{\"as\": \"post\", \"repeat\": \"k + 1\", \"let\": "
                                      "{\"high\": {\"uniform\": [1, 2]}},"
                                      "  \"bodies\": [{\"name\": \"pole\", \"at\": [\"post\", \"high\"], "
                                      "\"angle\": {\"uniform\": [0, 1]},"
                                      " \"shape\": {\"circle\": 0.1}}, {\"name\": \"top\", \"at\": "
                                      "[\"post\", \"high + 1\"], \"shape\": "
                                      "{\"circle\": 0.1}}]}]"),
                                 arena);
    ParaLevel *few = member(t, 1, 7, arena), *many = member(t, 3, 7, arena);
    float before = -1;
    for (int post = 1; post <= 2; post++) {
        char pole[32], top[32];
        snprintf(pole, sizeof pole, "post%d-pole", post);
        snprintf(top, sizeof top, "post%d-top", post);
        const ParaBodyDef *one = &few->world.bodies[body_named(few, pole)];
        const ParaBodyDef *same = &many->world.bodies[body_named(many, pole)];
        assert_true(one->position.y == same->position.y && one->angle == same->angle);
        assert_true(one->position.y != before && one->position.y != one->angle);
        assert_float_equal(few->world.bodies[body_named(few, top)].position.y, one->position.y + 1, 1e-5);
        before = one->position.y;
    }
    para_arena_destroy(arena);
}

static void expect_goal(const ParaLevel *level, int node, const char *first, int count)
{
    assert_string_equal(level->body_names[level->goals[node].a], first);
    assert_int_equal(level->goals[node].a_count, count);
}

/// From outside: all copies, those of one group, one, and counted.
static void test_group_names_from_outside(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load(
        "{\"paracosm\": 1, \"name\": \"g\", \"params\": {\"k\": {\"int\": [1, 3]}},"
        " \"bodies\": [{\"name\": \"me\", \"shape\": {\"circle\": 0.3}}], \"player\": {\"body\": \"me\"},"
        " \"groups\": [{\"as\": \"rope\", \"repeat\": 3, \"bodies\": [{\"name\": \"link\", \"repeat\": \"2 + "
        "rope\", "
        "\"shape\": {\"circle\": 0.1}}, {\"name\": \"bob\", \"shape\": {\"circle\": 0.1}}]}],"
        " \"goal\": {\"all\": [{\"above\": [\"rope-link\", 1]}, {\"above\": [\"rope2-link\", 1]},"
        "  {\"above\": [\"rope3-link4\", 1]}, {\"above\": [\"rope-bob\", 1]}, {\"above\": [\"rope{k}-bob\", "
        "1]},"
        "  {\"above\": [\"rope{k}-link{k + 1}\", 1]}, {\"above\": [\"rope2-link{k}\", 1]},"
        "  {\"above\": [\"rope2-link2..rope3-link1\", 1]}]}}",
        arena);
    ParaLevel *level = member(t, 2, 0, arena);
    expect_goal(level, 1, "rope1-link1", 9);
    expect_goal(level, 2, "rope2-link1", 3);
    expect_goal(level, 3, "rope3-link4", 1);
    expect_goal(level, 4, "rope1-bob", 3);
    expect_goal(level, 5, "rope2-bob", 1);
    expect_goal(level, 6, "rope2-link3", 1);
    expect_goal(level, 7, "rope2-link2", 1);
    expect_goal(level, 8, "rope2-link2", 3);
    para_arena_destroy(arena);
}

/// A part included several times: its arguments, its place and its names are each copy's.
static void test_group_of_parts_that_are_repeated(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t =
        load(with(arena, "", "",
                  ", \"parts\": {\"cart\": {\"paracosm-part\": 1, \"params\": {\"wheels\": {\"default\": "
                  "1}}, \"let\": "
                  "{\"w\": \"wheels * 2\"},"
                  "  \"bodies\": [{\"name\": \"hull\", \"shape\": {\"box\": [\"w\", 1]}}, {\"name\": "
                  "\"wheel\", \"repeat\": "
                  "\"wheels\", \"at\": [\"i\", -1], \"shape\": {\"circle\": 0.4}}],"
                  "  \"joints\": [{\"repeat\": \"wheels\", \"revolute\": [\"hull\", \"wheel{i + 1}\"]}]}},"
                  " \"include\": [{\"part\": \"cart\", \"as\": \"car\", \"repeat\": \"k\", \"if\": \"i != "
                  "1\", \"at\": [\"10 * "
                  "i\", 5], \"with\": {\"wheels\": \"i + 1\"}}]"),
             arena);
    ParaLevel *level = member(t, 3, 0, arena);
    assert_int_equal(level->world.body_count, 2 + 1 + 1 + 1 + 3);
    assert_int_equal(level->world.joint_count, 1 + 3);
    int hull = body_named(level, "car3-hull"), wheel = body_named(level, "car3-wheel3");
    assert_float_equal(level->world.bodies[hull].position.x, 20, 0);
    assert_float_equal(level->world.bodies[wheel].position.x, 22, 0);
    assert_int_equal(level->world.joints[3].a, hull);
    assert_int_equal(level->world.joints[3].b, wheel);
    para_arena_destroy(arena);
}

/// A door and its switch in each copy; what is around has its plain name.
static void test_group_has_events_of_its_own(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load(
        with(arena, "", "",
             ", \"groups\": [{\"as\": \"room\", \"repeat\": \"k\", \"at\": [\"4 * room\", 1], \"bodies\": ["
             "  {\"name\": \"door\", \"kinematic\": true, \"shape\": {\"box\": [0.2, 2]}, \"moves\": "
             "{\"by\": [0, 2], "
             "\"waits\": true, \"ends\": true}}],"
             "  \"zones\": [{\"name\": \"plate\", \"at\": [-1, 0], \"area\": {\"box\": [1, 1]}}],"
             "  \"events\": [{\"when\": {\"inside\": [\"me\", \"plate\"]}, \"do\": [{\"start\": "
             "\"door\"}]}]}]"),
        arena);
    ParaLevel *level = member(t, 3, 0, arena);
    assert_int_equal(level->event_count, 3);
    for (int e = 0; e < 3; e++) {
        const ParaGoalNode *when = &level->goals[level->events[e].root];
        char name[32];
        snprintf(name, sizeof name, "room%d-door", e + 1);
        assert_int_equal(when->zone, e);
        assert_int_equal(when->a, body_named(level, "me"));
        assert_int_equal(level->acts[level->events[e].act_first].body, body_named(level, name));
        assert_int_equal(level->acts[level->events[e].act_first].count, 1);
    }
    para_arena_destroy(arena);
}

/// However often copies of copies are asked for, a member is refused soon.
static void test_group_has_an_end(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *text = with(arena, "", "",
                            ", \"groups\": [{\"as\": \"a\", \"repeat\": 300, \"groups\": [{\"as\": \"b\", "
                            "\"repeat\": 300, \"groups\": ["
                            "{\"as\": \"c\", \"repeat\": 300, \"bodies\": [{\"name\": \"box\", \"repeat\": "
                            "300, \"if\": 0, \"shape\": "
                            "{\"circle\": 1}}]}]}]}]");
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    assert_null(para_template_load("test", text, strlen(text), arena, &list));
    assert_string_equal(list.items[list.count - 1].code, "P043");
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_groups[] = {
    cmocka_unit_test(test_group_is_what_one_would_have_written),
    cmocka_unit_test(test_group_in_a_group_counts_by_what_is_around),
    cmocka_unit_test(test_group_draws_in_each_copy),
    cmocka_unit_test(test_group_names_from_outside),
    cmocka_unit_test(test_group_of_parts_that_are_repeated),
    cmocka_unit_test(test_group_has_events_of_its_own),
    cmocka_unit_test(test_group_has_an_end),
};
const size_t para_tests_groups_count = sizeof para_tests_groups / sizeof *para_tests_groups;
