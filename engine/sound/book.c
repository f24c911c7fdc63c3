// SPDX-License-Identifier: MIT
// Reads the recipes: every number named, within its range, none left out and none too many.
#include "engine/sound/book.h"

#include "engine/base/assert.h"
#include "engine/sound/recipes.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <string.h>

typedef struct Field {
    const char *name;
    size_t offset;
    double low, high;
} Field;

#define FIELD(type, member, name, low, high)                                                                 \
    {                                                                                                        \
        name, offsetof(type, member), low, high                                                              \
    }

static const Field mode_fields[] = {FIELD(ParaSoundMode, ratio, "ratio", 0.25, 32),
                                    FIELD(ParaSoundMode, gain, "gain", 0, 1),
                                    FIELD(ParaSoundMode, decay, "decay", 0.003, 6),
                                    {NULL, 0, 0, 0}};
static const Field note_fields[] = {FIELD(ParaSoundNote, at, "at", 0, 10),
                                    FIELD(ParaSoundNote, pitch, "pitch", 0, 127),
                                    FIELD(ParaSoundNote, gain, "gain", 0, 1),
                                    {NULL, 0, 0, 0}};
static const Field hum_fields[] = {FIELD(ParaSoundHum, gain, "gain", 0, 2),
                                   FIELD(ParaSoundHum, low, "low", 10, 12000),
                                   FIELD(ParaSoundHum, high, "high", 10, 12000),
                                   FIELD(ParaSoundHum, full, "full", 0.01, 1e6),
                                   {NULL, 0, 0, 0}};
static const Field cue_fields[] = {FIELD(ParaSoundCueRecipe, attack, "attack", 0, 1), {NULL, 0, 0, 0}};
static const Field material_fields[] = {FIELD(ParaSoundMaterial, pitch, "pitch", 30, 8000),
                                        FIELD(ParaSoundMaterial, hardness, "hardness", 0, 1),
                                        FIELD(ParaSoundMaterial, level, "level", 0, 2),
                                        FIELD(ParaSoundMaterial, click_gain, "click_gain", 0, 2),
                                        FIELD(ParaSoundMaterial, click_decay, "click_decay", 0.001, 1),
                                        FIELD(ParaSoundMaterial, click_cutoff, "click_cutoff", 50, 16000),
                                        FIELD(ParaSoundMaterial, rub_gain, "rub_gain", 0, 2),
                                        FIELD(ParaSoundMaterial, rub_low, "rub_low", 50, 12000),
                                        FIELD(ParaSoundMaterial, rub_high, "rub_high", 50, 12000),
                                        FIELD(ParaSoundMaterial, pieces, "pieces", 0, 16),
                                        FIELD(ParaSoundMaterial, piece_pitch, "piece_pitch", 0.5, 16),
                                        FIELD(ParaSoundMaterial, piece_spread, "piece_spread", 0, 2),
                                        {NULL, 0, 0, 0}};

/// Where a reader is, for what it says.
typedef struct Reader {
    ParaArena *arena;
    const char **error; ///< NULL so far: all is well
} Reader;

static bool refuse(Reader *reader, const char *where, const char *name, const char *what)
{
    if (!*reader->error)
        *reader->error = para_arena_printf(reader->arena, "%s/%s: %s", where, name, what);
    return false;
}

static bool is_named(const Field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return true;
    return false;
}

/// The numbers of an object into a struct; `lists` are keys that others read.
static bool read_fields(Reader *reader, const cJSON *object, const char *where, const Field *fields,
                        const char *const lists[2], void *out)
{
    if (!cJSON_IsObject(object))
        return refuse(reader, where, "", "must be an object");
    for (const Field *field = fields; field->name; field++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, field->name);
        if (!cJSON_IsNumber(item))
            return refuse(reader, where, field->name, "must be a number");
        if (!(item->valuedouble >= field->low && item->valuedouble <= field->high))
            return refuse(reader, where, field->name, "is out of its range");
        float value = (float)item->valuedouble;
        memcpy((char *)out + field->offset, &value, sizeof value);
    }
    for (const cJSON *item = object->child; item; item = item->next)
        if (!is_named(fields, item->string) && !(lists[0] && strcmp(lists[0], item->string) == 0) &&
            !(lists[1] && strcmp(lists[1], item->string) == 0))
            return refuse(reader, where, item->string, "is not known");
    return true;
}

static const char *const no_lists[2];

static bool read_list(Reader *reader, const cJSON *object, const char *where, const char *name,
                      const Field *fields, size_t size, int max, void *out, int *out_count)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, name), *item;
    int count = cJSON_GetArraySize(list);
    if (!cJSON_IsArray(list) || count < 1 || count > max)
        return refuse(reader, where, name, "must be a list, neither empty nor too long");
    *out_count = 0;
    cJSON_ArrayForEach(item, list)
    {
        if (!read_fields(reader, item, para_arena_printf(reader->arena, "%s/%s/%d", where, name, *out_count),
                         fields, no_lists, (char *)out + size * (size_t)*out_count))
            return false;
        ++*out_count;
    }
    return true;
}

