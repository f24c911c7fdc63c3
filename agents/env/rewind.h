// SPDX-License-Identifier: MIT
#pragma once
// Going back in an episode: the states of an env at its last decisions, as many as fit into a block of
// memory. What was recorded after the place it goes back to is forgotten, so that the record stays one that
// plays again. Of one env at a time; one thread.
#include "agents/env/env.h"

typedef struct ParaRewind ParaRewind;

/// @param bytes [byte] >= 1 of memory for states   @return NULL if there is no memory
ParaRewind *para_rewind_create(size_t bytes);
void para_rewind_destroy(ParaRewind *rewind); ///< NULL is fine
/// Forgets all states: before another episode.
void para_rewind_clear(ParaRewind *rewind);
/// Keeps the state of an env between two decisions; the oldest go where there is no room. One that is larger
/// than the whole block is not kept.   Cost: a snapshot of the world; no heap
void para_rewind_keep(ParaRewind *rewind, const ParaEnv *env);
/// [decision] The oldest state it can go back to; -1: none.
int para_rewind_oldest(const ParaRewind *rewind);
/// Puts the env where it stood at the last kept state of at most that many decisions, and forgets what comes
/// after: states, and what its recorder has of them. That state itself stays.
/// @param env the one whose states were kept, in the same episode; it may be in the middle of a decision, or
/// over
/// @return [decision] where it stands now; -1: there is no such state, nothing has changed
int para_rewind_to(ParaRewind *rewind, ParaEnv *env, int decision);
