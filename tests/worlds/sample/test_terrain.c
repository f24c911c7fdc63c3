// SPDX-License-Identifier: MIT
// Terrain: each word gives a chain that begins flat, goes right, stays in its bounds, is the seed's alone,
// and has as many obstacles as were asked for.
#include "tests/tests.h"

#include "worlds/template.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static ParaArena *new_arena(void) { return para_arena_create((size_t)1 << 20, (size_t)1 << 30); }

/// A family whose first body is a terrain; what goes with the word stands in `more`.
static const ParaTemplate *load(const char *word, const char *more, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const char *text = para_arena_printf(
        arena,
        "{\"paracosm\": 1, \"name\": \"land\", \"bodies\": [{\"name\": \"ground\", \"static\": true,"
        " \"shape\": {\"chain\": {\"terrain\": \"%s\"%s}}},"
        " {\"name\": \"ball\", \"at\": [1, 1], \"shape\": {\"circle\": 0.3}}],"
        " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 5}]},"
        " \"goal\": {\"right_of\": [\"ball\", 25]}}",
        word, more);
    const ParaTemplate *t = para_template_load("land", text, strlen(text), arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(t);
    assert_int_equal(list.count, 0);
    return t;
}

static const ParaLevel *draw(const ParaTemplate *t, uint64_t seed, ParaArena *arena)
{
    const ParaLevel *level = para_template_sample(t, NULL, seed, arena, NULL);
    assert_non_null(level);
    return level;
}

static const char *const all[] = {"rolling", "steps", "stairs", "gaps", "stumps", "caves", "islands"};

static void test_terrain_begins_flat_and_goes_right(void **state)
{
    (void)state;
    for (int w = 0; w < 7; w++) {
        ParaArena *arena = new_arena();
        const ParaTemplate *t = load(all[w], ", \"length\": 40, \"flat\": 4, \"amplitude\": 1", arena);
        for (uint64_t seed = 0; seed < 20; seed++) {
            const ParaLevel *level = draw(t, seed, arena);
            const ParaShapeDef *chain = &level->world.shapes[0];
            const ParaVec2 *points = &level->world.points[chain->point_first];
            int count = (int)chain->point_count;
            assert_in_range(count, 3, 1000);
            assert_true(points[0].x == 0 && points[0].y == 0);
            float furthest = 0, before = 0;
            for (int k = 0; k < count && points[k].x >= before; before = points[k].x, k++) {
                furthest = fmaxf(furthest, points[k].x);
                bool wall = w == 1 || w == 2; // at the end of the run-up, where the others are still level
                assert_true(points[k].x > 4 || (points[k].x == 4 && wall) || points[k].y == 0);
            }
            assert_true(furthest >= 39.99f && furthest <= 41);
            bool back = points[count - 1].x < 39; // the ceiling of a cave
            assert_true(back == (w == 5));
            const ParaTemplate *saved = para_template_load(
                "saved", para_level_to_json(level, arena), strlen(para_level_to_json(level, arena)), arena,
                &(ParaDiagList){.arena = arena, .limit = 9, .file = ""});
            assert_true(saved && draw(saved, 0, arena)->hash == level->hash);
        }
        para_arena_destroy(arena);
    }
}

static void test_terrain_is_the_seeds_alone(void **state)
{
    (void)state;
    for (int w = 0; w < 7; w++) {
        ParaArena *arena = new_arena();
        const ParaTemplate *t = load(all[w], "", arena);
        assert_true(draw(t, 3, arena)->hash == draw(t, 3, arena)->hash);
        const ParaLevel *a = draw(t, 3, arena), *b = draw(t, 4, arena);
        bool same =
            a->world.point_count == b->world.point_count &&
            memcmp(a->world.points, b->world.points, sizeof(ParaVec2) * (size_t)a->world.point_count) == 0;
        assert_true(same == (w == 2)); // stairs have nothing to draw
        para_arena_destroy(arena);
    }
}

static void test_terrain_stays_in_its_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        float low, high; // [m] with amplitude 0.7 and step [1, 2]
    } bounds[] = {{"rolling", -0.7f, 0.7f}, {"steps", -0.7f, 0.7f},   {"stumps", 0, 2},
                  {"gaps", -2, 0},          {"islands", -2.7f, 0.7f}, {"caves", -0.7f, 3.4f}};
    for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++) {
        ParaArena *arena = new_arena();
        const ParaTemplate *t =
            load(bounds[k].word, ", \"amplitude\": 0.7, \"step\": [1, 2], \"roughness\": 0.6", arena);
        float low = 9, high = -9;
        for (uint64_t seed = 0; seed < 60; seed++) {
            const ParaLevel *level = draw(t, seed, arena);
            const ParaShapeDef *chain = &level->world.shapes[0];
            for (uint32_t p = 0; p < chain->point_count; p++) {
                low = fminf(low, level->world.points[chain->point_first + p].y);
                high = fmaxf(high, level->world.points[chain->point_first + p].y);
            }
        }
        assert_true(low >= bounds[k].low - 1e-5f && high <= bounds[k].high + 1e-5f);
        assert_true(high - low > 0.6f * (bounds[k].high - bounds[k].low)); // and makes use of them
        para_arena_destroy(arena);
    }
}

/// Walls that go up, and the highest of the points: of blocks each has one of either kind.
static int count_walls(const ParaLevel *level, float *out_top)
{
    const ParaShapeDef *chain = &level->world.shapes[0];
    const ParaVec2 *points = &level->world.points[chain->point_first];
    int walls = 0;
    *out_top = 0;
    for (uint32_t k = 1; k < chain->point_count; k++) {
        walls += points[k].x == points[k - 1].x && points[k].y > points[k - 1].y;
        *out_top = fmaxf(*out_top, points[k].y);
    }
    return walls;
}

static void test_terrain_has_as_many_obstacles_as_asked_for(void **state)
{
    (void)state;
    static const char *const words[] = {"stairs", "gaps", "stumps"};
    for (int w = 0; w < 3; w++) {
        ParaArena *arena = new_arena();
        const ParaTemplate *t = load(words[w], ", \"count\": 5, \"step\": [0.5, 0.25]", arena);
        for (uint64_t seed = 0; seed < 20; seed++) {
            float top;
            assert_int_equal(count_walls(draw(t, seed, arena), &top), 5);
            assert_true(w != 0 || top == 1.25f); // five stairs of a quarter
            assert_true(w != 1 || top == 0);
        }
        para_arena_destroy(arena);
    }
}

const struct CMUnitTest para_tests_terrain[] = {
    cmocka_unit_test(test_terrain_begins_flat_and_goes_right),
    cmocka_unit_test(test_terrain_is_the_seeds_alone),
    cmocka_unit_test(test_terrain_stays_in_its_bounds),
    cmocka_unit_test(test_terrain_has_as_many_obstacles_as_asked_for),
};
const size_t para_tests_terrain_count = sizeof para_tests_terrain / sizeof *para_tests_terrain;
