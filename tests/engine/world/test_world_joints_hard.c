// SPDX-License-Identifier: MIT
// Joints under hard use: motors against limits, springs of every stiffness on every mass, welds in a row,
// swings that keep their energy, light links that carry heavy loads.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

static Scene scene;

#define GRAVITY 9.81

static int add_plank(float x, float y, float width, float height, float density)
{
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene.shapes[scene_box(&scene, width, height)].density = density;
    scene.bodies[body].group = 1;
    return body;
}

// ---------------------------------------------------------------------------------------------
// Motors against limits.

/// Drives the joint with `most` for 4 s. @return how far [rad], [m] it went past its upper limit at most
static double driven_past(float most, float upper, double *out_end)
{
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), motor_rate, 0) = 8.0f;
    AT(para_world_inputs(world), motor_max, 0) = most;
    double past = -1e9;
    for (int i = 0; i < 240; i++) {
        para_world_step(world);
        past = fmax(past, (double)AT(view, joint_angle, 0) - (double)upper);
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    *out_end = (double)AT(view, joint_angle, 0);
    para_world_group_destroy(group);
    return past;
}

static void limit_and_motor(int joint, float lower, float upper)
{
    scene.joints[joint].limited = scene.joints[joint].motored = true;
    scene.joints[joint].lower = lower;
    scene.joints[joint].upper = upper;
}

static void test_motor_does_not_push_through_its_limit(void **state)
{
    (void)state;
    static const float mosts[] = {20.0f, 1e3f, 1e4f, 1e6f};
    for (int slides = 0; slides < 2; slides++)
        for (int i = 0; i < 4; i++) {
            scene_begin(&scene);
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            int arm = add_plank(1.0f, 0.0f, 2.0f, 0.2f, 1.0f);
            int joint = scene_joint_at(&scene, slides ? PARA_JOINT_PRISMATIC : PARA_JOINT_REVOLUTE, 0, arm,
                                       0.0f, 0.0f);
            scene.joints[joint].axis = (ParaVec2){0.0f, 1.0f};
            limit_and_motor(joint, -0.5f, 0.5f);
            double end, past = driven_past(mosts[i], 0.5f, &end);
            printf("%s of %.0e: %.1e past its limit at most, ends at %.5f\n", slides ? "slider" : "hinge",
                   (double)mosts[i], past, end);
            assert_true(past < 2e-3);
            scene_near(end, 0.5, 2e-3);
        }
}

/// A heavy head at the end of the arm is driven, too: the motor meets what it moves, not what it is joined
/// to.
static void test_motor_of_a_loaded_arm_keeps_its_limit(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    int arm = add_plank(0.5f, 0.0f, 1.0f, 0.1f, 1.0f), head = add_plank(1.3f, 0.0f, 0.6f, 0.6f, 100.0f);
    int joint = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 0, arm, 0.0f, 0.0f);
    scene_joint_at(&scene, PARA_JOINT_WELD, arm, head, 1.0f, 0.0f);
    limit_and_motor(joint, -0.4f, 0.4f);
    double end, past = driven_past(1e5f, 0.4f, &end);
    printf("loaded arm: %.1e rad past its limit at most, ends at %.5f\n", past, end);
    assert_true(past < 2e-3);
    scene_near(end, 0.4, 2e-3);
}

// ---------------------------------------------------------------------------------------------
// Springs.

/// Every spring stays finite, and none gives more than was wound up.
static void test_springs_of_every_stiffness_stay_finite(void **state)
{
    (void)state;
    static const float radii[] = {0.003f, 0.1f, 1.0f};
    for (int m = 0; m < 3; m++)
        for (float stiffness = 1.0f; stiffness < 2e7f; stiffness *= 10.0f) {
            scene_begin(&scene);
            scene.def.gravity = (ParaVec2){0, 0};
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 2.0f, 0.0f);
            scene_circle(&scene, radii[m]);
            int spring = scene_joint(&scene, PARA_JOINT_SPRING, 0, ball, (ParaVec2){0, 0}, (ParaVec2){0, 0});
            scene.joints[spring].stiffness = stiffness;
            scene.joints[spring].rest = 1.0f;
            ParaWorldGroup *group = scene_group(&scene, 1);
            ParaWorld world = para_world_at(group, 0);
            const ParaView *view = para_world_view(world);
            double longest = 0;
            for (int i = 0; i < 300; i++) {
                para_world_step(world);
                longest = fmax(longest, fabs((double)AT(view, joint_angle, 0) - 1.0));
            }
            double mass = (double)AT(view, mass, ball);
            if (!(longest < 1.3) || view->status != PARA_WORLD_FINE)
                fail_msg("%g N/m on %g kg: stretched by %g m", (double)stiffness, mass, longest);
            para_world_group_destroy(group);
        }
}

