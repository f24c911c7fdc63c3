// SPDX-License-Identifier: MIT
// Streams from JSON, with all that is wrong told at its line, and back to JSON for a run to keep.
#include "worlds/stream/stream.h"

#include "engine/base/file.h"
#include "worlds/format/syntax.h"
#include "worlds/json_tree.h"
#include "worlds/library.h"
#include "worlds/stream/stream_parts.h"

#include <math.h>
#include <string.h>

#define PROBLEM        PARA_STREAM_PROBLEM
#define NAME_BYTES_MAX 200               // [byte] of a name or a path
#define SEED_MAX       999999999999999.0 // a number of JSON is written with 15 digits
#define POINTS         5                 // where the stream does not say
#define DECISIONS      100000            // likewise
#define VALUE_MAX      1e6               // of a parameter, as templates have it

static const char *const root_fields[] = {"stream",    "$schema", "about",  "note",
                                          "decisions", "points",  "repeat", "worlds"};
static const char *const world_fields[] = {"name", "note",  "family", "families", "tier",
                                           "set",  "maker", "seed",   "decisions"};

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/// Fields that there are none of, and those that stand twice.
static void check_fields(ParaStreamReader *reader, const cJSON *object, const char *path,
                         const char *const *words, int count, const char *what)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        bool known = false;
        for (int i = 0; i < count; i++)
            known = known || strcmp(words[i], item->string) == 0;
        const char *close = known ? NULL : para_closest_word(item->string, words, count);
        if (!known)
            PROBLEM(reader, UNKNOWN_FIELD, path, item->string, "%s has no field \"%.60s\"%s%s%s", what,
                    item->string, close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
        for (const cJSON *before = object->child; before != item; before = before->next)
            if (strcmp(before->string, item->string) == 0)
                PROBLEM(reader, DUPLICATE_FIELD, path, item->string, "\"%.60s\" is given twice",
                        item->string);
    }
}

/// A whole number, or `otherwise` where there is none.
static int64_t whole(ParaStreamReader *reader, const cJSON *object, const char *path, const char *key,
                     double low, double high, int64_t otherwise)
{
    const cJSON *item = get(object, key);
    if (!item)
        return otherwise;
    if (!cJSON_IsNumber(item))
        PROBLEM(reader, WRONG_TYPE, path, key, "must be a whole number");
    else if (!(item->valuedouble >= low && item->valuedouble <= high))
        PROBLEM(reader, RANGE, path, key, "must be %.15g to %.15g", low, high);
    else if (item->valuedouble != floor(item->valuedouble))
        PROBLEM(reader, NOT_WHOLE, path, key, "must be a whole number");
    else
        return (int64_t)item->valuedouble;
    return otherwise;
}

static const char *text(ParaStreamReader *reader, const cJSON *object, const char *path, const char *key)
{
    const cJSON *item = get(object, key);
    if (!item)
        return NULL;
    if (!cJSON_IsString(item) || !item->valuestring[0])
        PROBLEM(reader, WRONG_TYPE, path, key, "must be a text that is not empty");
    else if (strlen(item->valuestring) > NAME_BYTES_MAX)
        PROBLEM(reader, TEXT_SIZE, path, key, "has %zu bytes; the most is %d", strlen(item->valuestring),
                NAME_BYTES_MAX);
    else
        return para_arena_strdup(reader->arena, item->valuestring);
    return NULL;
}

/// A family's name as it is, the path of a file from the root.
static const char *family_of(const ParaStreamReader *reader, const char *word)
{
    bool ability = word[strlen(word) - 1] == '/' && word[0] != '.' && word[0] != '/';
    if (ability || !para_library_is_path(word) || word[0] == '/' || !reader->folder[0])
        return para_arena_strdup(reader->arena, word);
    // "drive/rover" is a family of the library unless there is such a file beside the stream.
    const char *beside = para_arena_printf(reader->arena, "%s/%s", reader->folder, word);
    if (para_path_kind(beside) == PARA_PATH_NONE && strstr(word, ".json") == NULL)
        return para_arena_strdup(reader->arena, word);
    return para_path_absolute(beside, reader->arena);
}

