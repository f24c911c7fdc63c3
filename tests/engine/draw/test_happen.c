// SPDX-License-Identifier: MIT
// What of a step can be seen and heard, on both solvers: blows, rubbing, breaks, splashes, pushes.
#include "engine/draw/happen.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <string.h>

static Scene scene;
static ParaHappenings happenings, others;
static ParaWorldGroup *group;
static ParaWorld world;
static const ParaView *view;

static int add_ball(float x, float y, float radius)
{
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene_circle(&scene, radius);
    return body;
}

static void start(void)
{
    group = scene_group(&scene, 1);
    world = para_world_at(group, 0);
    view = para_world_view(world);
    para_happenings_begin(&happenings, view);
}

static void step(const uint8_t *looks)
{
    para_world_step(world);
    para_happenings_read(&happenings, view, para_world_inputs(world), looks);
}

static void test_happen_fall_is_one_blow(void **state)
{
    (void)state;
    scene_begin(&scene);
    int ground = scene_floor(&scene, 0.5f, 0.0f), ball = add_ball(0, 5.5f, 0.5f);
    const uint8_t looks[] = {PARA_SURFACE_EARTH, PARA_SURFACE_METAL};
    start();
    int blows = 0;
    for (int i = 0; i < 180; i++) {
        step(looks);
        blows += happenings.impact_count;
        if (!happenings.impact_count)
            continue;
        const ParaImpact *it = &happenings.impacts[0];
        double fall = sqrt(2 * 9.81 * 5.0);
        assert_true(it->begins);
        assert_int_equal(it->a + it->b, ground + ball);
        assert_int_equal(it->look + it->other, PARA_SURFACE_EARTH + PARA_SURFACE_METAL);
        scene_near((double)it->speed, fall, 0.6); // no bounce: all of its speed is lost
        scene_near((double)it->strength, fall * (double)AT(view, mass, ball), 0.5);
        scene_near((double)it->point.x, 0.0, 0.05);
        scene_near((double)it->point.y, 0.0, 0.2);
        scene_near(fabs((double)it->normal.y), 1.0, 1e-3);
    }
    assert_int_equal(blows, 1);
    para_world_group_destroy(group);
}

static void test_happen_sliding_and_rolling(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.3f, 0.0f);
    int box = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 0.5f);
    scene_box(&scene, 1, 1);
    scene.bodies[box].velocity = (ParaVec2){4, 0};
    int ball = add_ball(20, 0.5f, 0.5f);
    scene.bodies[ball].velocity = (ParaVec2){3, 0};
    scene.bodies[ball].spin = -6; // rolls without sliding
    start();
    for (int i = 0; i < 10; i++)
        step(NULL);
    assert_int_equal(happenings.rub_count, 2);
    for (int i = 0; i < 2; i++) {
        const ParaRub *rub = &happenings.rubs[i];
        bool is_box = rub->a == box || rub->b == box;
        double speed = (double)AT(view, vx, is_box ? box : ball);
        scene_near((double)(is_box ? rub->slide : rub->roll), speed, 0.1);
        scene_near((double)(is_box ? rub->roll : rub->slide), 0.0, 0.15);
        scene_near((double)rub->press, (double)AT(view, mass, is_box ? box : ball) * 9.81,
                   (double)AT(view, mass, is_box ? box : ball) * 5.0);
    }
    for (int i = 0; i < 240; i++)
        step(NULL);
    for (int i = 0; i < happenings.rub_count; i++) // the box lies still
        assert_true(happenings.rubs[i].a != box && happenings.rubs[i].b != box);
    para_world_group_destroy(group);
}

