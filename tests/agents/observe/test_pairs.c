// SPDX-License-Identifier: MIT
// What two rows are to each other, of rows laid out here by hand.
#include "agents/observe/pairs.h"
#include "tests/tests.h"

#include "agents/observe/observe.h"
#include "tests/agents/learn/reference.h"

#include <math.h>
#include <string.h>

enum { SHAPE, JOINT, THRUSTER, ZONE, SIZE = 64 };

typedef struct Scene {
    float rows[PARA_PAIR_ROWS][SIZE];
    uint8_t kinds[PARA_PAIR_ROWS];
    float pairs[PARA_PAIR_FLOATS * PARA_PAIR_ROWS * PARA_PAIR_ROWS];
    int count;
} Scene;

static float *at(float *row, const char *name)
{
    const ParaObsSpec spec = para_obs_spec_entities();
    ParaObsSpan span;
    assert_true(para_obs_span_find(&spec, name, &span));
    return row + span.offset - spec.global_size;
}

/// A row of a kind at (x, y) [m], turned, with halves [m]. @return its number
static int put(Scene *scene, int kind, double x, double y, double angle, double half_x, double half_y)
{
    float *row = scene->rows[scene->count];
    assert_true(para_obs_spec_entities().row_size <= SIZE);
    at(row, "rows.kind")[kind] = 1.0f;
    at(row, "rows.offset")[0] = (float)(x / 10);
    at(row, "rows.offset")[1] = (float)(y / 10);
    at(row, "rows.heading")[0] = (float)cos(angle);
    at(row, "rows.heading")[1] = (float)sin(angle);
    at(row, "rows.half")[0] = (float)half_x;
    at(row, "rows.half")[1] = (float)half_y;
    return scene->count++;
}

static int put_circle(Scene *scene, int kind, double x, double y, double radius)
{
    int row = put(scene, kind, x, y, 0.7, radius, radius);
    at(scene->rows[row], "rows.round")[0] = 1.0f;
    return row;
}

static void touch(Scene *scene, int row) { at(scene->rows[row], "rows.shape.touching")[0] = 1.0f; }

static void look(Scene *scene)
{
    const float *rows[PARA_PAIR_ROWS];
    for (int i = 0; i < scene->count; i++)
        rows[i] = scene->rows[i];
    para_obs_pairs(rows, scene->count, scene->kinds, scene->pairs);
}

static double told(const Scene *scene, ParaPairFloat what, int i, int j)
{
    return (double)scene->pairs[((int)what * scene->count + i) * scene->count + j];
}

/// The same seen from both.
static void see(const Scene *scene, ParaPairFloat what, int i, int j, double want)
{
    assert_near(told(scene, what, i, j), want, 1e-4);
    assert_near(told(scene, what, j, i), want, 1e-4);
}

static void test_pairs_joints_and_thrusters_lie_in_their_shapes(void **state)
{
    (void)state;
    Scene s = {.count = 0};
    double c = 0.8, n = 0.6, angle = atan2(n, c); // a bar from (2, 1), 1 m to either side along (0.8, 0.6)
    int bar = put(&s, SHAPE, 2, 1, angle, 1, 0.1),
        wheel = put_circle(&s, SHAPE, 2 - 0.9 * c, 1 - 0.9 * n, 0.4);
    int hub = put_circle(&s, JOINT, 2 - 0.9 * c, 1 - 0.9 * n, 0);
    int far = put_circle(&s, JOINT, 2 + 1.5 * c, 1 + 1.5 * n, 0);
    int beside = put_circle(&s, JOINT, 2 - 0.16 * n, 1 + 0.16 * c, 0); // 0.06 m off its long side
    int engine = put(&s, THRUSTER, 2 + c, 1 + n, 1.1, 0, 0);
    look(&s);
    see(&s, PARA_PAIR_JOINED, bar, hub, 1);
    see(&s, PARA_PAIR_JOINED, wheel, hub, 1);
    see(&s, PARA_PAIR_JOINED, bar, engine, 1);
    see(&s, PARA_PAIR_JOINED, wheel, engine, 0);
    see(&s, PARA_PAIR_JOINED, bar, far, 0);
    see(&s, PARA_PAIR_JOINED, bar, beside, 0.5);
    see(&s, PARA_PAIR_JOINED, bar, wheel, 0);  // two shapes
    see(&s, PARA_PAIR_JOINED, hub, engine, 0); // no shape
    see(&s, PARA_PAIR_NEAR, bar, far, 1 / 1.5);
    see(&s, PARA_PAIR_NEAR, bar, hub, 1);
    assert_near(told(&s, PARA_PAIR_X, bar, far), 0.15 * c, 1e-5);
    assert_near(told(&s, PARA_PAIR_X, far, bar), -0.15 * c, 1e-5);
    assert_near(told(&s, PARA_PAIR_Y, bar, far), 0.15 * n, 1e-5);
    for (int i = 0; i < s.count; i++)
        for (int j = 0; j < s.count; j++)
            see(&s, PARA_PAIR_SELF, i, j, i == j);
    assert_int_equal(s.kinds[bar], SHAPE);
    assert_int_equal(s.kinds[hub], JOINT);
    assert_int_equal(s.kinds[engine], THRUSTER);
}

