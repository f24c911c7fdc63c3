// SPDX-License-Identifier: MIT
// Makes candidates' attempts, each at most once, in the engine or in a model.
#include "apps/interrupt.h"
#include "apps/puzzle/eval.h"
#include "engine/base/assert.h"

#include <string.h>

#define AT_ONCE 256 // attempts between two looks at Ctrl-C and the progress

static ParaTried *tried_of(const ParaEval *eval, ParaWish wish, bool imagined)
{
    const ParaEvalTask *task = &eval->tasks[wish.task];
    return &(imagined ? task->imagined : task->true_ones)[wish.candidate];
}

/// Makes attempts and notes what came of them.
static bool make(ParaEval *eval, const ParaWish *wishes, ParaAttempts *attempts, bool imagined)
{
    const ParaAttemptDef def = {.solver = eval->def->solver, .model = imagined ? eval->model : NULL};
    const char *error = NULL;
    if (!para_attempts_make(attempts, 0, attempts->count, &def, eval->workers, eval->arena, &error)) {
        eval->error = error;
        return false;
    }
    for (int i = 0; i < attempts->count; i++) {
        const ParaAttempt *one = &attempts->items[i];
        if (one->outcome == PARA_ATTEMPT_WAITS)
            continue; // Ctrl-C
        PARA_ASSERT(one->outcome != PARA_ATTEMPT_INVALID);
        *tried_of(eval, wishes[i], imagined) =
            (ParaTried){one->outcome == PARA_ATTEMPT_SOLVED ? PARA_ATTEMPT_SOLVED : PARA_ATTEMPT_UNSOLVED,
                        one->close, one->doubt};
    }
    return para_interrupt_count() == 0;
}

bool para_eval_make(ParaEval *eval, const ParaWish *wishes, int count, bool imagined, int64_t *out_made)
{
    ParaArenaMark mark = para_arena_mark(eval->arena);
    ParaWish *missing = PARA_NEW(eval->arena, ParaWish, AT_ONCE);
    ParaAttempts attempts = {.task_count = eval->task_count,
                             .tasks = PARA_NEW(eval->arena, ParaPuzzleTask, eval->task_count),
                             .items = PARA_NEW(eval->arena, ParaAttempt, AT_ONCE)};
    bool good = true;
    for (int t = 0; t < eval->task_count; t++)
        attempts.tasks[t].path = eval->tasks[t].path;
    for (int i = 0; i < count && good; i++) {
        if (tried_of(eval, wishes[i], imagined)->outcome == PARA_ATTEMPT_WAITS) {
            ParaAttempt *one = &attempts.items[attempts.count];
            missing[attempts.count++] = wishes[i];
            *one = (ParaAttempt){.task = wishes[i].task};
            memcpy(one->action, eval->tasks[wishes[i].task].actions[wishes[i].candidate], sizeof one->action);
        }
        if (attempts.count < AT_ONCE && i + 1 < count)
            continue;
        good = attempts.count == 0 || make(eval, missing, &attempts, imagined);
        *out_made += attempts.count;
        attempts.count = 0;
    }
    const char *error = eval->error; // it lies behind the mark
    char kept[400] = "";
    if (error)
        strncat(kept, error, sizeof kept - 1);
    para_arena_rewind(eval->arena, mark);
    eval->error = error ? para_arena_printf(eval->arena, "%s", kept) : NULL;
    return good;
}
