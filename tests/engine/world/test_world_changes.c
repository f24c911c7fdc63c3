// SPDX-License-Identifier: MIT
// What may change in the course of a level: gravity, zones, places of bodies, joints, friction. Each by its
// law, and each the same bits from a snapshot, a clone and an image of its middle.
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include "engine/world/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define G 9.81

static Scene scene;

/// What is done to a world before its step `step`.
typedef void Act(ParaWorld world, int step);

static void run(ParaWorld world, Act *act, int first, int end, uint64_t *out_hashes)
{
    for (int i = first; i < end; i++) {
        act(world, i);
        para_world_step(world);
        if (out_hashes)
            out_hashes[i] = para_world_hash(world);
    }
}

/// Runs the scene with what is done to it; then from its middle, by whatever way it was kept: the same bits.
/// A snapshot finds the world as it was built and as it ended.
static void check_middle(Act *act, int middle, int steps)
{
    uint64_t straight[600], again[600];
    assert_true(middle < steps && steps <= 600);
    ParaWorldGroup *group = scene_group(&scene, 3);
    ParaWorld world = para_world_at(group, 0), clone = para_world_at(group, 1),
              adopted = para_world_at(group, 2);
    run(world, act, 0, middle, straight);
    uint64_t there = para_world_hash(world);
    size_t size = para_world_snapshot_size(world), image_size = para_world_image_size(world);
    void *snapshot = malloc(size), *image = malloc(image_size);
    assert_int_equal(para_world_save(world, snapshot, size), size);
    assert_int_equal(para_world_image(world, image, image_size), image_size);
    assert_true(para_world_clone(world, clone, NULL));
    run(world, act, middle, steps, straight);
    assert_int_equal(para_world_view(world)->status, PARA_WORLD_FINE);
    run(clone, act, middle, steps, again);
    assert_memory_equal(straight + middle, again + middle, sizeof *again * (size_t)(steps - middle));
    assert_true(para_world_adopt(adopted, image, NULL));
    run(adopted, act, middle, steps, again);
    assert_memory_equal(straight + middle, again + middle, sizeof *again * (size_t)(steps - middle));
    for (int round = 0; round < 2; round++) {
        if (round == 1) { // nothing is changed yet in a world that is new
            scene_build(world, &scene);
            if (!para_world_restore(world, snapshot, size))
                break; // an image of a heap goes back only to one as large
        } else {
            assert_true(para_world_restore(world, snapshot, size));
        }
        assert_true(para_world_hash(world) == there);
        run(world, act, middle, steps, again);
        assert_memory_equal(straight + middle, again + middle, sizeof *again * (size_t)(steps - middle));
    }
    free(snapshot);
    free(image);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Gravity and zones.

static void end_gravity(ParaWorld world, int step)
{
    if (step == 30)
        para_world_set_gravity(world, (ParaVec2){0, 0});
    if (step == 90)
        para_world_set_gravity(world, (ParaVec2){2, 0});
}

static void test_without_gravity_ways_are_straight(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 5.0f);
    scene_circle(&scene, 0.5f);
    scene.bodies[0].velocity = (ParaVec2){3.0f, 4.0f};
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    run(world, end_gravity, 0, 30, NULL);
    scene_near((double)AT(view, vy, 0), 4.0 - G * 0.5, 1e-4);
    uint64_t before = para_world_hash(world);
    para_world_set_gravity(world, (ParaVec2){0, 0});
    assert_true(view->gravity.y == 0.0f && para_world_hash(world) != before); // at once
    scene_near(para_world_energy(view).potential, 0.0, 0.0);
    para_world_set_gravity(world, scene.def.gravity);
    assert_true(para_world_hash(world) == before); // as if it had not been
    run(world, end_gravity, 30, 31, NULL);
    double x = (double)AT(view, x, 0), y = (double)AT(view, y, 0);
    double vx = (double)AT(view, vx, 0), vy = (double)AT(view, vy, 0);
    for (int i = 31; i < 90; i++) {
        run(world, end_gravity, i, i + 1, NULL);
        scene_near((double)AT(view, x, 0), x + vx * (i - 30) / 60.0, 1e-4);
        scene_near((double)AT(view, y, 0), y + vy * (i - 30) / 60.0, 1e-4);
    }
    run(world, end_gravity, 90, 150, NULL);
    scene_near((double)AT(view, vx, 0), vx + 2.0, 1e-3);
    scene_near((double)AT(view, vy, 0), vy, 1e-4);
    para_world_group_destroy(group);
    check_middle(end_gravity, 50, 150);
}

