// SPDX-License-Identifier: MIT
#pragma once
// Worlds that a learned model runs: a third solver behind the door of engine/world, so that rules, envs,
// batches, the search over clones and the window work in a dream as they do in the engine. Replays are of the
// engine only: what was dreamed is refused when it is written.
//
// The model speaks every def.seconds (usually two physics steps): it sees the bodies as they are then and
// says which impulses go along every edge until it speaks again. Between, each physics step does what is
// known (gravity, forces, thrusters, zones, fluids, as they are at that step) and its share of the impulses.
// So what acts in the middle:
//   at once: impulses (jumps), velocities, forces, torques, thrusters, gravity, zones, kinematic bodies;
//   by the next physics step, since the model then speaks anew: bodies that are put elsewhere, taken out or
//   back in, dynamic ones whose velocity is set, joints that are broken or made;
//   when it speaks next, a physics step later at most: motors, friction.
//
// Dreams are the same to the last bit alone or in a group, for any number of threads. No sum of theirs goes
// through BLAS or the C library, so another processor should give the same bits; nobody has tried one.
#include "agents/model/model.h"

/// Room for `capacity` dreamed worlds.
/// @param model outlives the group and does not change while its worlds are stepped
/// Threads: as para_world_group_create.  @return NULL if memory cannot be reserved
ParaWorldGroup *para_dream_group_create(const ParaModel *model, int capacity);

/// How unsure the model is of each body: how far its networks were apart about where bodies go, summed since
/// the world was built, or since para_dream_trust. Part of the world's state: snapshots, clones and images
/// have it.
/// @return [m] >= 0  [body_count], valid until the world is built again; NULL: it is no dream
const float *para_dream_doubt(ParaWorld world);
/// Forgets all doubt: the bodies stand where somebody knows that they are.
void para_dream_trust(ParaWorld world);
