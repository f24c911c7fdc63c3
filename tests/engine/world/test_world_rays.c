// SPDX-License-Identifier: MIT
// Many rays from one place agree with single rays of the solver.
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include <math.h>

#define RAYS 23 // not a multiple of the vector width

static void look_around(ParaWorld world, ParaVec2 from, float length, uint32_t mask, uint32_t group,
                        float *many, ParaRayHit *single)
{
    ParaVec2 directions[RAYS];
    for (int i = 0; i < RAYS; i++) {
        double sine, cosine;
        para_sincos(0.1 + PARA_TAU * i / RAYS, &sine, &cosine);
        directions[i] = (ParaVec2){length * (float)cosine, length * (float)sine};
        ParaVec2 to = {from.x + directions[i].x, from.y + directions[i].y};
        single[i] = para_world_ray(world, from, to, mask, group);
    }
    para_world_rays(world, from, directions, RAYS, mask, group, many);
}

static void test_rays_agree_with_single_rays(void **state)
{
    (void)state;
    static Scene scene;
    ParaRng rng = para_rng_make(3, "rays");
    int hits = 0, compared = 0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        scene_walker(&scene, seed);
        scene_body(&scene, PARA_BODY_DYNAMIC, 2.0f, 4.0f);
        scene_circle(&scene, 0.6f);
        scene_body(&scene, PARA_BODY_STATIC, -3.0f, 4.0f);
        scene_segment(&scene, (ParaVec2){-1, 0}, (ParaVec2){1, 1}, 0.0f);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        for (int step = 0; step < 60; step++) {
            scene_walker_act(world, seed, step);
            para_world_step(world);
        }
        for (int place = 0; place < 40; place++) {
            ParaVec2 from = {(float)para_rng_range(&rng, -8, 8), (float)para_rng_range(&rng, 0, 8)};
            int32_t shape;
            if (para_world_at_point(world, from, &shape, 1) > 0)
                continue; // from inside the two mean different things
            float many[RAYS];
            ParaRayHit single[RAYS];
            look_around(world, from, 9.0f, UINT32_MAX, 0, many, single);
            for (int i = 0; i < RAYS; i++) {
                compared++;
                hits += single[i].shape >= 0;
                // The solver may pass or meet the very end of an edge: a few rays of thousands.
                assert_true(fabsf(many[i] - single[i].fraction) * 9.0f < 0.02f);
            }
        }
        para_world_group_destroy(group);
    }
    assert_true(compared > 4000);
    assert_true(hits > compared / 4 && hits < compared);
}

static void test_rays_keep_filters(void **state)
{
    (void)state;
    static Scene scene;
    scene_begin(&scene);
    int near = scene_body(&scene, PARA_BODY_STATIC, 2, 0);
    int shape = scene_box(&scene, 1, 1);
    scene_body(&scene, PARA_BODY_STATIC, 6, 0);
    scene_circle(&scene, 1);
    scene.shapes[shape].category = 2;
    scene.bodies[near].group = 7;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaVec2 direction = {10, 0};
    float seen;
    para_world_rays(world, (ParaVec2){0, 0}, &direction, 1, UINT32_MAX, 0, &seen);
    assert_true(fabsf(seen - 0.15f) < 1e-6f); // the box's face at 1.5 m
    para_world_rays(world, (ParaVec2){0, 0}, &direction, 1, 1, 0, &seen);
    assert_true(fabsf(seen - 0.5f) < 1e-6f); // category 2 left out: the circle at 5 m
    para_world_rays(world, (ParaVec2){0, 0}, &direction, 1, UINT32_MAX, 7, &seen);
    assert_true(fabsf(seen - 0.5f) < 1e-6f); // group left out
    para_world_rays(world, (ParaVec2){6, 0}, &direction, 1, UINT32_MAX, 0, &seen);
    assert_true(fabsf(seen - 0.1f) < 1e-6f); // from inside the circle: its far side
    para_world_disable_body(world, near);
    para_world_rays(world, (ParaVec2){0, 0}, &direction, 1, UINT32_MAX, 0, &seen);
    assert_true(fabsf(seen - 0.5f) < 1e-6f);
    direction = (ParaVec2){-10, 0};
    para_world_rays(world, (ParaVec2){0, 0}, &direction, 1, UINT32_MAX, 0, &seen);
    assert_true(seen == 1.0f);
    para_world_group_destroy(group);
}

static void test_rays_find_nothing_in_a_diverged_world(void **state)
{
    (void)state;
    static Scene scene;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 2, 0);
    scene_box(&scene, 1, 1);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 5);
    scene_circle(&scene, 0.5f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaVec2 direction = {10, 0};
    float seen;
    para_world_rays(world, (ParaVec2){0, 0}, &direction, 1, UINT32_MAX, 0, &seen);
    assert_true(seen < 1.0f);
    AT(para_world_inputs(world), force_x, ball) = NAN;
    para_world_step(world);
    assert_int_equal(para_world_view(world)->status, PARA_WORLD_DIVERGED);
    para_world_rays(world, (ParaVec2){0, 0}, &direction, 1, UINT32_MAX, 0, &seen);
    assert_true(seen == 1.0f);
    para_world_group_destroy(group);
}

