// SPDX-License-Identifier: MIT
// Slow things far away: a step's way there is less than a float's last digit, and must not be lost.
#include "engine/base/maths.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

static Scene scene;

/// Bodies of both kinds that move, at 900 m, for `seconds`; how far [m] each is from where it should be.
static void drift(float speed, int seconds, double out_error[4])
{
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 4; i++) {
        int body = scene_body(&scene, i % 2 ? PARA_BODY_KINEMATIC : PARA_BODY_DYNAMIC,
                              i < 2 ? 900.0f : -900.0f, 10.0f * (float)i - 900.0f);
        scene_circle(&scene, 0.5f);
        scene.bodies[body].velocity = (ParaVec2){speed, i < 2 ? -speed : speed};
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 60 * seconds);
    double way = (double)speed * seconds;
    for (int i = 0; i < 4; i++)
        out_error[i] =
            hypot((double)AT(view, x, i) - (double)scene.bodies[i].position.x - way,
                  (double)AT(view, y, i) - (double)scene.bodies[i].position.y - (i < 2 ? -way : way));
    para_world_group_destroy(group);
}

static void test_slow_bodies_far_away_arrive(void **state)
{
    (void)state;
    static const float speeds[] = {0.005f, 0.001f, 1e-4f};
    for (int i = 0; i < 3; i++) {
        double error[4];
        drift(speeds[i], 600, error);
        printf("%g mm/s for 600 s at 900 m: off by %.2f, %.2f, %.2f, %.2f mm\n", 1e3 * (double)speeds[i],
               1e3 * error[0], 1e3 * error[1], 1e3 * error[2], 1e3 * error[3]);
        for (int k = 0; k < 4; k++)
            assert_true(error[k] < 2e-4); // two digits of a float there
    }
}

static void test_slow_turns_add_up(void **state)
{
    (void)state;
    static const float spins[] = {1e-3f, 1e-4f, 1e-5f, -3e-6f};
    for (int i = 0; i < 4; i++)
        for (int kinematic = 0; kinematic < 2; kinematic++) {
            scene_begin(&scene);
            scene.def.gravity = (ParaVec2){0, 0};
            int body = scene_body(&scene, kinematic ? PARA_BODY_KINEMATIC : PARA_BODY_DYNAMIC, 0.0f, 0.0f);
            scene_box(&scene, 1.0f, 0.5f);
            scene.bodies[body].angle = 0.7f;
            scene.bodies[body].spin = spins[i];
            ParaWorldGroup *group = scene_group(&scene, 1);
            ParaWorld world = para_world_at(group, 0);
            const ParaView *view = para_world_view(world);
            scene_steps(world, 36000);
            double turn = (double)spins[i] * 600.0, got = (double)AT(view, angle, body) - 0.7;
            double shown = atan2((double)AT(view, sin, body), (double)AT(view, cos, body)) - 0.7;
            printf("%g rad/s for 600 s: %.7f of %.7f rad, %.7f by cosine and sine\n", (double)spins[i], got,
                   turn, shown);
            scene_near(got, turn, 2e-6);
            scene_near(shown, turn, 2e-6);
            para_world_group_destroy(group);
        }
}

/// What the floats have no digits for is part of the state: it is saved, and copied, and told by the hash.
static void test_what_floats_cannot_show_is_saved(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, 900.0f, 0.0f);
    scene_circle(&scene, 0.5f);
    scene.bodies[body].velocity = (ParaVec2){1e-3f, 0.0f};
    ParaWorldGroup *group = scene_group(&scene, 2);
    ParaWorld world = para_world_at(group, 0), twin = para_world_at(group, 1);
    uint8_t image[4096];
    uint64_t before = para_world_hash(world);
    para_world_step(world);
    assert_true(AT(para_world_view(world), x, body) == 900.0f);
    assert_true(para_world_hash(world) != before);
    size_t size = para_world_save(world, image, sizeof image);
    assert_true(size > 0 && para_world_clone(world, twin, NULL));
    scene_steps(world, 9);
    uint64_t after = para_world_hash(world);
    float x = AT(para_world_view(world), x, body);
    assert_true(x > 900.0f);
    scene_steps(twin, 9);
    assert_true(AT(para_world_view(twin), x, body) == x && para_world_hash(twin) == after);
    assert_true(para_world_restore(world, image, size));
    scene_steps(world, 9);
    assert_true(AT(para_world_view(world), x, body) == x && para_world_hash(world) == after);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_far[] = {
    SCENE_TEST(test_slow_bodies_far_away_arrive),
    SCENE_TEST(test_slow_turns_add_up),
    SCENE_TEST_LANES(test_what_floats_cannot_show_is_saved),
};
const size_t para_tests_world_far_count = sizeof para_tests_world_far / sizeof *para_tests_world_far;
