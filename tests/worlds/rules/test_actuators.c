// SPDX-License-Identifier: MIT
// What each kind of actuator does with an action, against hand-made numbers: by the inputs it writes and by
// what becomes of the bodies.
#include "engine/base/maths.h"
#include "tests/worlds/rules/drill.h"

#include <math.h>
#include <stdio.h>

static Drill drill;

#define GRAVITY 9.81
#define STEP    (1.0 / 60.0)

/// A bar of 1 kg on a joint with a static post; the actuator is of a kind for joints.
static ParaActuator *make_bar(ParaActuatorKind kind, ParaJointKind joint)
{
    drill_begin(&drill);
    drill_body(&drill, PARA_BODY_STATIC, 0.0f, 2.0f);
    int bar = drill_body(&drill, PARA_BODY_DYNAMIC, 0.0f, 2.0f);
    scene_box(&drill.scene, 2.0f, 0.5f);
    drill_play_as(&drill, bar);
    scene_joint(&drill.scene, joint, 0, bar, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    drill.scene.joints[0].motored = true;
    ParaActuator *actuator = drill_actuator(&drill, kind, 0);
    actuator->joint = 0;
    return actuator;
}
#define BAR_MOMENT (4.25 / 12.0) ///< [kg m^2]

static void test_motor_sets_rate_and_torque(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        ParaActuator *motor = make_bar(PARA_ACTUATOR_MOTOR, PARA_JOINT_REVOLUTE);
        motor->rate = 5;
        motor->torque = 2;
        motor->brake = 0.5f;
        motor->sign = (float)sign;
        drill_start(&drill);
        const ParaInputs *inputs = drill_inputs(&drill);
        const ParaView *view = drill_view(&drill);
        static const float actions[] = {1.0f, 0.5f, -0.25f, 1.1e-4f, 0.9e-4f, 0.0f, -0.9e-4f};
        for (int i = 0; i < 7; i++) {
            drill_act(&drill, actions[i], 0);
            drill_steps(&drill, 1);
            bool still = fabsf(actions[i]) < 1e-4f; // no action: the brake
            scene_near((double)AT(inputs, motor_rate, 0), still ? 0.0 : 5.0 * sign * (double)actions[i],
                       1e-6);
            scene_near((double)AT(inputs, motor_max, 0), still ? 0.5 : 2.0, 1e-6);
        }
        para_world_set_velocity(drill.world, 1, (ParaVec2){0, 0}, 0.0f);
        drill_act(&drill, 0.5f, 0);
        drill_steps(&drill, 12); // 2 N m on the bar: 1.129 rad/s after 0.2 s
        scene_near((double)AT(view, spin, 1) * sign, 2.0 * 0.2 / BAR_MOMENT, 1e-3);
        drill_steps(&drill, 60);
        scene_near((double)AT(view, spin, 1) * sign, 2.5, 1e-3);
        drill_act(&drill, 0, 0);
        drill_steps(&drill, 30); // 0.5 N m brake it by 0.706 rad/s
        scene_near((double)AT(view, spin, 1) * sign, 2.5 - 0.5 * 0.5 / BAR_MOMENT, 1e-3);
        drill_end(&drill);
    }
}

static void test_torque_pushes_towards_its_sign_and_leaves_free(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        ParaActuator *torque = make_bar(PARA_ACTUATOR_TORQUE, PARA_JOINT_REVOLUTE);
        torque->torque = 3;
        torque->sign = (float)sign;
        drill_start(&drill);
        const ParaView *view = drill_view(&drill);
        drill_act(&drill, 0.5f, 0);
        drill_steps(&drill, 30);
        double spin = 1.5 * 0.5 / BAR_MOMENT;
        scene_near((double)AT(view, spin, 1) * sign, spin, 1e-3);
        drill_act(&drill, 0, 0); // free: it turns on
        drill_steps(&drill, 30);
        scene_near((double)AT(view, spin, 1) * sign, spin, 1e-3);
        drill_act(&drill, -1, 0);
        drill_steps(&drill, 15);
        scene_near((double)AT(view, spin, 1) * sign, spin - 3.0 * 0.25 / BAR_MOMENT, 1e-3);
        scene_near((double)AT(drill_inputs(&drill), motor_rate, 0) * sign, -1000.0, 0.0); // never reached
        drill_end(&drill);
    }
}

