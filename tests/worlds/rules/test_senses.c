// SPDX-License-Identifier: MIT
// Expressions that read the world: each question against the view of the same step, forces that depend on the
// state, copies and saved levels; on both solvers.
#include "engine/base/maths.h"
#include "tests/worlds/rules/run.h"

/// A pendulum, two boxes that fall one onto the other, links in a row, a slider.
#define THINGS                                                                                               \
    BOX("box", 6, 4, ", \"spin\": 0.5, \"velocity\": [0.3, 0.2]")                                            \
    ", " BOX("other-box", 9, 1.5,                                                                            \
             "") ", {\"name\": \"link\", \"repeat\": 3, \"at\": [\"12 + 1.5 * i\", 1.5],"                    \
                 " \"shape\": {\"circle\": 0.4}}, {\"name\": \"bob\", \"at\": [21, 8], \"shape\": "          \
                 "{\"circle\": 0.3}}"
#define HINGE "{\"name\": \"hinge\", \"revolute\": [\"floor\", \"bob\"], \"at\": [20, 8]}"
#define FLAG  "{\"name\": \"flag\", \"at\": [6, 2], \"area\": {\"box\": [2, 3]}}"

/// What `hits` is after some steps where each step sets it to an expression.
static Run asked(const char *text, int count)
{
    static char events[700];
    snprintf(events, sizeof events,
             "{\"when\": {\"every\": 0.0166666666667}, \"do\": [{\"variable\": \"hits\", \"to\": \"%s\"}]}",
             text);
    Run run = begin((Parts){.bodies = THINGS, .joints = HINGE, .zones = FLAG, .events = events});
    steps(&run, count);
    return run;
}

static double answer(const char *text, int count)
{
    Run run = asked(text, count);
    double n = n_of(&run);
    end(&run);
    return n;
}

