// SPDX-License-Identifier: MIT
#pragma once
// What a dream says will happen, against what does: what breaks, is crushed, lets go, is collected, and which
// bodies meet. The dream goes its own way from one moment on, under the same actions and by the same rules;
// nobody tells it anything.
#include "agents/env/env.h"
#include "agents/model/model.h"

typedef enum {
    PARA_OMEN_BREAK,   ///< a body that a blow breaks, and no squeeze
    PARA_OMEN_CRUSH,   ///< one that a squeeze breaks
    PARA_OMEN_LET_GO,  ///< a joint
    PARA_OMEN_COLLECT, ///< a body that the player takes
    PARA_OMEN_MEET,    ///< two bodies that did not touch at first
    PARA_OMENS
} ParaOmen;
extern const char *const para_omen_names[PARA_OMENS];

typedef struct ParaOmenCount {
    int32_t truly, said, both;    ///< [1] >= 0 that happened; that the dream said; of these both
    int32_t twin_said, twin_both; ///< [1] >= 0 the same of the engine nudged
} ParaOmenCount;
/// Harmonic mean of how much of what was said happened, and how much of what happened was said.
/// @return [1] 0..1; -1: it never happened and was never said
float para_omen_f1(const ParaOmenCount *count);
float para_omen_twin_f1(const ParaOmenCount *count); ///< the same of the engine nudged

typedef struct ParaOmens ParaOmens;

#define PARA_OMEN_SECONDS 2.0f ///< of a level that are told beforehand
#define PARA_OMEN_GRACE   0.2f ///< [s] that a dream has longer than the engine

/// @return NULL: no memory
ParaOmens *para_omens_create(const ParaModel *model, ParaArena *arena);
void para_omens_destroy(ParaOmens *omens);
/// From here on. @param env on, at the begin of a decision
/// @param twin the engine nudged, stepped before each of the omens' steps; NULL: none; outlives the end
/// @return false: the dream cannot be
bool para_omens_begin(ParaOmens *omens, const ParaEnv *env, const ParaEnv *twin);
/// The env has begun a decision by these actions.
void para_omens_decide(ParaOmens *omens, const int8_t *actions);
/// The env has made a physics step.
void para_omens_step(ParaOmens *omens, const ParaEnv *env);
/// Counts what happened until now, once; what is on its way in the dream may come a little later.
/// @param counts inout, [PARA_OMENS]
void para_omens_end(ParaOmens *omens, const ParaEnv *env, ParaOmenCount *counts);
