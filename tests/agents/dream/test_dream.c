// SPDX-License-Identifier: MIT
// Dreamed worlds behind the door of engine/world: what every solver promises and a dream can keep.
#include "agents/dream/dream.h"
#include "engine/world/measure.h"
#include "engine/world/mirror.h"
#include "tests/agents/model/taught.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static Scene scene;
static ParaArena *arena;
static ParaWorldGroup *group;

static ParaWorld dream_by(const ParaModel *model, int capacity)
{
    group = para_dream_group_create(model, capacity);
    assert_non_null(group);
    ParaWorld world = para_world_at(group, 0);
    assert_true(para_world_build(world, &scene.def, NULL));
    assert_int_equal(para_world_solver(world), PARA_SOLVER_DREAM);
    return world;
}

static ParaWorld dream_untaught(int capacity)
{
    arena = para_arena_create(1 << 20, (size_t)1 << 30);
    return dream_by(untaught_model(1.0f, arena), capacity);
}

static void end(void)
{
    para_world_group_destroy(group);
    if (arena)
        para_arena_destroy(arena);
    group = NULL, arena = NULL;
}

static void test_flight_is_gravity(void **state)
{
    (void)state;
    scene_begin(&scene);
    int b = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 50);
    scene_circle(&scene, 0.3f);
    scene.bodies[b].velocity = (ParaVec2){3, 1};
    scene.bodies[b].spin = 2;
    scene.def.substeps = 3;
    ParaWorld world = dream_untaught(1);
    const ParaView *v = para_world_view(world);
    double dt = 1.0 / 60, y = 50, vy = 1;
    for (int step = 1; step <= 61; step++) {
        para_world_step(world);
        for (int k = 0; k < v->substeps; k++) { // what the engine's solvers do
            vy += (double)scene.def.gravity.y * dt / v->substeps;
            y += vy * dt / v->substeps;
        }
        scene_near((double)AT(v, y, b), y, 1e-4);
        scene_near((double)AT(v, vy, b), vy, 1e-4);
        scene_near((double)AT(v, x, b), 3.0 * step * dt, 1e-4);
        scene_near((double)AT(v, angle, b), 2.0 * step * dt, 1e-4);
    }
    assert_int_equal(v->step, 61);
    assert_int_equal(v->contact_count, 0);
    scene_near((double)para_dream_doubt(world)[b], 0, 0); // nothing is near: nothing to doubt
    end();
}

static void ball_on_floor(void)
{
    scene_begin(&scene);
    scene_floor(&scene, 0.6f, 0);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0, 0.5f);
    scene_circle(&scene, 0.5f);
}

static void test_ball_rests_and_contact_is_named(void **state)
{
    (void)state;
    ball_on_floor();
    ParaWorld world = dream_by(taught_model(), 1);
    const ParaView *v = para_world_view(world);
    int begins = 0, touching = 0;
    for (int step = 0; step < 60; step++) {
        para_world_step(world);
        for (int i = 0; i < v->event_count; i++)
            begins += v->events[i].kind == PARA_EVENT_BEGIN;
        for (int i = 0; i < v->contact_count; i++) {
            const ParaContact *c = &v->contacts[i];
            touching++;
            assert_int_equal(c->shape_a, 0);
            assert_int_equal(c->shape_b, 1);
            assert_int_equal(c->body_b, 1);
            assert_true(c->normal.y > 0.99f); // from the floor to the ball
            scene_near((double)c->point.y, 0, 0.05);
            scene_near((double)c->point.x, (double)AT(v, x, 1), 0.05);
            // it carries the ball's weight
            scene_near((double)c->impulse, (double)AT(v, mass, 1) * 9.81 / 60,
                       0.5 * (double)AT(v, mass, 1) / 6);
        }
    }
    assert_true(touching > 50);
    assert_in_range(begins, 1, 5);
    scene_near((double)AT(v, y, 1), 0.5, 0.05);
    assert_true(para_dream_doubt(world)[1] > 0);
    para_dream_trust(world);
    scene_near((double)para_dream_doubt(world)[1], 0, 0);
    end();
}

