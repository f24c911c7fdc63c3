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

const struct CMUnitTest para_tests_world_rays[] = {
    SCENE_TEST(test_rays_agree_with_single_rays),
    SCENE_TEST(test_rays_keep_filters),
    SCENE_TEST(test_rays_find_nothing_in_a_diverged_world),
};
const size_t para_tests_world_rays_count = sizeof para_tests_world_rays / sizeof *para_tests_world_rays;
