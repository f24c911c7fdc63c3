// SPDX-License-Identifier: MIT
#pragma once
// An archive as a folder that people share: level files, replays that prove them, and index.jsonl, a line of
// JSON for each level. Whoever is given such a folder has no reason to trust it: what is read of the index is
// held against the files before anything else happens.
#include "worlds/template.h"

#define PARA_ARCHIVE_INDEX      "index.jsonl"
#define PARA_ARCHIVE_LEVELS_MAX (1 << 17)           ///< lines of an index
#define PARA_ARCHIVE_INDEX_MAX  ((size_t)128 << 20) ///< [byte] of an index

/// What a line of an index says that is held against the files.
typedef struct ParaArchived {
    const char *file;  ///< of the level: a plain name in the folder that ends in .json
    const char *proof; ///< of its replay, likewise, that ends in .replay; "" where it has none
    uint64_t hash;     ///< [hash] of the level
} ParaArchived;

/// Reads the index of a folder.
/// @param out_count out, [1] 1..PARA_ARCHIVE_LEVELS_MAX
/// @return [*out_count] in the arena; NULL with the file, the line and what is wrong: it is no JSON or was
/// cut, a name leads out of the folder, a file is named twice, there is nothing in it
ParaArchived *para_archive_read(const char *folder, ParaArena *arena, int *out_count, const char **out_error);

/// The level of a line, with the hash that the line says.
/// @param out_template out, what it was loaded as; may be NULL
/// @return NULL with a clear error: the file is not there, a link, too large, no level, or another one
ParaLevel *para_archive_level(const char *folder, const ParaArchived *line, ParaArena *arena,
                              const ParaTemplate **out_template, const char **out_error);

/// Whether all that an archive's index says holds: every level is there and has its hash, every proof is a
/// file, and no level file is in the folder that the index does not name.
/// @return false with the first thing that does not   Cost: loads each level, about a millisecond
bool para_archive_check(const char *folder, ParaArena *arena, const char **out_error);

/// The same for those of some names, as `--families` takes them, that are folders with an index.
bool para_archives_check(const char *const *names, int count, ParaArena *arena, const char **out_error);
