// SPDX-License-Identifier: MIT
// A small JSON writer. Commas, line breaks and indents follow from the order of the calls.
#include "engine/base/json.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdarg.h>
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
    int length = para_text_format_v(NULL, 0, format, arguments);
    va_end(arguments);
    PARA_ASSERT(length >= 0);
    reserve(json, (size_t)length + 1);
    para_text_format_v(json->text + json->size, (size_t)length + 1, format, again);
    json->size += (size_t)length;
    va_end(again);
}

static void append(ParaJson *json, const char *text, size_t size)
{
    reserve(json, size + 1);
    memcpy(json->text + json->size, text, size);
    json->size += size;
    json->text[json->size] = '\0';
}

static void new_line(ParaJson *json)
{
    if (json->depth > json->broken)
        return;
    append(json, "\n", 1);
    for (int level = 0; level < json->depth; level++)
        append(json, "  ", 2);
}

void para_json_item(ParaJson *json)
{
    if (!json->first)
        append(json, ", ", json->depth > json->broken ? 2 : 1);
    if (json->depth > 0)
        new_line(json);
    json->first = false;
}

void para_json_open(ParaJson *json, char bracket)
{
    append(json, &bracket, 1);
    json->depth++;
    json->first = true;
}

void para_json_close(ParaJson *json, char bracket)
{
    PARA_ASSERT(json->depth > 0); // one close for each open
    json->depth--;
    if (!json->first && json->depth + 1 <= json->broken)
        new_line(json);
    append(json, &bracket, 1);
    json->first = false;
}

void para_json_key(ParaJson *json, const char *key)
{
    para_json_item(json);
    para_json_string(json, key);
    append(json, ": ", 2);
}

void para_json_string(ParaJson *json, const char *text)
{
    append(json, "\"", 1);
    for (; *text; text++) {
        if ((unsigned char)*text < 32) {
            para_json_format(json, "\\u%04x", (unsigned)*text);
            continue;
        }
        if (*text == '"' || *text == '\\')
            append(json, "\\", 1);
        append(json, text, 1);
    }
    append(json, "\"", 1);
}

void para_json_double(ParaJson *json, double value)
{
    char text[PARA_NUMBER_SIZE];
    PARA_ASSERT(isfinite(value)); // JSON has no others
    para_text_double(value, text);
    append(json, text, strlen(text));
}

void para_json_float(ParaJson *json, float value)
{
    char text[PARA_NUMBER_SIZE];
    PARA_ASSERT(isfinite(value));
    para_text_float(value, text);
    append(json, text, strlen(text));
}

void para_json_pair(ParaJson *json, float x, float y)
{
    para_json_open(json, '[');
    para_json_item(json);
    para_json_float(json, x);
    para_json_item(json);
    para_json_float(json, y);
    para_json_close(json, ']');
}

void para_json_key_float(ParaJson *json, const char *key, double value)
{
    para_json_key(json, key);
    para_json_float(json, (float)value);
}

void para_json_key_int(ParaJson *json, const char *key, int value)
{
    para_json_key(json, key);
    para_json_format(json, "%d", value);
}

void para_json_key_bool(ParaJson *json, const char *key, bool value)
{
    para_json_key(json, key);
    para_json_format(json, value ? "true" : "false");
}

void para_json_key_string(ParaJson *json, const char *key, const char *text)
{
    para_json_key(json, key);
    para_json_string(json, text);
}
