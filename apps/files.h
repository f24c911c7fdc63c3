// SPDX-License-Identifier: MIT
#pragma once
// The files that an operand means: itself, or of a folder every file of an ending in it and below it.
#include "engine/base/arena.h"

#include <stdbool.h>

#define PARA_APP_FILES_MAX 100000 ///< of one command
#define PARA_APP_DEPTH_MAX 16     ///< folders in folders; deeper ones are left out

typedef struct ParaAppFile {
    const char *path;
    const char *below; ///< its path below the folder that was given; of a file its name
} ParaAppFile;

typedef struct ParaAppFiles {
    const char *ending; ///< of a folder's files; NULL means ".json"
    int count;          ///< [1] 0..PARA_APP_FILES_MAX
    int room;           ///< [1] >= count, of items
    ParaAppFile *items; ///< [count]
} ParaAppFiles;

/// Adds what `path` means, folders by name; begin with an empty list. "-" and what is not there stay as they
/// are. Links to files are followed, those in a folder to other folders are not.
/// @param arena where the list lives
/// @return false with the reason in out_error: a folder that cannot be read, or too many files
bool para_app_files_add(ParaAppFiles *files, const char *path, ParaArena *arena, const char **out_error);
