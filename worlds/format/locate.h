// SPDX-License-Identifier: MIT
#pragma once
// Where a JSON Pointer lies in the source text. cJSON's nodes carry no position, so the text is scanned
// again, and only when a problem is printed. Private to worlds.
#include "engine/base/diag.h"

/// A place in a text.
typedef struct ParaPlace {
    long offset;      ///< [byte] >= 0 into the text
    int line, column; ///< [1] >= 1; columns count bytes
} ParaPlace;

/// Finds the value (or its key) at `path`. The longest part of the path that exists is taken.
/// @param occurrence which of several equal keys at the last step, from 0
/// @return false if `text` is no JSON up to there
bool para_locate(const char *text, const char *path, int occurrence, bool at_key, ParaPlace *out_place);
/// Line and column of an offset.
ParaPlace para_locate_offset(const char *text, long offset);
/// Fills in offset, line and column of the items from `first` on that have none. Needs list->text.
void para_locate_all(ParaDiagList *list, int first);