/// The action is how hard, never how fast; what turns faster than that is held back as hard.
static void test_torque_pushes_up_to_its_fastest(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        ParaActuator *torque = make_bar(PARA_ACTUATOR_TORQUE, PARA_JOINT_REVOLUTE);
        torque->torque = 3;
        torque->sign = (float)sign;
        torque->fastest = 1;
        drill_start(&drill);
        const ParaView *view = drill_view(&drill);
        drill_act(&drill, 0.5f, 0);
        drill_steps(&drill, 6); // 1.5 N m
        scene_near((double)AT(view, spin, 1) * sign, 1.5 * 0.1 / BAR_MOMENT, 1e-3);
        drill_steps(&drill, 60);
        scene_near((double)AT(view, spin, 1) * sign, 1.0, 1e-3);
        para_world_set_velocity(drill.world, 1, (ParaVec2){0, 0}, 3.0f * (float)sign);
        drill_steps(&drill, 6);
        scene_near((double)AT(view, spin, 1) * sign, 3.0 - 1.5 * 0.1 / BAR_MOMENT, 1e-3);
        drill_act(&drill, 0, 0);
        drill_steps(&drill, 6);
        scene_near((double)AT(view, spin, 1) * sign, 3.0 - 1.5 * 0.1 / BAR_MOMENT, 1e-3); // free
        drill_end(&drill);
    }
}

static void test_slide_drives_a_rail_with_its_force(void **state)
{
    (void)state;
    ParaActuator *slide = make_bar(PARA_ACTUATOR_SLIDE, PARA_JOINT_PRISMATIC);
    drill.scene.joints[0].axis = (ParaVec2){0.6f, 0.8f};
    slide->speed = 2;
    slide->force = 4;
    drill_start(&drill);
    const ParaView *view = drill_view(&drill);
    drill_act(&drill, -0.75f, 0);
    drill_steps(&drill, 15); // 4 N on 1 kg: 1 m/s after 0.25 s
    scene_near((double)AT(view, joint_speed, 0), -1.0, 1e-4);
    drill_steps(&drill, 15);
    scene_near((double)AT(view, joint_speed, 0), -1.5, 1e-4);
    scene_near((double)AT(view, vx, 1), -1.5 * 0.6, 1e-4);
    drill_act(&drill, 0, 0); // it holds
    drill_steps(&drill, 30);
    scene_near((double)AT(view, joint_speed, 0), 0.0, 1e-4);
    scene_near((double)AT(drill_inputs(&drill), motor_max, 0), 4.0, 0.0);
    drill_end(&drill);
}

static void test_slide_moves_a_kinematic_body_along_x(void **state)
{
    (void)state;
    drill_begin(&drill);
    int body = drill_body(&drill, PARA_BODY_KINEMATIC, 1.0f, 2.0f);
    scene_box(&drill.scene, 1.0f, 0.5f);
    drill.scene.bodies[body].spin = 0.4f;
    drill_play_as(&drill, body);
    ParaActuator *slide = drill_actuator(&drill, PARA_ACTUATOR_SLIDE, 0);
    slide->body = body;
    slide->speed = 2;
    slide->sign = -1;
    drill_start(&drill);
    drill_act(&drill, 0.5f, 0);
    drill_steps(&drill, 60);
    const ParaView *view = drill_view(&drill);
    scene_near((double)AT(view, x, body), 0.0, 1e-4);
    scene_near((double)AT(view, y, body), 2.0, 1e-6);
    scene_near((double)AT(view, angle, body), 0.4, 1e-4); // its spin stays
    drill_end(&drill);
}

