// SPDX-License-Identifier: MIT
#pragma once
// What others did, as rows for a player to imitate.
#include <stdint.h>

/// Rows to learn from; the caller's.
typedef struct ParaCloneRows {
    int count;                     ///< [1] >= 0
    const float *obs;              ///< [1] -10..10 raw  [count, O]
    const int8_t *action;          ///< [1] -127..127 of the policy's head  [count, 8]
    const uint32_t *channel_bits;  ///< [bits] bound channels  [count]
    const uint32_t *negative_bits; ///< [bits] as in ParaRollout  [count]
    const float *value;            ///< [1] any finite; where values are held  [count]
    const float *wanted; ///< [1] 0..1 how probable each choice should be, in place of actions  [count, 8, 3];
                         ///< NULL: the actions
    const int *index;    ///< [row] >= 0 those of the arrays that are meant, rising  [count]; NULL: the first
    int total;           ///< [1] >= count rows that the arrays have; of a player that remembers
    const uint8_t *begins; ///< [1] 0 or 1; 1: an episode begins with this row; of a player that remembers
                           ///< [total]; NULL: rows are by themselves
} ParaCloneRows;
