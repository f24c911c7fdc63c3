// SPDX-License-Identifier: MIT
// Corners that are none: left out of polygons of bodies and zones, and points of chains, with a note at their
// place; the level is that of the shape drawn cleanly, and stays the same when saved. What has no area is
// refused.
#include "tests/tests.h"
#include "worlds/template.h"

#include <string.h>

static ParaArena *new_arena(void) { return para_arena_create(1 << 18, (size_t)1 << 28); }

/// A template with one static shape and one zone. @return NULL: refused; the list has the problems
static const ParaTemplate *load(const char *shape, const char *area, ParaArena *arena, ParaDiagList *out_list)
{
    const char *text = para_arena_printf(
        arena,
        "{\"paracosm\": 1, \"name\": \"t\", \"params\": {\"dent\": {\"range\": [0, 1]}}, \"bodies\": ["
        "{\"name\": \"ball\", \"at\": [1, 2], \"shape\": {\"circle\": 0.5}},\n"
        "{\"name\": \"rock\", \"static\": true, \"repeat\": 3, \"at\": [\"9 * i\", 9], \"shape\": %s}], "
        "\"zones\": [{\"name\": \"flag\", \"at\": [8, 2], \"area\": %s}], \"player\": {\"body\": \"ball\", "
        "\"actuators\": [{\"twist\": \"ball\", \"torque\": 5}]}, \"goal\": {\"inside\": [\"ball\", "
        "\"flag\"]}}",
        shape, area);
    *out_list = para_diag_list(arena, "made", NULL);
    return para_template_load("made", text, strlen(text), arena, out_list);
}

static const ParaLevel *level_of(const char *shape, const char *area, ParaArena *arena,
                                 ParaDiagList *out_list)
{
    const ParaTemplate *t = load(shape, area, arena, out_list);
    const ParaLevel *level = t ? para_template_sample(t, NULL, 1, arena, NULL) : NULL;
    if (!level) {
        para_diag_print(out_list, stdout);
        fail_msg("%s with %s is refused", shape, area);
    }
    return level;
}

static void check_same(const char *dirty, const char *clean, const char *dirty_area, const char *clean_area)
{
    ParaArena *arena = new_arena();
    ParaDiagList list;
    const ParaLevel *level = level_of(dirty, dirty_area, arena, &list);
    if (list.count == 0 || list.error_count > 0 || strcmp(list.items[0].code, "P055") != 0)
        fail_msg("%s has no note", dirty);
    const ParaLevel *other = level_of(clean, clean_area, arena, &list);
    assert_int_equal(list.count, 0);
    if (level->hash != other->hash)
        fail_msg("%s is not %s", dirty, clean);
    const char *json = para_level_to_json(level, arena);
    list = para_diag_list(arena, "saved", NULL);
    const ParaTemplate *t = para_template_load("saved", json, strlen(json), arena, &list);
    assert_non_null(t);
    assert_int_equal(list.count, 0);
    assert_true(para_template_sample(t, NULL, 0, arena, NULL)->hash == level->hash);
    para_arena_destroy(arena);
}

#define AREA "{\"box\": [1, 2]}"

static void test_corners_that_are_none_are_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *dirty, *clean;
    } shapes[] = {
        {"{\"polygon\": [[0, 0], [40, 0], [40, 1], [20, 1], [0, 1]]}",
         "{\"polygon\": [[0, 0], [40, 0], [40, 1], [0, 1]]}"},
        // In the other sense, several in one side, and the first of the list.
        {"{\"polygon\": [[1, 0], [0, 0], [0, 1], [0, 2], [0, 3], [2, 3], [2, 0]]}",
         "{\"polygon\": [[0, 0], [0, 3], [2, 3], [2, 0]]}"},
        // A hair out, and a hair in: that was not convex.
        {"{\"polygon\": [[0, 0], [40, 0], [40, 1], [20, 1.0009], [0, 1]]}",
         "{\"polygon\": [[0, 0], [40, 0], [40, 1], [0, 1]]}"},
        {"{\"polygon\": [[0, 0], [40, 0], [40, 1], [20, 0.9991], [0, 1]]}",
         "{\"polygon\": [[0, 0], [40, 0], [40, 1], [0, 1]]}"},
        // Twice, also around the end of the list.
        {"{\"polygon\": [[0, 0], [0, 0.0005], [3, 0], [3, 2], [0, 0]]}",
         "{\"polygon\": [[0, 0], [3, 0], [3, 2]]}"},
        {"{\"polygon\": [[0, 0], [2, 0], [2, 1], [1, 1], [0, 1]], \"at\": [0.3, 0.7], \"angle\": 0.4}",
         "{\"polygon\": [[0, 0], [2, 0], [2, 1], [0, 1]], \"at\": [0.3, 0.7], \"angle\": 0.4}"},
        {"{\"chain\": [[0, 0], [1, 0], [1, 0.0009], [1.0005, 0.0001], [2, 0], [3, 0], [3, 0]]}",
         "{\"chain\": [[0, 0], [1, 0], [2, 0], [3, 0]]}"},
        {"{\"chain\": {\"count\": 9, \"point\": [\"floor(i / 2)\", 0]}}",
         "{\"chain\": {\"count\": 5, \"point\": [\"i\", 0]}}"},
    };
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
        check_same(shapes[k].dirty, shapes[k].clean, AREA, AREA);
    check_same("{\"circle\": 1}", "{\"circle\": 1}",
               "{\"polygon\": [[0, 0], [2, 0], [2, 1], [2, 2], [0, 2]]}",
               "{\"polygon\": [[0, 0], [2, 0], [2, 2], [0, 2]]}");
}

