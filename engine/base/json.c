// SPDX-License-Identifier: MIT
// A small JSON writer. Commas, line breaks and indents follow from the order of the calls.
#include "engine/base/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

ParaJson para_json(ParaArena *arena, int broken)
{
    ParaJson json = {.arena = arena, .capacity = 4096, .broken = broken, .first = true};
    json.text = para_arena_alloc(arena, json.capacity);
    return json;
}

static void reserve(ParaJson *json, size_t more)
{
    if (json->size + more < json->capacity)
        return;
    size_t capacity = 2 * (json->size + more);
    char *text = para_arena_alloc(json->arena, capacity);
    memcpy(text, json->text, json->size);
    json->text = text;
    json->capacity = capacity;
}

void para_json_format(ParaJson *json, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        reserve(json, (size_t)length + 1);
        vsnprintf(json->text + json->size, (size_t)length + 1, format, again);
        json->size += (size_t)length;
    }
    va_end(again);
}

static void new_line(ParaJson *json)
{
    if (json->depth > json->broken)
        return;
    para_json_format(json, "\n%*s", 2 * json->depth, "");
}

void para_json_item(ParaJson *json)
{
    if (!json->first)
        para_json_format(json, json->depth > json->broken ? ", " : ",");
    if (json->depth > 0)
        new_line(json);
    json->first = false;
}

void para_json_open(ParaJson *json, char bracket)
{
    para_json_format(json, "%c", bracket);
    json->depth++;
    json->first = true;
}

void para_json_close(ParaJson *json, char bracket)
{
    json->depth--;
    if (!json->first && json->depth + 1 <= json->broken)
        new_line(json);
    para_json_format(json, "%c", bracket);
    json->first = false;
}

void para_json_key(ParaJson *json, const char *key)
{
    para_json_item(json);
    para_json_string(json, key);
    para_json_format(json, ": ");
}

void para_json_string(ParaJson *json, const char *text)
{
    para_json_format(json, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            para_json_format(json, "\\%c", *text);
        else if ((unsigned char)*text < 32)
            para_json_format(json, "\\u%04x", (unsigned)*text);
        else
            para_json_format(json, "%c", *text);
    }
    para_json_format(json, "\"");
}

void para_json_key_string(ParaJson *json, const char *key, const char *text)
{
    para_json_key(json, key);
    para_json_string(json, text);
}
