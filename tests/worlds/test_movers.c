// SPDX-License-Identifier: MIT
// The player bodies of worlds/parts do what their names say: each is driven by hand-written actions, on both
// solvers, and what it gets done is looked at.
#include "engine/base/maths.h"
#include "tests/engine/world/scene.h"
#include "worlds/rules/play.h"
#include "worlds/template.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct {
    ParaArena *arena;
    const ParaLevel *level;
    ParaWorldGroup *group;
    ParaWorld world;
    const ParaView *view;
    ParaPlay play;
    ParaPlayerState state;
    float action[PARA_CHANNELS];
} stage;

/// The part as "it", with its origin at `at`, on ground whose top is y = 1, 60 m to each side of x = 0.
/// @param more further fields of a template: "\"zones\": [...],"
/// @param bodies further bodies, each with a comma before it
static void enter(const char *part, const char *at, const char *with, const char *more, const char *bodies)
{
    memset(&stage, 0, sizeof stage);
    stage.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    const char *text = para_arena_printf(
        stage.arena,
        "{\"paracosm\": 1, \"name\": \"t\", \"world\": {\"seconds\": 100}, %s"
        "\"include\": [{\"part\": \"%s\", \"as\": \"it\", \"at\": %s, \"with\": {%s}}],"
        "\"bodies\": [{\"name\": \"ground\", \"static\": true, \"at\": [0, 0.5], \"friction\": 1, \"shape\": "
        "{\"box\": [120, 1]}}%s],"
        "\"player\": {\"part\": \"it\"}, \"goal\": {\"above\": [\"player\", 500]}}",
        more, part, at, with, bodies);
    ParaDiagList list = para_diag_list(stage.arena, NULL, NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), stage.arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(t);
    assert_int_equal(list.count, 0);
    stage.level = para_template_sample(t, NULL, 1, stage.arena, NULL);
    assert_non_null(stage.level);
    stage.group = scene_room(1);
    stage.world = para_world_at(stage.group, 0);
    assert_true(para_play_begin(&stage.play, stage.level, stage.world, &stage.state, NULL, NULL));
    stage.view = para_world_view(stage.world);
}

static void leave(void)
{
    para_world_group_destroy(stage.group);
    para_arena_destroy(stage.arena);
}

/// Steps with the actions as they stand.
static void run(int steps)
{
    para_play_act(&stage.play, stage.level, stage.action);
    for (int k = 0; k < steps; k++)
        para_play_step(&stage.play, stage.level, stage.world);
    assert_int_equal(stage.view->status, PARA_WORLD_FINE);
}

static int body(const char *name)
{
    for (int b = 0; b < stage.level->world.body_count; b++)
        if (strcmp(stage.level->body_names[b], name) == 0)
            return b;
    fail_msg("no body %s", name);
    return -1;
}

static int joint(const char *name)
{
    for (int j = 0; j < stage.level->world.joint_count; j++)
        if (strcmp(stage.level->joint_names[j], name) == 0)
            return j;
    fail_msg("no joint %s", name);
    return -1;
}

static double x_of(const char *name) { return (double)AT(stage.view, centre_x, body(name)); }
static double y_of(const char *name) { return (double)AT(stage.view, centre_y, body(name)); }
static double angle_of(const char *name) { return (double)AT(stage.view, angle, body(name)); }
static double turn_of(const char *name) { return (double)AT(stage.view, joint_angle, joint(name)); }

/// An action that brings a joint to an angle or place.
static void aim(int channel, const char *name, double wanted, double gain)
{
    stage.action[channel] = (float)para_clamp(gain * (wanted - turn_of(name)), -1, 1);
}