/// What is meant stays: corners of small and of wide things, straight chains.
static void test_corners_that_are_some_stay(void **state)
{
    (void)state;
    static const struct {
        const char *shape;
        uint32_t count;
    } shapes[] = {
        {"{\"polygon\": [[0, 0], [40, 0], [40, 1], [20, 1.0011], [0, 1]]}", 5},
        {"{\"polygon\": [[3, 0], [2.1213, 2.1213], [0, 3], [-2.1213, 2.1213], [-3, 0], [-2.1213, -2.1213], "
         "[0, -3], "
         "[2.1213, -2.1213]]}",
         8},
        {"{\"polygon\": [[0.003, 0], [0.0021213, 0.0021213], [0, 0.003], [-0.0021213, 0.0021213], [-0.003, "
         "0], "
         "[-0.0021213, -0.0021213], [0, -0.003], [0.0021213, -0.0021213]]}",
         8},
        {"{\"box\": [5, 0.001]}", 4},
        {"{\"chain\": [[0, 0], [1, 0], [2, 0], [3, 0], [3.0011, 0]]}", 5},
    };
    ParaArena *arena = new_arena();
    ParaDiagList list;
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        const ParaLevel *level = level_of(shapes[k].shape, AREA, arena, &list);
        if (list.count > 0 || level->world.shapes[1].point_count != shapes[k].count)
            fail_msg("%s has %u points", shapes[k].shape, (unsigned)level->world.shapes[1].point_count);
    }
    para_arena_destroy(arena);
}

static void test_corners_without_area_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *shape, *code;
    } shapes[] = {
        {"{\"polygon\": [[0, 0], [1, 0], [2, 0]]}", "P032"},
        {"{\"polygon\": [[0, 0], [0, 0], [0, 0], [0, 0]]}", "P032"},
        {"{\"polygon\": [[0, 0], [5, 0], [5, 0.0004], [0, 0.0004]]}", "P032"},
        {"{\"polygon\": [[0, 0], [0.02, 0], [0.01, 0.0005]]}", "P032"},
        {"{\"polygon\": [[0, 0], [3, 0], [1, 0], [1, 1]]}", "P031"}, // a spike is no corner too many
        {"{\"polygon\": [[0, 0], [2, 0], [2, 2], [1, 1.99], [0, 2]]}", "P031"},
        {"{\"segment\": [[0, 0], [0.0009, 0]]}", "P032"},
        {"{\"chain\": [[0, 0], [0, 0], [0.0005, 0]]}", "P032"},
    };
    ParaArena *arena = new_arena();
    ParaDiagList list;
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        if (load(shapes[k].shape, AREA, arena, &list))
            fail_msg("%s is taken", shapes[k].shape);
        bool found = false;
        for (int p = 0; p < list.count; p++)
            found |=
                list.items[p].severity == PARA_DIAG_ERROR && strcmp(list.items[p].code, shapes[k].code) == 0;
        if (!found)
            fail_msg("%s is refused, but not by %s", shapes[k].shape, shapes[k].code);
    }
    para_arena_destroy(arena);
}

/// A place is noted once, however many copies and members have it, with its line and column.
static void test_corners_are_noted_once(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaDiagList list;
    assert_non_null(load("{\"polygon\": [[0, 0], [2, 0], [2, 1], [1, \"1 + floor(dent * 1.5)\"], [0, 1]]}",
                         AREA, arena, &list));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].path, "/bodies/1/shape/polygon/3");
    assert_int_equal(list.items[0].line, 2);
    assert_true(list.items[0].column > 60);
    assert_non_null(
        strstr(list.items[0].message, "corner 3 lies on the line between its neighbours: left out"));
    assert_non_null(strstr(list.items[0].message, "in the member with dent = 0"));
    assert_non_null(
        load("{\"chain\": [[0, 0], [1, 0], [1, 0], [2, 0], [2, 0], [3, 0]]}", AREA, arena, &list));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].path, "/bodies/1/shape/chain/2");
    assert_non_null(strstr(list.items[0].message, "left out, and 1 more"));
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_corners[] = {
    cmocka_unit_test(test_corners_that_are_none_are_left_out),
    cmocka_unit_test(test_corners_that_are_some_stay),
    cmocka_unit_test(test_corners_without_area_are_refused),
    cmocka_unit_test(test_corners_are_noted_once),
};
const size_t para_tests_corners_count = sizeof para_tests_corners / sizeof *para_tests_corners;
