// SPDX-License-Identifier: MIT
#pragma once
// The reflex of a run: its newest player, with the units its values are in.
#include "agents/think/think.h"

/// Loads it. @param run_folder run folder or .safetensors file   @param out_note as para_player_load_noted
/// @return false with a clear error
bool para_reflex_load(const char *run_folder, ParaArena *arena, ParaReflex *out, const char **out_note,
                      const char **out_error);