static void raise_wind(ParaWorld world, int step)
{
    if (step != 0 && step != 40 && step != 80)
        return;
    ParaZoneState zone = para_world_view(world)->zones[0];
    zone.on = step == 40;
    zone.acceleration = (ParaVec2){6.0f, 0.0f};
    para_world_set_zone(world, 0, &zone);
}

static void test_wind_begins_and_ends(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    scene_body(&scene, PARA_BODY_DYNAMIC, 1.0f, 1.0f);
    scene_circle(&scene, 0.5f);
    scene_zone_box(&scene, 0.0f, 0.0f, 40.0f, 4.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    assert_int_equal(AT(view, zone_bits, 0), 1);
    raise_wind(world, 0);
    assert_int_equal(AT(view, zone_bits, 0), 0); // at once
    run(world, raise_wind, 0, 40, NULL);
    scene_near((double)AT(view, vx, 0), 0.0, 0.0);
    raise_wind(world, 40);
    assert_int_equal(AT(view, zone_bits, 0), 1);
    scene_near((double)view->zones[0].acceleration.x, 6.0, 0.0);
    run(world, raise_wind, 40, 80, NULL);
    scene_near((double)AT(view, vx, 0), 6.0 * 40 / 60.0, 1e-4);
    run(world, raise_wind, 80, 120, NULL);
    scene_near((double)AT(view, vx, 0), 6.0 * 40 / 60.0, 1e-4);
    para_world_group_destroy(group);
    check_middle(raise_wind, 20, 120); // it is off
    check_middle(raise_wind, 60, 120); // it is on
}

/// A pool that is turned and moved in steps, and one that is not.
static void raise_pool(ParaWorld world, int step)
{
    ParaZoneState zone = para_world_view(world)->zones[0];
    if (step < 60)
        return;
    zone.position.y = step < 180 ? -5.0f + 3.0f * (float)(step - 60) / 120.0f : -2.0f;
    para_world_set_zone(world, 0, &zone);
}

static void test_rising_water_lifts_a_box(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene_box(&scene, 1.0f, 1.0f);
    int pool = scene_zone_box(&scene, 0.0f, -5.0f, 8.0f, 8.0f); // its surface is at -1 m
    scene.zones[pool].fluid_density = 2.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    run(world, raise_pool, 0, 60, NULL);
    scene_near((double)AT(view, y, 1), 0.5, 0.01); // dry
    run(world, raise_pool, 60, 600, NULL);
    scene_near((double)AT(view, y, 1), 2.0, 0.02); // half under
    assert_int_equal(view->contact_count, 0);
    ParaZoneState dry = view->zones[0];
    dry.fluid_density = 0.0f;
    para_world_set_zone(world, 0, &dry);
    double vx = (double)AT(view, vx, 1);
    AT(para_world_inputs(world), force_x, 1) = 1.0f;
    scene_steps(world, 30);
    scene_near((double)AT(view, vy, 1), -G * 0.5, 0.05); // nothing of the fluid is left
    scene_near((double)AT(view, vx, 1) - vx, 0.5, 1e-3); // nor does any move along
    AT(para_world_inputs(world), force_x, 1) = 0.0f;
    scene_steps(world, 60);
    scene_near((double)AT(view, y, 1), 0.5, 0.01);
    dry.fluid_density = 2.0f;
    para_world_set_zone(world, 0, &dry);
    scene_steps(world, 10);
    assert_true(AT(view, y, 1) > 0.55f);
    dry.on = 0;
    para_world_set_zone(world, 0, &dry);
    scene_steps(world, 90);
    scene_near((double)AT(view, y, 1), 0.5, 0.01);
    para_world_group_destroy(group);
    check_middle(raise_pool, 150, 400);
}

static void test_numbers_beyond_their_range_are_bounded_and_none_end_the_world(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 1.0f);
    scene_circle(&scene, 0.5f);
    scene_zone_box(&scene, 0.0f, 0.0f, 8.0f, 8.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    ParaZoneState zone = view->zones[0];
    zone.drag = -5.0f;
    zone.fluid_density = 1e30f;
    para_world_set_zone(world, 0, &zone);
    scene_near((double)view->zones[0].drag, 0.0, 0.0);
    scene_near((double)view->zones[0].fluid_density, 1e6, 0.0);
    para_world_set_gravity(world, (ParaVec2){0.0f, -1e9f});
    scene_near((double)view->gravity.y, -1e3, 0.0);
    for (int way = 0; way < 6; way++) {
        scene_build(world, &scene);
        scene_steps(world, 3);
        zone = view->zones[0];
        zone.position.x = way == 1 ? NAN : 0.0f;
        zone.fluid_drag = way == 2 ? INFINITY : 0.0f;
        if (way == 0)
            para_world_set_gravity(world, (ParaVec2){NAN, 0});
        else if (way < 3)
            para_world_set_zone(world, 0, &zone);
        else if (way == 3)
            para_world_place_body(world, 0, (ParaVec2){NAN, 0}, 0, (ParaVec2){0, 0}, 0);
        else if (way == 4)
            para_world_place_body(world, 0, (ParaVec2){0, 0}, 0, (ParaVec2){1e30f, 0}, 0);
        else
            para_world_set_friction(world, 0, NAN);
        assert_int_equal(view->status, PARA_WORLD_DIVERGED);
        assert_int_equal(view->diverged_body, way < 3 ? -1 : 0);
        uint64_t hash = para_world_hash(world); // and it stays so
        para_world_set_gravity(world, (ParaVec2){1, 1});
        para_world_place_body(world, 0, (ParaVec2){3, 3}, 0, (ParaVec2){0, 0}, 0);
        para_world_set_friction(world, 0, 1.0f);
        zone = (ParaZoneState){.on = 0};
        para_world_set_zone(world, 0, &zone);
        para_world_step(world);
        assert_true(para_world_hash(world) == hash);
        assert_true(isfinite(AT(view, x, 0)) && isfinite(view->gravity.x) && view->zones[0].on);
    }
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Bodies that are put elsewhere.

static void place_box(ParaWorld world, int step)
{
    if (step == 60)
        para_world_place_body(world, 1, (ParaVec2){3.0f, 4.0f}, 0.0f, (ParaVec2){1.0f, 0.0f}, 0.0f);
    if (step == 75)
        para_world_disable_body(world, 1);
    if (step == 100)
        para_world_place_body(world, 1, (ParaVec2){-3.0f, 2.5f}, 0.0f, (ParaVec2){0.0f, 0.0f}, 0.0f);
}

static bool told(const ParaView *view, ParaEventKind kind)
{
    for (int i = 0; i < view->event_count; i++)
        if (view->events[i].kind == kind)
            return true;
    return false;
}

static void test_placed_body_leaves_what_it_touched(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene_box(&scene, 1.0f, 1.0f);
    scene_zone_box(&scene, 3.0f, 4.0f, 1.0f, 1.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    run(world, place_box, 0, 60, NULL);
    assert_int_equal(view->contact_count, 1);
    uint64_t before = para_world_hash(world);
    place_box(world, 60);
    assert_true(para_world_hash(world) != before);
    assert_int_equal(view->contact_count, 0);
    assert_int_equal(AT(view, zone_bits, 1), 1);
    scene_near((double)AT(view, centre_x, 1), 3.0, 1e-6);
    ParaEnergy energy = para_body_energy(view, 1);
    scene_near(energy.potential, G * 4.0, 1e-4);
    scene_near(energy.kinetic, 0.5, 1e-6);
    para_world_step(world);
    assert_true(told(view, PARA_EVENT_END) && !told(view, PARA_EVENT_BEGIN));
    para_world_step(world);
    assert_false(told(view, PARA_EVENT_END));
    scene_steps(world, 10);
    scene_near((double)AT(view, vy, 1), -G * 12 / 60.0, 1e-3); // no push of the ground goes on
    scene_near(para_energy_total(para_body_energy(view, 1)), G * 4.0 + 0.5, 0.2);
    scene_steps(world, 100);
    scene_near((double)AT(view, y, 1), 0.5, 0.01);
    assert_int_equal(view->contact_count, 1);
    // Put where it is already, it goes on touching: nothing begins or ends.
    para_world_place_body(world, 1, (ParaVec2){AT(view, x, 1), AT(view, y, 1)}, 0.0f, (ParaVec2){0, 0}, 0.0f);
    assert_int_equal(view->contact_count, 0);
    para_world_step(world);
    assert_int_equal(view->contact_count, 1);
    assert_false(told(view, PARA_EVENT_END) || told(view, PARA_EVENT_BEGIN));
    para_world_group_destroy(group);
    for (int middle = 61; middle < 120; middle += 19)
        check_middle(place_box, middle, 180);
}

static void test_placed_body_is_held_by_nothing_it_lay_on(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene_box(&scene, 4.0f, 1.0f);
    scene.shapes[0].one_way = true;
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.75f);
    scene_box(&scene, 0.5f, 0.5f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 60);
    scene_near((double)AT(view, y, 1), 0.75, 0.01);
    para_world_place_body(world, 1, (ParaVec2){0.0f, 0.65f}, 0.0f, (ParaVec2){0, 0}, 0.0f);
    scene_steps(world, 60); // it is in the platform, and not on it any more
    assert_true(AT(view, y, 1) < -2.0f);
    para_world_group_destroy(group);
}

static void test_placed_body_is_where_it_was_told(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
    scene_polygon(&scene, (ParaVec2[]){{0, 0}, {2, 0}, {0, 1}}, 3);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 5);
    para_world_place_body(world, 0, (ParaVec2){5.0f, -3.0f}, 20.0f, (ParaVec2){1.0f, 2.0f}, 3.0f);
    for (int i = 0; i < 2; i++) {
        double c = cos(20.0), s = sin(20.0), more = i / 60.0;
        if (i == 0) {
            scene_near((double)AT(view, x, 0), 5.0, 1e-6);
            scene_near((double)AT(view, y, 0), -3.0, 1e-6);
        }
        scene_near((double)AT(view, angle, 0), 20.0 + 3.0 * more, 1e-4);
        scene_near((double)AT(view, centre_x, 0), 5.0 + c * 2 / 3 - s / 3 + 1.0 * more, 1e-4);
        scene_near((double)AT(view, centre_y, 0), -3.0 + s * 2 / 3 + c / 3 + 2.0 * more, 1e-4);
        scene_near((double)AT(view, vx, 0), 1.0, 1e-5);
        scene_near((double)AT(view, vy, 0), 2.0, 1e-5);
        scene_near((double)AT(view, spin, 0), 3.0, 1e-5);
        para_world_step(world);
    }
    para_world_group_destroy(group);
}

static void test_disabled_body_comes_back_and_collides(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene_box(&scene, 1.0f, 1.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 2.5f);
    scene_box(&scene, 1.0f, 1.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    para_world_disable_body(world, 1);
    scene_steps(world, 120);
    scene_near((double)AT(view, y, 2), 0.5, 0.01);
    para_world_place_body(world, 1, (ParaVec2){0.0f, 3.0f}, 0.0f, (ParaVec2){0, 0}, 0.0f);
    assert_int_equal(AT(view, enabled, 1), 1);
    int32_t shapes[4];
    assert_int_equal(para_world_at_point(world, (ParaVec2){0.0f, 3.0f}, shapes, 4), 1);
    assert_int_equal(para_world_ray(world, (ParaVec2){0, 9}, (ParaVec2){0, 0}, ~0u, 0).shape, 1);
    scene_steps(world, 180);
    scene_near((double)AT(view, y, 1), 1.5, 0.01);
    // What stands still comes back, too: the floor.
    para_world_disable_body(world, 0);
    scene_steps(world, 12);
    assert_true(AT(view, y, 2) < 0.4f);
    para_world_place_body(world, 1, (ParaVec2){4.0f, 3.0f}, 0.0f, (ParaVec2){0, 0}, 0.0f);
    para_world_place_body(world, 2, (ParaVec2){-4.0f, 3.0f}, 0.0f, (ParaVec2){0, 0}, 0.0f);
    para_world_enable_body(world, 0);
    para_world_enable_body(world, 0); // twice is once
    scene_steps(world, 120);
    scene_near((double)AT(view, y, 1), 0.5, 0.01);
    scene_near((double)AT(view, y, 2), 0.5, 0.01);
    para_world_group_destroy(group);
}

/// Tiles come and go under a box that glides over them.
static void flip_tiles(ParaWorld world, int step)
{
    int tile = 1 + step / 10 % 4;
    if (step % 10 == 0)
        para_world_disable_body(world, tile);
    if (step % 10 == 5)
        para_world_enable_body(world, tile);
    if (step % 40 == 7)
        para_world_place_body(world, 0, (ParaVec2){-1.0f, 0.3f}, 0.0f, (ParaVec2){2.0f, 0.0f}, 0.0f);
}

static void test_seams_come_back_with_their_tile(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_DYNAMIC, -1.0f, 0.3f);
    scene_box(&scene, 0.5f, 0.5f);
    scene.shapes[0].friction = 0.0f;
    for (int i = 0; i < 4; i++) {
        scene_body(&scene, PARA_BODY_STATIC, -1.5f + (float)i, -0.5f);
        scene_box(&scene, 1.0f, 1.0f);
    }
    ParaWorldGroup *group = scene_group(&scene, 2);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    for (int tile = 1; tile < 5; tile++) {
        para_world_disable_body(world, tile);
        para_world_step(world);
    }
    for (int tile = 1; tile < 5; tile++)
        para_world_enable_body(world, tile);
    ParaWorld fresh = para_world_at(group, 1);
    scene_build(fresh, &scene);
    const ParaView *as_new = para_world_view(fresh);
    for (int i = 0; i < 40; i++) { // slid along, and dropped from a hand's height
        float speed = 0.5f * (float)(i + 1), up = i % 2 ? 0.15f : 0.0f;
        for (int w = 0; w < 2; w++)
            para_world_place_body(w ? fresh : world, 0, (ParaVec2){-1.6f, 0.25f + up}, 0.1f * (float)(i % 3),
                                  (ParaVec2){speed, 0.0f}, 0.0f);
        for (int k = 0; AT(view, x, 0) < 2.0f && k < 300; k++) {
            para_world_group_step(group, 0, 2, NULL);
            scene_near((double)AT(view, vx, 0), (double)AT(as_new, vx, 0), 1e-4);
            scene_near((double)AT(view, y, 0), (double)AT(as_new, y, 0), 1e-4);
        }
    }
    para_world_group_destroy(group);
    check_middle(flip_tiles, 123, 240);
}

// ---------------------------------------------------------------------------------------------
// Joints.

static void cut_pendulum(ParaWorld world, int step)
{
    if (step == 45)
        para_world_break_joint(world, 0);
    if (step == 60)
        para_world_make_joint(world, 0);
}

static void test_broken_pendulum_flies_off_along_its_way(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 5.0f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 2.0f, 5.0f);
        scene_circle(&scene, 0.2f);
        scene.bodies[1].velocity = (ParaVec2){0.0f, 3.0f};
        scene.bodies[1].spin = 1.5f;
        scene_joint(&scene, kind ? PARA_JOINT_DISTANCE : PARA_JOINT_REVOLUTE, 0, 1, (ParaVec2){0, 0},
                    (ParaVec2){kind ? 0.0f : -2.0f, 0});
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        run(world, cut_pendulum, 0, 45, NULL);
        assert_true(AT(view, joint_load, 0) > 0.1f);
        double x = (double)AT(view, x, 1), y = (double)AT(view, y, 1) - 5.0, r = sqrt(x * x + y * y);
        double vx = (double)AT(view, vx, 1), vy = (double)AT(view, vy, 1);
        cut_pendulum(world, 45);
        assert_int_equal(AT(view, joint_enabled, 0), 0);
        scene_near((double)AT(view, joint_load, 0), 0.0, 0.0);
        run(world, cut_pendulum, 46, 60, NULL);
        scene_near((double)AT(view, vx, 1), -3.0 * y / r, 0.05); // at right angles to the arm
        scene_near((double)AT(view, vy, 1), 3.0 * x / r, 0.05);
        scene_near((double)AT(view, vx, 1), vx, 1e-4);
        scene_near((double)AT(view, vy, 1), vy, 1e-4);
        scene_near((double)AT(view, x, 1), x + vx * 14 / 60.0, 1e-3);
        scene_near((double)AT(view, joint_load, 0), 0.0, 0.0);
        run(world, cut_pendulum, 60, 240, NULL);
        assert_int_equal(AT(view, joint_enabled, 0), 1);
        double far_x = (double)AT(view, x, 1), far_y = (double)AT(view, y, 1) - 5.0;
        scene_near(sqrt(far_x * far_x + far_y * far_y), kind ? r : 2.0, 0.02); // it goes round again
        assert_true(hypot((double)AT(view, vx, 1), (double)AT(view, vy, 1)) < 3.1);
        para_world_group_destroy(group);
        check_middle(cut_pendulum, 50, 120);
        check_middle(cut_pendulum, 65, 120);
    }
}