static bool read_material(Reader *reader, const cJSON *object, const char *where, ParaSoundMaterial *out)
{
    static const char *const lists[2] = {"modes", NULL};
    return read_fields(reader, object, where, material_fields, lists, out) &&
           read_list(reader, object, where, "modes", mode_fields, sizeof *out->modes, PARA_SOUND_MODES_MAX,
                     out->modes, &out->mode_count);
}

static bool read_cue(Reader *reader, const cJSON *object, const char *where, ParaSoundCueRecipe *out)
{
    static const char *const lists[2] = {"modes", "notes"};
    return read_fields(reader, object, where, cue_fields, lists, out) &&
           read_list(reader, object, where, "modes", mode_fields, sizeof *out->modes, PARA_SOUND_MODES_MAX,
                     out->modes, &out->mode_count) &&
           read_list(reader, object, where, "notes", note_fields, sizeof *out->notes, PARA_SOUND_NOTES_MAX,
                     out->notes, &out->note_count);
}

const char *para_sound_cue_name(ParaSoundCue cue)
{
    static const char *const names[] = {"start", "success", "failure", "collect", "tick", "page", "ending"};
    _Static_assert(sizeof names / sizeof *names == PARA_CUE_COUNT, "a name for each cue");
    return names[cue];
}

const char *para_sound_material_name(ParaSurface material)
{
    static const char *const names[] = {"plain", "wood",   "stone", "metal", "ice",
                                        "glass", "rubber", "cloth", "earth"};
    _Static_assert(sizeof names / sizeof *names == PARA_SURFACE_COUNT, "a name for each material");
    return names[material];
}

static bool read_materials(Reader *reader, const cJSON *root, ParaSoundBook *book)
{
    for (int i = 0; i < PARA_SURFACE_COUNT; i++) {
        const char *name = para_sound_material_name((ParaSurface)i);
        if (!read_material(reader, cJSON_GetObjectItemCaseSensitive(root, name), name, &book->materials[i]))
            return false;
    }
    return cJSON_GetArraySize(root) == PARA_SURFACE_COUNT ||
           refuse(reader, "materials", "", "has one that is not known");
}

static bool read_hums(Reader *reader, const cJSON *root, ParaSoundBook *book)
{
    const struct {
        const char *name;
        ParaSoundHum *out;
    } rows[] = {{"roll", &book->roll},   {"motor", &book->motor},   {"thruster", &book->thruster},
                {"water", &book->water}, {"splash", &book->splash}, {"bubble", &book->bubble}};
    const int count = (int)(sizeof rows / sizeof *rows);
    for (int i = 0; i < count; i++)
        if (!read_fields(reader, cJSON_GetObjectItemCaseSensitive(root, rows[i].name), rows[i].name,
                         hum_fields, no_lists, rows[i].out))
            return false;
    return cJSON_GetArraySize(root) == count || refuse(reader, "hums", "", "has one that is not known");
}

static bool read_cues(Reader *reader, const cJSON *root, ParaSoundBook *book)
{
    for (int i = 0; i < PARA_CUE_COUNT; i++) {
        const char *name = para_sound_cue_name((ParaSoundCue)i);
        if (!read_cue(reader, cJSON_GetObjectItemCaseSensitive(root, name), name, &book->cues[i]))
            return false;
    }
    return cJSON_GetArraySize(root) == PARA_CUE_COUNT ||
           refuse(reader, "cues", "", "has one that is not known");
}

const ParaSoundBook *para_sound_book_read(const char *materials, const char *hums, const char *cues,
                                          ParaArena *arena, const char **out_error)
{
    *out_error = NULL;
    Reader reader = {arena, out_error};
    ParaSoundBook *book = PARA_NEW(arena, ParaSoundBook, 1);
    const struct {
        const char *name, *text;
        bool (*read)(Reader *reader, const cJSON *root, ParaSoundBook *book);
    } parts[] = {
        {"materials", materials, read_materials}, {"hums", hums, read_hums}, {"cues", cues, read_cues}};
    bool good = true;
    for (int i = 0; i < 3 && good; i++) {
        cJSON *root = para_json_parse(parts[i].text);
        good = root ? parts[i].read(&reader, root, book) : refuse(&reader, parts[i].name, "", "is no JSON");
        cJSON_Delete(root);
    }
    return good ? book : NULL;
}

const ParaSoundBook *para_sound_book(ParaArena *arena)
{
    const char *error = NULL;
    const ParaSoundBook *book =
        para_sound_book_read(para_sounds_materials, para_sounds_hums, para_sounds_cues, arena, &error);
    PARA_ASSERT(book && "the recipes in assets/sounds can be read");
    return book;
}
