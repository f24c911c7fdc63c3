// SPDX-License-Identifier: MIT
// Events in play: when they happen, and what each act does to a world, against numbers worked out by hand; on
// both solvers.
#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "tests/worlds/rules/run.h"

// ---------------------------------------------------------------------------------------------
// When.

/// How often a predicate has fired after some steps.
static double fired(const char *when, const char *again, int count)
{
    char events[400];
    snprintf(events, sizeof events, "{\"when\": %s%s, " COUNT "}", when, again);
    Run run = begin((Parts){
        .bodies = BOX("box", 6, 1.5,
                      ", \"collect\": true, \"shatters\": {\"impulse\": 900}") ", " BOX("drop", 9, 12, ""),
        .zones = "{\"name\": \"flag\", \"at\": [6, 2], \"area\": {\"box\": [2, 4]}}",
        .events = events});
    steps(&run, count);
    double n = n_of(&run);
    end(&run);
    return n;
}

static void test_a_moment_comes_in_its_step(void **state)
{
    (void)state;
    assert_true(fired("{\"at\": 0}", "", 1) == 1);
    assert_true(fired("{\"at\": 0.5}", "", RATE / 2 - 1) == 0 && fired("{\"at\": 0.5}", "", RATE / 2) == 1);
    assert_true(fired("{\"at\": 0.1}", ", \"again\": true", 3 * RATE) == 1);
    assert_true(fired("{\"time\": 0.5}", "", RATE / 2 - 1) == 0 && fired("{\"time\": 0.5}", "", RATE) == 1);
}

static void test_a_period_comes_again_and_again(void **state)
{
    (void)state;
    assert_true(fired("{\"every\": 0.5}", "", RATE / 2 - 1) == 0);
    assert_true(fired("{\"every\": 0.5}", "", RATE / 2) == 1 &&
                fired("{\"every\": 0.5}", "", 10 * RATE) == 20);
    assert_true(fired("{\"every\": 0.1}", "", 20 * RATE) == 200); // which no float is
    assert_true(fired("{\"every\": 2, \"from\": 1}", "", RATE - 1) == 0);
    assert_true(fired("{\"every\": 2, \"from\": 1}", "", RATE) == 1);
    assert_true(fired("{\"every\": 2, \"from\": 1}", "", 5 * RATE) == 3);
    assert_true(fired("{\"every\": 0.5}", ", \"again\": false", 4 * RATE) == 1);
    assert_true(fired("{\"every\": 0.01}", "", 100) == 100); // each step, no more
    // While a condition holds: in the seconds in which time is even.
    assert_true(fired("{\"all\": [{\"every\": 0.25}, {\"is\": \"time % 2 < 1\"}]}", "", 4 * RATE - 1) == 7);
}

static void test_an_event_happens_when_its_predicate_becomes_true(void **state)
{
    (void)state;
    // 0.5 s of each second from the start on: true at once, then anew each second.
    assert_true(fired("{\"is\": \"time % 1 < 0.5\"}", "", 5 * RATE - 1) == 1);
    assert_true(fired("{\"is\": \"time % 1 < 0.5\"}", ", \"again\": true", 5 * RATE - 1) == 5);
    assert_true(fired("{\"is\": \"time % 1 < 0.5\", \"for\": 0.6}", ", \"again\": true", 5 * RATE) == 0);
    assert_true(fired("{\"is\": \"time % 1 < 0.5\", \"for\": 0.4}", ", \"again\": true", 5 * RATE - 1) == 5);
    assert_true(fired("{\"is\": 1}", "", 100) == 1 && fired("{\"is\": 0}", "", 100) == 0);
    assert_true(fired("{\"is\": \"1 / hits\"}", "", 100) == 0); // no value is no truth
    // An order begins anew once it has been gone through.
    assert_true(fired("{\"then\": [{\"is\": \"time % 1 < 0.2\"}, {\"is\": \"time % 1 > 0.7\"}]}",
                      ", \"again\": true", 5 * RATE) == 5);
}

