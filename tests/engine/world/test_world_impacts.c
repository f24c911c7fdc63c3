// SPDX-License-Identifier: MIT
// Impacts: what falls with restitution 1 comes back to where it fell from, without turning, on one surface or
// on many; a blow goes along a row; friction and many bodies never add energy. And what hangs on a long arm
// hits a floor no faster than it falls.
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

#define GRAVITY 9.81

static Scene scene;

/// The last body's shape: its restitution and friction.
static void set_surface(float restitution, float friction)
{
    scene.shapes[scene.def.shape_count - 1].restitution = restitution;
    scene.shapes[scene.def.shape_count - 1].friction = friction;
}

/// Largest height [m] above `rest` of a body in each half of a run, and the most it ever turned [rad/s].
typedef struct Flight {
    double first, second, spin, sideways;
} Flight;

static Flight fly(int body, double rest, int steps)
{
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    Flight flight = {0};
    for (int k = 0; k < steps; k++) {
        para_world_step(world);
        double height = (double)AT(view, y, body) - rest;
        double *most = k < steps / 2 ? &flight.first : &flight.second;
        *most = fmax(*most, height);
        flight.spin = fmax(flight.spin, fabs((double)AT(view, spin, body)));
        flight.sideways = fmax(flight.sideways, fabs((double)AT(view, vx, body)));
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
    return flight;
}

/// Lays ground with its top at y = 0: one piece, tiles of 1 m, or a pedestal narrower than what falls.
static void lay_ground(int kind)
{
    for (int i = 0; i < (kind == 1 ? 12 : 1); i++) {
        scene_body(&scene, PARA_BODY_STATIC, kind == 1 ? (float)i - 5.65f : 0.0f, -0.5f);
        scene_box(&scene, kind == 0 ? 40.0f : kind == 1 ? 1.0f : 0.6f, 1.0f);
        set_surface(1.0f, 0.0f);
    }
}

static void test_flat_drop_comes_back(void **state)
{
    (void)state;
    static const char *const names[] = {"one piece", "tiles", "pedestal"};
    for (int kind = 0; kind < 3; kind++) {
        scene_begin(&scene);
        lay_ground(kind);
        int box = scene_body(&scene, PARA_BODY_DYNAMIC, kind == 2 ? 0.1f : 0.0f, 2.5f);
        scene_box(&scene, kind == 0 ? 1.0f : 3.0f, 1.0f);
        set_surface(1.0f, 0.0f);
        Flight flight = fly(box, 0.5, kind == 0 ? 1200 : 360);
        printf("flat drop on %-9s from 2 m: back to %.4f m, spin up to %.1e rad/s\n", names[kind],
               flight.second, flight.spin);
        scene_near(flight.second, 2.0, scene_limit(0.06, 0.01));
        assert_true(flight.spin < scene_limit(0.05, 0.02));
    }
}

/// Restitution e gives back e^2 of the height.
static void test_height_goes_with_the_square(void **state)
{
    (void)state;
    for (int e = 3; e <= 9; e += 3) {
        scene_begin(&scene);
        lay_ground(0);
        int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 2.5f);
        scene_circle(&scene, 0.5f);
        set_surface(0.1f * (float)e, 0.0f);
        int down = (int)(60.0 * sqrt(2.0 * 2.0 / GRAVITY)) + 2; // it has met the ground by then
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, down);
        double most = 0;
        for (int k = 0; k < 60; k++) {
            scene_steps(world, 1);
            most = fmax(most, (double)AT(view, y, ball) - 0.5);
        }
        scene_near(most, 2.0 * 0.01 * e * e, scene_limit(0.12, 0.012));
        para_world_group_destroy(group);
    }
}

/// One ball at 5 m/s hits three that touch: all of it arrives at the last.
static void test_blow_is_passed_along_a_row(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 4; i++) {
        int ball = scene_body(&scene, PARA_BODY_DYNAMIC, i == 0 ? -3.0f : (float)i, 0.0f);
        scene_circle(&scene, 0.5f);
        set_surface(1.0f, 0.0f);
        scene.bodies[ball].velocity.x = i == 0 ? 5.0f : 0.0f;
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 90);
    for (int i = 0; i < 4; i++)
        scene_near((double)AT(view, vx, i), i == 3 ? 5.0 : 0.0, 1e-4);
    para_world_group_destroy(group);
}

/// A heap of bouncing, rubbing bodies in a box: energy falls.
static void test_bouncing_heap_gains_nothing(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        scene_begin(&scene);
        ParaVec2 room[] = {{-4, 8}, {-4, 0}, {4, 0}, {4, 8}};
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        scene_chain(&scene, room, 4, 0.0f);
        set_surface(1.0f, 0.5f);
        for (int i = 0; i < 12; i++) {
            int body = scene_body(&scene, PARA_BODY_DYNAMIC, -3.0f + 2.0f * (float)(i % 4),
                                  1.0f + 1.5f * (float)(i / 4));
            scene.bodies[body].velocity = (ParaVec2){3.0f - 0.7f * (float)i, 2.0f};
            scene.bodies[body].angle = 0.3f * (float)(i + round);
            if (i % 2)
                scene_circle(&scene, 0.4f);
            else
                scene_box(&scene, 1.0f, 0.5f);
            set_surface(round == 0 ? 1.0f : 0.8f, round == 2 ? 0.0f : 0.7f);
        }
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double start = para_energy_total(para_world_energy(view)), most = start;
        for (int k = 0; k < 600; k++) {
            para_world_step(world);
            most = fmax(most, para_energy_total(para_world_energy(view)));
        }
        printf("heap %d: energy %.1f J, at most %.1f J, at the end %.1f J\n", round, start, most,
               para_energy_total(para_world_energy(view)));
        assert_int_equal(view->status, PARA_WORLD_FINE);
        assert_true(most < 1.02 * start);
        para_world_group_destroy(group);
    }
}

