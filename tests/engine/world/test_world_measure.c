// SPDX-License-Identifier: MIT
// Energy and momentum of a world against their closed forms, on both solvers: what each body, spring and the
// whole hold at the start, and what counts for nothing.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"

#include <math.h>

static Scene scene;

/// A 2 x 1 m box of 3 kg/m^2 at (4, 5), and a disc of 0.5 m radius, 2 kg/m^2, whose centre lies at (1, 0) in
/// the frame of its body; both fly and turn. Box: 6 kg, 6 (4 + 1) / 12 = 2.5 kg m^2. Disc: pi / 2 kg.
static ParaWorldGroup *box_and_disc(void)
{
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){1.0f, -10.0f};
    int box = scene_body(&scene, PARA_BODY_DYNAMIC, 4.0f, 5.0f);
    scene.shapes[scene_box(&scene, 2.0f, 1.0f)].density = 3.0f;
    scene.bodies[box].velocity = (ParaVec2){3.0f, -4.0f};
    scene.bodies[box].spin = 2.0f;
    int disc = scene_body(&scene, PARA_BODY_DYNAMIC, -7.0f, 2.0f);
    int round = scene_circle(&scene, 0.5f);
    scene.points[scene.shapes[round].point_first] = (ParaVec2){1.0f, 0.0f};
    scene.shapes[round].density = 2.0f;
    scene.bodies[disc].spin = 4.0f; // its centre moves with spin x arm: (0, 4) m/s
    scene.bodies[disc].gravity_scale = -0.5f;
    return scene_group(&scene, 1);
}

static void test_energy_of_a_body_is_that_of_its_formula(void **state)
{
    (void)state;
    ParaWorldGroup *group = box_and_disc();
    const ParaView *view = para_world_view(para_world_at(group, 0));
    ParaEnergy box = para_body_energy(view, 0), disc = para_body_energy(view, 1);
    double m = 0.5 * PARA_PI, moment = 0.5 * m * 0.25;
    scene_near(box.kinetic, 0.5 * 6.0 * 25.0 + 0.5 * 2.5 * 4.0, 1e-9);
    scene_near(box.potential, 6.0 * (10.0 * 5.0 - 1.0 * 4.0), 1e-9);
    scene_near(disc.kinetic, 0.5 * m * 16.0 + 0.5 * moment * 16.0, 1e-6);
    scene_near(disc.potential, -0.5 * m * (10.0 * 2.0 - 1.0 * -6.0), 1e-6);
    assert_true(box.spring == 0.0 && disc.spring == 0.0);
    scene_near(para_body_moment(view->def, 0), 2.5, 1e-9);
    scene_near(para_body_moment(view->def, 1), moment, 1e-9);
    ParaEnergy sum = para_world_energy(view);
    scene_near(sum.kinetic, box.kinetic + disc.kinetic, 1e-9);
    scene_near(sum.potential, box.potential + disc.potential, 1e-9);
    scene_near(para_energy_total(sum), sum.kinetic + sum.potential, 1e-9);
    para_world_group_destroy(group);
}

static void test_motion_of_the_whole_is_the_sum_of_its_parts(void **state)
{
    (void)state;
    ParaWorldGroup *group = box_and_disc();
    ParaWorldMotion sum = para_world_motion(para_world_view(para_world_at(group, 0)));
    double m = 0.5 * PARA_PI, moment = 0.5 * m * 0.25;
    scene_near(sum.mass, 6.0 + m, 1e-9);
    scene_near(sum.x, (6.0 * 4.0 - m * 6.0) / (6.0 + m), 1e-6);
    scene_near(sum.y, (6.0 * 5.0 + m * 2.0) / (6.0 + m), 1e-6);
    scene_near(sum.momentum_x, 6.0 * 3.0, 1e-6);
    scene_near(sum.momentum_y, 6.0 * -4.0 + m * 4.0, 1e-6);
    scene_near(sum.angular_momentum,
               6.0 * (4.0 * -4.0 - 5.0 * 3.0) + 2.5 * 2.0 + m * -6.0 * 4.0 + moment * 4.0, 1e-5);
    para_world_group_destroy(group);
}