static void test_every_predicate_of_the_goals_can_be_asked(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        double n;
    } cases[] = {
        {"{\"touch\": [\"ball\", \"floor\"]}", 1},
        {"{\"touch\": [\"ball\", \"box\"]}", 0},
        {"{\"inside\": [\"box\", \"flag\"]}", 1},
        {"{\"inside\": [\"ball\", \"flag\"]}", 0},
        {"{\"near\": [\"ball\", \"box\", 4.5]}", 1},
        {"{\"near\": [\"ball\", \"box\", 3.5]}", 0},
        {"{\"above\": [\"drop\", 11]}", 1},
        {"{\"above\": [\"ball\", 11]}", 0},
        {"{\"below\": [\"drop\", 8]}", 1},
        {"{\"below\": [\"ball\", 1]}", 0},
        {"{\"right_of\": [\"box\", 5]}", 1},
        {"{\"right_of\": [\"ball\", 5]}", 0},
        {"{\"left_of\": [\"ball\", 5]}", 1},
        {"{\"left_of\": [\"box\", 5]}", 0},
        {"{\"upright\": [\"box\", 0.3]}", 1},
        {"{\"not\": {\"upright\": [\"box\", 0.3]}}", 0},
        {"{\"slow\": [\"box\", 0.5]}", 1},
        {"{\"not\": {\"slow\": [\"ball\", 0.5]}}", 0},
        {"{\"shattered\": \"box\"}", 0},
        {"{\"collected\": \"box\"}", 0},
        {"{\"any\": [{\"time\": 99}, {\"time\": 1}]}", 1},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        if (fired(cases[k].when, "", 2 * RATE) != cases[k].n)
            fail_msg("%s", cases[k].when);
}

static void test_events_go_in_order_and_see_what_was_done(void **state)
{
    (void)state;
    // Upwards in the file in one step, downwards in the next.
    Run run = begin((Parts){
        .variables = "\"hits\": 0, \"a\": 0, \"b\": 0",
        .events =
            "{\"when\": {\"is\": \"b\"}, \"do\": [{\"variable\": \"hits\", \"to\": \"hits * 10 + 3\"}]},"
            "{\"when\": {\"at\": 0.1}, \"do\": [{\"variable\": \"a\", \"to\": 1},"
            " {\"variable\": \"hits\", \"to\": \"hits * 10 + 1\"}, {\"add\": \"hits\", \"by\": \"a\"}]},"
            "{\"when\": {\"is\": \"a\"}, \"do\": [{\"variable\": \"b\", \"to\": 1},"
            " {\"variable\": \"hits\", \"to\": \"hits * 10 + 2\"}]}"});
    steps(&run, 6);
    assert_true(n_of(&run) == 22);
    steps(&run, 1);
    assert_true(n_of(&run) == 223);
    end(&run);
}

static void test_goals_and_fails_ask_variables_and_time(void **state)
{
    (void)state;
    Run run = begin((Parts){.events = "{\"when\": {\"every\": 0.5}, " COUNT "}",
                            .goal = "{\"is\": \"hits >= 3 and time > 1\"}"});
    steps(&run, 3 * RATE / 2 - 1);
    assert_int_equal(run.play.status, PARA_PLAY_ON);
    assert_true(run.play.players[0].progress == 0);
    char cause[160];
    run.play.players[0].status = PARA_PLAY_TIMEOUT; // for what would be told of it then
    para_play_cause(&run.play, run.level, run.world, 0, cause, sizeof cause);
    assert_string_equal(cause, "not is [hits >= 3 and time > 1]");
    para_play_cause_sentence(&run.play, run.level, run.world, 0, cause, sizeof cause);
    assert_string_equal(cause, "hits >= 3 and time > 1 did not hold");
    run.play.players[0].status = PARA_PLAY_ON;
    steps(&run, 1);
    assert_int_equal(run.play.status, PARA_PLAY_SOLVED);
    end(&run);
}

// ---------------------------------------------------------------------------------------------
// What is set, at once and over a time.

