// SPDX-License-Identifier: MIT
// Kinetix's rules, written out, in levels that were imported, on both solvers: what ends an episode and how,
// and the laws that its physics has beside ours, each against its formula.
#include "tests/worlds/import/kinetix_level.h"

#include <math.h>
#include <string.h>

static KinetixLevel level;

#define GRAVITY 9.81
#define FLOOR   0.4 // [m] its top
#define MOTOR(speed, power)                                                                                  \
    "\"motor_on\": true, \"motor_speed\": " #speed ", \"motor_power\": " #power ", \"motor_binding\": 0"

static void ends(ParaPlayStatus status, float reward)
{
    assert_int_equal(level.play.status, status);
    scene_near((double)level.state.reward, (double)reward, 0.0);
}

// ---------------------------------------------------------------------------------------------
// Ends.

static void test_green_that_starts_on_blue_has_won(void **state)
{
    (void)state;
    kinetix_begin(&level);
    kinetix_circle(&level, 2.5, 1.0, 0.3, 1, false, "");
    kinetix_circle(&level, 2.5, 0.45, 0.26, 2, false, "");
    kinetix_start(&level);
    kinetix_steps(&level, 0, 0, 1);
    ends(PARA_PLAY_SOLVED, 1);
    kinetix_end(&level);
}

static void test_red_wins_over_blue_in_one_step(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.wall_roles[0] = '3';
    kinetix_box(&level, 2.5, FLOOR + 0.199, 0.4, 0.4, 1, false, "");
    kinetix_box(&level, 2.899, FLOOR + 0.2, 0.4, 0.4, 2, false, "");
    kinetix_start(&level);
    kinetix_steps(&level, 0, 0, 1);
    ends(PARA_PLAY_FAILED, -1);
    kinetix_end(&level);
    kinetix_begin(&level); // and without the red floor it would have been won
    kinetix_box(&level, 2.5, FLOOR + 0.199, 0.4, 0.4, 1, false, "");
    kinetix_box(&level, 2.899, FLOOR + 0.2, 0.4, 0.4, 2, false, "");
    kinetix_start(&level);
    kinetix_steps(&level, 0, 0, 1);
    ends(PARA_PLAY_SOLVED, 1);
    kinetix_end(&level);
}

/// A wall is a shape like others: here it is the green one.
static void test_green_may_be_the_floor(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.wall_roles[0] = '1';
    kinetix_circle(&level, 2.5, 2.0, 0.2, 2, false, "");
    kinetix_start(&level);
    kinetix_steps(&level, 0, 0, 20);
    ends(PARA_PLAY_ON, 0);
    kinetix_steps(&level, 0, 0, 60); // 1.4 m take 0.53 s
    ends(PARA_PLAY_SOLVED, 1);
    kinetix_end(&level);
}

/// Two that never push each other, being fixed, are asked for all the same; so are two that are joined.
static void test_contact_is_looked_at_where_nothing_collides(void **state)
{
    (void)state;
    for (int joined = 0; joined < 3; joined++) {
        kinetix_begin(&level);
        int green = kinetix_box(&level, 2.0, 2.0, 0.4, 0.4, 1, joined == 0, "");
        int blue = kinetix_box(&level, 2.3, 2.0, 0.4, 0.4, 2, joined == 0, "");
        int third = kinetix_box(&level, 4.0, 1.0, 0.2, 0.2, 0, false, "");
        if (joined == 1)
            kinetix_joint(&level, green, blue, 0.15, 0, -0.15, 0, "\"motor_on\": false");
        if (joined == 2) { // by way of another
            kinetix_joint(&level, green, third, 2, -1, 0, 0, "\"is_fixed_joint\": true");
            kinetix_joint(&level, blue, third, 1.7, -1, 0, 0, "\"is_fixed_joint\": true");
        }
        kinetix_start(&level);
        assert_non_null(strstr(level.text, "\"overlap\": [\"green\", \"blue\"]"));
        kinetix_steps(&level, 0, 0, 1);
        ends(PARA_PLAY_SOLVED, 1);
        kinetix_end(&level);
    }
}

static void test_time_ends_after_256_decisions_of_2_steps(void **state)
{
    (void)state;
    kinetix_begin(&level);
    kinetix_circle(&level, 1.0, 2.0, 0.2, 1, false, "");
    kinetix_circle(&level, 4.0, 2.0, 0.2, 2, true, "");
    kinetix_start(&level);
    assert_int_equal(level.level->frame_skip, 2);
    assert_int_equal(para_level_decisions(level.level), 256);
    kinetix_steps(&level, 0, 0, 511);
    ends(PARA_PLAY_ON, 0);
    kinetix_steps(&level, 0, 0, 1);
    ends(PARA_PLAY_TIMEOUT, 0);
    kinetix_end(&level);
}

