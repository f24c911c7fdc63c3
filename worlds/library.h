// SPDX-License-Identifier: MIT
#pragma once
// Where the built-in families are. The folder is the first of: $PARACOSM_LIBRARY; worlds/library beside
// the program or one or two folders above it; the folder of the source tree the program was built from;
// share/paracosm/library beside the program's prefix.
#include "worlds/template.h"

/// The folder of the library, or NULL if there is none.
const char *para_library_folder(ParaArena *arena);
/// Path of a template by family name ("rover") or file path ("my/level.json"); NULL if there is no such file.
const char *para_library_find(const char *name, ParaArena *arena);
/// Names of all families, sorted. out_names [returned count], in the arena.
int para_library_list(ParaArena *arena, const char ***out_names);
/// Loads a template by family name or file path.
/// @return NULL with a clear text in out_error: the names there are and the closest one, or the diagnostics
/// in compiler's form
const ParaTemplate *para_library_load(const char *name, ParaArena *arena, const char **out_error);