static void test_state_is_that_of_the_step(void **state)
{
    (void)state;
    Run run = asked("x(box)", 20);
    const ParaView *v = view(&run);
    int box = body(&run, "box"), other = body(&run, "other-box");
    const struct {
        const char *text;
        double value;
    } cases[] = {
        {"x(box)", (double)AT(v, x, box)},
        {"y(box)", (double)AT(v, y, box)},
        {"centre_x(box)", (double)AT(v, centre_x, box)},
        {"centre_y(other-box)", (double)AT(v, centre_y, other)},
        {"vx(box)", (double)AT(v, vx, box)},
        {"vy(box)", (double)AT(v, vy, box)},
        {"speed(box)", hypot((double)AT(v, vx, box), (double)AT(v, vy, box))},
        {"angle(box)", (double)AT(v, angle, box)},
        {"spin(box)", (double)AT(v, spin, box)},
        {"x(link2) - x(link{0 + 1})", 1.5},
        {"x(flag) + 10 * y(flag)", 26},
        {"joint_angle(hinge)", (double)AT(v, joint_angle, 0)},
        {"joint_speed(hinge)", (double)AT(v, joint_speed, 0)},
        {"joint_load(hinge)", (double)AT(v, joint_load, 0)},
        {"distance(box, flag)", hypot((double)AT(v, centre_x, box) - 6, (double)AT(v, centre_y, box) - 2)},
        {"distance(box, link)",
         hypot(12 - (double)AT(v, x, box), y_of(&run, "link1") - (double)AT(v, y, box))},
        {"x(player)", 2},
        {"action(0) + action(-1) + action(99)", 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double got = answer(cases[k].text, 20);
        if (!(fabs(got - cases[k].value) <= 1e-3))
            fail_msg("%s is %.9g; %.9g was expected", cases[k].text, got, cases[k].value);
    }
    end(&run);
}

static void test_touching_and_inside_are_as_the_goals(void **state)
{
    (void)state;
    assert_true(answer("touching(box)", 5) == 0 && answer("touching(box)", 90) == 1);
    assert_true(answer("touching(box, floor)", 90) == 1 && answer("touching(box, other-box)", 90) == 0);
    assert_true(answer("touching(link, floor)", 90) == 1 && answer("touching(link1..link2, box)", 90) == 0);
    assert_true(answer("touching(player)", 90) == 1 && answer("touching(player, other-box)", 90) == 0);
    assert_true(answer("inside(box, flag)", 1) == 0 && answer("inside(box, flag)", 90) == 1);
    // At rest the ground gives back what gravity takes in a step: 1 kg m^-2 of 1 m^2.
    double weight = answer("impulse(other-box)", 90);
    Run run = asked("0", 1);
    assert_near(weight, (double)AT(view(&run), mass, body(&run, "other-box")) * 9.81 / RATE, 0.02);
    end(&run);
    assert_true(answer("impulse(box)", 1) == 0);
}

static void test_rays_see_what_is_there(void **state)
{
    (void)state;
    // From the other box, 0.5 m over the floor; itself it does not see.
    assert_near(answer("ray(other-box, 0, -1, 5)", 60), 0.1, 0.002);
    assert_near(answer("ray(other-box, 0, -2, 5)", 60), 0.1, 0.002); // the length of the direction is none
    assert_near(answer("ray(other-box, 1, 0, 10)", 60), 0.26, 0.002);
    assert_near(answer("ray(other-box, 0, 1, 5)", 60), 1, 0);
    assert_near(answer("ray(other-box, 0, 0, 5)", 60), 1, 0);
    assert_near(answer("ray(other-box, x(other-box) * 0, -1, 5 + 0 * time)", 60), 0.1, 0.002);
}

static void test_predicates_ask_too(void **state)
{
    (void)state;
    Run run =
        begin((Parts){.bodies = THINGS, .goal = "{\"is\": \"touching(box, floor) and speed(box) < 0.5\"}"});
    steps(&run, 5);
    assert_int_equal(run.play.status, PARA_PLAY_ON);
    steps(&run, 4 * RATE);
    assert_int_equal(run.play.status, PARA_PLAY_SOLVED);
    end(&run);
}

#define SPRING_ZONE                                                                                          \
    "{\"name\": \"air\", \"at\": [20, 10], \"area\": {\"box\": [60, 60]}, \"force\": [\"-(x(box) - 5)\", "   \
    "0]}"
#define FREE BOX("box", 6, 8, ", \"gravity_scale\": 0")

static void test_a_force_may_depend_on_the_state(void **state)
{
    (void)state;
    // A spring of 1 /s^2 about x = 5: half a swing of 1 m takes pi s. The force is that of a step's
    // beginning, so that the swing grows by up to a part in 7200 in each.
    Run run = begin((Parts){.bodies = FREE, .zones = SPRING_ZONE});
    steps(&run, (int)(RATE * PARA_PI + 0.5));
    assert_near(x_of(&run, "box"), 4, 0.03);
    assert_near(vx_of(&run, "box"), 0, 0.02);
    assert_near(y_of(&run, "box"), 8, 1e-3);
    end(&run);
}

static void test_a_force_without_a_value_is_none(void **state)
{
    (void)state;
    Run run = begin((Parts){.bodies = FREE,
                            .zones = "{\"at\": [20, 10], \"area\": {\"box\": [60, 60]}, \"force\": [\"1 / "
                                     "(time * 0)\", \"time*1e9\"]}"});
    steps(&run, 3);
    assert_near(x_of(&run, "box"), 6, 1e-6);
    assert_near(vy_of(&run, "box"), 2 * 1000.0 / RATE, 0.01); // 0 at time 0, then as much as a zone may
    end(&run);
}

static const Parts swinging = {
    .bodies = THINGS,
    .joints = HINGE,
    .zones = FLAG ", {\"at\": [20, 10], \"area\": {\"box\": [60, 60]}, \"force\": [\"-9 * (x(box) - 5)\", "
                  "\"2 * touching(link) - vy(link{1 + 1})\"]}",
    .events = "{\"when\": {\"is\": \"ray(bob, 0, -1, 10) < 0.6 or inside(box, flag)\"}, \"again\": true, "
              "\"do\": [{\"add\": \"hits\", \"by\": \"joint_angle(hinge) + distance(box, link)\"}, "
              "{\"push\": \"box\", \"by\": [\"-mass * vx(box)\", 1]}]}",
    .params = "\"mass\": {\"range\": [0.2, 0.3]}"};

static void test_what_asks_goes_on_in_copies_and_saved_levels(void **state)
{
    (void)state;
    for (int middle = 20; middle < 200; middle += 60)
        check_copy(swinging, middle, 120);
    check_saved(swinging, 200);
}

const struct CMUnitTest para_tests_senses[] = {
    SCENE_TEST(test_state_is_that_of_the_step),
    SCENE_TEST(test_touching_and_inside_are_as_the_goals),
    SCENE_TEST(test_rays_see_what_is_there),
    SCENE_TEST(test_predicates_ask_too),
    SCENE_TEST(test_a_force_may_depend_on_the_state),
    SCENE_TEST(test_a_force_without_a_value_is_none),
    SCENE_TEST(test_what_asks_goes_on_in_copies_and_saved_levels),
};
const size_t para_tests_senses_count = sizeof para_tests_senses / sizeof *para_tests_senses;