/// A grid of balls on stiff springs, thrown: it does not fly apart.
static void test_a_net_of_stiff_springs_holds(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 16; i++) {
        int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0.5f * (float)(i % 4), 0.5f * (float)(i / 4));
        scene_circle(&scene, 0.1f);
        scene.bodies[ball].group = 1;
        scene.bodies[ball].velocity = (ParaVec2){i == 0 ? 30.0f : 0.0f, 0.0f};
    }
    for (int i = 0; i < 16; i++)
        for (int k = 0; k < 2; k++)
            if (k == 0 ? i % 4 < 3 : i < 12) {
                int spring = scene_joint(&scene, PARA_JOINT_SPRING, i, i + (k == 0 ? 1 : 4), (ParaVec2){0, 0},
                                         (ParaVec2){0, 0});
                scene.joints[spring].stiffness = 1e5f;
                scene.joints[spring].rest = 0.5f;
            }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double start = para_world_energy(view).kinetic, most = 0;
    for (int i = 0; i < 600; i++) {
        para_world_step(world);
        most = fmax(most, para_world_energy(view).kinetic);
    }
    printf("net of springs: %.3f of the energy at the start at most\n", most / start);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    assert_true(most < 1.1 * start);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Welds.

/// Boxes welded in a row to a wall: a beam that rests, however long.
static void test_welded_beam_rests(void **state)
{
    (void)state;
    static const int lengths[] = {4, 10, 20};
    for (int i = 0; i < 3; i++) {
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        for (int k = 0; k < lengths[i]; k++) {
            int plank = add_plank(0.5f + (float)k, 0.0f, 1.0f, 0.2f, 1.0f);
            scene_joint_at(&scene, PARA_JOINT_WELD, k ? plank - 1 : 0, plank, (float)k, 0.0f);
        }
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 300);
        int end = lengths[i];
        double speed = hypot((double)AT(view, vx, end), (double)AT(view, vy, end));
        printf("beam of %d: end %.1e m low, %.1e m/s, load %.4f N\n", end, -(double)AT(view, y, end), speed,
               (double)AT(view, joint_load, 0));
        assert_true(speed < 1e-4);
        scene_near((double)AT(view, y, end), 0.0, 1e-3);
        scene_near((double)AT(view, joint_load, 0), 0.2 * end * GRAVITY, 0.01 * end);
        para_world_group_destroy(group);
    }
}

