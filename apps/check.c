// SPDX-License-Identifier: MIT
// paracosm check: reads templates, prints their problems like a compiler, and tells what the good ones hold.
#include "apps/apps.h"
#include "apps/options.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FILES_MAX        10000
#define CHECK_MEMORY_MAX ((size_t)1 << 30) // [byte] for one template and its members

typedef struct Choices {
    bool json;
    bool solver; ///< say which solver the members get
    int sample;  ///< members to draw and build
} Choices;

#define REASONS_MAX 16

/// Why members do not run on lanes, and how many for this reason.
typedef struct Reason {
    char why[128];
    int count, seed; ///< seed of the first of them
} Reason;

/// What drawing members showed.
typedef struct Family {
    int drawn, refused;
    int body_min, body_max, joint_max, shape_max;
    int lanes, chipmunk; ///< members that the solver auto runs on each
    Reason reasons[REASONS_MAX];
    int reason_count;
} Family;

// ---------------------------------------------------------------------------------------------
// A file that is not there: what was meant?

static void suggest_files(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    char folder[1024] = ".";
    if (slash)
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    if (para_file_exists(path)) // it is there; the trouble is another
        return;
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    char names[256][256];
    const char *words[256];
    int count = 0;
    for (struct dirent *entry = readdir(dir); entry && count < 256; entry = readdir(dir)) {
        size_t length = strlen(entry->d_name);
        if (length < 6 || length >= sizeof names[0] || strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        memcpy(names[count], entry->d_name, length + 1);
        words[count] = names[count];
        count++;
    }
    closedir(dir);
    // A name without its ending is the commonest slip.
    char with_ending[300];
    snprintf(with_ending, sizeof with_ending, "%.256s.json", base);
    const char *close = para_closest_word(base, words, count);
    if (!close)
        close = para_closest_word(with_ending, words, count);
    if (close)
        fprintf(stderr, "  did you mean %s%s%s?\n", slash ? folder : "", slash ? "/" : "", close);
    else if (count > 0 && count <= 20) {
        fprintf(stderr, "  templates in %s:", folder);
        for (int k = 0; k < count; k++)
            fprintf(stderr, " %s", names[k]);
        fprintf(stderr, "\n");
    }
}

// ---------------------------------------------------------------------------------------------
// One template.

static void look_at(Family *family, const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    if (family->drawn == family->refused || world->body_count < family->body_min)
        family->body_min = world->body_count;
    if (world->body_count > family->body_max)
        family->body_max = world->body_count;
    if (world->joint_count > family->joint_max)
        family->joint_max = world->joint_count;
    if (world->shape_count > family->shape_max)
        family->shape_max = world->shape_count;
}

/// Counts which solver runs a member, and why not lanes.
static void look_at_solver(Family *family, const ParaLevel *level, ParaWorld world, int seed)
{
    char why[sizeof family->reasons[0].why];
    bool lanes = para_world_solver(world) == PARA_SOLVER_LANES;
    family->lanes += lanes;
    family->chipmunk += !lanes;
    if (lanes || para_solver_fits(PARA_SOLVER_LANES, &level->world, why, sizeof why))
        return;
    int at = 0;
    while (at < family->reason_count && strcmp(family->reasons[at].why, why) != 0)
        at++;
    if (at == REASONS_MAX) // as many as anybody reads; the counts above are whole
        return;
    if (at == family->reason_count) {
        family->reasons[family->reason_count++].seed = seed;
        memcpy(family->reasons[at].why, why, sizeof why);
    }
    family->reasons[at].count++;
}

/// Draws members and builds their worlds, as the engine would for a player.
static Family draw_family(const ParaTemplate *t, int count, ParaArena *arena, ParaDiagList *list)
{
    Family family = {0};
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    for (int k = 0; k < count && group; k++) {
        ParaArena *scratch = para_arena_create((size_t)1 << 18, CHECK_MEMORY_MAX);
        ParaDiagList problems = para_diag_list(arena, list->file, NULL);
        const ParaLevel *level = para_template_sample(t, NULL, (uint64_t)k, scratch, &problems);
        if (level && para_world_build(para_world_at(group, 0), &level->world, &problems)) {
            look_at(&family, level);
            look_at_solver(&family, level, para_world_at(group, 0), k);
        } else {
            for (int p = 0; p < problems.count; p++)
                para_diag_add(list, PARA_DIAG_ERROR, problems.items[p].code, problems.items[p].path,
                              "%s (in the member with seed %d)", problems.items[p].message, k);
            family.refused++;
        }
        family.drawn++;
        para_arena_destroy(scratch);
    }
    if (group)
        para_world_group_destroy(group);
    return family;
}

static void print_summary(const char *path, const ParaTemplate *t, const Family *family)
{
    printf("%s: %s\n", path, para_template_name(t));
    if (*para_template_about(t))
        printf("  %s\n", para_template_about(t));
    int count = para_template_param_count(t);
    for (int p = 0; p < count; p++) {
        const ParaParam *param = para_template_param(t, p);
        printf("  %-16s %s %g to %g%s%s%s%s\n", param->name, param->integer ? "whole" : "real ", param->low,
               param->high, *param->unit ? " " : "", param->unit, *param->about ? "; " : "", param->about);
    }
    if (count == 0)
        printf("  no parameters: one level, or a family by chance alone\n");
    printf("  family: %d member%s drawn, %d refused; %d to %d bodies, at most %d shapes and %d joints\n",
           family->drawn, family->drawn == 1 ? "" : "s", family->refused, family->body_min, family->body_max,
           family->shape_max, family->joint_max);
}

static void print_solvers(const Family *family)
{
    printf("  solver auto: %d member%s on lanes, %d on chipmunk\n", family->lanes,
           family->lanes == 1 ? "" : "s", family->chipmunk);
    for (int i = 0; i < family->reason_count; i++)
        printf("    not on lanes, %d: %s (first with seed %d)\n", family->reasons[i].count,
               family->reasons[i].why, family->reasons[i].seed);
}

static cJSON *solvers_json(const Family *family)
{
    cJSON *object = cJSON_CreateObject(), *reasons = cJSON_CreateArray();
    cJSON_AddNumberToObject(object, "lanes", family->lanes);
    cJSON_AddNumberToObject(object, "chipmunk", family->chipmunk);
    for (int i = 0; i < family->reason_count; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "why", family->reasons[i].why);
        cJSON_AddNumberToObject(item, "count", family->reasons[i].count);
        cJSON_AddNumberToObject(item, "seed", family->reasons[i].seed);
        cJSON_AddItemToArray(reasons, item);
    }
    cJSON_AddItemToObject(object, "reasons", reasons);
    return object;
}