/// @return NULL: it is none, as was told
static const char *read_family(ParaStreamReader *reader, const cJSON *item, const char *path)
{
    if (!cJSON_IsString(item) || !item->valuestring[0]) {
        PROBLEM(reader, WRONG_TYPE, path, NULL,
                "must be a family of the library, an ability (\"drive/\") or the path of a template");
        return NULL;
    }
    if (strlen(item->valuestring) > NAME_BYTES_MAX) {
        PROBLEM(reader, TEXT_SIZE, path, NULL, "has %zu bytes; the most is %d", strlen(item->valuestring),
                NAME_BYTES_MAX);
        return NULL;
    }
    return family_of(reader, item->valuestring);
}

static void read_families(ParaStreamReader *reader, const cJSON *json, const char *path, ParaStreamWorld *out)
{
    const cJSON *one = get(json, "family"), *list = get(json, "families"), *item;
    const char **families = PARA_NEW(reader->arena, const char *, PARA_STREAM_FAMILIES_MAX);
    out->families = families;
    if (!one == !list) {
        PROBLEM(reader, MISSING_FIELD, path, NULL, "%s",
                one ? "says \"family\" and \"families\": one of them is enough"
                    : "needs a \"family\", or \"families\" that are learned together");
        return;
    }
    if (one &&
        (families[0] = read_family(reader, one, para_arena_printf(reader->arena, "%s/family", path))) != NULL)
        out->family_count = 1;
    int count = cJSON_GetArraySize(list);
    if (list && (!cJSON_IsArray(list) || count < 1 || count > PARA_STREAM_FAMILIES_MAX)) {
        PROBLEM(reader, ITEM_COUNT, path, "families", "must be a list of 1 to %d families",
                PARA_STREAM_FAMILIES_MAX);
        return;
    }
    int i = 0;
    cJSON_ArrayForEach(item, list)
    {
        const char *where = para_arena_printf(reader->arena, "%s/families/%d", path, i++);
        if ((families[out->family_count] = read_family(reader, item, where)) != NULL)
            out->family_count++;
    }
}

static bool is_value(const cJSON *item)
{
    return cJSON_IsNumber(item) && item->valuedouble >= -VALUE_MAX && item->valuedouble <= VALUE_MAX;
}

static void read_ranges(ParaStreamReader *reader, const cJSON *json, const char *path, ParaStreamWorld *out)
{
    const cJSON *object = get(json, "set"), *item;
    int count = cJSON_GetArraySize(object);
    const char *at = para_arena_printf(reader->arena, "%s/set", path);
    if (!object)
        return;
    if (!cJSON_IsObject(object) || count > PARA_STREAM_RANGES_MAX) {
        PROBLEM(reader, NOT_OBJECT, path, "set", "must be an object of at most %d parameters",
                PARA_STREAM_RANGES_MAX);
        return;
    }
    ParaStreamRange *ranges = PARA_NEW(reader->arena, ParaStreamRange, count + 1);
    cJSON_ArrayForEach(item, object)
    {
        const cJSON *low = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, 0) : item,
                    *high = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, 1) : item;
        if (!is_value(low) || !is_value(high) || (cJSON_IsArray(item) && cJSON_GetArraySize(item) != 2) ||
            low->valuedouble > high->valuedouble)
            PROBLEM(reader, PARAM_RANGE, at, item->string,
                    "must be a number, or two that rise: the least and the most");
        else
            ranges[out->range_count++] =
                (ParaStreamRange){.name = para_arena_strdup(reader->arena, item->string),
                                  .low = low->valuedouble,
                                  .high = high->valuedouble};
    }
    out->ranges = ranges;
}

