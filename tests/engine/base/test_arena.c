// SPDX-License-Identifier: MIT
// Arenas: alignment, zeroing, going back, bounds, and no heap call for work that repeats.
#include "engine/base/arena.h"
#include "tests/tests.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_zero(const unsigned char *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i])
            return false;
    return true;
}

static void test_arena_memory_is_aligned_and_zeroed(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    for (size_t size = 0; size < 3000; size += 37) {
        unsigned char *data = para_arena_alloc(arena, size);
        assert_int_equal((uintptr_t)data % 64, 0);
        assert_true(is_zero(data, size));
        memset(data, 0xff, size);
    }
    para_arena_destroy(arena);
}

static void test_arena_memory_is_zeroed_again_after_a_rewind(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1024, 1 << 20);
    char *kept = para_arena_strdup(arena, "kept");
    ParaArenaMark mark = para_arena_mark(arena);
    size_t used = para_arena_used(arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 20; i++) { // across several blocks
            unsigned char *data = para_arena_alloc(arena, 500);
            assert_true(is_zero(data, 500));
            memset(data, 0xff, 500);
        }
        para_arena_rewind(arena, mark);
        assert_int_equal(para_arena_used(arena), used);
        assert_string_equal(kept, "kept");
    }
    para_arena_destroy(arena);
}

static void test_arena_repeats_work_at_the_same_addresses(void **state)
{
    (void)state;
    // The same addresses in every round show that blocks are kept, so that no heap call is needed.
    ParaArena *arena = para_arena_create(1024, 1 << 20);
    ParaArenaMark mark = para_arena_mark(arena);
    void *first[10];
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 10; i++) {
            void *data = para_arena_alloc(arena, 700);
            if (round == 0)
                first[i] = data;
            assert_ptr_equal(data, first[i]);
        }
        para_arena_rewind(arena, mark);
    }
    para_arena_destroy(arena);
}

static void test_arena_takes_more_than_a_block_and_other_sizes_after_a_rewind(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(256, 1 << 22);
    ParaArenaMark mark = para_arena_mark(arena);
    for (size_t size = 100; size < 1000000; size *= 3) {
        unsigned char *small = para_arena_alloc(arena, 50);
        unsigned char *large = para_arena_alloc(arena, size);
        memset(small, 1, 50);
        memset(large, 2, size);
        assert_int_equal(small[49], 1);
        assert_true(para_arena_used(arena) >= size + 50);
        para_arena_rewind(arena, mark);
    }
    assert_int_equal(para_arena_used(arena), 0);
    para_arena_destroy(arena);
}

static void test_arena_room_and_used_add_up_to_the_bound(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(512, 6464);
    while (para_arena_room(arena) >= 640) {
        assert_int_equal(para_arena_room(arena) + para_arena_used(arena), 6464);
        para_arena_alloc(arena, 600);
    }
    // What it says there is room for, it gives.
    assert_non_null(para_arena_alloc(arena, para_arena_room(arena)));
    assert_int_equal(para_arena_room(arena), 0);
    para_arena_clear(arena);
    assert_int_equal(para_arena_room(arena), 6464);
    para_arena_destroy(arena);
}

/// Whether a child that allocates `size` bytes from an arena bounded by `size_max` aborts.
static bool aborts(size_t size, size_t size_max)
{
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        ParaArena *arena = para_arena_create(64, size_max);
        para_arena_alloc(arena, size);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void test_arena_aborts_past_its_bound_and_not_before(void **state)
{
    (void)state;
    assert_false(aborts(1024, 1024));
    assert_true(aborts(1025, 1024));
    assert_true(aborts(SIZE_MAX, SIZE_MAX));
    assert_true(aborts(SIZE_MAX - 100, 1 << 20));
}

static void test_arena_texts_are_copies(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(256, 1 << 16);
    char text[] = "stone";
    char *copy = para_arena_strdup(arena, text);
    text[0] = 'a';
    assert_string_equal(copy, "stone");
    assert_null(para_arena_strdup(arena, NULL));
    assert_string_equal(para_arena_printf(arena, "%s-%04d", "level", 42), "level-0042");
    char *wide = para_arena_printf(arena, "%1000d", 7); // longer than a block
    assert_int_equal(strlen(wide), 1000);
    assert_int_equal(wide[999], '7');
    para_arena_destroy(arena);
    para_arena_destroy(NULL);
}

const struct CMUnitTest para_tests_arena[] = {
    cmocka_unit_test(test_arena_memory_is_aligned_and_zeroed),
    cmocka_unit_test(test_arena_memory_is_zeroed_again_after_a_rewind),
    cmocka_unit_test(test_arena_repeats_work_at_the_same_addresses),
    cmocka_unit_test(test_arena_takes_more_than_a_block_and_other_sizes_after_a_rewind),
    cmocka_unit_test(test_arena_room_and_used_add_up_to_the_bound),
    cmocka_unit_test(test_arena_aborts_past_its_bound_and_not_before),
    cmocka_unit_test(test_arena_texts_are_copies),
};
const size_t para_tests_arena_count = sizeof para_tests_arena / sizeof *para_tests_arena;
