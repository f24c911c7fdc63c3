// SPDX-License-Identifier: MIT
// A person's endless mode as a file of theirs: endless.json. What the file says is checked like anybody's
// input; families that are not played now keep what is known of them.
#include "apps/endless/endless.h"
#include "apps/store/store.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "endless.json"
#define VERSION   1

static const char *const ends[PARA_ENDLESS_ENDS] = {"open", "solved", "unsolved", "unrated"};

// ---------------------------------------------------------------------------------------------
// Writing.

static void put_hex(cJSON *object, const char *key, uint64_t value)
{
    char text[20]; // JSON numbers lose 64-bit integers
    snprintf(text, sizeof text, "%016llx", (unsigned long long)value);
    cJSON_AddStringToObject(object, key, text);
}

/// A number that reads back as it was: cJSON's own rounds.
static cJSON *exact(double value)
{
    char text[PARA_NUMBER_SIZE];
    return cJSON_CreateRaw(para_text_double(value, text));
}

static cJSON *level_of(const ParaEndless *e, const ParaEndlessLevel *level, ParaArena *arena)
{
    cJSON *object = cJSON_CreateObject();
    const char *recipe = para_pick_recipe(e->families, &level->pick, arena);
    cJSON_AddStringToObject(object, "family", e->families->names[level->pick.family]);
    put_hex(object, "seed", level->pick.seed);
    cJSON_AddStringToObject(object, "recipe", recipe ? recipe : "");
    put_hex(object, "hash", level->hash);
    cJSON_AddItemToObject(object, "difficulty", exact(level->difficulty));
    cJSON_AddNumberToObject(object, "visit", level->visit);
    cJSON_AddBoolToObject(object, "proven", level->proven);
    cJSON_AddStringToObject(object, "twists", level->twists);
    return object;
}

static void put(cJSON *root, const char *key, cJSON *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(root, key);
    cJSON_AddItemToObject(root, key, value);
}

static void put_families(const ParaEndless *e, cJSON *root)
{
    cJSON *families = cJSON_GetObjectItemCaseSensitive(root, "families");
    if (!cJSON_IsObject(families))
        put(root, "families", families = cJSON_CreateObject());
    for (int f = 0; f < e->families->count; f++) {
        if (e->plays[f] == 0)
            continue;
        cJSON *one = cJSON_CreateObject();
        cJSON_AddItemToObject(one, "offset", exact(e->offset[f]));
        cJSON_AddNumberToObject(one, "plays", e->plays[f]);
        put(families, e->families->names[f], one);
    }
}

static void fill(const ParaEndless *e, cJSON *root, ParaArena *arena)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"paracosm_endless", VERSION}, {"number", e->number},         {"skill", e->skill},
                   {"solved", e->solved},         {"streak", e->streak},         {"best", e->best},
                   {"visit", e->visit},           {"visit_left", e->visit_left}, {"losses", e->losses},
                   {"seconds", e->seconds}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put(root, numbers[i].key, exact(numbers[i].value));
    cJSON_DeleteItemFromObjectCaseSensitive(root, "seed");
    put_hex(root, "seed", e->seed);
    put(root, "end", cJSON_CreateString(ends[e->end]));
    put_families(e, root);
    cJSON *past = cJSON_CreateArray();
    for (int k = 0; k < PARA_ENDLESS_PAST; k++) {
        char text[20];
        snprintf(text, sizeof text, "%016llx", (unsigned long long)e->past[k]);
        cJSON_AddItemToArray(past, cJSON_CreateString(text));
    }
    put(root, "past", past);
    put(root, "level", level_of(e, &e->level, arena));
}

bool para_endless_write(const ParaEndless *e, ParaArena *arena, const char **out_error)
{
    ParaArenaMark mark = para_arena_mark(arena);
    const char *note = NULL;
    int lock = para_store_lock(PARA_STORE_DATA, arena);
    cJSON *root = para_store_read(PARA_STORE_DATA, FILE_NAME, arena, &note);
    *out_error = "no memory to keep how far you are";
    if (root && e->number > 0)
        fill(e, root, arena);
    bool good = root && para_store_write(PARA_STORE_DATA, FILE_NAME, root, arena, out_error);
    para_store_unlock(lock);
    cJSON_Delete(root);
    if (good) // else the reason lies there
        para_arena_rewind(arena, mark);
    return good;
}

// ---------------------------------------------------------------------------------------------
// Reading.

/// A file being read; `bad` once something in it makes no sense.
typedef struct Reading {
    const cJSON *root;
    bool bad;
} Reading;

static double number(Reading *in, const cJSON *object, const char *key, double low, double high)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    bool fits = cJSON_IsNumber(item) && item->valuedouble >= low && item->valuedouble <= high;
    in->bad |= !fits;
    return fits ? item->valuedouble : low;
}

