// SPDX-License-Identifier: MIT
#pragma once
// A level of two players made in C: two balls that walk on one floor, player
// 0 from the left to the right end, player 1 the other way to a nearer place, so that they meet and one ends
// before the other. For the tests of the rules, the env, replays and the learner.
#include "worlds/level/level.h"

enum { TWO_FLOOR, TWO_FIRST, TWO_SECOND, TWO_HAZARD, TWO_BODIES };

#define TWO_FIRST_GOAL  16.0f ///< [m] player 0 is to be right of it; it starts at 4
#define TWO_SECOND_GOAL 12.0f ///< [m] player 1 is to be left of it; it starts at 14
#define TWO_HAZARD_AT   2.0f  ///< [m] a post that fails player 1 when touched, and is nothing to player 0

/// @param arena holds the level   @return a level whose hash stands
ParaLevel *two_players_level(ParaArena *arena);
