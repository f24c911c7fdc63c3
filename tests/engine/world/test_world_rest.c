// SPDX-License-Identifier: MIT
// What lies, lies still; what is squeezed comes out whole; what hangs holds together.
#include "bench/pile.h"
#include "engine/base/maths.h"
#include "tests/engine/world/overlap.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

static Scene scene;

static double speed_of(const ParaView *view, int body)
{
    return hypot((double)AT(view, vx, body), (double)AT(view, vy, body));
}

/// A regular polygon of radius 0.4 m that stands on one face, and its height [m] over it.
static double add_polygon(int corners)
{
    ParaVec2 points[PARA_POLYGON_POINTS_MAX];
    for (int i = 0; i < corners; i++) {
        double sine, cosine; // the face from corner 0 to corner 1 is the lowest
        para_sincos(PARA_TAU * (0.75 + (i - 0.5) / corners), &sine, &cosine);
        points[i] = (ParaVec2){0.4f * (float)cosine, 0.4f * (float)sine};
    }
    scene_polygon(&scene, points, corners);
    return -(double)points[0].y;
}

static void test_polygons_rest_on_their_faces(void **state)
{
    (void)state;
    for (int chain = 0; chain < 2; chain++) {
        double heights[9] = {0};
        scene_begin(&scene);
        if (chain) {
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            ParaVec2 flat[] = {{-5, 0}, {0, 0}, {1.5f, 0}, {3.1f, 0}, {4.6f, 0}, {6, 0}, {20, 0}};
            scene_chain(&scene, flat, 7, 0.0f);
        } else {
            scene_floor(&scene, 0.6f, 0.0f);
        }
        for (int corners = 3; corners <= 8; corners++) {
            int body = scene_body(&scene, PARA_BODY_DYNAMIC, 1.5f * (float)(corners - 3), 0.0f);
            heights[corners] = add_polygon(corners);
            scene.bodies[body].position.y = (float)heights[corners] + 0.02f;
        }
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 600);
        double aside = 0, down = 0, turned = 0, speed = 0;
        for (int corners = 3; corners <= 8; corners++) {
            int body = corners - 2;
            aside = fmax(aside, fabs((double)AT(view, x, body) - 1.5 * (corners - 3)));
            down = fmax(down, fabs((double)AT(view, y, body) - heights[corners]));
            turned = fmax(turned, fabs((double)AT(view, angle, body)));
            speed = fmax(speed, speed_of(view, body));
        }
        printf("polygons of 3..8 corners on a %s, 10 s: %.2f mm aside, %.2f mm down, %.2g rad, %.2g m/s\n",
               chain ? "chain" : "floor", 1e3 * aside, 1e3 * down, turned, speed);
        assert_true(aside < 0.005 && down < 0.010 && turned < 0.01 && speed < 1e-3);
        para_world_group_destroy(group);
    }
}

static void test_capsule_falls_over_and_lies(void **state)
{
    (void)state;
    for (int chain = 0; chain < 2; chain++) {
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        ParaVec2 flat[] = {{-6, 0}, {-1, 0}, {0.1f, 0}, {1, 0}, {6, 0}};
        if (chain)
            scene_chain(&scene, flat, 5, 0.0f);
        else
            scene_segment(&scene, flat[0], flat[4], 0.0f);
        int capsule = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.61f);
        scene_segment(&scene, (ParaVec2){0, -0.4f}, (ParaVec2){0, 0.4f}, 0.2f);
        scene.bodies[capsule].angle = 0.15f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double deepest = 0;
        for (int i = 0; i < 1200; i++) {
            para_world_step(world);
            deepest = fmax(deepest, overlap_deepest(view));
        }
        printf("capsule on a %s: %.1f mm deep, lies at %.4f m, %.3f rad, %.2g m/s\n",
               chain ? "chain" : "segment", 1e3 * deepest, (double)AT(view, y, capsule),
               (double)AT(view, angle, capsule), speed_of(view, capsule));
        assert_true(deepest < 0.060);
        scene_near(fabs((double)AT(view, angle, capsule)), PARA_TAU / 4, 0.01);
        scene_near((double)AT(view, y, capsule), 0.2, 0.010);
        assert_true(speed_of(view, capsule) < 0.02);
        para_world_group_destroy(group);
    }
}

static void test_pile_in_a_box_comes_to_rest(void **state)
{
    (void)state;
    static ParaPile pile;
    for (uint64_t seed = 0; seed < 4; seed++) {
        para_pile_make(&pile, seed);
        ParaWorldGroup *group = scene_room(1);
        ParaWorld world = para_world_at(group, 0);
        assert_true(para_world_build(world, &pile.def, NULL));
        const ParaView *view = para_world_view(world);
        scene_steps(world, 3540);
        double speed = 0, deepest = 0;
        for (int i = 0; i < 60; i++) {
            para_world_step(world);
            deepest = fmax(deepest, overlap_deepest(view));
            for (int b = 1; b <= PARA_PILE_SHAPES; b++)
                speed = fmax(speed, speed_of(view, b));
        }
        for (int b = 1; b <= PARA_PILE_SHAPES; b++) {
            assert_true(AT(view, x, b) > 0 && AT(view, x, b) < PARA_PILE_INSIDE);
            assert_true(AT(view, y, b) > 0 && AT(view, y, b) < PARA_PILE_INSIDE);
        }
        printf("pile %d after a minute: fastest %.2g m/s, %.1f mm deep\n", (int)seed, speed, 1e3 * deepest);
        assert_true(speed < 0.05 && deepest < 0.020);
        para_world_group_destroy(group);
    }
}

