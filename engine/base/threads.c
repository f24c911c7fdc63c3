// SPDX-License-Identifier: MIT
// A pool of threads that sleep between runs. A run publishes one job, every thread takes task
// numbers from a shared counter until none is left, and the caller waits for the last thread.
//
// Before it sleeps, who waits looks a while for what it waits for: a learner runs a hundred jobs of a tenth
// of a millisecond in a row, and falling asleep and being woken takes as long as such a job.
#include "engine/base/threads.h"

#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/platform.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS_MAX 1024
#define LOOKS       1000 // before sleeping: 25 us on an AMD EPYC with AVX-512

typedef struct Worker {
    ParaWorkers *pool;
    pthread_t thread;
    int index;
    double worked; // [s] in tasks; its thread writes it before it leaves a job
} Worker;

struct ParaWorkers {
    int count; // with the caller, who is worker 0
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    // The job, written under the lock before `generation` moves on.
    ParaTask *task;
    void *context;
    int task_count;
    atomic_uint generation;
    atomic_int busy; // threads still in the job
    bool quit, running;
    int looks; // LOOKS, or 0 where there are more threads than processors: then looking keeps others from
               // working
    atomic_int next;
    double worked, run; // [s] of the caller in tasks, and in para_workers_run
    Worker workers[];   // [count - 1]
};

static void work(ParaWorkers *pool, int worker, double *worked)
{
    double start = para_clock_seconds();
    for (;;) {
        int task = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (task >= pool->task_count)
            break;
        PARA_ASSERT_HOT(task >= 0 && worker >= 0 && worker < pool->count);
        pool->task(pool->context, task, worker);
    }
    *worked += para_clock_seconds() - start;
}

/// Lets the other half of a processor core work while this one looks.
static void rest(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Waits for a job after the one `seen`. @return its generation; `seen` again: there will be none
static unsigned next_job(ParaWorkers *pool, unsigned seen)
{
    unsigned now = seen;
    for (int i = 0; i < pool->looks && now == seen; i++) {
        rest();
        now = atomic_load_explicit(&pool->generation, memory_order_acquire);
    }
    if (now != seen)
        return now;
    pthread_mutex_lock(&pool->lock);
    while ((now = atomic_load_explicit(&pool->generation, memory_order_relaxed)) == seen && !pool->quit)
        pthread_cond_wait(&pool->start, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    return now;
}

static void *worker_main(void *argument)
{
    Worker *self = argument;
    ParaWorkers *pool = self->pool;
    for (unsigned seen = 0, now; (now = next_job(pool, seen)) != seen; seen = now) {
        work(pool, self->index, &self->worked);
        int busy = atomic_fetch_sub_explicit(&pool->busy, 1, memory_order_release);
        PARA_ASSERT(busy > 0);
        if (busy > 1)
            continue;
        pthread_mutex_lock(&pool->lock); // or the caller could fall asleep between its look and the signal
        pthread_cond_signal(&pool->done);
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

ParaWorkers *para_workers_create(int count)
{
    PARA_ASSERT(count >= 0 && count <= WORKERS_MAX);
    if (count == 0)
        count = para_cpu_count() < WORKERS_MAX ? para_cpu_count() : WORKERS_MAX;
    ParaWorkers *pool = calloc(1, sizeof *pool + sizeof(Worker) * (size_t)(count - 1));
    if (!pool)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->start, NULL);
    pthread_cond_init(&pool->done, NULL);
    atomic_init(&pool->next, 0);
    atomic_init(&pool->generation, 0);
    atomic_init(&pool->busy, 0);
    pool->count = 1;
    pool->looks = count <= para_cpu_count() ? LOOKS : 0;
    for (int i = 1; i < count; i++) {
        Worker *worker = &pool->workers[i - 1];
        *worker = (Worker){.pool = pool, .index = i};
        int failed = pthread_create(&worker->thread, NULL, worker_main, worker);
        if (failed) { // fewer threads give the same results, later
            para_log_line(PARA_LOG_WARNING, "threads", "%d of %d workers: %s", i, count, strerror(failed));
            break;
        }
        pool->count = i + 1;
    }
    return pool;
}

void para_workers_destroy(ParaWorkers *workers)
{
    if (!workers)
        return;
    PARA_ASSERT(!workers->running);
    pthread_mutex_lock(&workers->lock);
    workers->quit = true;
    pthread_cond_broadcast(&workers->start);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 1; i < workers->count; i++)
        pthread_join(workers->workers[i - 1].thread, NULL);
    pthread_cond_destroy(&workers->done);
    pthread_cond_destroy(&workers->start);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}

int para_workers_count(const ParaWorkers *workers) { return workers->count; }

void para_workers_run(ParaWorkers *workers, ParaTask *task, void *context, int task_count)
{
    PARA_ASSERT(!workers->running && (task || task_count == 0));
    // The counter runs past the end once per worker and must not overflow.
    PARA_ASSERT(task_count >= 0 && task_count <= (1 << 30));
    workers->running = true;
    double start = para_clock_seconds();
    pthread_mutex_lock(&workers->lock);
    workers->task = task;
    workers->context = context;
    workers->task_count = task_count;
    int others = workers->count - 1;
    atomic_store_explicit(&workers->busy, others, memory_order_relaxed);
    atomic_store_explicit(&workers->next, 0, memory_order_relaxed);
    atomic_fetch_add_explicit(&workers->generation, 1, memory_order_release); // the job is told
    if (others > 0)
        pthread_cond_broadcast(&workers->start);
    pthread_mutex_unlock(&workers->lock);

    work(workers, 0, &workers->worked);

    for (int i = 0; i < workers->looks; i++) {
        if (atomic_load_explicit(&workers->busy, memory_order_acquire) == 0)
            break;
        rest();
    }
    if (atomic_load_explicit(&workers->busy, memory_order_acquire) > 0) {
        pthread_mutex_lock(&workers->lock);
        while (atomic_load_explicit(&workers->busy, memory_order_acquire) > 0)
            pthread_cond_wait(&workers->done, &workers->lock);
        pthread_mutex_unlock(&workers->lock);
    }
    workers->run += para_clock_seconds() - start;
    workers->running = false;
}

ParaWorkersTime para_workers_time(const ParaWorkers *workers)
{
    PARA_ASSERT(!workers->running);
    ParaWorkersTime time = {.busy = workers->worked, .run = workers->run};
    for (int i = 1; i < workers->count; i++)
        time.busy += workers->workers[i - 1].worked;
    return time;
}
