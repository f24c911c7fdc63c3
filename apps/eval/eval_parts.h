// SPDX-License-Identifier: MIT
#pragma once
// What `paracosm eval` has scored, and how it is told. Private to apps/eval.
#include "agents/lesson/evaluate.h"

/// What was scored: on one solver, or the same levels on two.
typedef struct ParaEvalScores {
    ParaEvalResult main, chipmunk;
    bool both;             ///< chipmunk holds too
    ParaSolverKind solver; ///< of main
    ParaTemplatesFrom templates;
    const char *tier;    ///< NULL: the whole families
    double surprises;    ///< [1/(10 s)] as in ParaEvalDef
    double reward_above; ///< [1] as in ParaEvalDef
} ParaEvalScores;

/// As JSON, for people or on one line. The caller frees it by cJSON_free; NULL without memory.
char *para_eval_scores_json(const ParaEvalScores *scores, bool formatted);
/// As a table on standard output; of two solvers one table per player, with the gap.
void para_eval_scores_print(const ParaEvalScores *scores);