/// A model's step is two or more physics steps of whatever rate the world has: what it learned of 1/30 s
/// holds a ball that is asked for every 1/25 s, or as often as a world of 45 Hz has it.
static void test_levels_of_any_rate_are_dreamed(void **state)
{
    (void)state;
    const float rates[] = {45, 50, 75};
    for (int i = 0; i < 3; i++) {
        ball_on_floor();
        scene.def.rate = rates[i];
        ParaWorld world = dream_by(taught_model(), 1);
        const ParaView *v = para_world_view(world);
        double pressed = 0, weight = 0;
        int steps = (int)(2 * rates[i]);
        for (int step = 0; step < steps; step++) {
            para_world_step(world);
            for (int c = 0; c < v->contact_count && step >= steps / 2; c++)
                pressed += (double)v->contacts[c].impulse;
        }
        weight = (double)AT(v, mass, 1) * 9.81; // for a second
        scene_near((double)AT(v, y, 1), 0.5, 0.05);
        scene_near((double)AT(v, vy, 1), 0, 0.1);
        scene_near(pressed, weight, 0.25 * weight);
        end();
    }
}

/// Rules read the hardest impulse of a physics step: a ball that falls gives all of its momentum in one.
static void test_a_blow_is_as_hard_as_it_is(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        ball_on_floor();
        float height = 1.0f + 0.3f * (float)i;
        scene.bodies[1].position.y = 0.5f + height;
        ParaWorld world = dream_by(taught_model(), 1);
        const ParaView *v = para_world_view(world);
        double hardest = 0, momentum = (double)AT(v, mass, 1) * sqrt(2 * 9.81 * (double)height);
        for (int step = 0; step < 60; step++) {
            para_world_step(world);
            for (int c = 0; c < v->contact_count; c++)
                hardest = fmax(hardest, (double)v->contacts[c].impulse);
        }
        assert_true(hardest > 0.5 * momentum &&
                    hardest < 1.3 * momentum); // half would be the mean of two steps
        end();
    }
}

// ---------------------------------------------------------------------------------------------
// Copies.

static void mixed_steps(ParaWorld world, int first, int count)
{
    for (int step = first; step < first + count; step++) {
        scene_mixed_act(world, step);
        scene_change(world, step);
        para_world_step(world);
    }
}

static void test_clone_has_the_same_future(void **state)
{
    (void)state;
    scene_mixed(&scene);
    ParaWorld world = dream_by(taught_model(), 3), other = para_world_at(group, 1);
    for (int half = 0; half < 2; half++) { // before and in the middle of a step of the model
        mixed_steps(world, 0, 20 + half);
        assert_true(para_world_clone(world, other, NULL));
        assert_int_equal(para_world_hash(world), para_world_hash(other));
        mixed_steps(world, 21, 60);
        mixed_steps(other, 21, 60);
        assert_int_equal(para_world_hash(world), para_world_hash(other));
        assert_memory_equal(para_dream_doubt(world), para_dream_doubt(other),
                            sizeof(float) * (size_t)scene.def.body_count);
        assert_int_equal(para_world_view(world)->status, PARA_WORLD_FINE);
    }
    end();
}

static void test_snapshots_and_images(void **state)
{
    (void)state;
    scene_mixed(&scene);
    ParaWorld world = dream_by(taught_model(), 3), other = para_world_at(group, 2);
    mixed_steps(world, 0, 33);
    size_t size = para_world_snapshot_size(world), whole = para_world_image_size(world);
    char *bytes = malloc(size), *image = malloc(whole);
    assert_int_equal(para_world_save(world, bytes, size), size);
    assert_int_equal(para_world_save(world, bytes, size - 1), 0);
    assert_int_equal(para_world_image(world, image, whole), whole);
    uint64_t begin = para_world_hash(world);
    mixed_steps(world, 33, 50);
    uint64_t later = para_world_hash(world);
    assert_true(para_world_restore(world, bytes, size));
    assert_int_equal(para_world_hash(world), begin);
    mixed_steps(world, 33, 50);
    assert_int_equal(para_world_hash(world), later);
    assert_true(para_world_adopt(other, image, NULL));
    assert_int_equal(para_world_hash(other), begin);
    mixed_steps(other, 33, 50);
    assert_int_equal(para_world_hash(other), later);
    free(image);
    free(bytes);
    end();
}