static void test_gravity_is_set_and_goes_over(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies = BOX("box", 6, 15, ""),
        .events = "{\"when\": {\"at\": 0}, \"do\": [{\"gravity\": [0, 0]}]},"
                  "{\"when\": {\"at\": 0.5}, \"do\": [{\"gravity\": [\"2 * time\", 6], \"over\": 1}]}"});
    steps(&run, 1);
    double fell = vy_of(&run, "box");
    steps(&run, RATE / 2 - 1);
    assert_near(vy_of(&run, "box"), fell, 1e-5);
    assert_near((double)view(&run)->gravity.y, 0, 0);
    steps(&run, RATE / 2);
    assert_near((double)view(&run)->gravity.y, 3, 1e-5);
    assert_near((double)view(&run)->gravity.x, 0.5, 1e-5);
    steps(&run, RATE / 2);
    assert_true(view(&run)->gravity.y == 6 && view(&run)->gravity.x == 1); // and stays
    assert_near(vy_of(&run, "box"), fell + 3, 0.1);
    steps(&run, RATE);
    assert_true(view(&run)->gravity.y == 6 && view(&run)->gravity.x == 1);
    assert_near(vy_of(&run, "box"), fell + 9, 0.15);
    end(&run);
}

#define AIR "{\"name\": \"air\", \"at\": [20, 10], \"area\": {\"box\": [40, 20]}}"

static void test_wind_and_drag_of_a_zone(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies = BOX("box", 6, 15, ", \"gravity_scale\": 0"),
        .zones = AIR,
        .events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"force\": \"air\", \"to\": [4, \"0 * hits\"]}]},"
                  "{\"when\": {\"at\": 1.5}, \"do\": [{\"force\": \"air\", \"to\": [0, 0]},"
                  " {\"drag\": \"air\", \"to\": 2}]}"});
    steps(&run, RATE / 2);
    assert_near(vx_of(&run, "box"), 0, 1e-6);
    steps(&run, RATE);
    assert_near(vx_of(&run, "box"), 4, 1e-3);
    steps(&run, RATE);
    assert_near(vx_of(&run, "box"), 4 * exp(-2), 0.02);
    end(&run);
}

static void test_water_rises_and_lifts(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies =
            BOX("box", 10, 1.5,
                ", \"density\": 0.5") ", "
                                      "{\"static\": true, \"at\": [8.5, 3], \"shape\": {\"box\": [1, 8]}},"
                                      "{\"static\": true, \"at\": [11.5, 3], \"shape\": {\"box\": [1, 8]}}",
        .zones = "{\"name\": \"pool\", \"at\": [10, -1.5], \"area\": {\"box\": [2, 5]},"
                 " \"fluid\": {\"density\": 1, \"drag\": 2}}",
        .events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"level\": \"pool\", \"to\": 4, \"over\": 2}]}"});
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "box"), 1.5, 0.02);
    steps(&run, RATE);
    assert_near((double)view(&run)->zones[0].position.y + 2.5, 2.5, 1e-4);
    steps(&run, RATE);
    assert_near((double)view(&run)->zones[0].position.y + 2.5, 4, 1e-5);
    steps(&run, 6 * RATE);
    assert_near(y_of(&run, "box"), 4, 0.05); // half under
    end(&run);
}

static void test_a_motor_runs_by_itself_and_changes_its_rate(void **state)
{
    (void)state;
    Run run = begin(
        (Parts){.bodies = "{\"name\": \"wheel\", \"at\": [8, 8], \"shape\": {\"circle\": 1}}",
                .joints = "{\"name\": \"axle\", \"revolute\": [\"floor\", \"wheel\"],"
                          " \"motor\": {\"rate\": 3, \"torque\": 200}}",
                .events = "{\"when\": {\"at\": 1}, \"do\": [{\"rate\": \"axle\", \"to\": -5}]},"
                          "{\"when\": {\"at\": 2}, \"do\": [{\"rate\": \"axle\", \"to\": 1, \"over\": 1}]}"});
    int wheel = body(&run, "wheel");
    steps(&run, RATE);
    assert_near((double)AT(view(&run), spin, wheel), 3, 1e-3);
    steps(&run, RATE);
    assert_near((double)AT(view(&run), spin, wheel), -5, 1e-3);
    steps(&run, RATE / 2);
    assert_near((double)AT(view(&run), spin, wheel), -2, 0.1);
    steps(&run, RATE);
    assert_near((double)AT(view(&run), spin, wheel), 1, 1e-3);
    end(&run);
}

