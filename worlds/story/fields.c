// SPDX-License-Identifier: MIT
// The table of a story's fields, and its schema.
#include "worlds/story/fields.h"

#include "engine/base/assert.h"
#include "engine/base/json.h"
#include "worlds/story/story.h"

#include <string.h>

#define ROOT(name, kind, required, low, high, of, help)                                                      \
    {                                                                                                        \
        PARA_STORY_ROOT, name, PARA_STORY_##kind, required, low, high, of, help                              \
    }
#define SCENE(name, kind, required, low, high, of, help)                                                     \
    {                                                                                                        \
        PARA_STORY_SCENE, name, PARA_STORY_##kind, required, low, high, of, help                             \
    }
#define ROW(object, name, kind, required, help)                                                              \
    {                                                                                                        \
        PARA_STORY_##object, name, PARA_STORY_##kind, required, 0, 0, PARA_STORY_ROOT, help                  \
    }

static const ParaStoryField fields[] = {
    ROW(ROOT, "story", VERSION, true, "1: the version of this format"),
    ROW(ROOT, "$schema", NOTE, false, "of the format, for editors"),
    ROW(ROOT, "name", TEXT, true, "what the story is called"),
    ROW(ROOT, "about", TEXT, false, "one line on it"),
    ROW(ROOT, "note", NOTE, false, "for people who read the file"),
    ROW(ROOT, "variables", NUMBERS, false, "what the story remembers, with the values it begins with"),
    ROW(ROOT, "start", NAME, false, "the first scene; else the first of the list"),
    ROOT("scenes", LIST, true, 1, PARA_STORY_SCENES_MAX, PARA_STORY_SCENE, "levels that are played"),
    ROOT("endings", LIST, true, 1, PARA_STORY_ENDINGS_MAX, PARA_STORY_ENDING, "how it may end"),
    ROW(SCENE, "name", NAME, true, "what branches call it"),
    ROW(SCENE, "title", TEXT, false, "on its card"),
    ROW(SCENE, "note", NOTE, false, "for people who read the file"),
    ROW(SCENE, "level", TEXT, true, "a family of the library, or the path of a template beside the story"),
    SCENE("seed", WHOLE, false, 0, 9007199254740992.0, PARA_STORY_ROOT, "which member of the family; 0"),
    ROW(SCENE, "set", NUMBERS, false, "values of the family's parameters"),
    ROW(SCENE, "before", LINES, false, "the card before it"),
    SCENE("during", LIST, false, 1, PARA_STORY_CAPTIONS_MAX, PARA_STORY_CAPTION, "said while it is played"),
    ROW(SCENE, "keep", KEEPS, false,
        "variables of the story that take a value when the scene has ended: an expression, or level.NAME, a "
        "variable of the level"),
    SCENE("then", LIST, true, 1, PARA_STORY_BRANCHES_MAX, PARA_STORY_BRANCH,
          "where it goes on: the first that holds"),
    {PARA_STORY_CAPTION, "at", PARA_STORY_NUMBER, false, 0, 3600, PARA_STORY_ROOT, "[s] not before; 0"},
    ROW(CAPTION, "when", EXPR, false, "not before this holds"),
    ROW(CAPTION, "say", TEXT, true, "the line"),
    ROW(CAPTION, "note", NOTE, false, "for people who read the file"),
    ROW(BRANCH, "on", WORDS, false, "how the scene ended: solved, failed, timeout; else however it did"),
    ROW(BRANCH, "cause", CAUSE, false,
        "the condition that ended it, as goals call it: shattered, touch, ..."),
    ROW(BRANCH, "when", EXPR, false, "what must hold, too"),
    ROW(BRANCH, "set", EXPRS, false, "new values of variables, in this order"),
    ROW(BRANCH, "say", LINES, false, "a card before it goes on"),
    ROW(BRANCH, "go", NAME, true, "a scene or an ending"),
    ROW(BRANCH, "note", NOTE, false, "for people who read the file"),
    ROW(ENDING, "name", NAME, true, "what branches call it"),
    ROW(ENDING, "title", TEXT, true, "on its card"),
    ROW(ENDING, "text", LINES, true, "its card"),
    ROW(ENDING, "note", NOTE, false, "for people who read the file"),
};

const ParaStoryField *para_story_fields(int *out_count)
{
    *out_count = (int)(sizeof fields / sizeof *fields);
    return fields;
}

const char *para_story_object_name(ParaStoryObject object)
{
    static const char *const names[] = {"story", "scene", "caption", "branch", "ending"};
    _Static_assert(sizeof names / sizeof *names == PARA_STORY_OBJECTS, "a name for each");
    return names[object];
}

const char *const *para_story_causes(int *out_count)
{
    static const char *const words[] = {
#define PARA_GOAL(id, word, ...) #word,
#include "worlds/level/kinds.def"
    };
    *out_count = (int)(sizeof words / sizeof *words);
    return words;
}