static void mend_rope(ParaWorld world, int step)
{
    if (step == 20)
        para_world_break_joint(world, 0);
    if (step == 60)
        para_world_make_joint(world, 0);
}

static void test_mended_rope_holds_again(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 9.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 7.0f);
    scene_box(&scene, 0.4f, 0.4f);
    scene_joint(&scene, PARA_JOINT_DISTANCE, 0, 1, (ParaVec2){0, 0}, (ParaVec2){0, 0.2f});
    scene.joints[0].limited = true;
    scene.joints[0].upper = 2.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    run(world, mend_rope, 0, 60, NULL);
    double fallen = 0.5 * G * (40 / 60.0) * (40 / 60.0);
    scene_near((double)AT(view, y, 1), 6.8 - fallen, 0.15);
    double before = -1.0;
    for (int i = 60; i < 240; i++) {
        run(world, mend_rope, i, i + 1, NULL);
        assert_true(AT(view, vy, 1) < 2.1f && AT(view, vy, 1) > -1.5f);
        double way = before < 0 ? 0.0 : before - (double)AT(view, joint_angle, 0);
        assert_true(way < 2.1 / 60.0); // by no more than the speed of drawing
        before = (double)AT(view, joint_angle, 0);
    }
    scene_steps(world, 200);
    scene_near((double)AT(view, joint_angle, 0), 2.0, 0.02);
    scene_near((double)AT(view, joint_load, 0), 0.16 * G, 0.05);
    para_world_group_destroy(group);
    check_middle(mend_rope, 30, 200);
    check_middle(mend_rope, 70, 200);
}