static void test_hostile_snapshots_are_refused(void **state)
{
    (void)state;
    ball_on_floor();
    ParaWorld world = dream_by(taught_model(), 2), other = para_world_at(group, 1);
    assert_true(para_world_build(other, &scene.def, NULL));
    scene_steps(world, 9);
    size_t size = para_world_snapshot_size(world);
    unsigned char *bytes = malloc(size), *bad = malloc(size);
    assert_int_equal(para_world_save(world, bytes, size), size);
    assert_false(para_world_restore(world, bytes, size - 1));
    assert_false(para_world_restore(world, bytes, 3));
    assert_false(para_world_restore(other, bytes, size)); // another world's
    uint64_t hash = para_world_hash(world);
    for (size_t at = 0; at < 96 && at < size; at++) // its head: whatever is wrong in it, nothing breaks
        for (int bit = 0; bit < 8; bit++) {
            memcpy(bad, bytes, size);
            bad[at] ^= (unsigned char)(1u << bit);
            if (para_world_restore(world, bad, size))
                para_world_step(world);
            assert_true(para_world_restore(world, bytes, size));
        }
    assert_int_equal(para_world_hash(world), hash);
    free(bad);
    free(bytes);
    end();
}

static void test_alone_as_in_a_group(void **state)
{
    (void)state;
    enum { WORLDS = 70 };
    ParaWorld worlds[WORLDS];
    scene_mixed(&scene);
    worlds[0] = dream_by(taught_model(), 2 * WORLDS);
    for (int i = 0; i < 2 * WORLDS; i++)
        assert_true(para_world_build(para_world_at(group, i), &scene.def, NULL));
    uint8_t active[WORLDS];
    for (int step = 0; step < 12; step++) {
        for (int i = 0; i < WORLDS; i++) { // each in a state of its own, some out of step with the others
            active[i] = (step + i) % 5 != 0;
            worlds[i] = para_world_at(group, i);
            ParaWorld alone = para_world_at(group, WORLDS + i);
            para_world_apply_impulse(worlds[i], 1, (ParaVec2){0.1f * (float)i, 0.2f});
            para_world_apply_impulse(alone, 1, (ParaVec2){0.1f * (float)i, 0.2f});
            if (active[i])
                para_world_step(alone);
        }
        para_world_group_step(group, 0, WORLDS, active);
    }
    for (int i = 0; i < WORLDS; i++)
        assert_int_equal(para_world_hash(worlds[i]), para_world_hash(para_world_at(group, WORLDS + i)));
    assert_true(para_world_hash(worlds[0]) != para_world_hash(worlds[5]));
    end();
}

static void test_a_true_world_goes_on_in_a_dream(void **state)
{
    (void)state;
    scene_machines(&scene);
    ParaWorldGroup *real = para_world_group_create(PARA_SOLVER_AUTO, 2);
    ParaWorld from = para_world_at(real, 0), back = para_world_at(real, 1);
    assert_true(para_world_build(from, &scene.def, NULL));
    for (int step = 0; step < 30; step++) {
        scene_machines_act(from, step);
        scene_change(from, step);
        para_world_step(from);
    }
    ParaWorld world = dream_by(taught_model(), 1);
    scene_steps(world, 3);
    assert_true(para_world_mirror(world, from));
    const ParaView *v = para_world_view(world), *w = para_world_view(from);
    assert_int_equal(v->step, w->step);
    for (int b = 0; b < scene.def.body_count; b++) {
        scene_near((double)AT(v, x, b), (double)AT(w, x, b), 1e-5);
        scene_near((double)AT(v, vy, b), (double)AT(w, vy, b), 1e-5);
        assert_int_equal(AT(v, enabled, b), AT(w, enabled, b));
        scene_near((double)para_dream_doubt(world)[b], 0, 0);
    }
    for (int j = 0; j < scene.def.joint_count; j++) {
        assert_int_equal(AT(v, joint_enabled, j), AT(w, joint_enabled, j));
        if (AT(v, joint_enabled, j))
            scene_near((double)AT(v, joint_angle, j), (double)AT(w, joint_angle, j), 1e-3);
    }
    scene_steps(world, 5);
    assert_true(para_world_mirror(back, world)); // and back
    scene_near((double)AT(para_world_view(back), x, 1), (double)AT(v, x, 1), 1e-5);
    para_world_group_destroy(real);
    end();
}

typedef struct Hand {
    int first;
} Hand;

static void *step_half(void *context)
{
    const Hand *hand = context;
    for (int step = 0; step < 20; step++)
        para_world_group_step(group, hand->first, 4, NULL);
    return NULL;
}

