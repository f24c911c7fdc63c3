// SPDX-License-Identifier: MIT
// Sandboxes are made of a level's text: what ends it is taken out, and it is loaded again.
#include "worlds/meddle/sandbox.h"

#include "worlds/json_tree.h"
#include "worlds/meddle/toybox.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <string.h>

#define NOWHERE 10000.0 // [m] a height that is never reached
#define PREFIX  "made-" // as in making.c

/// The player's body gets there never.
static void set_goal(cJSON *root, const ParaLevel *level)
{
    char store[PARA_NAME_MAX];
    cJSON *goal = cJSON_CreateObject(), *above = cJSON_AddArrayToObject(goal, "above");
    cJSON_AddItemToArray(above,
                         cJSON_CreateString(para_level_body_label(level, level->players[0].body, store)));
    cJSON_AddItemToArray(above, cJSON_CreateNumber(NOWHERE));
    cJSON_DeleteItemFromObjectCaseSensitive(root, "goal");
    cJSON_AddItemToObject(root, "goal", goal);
}

static void open_end(cJSON *root, const ParaLevel *level)
{
    static const char *const ends[] = {"fail", "rewards", "reward", "lives", NULL};
    cJSON *world = cJSON_GetObjectItemCaseSensitive(root, "world"), *zone;
    for (int k = 0; ends[k]; k++)
        cJSON_DeleteItemFromObjectCaseSensitive(root, ends[k]);
    cJSON_ArrayForEach(zone, cJSON_GetObjectItemCaseSensitive(root, "zones"))
        cJSON_DeleteItemFromObjectCaseSensitive(zone, "checkpoint");
    cJSON_DeleteItemFromObjectCaseSensitive(world, "seconds");
    cJSON_AddNumberToObject(world, "seconds", (double)PARA_SANDBOX_SECONDS);
    set_goal(root, level);
}

static ParaLevel *load(const char *text, ParaArena *arena, const char **out_error)
{
    ParaDiagList problems = para_diag_list(arena, "the sandbox", text);
    const ParaTemplate *form = para_template_load("the sandbox", text, strlen(text), arena, &problems);
    ParaLevel *level = form ? para_template_sample(form, NULL, 0, arena, &problems) : NULL;
    if (level)
        return level;
    *out_error = "it does not load";
    for (int i = problems.count - 1; i >= 0; i--)
        if (problems.items[i].severity == PARA_DIAG_ERROR)
            *out_error =
                para_arena_printf(arena, "%s: %s", problems.items[i].path, problems.items[i].message);
    return NULL;
}

ParaLevel *para_sandbox_level(const ParaLevel *level, ParaSolverKind solver, ParaArena *arena,
                              const char **out_error)
{
    const char *unused = NULL;
    out_error = out_error ? out_error : &unused;
    *out_error = "a level of several players is no sandbox";
    if (level->player_count != 1)
        return NULL;
    cJSON *root = para_json_parse(para_level_to_json(level, arena));
    *out_error = "no memory";
    if (!root)
        return NULL;
    open_end(root, level);
    char *printed = para_json_print(root, false);
    const char *text = printed ? para_arena_strdup(arena, printed) : NULL;
    cJSON_free(printed);
    cJSON_Delete(root);
    ParaLevel *open = text ? load(text, arena, out_error) : NULL;
    if (!open)
        return NULL;
    open->seed = level->seed; // which the light goes by
    ParaLevel *boxed = para_toybox_add(open, solver, arena, NULL);
    return boxed ? boxed : open;
}

// ---------------------------------------------------------------------------------------------

static bool is_gone(const cJSON *body)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(body, "name");
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "spare")) && cJSON_IsString(name) &&
           strncmp(name->valuestring, PREFIX, strlen(PREFIX)) == 0;
}

/// Whether an object says a name anywhere.
static bool names(const cJSON *item, const char *name)
{
    const cJSON *part;
    if (cJSON_IsString(item))
        return strcmp(item->valuestring, name) == 0;
    cJSON_ArrayForEach(part, item) if (names(part, name)) return true;
    return false;
}

static void take_gone(cJSON *root)
{
    cJSON *bodies = cJSON_GetObjectItemCaseSensitive(root, "bodies"),
          *joints = cJSON_GetObjectItemCaseSensitive(root, "joints");
    for (int b = cJSON_GetArraySize(bodies) - 1; b >= 0; b--) {
        cJSON *body = cJSON_GetArrayItem(bodies, b);
        if (!is_gone(body))
            continue;
        const char *name = cJSON_GetObjectItemCaseSensitive(body, "name")->valuestring;
        for (int j = cJSON_GetArraySize(joints) - 1; j >= 0; j--)
            if (names(cJSON_GetArrayItem(joints, j), name))
                cJSON_DeleteItemFromArray(joints, j);
        cJSON_DeleteItemFromArray(bodies, b);
    }
}

const char *para_sandbox_text(const ParaLevel *level, const char *name, ParaArena *arena)
{
    cJSON *root = para_json_parse(para_level_to_json(level, arena));
    if (!root)
        return NULL;
    take_gone(root);
    if (name)
        cJSON_ReplaceItemInObjectCaseSensitive(root, "name", cJSON_CreateString(name));
    char *printed = para_json_print(root, true);
    const char *text = printed ? para_arena_strdup(arena, printed) : NULL;
    cJSON_free(printed);
    cJSON_Delete(root);
    return text;
}