/// How far apart the anchors of a joint are [m].
static double apart(const ParaView *view, int joint)
{
    const ParaJointDef *def = &view->def->joints[joint];
    double a[2], b[2], speed[2];
    scene_point(view, def->a, def->anchor_a, a, speed);
    scene_point(view, def->b, def->anchor_b, b, speed);
    return hypot(b[0] - a[0], b[1] - a[1]);
}

/// Breaks all joints, throws the bodies about, and makes them again.
static void scatter(ParaWorld world, int step)
{
    const ParaView *view = para_world_view(world);
    if (step == 10)
        for (int i = 0; i < view->def->joint_count; i++)
            para_world_break_joint(world, i);
    if (step == 20)
        for (int i = 1; i < view->def->body_count; i++)
            para_world_place_body(world, i, (ParaVec2){2.0f + (float)(i % 3), 4.0f + (float)(i % 2)},
                                  30.0f + (float)i, (ParaVec2){(float)(i % 2), -1.0f}, 1.0f - (float)(i % 3));
    if (step == 30)
        for (int i = 0; i < view->def->joint_count; i++)
            para_world_make_joint(world, i);
}

/// A chain of four bodies by joints of one kind from a static one; with a weld somewhere lanes knots it.
static void make_chain(ParaJointKind kind, bool weld)
{
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 5.0f);
    for (int i = 1; i < 5; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.8f * (float)i, 5.0f);
        scene_box(&scene, 0.6f, 0.3f);
        int joint = scene_joint(&scene, weld && i == 3 ? PARA_JOINT_WELD : kind, i - 1, i,
                                (ParaVec2){i > 1 ? 0.4f : 0.0f, 0}, (ParaVec2){i > 1 ? -0.4f : -0.8f, 0});
        if (kind == PARA_JOINT_DISTANCE)
            scene.joints[joint].anchor_b = (ParaVec2){0, 0};
        scene.joints[joint].axis = (ParaVec2){1.0f, 0.0f};
        scene.joints[joint].limited = kind == PARA_JOINT_PRISMATIC ||
                                      (kind == PARA_JOINT_DISTANCE && i == 2) ||
                                      (kind == PARA_JOINT_REVOLUTE && i == 2);
        scene.joints[joint].lower = kind == PARA_JOINT_DISTANCE ? 0.0f : -0.5f;
        scene.joints[joint].upper = 0.5f;
        scene.joints[joint].stiffness = 30.0f;
        scene.joints[joint].damping = 1.0f;
    }
}