static void read_maker(ParaStreamReader *reader, const cJSON *json, const char *path, ParaStreamWorld *out)
{
    int count = 0;
    bool known = false;
    out->maker = text(reader, json, path, "maker");
    if (!out->maker || !reader->looks)
        return;
    for (; reader->makers && reader->makers[count]; count++)
        known = known || strcmp(reader->makers[count], out->maker) == 0;
    const char *close = known ? NULL : para_closest_word(out->maker, reader->makers, count);
    if (!known)
        PROBLEM(reader, WORD, path, "maker", "there is no maker \"%.60s\"%s%s%s", out->maker,
                close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
}

static ParaStreamWorld read_world(ParaStreamReader *reader, const cJSON *json, const char *path,
                                  int64_t decisions)
{
    ParaStreamWorld world = {.decisions = decisions};
    if (cJSON_IsString(json)) {
        const char *family = read_family(reader, json, path);
        const char **families = PARA_NEW(reader->arena, const char *, 1);
        families[0] = family;
        world.families = families;
        world.family_count = family != NULL;
    } else if (!cJSON_IsObject(json)) {
        PROBLEM(reader, NOT_OBJECT, path, NULL, "must be a family's name, or an object that has one");
        return world;
    } else {
        check_fields(reader, json, path, world_fields, (int)(sizeof world_fields / sizeof *world_fields),
                     "a world of a stream");
        read_families(reader, json, path, &world);
        read_ranges(reader, json, path, &world);
        read_maker(reader, json, path, &world);
        world.tier = text(reader, json, path, "tier");
        world.name = text(reader, json, path, "name");
        world.seed = (uint64_t)whole(reader, json, path, "seed", 0, SEED_MAX, 0);
        world.decisions =
            whole(reader, json, path, "decisions", 1, (double)PARA_STREAM_DECISIONS_MAX, decisions);
    }
    if (!world.name && world.family_count > 0) {
        const char *slash = strrchr(world.families[0], '/');
        bool plain = world.family_count > 1 || !slash || !slash[1];
        world.name = plain ? world.families[0] : slash + 1;
        size_t length = strlen(world.name);
        if (length > 5 && strcmp(world.name + length - 5, ".json") == 0)
            world.name = para_arena_printf(reader->arena, "%.*s", (int)(length - 5), world.name);
        if (world.family_count > 1)
            world.name =
                para_arena_printf(reader->arena, "%s and %d more", world.name, world.family_count - 1);
    }
    if (reader->looks)
        para_stream_look(reader, &world, path, cJSON_IsString(json));
    return world;
}

static void read_worlds(ParaStreamReader *reader, const cJSON *json, ParaWorldStream *out)
{
    const cJSON *list = get(json, "worlds"), *item;
    int64_t decisions = whole(reader, json, "", "decisions", 1, (double)PARA_STREAM_DECISIONS_MAX, DECISIONS);
    int repeat = (int)whole(reader, json, "", "repeat", 1, PARA_STREAM_WORLDS_MAX, 1);
    int count = cJSON_GetArraySize(list);
    if (!cJSON_IsArray(list) || count < 1 || count * repeat > PARA_STREAM_WORLDS_MAX) {
        PROBLEM(reader, ITEM_COUNT, "", list ? "worlds" : NULL,
                "needs \"worlds\": a list of 1 to %d, with those that are repeated", PARA_STREAM_WORLDS_MAX);
        return;
    }
    ParaStreamWorld *worlds = PARA_NEW(reader->arena, ParaStreamWorld, count * repeat);
    cJSON_ArrayForEach(item, list)
    {
        const char *path = para_arena_printf(reader->arena, "/worlds/%d", out->world_count);
        worlds[out->world_count++] = read_world(reader, item, path, decisions);
    }
    for (; out->world_count < count * repeat; out->world_count++)
        worlds[out->world_count] = worlds[out->world_count - count];
    out->worlds = worlds;
}

static ParaWorldStream *read_stream(ParaStreamReader *reader, const cJSON *json)
{
    int errors = reader->list->error_count;
    if (!cJSON_IsObject(json)) {
        PROBLEM(reader, NOT_OBJECT, "", NULL, "a stream is an object that has \"worlds\"");
        return NULL;
    }
    ParaWorldStream *stream = PARA_NEW(reader->arena, ParaWorldStream, 1);
    check_fields(reader, json, "", root_fields, (int)(sizeof root_fields / sizeof *root_fields), "a stream");
    if (!get(json, "stream"))
        PROBLEM(reader, MISSING_FIELD, "", NULL, "needs \"stream\": 1, the version of this format");
    whole(reader, json, "", "stream", 1, 1, 1);
    const cJSON *about = get(json, "about");
    stream->about = cJSON_IsString(about) ? para_arena_strdup(reader->arena, about->valuestring) : "";
    stream->points = (int)whole(reader, json, "", "points", 1, PARA_STREAM_POINTS_MAX, POINTS);
    read_worlds(reader, json, stream);
    return reader->list->error_count == errors ? stream : NULL;
}

/// The folder of a path; "." where it names none.
static const char *folder_of(const char *path, ParaArena *arena)
{
    const char *slash = strrchr(path, '/');
    return slash == path ? "/" : slash ? para_arena_printf(arena, "%.*s", (int)(slash - path), path) : ".";
}

const ParaWorldStream *para_stream_load(const char *path, const char *text, size_t size,
                                        const char *const *makers, ParaArena *arena, ParaDiagList *list)
{
    int first = list->count;
    ParaStreamReader reader = {
        .arena = arena, .list = list, .folder = folder_of(path, arena), .makers = makers, .looks = true};
    list->file = para_arena_strdup(list->arena, path);
    if (size > PARA_STREAM_SIZE_MAX) {
        PROBLEM(&reader, UNREADABLE, "", NULL, "the text has %zu bytes; the most is %d", size,
                PARA_STREAM_SIZE_MAX);
        return NULL;
    }
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    copy[size] = '\0';
    list->text = copy;
    bool good = para_syntax_check(copy, size, list);
    cJSON *json = good ? para_json_parse_part(copy, size + 1, NULL, true) : NULL;
    if (good && !json)
        PROBLEM(&reader, SYNTAX, "", NULL, "the parser takes no such JSON, or there is no memory for it");
    const ParaWorldStream *stream = json ? read_stream(&reader, json) : NULL;
    cJSON_Delete(json);
    para_problems_locate(list, first);
    return stream;
}

const ParaWorldStream *para_stream_load_file(const char *path, const char *const *makers, ParaArena *arena,
                                             ParaDiagList *list)
{
    const char *error = NULL;
    size_t size = 0;
    char *text = para_file_read(path, PARA_STREAM_SIZE_MAX, arena, &size, &error);
    if (!text) {
        list->file = para_arena_strdup(list->arena, path);
        para_problem(list, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL, "%s", error);
        return NULL;
    }
    return para_stream_load(path, text, size, makers, arena, list);
}

// ---------------------------------------------------------------------------------------------
// As a run keeps it.

static void put_world(cJSON *list, const ParaStreamWorld *world)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(list, object);
    cJSON_AddStringToObject(object, "name", world->name);
    cJSON *families = cJSON_AddArrayToObject(object, "families");
    for (int i = 0; i < world->family_count; i++)
        cJSON_AddItemToArray(families, cJSON_CreateString(world->families[i]));
    if (world->tier)
        cJSON_AddStringToObject(object, "tier", world->tier);
    cJSON *set = world->range_count > 0 ? cJSON_AddObjectToObject(object, "set") : NULL;
    for (int i = 0; i < world->range_count; i++) {
        double both[2] = {world->ranges[i].low, world->ranges[i].high};
        cJSON_AddItemToObject(set, world->ranges[i].name, cJSON_CreateDoubleArray(both, 2));
    }
    if (world->maker)
        cJSON_AddStringToObject(object, "maker", world->maker);
    cJSON_AddNumberToObject(object, "seed", (double)world->seed);
    cJSON_AddNumberToObject(object, "decisions", (double)world->decisions);
}

