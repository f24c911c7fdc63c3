// SPDX-License-Identifier: MIT
// Templates that load: defaults, copies and names, sampling, roles, saving and loading again, starters and
// the whole library.
#include "tests/tests.h"

#include "engine/base/file.h"
#include "worlds/format/data.h"
#include "worlds/library.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static ParaArena *new_arena(void) { return para_arena_create(1 << 18, (size_t)1 << 29); }

static const ParaTemplate *load(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    if (!t)
        para_diag_print(&list, stdout);
    assert_non_null(t);
    return t;
}

static ParaLevel *sample(const ParaTemplate *t, const double *values, uint64_t seed, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    ParaLevel *level = para_template_sample(t, values, seed, arena, &list);
    if (!level)
        para_diag_print(&list, stdout);
    assert_non_null(level);
    return level;
}

/// A small template around the given bodies; the rest is always the same.
#define AROUND(params, bodies, rest)                                                                         \
    "{\"paracosm\": 1, \"name\": \"t\", " params                                                             \
    "\"bodies\": [{\"name\": \"ball\", \"at\": [1, 2], \"shape\": "                                          \
    "{\"circle\": 0.5}}" bodies                                                                              \
    "], \"zones\": [{\"name\": \"flag\", \"at\": [8, 2], \"area\": {\"box\": [1, 2]}}], "                    \
    "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 5}]}, " rest         \
    "\"goal\": {\"inside\": [\"ball\", \"flag\"]}}"

static int find_body(const ParaLevel *level, const char *name)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (strcmp(level->body_names[b], name) == 0)
            return b;
    return -1;
}

static void test_template_defaults_are_those_of_the_defs(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaLevel *level = sample(load(AROUND("", "", ""), arena), NULL, 1, arena);
    ParaWorldDef world = para_world_def_default();
    ParaBodyDef body = para_body_def_default();
    ParaShapeDef shape = para_shape_def_default();
    assert_true(level->world.gravity.y == world.gravity.y && level->world.rate == world.rate);
    assert_int_equal(level->world.iterations, world.iterations);
    assert_true(level->world.bodies[0].gravity_scale == body.gravity_scale);
    assert_int_equal(level->world.bodies[0].kind, body.kind);
    assert_true(level->world.shapes[0].friction == shape.friction &&
                level->world.shapes[0].density == shape.density);
    assert_int_equal(level->world.shapes[0].category, shape.category);
    assert_int_equal(level->world.shapes[0].mask, shape.mask);
    assert_int_equal(level->frame_skip, 4);
    assert_true(level->players[0].reward_solved == 10 && level->players[0].reward_failed == -3);
    assert_true(level->players[0].sight == 10);
    assert_int_equal(level->players[0].fail_root, -1);
    para_arena_destroy(arena);
}

static void test_template_copies_count_and_have_names(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t =
        load(AROUND("\"params\": {\"links\": {\"int\": [0, 9]}}, ",
                    ", {\"name\": \"hook\", \"static\": true, \"at\": [0, 9]}"
                    ", {\"name\": \"link\", \"repeat\": \"links\", \"at\": [\"i\", 9], \"shape\": "
                    "{\"box\": [0.8, 0.2]}, \"if\": \"i != 20\"}",
                    "\"joints\": [{\"repeat\": \"max(0, links - 1)\", \"revolute\": [\"link{i+1}\", "
                    "\"link{i+2}\"], \"at\": [\"i + 0.5\", 9]}, {\"if\": \"links > 0\", "
                    "\"revolute\": [\"hook\", \"link1\"], \"at\": [0, 9]}], "),
             arena);
    for (int links = 0; links < 10; links++) {
        double value = links;
        const ParaLevel *level = sample(t, &value, 1, arena);
        assert_int_equal(level->world.body_count, 2 + links);
        assert_int_equal(level->world.joint_count, links);
        for (int k = 0; k < links; k++) {
            char name[16];
            snprintf(name, sizeof name, "link%d", k + 1);
            assert_int_equal(find_body(level, name), 2 + k);
            assert_true(level->world.bodies[2 + k].position.x == (float)k);
            assert_int_equal(level->body_sets[2 + k], 2);
        }
        for (int j = 0; j + 1 < links; j++) {
            assert_int_equal(level->world.joints[j].a, 2 + j);
            assert_int_equal(level->world.joints[j].b, 3 + j);
            assert_true(level->world.joints[j].anchor_a.x == 0.5f &&
                        level->world.joints[j].anchor_b.x == -0.5f);
        }
    }
    para_arena_destroy(arena);
}

static void test_template_sampling_is_of_values_and_seed_alone(void **state)
{
    (void)state;
    static const char text[] =
        AROUND("\"params\": {\"a\": {\"range\": [1, 5]}, \"b\": {\"int\": [0, 3]}}, ",
               ", {\"repeat\": \"b\", \"at\": [{\"uniform\": [0, 9]}, \"a\"], \"shape\": {\"box\": "
               "[{\"uniform\": [0.2, 1]}, 0.5]}}",
               "");
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load(text, arena), *again = load(text, arena);
    int different = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        ParaLevel *one = sample(t, NULL, seed, arena), *two = sample(again, NULL, seed, arena);
        double values[] = {one->params[0].value, one->params[1].value};
        ParaLevel *three = sample(t, values, seed, arena);
        assert_true(one->hash == two->hash && one->hash == three->hash && one->hash == para_level_hash(one));
        assert_true(one->params[0].value >= 1 && one->params[0].value < 5);
        assert_true(one->params[0].low == 1 && one->params[0].high == 5);
        different += one->hash != sample(t, NULL, seed + 1000, arena)->hash;
    }
    assert_int_equal(different, 50);
    double outside[] = {99, -7};
    ParaLevel *clamped = sample(t, outside, 1, arena);
    assert_true(clamped->params[0].value == 5 && clamped->params[1].value == 0);
    para_arena_destroy(arena);
}

static void test_template_another_body_does_not_reshuffle_draws(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
#define ROCK                                                                                                 \
    ", {\"name\": \"rock\", \"repeat\": 3, \"at\": [{\"uniform\": [0, 9]}, 5], \"shape\": {\"circle\": "     \
    "0.2}}"
    const ParaTemplate *one = load(AROUND("", ROCK, ""), arena);
    const ParaTemplate *two =
        load(AROUND("",
                    ", {\"name\": \"x\", \"at\": [{\"uniform\": [0, 9]}, 9], \"shape\": "
                    "{\"circle\": 0.2}}" ROCK,
                    ""),
             arena);
    ParaLevel *a = sample(one, NULL, 5, arena), *b = sample(two, NULL, 5, arena);
    for (int k = 0; k < 3; k++) {
        char name[16];
        snprintf(name, sizeof name, "rock%d", k + 1);
        assert_true(a->world.bodies[find_body(a, name)].position.x ==
                    b->world.bodies[find_body(b, name)].position.x);
    }
    assert_true(a->world.bodies[1].position.x != a->world.bodies[2].position.x);
#undef ROCK
    para_arena_destroy(arena);
}

