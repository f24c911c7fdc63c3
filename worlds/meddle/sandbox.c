// SPDX-License-Identifier: MIT
// Sandboxes are made of a level's text: what ends it is taken out, and it is loaded again.
#include "worlds/meddle/sandbox.h"

#include "worlds/json_tree.h"
#include "worlds/meddle/making.h"
#include "worlds/meddle/toybox.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <string.h>

#define NOWHERE 10000.0 // [m] a height that is never reached

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
// A scene as a level.

static const char *name_of(const cJSON *item)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "name");
    return cJSON_IsString(name) ? name->valuestring : "";
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

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/// A body that is out of the level, and was put there by tools or is a toy. What events name stays.
static bool is_gone(const cJSON *root, const cJSON *body)
{
    const char *name = name_of(body);
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "spare")) &&
           (begins(name, PARA_MAKING_PREFIX) || begins(name, PARA_TOYBOX_PREFIX)) &&
           !names(cJSON_GetObjectItemCaseSensitive(root, "events"), name);
}

/// Takes out what is gone, and what hangs from it. What else is out moves no more by itself.
static void take_gone(cJSON *root)
{
    cJSON *bodies = cJSON_GetObjectItemCaseSensitive(root, "bodies"),
          *joints = cJSON_GetObjectItemCaseSensitive(root, "joints");
    for (int b = cJSON_GetArraySize(bodies) - 1; b >= 0; b--) {
        cJSON *body = cJSON_GetArrayItem(bodies, b);
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "spare")))
            cJSON_DeleteItemFromObjectCaseSensitive(body, "moves");
        if (!is_gone(root, body))
            continue;
        const char *name = name_of(body);
        for (int j = cJSON_GetArraySize(joints) - 1; j >= 0; j--)
            if (names(cJSON_GetArrayItem(joints, j), name))
                cJSON_DeleteItemFromArray(joints, j);
        cJSON_DeleteItemFromArray(bodies, b);
    }
}

static double number_at(const cJSON *zone, const char *field, int index)
{
    const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(zone, field), index);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

/// A zone of the toybox that does nothing: no wind, or water that lies below the level.
static bool is_idle(const cJSON *zone, double high)
{
    if (!begins(name_of(zone), PARA_TOYBOX_PREFIX) || cJSON_HasObjectItem(zone, "force"))
        return false;
    return !cJSON_HasObjectItem(zone, "fluid") ||
           number_at(zone, "at", 1) + PARA_TOYBOX_WATER_REACH * high <= 0;
}

static void take_idle_zones(cJSON *root)
{
    cJSON *zones = cJSON_GetObjectItemCaseSensitive(root, "zones");
    double high = number_at(cJSON_GetObjectItemCaseSensitive(root, "world"), "size", 1);
    for (int z = cJSON_GetArraySize(zones) - 1; z >= 0; z--)
        if (is_idle(cJSON_GetArrayItem(zones, z), high))
            cJSON_DeleteItemFromArray(zones, z);
}

/// Says another name wherever one is said.
static void rename_all(cJSON *item, const char *name, const char *other)
{
    cJSON *part;
    if (cJSON_IsString(item) && strcmp(item->valuestring, name) == 0)
        cJSON_SetValuestring(item, other);
    cJSON_ArrayForEach(part, item) rename_all(part, name, other);
}

/// What came out of the toybox is the level's own now: the next sandbox of it packs another box.
static void keep_toys(cJSON *root, const char *list, ParaArena *arena)
{
    cJSON *item;
    int number = 1;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, list))
    {
        const char *name = name_of(item), *own = NULL;
        if (!begins(name, PARA_TOYBOX_PREFIX))
            continue;
        do
            own = para_arena_printf(arena, "kept-%d", number++);
        while (names(root, own));
        rename_all(root, para_arena_strdup(arena, name), own);
    }
}

/// What ended the level before it was a sandbox ends it again.
static bool close_end(cJSON *root, const ParaLevel *from, ParaArena *arena)
{
    static const char *const ends[] = {"goal", "fail", "rewards", "solved", "failed", "lives", NULL};
    cJSON *was = para_json_parse(para_level_to_json(from, arena)), *zone;
    if (!was)
        return false;
    for (int k = 0; ends[k]; k++) {
        cJSON_DeleteItemFromObjectCaseSensitive(root, ends[k]);
        cJSON *end = cJSON_DetachItemFromObjectCaseSensitive(was, ends[k]);
        if (end)
            cJSON_AddItemToObject(root, ends[k], end);
    }
    cJSON *world = cJSON_GetObjectItemCaseSensitive(root, "world");
    cJSON_DeleteItemFromObjectCaseSensitive(world, "seconds");
    cJSON_AddNumberToObject(world, "seconds", (double)from->seconds);
    cJSON_ArrayForEach(zone, cJSON_GetObjectItemCaseSensitive(was, "zones"))
    {
        cJSON *checkpoint = cJSON_DetachItemFromObjectCaseSensitive(zone, "checkpoint"), *other, *same = NULL;
        cJSON_ArrayForEach(other, cJSON_GetObjectItemCaseSensitive(root, "zones")) same =
            strcmp(name_of(other), name_of(zone)) == 0 ? other : same;
        if (checkpoint && same)
            cJSON_AddItemToObject(same, "checkpoint", checkpoint);
        else
            cJSON_Delete(checkpoint);
    }
    cJSON_Delete(was);
    return true;
}

/// @param ends whether the level ends as `from` does   @param events whether it keeps its events
static const char *text_of(const ParaLevel *level, const ParaLevel *from, bool ends, bool events,
                           ParaArena *arena)
{
    cJSON *root = para_json_parse(para_level_to_json(level, arena));
    if (!root)
        return NULL;
    if (!events)
        cJSON_DeleteItemFromObjectCaseSensitive(root, "events");
    take_gone(root);
    take_idle_zones(root);
    keep_toys(root, "bodies", arena);
    keep_toys(root, "zones", arena);
    char *printed = !ends || close_end(root, from, arena) ? para_json_print(root, true) : NULL;
    const char *text = printed ? para_arena_strdup(arena, printed) : NULL;
    cJSON_free(printed);
    cJSON_Delete(root);
    return text;
}

const char *para_sandbox_text(const ParaLevel *level, const ParaLevel *from, ParaArena *arena,
                              const char **out_error)
{
    // What was taken out may be what a goal or an event is about: then as much is kept as makes a level.
    for (int less = 0; less < 4; less++) {
        bool ends = less % 2 == 0, events = less < 2;
        if (ends && !from)
            continue;
        const char *text = text_of(level, from, ends, events, arena);
        *out_error = "no memory";
        if (!text || load(text, arena, out_error))
            return text;
    }
    return NULL;
}