/// A ring of welds has more of them than it needs.
static void test_ring_of_welds_keeps_its_shape(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.6f, 0.0f);
    for (int i = 0; i < 6; i++) {
        float angle = (float)(PARA_TAU / 6.0 * i);
        int plank = add_plank(2.0f * cosf(angle), 3.0f + 2.0f * sinf(angle), 0.5f, 0.5f, 1.0f);
        if (i > 0)
            scene_joint_at(&scene, PARA_JOINT_WELD, plank - 1, plank, 0.0f, 3.0f);
    }
    scene_joint_at(&scene, PARA_JOINT_WELD, 6, 1, 0.0f, 3.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double worst = 0;
    for (int i = 0; i < 300; i++) {
        para_world_step(world);
        double width = hypot((double)AT(view, x, 1) - (double)AT(view, x, 4),
                             (double)AT(view, y, 1) - (double)AT(view, y, 4));
        worst = fmax(worst, fabs(width - 4.0));
    }
    printf("ring of welds: %.1e m out of shape at most, ends with %.1e m/s\n", worst,
           fabs((double)AT(view, vy, 1)));
    assert_int_equal(view->status, PARA_WORLD_FINE);
    assert_true(worst < 0.02 && fabs((double)AT(view, vy, 1)) < 0.01);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Swings.

/// A ball on an arm without mass, let go level, for 60 s: its energy stays within 1 % of what it has to give.
static void test_pendulum_keeps_its_energy(void **state)
{
    (void)state;
    static const float lengths[] = {0.5f, 2.0f, 6.0f};
    for (int i = 0; i < 3; i++)
        for (int rod = 0; rod < 2; rod++) {
            scene_begin(&scene);
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            int ball = scene_body(&scene, PARA_BODY_DYNAMIC, lengths[i], 0.0f);
            scene_circle(&scene, 0.2f);
            if (rod)
                scene_joint(&scene, PARA_JOINT_DISTANCE, 0, ball, (ParaVec2){0, 0}, (ParaVec2){0, 0});
            else
                scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 0, ball, 0.0f, 0.0f);
            ParaWorldGroup *group = scene_group(&scene, 1);
            ParaWorld world = para_world_at(group, 0);
            const ParaView *view = para_world_view(world);
            double start = para_energy_total(para_world_energy(view)), worst = 0,
                   scale = (double)AT(view, mass, ball) * GRAVITY * (double)lengths[i];
            for (int k = 0; k < 3600; k++) {
                para_world_step(world);
                double off = (para_energy_total(para_world_energy(view)) - start) / scale;
                worst = fabs(off) > fabs(worst) ? off : worst;
            }
            printf("pendulum of %.1f m on a %s: %.2e of its energy off at most\n", (double)lengths[i],
                   rod ? "rod" : "hinge", worst);
            assert_true(fabs(worst) < 0.01);
            para_world_group_destroy(group);
        }
}

/// Four rods in a ring that fly and turn: a closed chain loses nothing.
static void test_closed_chain_keeps_its_energy(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    static const float xs[] = {0.0f, 1.0f, 0.0f, -1.0f}, ys[] = {1.0f, 0.0f, -1.0f, 0.0f};
    for (int i = 0; i < 4; i++) {
        int plank = add_plank(xs[i], ys[i], i % 2 ? 0.2f : 2.0f, i % 2 ? 2.0f : 0.2f, 1.0f);
        scene.bodies[plank].velocity = (ParaVec2){-3.0f * ys[i], 3.0f * xs[i]};
        scene.bodies[plank].spin = 3.0f;
    }
    static const float at[4][2] = {{1, 1}, {1, -1}, {-1, -1}, {-1, 1}};
    for (int i = 0; i < 4; i++)
        scene_joint_at(&scene, PARA_JOINT_REVOLUTE, i, (i + 1) % 4, at[i][0], at[i][1]);
    scene.bodies[0].velocity.x += 1.0f; // and it folds
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    para_world_step(world); // what the joints make of the push
    double start = para_energy_total(para_world_energy(view)), least = start, most = start;
    for (int i = 0; i < 1200; i++) {
        para_world_step(world);
        double energy = para_energy_total(para_world_energy(view));
        least = fmin(least, energy);
        most = fmax(most, energy);
    }
    printf("closed chain: %.4f to %.4f of its energy in 20 s\n", least / start, most / start);
    assert_true(least > 0.98 * start && most < 1.02 * start);
    para_world_group_destroy(group);
}

