// SPDX-License-Identifier: MIT
#pragma once
// Who chooses what to try at a puzzle of one action: from a first guess of every candidate, from what
// imagining some of them told, and from what came of the tries so far. Any of the three may be left out, as
// in the table of the Tools challenge. After SSUP (Allen, Smith, Tenenbaum, PNAS 2020): sample, simulate,
// update; here beliefs are log-odds over a fixed list of candidates, and how far imagination is believed is
// learned by practice.
#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define PARA_PUZZLER_BELIEF 5 ///< numbers that say what an imagined ending is worth

/// What came of imagining an action.
typedef struct ParaVision {
    bool solved;
    double close; ///< [1] 0..1 how near it came
    double doubt; ///< [1] 0..1e9 sizes of what has to touch: how far the model's networks were apart about it
} ParaVision;

typedef struct ParaPuzzlerDef {
    bool imagines, updates;
    /// Log-odds that an imagined ending adds: the sum of [0], of [1] where it was solved, of [2] times close,
    /// of [3] times unsure, of [4] times unsure where it was solved; unsure is doubt / (doubt + 0.1). [1] any
    /// finite
    double belief[PARA_PUZZLER_BELIEF];
    bool certain;  ///< what was imagined keeps its weight however often it was wrong
    uint64_t seed; ///< [seed] of the order of what is equally likely
} ParaPuzzlerDef;

typedef struct ParaPuzzler {
    ParaPuzzlerDef def;
    int count;                  ///< [1] >= 1 candidates
    const double (*actions)[3]; ///< [1] 0..1 x, y, r  [count]
    double *guess;              ///< [1] any finite log-odds before anything was tried  [count]
    double *told;               ///< [1] any finite log-odds that imagining added  [count]
    double *learned;            ///< [1] any finite log-odds that tries nearby added  [count]
    uint8_t *imagined, *tried;  ///< [1] 0 or 1  [count]
    double doubt;               ///< [1] >= 0 sum of what imagination promised of tries that failed
    double close_sum;           ///< [1] >= 0 of the tries
    int tries;                  ///< [1] >= 0
} ParaPuzzler;

/// @param guess log-odds of a first guess, any number added  [count]; NULL: none, the order is by chance
/// @param actions [count], must stay
ParaPuzzler para_puzzler_begin(const ParaPuzzlerDef *def, const float *guess, const double (*actions)[3],
                               int count, ParaArena *arena);
/// What is likeliest of what was not tried. @return -1: all were   Cost: O(count)
int para_puzzler_next(const ParaPuzzler *thinker);
/// What to imagine: those of the `most` likeliest that were neither imagined nor tried.
/// @param out out, [most]   @return how many
int para_puzzler_wonder(const ParaPuzzler *thinker, int most, int *out, ParaArena *arena);
/// Tells what came of imagining one.
void para_puzzler_imagined(ParaPuzzler *thinker, int candidate, const ParaVision *vision);
/// Tells that one was tried and did not solve it. Without `updates` that is all that is remembered.
/// @param close [1] 0..1 how near it came
void para_puzzler_failed(ParaPuzzler *thinker, int candidate, double close);

/// Learns how far to believe: from imagined endings of actions, and whether they solve. Logistic regression
/// with a small pull to 0, by Newton's method; as many that solve as not make the odds of the two kinds
/// equal.
/// @param visions [count] imagined endings   @param truly [count] whether it solves
/// @param out out; zeros where it cannot be known
void para_puzzler_believe(const ParaVision *visions, const uint8_t *truly, int count,
                          double out[PARA_PUZZLER_BELIEF]);
