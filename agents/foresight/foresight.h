// SPDX-License-Identifier: MIT
#pragma once
// How well a model foresees levels it was not taught on, beside two that know no model: the engine itself,
// begun with everything shifted by half a percent of its size (what chaos alone costs), and flight without
// touching anything.
#include "agents/batch/families.h"
#include "agents/foresight/omens.h"

#define PARA_FORESIGHT_TIMES 4 ///< 0.5, 1, 2 and 4 s
extern const float para_foresight_seconds[PARA_FORESIGHT_TIMES];

typedef enum { PARA_FORESEER_MODEL, PARA_FORESEER_NUDGED, PARA_FORESEER_FLIGHT, PARA_FORESEERS } ParaForeseer;

/// Errors of places in body diameters, of bodies that truly went half a diameter or more.
typedef struct ParaForesightErrors {
    float median, mean, p90; ///< [diameters] 0..1e6; p90: nine of ten are below
} ParaForesightErrors;

typedef struct ParaForesight {
    int32_t bodies[PARA_FORESIGHT_TIMES]; ///< [1] >= 0 that count; 0: there were none, and the rest is 0
    ParaForesightErrors errors[PARA_FORESIGHT_TIMES][PARA_FORESEERS];
    float doubt[PARA_FORESIGHT_TIMES]; ///< [1] -1..1 rank correlation of the model's doubt with its error
    ParaOmenCount omens[PARA_OMENS];   ///< until 2 s, or the level's end
    int32_t left_out;                  ///< [1] >= 0 levels with more near shapes than a model has room for
} ParaForesight;

typedef struct ParaForesightDef {
    const ParaFamilies *families;
    int levels;    ///< [1] >= 1 of each family, drawn from the held-out seeds
    uint64_t seed; ///< of the levels and the actions
    ParaSolverKind solver;
    float hold;     ///< [s] >= 0 that random keys are held in the mean; 0: for four decisions
    ParaActs *acts; ///< NULL: random keys
    void *context;
} ParaForesightDef;

/// Told of each level; false ends it.
typedef bool ParaForesaw(void *context, int64_t done, int64_t total);
/// Each level begins, goes on for up to two seconds, and is then foreseen for four: the model is given the
/// place and speed of every body, once, then the inputs that drive the engine's, what its moving ground does,
/// and what the rules take out or put in; nothing else.
/// @param out out, [families.count + 1]: each family, then all bodies of all
/// @return false: told to end, or no memory.  Cost: about 30 ms a level
bool para_foresee(const ParaModel *model, const ParaForesightDef *def, ParaForesight *out, ParaForesaw *told,
                  void *context, ParaArena *arena);

/// Who presses keys by chance, and holds them for a while.
typedef struct ParaRandomKeys {
    ParaRng rng;
    float hold;                                       ///< [s] >= 0 in the mean; 0: for four decisions
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS]; ///< [1] -1..1 held now
} ParaRandomKeys;
/// A ParaActs. @param context a ParaRandomKeys
void para_acts_random(void *context, const ParaEnv *env, int8_t *actions);
