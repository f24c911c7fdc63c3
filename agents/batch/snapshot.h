// SPDX-License-Identifier: MIT
#pragma once
// An env of a batch at one moment, to go back to: a clone of its world and a copy of all that is beside it.
// Goes into any env of any batch of the same solver; what follows gives the same bits as it did.
#include "agents/batch/batch.h"

typedef struct ParaSnapshot ParaSnapshot;

/// @param b an env with an episode; its batch does not record   @return NULL if there is no memory
ParaSnapshot *para_snapshot_take(const ParaBatch *batch, int b);
/// Puts it into env b and writes its observation. @return false if there is no memory: then the env has no
/// episode
bool para_snapshot_restore(ParaBatch *batch, int b, const ParaSnapshot *snapshot);
void para_snapshot_free(ParaSnapshot *snapshot); ///< NULL is fine
/// The family the env sampled from (its level may be another's).
const char *para_snapshot_family(const ParaSnapshot *snapshot);
ParaSolverKind para_snapshot_solver(const ParaSnapshot *snapshot); ///< of the batch: may be AUTO