/// How many copies there are is drawn for the body alone, wherever it stands in the list.
static void test_template_order_of_bodies_does_not_reshuffle_counts(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
#define ROCKS                                                                                                \
    "{\"name\": \"rock\", \"repeat\": {\"int\": [0, 9]}, \"at\": [\"i\", 5], \"shape\": {\"circle\": 0.2}}"
#define BALL "{\"name\": \"ball\", \"at\": [1, 2], \"shape\": {\"circle\": 0.5}}"
#define PAIR "{\"name\": \"pair\", \"repeat\": 2, \"at\": [\"i\", 8], \"shape\": {\"circle\": 0.2}}"
    static const char *const orders[] = {ROCKS ", " BALL, BALL ", " ROCKS, BALL ", " PAIR ", " ROCKS,
                                         PAIR ", " ROCKS ", " BALL};
    const ParaTemplate *t[4];
    for (int k = 0; k < 4; k++)
        t[k] = load(para_arena_printf(arena,
                                      "{\"paracosm\": 1, \"name\": \"t\", \"bodies\": [%s], \"player\": "
                                      "{\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", "
                                      "\"torque\": 5}]}, \"goal\": {\"time\": 5}}",
                                      orders[k]),
                    arena);
    unsigned seen = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        int rocks = sample(t[0], NULL, seed, arena)->world.body_count - 1;
        for (int k = 1; k < 4; k++)
            assert_int_equal(sample(t[k], NULL, seed, arena)->world.body_count, rocks + (k < 2 ? 1 : 3));
        seen |= 1u << rocks;
    }
    assert_int_equal(seen, 0x3ff); // each count from 0 to 9 was drawn
#undef ROCKS
#undef BALL
#undef PAIR
    para_arena_destroy(arena);
}

static void test_template_polygons_of_either_sense_become_the_same(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaLevel *level = sample(
        load(
            AROUND("",
                   ", {\"static\": true, \"shapes\": [{\"polygon\": [[0, 0], [0, 1], [1, 0]]}, {\"polygon\": "
                   "[[1, 0], [0, 1], [0, 0]]}, {\"box\": [2, 4], \"at\": [1, 1], \"angle\": \"pi / 2\"}]}",
                   ""),
            arena),
        NULL, 1, arena);
    const ParaVec2 *points = level->world.points + level->world.shapes[1].point_first;
    for (int k = 0; k < 3; k++)
        assert_true(points[k].x == points[k + 3].x && points[k].y == points[k + 3].y);
    const ParaVec2 *box = level->world.points + level->world.shapes[3].point_first;
    assert_true(fabsf(box[0].x - 3) < 1e-6f && fabsf(box[0].y - 0) < 1e-6f);
    para_arena_destroy(arena);
}

static void check_roles(const char *rules, ParaRole rock, ParaRole zone)
{
    char text[2000];
    snprintf(
        text, sizeof text,
        "{\"paracosm\": 1, \"name\": \"t\", \"bodies\": [{\"name\": \"ball\", \"at\": [1, 2], \"shape\": "
        "{\"circle\": "
        "0.5}}, {\"name\": \"rock\", \"at\": [4, 2], \"shape\": {\"circle\": 0.5}, \"collect\": true, "
        "\"shatters\": "
        "{\"impulse\": 1}}], \"zones\": [{\"name\": \"flag\", \"at\": [8, 2], \"area\": {\"box\": [1, 2]}}], "
        "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 5}]}, %s}",
        rules);
    ParaArena *arena = new_arena();
    const ParaLevel *level = sample(load(text, arena), NULL, 1, arena);
    if (level->body_roles[1] != rock || level->zone_roles[0] != zone)
        print_error("%s gave %d and %d\n", rules, level->body_roles[1], level->zone_roles[0]);
    assert_int_equal(level->body_roles[0], PARA_ROLE_PLAYER);
    assert_int_equal(level->body_roles[1], rock);
    assert_int_equal(level->zone_roles[0], zone);
    para_arena_destroy(arena);
}

static void test_template_roles_follow_from_goal_and_fail(void **state)
{
    (void)state;
    check_roles("\"goal\": {\"inside\": [\"ball\", \"flag\"]}", PARA_ROLE_NONE, PARA_ROLE_TARGET);
    check_roles("\"goal\": {\"inside\": [\"rock\", \"flag\"]}", PARA_ROLE_CARGO, PARA_ROLE_TARGET);
    check_roles("\"goal\": {\"touch\": [\"ball\", \"rock\"]}", PARA_ROLE_TARGET, PARA_ROLE_NONE);
    check_roles("\"goal\": {\"touch\": [\"rock\", \"player\"]}", PARA_ROLE_TARGET, PARA_ROLE_NONE);
    check_roles("\"goal\": {\"near\": [\"ball\", \"rock\", 1]}", PARA_ROLE_TARGET, PARA_ROLE_NONE);
    check_roles("\"goal\": {\"collected\": \"rock\"}", PARA_ROLE_TARGET, PARA_ROLE_NONE);
    check_roles("\"goal\": {\"time\": 5}, \"fail\": {\"touch\": [\"ball\", \"rock\"]}", PARA_ROLE_HAZARD,
                PARA_ROLE_NONE);
    check_roles("\"goal\": {\"time\": 5}, \"fail\": {\"inside\": [\"ball\", \"flag\"]}", PARA_ROLE_NONE,
                PARA_ROLE_HAZARD);
    check_roles("\"goal\": {\"all\": [{\"inside\": [\"ball\", \"flag\"]}, {\"not\": {\"touch\": [\"ball\", "
                "\"rock\"]}}]}",
                PARA_ROLE_HAZARD, PARA_ROLE_TARGET);
}

/// "player" in a touch means all its parts, on either side; by its name the body is meant alone, and so it is
/// in all other rules.
static void test_template_touch_of_the_player_means_all_its_parts(void **state)
{
    (void)state;
    static const struct {
        const char *goal;
        bool a_player, b_player;
    } rows[] = {{"\"touch\": [\"player\", \"rock\"]", true, false},
                {"\"touch\": [\"rock\", \"player\"]", false, true},
                {"\"touch\": [\"player\"]", true, false},
                {"\"touch\": [\"rock\", \"ball\"]", false, false},
                {"\"touch\": [\"ball\", \"rock\"]", false, false},
                {"\"near\": [\"player\", \"rock\", 1]", false, false},
                {"\"near\": [\"rock\", \"player\", 1]", false, false}};
    ParaArena *arena = new_arena();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = para_arena_printf(
            arena,
            "{\"paracosm\": 1, \"name\": \"t\", \"bodies\": [{\"name\": \"ball\", \"at\": [1, 2], \"shape\": "
            "{\"circle\": 0.5}}, {\"name\": \"rock\", \"at\": [4, 2], \"shape\": {\"circle\": 0.5}}], "
            "\"player\": "
            "{\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 5}]}, \"goal\": {%s}}",
            rows[i].goal);
        const ParaLevel *level = sample(load(text, arena), NULL, 1, arena);
        assert_int_equal(level->goals[0].a_player, rows[i].a_player);
        assert_int_equal(level->goals[0].b_player, rows[i].b_player);
        // And its saved level says the same.
        const ParaLevel *back = sample(load(para_level_to_json(level, arena), arena), NULL, 1, arena);
        assert_int_equal(back->goals[0].a_player, rows[i].a_player);
        assert_int_equal(back->goals[0].b_player, rows[i].b_player);
    }
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------
// Saving.

