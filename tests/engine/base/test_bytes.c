// SPDX-License-Identifier: MIT
// Numbers as bytes: what is written is read back, byte by byte as it should stand, and nothing is read that
// is not there.
#include "engine/base/bytes.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

static void test_bytes_read_back_what_was_written(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(4096, (size_t)1 << 24);
    ParaBytes out = {.arena = arena};
    enum { MANY = 3000 }; // grows several times
    for (int i = 0; i < MANY; i++) {
        para_bytes_put_whole(&out, (uint64_t)i * 0x9E3779B97F4A7C15u, 8);
        para_bytes_put_whole(&out, (uint64_t)(int64_t)-i, 4);
        para_bytes_put_f64(&out, i * -0.1);
        para_bytes_put(&out, "ab", 2);
    }
    assert_int_equal(out.size, MANY * 22);
    ParaBytesReader in = {.data = out.data, .size = out.size};
    for (int i = 0; i < MANY; i++) {
        assert_true(para_bytes_take_whole(&in, 8) == (uint64_t)i * 0x9E3779B97F4A7C15u);
        assert_int_equal(para_bytes_take_range(&in, 4, -MANY, 0), -i);
        assert_true(para_bytes_take_f64(&in) == i * -0.1);
        assert_false(para_bytes_read_whole(&in));
        assert_memory_equal(para_bytes_take(&in, 2), "ab", 2);
    }
    assert_true(para_bytes_read_whole(&in));
    para_arena_destroy(arena);
}

static void test_bytes_stand_least_first(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(4096, (size_t)1 << 20);
    ParaBytes out = {.arena = arena};
    static const uint8_t want[] = {0x03, 0x02, 0x01, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f};
    para_bytes_put_whole(&out, 0x04010203, 3); // the fourth byte is left out
    para_bytes_put_whole(&out, 0, 1);
    para_bytes_put_f64(&out, 1.0);
    assert_int_equal(out.size, sizeof want);
    assert_memory_equal(out.data, want, sizeof want);
    para_arena_destroy(arena);
}

static void test_bytes_of_floats_are_their_bits_and_finite(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(4096, (size_t)1 << 20);
    const float good[4] = {0.1f, -0.0f, 3e38f, -1e-40f}, bad[3] = {1, NAN, 2};
    ParaBytes out = {.arena = arena};
    float back[4];
    para_bytes_put_f32s(&out, good, 4);
    assert_int_equal(out.size, 16);
    ParaBytesReader in = {.data = out.data, .size = out.size};
    para_bytes_take_f32s(&in, back, 4);
    assert_true(para_bytes_read_whole(&in));
    assert_memory_equal(back, good, sizeof good);
    in = (ParaBytesReader){.data = out.data, .size = out.size - 1}; // the last one is cut
    para_bytes_take_f32s(&in, back, 4);
    assert_true(in.bad);
    out.size = 0;
    para_bytes_put_f32s(&out, bad, 3);
    in = (ParaBytesReader){.data = out.data, .size = out.size};
    para_bytes_take_f32s(&in, back, 3);
    assert_true(in.bad);
    para_arena_destroy(arena);
}

static void test_bytes_that_are_not_there_are_bad(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2, 3};
    ParaBytesReader in = {.data = data, .size = sizeof data};
    assert_int_equal(para_bytes_take_whole(&in, 4), 0);
    assert_true(in.bad);
    assert_int_equal(para_bytes_take_whole(&in, 1), 0); // and stays so, though one is there
    assert_null(para_bytes_take(&in, 1));
    assert_false(para_bytes_read_whole(&in));
    in = (ParaBytesReader){.data = data, .size = sizeof data};
    assert_null(para_bytes_take(&in, SIZE_MAX));
    in = (ParaBytesReader){.data = data, .size = sizeof data};
    assert_int_equal(para_bytes_take_range(&in, 1, 2, 5), 2); // 1 is out of range
    assert_true(in.bad);
    in = (ParaBytesReader){.data = data, .size = sizeof data};
    assert_int_equal(para_bytes_take_range(&in, 1, 0, 1), 1);
    assert_int_equal(para_bytes_take_range(&in, 2, 0, 0x302), 0x302);
    assert_true(para_bytes_read_whole(&in));
}

const struct CMUnitTest para_tests_bytes[] = {
    cmocka_unit_test(test_bytes_read_back_what_was_written),
    cmocka_unit_test(test_bytes_stand_least_first),
    cmocka_unit_test(test_bytes_of_floats_are_their_bits_and_finite),
    cmocka_unit_test(test_bytes_that_are_not_there_are_bad),
};
const size_t para_tests_bytes_count = sizeof para_tests_bytes / sizeof *para_tests_bytes;
