// SPDX-License-Identifier: MIT
#pragma once
// A level left alone, for those subcommands that choose levels: one that solves itself teaches nobody.
#include "engine/world/world.h"
#include "worlds/level/level.h"

/// Whether a level is solved where nobody acts. It is played to its end, or until the program is interrupted.
/// @param group whose first world is taken
/// @param stop asked before each decision: true gives up; NULL: nobody asks   @param stop_context for it
/// @return false also where it was given up, and without memory for the episode
bool para_app_solves_itself(ParaWorldGroup *group, const ParaLevel *level, bool (*stop)(void *context),
                            void *stop_context);
