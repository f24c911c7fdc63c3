// SPDX-License-Identifier: MIT
// One thread, one question at a time, an answer for each end.
#include "apps/endless/ahead.h"

#include "engine/base/assert.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define SCRATCH_BLOCK ((size_t)1 << 20)
#define SCRATCH_MAX   ((size_t)1 << 30) // [byte] of a search

typedef struct Answer {
    bool made, good;
    const char *error; ///< constant words
    ParaEndlessLevel level;
} Answer;

struct ParaAhead {
    ParaEndlessMaker maker;
    ParaArena *scratch;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t told; ///< a question, an answer or the end
    atomic_bool stop;    ///< the work under way is to be given up
    bool leave, working;
    int asked, answered; ///< questions so far
    ParaEndless question;
    Answer answers[PARA_ENDLESS_ENDS];
};

static bool is_stopped(void *context) { return atomic_load(&((ParaAhead *)context)->stop); }

static Answer answer(ParaAhead *ahead, const ParaEndless *question, ParaEndlessEnd end)
{
    ParaEndless e = *question;
    Answer out = {.made = true};
    para_endless_end(&e, end, 0);
    out.good = para_endless_propose(&e, &ahead->maker, ahead->scratch, &out.level, &out.error);
    return out;
}

/// With the lock held on entry and return.
static void work(ParaAhead *ahead)
{
    static const ParaEndlessEnd order[] = {PARA_ENDLESS_SOLVED, PARA_ENDLESS_UNSOLVED, PARA_ENDLESS_UNRATED};
    ParaEndless question = ahead->question;
    int asked = ahead->asked;
    atomic_store(&ahead->stop, false);
    for (size_t k = 0; k < sizeof order / sizeof *order && asked == ahead->asked && !ahead->leave; k++) {
        pthread_mutex_unlock(&ahead->lock);
        Answer made = answer(ahead, &question, order[k]);
        pthread_mutex_lock(&ahead->lock);
        if (asked == ahead->asked && !ahead->leave)
            ahead->answers[order[k]] = made;
        pthread_cond_broadcast(&ahead->told);
    }
    if (asked == ahead->asked)
        ahead->answered = asked;
}

static void *run(void *context)
{
    ParaAhead *ahead = context;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->leave) {
        if (ahead->answered < ahead->asked)
            work(ahead);
        else
            pthread_cond_wait(&ahead->told, &ahead->lock);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

ParaAhead *para_ahead_open(const ParaEndlessMaker *maker)
{
    ParaAhead *ahead = calloc(1, sizeof *ahead);
    if (ahead)
        ahead->scratch = para_arena_create(SCRATCH_BLOCK, SCRATCH_MAX);
    if (!ahead || !ahead->scratch) {
        free(ahead);
        return NULL;
    }
    ahead->maker = *maker;
    ahead->maker.stop = is_stopped;
    ahead->maker.stop_context = ahead;
    atomic_init(&ahead->stop, false);
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->told, NULL);
    if (pthread_create(&ahead->thread, NULL, run, ahead) == 0)
        return ahead;
    para_arena_destroy(ahead->scratch);
    free(ahead);
    return NULL;
}

void para_ahead_close(ParaAhead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->leave = true;
    atomic_store(&ahead->stop, true);
    pthread_cond_broadcast(&ahead->told);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    pthread_cond_destroy(&ahead->told);
    pthread_mutex_destroy(&ahead->lock);
    para_arena_destroy(ahead->scratch);
    free(ahead);
}

void para_ahead_ask(ParaAhead *ahead, const ParaEndless *e)
{
    PARA_ASSERT(e->end == PARA_ENDLESS_OPEN);
    pthread_mutex_lock(&ahead->lock);
    ahead->question = *e;
    ahead->asked++;
    atomic_store(&ahead->stop, true);
    for (int k = 0; k < PARA_ENDLESS_ENDS; k++)
        ahead->answers[k] = (Answer){.made = false};
    pthread_cond_broadcast(&ahead->told);
    pthread_mutex_unlock(&ahead->lock);
}

bool para_ahead_take(ParaAhead *ahead, const ParaEndless *e, bool wait, ParaEndlessLevel *out,
                     const char **out_error)
{
    PARA_ASSERT(e->end != PARA_ENDLESS_OPEN);
    *out_error = NULL;
    pthread_mutex_lock(&ahead->lock);
    while (wait && !ahead->answers[e->end].made)
        pthread_cond_wait(&ahead->told, &ahead->lock);
    Answer made = ahead->answers[e->end];
    pthread_mutex_unlock(&ahead->lock);
    if (made.good)
        *out = made.level;
    else if (made.made)
        *out_error = made.error;
    return made.good;
}
