// SPDX-License-Identifier: MIT
#pragma once
// How well a stream was learned, by the three numbers of Continual World.
// <Wolczyk 2021, arXiv 2105.10919, section 4.2>
#include <stdbool.h>

/// What was measured of one world. All are shares of episodes solved on held-out levels [1] 0..1; below 0:
/// not known.
typedef struct ParaTransferWorld {
    double learned; ///< [1] -1..1 p_i at the end of its own training
    double last;    ///< [1] -1..1 p_i(T), after the whole stream
    double area;    ///< [1] -1..1 AUC_i: the mean of p_i over its own training
    double
        reference; ///< [1] -1..1 AUC_ref: the same of a player that learned it alone, from nothing, as long
} ParaTransferWorld;

typedef struct ParaTransfer {
    double performance; ///< [1] 0..1 P = mean p_i(T)
    double forgetting;  ///< [1] -1..1 F = mean p_i(end of world i) - p_i(T)
    double forward;     ///< [1] <= 1 FT = mean (AUC_i - AUC_ref) / (1 - AUC_ref)
    int forward_count;  ///< [1] >= 0 worlds that FT is the mean of; 0: it is not known
} ParaTransfer;

/// The curve of a world as one number: the mean of a line through the points, over 0..1; before the first
/// point and after the last it is level.
/// @param done in, [count] 0..1 rising   @param solve in, [count] 0..1   @param count [1] >= 1
double para_transfer_area(const double *done, const double *solve, int count);
/// @param worlds in, [count]   @return false where of some world it is not known how well it was learned, or
/// what is left of it
bool para_transfer_measure(const ParaTransferWorld *worlds, int count, ParaTransfer *out);