static void test_what_is_made_again_is_drawn_together_gently(void **state)
{
    (void)state;
    static const ParaJointKind kinds[] = {PARA_JOINT_REVOLUTE, PARA_JOINT_WELD, PARA_JOINT_PRISMATIC,
                                          PARA_JOINT_DISTANCE};
    for (int k = 0; k < 8; k++) {
        make_chain(kinds[k % 4], k >= 4);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        run(world, scatter, 0, 30, NULL);
        double start = para_energy_total(para_world_energy(view)), most = start, before = start;
        for (int i = 30; i < 600; i++) {
            double far[4];
            for (int j = 0; j < 4; j++)
                far[j] = apart(view, j);
            run(world, scatter, i, i + 1, NULL);
            for (int j = 0; j < 4 && k % 4 < 2; j++) // nothing but the winch moves what is pinned
                assert_true(far[j] - apart(view, j) < 2.6 / 60.0);
            double now = para_energy_total(para_world_energy(view));
            assert_true(now - before < 0.1 * start); // and no blow
            most = fmax(most, now);
            before = now;
        }
        assert_int_equal(view->status, PARA_WORLD_FINE);
        assert_true(most < 2.5 * start); // the work of a winch
        for (int i = 0; i < 4; i++) {
            const ParaJointDef *joint = &scene.joints[i];
            double far = apart(view, i);
            double want = joint->kind == PARA_JOINT_DISTANCE ? i == 0 ? 0.8 : 0.4 : 0.0;
            if (joint->limited)
                want = fmin(far, 0.5);
            if (joint->kind != PARA_JOINT_PRISMATIC || fabs(far - 0.5) > 0.01)
                scene_near(far, want, 0.01);
        }
        para_world_group_destroy(group);
        check_middle(scatter, 25, 120);
        check_middle(scatter, 35, 120);
    }
}

