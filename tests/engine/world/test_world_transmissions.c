// SPDX-License-Identifier: MIT
// Pulleys, gears, racks, slack ropes and springs with limits, each held against its law on both solvers:
// Atwood's machine, ratios of speed and torque, what is kept over a minute, what is slack, and what a
// snapshot in the middle, a break and a new grip do.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define G 9.81

static Scene scene;

static int disc(float x, float y, float radius, float mass)
{
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    int shape = scene_circle(&scene, radius);
    scene.shapes[shape].density = mass / (float)(PARA_PI * (double)radius * (double)radius);
    return body;
}

/// A disc that turns about its middle on `frame`. @return its body
static int wheel(int frame, float x, float y, float radius, float mass)
{
    int body = disc(x, y, radius, mass);
    int hinge = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, frame, body, x, y);
    scene.joints[hinge].motored = true;
    return body;
}

static double total(ParaWorld world) { return para_energy_total(para_world_energy(para_world_view(world))); }

static double moment_of(double mass, double radius) { return 0.5 * mass * radius * radius; }

// ---------------------------------------------------------------------------------------------
// Pulleys.

/// Two loads under two wheels at y = 10, the rope as long as it is.
static int pulley(float mass_a, float mass_b, float length_a, float length_b, float ratio)
{
    scene_begin(&scene);
    int a = disc(-1.0f, 10.0f - length_a, 0.2f, mass_a), b = disc(1.0f, 10.0f - length_b, 0.2f, mass_b);
    int joint = scene_joint(&scene, PARA_JOINT_PULLEY, a, b, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    ParaJointDef *def = &scene.joints[joint];
    def->wheel_a = (ParaVec2){-1.0f, 10.0f};
    def->wheel_b = (ParaVec2){1.0f, 10.0f};
    def->ratio = ratio;
    def->rest = length_a + ratio * length_b;
    return joint;
}

static void test_atwoods_machine(void **state)
{
    (void)state;
    int joint = pulley(3.0f, 2.0f, 2.0f, 6.0f, 1.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 60);
    double a = (3.0 - 2.0) * G / (3.0 + 2.0);
    scene_near((double)AT(view, vy, 0), -a, 0.01 * a);
    scene_near((double)AT(view, vy, 1), a, 0.01 * a);
    scene_near((double)AT(view, joint_load, joint), 2.0 * 3.0 * 2.0 * G / (3.0 + 2.0), 0.1);
    scene_near((double)AT(view, joint_angle, joint), 8.0, 1e-4);
    para_world_group_destroy(group);
}

static void test_a_pulley_of_ratio_two(void **state)
{
    (void)state;
    // a lifts twice its weight: it falls 2 s where b rises s. Balanced at m_b = 2 m_a; here b weighs less.
    pulley(2.0f, 3.0f, 2.0f, 6.0f, 2.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 60);
    double b = (2.0 * 2.0 - 3.0) * G / (4.0 * 2.0 + 3.0); // m_a (g - 2b) 2 = m_b (g + b)
    scene_near((double)AT(view, vy, 1), b, 0.01 * b);
    scene_near((double)AT(view, vy, 0), -2.0 * b, 0.02 * b);
    scene_near((double)AT(view, joint_load, 0), 2.0 * (G - 2.0 * b), 0.1);
    para_world_group_destroy(group);
    pulley(2.0f, 4.0f, 3.0f, 3.0f, 2.0f);
    group = scene_group(&scene, 1);
    world = para_world_at(group, 0);
    scene_steps(world, 300);
    scene_near((double)AT(para_world_view(world), y, 0), 7.0, 1e-3);
    para_world_group_destroy(group);
}

static void test_a_rope_keeps_its_length_for_a_minute(void **state)
{
    (void)state;
    pulley(2.0f, 2.0f, 4.0f, 4.0f, 1.0f);
    scene.bodies[0].velocity = (ParaVec2){2.0f, 0.0f}; // a swings, and pulls b up and down
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double energy = total(world), most = -1e9, longest = 0.0;
    for (int i = 0; i < 3600; i++) {
        para_world_step(world);
        most = fmax(most, total(world) - energy);
        longest = fmax(longest, (double)AT(view, joint_angle, 0));
        if (hypot((double)AT(view, x, 0) + 1.0, (double)AT(view, y, 0) - 10.0) < 0.5 ||
            hypot((double)AT(view, x, 1) - 1.0, (double)AT(view, y, 1) - 10.0) < 0.5)
            break; // drawn up to a wheel
    }
    assert_true(longest < 8.0 + scene_limit(2e-3, 2e-3));
    assert_true(most < 0.5); // of 4 J that swing
    para_world_group_destroy(group);
}

static void test_a_lifted_load_makes_the_rope_slack(void **state)
{
    (void)state;
    int joint = pulley(2.0f, 2.0f, 4.0f, 4.0f, 1.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 10);
    para_world_set_velocity(world, 0, (ParaVec2){0, 0}, 0);
    para_world_apply_impulse(world, 0, (ParaVec2){0, 2.0f * 5.0f});
    scene_steps(world, 30);
    // a flies up, b falls, freely both
    scene_near((double)AT(view, vy, 0), 5.0 - 0.5 * G, 0.01);
    scene_near((double)AT(view, vy, 1), -0.5 * G, 0.01);
    assert_true((double)AT(view, joint_load, joint) == 0.0);
    scene_steps(world, 120);
    assert_true((double)AT(view, joint_angle, joint) < 8.0 + 2e-3);
    para_world_group_destroy(group);
    scene.joints[joint].rigid = true; // one that pushes, too: the blow is shared
    group = scene_group(&scene, 1);
    world = para_world_at(group, 0);
    para_world_apply_impulse(world, 0, (ParaVec2){0, 2.0f * 5.0f});
    scene_steps(world, 1);
    scene_near((double)AT(para_world_view(world), vy, 0), 2.5, 1e-2);
    scene_near((double)AT(para_world_view(world), vy, 1), -2.5, 1e-2);
    para_world_group_destroy(group);
}

/// A light load is drawn up to its wheel by a heavy one, and stays there.
static void test_a_load_jams_in_its_wheel(void **state)
{
    (void)state;
    for (int swing = 0; swing < 2; swing++) {
        pulley(0.2f, 5.0f, 5.0f, 3.0f, 1.0f);
        scene.bodies[0].velocity.x = swing ? 0.5f : 0.0f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double most = total(world), longest = 0.0;
        for (int i = 0; i < 900; i++) {
            para_world_step(world);
            assert_true(total(world) < most + scene_limit(12.0, 1.5)); // of 245 J, at the one blow
            if (i >= 300)
                longest = fmax(longest, (double)AT(view, joint_angle, 0));
        }
        assert_true(longest < 8.1);
        assert_true((double)AT(view, y, 1) > 10.0 - 8.1 && fabs((double)AT(view, vy, 1)) < 0.5);
        para_world_group_destroy(group);
    }
}

static void test_a_pulley_breaks_and_is_made_again(void **state)
{
    (void)state;
    int joint = pulley(2.0f, 2.0f, 4.0f, 4.0f, 1.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    para_world_break_joint(world, joint);
    scene_steps(world, 12);
    scene_near((double)AT(view, vy, 0), -0.2 * G, 1e-2);
    para_world_make_joint(world, joint);
    for (int i = 0; i < 300; i++) {
        para_world_step(world);
        assert_true(fabs((double)AT(view, vy, 0)) < 3.0); // drawn back like by a winch
    }
    scene_near((double)AT(view, joint_angle, joint), 8.0, 2e-3);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Gears.

/// Two wheels on a static frame, geared.
static int gears(float ratio)
{
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    int frame = scene_body(&scene, PARA_BODY_STATIC, 0, 0);
    int a = wheel(frame, -1.0f, 0.0f, 0.5f, 2.0f), b = wheel(frame, 1.0f, 0.0f, 1.0f, 3.0f);
    int joint = scene_joint(&scene, PARA_JOINT_GEAR, a, b, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[joint].ratio = ratio;
    return joint;
}

static void test_gears_turn_in_their_ratio(void **state)
{
    (void)state;
    static const float ratios[] = {2.0f, -2.0f, 0.25f, -7.5f};
    for (int r = 0; r < 4; r++) {
        double ratio = (double)ratios[r], torque = 0.3;
        int joint = gears(ratios[r]);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        AT(para_world_inputs(world), torque, 1) = (float)torque;
        scene_steps(world, 60);
        // a turns, b at -1 / ratio of its rate: its moment counts as much as 1 / ratio^2
        double felt = moment_of(2.0, 0.5) + moment_of(3.0, 1.0) / (ratio * ratio), rate = torque / felt;
        scene_near((double)AT(view, spin, 1), rate, 0.005 * rate);
        scene_near((double)AT(view, spin, 2), -rate / ratio, fabs(0.005 * rate / ratio));
        double on_a = torque - moment_of(2.0, 0.5) * rate;
        scene_near((double)AT(view, joint_load, joint), on_a, 0.02 * on_a);
        scene_near((double)AT(view, joint_angle, joint), (double)AT(view, angle, 1), 1e-5);
        scene_near((double)AT(view, joint_speed, joint), (double)AT(view, spin, 1), 1e-5);
        para_world_group_destroy(group);
    }
}

static void test_gears_do_not_slip_in_a_thousand_turns(void **state)
{
    (void)state;
    gears(-3.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), motor_rate, 0) = 100.0f; // a's hinge drives both
    AT(para_world_inputs(world), motor_max, 0) = 50.0f;
    double worst = 0.0;
    for (int i = 0; i < 3780; i++) {
        para_world_step(world);
        AT(para_world_inputs(world), torque, 2) = i / 60 % 2 ? 3.0f : -3.0f;
        // of what floats of 6000 rad can tell
        worst = fmax(worst, fabs((double)AT(view, angle, 1) - 3.0 * (double)AT(view, angle, 2)));
    }
    assert_true(fabs((double)AT(view, angle, 1)) > 1000.0 * PARA_TAU * 0.99);
    assert_true(worst < 5e-3);
    double a = para_atan2((double)AT(view, sin, 1), (double)AT(view, cos, 1)),
           b = 3.0 * para_atan2((double)AT(view, sin, 2), (double)AT(view, cos, 2)), off = a - b;
    off -= PARA_TAU * floor(off / PARA_TAU + 0.5);
    scene_near(off, 0.0, 1e-3);
    para_world_group_destroy(group);
}

/// A frame that turns about its middle with a wheel fixed to the world in its middle, and one geared to it.
static void test_gears_on_a_carrier_that_turns(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    int ground = scene_body(&scene, PARA_BODY_STATIC, 0, 0);
    int frame = disc(0, 0, 0.3f, 1.0f);
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, ground, frame, 0, 0);
    int planet = wheel(frame, 1.0f, 0.0f, 0.4f, 1.0f);
    int joint = scene_joint(&scene, PARA_JOINT_GEAR, ground, planet, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[joint].ratio = 0.5f;
    scene.joints[joint].carrier = (int16_t)frame;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), torque, frame) = 1.0f;
    scene_steps(world, 240);
    // (0 - f) + 0.5 (p - f) = 0: the planet turns three times as fast as the frame
    double f = (double)AT(view, spin, frame), felt = moment_of(1.0, 0.3) + 1.0 + 9.0 * moment_of(1.0, 0.4);
    scene_near(f, 4.0 / felt, 0.01 * 4.0 / felt);
    scene_near((double)AT(view, spin, planet), 3.0 * f, 0.02);
    scene_near((double)AT(view, angle, planet), 3.0 * (double)AT(view, angle, frame), 2e-3);
    para_world_group_destroy(group);
}

static void test_a_gear_takes_hold_where_it_is_made(void **state)
{
    (void)state;
    int joint = gears(2.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    para_world_break_joint(world, joint);
    para_world_set_velocity(world, 1, (ParaVec2){0, 0}, 4.0f);
    scene_steps(world, 60);
    scene_near((double)AT(view, spin, 2), 0.0, 1e-6);
    double b = (double)AT(view, angle, 2);
    para_world_make_joint(world, joint);
    scene_steps(world, 1);
    double kept = 4.0 * moment_of(2.0, 0.5) / (moment_of(2.0, 0.5) + moment_of(3.0, 1.0) / 4.0);
    scene_near((double)AT(view, spin, 1), kept, 1e-3); // a clutch: no jump, one loss
    double sum = (double)AT(view, angle, 1) + 2.0 * (double)AT(view, angle, 2);
    scene_near(b, 0.0, 1e-6);
    scene_steps(world, 600);
    scene_near((double)AT(view, angle, 1) + 2.0 * (double)AT(view, angle, 2), sum, 1e-3);
    scene_near((double)AT(view, joint_angle, joint), kept * 601.0 / 60.0, 2e-2);
    para_world_place_body(world, 2, (ParaVec2){1.0f, 0.0f}, 1.0f, (ParaVec2){0, 0}, 0.0f);
    scene_steps(world, 2);
    assert_true(fabs((double)AT(view, spin, 1)) < 4.0); // it holds as it stands
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Racks.

/// A wheel on a frame and a bar on rails beside it.
static int rack(int frame)
{
    int pinion = wheel(frame, 0.0f, 2.0f, 0.5f, 2.0f), bar = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 1.4f);
    int shape = scene_box(&scene, 2.0f, 0.2f);
    scene.shapes[shape].density = 3.0f / 0.4f;
    int rail = scene_joint_at(&scene, PARA_JOINT_PRISMATIC, frame, bar, 0, 1.4f);
    scene.joints[rail].axis = (ParaVec2){1.0f, 0.0f};
    int joint = scene_joint(&scene, PARA_JOINT_RACK, pinion, bar, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[joint].axis = (ParaVec2){1.0f, 0.0f};
    scene.joints[joint].ratio = 0.5f;
    return joint;
}

static void test_a_rack_goes_as_its_wheel_turns(void **state)
{
    (void)state;
    scene_begin(&scene);
    int frame = scene_body(&scene, PARA_BODY_STATIC, 0, 0), joint = rack(frame);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), torque, 1) = 2.0f;
    scene_steps(world, 120);
    double rate = 2.0 * 2.0 / (moment_of(2.0, 0.5) + 3.0 * 0.25); // after 2 s
    scene_near((double)AT(view, spin, 1), rate, 0.005 * rate);
    scene_near((double)AT(view, vx, 2), 0.5 * rate, 0.005 * rate);
    scene_near((double)AT(view, x, 2), 0.5 * (double)AT(view, angle, 1), 1e-3);
    scene_near((double)AT(view, joint_angle, joint), (double)AT(view, x, 2), 1e-4);
    scene_near((double)AT(view, joint_speed, joint), (double)AT(view, vx, 2), 1e-4);
    scene_near((double)AT(view, joint_load, joint), 3.0 * 0.25 * rate, 0.05);
    assert_true((double)AT(view, angle, 1) > PARA_TAU / 2.0);
    para_world_group_destroy(group);
}

static void test_a_rack_on_a_carrier_that_moves(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    int frame = disc(0, 0, 1.0f, 20.0f), joint = rack(frame);
    scene.joints[joint].carrier = (int16_t)frame;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    ParaWorldMotion before = para_world_motion(view);
    AT(para_world_inputs(world), motor_rate, 0) = 1.5f;
    AT(para_world_inputs(world), motor_max, 0) = 20.0f;
    scene_steps(world, 90);
    double turned = (double)AT(view, angle, 1) - (double)AT(view, angle, 0);
    assert_true(fabs(turned) > 1.0);
    scene_near((double)AT(view, joint_angle, joint), 0.5 * turned, 5e-3);
    scene_near((double)AT(view, joint_angle, joint), (double)AT(view, joint_angle, 1), 5e-3); // of the rail
    ParaWorldMotion after = para_world_motion(view); // all forces are inner ones
    scene_near(after.momentum_x, before.momentum_x, 1e-3);
    scene_near(after.momentum_y, before.momentum_y, 1e-3);
    scene_near(after.angular_momentum, before.angular_momentum, 2e-2);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Ropes.

static void test_a_slack_rope_is_free_and_then_taut(void **state)
{
    (void)state;
    scene_begin(&scene);
    int ground = scene_body(&scene, PARA_BODY_STATIC, 0, 10.0f);
    int load = disc(1.0f, 10.0f, 0.1f, 2.0f);
    int joint = scene_joint(&scene, PARA_JOINT_DISTANCE, ground, load, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[joint].limited = true;
    scene.joints[joint].upper = 3.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 30);
    scene_near((double)AT(view, vy, load), -0.5 * G, 1e-3);
    assert_true((double)AT(view, joint_load, joint) == 0.0);
    double least = 1e9, longest = 0.0, gain = -1e9;
    for (int i = 0; i < 600; i++) {
        para_world_step(world);
        double energy = total(world);
        gain = fmax(gain, energy - least);
        least = fmin(least, energy);
        longest = fmax(longest, (double)AT(view, joint_angle, joint));
    }
    assert_true(longest > 2.99 && longest < 3.0 + scene_limit(5e-3, 5e-3));
    assert_true(gain < 0.6); // of 39 J from the anchor down to the lowest place
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Springs with limits.

static void test_a_spring_stops_at_its_limits(void **state)
{
    (void)state;
    scene_begin(&scene);
    int ground = scene_body(&scene, PARA_BODY_STATIC, 0, 10.0f);
    int load = disc(0.0f, 9.0f, 0.1f, 2.0f);
    int joint = scene_joint(&scene, PARA_JOINT_SPRING, ground, load, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    ParaJointDef *def = &scene.joints[joint];
    def->stiffness = 20.0f; // a weight of 19.6 N would stretch it by a metre, and swing to two
    def->rest = 1.0f;
    def->limited = true;
    def->lower = 0.8f;
    def->upper = 1.5f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double longest = 0.0;
    for (int i = 0; i < 300; i++) {
        para_world_step(world);
        longest = fmax(longest, (double)AT(view, joint_angle, joint));
    }
    assert_true(longest < 1.5 + 2e-3);
    scene_near((double)AT(view, joint_angle, joint), 1.5, 2e-3);
    scene_near((double)AT(view, joint_load, joint), 2.0 * G, 0.1); // of spring and stop together
    para_world_set_gravity(world, (ParaVec2){0, 30.0f});
    double shortest = 1e9;
    for (int i = 0; i < 300; i++) {
        para_world_step(world);
        shortest = fmin(shortest, (double)AT(view, joint_angle, joint));
    }
    scene_near(shortest, 0.8, 2e-3);
    scene_near((double)AT(view, joint_angle, joint), 0.8, 2e-3);
    para_world_group_destroy(group);
}

static void test_a_spring_within_its_limits_is_as_one_without(void **state)
{
    (void)state;
    double places[2];
    for (int limited = 0; limited < 2; limited++) {
        scene_begin(&scene);
        int ground = scene_body(&scene, PARA_BODY_STATIC, 0, 10.0f);
        int load = disc(0.0f, 8.5f, 0.1f, 2.0f);
        int joint = scene_joint(&scene, PARA_JOINT_SPRING, ground, load, (ParaVec2){0, 0}, (ParaVec2){0, 0});
        scene.joints[joint].stiffness = 50.0f;
        scene.joints[joint].rest = 1.0f;
        scene.joints[joint].limited = limited != 0;
        scene.joints[joint].lower = 0.2f;
        scene.joints[joint].upper = 3.0f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        scene_steps(para_world_at(group, 0), 100);
        places[limited] = (double)AT(para_world_view(para_world_at(group, 0)), y, load);
        para_world_group_destroy(group);
    }
    scene_near(places[0], places[1], 1e-2); // lanes solves the one in rows, the other in a knot
}

// ---------------------------------------------------------------------------------------------

static void test_snapshots_in_the_middle_go_on_with_the_same_bits(void **state)
{
    (void)state;
    scene_machines(&scene);
    ParaWorldGroup *group = scene_group(&scene, 2);
    ParaWorld world = para_world_at(group, 0), twin = para_world_at(group, 1);
    static const int moments[] = {35, 45, 70, 152};
    for (int m = 0, i = 0; m < 4; m++) {
        for (; i < moments[m]; i++) {
            scene_machines_act(world, i);
            para_world_step(world);
        }
        size_t size = para_world_snapshot_size(world);
        void *image = malloc(size);
        assert_non_null(image);
        assert_int_equal(para_world_save(world, image, size), size);
        assert_true(para_world_clone(world, twin, NULL));
        uint64_t hashes[3];
        for (int run = 0; run < 3; run++) {
            ParaWorld runs = run == 2 ? twin : world;
            for (int k = i; k < i + 60; k++) {
                scene_machines_act(runs, k);
                para_world_step(runs);
            }
            hashes[run] = para_world_hash(runs);
            if (run < 2)
                assert_true(para_world_restore(world, image, size));
        }
        assert_true(hashes[0] == hashes[1] && hashes[0] == hashes[2]);
        assert_int_equal(para_world_view(world)->status, PARA_WORLD_FINE);
        free(image);
    }
    para_world_group_destroy(group);
}

static void test_a_carrier_that_goes_takes_its_gear_along(void **state)
{
    (void)state;
    scene_machines(&scene);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 20);
    para_world_disable_body(world, 1);
    assert_true(AT(view, joint_enabled, 4) == 0 && AT(view, joint_enabled, 5) == 0);
    scene_steps(world, 20);
    para_world_enable_body(world, 1);
    assert_true(AT(view, joint_enabled, 4) == 1 && AT(view, joint_enabled, 5) == 1);
    scene_steps(world, 120);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
}

/// Sixty bodies of which each is geared to each of the next: more than lanes solves at once.
static void test_auto_takes_chipmunk_where_lanes_cannot(void **state)
{
    (void)state;
    char why[160];
    scene_begin(&scene);
    for (int i = 0; i < 60; i++)
        disc((float)i, 0.0f, 0.3f, 1.0f);
    for (int i = 0; i < 60; i++) {
        int joint = scene_joint(&scene, PARA_JOINT_GEAR, i, (i + 1) % 60, (ParaVec2){0, 0}, (ParaVec2){0, 0});
        scene.joints[joint].ratio = -1.0f;
        scene.joints[joint].carrier = (int16_t)((7 * i + 23) % 60);
    }
    assert_true(para_world_def_check(&scene.def, NULL));
    assert_false(para_solver_fits(PARA_SOLVER_LANES, &scene.def, why, sizeof why));
    assert_non_null(strstr(why, "than lanes solves at once"));
    assert_true(para_solver_fits(PARA_SOLVER_AUTO, &scene.def, why, sizeof why));
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    assert_true(para_world_build(para_world_at(group, 0), &scene.def, NULL));
    assert_int_equal(para_world_solver(para_world_at(group, 0)), PARA_SOLVER_CHIPMUNK);
    scene_steps(para_world_at(group, 0), 5);
    assert_int_equal(para_world_view(para_world_at(group, 0))->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
    scene_machines(&scene);
    assert_true(para_solver_fits(PARA_SOLVER_LANES, &scene.def, why, sizeof why));
}

static void test_what_is_no_transmission_is_refused(void **state)
{
    (void)state;
    scene_machines(&scene);
    static const struct {
        int joint;
        size_t field;
        float value;
    } wrong[] = {
        {3, offsetof(ParaJointDef, ratio), -1.0f},   {3, offsetof(ParaJointDef, ratio), 0.0f},
        {3, offsetof(ParaJointDef, rest), -1.0f},    {3, offsetof(ParaJointDef, wheel_b), NAN},
        {4, offsetof(ParaJointDef, ratio), 0.0005f}, {4, offsetof(ParaJointDef, ratio), 2000.0f},
        {5, offsetof(ParaJointDef, axis), 2.0f},     {6, offsetof(ParaJointDef, upper), 0.4f},
        {6, offsetof(ParaJointDef, upper), 0.5005f},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        float *field = (float *)((char *)&scene.joints[wrong[i].joint] + wrong[i].field), kept = *field;
        *field = wrong[i].value;
        if (para_world_def_check(&scene.def, NULL))
            fail_msg("nonsense %d is taken", (int)i);
        *field = kept;
    }
    scene.joints[4].carrier = (int16_t)scene.joints[4].a;
    assert_false(para_world_def_check(&scene.def, NULL));
    scene.joints[4].carrier = 400;
    assert_false(para_world_def_check(&scene.def, NULL));
    scene.joints[4].carrier = -1;
    scene.bodies[scene.joints[4].a].fixed_rotation = scene.bodies[scene.joints[4].b].fixed_rotation = true;
    assert_false(para_world_def_check(&scene.def, NULL));
    scene.bodies[scene.joints[4].b].fixed_rotation = false;
    assert_true(para_world_def_check(&scene.def, NULL));
}

const struct CMUnitTest para_tests_world_transmissions[] = {
    SCENE_TEST(test_atwoods_machine),
    SCENE_TEST(test_a_pulley_of_ratio_two),
    SCENE_TEST(test_a_rope_keeps_its_length_for_a_minute),
    SCENE_TEST(test_a_lifted_load_makes_the_rope_slack),
    SCENE_TEST(test_a_load_jams_in_its_wheel),
    SCENE_TEST(test_a_pulley_breaks_and_is_made_again),
    SCENE_TEST(test_gears_turn_in_their_ratio),
    SCENE_TEST(test_gears_do_not_slip_in_a_thousand_turns),
    SCENE_TEST(test_gears_on_a_carrier_that_turns),
    SCENE_TEST(test_a_gear_takes_hold_where_it_is_made),
    SCENE_TEST(test_a_rack_goes_as_its_wheel_turns),
    SCENE_TEST(test_a_rack_on_a_carrier_that_moves),
    SCENE_TEST(test_a_slack_rope_is_free_and_then_taut),
    SCENE_TEST(test_a_spring_stops_at_its_limits),
    SCENE_TEST(test_a_spring_within_its_limits_is_as_one_without),
    SCENE_TEST(test_snapshots_in_the_middle_go_on_with_the_same_bits),
    SCENE_TEST(test_a_carrier_that_goes_takes_its_gear_along),
    cmocka_unit_test(test_auto_takes_chipmunk_where_lanes_cannot),
    cmocka_unit_test(test_what_is_no_transmission_is_refused),
};
const size_t para_tests_world_transmissions_count =
    sizeof para_tests_world_transmissions / sizeof *para_tests_world_transmissions;
