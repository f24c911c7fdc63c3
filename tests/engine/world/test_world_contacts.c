// SPDX-License-Identifier: MIT
// Contacts, events, filters and questions.
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static Scene scene;

/// Contacts are sorted and sensible; events are sorted by kind, then pair.
static void check_order(const ParaView *view)
{
    for (int i = 0; i < view->contact_count; i++) {
        const ParaContact *c = &view->contacts[i];
        assert_true(c->shape_a < c->shape_b);
        assert_int_equal(c->body_a, view->def->shapes[c->shape_a].body);
        assert_int_equal(c->body_b, view->def->shapes[c->shape_b].body);
        scene_near(hypot((double)c->normal.x, (double)c->normal.y), 1.0, 1e-5);
        if (i > 0)
            assert_true(c[-1].shape_a < c->shape_a ||
                        (c[-1].shape_a == c->shape_a && c[-1].shape_b < c->shape_b));
    }
    for (int i = 1; i < view->event_count; i++) {
        const ParaEvent *a = &view->events[i - 1], *b = &view->events[i];
        assert_true(a->kind < b->kind ||
                    (a->kind == b->kind &&
                     (a->shape_a < b->shape_a || (a->shape_a == b->shape_a && a->shape_b < b->shape_b))));
    }
}

static void test_contacts_and_events_are_in_order(void **state)
{
    (void)state;
    for (int substeps = 1; substeps < 4; substeps += 2) {
        scene_mixed(&scene);
        scene.def.substeps = substeps;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        static uint8_t touching[64][64];
        memset(touching, 0, sizeof touching);
        int begun = 0, ended = 0, struck = 0;
        for (int k = 0; k < 400; k++) {
            scene_mixed_act(world, k);
            para_world_step(world);
            check_order(view);
            for (int i = 0; i < view->event_count; i++) {
                const ParaEvent *e = &view->events[i];
                uint8_t *pair = &touching[e->shape_a][e->shape_b];
                if (e->kind == PARA_EVENT_IMPULSE) {
                    assert_true(e->impulse > PARA_EVENT_IMPULSE_MIN);
                    struck++;
                } else {
                    assert_int_equal(*pair, e->kind == PARA_EVENT_END); // begin and end take turns
                    *pair = e->kind == PARA_EVENT_BEGIN;
                    *(e->kind == PARA_EVENT_BEGIN ? &begun : &ended) += 1;
                }
            }
            // What has begun and not ended is exactly what touches now.
            int now = 0;
            for (int a = 0; a < 64; a++)
                for (int b = 0; b < 64; b++)
                    now += touching[a][b];
            assert_int_equal(now, view->contact_count);
        }
        assert_true(begun > 20 && ended > 10 && struck > 100);
        para_world_group_destroy(group);
    }
}

static void test_resting_contact_carries_the_weight(void **state)
{
    (void)state;
    for (int substeps = 1; substeps <= 4; substeps *= 4) {
        scene_begin(&scene);
        scene.def.substeps = substeps;
        scene_floor(&scene, 0.5f, 0.0f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 3.0f, 0.5f);
        scene.shapes[scene_box(&scene, 1.0f, 1.0f)].density = 2.0f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 120);
        assert_int_equal(view->contact_count, 1);
        scene_near((double)view->contacts[0].impulse, 2.0 * 9.81 / 60.0, 1e-3);
        scene_near((double)view->contacts[0].normal.y, 1.0, 1e-4); // from the floor (lower index) to the box
        scene_near((double)view->contacts[0].point.x, 3.0, 1e-2);
        scene_near((double)view->contacts[0].point.y, 0.0, 1e-2);
        para_world_group_destroy(group);
    }
}

/// Whether two overlapping circles touch under the given filters.
static bool touch(uint32_t category_a, uint32_t mask_a, uint32_t category_b, uint32_t mask_b,
                  uint32_t group_a, uint32_t group_b)
{
    scene_begin(&scene);
    for (int i = 0; i < 2; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.3f * (float)i, 0.0f);
        int shape = scene_circle(&scene, 0.5f);
        scene.shapes[shape].category = i ? category_b : category_a;
        scene.shapes[shape].mask = i ? mask_b : mask_a;
        scene.bodies[i].group = i ? group_b : group_a;
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    para_world_step(para_world_at(group, 0));
    bool touched = para_world_view(para_world_at(group, 0))->contact_count > 0;
    para_world_group_destroy(group);
    return touched;
}