static void test_two_threads_dream_as_one(void **state)
{
    (void)state;
    scene_mixed(&scene);
    dream_by(taught_model(), 8);
    for (int i = 0; i < 8; i++)
        assert_true(para_world_build(para_world_at(group, i), &scene.def, NULL));
    Hand hands[2] = {{0}, {4}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, step_half, &hands[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    uint64_t hash = para_world_hash(para_world_at(group, 0));
    for (int i = 1; i < 8; i++)
        assert_int_equal(para_world_hash(para_world_at(group, i)), hash);
    end();
}

// ---------------------------------------------------------------------------------------------
// Acts.

static void test_what_is_out_stays_still_and_comes_back(void **state)
{
    (void)state;
    ball_on_floor();
    ParaWorld world = dream_by(taught_model(), 1);
    const ParaView *v = para_world_view(world);
    scene_steps(world, 7);
    assert_int_equal(v->contact_count, 1);
    float y = AT(v, y, 1);
    para_world_disable_body(world, 1);
    assert_int_equal(v->contact_count, 1); // until the next step, which ends it
    para_world_step(world);
    assert_int_equal(v->contact_count, 0);
    assert_int_equal(v->event_count, 1);
    assert_int_equal(v->events[0].kind, PARA_EVENT_END);
    scene_steps(world, 8);
    assert_true(AT(v, y, 1) == y);
    para_world_place_body(world, 1, (ParaVec2){0, 3}, 0, (ParaVec2){0, 0}, 0);
    assert_int_equal(AT(v, enabled, 1), 1);
    scene_near((double)AT(v, y, 1), 3, 1e-6);
    para_world_step(world);
    assert_true(AT(v, y, 1) < 3);
    // What is placed leaves its contacts at once; the next step tells their end.
    para_world_place_body(world, 1, (ParaVec2){0, 0.5f}, 0, (ParaVec2){0, 0}, 0);
    scene_steps(world, 4);
    assert_int_equal(v->contact_count, 1);
    para_world_place_body(world, 1, (ParaVec2){0, 9}, 0, (ParaVec2){0, 0}, 0);
    assert_int_equal(v->contact_count, 0);
    para_world_step(world);
    assert_int_equal(v->event_count, 1);
    assert_int_equal(v->events[0].kind, PARA_EVENT_END);
    end();
}

static void test_acts_show_at_once(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0, 50);
    scene_circle(&scene, 0.3f);
    int mover = scene_body(&scene, PARA_BODY_KINEMATIC, 20, 0);
    scene_box(&scene, 1, 1);
    ParaWorld world = dream_untaught(1);
    const ParaView *v = para_world_view(world);
    para_world_step(world); // in the middle of a step of the model
    float vx = AT(v, vx, 0), vy = AT(v, vy, 0);
    para_world_apply_impulse(world, 0, (ParaVec2){AT(v, mass, 0), 0});
    scene_near((double)AT(v, vx, 0), (double)vx + 1, 1e-5);
    para_world_set_gravity(world, (ParaVec2){0, 0});
    para_world_set_velocity(world, mover, (ParaVec2){3, 0}, 0);
    para_world_inputs(world)->force_x[0] = 60 * AT(v, mass, 0);
    para_world_step(world);
    scene_near((double)AT(v, vy, 0), (double)vy, 1e-5);
    scene_near((double)AT(v, vx, 0), (double)vx + 2, 1e-5);
    scene_near((double)AT(v, x, mover), 20 + 3.0 / 60, 1e-4);
    end();
}

/// Networks that were taught nothing let everything fall: what is known of joints holds it.
static void test_a_joint_does_not_tear(void **state)
{
    (void)state;
    scene_begin(&scene);
    int post = scene_body(&scene, PARA_BODY_STATIC, 0, 5);
    scene_circle(&scene, 0.1f);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 1, 5);
    scene_circle(&scene, 0.2f);
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, post, ball, 0, 5);
    ParaWorld world = dream_untaught(1);
    const ParaView *v = para_world_view(world);
    for (int step = 0; step < 180; step++) {
        para_world_step(world);
        double x = (double)AT(v, centre_x, ball), y = (double)AT(v, centre_y, ball) - 5;
        assert_true(fabs(sqrt(x * x + y * y) - 1.0) < 0.08);
    }
    end();
}

