// SPDX-License-Identifier: MIT
// From a run folder or a checkpoint file to a player: which file, what its card says of it, the tensors into
// a new policy.
#include "agents/player/player.h"

#include "agents/player/card.h"
#include "agents/run/run_folder.h"
#include "agents/run/safetensors.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "worlds/json_tree.h"
#include "worlds/library.h"

#include <cjson/cJSON.h>
#include <string.h>

ParaPolicy *para_player_from_card(const char *card, const ParaTensor *tensors, int count, ParaArena *arena,
                                  const char **out_error)
{
    ParaPolicyDef def = {0};
    if (!para_card_read_player(card, arena, &def, out_error))
        return NULL;
    ParaPolicy *policy = para_policy_create_blank(&def, arena);
    int own_count = 0;
    const ParaTensor *own = para_policy_tensors(policy, &own_count);
    return para_tensors_assign(own, own_count, tensors, count, arena, out_error) ? policy : NULL;
}

static ParaPolicy *load_file(const char *path, ParaArena *arena, const char **out_error)
{
    int count = 0;
    const char *card = NULL;
    ParaTensor *tensors = para_safetensors_read(path, arena, &count, &card, out_error);
    return tensors ? para_player_from_card(card, tensors, count, arena, out_error) : NULL;
}

// The card of a checkpoint file; NULL if the file cannot be read, which loading the player tells.
static cJSON *read_card(const char *path, ParaArena *arena)
{
    const char *text = NULL, *error = NULL;
    int count = 0;
    return para_safetensors_read(path, arena, &count, &text, &error) && text ? para_json_parse(text) : NULL;
}

// What the card of a checkpoint file says of the solver; cards always name it.
static ParaSolverKind card_solver(const char *path, ParaArena *arena)
{
    ParaSolverKind kind = PARA_SOLVER_AUTO;
    cJSON *card = read_card(path, arena);
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(card, "solver"));
    if (name)
        para_solver_find(name, &kind);
    cJSON_Delete(card);
    return kind;
}

ParaSolverKind para_player_solver(const char *run_folder, ParaArena *arena)
{
    ParaPathKind what = run_folder ? para_path_kind(run_folder) : PARA_PATH_NONE;
    if (what == PARA_PATH_NONE)
        return PARA_SOLVER_AUTO; // what is wrong with the folder, loading the player tells
    ParaSolverKind kind = PARA_SOLVER_AUTO;
    ParaRun *run = what == PARA_PATH_FILE ? NULL : para_run_open_read(run_folder, arena, NULL);
    if (what == PARA_PATH_FILE)
        kind = card_solver(run_folder, arena);
    else if (run)
        kind = para_run_solver(run);
    para_run_close(run);
    return kind == PARA_SOLVER_CHIPMUNK ? kind : PARA_SOLVER_AUTO;
}

ParaPolicy *para_player_load(const char *run_folder, ParaArena *arena, const char **out_error)
{
    const char *note = NULL;
    return para_player_load_noted(run_folder, arena, &note, out_error);
}

const char *para_player_checkpoint(const char *run_folder, ParaArena *arena, const char **out_note,
                                   const char **out_error)
{
    ParaPathKind what = para_path_kind(run_folder);
    if (what == PARA_PATH_FILE)
        return run_folder;
    if (what == PARA_PATH_NONE) {
        *out_error = para_arena_printf(arena, "no run folder %s; train one with `%s train --out %s`",
                                       run_folder, para_shell_program(), para_shell_word(run_folder, arena));
        return NULL;
    }
    ParaRun *run = para_run_open_read(run_folder, arena, out_error);
    if (!run)
        return NULL;
    const char *path = NULL, *note = NULL;
    int lesson = para_run_newest_checkpoint(run, arena, &path, &note);
    para_run_close(run);
    if (lesson < 0) {
        *out_error = para_arena_printf(
            arena, "no whole checkpoint in %s yet%s%s; train longer with `%s train --out %s`", run_folder,
            note ? ": " : "", note ? note : "", para_shell_program(), para_shell_word(run_folder, arena));
        return NULL;
    }
    *out_note = note;
    return path;
}

ParaPolicy *para_player_load_noted(const char *run_folder, ParaArena *arena, const char **out_note,
                                   const char **out_error)
{
    *out_note = NULL;
    const char *path = para_player_checkpoint(run_folder, arena, out_note, out_error);
    return path ? load_file(path, arena, out_error) : NULL;
}

