// SPDX-License-Identifier: MIT
#pragma once
// Levels that solve themselves: before a method keeps a level it is played without any action. Private to
// agents/maker.
#include "agents/maker/maker_method.h"

/// Plays each level without any action, to its end, and sets what that says of it (ParaKept.idle). A level
/// that cannot be made or does not fit the solver is refused too.
/// @param levels in-out, [count]: those that are known already are passed over
/// @param through a stop is not asked for: for a few, whose caller cannot go back   @return world steps; -1:
/// it was stopped, and no level is known that was not before   Threads: those of the def's room; the same for
/// any number.  Cost: an episode each
int64_t para_maker_try_idle(const ParaMakerDef *def, ParaKept *const *levels, int count, bool through,
                            ParaArena *arena);
