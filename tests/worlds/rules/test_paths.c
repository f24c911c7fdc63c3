// SPDX-License-Identifier: MIT
// Platforms that go from stop to stop: where they are at each step, what events make of them, and that what
// rides them is carried; on both solvers, against numbers worked out by hand.
#include "tests/worlds/rules/run.h"

#include "engine/base/maths.h"

#define TRAM(path)                                                                                           \
    "{\"name\": \"tram\", \"kinematic\": true, \"at\": [10, 5], \"shape\": {\"box\": [3, 0.4]}, \"path\": "  \
    "{" path "}}"

static double smooth(double s) { return s * s * s * (10 - 15 * s + 6 * s * s); }
static double cosine(double s) { return (1 - cos(PARA_TAU / 2 * s)) / 2; }
static double linear(double s) { return s; }

static double part(double time, double from, double length)
{
    return time < from ? 0 : time > from + length ? 1 : (time - from) / length;
}

static void test_a_path_is_run_by_its_times_waits_and_ease(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        double (*ease)(double);
    } eases[] = {{"", smooth}, {"\"ease\": \"cosine\",", cosine}, {"\"ease\": \"linear\",", linear}};
    for (size_t e = 0; e < 3; e++) {
        char bodies[500];
        // 3 m at 2 m/s in 1.5 s and half a second's rest, 4 m up in 1 s, all of it back at once.
        snprintf(
            bodies, sizeof bodies,
            TRAM(
                "%s \"speed\": 2, \"wait\": 0.5, \"stops\": [{\"by\": [3, 0]}, {\"by\": [3, 4], \"time\": 1, "
                "\"wait\": 0}]"),
            eases[e].word);
        Run run = begin((Parts){.bodies = bodies});
        for (int k = 1; k <= 12 * RATE; k++) {
            steps(&run, 1);
            double time =
                fmod((double)k / RATE, 6.5); // half a second each at the first stop, both ways, and home
            double x = eases[e].ease(part(time, 0, 1.5)) - eases[e].ease(part(time, 4.5, 1.5));
            double y = eases[e].ease(part(time, 2, 1)) - eases[e].ease(part(time, 3, 1));
            assert_near(x_of(&run, "tram"), 10 + 3 * x, 2e-4);
            assert_near(y_of(&run, "tram"), 5 + 4 * y, 2e-4);
        }
        end(&run);
    }
}

static void test_a_path_loops_or_ends(void **state)
{
    (void)state;
    Run run =
        begin((Parts){.bodies = TRAM("\"goes\": \"loop\", \"ease\": \"linear\", \"speed\": 2, \"stops\": "
                                     "[{\"by\": [4, 0]}, {\"by\": [4, 3]}]")});
    for (int k = 1; k <= 1300; k++) { // 2 s, 1.5 s and 2.5 s home
        steps(&run, 1);
        double time = fmod((double)k / RATE, 6);
        double home = part(time, 3.5, 2.5);
        assert_near(x_of(&run, "tram"), 10 + 4 * part(time, 0, 2) - 4 * home, 2e-4);
        assert_near(y_of(&run, "tram"), 5 + 3 * part(time, 2, 1.5) - 3 * home, 2e-4);
    }
    end(&run);
    run = begin(
        (Parts){.bodies = TRAM("\"goes\": \"once\", \"stops\": [{\"by\": [4, 0], \"time\": 1, \"wait\": 9}, "
                               "{\"by\": [4, 2], \"time\": 1, \"wait\": 9}]")});
    steps(&run, 5 * RATE);
    assert_near(y_of(&run, "tram"), 5, 1e-4);
    steps(&run, 40 * RATE);
    assert_near(x_of(&run, "tram"), 14, 1e-4);
    assert_near(y_of(&run, "tram"), 7, 1e-4);
    assert_near(vy_of(&run, "tram"), 0, 1e-3);
    end(&run);
}

