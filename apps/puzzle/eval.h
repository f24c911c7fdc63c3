// SPDX-License-Identifier: MIT
#pragma once
// Players of puzzles of one action, asked in tries. Private to apps/puzzle.
#include "agents/puzzle/prior.h"
#include "agents/puzzle/puzzler.h"
#include "agents/puzzle/score.h"
#include "agents/puzzle/split.h"
#include "apps/puzzle/attempts.h"

#define PARA_EVAL_PLAYERS_MAX 16
#define PARA_EVAL_NETS        3 ///< first guesses, whose mean counts

/// What came of one candidate.
typedef struct ParaTried {
    uint8_t outcome; ///< [ParaOutcome] WAITS, SOLVED, UNSOLVED
    float close;     ///< [1] 0..1 as in ParaAttempt
    float doubt;     ///< [1] 0..1e6 likewise
} ParaTried;

/// A task, and the actions among which players choose.
typedef struct ParaEvalTask {
    const char *name; ///< of its template's file, without .json
    const char *path;
    uint64_t hash; ///< [hash] of its template's text
    int32_t kind;  ///< [1] 0..kind_count - 1 what its name says up to the last -
    bool test;     ///< players are asked it; else they may practise it
    ParaPuzzleScene scene;
    double (*actions)[3]; ///< [1] 0..1 valid ones  [candidates]
    ParaTried *true_ones; ///< in the engine  [candidates]
    ParaTried *imagined;  ///< in the model  [candidates]
} ParaEvalTask;

/// Who plays.
typedef struct ParaEvalPlayer {
    const char *name;
    bool guesses, imagines, updates;
    bool sees;    ///< what it imagines is the engine
    bool certain; ///< it takes what it imagined for what will be
} ParaEvalPlayer;
extern const ParaEvalPlayer para_eval_players[];
extern const int para_eval_player_count;

typedef struct ParaEvalDef {
    const char *folder, *practice_folder, *folds, *keep; ///< NULL: none
    const char *model, *save_model; ///< to be read, and where a taught one goes; NULL: none
    ParaPuzzleSplit split;
    uint64_t seed;
    ParaSolverKind solver;
    int candidates, tries, practice, wonder; ///< [1] >= 1; of a task
    int test_max;                            ///< [task] >= 0 tests at most; 0: all
    int learn_steps;                         ///< [1] >= 1 of each first guess
    int teach_steps, episodes;               ///< [1] >= 1 of the model
    const ParaEvalPlayer *players[PARA_EVAL_PLAYERS_MAX];
    int player_count, threads;
    bool quiet;
} ParaEvalDef;

/// What a player came to.
typedef struct ParaEvalResult {
    bool done;
    int32_t *solved_at;         ///< [try] >= 0, 0: not  [test_count]
    double auccess, first, ten; ///< [1] 0..1
    ParaPuzzleInterval auccess_in, ten_in;
    int64_t made, imagined; ///< [1] >= 0 attempts that had to be simulated for it, and were imagined
    double cpu;             ///< [s] >= 0
} ParaEvalResult;

typedef struct ParaEval {
    const ParaEvalDef *def;
    ParaArena *arena;
    ParaWorkers *workers;
    ParaEvalTask *tasks; ///< [task_count]
    int task_count, kind_count, test_count, practice_count;
    const char **kinds;                 ///< [kind_count]
    int *tests;                         ///< [test_count] of tasks
    ParaPrior *nets[PARA_EVAL_NETS];    ///< NULL: nothing was learned
    const ParaModel *model;             ///< NULL: none
    double belief[PARA_PUZZLER_BELIEF]; ///< as in ParaPuzzlerDef
    int believed[2][2];                 ///< [action] >= 0 from which it was learned: solves, was imagined to
    int practised, practice_solved;     ///< [1] >= 0 actions
    int64_t lived;                      ///< [1] >= 0 moments that the model was taught
    double practice_cpu, learn_cpu, teach_cpu; ///< [s] >= 0
    ParaEvalResult results[PARA_EVAL_PLAYERS_MAX];
    const char *error; ///< in the arena; NULL: none
} ParaEval;

/// One candidate of a task.
typedef struct ParaWish {
    int task, candidate;
} ParaWish;

// --- eval_tasks.c
/// Reads all templates, draws their candidates, and splits them. @return false with error
bool para_eval_open(ParaEval *eval);

// --- eval_make.c
/// Makes what was not made yet of some candidates, in the engine or imagined.
/// @param out_made inout, added to: how many had to be
/// @return false: error, or Ctrl-C
bool para_eval_make(ParaEval *eval, const ParaWish *wishes, int count, bool imagined, int64_t *out_made);

// --- eval_keep.c: what came of tries, in a file
bool para_eval_read(ParaEval *eval);
bool para_eval_write(ParaEval *eval);

// --- eval_learn.c
/// Practice, and first guesses from it. @return false: error, or Ctrl-C
bool para_eval_learn(ParaEval *eval);
/// Log-odds that the first guess gives a task's candidates. @param out out, [candidates]
void para_eval_guess(ParaEval *eval, const ParaEvalTask *task, float *out);

// --- eval_model.c
/// Reads the model or teaches one, and learns how far to believe it. @return false: error, or Ctrl-C
bool para_eval_teach(ParaEval *eval);

// --- eval_play.c
/// One player at all tests. @return false: error, or Ctrl-C
bool para_eval_play(ParaEval *eval, int player);

// --- eval_tell.c
void para_eval_print(const ParaEval *eval);
bool para_eval_print_json(const ParaEval *eval);
