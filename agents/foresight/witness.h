// SPDX-License-Identifier: MIT
#pragma once
// Who looks on while envs are played, for a model: what they live through comes into a store, and what the
// model believes beforehand of a decision's first moments is held against what came. It changes nothing that
// it sees, and draws from streams of its own.
#include "agents/model/model.h"

typedef struct ParaWitnessDef {
    const ParaModel *model; ///< outlives the witness; who teaches it does so between rollouts
    ParaStore *store;       ///< where episodes go; NULL: nowhere
    int envs;               ///< [1] >= 1
    int workers;            ///< [1] >= 1 that call it at once
    int every;              ///< [decision] >= 1 of so many of an env one is foreseen; 1: all
    uint64_t seed;          ///< [seed] of what is kept
} ParaWitnessDef;

typedef struct ParaWitness ParaWitness;

/// @return NULL: no memory
ParaWitness *para_witness_create(const ParaWitnessDef *def, ParaArena *arena);
void para_witness_destroy(ParaWitness *witness); ///< NULL is fine
/// Has an env show it what happens from now on. One that is in the midst of an episode is seen from there.
void para_witness_attend(ParaWitness *witness, int b, ParaEnv *env);
/// After a decision of the envs [first, first + count): what the model believes of the moments seen at its
/// begin. Envs that have begun another episode since are judged by the one that ended.
/// @param worker [1] 0..workers - 1 whose scratch is used   Threads: different envs and workers at once
/// Cost: about 10 us for each moment foreseen and network, of a world of 13 bodies; no heap
void para_witness_judge(ParaWitness *witness, int first, int count, int worker);
/// Of the decision judged last: how far the networks are apart [m/s] >= 0 in the mean of its loose bodies.
/// @return false: it was not foreseen, or is more than there is room for
bool para_witness_doubt(const ParaWitness *witness, int b, float *out);
/// Of the episode under way of env b, or, straight after the decision that ended it, of that.
ParaForeseen para_witness_foreseen(const ParaWitness *witness, int b);
/// Between rollouts: puts the episodes that ended into the store, in the order of envs.
void para_witness_gather(ParaWitness *witness);
/// Mean error and doubt of all decisions foreseen since it was last asked.
ParaForeseen para_witness_ask(ParaWitness *witness);
/// [byte] of one lived-through episode in a store at the most, beside its level.
#define PARA_WITNESS_EPISODE ((size_t)192 << 10)
