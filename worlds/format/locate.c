// SPDX-License-Identifier: MIT
// The locator: one forward scan that skips strings and nested values. It is lenient about what it skips,
// as the parser has read the same text before.
#include "worlds/format/locate.h"

#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
        at++;
    return at;
}

/// Past the closing quote of the string that opens at `at`; NULL if it has none.
static const char *skip_string(const char *at)
{
    for (at++; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '"')
            return at + 1;
    }
    return NULL;
}

/// Past the value that starts at `at`. Iterative: depth is bounded only by the text.
static const char *skip_value(const char *at)
{
    long depth = 0;
    for (;;) {
        if (*at == '\0')
            return NULL;
        if (*at == '"') {
            at = skip_string(at);
            if (!at)
                return NULL;
            if (depth == 0)
                return at;
            continue;
        }
        if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            if (depth == 0)
                return at;
            if (--depth == 0)
                return at + 1;
        } else if (depth == 0 && (*at == ',' || *at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
            return at;
        }
        at++;
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// One character of a JSON string as a number; bytes stand for themselves, \u below 128 is decoded.
static int next_character(const char **at)
{
    char c = *(*at)++;
    if (c != '\\')
        return (unsigned char)c;
    c = *(*at)++;
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'u': {
        int value = 0;
        for (int k = 0; k < 4 && hex_value(**at) >= 0; k++)
            value = value * 16 + hex_value(*(*at)++);
        return value;
    }
    default:
        return (unsigned char)c;
    }
}

/// Does the key (opening quote at `key`, ending before `end`) equal the pointer token of `length`?
static bool key_equals(const char *key, const char *end, const char *token, size_t length)
{
    const char *at = key + 1, *stop = token + length;
    while (at < end - 1 && token < stop) {
        int wanted = (unsigned char)*token++;
        if (wanted == '~' && token < stop)
            wanted = *token++ == '1' ? '/' : '~';
        if (next_character(&at) != wanted)
            return false;
    }
    return at >= end - 1 && token == stop;
}

/// The start of the wanted field's value in the object at `at`; its key in *out_key. NULL if there is none.
static const char *find_field(const char *at, const char *token, size_t length, int occurrence,
                              const char **out_key)
{
    at = skip_space(at + 1);
    while (*at == '"') {
        const char *key = at, *end = skip_string(at);
        if (!end)
            return NULL;
        at = skip_space(end);
        if (*at != ':')
            return NULL;
        at = skip_space(at + 1);
        if (key_equals(key, end, token, length) && occurrence-- == 0) {
            *out_key = key;
            return at;
        }
        at = skip_value(at);
        if (!at)
            return NULL;
        at = skip_space(at);
        if (*at == ',')
            at = skip_space(at + 1);
    }
    return NULL;
}

static const char *find_item(const char *at, long index)
{
    at = skip_space(at + 1);
    while (*at && *at != ']') {
        if (index-- == 0)
            return at;
        at = skip_value(at);
        if (!at)
            return NULL;
        at = skip_space(at);
        if (*at != ',')
            return NULL;
        at = skip_space(at + 1);
    }
    return NULL;
}

ParaPlace para_locate_offset(const char *text, long offset)
{
    ParaPlace place = {.offset = offset, .line = 1, .column = 1};
    long begin = (long)(para_text_begin(text) - text); // no editor counts it
    for (long k = begin; k < offset && text[k]; k++) {
        place.column++;
        if (text[k] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

bool para_locate(const char *text, const char *path, int occurrence, bool at_key, ParaPlace *out_place)
{
    const char *at = skip_space(para_text_begin(text)), *key = NULL;
    if (*at != '{' && *at != '[')
        return false;
    while (*path == '/') {
        const char *token = ++path;
        while (*path && *path != '/')
            path++;
        size_t length = (size_t)(path - token);
        const char *found = NULL, *found_key = NULL;
        if (*at == '{')
            found = find_field(at, token, length, *path ? 0 : occurrence, &found_key);
        else if (*at == '[')
            found = find_item(at, strtol(token, NULL, 10));
        if (!found)
            break;
        at = found;
        key = found_key;
    }
    *out_place = para_locate_offset(text, (long)((at_key && key ? key : at) - text));
    return true;
}

/// A place in a part that was read from a file, as that file has it: there its author mends it.
static void move_to_part(ParaDiagList *list, ParaDiag *item)
{
    static const char head[] = "/included/";
    const char *key = item->path + sizeof head - 1, *inside = NULL;
    if (strncmp(item->path, head, sizeof head - 1) != 0)
        return;
    inside = strchr(key, '/') ? strchr(key, '/') : key + strlen(key);
    char *path = para_arena_printf(list->arena, "%.*s", (int)(inside - item->path), item->path);
    ParaPlace place;
    if (!para_locate(list->text, path, 0, false, &place))
        return;
    const char *start = list->text + place.offset, *end = skip_value(start);
    if (!end || item->offset < place.offset)
        return;
    while (start > list->text && start[-1] != ':') // white space before it is the file's
        start--;
    char *name = path + sizeof head - 1, *out = name;
    for (const char *at = name; *at; at++) {
        bool slashed = strncmp(at, "~1", 2) == 0;
        char letter = slashed ? '/' : *at;
        at += slashed;
        *out++ = letter;
    }
    *out = '\0';
    const char *slash = strrchr(list->file, '/'); // a part without a folder lay beside its template
    item->file =
        strchr(name, '/') || !slash
            ? name
            : para_arena_printf(list->arena, "%.*s%s", (int)(slash + 1 - list->file), list->file, name);
    item->text = para_arena_printf(list->arena, "%.*s", (int)(end - start), start);
    item->shown = para_arena_strdup(list->arena, inside);
    place = para_locate_offset(item->text, (long)(list->text + item->offset - start));
    item->line = place.line;
    item->column = place.column;
}

void para_locate_all(ParaDiagList *list, int first)
{
    if (!list->text)
        return;
    for (int k = first; k < list->count; k++) {
        ParaDiag *item = &list->items[k];
        ParaPlace place;
        if (item->line > 0)
            continue;
        if (item->offset >= 0)
            place = para_locate_offset(list->text, item->offset);
        else if (!para_locate(list->text, item->path, item->occurrence, item->at_key, &place))
            continue;
        item->offset = place.offset;
        item->line = place.line;
        item->column = place.column;
        move_to_part(list, item);
    }
}
