// SPDX-License-Identifier: MIT
#pragma once
// Diagnostics: problems found in somebody's input, collected, never printed by the library.
// The print has compiler form, so that editors jump to the place.
#include "engine/base/arena.h"

#include <stdio.h>

typedef enum { PARA_DIAG_ERROR, PARA_DIAG_WARNING } ParaSeverity;

typedef struct ParaDiag {
    ParaSeverity severity;
    const char *code;    ///< stable, e.g. "P012"
    const char *path;    ///< JSON Pointer of the place, "" for the whole file
    const char *message; ///< what is wrong and what was expected
    const char *name;    ///< of a warning: what silences it, such as "lost-at-once"; "" if nothing does
    int occurrence;      ///< [1] >= 0 which of several equal keys (duplicate keys)
    bool at_key;         ///< the key rather than the value is meant
    long offset;         ///< [byte] >= 0 into the text; -1 until known
    int line, column;    ///< [1] >= 1; 0 where unknown
    const char *file;    ///< where it stands, if not in the list's; else NULL
    const char *text;    ///< of that file
    const char *shown;   ///< its path in that file
} ParaDiag;

/// A growing list with a bound: past `limit` items only `dropped` counts.
typedef struct ParaDiagList {
    ParaArena *arena; ///< owns the texts
    ParaDiag *items;  ///< [count]
    int count;        ///< [1] 0..limit
    int capacity;     ///< [1] >= 0 room in items
    int limit;        ///< [1] >= 1 most that are kept
    int dropped;      ///< [1] >= 0 past the limit
    int error_count;  ///< [1] >= 0 of those that came, kept or dropped
    const char *file; ///< name shown in front, e.g. "bad.json"
    const char *text; ///< the source text, may be NULL; must outlive the list
} ParaDiagList;

ParaDiagList para_diag_list(ParaArena *arena, const char *file, const char *text);
/// Adds one problem; the texts are copied into the arena. Returned item may be refined by the caller
/// (line, column, at_key) until the next call; never NULL.
ParaDiag *para_diag_add(ParaDiagList *list, ParaSeverity severity, const char *code, const char *path,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));
/// `file:line:column: error: /path: message`, of a warning also its name, the source line and a caret, for
/// each item in order of place.
void para_diag_print(const ParaDiagList *list, FILE *out);
/// The word of `words` [count] closest to `text` (edit distance <= 1 + length / 4), or NULL. For "did you
/// mean".
const char *para_closest_word(const char *text, const char *const *words, int count);
