// SPDX-License-Identifier: MIT
// A memory as a file: a magic word, the layout of situations, the episodes, their moments, a hash over all
// before it. Numbers are little-endian.
#include "agents/recall/recall_parts.h"

#include "engine/base/bytes.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char magic[8] = "PARARCL1";

static void put_episode(ParaBytes *bytes, const ParaRecallEpisode *e)
{
    para_bytes_put(bytes, e->family, sizeof e->family);
    para_bytes_put_whole(bytes, e->level, 8);
    para_bytes_put_whole(bytes, (uint64_t)e->end, 1);
    para_bytes_put_whole(bytes, e->fine, 1);
    para_bytes_put_whole(bytes, (uint64_t)e->count, 4);
    para_bytes_put_whole(bytes, (uint64_t)e->decisions, 4);
    const float told[2] = {e->reward, e->progress};
    para_bytes_put_f32s(bytes, told, 2);
}

bool para_recall_write(const ParaRecall *recall, const char *path, ParaArena *arena, const char **out_error)
{
    ParaBytes bytes = {.arena = arena};
    para_bytes_put(&bytes, magic, sizeof magic);
    para_bytes_put_whole(&bytes, para_recall_key_hash(), 8);
    para_bytes_put_whole(&bytes, (uint64_t)recall->capacity, 4);
    para_bytes_put_whole(&bytes, (uint64_t)recall->count, 4);
    for (int i = 0; i < recall->count; i++)
        put_episode(&bytes, &recall->episodes[i]);
    size_t numbers = (size_t)recall->moments * (size_t)recall->size;
    for (size_t i = 0; i < numbers; i++)
        para_bytes_put_whole(&bytes, (uint16_t)recall->keys[i], 2);
    para_bytes_put(&bytes, recall->actions, (size_t)recall->moments * PARA_CHANNELS);
    para_bytes_put_whole(&bytes, para_hash(bytes.data, bytes.size, 0), 8);
    return para_file_write(path, bytes.data, bytes.size, arena, out_error);
}

bool para_recall_claims(const char *path)
{
    char head[sizeof magic];
    FILE *file = para_path_kind(path) == PARA_PATH_FILE ? fopen(path, "rb") : NULL;
    bool claims =
        file && fread(head, 1, sizeof head, file) == sizeof head && memcmp(head, magic, sizeof magic) == 0;
    if (file)
        fclose(file);
    return claims;
}

/// A family's name is text that ends, and nothing behind its end.
static bool is_name(const char *name)
{
    size_t length = strnlen(name, PARA_NAME_MAX);
    bool good = length > 0 && length < PARA_NAME_MAX;
    for (size_t i = 0; i < PARA_NAME_MAX; i++)
        good = good && (i < length ? name[i] > ' ' && name[i] < 127 : name[i] == 0);
    return good;
}

static bool take_episode(ParaBytesReader *reader, ParaRecall *recall)
{
    ParaRecallEpisode *e = &recall->episodes[recall->count];
    const uint8_t *name = para_bytes_take(reader, sizeof e->family);
    if (name)
        memcpy(e->family, name, sizeof e->family);
    e->level = para_bytes_take_whole(reader, 8);
    e->end = (ParaRecallEnd)para_bytes_take_range(reader, 1, 0, PARA_RECALL_CUT);
    e->fine = para_bytes_take_range(reader, 1, 0, 1) == 1;
    e->count = (int32_t)para_bytes_take_range(reader, 4, 1, PARA_RECALL_EPISODE_MAX);
    e->decisions = (int32_t)para_bytes_take_range(reader, 4, e->count, INT32_MAX);
    float told[2];
    para_bytes_take_f32s(reader, told, 2);
    e->reward = told[0];
    e->progress = told[1];
    e->first = recall->moments;
    recall->moments += e->count;
    recall->count++;
    return !reader->bad && is_name(e->family) && e->progress >= 0.0f && e->progress <= 1.0f &&
           recall->moments <= recall->capacity;
}

/// Actions as their episode's kind has them.
static bool are_actions(const ParaRecall *recall)
{
    for (int i = 0; i < recall->count; i++) {
        const ParaRecallEpisode *e = &recall->episodes[i];
        const int8_t *actions = recall->actions + (size_t)e->first * PARA_CHANNELS;
        int most = e->fine ? PARA_FINE : 1;
        for (int k = 0; k < e->count * PARA_CHANNELS; k++)
            if (actions[k] < -most || actions[k] > most)
                return false;
    }
    return true;
}

static bool take_moments(ParaBytesReader *reader, ParaRecall *recall)
{
    size_t numbers = (size_t)recall->moments * (size_t)recall->size;
    const uint8_t *keys = para_bytes_take(reader, numbers * 2),
                  *actions = para_bytes_take(reader, (size_t)recall->moments * PARA_CHANNELS);
    if (!keys || !actions)
        return false;
    const int most = 10 * (int)PARA_RECALL_PART;
    for (size_t i = 0; i < numbers; i++) {
        recall->keys[i] = (int16_t)para_bytes_load(keys + 2 * i, 2);
        if (recall->keys[i] < -most || recall->keys[i] > most)
            return false;
    }
    memcpy(recall->actions, actions, (size_t)recall->moments * PARA_CHANNELS);
    return are_actions(recall);
}

ParaRecall *para_recall_read(const char *path, ParaArena *arena, const char **out_error)
{
    const size_t head = sizeof magic + 8 + 4 + 4;
    const size_t size_most =
        head + 8 + (size_t)PARA_RECALL_EPISODES_MAX * (PARA_NAME_MAX + 26) +
        (size_t)PARA_RECALL_MOMENTS_MAX * (2 * (size_t)para_recall_key_size() + PARA_CHANNELS);
    size_t size;
    const uint8_t *data = (const uint8_t *)para_file_read(path, size_most, arena, &size, out_error);
    if (!data)
        return NULL;
    if (size < head + 8 || memcmp(data, magic, sizeof magic) != 0) {
        *out_error =
            para_arena_printf(arena, "%s: no memory of episodes; paracosm memory try makes one", path);
        return NULL;
    }
    if (para_hash(data, size - 8, 0) != para_bytes_load(data + size - 8, 8)) {
        *out_error = para_arena_printf(arena, "%s: damaged: its hash is another", path);
        return NULL;
    }
    ParaBytesReader reader = {.data = data, .size = size - 8, .at = sizeof magic};
    if (para_bytes_take_whole(&reader, 8) != para_recall_key_hash()) {
        *out_error = para_arena_printf(arena,
                                       "%s: of another version of this program, which sees otherwise; "
                                       "it cannot be carried over",
                                       path);
        return NULL;
    }
    int capacity = (int)para_bytes_take_range(&reader, 4, PARA_RECALL_EPISODE_MAX, PARA_RECALL_MOMENTS_MAX);
    ParaRecall *recall = para_recall_create(capacity, arena);
    int count = (int)para_bytes_take_range(&reader, 4, 0, para_recall_room(capacity));
    bool good = !reader.bad;
    for (int i = 0; i < count && good; i++)
        good = take_episode(&reader, recall);
    good = good && take_moments(&reader, recall) && para_bytes_read_whole(&reader);
    if (!good)
        *out_error = para_arena_printf(arena, "%s: what it says of itself does not hold", path);
    return good ? recall : NULL;
}
