// SPDX-License-Identifier: MIT
#pragma once
// Curiosity: what a player is paid, while it learns, for what is new to it, beside what its levels pay. By
// disagreement: how far the networks of its model are apart about what a decision brings <Pathak 2019, arXiv
// 1906.04161>; by places: cells of a level's picture where it has seldom been <Bellemare 2016, arXiv
// 1606.01868>. Reports, solve rates and the account of an episode know nothing of it.
#include "engine/base/arena.h"
#include "engine/base/bytes.h"

#include <stdint.h>

typedef enum { PARA_CURIOSITY_NONE, PARA_CURIOSITY_DISAGREEMENT, PARA_CURIOSITY_PLACES } ParaCuriosityKind;
#define PARA_CURIOSITIES (PARA_CURIOSITY_PLACES + 1)
const char *para_curiosity_name(ParaCuriosityKind kind); ///< "none", "disagreement", "places"
/// @return false: there is no such name
bool para_curiosity_find(const char *name, ParaCuriosityKind *out);

typedef struct ParaCuriosity ParaCuriosity;

ParaCuriosity *para_curiosity_create(ParaCuriosityKind kind, ParaArena *arena);
ParaCuriosityKind para_curiosity_kind(const ParaCuriosity *curiosity);

#define PARA_CURIOSITY_UNKNOWN (-1.0f)

/// Adds to the rewards of a rollout what its novelty pays. First the running scale takes the rollout in: mean
/// and mean square, of which the newest rollout has a share of 1 / (rollouts so far), at least 1/32. Then a
/// decision earns weight * (novelty - mean) / (standard deviation), by places weight * novelty / (root mean
/// square); never more than five weights either way. Disagreement is paid from its mean on, since a pay that
/// is never below 0 would teach a player not to end its episodes.
/// @param novelty in, [count] >= 0; PARA_CURIOSITY_UNKNOWN: nothing is known, nothing paid
/// @param live in, [count] 0: no decision; NULL: all are   @param reward inout, [count]
/// Cost: O(count), in a fixed order; no heap.
void para_curiosity_pay(ParaCuriosity *curiosity, const float *novelty, const uint8_t *live, int count,
                        float weight, float *reward);

/// What coming to a cell of a level is worth [1] 0..1: 1 / sqrt(1 + episodes that came there before).
/// @param cell [1] 0..255   Threads: any, between visits
float para_curiosity_place(const ParaCuriosity *curiosity, uint64_t level_hash, int cell);
/// An episode came there. About a thousand levels are remembered, each until another takes its place.
void para_curiosity_visit(ParaCuriosity *curiosity, uint64_t level_hash, int cell);

/// What it knows, for a checkpoint.
void para_curiosity_save(const ParaCuriosity *curiosity, ParaBytes *out);
/// @return false if the bytes make no sense: then it is as it was made
bool para_curiosity_load(ParaCuriosity *curiosity, ParaBytesReader *in);
