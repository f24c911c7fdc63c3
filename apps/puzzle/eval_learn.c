// SPDX-License-Identifier: MIT
// Practice: half of it by chance, then first guesses are learned, the other half is what they would try, and
// they are learned anew of all of it.
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/puzzle/eval.h"
#include "engine/base/clock.h"

#include <stdlib.h>

#define SLICE 1024 // candidates between two looks at the progress

static bool practise(ParaEval *eval, const ParaWish *wishes, int count)
{
    ParaProgress progress = para_progress_begin("attempts of practice", eval->def->quiet);
    double begin = para_clock_cpu_seconds();
    int64_t made = 0;
    bool good = true;
    for (int k = 0; k < count && good; k += SLICE) {
        int here = count - k < SLICE ? count - k : SLICE;
        good = para_eval_make(eval, wishes + k, here, false, &made);
        para_progress_show(&progress, k + here, count);
    }
    para_progress_end(&progress);
    eval->practice_cpu += para_clock_cpu_seconds() - begin;
    return good;
}

/// The first `each` candidates of each task of practice, which come by chance.
static int wish_by_chance(const ParaEval *eval, int each, ParaWish *out)
{
    int count = 0;
    for (int t = 0; t < eval->task_count; t++)
        for (int c = 0; c < each && !eval->tasks[t].test; c++)
            out[count++] = (ParaWish){t, c};
    return count;
}

typedef struct Ranked {
    float odds;
    int index;
} Ranked;

static int by_odds(const void *a, const void *b)
{
    const Ranked *p = a, *q = b;
    return p->odds != q->odds ? (p->odds < q->odds) - (p->odds > q->odds) : p->index - q->index;
}

/// The likeliest of what is left of each task of practice.
static int wish_by_guess(ParaEval *eval, int first, int each, ParaWish *out)
{
    int candidates = eval->def->candidates, count = 0;
    float *odds = PARA_NEW(eval->arena, float, candidates);
    Ranked *ranked = PARA_NEW(eval->arena, Ranked, candidates);
    for (int t = 0; t < eval->task_count; t++) {
        if (eval->tasks[t].test)
            continue;
        para_eval_guess(eval, &eval->tasks[t], odds);
        for (int c = first; c < candidates; c++)
            ranked[c - first] = (Ranked){odds[c], c};
        qsort(ranked, (size_t)(candidates - first), sizeof *ranked, by_odds);
        for (int k = 0; k < each && k < candidates - first; k++)
            out[count++] = (ParaWish){t, ranked[k].index};
    }
    return count;
}

static bool told(void *context, int step, int steps)
{
    para_progress_show(context, step, steps);
    return para_interrupt_count() == 0;
}

/// Learns all first guesses anew. Their weights lie where they did.
static bool learn(ParaEval *eval, const ParaWish *wishes, int count)
{
    ParaPractice *practice = PARA_NEW(eval->arena, ParaPractice, count);
    double begin = para_clock_cpu_seconds();
    eval->practised = count;
    eval->practice_solved = 0;
    for (int i = 0; i < count; i++) {
        const ParaEvalTask *task = &eval->tasks[wishes[i].task];
        const double *action = task->actions[wishes[i].candidate];
        practice[i] =
            (ParaPractice){.scene = &task->scene,
                           .action = {action[0], action[1], action[2]},
                           .solved = task->true_ones[wishes[i].candidate].outcome == PARA_ATTEMPT_SOLVED};
        eval->practice_solved += practice[i].solved;
    }
    for (int n = 0; n < PARA_EVAL_NETS && para_interrupt_count() == 0; n++) {
        uint64_t seed = para_seed_mix(eval->def->seed, (uint64_t)n);
        ParaProgress progress = para_progress_begin("steps of learning", eval->def->quiet);
        eval->nets[n] = para_prior_create(seed, eval->arena);
        para_prior_learn(eval->nets[n], practice, count, eval->def->learn_steps, seed, told, &progress,
                         eval->arena);
        para_progress_end(&progress);
    }
    eval->learn_cpu += para_clock_cpu_seconds() - begin;
    return para_interrupt_count() == 0;
}

bool para_eval_learn(ParaEval *eval)
{
    int half = (eval->def->practice + 1) / 2, rest = eval->def->practice - half;
    ParaWish *wishes = PARA_NEW(eval->arena, ParaWish, eval->practice_count * eval->def->practice);
    int count = wish_by_chance(eval, half, wishes);
    if (!practise(eval, wishes, count) || !learn(eval, wishes, count))
        return false;
    int more = wish_by_guess(eval, half, rest, wishes + count);
    return more == 0 || (practise(eval, wishes + count, more) && learn(eval, wishes, count + more));
}

void para_eval_guess(ParaEval *eval, const ParaEvalTask *task, float *out)
{
    ParaArenaMark mark = para_arena_mark(eval->arena);
    int count = eval->def->candidates;
    float *one = PARA_NEW(eval->arena, float, count);
    for (int c = 0; c < count; c++)
        out[c] = 0.0f;
    for (int n = 0; n < PARA_EVAL_NETS; n++) {
        para_prior_scores(eval->nets[n], &task->scene, (const double(*)[3])task->actions, count, one);
        for (int c = 0; c < count; c++)
            out[c] += one[c] / PARA_EVAL_NETS;
    }
    para_arena_rewind(eval->arena, mark);
}