static void test_happen_breaks_are_told_once(void **state)
{
    (void)state;
    scene_begin(&scene);
    int nail = scene_body(&scene, PARA_BODY_STATIC, 0, 10), bob = add_ball(0, 8, 0.25f);
    int glass = add_ball(5, 8, 0.75f);
    int joint = scene_joint(&scene, PARA_JOINT_DISTANCE, nail, bob, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    const uint8_t looks[] = {0, 0, PARA_SURFACE_GLASS};
    start();
    step(looks);
    assert_int_equal(happenings.break_count, 0);
    para_world_break_joint(world, joint);
    para_world_disable_body(world, glass);
    step(looks);
    assert_int_equal(happenings.break_count, 2);
    assert_int_equal(happenings.breaks[0].body, glass); // the larger one first
    assert_int_equal(happenings.breaks[0].joint, -1);
    assert_int_equal(happenings.breaks[0].look, PARA_SURFACE_GLASS);
    scene_near((double)happenings.breaks[0].strength, 0.75, 1e-4);
    scene_near((double)happenings.breaks[0].point.x, 5.0, 1e-3);
    assert_int_equal(happenings.breaks[1].joint, joint);
    scene_near((double)happenings.breaks[1].point.y, 10.0, 1e-3);
    step(looks);
    assert_int_equal(happenings.break_count, 0);
    // A joint that ends because its body is gone did not break.
    para_world_make_joint(world, joint);
    step(looks);
    para_world_disable_body(world, bob);
    step(looks);
    assert_int_equal(happenings.break_count, 1);
    assert_int_equal(happenings.breaks[0].body, bob);
    para_world_group_destroy(group);
}

static void test_happen_splash_in_and_out(void **state)
{
    (void)state;
    scene_begin(&scene);
    int pool = scene_zone_box(&scene, 0, 2, 20, 4), ball = add_ball(3, 7, 0.5f);
    scene.zones[pool].fluid_density = 10; // it comes up again
    scene.zones[pool].fluid_drag = 0.1f;
    start();
    int in = 0, out = 0;
    for (int i = 0; i < 600; i++) {
        step(NULL);
        for (int k = 0; k < happenings.splash_count; k++) {
            const ParaSplash *it = &happenings.splashes[k];
            assert_int_equal(it->body, ball);
            assert_int_equal(it->zone, pool);
            scene_near((double)it->point.y, 4.0, 0.01);
            scene_near((double)it->point.x, 3.0, 0.5);
            scene_near((double)it->radius, 0.5, 1e-4);
            assert_true(it->enters == (it->velocity.y < 0));
            if (!in)
                scene_near((double)it->speed, sqrt(2 * 9.81 * 2.7), 1.0);
            *(it->enters ? &in : &out) += 1;
        }
    }
    assert_true(in >= 1 && out >= 1);
    para_world_group_destroy(group);
}

/// A body that comes into the world later is measured then, as those of the toybox are.
static void test_happen_splash_of_what_came_later(void **state)
{
    (void)state;
    scene_begin(&scene);
    int pool = scene_zone_box(&scene, 0, 2, 20, 4), crate = scene_body(&scene, PARA_BODY_DYNAMIC, 3, 7);
    scene_box(&scene, 0.6f, 0.6f);
    scene.zones[pool].fluid_density = 10;
    start();
    para_world_disable_body(world, crate);
    step(NULL);
    para_happenings_begin(&happenings, view); // as a level does that begins without it
    para_world_enable_body(world, crate);
    float radius = 0.0f;
    for (int i = 0; i < 120; i++) {
        step(NULL);
        radius = happenings.splash_count ? happenings.splashes[0].radius : radius;
    }
    scene_near((double)radius, 0.3 * sqrt(2.0), 1e-3);
    para_world_group_destroy(group);
}

static void test_happen_nothing_burns_under_water(void **state)
{
    (void)state;
    scene_begin(&scene);
    int pool = scene_zone_box(&scene, 0, 2, 20, 4), ship = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 4.1f);
    scene_box(&scene, 2, 1);
    scene.zones[pool].fluid_density = 10;
    scene.def.thruster_count = 2;
    scene.thrusters[0] = (ParaThrusterDef){ship, {0, -0.5f}, {0, 1}, 4};
    scene.thrusters[1] = (ParaThrusterDef){ship, {0, 0.5f}, {0, 1}, 2};
    start();
    const ParaInputs *inputs = para_world_inputs(world);
    inputs->throttle[0] = inputs->throttle[inputs->stride] = 1.0f;
    step(NULL);
    assert_int_equal(happenings.thrust_count, 2);
    assert_true(happenings.thrusts[0].wet); // the stronger one first
    assert_false(happenings.thrusts[1].wet);
    para_world_group_destroy(group);
}

