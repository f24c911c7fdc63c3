// SPDX-License-Identifier: MIT
// Saving a level as a template with nothing left open, so that it loads as the same level with the same hash.
// The walk goes along the table of fields as the reader's does, in its order: what is at its default is left
// out, numbers have the fewest digits that bring them back. What the level has for each row is save_fill.c's.
#include "worlds/format/save.h"

#include "engine/base/assert.h"
#include "worlds/expr/expr.h"
#include "worlds/json_tree.h"
#include "worlds/level/roles.h"

#include <cjson/cJSON.h>
#include <string.h>

static void write_object(ParaSaver *saver, ParaObjectKind kind, int index);

static void write_pair(ParaSaver *saver, ParaVec2 pair)
{
    para_json_open(&saver->json, '[');
    para_json_item(&saver->json);
    para_json_float(&saver->json, pair.x);
    para_json_item(&saver->json);
    para_json_float(&saver->json, pair.y);
    para_json_close(&saver->json, ']');
}

static void write_changing(ParaSaver *saver, const ParaChanging *changing)
{
    if (changing->program)
        para_json_string(&saver->json, changing->program->text);
    else
        para_json_double(&saver->json, changing->number);
}

/// One number, or two in brackets.
static void write_changes(ParaSaver *saver, const ParaChanging *changing, int count)
{
    if (count == 1) {
        write_changing(saver, changing);
        return;
    }
    para_json_open(&saver->json, '[');
    for (int k = 0; k < count; k++) {
        para_json_item(&saver->json);
        write_changing(saver, &changing[k]);
    }
    para_json_close(&saver->json, ']');
}

static void write_stored(ParaSaver *saver, ParaStore store, const void *place)
{
    switch (store) {
    case PARA_STORE_BOOL:
        para_json_format(&saver->json, *(const bool *)place ? "true" : "false");
        return;
    case PARA_STORE_I32:
        para_json_format(&saver->json, "%d", (int)*(const int32_t *)place);
        return;
    case PARA_STORE_U32:
        para_json_format(&saver->json, "%u", (unsigned)*(const uint32_t *)place);
        return;
    case PARA_STORE_VEC2:
        write_pair(saver, *(const ParaVec2 *)place);
        return;
    case PARA_STORE_F32:
        para_json_float(&saver->json, *(const float *)place);
        return;
    case PARA_STORE_CHANGING:
    case PARA_STORE_CHANGING2: // write_changes knows how many they are
    case PARA_STORE_NONE:
        break;
    }
    PARA_NEVER("a row without a store of its own was taken for one with");
}

/// What stands in brackets: the k-th of several.
static void write_part(ParaSaver *saver, const ParaField *field, const ParaSaid *said, int k)
{
    switch (field->type) {
    case PARA_TYPE_PAIR:
        para_json_double(&saver->json, said->numbers[k]);
        break;
    case PARA_TYPE_REFS:
    case PARA_TYPE_REFS_NUMBER:
        para_json_string(&saver->json, said->names[k]);
        break;
    case PARA_TYPE_POINTS:
    case PARA_TYPE_CHAIN:
        write_pair(saver, saver->level->world.points[said->first + k]);
        break;
    default: // LIST, PARAMS
        write_object(saver, (ParaObjectKind)field->of, said->first + k);
    }
}

static void write_parts(ParaSaver *saver, const ParaField *field, const ParaSaid *said, const void *place)
{
    bool named = field->type == PARA_TYPE_PARAMS;
    int count = field->type == PARA_TYPE_PAIR ? 2 : said->count;
    para_json_open(&saver->json, named ? '{' : '[');
    for (int k = 0; k < count; k++) {
        if (named)
            para_json_key(&saver->json, saver->level->params[said->first + k].name);
        else
            para_json_item(&saver->json);
        write_part(saver, field, said, k);
    }
    if (field->type == PARA_TYPE_REFS_NUMBER) {
        para_json_item(&saver->json);
        write_stored(saver, field->store, place);
    }
    para_json_close(&saver->json, named ? '}' : ']');
}

static void write_variables(ParaSaver *saver)
{
    para_json_open(&saver->json, '{');
    for (int v = 0; v < saver->level->variable_count; v++) {
        para_json_key(&saver->json, saver->level->variables[v].name);
        para_json_double(&saver->json, saver->level->variables[v].start);
    }
    para_json_close(&saver->json, '}');
}

static void write_value(ParaSaver *saver, const ParaField *field, const ParaSaid *said, const void *place)
{
    if (field->type == PARA_TYPE_WORD) {
        int count;
        para_json_string(&saver->json, para_field_words(field->of, &count)[*(const uint32_t *)place]);
        return;
    }
    if (field->type == PARA_TYPE_PLACE && said->names) {
        para_json_string(&saver->json, said->names[0]);
        return;
    }
    if (field->store == PARA_STORE_CHANGING || field->store == PARA_STORE_CHANGING2) {
        bool pair = field->type == PARA_TYPE_PAIR || said->count == 2;
        write_changes(saver, place, pair ? 2 : 1);
        return;
    }
    if (field->store != PARA_STORE_NONE && field->type != PARA_TYPE_REFS_NUMBER) {
        write_stored(saver, field->store, place);
        return;
    }
    switch (field->type) {
    case PARA_TYPE_NUMBER:
        para_json_double(&saver->json, said->numbers[0]);
        break;
    case PARA_TYPE_BOOL:
        para_json_format(&saver->json, "true"); // what is false is not said
        break;
    case PARA_TYPE_TEXT:
    case PARA_TYPE_NAME:
    case PARA_TYPE_HEX:
    case PARA_TYPE_ROLE:
    case PARA_TYPE_VARIABLE:
        para_json_string(&saver->json, said->text);
        break;
    case PARA_TYPE_REF:
        para_json_string(&saver->json, said->names[0]);
        break;
    case PARA_TYPE_OBJECT:
        write_object(saver, (ParaObjectKind)field->of, said->first);
        break;
    case PARA_TYPE_WORD:
        PARA_NEVER("a word has a store");
    case PARA_TYPE_LETS:
        PARA_NEVER("a level has no let");
    case PARA_TYPE_PARTS:
        PARA_NEVER("a level has its parts among its own");
    case PARA_TYPE_PART:
        PARA_NEVER("a level includes nothing");
    case PARA_TYPE_TIERS:
        PARA_NEVER("a level is of no tier");
    case PARA_TYPE_WARNINGS:
        PARA_NEVER("a level silences nothing");
    case PARA_TYPE_PLACE:
        PARA_NEVER("a place lands in the bound struct");
    case PARA_TYPE_VARIABLES:
        write_variables(saver);
        break;
    case PARA_TYPE_PAIR:
    case PARA_TYPE_REFS:
    case PARA_TYPE_REFS_NUMBER:
    case PARA_TYPE_POINTS:
    case PARA_TYPE_CHAIN:
    case PARA_TYPE_LIST:
    case PARA_TYPE_PARAMS:
        write_parts(saver, field, said, place);
    }
}

