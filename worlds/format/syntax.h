// SPDX-License-Identifier: MIT
#pragma once
// Is a text JSON as the standard (RFC 8259) has it, and if not, which slip was it? cJSON does the parsing; it
// is lenient in places ("01", "5.") and tells an offset, no reason. This looks first, names the slip in a
// person's words, and says where. Used by the loader. Private to worlds.
#include "engine/base/diag.h"

#include <stddef.h>

/// Looks through the whole text: bytes, words, numbers, commas and brackets, nesting.
/// @param text [size] and a NUL behind it   @param list gets at most one problem, with its offset
/// @return true if it is JSON that cJSON reads to its end   Cost: one pass; no heap
bool para_syntax_check(const char *text, size_t size, ParaDiagList *list);
