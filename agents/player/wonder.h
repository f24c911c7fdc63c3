// SPDX-License-Identifier: MIT
#pragma once
// How novel each decision of a rollout was, noted while it is played and paid once it is over. Private to
// agents/player.
#include "agents/batch/batch.h"
#include "agents/foresight/witness.h"
#include "agents/learn/ppo.h"
#include "agents/player/curiosity.h"

typedef struct ParaWonder ParaWonder;

/// @param witness who knows of disagreement; may be NULL by places   @param rows [1] >= 1 most of a rollout
ParaWonder *para_wonder_create(ParaCuriosity *curiosity, const ParaWitness *witness, const ParaBatch *batch,
                               int rows, ParaArena *arena);
/// Before a rollout: where everybody is now counts as known.
void para_wonder_begin(ParaWonder *wonder);
/// After a decision of env b: how novel it was to player p. One that ended the env's episode is not known.
/// @param row [1] >= 0 of the rollout   Threads: different envs at once
void para_wonder_note(ParaWonder *wonder, int row, int b, int p);
/// After a rollout of `count` rows: adds what they earned to its rewards, and remembers the places.
void para_wonder_pay(ParaWonder *wonder, ParaRollout *rollout, int count, float weight);
