// SPDX-License-Identifier: MIT
// From a run folder or a checkpoint file to a player: which file, what its card says of observation and
// widths, the tensors into a new policy.
#include "agents/player/player.h"

#include "agents/run/run_folder.h"
#include "agents/run/safetensors.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <sys/stat.h>

#define WIDTH_MAX 1024

// A whole number of the card within bounds; false if it is missing or out of them.
static bool card_number(const cJSON *card, const char *key, int low, int high, int *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(card, key);
    if (!cJSON_IsNumber(item) || item->valuedouble < low || item->valuedouble > high)
        return false;
    *out = (int)item->valuedouble;
    return *out == item->valuedouble;
}

static bool read_def(const char *text, ParaPolicyDef *out)
{
    cJSON *card = cJSON_Parse(text);
    const cJSON *kind = cJSON_GetObjectItemCaseSensitive(card, "observation");
    ParaObsSpec entities = para_obs_spec_entities();
    bool vector = cJSON_IsString(kind) && strcmp(kind->valuestring, "vector") == 0;
    bool ok = cJSON_IsString(kind) && (vector || strcmp(kind->valuestring, "entities") == 0);
    int global_size = 0;
    ok = ok && card_number(card, "global_size", 1, 4096, &global_size);
    ok = ok && card_number(card, "width", 16, WIDTH_MAX, &out->width);
    ok = ok && card_number(card, "encoder_width", 16, WIDTH_MAX, &out->encoder_width);
    cJSON_Delete(card);
    out->obs = vector ? para_obs_spec_sized(global_size) : entities;
    return ok && (vector || global_size == entities.global_size);
}

ParaPolicy *para_player_from_card(const char *card, const ParaTensor *tensors, int count, ParaArena *arena,
                                  const char **out_error)
{
    ParaPolicyDef def = {0};
    if (!card || !read_def(card, &def)) {
        *out_error = "the checkpoint's card does not describe a player this version knows (observation or "
                     "widths differ)";
        return NULL;
    }
    ParaPolicy *policy = para_policy_create(&def, 0, arena);
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

// What the card of a checkpoint file says of the solver; cards always name it.
static ParaSolverKind card_solver(const char *path, ParaArena *arena)
{
    ParaSolverKind kind = PARA_SOLVER_AUTO;
    const char *text = NULL, *error = NULL;
    int count = 0;
    cJSON *card =
        para_safetensors_read(path, arena, &count, &text, &error) && text ? cJSON_Parse(text) : NULL;
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(card, "solver"));
    if (name)
        para_solver_find(name, &kind);
    cJSON_Delete(card);
    return kind;
}

ParaSolverKind para_player_solver(const char *run_folder, ParaArena *arena)
{
    struct stat info;
    if (!run_folder || stat(run_folder, &info) != 0)
        return PARA_SOLVER_AUTO; // what is wrong with the folder, loading the player tells
    ParaSolverKind kind = PARA_SOLVER_AUTO;
    ParaRun *run = S_ISREG(info.st_mode) ? NULL : para_run_open_read(run_folder, arena, NULL);
    if (S_ISREG(info.st_mode))
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

ParaPolicy *para_player_load_noted(const char *run_folder, ParaArena *arena, const char **out_note,
                                   const char **out_error)
{
    *out_note = NULL;
    struct stat info;
    if (stat(run_folder, &info) != 0) {
        *out_error = para_arena_printf(arena, "no run folder %s; train one with `paracosm train --out %s`",
                                       run_folder, run_folder);
        return NULL;
    }
    if (S_ISREG(info.st_mode))
        return load_file(run_folder, arena, out_error);
    ParaRun *run = para_run_open_read(run_folder, arena, out_error);
    if (!run)
        return NULL;
    const char *path = NULL, *note = NULL;
    int lesson = para_run_newest_checkpoint(run, arena, &path, &note);
    para_run_close(run);
    if (lesson < 0) {
        *out_error = para_arena_printf(
            arena, "no whole checkpoint in %s yet%s%s; train longer with `paracosm train --out %s`",
            run_folder, note ? ": " : "", note ? note : "", run_folder);
        return NULL;
    }
    *out_note = note;
    return load_file(path, arena, out_error);
}
