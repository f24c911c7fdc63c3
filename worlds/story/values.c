// SPDX-License-Identifier: MIT
// One value at a time: is it of its field's kind and range, and if not, what would be.
#include "worlds/story/values.h"

#include <math.h>
#include <string.h>

#define PROBLEM PARA_STORY_PROBLEM

const cJSON *para_story_get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *para_story_below(ParaStoryReader *reader, const char *path, const char *key)
{
    return para_arena_printf(reader->arena, "%s/%s", path, para_problem_token(key, reader->arena));
}

const char *para_story_item(ParaStoryReader *reader, const char *path, const char *key, int index)
{
    return para_arena_printf(reader->arena, "%s/%s/%d", path, key, index);
}

static bool is_name(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789-";
    size_t length = strlen(text);
    return length > 0 && length < PARA_NAME_MAX && strspn(text, letters) == length &&
           strcspn(text, "0123456789-") > 0;
}

static bool check_text(ParaStoryReader *reader, const cJSON *item, const char *path)
{
    if (!cJSON_IsString(item))
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a text");
    else if (strlen(item->valuestring) >= PARA_STORY_TEXT_MAX)
        PROBLEM(reader, TEXT_SIZE, path, NULL, "has %zu bytes; the most is %d", strlen(item->valuestring),
                PARA_STORY_TEXT_MAX - 1);
    else
        return true;
    return false;
}

const ParaExpr *para_story_read_expr(ParaStoryReader *reader, const cJSON *item, const char *path)
{
    ParaExprBuilder builder;
    para_expr_begin(&builder, &reader->scope);
    if (cJSON_IsNumber(item)) {
        para_expr_add_number(&builder, item->valuedouble);
    } else if (!cJSON_IsString(item)) {
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a number or an expression");
        return NULL;
    } else if (!para_expr_add_text(&builder, item->valuestring)) {
        ParaDiag *it = builder.error.unknown_name
                           ? PROBLEM(reader, UNKNOWN_VALUE, path, NULL, "%s", builder.error.text)
                           : PROBLEM(reader, EXPRESSION, path, NULL, "%s", builder.error.text);
        (void)it;
        return NULL;
    }
    return para_expr_end(&builder, reader->arena);
}

static void check_number(ParaStoryReader *reader, const cJSON *item, const ParaStoryField *field,
                         const char *path)
{
    double value = item->valuedouble;
    if (!cJSON_IsNumber(item))
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a number");
    else if (!(value >= field->low && value <= field->high))
        PROBLEM(reader, RANGE, path, NULL, "%g is out of its range, %g to %g", value, field->low,
                field->high);
    else if (field->kind == PARA_STORY_WHOLE && value != floor(value))
        PROBLEM(reader, NOT_WHOLE, path, NULL, "must be a whole number");
}

static void check_lines(ParaStoryReader *reader, const cJSON *item, const char *path)
{
    int count = cJSON_GetArraySize(item), index = 0;
    const cJSON *line;
    if (!cJSON_IsArray(item)) {
        check_text(reader, item, path);
        return;
    }
    if (count < 1 || count > PARA_STORY_LINES_MAX)
        PROBLEM(reader, ITEM_COUNT, path, NULL, "%d lines; a card has 1 to %d", count, PARA_STORY_LINES_MAX);
    cJSON_ArrayForEach(line, item)
        check_text(reader, line, para_arena_printf(reader->arena, "%s/%d", path, index++));
}

static const char *const end_words[] = {"solved", "failed", "timeout"};
static const ParaPlayStatus ends[] = {PARA_PLAY_SOLVED, PARA_PLAY_FAILED, PARA_PLAY_TIMEOUT};
#define END_COUNT 3

