// SPDX-License-Identifier: MIT
#pragma once
// A learned distribution over a family's parameters: each parameter's range is cut into bins, a small network
// says the chances of a parameter's bins from what was chosen of those before it, and the value is drawn
// evenly within its bin. So it begins even, may have several peaks, and knows that a wide gap goes with a
// strong leg. Trained by PPO, one step of the episode being one parameter (as the teachers of Dennis 2020,
// arXiv 2012.02096). Private to agents/maker.
#include "engine/base/bytes.h"
#include "worlds/template.h"

/// Of a real parameter, and most of a whole one, which has one for each value where those are fewer. Eight:
/// a level costs episodes of two players, and with more bins each would be tried too seldom to tell luck from
/// worth.
#define PARA_PROPOSER_BINS 8

/// What was chosen for one level.
typedef struct ParaProposal {
    uint8_t bins[PARA_PARAMS_MAX];  ///< [1] 0..PARA_PROPOSER_BINS - 1  [params]
    double values[PARA_PARAMS_MAX]; ///< [1] -1e6..1e6 in the parameters' units  [params]
} ParaProposal;

typedef struct ParaProposer ParaProposer;
/// @param t whose parameters they are; kept   @param seed [seed] of the weights
ParaProposer *para_proposer_create(const ParaTemplate *t, uint64_t seed, ParaArena *arena);

/// Threads: one at a time, as all functions here: they work in the proposer's own scratch.
void para_proposer_draw(ParaProposer *proposer, ParaRng *rng, ParaProposal *out);
/// The chances of a parameter's bins, given those of the parameters before it.
/// @param bins in, [params]   @param out out, [1] 0..1 [PARA_PROPOSER_BINS], 0 beyond its bins
void para_proposer_chances(ParaProposer *proposer, const uint8_t *bins, int param, float *out);
/// How many bins a parameter has. @return [1] 1..PARA_PROPOSER_BINS
int para_proposer_bins(const ParaProposer *proposer, int param);

#define PARA_PROPOSALS_MAX 64 ///< that it learns from at once

/// Moves the chances towards what had an advantage above 0. The chances of now must be those that drew them.
/// @param proposals in, [count] 1..PARA_PROPOSALS_MAX   @param advantage in, [1] any finite, of about unit
/// size [count]
/// Cost: PASSES * count * params * 6 * (2 params * 32 + 32 * 8) flops; no heap.
void para_proposer_learn(ParaProposer *proposer, const ParaProposal *proposals, const float *advantage,
                         int count);

void para_proposer_save(const ParaProposer *proposer, ParaBytes *out);
/// On one made alike.  @return false if the bytes make no sense: it is to be made anew then
bool para_proposer_load(ParaProposer *proposer, ParaBytesReader *in);

/// The loss of some proposals, and its gradient, for tests.
/// @param before in, [nat] <= 0 log probabilities of the choices when they were drawn [count, params]
/// @param gradient out, [floats]
double para_proposer_gradient(ParaProposer *proposer, const ParaProposal *proposals, const float *advantage,
                              const float *before, int count, float *gradient);
/// Its parameters. @param out_count out, floats
float *para_proposer_weights(ParaProposer *proposer, int *out_count);
