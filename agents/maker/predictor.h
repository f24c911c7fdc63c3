// SPDX-License-Identifier: MIT
#pragma once
// What the maker believes of the player: a few small networks that say from a level's traits how an episode
// on it will end. They learn from what episodes were; where they differ nobody knows yet. Private to
// agents/maker.
#include "engine/base/arena.h"
#include "engine/base/bytes.h"
#include "engine/base/rng.h"

#include <stdbool.h>
#include <stdint.h>

#define PARA_PREDICTOR_NETS 3 ///< of the ensemble
#define PARA_PREDICTOR_ENDS 3 ///< solved, failed, neither in time

/// An episode on a level, as the networks are to say it.
typedef struct ParaOutcome {
    uint8_t end;    ///< [1] 0 solved, 1 failed, 2 anything else
    float progress; ///< [1] 0..1 of its goal at the end
    float time;     ///< [1] 0..1 of the level's time that it took
} ParaOutcome;

/// What the ensemble says of a level.
typedef struct ParaForecast {
    float solved;   ///< [1] 0..1 chance, the mean of the networks
    float spread;   ///< [1] 0..0.5 standard deviation of their chances
    float failed;   ///< [1] 0..1 chance that it is lost
    float progress; ///< [1] 0..1 expected
    float time;     ///< [1] 0..1 expected share of the level's time
} ParaForecast;

typedef struct ParaPredictor ParaPredictor;
/// @param inputs [1] >= 1 floats that describe a level   @param seed [seed] of weights and draws
ParaPredictor *para_predictor_create(int inputs, uint64_t seed, ParaArena *arena);

/// Remembers an episode; the oldest is forgotten where there is no room (PARA_PREDICTOR_MEMORY).
/// @param traits in, [inputs]
void para_predictor_note(ParaPredictor *predictor, const float *traits, const ParaOutcome *outcome);
#define PARA_PREDICTOR_MEMORY 4096 ///< [1] episodes

/// The share that was solved of what is remembered of levels with a trait, 0 where nothing is.
/// @param trait [1] 0..inputs - 1, one that is 0 where a level has it not   Threads: any, while nothing is
/// noted
double para_predictor_solved_share(const ParaPredictor *predictor, int trait); ///< [1] 0..1

/// Gradient steps on what is remembered, newer episodes more often: the player changes. Each network draws
/// its own.
/// @param steps [1] >= 0   @return the mean loss of the last step; 0: nothing was remembered or asked for
/// Cost: a step is 3 networks * 128 rows * 6 * (inputs * 64 + 64 * 64) flops; no heap.
double para_predictor_learn(ParaPredictor *predictor, int steps);

/// @param traits in, [n, inputs]   @param out out, [n]
/// Threads: one at a time, as it works in the predictor's own scratch.
void para_predictor_forecast(ParaPredictor *predictor, const float *traits, int n, ParaForecast *out);

void para_predictor_save(const ParaPredictor *predictor, ParaBytes *out);
/// On one made alike.  @return false if the bytes make no sense: it is to be made anew then
bool para_predictor_load(ParaPredictor *predictor, ParaBytesReader *in);

/// Of one network, for tests: mean loss of `n` remembered episodes, and its gradient.
/// @param order in, [n] indices of episodes, 0 being the oldest place   @param gradient out, [floats]
double para_predictor_gradient(ParaPredictor *predictor, int net, const int *order, int n, float *gradient);
/// The parameters of one network. @param out_count out, floats
float *para_predictor_weights(ParaPredictor *predictor, int net, int *out_count);
