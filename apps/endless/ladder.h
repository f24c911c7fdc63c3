// SPDX-License-Identifier: MIT
#pragma once
// From a difficulty to values of a family's parameters, by the ranges of its tiers; of a family that has none
// by its ranges, of which nobody knows which way is harder. Private to apps/endless.
#include "worlds/template.h"

/// Whether a family says itself what is harder: it has the tiers "easy" and "hard".
bool para_ladder_is_told(const ParaTemplate *t);
/// The range of a parameter at a difficulty: from the easiest value that the tiers know (0) over easy (1/4),
/// normal (1/2) and hard (3/4) to the hardest (1). In place of a tier "hard" that is missing stands the whole
/// range, so it does in place of "easy"; where both are, the easy one is the middle half.
/// @param difficulty [1] clamped to 0..1   @return whether it moves along the ladder at all
bool para_ladder_range(const ParaTemplate *t, int param, double difficulty, double *out_low,
                       double *out_high);
/// The value at a share of that range. @param share [1] 0..1
double para_ladder_value(const ParaTemplate *t, int param, double difficulty, double share);
