// SPDX-License-Identifier: MIT
// paracosm export: a level as another program's file. One word per format; what is written is read again
// before it counts as written.
#include "apps/apps.h"
#include "apps/import/carried.h"
#include "apps/options.h"
#include "engine/base/file.h"
#include "worlds/import/kinetix.h"
#include "worlds/json_tree.h"
#include "worlds/library.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)1 << 30)

typedef struct Choices {
    const char *name, *out;
    uint64_t seed;
    bool force, json;
} Choices;

/// What is written must be a level to the importer, too: a slip of the exporter would end here.
static bool reads_back(const char *text, ParaArena *arena, ParaDiagList *list)
{
    ParaDiagList back = para_diag_list(arena, "export", NULL);
    ParaKinetixChoices choices = {.name = "export", .from = "export"};
    if (para_kinetix_import(text, strlen(text), &choices, arena, &back))
        return true;
    for (int k = 0; k < back.count; k++)
        if (back.items[k].severity == PARA_DIAG_ERROR)
            para_diag_add(list, PARA_DIAG_ERROR, NULL, "", "Kinetix could not hold it: %s: %s",
                          back.items[k].path, back.items[k].message);
    return false;
}

static bool write_level(const Choices *choices, ParaArena *arena, ParaDiagList *list)
{
    const char *error = NULL;
    const ParaTemplate *t = para_library_load(choices->name, arena, &error);
    ParaDiagList inner = para_diag_list(arena, choices->name, NULL);
    const ParaLevel *level = t ? para_template_sample(t, NULL, choices->seed, arena, &inner) : NULL;
    if (!level) {
        para_diag_add(list, PARA_DIAG_ERROR, NULL, "", "%s",
                      error             ? error
                      : inner.count > 0 ? inner.items[0].message
                                        : "this member cannot be made");
        return false;
    }
    const char *text = para_kinetix_export(level, arena, list);
    if (!text || !reads_back(text, arena, list))
        return false;
    if (!choices->force && para_file_exists(choices->out))
        error = para_arena_printf(arena, "%s exists already; --force writes over it", choices->out);
    else
        para_file_write(choices->out, text, strlen(text), arena, &error);
    if (error)
        para_diag_add(list, PARA_DIAG_ERROR, NULL, "", "%s", error);
    return !error;
}

static void print_json(const Choices *choices, bool good, const ParaDiagList *list)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", choices->name);
    cJSON_AddBoolToObject(object, "ok", good);
    if (good)
        cJSON_AddStringToObject(object, "out", choices->out);
    para_carried_to_json(list, object);
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

static void print_text(const Choices *choices, bool good, const ParaDiagList *list)
{
    if (good)
        printf("%s: wrote %s\n", choices->name, choices->out);
    else
        fprintf(stderr, "%s: error: not exported\n", choices->name);
    para_carried_print(list, good);
}

static int export_kinetix(int argc, char **argv)
{
    Choices choices = {.seed = 1};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "FILE", "the level of Kinetix to write", 0, 0, NULL},
        {"seed", 's', PARA_OPTION_SEED, &choices.seed, "N", "which member of the family", 0, 0, NULL},
        {"force", 'f', PARA_OPTION_FLAG, &choices.force, NULL, "write over a file that exists", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &choices.json, NULL,
         "one JSON object: file, ok, out, errors, not_carried_over", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {.name = "export kinetix",
                                 .usage = "[options] --out FILE FAMILY|TEMPLATE.json|LEVEL.json",
                                 .about = "Writes a level as a level of Kinetix, for its own programs and "
                                          "its editor: circles, polygons of up to "
                                          "4 corners, hinges,\n"
                                          "welds, motors, thrusters, and the roles that goal and fail give. "
                                          "What could not be carried over is "
                                          "told.",
                                 .options = options,
                                 .examples =
                                     "  paracosm export kinetix my/car_over_hill.json --out car.json\n"
                                     "  paracosm export kinetix roll --seed 4 --out roll.json",
                                 .notes = "exit codes: 0 written, 1 it could not be, 2 wrong command line",
                                 .operand_min = 1,
                                 .operand_max = 1,
                                 .operand_name = "a family or file"};
    int count = 0, exit_code = para_options_read(&command, argc, argv, &choices.name, &count);
    if (exit_code != PARA_OPTIONS_GO)
        return exit_code;
    if (!choices.out)
        return para_app_misused("export kinetix", "--out FILE says where the level is to go");
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("export", "out of memory");
    ParaDiagList list = para_diag_list(arena, choices.name, NULL);
    bool good = write_level(&choices, arena, &list);
    if (choices.json)
        print_json(&choices, good, &list);
    else
        print_text(&choices, good, &list);
    para_arena_destroy(arena);
    return good ? PARA_EXIT_OK : PARA_EXIT_FAILURE;
}

static const char help_text[] =
    "usage: paracosm export kinetix [options] --out FILE FAMILY|TEMPLATE.json|LEVEL.json\n\n"
    "Writes a level for another program.\n\n"
    "  kinetix   a level of Kinetix\n\n"
    "examples:\n"
    "  paracosm export kinetix my/car_over_hill.json --out car.json\n\n"
    "Each has --help with its own options.\n";

int para_app_export(int argc, char **argv)
{
    static const ParaWord words[] = {{"kinetix", export_kinetix}};
    return para_app_word("export", help_text, words, sizeof words / sizeof *words, argc, argv);
}