static void test_bodies_collide_once_their_joint_is_broken(void **state)
{
    (void)state;
    for (int weld = 0; weld < 2; weld++) {
        scene_begin(&scene);
        scene_floor(&scene, 0.5f, 0.0f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
        scene_box(&scene, 2.0f, 1.0f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 1.6f);
        scene_box(&scene, 0.5f, 0.5f);
        if (weld)
            scene_joint_at(&scene, PARA_JOINT_WELD, 1, 2, 0.0f, 1.5f);
        else
            scene_joint(&scene, PARA_JOINT_SPRING, 1, 2, (ParaVec2){0, 0}, (ParaVec2){0, 0});
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 30);
        assert_true(weld ? AT(view, y, 2) > 1.59f : AT(view, y, 2) < 1.0f); // it falls into the other one
        para_world_place_body(world, 2, (ParaVec2){0.0f, 1.4f}, 0.0f, (ParaVec2){0, 0}, 0.0f);
        para_world_break_joint(world, 0);
        scene_steps(world, 90);
        scene_near((double)AT(view, y, 2), 1.25, 0.01);
        assert_int_equal(view->contact_count, 2);
        para_world_make_joint(world, 0);
        scene_steps(world, 2);
        assert_int_equal(view->contact_count, 1);
        para_world_group_destroy(group);
    }
}