static void test_friction_lets_go_and_grips(void **state)
{
    (void)state;
    Run run =
        begin((Parts){.bodies = BOX("box", 6, 1.5, ", \"friction\": 0"),
                      .events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"push\": \"box\", \"by\": [3, 0]}]},"
                                "{\"when\": {\"at\": 1.5}, \"do\": [{\"friction\": \"box\", \"to\": 1}]}"});
    steps(&run, 3 * RATE / 2);
    assert_near(vx_of(&run, "box"), 3, 0.02); // of 1 kg, without friction
    steps(&run, RATE);
    assert_near(vx_of(&run, "box"), 0, 0.02); // 6 m/s^2 stop it in half a second
    end(&run);
}

static void test_a_ramp_begins_where_it_is_and_a_later_one_ends_it(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .variables = "\"hits\": 2",
        .events = "{\"when\": {\"at\": 1}, \"do\": [{\"variable\": \"hits\", \"to\": 8, \"over\": 1}]},"
                  "{\"when\": {\"at\": 1.5}, \"do\": [{\"variable\": \"hits\", \"to\": 0, \"over\": 2}]},"
                  "{\"when\": {\"at\": 2.5}, \"do\": [{\"variable\": \"hits\", \"to\": 100}]}"});
    steps(&run, RATE);
    assert_true(n_of(&run) == 2);
    steps(&run, RATE / 2);
    assert_near(n_of(&run), 5, 1e-12);
    steps(&run, RATE / 2);
    assert_near(n_of(&run), 3.75, 1e-12);
    steps(&run, RATE / 2);
    assert_true(n_of(&run) == 100);
    steps(&run, 2 * RATE);
    assert_true(n_of(&run) == 100);
    end(&run);
}

static void test_numbers_beyond_their_range_are_taken_to_its_end(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .events =
            "{\"when\": {\"at\": 0.1}, \"do\": [{\"variable\": \"hits\", \"to\": \"1e30 * time\"},"
            " {\"gravity\": [\"-hits\", \"hits\"]}, {\"add\": \"hits\", \"by\": 1}]},"
            "{\"when\": {\"at\": 0.2}, \"do\": [{\"variable\": \"hits\", \"to\": \"1 / (hits - hits)\"},"
            " {\"gravity\": [0, \"sqrt(-hits)\"]}]}"});
    steps(&run, 6);
    assert_true(n_of(&run) == 1e9 && view(&run)->gravity.x == -100 && view(&run)->gravity.y == 100);
    steps(&run, 6); // what has no value now does nothing
    assert_true(n_of(&run) == 1e9 && view(&run)->gravity.y == 100);
    assert_int_equal(run.play.status, PARA_PLAY_ON);
    end(&run);
}

// ---------------------------------------------------------------------------------------------
// What moves, comes and goes.

#define DOOR(more)                                                                                           \
    "{\"name\": \"door\", \"kinematic\": true, \"at\": [12, 3], \"shape\": {\"box\": [0.5, 2]}, "            \
    "\"moves\": {\"by\": [0, 3], \"period\": 2" more "}}"

static void test_a_door_opens_and_closes(void **state)
{
    (void)state;
    Run run = begin((Parts){.bodies = DOOR(", \"waits\": true, \"ends\": true"),
                            .events = "{\"when\": {\"at\": 1}, \"do\": [{\"start\": \"door\"}]},"
                                      "{\"when\": {\"at\": 4}, \"do\": [{\"reverse\": \"door\"}]},"
                                      "{\"when\": {\"at\": 4.5}, \"do\": [{\"start\": \"door\"}]}"});
    steps(&run, RATE);
    assert_near(y_of(&run, "door"), 3, 1e-5);
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "door"), 4.5, 1e-3); // halfway in time and way
    steps(&run, RATE);
    assert_near(y_of(&run, "door"), 6, 1e-3);
    steps(&run, 3 * RATE / 2);
    assert_near(y_of(&run, "door"), 6, 1e-3); // there it stays
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "door"), 4.5, 1e-3);
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "door"), 6, 1e-3); // sent back on its way
    end(&run);
}

