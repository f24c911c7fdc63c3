// SPDX-License-Identifier: MIT
#pragma once
// A small model for tests that dream: one network that was shown some play of a crate, taught once for the
// whole test program (half a second); and one that was taught nothing.
#include "agents/batch/families.h"
#include "agents/model/model.h"

/// One family, "crate", for levels of the kind it was taught on.
ParaFamilies *taught_families(void);
/// How long it was taught is a matter of time: its contacts are right, its stacks are not.
const ParaModel *taught_model(void);
/// @param scale of its weights: 1 as it begins, 1e15 to see what nonsense does
ParaModel *untaught_model(float scale, ParaArena *arena);