static void test_joints_hold_break_and_are_made(void **state)
{
    (void)state;
    scene_begin(&scene);
    int a = scene_body(&scene, PARA_BODY_STATIC, 0, 5);
    scene_box(&scene, 0.2f, 0.2f);
    int b = scene_body(&scene, PARA_BODY_DYNAMIC, 1, 5);
    scene_box(&scene, 0.2f, 0.2f);
    int j = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, a, b, 0, 5);
    ParaWorld world = dream_untaught(1);
    const ParaView *v = para_world_view(world);
    assert_int_equal(AT(v, joint_enabled, j), 1);
    scene_near((double)AT(v, joint_angle, j), 0, 1e-6);
    scene_steps(world, 3);
    assert_true(AT(v, joint_load, j) > 0);
    scene_near((double)AT(v, joint_angle, j), (double)AT(v, angle, b), 1e-6);
    scene_near((double)AT(v, joint_speed, j), (double)AT(v, spin, b), 1e-6);
    para_world_break_joint(world, j);
    assert_int_equal(AT(v, joint_enabled, j), 0);
    scene_near((double)AT(v, joint_load, j), 0, 0);
    float spin = AT(v, spin, b);
    scene_steps(world, 3);
    scene_near((double)AT(v, spin, b), (double)spin, 1e-6); // it flies
    para_world_place_body(world, b, (ParaVec2){1, 5}, 13, (ParaVec2){0, 0}, 0);
    para_world_make_joint(world, j);
    scene_near((double)AT(v, joint_angle, j), 13 - 4 * 3.14159265, 1e-4);
    para_world_disable_body(world, a);
    assert_int_equal(AT(v, joint_enabled, j), 0);
    para_world_enable_body(world, a);
    assert_int_equal(AT(v, joint_enabled, j), 1);
    end();
}

static void test_zones_and_fluids_push(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, -10};
    for (int i = 0; i < 3; i++) {
        int b = scene_body(&scene, PARA_BODY_DYNAMIC, 10.0f * (float)i, 0);
        scene_circle(&scene, 0.2f);
        scene.shapes[b].density = 100;
        int z = scene_zone_box(&scene, 10.0f * (float)i, 0, 6, 6);
        scene.zones[z].pull = i == 0 ? 4.0f : 0.0f;
        scene.zones[z].acceleration = (ParaVec2){0, i == 1 ? 30.0f : 0.0f};
        scene.zones[z].fluid_density = i == 2 ? 1000.0f : 0.0f;
    }
    scene.bodies[0].position = (ParaVec2){2, 0};
    ParaWorld world = dream_untaught(1);
    ParaWorldGroup *real = para_world_group_create(PARA_SOLVER_LANES, 1);
    ParaWorld other = para_world_at(real, 0);
    assert_true(para_world_build(other, &scene.def, NULL));
    scene_steps(world, 9);
    scene_steps(other, 9);
    const ParaView *v = para_world_view(world), *w = para_world_view(other);
    assert_true(AT(v, vx, 0) < -0.3f && AT(v, vy, 1) > 1 && AT(v, vy, 2) > 0.5f);
    for (int b = 0; b < 3; b++) { // as in the engine
        assert_int_equal(AT(v, zone_bits, b), 1u << b);
        scene_near((double)AT(v, vx, b), (double)AT(w, vx, b), 0.02);
        scene_near((double)AT(v, vy, b), (double)AT(w, vy, b), 0.05);
    }
    para_world_group_destroy(real);
    end();
}

static void test_platforms_hold_from_above_only(void **state)
{
    (void)state;
    for (int below = 0; below < 2; below++) {
        ball_on_floor();
        scene.shapes[0].one_way = true;
        scene.bodies[1].position.y = below ? -0.6f : 0.6f;
        scene.bodies[1].velocity.y = below ? 8.0f : 0.0f;
        ParaWorld world = dream_by(taught_model(), 1);
        const ParaView *v = para_world_view(world);
        float highest = -9;
        for (int step = 0; step < 60; step++) {
            para_world_step(world);
            if (step < 20)
                highest = fmaxf(highest, AT(v, y, 1));
        }
        assert_true(!below || highest > 1.2f); // it came through
        assert_true(AT(v, y, 1) > 0.3f);       // and is held
        end();
    }
}

// ---------------------------------------------------------------------------------------------
// Laws.