/// A box on a tram, and one on a lift, are where they were on it after every stop, and nothing throws them.
static void test_what_rides_is_carried(void **state)
{
    (void)state;
    static const char *const ways[] = {
        TRAM("\"stops\": [{\"by\": [8, 0], \"time\": 4, \"wait\": 1}]"),
        TRAM("\"stops\": [{\"by\": [0, 5], \"time\": 4, \"wait\": 1}]"),
        TRAM("\"goes\": \"loop\", \"stops\": [{\"by\": [6, 3], \"time\": 4, \"wait\": "
             "1}, {\"by\": [6, 0], \"time\": 3, \"wait\": 1}]")};
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
        char bodies[800];
        snprintf(bodies, sizeof bodies, "%s, " BOX("box", 10, 5.7, ""), ways[k]);
        Run run = begin((Parts){.bodies = bodies});
        steps(&run, 10);
        double x = x_of(&run, "box") - x_of(&run, "tram"), y = y_of(&run, "box") - y_of(&run, "tram");
        double before = vy_of(&run, "tram"), acceleration = 0, slip = 0, lift = 0;
        for (int s = 0; s < 40 * RATE; s++) {
            steps(&run, 1);
            double off = fabs(x_of(&run, "box") - x_of(&run, "tram") - x), speed = fabs(vx_of(&run, "tram"));
            slip = fmax(slip, off - speed / RATE); // chipmunk's bodies hear of a speed a step later
            lift = fmax(lift, fabs(y_of(&run, "box") - y_of(&run, "tram") - y));
            acceleration = fmax(acceleration, fabs(vy_of(&run, "tram") - before) * RATE);
            before = vy_of(&run, "tram");
        }
        assert_near(slip, 0, 0.01);
        assert_near(lift, 0, 0.01);
        assert_near(acceleration, 0,
                    2.2); // 5 m in 4 s smoothly are 5.77 * 5 / 16 m/s^2 at most, and no step more
        end(&run);
    }
}

/// Between two steps the acceleration of what goes smoothly changes by little: 60 m/s^3 at most are 1 m/s^2.
static void test_smooth_is_without_jerk_and_linear_is_not(void **state)
{
    (void)state;
    double most[2];
    for (int e = 0; e < 2; e++) {
        Run run = begin(
            (Parts){.bodies = e ? TRAM("\"ease\": \"linear\", \"stops\": [{\"by\": [4, 0], \"time\": 2}]")
                                : TRAM("\"stops\": [{\"by\": [4, 0], \"time\": 2}]")});
        double speed = 0, acceleration = 0;
        most[e] = 0;
        for (int k = 0; k < 8 * RATE; k++) {
            steps(&run, 1);
            double now = (vx_of(&run, "tram") - speed) * RATE;
            most[e] = fmax(most[e], fabs(now - acceleration));
            speed = vx_of(&run, "tram");
            acceleration = now;
        }
        end(&run);
    }
    assert_near(most[0], 0, 0.6); // 60 * 4 / 8 m/s^3 over a step, and a step's rounding
    assert_true(most[1] > 100);
}

#define GATE                                                                                                 \
    TRAM("\"goes\": \"once\", \"waits\": true, \"ease\": \"linear\", \"stops\": [{\"by\": [0, 3], "          \
         "\"time\": 3}]")

