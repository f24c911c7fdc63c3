// SPDX-License-Identifier: MIT
#pragma once
// A toybox: bodies that begin out of a level, for whoever plays to drop into it, a zone for wind and one full
// of water that lies below. Ordinary spare bodies and zones of the level, told by their names, so that a
// saved level stands alone and an author may pack one by hand.
#include "worlds/level/level.h"

#define PARA_TOYBOX_PREFIX "toy-" ///< of its names
#define PARA_TOYBOX_WATER_REACH                                                                              \
    1.5 ///< [1] of the level's height, from the middle of its water to the surface

typedef enum { PARA_TOY_CRATE, PARA_TOY_BALL, PARA_TOY_PLANK, PARA_TOY_SPIKE, PARA_TOYS } ParaToy;

/// "crate"; its bodies are called toy-crate-1, toy-crate-2, ...
const char *para_toy_word(ParaToy toy);
/// Which toy a body is, -1: none.
int para_toy_of(const ParaLevel *level, int body);
/// The zone of the toybox for wind, or for the flood. [1] 0..zone_count - 1; -1: the level has none
int para_toybox_wind(const ParaLevel *level);
int para_toybox_flood(const ParaLevel *level);
/// Has it any toy, or one of the zones?
bool para_toybox_is_in(const ParaLevel *level);
/// [m] Half of what a toy measures across: they are made to the player's measure.
float para_toy_half(const ParaLevel *level);
/// The level with a toybox: so many toys as the solver that takes the level as it is takes too, at most 17;
/// what is there keeps its index. One that has a toybox is copied as it is.
/// @param level of one player; left as it is   @param solver that its world will run on, AUTO too
/// @return NULL with the reason: several players, or no room.   Threads: any.  Cost: the level is written
/// and loaded: some milliseconds
ParaLevel *para_toybox_add(const ParaLevel *level, ParaSolverKind solver, ParaArena *arena,
                           const char **out_error);
