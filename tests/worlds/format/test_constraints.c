// SPDX-License-Identifier: MIT
// Constraints: members that do not keep them are drawn anew from the same seed, and what was drawn well the
// first time is the member there would be without them; what counts as near, in each other, or a way, case by
// case.
#include "tests/tests.h"

#include "worlds/template.h"

#include <math.h>
#include <string.h>

static ParaArena *new_arena(void) { return para_arena_create((size_t)1 << 20, (size_t)1 << 30); }

/// A template of these bodies, zones and constraints. @return NULL with the problems in `list`
static const ParaTemplate *load(const char *bodies, const char *zones, const char *constraints,
                                ParaArena *arena, ParaDiagList *list)
{
    const char *text = para_arena_printf(
        arena,
        "{\"paracosm\": 1, \"name\": \"c\", \"params\": {\"k\": {\"range\": [0, 1]}}, \"bodies\": [%s,"
        " {\"name\": \"me\", \"at\": [1, 1.5], \"shape\": {\"circle\": 0.4}}], \"zones\": [%s],"
        " \"player\": {\"body\": \"me\", \"actuators\": [{\"twist\": \"me\", \"torque\": 5}]},"
        " \"goal\": {\"right_of\": [\"me\", 30]}, \"constraints\": [%s]}",
        bodies, zones, constraints);
    *list = para_diag_list(arena, NULL, NULL);
    return para_template_load("test", text, strlen(text), arena, list);
}

/// Does the one member of these things keep the constraint? Where not, `why` is told.
static void expect(const char *bodies, const char *zones, const char *constraint, const char *why)
{
    ParaArena *arena = new_arena();
    ParaDiagList list;
    const ParaTemplate *t = load(bodies, zones, constraint, arena, &list);
    const char *told = t ? "" : list.items[list.count - 1].message;
    if (*why ? !strstr(told, why) : t == NULL)
        print_error("%s of %s\n  told:   %s\n  wanted: %s\n", constraint, bodies, told, why);
    assert_true(*why ? t == NULL && strstr(told, why) : t != NULL);
    if (*why)
        assert_string_equal(list.items[list.count - 1].code, "P086");
    para_arena_destroy(arena);
}

#define BOX(name, x, y, w, h)                                                                                \
    "{\"name\": \"" name "\", \"static\": true, \"at\": [" #x ", " #y "], \"shape\": {\"box\": [" #w ", " #h \
    "]}}"
#define BALL(name, x, y, r)                                                                                  \
    "{\"name\": \"" name "\", \"at\": [" #x ", " #y "], \"shape\": {\"circle\": " #r "}}"

static void test_constraint_keep_clear_measures_edge_to_edge(void **state)
{
    (void)state;
    const char *two = BOX("a", 0, 0, 2, 2) ", " BOX("b", 3, 0, 2, 2);
    expect(two, "", "{\"keep_clear\": [\"a\", \"b\", 0.99]}", "");
    expect(two, "", "{\"keep_clear\": [\"a\", \"b\", 1.1]}",
           "constraint 1 not met in 64 tries: a and b are 1 m from each");
    const char *slanted =
        BOX("a", 0, 0, 2, 2) ", {\"name\": \"b\", \"static\": true, \"at\": [3, 0], \"angle\": "
                             "0.7853981634, \"shape\": {\"box\": [2, 2]}}";
    expect(slanted, "", "{\"keep_clear\": [\"a\", \"b\", 0.58]}", ""); // 3 - 1 - root of 2
    expect(slanted, "", "{\"keep_clear\": [\"a\", \"b\", 0.6]}", "a and b are 0.59 m");
    const char *balls = BALL("a", 0, 0, 1) ", " BALL("b", 3, 4, 2);
    expect(balls, "", "{\"keep_clear\": [\"a\", \"b\", 1.99]}", "");
    expect(balls, "", "{\"keep_clear\": [\"a\", \"b\", 2.01]}", "2 m");
    const char *line =
        BALL("a", 5, 2, 1) ", {\"name\": \"b\", \"static\": true, \"shape\": {\"chain\": [[0, 0], [5, 0], "
                           "[9, 0]], \"radius\": 0.1}}";
    expect(line, "", "{\"keep_clear\": [\"a\", \"b\", 0.89]}", "");
    expect(line, "", "{\"keep_clear\": [\"a\", \"b\", 0.91]}", "0.9 m");
    const char *zone = "{\"name\": \"z\", \"at\": [5, 0], \"area\": {\"box\": [2, 2]}}";
    expect(BALL("a", 2, 0, 1), zone, "{\"keep_clear\": [\"a\", \"z\", 0.9]}", "");
    expect(BALL("a", 2, 0, 1), zone, "{\"keep_clear\": [\"a\", \"z\", 1.1]}", "a and z are 1 m");
    const char *copies =
        "{\"name\": \"a\", \"repeat\": 3, \"at\": [\"2 * i\", 5], \"shape\": {\"circle\": 0.5}}";
    expect(copies, "", "{\"keep_clear\": [\"a\", \"a\", 0.9]}", "");
    expect(copies, "", "{\"keep_clear\": [\"a\", \"a\", 1.1]}", "a1 and a2 are 1 m");
}

