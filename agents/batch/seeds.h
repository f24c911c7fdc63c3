// SPDX-License-Identifier: MIT
#pragma once
// Which seeds are for training and which are held out: the two never meet.
#include <stdint.h>

/// Seed of the set of a family's levels. @param seed [seed] of the sets of all families
uint64_t para_set_seed(const char *family, uint64_t seed);
/// Seed of held-out level `index`: top bit set, which no training seed has.
uint64_t para_held_out_seed(uint64_t set_seed, int index);
/// Seed of a training level: top bit clear.
uint64_t para_training_seed(uint64_t draw);