static void test_runner_runs_jumps_and_climbs(void **state)
{
    (void)state;
    enter("runner", "[0, 1]", "\"air_jumps\": 1",
          "\"zones\": [{\"area\": {\"box\": [0.8, 4]}, \"at\": [6.6, 3.2], \"ladder\": true}],",
          ", {\"static\": true, \"at\": [3.5, 2.2], \"one_way\": true, \"friction\": 1, \"shape\": {\"box\": "
          "[2, 0.2]}},"
          "{\"name\": \"roof\", \"static\": true, \"at\": [9, 4.5], \"friction\": 1, \"shape\": {\"box\": "
          "[4, 0.3]}}");
    run(5);
    stage.action[0] = 1;
    run(30);
    scene_near((double)AT(stage.view, vx, body("it-body")), 5, 0.05);
    stage.action[0] = -1;
    run(15);
    stage.action[0] = 0;
    run(30);
    scene_near((double)AT(stage.view, vx, body("it-body")), 0, 0.05);
    double start = y_of("it-body"), most = 0, low;
    stage.action[1] = 1;
    for (int k = 0; k < 60; k++) {
        run(1);
        most = fmax(most, y_of("it-body") - start);
    }
    scene_near(most, 49 / (2 * 9.81), 0.08); // its whole jump
    stage.action[1] = 0;
    run(60);
    scene_near(y_of("it-body"), start, 0.02);
    stage.action[1] = 1; // a tap is a hop
    run(3);
    stage.action[1] = 0;
    for (low = 0; (double)AT(stage.view, vy, body("it-body")) > 0; run(1))
        low = fmax(low, y_of("it-body") - start);
    assert_true(low < most / 2 && low > 0.2);
    run(60);
    for (; x_of("it-body") < 3.1; run(1)) // up onto the platform from below
        stage.action[0] = 1;
    stage.action[0] = 0;
    run(20);
    stage.action[1] = 1;
    run(90);
    scene_near(y_of("it-body"), 2.3 + 0.45, 0.03);
    stage.action[1] = 0;
    run(5);
    stage.action[0] = stage.action[2] = 1; // over its edge on to the ladder, up, and on to the roof
    for (int k = 0; k < 240 && x_of("it-body") < 6.4; k++) {
        stage.action[1] = x_of("it-body") > 4.3 ? 1.0f : 0.0f;
        run(1);
    }
    stage.action[0] = stage.action[1] = 0;
    run(150);
    assert_true(stage.state.holds != 0);
    scene_near(x_of("it-body"), 6.6, 0.4);
    assert_true(y_of("it-body") > 4.65 + 0.45);
    stage.action[2] = 0;
    stage.action[0] = 1;
    run(30);
    assert_true(x_of("it-body") > 7.5);
    scene_near(y_of("it-body"), 4.65 + 0.45, 0.03);
    leave();
}

/// Steps a gait: each leg swings its hip to and fro and lifts its foot on the way forward; 1 and 4 go
/// together.
static void trot(int steps, double pace, double swing)
{
    static const char *const hips[] = {"it-hip1", "it-hip2", "it-hip3", "it-hip4"};
    static const char *const knees[] = {"it-knee1", "it-knee2", "it-knee3", "it-knee4"};
    for (int k = 0; k < steps; k++) {
        for (int leg = 0; leg < 4; leg++) {
            double phase = pace * k / 60.0 + (leg == 1 || leg == 2 ? PARA_PI : 0);
            aim(2 * leg, hips[leg], swing * sin(phase), 6);
            aim(2 * leg + 1, knees[leg], -0.15 - 0.8 * fmax(0, cos(phase)), 6);
        }
        run(1);
    }
}

static void test_quadruped_trots(void **state)
{
    (void)state;
    enter("quadruped", "[0, 1]", "", "", "");
    run(60); // stands
    assert_true(fabs(angle_of("it-trunk")) < 0.1 && y_of("it-trunk") > 1.7);
    double start = x_of("it-trunk");
    trot(480, 12, 0.45);
    assert_true(x_of("it-trunk") - start > 1.5);
    assert_true(fabs(angle_of("it-trunk")) < 0.5 && y_of("it-trunk") > 1.6); // on its feet
    leave();
}

