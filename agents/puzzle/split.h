// SPDX-License-Identifier: MIT
#pragma once
// Which tasks a player may learn from, and which it is asked.
#include "engine/base/arena.h"

#include <stdint.h>

typedef enum {
    PARA_SPLIT_WITHIN, ///< others of the same templates
    PARA_SPLIT_CROSS   ///< of other templates
} ParaPuzzleSplit;

#define PARA_SPLIT_SHARE 5 ///< one of so many is a test, at least one

/// Splits tasks. Within: of each template those that come last by a hash of seed and name. Cross: all tasks
/// of the templates that come last by it. So a task's place does not depend on the others' order.
/// @param names of tasks, [count] all different   @param kinds [1] 0..kind_count - 1 of each task's template
/// @param kind_names [kind_count]   @param tests out, [count] whether it is a test
void para_puzzle_split(ParaPuzzleSplit split, uint64_t seed, const char *const *names, const int32_t *kinds,
                       int count, const char *const *kind_names, int kind_count, bool *tests,
                       ParaArena *arena);
