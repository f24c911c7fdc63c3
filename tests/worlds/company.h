// SPDX-License-Identifier: MIT
#pragma once
// A template of several players for tests, who say everything that players can say.
#include "worlds/level/level.h"

/// Three players who fly without gravity: "left" and "right" of the team "red", each with a goal of its own,
/// and "third", which says "player" in a goal that it shares with nobody, a fail and rewards of the level.
const char *company_text(void);
/// Its member.  Asserts that there is one.
ParaLevel *company_level(ParaArena *arena);