/// Brings the hand to a place on the right, elbow up; of three links the last two stay in line.
static void reach(int links, double x, double y, int steps)
{
    double a = 2.4 / links, b = 2.4 - a, rise = y - 1.8;
    double square = x * x + rise * rise;
    double bend = -acos(para_clamp((square - a * a - b * b) / (2 * a * b), -1, 1));
    double turn = atan2(rise, x) - PARA_PI / 2 - atan2(b * sin(bend), a + b * cos(bend));
    for (int k = 0; k < steps; k++) {
        aim(0, "it-shoulder", turn, -4);
        aim(1, "it-elbow1", bend, -4);
        if (links > 2)
            aim(2, "it-elbow2", 0, -4);
        run(1);
    }
}

static void test_arm_picks_up_and_puts_down(void **state)
{
    (void)state;
    for (int links = 2; links <= 3; links++) {
        char with[40];
        snprintf(with, sizeof with, "\"links\": %d", links);
        enter(
            "arm", "[0, 1]", with, "",
            ", {\"name\": \"crate\", \"at\": [1.9, 1.25], \"density\": 8, \"shape\": {\"box\": [0.5, 0.5]}}");
        run(20);
        scene_near(x_of("it-hand"), 0, 0.05);
        scene_near(y_of("it-hand"), 1 + 0.8 + 2.4, 0.05);
        reach(links, 1.5, 2.8, 180);
        reach(links, 1.9, 2.2, 120);
        reach(links, 1.9, 1.60, 120);
        scene_near(x_of("it-hand"), 1.9, 0.03);
        assert_true(stage.state.grip_body < 0);
        stage.action[3] = 1;
        run(20);
        reach(links, 1.7, 2.6, 200);
        assert_int_equal(stage.state.grip_body, body("crate"));
        assert_true(y_of("crate") > 1.25 + 0.6);
        reach(links, 1.1, 2.6, 200);
        reach(links, 1.1, 1.64, 200);
        stage.action[3] = 0;
        reach(links, 1.1, 2.6, 120);
        assert_true(stage.state.grip_body < 0 && x_of("crate") < 1.7);
        scene_near(y_of("crate"), 1.25, 0.02);
        leave();
    }
}

static void test_swimmer_swims_where_it_steers_and_not_in_the_air(void **state)
{
    (void)state;
    static const char sea[] = "\"zones\": [{\"area\": {\"box\": [60, 30]}, \"at\": [0, 15], \"fluid\": "
                              "{\"density\": 4, \"drag\": 1}}],";
    enter("swimmer", "[0, 12]", "", sea, "");
    run(120); // hovers
    scene_near(x_of("it-body"), 0, 0.05);
    scene_near(y_of("it-body"), 12, 0.05);
    stage.action[0] = 1;
    run(120);
    assert_true(x_of("it-body") > 4);
    scene_near(y_of("it-body"), 12, 0.05);
    for (int k = 0; k < 300; k++) {
        double angle = angle_of("it-body"), spin = (double)AT(stage.view, spin, body("it-body"));
        aim(1, "it-fin", para_clamp(-1.5 * (1.2 - angle) + 0.8 * spin, -0.9, 0.9), 4);
        run(1);
    }
    scene_near(angle_of("it-body"), 1.2, 0.3);
    assert_true(y_of("it-body") > 20);
    leave();
    // A fluid resists alike in every direction, so a tail that only waggles gets nowhere.
    enter("swimmer", "[0, 12]", "", sea, "");
    for (int k = 0; k < 600; k++) {
        aim(1, "it-fin", 0.8 * sin(0.1 * k), 5);
        run(1);
    }
    scene_near(x_of("it-body"), 0, 0.2);
    leave();
    enter("swimmer", "[0, 60]", "", sea, "");
    stage.action[0] = 1;
    run(120);
    scene_near((double)AT(stage.view, vx, body("it-body")), 0, 0.001);
    leave();
}

