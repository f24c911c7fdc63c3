// SPDX-License-Identifier: MIT
#pragma once
// Attempts at puzzles: a task's template, an action, and what came of it, beside what a file says of it.
// Private to apps/puzzle.
#include "agents/model/model.h"
#include "apps/files.h"
#include "engine/base/threads.h"
#include "worlds/import/phyre.h"

#define PARA_ATTEMPTS_BATCH     64 ///< worlds that step together at most; as many as lanes takes at once
#define PARA_SOLUTIONS_SIZE_MAX ((size_t)1 << 26) ///< [byte] of a file of labelled actions

/// What a file of labels says of an action.
typedef enum { PARA_LABEL_SOLVING, PARA_LABEL_NOT_SOLVING, PARA_LABEL_NEAR, PARA_LABEL_COUNT } ParaLabel;
/// What came of it here.
typedef enum {
    PARA_ATTEMPT_WAITS, ///< it has not been made
    PARA_ATTEMPT_SOLVED,
    PARA_ATTEMPT_UNSOLVED,
    PARA_ATTEMPT_INVALID, ///< the ball may not be put there; nothing was simulated
    PARA_ATTEMPT_DIVERGED ///< the physics ran away
} ParaOutcome;

typedef struct ParaAttempt {
    int task; ///< [1] 0..task_count - 1
    ParaLabel label;
    double action[3]; ///< [1] 0..1 x, y, r
    int recorded;     ///< [step] 1..1000 after which it was solved there; 0: not told
    ParaOutcome outcome;
    int step;    ///< [step] >= 0 after which it ended here
    float close; ///< [1] 0..1 how near it came: half for the way between the two bodies that was closed at
                 ///< most, half for the longest time that they touched; 1 where solved
    float doubt; ///< [1] 0..1e6 how far the model's networks were apart about the two at the end, in sizes of
                 ///< the smaller; 0 where none imagined it
    char why[80]; ///< it is invalid
} ParaAttempt;

/// A task of which there are labels and a template.
typedef struct ParaPuzzleTask {
    char id[PARA_PHYRE_ID_MAX];
    const char *path; ///< of its template
    int family;       ///< [1] 0..family_count - 1 index: tasks whose ids begin alike, up to the colon
} ParaPuzzleTask;

typedef struct ParaAttempts {
    int task_count, family_count, count;
    ParaPuzzleTask *tasks;               ///< [task_count]
    char (*families)[PARA_PHYRE_ID_MAX]; ///< [family_count]
    ParaAttempt *items;                  ///< [count] those of a task stand together
    int without_template;                ///< tasks of the labels that no template is of
} ParaAttempts;

/// How they are made.
typedef struct ParaAttemptDef {
    ParaSolverKind solver;
    const ParaModel *model;   ///< they are imagined, by this; NULL: `solver` makes them
    int substeps, iterations; ///< [1] 0: as the templates say
} ParaAttemptDef;

/// Reads labelled actions, those of tasks that have a template.
/// @param text [size] and a NUL behind it: anything at all   @param templates files, by name: phyre-TASK.json
/// @param list gets why it is refused   @return false if it is
bool para_attempts_read(const char *text, size_t size, const ParaAppFiles *templates, ParaAttempts *out,
                        ParaArena *arena, ParaDiagList *list);

/// The level of an action. @param t a template of para_phyre_write   @return NULL with the reason in list
ParaLevel *para_attempt_level(const ParaTemplate *t, const double action[3], ParaArena *arena,
                              ParaDiagList *list);

/// Makes attempts [first, first + count), on all threads of `workers`; those that wait when Ctrl-C was
/// pressed stay as they are.
/// @return false with the reason in out_error, in the arena: a template cannot be read, or fits no such
/// solver
bool para_attempts_make(ParaAttempts *attempts, int first, int count, const ParaAttemptDef *def,
                        ParaWorkers *workers, ParaArena *arena, const char **out_error);
