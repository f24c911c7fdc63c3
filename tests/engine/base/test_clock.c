// SPDX-License-Identifier: MIT
// Clocks: they run forward, at the right speed, and CPU time stands still while we sleep.
#include "engine/base/clock.h"
#include "tests/tests.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void test_clock_seconds_measure_a_sleep_and_cpu_seconds_do_not(void **state)
{
    (void)state;
    const struct timespec pause = {0, 50 * 1000 * 1000};
    bool idle = false;
    for (int i = 0; i < 100 && !idle; i++) { // a library's own threads may be at work in some of the pauses
        double start = para_clock_seconds(), start_cpu = para_clock_cpu_seconds();
        assert_int_equal(nanosleep(&pause, NULL), 0);
        assert_true(para_clock_seconds() - start >= 0.05);
        idle = para_clock_cpu_seconds() - start_cpu < 0.04;
    }
    assert_true(idle);
}

static void test_clock_cpu_seconds_count_work(void **state)
{
    (void)state;
    double start = para_clock_cpu_seconds();
    volatile double sum = 0;
    for (int i = 0; i < 3000000; i++)
        sum += i;
    assert_true(sum > 0);
    assert_true(para_clock_cpu_seconds() > start);
}

static void test_clock_utc_is_the_current_time_in_iso_form(void **state)
{
    (void)state;
    char text[21];
    struct tm utc = {0};
    time_t now = time(NULL);
    para_clock_utc(text);
    assert_int_equal(strlen(text), 20);
    assert_int_equal(sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ", &utc.tm_year, &utc.tm_mon, &utc.tm_mday,
                            &utc.tm_hour, &utc.tm_min, &utc.tm_sec),
                     6);
    struct tm expected;
    assert_non_null(gmtime_r(&now, &expected));
    if (expected.tm_hour < 23) // beside midnight the two readings may fall on two days
        assert_int_equal(utc.tm_mday, expected.tm_mday);
    assert_int_equal(text[19], 'Z');
}

const struct CMUnitTest para_tests_clock[] = {
    cmocka_unit_test(test_clock_seconds_measure_a_sleep_and_cpu_seconds_do_not),
    cmocka_unit_test(test_clock_cpu_seconds_count_work),
    cmocka_unit_test(test_clock_utc_is_the_current_time_in_iso_form),
};
const size_t para_tests_clock_count = sizeof para_tests_clock / sizeof *para_tests_clock;