static void test_momentum_is_kept_by_any_model(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 6; i++) {
        int b = scene_body(&scene, PARA_BODY_DYNAMIC, (float)(i % 3) * 0.7f, (float)(i / 3) * 0.7f);
        if (i % 2)
            scene_circle(&scene, 0.3f);
        else
            scene_box(&scene, 0.6f, 0.5f);
        scene.bodies[b].velocity = (ParaVec2){(float)(i - 2), (float)(2 - i)};
    }
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 0, 1, 0.35f, 0);
    ParaWorld world = dream_untaught(1);
    ParaWorldMotion before = para_world_motion(para_world_view(world));
    scene_steps(world, 30);
    ParaWorldMotion after = para_world_motion(para_world_view(world));
    assert_true(fabsf(AT(para_world_view(world), vx, 0) - scene.bodies[0].velocity.x) >
                0.05f); // they did meet
    scene_near(after.momentum_x, before.momentum_x, 1e-4);
    scene_near(after.momentum_y, before.momentum_y, 1e-4);
    end();
}

static void test_nonsense_ends_a_world_and_nothing_else(void **state)
{
    (void)state;
    ball_on_floor();
    arena = para_arena_create(1 << 20, (size_t)1 << 30);
    ParaModel *model = untaught_model(1e15f, arena);
    ParaWorld world = dream_by(model, 2), other = para_world_at(group, 1);
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0, 50); // nothing near, nothing said
    scene_circle(&scene, 0.3f);
    assert_true(para_world_build(other, &scene.def, NULL));
    for (int step = 0; step < 10; step++)
        para_world_group_step(group, 0, 2, NULL);
    const ParaView *v = para_world_view(world);
    assert_int_equal(v->status, PARA_WORLD_DIVERGED);
    assert_int_equal(v->diverged_body, 1);
    assert_int_equal(v->contact_count + v->event_count, 0);
    scene_near((double)AT(v, y, 1), 0.5, 1e-3); // as after its last sane step
    assert_int_equal(para_world_at_point(world, (ParaVec2){0, 0.5f}, NULL, 0), 0);
    assert_int_equal(para_world_view(other)->status, PARA_WORLD_FINE);
    assert_int_equal(para_world_view(other)->step, 10);
    end();
}

static void test_every_kind_of_scene_steps(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        if (kind == 0)
            scene_walker(&scene, 3);
        else if (kind == 1)
            scene_mixed(&scene);
        else
            scene_machines(&scene);
        ParaWorld world = dream_untaught(1);
        for (int step = 0; step < 60 && para_world_view(world)->status == PARA_WORLD_FINE; step++) {
            if (kind == 0)
                scene_walker_act(world, 3, step);
            scene_change(world, step);
            para_world_step(world);
        }
        assert_int_equal(para_world_view(world)->def->body_count, scene.def.body_count);
        end();
    }
}

const struct CMUnitTest para_tests_dream[] = {
    cmocka_unit_test(test_flight_is_gravity),
    cmocka_unit_test(test_ball_rests_and_contact_is_named),
    cmocka_unit_test(test_levels_of_any_rate_are_dreamed),
    cmocka_unit_test(test_a_blow_is_as_hard_as_it_is),
    cmocka_unit_test(test_clone_has_the_same_future),
    cmocka_unit_test(test_snapshots_and_images),
    cmocka_unit_test(test_hostile_snapshots_are_refused),
    cmocka_unit_test(test_alone_as_in_a_group),
    cmocka_unit_test(test_two_threads_dream_as_one),
    cmocka_unit_test(test_a_true_world_goes_on_in_a_dream),
    cmocka_unit_test(test_what_is_out_stays_still_and_comes_back),
    cmocka_unit_test(test_acts_show_at_once),
    cmocka_unit_test(test_a_joint_does_not_tear),
    cmocka_unit_test(test_joints_hold_break_and_are_made),
    cmocka_unit_test(test_zones_and_fluids_push),
    cmocka_unit_test(test_platforms_hold_from_above_only),
    cmocka_unit_test(test_momentum_is_kept_by_any_model),
    cmocka_unit_test(test_nonsense_ends_a_world_and_nothing_else),
    cmocka_unit_test(test_every_kind_of_scene_steps),
};
const size_t para_tests_dream_count = sizeof para_tests_dream / sizeof *para_tests_dream;