static void test_filters_need_both_sides(void **state)
{
    (void)state;
    assert_true(touch(1, ~0u, 1, ~0u, 0, 0));
    assert_true(touch(1, 2, 2, 1, 0, 0));
    assert_false(touch(1, 2, 2, 4, 0, 0)); // one side is not enough
    assert_false(touch(1, 4, 2, 1, 0, 0));
    assert_false(touch(1, ~0u, 1, 0, 0, 0));
    assert_true(touch(0x80000000u, ~0u, 1, 0x80000000u, 0, 0));
    assert_false(touch(1, ~0u, 1, ~0u, 7, 7));
    assert_true(touch(1, ~0u, 1, ~0u, 7, 8));
}

static void test_jointed_bodies_collide_only_on_demand(void **state)
{
    (void)state;
    for (int collide = 0; collide < 2; collide++) {
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
        scene_circle(&scene, 0.5f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.6f, 0.0f);
        scene_circle(&scene, 0.5f);
        scene_joint(&scene, PARA_JOINT_SPRING, 0, 1, (ParaVec2){0, 0}, (ParaVec2){0, 0});
        scene.joints[0].collide = collide;
        ParaWorldGroup *group = scene_group(&scene, 1);
        para_world_step(para_world_at(group, 0));
        assert_int_equal(para_world_view(para_world_at(group, 0))->contact_count, collide);
        para_world_group_destroy(group);
    }
}

static void question_scene(void)
{
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f); // shape 0
    scene_body(&scene, PARA_BODY_STATIC, 5.0f, 2.0f);
    scene.shapes[scene_circle(&scene, 1.0f)].category = 2; // shape 1
    scene_body(&scene, PARA_BODY_STATIC, 10.0f, 2.0f);
    scene_box(&scene, 2.0f, 2.0f); // shape 2
    scene.bodies[2].group = 9;
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    ParaVec2 wall[] = {{15, 0}, {15, 2}, {15.5f, 4}, {15, 6}};
    scene_chain(&scene, wall, 4, 0.0f); // shape 3
}

static void test_rays_hit_what_is_first_and_wanted(void **state)
{
    (void)state;
    question_scene();
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaVec2 from = {0, 2}, to = {20, 2};
    ParaRayHit hit = para_world_ray(world, from, to, ~0u, 0);
    assert_int_equal(hit.shape, 1);
    scene_near((double)hit.fraction, 0.2, 1e-6);
    scene_near((double)hit.point.x, 4.0, 1e-5);
    scene_near((double)hit.normal.x, -1.0, 1e-5);
    assert_int_equal(para_world_ray(world, from, to, 1, 0).shape, 2);
    scene_near((double)para_world_ray(world, from, to, 1, 0).point.x, 9.0, 1e-5);
    hit = para_world_ray(world, from, to, 1, 9);
    assert_int_equal(hit.shape, 3); // a piece of the chain counts as the chain
    scene_near((double)hit.point.x, 15.0, 1e-5);
    hit = para_world_ray(world, (ParaVec2){5, 2.2f}, to, ~0u, 0); // starts inside
    assert_int_equal(hit.shape, 1);
    scene_near((double)hit.fraction, 0.0, 0.0);
    scene_near((double)hit.point.x, 5.0, 1e-6);
    hit = para_world_ray(world, from, (ParaVec2){0, 9}, ~0u, 0);
    assert_int_equal(hit.shape, -1);
    scene_near((double)hit.fraction, 1.0, 0.0);
    assert_int_equal(para_world_ray(world, (ParaVec2){NAN, 0}, to, ~0u, 0).shape, -1);
    assert_int_equal(para_world_ray(world, from, (ParaVec2){INFINITY, 0}, ~0u, 0).shape, -1);
    assert_int_equal(para_world_ray(world, (ParaVec2){5, 2}, (ParaVec2){5, 2}, ~0u, 0).shape, 1);
    para_world_group_destroy(group);
}

