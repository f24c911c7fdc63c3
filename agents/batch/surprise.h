// SPDX-License-Identifier: MIT
#pragma once
// Surprises: what happens to a level while an agent plays it, drawn by chance (worlds/meddle) at drawn times,
// as a person may make it happen by hand. Each episode has a stream of its own, so that the same seed brings
// the same surprises on any number of threads, and a record that has them verifies.
#include "agents/env/env.h"

#define PARA_SURPRISES_SPAN 10.0 ///< [s] of level time that rates count in
#define PARA_SURPRISES_MOST 50.0 ///< [1/(10 s)] no rate is higher

/// The stream of an episode. @param seed [seed] of the episode
ParaRng para_surprise_stream(uint64_t seed);
/// Lets something happen before the next decision of an env whose episode is on, or nothing: call it before
/// each. At most one thing happens before a decision.
/// @param rate [1/(10 s)] 0..PARA_SURPRISES_MOST of what happens in ten seconds, on average   @param rng
/// in-out
/// @return whether something happened.  Threads: as for stepping.  Cost: some microseconds; no heap, but what
/// a record grows by in the env's arena
bool para_surprise_meet(ParaEnv *env, double rate, ParaRng *rng);
