// SPDX-License-Identifier: MIT
// Picks: as bytes of a checkpoint, as the recipe of a row in run.db, and as the level that both lead to.
#include "agents/batch/families.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { IS_BOUND = 1, IS_EDITED = 2 }; // bits of a pick's byte; before there were edits it was 0 or 1

#define EDITING_BLOCK ((size_t)256 << 10) // [byte] holds what a few edits of most levels leave behind
#define EDITING_MAX   ((size_t)64 << 20)  // [byte] of the largest level PARA_EDITS_MAX times

static bool same_edits(const ParaPick *a, const ParaPick *b)
{
    bool same = a->edit_count == b->edit_count;
    for (int k = 0; same && k < a->edit_count; k++)
        same = a->edits[k].kind == b->edits[k].kind && a->edits[k].seed == b->edits[k].seed;
    return same;
}

bool para_pick_is(const ParaPick *a, const ParaPick *b)
{
    return a->family == b->family && a->seed == b->seed && a->bound == b->bound &&
           (!a->bound || memcmp(a->values, b->values, sizeof a->values) == 0) && same_edits(a, b);
}

void para_pick_save(ParaBytes *out, const ParaPick *pick)
{
    int what = (pick->bound ? IS_BOUND : 0) | (pick->edit_count > 0 ? IS_EDITED : 0);
    para_bytes_put_whole(out, (uint64_t)pick->family, 4);
    para_bytes_put_whole(out, pick->seed, 8);
    para_bytes_put_whole(out, pick->parent, 8);
    para_bytes_put_whole(out, (uint64_t)what, 1);
    for (int p = 0; pick->bound && p < PARA_PARAMS_MAX; p++)
        para_bytes_put_f64(out, pick->values[p]);
    if (pick->edit_count > 0)
        para_bytes_put_whole(out, (uint64_t)pick->edit_count, 1);
    for (int k = 0; k < pick->edit_count; k++) {
        para_bytes_put_whole(out, pick->edits[k].kind, 1);
        para_bytes_put_whole(out, pick->edits[k].seed, 8);
    }
}

ParaPick para_pick_load(ParaBytesReader *in, int family_min, int family_max)
{
    ParaPick pick = {.family = (int32_t)para_bytes_take_range(in, 4, family_min, family_max)};
    pick.seed = para_bytes_take_whole(in, 8);
    pick.parent = para_bytes_take_whole(in, 8);
    int what = (int)para_bytes_take_range(in, 1, 0, IS_BOUND | IS_EDITED);
    pick.bound = (what & IS_BOUND) != 0;
    for (int p = 0; pick.bound && p < PARA_PARAMS_MAX; p++) {
        pick.values[p] = para_bytes_take_f64(in);
        in->bad = in->bad || !isfinite(pick.values[p]);
    }
    if (what & IS_EDITED)
        pick.edit_count = (int32_t)para_bytes_take_range(in, 1, 1, PARA_EDITS_MAX);
    for (int k = 0; k < pick.edit_count; k++) {
        pick.edits[k].kind = (uint32_t)para_bytes_take_range(in, 1, 0, PARA_EDIT_COUNT - 1);
        pick.edits[k].seed = para_bytes_take_whole(in, 8);
    }
    return pick;
}

// ---------------------------------------------------------------------------------------------
// Recipes.

const char *para_pick_recipe(const ParaFamilies *families, const ParaPick *pick, ParaArena *arena)
{
    if (!pick->bound && pick->edit_count == 0)
        return NULL;
    const ParaTemplate *t = families->whole[pick->family];
    char number[PARA_NUMBER_SIZE], edits[PARA_EDITS_TEXT_MAX];
    cJSON *root = cJSON_CreateObject(), *params = NULL;
    if (pick->bound)
        params = cJSON_AddObjectToObject(root, "params");
    for (int p = 0; pick->bound && p < para_template_param_count(t); p++)
        cJSON_AddRawToObject(params, para_template_param(t, p)->name,
                             para_text_double(pick->values[p], number)); // cJSON's own rounds
    para_edits_write(pick->edits, pick->edit_count, edits);
    if (pick->edit_count > 0)
        cJSON_AddStringToObject(root, "edits", edits);
    char *text = para_json_print(root, false), *copy = para_arena_strdup(arena, text);
    cJSON_free(text);
    cJSON_Delete(root);
    return copy;
}

static bool read_params(const ParaTemplate *t, const cJSON *params, ParaPick *pick)
{
    bool good = cJSON_IsObject(params);
    for (int p = 0; good && p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(params, param->name);
        good = cJSON_IsNumber(value) && value->valuedouble >= param->low && value->valuedouble <= param->high;
        if (good)
            pick->values[p] = value->valuedouble;
    }
    pick->bound = good;
    return good;
}

static bool read_edits(const cJSON *edits, ParaPick *pick)
{
    int count = cJSON_IsString(edits) ? para_edits_read(edits->valuestring, pick->edits) : 0;
    pick->edit_count = count > 0 ? count : 0;
    return count > 0;
}

bool para_pick_read_recipe(const ParaTemplate *t, const char *text, ParaPick *pick)
{
    pick->bound = false;
    pick->edit_count = 0;
    if (!text)
        return true;
    cJSON *root = para_json_parse(text);
    const cJSON *params = cJSON_GetObjectItemCaseSensitive(root, "params"),
                *edits = cJSON_GetObjectItemCaseSensitive(root, "edits");
    bool good =
        (params || edits) && (!params || read_params(t, params, pick)) && (!edits || read_edits(edits, pick));
    cJSON_Delete(root);
    return good;
}

// ---------------------------------------------------------------------------------------------
// Levels.

// What the edits on the way leave behind goes with an arena of its own: an env's would keep it for the whole
// episode.
static ParaLevel *edited_level(const ParaTemplate *t, const ParaPick *pick, ParaArena *arena)
{
    const double *values = pick->bound ? pick->values : NULL;
    ParaArena *scratch = para_arena_create(EDITING_BLOCK, EDITING_MAX);
    if (!scratch)
        return NULL;
    const ParaLevel *level = para_template_sample(t, values, pick->seed, scratch, NULL);
    level = para_edits_apply(level, pick->edits, pick->edit_count, scratch, NULL, 0);
    ParaLevel *out = level ? para_level_copy(level, arena) : NULL;
    para_arena_destroy(scratch);
    return out;
}

ParaLevel *para_pick_level(const ParaTemplate *t, const ParaPick *pick, const char *maker, ParaArena *arena)
{
    PARA_ASSERT(pick->edit_count >= 0 && pick->edit_count <= PARA_EDITS_MAX);
    ParaLevel *level = pick->edit_count > 0 ? edited_level(t, pick, arena)
                                            : para_template_sample(t, pick->bound ? pick->values : NULL,
                                                                   pick->seed, arena, NULL);
    if (!level)
        return NULL;
    snprintf(level->maker, sizeof level->maker, "%s", maker);
    if (pick->edit_count == 0)
        level->parent = pick->parent; // else it is told which level the edits were done to
    return level;
}
