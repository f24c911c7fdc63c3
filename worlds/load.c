// SPDX-License-Identifier: MIT
// Loading: the text is scanned for what no JSON parser should see, cJSON parses, the fields are read, the
// whole is checked, and a few members are sampled. All problems of a pass come in one go.
#include "engine/base/file.h"
#include "worlds/format/data.h"
#include "worlds/format/locate.h"
#include "worlds/sample/members.h"

#include <cjson/cJSON.h>
#include <string.h>

static void problem_at(ParaDiagList *list, ParaCode code, const char *message, size_t offset)
{
    para_problem(list, PARA_DIAG_ERROR, code, "", NULL, "%s", message)->offset = (long)offset;
}

/// Length of a valid UTF-8 sequence at `at`, 0 if there is none.
static size_t utf8_length(const unsigned char *at, size_t room)
{
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    unsigned value = at[0] & (0xffu >> (length + 1));
    if (at[0] < 0xc2 || at[0] > 0xf4 || length > room)
        return 0;
    for (size_t k = 1; k < length; k++) {
        if ((at[k] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[k] & 0x3fu);
    }
    bool shortest = (length == 2) || (length == 3 && value >= 0x800) || (length == 4 && value >= 0x10000);
    return shortest && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff) ? length : 0;
}

/// NUL bytes and escapes (cJSON would cut the text there), broken UTF-8, control characters in texts, depth.
static bool scan(const char *text, size_t size, ParaDiagList *list)
{
    bool in_string = false;
    int depth = 0;
    for (size_t at = 0; at < size;) {
        size_t length = utf8_length((const unsigned char *)text + at, size - at);
        char c = text[at];
        if (length == 0 || c == '\0') {
            problem_at(list, PARA_CODE_TEXT_BYTES,
                       length ? "a NUL byte is not allowed" : "this is not UTF-8 text", at);
            return false;
        }
        if (in_string && (unsigned char)c < 32) {
            problem_at(list, PARA_CODE_TEXT_BYTES,
                       "a text ends with \" on its own line; line breaks and tabs in it are not allowed", at);
            return false;
        }
        if (in_string && c == '\\' && size - at >= 6 && memcmp(text + at, "\\u0000", 6) == 0) {
            problem_at(list, PARA_CODE_TEXT_BYTES, "\\u0000 is not allowed", at);
            return false;
        }
        if (in_string && c == '\\')
            length = at + 1 < size && (unsigned char)text[at + 1] >= 32 && (unsigned char)text[at + 1] < 128
                         ? 2
                         : 1;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
        if (depth > PARA_NESTING_MAX) {
            problem_at(list, PARA_CODE_NESTING,
                       "lists and objects are nested too deeply; the most is 24 levels", at);
            return false;
        }
        at += length;
    }
    return true;
}

static const char *syntax_hint(const char *text, size_t at, size_t size)
{
    if (at >= size)
        return "the text ends too early: a bracket, brace or quote is not closed";
    switch (text[at]) {
    case '}':
    case ']':
        return "there may be a comma too many before this, or a bracket of the wrong kind";
    case '\'':
        return "texts are written in double quotes";
    case '/':
        return "JSON has no comments; use a \"note\" field";
    case '"':
        return "a comma or colon may be missing before this";
    case '+':
    case '.':
        return "a number begins with a digit or a minus";
    default:
        return "a value, comma, colon or closing bracket was expected";
    }
}

static void syntax_problem(ParaDiagList *list, const char *text, size_t size, const char *end)
{
    size_t at = end ? (size_t)(end - text) : 0;
    if (at > size)
        at = size;
    while (at < size && strchr(" \t\r\n", text[at]))
        at++;
    para_problem(list, PARA_DIAG_ERROR, PARA_CODE_SYNTAX, "", NULL, "this is not JSON: %s",
                 syntax_hint(text, at, size))
        ->offset = (long)(at < size || at == 0 ? at : at - 1);
}

/// The objects of a list field, if it could be read.
static const ParaObject *list_of(const ParaObject *root, ParaFieldId id, int *out_count)
{
    const ParaValue *value = para_value(root, id);
    *out_count = value->present ? value->count : 0;
    return value->present ? value->objects : NULL;
}

static bool read_template(ParaTemplate *t, const cJSON *json, ParaArena *arena, ParaDiagList *list)
{
    int errors = list->error_count;
    para_template_decode(t, json, arena, list);
    const ParaValue *name = para_value(&t->root, PARA_FIELD_TEMPLATE_name);
    const ParaValue *about = para_value(&t->root, PARA_FIELD_TEMPLATE_about);
    t->name = name->present ? name->text : "";
    t->about = about->present ? about->text : "";
    t->bodies = list_of(&t->root, PARA_FIELD_TEMPLATE_bodies, &t->body_count);
    t->joints = list_of(&t->root, PARA_FIELD_TEMPLATE_joints, &t->joint_count);
    t->zones = list_of(&t->root, PARA_FIELD_TEMPLATE_zones, &t->zone_count);
    para_template_check(t, arena, list);
    if (list->error_count == errors)
        para_template_check_members(t, list);
    return list->error_count == errors;
}

const ParaTemplate *para_template_load(const char *name, const char *text, size_t size, ParaArena *arena,
                                       ParaDiagList *diagnostics)
{
    if (name)
        diagnostics->file = para_arena_strdup(diagnostics->arena, name);
    int first = diagnostics->count;
    if (size > PARA_TEMPLATE_SIZE_MAX) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL,
                     "the text has %zu bytes; the most is %d", size, PARA_TEMPLATE_SIZE_MAX);
        return NULL;
    }
    // The largest object a few bytes of text can become, times the text: then no allocation below can fail.
    if (para_arena_room(arena) < 300 * size + (1u << 18)) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_TOO_LARGE_MEMORY, "", NULL,
                     "the template may need more memory than there is room for (%zu bytes)",
                     para_arena_room(arena));
        return NULL;
    }
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    diagnostics->text = copy;
    ParaTemplate *t = PARA_NEW(arena, ParaTemplate, 1);
    bool good = scan(copy, size, diagnostics);
    if (good) {
        const char *end = NULL;
        cJSON *json = cJSON_ParseWithLengthOpts(copy, size + 1, &end, true);
        if (!json)
            syntax_problem(diagnostics, copy, size, end);
        good = json && read_template(t, json, arena, diagnostics);
        cJSON_Delete(json);
    }
    para_locate_all(diagnostics, first);
    return good ? t : NULL;
}

const ParaTemplate *para_template_load_file(const char *path, ParaArena *arena, ParaDiagList *diagnostics)
{
    size_t size = 0;
    const char *error = NULL;
    char *text = para_file_read(path, PARA_TEMPLATE_SIZE_MAX, arena, &size, &error);
    diagnostics->file = para_arena_strdup(diagnostics->arena, path);
    if (!text) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL, "%s", error);
        return NULL;
    }
    return para_template_load(path, text, size, arena, diagnostics);
}