static void test_rope_swinger_swings_itself_up_and_lets_go(void **state)
{
    (void)state;
    enter("rope_swinger", "[0, 8]", "", "", "");
    stage.action[1] = 1;
    run(60);
    assert_true(stage.state.grip_body == body("it-rope6"));
    double most = 0;
    for (int k = 0; k < 1200 && most < 2.2; k++) { // with the rope, to and fro
        stage.action[0] = AT(stage.view, vx, body("it-rope6")) >= 0 ? 1 : -1;
        run(1);
        most = fmax(most, x_of("it-body"));
    }
    assert_true(most >= 2.2);
    stage.action[0] = 1;
    for (int k = 0; k < 240 && !(x_of("it-body") > 0 && (double)AT(stage.view, vx, body("it-body")) > 3);
         k++) {
        stage.action[0] = AT(stage.view, vx, body("it-rope6")) >= 0 ? 1 : -1;
        run(1);
    }
    stage.action[1] = 0; // on its way up to the right
    run(1);
    assert_true(stage.state.grip_body < 0);
    stage.action[0] = 1;
    run(90);
    assert_true(x_of("it-body") > 3);
    leave();
}

/// Brings trolley and winch to a place, gently.
static void haul(double track, double winch, int steps)
{
    for (int k = 0; k < steps; k++) {
        aim(0, "it-track", track, 1);
        stage.action[0] *= 0.4f;
        aim(1, "it-winch", winch, -3);
        run(1);
    }
}

static void test_crane_carries_a_crate_over_a_wall(void **state)
{
    (void)state;
    enter("crane", "[0, 1]", "", "",
          ", {\"name\": \"crate\", \"at\": [2, 1.3], \"density\": 20, \"shape\": {\"box\": [0.6, 0.6]}},"
          "{\"static\": true, \"at\": [0, 2], \"shape\": {\"box\": [0.3, 2]}}");
    run(60);
    haul(2, 0.4, 300); // above it, and let the swing die
    haul(2, 3.9, 200);
    scene_near(y_of("it-magnet"), 1.68, 0.03);
    stage.action[2] = 1;
    run(20);
    haul(2, 0.4, 240);
    assert_int_equal(stage.state.grip_body, body("crate"));
    assert_true(y_of("crate") > 4);
    haul(-2.5, 0.4, 500);
    haul(-2.5, 3.9, 200);
    stage.action[2] = 0;
    haul(-2.5, 0.4, 200);
    assert_true(stage.state.grip_body < 0 && x_of("crate") < -2);
    scene_near(y_of("crate"), 1.3, 0.02);
    leave();
}

static void test_tank_climbs_over_rubble_and_raises_its_barrel(void **state)
{
    (void)state;
    enter("tank", "[-2, 1]", "", "",
          ", {\"static\": true, \"friction\": 1, \"at\": [3, 1], \"shape\": {\"polygon\": [[-0.6, 0], [0.6, "
          "0], [0.2, 0.3], [-0.2, 0.3]]}},"
          "{\"static\": true, \"friction\": 1, \"at\": [8, 1], \"shape\": {\"polygon\": [[-3, 0], [3, 0], "
          "[0, 1.2]]}}");
    run(60);
    double up = angle_of("it-hull");
    stage.action[0] = 1;
    run(60);
    scene_near((double)AT(stage.view, vx, body("it-hull")), 3, 0.05);
    scene_near(angle_of("it-hull"), up, 0.02);
    stage.action[1] = 1;
    run(90);
    scene_near(turn_of("it-turret"), 1.2, 0.02);
    assert_true(x_of("it-hull") > 3.5); // over the stones
    stage.action[1] = -1;
    run(360);
    scene_near(turn_of("it-turret"), -0.1, 0.02);
    assert_true(x_of("it-hull") > 15 && fabs(angle_of("it-hull")) < 0.1); // and the hill
    leave();
}

const struct CMUnitTest para_tests_movers[] = {
    SCENE_TEST(test_runner_runs_jumps_and_climbs),
    SCENE_TEST(test_quadruped_trots),
    SCENE_TEST(test_arm_picks_up_and_puts_down),
    SCENE_TEST(test_swimmer_swims_where_it_steers_and_not_in_the_air),
    SCENE_TEST(test_rope_swinger_swings_itself_up_and_lets_go),
    SCENE_TEST(test_crane_carries_a_crate_over_a_wall),
    SCENE_TEST(test_tank_climbs_over_rubble_and_raises_its_barrel),
};
const size_t para_tests_movers_count = sizeof para_tests_movers / sizeof *para_tests_movers;
