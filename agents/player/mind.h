// SPDX-License-Identifier: MIT
#pragma once
// A trained player at play, one episode at a time: it looks, thinks, acts, and remembers where its network
// can, for each player of the level. For whoever plays one env; blocks of envs have the collector and trials.
#include "agents/env/env.h"
#include "agents/policy/policy.h"

typedef struct ParaMind ParaMind;
/// @param policy stays, and may go on learning   Cost: O(width) and one observation of memory
ParaMind *para_mind_create(const ParaPolicy *policy, ParaArena *arena);
bool para_mind_is_fine(const ParaMind *mind); ///< its actions are: an env that it plays in must be so, too
/// An episode begins: nothing is remembered.
void para_mind_begin(ParaMind *mind);
/// Draws what a player of the level does.
/// @param env whose `fine` is para_mind_is_fine   @param action out, [8]
/// @param logits out, [8, 3] what it drew from; NULL: nobody asks   @return its value [1] any finite
/// Threads: one a mind.  Cost: one observation and one row through the network; no heap.
float para_mind_act(ParaMind *mind, const ParaEnv *env, int player, ParaRng *rng, int8_t *action,
                    float *logits);

#define PARA_MIND_MEMORY 1024 ///< floats that any player remembers at most
/// The same where several envs share a mind, each with what is remembered in it.
/// @param memory in-out, [PARA_MIND_MEMORY] all 0 where an episode begins
float para_mind_act_in(ParaMind *mind, float *memory, const ParaEnv *env, int player, ParaRng *rng,
                       int8_t *action, float *logits);