static int whole(Reading *in, const cJSON *object, const char *key)
{
    double value = number(in, object, key, 0, 1e9);
    in->bad |= value != floor(value);
    return (int)value;
}

static uint64_t hex(Reading *in, const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);
    bool fits = text && strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16;
    in->bad |= !fits;
    return fits ? strtoull(text, NULL, 16) : 0;
}

static int family_of(const ParaFamilies *families, const char *name)
{
    for (int f = 0; name && f < families->count; f++)
        if (strcmp(families->names[f], name) == 0)
            return f;
    return -1;
}

/// @return false: its family is not played now
static bool take_level(Reading *in, const cJSON *object, const ParaFamilies *families, ParaEndlessLevel *out)
{
    const char *recipe = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "recipe")),
               *twists = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "twists"));
    int family =
        family_of(families, cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "family")));
    out->pick = (ParaPick){.family = family};
    out->pick.seed = hex(in, cJSON_GetObjectItemCaseSensitive(object, "seed"));
    out->hash = hex(in, cJSON_GetObjectItemCaseSensitive(object, "hash"));
    out->difficulty = number(in, object, "difficulty", 0, PARA_ENDLESS_DIFFICULTY_MOST);
    out->visit = whole(in, object, "visit");
    out->proven = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "proven"));
    snprintf(out->twists, sizeof out->twists, "%s", twists ? twists : "");
    return family >= 0 && recipe && para_pick_read_recipe(families->templates[family], recipe, &out->pick);
}

static void take_families(Reading *in, ParaEndless *out)
{
    const cJSON *families = cJSON_GetObjectItemCaseSensitive(in->root, "families");
    for (int f = 0; f < out->families->count; f++) {
        const cJSON *one = cJSON_GetObjectItemCaseSensitive(families, out->families->names[f]);
        if (!one)
            continue;
        out->offset[f] = number(in, one, "offset", -10, 10);
        out->plays[f] = whole(in, one, "plays");
    }
}

/// @return false: what the file says makes no sense
static bool take(Reading *in, ParaEndless *out, ParaArena *arena)
{
    const cJSON *past = cJSON_GetObjectItemCaseSensitive(in->root, "past"),
                *end = cJSON_GetObjectItemCaseSensitive(in->root, "end");
    out->seed = hex(in, cJSON_GetObjectItemCaseSensitive(in->root, "seed"));
    out->skill = number(in, in->root, "skill", -10, 10);
    out->number = whole(in, in->root, "number");
    out->solved = whole(in, in->root, "solved");
    out->streak = whole(in, in->root, "streak");
    out->best = whole(in, in->root, "best");
    out->visit = whole(in, in->root, "visit");
    out->visit_left = (int)number(in, in->root, "visit_left", -1, 100);
    out->losses = whole(in, in->root, "losses");
    out->seconds = number(in, in->root, "seconds", 0, 1e6);
    take_families(in, out);
    in->bad |= cJSON_GetArraySize(past) != PARA_ENDLESS_PAST || !cJSON_IsString(end) || out->number < 1;
    for (int k = 0; !in->bad && k < PARA_ENDLESS_PAST; k++)
        out->past[k] = hex(in, cJSON_GetArrayItem(past, k));
    int at = 0;
    while (!in->bad && at < PARA_ENDLESS_ENDS && strcmp(ends[at], end->valuestring) != 0)
        at++;
    in->bad |= at == PARA_ENDLESS_ENDS;
    out->end = (ParaEndlessEnd)at;
    bool there =
        take_level(in, cJSON_GetObjectItemCaseSensitive(in->root, "level"), out->families, &out->level);
    if (in->bad)
        return false;
    if (!there || (out->end == PARA_ENDLESS_OPEN && !para_endless_level(out, &out->level, arena))) {
        out->end = PARA_ENDLESS_UNRATED; // other families are played, or its template is another now
        out->visit_left = 0;
        out->level.pick.family = 0;
        out->level.visit = 0;
    }
    return true;
}

void para_endless_read(ParaEndless *out, const ParaFamilies *families, uint64_t fresh_seed, ParaArena *arena,
                       const char **out_note)
{
    *out_note = NULL;
    cJSON *root = para_store_read(PARA_STORE_DATA, FILE_NAME, arena, out_note);
    Reading in = {.root = root};
    para_endless_begin(out, families, fresh_seed);
    if (root && cJSON_GetObjectItemCaseSensitive(root, "paracosm_endless") && !take(&in, out, arena)) {
        para_endless_begin(out, families, fresh_seed);
        *out_note = "endless.json does not say how far you were: endless begins anew";
    }
    cJSON_Delete(root);
}
