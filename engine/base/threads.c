// SPDX-License-Identifier: MIT
// A pool of threads that sleep between runs. A run publishes one job, every thread takes task
// numbers from a shared counter until none is left, and the caller waits for the last thread.
#include "engine/base/threads.h"

#include "engine/base/assert.h"
#include "engine/base/log.h"
#include "engine/base/platform.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS_MAX 1024

typedef struct Worker {
    ParaWorkers *pool;
    pthread_t thread;
    int index;
} Worker;

struct ParaWorkers {
    int count; // with the caller, who is worker 0
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    // The job, written under the lock before `generation` moves on.
    ParaTask *task;
    void *context;
    int task_count;
    unsigned generation;
    int busy; // threads still in the job
    bool quit, running;
    atomic_int next;
    Worker workers[]; // [count - 1]
};

static void work(ParaWorkers *pool, int worker)
{
    for (;;) {
        int task = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (task >= pool->task_count)
            return;
        PARA_ASSERT_HOT(task >= 0 && worker >= 0 && worker < pool->count);
        pool->task(pool->context, task, worker);
    }
}

static void *worker_main(void *argument)
{
    Worker *self = argument;
    ParaWorkers *pool = self->pool;
    unsigned seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->generation == seen && !pool->quit)
            pthread_cond_wait(&pool->start, &pool->lock);
        if (pool->quit)
            break;
        seen = pool->generation;
        pthread_mutex_unlock(&pool->lock);
        work(pool, self->index);
        pthread_mutex_lock(&pool->lock);
        PARA_ASSERT(pool->busy > 0);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
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
    pool->count = 1;
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
    pthread_mutex_lock(&workers->lock);
    workers->task = task;
    workers->context = context;
    workers->task_count = task_count;
    workers->busy = workers->count - 1;
    atomic_store_explicit(&workers->next, 0, memory_order_relaxed);
    workers->generation++;
    if (workers->busy > 0)
        pthread_cond_broadcast(&workers->start);
    pthread_mutex_unlock(&workers->lock);

    work(workers, 0);

    pthread_mutex_lock(&workers->lock);
    while (workers->busy > 0)
        pthread_cond_wait(&workers->done, &workers->lock);
    pthread_mutex_unlock(&workers->lock);
    workers->running = false;
}
