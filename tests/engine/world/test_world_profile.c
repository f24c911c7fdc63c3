// SPDX-License-Identifier: MIT
// What a level may say of its physics beside the usual, against formulas: how a pair makes its friction and
// its bounce of two numbers, and bodies whose mass lies otherwise than their shapes say.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "engine/world/overlap.h"
#include "tests/engine/world/scene.h"

#include <math.h>

static Scene scene;

#define GRAVITY 9.81

/// A floor with its top at y = 0: a box, or a chain, which solvers meet in other ways.
static void add_floor(bool chain, float friction, float restitution)
{
    const ParaVec2 points[] = {{-20, 0}, {0, 0}, {20, 0}};
    if (!chain) {
        scene_floor(&scene, friction, restitution);
        return;
    }
    scene_body(&scene, PARA_BODY_STATIC, 0, 0);
    int shape = scene_chain(&scene, points, 3, 0.0f);
    scene.shapes[shape].friction = friction;
    scene.shapes[shape].restitution = restitution;
}

static void test_friction_may_be_the_root_of_squares(void **state)
{
    (void)state;
    static const float pairs[][2] = {{0.4f, 0.4f}, {0.4f, 0.16f}, {0.0f, 0.5f}};
    for (int i = 0; i < 6; i++) {
        const float *of = pairs[i % 3];
        scene_begin(&scene);
        scene.def.friction_rule = PARA_FRICTION_ROOT_OF_SQUARES;
        add_floor(i >= 3, of[0], 0.0f);
        int box = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.2475f);
        scene.shapes[scene_box(&scene, 1.0f, 0.5f)].friction = of[1];
        scene.bodies[box].velocity = (ParaVec2){4.0f, 0.0f};
        ParaWorldGroup *group = scene_group(&scene, 1);
        const ParaView *view = para_world_view(para_world_at(group, 0));
        scene_steps(para_world_at(group, 0), 20);
        scene_near(4.0 - (double)AT(view, vx, box), hypot((double)of[0], (double)of[1]) * GRAVITY / 3.0,
                   2e-3);
        para_world_group_destroy(group);
    }
}

static void test_bounce_may_be_the_least_of_both(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        scene.def.restitution_rule = PARA_RESTITUTION_LEAST;
        add_floor(i >= 2, 0.0f, i % 2 ? 0.5f : 0.9f);
        int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 1.0f, 1.0f);
        scene.shapes[scene_circle(&scene, 0.3f)].restitution = i % 2 ? 0.9f : 0.5f;
        scene.bodies[ball].velocity = (ParaVec2){0.0f, -2.0f};
        ParaWorldGroup *group = scene_group(&scene, 1);
        scene_steps(para_world_at(group, 0), 60);
        scene_near((double)AT(para_world_view(para_world_at(group, 0)), vy, ball), 1.0, 2e-3);
        para_world_group_destroy(group);
    }
}

/// [m/s] how fast a ball leaves a floor that gives half of it back, on solver i % 2 as in scene_group.
static double leaving(float speed, float bounce_min, bool chain)
{
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    scene.def.restitution_rule = PARA_RESTITUTION_LEAST;
    scene.def.bounce_min = bounce_min;
    add_floor(chain, 0.0f, 0.5f);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 1.0f, 1.0f);
    scene.shapes[scene_circle(&scene, 0.3f)].restitution = 0.5f;
    scene.bodies[ball].velocity = (ParaVec2){0.0f, -speed};
    ParaWorldGroup *group = scene_group(&scene, 1);
    scene_steps(para_world_at(group, 0), 120);
    double up = (double)AT(para_world_view(para_world_at(group, 0)), vy, ball);
    para_world_group_destroy(group);
    return up;
}

static void test_what_meets_slowly_may_not_bounce(void **state)
{
    (void)state;
    for (int chain = 0; chain < 2; chain++) {
        scene_near(leaving(0.9f, 0.0f, chain), 0.45, 2e-3);
        scene_near(leaving(0.9f, 1.0f, chain), 0.0, 2e-3);
        scene_near(leaving(1.1f, 1.0f, chain), 0.55, 2e-3);
    }
}

