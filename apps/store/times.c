// SPDX-License-Identifier: MIT
// times.json: read, merged, written. Its form is told in times.h.
#include "apps/store/times.h"

#include "engine/base/clock.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME   "times.json"
#define COUNT_MOST  1e9 // [1] of plays
#define BEST_MOST   1e6 // [s]
#define KEY_MAX     (PARA_TIMES_NAME_MAX + 20)
#define HASH_DIGITS 16

static void key_of(const ParaTime *time, char out[KEY_MAX])
{
    snprintf(out, KEY_MAX, "%s/%016" PRIx64, time->family, time->level);
}

static double number(const cJSON *item, const char *key, double most)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, key);
    double x = cJSON_IsNumber(value) ? value->valuedouble : 0.0;
    return x >= 0.0 && x <= most ? x : 0.0; // also what is not a number at all
}

static void text(const cJSON *item, const char *key, char *out, size_t size)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, key));
    snprintf(out, size, "%s", value && strlen(value) < size ? value : "");
}

/// A seed keeps all of its 64 bits as a text; a number is read too.
static uint64_t seed_of(const cJSON *item)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, "seed");
    if (cJSON_IsString(value))
        return strtoull(value->valuestring, NULL, 0);
    return (uint64_t)number(item, "seed", 9e15);
}

/// @return false: the entry does not make sense
static bool read_time(const cJSON *item, ParaTime *out)
{
    const char *slash = item->string ? strrchr(item->string, '/') : NULL;
    char *end = NULL;
    if (!cJSON_IsObject(item) || !slash || strlen(slash + 1) != HASH_DIGITS ||
        slash - item->string >= PARA_TIMES_NAME_MAX || slash == item->string)
        return false;
    *out = (ParaTime){.level = strtoull(slash + 1, &end, 16), .seed = seed_of(item)};
    snprintf(out->family, sizeof out->family, "%.*s", (int)(slash - item->string), item->string);
    out->best = number(item, "best", BEST_MOST);
    out->medal = (int)number(item, "medal", PARA_MEDALS - 1);
    out->plays = (int)number(item, "plays", COUNT_MOST);
    out->solves = (int)number(item, "solves", COUNT_MOST);
    text(item, "last", out->last, sizeof out->last);
    text(item, "replay", out->replay, sizeof out->replay);
    if (strstr(out->replay, "..") || out->replay[0] == '/')
        out->replay[0] = '\0'; // a file of ours lies in our folder
    return *end == '\0';
}

static int later(const void *a, const void *b)
{
    const ParaTime *x = a, *y = b;
    int order = strcmp(y->last, x->last);
    order = order ? order : strcmp(x->family, y->family);
    return order ? order : (x->level > y->level) - (x->level < y->level);
}

static int collect(const cJSON *root, ParaArena *arena, ParaTime **out_times)
{
    const cJSON *levels = cJSON_GetObjectItemCaseSensitive(root, "levels"), *item = NULL;
    int room = cJSON_GetArraySize(levels), count = 0;
    *out_times = PARA_NEW(arena, ParaTime, room > 0 ? room : 1);
    cJSON_ArrayForEach(item, levels) if (count < room && read_time(item, *out_times + count)) count++;
    qsort(*out_times, (size_t)count, sizeof **out_times, later);
    return count;
}

int para_times_read(ParaArena *arena, ParaTime **out_times, const char **out_note)
{
    cJSON *root = para_store_read(PARA_STORE_DATA, FILE_NAME, arena, out_note);
    int count = collect(root, arena, out_times);
    cJSON_Delete(root);
    return count;
}

const ParaTime *para_times_of(const ParaTime *times, int count, const char *family, uint64_t level)
{
    for (int i = 0; i < count; i++)
        if (times[i].level == level && strcmp(times[i].family, family) == 0)
            return &times[i];
    return NULL;
}

const ParaTime *para_times_latest(const ParaTime *times, int count, const char *family)
{
    for (int i = 0; i < count; i++)
        if (strcmp(times[i].family, family) == 0)
            return &times[i];
    return NULL;
}