// ---------------------------------------------------------------------------------------------
// Motors and thrusters.

/// The law as Kinetix applies it, once per step, of a wheel on a fixed body: it overshoots where it is
/// strong.
static void test_motor_follows_its_law_and_reaches_its_speed(void **state)
{
    (void)state;
    for (int strong = 0; strong < 2; strong++) {
        kinetix_begin(&level);
        int post = kinetix_box(&level, 2.5, 3.0, 0.2, 0.2, 0, true, "");
        int wheel = kinetix_circle(&level, 2.5, 3.0, 0.3, 1, false, "");
        kinetix_joint(&level, post, wheel, 0, 0, 0, 0, strong ? MOTOR(1.5, 3) : MOTOR(0.5, 1));
        kinetix_start(&level);
        int body = kinetix_body(&level, "green");
        double target = 6 * (strong ? 1.5 : 0.5), power = strong ? 3 : 1, spin = 0;
        for (int step = 0; step < 120; step++) {
            spin += 15 * power * tanh(0.1 * (target - spin));
            kinetix_steps(&level, 0, 1, 1);
            // Chipmunk's joint and turn are a little soft; the strong one swings, which adds that up.
            scene_near((double)AT(kinetix_view(&level), spin, body), spin, strong ? 0.05 : 2e-3);
        }
        if (!strong)
            scene_near(spin, target, 1e-6);
        kinetix_end(&level);
    }
}

static void test_motor_turns_the_second_against_the_first(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.more = ", \"gravity\": {\"0\": 0, \"1\": 0}";
    int a = kinetix_circle(&level, 2.5, 3.0, 0.3, 1, false, "");
    int b = kinetix_circle(&level, 2.5, 3.0, 0.2, 0, false, "");
    kinetix_joint(&level, a, b, 0, 0, 0, 0, MOTOR(1, 1));
    kinetix_start(&level);
    int green = kinetix_body(&level, "green"), wheel = kinetix_body(&level, "wheel1");
    kinetix_steps(&level, 0, -1, 60);
    const ParaView *view = kinetix_view(&level);
    double first = (double)AT(view, spin, green), second = (double)AT(view, spin, wheel);
    scene_near(second - first, -6, 0.02);
    double ratio = pow(0.3 / 0.2, 4); // of the inertias: what one gets the other gives
    scene_near(first * ratio, -second, 0.02);
    kinetix_end(&level);
}

static void test_motor_is_free_without_an_action(void **state)
{
    (void)state;
    kinetix_begin(&level);
    int post = kinetix_box(&level, 2.5, 3.0, 0.2, 0.2, 0, true, "");
    int wheel = kinetix_circle(&level, 2.5, 3.0, 0.3, 1, false, "");
    kinetix_joint(&level, post, wheel, 0, 0, 0, 0, MOTOR(1, 1));
    kinetix_start(&level);
    int body = kinetix_body(&level, "green");
    kinetix_steps(&level, 0, 1, 60);
    double spin = (double)AT(kinetix_view(&level), spin, body);
    assert_true(spin > 5.9);
    kinetix_steps(&level, 0, 0, 120);
    scene_near((double)AT(kinetix_view(&level), spin, body), spin, 0.01);
    kinetix_end(&level);
}

