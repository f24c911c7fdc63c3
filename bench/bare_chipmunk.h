// SPDX-License-Identifier: MIT
#pragma once
// The other side of `paracosm bench step`: the same scene in stock Chipmunk2D, its own allocator and libm,
// stepped in a loop with nothing around it. Built from the system's libchipmunk.a with every name prefixed
// (bench/sources.cmake), so that it lives in one process with the solver's own copy.
#include "worlds/level/level.h"

typedef struct ParaBareScene ParaBareScene;
/// The level's bodies, shapes and joints, with motors for its motor and twist actuators; zones, thrusters and
/// the other actuators are left out. NULL without memory.
ParaBareScene *para_bare_create(const ParaLevel *level);
void para_bare_destroy(ParaBareScene *scene); ///< NULL is fine
/// @param action [8] int8 in -1..1
void para_bare_act(ParaBareScene *scene, const int8_t *action);
void para_bare_step(ParaBareScene *scene);
