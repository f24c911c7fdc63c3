// SPDX-License-Identifier: MIT
#pragma once
// A grid of elites: levels sorted into cells by two descriptors, the best of each cell kept.
// Source: Mouret and Clune 2015, Illuminating search spaces by mapping elites, arXiv 1504.04909.
#include "engine/base/arena.h"

#include <stdbool.h>

#define PARA_ELITES_BINS_MAX 64

/// One side of the grid.
typedef struct ParaElitesAxis {
    const double *values; ///< [1] any, in the descriptor's unit; NaN where it is not known  [count]
    double low, high;     ///< out: [1] any, in that unit: the ends of the grid, the least and the most value
} ParaElitesAxis;

typedef struct ParaElites {
    ParaElitesAxis x, y;
    int bins;     ///< [1] 1..PARA_ELITES_BINS_MAX cells of each side
    int *best;    ///< out: [1] -1..count - 1 which level a cell has, -1: none  [bins, bins], rows by y
    int filled;   ///< out: [1] 0..bins * bins cells that have one
    int unplaced; ///< out: [1] >= 0 levels one of whose descriptors is not known
} ParaElites;

/// Fills the grid from its axes and bins. The ends are those of what is known; a side whose values are all
/// equal has one cell that is used.
/// @param scores in, [count] the higher stays   @param ages in, [count] [lesson] of equals the younger, then
/// the first
void para_elites_fill(ParaElites *elites, const float *scores, const int *ages, int count, ParaArena *arena);
/// Which cell of a side a value is in: [1] 0..bins - 1. The value must be known.
int para_elites_cell(const ParaElitesAxis *axis, int bins, double value);