int para_story_cause_find(const char *word)
{
    int count;
    const char *const *words = para_story_causes(&count);
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

// ---------------------------------------------------------------------------------------------
// The schema.

static void put_raw(ParaJson *json, const char *key, const char *text)
{
    para_json_key(json, key);
    para_json_format(json, "%s", text);
}

static void put_words(ParaJson *json, const char *const *words, int count)
{
    para_json_key(json, "enum");
    para_json_open(json, '[');
    for (int i = 0; i < count; i++) {
        para_json_item(json);
        para_json_string(json, words[i]);
    }
    para_json_close(json, ']');
}

static void put_bounds(ParaJson *json, const char *low, const char *high, const ParaStoryField *field)
{
    para_json_key(json, low);
    para_json_double(json, field->low);
    para_json_key(json, high);
    para_json_double(json, field->high);
}

static void put_kind(ParaJson *json, const ParaStoryField *field)
{
    static const char text[] = "{\"type\": \"string\", \"maxLength\": 160}";
    static const char value[] = "{\"type\": [\"number\", \"string\"]}";
    static const char end[] = "{\"enum\": [\"solved\", \"failed\", \"timeout\"]}";
    const char *const *causes;
    int count;
    switch (field->kind) {
    case PARA_STORY_VERSION:
        put_raw(json, "const", "1");
        break;
    case PARA_STORY_NAME:
        put_raw(json, "type", "\"string\"");
        put_raw(json, "pattern", "\"^[A-Za-z_][A-Za-z0-9_-]*$\"");
        break;
    case PARA_STORY_TEXT:
        put_raw(json, "type", "\"string\"");
        para_json_key_int(json, "maxLength", PARA_STORY_TEXT_MAX - 1);
        break;
    case PARA_STORY_NOTE:
        put_raw(json, "type", "\"string\"");
        break;
    case PARA_STORY_LINES:
        para_json_key(json, "anyOf");
        para_json_format(json,
                         "[%s, {\"type\": \"array\", \"items\": %s, \"minItems\": 1, \"maxItems\": %d}]",
                         text, text, PARA_STORY_LINES_MAX);
        break;
    case PARA_STORY_NUMBER:
    case PARA_STORY_WHOLE:
        put_raw(json, "type", field->kind == PARA_STORY_WHOLE ? "\"integer\"" : "\"number\"");
        put_bounds(json, "minimum", "maximum", field);
        break;
    case PARA_STORY_EXPR:
        put_raw(json, "type", "[\"number\", \"string\"]");
        break;
    case PARA_STORY_WORDS:
        para_json_key(json, "anyOf");
        para_json_format(json, "[%s, {\"type\": \"array\", \"items\": %s, \"minItems\": 1}]", end, end);
        break;
    case PARA_STORY_CAUSE:
        causes = para_story_causes(&count);
        put_words(json, causes, count);
        break;
    case PARA_STORY_NUMBERS:
        put_raw(json, "type", "\"object\"");
        put_raw(json, "additionalProperties", "{\"type\": \"number\"}");
        break;
    case PARA_STORY_EXPRS:
    case PARA_STORY_KEEPS:
        put_raw(json, "type", "\"object\"");
        put_raw(json, "additionalProperties", value);
        break;
    case PARA_STORY_LIST:
        put_raw(json, "type", "\"array\"");
        put_bounds(json, "minItems", "maxItems", field);
        para_json_key(json, "items");
        para_json_format(json, "{\"$ref\": \"#/$defs/%s\"}", para_story_object_name(field->of));
        break;
    }
}

static void put_required(ParaJson *json, ParaStoryObject object)
{
    para_json_key(json, "required");
    para_json_open(json, '[');
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].object == object && fields[i].required) {
            para_json_item(json);
            para_json_string(json, fields[i].name);
        }
    para_json_close(json, ']');
}

static void put_object(ParaJson *json, ParaStoryObject object)
{
    put_raw(json, "type", "\"object\"");
    put_raw(json, "additionalProperties", "false");
    put_required(json, object);
    para_json_key(json, "properties");
    para_json_open(json, '{');
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].object == object) {
            para_json_key(json, fields[i].name);
            para_json_open(json, '{');
            para_json_key_string(json, "description", fields[i].help);
            put_kind(json, &fields[i]);
            para_json_close(json, '}');
        }
    para_json_close(json, '}');
}

char *para_story_schema(ParaArena *arena)
{
    ParaJson json = para_json(arena, 4);
    para_json_open(&json, '{');
    para_json_key_string(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    para_json_key_string(&json, "title", "Paracosm story, version 1");
    put_object(&json, PARA_STORY_ROOT);
    para_json_key(&json, "$defs");
    para_json_open(&json, '{');
    for (int object = PARA_STORY_ROOT + 1; object < PARA_STORY_OBJECTS; object++) {
        para_json_key(&json, para_story_object_name((ParaStoryObject)object));
        para_json_open(&json, '{');
        put_object(&json, (ParaStoryObject)object);
        para_json_close(&json, '}');
    }
    para_json_close(&json, '}');
    para_json_close(&json, '}');
    return json.text;
}
