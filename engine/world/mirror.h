// SPDX-License-Identifier: MIT
#pragma once
// One world made to stand as another stands, whatever solver runs either: how the true world is carried into
// one that is imagined, and back.
#include "engine/world/world.h"

/// Makes `to` stand as `from` does now: built of its def, bodies in their places with their speeds, those
/// that are out out, broken joints broken and hinges wound as often, gravity, zones, friction, inputs and the
/// clock the same. Of the same solver it is an exact copy. Another solver has no use for what this one
/// remembers of contacts and of the load of joints: the view shows none until the next step, which begins
/// them anew. What `to` was before leaves no trace: the same `from` gives the same bits.
/// @param to of any group, built or not; its solver takes the def (para_solver_fits)
/// @param from built; untouched.  One that diverged makes `to` one that diverged
/// @return false if `to` cannot be built (see para_world_build)
/// Threads: as for stepping both.  Cost: a build and O(bodies * (shapes + joints)), some 0.1 ms
bool para_world_mirror(ParaWorld to, ParaWorld from);
/// The same, but `to` is built of another def with the same bodies, joints, zones and thrusters: one that
/// does not say what is hidden from whoever imagines. Where both run on one solver it is the copy all the
/// same.
bool para_world_mirror_as(ParaWorld to, ParaWorld from, const ParaWorldDef *def);