/// Every level of a template, saved and loaded, is the same level.
static void check_round_trip(const ParaTemplate *t, int count, const char *name)
{
    for (int k = 0; k < count; k++) {
        ParaArena *arena = new_arena();
        ParaLevel *level = sample(t, NULL, (uint64_t)k, arena);
        level->parent = 0xfedcba9876543210u;
        snprintf(level->maker, sizeof level->maker, "tester \"%d\" \\ \xc3\xa9", k);
        char *json = para_level_to_json(level, arena);
        const ParaTemplate *saved = load(json, arena);
        ParaLevel *back = sample(saved, NULL, 12345, arena);
        if (back->hash != level->hash)
            print_error("%s, seed %d: the saved level differs\n%s\n", name, k, json);
        assert_true(back->hash == level->hash);
        assert_true(back->seed == level->seed && back->parent == level->parent);
        assert_string_equal(back->maker, level->maker);
        assert_string_equal(back->family, level->family);
        assert_string_equal(back->about, level->about);
        assert_string_equal(para_level_to_json(back, arena), json);
        assert_true(para_level_hash(para_level_copy(level, arena)) == level->hash);
        para_arena_destroy(arena);
    }
}

static void test_template_library_loads_samples_and_round_trips(void **state)
{
    (void)state;
    ParaArena *names = new_arena();
    ParaLibraryFamily *families;
    int count = para_library_families(names, &families);
    assert_true(count >= 10);
    for (int i = 0; i < count; i++) {
        ParaArena *arena = new_arena();
        ParaDiagList list = para_diag_list(arena, NULL, NULL);
        const ParaTemplate *t = para_template_load_file(families[i].path, arena, &list);
        para_diag_print(&list, stdout);
        assert_non_null(t);
        assert_int_equal(list.count, 0); // no warnings either
        check_round_trip(t, 12, families[i].path);
        para_arena_destroy(arena);
    }
    para_arena_destroy(names);
}

/// Actuators come in copies as joints do: one rule for any number of legs, on channels of their own or
/// shared.
static void test_template_actuators_repeat(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *text =
        "{\"paracosm\": 1, \"name\": \"t\", \"params\": {\"legs\": {\"int\": [0, 6]}}, \"bodies\": ["
        "{\"name\": \"torso\", \"at\": [4, 3], \"shape\": {\"box\": [4, 0.4]}},"
        "{\"name\": \"leg\", \"repeat\": \"legs\", \"at\": [\"3 + i * 0.5\", 2.5], \"shape\": {\"box\": "
        "[0.1, 1]}}],"
        "\"joints\": [{\"name\": \"hip\", \"repeat\": \"legs\", \"revolute\": [\"torso\", \"leg{i+1}\"], "
        "\"at\": [\"3 + i * 0.5\", 3]}],"
        "\"player\": {\"body\": \"torso\", \"actuators\": ["
        "{\"motor\": \"hip{i+1}\", \"repeat\": \"legs\", \"channel\": \"i % 4\", \"torque\": \"10 + i\"},"
        "{\"twist\": \"torso\", \"if\": \"legs == 0\", \"channel\": 7, \"torque\": 3},"
        "{\"grip\": \"torso\", \"if\": \"legs > 4\", \"channel\": 5},"
        "{\"grip\": \"torso\", \"if\": \"legs <= 4\", \"channel\": 6}]},"
        "\"goal\": {\"above\": [\"torso\", 5]}}";
    const ParaTemplate *t = load(text, arena);
    for (int legs = 0; legs <= 6; legs++) {
        double value = legs;
        const ParaLevel *level = sample(t, &value, 3, arena);
        const ParaPlayer *player = &level->players[0];
        assert_int_equal(player->actuator_count, (legs ? legs : 1) + 1);
        for (int k = 0; k < legs; k++) {
            assert_int_equal(player->actuators[k].joint, k);
            assert_int_equal(player->actuators[k].channel, k % 4);
            assert_float_equal(player->actuators[k].torque, 10.0f + (float)k, 0);
        }
        uint32_t grip = legs > 4 ? 1u << 5 : 1u << 6;
        assert_int_equal(player->channel_bits,
                         ((1u << (legs < 4 ? legs : 4)) - 1) | grip | (legs ? 0 : 1u << 7));
        const char *json = para_level_to_json(level, arena);
        assert_true(sample(load(json, arena), NULL, 9, arena)->hash == level->hash);
    }
    para_arena_destroy(arena);
}

/// What is wrong with one member of many is told once, with its values and its line.
static void test_template_member_is_told_once_with_values_and_line(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *text =
        AROUND("\"params\": {\"gap\": {\"int\": [0, 40]}}, \n\"let\": {\"a\": \"1 / (gap - 7)\", "
               "\"b\": \"a + 1\"}, ",
               "", "");
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    assert_non_null(t); // none of the few that loading samples has it
    int refused = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        double work = 0;
        refused += !para_template_sample_told(t, seed, arena, &list, &work);
        assert_true(work > 0); // made or not
    }
    assert_true(refused > 1);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].path, "/let/a");
    assert_non_null(strstr(list.items[0].message, "divides by zero (in the member with gap = 7, seed "));
    assert_int_equal(list.items[0].line, 2);
    para_arena_destroy(arena);
}

static void test_template_starters_load_without_a_warning(void **state)
{
    (void)state;
    int count;
    const char *const *kinds = para_template_starters(&count);
    for (int k = 0; k < count; k++) {
        ParaArena *arena = new_arena();
        ParaDiagList list = para_diag_list(arena, NULL, NULL);
        const char *text = para_template_starter(kinds[k], "my-world", arena);
        const ParaTemplate *t = para_template_load(kinds[k], text, strlen(text), arena, &list);
        para_diag_print(&list, stdout);
        assert_non_null(t);
        assert_int_equal(list.count, 0);
        assert_string_equal(para_template_name(t), "my-world");
        check_round_trip(t, 3, kinds[k]);
        para_arena_destroy(arena);
    }
    assert_null(para_template_starter("no such kind", "x", NULL));
}

static const char tiered[] =
    "{\"paracosm\": 1, \"name\": \"tiered\", \"params\": {\"gap\": {\"range\": [0, 10]}, \"balls\": "
    "{\"int\": "
    "[1, 9]}},"
    " \"tiers\": {\"easy\": {\"gap\": [0, 1], \"balls\": [1, 1]}, \"normal\": {\"gap\": [1, 5]}, \"all\": "
    "{}},"
    " \"bodies\": [{\"name\": \"ball\", \"repeat\": \"balls\", \"at\": [\"gap + 2 * i\", 2], \"shape\": "
    "{\"circle\": 0.3}}],"
    " \"player\": {\"body\": \"ball1\", \"actuators\": [{\"twist\": \"ball1\", \"torque\": 5}]},"
    " \"goal\": {\"right_of\": [\"ball1\", 20]}}";

