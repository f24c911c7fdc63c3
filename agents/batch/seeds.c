// SPDX-License-Identifier: MIT
// The top bit of a seed keeps training and held-out levels apart: see seeds.h for who draws which.
#include "agents/batch/seeds.h"

#include "engine/base/hash.h"
#include "engine/base/rng.h"

#include <string.h>

#define SIDE_BIT (UINT64_C(1) << 63) // set in held-out seeds, clear in training seeds

uint64_t para_set_seed(const char *family, uint64_t seed) { return para_hash(family, strlen(family), seed); }

uint64_t para_held_out_seed(uint64_t set_seed, int index)
{
    return para_seed_mix(set_seed, (uint64_t)index) | SIDE_BIT;
}

uint64_t para_training_seed(uint64_t draw) { return draw & ~SIDE_BIT; }
