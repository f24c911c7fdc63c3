// SPDX-License-Identifier: MIT
#pragma once
// A level as a sandbox: it has its things, its player and its toybox, and nothing ends it but an hour.
#include "worlds/level/level.h"

#define PARA_SANDBOX_SECONDS 3600.0f ///< [s] the longest that a level lasts

/// The level without goal, fail, rewards and checkpoints, for an hour, with a toybox where there is room.
/// @param level of one player; left as it is   @param solver that its world will run on, AUTO too
/// @return NULL with the reason.   Threads: any.  Cost: the level is written and loaded: some milliseconds
ParaLevel *para_sandbox_level(const ParaLevel *level, ParaSolverKind solver, ParaArena *arena,
                              const char **out_error);
/// A scene's text, a level of its own: without what was made or is a toy and is gone, and what hangs from it;
/// it ends as the level did before it was a sandbox. Where no such level can be, since a goal or an event is
/// about what is gone, it ends as a sandbox, or has no events.
/// @param level the scene, as para_meddle_level_now gives it   @param from before it was a sandbox; NULL:
/// unknown
/// @return NULL with the reason   Threads: any.  Cost: the level is written and loaded, up to four times
const char *para_sandbox_text(const ParaLevel *level, const ParaLevel *from, ParaArena *arena,
                              const char **out_error);