static cJSON *problems_json(const ParaDiagList *list)
{
    cJSON *items = cJSON_CreateArray();
    for (int k = 0; k < list->count; k++) {
        const ParaDiag *item = &list->items[k];
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "severity", item->severity == PARA_DIAG_ERROR ? "error" : "warning");
        cJSON_AddStringToObject(object, "code", item->code);
        cJSON_AddStringToObject(object, "path", item->path);
        cJSON_AddStringToObject(object, "message", item->message);
        cJSON_AddNumberToObject(object, "line", item->line);
        cJSON_AddNumberToObject(object, "column", item->column);
        cJSON_AddItemToArray(items, object);
    }
    return items;
}

static void print_json(const char *path, const ParaTemplate *t, const Family *family,
                       const ParaDiagList *list, const Choices *choices)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", path);
    cJSON_AddBoolToObject(object, "ok", list->error_count == 0);
    cJSON_AddItemToObject(object, "problems", problems_json(list));
    if (t) {
        cJSON_AddStringToObject(object, "name", para_template_name(t));
        cJSON_AddStringToObject(object, "about", para_template_about(t));
        cJSON *params = cJSON_AddArrayToObject(object, "params");
        for (int p = 0; p < para_template_param_count(t); p++) {
            const ParaParam *param = para_template_param(t, p);
            cJSON *item = cJSON_CreateObject();
            cJSON_AddStringToObject(item, "name", param->name);
            cJSON_AddNumberToObject(item, "low", param->low);
            cJSON_AddNumberToObject(item, "high", param->high);
            cJSON_AddBoolToObject(item, "integer", param->integer);
            cJSON_AddStringToObject(item, "unit", param->unit);
            cJSON_AddStringToObject(item, "about", param->about);
            cJSON_AddItemToArray(params, item);
        }
        cJSON_AddNumberToObject(object, "drawn", family->drawn);
        cJSON_AddNumberToObject(object, "refused", family->refused);
        cJSON_AddNumberToObject(object, "body_max", family->body_max);
        if (choices->solver)
            cJSON_AddItemToObject(object, "solver", solvers_json(family));
    }
    char *text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

static bool check_file(const char *path, const Choices *choices)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, CHECK_MEMORY_MAX);
    if (!arena)
        return para_app_fail("check", "out of memory") == PARA_EXIT_OK;
    ParaDiagList list = para_diag_list(arena, path, NULL);
    const ParaTemplate *t = para_template_load_file(path, arena, &list);
    Family family = {0};
    if (t)
        family = draw_family(t, choices->sample, arena, &list);
    bool good = list.error_count == 0;
    if (choices->json) {
        print_json(path, t, &family, &list, choices);
    } else {
        para_diag_print(&list, stderr);
        if (t)
            print_summary(path, t, &family);
        if (t && choices->solver)
            print_solvers(&family);
        if (!t)
            suggest_files(path);
    }
    para_arena_destroy(arena);
    return good;
}

int para_app_check(int argc, char **argv)
{
    Choices choices = {.sample = 100};
    const ParaOption options[] = {
        {"json", 0, PARA_OPTION_FLAG, &choices.json, NULL,
         "one JSON object per file: file, ok, problems, name, about, params, drawn, refused", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_FLAG, &choices.solver, NULL,
         "say which solver (lanes or chipmunk) runs the members drawn, and why not lanes", 0, 0, NULL},
        {"sample", 'n', PARA_OPTION_INT, &choices.sample, "N", "members of the family to draw and build", 0,
         100000, NULL},
        {.name = NULL}};
    const ParaCommand command = {.name = "check",
                                 .usage = "[options] FILE...",
                                 .about = "Reads templates and prints every problem with its place, as a "
                                          "compiler does. Of a good template\n"
                                          "it tells the parameters and what its members hold.",
                                 .options = options,
                                 .examples = "  paracosm check worlds/library/rover.json\n"
                                             "  paracosm check --sample 1000 my/*.json\n"
                                             "  paracosm check --solver --sample 64 mine.json\n"
                                             "  paracosm check --json mine.json",
                                 .notes =
                                     "exit codes: 0 no errors, 1 at least one error, 2 wrong command line",
                                 .operand_min = 1,
                                 .operand_max = FILES_MAX,
                                 .operand_name = "a template FILE"};
    static const char *files[FILES_MAX];
    int count = 0;
    int exit_code = para_options_read(&command, argc, argv, files, &count);
    if (exit_code != PARA_OPTIONS_GO)
        return exit_code;
    bool good = true;
    for (int k = 0; k < count; k++)
        good &= check_file(files[k], &choices);
    return good ? PARA_EXIT_OK : PARA_EXIT_FAILURE;
}
