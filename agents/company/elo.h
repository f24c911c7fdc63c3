// SPDX-License-Identifier: MIT
#pragma once
// How strong players are, from who beat whom: one number each, so that the difference of two says how often
// the one beats the other.
#include <stdbool.h>

#define PARA_ELO_MAX   64    ///< players
#define PARA_ELO_SCALE 400.0 ///< [Elo] of odds of 10 to 1

typedef struct ParaElo {
    double rating; ///< [Elo] any finite; the mean of all is 0
    double reach;  ///< [Elo] >= 0 half the width of its 95 % interval, against the mean of all
} ParaElo;

/// Ratings under which the results are most probable, by Newton's method: Bradley & Terry 1952, "Rank
/// Analysis of Incomplete Block Designs I"; a draw counts as half a win to each. Each player has also drawn
/// half a game with each other, so that who never lost has a finite rating. Intervals are of the curvature
/// there, normal, as if games were independent.
/// @param wins in, [count, count] >= 0, wins[i, j] of i against j, halves for draws; the diagonal is not read
/// @param count [1] 2..PARA_ELO_MAX   @param out out, [count]
/// Cost: O(count^3) some tens of times; no heap
void para_elo_fit(const double *wins, int count, ParaElo *out);
/// How often a player of one rating is expected to beat one of another. @return [1] 0..1
double para_elo_expected(double rating, double other);
