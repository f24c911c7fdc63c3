// SPDX-License-Identifier: MIT
#pragma once
// What the files of `paracosm prove` share: what was asked for, and one member's search.
#include "agents/search/search.h"
#include "apps/game/game.h"
#include "apps/options.h"
#include "apps/progress.h"

typedef struct ParaProveChoices {
    const char *name, *out, *tier, *solver;
    ParaTexts set;
    uint64_t seed, luck;
    int64_t steps; ///< [step] 0: no bound
    double budget; ///< [s] of each search; 0: no bound
    int members;   ///< [1] >= 1
    int threads;   ///< [1] 0: one per CPU
    bool corners;  ///< instead of members by their seeds
    bool both;     ///< each member on both solvers
    bool json, quiet;
} ParaProveChoices;

/// One search: a member on a solver.
typedef struct ParaProof {
    const ParaProveChoices *choices;
    const ParaLevel *level;
    uint64_t seed;
    ParaSolverKind solver;
    const char *out; ///< NULL: no replay is wanted
    double begin;    ///< [s] of the steady clock
    ParaProgress progress;
    // What came of it.
    double seconds;     ///< [s] it took
    double level_time;  ///< [s] of the level that the solution takes
    char remained[200]; ///< why the best plan does not solve it
} ParaProof;

/// The line of progress, where it is time for one.
void para_prove_show(ParaProof *proof, const ParaSearch *search);
/// What came of a search, by the choices as text or JSON, on standard output.
void para_prove_print(const ParaProof *proof, const ParaSearch *search);

/// How many corners the ranges of a family have that are not set by hand: each if there are at most 16; of
/// more parameters all low, all high, and each alone at its other end.
int para_prove_corner_count(const ParaGame *game);
/// Sets the game's parameters to a corner. @param set [PARA_PARAMS_MAX] what was set by hand, NaN where not
/// @param corner [1] 0..para_prove_corner_count - 1
void para_prove_corner_set(ParaGame *game, const double *set, int corner);
