// SPDX-License-Identifier: MIT
#pragma once
// What `paracosm eval` has scored, and how it is told. Private to apps/eval.
#include "agents/lesson/evaluate.h"
#include "agents/think/measure.h"

struct cJSON;

/// The trained player thinking: what was asked for, and what came of it.
typedef struct ParaEvalThinking {
    ParaThinkDef think;    ///< in; futures 0: it was not asked for
    bool in_model;         ///< in; else in the engine
    bool quiet;            ///< in
    int family_count;      ///< [1] >= 1
    const char **names;    ///< [family_count]
    ParaThought *families; ///< [family_count + 1] each, then all together
} ParaEvalThinking;

/// Plays the levels of an evaluation. @return false with a clear error, "stopped" where it was
bool para_eval_think(const ParaEvalDef *def, ParaArena *arena, ParaEvalThinking *out, const char **out_error);
void para_eval_thinking_add(struct cJSON *to, const ParaEvalThinking *thinking);
void para_eval_thinking_print(const ParaEvalThinking *thinking);

/// What was scored: on one solver, or the same levels on two.
typedef struct ParaEvalScores {
    ParaEvalResult main, chipmunk;
    bool both;             ///< chipmunk holds too
    ParaSolverKind solver; ///< of main
    ParaTemplatesFrom templates;
    const char *tier;                 ///< NULL: the whole families
    double surprises;                 ///< [1/(10 s)] as in ParaEvalDef
    double reward_above;              ///< [1] as in ParaEvalDef
    ParaObsHearing hearing;           ///< what the players heard of each other
    bool forget;                      ///< what the trained player's map would show was 0
    const ParaEvalThinking *thinking; ///< NULL: it did not think
} ParaEvalScores;

/// As JSON, for people or on one line. The caller frees it by cJSON_free; NULL without memory.
char *para_eval_scores_json(const ParaEvalScores *scores, bool formatted);
/// As a table on standard output; of two solvers one table per player, with the gap.
void para_eval_scores_print(const ParaEvalScores *scores);
/// What a family's players said, into its object; nothing where they have no voices.
void para_eval_talk_add(struct cJSON *family, const ParaEvalFamily *of);
/// That they were not heard as usual.
void para_eval_hearing_add(struct cJSON *object, ParaObsHearing hearing);
void para_eval_talk_print(const ParaEvalResult *result, ParaObsHearing hearing);