static void test_inertia_is_scaled_and_mass_is_not(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 3; i++) {
        static const float scales[] = {1.0f, 0.5f, 7.0f};
        scene_body(&scene, PARA_BODY_DYNAMIC, 4.0f * (float)i, 0.0f);
        scene_circle(&scene, 0.5f);
        scene.bodies[i].inertia_scale = scales[i];
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double mass = PARA_PI * 0.25, moment = 0.5 * mass * 0.25;
    for (int i = 0; i < 3; i++) {
        AT(para_world_inputs(world), torque, i) = 0.3f;
        AT(para_world_inputs(world), force_x, i) = 0.2f;
    }
    scene_steps(world, 30);
    for (int i = 0; i < 3; i++) {
        double own = moment * (double)scene.bodies[i].inertia_scale;
        scene_near(para_body_moment(view->def, i), own, 1e-7);
        scene_near((double)AT(view, spin, i), 0.3 * 0.5 / own, 2e-4);
        scene_near((double)AT(view, vx, i), 0.2 * 0.5 / mass, 1e-4);
    }
    para_world_group_destroy(group);
}

/// What is pushed at its centre does not turn, and what turns does so about it, wherever its shapes are.
static void test_centre_of_mass_is_shifted(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 2; i++) {
        int body = scene_body(&scene, PARA_BODY_DYNAMIC, 5.0f * (float)i, 0.0f);
        scene_box(&scene, 1.0f, 0.5f);
        scene.bodies[body].centre_shift = (ParaVec2){0.2f, -0.1f};
    }
    scene.bodies[1].spin = 3.0f;
    scene.bodies[1].velocity = (ParaVec2){-0.3f, -0.6f}; // of the origin; the centre stands still
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_near((double)AT(view, centre_x, 0), 0.2, 1e-6);
    scene_near((double)AT(view, centre_y, 0), -0.1, 1e-6);
    AT(para_world_inputs(world), force_y, 0) = 1.0f;
    scene_steps(world, 30);
    scene_near((double)AT(view, spin, 0), 0.0, 1e-6);
    scene_near((double)AT(view, vy, 0), 0.5 / 0.5, 1e-4); // 1 N on 0.5 kg for half a second
    scene_near((double)AT(view, centre_x, 1), 5.2, 1e-4);
    scene_near((double)AT(view, centre_y, 1), -0.1, 1e-4);
    double s, c;
    para_sincos(1.5, &s, &c);
    scene_near((double)AT(view, x, 1), 5.2 - (c * 0.2 + s * 0.1), 1e-3);
    para_world_group_destroy(group);
}

static void test_what_is_heavy_below_stands_up_again(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.8f, 0.0f);
    int toy = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene.shapes[scene_circle(&scene, 0.5f)].friction = 0.8f;
    scene.bodies[toy].centre_shift = (ParaVec2){0.0f, -0.2f};
    scene.bodies[toy].angle = 2.5f;
    scene.bodies[toy].angular_damping = 2.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    scene_steps(para_world_at(group, 0), 900);
    scene_near((double)AT(para_world_view(para_world_at(group, 0)), angle, toy), 0.0, 0.02);
    para_world_group_destroy(group);
}

/// Asked of shapes alone: joined, grouped and static bodies count, and by more than a touch.
static void test_overlap_is_told_of_bodies_that_do_not_collide(void **state)
{
    (void)state;
    scene_begin(&scene);
    static const float places[] = {0.0f, 0.9f, 1.95f, 5.0f};
    for (int i = 0; i < 4; i++) {
        scene_body(&scene, i < 2 ? PARA_BODY_STATIC : PARA_BODY_DYNAMIC, places[i], 0.0f);
        if (i % 2)
            scene_circle(&scene, 0.5f);
        else
            scene_box(&scene, 1.0f, 1.0f);
        scene.bodies[i].group = 1;
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    assert_true(para_bodies_overlap(view, 0, 1) && para_bodies_overlap(view, 1, 0)); // both static
    assert_false(para_bodies_overlap(view, 1, 2));                                   // 5 cm apart
    assert_false(para_bodies_overlap(view, 2, 3));
    para_world_disable_body(world, 1);
    assert_false(para_bodies_overlap(view, 0, 1));
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_profile[] = {
    SCENE_TEST(test_friction_may_be_the_root_of_squares),
    SCENE_TEST(test_bounce_may_be_the_least_of_both),
    SCENE_TEST(test_what_meets_slowly_may_not_bounce),
    SCENE_TEST(test_inertia_is_scaled_and_mass_is_not),
    SCENE_TEST(test_centre_of_mass_is_shifted),
    SCENE_TEST(test_what_is_heavy_below_stands_up_again),
    SCENE_TEST(test_overlap_is_told_of_bodies_that_do_not_collide),
};
const size_t para_tests_world_profile_count =
    sizeof para_tests_world_profile / sizeof *para_tests_world_profile;
