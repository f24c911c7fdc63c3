// SPDX-License-Identifier: MIT
// Random streams: golden values, independence of purposes, and the shape of the distributions.
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "tests/tests.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static void test_rng_is_xoshiro256_plus_plus(void **state)
{
    (void)state;
    // From state {1, 2, 3, 4}, worked out by hand from the published algorithm: the first result is
    // rotl(1 + 4, 23) + 1 = 5 * 2^23 + 1, and the state then is {7, 0, 2 ^ 2^18, rotl(6, 45)}.
    ParaRng rng = {{1, 2, 3, 4}};
    assert_true(para_rng_u64(&rng) == (UINT64_C(5) << 23) + 1);
    assert_true(rng.s[0] == 7 && rng.s[1] == 0);
    assert_true(rng.s[2] == (UINT64_C(2) ^ (UINT64_C(2) << 17)));
    assert_true(rng.s[3] == UINT64_C(6) << 45);
    // The next two as an independent implementation in Python gives them.
    assert_true(para_rng_u64(&rng) == UINT64_C(58720359));
    assert_true(para_rng_u64(&rng) == UINT64_C(3588806011781223));
}

static void test_rng_golden_streams_never_change(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(42, "reset");
    assert_true(para_rng_u64(&rng) == UINT64_C(0x8f772740234ba43c));
    assert_true(para_rng_u64(&rng) == UINT64_C(0x215f31ad8d581931));
    assert_true(para_seed_mix(1, 2) == UINT64_C(0x81a5c1377856b73));
    assert_true(para_seed_mix(1, 2) != para_seed_mix(2, 1));
}

static void test_rng_purposes_and_seeds_are_independent(void **state)
{
    (void)state;
    const char *purposes[] = {"reset", "sample", "act", ""};
    ParaRng streams[8];
    for (int i = 0; i < 8; i++)
        streams[i] = para_rng_make((uint64_t)(i / 4), purposes[i % 4]);
    // Equal bits of two independent streams: 32 of 64 on average, deviation 4 / sqrt(1000) here.
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < i; j++) {
            ParaRng a = streams[i], b = streams[j];
            long equal = 0;
            for (int k = 0; k < 1000; k++)
                for (uint64_t bits = ~(para_rng_u64(&a) ^ para_rng_u64(&b)); bits; bits &= bits - 1)
                    equal++;
            assert_true(labs(equal - 32000) < 700);
        }
    }
}

static void test_rng_f64_is_uniform_in_the_half_open_unit_interval(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(7, "uniform");
    enum { DRAWS = 200000, BINS = 50 };
    int bins[BINS] = {0};
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = para_rng_f64(&rng);
        assert_true(x >= 0 && x < 1);
        bins[(int)(x * BINS)]++;
        sum += x;
    }
    double chi_square = 0, expected = (double)DRAWS / BINS;
    for (int i = 0; i < BINS; i++)
        chi_square += (bins[i] - expected) * (bins[i] - expected) / expected;
    assert_true(chi_square > 23 && chi_square < 86); // 49 degrees of freedom, 0.1 % on either side
    assert_true(fabs(sum / DRAWS - 0.5) < 0.003);
}

static void test_rng_range_never_reaches_its_end(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(8, "range");
    double end = nextafter(1.0, 2);
    for (int i = 0; i < 1000; i++) {
        double x = para_rng_range(&rng, 1, end); // only one double lies inside
        assert_true(x == 1);
        x = para_rng_range(&rng, -3, 5);
        assert_true(x >= -3 && x < 5);
        assert_true(para_rng_range(&rng, 2, 2) == 2);
    }
}

static void test_rng_int_takes_every_value_equally(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(9, "int");
    enum { DRAWS = 70000 };
    int counts[7] = {0};
    for (int i = 0; i < DRAWS; i++) {
        int64_t value = para_rng_int(&rng, -3, 3);
        assert_in_range(value + 3, 0, 6);
        counts[value + 3]++;
    }
    for (int i = 0; i < 7; i++)
        assert_true(abs(counts[i] - DRAWS / 7) < 400); // deviation 93
}

static void test_rng_int_has_no_modulo_bias(void **state)
{
    (void)state;
    // Over 3 * 2^62 values a plain modulo would give the first third twice as often as the others.
    ParaRng rng = para_rng_make(10, "bias");
    int64_t low = INT64_MIN,
            high = INT64_MIN + (int64_t)(UINT64_C(3) << 61) + (int64_t)(UINT64_C(3) << 61) - 1;
    int thirds[3] = {0};
    for (int i = 0; i < 30000; i++) {
        uint64_t offset = (uint64_t)para_rng_int(&rng, low, high) - (uint64_t)low;
        assert_true(offset <= (UINT64_C(3) << 62) - 1);
        thirds[offset >> 62]++;
    }
    for (int i = 0; i < 3; i++)
        assert_true(abs(thirds[i] - 10000) < 400); // deviation 82; biased: 15000, 7500, 7500
}

static void test_rng_int_covers_all_of_its_type(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(11, "all");
    int negative = 0;
    for (int i = 0; i < 1000; i++)
        negative += para_rng_int(&rng, INT64_MIN, INT64_MAX) < 0;
    assert_in_range(negative, 400, 600);
    assert_true(para_rng_int(&rng, 5, 5) == 5);
    assert_true(para_rng_int(&rng, INT64_MAX, INT64_MAX) == INT64_MAX);
}

static void test_rng_normal_has_the_moments_of_a_normal(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(12, "normal");
    enum { DRAWS = 200000 };
    double sums[5] = {0};
    int beyond = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = para_rng_normal(&rng), power = 1;
        assert_true(isfinite(x));
        for (int k = 0; k < 5; k++, power *= x)
            sums[k] += power;
        beyond += fabs(x) > 1.959964;
    }
    assert_true(fabs(sums[1] / DRAWS) < 0.01);
    assert_true(fabs(sums[2] / DRAWS - 1) < 0.015);
    assert_true(fabs(sums[3] / DRAWS) < 0.04);
    assert_true(fabs(sums[4] / DRAWS - 3) < 0.12);
    assert_true(abs(beyond - DRAWS / 20) < 400); // 5 % by definition, deviation 97
}

static void test_rng_copy_is_the_same_stream(void **state)
{
    (void)state;
    ParaRng a = para_rng_make(13, "copy");
    para_rng_normal(&a);
    ParaRng b = a;
    for (int i = 0; i < 100; i++)
        assert_true(para_rng_normal(&a) == para_rng_normal(&b));
    assert_memory_equal(&a, &b, sizeof a);
}

const struct CMUnitTest para_tests_rng[] = {
    cmocka_unit_test(test_rng_is_xoshiro256_plus_plus),
    cmocka_unit_test(test_rng_golden_streams_never_change),
    cmocka_unit_test(test_rng_purposes_and_seeds_are_independent),
    cmocka_unit_test(test_rng_f64_is_uniform_in_the_half_open_unit_interval),
    cmocka_unit_test(test_rng_range_never_reaches_its_end),
    cmocka_unit_test(test_rng_int_takes_every_value_equally),
    cmocka_unit_test(test_rng_int_has_no_modulo_bias),
    cmocka_unit_test(test_rng_int_covers_all_of_its_type),
    cmocka_unit_test(test_rng_normal_has_the_moments_of_a_normal),
    cmocka_unit_test(test_rng_copy_is_the_same_stream),
};
const size_t para_tests_rng_count = sizeof para_tests_rng / sizeof *para_tests_rng;