static void test_events_start_stop_and_reverse_a_path(void **state)
{
    (void)state;
    Run run = begin((Parts){.bodies = GATE,
                            .events = "{\"when\": {\"at\": 1}, \"do\": [{\"start\": \"tram\"}]},"
                                      "{\"when\": {\"at\": 3}, \"do\": [{\"stop\": \"tram\"}]},"
                                      "{\"when\": {\"at\": 4}, \"do\": [{\"reverse\": \"tram\"}]},"
                                      "{\"when\": {\"at\": 10}, \"do\": [{\"start\": \"tram\"}]}"});
    steps(&run, RATE);
    assert_near(y_of(&run, "tram"), 5, 0);
    steps(&run, 2 * RATE);
    assert_near(y_of(&run, "tram"), 7, 1e-4);
    steps(&run, RATE);
    assert_near(y_of(&run, "tram"), 7, 1e-4); // from halfway back, and there it stays
    steps(&run, RATE);
    assert_near(y_of(&run, "tram"), 6, 1e-4);
    steps(&run, 5 * RATE);
    assert_near(y_of(&run, "tram"), 5, 1e-4);
    steps(&run, 9 * RATE);
    assert_near(y_of(&run, "tram"), 8, 1e-4);
    end(&run);
    // One that goes round runs the other way round, beyond where it began.
    run = begin(
        (Parts){.bodies = TRAM("\"goes\": \"loop\", \"ease\": \"linear\", \"stops\": [{\"by\": [4, 0], "
                               "\"time\": 1}, {\"by\": [4, 4], \"time\": 1}, {\"by\": [0, 0], \"time\": 2}]"),
                .events = "{\"when\": {\"at\": 0.5}, \"do\": [{\"reverse\": \"tram\"}]}"});
    steps(&run, 2 * RATE); // half a second forward, 1.5 s back: half of the way home from the far end
    assert_near(x_of(&run, "tram"), 12, 1e-4);
    assert_near(y_of(&run, "tram"), 7, 1e-4);
    end(&run);
}

static void test_a_path_turns_its_body(void **state)
{
    (void)state;
    Run run =
        begin((Parts){.bodies = TRAM("\"goes\": \"loop\", \"ease\": \"linear\", \"stops\": [{\"by\": [4, 0], "
                                     "\"angle\": 3, \"time\": 2}, {\"by\": [0, 0], \"angle\": "
                                     "6.283185307179586, \"time\": 2}]")});
    for (int k = 1; k <= 12 * RATE; k++) {
        steps(&run, 1);
        double time = fmod((double)k / RATE, 4);
        double angle = time < 2 ? 1.5 * time : 3 + (PARA_TAU - 3) * (time - 2) / 2;
        double turned = (double)AT(view(&run), angle, body(&run, "tram")) - angle;
        assert_near(turned - PARA_TAU * floor(turned / PARA_TAU + 0.5), 0, 1e-3);
        assert_true(fabs((double)AT(view(&run), spin, body(&run, "tram"))) < 1.7); // never the long way round
    }
    end(&run);
    // What does not say how it is turned turns by its own spin.
    run = begin((Parts){
        .bodies = "{\"name\": \"tram\", \"kinematic\": true, \"at\": [10, 5], \"spin\": 0.5, \"shape\": "
                  "{\"box\": [1, 1]}, \"path\": {\"stops\": [{\"by\": [1, 0]}]}}"});
    steps(&run, 2 * RATE);
    assert_near((double)AT(view(&run), angle, body(&run, "tram")), 1, 1e-3);
    end(&run);
}

static const Parts trams = {
    .bodies =
        TRAM("\"goes\": \"loop\", \"speed\": 2, \"wait\": 0.2, \"stops\": [{\"by\": [4, 0], \"angle\": 0.2}, "
             "{\"by\": [4, 3], \"wait\": 0.3}]") ", " BOX("box", 10, 5.7, ""),
    .events = "{\"when\": {\"every\": 1.3}, \"do\": [{\"reverse\": \"tram\"}]}"};

static void test_a_path_goes_on_in_copies_and_saved_levels(void **state)
{
    (void)state;
    for (int middle = 20; middle < 300; middle += 60)
        check_copy(trams, middle, 120);
    check_saved(trams, 300);
}

const struct CMUnitTest para_tests_paths[] = {
    SCENE_TEST(test_a_path_is_run_by_its_times_waits_and_ease),
    SCENE_TEST(test_a_path_loops_or_ends),
    SCENE_TEST(test_what_rides_is_carried),
    SCENE_TEST(test_smooth_is_without_jerk_and_linear_is_not),
    SCENE_TEST(test_events_start_stop_and_reverse_a_path),
    SCENE_TEST(test_a_path_turns_its_body),
    SCENE_TEST(test_a_path_goes_on_in_copies_and_saved_levels),
};
const size_t para_tests_paths_count = sizeof para_tests_paths / sizeof *para_tests_paths;
