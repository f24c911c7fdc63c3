// SPDX-License-Identifier: MIT
#pragma once
// Checkpoints: tensors in the safetensors format (readable from Python) with a JSON card as metadata.
#include "agents/policy/policy.h"

/// Writes `tensors` and the card to `path`, never half (temporary file, fsync, rename).
/// @param card JSON object text kept under the metadata key "paracosm"
bool para_safetensors_write(const char *path, const ParaTensor *tensors, int count, const char *card,
                            ParaArena *arena, const char **out_error);
/// Reads a file wholly checked: header bounds, offsets, sizes, types F32, no overlap, content hash in the
/// metadata.
/// @return tensors [out_count] in the arena, NULL on failure with a clear error
ParaTensor *para_safetensors_read(const char *path, ParaArena *arena, int *out_count, const char **out_card,
                                  const char **out_error);
/// Copies by name from `source` into `target`; every target must be found with its shape.
bool para_tensors_assign(const ParaTensor *target, int target_count, const ParaTensor *source,
                         int source_count, ParaArena *arena, const char **out_error);
/// Hash over names, shapes and bits.
uint64_t para_tensors_hash(const ParaTensor *tensors, int count);