/// Runs the scene. @return how far its energy rose above the least so far, in shares of the most that moved
static double largest_rise(int steps)
{
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double least = para_energy_total(para_world_energy(view)), moving = 1e-9, rise = 0;
    for (int i = 0; i < steps; i++) {
        para_world_step(world);
        ParaEnergy energy = para_world_energy(view);
        least = fmin(least, para_energy_total(energy));
        moving = fmax(moving, energy.kinetic);
        rise = fmax(rise, para_energy_total(energy) - least);
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
    return rise / moving;
}

/// A short arm that hangs from a long one whips round: it wants a finer cut than the rest of the swing, again
/// and again.
static void test_two_arms_gain_no_energy(void **state)
{
    (void)state;
    double worst = 0;
    for (int i = 0; i < 5; i++) {
        float length = 0.4f + 0.2f * (float)i;
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 2.0f, 0.0f);
        scene_circle(&scene, 0.3f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 2.0f + length, 0.0f);
        scene_circle(&scene, 0.1f);
        scene.bodies[1].group = scene.bodies[2].group = 1;
        scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 0, 1, 0.0f, 0.0f);
        scene_joint_at(&scene, PARA_JOINT_REVOLUTE, 1, 2, 2.0f, 0.0f);
        double rise = largest_rise(1800);
        printf("arms of 2.0 and %.1f m: energy rises by %.3f of what moves\n", (double)length, rise);
        worst = fmax(worst, rise);
    }
    assert_true(worst < 0.05);
}

/// A slack zigzag between two nails falls until its links lie nearly in one line.
static void test_chain_pulled_straight_gains_no_energy(void **state)
{
    (void)state;
    double worst = 0;
    for (int count = 4; count <= 9; count++) {
        scene_begin(&scene);
        scene.def.rate = 30;
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        float step = 6.0f / (float)count, rise = 0.6f * step, length = hypotf(step, rise);
        for (int i = 0; i <= count; i++) {
            float sign = i % 2 ? -1.0f : 1.0f, x = step * (float)i, y = i % 2 ? rise : 0.0f;
            int link = i < count ? add_plank(x + 0.5f * step, 0.5f * rise, 0.98f * length, 0.2f, 1.0f) : 0;
            scene.bodies[link].angle = link ? sign * atan2f(rise, step) : 0.0f;
            scene_joint_at(&scene, PARA_JOINT_REVOLUTE, i, link, x, y);
        }
        double gained = largest_rise(600);
        printf("chain of %d between two nails: energy rises by %.3f of what moves\n", count, gained);
        worst = fmax(worst, gained);
    }
    assert_true(worst < 0.15);
}

// ---------------------------------------------------------------------------------------------
// Light links, heavy loads.

static void test_light_chain_carries_a_heavy_load(void **state)
{
    (void)state;
    static const double ratios[] = {10.0, 100.0, 1000.0};
    for (int r = 0; r < 3; r++) {
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        for (int i = 0; i < 6; i++) {
            int link = add_plank(0.0f, -0.25f - 0.5f * (float)i, 0.1f, 0.5f, 10.0f); // 0.5 kg
            scene_joint_at(&scene, PARA_JOINT_REVOLUTE, i ? link - 1 : 0, link, 0.0f, -0.5f * (float)i);
        }
        int load = add_plank(0.0f, -3.5f, 1.0f, 1.0f, (float)(0.5 * ratios[r]));
        scene_joint_at(&scene, PARA_JOINT_REVOLUTE, load - 1, load, 0.0f, -3.0f);
        scene.bodies[load].velocity = (ParaVec2){1.0f, 0.0f};
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double worst = 0, lowest = 0;
        for (int i = 0; i < 600; i++) {
            para_world_step(world);
            for (int k = 0; k < 7; k++) {
                double a[2], b[2], speed[2];
                scene_point(view, scene.joints[k].a, scene.joints[k].anchor_a, a, speed);
                scene_point(view, scene.joints[k].b, scene.joints[k].anchor_b, b, speed);
                worst = fmax(worst, hypot(a[0] - b[0], a[1] - b[1]));
            }
            lowest = fmin(lowest, (double)AT(view, y, load));
        }
        printf("load of %.0f times a link: anchors %.1e m apart at most, lowest at %.4f m\n", ratios[r],
               worst, lowest);
        assert_int_equal(view->status, PARA_WORLD_FINE);
        assert_true(worst < 0.02 && lowest > -3.52);
        para_world_group_destroy(group);
    }
}