static void test_a_swing_stops_and_goes_on_by_its_own_clock(void **state)
{
    (void)state;
    Run run = begin((Parts){.bodies = DOOR(""),
                            .events = "{\"when\": {\"at\": 0.25}, \"do\": [{\"stop\": \"door\"}]},"
                                      "{\"when\": {\"at\": 1}, \"do\": [{\"start\": \"door\"}]},"
                                      "{\"when\": {\"at\": 1.25}, \"do\": [{\"reverse\": \"door\"}]}"});
    steps(&run, RATE / 4);
    assert_near(y_of(&run, "door"), 3 + 3 * sin(PARA_PI / 4), 1e-3);
    steps(&run, 3 * RATE / 4);
    assert_near(y_of(&run, "door"), 3 + 3 * sin(PARA_PI / 4), 1e-3);
    assert_near(vy_of(&run, "door"), 0, 1e-4);
    steps(&run, RATE / 4);
    assert_near(y_of(&run, "door"), 6, 1e-3); // the crest
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "door"), 3, 1e-2); // back the way it came
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "door"), 0, 1e-2);
    end(&run);
}

static void test_bodies_go_and_come_back(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies =
            "{\"name\": \"shelf\", \"static\": true, \"at\": [8, 5], \"shape\": {\"box\": [2, 1]}}, " BOX(
                "box", 8, 6, "") ", " BOX("gone", 14, 1.5, ""),
        .events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"disable\": \"shelf\"}, {\"remove\": \"gone\"}]},"
                  "{\"when\": {\"at\": 2}, \"do\": [{\"enable\": \"shelf\"}, {\"enable\": \"gone\"}]}"});
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "box"), 6, 0.02);
    assert_true(!is_there(&run, "shelf") && !is_there(&run, "gone"));
    steps(&run, 3 * RATE / 2);
    assert_near(y_of(&run, "box"), 1.5, 0.02);
    assert_true(is_there(&run, "shelf") && !is_there(&run, "gone")); // for good
    end(&run);
}

static void test_zones_are_switched(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies = BOX("box", 6, 15, ", \"gravity_scale\": 0"),
        .zones = "{\"name\": \"air\", \"at\": [20, 10], \"area\": {\"box\": [40, 20]}, \"force\": [2, 0]}",
        .events = "{\"when\": {\"at\": 1}, \"do\": [{\"disable\": \"air\"}]},"
                  "{\"when\": {\"at\": 2}, \"do\": [{\"enable\": \"air\"}]},"
                  "{\"when\": {\"at\": 3}, \"do\": [{\"remove\": \"air\"}]},"
                  "{\"when\": {\"at\": 4}, \"do\": [{\"enable\": \"air\"}]},"
                  "{\"when\": {\"not\": {\"inside\": [\"box\", \"air\"]}}, \"again\": true, " COUNT "}"});
    steps(&run, RATE);
    assert_near(vx_of(&run, "box"), 2, 1e-3);
    steps(&run, RATE);
    assert_near(vx_of(&run, "box"), 2, 1e-3);
    steps(&run, RATE);
    assert_near(vx_of(&run, "box"), 4, 1e-3);
    steps(&run, 2 * RATE);
    assert_near(vx_of(&run, "box"), 4, 1e-3);
    assert_true(n_of(&run) == 2);
    end(&run);
}

