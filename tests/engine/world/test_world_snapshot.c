// SPDX-License-Identifier: MIT
// Snapshots, clones, threads and repeats: stepping on gives the same bits. The second run is compared
// after every step, with contacts warm, so that lost caches show.
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include "engine/base/assert.h"
#include "engine/base/threads.h"

#include <stdlib.h>
#include <string.h>

#define WARM  100 ///< steps before the snapshot
#define STEPS 200 ///< steps compared after it

static Scene scene;

static void act(ParaWorld world, bool walker, int step)
{
    if (walker)
        scene_walker_act(world, 5, step);
    else
        scene_mixed_act(world, step);
}

static void make(bool walker, int substeps)
{
    if (walker)
        scene_walker(&scene, 3);
    else
        scene_mixed(&scene);
    scene.def.substeps = substeps;
}

/// Runs `count` steps from `first` and writes the hash after each.
static void run(ParaWorld world, bool walker, int first, int count, uint64_t *out_hashes)
{
    for (int i = 0; i < count; i++) {
        act(world, walker, first + i);
        para_world_step(world);
        if (out_hashes)
            out_hashes[i] = para_world_hash(world);
    }
    assert_int_equal(para_world_view(world)->status, PARA_WORLD_FINE);
}

static void same_contacts(const ParaView *left, const ParaView *right)
{
    assert_int_equal(left->contact_count, right->contact_count);
    assert_int_equal(left->event_count, right->event_count);
    assert_memory_equal(left->contacts, right->contacts, sizeof(ParaContact) * (size_t)left->contact_count);
    assert_memory_equal(left->events, right->events, sizeof(ParaEvent) * (size_t)left->event_count);
}

static void test_restore_steps_on_bit_for_bit(void **state)
{
    (void)state;
    static uint64_t straight[STEPS], again[STEPS];
    for (int kind = 0; kind < 4; kind++) {
        bool walker = kind % 2;
        make(walker, kind < 2 ? 1 : 3);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        run(world, walker, 0, WARM, NULL);
        if (!walker)
            para_world_disable_body(world, 6);
        size_t size = para_world_snapshot_size(world);
        void *image = malloc(size);
        assert_non_null(image);
        assert_int_equal(para_world_save(world, image, size - 1), 0);
        assert_int_equal(para_world_save(world, image, size), size);
        run(world, walker, WARM, STEPS, straight);
        for (int repeat = 0; repeat < 2; repeat++) {
            assert_true(para_world_restore(world, image, size));
            run(world, walker, WARM, STEPS, again);
            assert_memory_equal(straight, again, sizeof straight);
        }
        assert_true(straight[0] != straight[STEPS - 1]);
        assert_false(para_world_restore(world, image, size - 8));
        memset(image, 0, size);
        assert_false(para_world_restore(world, image, size));
        free(image);
        para_world_group_destroy(group);
    }
}

static void test_clone_steps_on_bit_for_bit(void **state)
{
    (void)state;
    static uint64_t straight[STEPS], copied[STEPS];
    for (int kind = 0; kind < 2; kind++) {
        bool walker = kind;
        make(walker, 1);
        ParaWorldGroup *group = scene_group(&scene, 3), *other = scene_group(&scene, 2);
        ParaWorld source = para_world_at(group, 0);
        ParaWorld targets[] = {para_world_at(group, 2), para_world_at(other, 1), para_world_at(other, 0)};
        run(source, walker, 0, WARM, NULL);
        run(targets[2], walker, 0, 7, NULL); // a target that is already something else
        for (int i = 0; i < 3; i++)
            assert_true(para_world_clone(source, targets[i], NULL));
        // A clone of a clone, whose original then goes another way.
        assert_true(para_world_clone(targets[1], para_world_at(group, 1), NULL));
        run(source, walker, WARM, STEPS, straight);
        for (int i = 0; i < 3; i++) {
            run(targets[i], walker, WARM, STEPS, copied);
            assert_memory_equal(straight, copied, sizeof straight);
            same_contacts(para_world_view(source), para_world_view(targets[i]));
        }
        run(para_world_at(group, 1), walker, WARM, STEPS, copied);
        assert_memory_equal(straight, copied, sizeof straight);
        para_world_group_destroy(group);
        para_world_group_destroy(other);
    }
}

static void test_clone_outlives_its_source(void **state)
{
    (void)state;
    static uint64_t straight[STEPS], copied[STEPS];
    make(true, 1);
    ParaWorldGroup *group = scene_group(&scene, 1), *other = scene_room(1);
    ParaWorld source = para_world_at(group, 0), target = para_world_at(other, 0);
    run(source, true, 0, WARM, NULL);
    assert_true(para_world_clone(source, target, NULL));
    run(source, true, WARM, STEPS, straight);
    para_world_group_destroy(group); // a pointer left behind would now fault
    assert_int_equal(para_world_view(target)->def->body_count, scene.def.body_count);
    assert_ptr_not_equal(para_world_view(target)->def->bodies, scene.def.bodies);
    run(target, true, WARM, STEPS, copied);
    assert_memory_equal(straight, copied, sizeof straight);
    assert_true(para_world_view(target)->contact_count > 0);
    scene_build(target, &scene);
    para_world_group_destroy(other);
}

