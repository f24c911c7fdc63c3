// SPDX-License-Identifier: MIT
// The solver AUTO: lanes where a def fits it, else chipmunk, decided at each build; whatever runs a world, it
// runs with the bits of a group made for that solver alone.
#include "engine/base/threads.h"
#include "tests/engine/world/scene.h"

#include <string.h>

#define WORLDS 12
#define STEPS  90

/// Small scenes and one with more bodies than lanes will ever take, in turn.
static bool is_large(int index) { return index % 3 == 1; }

static void make(Scene *scene, int index)
{
    if (!is_large(index)) {
        scene_walker(scene, (uint64_t)index);
        return;
    }
    scene_begin(scene);
    scene_floor(scene, 0.6f, 0.0f);
    for (int i = 0; i < 300; i++) {
        scene_body(scene, PARA_BODY_DYNAMIC, -60.0f + 0.4f * (float)i, 0.6f + 0.01f * (float)index);
        scene_circle(scene, 0.15f);
    }
}

static void act(ParaWorld world, int index, int step)
{
    if (!is_large(index))
        scene_walker_act(world, (uint64_t)index, step);
}

static ParaSolverKind expected(const ParaWorldDef *def)
{
    return para_solver_fits(PARA_SOLVER_LANES, def, NULL, 0) ? PARA_SOLVER_LANES : PARA_SOLVER_CHIPMUNK;
}

/// Hash after STEPS in a group of just this world, made for the solver that AUTO should choose.
static uint64_t hash_alone(int index)
{
    static Scene scene;
    make(&scene, index);
    ParaWorldGroup *group = para_world_group_create(expected(&scene.def), 1);
    ParaWorld world = para_world_at(group, 0);
    assert_true(para_world_build(world, &scene.def, NULL));
    assert_int_equal(para_world_solver(world), expected(&scene.def));
    for (int i = 0; i < STEPS; i++) {
        act(world, index, i);
        para_world_step(world);
    }
    uint64_t hash = para_world_hash(world);
    para_world_group_destroy(group);
    return hash;
}

static void test_names_and_fits(void **state)
{
    (void)state;
    static Scene scene;
    ParaSolverKind kind = PARA_SOLVER_LANES;
    assert_true(para_solver_find("auto", &kind) && kind == PARA_SOLVER_AUTO);
    assert_true(para_solver_find("chipmunk", &kind) && kind == PARA_SOLVER_CHIPMUNK);
    assert_true(para_solver_find("lanes", &kind) && kind == PARA_SOLVER_LANES);
    assert_false(para_solver_find("lane", &kind));
    assert_int_equal(kind, PARA_SOLVER_LANES);
    assert_true(para_solver_find("dream", &kind) && kind == PARA_SOLVER_DREAM);
    assert_string_equal(para_solver_name(PARA_SOLVER_DREAM), "dream");
    assert_false(para_solver_stands_alone(PARA_SOLVER_DREAM));
    assert_null(para_world_group_create(PARA_SOLVER_DREAM, 1));
    assert_true(para_solver_stands_alone(PARA_SOLVER_AUTO) && para_solver_stands_alone(PARA_SOLVER_LANES));
    make(&scene, 1);
    char why[120] = "left over";
    assert_true(para_solver_fits(PARA_SOLVER_CHIPMUNK, &scene.def, why, sizeof why));
    assert_string_equal(why, "");
    assert_true(para_solver_fits(PARA_SOLVER_AUTO, &scene.def, NULL, 0));
    assert_false(para_solver_fits(PARA_SOLVER_LANES, &scene.def, why, sizeof why));
    assert_true(strstr(why, "lanes") != NULL);
    assert_false(para_solver_fits(PARA_SOLVER_LANES, &scene.def, NULL, 0));
}

static void test_each_world_gets_the_solver_it_fits(void **state)
{
    (void)state;
    static Scene scene;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, WORLDS);
    assert_int_equal(para_world_group_solver(group), PARA_SOLVER_AUTO);
    for (int i = 0; i < WORLDS; i++) {
        make(&scene, i);
        assert_true(para_world_build(para_world_at(group, i), &scene.def, NULL));
        assert_int_equal(para_world_solver(para_world_at(group, i)), expected(&scene.def));
        if (is_large(i))
            assert_int_equal(para_world_solver(para_world_at(group, i)), PARA_SOLVER_CHIPMUNK);
    }
    // All together, then the rest of the steps behind a mask that leaves every fourth out now and then.
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < WORLDS; i++)
            act(para_world_at(group, i), i, step);
        uint8_t odd[WORLDS], even[WORLDS];
        for (int i = 0; i < WORLDS; i++) {
            odd[i] = i % 4 == 0;
            even[i] = !odd[i];
        }
        if (step % 2) {
            para_world_group_step(group, 0, WORLDS, odd);
            para_world_group_step(group, 0, 5, even);
            para_world_group_step(group, 5, WORLDS - 5, even + 5);
        } else {
            para_world_group_step(group, 0, WORLDS, NULL);
        }
    }
    for (int i = 0; i < WORLDS; i++)
        assert_int_equal(para_world_hash(para_world_at(group, i)), hash_alone(i));
    para_world_group_destroy(group);
}