static void test_a_pool_is_spawned_and_runs_dry(void **state)
{
    (void)state;
    Run run = begin(
        (Parts){.bodies = "{\"name\": \"crate\", \"repeat\": 2, \"spare\": true, \"at\": [\"30 + i\", 3],"
                          " \"angle\": 0.25, \"shape\": {\"box\": [0.5, 0.5]}, \"gravity_scale\": 0}",
                .events = "{\"when\": {\"every\": 0.5}, \"do\": [{\"add\": \"hits\", \"by\": 2},"
                          " {\"spawn\": \"crate\", \"at\": [\"10 + hits\", 8], \"velocity\": [0, \"hits\"], "
                          "\"angle\": 0.5}]},"
                          "{\"when\": {\"at\": 1.6}, \"do\": [{\"remove\": \"crate1\"}]},"
                          "{\"when\": {\"at\": 1.7}, \"do\": [{\"spawn\": \"crate\"}]}"});
    assert_true(!is_there(&run, "crate1") && !is_there(&run, "crate2"));
    steps(&run, RATE / 2);
    assert_true(is_there(&run, "crate1") && !is_there(&run, "crate2"));
    assert_near(x_of(&run, "crate1"), 12, 1e-6);
    assert_near(y_of(&run, "crate1"), 8, 1e-6);
    assert_near(vy_of(&run, "crate1"), 2, 1e-6);
    assert_near((double)AT(view(&run), angle, body(&run, "crate1")), 0.5, 1e-6);
    steps(&run, RATE / 2);
    assert_near(x_of(&run, "crate2"), 14, 1e-6);
    assert_near(y_of(&run, "crate1"), 9, 1e-3);
    steps(&run, RATE / 2); // none is left
    assert_near(x_of(&run, "crate1"), 12, 1e-4);
    assert_near(x_of(&run, "crate2"), 14, 1e-4);
    steps(&run, RATE / 4); // back in the pool, it comes to its own place
    assert_near(x_of(&run, "crate1"), 30, 1e-4);
    assert_near(y_of(&run, "crate1"), 3, 1e-4);
    end(&run);
}

static void test_a_place_may_be_that_of_a_body_or_zone(void **state)
{
    (void)state;
    Run run = begin(
        (Parts){.bodies = BOX("box", 6, 15, ", \"gravity_scale\": 0, \"velocity\": [2, 0]") ", " BOX(
                    "extra", 30, 3, ", \"spare\": true, \"gravity_scale\": 0"),
                .zones = "{\"name\": \"exit\", \"at\": [33, 7], \"area\": {\"circle\": 1}}",
                .events = "{\"when\": {\"at\": 1}, \"do\": [{\"teleport\": \"box\", \"to\": \"exit\"}]},"
                          "{\"when\": {\"at\": 2}, \"do\": [{\"spawn\": \"extra\", \"at\": \"box\"}]}"});
    steps(&run, RATE);
    assert_near(x_of(&run, "box"), 33, 1e-5);
    assert_near(y_of(&run, "box"), 7, 1e-5);
    assert_near(vx_of(&run, "box"), 2, 1e-5);
    steps(&run, RATE);
    assert_near(x_of(&run, "extra"), 35, 1e-3);
    end(&run);
}

static void test_what_joints_hold_is_teleported_as_one(void **state)
{
    (void)state;
    Run run = begin(
        (Parts){.bodies = BOX("a", 10, 10, ", \"gravity_scale\": 0") ", " BOX(
                    "b", 12, 10, ", \"gravity_scale\": 0") ", " BOX("c", 14, 10, ", \"gravity_scale\": 0"),
                .joints = "{\"weld\": [\"a\", \"b\"]}, {\"name\": \"loose\", \"weld\": [\"b\", \"c\"]}",
                .events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"break\": \"loose\"},"
                          " {\"teleport\": \"a\", \"to\": [20, \"6 + hits\"], \"angle\": 1.5707963}]}"});
    steps(&run, RATE / 2);
    assert_near(x_of(&run, "b"), 20, 1e-4);
    assert_near(y_of(&run, "b"), 8, 1e-4);
    assert_near(x_of(&run, "c"), 14, 1e-3); // held no more
    steps(&run, RATE);
    assert_near(x_of(&run, "b"), 20, 1e-2);
    assert_near(y_of(&run, "b"), 8, 1e-2);
    end(&run);
}