// The names of the families a checkpoint file was trained on, as far as its card says.  @return [*out_count]
static const char **card_families(const char *path, ParaArena *arena, int *out_count)
{
    cJSON *card = read_card(path, arena);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(card, "families"), *item = NULL;
    const char **names = PARA_NEW(arena, const char *, cJSON_GetArraySize(list) + 1);
    *out_count = 0;
    cJSON_ArrayForEach(item, list) if (cJSON_IsString(item)) names[(*out_count)++] =
        para_arena_strdup(arena, item->valuestring);
    cJSON_Delete(card);
    return names;
}

// A checkpoint alone names its families and does not bring them: they are those of this name in the library.
static bool load_named(const char *path, ParaArena *arena, ParaFamilies *out, const char **out_note,
                       const char **out_error)
{
    int count = 0;
    const char **names = card_families(path, arena, &count), **library = NULL;
    int known = para_library_list(arena, &library);
    for (int i = 0; i < count; i++) {
        bool there = false;
        for (int k = 0; k < known; k++)
            there = there || strcmp(library[k], names[i]) == 0;
        if (!there) {
            *out_note =
                para_arena_printf(arena,
                                  "the library has no family %s, which this player was trained on: all "
                                  "of the library stands in; name its template for its own",
                                  names[i]);
            count = 0;
        }
    }
    return para_families_load(out, names, count, arena, out_error);
}

// The run whose folder of checkpoints this file lies in; NULL: it lies elsewhere.
static const char *run_of_file(const char *path, ParaArena *arena)
{
    static const char inside[] = "checkpoints/";
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t before = (size_t)(name - path), tail = sizeof inside - 1;
    const char *folder = NULL;
    if (before == 0)
        folder = "..";
    else if (before >= tail && memcmp(name - tail, inside, tail) == 0)
        folder = before == tail ? "." : para_arena_printf(arena, "%.*s", (int)(before - tail - 1), path);
    bool there =
        folder && para_run_exists(folder, arena) &&
        para_path_kind(para_arena_printf(arena, "%s/checkpoints/%s", folder, name)) == PARA_PATH_FILE;
    return there ? folder : NULL;
}

bool para_player_families(const char *run_folder, const ParaFamiliesWish *wish, ParaArena *arena,
                          ParaFamilies *out, const char **out_note, const char **out_error)
{
    ParaPathKind what = run_folder ? para_path_kind(run_folder) : PARA_PATH_NONE;
    const char *run_of = what == PARA_PATH_FILE ? run_of_file(run_folder, arena) : NULL;
    *out_note = NULL;
    if (run_of) {
        run_folder = run_of;
        what = PARA_PATH_FOLDER;
    }
    if (what == PARA_PATH_FILE && wish->count == 0)
        return load_named(run_folder, arena, out, out_note, out_error) &&
               para_families_narrow(out, wish->tier, arena, out_error);
    if (what != PARA_PATH_FOLDER)
        return para_families_load(out, wish->names, wish->count, arena, out_error) &&
               para_families_narrow(out, wish->tier, arena, out_error);
    ParaRun *run = para_run_open_read(run_folder, arena, out_error);
    bool loaded = run && para_run_families(run, wish, arena, out, out_note, out_error);
    para_run_close(run);
    return loaded;
}

/// Whether a family lists as many floats as this player was trained on.
static bool lists_alike(const ParaPolicy *policy, const ParaTemplate *family, ParaArena *arena)
{
    const char *name = para_template_name(family);
    const ParaFamilies one = {.count = 1, .names = &name, .templates = &family, .whole = &family};
    const ParaObsSpec *own = &para_policy_def(policy)->obs;
    return own->kind == PARA_OBS_LISTED && para_families_listed(&one, 0, arena).size == own->size;
}

bool para_player_knows(const ParaPolicy *policy, const char *run_folder, const ParaTemplate *family,
                       ParaArena *arena, const char **out_error)
{
    if (para_policy_def(policy)->obs.kind == PARA_OBS_ENTITIES ||
        para_policy_def(policy)->obs.kind == PARA_OBS_PIXELS || lists_alike(policy, family, arena))
        return true;
    int count = 0;
    const char *text = NULL, *note = NULL,
               *path = para_player_checkpoint(run_folder, arena, &note, out_error);
    if (!path || !para_safetensors_read(path, arena, &count, &text, out_error))
        return false;
    cJSON *card = para_json_parse(text);
    const cJSON *own =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(card, "families"), 0); // it has just one
    bool knows = !cJSON_IsString(own) || strcmp(own->valuestring, para_template_name(family)) == 0;
    if (!knows)
        *out_error = para_arena_printf(
            arena, "this player has the observation of one family, %s; it cannot play others",
            own->valuestring);
    cJSON_Delete(card);
    return knows;
}
