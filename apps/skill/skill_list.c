// SPDX-License-Identifier: MIT
// paracosm skill list and show: what cards say.
#include "apps/apps.h"
#include "apps/skill/skill_parts.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static const char *sees(const ParaSkill *skill)
{
    return para_obs_kind_name(para_policy_def(skill->policy)->obs.kind);
}

static cJSON *as_json(const ParaSkill *skill)
{
    char hash[17];
    para_hash_hex(skill->hash, hash);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "file", skill->path);
    cJSON_AddStringToObject(json, "name", skill->name);
    cJSON_AddStringToObject(json, "about", skill->about);
    cJSON_AddStringToObject(json, "licence", skill->licence);
    cJSON_AddStringToObject(json, "run", skill->run);
    cJSON_AddStringToObject(json, "solver", para_solver_name(skill->solver));
    cJSON_AddStringToObject(json, "observation", sees(skill));
    cJSON_AddStringToObject(json, "hash", hash);
    cJSON_AddNumberToObject(json, "situations", skill->ground_count);
    cJSON_AddNumberToObject(json, "reach", (double)skill->reach);
    cJSON *scores = cJSON_AddArrayToObject(json, "scores");
    for (int i = 0; i < skill->score_count; i++) {
        cJSON *score = cJSON_CreateObject();
        cJSON_AddStringToObject(score, "family", skill->scores[i].family);
        cJSON_AddNumberToObject(score, "levels", skill->scores[i].levels);
        cJSON_AddNumberToObject(score, "solve", (double)skill->scores[i].solve);
        cJSON_AddNumberToObject(score, "low", (double)skill->scores[i].low);
        cJSON_AddNumberToObject(score, "high", (double)skill->scores[i].high);
        cJSON_AddItemToArray(scores, score);
    }
    return json;
}