static void test_pairs_meet_where_boxes_do(void **state)
{
    (void)state;
    Scene s = {.count = 0};
    int floor = put(&s, SHAPE, 30, -1, 0, 10, 0.5); // shown with 10 m: it may be longer
    int crate = put(&s, SHAPE, 0, 0, 0, 0.5, 0.5), turned = put(&s, SHAPE, 1.2, 0.2, 0.785398163, 0.5, 0.5);
    int ball = put_circle(&s, SHAPE, 0.5, 0.9, 0.4), apart = put(&s, SHAPE, 0, 2.5, 0, 0.5, 0.5);
    int goal = put(&s, ZONE, 0, 3, 0, 0.3, 0.3), well = put_circle(&s, ZONE, 8, 8, 1);
    touch(&s, floor), touch(&s, crate), touch(&s, turned), touch(&s, ball);
    look(&s);
    see(&s, PARA_PAIR_MEETING, floor, crate, 1);
    see(&s, PARA_PAIR_MEETING, crate, turned, 1); // its corner reaches 0.707 m
    see(&s, PARA_PAIR_MEETING, crate, ball, 1);
    see(&s, PARA_PAIR_MEETING, floor, ball, 0);
    see(&s, PARA_PAIR_MEETING, goal, apart, 1); // in a zone, whatever it touches
    see(&s, PARA_PAIR_MEETING, well, apart, 0);
    see(&s, PARA_PAIR_MEETING, crate, crate, 0);
    see(&s, PARA_PAIR_NEAR, crate, apart, 1 / 2.5);
    at(s.rows[ball], "rows.shape.touching")[0] = 0.0f;
    look(&s);
    see(&s, PARA_PAIR_MEETING, crate, ball, 0);
}

static void test_pairs_move_together(void **state)
{
    (void)state;
    Scene s = {.count = 0};
    int hull = put(&s, SHAPE, 0, 0, 0, 1, 1), rod = put_circle(&s, JOINT, 5, 5, 0),
        still = put(&s, SHAPE, 9, 9, 0, 1, 1);
    int wall = put(&s, SHAPE, 9, 0, 0, 1, 1), zone = put(&s, ZONE, 0, 9, 0, 1, 1);
    const int moving[] = {hull, rod, wall, zone};
    for (int i = 0; i < 4; i++) {
        at(s.rows[moving[i]], "rows.velocity")[0] = 0.123f;
        at(s.rows[moving[i]], "rows.shape.spin")[0] = -0.4f;
    }
    at(s.rows[wall], "rows.motion")[0] = 1.0f;
    look(&s);
    see(&s, PARA_PAIR_TOGETHER, hull, rod, 1);
    see(&s, PARA_PAIR_TOGETHER, hull, still, 0);
    see(&s, PARA_PAIR_TOGETHER, hull, wall, 0);
    see(&s, PARA_PAIR_TOGETHER, hull, zone, 0);
    at(s.rows[rod], "rows.joint.spin")[0] = -0.4f + 1e-6f;
    look(&s);
    see(&s, PARA_PAIR_TOGETHER, hull, rod, 0);
}

const struct CMUnitTest para_tests_pairs[] = {
    cmocka_unit_test(test_pairs_joints_and_thrusters_lie_in_their_shapes),
    cmocka_unit_test(test_pairs_meet_where_boxes_do),
    cmocka_unit_test(test_pairs_move_together),
};
const size_t para_tests_pairs_count = sizeof para_tests_pairs / sizeof *para_tests_pairs;