/// A tier is the same family with narrower ranges: every level of it is one that the family has, by values
/// and hash.
static void test_template_tier_draws_inside_its_ranges(void **state)
{
    (void)state;
    static const double low[][2] = {{0, 1}, {1, 1}, {0, 1}}, high[][2] = {{1, 1}, {5, 9}, {10, 9}};
    ParaArena *arena = new_arena();
    const char *error = NULL;
    const ParaTemplate *whole = load(tiered, arena);
    assert_int_equal(para_template_tier_count(whole), 3);
    for (int k = 0; k < 3; k++) {
        const ParaTier *tier = para_template_tier(whole, k);
        const ParaTemplate *t = para_template_narrow(whole, tier->name, arena, &error);
        assert_non_null(t);
        double least = 10, most = 0;
        for (uint64_t seed = 0; seed < 200; seed++) {
            ParaLevel *level = sample(t, NULL, seed, arena);
            double values[PARA_PARAMS_MAX] = {0};
            for (int p = 0; p < 2; p++) {
                values[p] = level->params[p].value;
                assert_true(values[p] >= low[k][p] && values[p] <= high[k][p]);
            }
            least = fmin(least, values[0]), most = fmax(most, values[0]);
            ParaLevel *same = sample(whole, values, seed, arena);
            assert_true(same->hash == level->hash);
            assert_true(level->params[0].low == 0 && level->params[0].high == 10); // whose family it is
        }
        assert_true(least < low[k][0] + 0.1 * (high[k][0] - low[k][0]));
        assert_true(most > high[k][0] - 0.1 * (high[k][0] - low[k][0]));
    }
    assert_true(para_template_param(whole, 0)->high == 10); // the family itself is as it was
    assert_null(para_template_narrow(whole, "hard", arena, &error));
    assert_string_equal(error, "tiered has no tier \"hard\"; it has easy, normal, all");
    check_round_trip(para_template_narrow(whole, "normal", arena, &error), 20, "a tier");
    para_arena_destroy(arena);
}

/// What the fuzzers begin with is good: a seed that does not load teaches them little.
static void test_template_seeds_of_the_fuzzers_round_trip(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char **names = NULL;
    const char *folder = PARA_SOURCE_DIR "/tests/fuzz/seeds";
    int count = para_folder_list(folder, ".json", arena, &names, NULL);
    assert_true(count >= 1);
    for (int k = 0; k < count; k++) {
        ParaDiagList list = para_diag_list(arena, NULL, NULL);
        const char *path = para_arena_printf(arena, "%s/%s.json", folder, names[k]);
        const ParaTemplate *t = para_template_load_file(path, arena, &list);
        para_diag_print(&list, stdout);
        assert_non_null(t);
        assert_int_equal(list.count, 0);
        check_round_trip(t, 20, names[k]);
    }
    para_arena_destroy(arena);
}

/// One of everything the format has.
static const char everything_there[] =
    "{\"paracosm\": 1, \"$schema\": \"x\", \"name\": \"all\", \"about\": \"a \\\"b\\\"\", \"note\": \"n\","
    "\"params\": {\"p\": {\"range\": [1, 2], \"unit\": \"m\", \"about\": \"q\"}, \"k\": {\"int\": [0, 3]}},"
    "\"let\": {\"u\": \"uniform(0, 1)\", \"v\": {\"pick\": [1, 2, \"p\"]}},"
    "\"world\": {\"size\": [30, 20], \"gravity\": [0.5, -8], \"seconds\": 9, \"rate\": 120, \"substeps\": 2,"
    "  \"iterations\": 20, \"friction_rule\": \"root_of_squares\", \"restitution_rule\": \"least\","
    "  \"frame_skip\": 2},"
    "\"materials\": [{\"name\": \"gum\", \"density\": \"p\", \"friction\": 1.5, \"restitution\": 0.2, "
    "\"look\": "
    "\"rubber\", \"sound\": \"cloth\"}],"
    "\"bodies\": ["
    " {\"name\": \"ground\", \"static\": true, \"friction\": 0.9, \"material\": \"stone\", \"belt\": -0.5, "
    "\"one_way\": true, "
    "\"shapes\": ["
    "   {\"segment\": [[0, 0], [9, 0.1]], \"radius\": 0.1, \"at\": [0, 1], \"angle\": 0.1},"
    "   {\"chain\": [[10, 1], [11, 1.3], [12, 1]], \"radius\": 0.02, \"restitution\": 0.4},"
    "   {\"chain\": {\"count\": 9, \"point\": [\"13 + i + 0.3 * noise(i, 2)\", \"noise(i / 3) + uniform(0, "
    "0.1)\"]}}]},"
    " {\"name\": \"lift\", \"kinematic\": true, \"at\": [3, 5], \"shape\": {\"box\": [2, 0.2]}, \"spin\": "
    "0.1,"
    "  \"moves\": {\"by\": [0, 1.5], \"period\": 3, \"phase\": 0.7}},"
    " {\"name\": \"gate\", \"kinematic\": true, \"at\": [27, 3], \"shape\": {\"box\": [0.3, 2]}, \"moves\": "
    "{\"by\": "
    "[0, \"p\"], \"waits\": true, \"ends\": true}},"
    " {\"name\": \"tram\", \"kinematic\": true, \"at\": [24, 14], \"shape\": {\"box\": [1, 0.2]}, \"path\": "
    "{\"stops\": [{\"by\": [\"p\", 0], \"angle\": 0.3}, {\"by\": [2, 1], \"time\": \"p + u\", \"wait\": "
    "0.5}],"
    " \"speed\": 2, \"ease\": \"cosine\", \"goes\": \"loop\", \"wait\": \"u\", \"waits\": true}},"
    " {\"name\": \"spark\", \"repeat\": 3, \"spare\": true, \"at\": [\"3 + i\", 12], \"shape\": {\"circle\": "
    "0.1}},"
    " {\"name\": \"paddle\", \"kinematic\": true, \"at\": [6, 9], \"shape\": {\"box\": [1, 0.2]}},"
    " {\"name\": \"hull\", \"at\": [5, 8], \"angle\": 0.3, \"velocity\": [1, \"u\"], \"spin\": -0.2,"
    "  \"gravity_scale\": 0.9, \"damping\": 0.1, \"angular_damping\": 0.2, \"group\": 3, \"fast\": true,"
    "  \"inertia\": 0.5, \"centre_shift\": [0.01, -0.02],"
    "  \"density\": 3, \"restitution\": 0.1, \"category\": 4, \"mask\": 4294967279, \"shatters\": "
    "{\"impulse\": 90, \"squeeze\": 800},"
    "  \"shapes\": [{\"polygon\": [[-0.5, -0.2], [0, 0.4], [0.5, -0.2]], \"density\": 2}, {\"circle\": 0.2, "
    "\"at\": "
    "[0.1, 0.3], \"friction\": 0}]},"
    " {\"name\": \"wheel\", \"repeat\": 2, \"at\": [\"4.6 + 0.8 * i\", 7.5], \"shape\": {\"circle\": \"0.2 + "
    "0.1 * u\"}},"
    " {\"name\": \"arm\", \"fixed_rotation\": true, \"material\": \"gum\", \"at\": [5, 9], \"shape\": "
    "{\"box\": [0.2, 0.8]}},"
    " {\"name\": \"coin\", \"repeat\": \"k\", \"static\": true, \"collect\": true, \"role\": \"target\","
    "  \"at\": [{\"uniform\": [1, 20]}, {\"int\": [4, 9]}], \"shape\": {\"circle\": 0.2}},"
    " {\"name\": \"pane\", \"static\": true, \"at\": [26, 8], \"shape\": {\"box\": [0.2, 2]}, \"shatters\": "
    "{\"impulse\": "
    "\"p\", \"pieces\": \"k + 2\", \"fragile\": true}},"
    " {\"name\": \"pot\", \"at\": [26, 12], \"shape\": {\"circle\": 0.2}, \"shatters\": {\"squeeze\": 9, "
    "\"into\": "
    "\"spark1..spark2\"}},"
    " {\"name\": \"crate\", \"at\": [9, 4], \"shape\": {\"box\": [\"v / 4\", 0.4]}, \"if\": \"p > 1.2\"},"
    " {\"static\": true, \"at\": [29, 5], \"shape\": {\"box\": [0.2, 9]}, \"role\": \"hazard\"}],";
