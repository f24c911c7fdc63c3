// SPDX-License-Identifier: MIT
#pragma once
// Tiny families of the tests' own, in tests/agents/families: levels of a second or less, in which every end
// is met within a few decisions. Used by the tests of collector, trials, maker, training and evaluation.
#include "agents/batch/families.h"

/// Path of a family's file.
const char *tiny_path(const char *name, ParaArena *arena);
/// The families of some names, in their order.
ParaFamilies tiny_families(const char *const *names, int count, ParaArena *arena);
