// SPDX-License-Identifier: MIT
// Pulleys, gears, racks, ropes and springs with limits as templates say them: what is taken for granted, how
// they break and are made, that copies go on with the same bits, and that a saved level is the same level.
#include "engine/world/measure.h"
#include "tests/worlds/rules/run.h"

#define MACHINES                                                                                             \
    BOX("bucket", 10, 5, "")                                                                                 \
    ", " BOX("weight", 14, 5,                                                                                \
             ", \"density\": 3") ", "                                                                        \
                                 "{\"name\": \"frame\", \"at\": [20, 4], \"shape\": {\"box\": [3, 0.3]}}, "  \
                                 "{\"name\": \"wheel\", \"repeat\": 2, \"at\": [\"19 + 2 * i\", 4], "        \
                                 "\"shape\": {\"circle\": 0.4}}, "                                           \
                                 "{\"name\": \"bar\", \"at\": [20, 3], \"shape\": {\"box\": [1, 0.2]}}, "    \
                                 "{\"name\": \"lamp\", \"at\": [26, 6], \"shape\": {\"circle\": 0.2}}"
#define JOINTS                                                                                               \
    "{\"name\": \"line\", \"pulley\": [\"bucket\", \"weight\"], \"at_a\": [10, 5.5], \"wheel_a\": [10, 9], " \
    "\"wheel_b\": [14, 9], \"ratio\": 1.5, \"breaks\": {\"load\": 900}}, "                                   \
    "{\"repeat\": 2, \"revolute\": [\"frame\", \"wheel{i+1}\"]}, "                                           \
    "{\"name\": \"teeth\", \"gear\": [\"wheel1\", \"wheel2\"], \"ratio\": -2, \"carrier\": \"frame\"}, "     \
    "{\"name\": \"rail\", \"prismatic\": [\"frame\", \"bar\"], \"motor\": {\"rate\": 0.2, \"torque\": "      \
    "30}}, "                                                                                                 \
    "{\"name\": \"rack\", \"rack\": [\"wheel2\", \"bar\"], \"axis\": [2, 0], \"ratio\": 0.4, "               \
    "\"carrier\": \"frame\"}, "                                                                              \
    "{\"spring\": [\"floor\", \"frame\"], \"at_a\": [20, 7], \"at_b\": [20, 4], \"stiffness\": 90, "         \
    "\"damping\": 3, \"limits\": [1, 3.5]}, "                                                                \
    "{\"name\": \"cord\", \"rope\": [\"floor\", \"lamp\"], \"at_a\": [26, 8], \"longest\": 2.5}"

static const Parts machines = {
    .bodies = MACHINES,
    .joints = JOINTS,
    .events = "{\"when\": {\"at\": 1}, \"do\": [{\"break\": \"teeth\"}, {\"break\": \"line\"}]}, "
              "{\"when\": {\"at\": 2}, \"do\": [{\"make\": \"teeth\"}, {\"make\": \"line\"}]}"};

static int joint(const Run *run, const char *name)
{
    for (int j = 0; j < run->level->world.joint_count; j++)
        if (strcmp(run->level->joint_names[j], name) == 0)
            return j;
    fail_msg("no joint %s", name);
    return -1;
}

static double way(const Run *run, const char *name)
{
    return (double)AT(view(run), joint_angle, joint(run, name));
}

static void test_transmissions_mean_what_they_say(void **state)
{
    (void)state;
    Run run = begin(machines);
    const ParaJointDef *joints = run.level->world.joints, *line = &joints[joint(&run, "line")],
                       *teeth = &joints[joint(&run, "teeth")], *rack = &joints[joint(&run, "rack")],
                       *cord = &joints[joint(&run, "cord")];
    assert_near((double)line->rest, 3.5 + 1.5 * 4, 1e-5); // taut as it is
    assert_near((double)line->anchor_a.y, 0.5, 1e-6);
    assert_true(!line->rigid && !line->limited);
    assert_true(teeth->carrier == body(&run, "frame") && rack->carrier == teeth->carrier);
    assert_near((double)rack->axis.x, 1, 1e-6);
    assert_true(cord->kind == PARA_JOINT_DISTANCE && cord->limited);
    assert_near((double)cord->upper, 2.5, 1e-6);
    assert_near((double)cord->lower, 0, 0);
    steps(&run, 50);
    assert_near(way(&run, "rail"), way(&run, "rack"), 2e-3);
    double turned = (double)AT(view(&run), angle, body(&run, "wheel2")) -
                    (double)AT(view(&run), angle, body(&run, "frame"));
    assert_near(turned, way(&run, "rack") / 0.4, 5e-3);
    assert_near(way(&run, "teeth"), 2 * turned, 5e-3);
    assert_true(turned > 0.2);
    assert_near(way(&run, "line"), 9.5, 2e-3);
    end(&run);
}

