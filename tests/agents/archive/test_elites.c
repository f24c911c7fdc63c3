// SPDX-License-Identifier: MIT
// Descriptors of levels, and the grid of the best of each cell.
#include "agents/archive/descriptors.h"
#include "agents/archive/elites.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

static ParaArena *new_arena(void) { return para_arena_create((size_t)1 << 20, (size_t)1 << 30); }

static void test_elites_keeps_the_best_of_each_cell_and_of_equals_the_younger(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    enum { COUNT = 7 };
    const double x[COUNT] = {0, 0.9, 1.1, 4, 4, 0.5, (double)NAN}, y[COUNT] = {-1, -1, -1, 3, 3, -0.5, 0};
    const float scores[COUNT] = {0.1F, 0.2F, 0.05F, 0.25F, 0.25F, 0.2F, 9};
    const int ages[COUNT] = {1, 9, 1, 8, 2, 3, 0};
    ParaElites grid = {.x = {.values = x}, .y = {.values = y}, .bins = 4};
    para_elites_fill(&grid, scores, ages, COUNT, arena);
    assert_true(grid.x.low == 0 && grid.x.high == 4 && grid.y.low == -1 && grid.y.high == 3);
    assert_int_equal(grid.filled, 3);
    assert_int_equal(grid.unplaced, 1);
    assert_int_equal(grid.best[0], 5);         // as good as 1, and younger
    assert_int_equal(grid.best[1], 2);         // alone
    assert_int_equal(grid.best[3 * 4 + 3], 4); // the far ends belong to the last cell
    for (int c = 0, seen = 0; c < 16; c++)
        assert_true((seen += grid.best[c] >= 0) <= 3);
    para_arena_destroy(arena);
}

static void test_elites_of_equal_values_use_one_cell_of_a_side(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const double same[3] = {2, 2, 2}, other[3] = {1, 2, 3};
    const float scores[3] = {0};
    const int ages[3] = {0};
    ParaElites grid = {.x = {.values = same}, .y = {.values = other}, .bins = 2};
    para_elites_fill(&grid, scores, ages, 3, arena);
    assert_int_equal(grid.filled, 2);
    assert_int_equal(grid.best[0], 0);
    assert_int_equal(grid.best[2], 1); // in the middle: the upper one; of equals the first
    para_arena_destroy(arena);
}

static void test_elites_novelty_is_the_distance_to_the_nearest(void **state)
{
    (void)state;
    enum { COUNT = 8 };
    float traits[COUNT], novelty[COUNT];
    for (int i = 0; i < COUNT; i++)
        traits[i] = (float)i;
    traits[7] = 100;
    para_novelty(traits, COUNT, 1, novelty);
    assert_true(fabsf(novelty[0] - 3) < 1e-5F);    // 1 to 5
    assert_true(fabsf(novelty[3] - 1.8F) < 1e-5F); // 1, 1, 2, 2, 3
    assert_true(fabsf(novelty[7] - 96) < 1e-4F);   // 94 to 98
    para_novelty(traits, 1, 1, novelty);
    assert_true(novelty[0] == 0);
}

