// SPDX-License-Identifier: MIT
// Reading checkpoints. The file is not trusted: every length is bounded before it is used, the header is
// checked field by field, the data must be covered exactly once, and the content hash must match.
#include "agents/run/safetensors_parts.h"

#include "engine/base/file.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    const char *name;
    int rows, columns;
    size_t first, last; ///< [byte] of the data
} Entry;

typedef struct Reader {
    const char *data; ///< [data_size] behind the header
    size_t data_size;
    cJSON *header;
    Entry *entries; ///< [count] in the order of their data
    int count;
    const char *card, *hash; ///< inside header
    ParaArena *arena;
    const char *reason; ///< what is wrong, NULL so far
} Reader;

static bool refuse(Reader *reader, const char *reason)
{
    reader->reason = reason;
    return false;
}

/// A whole number in [0, max] without loss. 2^53 bounds what a double can hold.
static bool whole_number(const cJSON *item, double max, size_t *out)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0.0) || !(item->valuedouble <= max))
        return false;
    *out = (size_t)item->valuedouble;
    return (double)*out == item->valuedouble;
}

static bool read_shape(Reader *reader, const cJSON *shape, Entry *entry)
{
    size_t dims[2] = {1, 1};
    int count = cJSON_IsArray(shape) ? cJSON_GetArraySize(shape) : 0;
    bool fits = count == 1 || count == 2;
    for (int i = 0; fits && i < count; i++)
        fits = whole_number(cJSON_GetArrayItem(shape, i), (double)INT_MAX, &dims[2 - count + i]) &&
               dims[2 - count + i] >= 1;
    if (!fits)
        return refuse(reader, para_arena_printf(reader->arena,
                                                "tensor %s: shape must be one or two whole numbers >= 1",
                                                entry->name));
    entry->rows = (int)dims[0];
    entry->columns = (int)dims[1];
    return true;
}

static bool read_offsets(Reader *reader, const cJSON *offsets, Entry *entry)
{
    double max = (double)reader->data_size;
    if (!cJSON_IsArray(offsets) || cJSON_GetArraySize(offsets) != 2 ||
        !whole_number(cJSON_GetArrayItem(offsets, 0), max, &entry->first) ||
        !whole_number(cJSON_GetArrayItem(offsets, 1), max, &entry->last) || entry->first > entry->last)
        return refuse(reader,
                      para_arena_printf(reader->arena, "tensor %s: data_offsets lie outside the file's data",
                                        entry->name));
    // rows and columns are below 2^31, so their product times 4 fits in 64 bits
    if ((uint64_t)entry->rows * (uint64_t)entry->columns != (entry->last - entry->first) / 4 ||
        (entry->last - entry->first) % 4 != 0)
        return refuse(
            reader, para_arena_printf(reader->arena, "tensor %s: %zu bytes of data for shape [%d, %d]",
                                      entry->name, entry->last - entry->first, entry->rows, entry->columns));
    return true;
}

static bool read_entry(Reader *reader, const cJSON *item, Entry *entry)
{
    const cJSON *dtype = cJSON_GetObjectItemCaseSensitive(item, "dtype");
    entry->name = item->string;
    if (entry->name[0] == '\0' || strlen(entry->name) > 200)
        return refuse(reader, "a tensor's name must have 1 to 200 bytes");
    if (!cJSON_IsObject(item) || cJSON_GetArraySize(item) != 3)
        return refuse(reader,
                      para_arena_printf(reader->arena, "tensor %s: must hold dtype, shape and data_offsets",
                                        entry->name));
    if (!cJSON_IsString(dtype) || strcmp(dtype->valuestring, "F32") != 0)
        return refuse(reader, para_arena_printf(reader->arena, "tensor %s: dtype must be F32", entry->name));
    return read_shape(reader, cJSON_GetObjectItemCaseSensitive(item, "shape"), entry) &&
           read_offsets(reader, cJSON_GetObjectItemCaseSensitive(item, "data_offsets"), entry);
}

static bool read_metadata(Reader *reader, const cJSON *metadata)
{
    const cJSON *card = cJSON_GetObjectItemCaseSensitive(metadata, PARA_SAFETENSORS_CARD);
    const cJSON *hash = cJSON_GetObjectItemCaseSensitive(metadata, PARA_SAFETENSORS_HASH);
    if (reader->card != NULL)
        return refuse(reader, "the metadata stands twice");
    if (!cJSON_IsObject(metadata) || !cJSON_IsString(card) || !cJSON_IsString(hash))
        return refuse(reader, "not a checkpoint of Paracosm: the metadata lacks \"" PARA_SAFETENSORS_CARD
                              "\" or \"" PARA_SAFETENSORS_HASH "\"");
    cJSON *parsed = para_json_parse_part(card->valuestring, strlen(card->valuestring) + 1, NULL, true);
    bool is_object = cJSON_IsObject(parsed);
    cJSON_Delete(parsed);
    if (!is_object)
        return refuse(reader, "the card is not a JSON object");
    reader->card = card->valuestring;
    reader->hash = hash->valuestring;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const Entry *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->name, ((const Entry *)b)->name);
}

