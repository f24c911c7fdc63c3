// SPDX-License-Identifier: MIT
// Memory: a step, a reset and a question take nothing from the heap; a world's size is bounded; too many
// contacts make the world's lists grow instead of being dropped.
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include <malloc.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

static Scene scene;

/// Bytes and blocks the process holds from libc's heap; any unbalanced or growing use changes one of them.
static void heap_use(size_t *out_bytes, size_t *out_blocks)
{
    struct mallinfo2 info = mallinfo2();
    *out_bytes = info.uordblks + info.hblkhd;
    *out_blocks = info.fordblks;
}

static void test_steps_and_resets_take_nothing_from_the_heap(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); // the sanitizer's own heap has no such counters
#endif
    scene_mixed(&scene);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    for (int round = 0; round < 20; round++) {
        size_t bytes[2], blocks[2];
        heap_use(&bytes[0], &blocks[0]);
        bool built = para_world_build(world, &scene.def, NULL);
        for (int i = 0; i < 100; i++) {
            scene_mixed_act(world, i);
            scene_change(world, i);
            para_world_step(world);
            (void)para_world_ray(world, (ParaVec2){-5, 3}, (ParaVec2){5, 0}, ~0u, 0);
            if (i == 50)
                para_world_disable_body(world, 4);
        }
        heap_use(&bytes[1], &blocks[1]);
        assert_true(built);
        assert_int_equal(bytes[0], bytes[1]);
        assert_int_equal(blocks[0], blocks[1]);
    }
    // The control: the counters do notice one small block.
    size_t bytes[2], blocks[2];
    heap_use(&bytes[0], &blocks[0]);
    void *volatile block = malloc(100000);
    heap_use(&bytes[1], &blocks[1]);
    assert_true(bytes[0] != bytes[1]);
    free(block);
    para_world_group_destroy(group);
}

static void test_resets_do_not_grow_a_world(void **state)
{
    (void)state;
    scene_walker(&scene, 1);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    size_t first = 0;
    for (int round = 0; round < 200; round++) {
        scene_build(world, &scene);
        for (int i = 0; i < 50; i++)
            para_world_step(world);
        if (round == 0)
            first = para_world_bytes(world);
    }
    assert_int_equal(para_world_bytes(world), first);
    assert_true(first < 600000); // Debian's Chipmunk takes its pools in 32 KiB pieces
    para_world_group_destroy(group);
}

static void test_acts_do_not_grow_a_world(void **state)
{
    (void)state;
    scene_walker(&scene, 1);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    size_t first = 0;
    for (int round = 0; round < 300; round++) {
        for (int body = 0; body < 6; body++) {
            para_world_disable_body(world, body);
            para_world_enable_body(world, body);
            if (body != 0)
                para_world_place_body(world, body, (ParaVec2){0, 9}, 0, (ParaVec2){0, 0}, 0);
        }
        for (int joint = 0; joint < 4; joint++) {
            para_world_break_joint(world, joint);
            para_world_make_joint(world, joint);
        }
        if (round == 0)
            first = para_world_bytes(world);
    }
    assert_int_equal(para_world_bytes(world), first);
    para_world_group_destroy(group);
}

static void test_crowded_world_keeps_or_tells_every_contact(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f);
    for (int i = 0; i < 300; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.02f * (float)(i % 20), 0.3f + 0.02f * (float)(i / 20));
        scene_circle(&scene, 0.25f);
    }
    ParaWorldGroup *group = scene_group(&scene, 2);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    para_world_step(world);
    int pairs = 0; // counted by hand: centres closer than two radii, where the step began
    for (int a = 1; a <= 300; a++)
        for (int b = a + 1; b <= 300; b++) {
            float dx = scene.bodies[a].position.x - scene.bodies[b].position.x;
            float dy = scene.bodies[a].position.y - scene.bodies[b].position.y;
            pairs += dx * dx + dy * dy < 0.25f;
        }
    assert_true(pairs > 20000);
    assert_true(view->contact_count > 2048 && view->contact_count + view->dropped >= pairs);
    assert_true(view->event_count >= view->contact_count);
    for (int i = 1; i < view->contact_count; i++) {
        const ParaContact *c = &view->contacts[i];
        assert_true(c[-1].shape_a < c->shape_a ||
                    (c[-1].shape_a == c->shape_a && c[-1].shape_b < c->shape_b));
    }
    assert_true(para_world_clone(world, para_world_at(group, 1), NULL)); // the grown lists come along
    para_world_step(world);
    para_world_step(para_world_at(group, 1));
    assert_int_equal(para_world_hash(world), para_world_hash(para_world_at(group, 1)));
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_memory[] = {
    SCENE_TEST(test_steps_and_resets_take_nothing_from_the_heap),
    SCENE_TEST(test_resets_do_not_grow_a_world),
    SCENE_TEST(test_acts_do_not_grow_a_world),
    SCENE_TEST_CHIPMUNK(test_crowded_world_keeps_or_tells_every_contact),
};
const size_t para_tests_world_memory_count = sizeof para_tests_world_memory / sizeof *para_tests_world_memory;
