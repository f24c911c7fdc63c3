// SPDX-License-Identifier: MIT
// Where two convex shapes are nearest: against distances of many points, and against what the engine says
// where they touch.
#include "agents/model/near.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "tests/tests.h"

#include <math.h>

/// A regular polygon of `count` corners, or a segment, or a point.
static ParaConvex form(int count, float size, float x, float y, double angle, float radius)
{
    ParaConvex c = {.count = count, .radius = radius};
    for (int i = 0; i < count; i++) {
        double a = angle + PARA_TAU * i / count, s = count > 1 ? (double)size : 0.0;
        c.points[i] = (ParaVec2){x + (float)(s * para_cos(a)), y + (float)(s * para_sin(a))};
    }
    return c;
}

static ParaVec2 outline(const ParaConvex *c, double at)
{
    double t = at * c->count;
    int i = (int)t % c->count, k = (i + 1) % c->count;
    float s = (float)(t - floor(t));
    return (ParaVec2){c->points[i].x + s * (c->points[k].x - c->points[i].x),
                      c->points[i].y + s * (c->points[k].y - c->points[i].y)};
}

/// [m] between the surfaces of two that are apart, by trying points.
static float tried(const ParaConvex *a, const ParaConvex *b)
{
    float best = 1e9f;
    for (int i = 0; i < 240; i++)
        for (int k = 0; k < 240; k++) {
            ParaVec2 p = outline(a, i / 240.0), q = outline(b, k / 240.0);
            best = fminf(best, hypotf(p.x - q.x, p.y - q.y));
        }
    return best - a->radius - b->radius;
}

static void test_near_of_shapes_apart_is_their_distance(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(1, "near");
    int looked = 0;
    for (int i = 0; i < 300; i++) {
        int na = (int)para_rng_int(&rng, 1, 6), nb = (int)para_rng_int(&rng, 1, 6);
        ParaConvex a = form(na, 0.5f, 0, 0, para_rng_range(&rng, 0, 6), na < 3 ? 0.1f : 0.0f);
        ParaConvex b =
            form(nb, 0.3f, (float)para_rng_range(&rng, 0.9, 1.4), (float)para_rng_range(&rng, -1, 1),
                 para_rng_range(&rng, 0, 6), nb < 3 ? 0.1f : 0.0f);
        float want = tried(&a, &b);
        ParaNear near = para_near(&a, &b, 2.0f);
        if (want < 0.02f)
            continue;
        looked++;
        assert_true(near.count >= 1);
        float least = near.count > 1 ? fminf(near.gap[0], near.gap[1]) : near.gap[0];
        assert_true(fabsf(least - want) < 0.01f);
        assert_true(fabsf(hypotf(near.normal.x, near.normal.y) - 1.0f) < 1e-4f);
        assert_int_equal(para_near(&a, &b, want - 0.02f).count, 0);
    }
    assert_true(looked > 200);
}

static void test_near_turns_with_the_order(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(2, "near");
    for (int i = 0; i < 300; i++) {
        ParaConvex a = form(4, 0.5f, 0, 0, para_rng_range(&rng, 0, 6), 0);
        ParaConvex b = form(5, 0.4f, (float)para_rng_range(&rng, -1, 1), (float)para_rng_range(&rng, -1, 1),
                            para_rng_range(&rng, 0, 6), 0);
        ParaNear one = para_near(&a, &b, 0.5f), two = para_near(&b, &a, 0.5f);
        assert_int_equal(one.count > 0, two.count > 0);
        if (one.count == 0)
            continue;
        float deep_one = one.gap[0], deep_two = two.gap[0];
        for (int k = 1; k < one.count; k++)
            deep_one = fminf(deep_one, one.gap[k]);
        for (int k = 1; k < two.count; k++)
            deep_two = fminf(deep_two, two.gap[k]);
        assert_true(fabsf(deep_one - deep_two) < 1e-3f);
    }
}

static void test_near_of_a_box_on_the_floor_has_both_corners(void **state)
{
    (void)state;
    ParaConvex floor_ = {.count = 4, .points = {{-5, -1}, {5, -1}, {5, 0}, {-5, 0}}};
    ParaConvex box = {.count = 4, .points = {{0, -0.01f}, {1, -0.01f}, {1, 0.99f}, {0, 0.99f}}};
    ParaNear near = para_near(&floor_, &box, 0.1f);
    assert_int_equal(near.count, 2);
    assert_true(near.normal.y > 0.999f);
    for (int k = 0; k < 2; k++) {
        assert_true(fabsf(near.gap[k] + 0.01f) < 1e-5f);
        assert_true(fabsf(near.at[k].y + 0.005f) < 1e-5f);
    }
    assert_true(fabsf(fabsf(near.at[0].x - near.at[1].x) - 1.0f) < 1e-5f);
    ParaConvex ball = {.count = 1, .points = {{2, 0.3f}}, .radius = 0.25f};
    near = para_near(&floor_, &ball, 0.1f);
    assert_int_equal(near.count, 1);
    assert_true(fabsf(near.gap[0] - 0.05f) < 1e-5f);
    assert_true(fabsf(near.at[0].x - 2.0f) < 1e-5f);
}

const struct CMUnitTest para_tests_near[] = {
    cmocka_unit_test(test_near_of_shapes_apart_is_their_distance),
    cmocka_unit_test(test_near_turns_with_the_order),
    cmocka_unit_test(test_near_of_a_box_on_the_floor_has_both_corners)};
const size_t para_tests_near_count = sizeof para_tests_near / sizeof *para_tests_near;
