// SPDX-License-Identifier: MIT
// Writing checkpoints, hashing tensors, copying them by name. The format: 8 bytes length of the header
// (little-endian), JSON header padded with spaces to 8, then the raw data in the header's order.
// <https://huggingface.co/docs/safetensors, "Format">
#include "agents/run/safetensors_parts.h"

#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are written as they lie in memory");
_Static_assert(sizeof(float) == 4, "F32");

static size_t tensor_floats(const ParaTensor *tensor)
{
    return (size_t)tensor->rows * (size_t)tensor->columns;
}

uint64_t para_tensors_hash(const ParaTensor *tensors, int count)
{
    uint64_t hash = para_hash(&count, sizeof count, 0);
    for (int i = 0; i < count; i++) {
        const ParaTensor *tensor = &tensors[i];
        int32_t shape[2] = {tensor->rows, tensor->columns};
        hash = para_hash(tensor->name, strlen(tensor->name) + 1, hash);
        hash = para_hash(shape, sizeof shape, hash);
        hash = para_hash(tensor->data, tensor_floats(tensor) * sizeof(float), hash);
    }
    return hash;
}

void para_safetensors_content_hash(const ParaTensor *tensors, int count, const char *card, char out[17])
{
    para_hash_hex(para_hash(card, strlen(card), para_tensors_hash(tensors, count)), out);
}

bool para_tensor_is_finite(const ParaTensor *tensor)
{
    for (size_t i = 0; i < tensor_floats(tensor); i++)
        if (!isfinite(tensor->data[i]))
            return false;
    return true;
}

/// NULL if the tensors and the card may be written, else what is wrong.
static const char *refuse_write(const ParaTensor *tensors, int count, const char *card, ParaArena *arena)
{
    cJSON *parsed = card != NULL ? para_json_parse_part(card, strlen(card) + 1, NULL, true) : NULL;
    bool is_object = cJSON_IsObject(parsed);
    cJSON_Delete(parsed);
    if (!is_object)
        return "the card is not a JSON object";
    if (strlen(card) > PARA_SAFETENSORS_HEADER_MAX / 4)
        return "the card is too long";
    if (count < 1 || count > PARA_SAFETENSORS_TENSORS_MAX)
        return para_arena_printf(arena, "%d tensors; must be 1 to %d", count, PARA_SAFETENSORS_TENSORS_MAX);
    for (int i = 0; i < count; i++) {
        if (tensors[i].rows < 1 || tensors[i].columns < 1)
            return para_arena_printf(arena, "tensor %s has no elements", tensors[i].name);
        for (int other = 0; other < i; other++)
            if (strcmp(tensors[i].name, tensors[other].name) == 0)
                return para_arena_printf(arena, "two tensors are called %s", tensors[i].name);
        if (!para_tensor_is_finite(&tensors[i]))
            return para_arena_printf(arena, "tensor %s holds a value that is not finite", tensors[i].name);
    }
    return NULL;
}

static bool add_entry(cJSON *header, const ParaTensor *tensor, size_t first)
{
    cJSON *entry = cJSON_AddObjectToObject(header, tensor->name);
    cJSON *shape = NULL, *offsets = NULL;
    if (entry == NULL || cJSON_AddStringToObject(entry, "dtype", "F32") == NULL)
        return false;
    shape = cJSON_AddArrayToObject(entry, "shape");
    offsets = cJSON_AddArrayToObject(entry, "data_offsets");
    return cJSON_AddItemToArray(shape, cJSON_CreateNumber(tensor->rows)) &&
           cJSON_AddItemToArray(shape, cJSON_CreateNumber(tensor->columns)) &&
           cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)first)) &&
           cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)(first + tensor_floats(tensor) * 4)));
}

/// The header's text; NULL without memory. To be freed with cJSON_free.
static char *print_header(const ParaTensor *tensors, int count, const char *card)
{
    char hash[17];
    para_safetensors_content_hash(tensors, count, card, hash);
    cJSON *header = cJSON_CreateObject();
    cJSON *metadata = cJSON_AddObjectToObject(header, "__metadata__");
    bool whole = metadata != NULL && cJSON_AddStringToObject(metadata, PARA_SAFETENSORS_CARD, card) != NULL &&
                 cJSON_AddStringToObject(metadata, PARA_SAFETENSORS_HASH, hash) != NULL;
    size_t first = 0;
    for (int i = 0; whole && i < count; i++) {
        whole = add_entry(header, &tensors[i], first);
        first += tensor_floats(&tensors[i]) * 4;
    }
    char *text = whole ? para_json_print(header, false) : NULL;
    cJSON_Delete(header);
    return text;
}

/// The whole file in the arena.
static char *lay_out(const ParaTensor *tensors, int count, const char *header, ParaArena *arena,
                     size_t *out_size)
{
    size_t length = strlen(header);
    uint64_t padded = (length + 7) / 8 * 8;
    size_t size = 8 + padded;
    for (int i = 0; i < count; i++)
        size += tensor_floats(&tensors[i]) * 4;
    char *file = para_arena_alloc(arena, size), *at = file + 8 + padded;
    memcpy(file, &padded, 8);
    memcpy(file + 8, header, length);
    memset(file + 8 + length, ' ', padded - length);
    for (int i = 0; i < count; i++) {
        memcpy(at, tensors[i].data, tensor_floats(&tensors[i]) * 4);
        at += tensor_floats(&tensors[i]) * 4;
    }
    *out_size = size;
    return file;
}

bool para_safetensors_write(const char *path, const ParaTensor *tensors, int count, const char *card,
                            ParaArena *arena, const char **out_error)
{
    const char *reason = refuse_write(tensors, count, card, arena);
    char *header = reason == NULL ? print_header(tensors, count, card) : NULL;
    if (reason == NULL && header == NULL)
        reason = "out of memory";
    if (reason != NULL) {
        *out_error = para_arena_printf(arena, "cannot write %s: %s", path, reason);
        return false;
    }
    ParaArenaMark mark = para_arena_mark(arena);
    size_t size;
    char *file = lay_out(tensors, count, header, arena, &size);
    cJSON_free(header);
    bool done = para_file_write(path, file, size, arena, out_error);
    if (done) // a failure's sentence lies behind the mark and is kept
        para_arena_rewind(arena, mark);
    return done;
}

static const ParaTensor *find_tensor(const ParaTensor *tensors, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, name) == 0)
            return &tensors[i];
    return NULL;
}

bool para_tensors_assign(const ParaTensor *target, int target_count, const ParaTensor *source,
                         int source_count, ParaArena *arena, const char **out_error)
{
    // All are checked before the first is written: on failure the target is as it was.
    for (int i = 0; i < target_count; i++) {
        const ParaTensor *found = find_tensor(source, source_count, target[i].name);
        if (found == NULL) {
            *out_error = para_arena_printf(arena, "tensor %s is missing", target[i].name);
            return false;
        }
        if (found->rows != target[i].rows || found->columns != target[i].columns) {
            *out_error = para_arena_printf(arena, "tensor %s is [%d, %d]; must be [%d, %d]", target[i].name,
                                           found->rows, found->columns, target[i].rows, target[i].columns);
            return false;
        }
    }
    for (int i = 0; i < target_count; i++) {
        const ParaTensor *found = find_tensor(source, source_count, target[i].name);
        PARA_ASSERT(found != NULL);
        memcpy(target[i].data, found->data, tensor_floats(found) * sizeof(float));
    }
    return true;
}
