// SPDX-License-Identifier: MIT
#pragma once
// The inside of behaviour cloning, shared with the learner that imitates beside its own play. Private to
// agents/learn.
#include "agents/learn/rows.h"
#include "agents/policy/policy.h"

/// The cross-entropy of a row [nat] >= 0 and its gradient at the heads.
/// @param share [1] > 0 what it counts   @param dlogits out, [24]
/// Of a fine head the cross-entropy is minus the log density, which may be below 0, and nothing is `wanted`.
double para_clone_row_loss(ParaHead head, const ParaCloneRows *rows, int row, const float *logits,
                           float share, float *dlogits);
