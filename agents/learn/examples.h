// SPDX-License-Identifier: MIT
#pragma once
// Rows that others left, for a player that remembers: in stretches of an episode, each after a look at what
// went before it, so that it remembers about what it would. <Kapturowski and others 2019, "Recurrent
// experience replay in distributed reinforcement learning", burn-in> Private to agents/learn.
#include "agents/learn/rows.h"
#include "agents/policy/inside.h"

#define PARA_EXAMPLE_LENGTH 64 ///< rows of a stretch at most, and of the look before it

/// Rows of the arrays that follow each other in one episode.
typedef struct ParaExample {
    int row, length; ///< [row] >= 0 the first; [1] 1..PARA_EXAMPLE_LENGTH
} ParaExample;

/// Cuts the rows that are meant, in rising order, into stretches.
/// @param out out, [rows->count] at most   @return how many
int para_examples_cut(const ParaCloneRows *rows, ParaExample *out);
/// The stretch that begins at a row of the arrays, as long as it can be.
ParaExample para_example_at(const ParaCloneRows *rows, int row);

/// Some stretches in a block of scratch: forward, and what backward needs. Lies where it was made.
typedef struct ParaExampleBlock {
    ParaStretches stretches;
    int n;                 ///< [row] 1..PARA_BLOCK
    int index[PARA_BLOCK]; ///< [n] rows of the arrays
    int first[PARA_BLOCK / PARA_EXAMPLE_LENGTH + 1];
    const float *memory[PARA_BLOCK / PARA_EXAMPLE_LENGTH];
    float kept[PARA_BLOCK / PARA_EXAMPLE_LENGTH][1024];
    uint8_t begins[PARA_BLOCK]; ///< [n] all 0
} ParaExampleBlock;

#define PARA_EXAMPLES_MOST (PARA_BLOCK / PARA_EXAMPLE_LENGTH) ///< stretches of a block

/// @param stretch in, [count] 1..PARA_EXAMPLES_MOST of them   @param scratch for training; logits and value
/// are written there
void para_examples_forward(const ParaPolicy *policy, ParaForward *scratch, const ParaCloneRows *rows,
                           const ParaExample *stretch, int count, ParaExampleBlock *block);