static void test_elites_descriptors_are_what_the_level_says(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *const names[] = {"push"}, *error = NULL;
    ParaFamilies families = tiny_families(names, 1, arena);
    ParaPick pick = {.seed = 3};
    const ParaLevel *level = para_families_sample(&families, &pick, "", arena);
    assert_non_null(level);
    const ParaDescribed d = {.level = level, .success = 0.25F, .age = 7, .blow = NAN, .proof_seconds = 1.5F};
    ParaDescriptor which;
    for (int i = 0; i < PARA_DESCRIPTOR_COUNT; i++) {
        assert_true(para_descriptor_find(para_descriptors[i].name, &which, arena, &error));
        assert_int_equal(which.at, i);
    }
    const struct {
        const char *name;
        double value;
    } wanted[] = {{"bodies", level->world.body_count},
                  {"joints", level->world.joint_count},
                  {"zones", level->world.zone_count},
                  {"width", (double)level->world.size.x},
                  {"success", 0.25},
                  {"age", 7},
                  {"proof_seconds", 1.5}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_true(para_descriptor_find(wanted[i].name, &which, arena, &error));
        assert_true(para_descriptor_value(&which, &d) == wanted[i].value);
    }
    assert_true(para_descriptor_find("blow", &which, arena, &error));
    assert_true(isnan(para_descriptor_value(&which, &d)));
    for (int p = 0; p < level->param_count; p++) {
        const char *name = para_arena_printf(arena, "param:%s", level->params[p].name);
        assert_true(para_descriptor_find(name, &which, arena, &error));
        assert_true(para_descriptor_value(&which, &d) == level->params[p].value);
    }
    assert_true(para_descriptor_find("param:of-nobody", &which, arena, &error));
    assert_true(isnan(para_descriptor_value(&which, &d)));
    assert_false(para_descriptor_find("bodys", &which, arena, &error));
    assert_non_null(strstr(error, "there is no descriptor \"bodys\""));
    assert_false(para_descriptor_find("param:", &which, arena, &error));
    para_arena_destroy(arena);
}

/// A ball 3 m right of and 4 m below its target, over ground that is flat, and over steps of half a metre.
static void test_elites_goal_distance_and_roughness_by_hand(void **state)
{
    (void)state;
    static const char text[] =
        "{\"paracosm\": 1, \"name\": \"hand\", \"about\": \"By hand.\", \"params\": {\"step\": {\"range\": "
        "[0, 1]}},"
        " \"world\": {\"size\": [40, 20]}, \"bodies\": ["
        " {\"name\": \"floor\", \"static\": true, \"shape\": {\"box\": [40, 1]}, \"at\": [20, 0.5]},"
        " {\"name\": \"stair\", \"static\": true, \"shape\": {\"box\": [2, \"0.01 + 2 * step\"]}, \"at\": "
        "[14, 1]},"
        " {\"name\": \"ball\", \"shape\": {\"circle\": 0.5}, \"at\": [10, 2]}],"
        " \"zones\": [{\"name\": \"there\", \"area\": {\"box\": [1, 1]}, \"at\": [22, 7]}],"
        " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"channel\": 0, \"torque\": "
        "4}]},"
        " \"goal\": {\"inside\": [\"ball\", \"there\"]}}";
    ParaArena *arena = new_arena();
    ParaDiagList list = para_diag_list(arena, "hand", text);
    const ParaTemplate *t = para_template_load("hand", text, sizeof text - 1, arena, &list);
    if (!t) {
        para_diag_print(&list, stderr);
        fail();
    }
    double rough[2];
    for (int k = 0; k < 2; k++) {
        const double step = k;
        const ParaLevel *level = para_template_sample(t, &step, 1, arena, NULL);
        assert_non_null(level);
        const ParaDescribed d = {.level = level};
        const ParaDescriptor distance = {.at = PARA_DESCRIPTOR_AT_goal_distance},
                             roughness = {.at = PARA_DESCRIPTOR_AT_roughness};
        assert_true(fabs(para_descriptor_value(&distance, &d) - 13) < 1e-5); // 12 right, 5 up
        rough[k] = para_descriptor_value(&roughness, &d);
    }
    assert_true(rough[0] < 0.01);
    assert_true(fabs(rough[1] - 2.0 * 1.005 / 15) < 1e-4); // up once and down once, of 15 steps
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_elites[] = {
    cmocka_unit_test(test_elites_keeps_the_best_of_each_cell_and_of_equals_the_younger),
    cmocka_unit_test(test_elites_of_equal_values_use_one_cell_of_a_side),
    cmocka_unit_test(test_elites_novelty_is_the_distance_to_the_nearest),
    cmocka_unit_test(test_elites_descriptors_are_what_the_level_says),
    cmocka_unit_test(test_elites_goal_distance_and_roughness_by_hand),
};
const size_t para_tests_elites_count = sizeof para_tests_elites / sizeof *para_tests_elites;
