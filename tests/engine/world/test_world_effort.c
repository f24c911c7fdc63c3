// SPDX-License-Identifier: MIT
// How many substeps a level gets by itself, that they are enough for what is promised, and what is beyond.
#include "engine/world/effort.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static Scene scene;

/// A box of `ratio` times the mass on an equal one on a floor. @return the upper one's body
static int add_heavy_on_light(float ratio)
{
    scene_begin(&scene);
    scene_floor(&scene, 0.6f, 0.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene_box(&scene, 1.0f, 1.0f);
    int heavy = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 1.5f);
    scene.shapes[scene_box(&scene, 1.0f, 1.0f)].density = ratio;
    return heavy;
}

static void test_substeps_go_with_the_root_of_the_ratio(void **state)
{
    (void)state;
    static const struct {
        float ratio;
        int substeps;
    } rows[] = {{1, 1}, {39, 1}, {41, 2}, {159, 2}, {161, 3}, {1000, 5}, {2500, 8}, {1e5f, 8}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int heavy = add_heavy_on_light(rows[i].ratio);
        ParaEffort effort = para_world_effort(&scene.def);
        assert_int_equal(effort.substeps, rows[i].substeps);
        assert_int_equal(para_world_substeps(&scene.def), rows[i].substeps);
        if (rows[i].ratio > 40.0f) {
            assert_int_equal(effort.heavy, heavy);
            assert_int_equal(effort.light, heavy - 1);
            scene_near(effort.ratio, (double)rows[i].ratio, 1e-3 * (double)rows[i].ratio);
        }
        scene.def.substeps = 16; // who asks for more gets it
        assert_int_equal(para_world_substeps(&scene.def), 16);
    }
}

/// What the author asks for counts towards what chipmunk would take by itself.
static void test_asked_substeps_are_not_cut_again(void **state)
{
    (void)state;
    static const int rows[][2] = {{1, 8}, {3, 9}, {4, 8}, {16, 16}}; // asked, taken
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        add_heavy_on_light(2500.0f);
        scene.def.substeps = rows[i][0];
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        assert_int_equal(para_world_view(world)->substeps, rows[i][1]);
        para_world_step(world);
        assert_int_equal(para_world_view(world)->substeps, rows[i][1]);
        para_world_group_destroy(group);
    }
}

static void test_only_what_meets_counts(void **state)
{
    (void)state;
    int heavy = add_heavy_on_light(1000.0f);
    scene.shapes[2].mask = 1u << 5; // the heavy one's: it meets nothing
    assert_int_equal(para_world_effort(&scene.def).substeps, 1);
    int joint = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, heavy - 1, heavy, 0.0f, 1.0f);
    assert_int_equal(para_world_effort(&scene.def).substeps, 5); // but hangs on it now
    scene.joints[joint].kind = PARA_JOINT_SPRING;
    assert_int_equal(para_world_effort(&scene.def).substeps, 1);
    add_heavy_on_light(1000.0f);
    scene.bodies[1].group = scene.bodies[2].group = 7;
    assert_int_equal(para_world_effort(&scene.def).substeps, 1);
}

/// A ball on an arm of `length`, let hang.
static void add_pendulum(float length)
{
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, -length);
    scene_circle(&scene, 0.1f);
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 0, ball, 0.0f, 0.0f);
}