/// Two links and a swinging load that is as heavy as so many substeps hold: lanes has such joints in rows.
static void test_substeps_hold_a_load_as_their_square(void **state)
{
    (void)state;
    for (int substeps = 1; substeps <= 4; substeps++) {
        scene_begin(&scene);
        scene.def.substeps = substeps;
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        for (int k = 0; k < 2; k++) {
            add_plank(0.0f, -0.25f - 0.5f * (float)k, 0.1f, 0.5f, 1.0f);
            scene_joint_at(&scene, PARA_JOINT_REVOLUTE, k, k + 1, 0.0f, -0.5f * (float)k);
        }
        float ratio = 7.9f * (float)(substeps * substeps);
        int load = add_plank(0.0f, -1.5f, 1.0f, 1.0f, 0.05f * ratio);
        scene_joint_at(&scene, PARA_JOINT_REVOLUTE, load - 1, load, 0.0f, -1.0f);
        scene.bodies[load].velocity = (ParaVec2){3.0f, 0.0f};
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double worst = 0;
        for (int i = 0; i < 600; i++) {
            para_world_step(world);
            for (int k = 0; k < 3; k++) {
                double a[2], b[2], speed[2];
                scene_point(view, scene.joints[k].a, scene.joints[k].anchor_a, a, speed);
                scene_point(view, scene.joints[k].b, scene.joints[k].anchor_b, b, speed);
                worst = fmax(worst, hypot(a[0] - b[0], a[1] - b[1]));
            }
        }
        printf("%d substeps, load of %.0f times a link: anchors %.1e m apart at most\n", substeps,
               (double)ratio, worst);
        assert_int_equal(view->status, PARA_WORLD_FINE);
        assert_true(worst < 0.004);
        para_world_group_destroy(group);
    }
}

/// A tilted hull that falls on a leg of a seventieth of it, which is pressed to its limit: nothing bounces.
/// Lanes wants iterations for that: the leg alone is what its contact sees.
static void test_light_leg_at_its_limit_does_not_bounce(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.1f, 0.0f);
    scene.def.rate = 50.0f;
    scene.def.substeps = 2;
    scene.def.iterations = 100;
    int hull = add_plank(0.0f, 2.0f, 1.1f, 0.9f, 5.0f);
    int leg = add_plank(0.1676f, 1.1195f, 0.14f, 0.53f, 1.0f);
    scene.bodies[hull].angle = -1.04f;
    scene.bodies[leg].angle = -0.69f;
    int hip = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, hull, leg, 0.0f, 2.0f);
    limit_and_motor(hip, 0.0f, 0.5f);
    scene.bodies[hull].velocity = scene.bodies[leg].velocity = (ParaVec2){3.0f, -4.0f};
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), motor_rate, hip) = -0.3f;
    AT(para_world_inputs(world), motor_max, hip) = 40.0f;
    double up = 0, energy = para_energy_total(para_world_energy(view)), gain = 0;
    for (int i = 0; i < 40; i++) {
        para_world_step(world);
        double now = para_energy_total(para_world_energy(view));
        gain = fmax(gain, now - energy);
        energy = now;
        up = fmax(up, (double)AT(view, vy, hull));
    }
    printf("a hull on a light leg: up at %.2f m/s at most, %.2f J in a step\n", up, gain);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    assert_true(up < scene_limit(0.2, 1.3) && gain < 0.5);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_joints_hard[] = {
    SCENE_TEST(test_motor_does_not_push_through_its_limit),
    SCENE_TEST(test_motor_of_a_loaded_arm_keeps_its_limit),
    SCENE_TEST(test_springs_of_every_stiffness_stay_finite),
    SCENE_TEST(test_a_net_of_stiff_springs_holds),
    SCENE_TEST(test_welded_beam_rests),
    SCENE_TEST(test_ring_of_welds_keeps_its_shape),
    SCENE_TEST(test_pendulum_keeps_its_energy),
    SCENE_TEST(test_closed_chain_keeps_its_energy),
    SCENE_TEST(test_two_arms_gain_no_energy),
    SCENE_TEST(test_chain_pulled_straight_gains_no_energy),
    SCENE_TEST(test_light_chain_carries_a_heavy_load),
    SCENE_TEST(test_substeps_hold_a_load_as_their_square),
    SCENE_TEST(test_light_leg_at_its_limit_does_not_bounce),
};
const size_t para_tests_world_joints_hard_count =
    sizeof para_tests_world_joints_hard / sizeof *para_tests_world_joints_hard;
