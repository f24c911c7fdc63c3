// SPDX-License-Identifier: MIT
// Crowds on fine ground, where touching pairs are counted by the hundred: nothing a step has no room for may
// be left out in silence, and what stands between a body and the ground never is.
#include "engine/world/lanes/lanes_width.h"
#include "engine/world/lanes/limits.h"
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

#define EDGES 500

static Scene scene;

/// A flat chain at y = 0 from -half to half, with a wall at each end.
static void fine_ground(float half)
{
    ParaVec2 points[EDGES + 1];
    points[0] = (ParaVec2){-half, 4.0f};
    for (int i = 1; i < EDGES; i++)
        points[i] = (ParaVec2){half * ((float)(i - 1) / (float)(EDGES - 2) * 2.0f - 1.0f), 0.0f};
    points[EDGES] = (ParaVec2){half, 4.0f};
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene_chain(&scene, points, EDGES + 1, 0.0f);
}

/// Lowest centre [m] of the bodies from 1 on in any of so many steps.
static double lowest_of(int steps, int *out_dropped)
{
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double lowest = 1e9;
    *out_dropped = 0;
    for (int i = 0; i < steps; i++) {
        para_world_step(world);
        *out_dropped = view->dropped > *out_dropped ? view->dropped : *out_dropped;
        for (int k = 1; k < scene.def.body_count; k++)
            lowest = (double)AT(view, centre_y, k) < lowest ? (double)AT(view, centre_y, k) : lowest;
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
    return lowest;
}

static void test_boxes_rest_on_a_chain_of_500_edges(void **state)
{
    (void)state;
    fine_ground(6.8f);
    for (int i = 0; i < 12; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 1.1f * (float)i - 6.05f, 0.51f);
        scene_box(&scene, 1.0f, 1.0f);
    }
    int dropped;
    double lowest = lowest_of(240, &dropped);
    printf("lowest of 12 boxes on 500 edges: %.4f m\n", lowest);
    assert_true(lowest > 0.48);
    assert_int_equal(dropped, 0);
}

static void test_a_crowd_of_balls_lands_on_fine_ground(void **state)
{
    (void)state;
    fine_ground(3.2f);
    for (int i = 0; i < 56; i++) {
        int ball =
            scene_body(&scene, PARA_BODY_DYNAMIC, 0.42f * (float)(i % 14) - 2.75f + 0.05f * (float)(i / 14),
                       0.4f + 0.42f * (float)(i / 14));
        scene.bodies[ball].velocity = (ParaVec2){0.0f, -10.0f};
        scene_circle(&scene, 0.2f);
    }
    int dropped;
    double lowest = lowest_of(120, &dropped);
    printf("lowest of 56 balls dropped at 10 m/s: %.4f m\n", lowest);
    assert_true(lowest > scene_limit(0.0, 0.15));
    assert_int_equal(dropped, 0);
}

/// Sixty boxes in one place, each over 130 edges: far more pairs than lanes has room for.
static void make_heap(void)
{
    fine_ground(1.0f);
    for (int i = 0; i < 60; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.011f * (float)(i % 7), 0.24f + 0.007f * (float)(i % 9));
        scene_box(&scene, 0.5f, 0.5f);
    }
}

static void test_the_ground_comes_first_and_the_rest_is_told(void **state)
{
    (void)state;
    make_heap();
    int dropped;
    double lowest = lowest_of(20, &dropped);
    printf("lowest of 60 boxes in one place: %.4f m, %d pairs left out in a step\n", lowest, dropped);
    assert_true(dropped > 1000);
    assert_true(lowest > 0.0);
}

/// Hundreds of boxes laid into one another: what is left out is told, none falls through the floor, and
/// coming apart throws nothing.
static void test_hundreds_in_one_place_come_apart(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f);
    for (int i = 0; i < 256; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.01f * (float)(i % 16), 1.0f + 0.01f * (float)(i / 16));
        scene_box(&scene, 0.5f, 0.5f);
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double fastest = 0;
    para_world_step(world);
    int dropped = view->dropped;
    for (int i = 0; i < 180; i++) {
        para_world_step(world);
        fastest = fmax(fastest, para_world_energy(view).kinetic);
        for (int k = 1; k < scene.def.body_count; k++)
            assert_true((double)AT(view, centre_y, k) > 0.0);
    }
    printf("256 boxes in one place: %d pairs left out at first, %d at last, %.1f J at most\n", dropped,
           view->dropped, fastest);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    assert_true(dropped > 10000 && dropped < 256 * 255 / 2 - 2048);
    assert_int_equal(view->dropped, 0);
    assert_true(fastest < 200.0); // they stood 650 J above the floor
    para_world_group_destroy(group);
}

/// What is left out is the world's own matter: alone, in company that fills every list, and at any width.
static void test_what_is_left_out_does_not_depend_on_company(void **state)
{
    (void)state;
    enum { WORLDS = 9, TURNS = 3 };
    static const int widths[TURNS] = {4, 8, 16};
    uint64_t alone = 0;
    make_heap();
    for (int turn = 0; turn < TURNS; turn++) {
        ParaWorldGroup *group = scene_room(WORLDS);
        if (!para_lanes_set_width(group, widths[turn])) {
            para_world_group_destroy(group);
            continue;
        }
        for (int i = 0; i < WORLDS; i++)
            scene_build(para_world_at(group, i), &scene);
        for (int step = 0; step < 4; step++)
            para_world_step(para_world_at(group, 0));
        for (int step = 0; step < 4; step++)
            para_world_group_step(group, 1, WORLDS - 1, NULL);
        if (turn == 0)
            alone = para_world_hash(para_world_at(group, 0));
        assert_true(para_world_view(para_world_at(group, 0))->dropped > 1000);
        for (int i = 0; i < WORLDS; i++)
            assert_true(para_world_hash(para_world_at(group, i)) == alone);
        para_world_group_destroy(group);
    }
}

/// What is laid deep into each other is pushed out, and the push is no blow: nothing flies off.
static void test_boxes_laid_into_each_other_part_slowly(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 60; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.04f * (float)(i % 8) + 0.003f * (float)i,
                   0.04f * (float)(i / 8) - 0.002f * (float)i);
        scene_box(&scene, 1.0f, 1.0f);
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double most = 0, reach = 0;
    for (int i = 0; i < 300; i++) {
        para_world_step(world);
        most = fmax(most, para_world_energy(view).kinetic);
    }
    for (int i = 0; i < 60; i++)
        reach = fmax(reach, fabs((double)AT(view, x, i)));
    printf("60 boxes laid into each other: %.0f J at most, %.1f m apart after 5 s\n", most, reach);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    assert_true(reach > 2.0); // they did part
    assert_true(most < 100.0);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_crowd_limits[] = {
    SCENE_TEST(test_boxes_laid_into_each_other_part_slowly),
    SCENE_TEST(test_boxes_rest_on_a_chain_of_500_edges),
    SCENE_TEST(test_a_crowd_of_balls_lands_on_fine_ground),
    SCENE_TEST_CHIPMUNK(test_hundreds_in_one_place_come_apart),
    SCENE_TEST_LANES(test_the_ground_comes_first_and_the_rest_is_told),
    SCENE_TEST_LANES(test_what_is_left_out_does_not_depend_on_company),
};
const size_t para_tests_world_crowd_limits_count =
    sizeof para_tests_world_crowd_limits / sizeof *para_tests_world_crowd_limits;