// ---------------------------------------------------------------------------------------------
// The walk.

/// Does a row that lands in the bound struct need saying?
static bool is_told(const ParaSavedObject *object, const ParaField *field, const ParaBound *standard)
{
    static const size_t sizes[] = {[PARA_STORE_F32] = sizeof(float),
                                   [PARA_STORE_I32] = sizeof(int32_t),
                                   [PARA_STORE_U32] = sizeof(uint32_t),
                                   [PARA_STORE_BOOL] = sizeof(bool),
                                   [PARA_STORE_VEC2] = sizeof(ParaVec2)};
    if (field->store == PARA_STORE_NONE)
        return false;
    const char *own = (const char *)&object->bound + field->offset;
    if (field->store == PARA_STORE_CHANGING || field->store == PARA_STORE_CHANGING2)
        return ((const ParaChanging *)(const void *)own)->given;
    return (field->flags & (PARA_FLAG_REQUIRED | PARA_FLAG_SAVED)) ||
           memcmp(own, (const char *)standard + field->offset, sizes[field->store]) != 0;
}

static void write_object(ParaSaver *saver, ParaObjectKind kind, int index)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    PARA_ASSERT(count <= PARA_SAVED_ROWS_MAX);
    ParaSavedObject object = {.kind = kind, .index = index};
    ParaBound standard;
    para_bound_default(kind, &standard);
    object.bound = standard;
    para_save_fill(saver, &object);
    para_json_open(&saver->json, '{');
    for (int f = 0; f < count; f++) {
        const ParaField *field = &fields[f];
        bool has =
            (field->flags & PARA_FLAG_HEAD) ? field == object.head : para_field_goes_with(field, object.head);
        if (!has || !(object.said[f].given || is_told(&object, field, &standard)))
            continue;
        para_json_key(&saver->json, field->name);
        write_value(saver, field, &object.said[f], (const char *)&object.bound + field->offset);
    }
    para_json_close(&saver->json, '}');
}

/// The root that several have, which the level then says for them; -1: each says its own.
static int common_root(const ParaLevel *level, bool fail)
{
    for (int p = 0; p < level->player_count; p++)
        if (fail && level->players[p].fail_root < 0) // the level's would be its own too
            return -1;
    for (int p = 0; p < level->player_count; p++) {
        int root = fail ? level->players[p].fail_root : level->players[p].goal_root;
        for (int k = p + 1; k < level->player_count && root >= 0; k++)
            if (root == (fail ? level->players[k].fail_root : level->players[k].goal_root))
                return root;
    }
    return -1;
}

static void sort_rewards(ParaSaver *saver)
{
    const ParaLevel *level = saver->level;
    int count = 0;
    for (int p = 0; p < level->player_count; p++) {
        saver->reward_first[p] = count;
        for (int r = 0; r < level->reward_count; r++)
            if (level->rewards[r].player == p)
                saver->reward_of[count++] = r;
    }
    PARA_ASSERT(count == level->reward_count);
    saver->reward_first[level->player_count] = count;
}

char *para_level_to_json(const ParaLevel *level, ParaArena *arena)
{
    int bodies = level->world.body_count, zones = level->world.zone_count, players = level->player_count;
    ParaSaver saver = {.json = para_json(arena, 2), .level = level};
    saver.company = players > 1 || *level->players[0].name;
    saver.goal = common_root(level, false);
    saver.fail = common_root(level, true);
    saver.body_roles = PARA_NEW(arena, uint8_t, players * bodies + 1);
    saver.zone_roles = PARA_NEW(arena, uint8_t, players * zones + 1);
    for (int p = 0; p < players; p++)
        para_level_derive_roles(level, p, saver.body_roles + p * bodies, saver.zone_roles + p * zones);
    sort_rewards(&saver);
    write_object(&saver, PARA_KIND_TEMPLATE, 0);
    PARA_ASSERT(saver.shape == level->world.shape_count); // grouped by body in rising order
    para_json_format(&saver.json, "\n");
    return saver.json.text;
}

char *para_level_params_to_json(const ParaLevel *level, ParaArena *arena)
{
    cJSON *root = cJSON_CreateObject();
    for (int i = 0; i < level->param_count; i++)
        cJSON_AddNumberToObject(root, level->params[i].name, level->params[i].value);
    char *text = para_json_print(root, false), *copy = para_arena_strdup(arena, text);
    cJSON_free(text);
    cJSON_Delete(root);
    return copy;
}