static void test_joints_break_and_are_made(void **state)
{
    (void)state;
    Run run = begin(
        (Parts){.bodies = BOX("lamp", 10, 10, ""),
                .joints = "{\"name\": \"rope\", \"distance\": [\"floor\", \"lamp\"], \"at_a\": [10, 14]},"
                          "{\"name\": \"hook\", \"weld\": [\"floor\", \"ball\"], \"made\": false}",
                .events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"break\": \"rope\"}]},"
                          "{\"when\": {\"at\": 1}, \"do\": [{\"push\": \"ball\", \"by\": [2, 0]}]},"
                          "{\"when\": {\"at\": 1.2}, \"do\": [{\"make\": \"hook\"}]}"});
    steps(&run, RATE / 2);
    assert_near(y_of(&run, "lamp"), 10, 0.02);
    assert_true(!AT(view(&run), joint_enabled, 0) && !AT(view(&run), joint_enabled, 1));
    steps(&run, RATE / 2);
    assert_true(y_of(&run, "lamp") < 9.5);
    steps(&run, RATE / 10); // 6 steps: it rolls, as nothing holds it
    assert_true(vx_of(&run, "ball") > 1);
    steps(&run, 2 * RATE);
    assert_true(AT(view(&run), joint_enabled, 1));
    assert_near(x_of(&run, "ball"), 2, 0.05); // drawn back to where its joint has it
    end(&run);
}

static void test_a_joint_lets_go_above_its_load(void **state)
{
    (void)state;
    for (int heavy = 0; heavy < 2; heavy++) { // 9.81 N per kg: 39 N and 49 N on a rope for 45
        Run run = begin((Parts){
            .bodies =
                heavy ? BOX("lamp", 10, 10, ", \"density\": 5") : BOX("lamp", 10, 10, ", \"density\": 4"),
            .joints =
                "{\"distance\": [\"floor\", \"lamp\"], \"at_a\": [10, 14], \"breaks\": {\"load\": 45}}"});
        steps(&run, 2 * RATE);
        assert_true((y_of(&run, "lamp") < 9) == heavy);
        end(&run);
    }
}

static void test_a_push_and_an_explosion(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies = BOX("near", 11, 10, ", \"gravity_scale\": 0, \"density\": 2") ", " BOX(
            "far", 10, 13, ", \"gravity_scale\": 0") ", " BOX("out", 16, 10, ", \"gravity_scale\": 0"),
        .zones = "{\"name\": \"mine\", \"at\": [10, 10], \"area\": {\"circle\": 0.1}}",
        .events = "{\"when\": {\"at\": 0.1}, \"do\": [{\"explode\": [\"10 + hits\", 10], \"radius\": 4, "
                  "\"impulse\": 8}]},"
                  "{\"when\": {\"at\": 0.2}, \"do\": [{\"push\": \"out\", \"by\": [\"hits - 3\", 5]}]},"
                  "{\"when\": {\"at\": 0.3}, \"do\": [{\"explode\": \"mine\", \"radius\": \"hits + 0.5\", "
                  "\"impulse\": 8}]}"});
    steps(&run, 6);
    assert_near(vx_of(&run, "near"), 3, 1e-3); // 8 * (1 - 1/4) N s on 2 kg
    assert_near(vy_of(&run, "near"), 0, 1e-3);
    assert_near(vy_of(&run, "far"), 2, 1e-3); // 8 * (1 - 3/4) on 1 kg
    assert_near(vx_of(&run, "out"), 0, 1e-6);
    steps(&run, 6);
    assert_near(vx_of(&run, "out"), -3, 1e-3);
    assert_near(vy_of(&run, "out"), 5, 1e-3);
    steps(&run, 12);
    assert_near(vx_of(&run, "near"), 3, 1e-3); // it is beyond
    end(&run);
}

static void test_the_player_is_told_the_last_thing(void **state)
{
    (void)state;
    Run run = begin(
        (Parts){.events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"say\": \"The wind is up.\"}]},"
                          "{\"when\": {\"at\": 1}, \"do\": [{\"say\": \"Now.\"}, {\"say\": \"Run!\"}]}"});
    steps(&run, RATE / 2 - 1);
    assert_string_equal(para_play_message(&run.play, run.level), "");
    steps(&run, 1);
    assert_string_equal(para_play_message(&run.play, run.level), "The wind is up.");
    assert_int_equal(run.play.said_step, RATE / 2);
    steps(&run, RATE);
    assert_string_equal(para_play_message(&run.play, run.level), "Run!");
    assert_int_equal(run.play.said_step, RATE);
    end(&run);
}

