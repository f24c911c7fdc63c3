// SPDX-License-Identifier: MIT
#pragma once
// The next level, made while the present one is played: a thread of its own proposes what follows where it is
// solved and where it is not, so that nobody waits and no frame is late. Private to apps/endless.
#include "apps/endless/endless.h"

typedef struct ParaAhead ParaAhead;

/// @param maker its stop is not looked at: para_ahead_close stops the work
/// @return NULL: no memory, or no thread
ParaAhead *para_ahead_open(const ParaEndlessMaker *maker);
/// Stops what is under way; some milliseconds. NULL is fine.
void para_ahead_close(ParaAhead *ahead);
/// Begins to make what follows the level in play, for every way it may end. What was asked before is given
/// up.
/// @param e its level has not ended
void para_ahead_ask(ParaAhead *ahead, const ParaEndless *e);
/// What follows, once the level has ended.
/// @param e as it was asked about, and ended   @param wait until it is made
/// @return false: it is not made yet; or with *out_error that none can be, NULL else
bool para_ahead_take(ParaAhead *ahead, const ParaEndless *e, bool wait, ParaEndlessLevel *out,
                     const char **out_error);