static const char everything_joined[] =
    "\"joints\": ["
    " {\"name\": \"axle\", \"repeat\": 2, \"revolute\": [\"hull\", \"wheel{i+1}\"], \"limits\": [-40, 40]},"
    " {\"name\": \"rail\", \"prismatic\": [\"hull\", \"arm\"], \"axis\": [1, 2], \"limits\": [-0.5, 0.5], "
    "\"collide\": true},"
    " {\"spring\": [\"hull\", \"arm\"], \"at_a\": [5, 8.2], \"stiffness\": 40, \"damping\": 2},"
    " {\"name\": \"line\", \"distance\": [\"ground\", \"hull\"], \"at_a\": [5, 12], \"limits\": [0, 9], "
    "\"breaks\": "
    "{\"load\": \"900 * p\"}},"
    " {\"name\": \"mill\", \"revolute\": [\"ground\", \"spark1\"], \"made\": false, \"motor\": {\"rate\": "
    "\"p\", "
    "\"torque\": 3}},"
    " {\"name\": \"rope\", \"rope\": [\"ground\", \"crate\"], \"at_a\": [9, 9], \"longest\": \"5 + p\", "
    "\"if\": "
    "\"p > 1.2\"},"
    " {\"pulley\": [\"hull\", \"spark3\"], \"wheel_a\": [5, \"12 + u\"], \"wheel_b\": [6, 12], \"ratio\": "
    "\"p\", "
    "\"longest\": 20, \"rigid\": true, \"made\": false},"
    " {\"gear\": [\"wheel1\", \"wheel2\"], \"ratio\": \"-p\", \"carrier\": \"hull\", \"breaks\": {\"load\": "
    "9}},"
    " {\"rack\": [\"wheel2\", \"paddle\"], \"axis\": [3, 4], \"ratio\": 0.2},"
    " {\"weld\": [\"ground\", \"crate\"], \"at\": [9, 3.9], \"if\": \"p > 1.2 and u < 0.5\"}],"
    "\"zones\": ["
    " {\"name\": \"wind\", \"area\": {\"polygon\": [[0, 0], [0, 3], [4, 2]]}, \"at\": [2, 2], \"angle\": "
    "0.2, \"force\": "
    "[1, \"p\"], \"drag\": 0.3, \"pull\": -1.5, \"ladder\": true},"
    " {\"name\": \"hole\", \"area\": {\"circle\": 0.5}, \"at\": [1, 18], \"portal\": \"way\", "
    "\"checkpoint\": true},"
    " {\"name\": \"way\", \"area\": {\"circle\": 0.5}, \"at\": [28, 18], \"portal\": \"hole\"},"
    " {\"name\": \"goal\", \"area\": {\"circle\": 2}, \"at\": [20, 5], \"role\": \"cargo\","
    "  \"fluid\": {\"density\": 1.5, \"drag\": 0.4}}],";
static const char everything_driven[] =
    "\"player\": {\"body\": \"hull\", \"sight\": 7, \"actuators\": ["
    "  {\"motor\": \"axle1\", \"channel\": 0, \"rate\": 9, \"torque\": 4, \"brake\": 1, \"sign\": -1},"
    "  {\"torque\": \"axle2\", \"channel\": 0, \"max\": 3, \"fastest\": 5},"
    "  {\"drive\": \"axle2\", \"channel\": 0, \"rate\": 6, \"torque\": 3, \"gain\": 0.2, \"fade\": 0.1},"
    "  {\"thruster\": \"hull\", \"channel\": 1, \"at\": [0, -0.2], \"direction\": [1, 3], \"force\": 9, "
    "\"one_way\": true, \"wet\": true},"
    "  {\"walk\": \"hull\", \"channel\": 2, \"speed\": 2, \"force\": 5, \"air\": 0.1}, {\"jump\": \"hull\", "
    "\"channel\": 3, "
    "\"impulse\": 2, \"coyote\": 0.1, \"buffer\": \"p / 10\", \"cut\": 0.5, \"air_jumps\": 1}, "
    "{\"climb\": \"hull\", \"channel\": 3, \"speed\": 1, \"force\": 90}, {\"twist\": \"hull\", \"channel\": "
    "4, \"torque\": 1}, {\"slide\": \"rail\", "
    "\"channel\": 5, \"speed\": "
    "1}, {\"slide\": \"paddle\", \"channel\": 6}, {\"grip\": \"arm\", \"channel\": 7, \"force\": 30}],"
    "  \"keys\": [{\"channel\": 0, \"positive\": \"right\", \"negative\": \"left\", \"label\": \"drive\"}],"
    "  \"moves\": [{\"name\": \"go\", \"note\": \"x\", \"0\": \"p / 100\", \"1\": 0.1, \"2\": 0.2, \"3\": "
    "0.3, "
    "\"4\": 0.4, \"5\": 0.5, \"6\": 0.6, \"7\": -1}]},";
