// SPDX-License-Identifier: MIT
#pragma once
// Where a run's player thinks: in the true engine, or inside the model that it learned.
#include "agents/think/think.h"

/// The engine itself, by the solver of the true world: what thinking is worth at most.
ParaThinkWhere para_think_in_engine(ParaSolverKind solver);
/// Inside the model of a run: RUN/model.safetensors, else RUN/dream.safetensors; or a model's file itself.
/// @param out its model lies in the arena
/// @return false with a clear error that tells how to make one
bool para_think_in_model(const char *run_folder, ParaArena *arena, ParaThinkWhere *out,
                         const char **out_error);
/// Whether there is a file that para_think_in_model would read.
bool para_think_has_model(const char *run_folder, ParaArena *arena);