/// It fades in the last 0.1 rad before a limit while it pushes there, and pulls back with all it has.
static void test_motor_fades_toward_its_limit(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.more = ", \"gravity\": {\"0\": 0, \"1\": 0}";
    int post = kinetix_box(&level, 2.5, 3.0, 0.2, 0.2, 0, true, "");
    int arm = kinetix_box(&level, 2.5, 3.0, 0.6, 0.1, 1, false, "");
    kinetix_joint(
        &level, post, arm, 0, 0, 0, 0,
        MOTOR(0.4, 1) ", \"motor_has_joint_limits\": true, \"min_rotation\": -0.5, \"max_rotation\": 0.5, "
                      "\"rotation\": -0.42");
    kinetix_start(&level); // the angle from rest is 0.42, so 0.08 to go: 0.8 of the force is left
    int body = kinetix_body(&level, "green");
    double scale = 15 * tanh(0.1 * 2.4);
    kinetix_steps(&level, 0, 1, 1);
    scene_near((double)AT(kinetix_view(&level), spin, body), 0.8 * scale, 2e-3);
    kinetix_end(&level);
    kinetix_begin(&level);
    level.more = ", \"gravity\": {\"0\": 0, \"1\": 0}";
    post = kinetix_box(&level, 2.5, 3.0, 0.2, 0.2, 0, true, "");
    arm = kinetix_box(&level, 2.5, 3.0, 0.6, 0.1, 1, false, "");
    kinetix_joint(
        &level, post, arm, 0, 0, 0, 0,
        MOTOR(0.4, 1) ", \"motor_has_joint_limits\": 1, \"min_rotation\": -0.5, \"max_rotation\": 0.5, "
                      "\"rotation\": -0.42");
    kinetix_start(&level);
    kinetix_steps(&level, 0, -1, 1);
    scene_near((double)AT(kinetix_view(&level), spin, body), -scale, 2e-3);
    kinetix_steps(&level, 0, 1, 240); // and stays within them
    assert_true((double)AT(kinetix_view(&level), angle, body) < 0.09);
    kinetix_end(&level);
}

static void test_thruster_gives_ten_newtons_times_its_power(void **state)
{
    (void)state;
    kinetix_begin(&level);
    kinetix_box(&level, 2.5, 2.0, 0.5, 0.4, 1, false, "");
    kinetix_thruster(&level, 4, 0, 0, 1.57079633, 0.3, 1);
    kinetix_start(&level);
    int body = kinetix_body(&level, "green");
    kinetix_steps(&level, 5, 1, 30);
    scene_near((double)AT(kinetix_view(&level), vy, body), (10 * 0.3 / 0.2 - GRAVITY) * 0.5, 1e-3);
    kinetix_steps(&level, 5, -1, 30); // below 0 it is off
    scene_near((double)AT(kinetix_view(&level), vy, body), (10 * 0.3 / 0.2) * 0.5 - GRAVITY, 1e-3);
    kinetix_steps(&level, 5, 0.5f, 12);
    scene_near((double)AT(kinetix_view(&level), vy, body), (10 * 0.3 / 0.2) * 0.6 - GRAVITY * 1.2, 1e-3);
    kinetix_end(&level);
}

/// Off the middle it turns, by the inertia of the file.
static void test_thruster_off_the_middle_turns(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.more = ", \"gravity\": {\"0\": 0, \"1\": 0}";
    kinetix_circle(&level, 2.5, 2.0, 0.25, 1, false, "");
    kinetix_thruster(&level, 4, 0.2, 0, 1.57079633, 0.02, 0);
    kinetix_start(&level);
    int body = kinetix_body(&level, "green");
    double inertia = acos(-1) * pow(0.25, 4) / 4;
    kinetix_steps(&level, 4, 1, 12);
    scene_near((double)AT(kinetix_view(&level), spin, body), 0.2 * 0.2 / inertia * 0.2, 0.02);
    kinetix_end(&level);
}

// ---------------------------------------------------------------------------------------------
// Contacts.

static void test_sliding_friction_is_the_root_of_squares(void **state)
{
    (void)state;
    for (int less = 0; less < 2; less++) {
        kinetix_begin(&level);
        kinetix_box(&level, 1.0, FLOOR + 0.1, 0.4, 0.2, 1, false,
                    less ? ", \"velocity\": {\"0\": 3, \"1\": 0}, \"friction\": 0.4"
                         : ", \"velocity\": {\"0\": 3, \"1\": 0}");
        kinetix_start(&level);
        kinetix_steps(&level, 0, 0, 20);
        double mu = 0.4 * hypot(1.0, less ? 0.4 : 1.0);
        scene_near((double)AT(kinetix_view(&level), vx, kinetix_body(&level, "green")),
                   3.0 - mu * GRAVITY / 3.0, 0.01);
        kinetix_end(&level);
    }
}

