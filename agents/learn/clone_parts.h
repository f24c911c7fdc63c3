// SPDX-License-Identifier: MIT
#pragma once
// The inside of behaviour cloning, shared with the learner that imitates beside its own play. Private to
// agents/learn.
#include "agents/learn/clone.h"

/// The cross-entropy of a row [nat] >= 0 and its gradient at the heads.
/// @param share [1] > 0 what it counts   @param dlogits out, [24]
double para_clone_row_loss(const ParaCloneRows *rows, int row, const float *logits, float share,
                           float *dlogits);
