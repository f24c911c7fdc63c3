// SPDX-License-Identifier: MIT
#pragma once
// How the true env is carried into an imagined one, whatever solvers run the two.
#include "agents/env/env.h"

/// Makes an env's episode stand as another's of an equal level does now: its world (para_world_mirror),
/// rules, account, and the decision under way. Then it goes on by itself, which of the same solver is exactly
/// as that one does.
/// What that level says of the world is what `to` is built of: a copy of it whose world is para_level_seen
/// keeps hidden masses from whoever imagines.
/// @param to has begun that level, or one of the same hash, and does not keep the chain
/// @param from untouched; may record
/// @return false if the solver of `to` cannot build it
/// Threads: several may mirror one env at once.  Cost: that of para_world_mirror
bool para_env_mirror(ParaEnv *to, const ParaEnv *from);