static void test_short_free_pendulums_take_finer_steps(void **state)
{
    (void)state;
    static const struct {
        float length;
        int substeps;
    } rows[] = {{2.0f, 1}, {1.1f, 1}, {0.9f, 2}, {0.3f, 2}, {0.2f, 3}, {0.025f, 7}, {0.01f, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        add_pendulum(rows[i].length);
        assert_int_equal(para_world_effort(&scene.def).substeps, rows[i].substeps);
        scene.joints[0].kind = PARA_JOINT_DISTANCE;
        scene.joints[0].anchor_b = (ParaVec2){0, 0};
        assert_int_equal(para_world_effort(&scene.def).substeps, rows[i].substeps);
        scene.joints[0].limited = true; // it is no pendulum where something else may stop it
        assert_int_equal(para_world_effort(&scene.def).substeps, 1);
    }
    add_pendulum(0.1f);
    scene.def.gravity = (ParaVec2){0, 0};
    assert_int_equal(para_world_effort(&scene.def).substeps, 1);
}

static void test_what_is_beyond_is_said(void **state)
{
    (void)state;
    char why[160];
    add_heavy_on_light(2500.0f);
    assert_false(para_effort_is_beyond(&scene.def, NULL, why, sizeof why));
    assert_string_equal(why, "");
    add_heavy_on_light(10000.0f);
    assert_true(para_effort_is_beyond(&scene.def, NULL, why, sizeof why));
    assert_string_equal(
        why, "body 2 is 10000 times as heavy as body 1, which it may sink into; 2560 times is held, "
             "this with \"substeps\": 16");
    static const char *const names[] = {"floor", "", "anvil"};
    assert_true(para_effort_is_beyond(&scene.def, names, why, sizeof why));
    assert_non_null(strstr(why, "anvil is 10000 times as heavy as body 1,"));
    add_heavy_on_light(200000.0f); // 64, the most one may ask for, hold 163,840 times
    assert_true(para_effort_is_beyond(&scene.def, NULL, why, sizeof why));
    assert_null(strstr(why, "substeps"));
    add_heavy_on_light(10000.0f);
    scene.def.substeps = 16;
    assert_false(para_effort_is_beyond(&scene.def, NULL, NULL, 0)); // 16 substeps hold 10,240 times
}

static void test_ten_boxes_stand_at_their_height(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.6f, 0.0f);
    for (int i = 0; i < 10; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.25f + 0.5f * (float)i);
        scene_box(&scene, 0.5f, 0.5f);
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    scene_steps(world, 1200);
    const ParaView *view = para_world_view(world);
    double low = 4.75 - (double)AT(view, y, 10), aside = fabs((double)AT(view, x, 10));
    printf("ten boxes: %.1f mm low, %.1f mm aside\n", 1e3 * low, 1e3 * aside);
    assert_true(low > -0.001 && low < 0.010 && aside < 0.05);
    para_world_group_destroy(group);
}

static void test_heavy_rests_on_light(void **state)
{
    (void)state;
    static const float ratios[] = {30.0f, 100.0f, 300.0f, 1000.0f, 2500.0f};
    for (int i = 0; i < 5; i++) {
        int heavy = add_heavy_on_light(ratios[i]);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        scene_steps(world, 300);
        const ParaView *view = para_world_view(world);
        printf("%.0f times as heavy: %.1f mm low\n", (double)ratios[i],
               1e3 * (1.5 - (double)AT(view, y, heavy)));
        scene_near((double)AT(view, y, heavy), 1.5, 0.012);
        para_world_group_destroy(group);
    }
}

/// Left and right are alike: nothing may choose one of them.
static void test_heavy_on_light_does_not_creep(void **state)
{
    (void)state;
    int heavy = add_heavy_on_light(1000.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    scene_steps(world, 1200);
    double aside = (double)AT(para_world_view(world), x, heavy);
    printf("1000 times as heavy: %.2f mm aside after 20 s\n", 1e3 * aside);
    scene_near(aside, 0.0, 0.003);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_effort[] = {
    cmocka_unit_test(test_substeps_go_with_the_root_of_the_ratio),
    SCENE_TEST_CHIPMUNK(test_asked_substeps_are_not_cut_again),
    cmocka_unit_test(test_only_what_meets_counts),
    cmocka_unit_test(test_short_free_pendulums_take_finer_steps),
    cmocka_unit_test(test_what_is_beyond_is_said),
    SCENE_TEST(test_ten_boxes_stand_at_their_height),
    SCENE_TEST(test_heavy_rests_on_light),
    SCENE_TEST(test_heavy_on_light_does_not_creep),
};
const size_t para_tests_world_effort_count = sizeof para_tests_world_effort / sizeof *para_tests_world_effort;
