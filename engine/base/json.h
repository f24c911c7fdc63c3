// SPDX-License-Identifier: MIT
#pragma once
// Writing JSON and other text into an arena.
#include "engine/base/arena.h"

/// A text that grows. Levels of nesting up to `broken` get a line per item, deeper ones stay on one line.
typedef struct ParaJson {
    ParaArena *arena;
    char *text;
    size_t size;     ///< [byte] >= 0 written, without the NUL
    size_t capacity; ///< [byte] >= 0 room in text
    int depth;       ///< [1] >= 0 open brackets
    int broken;      ///< [1] >= 0 levels that get a line per item
    bool first;      ///< nothing written yet at this level
} ParaJson;

ParaJson para_json(ParaArena *arena, int broken);
void para_json_format(ParaJson *json, const char *format, ...) __attribute__((format(printf, 2, 3)));
void para_json_open(ParaJson *json, char bracket); ///< '{' or '['
void para_json_close(ParaJson *json, char bracket);
void para_json_key(ParaJson *json, const char *key);
void para_json_item(ParaJson *json); ///< before a value in a list, or a bare bracket
void para_json_string(ParaJson *json, const char *text);
/// With the fewest digits that read back as the same number; it must be finite.
void para_json_double(ParaJson *json, double value);
void para_json_float(ParaJson *json, float value);
void para_json_pair(ParaJson *json, float x, float y);                   ///< [x, y]
void para_json_key_float(ParaJson *json, const char *key, double value); ///< rounded to a float
void para_json_key_int(ParaJson *json, const char *key, int value);
void para_json_key_bool(ParaJson *json, const char *key, bool value);
void para_json_key_string(ParaJson *json, const char *key, const char *text);