static void test_world_moves_between_solvers(void **state)
{
    (void)state;
    static Scene scene;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 2);
    ParaWorld world = para_world_at(group, 0), other = para_world_at(group, 1);
    make(&scene, 0);
    assert_true(para_world_build(other, &scene.def, NULL));
    static const int order[] = {0, 1, 3, 4, 1};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        int index = order[k];
        make(&scene, index);
        assert_true(para_world_build(world, &scene.def, NULL));
        assert_int_equal(para_world_solver(world), expected(&scene.def));
        assert_int_equal(para_world_view(world)->step, 0);
        for (int step = 0; step < STEPS; step++) {
            act(world, index, step);
            para_world_group_step(group, 0, 2, NULL);
        }
        assert_int_equal(para_world_view(world)->step, STEPS);
        assert_int_equal(para_world_hash(world), hash_alone(index));
        // A refused def leaves it where it is.
        uint64_t before = para_world_hash(world);
        ParaSolverKind kind = para_world_solver(world);
        scene.def.rate = -1.0f;
        assert_false(para_world_build(world, &scene.def, NULL));
        assert_int_equal(para_world_solver(world), kind);
        assert_int_equal(para_world_hash(world), before);
    }
    assert_int_equal(para_world_view(other)->step, 5 * STEPS);
    para_world_group_destroy(group);
}

static void test_clone_takes_the_solver_along(void **state)
{
    (void)state;
    static Scene scene;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 2);
    for (int index = 0; index < 2; index++) {
        ParaWorldGroup *copy = para_world_group_create(PARA_SOLVER_AUTO, 3);
        ParaWorld source = para_world_at(group, index), target = para_world_at(copy, 2);
        make(&scene, 1 - index); // what it was before must not matter
        assert_true(para_world_build(target, &scene.def, NULL));
        make(&scene, index);
        assert_true(para_world_build(source, &scene.def, NULL));
        for (int step = 0; step < STEPS / 2; step++) {
            act(source, index, step);
            para_world_step(source);
        }
        assert_true(para_world_clone(source, target, NULL));
        assert_int_equal(para_world_solver(target), para_world_solver(source));
        for (int step = STEPS / 2; step < STEPS; step++) {
            act(target, index, step);
            para_world_group_step(copy, 2, 1, NULL);
        }
        assert_int_equal(para_world_hash(target), hash_alone(index));
        assert_int_equal(para_world_view(source)->step, STEPS / 2);
        // The image of the running solver goes back into it.
        size_t size = para_world_snapshot_size(source);
        void *image = test_malloc(size);
        assert_int_equal(para_world_save(source, image, size), size);
        uint64_t then = para_world_hash(source);
        para_world_step(source);
        assert_true(para_world_restore(source, image, size));
        assert_int_equal(para_world_hash(source), then);
        test_free(image);
        para_world_group_destroy(copy);
    }
    para_world_group_destroy(group);
}

static void test_lanes_alone_names_its_limit(void **state)
{
    (void)state;
    static Scene scene;
    make(&scene, 1);
    char why[120];
    assert_false(para_solver_fits(PARA_SOLVER_LANES, &scene.def, why, sizeof why));
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    ParaDiagList list = para_diag_list(arena, "def", NULL);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_LANES, 1);
    assert_false(para_world_build(para_world_at(group, 0), &scene.def, &list));
    assert_int_equal(list.error_count, 1);
    assert_string_equal(list.items[0].code, "W012");
    assert_true(strstr(list.items[0].message, why) != NULL);
    para_world_group_destroy(group);
    para_arena_destroy(arena);
}

typedef struct Job {
    ParaWorldGroup *group;
    uint64_t hashes[WORLDS];
} Job;

static void run_one(void *context, int task, int worker)
{
    (void)worker;
    Job *job = context;
    ParaWorld world = para_world_at(job->group, task);
    static _Thread_local Scene own;
    make(&own, task);
    assert_true(para_world_build(world, &own.def, NULL));
    for (int i = 0; i < STEPS; i++) {
        act(world, task, i);
        para_world_group_step(job->group, task, 1, NULL);
    }
    job->hashes[task] = para_world_hash(world);
}

/// Chipmunk's memory is made by the first thread that needs it, while others step.
static void test_threads_share_a_group(void **state)
{
    (void)state;
    static Job job;
    ParaWorkers *workers = para_workers_create(3);
    for (int round = 0; round < 4; round++) {
        job.group = para_world_group_create(PARA_SOLVER_AUTO, WORLDS);
        para_workers_run(workers, run_one, &job, WORLDS);
        para_world_group_destroy(job.group);
        for (int i = 0; i < WORLDS && round == 0; i++)
            assert_int_equal(job.hashes[i], hash_alone(i));
    }
    para_workers_destroy(workers);
}

const struct CMUnitTest para_tests_world_auto[] = {
    cmocka_unit_test(test_names_and_fits),
    cmocka_unit_test(test_each_world_gets_the_solver_it_fits),
    cmocka_unit_test(test_world_moves_between_solvers),
    cmocka_unit_test(test_clone_takes_the_solver_along),
    cmocka_unit_test(test_lanes_alone_names_its_limit),
    cmocka_unit_test(test_threads_share_a_group),
};
const size_t para_tests_world_auto_count = sizeof para_tests_world_auto / sizeof *para_tests_world_auto;