/// Swings a ball on an arm down onto a floor. @return its largest speed over that of its fall
static double swing(float radius, float arm, float depth, float restitution, float friction)
{
    scene_begin(&scene);
    int anchor = scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, -depth * arm - 1.0f);
    scene_box(&scene, 60.0f, 2.0f);
    set_surface(1.0f, friction);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, arm, 0.0f);
    scene_circle(&scene, radius);
    set_surface(restitution, friction);
    scene_joint(&scene, PARA_JOINT_REVOLUTE, anchor, ball, (ParaVec2){0, 0}, (ParaVec2){-arm, 0});
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double most = 0;
    for (int k = 0; k < 300; k++) {
        para_world_step(world);
        most = fmax(most, hypot((double)AT(view, vx, ball), (double)AT(view, vy, ball)));
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
    return most / sqrt(2.0 * GRAVITY * (double)(depth * arm));
}

static void test_long_arms_stay_bounded(void **state)
{
    (void)state;
    static const float radii[] = {0.001f, 0.005f, 0.03f, 0.14f}, arms[] = {1.0f, 4.0f, 9.0f};
    double most = 0;
    for (int r = 0; r < 4; r++)
        for (int a = 0; a < 3; a++)
            for (int k = 0; k < 3; k++)
                most = fmax(most, swing(radii[r], arms[a], 0.2f + 0.3f * (float)k, 0.5f * (float)k,
                                        k == 1 ? 0.0f : 0.6f));
    printf("balls on long arms: at most %.3f of the speed of their fall\n", most);
    assert_true(most < 1.1);
}

/// Rods that spin and hit a rough floor with an end: the blow and the friction together never give energy.
static void test_turned_hits_with_friction_gain_nothing(void **state)
{
    (void)state;
    double most = 0;
    for (int i = 0; i < 48; i++) {
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        scene_body(&scene, PARA_BODY_STATIC, 0, -0.5f);
        scene_box(&scene, 40, 1);
        set_surface(1.0f, 1.2f);
        int rod = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 0.8f);
        scene_segment(&scene, (ParaVec2){-0.4f, 0}, (ParaVec2){0.4f, 0}, 0.05f);
        set_surface(1.0f, 1.0f);
        scene.bodies[rod].angle = 0.13f * (float)i;
        scene.bodies[rod].velocity = (ParaVec2){(float)(i % 5) - 2.0f, -3};
        scene.bodies[rod].spin = i % 2 ? 30.0f : -30.0f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        double before = para_energy_total(para_world_energy(para_world_view(world)));
        scene_steps(world, 60);
        most = fmax(most, para_energy_total(para_world_energy(para_world_view(world))) / before);
        para_world_group_destroy(group);
    }
    printf("spinning rods on a rough floor: at most %.4f of their energy\n", most);
    assert_true(most < 1.001);
}

/// A bar of flush boxes falls on a wide floor and is deep in it at once: it is pushed out where it came from.
static void test_bars_of_boxes_do_not_go_through(void **state)
{
    (void)state;
    double lowest = 1.0;
    for (int i = 0; i < 11; i++) {
        scene_begin(&scene);
        scene.def.rate = 30;
        scene_body(&scene, PARA_BODY_STATIC, 0, 0);
        scene_polygon(&scene, (ParaVec2[]){{0, -0.9556f}, {14, -0.9556f}, {14, 0}, {0, 0}}, 4);
        set_surface(0.2f, 0.86f);
        scene_polygon(&scene, (ParaVec2[]){{-1, -0.9556f}, {0, -0.9556f}, {0, 8}, {-1, 8}}, 4);
        set_surface(0.2f, 0.86f);
        int bar = scene_body(&scene, PARA_BODY_DYNAMIC, 1.533f, 0.315f);
        for (int k = -1; k <= 1; k++) {
            float x = 0.275f * (float)k;
            scene_polygon(&scene,
                          (ParaVec2[]){{x - 0.1375f, -0.122f},
                                       {x + 0.1375f, -0.122f},
                                       {x + 0.1375f, 0.122f},
                                       {x - 0.1375f, 0.122f}},
                          4);
            set_surface(0.2f, 0.86f);
        }
        scene.bodies[bar].angle = 0.03f * (float)(i - 5);
        scene.bodies[bar].velocity = (ParaVec2){-0.9f, -9.27f};
        scene.bodies[bar].spin = 0.95f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        scene_steps(world, 90);
        lowest = fmin(lowest, (double)AT(para_world_view(world), y, bar));
        para_world_group_destroy(group);
    }
    printf("bars of flush boxes end at %.3f m or higher\n", lowest);
    assert_true(lowest > 0.11);
}

const struct CMUnitTest para_tests_world_impacts[] = {
    SCENE_TEST(test_flat_drop_comes_back),
    SCENE_TEST(test_height_goes_with_the_square),
    SCENE_TEST(test_blow_is_passed_along_a_row),
    SCENE_TEST(test_bouncing_heap_gains_nothing),
    SCENE_TEST(test_long_arms_stay_bounded),
    SCENE_TEST(test_turned_hits_with_friction_gain_nothing),
    SCENE_TEST(test_bars_of_boxes_do_not_go_through),
};
const size_t para_tests_world_impacts_count =
    sizeof para_tests_world_impacts / sizeof *para_tests_world_impacts;
