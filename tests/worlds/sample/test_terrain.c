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

static const char *const all[] = {"rolling", "steps", "stairs",  "gaps",
                                  "stumps",  "caves", "islands", "trail"};
#define KINDS ((int)(sizeof all / sizeof *all))

static void test_terrain_begins_flat_and_goes_right(void **state)
{
    (void)state;
    for (int w = 0; w < KINDS; w++) {
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
    for (int w = 0; w < KINDS; w++) {
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

static const ParaVec2 *points_of(const ParaLevel *level, int *out_count)
{
    const ParaShapeDef *chain = &level->world.shapes[0];
    *out_count = (int)chain->point_count;
    return &level->world.points[chain->point_first];
}

static bool is_near(float a, double b) { return fabs((double)a - b) < 2e-5; }

/// One obstacle of half a metre's points, behind four points of run-up: (0, 0) to (1.5, 0), then it begins
/// at 2.
static void draw_trail(const char *obstacle, uint64_t seed, ParaArena *arena, const ParaVec2 **out,
                       int *out_count)
{
    const char *more = para_arena_printf(
        arena, ", \"length\": 6, \"flat\": 2, \"amplitude\": 0, \"step\": [0.5, 1.5], \"obstacles\": [%s]",
        obstacle);
    *out = points_of(draw(load("trail", more, arena), seed, arena), out_count) + 4;
    assert_true(is_near((*out)[-1].x, 1.5) && (*out)[-1].y == 0);
}

static void expect_points(const ParaVec2 *points, const double (*wanted)[2], int count)
{
    for (int k = 0; k < count; k++) {
        bool good = is_near(points[k].x, wanted[k][0]) && is_near(points[k].y, wanted[k][1]);
        if (!good)
            print_error("point %d is (%g, %g), not (%g, %g)\n", k, (double)points[k].x, (double)points[k].y,
                        wanted[k][0], wanted[k][1]);
        assert_true(good);
    }
}

static void test_trail_obstacles_have_the_forms_that_are_asked_for(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaVec2 *points;
    int count;
    draw_trail("{\"pit\": 0.8}", 1, arena, &points, &count); // grass again at 2 + (ceil(2.6) + 2) / 2
    expect_points(
        points, (const double[][2]){{2, 0}, {2.5, 0}, {2.5, -1.5}, {3.3, -1.5}, {3.3, 0}, {3.8, 0}, {4.5, 0}},
        7);
    draw_trail("{\"stump\": [0, 0.7]}", 1, arena, &points, &count); // as wide as high
    expect_points(points, (const double[][2]){{2, 0}, {2, 0.7}, {2.7, 0.7}, {2.7, 0}, {3, 0}}, 5);
    draw_trail("{\"stump\": [0.5, 2]}", 1, arena, &points, &count);
    expect_points(points, (const double[][2]){{2, 0}, {2, 2}, {2.5, 2}, {2.5, 0}, {3, 0}}, 5);
    bool seen[2] = {false, false};
    for (uint64_t seed = 0; seed < 20; seed++) {
        draw_trail("{\"stairs\": 2, \"rise\": 0.3, \"tread\": 1}", seed, arena, &points, &count);
        bool up = points[2].y > 0;
        seen[up] = true;
        if (up)
            expect_points(points, (const double[][2]){{2, 0}, {3, 0}, {3, 0.3}, {4, 0.3}, {4.5, 0.3}}, 5);
        else
            expect_points(
                points, (const double[][2]){{2, 0}, {3, 0}, {3, -0.3}, {4, -0.3}, {4, -0.6}, {4.5, -0.6}}, 6);
        draw_trail("{\"stairs\": 2, \"rise\": 0.4, \"tread\": 2, \"ramps\": true}", seed, arena, &points,
                   &count);
        if (points[2].y > 0)
            expect_points(
                points,
                (const double[][2]){{2, 0}, {2.5, 0}, {4, 0.3}, {4, 0.4}, {4.5, 0.4}, {5.5, 0.6}, {6, 0.6}},
                7);
        else
            expect_points(points, (const double[][2]){{2, 0}, {4, 0}, {4, -0.4}, {6, -0.4}, {6, -0.8}}, 5);
    }
    assert_true(seen[0] && seen[1]);
    para_arena_destroy(arena);
}

/// Of a kind that has no share there is none; the others come as often as they say, and what they draw is
/// another for each.
static void test_trail_draws_each_obstacle_anew(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load(
        "trail",
        ", \"length\": 95, \"flat\": 10, \"amplitude\": 0, \"obstacles\": [{\"pit\": 1, \"share\": \"1 - "
        "1\"}, "
        "{\"stump\": [0.5, {\"uniform\": [1, 2]}], \"share\": 3}, {\"stump\": [0.5, \"0.1 + i / 100\"]}]",
        arena);
    int tall = 0, low = 0, runs[12] = {0};
    double lowest = 9, highest = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        int count, obstacle = 0;
        const ParaVec2 *points = points_of(draw(t, seed, arena), &count);
        double behind = 10;
        for (int k = 1; k < count; k++) {
            double y = (double)points[k].y;
            assert_true(y >= 0);
            if (y == 0 || points[k].x != points[k - 1].x)
                continue;
            int run = (int)lround(((double)points[k].x - behind) / 0.5);
            assert_true(obstacle == 0 ? run == 0 : run >= 5 && run <= 9);
            runs[run] += obstacle > 0;
            behind = (double)points[k].x + 0.5;
            tall += y >= 1;
            low += y < 1;
            if (y < 1)
                assert_true(is_near(points[k].y, 0.1 + obstacle / 100.0));
            lowest = y < 1 ? lowest : fmin(lowest, y);
            highest = fmax(highest, y);
            obstacle++;
        }
    }
    assert_in_range(100 * tall / (tall + low), 70, 80);
    assert_true(lowest < 1.05 && highest > 1.95);
    for (int run = 5; run <= 9; run++)
        assert_in_range(runs[run], 190, 290); // of about 1,200 in all
    para_arena_destroy(arena);
}

/// The slope's law: 0.8 of it is left, it turns home by 0.3 of the amplitude, and within the amplitude by
/// chance.
static void test_trail_remembers_its_slope(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t =
        load("trail", ", \"length\": 90, \"flat\": 10, \"step\": [0.5, 1], \"amplitude\": 0.1", arena);
    double least = 1, most = -1;
    for (uint64_t seed = 0; seed < 20; seed++) {
        int count, level_ground = 0;
        const ParaVec2 *points = points_of(draw(t, seed, arena), &count);
        assert_int_equal(count, 181);
        double slope = 0;
        for (int k = 1; k < count; k++) {
            double y = (double)points[k - 1].y, rise = (double)points[k].y - y;
            assert_true(k > 20 || rise == 0);
            if (rise == 0) { // the first of a run; the slope stays what it was
                level_ground += k > 20;
                continue;
            }
            double chance = (rise - 0.8 * slope - 0.03 * (y > 0 ? -1 : y < 0 ? 1 : 0)) / 0.1;
            assert_true(fabs(chance) < 1 + 1e-3);
            least = fmin(least, chance);
            most = fmax(most, chance);
            slope = rise;
        }
        assert_in_range(level_ground, 160 / 9 - 1, 160 / 5 + 1);
    }
    assert_true(least < -0.99 && most > 0.99);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_terrain[] = {
    cmocka_unit_test(test_terrain_begins_flat_and_goes_right),
    cmocka_unit_test(test_terrain_is_the_seeds_alone),
    cmocka_unit_test(test_terrain_stays_in_its_bounds),
    cmocka_unit_test(test_terrain_has_as_many_obstacles_as_asked_for),
    cmocka_unit_test(test_trail_obstacles_have_the_forms_that_are_asked_for),
    cmocka_unit_test(test_trail_draws_each_obstacle_anew),
    cmocka_unit_test(test_trail_remembers_its_slope),
};
const size_t para_tests_terrain_count = sizeof para_tests_terrain / sizeof *para_tests_terrain;