// ---------------------------------------------------------------------------------------------
// Whole levels; those of the golden scenarios go on alike in copies and saved in test_scenarios.c.

/// The example of docs/authoring.md: whoever just holds to the right gets through it, as everything comes in
/// time.
static void test_the_gatehouse_of_the_cookbook_is_solved(void **state)
{
    (void)state;
    for (int holds = 0; holds < 2; holds++) {
        Run run = {.arena = para_arena_create(1 << 18, (size_t)1 << 28), .group = scene_room(2)};
        const char *error = "", *text = para_file_read(PARA_SOURCE_DIR "/docs/cookbook/gatehouse.json",
                                                       1 << 16, run.arena, NULL, &error);
        assert_non_null(text);
        run.level = level_of(text, run.arena);
        start(&run);
        const float actions[PARA_CHANNELS] = {(float)holds};
        para_play_act(&run.play, run.level, actions);
        steps(&run, 2 * RATE);
        assert_string_equal(para_play_message(&run.play, run.level),
                            holds ? "The door opens, and water comes in." : "");
        steps(&run, 18 * RATE);
        assert_int_equal(run.play.status, holds ? PARA_PLAY_SOLVED : PARA_PLAY_ON);
        assert_string_equal(para_play_message(&run.play, run.level),
                            holds ? "Just in time." : "A storm comes up.");
        assert_near(y_of(&run, "door"), holds ? 6.3 : 3.5, 1e-3);
        assert_true(AT(view(&run), joint_enabled, 0) == !holds);
        end(&run);
    }
}

static void test_a_level_without_events_remembers_nothing(void **state)
{
    (void)state;
    Run run = begin((Parts){.variables = "", .joints = "", .events = ""});
    assert_int_equal(para_play_events_size(run.level), 0);
    assert_string_equal(para_play_message(&run.play, run.level), "");
    end(&run);
    run = begin((Parts){.events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"say\": \"gust\"}]}"});
    assert_in_range(para_play_events_size(run.level), 100, 4000);
    end(&run);
}

const struct CMUnitTest para_tests_events[] = {
    SCENE_TEST(test_a_moment_comes_in_its_step),
    SCENE_TEST(test_a_period_comes_again_and_again),
    SCENE_TEST(test_an_event_happens_when_its_predicate_becomes_true),
    SCENE_TEST(test_every_predicate_of_the_goals_can_be_asked),
    SCENE_TEST(test_events_go_in_order_and_see_what_was_done),
    SCENE_TEST(test_goals_and_fails_ask_variables_and_time),
    SCENE_TEST(test_gravity_is_set_and_goes_over),
    SCENE_TEST(test_wind_and_drag_of_a_zone),
    SCENE_TEST(test_water_rises_and_lifts),
    SCENE_TEST(test_a_motor_runs_by_itself_and_changes_its_rate),
    SCENE_TEST(test_friction_lets_go_and_grips),
    SCENE_TEST(test_a_ramp_begins_where_it_is_and_a_later_one_ends_it),
    SCENE_TEST(test_numbers_beyond_their_range_are_taken_to_its_end),
    SCENE_TEST(test_a_door_opens_and_closes),
    SCENE_TEST(test_a_swing_stops_and_goes_on_by_its_own_clock),
    SCENE_TEST(test_bodies_go_and_come_back),
    SCENE_TEST(test_zones_are_switched),
    SCENE_TEST(test_a_pool_is_spawned_and_runs_dry),
    SCENE_TEST(test_a_place_may_be_that_of_a_body_or_zone),
    SCENE_TEST(test_what_joints_hold_is_teleported_as_one),
    SCENE_TEST(test_joints_break_and_are_made),
    SCENE_TEST(test_a_joint_lets_go_above_its_load),
    SCENE_TEST(test_a_push_and_an_explosion),
    SCENE_TEST(test_the_player_is_told_the_last_thing),
    SCENE_TEST(test_the_gatehouse_of_the_cookbook_is_solved),
    SCENE_TEST(test_a_level_without_events_remembers_nothing),
};
const size_t para_tests_events_count = sizeof para_tests_events / sizeof *para_tests_events;
