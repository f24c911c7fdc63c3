// SPDX-License-Identifier: MIT
#pragma once
// How much two things tell of each other, from how often they were met together.

#define PARA_INFORMATION_MAX 64 ///< values of either thing

/// Counts of pairs.
typedef struct ParaPairCounts {
    int rows, columns;                                      ///< [1] 1..PARA_INFORMATION_MAX values of each
    double of[PARA_INFORMATION_MAX * PARA_INFORMATION_MAX]; ///< [1] >= 0 whole  [rows, columns]
} ParaPairCounts;

/// Entropy of what was counted: that of the shares, and (m - 1) / 2n nats more, as shares of few counts look
/// more certain than they are. Source: Miller 1955, "Note on the bias of information estimates", in
/// Information Theory in Psychology II-B, 95-100; m values were met, n is the sum.
/// @param counts in, [count] each >= 0   @return [bit] >= 0; 0 where nothing was counted
double para_entropy_bits(const double *counts, int count);
/// Mutual information of rows and columns with that correction of its three entropies: H(row) + H(column) -
/// H(both). Beside nothing to tell it scatters around 0, to either side.
/// @return [bit] about -0.1..6; 0 where nothing was counted   Cost: O(rows columns)
double para_information_bits(const ParaPairCounts *counts);
