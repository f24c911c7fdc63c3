// SPDX-License-Identifier: MIT
// settings.json: one table of what is in it, from which it is read and written.
#include "apps/store/preferences.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define FILE_NAME "settings.json"

typedef enum { ROW_FLAG, ROW_WORD, ROW_REAL } RowKind;
typedef struct Row {
    const char *key;
    RowKind kind;
    size_t at; ///< [byte] in ParaPreferences
    float low, high;
    const char *const *words; ///< of a WORD, whose place in them is the value; ends with NULL
} Row;

static const char *const qualities[] = {"auto", "low", "middle", "high", NULL};
static const char *const moods[] = {"level", "day", "dusk", "night", NULL};

static const Row rows[] = {
    {"volume", ROW_REAL, offsetof(ParaPreferences, volume), 0, 1, NULL},
    {"mute", ROW_FLAG, offsetof(ParaPreferences, mute), 0, 1, NULL},
    {"quality", ROW_WORD, offsetof(ParaPreferences, quality), 0, 3, qualities},
    {"mood", ROW_WORD, offsetof(ParaPreferences, mood), 0, 3, moods},
    {"colour_safe", ROW_FLAG, offsetof(ParaPreferences, safe), 0, 1, NULL},
    {"shake", ROW_FLAG, offsetof(ParaPreferences, shake), 0, 1, NULL},
    {"scale", ROW_REAL, offsetof(ParaPreferences, scale), 0, 4, NULL},
    {"fullscreen", ROW_FLAG, offsetof(ParaPreferences, fullscreen), 0, 1, NULL},
    {"gamepad", ROW_FLAG, offsetof(ParaPreferences, pad), 0, 1, NULL},
};
#define ROWS (sizeof rows / sizeof *rows)

ParaPreferences para_preferences_default(void)
{
    return (ParaPreferences){.volume = 0.8f, .shake = true, .pad = true};
}

static void read_row(const cJSON *root, const Row *row, ParaPreferences *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, row->key);
    void *target = (char *)out + row->at;
    if (row->kind == ROW_FLAG && cJSON_IsBool(item))
        *(bool *)target = cJSON_IsTrue(item);
    if (row->kind == ROW_REAL && cJSON_IsNumber(item) && item->valuedouble >= (double)row->low &&
        item->valuedouble <= (double)row->high)
        *(float *)target = (float)item->valuedouble;
    if (row->kind == ROW_WORD && cJSON_IsString(item))
        for (int i = 0; row->words[i]; i++)
            if (strcmp(row->words[i], item->valuestring) == 0)
                *(int *)target = i;
}

ParaPreferences para_preferences_load(ParaArena *arena, const char **out_note)
{
    ParaPreferences preferences = para_preferences_default();
    cJSON *root = para_store_read(PARA_STORE_CONFIG, FILE_NAME, arena, out_note);
    const cJSON *item = NULL;
    for (size_t i = 0; i < ROWS; i++)
        read_row(root, &rows[i], &preferences);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "keys"))
    {
        if (cJSON_IsString(item) && item->string && strlen(item->string) < PARA_BIND_WORD_MAX &&
            strlen(item->valuestring) < PARA_BIND_WORD_MAX)
            para_preferences_set_bind(&preferences, item->string, item->valuestring);
    }
    cJSON_Delete(root);
    return preferences;
}

static void put(cJSON *object, const char *key, cJSON *item)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    if (!cJSON_AddItemToObject(object, key, item))
        cJSON_Delete(item);
}

bool para_preferences_save(const ParaPreferences *preferences, ParaArena *arena, const char **out_error)
{
    const char *note = NULL;
    cJSON *root = para_store_read(PARA_STORE_CONFIG, FILE_NAME, arena, &note), *keys = cJSON_CreateObject();
    for (size_t i = 0; i < ROWS; i++) {
        const void *value = (const char *)preferences + rows[i].at;
        put(root, rows[i].key,
            rows[i].kind == ROW_FLAG   ? cJSON_CreateBool(*(const bool *)value)
            : rows[i].kind == ROW_REAL ? cJSON_CreateNumber(round((double)*(const float *)value * 1e4) / 1e4)
                                       : cJSON_CreateString(rows[i].words[*(const int *)value]));
    }
    for (int i = 0; i < preferences->bind_count; i++)
        cJSON_AddStringToObject(keys, preferences->binds[i].what, preferences->binds[i].key);
    put(root, "keys", keys);
    bool written = para_store_write(PARA_STORE_CONFIG, FILE_NAME, root, arena, out_error);
    cJSON_Delete(root);
    return written;
}

const char *para_preferences_bind(const ParaPreferences *preferences, const char *what)
{
    for (int i = 0; i < preferences->bind_count; i++)
        if (strcmp(preferences->binds[i].what, what) == 0)
            return preferences->binds[i].key;
    return "";
}

bool para_preferences_set_bind(ParaPreferences *preferences, const char *what, const char *key)
{
    int i = 0;
    while (i < preferences->bind_count && strcmp(preferences->binds[i].what, what) != 0)
        i++;
    if (!*key) {
        if (i < preferences->bind_count)
            preferences->binds[i] = preferences->binds[--preferences->bind_count];
        return true;
    }
    if (i == PARA_BINDS_MAX)
        return false;
    preferences->bind_count += i == preferences->bind_count;
    snprintf(preferences->binds[i].what, sizeof preferences->binds[i].what, "%s", what);
    snprintf(preferences->binds[i].key, sizeof preferences->binds[i].key, "%s", key);
    return true;
}