static void test_rebuilt_world_is_as_new(void **state)
{
    (void)state;
    static uint64_t first[STEPS], second[STEPS];
    make(false, 1);
    ParaWorldGroup *group = scene_group(&scene, 2);
    ParaWorld world = para_world_at(group, 0);
    run(world, false, 0, STEPS, first);
    scene_walker(&scene, 1);
    scene_build(world, &scene); // another scene in between dirties the memory
    run(world, true, 0, 50, NULL);
    make(false, 1);
    scene_build(world, &scene);
    run(world, false, 0, STEPS, second);
    assert_memory_equal(first, second, sizeof first);
    para_world_group_destroy(group);
}

static void test_world_rebuilds_from_its_own_def(void **state)
{
    (void)state;
    static uint64_t first[STEPS], second[STEPS];
    make(false, 1);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    run(world, false, 0, STEPS, first);
    assert_true(para_world_build(world, para_world_view(world)->def, NULL));
    run(world, false, 0, STEPS, second);
    assert_memory_equal(first, second, sizeof first);
    ParaWorldDef changed = *para_world_view(world)->def; // its arrays still lie in the world
    changed.gravity.y = 0.0f;
    assert_true(para_world_build(world, &changed, NULL));
    assert_int_equal(para_world_view(world)->def->body_count, scene.def.body_count);
    para_world_step(world);
    assert_true(AT(para_world_view(world), vy, 2) == 0.0f);
    para_world_group_destroy(group);
}

typedef struct Job {
    ParaWorldGroup *group;
    uint64_t hashes[16];
} Job;

static void run_one(void *context, int task, int worker)
{
    (void)worker;
    Job *job = context;
    ParaWorld world = para_world_at(job->group, task);
    static _Thread_local Scene own;
    if (task % 2)
        scene_walker(&own, (uint64_t)task);
    else
        scene_mixed(&own);
    bool good = para_world_build(world, &own.def, NULL);
    PARA_ASSERT(good); // cmocka's own would jump out of the worker
    for (int i = 0; i < 120; i++) {
        act(world, task % 2, i);
        para_world_step(world);
        (void)para_world_ray(world, (ParaVec2){-5, 3}, (ParaVec2){8, 0}, 0xffffffffu, 0);
    }
    job->hashes[task] = para_world_hash(world);
}

static void test_threads_give_the_bits_of_one_thread(void **state)
{
    (void)state;
    static Job jobs[2];
    for (int i = 0; i < 2; i++) {
        ParaWorkers *workers = para_workers_create(i + 1);
        jobs[i].group = scene_room(16);
        para_workers_run(workers, run_one, &jobs[i], 16);
        para_workers_destroy(workers);
        para_world_group_destroy(jobs[i].group);
    }
    assert_memory_equal(jobs[0].hashes, jobs[1].hashes, sizeof jobs[0].hashes);
    assert_true(jobs[0].hashes[0] != jobs[0].hashes[1]);
}

/// The same bits from every compiler, optimisation level and CPU. They change only with the scenes, the
/// solver or the maths of engine/base; then say why in the commit that changes them.
static void test_golden_hashes(void **state)
{
    (void)state;
    static const uint64_t golden_of[][2] = {
        [PARA_SOLVER_CHIPMUNK] = {0x78c05e5d67a168e9, 0xcad85cf0a2d76240},
        [PARA_SOLVER_LANES] = {0xb554e8f854f8536f, 0x1dfebe791e2d001c},
    };
    const uint64_t *golden = golden_of[scene_solver()];
    for (int kind = 0; kind < 2; kind++) {
        make(kind, 1 + kind);
        ParaWorldGroup *group = scene_group(&scene, 1);
        run(para_world_at(group, 0), kind, 0, 1000, NULL);
        uint64_t hash = para_world_hash(para_world_at(group, 0));
        if (hash != golden[kind])
            fail_msg("scene %d on %s: hash 0x%016llx", kind, para_solver_name(scene_solver()),
                     (unsigned long long)hash);
        para_world_group_destroy(group);
    }
}

static void test_group_step_is_step_of_each(void **state)
{
    (void)state;
    scene_walker(&scene, 1);
    ParaWorldGroup *group = scene_group(&scene, 4), *other = scene_group(&scene, 4);
    for (int i = 1; i < 4; i++) {
        scene_build(para_world_at(group, i), &scene);
        scene_build(para_world_at(other, i), &scene);
    }
    static const uint8_t active[] = {1, 0, 1};
    for (int i = 0; i < 60; i++) {
        para_world_group_step(group, 1, 3, active);
        para_world_step(para_world_at(other, 1));
        para_world_step(para_world_at(other, 3));
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(para_world_hash(para_world_at(group, i)), para_world_hash(para_world_at(other, i)));
    assert_int_equal(para_world_view(para_world_at(group, 2))->step, 0);
    assert_int_equal(para_world_view(para_world_at(group, 3))->step, 60);
    para_world_group_destroy(group);
    para_world_group_destroy(other);
}

const struct CMUnitTest para_tests_world_snapshot[] = {
    SCENE_TEST(test_restore_steps_on_bit_for_bit),
    SCENE_TEST(test_clone_steps_on_bit_for_bit),
    SCENE_TEST(test_clone_outlives_its_source),
    SCENE_TEST(test_rebuilt_world_is_as_new),
    SCENE_TEST(test_world_rebuilds_from_its_own_def),
    SCENE_TEST(test_threads_give_the_bits_of_one_thread),
    SCENE_TEST(test_golden_hashes),
    SCENE_TEST(test_group_step_is_step_of_each),
};
const size_t para_tests_world_snapshot_count =
    sizeof para_tests_world_snapshot / sizeof *para_tests_world_snapshot;