static void test_jaws_squeeze_and_let_go(void **state)
{
    (void)state;
    for (int ball = 0; ball < 2; ball++) {
        scene_begin(&scene);
        scene_floor(&scene, 0.6f, 0.0f);
        for (int i = 0; i < 2; i++) {
            int jaw = scene_body(&scene, PARA_BODY_KINEMATIC, i ? 0.8f : -0.8f, 0.6f);
            scene_box(&scene, 0.4f, 1.0f);
            scene.bodies[jaw].velocity = (ParaVec2){i ? -0.2f : 0.2f, 0.0f};
        }
        int held = scene_body(&scene, PARA_BODY_DYNAMIC, 0.03f, 0.5f);
        if (ball)
            scene_circle(&scene, 0.5f);
        else
            scene_box(&scene, 1.0f, 1.0f);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double fastest = 0, loose = 0;
        for (int i = 0; i < 300; i++) {
            if (i == 45) // 0.1 m closer than the body is wide
                for (int jaw = 1; jaw <= 2; jaw++)
                    para_world_set_velocity(world, jaw, (ParaVec2){0, 0}, 0);
            if (i == 180)
                for (int jaw = 1; jaw <= 2; jaw++)
                    para_world_set_velocity(world, jaw, (ParaVec2){jaw == 1 ? -3.0f : 3.0f, 0}, 0);
            para_world_step(world);
            *(i < 180 ? &fastest : &loose) = fmax(i < 180 ? fastest : loose, speed_of(view, held));
        }
        printf("jaws around a %s: fastest %.2f m/s in them, %.2f m/s after, ends at (%.2f, %.2f)\n",
               ball ? "ball" : "box", fastest, loose, (double)AT(view, x, held), (double)AT(view, y, held));
        assert_int_equal(view->status, PARA_WORLD_FINE);
        assert_true(fastest < 0.5 && loose < 0.5);
        assert_true(AT(view, y, held) > 0.45f && AT(view, y, held) < 1.5f);
        para_world_group_destroy(group);
    }
}

/// Ten links from a pivot, let go level, with `heavy` times a link's mass at the end. Joint errors in m.
static void swing_chain(double heavy, double *out_mean, double *out_max)
{
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 10.0f);
    for (int i = 0; i < 10; i++) {
        int link = scene_body(&scene, PARA_BODY_DYNAMIC, 0.25f + 0.5f * (float)i, 10.0f);
        scene.shapes[scene_box(&scene, 0.5f, 0.1f)].density = 10.0f; // 0.5 kg
        scene.bodies[link].group = 1;
        scene_joint(&scene, PARA_JOINT_REVOLUTE, link - 1, link, (ParaVec2){i ? 0.25f : 0.0f, 0},
                    (ParaVec2){-0.25f, 0});
    }
    int end = scene_body(&scene, PARA_BODY_DYNAMIC, 5.2f, 10.0f);
    scene.shapes[scene_box(&scene, 0.4f, 0.4f)].density = (float)(heavy * 0.5 / 0.16);
    scene.bodies[end].group = 1;
    scene_joint(&scene, PARA_JOINT_REVOLUTE, end - 1, end, (ParaVec2){0.25f, 0}, (ParaVec2){-0.2f, 0});
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double sum = 0;
    *out_max = 0;
    for (int i = 0; i < 600; i++) {
        para_world_step(world);
        for (int k = 0; k < 11; k++) {
            double error = overlap_joint_error(view, k);
            sum += error;
            *out_max = fmax(*out_max, error);
        }
    }
    *out_mean = sum / (600 * 11);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
}

static void test_long_chain_holds_a_heavy_end(void **state)
{
    (void)state;
    static const double heavy[] = {1.0, 10.0};
    static const double limits[][2] = {{0.010, 0.25}, {0.015, 0.15}};
    for (int i = 0; i < 2; i++) {
        double mean, max;
        swing_chain(heavy[i], &mean, &max);
        printf("chain of ten links, end %.0f times as heavy: joint error mean %.1f max %.1f mm\n", heavy[i],
               1e3 * mean, 1e3 * max);
        assert_true(mean < limits[i][0] && max < limits[i][1]);
    }
}

const struct CMUnitTest para_tests_world_rest[] = {
    SCENE_TEST(test_polygons_rest_on_their_faces), SCENE_TEST(test_capsule_falls_over_and_lies),
    SCENE_TEST(test_pile_in_a_box_comes_to_rest),  SCENE_TEST(test_jaws_squeeze_and_let_go),
    SCENE_TEST(test_long_chain_holds_a_heavy_end),
};
const size_t para_tests_world_rest_count = sizeof para_tests_world_rest / sizeof *para_tests_world_rest;