static void test_points_and_boxes_list_shapes_in_order(void **state)
{
    (void)state;
    question_scene();
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    int32_t found[4] = {-7, -7, -7, -7};
    assert_int_equal(para_world_at_point(world, (ParaVec2){5.5f, 2.5f}, found, 4), 1);
    assert_int_equal(found[0], 1);
    assert_int_equal(para_world_at_point(world, (ParaVec2){5.0f, 6.0f}, found, 4), 0);
    assert_int_equal(para_world_in_box(world, (ParaVec2){4, 1.5f}, (ParaVec2){16, 5}, found, 4), 3);
    assert_int_equal(found[0], 1);
    assert_int_equal(found[1], 2);
    assert_int_equal(found[2], 3);
    scene.shapes[1].mask = 0; // collides with nothing, and can still be found, but stops no ray
    scene_build(world, &scene);
    assert_int_equal(para_world_at_point(world, (ParaVec2){5.5f, 2.5f}, found, 4), 1);
    assert_int_equal(para_world_in_box(world, (ParaVec2){4, 1.5f}, (ParaVec2){16, 5}, found, 4), 3);
    assert_int_equal(para_world_ray(world, (ParaVec2){0, 2}, (ParaVec2){20, 2}, ~0u, 0).shape, 2);
    found[1] = -7;
    assert_int_equal(para_world_in_box(world, (ParaVec2){-50, -5}, (ParaVec2){50, 50}, found, 1),
                     4); // told, not written
    assert_int_equal(found[0], 0);
    assert_int_equal(found[1], -7);
    assert_int_equal(para_world_in_box(world, (ParaVec2){5, 5}, (ParaVec2){4, 4}, found, 4), 0);
    para_world_group_destroy(group);
}

