// SPDX-License-Identifier: MIT
#pragma once
// What two rows of an `entities` observation are to each other, told from the rows alone: which joint or
// thruster sits in which shape, what meets what, how near and on which side. Rows carry no numbers of bodies,
// so this is geometry: a guess where boxes of different things lie over each other.
#include <stdint.h>

#define PARA_PAIR_ROWS 24 ///< [row] most of an observation

/// What is told of a pair, in this order: of the row that looks, i, and the row that is looked at, j.
typedef enum {
    PARA_PAIR_SELF,     ///< 1: they are the same row
    PARA_PAIR_JOINED,   ///< 1..0: one is a joint or thruster that lies in the other, a shape; 0 from 0.1 m
                        ///< beside
    PARA_PAIR_MEETING,  ///< 1..0: their boxes meet; of two shapes only if both touch something. Of no others
                        ///< but those in a zone
    PARA_PAIR_TOGETHER, ///< 1: same velocity and spin to the last bit, both can move: of one body, or at rest
    PARA_PAIR_NEAR,     ///< 1 / (1 + g), g [m] the gap between their boxes, 0 where they meet
    PARA_PAIR_X,        ///< -1..1: from i to j [m] / 10, limited: x
    PARA_PAIR_Y,        ///< -1..1: y
    PARA_PAIR_FLOATS
} ParaPairFloat;

#define PARA_PAIR_KINDS 4 ///< of a row: shape, joint, thruster, zone

/// @param rows in, [count], each a live row as para_observe wrote it
/// @param count [row] 0..PARA_PAIR_ROWS
/// @param kinds out, [count] 0..PARA_PAIR_KINDS - 1
/// @param pairs out, [PARA_PAIR_FLOATS, count, count]: [.., i, j]
/// Threads: safe.  Cost: O(count^2), about 100 flops a pair; no heap.
/// Gaps are the widest of five axes' (both boxes', and the line of their middles), so never more than the
/// true one <separating axes: Gottschalk, Lin and Manocha 1996>. A box that is shown with the most an
/// observation shows, 10 m, is taken for endless on that axis: so are floors.
void para_obs_pairs(const float *const *rows, int count, uint8_t *kinds, float *pairs);
