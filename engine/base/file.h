// SPDX-License-Identifier: MIT
#pragma once
// Files: whole reads with a bound, whole writes that are never half there.
#include "engine/base/arena.h"

#include <stdint.h>
#include <stdio.h>

/// Reads a regular file of at most size_max [byte] into the arena, NUL-terminated.
/// @param out_error set to a clear sentence on failure ("cannot open X: No such file or directory"); in the
/// arena
/// @return NULL on failure
char *para_file_read(const char *path, size_t size_max, ParaArena *arena, size_t *out_size,
                     const char **out_error);
/// Writes to a temporary file beside `path`, fsyncs it, renames it over `path`, fsyncs the folder. Where
/// `path` is a link to something, that is written anew and the link stays. On failure the old file stands and
/// the temporary one is gone.
bool para_file_write(const char *path, const void *data, size_t size, ParaArena *arena,
                     const char **out_error);
/// Whether para_file_write could begin: the folder is there and takes files, and the path is none and no
/// device. For whoever writes late, to tell it before the work. @return false with a sentence in the arena
bool para_file_may_write(const char *path, ParaArena *arena, const char **out_error);
/// What is at a path, links followed.
typedef enum ParaPathKind { PARA_PATH_NONE, PARA_PATH_FILE, PARA_PATH_FOLDER, PARA_PATH_OTHER } ParaPathKind;
ParaPathKind para_path_kind(const char *path);
bool para_path_is_link(const char *path); ///< whatever it leads to
bool para_file_exists(const char *path);  ///< a file, folder or anything else
/// The same path from the root "/", links as they are; in the arena. One from the root stays as it is, and so
/// does any where the working folder is gone.
const char *para_path_absolute(const char *path, ParaArena *arena);
/// The same without links, "." and ".."; where there is nothing at the path it stays as it is.
const char *para_path_real(const char *path, ParaArena *arena);
int64_t para_file_size(const char *path); ///< [byte] >= 0; -1: there is none
/// Brings what was written to a stream onto the disk. @return false if it is not there whole
bool para_file_sync(FILE *file);
/// Removes a regular file; folders and links stay. @return false if it did not
bool para_file_remove(const char *path);
/// Gives a file another name on the same disk, in place of what has that name.
bool para_file_rename(const char *path, const char *to, ParaArena *arena, const char **out_error);

/// mkdir -p.
bool para_folder_make(const char *path, ParaArena *arena, const char **out_error);
/// Names of what a folder holds, sorted, without "." and "..".
/// @param ending only names that end so, such as ".json", are given, and without it; "": all
/// @param out_names out, [returned count] in the arena
/// @return -1 on failure, with the reason in out_error
int para_folder_list(const char *path, const char *ending, ParaArena *arena, const char ***out_names,
                     const char **out_error);
