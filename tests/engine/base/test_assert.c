// SPDX-License-Identifier: MIT
// A false belief ends the program with its place; a true one costs nothing.
#include "engine/base/assert.h"
#include "tests/tests.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_assert_prints_its_place_and_aborts(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        para_assert_failed("count > 0", "engine/x.c", 12);
    }
    close(ends[1]);
    char text[200] = {0};
    ssize_t size = read(ends[0], text, sizeof text - 1);
    int status = 0;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(size > 0);
    assert_string_equal(text, "engine/x.c:12: assertion failed: count > 0\n");
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void test_assert_evaluates_its_condition_once(void **state)
{
    (void)state;
    int count = 0;
    PARA_ASSERT(++count == 1);
#ifdef PARA_NO_ASSERT
    assert_int_equal(count, 0);
#else
    assert_int_equal(count, 1);
#endif
}

const struct CMUnitTest para_tests_assert[] = {
    cmocka_unit_test(test_assert_prints_its_place_and_aborts),
    cmocka_unit_test(test_assert_evaluates_its_condition_once),
};
const size_t para_tests_assert_count = sizeof para_tests_assert / sizeof *para_tests_assert;
