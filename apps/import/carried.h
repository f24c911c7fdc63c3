// SPDX-License-Identifier: MIT
#pragma once
// What `import` and `export` tell of a level: its errors, and what could not be carried over, which are the
// warnings of its list.
#include "engine/base/diag.h"

struct cJSON; // of cjson/cJSON.h

/// Adds "errors" and "not_carried_over", lists of {path, message}.
void para_carried_to_json(const ParaDiagList *list, struct cJSON *object);
/// Prints a line for each: on stdout where the level came through, else its errors alone, on stderr.
void para_carried_print(const ParaDiagList *list, bool good);