static void test_happen_pushes(void **state)
{
    (void)state;
    scene_begin(&scene);
    int ship = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 5);
    scene_box(&scene, 2, 1);
    scene.def.thruster_count = 2;
    scene.thrusters[0] = (ParaThrusterDef){ship, {0, -0.5f}, {0, 1}, 40};
    scene.thrusters[1] = (ParaThrusterDef){ship, {-1, 0}, {1, 0}, 10};
    int wheel = add_ball(0, 3, 0.4f);
    int joint = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, ship, wheel, 0, 3);
    scene.joints[joint].motored = true;
    start();
    const ParaInputs *inputs = para_world_inputs(world);
    inputs->throttle[0] = 0.5f;
    inputs->throttle[inputs->stride] = -1.0f;
    AT(inputs, motor_rate, joint) = 5.0f;
    AT(inputs, motor_max, joint) = 20.0f;
    for (int i = 0; i < 30; i++)
        step(NULL);
    assert_int_equal(happenings.thrust_count, 2);
    assert_int_equal(happenings.thrusts[0].thruster, 0);
    scene_near((double)happenings.thrusts[0].power, 0.5, 1e-6);
    scene_near((double)happenings.thrusts[0].strength, 20.0, 1e-4);
    scene_near((double)happenings.thrusts[1].power, 1.0, 1e-6);
    float cosine = AT(view, cos, ship); // pushed backwards, and along with the ship's turn
    scene_near((double)happenings.thrusts[1].direction.x, -(double)cosine, 1e-5);
    assert_int_equal(happenings.drive_count, 1);
    assert_true(happenings.drives[0].on);
    scene_near((double)happenings.drives[0].wish, 5.0, 1e-6);
    scene_near((double)happenings.drives[0].speed, 5.0, 1.0);
    para_world_group_destroy(group);
}

/// A row of 300 balls falls: more blows at once than there is room for.
static void begin_row(void)
{
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f);
    for (int i = 0; i < 300; i++)
        add_ball(-80.0f + 0.5f * (float)i, 1.0f + (i % 2 ? 0.0f : 0.1f), 0.2f);
}

static void test_happen_strongest_first_when_full(void **state)
{
    (void)state;
    begin_row();
    start();
    int most = 0, dropped = 0;
    for (int i = 0; i < 60; i++) {
        step(NULL);
        most = happenings.impact_count > most ? happenings.impact_count : most;
        dropped += happenings.dropped;
        for (int k = 1; k < happenings.impact_count; k++)
            assert_true(happenings.impacts[k].strength <= happenings.impacts[k - 1].strength);
    }
    assert_int_equal(most, PARA_IMPACTS_MAX);
    assert_true(dropped > 0);
    para_world_group_destroy(group);
}

static void test_happen_same_steps_same_bits_and_rewound_begins_anew(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_mixed(&scene);
    start();
    static ParaHappenings kept[60];
    static unsigned char image[1 << 20];
    size_t size = para_world_save(world, image, sizeof image);
    assert_true(size > 0);
    int told = 0;
    for (int i = 0; i < 60; i++) {
        scene_mixed_act(world, i);
        step(NULL);
        kept[i] = happenings;
        told += happenings.impact_count + happenings.rub_count;
    }
    assert_true(told > 10);
    assert_true(para_world_restore(world, image, size));
    para_happenings_read(&happenings, view, para_world_inputs(world), NULL);
    assert_int_equal(happenings.impact_count + happenings.break_count + happenings.splash_count, 0);
    for (int i = 0; i < 60; i++) {
        scene_mixed_act(world, i);
        step(NULL);
        assert_int_equal(happenings.impact_count, kept[i].impact_count);
        assert_memory_equal(happenings.rubs, kept[i].rubs,
                            sizeof *happenings.rubs * (size_t)kept[i].rub_count);
        for (int k = 0; k < kept[i].impact_count; k++)
            assert_memory_equal(&happenings.impacts[k].point, &kept[i].impacts[k].point, sizeof(ParaVec2));
    }
    // Read twice without a step: nothing strikes, breaks or splashes a second time.
    others = happenings;
    para_happenings_read(&others, view, para_world_inputs(world), NULL);
    assert_int_equal(others.impact_count + others.break_count + others.splash_count, 0);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_happen[] = {
    SCENE_TEST(test_happen_fall_is_one_blow),
    SCENE_TEST(test_happen_sliding_and_rolling),
    SCENE_TEST(test_happen_breaks_are_told_once),
    SCENE_TEST(test_happen_splash_in_and_out),
    SCENE_TEST(test_happen_splash_of_what_came_later),
    SCENE_TEST(test_happen_nothing_burns_under_water),
    SCENE_TEST(test_happen_pushes),
    SCENE_TEST_CHIPMUNK(test_happen_strongest_first_when_full),
    SCENE_TEST(test_happen_same_steps_same_bits_and_rewound_begins_anew),
};
const size_t para_tests_happen_count = sizeof para_tests_happen / sizeof *para_tests_happen;
