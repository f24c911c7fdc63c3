// SPDX-License-Identifier: MIT
#pragma once
// Pictures held against golden ones: a file of tests/golden with a name and the mean colours of a picture's
// blocks each. Blocks are compared in CIE Lab, so that another version of the renderer, which rounds borders
// and blends otherwise, does not count, and what is missing or elsewhere does. Where PARACOSM_WRITE_GOLDEN is
// set the file is written anew; then look at what `git diff` says has changed.
#include "engine/base/arena.h"
#include "tests/tests.h"

#include <stdbool.h>
#include <stdio.h>

#define GOLDEN_BLOCKS_MAX 1024

typedef struct Golden {
    double mean_most;  // [CIE76] of a picture's blocks
    double block_most; // [CIE76] of any block
    int block;         // [px] side of a block; a picture's sides are multiples of it
    const char *text;  // of the file, NULL: it is written anew
    FILE *out;         // where to
} Golden;

/// @param file in tests/golden  @param goes_on where it is written: behind what it has, not from its
/// beginning
/// @param arena keeps its text
void golden_open(Golden *golden, const char *file, bool goes_on, ParaArena *arena);
void golden_close(Golden *golden);
/// Mean colours by blocks. @param rgb [height, width, 3]  @param out [blocks * 3] 0..255  @return how many
/// blocks
int golden_blocks(const uint8_t *rgb, int width, int height, int block, uint8_t *out);
/// Colour difference of two pictures: mean and greatest of their blocks [CIE76]. @param out_where of the
/// greatest
double golden_distance(const uint8_t *a, const uint8_t *b, int blocks, double *out_most, int *out_where);
/// Holds a picture against the golden one of that name, or writes that. @return whether it is like it
bool golden_holds(Golden *golden, const char *name, const uint8_t *rgb, int width, int height);