static void expect_single(ParaWorld world, ParaVec2 from, ParaVec2 direction, double expected)
{
    ParaVec2 to = {from.x + direction.x, from.y + direction.y};
    scene_near((double)para_world_ray(world, from, to, UINT32_MAX, 0).fraction, expected, 1e-5);
}

/// Both ways of asking, from one place along one direction.
static void expect_fraction(ParaWorld world, ParaVec2 from, ParaVec2 direction, double expected)
{
    float seen;
    para_world_rays(world, from, &direction, 1, UINT32_MAX, 0, &seen);
    scene_near((double)seen, expected, 1e-5);
    expect_single(world, from, direction, expected);
}

static ParaVec2 quarters(int turn, ParaVec2 v)
{
    const ParaVec2 turned[] = {v, {-v.y, v.x}, {-v.x, -v.y}, {v.y, -v.x}};
    return turned[turn];
}

/// A chain of radius 0.3 m from (0, 0) to (2, 0): a line 0.2 m outside its points, on any of the four sides,
/// still meets it, at its round end, which is sqrt(0.3^2 - 0.2^2) m thick there; the scene turned by quarters
/// puts each end on each side. Of many rays the ends are flat, as promised: they are asked at the sides only.
static void test_rays_meet_the_thickness_of_a_chain_on_all_sides(void **state)
{
    (void)state;
    static Scene scene;
    const double thick = sqrt(0.3 * 0.3 - 0.2 * 0.2);
    const struct {
        ParaVec2 from, direction;
        double fraction;
    } ends[] = {{{-0.2f, 2}, {0, -4}, (2 - thick) / 4}, {{2.2f, 2}, {0, -4}, (2 - thick) / 4},
                {{-0.2f, -2}, {0, 4}, (2 - thick) / 4}, {{2.2f, -2}, {0, 4}, (2 - thick) / 4},
                {{-3, 0.2f}, {4, 0}, (3 - thick) / 4},  {{-3, -0.2f}, {4, 0}, (3 - thick) / 4},
                {{5, 0.2f}, {-4, 0}, (3 - thick) / 4},  {{5, -0.2f}, {-4, 0}, (3 - thick) / 4},
                {{-1, 0}, {0.8f, 0}, 0.7 / 0.8},        {{3, 0}, {-0.8f, 0}, 0.7 / 0.8}},
      sides[] = {{{0.5f, 2}, {0, -1.8f}, 1.7 / 1.8}, {{0.5f, -2}, {0, 1.8f}, 1.7 / 1.8},
                 {{-0.35f, 2}, {0, -4}, 1},          {{2.35f, 2}, {0, -4}, 1},
                 {{-3, 0.35f}, {8, 0}, 1},           {{-3, -0.35f}, {8, 0}, 1}};
    for (int turn = 0; turn < 4; turn++) {
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0, 0);
        const ParaVec2 points[] = {
            {0, 0}, quarters(turn, (ParaVec2){1, 0}), quarters(turn, (ParaVec2){2, 0})};
        scene_chain(&scene, points, 3, 0.3f);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            expect_single(world, quarters(turn, ends[i].from), quarters(turn, ends[i].direction),
                          ends[i].fraction);
        for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
            expect_fraction(world, quarters(turn, sides[i].from), quarters(turn, sides[i].direction),
                            sides[i].fraction);
        para_world_group_destroy(group);
    }
}

/// Rays take a long chain in parts. Stairs of 0.1 m end where they end: what follows in the list of points, a
/// wall further on, is no part of them, and each step is met at its own height.
static void test_rays_see_long_chains_whole_and_no_more(void **state)
{
    (void)state;
    static Scene scene;
    static const int counts[] = {129, 255, 256, 257,
                                 300, 400, 511, 512}; // 512 edges are the most a world has
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        int count = counts[k];
        static ParaVec2 points[512];
        for (int i = 0; i < count; i++)
            points[i] = (ParaVec2){0.1f * (float)i, i % 2 ? 0.05f : 0.0f};
        float end = 0.1f * (float)(count - 1);
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0, 0);
        scene_chain(&scene, points, count, 0);
        scene_body(&scene, PARA_BODY_STATIC, end + 10, -20);
        scene_box(&scene, 1, 1);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        for (int i = 0; i + 1 < count; i++) // the middle of each edge is 0.025 m up
            expect_fraction(world, (ParaVec2){0.1f * (float)i + 0.05f, 1}, (ParaVec2){0, -2}, 0.975 / 2);
        expect_fraction(world, (ParaVec2){end + 0.05f, 1}, (ParaVec2){0, -30}, 1);
        expect_fraction(world, (ParaVec2){-0.05f, 1}, (ParaVec2){0, -30}, 1);
        for (int i = 1; i <= 8; i++)
            expect_fraction(world, (ParaVec2){end + (float)i, 1}, (ParaVec2){0, -30}, 1);
        para_world_group_destroy(group);
    }
}

const struct CMUnitTest para_tests_world_rays[] = {
    SCENE_TEST(test_rays_agree_with_single_rays),
    SCENE_TEST(test_rays_keep_filters),
    SCENE_TEST(test_rays_meet_the_thickness_of_a_chain_on_all_sides),
    SCENE_TEST(test_rays_see_long_chains_whole_and_no_more),
    SCENE_TEST(test_rays_find_nothing_in_a_diverged_world),
};
const size_t para_tests_world_rays_count = sizeof para_tests_world_rays / sizeof *para_tests_world_rays;
