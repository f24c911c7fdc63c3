// SPDX-License-Identifier: MIT
// Portals: what enters comes out at the other end with its velocity turned, once; joined things as one; on
// both solvers.
#include "tests/worlds/rules/run.h"

#include "engine/base/maths.h"

#define GATES(turn)                                                                                          \
    "{\"name\": \"in\", \"at\": [10, 8], \"area\": {\"box\": [0.6, 3]}, \"portal\": \"out\"}, "              \
    "{\"name\": \"out\", \"at\": [25, 12], \"angle\": " turn                                                 \
    ", \"area\": {\"box\": [0.6, 3]}, \"portal\": \"in\"}"
#define FLIER(x, y, more)                                                                                    \
    "{\"name\": \"flier\", \"gravity_scale\": 0, \"at\": [" #x ", " #y                                       \
    "], \"velocity\": [6, 0], \"spin\": 1, \"shape\": "                                                      \
    "{\"box\": [0.5, 0.3]}" more "}"

static double energy_of(const Run *run, const char *name)
{
    double vx = vx_of(run, name), vy = vy_of(run, name), spin = (double)AT(view(run), spin, body(run, name));
    double mass = (double)AT(view(run), mass, body(run, name)); // all have the same moment, so 0.1 will do
    return mass * (vx * vx + vy * vy) / 2 + 0.1 * spin * spin / 2;
}

static void test_what_enters_comes_out_turned(void **state)
{
    (void)state;
    static const struct {
        const char *zones;
        double turn;
    } cases[] = {
        {GATES("0"), 0}, {GATES("1.5707963"), PARA_TAU / 4}, {GATES("2.5"), 2.5}, {GATES("-0.7"), -0.7}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Run run = begin((Parts){.bodies = FLIER(8, 8.5, ""), .zones = cases[k].zones});
        double before = energy_of(&run, "flier"), c = cos(cases[k].turn), s = sin(cases[k].turn);
        // 1.7 m to the gate at 6 m/s are 17 steps; in the 18th it is 0.2 m into it, 0.5 m above its middle.
        steps(&run, 17);
        assert_true(x_of(&run, "flier") < 10);
        steps(&run, 1);
        double dx = 8 + 1.8 - 10, dy = 0.5;
        assert_near(x_of(&run, "flier"), 25 + c * dx - s * dy, 2e-3);
        assert_near(y_of(&run, "flier"), 12 + s * dx + c * dy, 2e-3);
        assert_near(vx_of(&run, "flier"), 6 * c, 1e-4);
        assert_near(vy_of(&run, "flier"), 6 * s, 1e-4);
        assert_near((double)AT(view(&run), angle, body(&run, "flier")), 18.0 / RATE + cases[k].turn, 1e-3);
        assert_near(energy_of(&run, "flier"), before, 1e-4);
        steps(&run, 30); // on its way, and not back
        assert_near(x_of(&run, "flier"), 25 + c * (dx + 3) - s * dy, 5e-3);
        assert_near(energy_of(&run, "flier"), before, 1e-4);
        end(&run);
    }
}

/// Falling from one into the other for ever, it gains what gravity gives on the way, and nothing else.
static void test_a_fall_without_end_gains_what_it_falls(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies = "{\"name\": \"flier\", \"at\": [20, 10], \"shape\": {\"circle\": 0.3}}",
        .zones = "{\"name\": \"low\", \"at\": [20, 4], \"area\": {\"box\": [2, 2]}, \"portal\": \"high\"}, "
                 "{\"name\": \"high\", \"at\": [20, 14], \"area\": {\"box\": [2, 2]}}"});
    double fallen = 0, last = y_of(&run, "flier");
    int passes = 0;
    for (int k = 0; k < 4 * RATE; k++) {
        double speed = -vy_of(&run, "flier");
        steps(&run, 1);
        double now = y_of(&run, "flier");
        fallen += now > last ? speed / RATE : last - now;
        passes += now > last;
        last = now;
    }
    assert_true(passes >= 6);
    double speed = vy_of(&run, "flier");
    assert_near(speed * speed / 2 / (9.81 * fallen), 1, 0.03);
    assert_near(x_of(&run, "flier"), 20, 1e-3);
    end(&run);
}