static void test_transmissions_break_and_are_made(void **state)
{
    (void)state;
    Run run = begin(machines);
    steps(&run, 90);
    assert_true(!AT(view(&run), joint_enabled, joint(&run, "teeth")));
    assert_true(!AT(view(&run), joint_enabled, joint(&run, "line")));
    steps(&run, 60);
    assert_true(AT(view(&run), joint_enabled, joint(&run, "teeth")));
    double first = (double)AT(view(&run), angle, body(&run, "wheel1")),
           second = (double)AT(view(&run), angle, body(&run, "wheel2")),
           frame = (double)AT(view(&run), angle, body(&run, "frame"));
    steps(&run, 120);
    double f = (double)AT(view(&run), angle, body(&run, "frame")) - frame;
    assert_near((double)AT(view(&run), angle, body(&run, "wheel1")) - first - f,
                2 * ((double)AT(view(&run), angle, body(&run, "wheel2")) - second - f), 5e-3);
    end(&run);
    Parts weak = {.bodies = BOX("bucket", 10, 5, "") ", " BOX("weight", 14, 5, ", \"density\": 3"),
                  .joints =
                      "{\"name\": \"line\", \"pulley\": [\"bucket\", \"weight\"], \"wheel_a\": [10, 9], "
                      "\"wheel_b\": [14, 9], \"breaks\": {\"load\": 10}}"};
    run = begin(weak);
    steps(&run, 30); // a tension of 2 * 1 * 3 / 4 g = 14.7 N
    assert_true(!AT(view(&run), joint_enabled, 0));
    end(&run);
}

/// A rope of segments made by a repeat holds a weight, and its pins together.
static void test_a_rope_of_segments_holds(void **state)
{
    (void)state;
    Parts rope = {
        .bodies =
            "{\"name\": \"hook\", \"static\": true, \"at\": [20, 12], \"shape\": {\"box\": [0.2, 0.2]}}, "
            "{\"name\": \"link\", \"repeat\": 20, \"at\": [\"20.15 + 0.3 * i\", 12], \"density\": 3, "
            "\"shape\": {\"box\": [0.3, 0.06]}}, "
            "{\"name\": \"load\", \"at\": [26.45, 12], \"density\": 2, \"shape\": {\"circle\": 0.4}}",
        .joints = "{\"revolute\": [\"hook\", \"link1\"], \"at\": [20, 12]}, "
                  "{\"repeat\": 19, \"revolute\": [\"link{i+1}\", \"link{i+2}\"], \"at\": [\"20.3 + 0.3 * "
                  "i\", 12]}, "
                  "{\"revolute\": [\"link20\", \"load\"], \"at\": [26, 12]}"};
    Run run = begin(rope);
    double worst = 0, energy = para_energy_total(para_world_energy(view(&run))), gain = 0;
    for (int k = 0; k < 600; k++) {
        steps(&run, 1);
        double place[2][2], speed[2];
        scene_point(view(&run), body(&run, "link20"), (ParaVec2){0.15f, 0}, place[0], speed);
        scene_point(view(&run), body(&run, "load"), (ParaVec2){-0.45f, 0}, place[1], speed);
        worst = fmax(worst, hypot(place[0][0] - place[1][0], place[0][1] - place[1][1]));
        gain = fmax(gain, para_energy_total(para_world_energy(view(&run))) - energy);
    }
    double far = hypot(x_of(&run, "load") - 20, y_of(&run, "load") - 12);
    assert_true(far < 6.46);
    assert_true(worst < 0.03);
    assert_true(gain < 1); // of 60 J that the load falls
    end(&run);
}

static void test_transmissions_are_copied_and_saved(void **state)
{
    (void)state;
    check_copy(machines, 40, 120);
    check_copy(machines, 90, 120);
    check_copy(machines, 140, 120);
    check_saved(machines, 180);
}

const struct CMUnitTest para_tests_transmissions[] = {
    SCENE_TEST(test_transmissions_mean_what_they_say),
    SCENE_TEST(test_transmissions_break_and_are_made),
    SCENE_TEST(test_a_rope_of_segments_holds),
    SCENE_TEST(test_transmissions_are_copied_and_saved),
};
const size_t para_tests_transmissions_count =
    sizeof para_tests_transmissions / sizeof *para_tests_transmissions;
