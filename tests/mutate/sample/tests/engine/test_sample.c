// SPDX-License-Identifier: MIT
// The tests of the sample house: one that says what is right, one that compares with a recorded number.
#include "engine/sample.h"
#include "tests/tests.h"

static void test_sample_sums(void **state)
{
    (void)state;
    assert_int_equal(sample_sum((int[]){1, 2, 4}, 3), 7);
    assert_int_equal(sample_copy(3), 3);
    assert_int_equal(sample_unwatched(0), 0);
}

static void test_sample_golden_mix(void **state)
{
    (void)state;
    assert_int_equal(sample_mix(5), 162);
}

const struct CMUnitTest para_tests_sample[] = {
    cmocka_unit_test(test_sample_sums),
    cmocka_unit_test(test_sample_golden_mix),
};
const size_t para_tests_sample_count = sizeof para_tests_sample / sizeof *para_tests_sample;