/// Names differ, and the tensors cover the data once and wholly.
static bool check_entries(Reader *reader)
{
    size_t count = (size_t)reader->count;
    qsort(reader->entries, count, sizeof *reader->entries, by_name);
    for (size_t i = 1; i < count; i++)
        if (strcmp(reader->entries[i - 1].name, reader->entries[i].name) == 0)
            return refuse(reader, para_arena_printf(reader->arena, "two tensors are called %s",
                                                    reader->entries[i].name));
    qsort(reader->entries, count, sizeof *reader->entries, by_place);
    size_t place = 0;
    for (size_t i = 0; i < count; i++) {
        if (reader->entries[i].first != place)
            return refuse(reader,
                          para_arena_printf(reader->arena, "tensor %s %s", reader->entries[i].name,
                                            reader->entries[i].first < place ? "overlaps the one before it"
                                                                             : "leaves a gap before it"));
        place = reader->entries[i].last;
    }
    return place == reader->data_size || refuse(reader, "the file holds data that belongs to no tensor");
}

static bool read_header(Reader *reader)
{
    int items = cJSON_GetArraySize(reader->header);
    if (items < 2 || items > PARA_SAFETENSORS_TENSORS_MAX + 1)
        return refuse(reader,
                      para_arena_printf(reader->arena, "the header must list metadata and 1 to %d tensors",
                                        PARA_SAFETENSORS_TENSORS_MAX));
    reader->entries = PARA_NEW(reader->arena, Entry, items);
    const cJSON *item;
    cJSON_ArrayForEach(item, reader->header)
    {
        bool fine = strcmp(item->string, "__metadata__") == 0
                        ? read_metadata(reader, item)
                        : read_entry(reader, item, &reader->entries[reader->count++]);
        if (!fine)
            return false;
    }
    if (reader->card == NULL)
        return refuse(reader, "not a checkpoint of Paracosm: no metadata");
    return check_entries(reader);
}

/// Splits the file into header and data and parses the header.
static bool open_header(Reader *reader, const char *file, size_t size)
{
    uint64_t length;
    if (size < 10)
        return refuse(reader, "too short for a safetensors file");
    memcpy(&length, file, sizeof length);
    if (length > size - 8 || length > PARA_SAFETENSORS_HEADER_MAX)
        return refuse(reader, para_arena_printf(
                                  reader->arena,
                                  "its header claims %llu bytes; the file is cut short or not safetensors",
                                  (unsigned long long)length));
    const char *text = file + 8, *end = NULL;
    if (length < 2 || text[0] != '{')
        return refuse(reader, "its header is not a JSON object");
    reader->data = text + length;
    reader->data_size = size - 8 - (size_t)length;
    reader->header = para_json_parse_part(text, (size_t)length, &end, false);
    if (reader->header == NULL)
        return refuse(reader, para_arena_printf(reader->arena, "its header is not valid JSON at byte %td",
                                                end != NULL ? end - text : (ptrdiff_t)0));
    for (; end < reader->data; end++)
        if (*end != ' ')
            return refuse(reader, "its header is followed by something other than spaces");
    return true;
}

/// The tensors in the arena, checked against the content hash; NULL with a reason.
static ParaTensor *take_tensors(Reader *reader)
{
    // Names and alignment of each tensor cost at most 384 bytes.
    if (reader->data_size + (size_t)reader->count * 512 + PARA_SAFETENSORS_HEADER_MAX >
        para_arena_room(reader->arena)) {
        refuse(reader, "no room left in memory");
        return NULL;
    }
    ParaTensor *tensors = PARA_NEW(reader->arena, ParaTensor, reader->count);
    for (int i = 0; i < reader->count; i++) {
        const Entry *entry = &reader->entries[i];
        tensors[i] = (ParaTensor){para_arena_strdup(reader->arena, entry->name), entry->rows, entry->columns,
                                  para_arena_alloc(reader->arena, entry->last - entry->first)};
        memcpy(tensors[i].data, reader->data + entry->first, entry->last - entry->first);
        if (!para_tensor_is_finite(&tensors[i])) {
            refuse(reader, para_arena_printf(reader->arena, "tensor %s holds a value that is not finite",
                                             entry->name));
            return NULL;
        }
    }
    char hash[17];
    para_safetensors_content_hash(tensors, reader->count, reader->card, hash);
    if (strcmp(hash, reader->hash) != 0) {
        refuse(reader, "its content does not match its hash: the file is damaged");
        return NULL;
    }
    return tensors;
}

ParaTensor *para_safetensors_read(const char *path, ParaArena *arena, int *out_count, const char **out_card,
                                  const char **out_error)
{
    size_t size = 0;
    Reader reader = {.arena = arena};
    char *file = para_file_read(path, PARA_SAFETENSORS_FILE_MAX, arena, &size, out_error);
    if (file == NULL)
        return NULL;
    ParaTensor *tensors = NULL;
    if (open_header(&reader, file, size) && read_header(&reader))
        tensors = take_tensors(&reader);
    if (tensors != NULL) {
        *out_count = reader.count;
        if (out_card != NULL)
            *out_card = para_arena_strdup(arena, reader.card);
    } else {
        *out_error = para_arena_printf(arena, "cannot read %s: %s", path, reader.reason);
    }
    cJSON_Delete(reader.header);
    return tensors;
}
