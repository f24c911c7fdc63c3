// SPDX-License-Identifier: MIT
#pragma once
// JSON as a tree: cJSON's, read and written the same in every locale. cJSON itself asks the process's locale
// for its decimal point, and takes one of several bytes (as in Persian) for another. Whoever parses or prints
// goes through here; the tree in between is cJSON's own.
#include <stdbool.h>
#include <stddef.h>

struct cJSON; // of cjson/cJSON.h

/// @param text ended by a NUL; what follows the value is not looked at   @return NULL: it is no JSON, or
/// there is no memory
struct cJSON *para_json_parse(const char *text);
/// @param size [byte] >= 0 of text   @param out_end out, behind the value, or where it stopped being JSON;
/// may be NULL   @param whole nothing may follow the value but white space and a NUL, which `size` counts
/// then
struct cJSON *para_json_parse_part(const char *text, size_t size, const char **out_end, bool whole);
/// @param broken over several lines   @return for cJSON_free; NULL: there is no memory
char *para_json_print(const struct cJSON *json, bool broken);