static void test_constraint_no_overlap_lets_things_rest_on_each_other(void **state)
{
    (void)state;
    expect(BOX("a", 0, 0, 2, 2) ", " BOX("b", 2, 0, 2, 2), "", "{\"no_overlap\": [\"a\", \"b\"]}", "");
    expect(BOX("a", 0, 0, 2, 2) ", " BOX("b", 1.7, 0, 2, 2), "", "{\"no_overlap\": [\"a\", \"b\"]}",
           "a and b lie 0.3 m in each other");
    expect(BOX("a", 0, 0, 8, 8) ", " BALL("b", 1, 0, 0.5), "", "{\"no_overlap\": [\"a\", \"b\"]}",
           "in each other");
    expect(BOX("a", 0, 0, 8, 8) ", " BALL("b", 1, 0, 0.5) ", " BOX("c", 20, 0, 1, 1), "",
           "{\"no_overlap\": [\"b\", \"c\"]}", "");
    expect("{\"name\": \"a\", \"repeat\": 2, \"at\": [\"0.5 * i\", 5], \"shape\": {\"circle\": 0.5}}", "",
           "{\"no_overlap\": [\"a\"]}", "a1 and a2 lie 0.5 m");
}

#define FLAG(x, y) "{\"name\": \"flag\", \"at\": [" #x ", " #y "], \"area\": {\"box\": [1, 1]}}"
#define WAY(more)  "{\"reachable\": [\"me\", \"flag\"], \"radius\": 0.4" more "}"