static void test_queries_do_not_disturb_the_world(void **state)
{
    (void)state;
    scene_walker(&scene, 4);
    ParaWorldGroup *group = scene_group(&scene, 2);
    scene_build(para_world_at(group, 1), &scene);
    for (int i = 0; i < 200; i++) {
        ParaWorld asked = para_world_at(group, 0), left_alone = para_world_at(group, 1);
        int32_t found[8];
        for (int k = 0; k < 8; k++)
            (void)para_world_ray(asked, (ParaVec2){5, 3}, (ParaVec2){(float)k * 3.0f, -1.0f}, ~0u, 1);
        (void)para_world_at_point(asked, (ParaVec2){5, 1}, found, 8);
        (void)para_world_in_box(asked, (ParaVec2){0, 0}, (ParaVec2){9, 9}, found, 8);
        (void)para_world_hash(asked);
        scene_walker_act(asked, 1, i);
        scene_walker_act(left_alone, 1, i);
        para_world_step(asked);
        para_world_step(left_alone);
        assert_int_equal(para_world_hash(asked), para_world_hash(left_alone));
    }
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------- contacts are of this step

/// Shapes that run over what does not: the point is where they are now, not where they were.
static void test_contact_points_keep_up_with_the_bodies(void **state)
{
    (void)state;
    static const char *const names[] = {"ball", "box", "ball on a chain", "ball under a lift",
                                        "box on a small lift"};
    for (int kind = 0; kind < 5; kind++) {
        scene_begin(&scene);
        bool lift = kind >= 3, ball = kind != 1 && kind != 4;
        if (lift) {
            int mover = scene_body(&scene, PARA_BODY_KINEMATIC, 0.0f, 0.0f);
            scene.bodies[mover].velocity = kind == 3 ? (ParaVec2){0.0f, 10.0f} : (ParaVec2){10.0f, 0.0f};
            scene_box(&scene, 0.6f, 0.2f);
        } else {
            scene_floor(&scene, 0.0f, 0.0f);
        }
        if (kind == 2) {
            ParaVec2 line[] = {{-9, 1.2f}, {0, 1.2f}, {3, 1.2f}, {50, 1.2f}}; // the floor's body is 1 m down
            scene_chain(&scene, line, 4, 0.0f);
        }
        float floor = lift ? 0.1f : kind == 2 ? 0.2f : 0.0f;
        int body = scene_body(&scene, PARA_BODY_DYNAMIC, kind == 4 ? 0.1f : 0.0f, floor + 0.2499f);
        scene.bodies[body].velocity = kind == 3 ? (ParaVec2){0.0f, 10.0f} : (ParaVec2){10.0f, 0.0f};
        if (ball)
            scene_circle(&scene, 0.25f);
        else
            scene_box(&scene, kind == 4 ? 1.2f : 0.5f, 0.5f);
        for (int i = 0; i < scene.def.shape_count; i++)
            scene.shapes[i].friction = 0.0f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double worst_x = 0, worst_y = 0;
        int seen = 0;
        for (int step = 0; step < 60; step++) {
            para_world_step(world);
            for (int c = 0; c < view->contact_count; c++, seen++) {
                // Under the middle of the ball or the box; over the middle of a lift smaller than the box.
                double x = (double)AT(view, x, kind == 4 ? 0 : body), y = (double)AT(view, y, body) - 0.25;
                worst_x = fmax(worst_x, fabs((double)view->contacts[c].point.x - x));
                worst_y = fmax(worst_y, fabs((double)view->contacts[c].point.y - y));
            }
        }
        printf("%s: contact points up to %.1f mm aside and %.1f mm off\n", names[kind], 1e3 * worst_x,
               1e3 * worst_y);
        assert_true(seen >= 50);
        assert_true(worst_x < 0.01 && worst_y < 0.01);
        para_world_group_destroy(group);
    }
}

/// What was thrown up from the ground is not touching it any more; its contact ends in that step.
static void test_what_is_thrown_does_not_touch(void **state)
{
    (void)state;
    for (int ball = 0; ball < 2; ball++) {
        scene_begin(&scene);
        scene_floor(&scene, 0.5f, 0.0f);
        int body = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.25f);
        if (ball)
            scene_circle(&scene, 0.25f);
        else
            scene_box(&scene, 0.5f, 0.5f);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 60);
        assert_int_equal(view->contact_count, 1);
        para_world_set_velocity(world, body, (ParaVec2){0.0f, 20.0f}, 0.0f);
        para_world_step(world);
        assert_int_equal(view->contact_count, 0);
        assert_int_equal(view->event_count, 1);
        assert_int_equal(view->events[0].kind, PARA_EVENT_END);
        para_world_group_destroy(group);
    }
}

/// A bounce that is over within one step is told all the same: it begins, strikes and ends.
static void test_a_bounce_within_a_step_is_told(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.0f, 1.0f);
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.3f);
    scene.shapes[scene_circle(&scene, 0.25f)].restitution = 1.0f;
    scene.bodies[body].velocity = (ParaVec2){0.0f, -10.0f};
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    int told[3] = {0, 0, 0};
    for (int step = 0; step < 10; step++) {
        para_world_step(world);
        for (int i = 0; i < view->event_count; i++)
            told[view->events[i].kind]++;
    }
    assert_true(AT(view, vy, body) > 5.0f);
    assert_int_equal(told[PARA_EVENT_BEGIN], 1);
    assert_int_equal(told[PARA_EVENT_END], 1);
    assert_true(told[PARA_EVENT_IMPULSE] >= 1);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_contacts[] = {
    SCENE_TEST(test_contacts_and_events_are_in_order),
    SCENE_TEST(test_contact_points_keep_up_with_the_bodies),
    SCENE_TEST(test_what_is_thrown_does_not_touch),
    SCENE_TEST(test_a_bounce_within_a_step_is_told),
    SCENE_TEST(test_resting_contact_carries_the_weight),
    SCENE_TEST(test_filters_need_both_sides),
    SCENE_TEST(test_jointed_bodies_collide_only_on_demand),
    SCENE_TEST(test_rays_hit_what_is_first_and_wanted),
    SCENE_TEST(test_points_and_boxes_list_shapes_in_order),
    SCENE_TEST(test_queries_do_not_disturb_the_world),
};
const size_t para_tests_world_contacts_count =
    sizeof para_tests_world_contacts / sizeof *para_tests_world_contacts;
