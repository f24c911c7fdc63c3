// SPDX-License-Identifier: MIT
#pragma once
// Where the levels of an env come from when no maker chooses them: a seed, ranges of parameters, one level.
// Used by batches that no trainer drives, such as Python's.
#include "agents/batch/families.h"

/// Zero: fresh seeds of the env's stream over the full ranges.
typedef struct ParaSource {
    const ParaLevel *level; ///< every episode plays a copy of it; the caller keeps it; NULL: sampled
    bool fixed_seed;        ///< every episode samples with `seed`
    bool ranged;            ///< parameters are drawn from `low` to `high`
    uint64_t seed;          ///< [seed] where fixed_seed
    /// [1] any finite, where ranged, in each parameter's unit; a low of NaN: the family's range
    double low[PARA_PARAMS_MAX], high[PARA_PARAMS_MAX];
} ParaSource;

/// The next choice of a source without a level of its own. Values without a range are drawn as they are for a
/// plain seed.
/// @param rng the env's stream of levels: one draw unless the seed is fixed
/// @param family index into the families
ParaPick para_source_pick(const ParaSource *source, const ParaFamilies *families, int family, ParaRng *rng);