char *para_stream_to_json(const ParaWorldStream *stream, ParaArena *arena)
{
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "stream", 1);
    cJSON_AddStringToObject(root, "about", stream->about);
    cJSON_AddNumberToObject(root, "points", stream->points);
    cJSON *list = cJSON_AddArrayToObject(root, "worlds");
    for (int i = 0; i < stream->world_count; i++)
        put_world(list, &stream->worlds[i]);
    char *printed = para_json_print(root, false), *copy = printed ? para_arena_strdup(arena, printed) : NULL;
    cJSON_free(printed);
    cJSON_Delete(root);
    return copy;
}

const ParaWorldStream *para_stream_from_json(const char *text, ParaArena *arena, const char **out_error)
{
    ParaDiagList list = para_diag_list(arena, "stream", text);
    ParaStreamReader reader = {.arena = arena, .list = &list, .folder = ""};
    cJSON *json = strlen(text) <= PARA_STREAM_SIZE_MAX ? para_json_parse(text) : NULL;
    const ParaWorldStream *stream = json ? read_stream(&reader, json) : NULL;
    cJSON_Delete(json);
    if (!stream)
        *out_error = para_arena_printf(
            arena, "its stream does not read: %s%s", list.count > 0 ? list.items[0].path : "",
            list.count > 0 ? para_arena_printf(arena, " %s", list.items[0].message) : "it is no JSON");
    return stream;
}
