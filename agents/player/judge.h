// SPDX-License-Identifier: MIT
#pragma once
// What a player's values say of an episode that was played for a score alone, without a learner. Private to
// agents/player.
#include "agents/player/trials.h"

/// @param value in, [n] normalised values of the observations   @param reward in, [n] raw
/// @param n [decision] >= 1   @param ended by the rules: nothing follows; else the last value stands for what
/// would have
/// Source: GAE, Schulman 2016, arXiv 1506.02438, equation 16.  Cost: O(n); no heap.
ParaJudgement para_judge_episode(const ParaJudgeUnits *units, const float *value, const float *reward, int n,
                                 bool ended);
