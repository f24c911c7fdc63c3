// SPDX-License-Identifier: MIT
// Worker threads: every task once, the same result for any number of workers, many short runs.
#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/rng.h"
#include "engine/base/threads.h"
#include "tests/tests.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define TASKS 1000

typedef struct Job {
    atomic_int runs[TASKS];
    uint64_t results[TASKS];
    int worker_count;
    atomic_bool wrong_worker;
    atomic_int in_use[8]; // tasks that a worker index is in at this moment
} Job;

static void run_task(void *context, int task, int worker)
{
    Job *job = context;
    if (worker < 0 || worker >= job->worker_count || atomic_fetch_add(&job->in_use[worker], 1) != 0)
        atomic_store(&job->wrong_worker, true);
    atomic_fetch_add(&job->runs[task], 1);
    ParaRng rng = para_rng_make((uint64_t)task, "task");
    for (int i = 0; i < 100 + task % 7 * 50; i++) // tasks of unlike length
        job->results[task] += para_rng_u64(&rng);
    if (worker >= 0 && worker < job->worker_count)
        atomic_fetch_sub(&job->in_use[worker], 1);
}

/// Runs all tasks on `count` workers; returns the hash of the results in task order.
static uint64_t run_on(int count)
{
    Job *job = calloc(1, sizeof *job);
    assert_non_null(job);
    ParaWorkers *workers = para_workers_create(count);
    assert_non_null(workers);
    assert_int_equal(para_workers_count(workers), count);
    job->worker_count = count;
    para_workers_run(workers, run_task, job, TASKS);
    para_workers_destroy(workers);
    for (int i = 0; i < TASKS; i++)
        assert_int_equal(job->runs[i], 1);
    assert_false(job->wrong_worker);
    uint64_t hash = para_hash(job->results, sizeof job->results, 0);
    free(job);
    return hash;
}

static void test_threads_run_every_task_once_with_the_same_results(void **state)
{
    (void)state;
    uint64_t alone = run_on(1);
    assert_true(run_on(2) == alone);
    assert_true(run_on(7) == alone);
}

static void add_task(void *context, int task, int worker)
{
    (void)worker;
    atomic_fetch_add((atomic_long *)context, task + 1);
}

static void test_threads_return_only_when_the_last_task_has_ended(void **state)
{
    (void)state;
    ParaWorkers *workers = para_workers_create(3);
    for (int run = 0; run < 3000; run++) { // many short runs, where a lost wake-up would hang
        atomic_long sum = 0;
        int count = run % 6;
        para_workers_run(workers, add_task, &sum, count);
        assert_int_equal(sum, count * (count + 1) / 2);
    }
    para_workers_destroy(workers);
}

static void test_threads_zero_means_one_per_processor(void **state)
{
    (void)state;
    ParaWorkers *workers = para_workers_create(0);
    assert_in_range(para_workers_count(workers), 1, 1024);
    para_workers_destroy(workers);
    para_workers_destroy(NULL);
}

static void wait_a_little(void *context, int task, int worker)
{
    (void)context, (void)task, (void)worker;
    para_clock_sleep(0.002);
}

static void test_time_in_tasks_is_told(void **state)
{
    (void)state;
    ParaWorkers *workers = para_workers_create(2);
    assert_non_null(workers);
    ParaWorkersTime none = para_workers_time(workers);
    assert_true(none.busy <= 0 && none.run <= 0);
    para_workers_run(workers, wait_a_little, NULL, 5);
    ParaWorkersTime time = para_workers_time(workers);
    assert_true(time.busy >= 5 * 0.0019); // whoever took them
    assert_true(time.run > 0 && time.busy <= para_workers_count(workers) * time.run);
    para_workers_destroy(workers);
}

const struct CMUnitTest para_tests_threads[] = {
    cmocka_unit_test(test_time_in_tasks_is_told),
    cmocka_unit_test(test_threads_run_every_task_once_with_the_same_results),
    cmocka_unit_test(test_threads_return_only_when_the_last_task_has_ended),
    cmocka_unit_test(test_threads_zero_means_one_per_processor),
};
const size_t para_tests_threads_count = sizeof para_tests_threads / sizeof *para_tests_threads;