/// Prints a tree, which is used up. @return exit code
static int print_tree(const char *word, cJSON *json)
{
    char *text = json ? para_json_print(json, true) : NULL;
    cJSON_Delete(json);
    if (!text)
        return para_app_fail(word, "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

// ---------------------------------------------------------------------------------------------
// list

typedef struct List {
    bool json;
    int skills, refused;
    cJSON *array;
} List;

/// Families and their scores: "hopper 96 %, crate 88 %", as many as fit.
static const char *scores_of(const ParaSkill *skill, ParaArena *arena)
{
    const char *text = "";
    for (int i = 0; i < skill->score_count && strlen(text) < 60; i++)
        text = para_arena_printf(arena, "%s%s%s %.0f %%", text, i > 0 ? ", " : "", skill->scores[i].family,
                                 100.0 * (double)skill->scores[i].solve);
    return strlen(text) < 60 ? text : para_arena_printf(arena, "%.57s...", text);
}

/// @param told whether a file that is no skill is worth a word: it was named itself
static void list_file(List *list, const char *path, bool told, ParaArena *scratch)
{
    const char *error = NULL;
    const ParaSkill *skill = para_skill_load(path, scratch, &error);
    if (!skill) {
        list->refused += told;
        fprintf(stderr, "%s: %s\n", told ? "error" : "note: passed over", error);
        return;
    }
    if (list->skills++ == 0 && !list->json)
        printf("%-20s %-9s %-24s %s\n", "skill", "sees", "file", "solves, held out");
    if (list->json)
        cJSON_AddItemToArray(list->array, as_json(skill));
    else
        printf("%-20.20s %-9s %-24s %s\n", skill->name, sees(skill), path, scores_of(skill, scratch));
}

static void list_path(List *list, const char *path, ParaArena *scratch)
{
    const char **names = NULL, *error = NULL;
    if (para_path_kind(path) != PARA_PATH_FOLDER) {
        list_file(list, path, true, scratch);
        return;
    }
    int count = para_folder_list(path, ".skill", scratch, &names, &error);
    if (count < 0) {
        list->refused++;
        fprintf(stderr, "error: %s\n", error);
    }
    for (int i = 0; i < count; i++) {
        ParaArenaMark mark = para_arena_mark(scratch);
        const char *folder = strcmp(path, ".") == 0 ? "" : para_arena_printf(scratch, "%s/", path);
        list_file(list, para_arena_printf(scratch, "%s%s.skill", folder, names[i]), false, scratch);
        para_arena_rewind(scratch, mark);
    }
}

int para_skill_app_list(int argc, char **argv)
{
    List list = {0};
    const char *paths[PARA_TEXTS_MAX] = {"."};
    int count = 0;
    const ParaOption options[] = {
        {"json", 0, PARA_OPTION_FLAG, &list.json, NULL, "print a list of their cards", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "skill list",
        .usage = "[options] [FILE | FOLDER ...]",
        .about = "Lists skills: files, and all that end in .skill in folders (default: the "
                 "one you are in).",
        .options = options,
        .examples = "  paracosm skill list\n"
                    "  paracosm skill list skills/ hop.skill --json",
        .notes = "exit codes: 0 done, 1 one that was named is no skill, 2 wrong command line",
        .operand_max = PARA_TEXTS_MAX,
        .operand_name = "files or folders"};
    int code = para_options_read(&command, argc, argv, paths, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *scratch = para_arena_create((size_t)1 << 20, PARA_SKILL_MEMORY);
    if (!scratch)
        return para_app_fail("skill list", "no memory");
    list.array = cJSON_CreateArray();
    for (int i = 0; i < (count > 0 ? count : 1); i++)
        list_path(&list, paths[i], scratch);
    if (!list.json && list.skills == 0 && list.refused == 0)
        printf("no skills here; make one with: paracosm skill pack RUN\n");
    if (list.json)
        code = print_tree("skill list", list.array);
    else
        cJSON_Delete(list.array);
    para_arena_destroy(scratch);
    return list.refused > 0 ? PARA_EXIT_FAILURE : PARA_EXIT_OK;
}

// ---------------------------------------------------------------------------------------------
// show

static void print_card(const ParaSkill *skill)
{
    const ParaPolicyDef *def = para_policy_def(skill->policy);
    char hash[17];
    para_hash_hex(skill->hash, hash);
    printf("%s: %s\n", skill->name, skill->about);
    printf("  licence   %s\n", *skill->licence ? skill->licence : "not told");
    printf("  packed of %s, trained on %s\n", *skill->run ? skill->run : "a run that is not told",
           para_solver_name(skill->solver));
    printf("  sees      %s, %d floats; acts %s; %s\n", sees(skill), def->obs.size,
           para_policy_is_fine(skill->policy) ? "in 127ths" : "by -1, 0, 1",
           para_policy_memory(def) > 0 ? "remembers within an episode" : "remembers nothing");
    printf("  network   %d wide, hash %s\n", def->width, hash);
    para_text_print(stdout, "  ground    %d situations, reach %.3f\n", skill->ground_count,
                    (double)skill->reach);
    printf("  %-18s %8s %16s %8s\n", "family", "solves", "95 %", "levels");
    for (int i = 0; i < skill->score_count; i++) {
        const ParaSkillScore *s = &skill->scores[i];
        para_text_print(stdout, "  %-18s %6.1f %%   %5.1f ..%6.1f %8d\n", s->family, 100.0 * (double)s->solve,
                        100.0 * (double)s->low, 100.0 * (double)s->high, s->levels);
    }
}

int para_skill_app_show(int argc, char **argv)
{
    bool json = false;
    const char *path = NULL, *error = NULL;
    const ParaOption options[] = {{"json", 0, PARA_OPTION_FLAG, &json, NULL, "print it as JSON", 0, 0, NULL},
                                  {.name = NULL}};
    const ParaCommand command = {
        .name = "skill show",
        .usage = "[options] FILE",
        .about = "Prints the card of a skill: what it does, what it sees, how well it did.",
        .options = options,
        .examples = "  paracosm skill show hop.skill\n"
                    "  paracosm skill show hop.skill --json",
        .notes = "exit codes: 0 done, 1 it is no skill of this version, 2 wrong command line",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a skill's file"};
    int code = para_options_read(&command, argc, argv, &path, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_SKILL_MEMORY);
    if (!arena)
        return para_app_fail("skill show", "no memory");
    const ParaSkill *skill = para_skill_load(path, arena, &error);
    code = PARA_EXIT_OK;
    if (!skill)
        code = para_app_fail("skill show", "%s", error);
    else if (json)
        code = print_tree("skill show", as_json(skill));
    else
        print_card(skill);
    para_arena_destroy(arena);
    return code;
}