static void test_what_is_joined_passes_as_one_or_not_at_all(void **state)
{
    (void)state;
    static const char train[] =
        FLIER(8, 8, "") ", {\"name\": \"wagon\", \"gravity_scale\": 0, \"at\": [7, 8], \"velocity\": [6, "
                        "0], \"spin\": 0, \"shape\": {\"box\": [0.5, 0.3]}}";
    static const char coupled[] =
        "{\"name\": \"coupling\", \"weld\": [\"flier\", \"wagon\"], \"at\": [7.5, 8]}";
    Run run = begin((Parts){.bodies = train, .joints = coupled, .zones = GATES("1.5707963")});
    int passed = 0;
    for (int k = 0; k < RATE; k++) {
        double before = x_of(&run, "flier");
        steps(&run, 1);
        double dx = x_of(&run, "flier") - x_of(&run, "wagon"), dy = y_of(&run, "flier") - y_of(&run, "wagon");
        assert_near(sqrt(dx * dx + dy * dy), 1, 0.02);
        passed += fabs(x_of(&run, "flier") - before) > 5;
    }
    assert_int_equal(passed, 1);
    assert_true(x_of(&run, "wagon") > 20);
    end(&run);
    // Tied to the floor it stays on this side, and so does what is gone from a train that is uncoupled.
    run = begin(
        (Parts){.bodies = train,
                .joints = "{\"distance\": [\"floor\", \"flier\"], \"at_a\": [8, 1], \"limits\": [0, 30]}",
                .zones = GATES("0")});
    steps(&run, RATE / 2);
    assert_true(x_of(&run, "flier") < 12 && x_of(&run, "wagon") > 20); // each for itself
    end(&run);
}

static void check_passes(Parts parts, bool expected)
{
    Run run = begin(parts);
    steps(&run, RATE);
    if ((x_of(&run, "flier") > 20) != expected)
        fail_msg("it is at %g", x_of(&run, "flier"));
    end(&run);
}

static void test_too_large_or_shut_is_no_way(void **state)
{
    (void)state;
    static const char large[] =
        "{\"name\": \"flier\", \"gravity_scale\": 0, \"at\": [7, 8], \"velocity\": [6, 0], \"shape\": "
        "{\"box\": [3.1, 0.5]}}";
    check_passes((Parts){.bodies = FLIER(8, 8, ""), .zones = GATES("0")}, true);
    check_passes((Parts){.bodies = large, .zones = GATES("0")},
                 false); // a gate is 3.06 m from corner to corner
    static const char *const shut[] = {"in", "out"};
    for (int k = 0; k < 2; k++) {
        char events[120];
        snprintf(events, sizeof events, "{\"when\": {\"at\": 0.1}, \"do\": [{\"disable\": \"%s\"}]}",
                 shut[k]);
        check_passes((Parts){.bodies = FLIER(8, 8, ""), .zones = GATES("0"), .events = events}, false);
    }
    // What is in it from the start has to come in first.
    check_passes(
        (Parts){.bodies =
                    "{\"name\": \"flier\", \"gravity_scale\": 0, \"at\": [10, 8], \"shape\": {\"box\": [0.5, "
                    "0.3]}}",
                .zones = GATES("0")},
        false);
}

static const Parts hall = {
    .bodies = FLIER(8, 8, "") ", " BOX("box", 14, 14, ""),
    .zones = GATES("0.3") ", {\"name\": \"floor_hole\", \"at\": [14, 3], \"area\": {\"box\": [3, 1]}, "
                          "\"portal\": \"roof\"}, "
                          "{\"name\": \"roof\", \"at\": [30, 18], \"area\": {\"box\": [3, 1]}}",
    .events = "{\"when\": {\"inside\": [\"box\", \"roof\"]}, " COUNT "}"};

static void test_portals_go_on_in_copies_and_saved_levels(void **state)
{
    (void)state;
    for (int middle = 10; middle < 130; middle += 17)
        check_copy(hall, middle, 100);
    check_saved(hall, 300);
    Run run = begin(hall);
    steps(&run, 3 * RATE);
    assert_true(n_of(&run) == 1); // an event sees it in the step in which it passes
    end(&run);
}

const struct CMUnitTest para_tests_portals[] = {
    SCENE_TEST(test_what_enters_comes_out_turned),
    SCENE_TEST(test_a_fall_without_end_gains_what_it_falls),
    SCENE_TEST(test_what_is_joined_passes_as_one_or_not_at_all),
    SCENE_TEST(test_too_large_or_shut_is_no_way),
    SCENE_TEST(test_portals_go_on_in_copies_and_saved_levels),
};
const size_t para_tests_portals_count = sizeof para_tests_portals / sizeof *para_tests_portals;