static const char everything_happening[] =
    "\"goal\": {\"then\": [{\"collected\": \"coin\"}, {\"any\": [{\"inside\": [\"hull\", \"goal\"], \"for\": "
    "0.5}, {\"near\": "
    "[\"player\", \"coin\", 0.5]}, {\"above\": [\"hull\", 15]}, {\"right_of\": [\"wheel\", 27], \"every\": "
    "true}]}]},"
    "\"fail\": {\"any\": [{\"shattered\": \"hull\"}, {\"touch\": [\"player\", \"crate\"]}, {\"touch\": "
    "[\"hull\"], \"for\": 3},"
    " {\"below\": [\"hull\", -5]}, {\"left_of\": [\"hull\", -5]}, {\"all\": [{\"not\": {\"upright\": "
    "[\"hull\", 2]}}, {\"slow\": "
    "[\"hull\", 0.1]}, {\"time\": 4}]}, {\"near\": [\"hull\", \"goal\", 0.01]},"
    " {\"overlap\": [\"arm\", \"paddle\"]}]},"
    "\"rewards\": [{\"approach\": [\"hull\", \"goal\"]}, {\"approach\": [\"hull\", \"coin\"], \"weight\": "
    "2}, {\"forward\": "
    "\"hull\"}, {\"up\": \"hull\"}, {\"alive\": true}, {\"upright\": \"hull\"}, {\"effort\": true}, "
    "{\"slow\": \"hull\"}, "
    "{\"hold\": true, \"weight\": \"p\"}, {\"change\": \"x(hull) - u\"}], \"replace\": true,"
    "\"observe\": [{\"name\": \"seen\", \"note\": \"x\", \"repeat\": 2, \"value\": \"i * y(wheel{i + 1}) + "
    "p\", "
    "\"scale\": 3}], \"lives\": 4, \"lives_in\": \"wind_now\","
    "\"variables\": {\"hits\": \"k / 2\", \"wind_now\": 0},"
    "\"events\": [{\"name\": \"first\", \"note\": \"x\", \"when\": {\"every\": 0.5, \"from\": \"u\"}, "
    "\"do\": ["
    "  {\"spawn\": \"spark\", \"at\": [\"5 + hits\", 9], \"velocity\": [\"p\", \"-time\"], \"angle\": \"u\"},"
    "  {\"add\": \"hits\", \"by\": \"p * 0.5\", \"note\": \"x\"}, {\"say\": \"Hop.\"}]},"
    " {\"when\": {\"all\": [{\"is\": \"hits >= k and not wind_now\"}, {\"touch\": [\"player\", "
    "\"ground\"]}]}, \"again\": "
    "true, \"do\": ["
    "  {\"force\": \"wind\", \"to\": [\"3 * p\", \"2 ^ hits\"], \"over\": 0.7}, {\"drag\": \"wind\", \"to\": "
    "0.2},"
    "  {\"level\": \"goal\", \"to\": 8, \"over\": \"p\"}, {\"variable\": \"wind_now\", \"to\": \"-(hits + p) "
    "/ 3 - -2\"},"
    "  {\"explode\": \"hull\", \"radius\": \"2 + hits\", \"impulse\": \"u\"}, {\"explode\": [1, \"time\"], "
    "\"radius\": 1, "
    "\"impulse\": 1},"
    "  {\"push\": \"wheel\", \"by\": [\"u\", 2]}, {\"teleport\": \"player\", \"to\": [\"p\", 9], \"angle\": "
    "0}]},"
    " {\"repeat\": 2, \"if\": \"i < 2\", \"when\": {\"at\": \"1 + i\"}, \"do\": [{\"break\": \"axle{i+1}\"}, "
    "{\"start\": "
    "\"gate\"},"
    "  {\"friction\": \"wheel\", \"to\": \"0.1 * (i + 1)\"}, {\"gravity\": [0, \"-5 - i\"], \"over\": 1}]},"
    " {\"when\": {\"at\": 3}, \"do\": [{\"stop\": \"lift\"}, {\"reverse\": \"gate\"}, {\"make\": \"axle\"}, "
    "{\"rate\": "
    "\"mill\", \"to\": 1},"
    "  {\"disable\": \"crate\"}, {\"enable\": \"crate\"}, {\"remove\": \"coin\"}, {\"disable\": \"goal\"}, "
    "{\"spawn\": "
    "\"spark2\", \"at\": \"goal\"}]}],"
    "\"solved\": 5, \"failed\": -1}";

static const ParaTemplate *load_everything(ParaArena *arena)
{
    return load(para_arena_printf(arena, "%s%s%s%s", everything_there, everything_joined, everything_driven,
                                  everything_happening),
                arena);
}

static void test_template_everything_round_trips(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    check_round_trip(load_everything(arena), 40, "everything");
    para_arena_destroy(arena);
}

/// A level's hash is of all it says, also of the keys of each channel.
static void test_template_keys_of_each_channel_are_in_the_hash(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaLevel *level = para_template_sample(load_everything(arena), NULL, 3, arena, NULL);
    assert_non_null(level);
    for (int c = 0; c < PARA_CHANNELS; c++) {
        ParaChannelKeys *keys = &level->players[0].keys[c], before = *keys;
        char *const texts[] = {keys->positive, keys->negative, keys->label};
        for (int k = 0; k < 3; k++) {
            texts[k][0] = 'x';
            assert_true(para_level_hash(level) != level->hash);
            *keys = before;
        }
    }
    assert_true(para_level_hash(level) == level->hash);
    para_arena_destroy(arena);
}

/// Counts a number up for a moment: the hash must be another one.
static void check_hashed_i32(ParaLevel *level, int32_t *number)
{
    (*number)++;
    assert_true(para_level_hash(level) != level->hash);
    (*number)--;
}

static void check_hashed_f32(ParaLevel *level, float *number)
{
    float before = *number;
    *number = before + 0.5f;
    assert_true(para_level_hash(level) != level->hash);
    *number = before;
}

static void test_template_goals_and_rewards_are_in_the_hash(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaLevel *level = para_template_sample(load_everything(arena), NULL, 3, arena, NULL);
    assert_non_null(level);
    for (int r = 0; r < level->reward_count; r++) {
        ParaRewardTerm *term = &level->rewards[r];
        ParaRewardKind kind = term->kind;
        check_hashed_i32(level, &term->a);
        check_hashed_i32(level, &term->b);
        check_hashed_i32(level, &term->zone);
        check_hashed_f32(level, &term->weight);
        term->kind = kind == PARA_REWARD_UP ? PARA_REWARD_ALIVE : PARA_REWARD_UP;
        assert_true(para_level_hash(level) != level->hash);
        term->kind = kind;
    }
    for (int g = 0; g < level->goal_count; g++) {
        ParaGoalNode *node = &level->goals[g];
        int32_t *const numbers[] = {&node->a,           &node->b,          &node->zone,
                                    &node->a_count,     &node->b_count,    &node->zone_count,
                                    &node->child_first, &node->child_count};
        bool *const flags[] = {&node->a_player, &node->b_player, &node->every};
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            check_hashed_i32(level, numbers[n]);
        for (size_t n = 0; n < sizeof flags / sizeof *flags; n++) {
            *flags[n] = !*flags[n];
            assert_true(para_level_hash(level) != level->hash);
            *flags[n] = !*flags[n];
        }
        check_hashed_f32(level, &node->value);
        check_hashed_f32(level, &node->hold);
    }
    check_hashed_i32(level, &level->players[0].goal_root);
    check_hashed_i32(level, &level->players[0].fail_root);
    check_hashed_f32(level, &level->players[0].reward_solved);
    check_hashed_f32(level, &level->players[0].reward_failed);
    int jumps = 0, screws = 0;
    for (int k = 0; k < level->players[0].actuator_count; k++) {
        ParaActuator *actuator = &level->players[0].actuators[k];
        if (actuator->kind == PARA_ACTUATOR_JUMP) {
            check_hashed_f32(level, &actuator->coyote);
            check_hashed_f32(level, &actuator->buffer);
            check_hashed_f32(level, &actuator->cut);
            check_hashed_i32(level, &actuator->air_jumps);
            jumps++;
        }
        if (actuator->kind == PARA_ACTUATOR_THRUSTER) {
            actuator->wet = !actuator->wet;
            assert_true(para_level_hash(level) != level->hash);
            actuator->wet = !actuator->wet;
            screws++;
        }
    }
    level->ladders ^= 2;
    assert_true(jumps == 1 && screws == 1 && para_level_hash(level) != level->hash);
    level->ladders ^= 2;
    assert_true(level->reward_count > 5 && level->goal_count > 10 && para_level_hash(level) == level->hash);
    para_arena_destroy(arena);
}