/// A chain of three lies in itself and falls as one; what is not of it is hit.
static void test_component_passes_through_itself(void **state)
{
    (void)state;
    kinetix_begin(&level);
    int a = kinetix_box(&level, 2.0, 3.0, 0.6, 0.2, 1, false, "");
    int b = kinetix_box(&level, 2.0, 3.0, 0.2, 0.6, 0, false, "");
    int c = kinetix_box(&level, 2.0, 3.0, 0.5, 0.5, 0, false, "");
    kinetix_box(&level, 2.0, FLOOR + 0.1, 0.6, 0.2, 0, false, "");
    kinetix_joint(&level, a, b, 0.25, 0, 0.25, 0, "\"motor_on\": false");
    kinetix_joint(&level, b, c, 0, 0.25, 0, 0.25, "\"motor_on\": false");
    kinetix_start(&level);
    static const char *const names[] = {"green", "box1", "box2"};
    kinetix_steps(&level, 0, 0, 30);
    for (int k = 0; k < 3; k++) {
        int body = kinetix_body(&level, names[k]);
        scene_near((double)AT(kinetix_view(&level), vy, body), -GRAVITY / 2, 1e-3);
        scene_near((double)AT(kinetix_view(&level), spin, body), 0, 1e-3);
    }
    kinetix_steps(&level, 0, 0, 200);
    for (int k = 0; k < 3; k++)
        assert_true((double)AT(kinetix_view(&level), y, kinetix_body(&level, names[k])) > FLOOR);
    kinetix_end(&level);
}

/// Mode 0 passes through 0 and 1 and is held by 2, as walls are; mode 2 meets what is in mode 0.
static void test_collision_modes(void **state)
{
    (void)state;
    kinetix_begin(&level);
    kinetix_box(&level, 1.0, 2.0, 0.4, 0.1, 0, true, ", \"collision_mode\": 1");
    kinetix_box(&level, 2.0, 2.0, 0.4, 0.1, 0, true, ", \"collision_mode\": 2");
    kinetix_box(&level, 3.0, 2.0, 0.4, 0.1, 0, true, ", \"collision_mode\": 0");
    kinetix_box(&level, 4.0, 2.0, 0.4, 0.1, 0, true, ", \"collision_mode\": 1");
    for (int k = 0; k < 4; k++)
        kinetix_circle(&level, 1.0 + k, 2.4, 0.1, 0, false,
                       k == 3 ? ", \"collision_mode\": 1" : ", \"collision_mode\": 0");
    kinetix_start(&level);
    kinetix_steps(&level, 0, 0, 120);
    static const double heights[] = {FLOOR + 0.1, 2.15, FLOOR + 0.1, 2.15};
    static const char *const names[] = {"ball1", "ball2", "ball3", "ball4"};
    for (int k = 0; k < 4; k++)
        scene_near((double)AT(kinetix_view(&level), y, kinetix_body(&level, names[k])), heights[k], 0.01);
    kinetix_end(&level);
}

static void test_bounce_is_the_least_of_two(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.more = ", \"gravity\": {\"0\": 0, \"1\": 0}";
    kinetix_box(&level, 2.5, 1.0, 2.0, 0.2, 0, true, ", \"restitution\": 0.5");
    kinetix_circle(&level, 2.5, 2.0, 0.2, 1, false,
                   ", \"restitution\": 0.5, \"velocity\": {\"0\": 0, \"1\": -2}");
    kinetix_start(&level);
    kinetix_steps(&level, 0, 0, 60);
    scene_near((double)AT(kinetix_view(&level), vy, kinetix_body(&level, "green")), 1.0, 0.01);
    kinetix_end(&level);
}

const struct CMUnitTest para_tests_kinetix_rules[] = {
    SCENE_TEST(test_green_that_starts_on_blue_has_won),
    SCENE_TEST(test_red_wins_over_blue_in_one_step),
    SCENE_TEST(test_green_may_be_the_floor),
    SCENE_TEST(test_contact_is_looked_at_where_nothing_collides),
    SCENE_TEST(test_time_ends_after_256_decisions_of_2_steps),
    SCENE_TEST(test_motor_follows_its_law_and_reaches_its_speed),
    SCENE_TEST(test_motor_turns_the_second_against_the_first),
    SCENE_TEST(test_motor_is_free_without_an_action),
    SCENE_TEST(test_motor_fades_toward_its_limit),
    SCENE_TEST(test_thruster_gives_ten_newtons_times_its_power),
    SCENE_TEST(test_thruster_off_the_middle_turns),
    SCENE_TEST(test_sliding_friction_is_the_root_of_squares),
    SCENE_TEST(test_component_passes_through_itself),
    SCENE_TEST(test_collision_modes),
    SCENE_TEST(test_bounce_is_the_least_of_two),
};
const size_t para_tests_kinetix_rules_count =
    sizeof para_tests_kinetix_rules / sizeof *para_tests_kinetix_rules;
