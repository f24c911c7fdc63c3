// SPDX-License-Identifier: MIT
#pragma once
// Actions as they are drawn and kept: whole numbers in a byte. A coarse one is -1, 0 or 1; a fine one counts
// parts of PARA_FINE, so that any amount between can be kept in a replay and played again bit for bit.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define PARA_FINE 127 ///< parts of a whole action

/// What a kept action does [1] -1..1.
static inline float para_action_value(bool fine, int8_t kept)
{
    return fine ? (float)kept / (float)PARA_FINE : (float)kept;
}

/// The nearest that can be kept. @param value [1] -1..1; whole where not fine
static inline int8_t para_action_kept(bool fine, float value)
{
    return (int8_t)(fine ? rintf(value * (float)PARA_FINE) : value);
}
