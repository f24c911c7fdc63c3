// SPDX-License-Identifier: MIT
#pragma once
// A training on one or two tiny families in a folder of its own, which notes what it told after each lesson:
// the fixture of what a training leaves behind and of the episodes it keeps.
#include "agents/lesson/training.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"

enum { TINY_LESSONS_MAX = 600, TINY_FAMILIES_MAX = 2 };

/// What a training told after each lesson.
typedef struct TinyTold {
    ParaStatistics now[TINY_LESSONS_MAX];
    float solve[TINY_LESSONS_MAX][TINY_FAMILIES_MAX];
    int episodes[TINY_LESSONS_MAX][TINY_FAMILIES_MAX];
    bool saved[TINY_LESSONS_MAX];
    char preview[TINY_LESSONS_MAX][PARA_NAME_MAX];
    int lessons, stop_after; ///< lessons heard of; 0: goes on to its own end
    const char *break_at_3;  ///< a folder that vanishes in lesson 3, NULL: none does
} TinyTold;

typedef struct TinyRun {
    ParaArena *arena;
    Scratch scratch;
    const char *families[TINY_FAMILIES_MAX];
    TinyTold told;
} TinyRun;

/// For cmocka: *state is a TinyRun.
int tiny_run_set_up(void **state);
int tiny_run_tear_down(void **state);

/// 16 worlds, 32 decisions in every lesson, width 32, two threads.
/// @param name of the run's folder   @param family_count [1] 1..2: push, then rise
ParaTrainDef tiny_run_def(TinyRun *f, const char *name, const char *maker, int family_count, int lessons);
/// A ParaTrainWatch; context is a TinyTold.
bool tiny_run_listen(void *context, const ParaTrainStatus *status);
/// Trains, from an empty `told` on; fails the test if it cannot.
void tiny_run_train(TinyRun *f, const ParaTrainDef *def);

/// Fails the test unless the training cannot be, and is told so in these words.
void tiny_run_refused(TinyRun *f, const ParaTrainDef *def, const char *words);

typedef struct TinyOpened {
    ParaTraining training;
    ParaTrainDef def;
} TinyOpened;
/// A training that is opened and does nothing yet; to be closed.
TinyOpened *tiny_run_open(TinyRun *f, const ParaTrainDef *def);
/// Each proof of the database is a file that proves its level, and its level is described as it is.
/// @return proofs
int tiny_run_check_proofs(TinyRun *f, const char *folder, const char *maker);