static uint32_t read_end(ParaStoryReader *reader, const cJSON *item, const char *path)
{
    for (int i = 0; cJSON_IsString(item) && i < END_COUNT; i++)
        if (strcmp(item->valuestring, end_words[i]) == 0)
            return 1u << ends[i];
    const char *close =
        cJSON_IsString(item) ? para_closest_word(item->valuestring, end_words, END_COUNT) : NULL;
    PROBLEM(reader, WORD, path, NULL, "must be solved, failed or timeout%s%s%s",
            close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return 0;
}

uint32_t para_story_read_ends(ParaStoryReader *reader, const cJSON *item, const char *path)
{
    uint32_t bits = 0;
    int index = 0;
    const cJSON *word;
    if (!cJSON_IsArray(item))
        return read_end(reader, item, path);
    if (cJSON_GetArraySize(item) == 0)
        PROBLEM(reader, ITEM_COUNT, path, NULL, "an empty list: no end is meant; leave it out for any");
    cJSON_ArrayForEach(word, item) bits |=
        read_end(reader, word, para_arena_printf(reader->arena, "%s/%d", path, index++));
    return bits;
}

int para_story_read_cause(ParaStoryReader *reader, const cJSON *item, const char *path)
{
    int count, cause = cJSON_IsString(item) ? para_story_cause_find(item->valuestring) : -1;
    const char *const *words = para_story_causes(&count);
    if (cause >= 0)
        return cause;
    const char *close = cJSON_IsString(item) ? para_closest_word(item->valuestring, words, count) : NULL;
    PROBLEM(reader, WORD, path, NULL, "must be a condition of goals, such as shattered or touch%s%s%s",
            close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return -1;
}

static void check_numbers(ParaStoryReader *reader, const cJSON *item, const char *path)
{
    const cJSON *one;
    if (!cJSON_IsObject(item)) {
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be an object of names and numbers");
        return;
    }
    cJSON_ArrayForEach(one, item)
    {
        if (!is_name(one->string) || strchr(one->string, '-'))
            PROBLEM(reader, NAME, path, para_problem_token(one->string, reader->arena),
                    "\"%.60s\" is no name: letters, digits and _, no digit first", one->string)
                ->at_key = true;
        else if (!cJSON_IsNumber(one) || !isfinite(one->valuedouble))
            PROBLEM(reader, WRONG_TYPE, para_story_below(reader, path, one->string), NULL,
                    "must be a number");
    }
}

static void check_list(ParaStoryReader *reader, const cJSON *item, const ParaStoryField *field,
                       const char *path)
{
    int count = cJSON_GetArraySize(item);
    if (!cJSON_IsArray(item))
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a list of %ss", para_story_object_name(field->of));
    else if (count < (int)field->low || count > (int)field->high)
        PROBLEM(reader, ITEM_COUNT, path, NULL, "%d %ss; there must be %g to %g", count,
                para_story_object_name(field->of), field->low, field->high);
}

/// One value by its field; what names and expressions mean is read later.
static void check_value(ParaStoryReader *reader, const cJSON *item, const ParaStoryField *field,
                        const char *path)
{
    switch (field->kind) {
    case PARA_STORY_VERSION:
        if (!cJSON_IsNumber(item) || item->valuedouble != 1.0)
            PROBLEM(reader, VERSION, path, NULL, "must be 1: this program knows no other version");
        break;
    case PARA_STORY_NAME:
        if (!cJSON_IsString(item) || !is_name(item->valuestring))
            PROBLEM(reader, NAME, path, NULL, "must be a name: letters, digits, - and _, no digit first");
        break;
    case PARA_STORY_TEXT:
        check_text(reader, item, path);
        break;
    case PARA_STORY_NOTE:
        if (!cJSON_IsString(item))
            PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a text");
        break;
    case PARA_STORY_LINES:
        check_lines(reader, item, path);
        break;
    case PARA_STORY_NUMBER:
    case PARA_STORY_WHOLE:
        check_number(reader, item, field, path);
        break;
    case PARA_STORY_NUMBERS:
        check_numbers(reader, item, path);
        break;
    case PARA_STORY_EXPRS:
    case PARA_STORY_KEEPS:
        if (!cJSON_IsObject(item))
            PROBLEM(reader, WRONG_TYPE, path, NULL, "must be an object of variables and their values");
        break;
    case PARA_STORY_LIST:
        check_list(reader, item, field, path);
        break;
    case PARA_STORY_EXPR:
    case PARA_STORY_WORDS:
    case PARA_STORY_CAUSE: // as they are read
        break;
    }
}

static const ParaStoryField *find_field(ParaStoryObject object, const char *name)
{
    int count;
    const ParaStoryField *fields = para_story_fields(&count);
    for (int i = 0; i < count; i++)
        if (fields[i].object == object && strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

static void unknown_field(ParaStoryReader *reader, ParaStoryObject object, const cJSON *item,
                          const char *path)
{
    int count, words = 0;
    const ParaStoryField *fields = para_story_fields(&count);
    const char *names[32];
    for (int i = 0; i < count; i++)
        if (fields[i].object == object && words < 32)
            names[words++] = fields[i].name;
    const char *close = para_closest_word(item->string, names, words);
    ParaDiag *it = close
                       ? PROBLEM(reader, UNKNOWN_FIELD, path, para_problem_token(item->string, reader->arena),
                                 "unknown field \"%.60s\"; did you mean \"%s\"?", item->string, close)
                       : PROBLEM(reader, UNKNOWN_FIELD, path, para_problem_token(item->string, reader->arena),
                                 "unknown field \"%.60s\"; a %s has no such thing", item->string,
                                 para_story_object_name(object));
    it->at_key = true;
}

bool para_story_check_object(ParaStoryReader *reader, ParaStoryObject object, const cJSON *json,
                             const char *path)
{
    int count;
    const ParaStoryField *fields = para_story_fields(&count);
    const cJSON *item;
    if (!cJSON_IsObject(json)) {
        PROBLEM(reader, NOT_OBJECT, path, NULL, "must be an object: a %s", para_story_object_name(object));
        return false;
    }
    cJSON_ArrayForEach(item, json)
    {
        const ParaStoryField *field = find_field(object, item->string);
        if (!field) {
            unknown_field(reader, object, item, path);
        } else if (para_story_get(json, item->string) != item) {
            ParaDiag *it = PROBLEM(reader, DUPLICATE_FIELD, path, item->string, "given twice");
            it->at_key = true;
            it->occurrence = 1;
        } else {
            check_value(reader, item, field, para_story_below(reader, path, item->string));
        }
    }
    for (int i = 0; i < count; i++)
        if (fields[i].object == object && fields[i].required && !para_story_get(json, fields[i].name))
            PROBLEM(reader, MISSING_FIELD, path, NULL, "\"%s\" is missing: %s", fields[i].name,
                    fields[i].help);
    return true;
}
