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
/// A level's text without the spare bodies that were made and are gone, and without what hangs from them.
/// @param name of the template, its first letters; NULL: the level's   @return NULL: no memory
const char *para_sandbox_text(const ParaLevel *level, const char *name, ParaArena *arena);