/// A ball of 2 kg far from everything, which is the player.
static int make_ball(void)
{
    drill_begin(&drill);
    int ball = drill_body(&drill, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
    drill.scene.shapes[scene_circle(&drill.scene, 0.5f)].density = (float)(2.0 / (PARA_PI * 0.25));
    drill_play_as(&drill, ball);
    return ball;
}
#define BALL_MOMENT 0.25 ///< [kg m^2]

static void test_thruster_takes_the_action_for_throttle(void **state)
{
    (void)state;
    for (int one_way = 0; one_way < 2; one_way++)
        for (int sign = -1; sign <= 1; sign += 2) {
            make_ball();
            drill.scene.thrusters[0] = (ParaThrusterDef){0, {0.0f, 0.25f}, {0.8f, 0.6f}, 4.0f};
            drill.scene.def.thruster_count = 1;
            ParaActuator *thruster = drill_actuator(&drill, PARA_ACTUATOR_THRUSTER, 0);
            thruster->thruster = 0;
            thruster->one_way = one_way;
            thruster->sign = (float)sign;
            drill_start(&drill);
            double pushed = 0;
            static const float actions[] = {1.0f, -0.5f, 0.25f, 0.0f, -1.0f};
            for (int i = 0; i < 5; i++) {
                drill_act(&drill, actions[i], 0);
                drill_steps(&drill, 1);
                double throttle = (double)actions[i] * sign;
                throttle = one_way && throttle < 0 ? 0 : throttle;
                scene_near((double)AT(drill_inputs(&drill), throttle, 0), throttle, 0.0);
                pushed += throttle;
            }
            // Torque: r x F = -0.25 m * 0.8 F, at the little turn of these steps.
            scene_near((double)AT(drill_view(&drill), spin, 0), -0.2 * 4.0 * pushed * STEP / BALL_MOMENT,
                       1e-5);
            drill_end(&drill);
        }
}

static void test_twist_adds_up_and_does_not_pile_up(void **state)
{
    (void)state;
    int ball = make_ball();
    for (int i = 0; i < 2; i++) {
        ParaActuator *twist = drill_actuator(&drill, PARA_ACTUATOR_TWIST, i);
        twist->body = ball;
        twist->torque = i ? 0.5f : 2.0f;
        twist->sign = i ? -1.0f : 1.0f;
    }
    drill_start(&drill);
    drill_act(&drill, 0.5f, -1.0f); // 1 + 0.5
    drill_steps(&drill, 30);
    scene_near((double)AT(drill_inputs(&drill), torque, ball), 1.5, 1e-6);
    scene_near((double)AT(drill_view(&drill), spin, ball), 1.5 * 0.5 / BALL_MOMENT, 1e-4);
    drill_act(&drill, 0, 0);
    drill_steps(&drill, 1);
    scene_near((double)AT(drill_inputs(&drill), torque, ball), 0.0, 0.0);
    drill_end(&drill);
}

// ---------------------------------------------------------------------------------------------
// Walk and jump.

/// The ball on a smooth floor with its face at y = -0.5, under gravity of 10 m/s^2 so turned that down is
/// `down`.
static int make_walker(double down, ParaActuatorKind kind)
{
    int ball = make_ball();
    double c = cos(down), s = sin(down); // 0: down is -y
    drill.scene.def.gravity = (ParaVec2){(float)(10.0 * s), (float)(-10.0 * c)};
    int floor = drill_body(&drill, PARA_BODY_KINEMATIC, (float)(1.499 * s), (float)(-1.499 * c));
    drill.scene.shapes[scene_box(&drill.scene, 200.0f, 2.0f)].friction = 0.0f;
    drill.scene.bodies[floor].angle = (float)down;
    ParaActuator *actuator = drill_actuator(&drill, kind, 0);
    actuator->body = ball;
    actuator->speed = 3;
    actuator->force = 8;
    actuator->air = 0.25f;
    actuator->impulse = 5;
    return ball;
}

static void test_walk_pushes_with_its_force_up_to_its_speed(void **state)
{
    (void)state;
    static const double downs[] = {0.0, 0.5, 1.5707963, -2.0};
    for (int i = 0; i < 4; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            int ball = make_walker(downs[i], PARA_ACTUATOR_WALK);
            drill.player.actuators[0].sign = (float)sign;
            drill_start(&drill);
            const ParaView *view = drill_view(&drill);
            double c = cos(downs[i]), s = sin(downs[i]); // right is (c, s), up is (-s, c)
            drill_steps(&drill, 5);                      // it comes to lie
            drill_act(&drill, 0.8f, 0);
            drill_steps(&drill, 15); // 8 N on 2 kg: 1 m/s after 0.25 s
            scene_near((double)AT(view, vx, ball), sign * c, 0.01);
            scene_near((double)AT(view, vy, ball), sign * s, 0.01);
            drill_steps(&drill, 45);
            scene_near((double)AT(view, vx, ball), 2.4 * sign * c, 0.01); // action times speed
            scene_near((double)AT(view, vy, ball), 2.4 * sign * s, 0.01);
            drill_act(&drill, 0, 0); // on the ground it brakes
            drill_steps(&drill, 18);
            scene_near((double)AT(view, vx, ball), (2.4 - 1.2) * sign * c, 0.01);
            drill_steps(&drill, 42);
            scene_near((double)AT(view, vx, ball), 0.0, 0.01);
            drill_end(&drill);
        }
}

static void test_walk_moves_with_its_floor(void **state)
{
    (void)state;
    int ball = make_walker(0.0, PARA_ACTUATOR_WALK);
    drill.scene.bodies[1].velocity = (ParaVec2){0.5f, 0.0f};
    drill_start(&drill);
    drill_steps(&drill, 60);
    scene_near((double)AT(drill_view(&drill), vx, ball), 0.5, 0.01);
    drill_act(&drill, -1, 0);
    drill_steps(&drill, 90);
    scene_near((double)AT(drill_view(&drill), vx, ball), 0.5 - 3.0, 0.01);
    drill_end(&drill);
}

static void test_walk_in_the_air_has_its_share_and_does_not_brake(void **state)
{
    (void)state;
    int ball = make_ball(); // no floor, no gravity: up is y
    ParaActuator *walk = drill_actuator(&drill, PARA_ACTUATOR_WALK, 0);
    walk->body = ball;
    walk->speed = 3;
    walk->force = 8;
    walk->air = 0.25f;
    drill_start(&drill);
    const ParaView *view = drill_view(&drill);
    drill_act(&drill, 1, 0);
    drill_steps(&drill, 60); // 2 N on 2 kg
    scene_near((double)AT(view, vx, ball), 1.0, 1e-4);
    scene_near((double)AT(view, vy, ball), 0.0, 1e-6);
    drill_act(&drill, 0, 0);
    drill_steps(&drill, 30);
    scene_near((double)AT(view, vx, ball), 1.0, 1e-4);
    drill_act(&drill, -0.1f, 0); // an action does brake
    drill_steps(&drill, 30);
    scene_near((double)AT(view, vx, ball), 0.5, 1e-4);
    drill_end(&drill);
}

static void test_jump_gives_its_impulse_once_per_press(void **state)
{
    (void)state;
    static const double downs[] = {0.0, 0.7, 3.0};
    for (int i = 0; i < 3; i++) {
        int ball = make_walker(downs[i], PARA_ACTUATOR_JUMP);
        drill_start(&drill);
        const ParaView *view = drill_view(&drill);
        double up_x = -sin(downs[i]), up_y = cos(downs[i]);
        drill_steps(&drill, 5);
        drill_act(&drill, 0.5f, 0); // not enough
        drill_steps(&drill, 2);
        scene_near((double)AT(view, vx, ball) * up_x + (double)AT(view, vy, ball) * up_y, 0.0, 0.05);
        drill_act(&drill, 0.51f, 0);
        drill_steps(&drill, 1); // 5 N s on 2 kg, less a step of gravity
        scene_near((double)AT(view, vx, ball) * up_x + (double)AT(view, vy, ball) * up_y, 2.5 - 10.0 * STEP,
                   0.05);
        for (int k = 0; k < 90; k++) { // 0.5 s up and down again: held down it does not jump again
            drill_steps(&drill, 1);
            assert_true((double)AT(view, vx, ball) * up_x + (double)AT(view, vy, ball) * up_y <
                        2.5 - 10.0 * STEP);
        }
        scene_near((double)AT(view, vx, ball) * up_x + (double)AT(view, vy, ball) * up_y, 0.0, 0.05);
        drill_act(&drill, 0.4f, 0);
        drill_steps(&drill, 1);
        drill_act(&drill, 1, 0);
        drill_steps(&drill, 1);
        scene_near((double)AT(view, vx, ball) * up_x + (double)AT(view, vy, ball) * up_y, 2.5 - 10.0 * STEP,
                   0.05);
        drill_act(&drill, 0, 0); // released and pressed again in the air
        drill_steps(&drill, 5);
        drill_act(&drill, 1, 0);
        drill_steps(&drill, 1);
        assert_true((double)AT(view, vx, ball) * up_x + (double)AT(view, vy, ball) * up_y < 2.0);
        drill_end(&drill);
    }
}

/// One stands on ground up to 60 degrees: a wedge a little less and more steep.
static void test_jump_needs_ground_that_is_not_too_steep(void **state)
{
    (void)state;
    for (int steep = 0; steep < 2; steep++)
        for (int side = -1; side <= 1; side += 2) {
            int ball = make_ball();
            double slope = (steep ? 62.0 : 58.0) * PARA_PI / 180.0;
            drill.scene.def.gravity = (ParaVec2){0.0f, -10.0f};
            int wedge = drill_body(&drill, PARA_BODY_STATIC, (float)(side * 1.499 * sin(slope)),
                                   (float)(-1.499 * cos(slope)));
            scene_box(&drill.scene, 40.0f, 2.0f);
            drill.scene.bodies[wedge].angle = (float)(slope * side);
            ParaActuator *jump = drill_actuator(&drill, PARA_ACTUATOR_JUMP, 0);
            jump->body = ball;
            jump->impulse = 5;
            drill_start(&drill);
            drill_steps(&drill, 3);
            assert_int_equal(drill_view(&drill)->contact_count, 1);
            drill_act(&drill, 1, 0);
            drill_steps(&drill, 1);
            assert_int_equal(AT(drill_view(&drill), vy, ball) > 1.0f, !steep);
            drill_end(&drill);
        }
}

// ---------------------------------------------------------------------------------------------
// Grip.

/// A hand (the player, 1 kg) that touches a load of 4 kg on its right, both off their origins' middles.
static void make_hand(ParaBodyKind load, float force)
{
    drill_begin(&drill);
    int hand = drill_body(&drill, PARA_BODY_DYNAMIC, -0.499f, 0.1f);
    scene_box(&drill.scene, 1.0f, 1.0f);
    int other = drill_body(&drill, load, 0.999f, 0.3f);
    int shape = scene_box(&drill.scene, 2.0f, 2.0f);
    for (uint32_t i = 0; i < 4; i++)
        drill.scene.points[drill.scene.shapes[shape].point_first + i].y += 0.2f;
    drill.scene.bodies[other].angle = 0.001f;
    drill_play_as(&drill, hand);
    ParaActuator *grip = drill_actuator(&drill, PARA_ACTUATOR_GRIP, 0);
    grip->body = hand;
    grip->force = force;
}

typedef struct Vector {
    double x, y;
} Vector;

/// Where a held point is and how it moves; its arm from the centre of mass.
static void held(const ParaView *view, int body, ParaVec2 local, Vector *place, Vector *speed, Vector *arm)
{
    double c = (double)AT(view, cos, body), s = (double)AT(view, sin, body),
           spin = (double)AT(view, spin, body);
    place->x = (double)AT(view, x, body) + c * (double)local.x - s * (double)local.y;
    place->y = (double)AT(view, y, body) + s * (double)local.x + c * (double)local.y;
    arm->x = place->x - (double)AT(view, centre_x, body);
    arm->y = place->y - (double)AT(view, centre_y, body);
    speed->x = (double)AT(view, vx, body) - spin * arm->y;
    speed->y = (double)AT(view, vy, body) + spin * arm->x;
}

/// The inputs of the next step against the law: F = k (b - a) + c (vb - va), at most `force`, on a, and back
/// on b.
static double check_grip(double mass, double force, bool load_moves)
{
    const ParaView *view = drill_view(&drill);
    const ParaInputs *inputs = drill_inputs(&drill);
    Vector a, b, va, vb, ra, rb;
    held(view, 0, drill.state.grip_a, &a, &va, &ra);
    held(view, 1, drill.state.grip_b, &b, &vb, &rb);
    double k = 0.1 * mass * 3600.0, c = 0.3 * mass * 60.0;
    double x = k * (b.x - a.x) + c * (vb.x - va.x), y = k * (b.y - a.y) + c * (vb.y - va.y),
           size = hypot(x, y);
    if (size > force) {
        x *= force / size;
        y *= force / size;
    }
    para_play_before_step(&drill.play, &drill.level, drill.world);
    double slack = 1e-4 * (1.0 + size);
    scene_near((double)AT(inputs, force_x, 0), x, slack);
    scene_near((double)AT(inputs, force_y, 0), y, slack);
    scene_near((double)AT(inputs, torque, 0), ra.x * y - ra.y * x, slack);
    scene_near((double)AT(inputs, force_x, 1), load_moves ? -x : 0.0, slack);
    scene_near((double)AT(inputs, force_y, 1), load_moves ? -y : 0.0, slack);
    scene_near((double)AT(inputs, torque, 1), load_moves ? -(rb.x * y - rb.y * x) : 0.0, slack);
    para_world_step(drill.world);
    para_play_after_step(&drill.play, &drill.level, drill.world);
    return size;
}

static void test_grip_pulls_both_by_its_law(void **state)
{
    (void)state;
    for (int fixed = 0; fixed < 2; fixed++) {
        make_hand(fixed ? PARA_BODY_STATIC : PARA_BODY_DYNAMIC, 12.0f);
        drill_start(&drill);
        drill_act(&drill, 1, 0);
        drill_steps(&drill, 2);
        assert_int_equal(drill.state.grip_body, 1);
        para_world_set_velocity(drill.world, 0, (ParaVec2){-1.0f, -0.7f}, 0.8f);
        double least = 1e9, most = 0, mass = fixed ? 1.0 : 1.0 * 4.0 / 5.0;
        for (int i = 0; i < 40; i++) {
            double size = check_grip(mass, 12.0, !fixed);
            least = fmin(least, size);
            most = fmax(most, size);
        }
        assert_true(least < 9.0 && most > 13.0); // within and beyond what it may
        drill_end(&drill);
    }
}

static void test_grip_keeps_momentum(void **state)
{
    (void)state;
    make_hand(PARA_BODY_DYNAMIC, 60.0f);
    drill_start(&drill);
    drill_act(&drill, 1, 0);
    drill_steps(&drill, 2);
    assert_int_equal(drill.state.grip_body, 1);
    para_world_set_velocity(drill.world, 0, (ParaVec2){-1.0f, 0.5f}, 4.0f);
    const ParaView *view = drill_view(&drill);
    double turn[2] = {0, 0}, far = 0, start_x = 0, start_y = 0;
    for (int k = 0; k < 60; k++) {
        double px = 0, py = 0;
        for (int i = 0; i < 2; i++) {
            double m = (double)AT(view, mass, i), vx = (double)AT(view, vx, i), vy = (double)AT(view, vy, i);
            px += m * vx;
            py += m * vy;
            turn[1] += m * ((double)AT(view, centre_x, i) * vy - (double)AT(view, centre_y, i) * vx) +
                       (i ? 4.0 * 8.0 / 12.0 : 2.0 / 12.0) * (double)AT(view, spin, i);
        }
        if (k == 0) {
            turn[0] = turn[1];
            start_x = px;
            start_y = py;
            scene_near(hypot(px + 1.0, py - 0.5), 0.0, 0.005); // the load still gives way a little
        }
        scene_near(px, start_x, 1e-4);
        scene_near(py, start_y, 1e-4);
        far = fmax(far, fabs(turn[1] - turn[0]));
        turn[1] = 0;
        drill_steps(&drill, 1);
    }
    // The two anchors are apart by the spring's stretch, so the pair of forces has a little arm.
    printf("grip: angular momentum %.3f N m s, off by %.1e\n", turn[0], far);
    assert_true(far < scene_limit(0.06, 0.017));
    drill_end(&drill);
}

static void test_grip_takes_hold_and_lets_go(void **state)
{
    (void)state;
    make_hand(PARA_BODY_DYNAMIC, 30.0f);
    drill_start(&drill);
    drill_steps(&drill, 2);
    assert_int_equal(drill.state.grip_body, -1);
    drill_act(&drill, 0.5f, 0); // not enough
    drill_steps(&drill, 1);
    assert_int_equal(drill.state.grip_body, -1);
    drill_act(&drill, 0.51f, 0);
    drill_steps(&drill, 1);
    assert_int_equal(drill.state.grip_body, 1);
    const ParaView *view = drill_view(&drill);
    for (int i = 0; i < 2; i++) // it holds where they touch, at x = 0 between the two
        scene_near((double)AT(view, x, i) + (double)(i ? drill.state.grip_b.x : drill.state.grip_a.x), 0.0,
                   0.01);
    drill_act(&drill, 0.5f, 0);
    drill_steps(&drill, 1);
    assert_int_equal(drill.state.grip_body, -1);
    scene_near((double)AT(drill_inputs(&drill), force_x, 1), 0.0, 0.0);
    drill_act(&drill, 1, 0);
    drill_steps(&drill, 2);
    assert_int_equal(drill.state.grip_body, 1);
    para_world_disable_body(drill.world, 1); // what is gone is not held
    drill_steps(&drill, 1);
    assert_int_equal(drill.state.grip_body, -1);
    drill_end(&drill);
    for (int own = 0; own < 2; own++) { // neither one's own parts nor what hangs on them
        make_hand(PARA_BODY_DYNAMIC, 30.0f);
        if (own)
            drill.body_sets[1] = 0;
        else
            drill.body_roles[1] = PARA_ROLE_PLAYER;
        drill_start(&drill);
        drill_act(&drill, 1, 0);
        drill_steps(&drill, 3);
        assert_int_equal(drill_view(&drill)->contact_count, 1);
        assert_int_equal(drill.state.grip_body, -1);
        drill_end(&drill);
    }
}

// ---------------------------------------------------------------------------------------------
// Actions.

static void test_actions_are_clamped_and_unbound_ones_ignored(void **state)
{
    (void)state;
    int ball = make_ball();
    ParaActuator *twist = drill_actuator(&drill, PARA_ACTUATOR_TWIST, 3);
    twist->body = ball;
    twist->torque = 2;
    drill_start(&drill);
    static const struct {
        float action, taken;
    } cases[] = {{0.3f, 0.3f}, {1.0f, 1.0f}, {1.5f, 1.0f},     {-7.0f, -1.0f},
                 {NAN, 0.0f},  {-NAN, 0.0f}, {INFINITY, 1.0f}, {-INFINITY, -1.0f}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float actions[PARA_CHANNELS];
        for (int c = 0; c < PARA_CHANNELS; c++)
            actions[c] = c == 3 ? cases[i].action : 0.9f;
        para_play_act(&drill.play, &drill.level, actions);
        for (int c = 0; c < PARA_CHANNELS; c++)
            assert_true(drill.state.action[c] == (c == 3 ? cases[i].taken : 0.0f));
        drill_steps(&drill, 1);
        scene_near((double)AT(drill_inputs(&drill), torque, ball), 2.0 * (double)cases[i].taken, 1e-6);
    }
    drill_end(&drill);
}

static void test_actuators_rest_when_their_body_is_gone(void **state)
{
    (void)state;
    int ball = make_ball();
    ParaActuator *twist = drill_actuator(&drill, PARA_ACTUATOR_TWIST, 0);
    twist->body = ball;
    twist->torque = 2;
    drill_start(&drill);
    drill_act(&drill, 1, 0);
    drill_steps(&drill, 5);
    para_world_disable_body(drill.world, ball);
    drill_steps(&drill, 1);
    scene_near((double)AT(drill_inputs(&drill), torque, ball), 0.0, 0.0);
    drill_end(&drill);
}

/// A platform's place is start + by (sin(tau t / period + phase) - sin(phase)).
static void test_platform_swings_by_its_formula(void **state)
{
    (void)state;
    make_ball();
    int lift = drill_body(&drill, PARA_BODY_KINEMATIC, 5.0f, 2.0f);
    scene_box(&drill.scene, 1.0f, 0.2f);
    drill.scene.bodies[lift].spin = 0.3f;
    drill.body_motions[lift] = (ParaMotion){.by = {0.7f, -0.4f}, .period = 1.5f, .phase = 0.6f};
    drill_start(&drill);
    for (int k = 1; k <= 200; k++) {
        drill_steps(&drill, 1);
        double swing = sin(PARA_TAU * k * STEP / 1.5 + 0.6) - sin(0.6);
        scene_near((double)AT(drill_view(&drill), x, lift), 5.0 + 0.7 * swing, 1e-4);
        scene_near((double)AT(drill_view(&drill), y, lift), 2.0 - 0.4 * swing, 1e-4);
        scene_near((double)AT(drill_view(&drill), angle, lift), 0.3 * k * STEP, 1e-4);
    }
    drill_end(&drill);
}

const struct CMUnitTest para_tests_actuators[] = {
    SCENE_TEST(test_motor_sets_rate_and_torque),
    SCENE_TEST(test_torque_pushes_towards_its_sign_and_leaves_free),
    SCENE_TEST(test_torque_pushes_up_to_its_fastest),
    SCENE_TEST(test_slide_drives_a_rail_with_its_force),
    SCENE_TEST(test_slide_moves_a_kinematic_body_along_x),
    SCENE_TEST(test_thruster_takes_the_action_for_throttle),
    SCENE_TEST(test_twist_adds_up_and_does_not_pile_up),
    SCENE_TEST(test_walk_pushes_with_its_force_up_to_its_speed),
    SCENE_TEST(test_walk_moves_with_its_floor),
    SCENE_TEST(test_walk_in_the_air_has_its_share_and_does_not_brake),
    SCENE_TEST(test_jump_gives_its_impulse_once_per_press),
    SCENE_TEST(test_jump_needs_ground_that_is_not_too_steep),
    SCENE_TEST(test_grip_pulls_both_by_its_law),
    SCENE_TEST(test_grip_keeps_momentum),
    SCENE_TEST(test_grip_takes_hold_and_lets_go),
    SCENE_TEST(test_actions_are_clamped_and_unbound_ones_ignored),
    SCENE_TEST(test_actuators_rest_when_their_body_is_gone),
    SCENE_TEST(test_platform_swings_by_its_formula),
};
const size_t para_tests_actuators_count = sizeof para_tests_actuators / sizeof *para_tests_actuators;