/// Notes which rows of the table a saved text has; every key must be one.
static void note_rows(const cJSON *object, ParaObjectKind kind, bool *seen)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    for (const cJSON *item = object->child; item; item = item->next) {
        int rows = 0;
        for (int f = 0; f < count; f++) {
            if (strcmp(fields[f].name, item->string) != 0)
                continue;
            rows++;
            seen[(int)para_fields_first(kind) + f] = true;
            if (fields[f].type == PARA_TYPE_OBJECT)
                note_rows(item, (ParaObjectKind)fields[f].of, seen);
            if (fields[f].type == PARA_TYPE_LIST || fields[f].type == PARA_TYPE_PARAMS)
                for (const cJSON *part = item->child; part; part = part->next)
                    note_rows(part, (ParaObjectKind)fields[f].of, seen);
        }
        assert_true(rows > 0);
    }
}

/// What is together is so in the editor alone: the level is the same, and is saved as the same text.
static void test_template_together_changes_no_level(void **state)
{
    (void)state;
    static const char form[] =
        "{\"paracosm\": 1, \"name\": \"x\", \"bodies\": [{\"name\": \"a\"%s, \"shape\": {\"circle\": 1}}, "
        "{\"name\": \"b\"%s, "
        "\"at\": [3, 0], \"shape\": {\"circle\": 1}}], \"joints\": [{\"weld\": [\"a\", \"b\"]%s}], "
        "\"zones\": [{\"name\": \"z\"%s, "
        "\"area\": {\"circle\": 1}}], \"player\": {\"body\": \"a\"}, \"goal\": {\"inside\": [\"a\", \"z\"]}}";
    const char *word = ", \"together\": \"pair\"";
    ParaArena *arena = new_arena();
    const char *without = para_arena_printf(arena, form, "", "", "", "");
    const char *with = para_arena_printf(arena, form, word, word, word, word);
    const ParaLevel *one = sample(load(without, arena), NULL, 1, arena);
    const ParaLevel *other = sample(load(with, arena), NULL, 1, arena);
    assert_true(one->hash == other->hash);
    assert_string_equal(para_level_to_json(one, arena), para_level_to_json(other, arena));
    para_arena_destroy(arena);
}

static void test_template_a_saved_level_has_every_field(void **state)
{
    (void)state;
    // What a level does not have: remarks, words for the editor, rules for members, and other ways to say the
    // same.
    static const ParaFieldId not_kept[] = {PARA_FIELD_TEMPLATE_schema,  PARA_FIELD_TEMPLATE_note,
                                           PARA_FIELD_TEMPLATE_silence, PARA_FIELD_TEMPLATE_lets,
                                           PARA_FIELD_TEMPLATE_tiers,   PARA_FIELD_TEMPLATE_include,
                                           PARA_FIELD_TEMPLATE_groups,  PARA_FIELD_TEMPLATE_constraints,
                                           PARA_FIELD_TEMPLATE_parts,   PARA_FIELD_TEMPLATE_included,
                                           PARA_FIELD_PLAYER_part,      PARA_FIELD_PARAM_int,
                                           PARA_FIELD_PARAM_part,       PARA_FIELD_BODY_ground,
                                           PARA_FIELD_PARAM_unit,       PARA_FIELD_PARAM_about,
                                           PARA_FIELD_PARAM_note,       PARA_FIELD_WORLD_note,
                                           PARA_FIELD_BODY_note,        PARA_FIELD_BODY_shape,
                                           PARA_FIELD_BODY_density,     PARA_FIELD_BODY_friction,
                                           PARA_FIELD_BODY_restitution, PARA_FIELD_BODY_repeat,
                                           PARA_FIELD_BODY_if,          PARA_FIELD_SHATTERS_note,
                                           PARA_FIELD_MOVES_note,       PARA_FIELD_SHAPE_angle,
                                           PARA_FIELD_SHAPE_note,       PARA_FIELD_CHAIN_count,
                                           PARA_FIELD_CHAIN_point,      PARA_FIELD_CHAIN_note,
                                           PARA_FIELD_CHAIN_terrain,    PARA_FIELD_CHAIN_length,
                                           PARA_FIELD_CHAIN_amplitude,  PARA_FIELD_CHAIN_roughness,
                                           PARA_FIELD_CHAIN_flat,       PARA_FIELD_CHAIN_step,
                                           PARA_FIELD_CHAIN_obstacles,  PARA_FIELD_JOINT_note,
                                           PARA_FIELD_JOINT_at,         PARA_FIELD_JOINT_at_a,
                                           PARA_FIELD_JOINT_at_b,       PARA_FIELD_JOINT_repeat,
                                           PARA_FIELD_JOINT_if,         PARA_FIELD_ZONE_note,
                                           PARA_FIELD_ZONE_repeat,      PARA_FIELD_ZONE_if,
                                           PARA_FIELD_AREA_note,        PARA_FIELD_FLUID_note,
                                           PARA_FIELD_PLAYER_note,      PARA_FIELD_ACTUATOR_note,
                                           PARA_FIELD_ACTUATOR_repeat,  PARA_FIELD_ACTUATOR_if,
                                           PARA_FIELD_KEYS_note,        PARA_FIELD_PREDICATE_note,
                                           PARA_FIELD_REWARD_note,      PARA_FIELD_MADE_BY_note,
                                           PARA_FIELD_MOTOR_note,       PARA_FIELD_PATH_speed,
                                           PARA_FIELD_PATH_note,        PARA_FIELD_STOP_note,
                                           PARA_FIELD_BREAKS_note,      PARA_FIELD_EVENT_name,
                                           PARA_FIELD_EVENT_note,       PARA_FIELD_EVENT_repeat,
                                           PARA_FIELD_EVENT_if,         PARA_FIELD_SHATTERS_pieces,
                                           PARA_FIELD_SHATTERS_fragile, PARA_FIELD_ACT_note,
                                           PARA_FIELD_BODY_material,    PARA_FIELD_TEMPLATE_materials,
                                           PARA_FIELD_OBSERVE_repeat,   PARA_FIELD_OBSERVE_note,
                                           PARA_FIELD_MOVE_note,        PARA_FIELD_TEMPLATE_generate,
                                           PARA_FIELD_GENERATE_kinetix, PARA_FIELD_GENERATE_dense,
                                           PARA_FIELD_GENERATE_note,    PARA_FIELD_BODY_together,
                                           PARA_FIELD_JOINT_together,   PARA_FIELD_ZONE_together};
    bool seen[PARA_FIELD_COUNT] = {false}, dropped[PARA_FIELD_COUNT] = {false};
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load_everything(arena);
    for (uint64_t seed = 0; seed < 40; seed++) {
        ParaLevel *level = sample(t, NULL, seed, arena);
        level->parent = 7;
        snprintf(level->maker, sizeof level->maker, "tester");
        snprintf(level->edits, sizeof level->edits, "turn_body:1");
        snprintf(level->changes, sizeof level->changes, "turned");
        cJSON *json = cJSON_Parse(para_level_to_json(level, arena));
        assert_non_null(json);
        note_rows(json, PARA_KIND_TEMPLATE, seen);
        cJSON_Delete(json);
    }
    for (size_t k = 0; k < sizeof not_kept / sizeof not_kept[0]; k++)
        dropped[not_kept[k]] = true;
    for (int id = 0; id < PARA_FIELD_COUNT; id++) // of parts a level has what is in them
        dropped[id] |= para_field((ParaFieldId)id)->kind == PARA_KIND_INCLUDE ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_PART ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_MATERIAL ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_GROUP ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_CONSTRAINT ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_OBSTACLE ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_ARGUMENT;
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *field = para_field((ParaFieldId)id);
        if (field->flags & PARA_FLAG_HEAD) // test_fields.c makes a level of each
            continue;
        if (seen[id] == dropped[id])
            print_error("\"%s\" of a %s is %s\n", field->name, para_kind_name(field->kind),
                        seen[id] ? "saved, and listed as not kept" : "not saved");
        assert_true(seen[id] != dropped[id]);
    }
    para_arena_destroy(arena);
}

