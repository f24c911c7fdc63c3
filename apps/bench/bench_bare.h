// SPDX-License-Identifier: MIT
#pragma once
// The bare side of `paracosm bench step`: stock Chipmunk on the levels of the pool, nothing around it.
#include "apps/bench/bench_parts.h"
#include "bench/bare_chipmunk.h"

typedef struct ParaBenchBare {
    const ParaBenchScene *scene;
    ParaRng rng;
    int8_t *actions;        ///< [8]
    ParaBareScene **worlds; ///< [scene->worlds]
    int64_t *ages;          ///< [scene->worlds] [step] since it was built
} ParaBenchBare;

/// @return false without memory
bool para_bench_bare_make(ParaBenchBare *bare, const ParaBenchScene *scene);
void para_bench_bare_clear(ParaBenchBare *bare);
/// Steps all bare worlds for a turn; building is not counted. @return world steps per second, 0 on failure
double para_bench_bare_turn(ParaBenchBare *bare);
