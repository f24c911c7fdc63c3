// SPDX-License-Identifier: MIT
#pragma once
// Edits: small changes of a level that make another level of it. A chain of edits is plain data, so that a
// level can be told as its parent and what was done to it. edits.def is the list of kinds.
#include "worlds/level/level.h"

typedef enum {
#define PARA_EDIT(id, ...) PARA_EDIT_##id,
#include "worlds/edit/edits.def"
    PARA_EDIT_COUNT
} ParaEditKind;

/// One edit of a chain.
typedef struct ParaEdit {
    uint32_t kind; ///< [ParaEditKind]
    uint64_t seed; ///< [seed] of its draws
} ParaEdit;
#define PARA_EDITS_MAX      16                                      ///< of one chain that is told in a file
#define PARA_EDIT_SAYS_MAX  160                                     ///< [byte] with NUL
#define PARA_EDITS_TEXT_MAX (PARA_EDITS_MAX * (PARA_NAME_MAX + 22)) ///< [byte] of a chain as text, with NUL

const char *para_edit_name(ParaEditKind kind);  ///< "turn_body"
const char *para_edit_about(ParaEditKind kind); ///< what it does, in one line
const char *para_edit_keeps(ParaEditKind kind); ///< what it keeps true
/// The kind of a name. @return false if there is none; *out is then left alone
bool para_edit_find(const char *name, ParaEditKind *out);

/// Makes a level of another by one edit; deterministic in (level, kind, seed). The new level passes the
/// world's own check, loads again from para_level_to_json with the same hash, and tells in `parent`, `edits`
/// and `changes` what it comes of. Up to 12 places are tried.
/// @param from a level of one player; left as it is, and not pointed to by what is returned
/// @param arena where the new level lives; what was tried in vain is given back
/// @param says out, [says_size] what was done, "crate2 turned by 15 degrees", or why nothing can be; NULL
/// with 0 if nobody asks
/// @return NULL if it cannot be done here.  Threads: any.  Cost: some 20 to 250 us in levels of the library,
/// by kind
const ParaLevel *para_edit_apply(const ParaLevel *from, ParaEditKind kind, uint64_t seed, ParaArena *arena,
                                 char *says, size_t says_size);
/// The same with a kind drawn from the seed, another one if that cannot be done: up to 8 kinds.
/// @param out_edit out, the edit that was done, with which para_edit_apply does it again; may be NULL
const ParaLevel *para_edit_apply_any(const ParaLevel *from, uint64_t seed, ParaArena *arena,
                                     ParaEdit *out_edit, char *says, size_t says_size);
/// A chain of edits, one after the other.
/// @return NULL if one of them cannot be done, which `says` tells
const ParaLevel *para_edits_apply(const ParaLevel *from, const ParaEdit *edits, int count, ParaArena *arena,
                                  char *says, size_t says_size);
/// Reads a chain as `made_by` has it: "turn_body:17 cut_ground:4".
/// @param out out, [PARA_EDITS_MAX]   @return how many; -1: it is no such text
int para_edits_read(const char *text, ParaEdit *out);
/// Writes a chain so that para_edits_read reads it.
/// @param edits in, [count] of known kinds; count [1] 0..PARA_EDITS_MAX   @param out out,
/// [PARA_EDITS_TEXT_MAX]
void para_edits_write(const ParaEdit *edits, int count, char *out);