static void test_template_refuses_in_a_sample_without_diagnostics(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    // Only one seed in many meets the zero; loading tries too few to notice.
    static const char text[] =
        AROUND("", ", {\"at\": [3, 3], \"shape\": {\"circle\": \"if(uniform(0, 1) < 0.02, 0, 1)\"}}", "");
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    if (t) {
        int refused = 0;
        for (uint64_t seed = 0; seed < 500; seed++)
            refused += para_template_sample(t, NULL, seed, arena, NULL) == NULL;
        assert_in_range(refused, 1, 40);
    }
    para_arena_destroy(arena);
}

static void test_template_text_need_not_end_in_nul(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    static const char text[] = AROUND("", "", "") "garbage";
    assert_non_null(para_template_load("test", text, sizeof text - 8, arena, &list));
    assert_null(para_template_load("test", text, sizeof text - 1, arena, &list));
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------
// What is generated from the table.

static void test_template_reference_covers_every_field(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *page = para_template_reference(arena);
    cJSON *schema = cJSON_Parse(para_template_schema(arena));
    assert_non_null(schema);
    const cJSON *kinds = cJSON_GetObjectItemCaseSensitive(schema, "$defs");
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *field = para_field((ParaFieldId)id);
        char row[80], section[80];
        snprintf(section, sizeof section, "\n## %s\n", para_kind_name(field->kind));
        const char *start = strstr(page, section);
        assert_non_null(start);
        const char *end = strstr(start + 3, "\n## ");
        snprintf(row, sizeof row, "\n| `%s`", field->name);
        const char *found = strstr(start, row);
        assert_non_null(found);
        assert_true(!end || found < end);
        assert_true(strlen(field->help) > 8);
        const cJSON *kind = cJSON_GetObjectItemCaseSensitive(kinds, para_kind_name(field->kind));
        assert_non_null(cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(kind, "properties"),
                                                         field->name));
    }
    cJSON_Delete(schema);
    para_arena_destroy(arena);
}

static const char *page_of(const char *path, ParaArena *arena)
{
    const char *error = "";
    const char *text = para_file_read(path, 1 << 20, arena, NULL, &error);
    if (!text)
        print_error("%s\n", error);
    assert_non_null(text);
    return text;
}

static void test_template_reference_page_is_the_one_in_docs(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *page = para_template_reference(arena);
    const char *text = page_of(PARA_SOURCE_DIR "/docs/template-reference.md", arena);
    if (strcmp(text, page) != 0)
        print_error(
            "docs/template-reference.md is old: paracosm schema --reference > docs/template-reference.md\n");
    assert_true(strcmp(text, page) == 0);
    para_arena_destroy(arena);
}

static void test_template_authoring_page_names_every_head(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *text = page_of(PARA_SOURCE_DIR "/docs/authoring.md", arena);
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *field = para_field((ParaFieldId)id);
        const char *code = para_arena_printf(arena, "`%s`", field->name);
        const char *key = para_arena_printf(arena, "\"%s\"", field->name);
        if (!(field->flags & PARA_FLAG_HEAD) || strstr(text, code) || strstr(text, key))
            continue;
        print_error("docs/authoring.md does not tell of \"%s\" of a %s\n", field->name,
                    para_kind_name(field->kind));
        assert_true(false);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_template[] = {
    cmocka_unit_test(test_template_defaults_are_those_of_the_defs),
    cmocka_unit_test(test_template_copies_count_and_have_names),
    cmocka_unit_test(test_template_sampling_is_of_values_and_seed_alone),
    cmocka_unit_test(test_template_another_body_does_not_reshuffle_draws),
    cmocka_unit_test(test_template_order_of_bodies_does_not_reshuffle_counts),
    cmocka_unit_test(test_template_polygons_of_either_sense_become_the_same),
    cmocka_unit_test(test_template_roles_follow_from_goal_and_fail),
    cmocka_unit_test(test_template_touch_of_the_player_means_all_its_parts),
    cmocka_unit_test(test_template_library_loads_samples_and_round_trips),
    cmocka_unit_test(test_template_actuators_repeat),
    cmocka_unit_test(test_template_member_is_told_once_with_values_and_line),
    cmocka_unit_test(test_template_starters_load_without_a_warning),
    cmocka_unit_test(test_template_tier_draws_inside_its_ranges),
    cmocka_unit_test(test_template_seeds_of_the_fuzzers_round_trip),
    cmocka_unit_test(test_template_everything_round_trips),
    cmocka_unit_test(test_template_keys_of_each_channel_are_in_the_hash),
    cmocka_unit_test(test_template_goals_and_rewards_are_in_the_hash),
    cmocka_unit_test(test_template_together_changes_no_level),
    cmocka_unit_test(test_template_a_saved_level_has_every_field),
    cmocka_unit_test(test_template_refuses_in_a_sample_without_diagnostics),
    cmocka_unit_test(test_template_text_need_not_end_in_nul),
    cmocka_unit_test(test_template_reference_covers_every_field),
    cmocka_unit_test(test_template_reference_page_is_the_one_in_docs),
    cmocka_unit_test(test_template_authoring_page_names_every_head),
};
const size_t para_tests_template_count = sizeof para_tests_template / sizeof *para_tests_template;
