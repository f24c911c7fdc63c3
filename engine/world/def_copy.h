// SPDX-License-Identifier: MIT
#pragma once
// Copies of world defs in memory that the caller has cut: what solvers keep of the def they were built from.
// Outside of engine/world, see para_world_def_copy. For solvers alone.
#include "engine/world/cut.h"
#include "engine/world/world.h"

/// Points the arrays of `def` at pieces of `from`, as large as its counts say.
void para_world_def_cut(ParaWorldDef *def, ParaCut *from);
/// Copies the arrays of `from` into those of `to`, which has the same counts.
void para_world_def_fill(ParaWorldDef *to, const ParaWorldDef *from);
/// Whether an array of one reaches into an array of the other.
bool para_world_def_overlaps(const ParaWorldDef *a, const ParaWorldDef *b);