static void test_overlap_that_a_joint_hid_gives_no_speed(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++) { // the joint is broken, or one is put into the other
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        for (int i = 0; i < 2; i++) {
            scene_body(&scene, PARA_BODY_DYNAMIC, way == 1 && i == 1 ? 5.0f : 0.5f * (float)i, 0.0f);
            scene_box(&scene, 1.0f, 1.0f);
        }
        if (way == 0)
            scene_joint_at(&scene, PARA_JOINT_WELD, 0, 1, 0.25f, 0.0f);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 10);
        if (way == 0)
            para_world_break_joint(world, 0);
        else
            para_world_place_body(world, 1, (ParaVec2){0.5f, 0.0f}, 0.0f, (ParaVec2){0, 0}, 0.0f);
        scene_steps(world, 240);
        assert_true(AT(view, x, 1) - AT(view, x, 0) > 0.98f);
        scene_near((double)AT(view, vx, 1) - (double)AT(view, vx, 0), 0.0, 0.4);
        para_world_group_destroy(group);
    }
}

static void test_joint_holds_while_whole_and_both_bodies_are_there(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 5.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 4.0f);
    scene_box(&scene, 0.5f, 0.5f);
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 0, 1, 0.0f, 5.0f);
    scene_joint_at(&scene, PARA_JOINT_SPRING, 0, 1, 0.0f, 4.0f);
    scene.joints[1].stiffness = 1.0f;
    scene.joints[1].rest = 0.5f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    assert_int_equal(AT(view, joint_enabled, 0), 1);
    scene_near(para_joint_energy(view, 1), 0.125, 1e-5);
    para_world_break_joint(world, 1);
    scene_near(para_joint_energy(view, 1), 0.0, 0.0);
    para_world_disable_body(world, 1);
    assert_int_equal(AT(view, joint_enabled, 0), 0);
    para_world_make_joint(world, 0); // is not broken
    assert_int_equal(AT(view, joint_enabled, 0), 0);
    para_world_enable_body(world, 1);
    assert_int_equal(AT(view, joint_enabled, 0), 1);
    assert_int_equal(AT(view, joint_enabled, 1), 0); // stays broken
    para_world_disable_body(world, 1);
    para_world_break_joint(world, 0);
    para_world_enable_body(world, 1);
    assert_int_equal(AT(view, joint_enabled, 0), 0);
    scene_steps(world, 30);
    assert_true(AT(view, y, 1) < 3.0f);
    para_world_place_body(world, 1, (ParaVec2){0.0f, 4.0f}, 0.0f, (ParaVec2){0, 0}, 0.0f);
    para_world_make_joint(world, 0);
    para_world_make_joint(world, 1);
    assert_int_equal(AT(view, joint_enabled, 0) + AT(view, joint_enabled, 1), 2);
    scene_steps(world, 60);
    scene_near(hypot((double)AT(view, x, 1), (double)AT(view, y, 1) - 5.0), 1.0, 0.01);
    para_world_group_destroy(group);
}