int para_times_medal(const ParaTime *times, int count, const char *family)
{
    int medal = PARA_MEDAL_NONE;
    for (int i = 0; i < count; i++)
        if (times[i].medal > medal && strcmp(times[i].family, family) == 0)
            medal = times[i].medal;
    return medal;
}

// ---------------------------------------------------------------------------------------------
// Adding.

static void merge(ParaTime *kept, const ParaTime *happened)
{
    bool faster = happened->best > 0.0 && (kept->best <= 0.0 || happened->best < kept->best);
    kept->seed = happened->seed;
    kept->plays += happened->plays;
    kept->solves += happened->solves;
    kept->medal = happened->medal > kept->medal ? happened->medal : kept->medal;
    if (faster) {
        kept->best = happened->best;
        memcpy(kept->replay, happened->replay, sizeof kept->replay);
    }
    if (!happened->aside)
        para_clock_utc(kept->last);
}

/// Puts an item in place of the one of that key; takes it over in any case.
static void put(cJSON *object, const char *key, cJSON *item)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    if (!cJSON_AddItemToObject(object, key, item))
        cJSON_Delete(item);
}

static void write_time(cJSON *levels, const ParaTime *time)
{
    char key[KEY_MAX], seed[24];
    key_of(time, key);
    cJSON *item = cJSON_GetObjectItemCaseSensitive(levels, key);
    if (!cJSON_IsObject(item)) {
        cJSON_DeleteItemFromObjectCaseSensitive(levels, key);
        item = cJSON_AddObjectToObject(levels, key);
    }
    snprintf(seed, sizeof seed, "%" PRIu64, time->seed);
    put(item, "family", cJSON_CreateString(time->family));
    // Beyond 2^53 a JSON number would lose digits.
    put(item, "seed",
        time->seed < (1ull << 53) ? cJSON_CreateNumber((double)time->seed) : cJSON_CreateString(seed));
    put(item, "best", cJSON_CreateNumber(time->best));
    put(item, "medal", cJSON_CreateNumber(time->medal));
    put(item, "plays", cJSON_CreateNumber(time->plays));
    put(item, "solves", cJSON_CreateNumber(time->solves));
    put(item, "last", cJSON_CreateString(time->last));
    put(item, "replay", cJSON_CreateString(time->replay));
}

/// Those played longest ago go where there are too many.
static void forget(cJSON *levels, const ParaTime *times, int count)
{
    for (int i = PARA_TIMES_MAX; i < count; i++) {
        char key[KEY_MAX];
        key_of(&times[i], key);
        cJSON_DeleteItemFromObjectCaseSensitive(levels, key);
    }
}

bool para_times_add(const ParaTime *happened, ParaTime *out_kept, ParaArena *arena, const char **out_error)
{
    const char *note = NULL;
    int lock = para_store_lock(PARA_STORE_DATA, arena);
    cJSON *root = para_store_read(PARA_STORE_DATA, FILE_NAME, arena, &note);
    cJSON *levels = cJSON_GetObjectItemCaseSensitive(root, "levels");
    if (!cJSON_IsObject(levels)) {
        cJSON_DeleteItemFromObjectCaseSensitive(root, "levels");
        levels = cJSON_AddObjectToObject(root, "levels");
    }
    ParaTime *times = NULL;
    int count = collect(root, arena, &times);
    const ParaTime *before = para_times_of(times, count, happened->family, happened->level);
    ParaTime kept = before ? *before : (ParaTime){.level = happened->level};
    memcpy(kept.family, happened->family, sizeof kept.family);
    merge(&kept, happened);
    put(root, "paracosm_times", cJSON_CreateNumber(1));
    forget(levels, times, count);
    write_time(levels, &kept);
    bool written = para_store_write(PARA_STORE_DATA, FILE_NAME, root, arena, out_error);
    cJSON_Delete(root);
    para_store_unlock(lock);
    if (written && out_kept)
        *out_kept = kept;
    return written;
}
