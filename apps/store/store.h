// SPDX-License-Identifier: MIT
#pragma once
// What belongs to a person and not to a level: settings, best times, replays of them, drafts. Two folders:
// $XDG_CONFIG_HOME/paracosm (~/.config/paracosm) for what somebody chose, $XDG_DATA_HOME/paracosm
// (~/.local/share/paracosm) for what came of playing. PARACOSM_HOME, a folder, stands for both. Small JSON
// files in them are written whole (temporary file, fsync, rename); one that does not read is set aside under
// another name and told, never fatal and never overwritten. One thread.
#include "engine/base/arena.h"

struct cJSON; // of cjson/cJSON.h

typedef enum {
    PARA_STORE_CONFIG, ///< what a person chose
    PARA_STORE_DATA    ///< what came of playing and making
} ParaStorePlace;

#define PARA_STORE_FILE_MAX ((size_t)4 << 20) ///< [byte] of a file that is read or written

/// The folder, which is made where it is not there.
/// @return its path in the arena; NULL with the reason: no home is known, or it cannot be made
const char *para_store_folder(ParaStorePlace place, ParaArena *arena, const char **out_error);
/// Path of a file in it. The folder is made; the file need not be there.
/// @param name "times.json", or with folders before it: "replays/x.replay", which are made too
/// @return NULL with the reason
const char *para_store_path(ParaStorePlace place, const char *name, ParaArena *arena, const char **out_error);
/// Reads an object from a JSON file.
/// @param out_note out, NULL, or what should be told: the file was damaged, and where it is now; or it cannot
/// be read. In the arena
/// @return for cJSON_Delete; an empty object where there is no file or nothing to be read; NULL: no memory
struct cJSON *para_store_read(ParaStorePlace place, const char *name, ParaArena *arena,
                              const char **out_note);
/// Writes an object as a JSON file, in place of the one before, which stays whole where this fails.
/// @param json stays the caller's
bool para_store_write(ParaStorePlace place, const char *name, const struct cJSON *json, ParaArena *arena,
                      const char **out_error);
/// Holds a place while a file in it is read, changed and written, so that two windows of one person lose
/// nothing. Where another process has it, it is waited for up to half a second.
/// @return for para_store_unlock; -1: it was not to be had, and the caller goes on without it
int para_store_lock(ParaStorePlace place, ParaArena *arena);
void para_store_unlock(int lock); ///< -1: no-op
