// SPDX-License-Identifier: MIT
#pragma once
// Files: whole reads with a bound, whole writes that are never half there.
#include "engine/base/arena.h"

/// Reads a regular file of at most size_max [byte] into the arena, NUL-terminated.
/// @param out_error set to a clear sentence on failure ("cannot open X: No such file or directory"); in the
/// arena
/// @return NULL on failure
char *para_file_read(const char *path, size_t size_max, ParaArena *arena, size_t *out_size,
                     const char **out_error);
/// Writes to a temporary file beside `path`, fsyncs it, renames it over `path`, fsyncs the folder.
/// On failure the old file stands and the temporary one is gone.
bool para_file_write(const char *path, const void *data, size_t size, ParaArena *arena,
                     const char **out_error);
/// mkdir -p.
bool para_folder_make(const char *path, ParaArena *arena, const char **out_error);
bool para_file_exists(const char *path);