static void test_limits_of_what_is_made_again_do_not_unwind_turns(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 5.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 5.0f);
    scene_box(&scene, 0.5f, 0.5f);
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 0, 1, 0.0f, 5.0f);
    scene.joints[0].limited = true;
    scene.joints[0].lower = -0.5f;
    scene.joints[0].upper = 0.5f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    para_world_break_joint(world, 0);
    para_world_set_velocity(world, 1, (ParaVec2){0, 0}, 30.0f);
    scene_steps(world, 120);
    scene_near((double)AT(view, angle, 1), 60.0, 0.1);
    para_world_place_body(world, 1, (ParaVec2){0.0f, 5.0f}, 20.0f, (ParaVec2){0, 0}, 0.0f);
    para_world_make_joint(world, 0);
    scene_near((double)AT(view, joint_angle, 0), 20.0 - 6.0 * 3.14159265, 1e-4); // 1.15 rad past zero
    double before = (double)AT(view, joint_angle, 0);
    for (int i = 0; i < 15; i++) {
        para_world_step(world);
        assert_true(before - (double)AT(view, joint_angle, 0) < 2.1 / 60.0); // no faster than is said
        before = (double)AT(view, joint_angle, 0);
    }
    scene_near(before, 20.0 - 6.0 * 3.14159265 - 0.4, 0.15);
    scene_steps(world, 120);
    scene_near((double)AT(view, joint_angle, 0), 0.5, 0.02);
    scene_near((double)AT(view, spin, 1), 0.0, 0.05);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Friction.

static void make_slippery(ParaWorld world, int step)
{
    if (step == 60)
        para_world_set_friction(world, 1, 0.0f);
    if (step == 90)
        para_world_set_friction(world, 1, 0.8f);
}

static void test_without_friction_a_box_slides_as_the_slope_says(void **state)
{
    (void)state;
    for (int chain = 0; chain < 2; chain++) {
        double slope = 0.3, c = cos(slope), s = sin(slope);
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        ParaVec2 ends[] = {{(float)(-20 * c), (float)(20 * s)}, {(float)(20 * c), (float)(-20 * s)}};
        if (chain)
            scene_chain(&scene, (ParaVec2[]){ends[0], {0, 0}, ends[1]}, 3, 0.0f);
        else
            scene_segment(&scene, ends[0], ends[1], 0.0f);
        scene.shapes[0].friction = 1.0f;
        scene_body(&scene, PARA_BODY_DYNAMIC, (float)(0.25 * s), (float)(0.25 * c));
        scene_box(&scene, 0.5f, 0.5f);
        scene.shapes[1].friction = 1.0f;
        scene.bodies[1].angle = (float)-slope;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        run(world, make_slippery, 0, 60, NULL);
        scene_near(hypot((double)AT(view, vx, 1), (double)AT(view, vy, 1)), 0.0, 0.01);
        run(world, make_slippery, 60, 90, NULL);
        double along = (double)AT(view, vx, 1) * c - (double)AT(view, vy, 1) * s;
        scene_near(along, G * s * 0.5, 0.02);
        run(world, make_slippery, 90, 100, NULL);
        double slower = (double)AT(view, vx, 1) * c - (double)AT(view, vy, 1) * s;
        scene_near(slower, along - G * (0.8 * c - s) * 10 / 60.0, 0.1);
        run(world, make_slippery, 100, 160, NULL);
        scene_near(hypot((double)AT(view, vx, 1), (double)AT(view, vy, 1)), 0.0, 0.01);
        para_world_set_friction(world, 0, 0.0f); // the ground's own
        scene_steps(world, 30);
        along = (double)AT(view, vx, 1) * c - (double)AT(view, vy, 1) * s;
        scene_near(along, G * s * 0.5, 0.02);
        para_world_group_destroy(group);
        check_middle(make_slippery, 75, 140);
        check_middle(make_slippery, 95, 140);
    }
}

const struct CMUnitTest para_tests_world_changes[] = {
    SCENE_TEST(test_without_gravity_ways_are_straight),
    SCENE_TEST(test_wind_begins_and_ends),
    SCENE_TEST(test_rising_water_lifts_a_box),
    SCENE_TEST(test_numbers_beyond_their_range_are_bounded_and_none_end_the_world),
    SCENE_TEST(test_placed_body_leaves_what_it_touched),
    SCENE_TEST(test_placed_body_is_held_by_nothing_it_lay_on),
    SCENE_TEST(test_placed_body_is_where_it_was_told),
    SCENE_TEST(test_disabled_body_comes_back_and_collides),
    SCENE_TEST(test_seams_come_back_with_their_tile),
    SCENE_TEST(test_broken_pendulum_flies_off_along_its_way),
    SCENE_TEST(test_mended_rope_holds_again),
    SCENE_TEST(test_what_is_made_again_is_drawn_together_gently),
    SCENE_TEST(test_bodies_collide_once_their_joint_is_broken),
    SCENE_TEST(test_overlap_that_a_joint_hid_gives_no_speed),
    SCENE_TEST(test_joint_holds_while_whole_and_both_bodies_are_there),
    SCENE_TEST(test_limits_of_what_is_made_again_do_not_unwind_turns),
    SCENE_TEST(test_without_friction_a_box_slides_as_the_slope_says),
};
const size_t para_tests_world_changes_count =
    sizeof para_tests_world_changes / sizeof *para_tests_world_changes;
