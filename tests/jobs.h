// SPDX-License-Identifier: MIT
#pragma once
// Groups of tests side by side, each in a process of its own.
#include <stddef.h>

#define TESTS_JOBS_MAX 16

/// How many tests went well, and not.
typedef struct TestsScore {
    size_t passed, failed; ///< [1] >= 0 tests
} TestsScore;

/// Runs group 0, 1, ... in processes, so many at once; what one says on both streams is printed when it has
/// ended, not in between others. One that is ended by a signal, or by exit, counts as a test that failed.
/// @param jobs 1..TESTS_JOBS_MAX   @param count groups   @param run runs one, adds to its score
/// @param score in-out   Errors: ends the program where there is no process or file to be had
void tests_run_jobs(int jobs, int count, void (*run)(void *context, int number, TestsScore *score),
                    void *context, TestsScore *score);