/// What has no mass of its own, and what has been taken away, holds nothing, and neither do springs to it.
static void test_static_kinematic_and_disabled_bodies_hold_nothing(void **state)
{
    (void)state;
    scene_begin(&scene);
    int wall = scene_body(&scene, PARA_BODY_STATIC, 0.0f, 3.0f);
    scene_box(&scene, 1.0f, 1.0f);
    int lift = scene_body(&scene, PARA_BODY_KINEMATIC, 5.0f, 3.0f);
    scene_box(&scene, 1.0f, 1.0f);
    scene.bodies[lift].velocity = (ParaVec2){0.0f, 2.0f};
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 8.0f);
    scene_circle(&scene, 0.5f);
    scene.bodies[ball].velocity = (ParaVec2){1.0f, 0.0f};
    scene_joint(&scene, PARA_JOINT_SPRING, wall, ball, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[0].stiffness = 40.0f;
    scene.joints[0].rest = 2.0f;
    scene_joint(&scene, PARA_JOINT_DISTANCE, wall, ball, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[1].stiffness = 40.0f; // read of springs alone
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double mass = PARA_PI * 0.25;
    assert_true(para_energy_total(para_body_energy(view, wall)) == 0.0);
    assert_true(para_energy_total(para_body_energy(view, lift)) == 0.0);
    scene_near(para_joint_energy(view, 0), 0.5 * 40.0 * 9.0, 1e-4); // 5 m long
    assert_true(para_joint_energy(view, 1) == 0.0);
    scene_near(para_energy_total(para_world_energy(view)), 0.5 * mass + mass * 9.81 * 8.0 + 180.0, 1e-4);
    para_world_disable_body(world, ball);
    assert_true(para_energy_total(para_world_energy(view)) == 0.0);
    assert_true(para_world_motion(view).mass == 0.0);
    para_world_group_destroy(group);
}

/// A ball falls 5 m: what it loses in height it has in motion, and a spring takes over what it stretches by.
static void test_energy_goes_from_height_to_motion_to_a_spring(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.rate = 240.0f;
    scene.def.substeps = 4;
    int hook = scene_body(&scene, PARA_BODY_STATIC, 0.0f, 20.0f);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 19.0f);
    scene_circle(&scene, 0.5f);
    scene_joint(&scene, PARA_JOINT_SPRING, hook, ball, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[0].stiffness = 5.0f;
    scene.joints[0].rest = 1.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    ParaEnergy start = para_world_energy(view);
    double worst = 0, fastest = 0, stretched = 0;
    for (int i = 0; i < 310; i++) {
        para_world_step(world);
        ParaEnergy now = para_world_energy(view);
        worst = fmax(worst, fabs(para_energy_total(now) - para_energy_total(start)));
        fastest = fmax(fastest, now.kinetic);
        stretched = fmax(stretched, now.spring);
    }
    // Lowest after 1.245 s, where the spring holds all of the height: k d^2 / 2 = m g d; fastest half way,
    // with half of that.
    double weight = 9.81 * 0.25 * PARA_PI, deepest = 2.0 * weight / 5.0;
    scene_near(start.spring, 0.0, 1e-9);
    scene_near(fastest, 0.25 * weight * deepest, 0.02 * weight * deepest);
    scene_near(stretched, 0.5 * 5.0 * deepest * deepest, 0.05 * weight * deepest);
    assert_true(worst < 0.02 * weight * deepest);
    para_world_group_destroy(group);
}

static void test_view_tells_the_solver_s_steps(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.substeps = 3;
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 19.0f);
    scene_circle(&scene, 0.5f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    const ParaView *view = para_world_view(para_world_at(group, 0));
    assert_int_equal(view->substeps, 3);
    scene_steps(para_world_at(group, 0), 2);
    assert_int_equal(view->substeps, 3);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_measure[] = {
    SCENE_TEST(test_energy_of_a_body_is_that_of_its_formula),
    SCENE_TEST(test_motion_of_the_whole_is_the_sum_of_its_parts),
    SCENE_TEST(test_static_kinematic_and_disabled_bodies_hold_nothing),
    SCENE_TEST(test_energy_goes_from_height_to_motion_to_a_spring),
    SCENE_TEST(test_view_tells_the_solver_s_steps),
};
const size_t para_tests_world_measure_count =
    sizeof para_tests_world_measure / sizeof *para_tests_world_measure;