static void test_constraint_reachable_knows_walls_steps_and_gaps(void **state)
{
    (void)state;
    const char *ground = BOX("ground", 10, 0.5, 20, 1);
    expect(ground, FLAG(15, 1.5), WAY(""), "");
    expect(ground, FLAG(15, 5), WAY(""), "me does not get to flag: no farther than x = ");
    expect(ground, FLAG(15, 5), WAY(", \"jump\": 4, \"gap\": 1"), "");
    const char *wall = BOX("ground", 10, 0.5, 20, 1) ", " BOX("wall", 8, 2, 1, 2);
    expect(wall, FLAG(15, 1.5), WAY(""), "no farther than x = ");
    expect(wall, FLAG(15, 1.5), WAY(", \"jump\": 1.5, \"gap\": 1"), "no farther than x = ");
    expect(wall, FLAG(15, 1.5), WAY(", \"jump\": 2.3, \"gap\": 1"), "");
    const char *roofed =
        BOX("ground", 10, 0.5, 20, 1) ", " BOX("wall", 8, 2, 1, 2) ", " BOX("roof", 8, 3.5, 4, 0.4);
    expect(roofed, FLAG(15, 1.5), WAY(", \"jump\": 2.3, \"gap\": 1"), "no farther than x = ");
    const char *pit = BOX("left", 3, 0.5, 6, 1) ", " BOX("right", 14, 0.5, 12, 1); // from 6 to 8
    expect(pit, FLAG(15, 1.5), WAY(""), "does not get to flag");
    expect(pit, FLAG(15, 1.5), WAY(", \"gap\": 1"), "does not get to flag");
    expect(pit, FLAG(15, 1.5), WAY(", \"gap\": 2.5"), "");
    const char *tube = BOX("ground", 10, 0.5, 20, 1) ", " BOX("roof", 8, 2.7, 4, 2); // 0.7 m high
    expect(tube, FLAG(15, 1.5), WAY(""), "no farther than x = ");
    expect(tube, FLAG(15, 1.5), "{\"reachable\": [\"me\", \"flag\"], \"radius\": 0.25}", "");
    const char *slope =
        "{\"name\": \"hill\", \"static\": true, \"shape\": {\"chain\": [[0, 1], [5, 1], [9, 4], [20, 4]]}}";
    expect(slope, FLAG(15, 4.5), WAY(""), "");
    const char *steep =
        "{\"name\": \"hill\", \"static\": true, \"shape\": {\"chain\": [[0, 1], [5, 1], [6, 5], [20, 5]]}}";
    expect(steep, FLAG(15, 5.5), WAY(""), "does not get to flag");
}

/// The member of a seed is the same as without constraints wherever that keeps them, and always the same.
static void test_constraint_draws_anew_from_the_same_seed(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaDiagList list;
    const char *bodies =
        "{\"name\": \"crate\", \"repeat\": 4, \"at\": [{\"uniform\": [3, 13]}, 1], \"shape\": {\"box\": [1, "
        "1]}}";
    const ParaTemplate *free = load(bodies, "", "", arena, &list);
    const ParaTemplate *kept =
        load(bodies, "", "{\"no_overlap\": [\"crate\"]}, {\"keep_clear\": [\"crate\", \"me\", 1.8]}", arena,
             &list);
    assert_non_null(free);
    assert_non_null(kept);
    int again = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        ParaLevel *a = para_template_sample(free, NULL, seed, arena, NULL);
        ParaLevel *b = para_template_sample(kept, NULL, seed, arena, NULL);
        ParaLevel *twin = para_template_sample(kept, NULL, seed, arena, &list);
        assert_non_null(b);
        assert_true(twin && twin->hash == b->hash);
        assert_true((a->hash == b->hash) == (b->tries == 1));
        assert_true(a->params[0].value == b->params[0].value); // what the maker chose stays
        again += b->tries > 1;
        for (int k = 0; k < 4; k++)
            for (int m = k + 1; m < 4; m++)
                assert_true(fabs((double)b->world.bodies[k].position.x -
                                 (double)b->world.bodies[m].position.x) > 0.998);
        ParaDiagList own = para_diag_list(arena, NULL, NULL);
        const char *json = para_level_to_json(b, arena);
        const ParaTemplate *saved = para_template_load("saved", json, strlen(json), arena, &own);
        assert_true(saved && para_template_sample(saved, NULL, 9, arena, NULL)->hash == b->hash);
        assert_string_equal(para_template_origins(kept, b, arena).bodies[0], "/bodies/0");
    }
    assert_in_range(again, 20, 59);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_constraints[] = {
    cmocka_unit_test(test_constraint_keep_clear_measures_edge_to_edge),
    cmocka_unit_test(test_constraint_no_overlap_lets_things_rest_on_each_other),
    cmocka_unit_test(test_constraint_reachable_knows_walls_steps_and_gaps),
    cmocka_unit_test(test_constraint_draws_anew_from_the_same_seed),
};
const size_t para_tests_constraints_count = sizeof para_tests_constraints / sizeof *para_tests_constraints;
