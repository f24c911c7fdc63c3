// SPDX-License-Identifier: MIT
#pragma once
// How many solver steps a level needs in each of its steps to keep its word. Contacts are solved by going
// over them again and again; a heavy body on a light one wants more of that than usual. A short free pendulum
// wants finer steps. The solvers take what this says, or what the level's author asks for if that is
// more; `paracosm check` and `paracosm probe` tell it.
#include "engine/world/world.h"

#define PARA_EFFORT_RATIO_USUAL 40.0   ///< [1] of masses that one substep holds
#define PARA_EFFORT_RATIO_MAX   2560.0 ///< [1] that the most substeps hold: heavier ones sink into lighter ones
#define PARA_EFFORT_SUBSTEPS    8      ///< [1] most that are taken without being asked for

typedef struct ParaEffort {
    int substeps;         ///< [1] 1..PARA_EFFORT_SUBSTEPS a level needs
    double ratio;         ///< [1] >= 1 largest of the masses of two bodies that may touch or are joined
    int32_t heavy, light; ///< [1] 0..body_count - 1 those two; -1: no two bodies meet
    double swing;         ///< [m] >= 0 shortest free pendulum, 0: none
} ParaEffort;

/// @param def one that para_world_build would take.  Threads: any.  No heap.
/// Cost: O(bodies + shapes + joints); O(bodies^2) where some body is more than PARA_EFFORT_RATIO_USUAL times
/// as heavy as another.  Source: ours; measured by tests/engine/world/test_world_effort.c.
ParaEffort para_world_effort(const ParaWorldDef *def);
/// Solver steps per step that a level is run with: what it needs, or more if it asks for more.
int para_world_substeps(const ParaWorldDef *def);
/// Whether even the most effort is too little, so that a solver breaks its word.
/// @param names [body_count] of the bodies, or NULL: those without one (and then all) are told by number
/// @param out_why out, [why_size] one line that names the bodies, else empty
/// @return true if it is too little
bool para_effort_is_beyond(const ParaWorldDef *def, const char *const *names, char *out_why, size_t why_size);
