// SPDX-License-Identifier: MIT
// paracosm import: levels that other programs made, as templates. One word per format; each file's template
// is loaded before it is written, so that what is written can be played.
#include "apps/apps.h"
#include "apps/files.h"
#include "apps/import/carried.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "worlds/import/kinetix.h"
#include "worlds/import/phyre.h"
#include "worlds/import/svg.h"
#include "worlds/import/tiled.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)1 << 30)

typedef struct Choices {
    const struct Format *format;
    const char *out;
    double dense;                      ///< Kinetix
    double metres_per_tile;            ///< Tiled
    double metres_per_unit, tolerance; ///< SVG
    bool force, json, quiet;
} Choices;

/// One template that comes of a file.
typedef struct Part {
    const char *text, *name;
    const char *below; ///< its path below the folder, without an ending
} Part;

/// What is to become templates.
typedef struct Given {
    const char *text; ///< [size] and a NUL
    size_t size;      ///< [byte]
    const ParaAppFile *source;
    const char *name, *below; ///< of its template, where it is one
} Given;

/// A format that levels come from.
typedef struct Format {
    const char *word, *ending, *what; ///< "levels"
    size_t size_max;                  ///< [byte] of a file
    /// @param out_parts out, [returned count]   @return how many templates; 0: it was refused
    int (*import)(const Given *given, const Choices *choices, ParaArena *arena, ParaDiagList *list,
                  Part **out_parts);
} Format;

/// What came of one file.
typedef struct Imported {
    const char *name, *out;
    int bodies, joints;
    bool lanes;
    char why[160]; ///< not on lanes
} Imported;

typedef struct Tally {
    int parts, good, noted, lanes;
    const char *first; ///< written
} Tally;

// ---------------------------------------------------------------------------------------------
// Files.

/// [byte] of a path without an ending.
static size_t without(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0 ? length - tail : length;
}

/// The name of the family: "l/h7 maze.json" is "l-h7-maze".
static const char *family_name(const char *below, const char *ending, ParaArena *arena)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t length = without(below, ending);
    char *name = para_arena_printf(arena, "%.*s",
                                   (int)(length < PARA_NAME_MAX - 3 ? length : PARA_NAME_MAX - 3), below);
    for (char *at = name; *at; at++)
        if (!strchr(letters, *at) && !strchr("0123456789-_", *at))
            *at = '-';
    return *name && strchr(letters, *name) ? name : para_arena_printf(arena, "k-%s", name);
}

static bool write_template(const char *path, const char *text, const Choices *choices, ParaArena *arena,
                           ParaDiagList *list)
{
    const char *error = NULL, *slash = strrchr(path, '/');
    if (!choices->force && para_file_exists(path))
        error = para_arena_printf(arena, "%s exists already; --force writes over it", path);
    else if (!slash ||
             para_folder_make(para_arena_printf(arena, "%.*s", (int)(slash - path), path), arena, &error))
        para_file_write(path, text, strlen(text), arena, &error);
    if (error)
        para_diag_add(list, PARA_DIAG_ERROR, NULL, "", "%s", error);
    return !error;
}

/// Loads a template as it would be found, which is the last word on whether it is one.
static bool try_template(const char *text, Imported *imported, ParaArena *arena, ParaDiagList *list)
{
    ParaDiagList inner = para_diag_list(arena, "template", NULL);
    const ParaTemplate *t = para_template_load("template", text, strlen(text), arena, &inner);
    const ParaLevel *level = t ? para_template_sample(t, NULL, 0, arena, &inner) : NULL;
    for (int k = 0; k < inner.count; k++)
        if (inner.items[k].severity == PARA_DIAG_ERROR)
            para_diag_add(list, PARA_DIAG_ERROR, NULL, "", "as a template it would be refused: %s: %s",
                          inner.items[k].path, inner.items[k].message);
    if (!level)
        return false;
    imported->bodies = level->world.body_count;
    imported->joints = level->world.joint_count;
    imported->lanes = para_solver_fits(PARA_SOLVER_LANES, &level->world, imported->why, sizeof imported->why);
    return true;
}

/// Reads a file. @return how many templates it becomes; 0: it was refused
static int read_parts(const ParaAppFile *source, const Choices *choices, ParaArena *arena, ParaDiagList *list,
                      Part **out_parts)
{
    const Format *format = choices->format;
    const char *error = NULL;
    Given given = {.source = source};
    given.text = para_file_read(source->path, format->size_max, arena, &given.size, &error);
    if (!given.text) {
        para_diag_add(list, PARA_DIAG_ERROR, NULL, "", "%s", error);
        return 0;
    }
    given.name = family_name(source->below, format->ending, arena);
    given.below =
        para_arena_printf(arena, "%.*s", (int)without(source->below, format->ending), source->below);
    return format->import(&given, choices, arena, list, out_parts);
}

static bool write_part(const Part *part, const Choices *choices, Imported *imported, ParaArena *arena,
                       ParaDiagList *list)
{
    imported->name = part->name;
    imported->out = para_arena_printf(arena, "%s/%s.json", choices->out, part->below);
    return try_template(part->text, imported, arena, list) &&
           write_template(imported->out, part->text, choices, arena, list);
}

// ---------------------------------------------------------------------------------------------
// Telling.

static void print_json(const ParaAppFile *source, const Imported *imported, bool good,
                       const ParaDiagList *list)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", source->path);
    cJSON_AddBoolToObject(object, "ok", good);
    if (good) {
        cJSON_AddStringToObject(object, "name", imported->name);
        cJSON_AddStringToObject(object, "out", imported->out);
        cJSON_AddNumberToObject(object, "bodies", imported->bodies);
        cJSON_AddNumberToObject(object, "joints", imported->joints);
        cJSON_AddBoolToObject(object, "lanes", imported->lanes);
        if (!imported->lanes)
            cJSON_AddStringToObject(object, "why_not_lanes", imported->why);
    }
    para_carried_to_json(list, object);
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

static void print_text(const ParaAppFile *source, const Imported *imported, bool good,
                       const ParaDiagList *list)
{
    if (good)
        printf("%s: wrote %s (%d bodies, %d joints)\n", source->path, imported->out, imported->bodies,
               imported->joints);
    else
        fprintf(stderr, "%s: error: refused\n", source->path);
    para_carried_print(list, good);
    if (good && !imported->lanes)
        printf("  runs on chipmunk: %s\n", imported->why);
}

/// Tells and counts what came of a part, or of a file that has none. @param lasting gets what the tally keeps
static void count_part(const ParaAppFile *source, const Choices *choices, const Imported *imported, bool good,
                       const ParaDiagList *list, Tally *tally, ParaArena *lasting)
{
    if (choices->json)
        print_json(source, imported, good, list);
    else
        print_text(source, imported, good, list);
    if (good && tally->good == 0)
        tally->first = para_arena_strdup(lasting, imported->out);
    tally->parts++;
    tally->good += good;
    tally->noted += good && list->count > 0;
    tally->lanes += good && imported->lanes;
}

/// What is told of a file is told with the first of its parts.
static bool import_one(const ParaAppFile *source, const Choices *choices, Tally *tally, ParaArena *lasting)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("import", "out of memory") == PARA_EXIT_OK;
    ParaDiagList list = para_diag_list(arena, source->path, NULL);
    Part *parts = NULL;
    int count = read_parts(source, choices, arena, &list, &parts), good = 0;
    if (count == 0)
        count_part(source, choices, &(Imported){0}, false, &list, tally, lasting);
    for (int p = 0; p < count && para_interrupt_count() == 0; p++) {
        ParaArenaMark mark = para_arena_mark(arena);
        Imported imported = {0};
        bool fine = write_part(&parts[p], choices, &imported, arena, &list);
        count_part(source, choices, &imported, fine, &list, tally, lasting);
        good += fine;
        para_arena_rewind(arena, mark);
        list = para_diag_list(arena, source->path, NULL);
    }
    para_arena_destroy(arena);
    return count > 0 && good == count;
}

static int import_all(const char *path, const Choices *choices, ParaArena *arena)
{
    ParaAppFiles sources = {.ending = choices->format->ending};
    const char *error = NULL;
    if (!para_app_files_add(&sources, path, arena, &error))
        return para_app_fail("import", "%s", error);
    if (sources.count == 0)
        return para_app_fail("import", "there is no %s file in %s", choices->format->ending, path);
    Tally tally = {0};
    ParaProgress progress = para_progress_begin(choices->format->what, choices->quiet);
    para_interrupt_catch("\rstopping; what was imported stays\n");
    for (int k = 0; k < sources.count && para_interrupt_count() == 0; k++) {
        import_one(&sources.items[k], choices, &tally, arena);
        para_progress_show(&progress, k + 1, sources.count);
    }
    para_progress_end(&progress);
    if (!choices->json && tally.good > 0) {
        printf("%d of %d imported, %d of them with something that could not be carried over; %d run on "
               "lanes, %d "
               "on chipmunk\n",
               tally.good, tally.parts, tally.noted, tally.lanes, tally.good - tally.lanes);
        const char *program = para_shell_program(), *word = para_shell_word(tally.first, arena);
        printf("  check:  %s check %s\n  play:   %s play %s\n", program, word, program, word);
    }
    if (para_interrupt_count() > 0)
        return PARA_EXIT_INTERRUPTED;
    return tally.good == tally.parts ? PARA_EXIT_OK : PARA_EXIT_FAILURE;
}

// ---------------------------------------------------------------------------------------------
// Formats.

/// A file that is one template. @param text NULL: it was refused
static int one_part(const Given *given, const char *text, ParaArena *arena, Part **out_parts)
{
    *out_parts = PARA_NEW(arena, Part, 1);
    **out_parts = (Part){.text = text, .name = given->name, .below = given->below};
    return text != NULL;
}

static int from_kinetix(const Given *given, const Choices *choices, ParaArena *arena, ParaDiagList *list,
                        Part **out_parts)
{
    const ParaKinetixChoices kinetix = {
        .name = given->name, .from = given->source->below, .dense = choices->dense};
    return one_part(given, para_kinetix_import(given->text, given->size, &kinetix, arena, list), arena,
                    out_parts);
}

static int from_tiled(const Given *given, const Choices *choices, ParaArena *arena, ParaDiagList *list,
                      Part **out_parts)
{
    const char *path = given->source->path, *slash = strrchr(path, '/');
    const char *folder = slash ? para_arena_printf(arena, "%.*s", (int)(slash - path), path) : ".";
    const ParaTiledChoices tiled = {.name = given->name,
                                    .from = given->source->below,
                                    .folder = folder,
                                    .metres_per_tile = choices->metres_per_tile};
    return one_part(given, para_tiled_import(given->text, given->size, &tiled, arena, list), arena,
                    out_parts);
}

static int from_svg(const Given *given, const Choices *choices, ParaArena *arena, ParaDiagList *list,
                    Part **out_parts)
{
    const ParaSvgChoices svg = {.name = given->name,
                                .from = given->source->below,
                                .metres_per_unit = choices->metres_per_unit,
                                .tolerance = choices->tolerance};
    return one_part(given, para_svg_import(given->text, given->size, &svg, arena, list), arena, out_parts);
}

/// Each task of a file becomes a template, in a folder that is named like the file.
static int from_phyre(const Given *given, const Choices *choices, ParaArena *arena, ParaDiagList *list,
                      Part **out_parts)
{
    ParaPhyreFile file;
    (void)choices;
    if (!para_phyre_read(given->text, given->size, &file, arena, list))
        return 0;
    *out_parts = PARA_NEW(arena, Part, file.task_count);
    for (int t = 0; t < file.task_count; t++) {
        const char *name = para_phyre_name(file.tasks[t].id, arena);
        (*out_parts)[t] = (Part){.text = para_phyre_write(&file.tasks[t], name, arena),
                                 .name = name,
                                 .below = para_arena_printf(arena, "%s/%s", given->below, name)};
    }
    return file.task_count;
}

static const Format kinetix_format = {"kinetix", ".json", "levels", PARA_KINETIX_SIZE_MAX, from_kinetix};
static const Format tiled_format = {"tiled", ".json", "maps", PARA_TILED_SIZE_MAX, from_tiled};
static const Format svg_format = {"svg", ".svg", "drawings", PARA_SVG_SIZE_MAX, from_svg};
static const Format phyre_format = {"phyre", ".json", "files", PARA_PHYRE_SIZE_MAX, from_phyre};

#define OUT_OPTION                                                                                           \
    {                                                                                                        \
        "out", 'o', PARA_OPTION_TEXT, &choices.out, "DIR",                                                   \
            "folder for the templates, made if it is not there; those of a folder keep their places below "  \
            "it",                                                                                            \
            0, 0, NULL                                                                                       \
    }
#define LAST_OPTIONS                                                                                         \
    {"force", 'f', PARA_OPTION_FLAG, &choices.force, NULL, "write over files that exist", 0, 0, NULL},       \
        {"json",                                                                                             \
         0,                                                                                                  \
         PARA_OPTION_FLAG,                                                                                   \
         &choices.json,                                                                                      \
         NULL,                                                                                               \
         "one JSON object per template: file, ok, name, out, bodies, joints, lanes, errors, "                \
         "not_carried_over",                                                                                 \
         0,                                                                                                  \
         0,                                                                                                  \
         NULL},                                                                                              \
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no progress on standard error", 0, 0, NULL}, \
    {                                                                                                        \
        .name = NULL                                                                                         \
    }
#define EXIT_CODES                                                                                           \
    "exit codes: 0 all imported, 1 at least one was not, 2 wrong command line, 130 stopped by Ctrl-C"

/// Reads the command line, and does it.
static int import_by(const ParaCommand *command, Choices *choices, int argc, char **argv)
{
    const char *path = NULL;
    int count = 0, exit_code = para_options_read(command, argc, argv, &path, &count);
    if (exit_code != PARA_OPTIONS_GO)
        return exit_code;
    if (!choices->out)
        return para_app_misused(command->name, "--out DIR says where the templates are to go");
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("import", "out of memory");
    exit_code = import_all(path, choices, arena);
    para_arena_destroy(arena);
    return exit_code;
}

static int import_kinetix(int argc, char **argv)
{
    Choices choices = {.format = &kinetix_format};
    const ParaOption options[] = {
        OUT_OPTION,
        {"dense", 0, PARA_OPTION_REAL, &choices.dense, "REWARD",
         "add a reward per metre that a green shape comes nearer to a blue one; Kinetix trains with 0.2", 0,
         1000, NULL},
        LAST_OPTIONS};
    const ParaCommand command = {
        .name = "import kinetix",
        .usage = "[options] --out DIR FILE|DIR",
        .about =
            "Makes a template of a level of Kinetix, or of each .json file in a folder and the folders in "
            "it.\n"
            "It plays by Kinetix's rules and, as far as the solvers go, by its physics: docs/importing.md. "
            "What could not be\n"
            "carried over is told for each level.",
        .options = options,
        .examples = "  paracosm import kinetix h4_cartpole.json --out my\n"
                    "  paracosm import kinetix kinetix/levels --out my/kinetix\n"
                    "  paracosm import kinetix kinetix/levels --out my/kinetix --dense 0.2 --json",
        .notes = EXIT_CODES,
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a FILE or a folder of them"};
    return import_by(&command, &choices, argc, argv);
}

static int import_tiled(int argc, char **argv)
{
    Choices choices = {.format = &tiled_format, .metres_per_tile = 1};
    const ParaOption options[] = {OUT_OPTION,
                                  {"metres-per-tile", 'm', PARA_OPTION_REAL, &choices.metres_per_tile,
                                   "METRES", "width of a tile of the map in metres", 0.01, 100, NULL},
                                  LAST_OPTIONS};
    const ParaCommand command = {
        .name = "import tiled",
        .usage = "[options] --out DIR FILE|DIR",
        .about =
            "Makes a template of a map of Tiled (its JSON format, orthogonal), or of each .json file in "
            "a folder.\n"
            "Solid tiles become few static shapes; objects become bodies, zones, goals and the player by "
            "their class\n"
            "and properties: docs/importing.md. What could not be carried over is told for each map.",
        .options = options,
        .examples = "  paracosm import tiled cave.json --out my\n"
                    "  paracosm import tiled maps --out my/maps --metres-per-tile 0.5",
        .notes = EXIT_CODES,
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a FILE or a folder of them"};
    return import_by(&command, &choices, argc, argv);
}

static int import_svg(int argc, char **argv)
{
    Choices choices = {.format = &svg_format, .metres_per_unit = 0.02, .tolerance = 0.02};
    const ParaOption options[] = {
        OUT_OPTION,
        {"metres-per-unit", 'm', PARA_OPTION_REAL, &choices.metres_per_unit, "METRES",
         "length of a unit of the drawing's viewBox (a pixel without one) in metres", 1e-5, 100, NULL},
        {"tolerance", 0, PARA_OPTION_REAL, &choices.tolerance, "METRES",
         "how far the straight pieces of a curve may be from it", 1e-4, 10, NULL},
        LAST_OPTIONS};
    const ParaCommand command = {
        .name = "import svg",
        .usage = "[options] --out DIR FILE|DIR",
        .about =
            "Makes a template of a drawing in SVG, or of each .svg file in a folder.\n"
            "Filled outlines become static shapes, lines become chains; classes such as body, player or goal "
            "say what is\n"
            "more than that: docs/importing.md. What could not be carried over is told for each drawing.",
        .options = options,
        .examples =
            "  paracosm import svg hills.svg --out my\n"
            "  paracosm import svg drawings --out my/drawings --metres-per-unit 0.01 --tolerance 0.005",
        .notes = EXIT_CODES,
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a FILE or a folder of them"};
    return import_by(&command, &choices, argc, argv);
}

static int import_phyre(int argc, char **argv)
{
    Choices choices = {.format = &phyre_format};
    const ParaOption options[] = {OUT_OPTION, LAST_OPTIONS};
    const ParaCommand command = {
        .name = "import phyre",
        .usage = "[options] --out DIR FILE|DIR",
        .about =
            "Makes a template of each task in a file of PHYRE's tasks as JSON, or in each .json file of "
            "a folder:\n"
            "DIR/FILE/phyre-TASK.json. The player's ball is the body red; x, y and r of an action, each 0 "
            "to 1, are the\n"
            "template's parameters. `paracosm puzzle agree` tells how well its physics agrees: "
            "docs/importing.md.",
        .options = options,
        .examples = "  paracosm import phyre phyre/ball/00000.json --out my\n"
                    "  paracosm import phyre phyre/ball --out my/ball --quiet\n"
                    "  paracosm render my/00000/phyre-00000-000.json --set x=0.87 --set y=0.87 --set r=0.6 "
                    "--out task.png",
        .notes = EXIT_CODES,
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a FILE or a folder of them"};
    return import_by(&command, &choices, argc, argv);
}

static const char help_text[] = "usage: paracosm import FORMAT [options] --out DIR FILE|DIR\n\n"
                                "Makes templates of levels that other programs made.\n\n"
                                "  kinetix   levels of Kinetix, of its editor and of its gallery\n"
                                "  phyre     tasks of PHYRE, a puzzle of one ball each\n"
                                "  svg       drawings in SVG\n"
                                "  tiled     maps of Tiled, in its JSON format\n\n"
                                "examples:\n"
                                "  paracosm import kinetix h4_cartpole.json --out my\n"
                                "  paracosm import tiled cave.json --out my --metres-per-tile 0.5\n\n"
                                "Each has --help with its own options.\n";

int para_app_import(int argc, char **argv)
{
    static const ParaWord words[] = {
        {"kinetix", import_kinetix}, {"phyre", import_phyre}, {"svg", import_svg}, {"tiled", import_tiled}};
    return para_app_word("import", help_text, words, sizeof words / sizeof *words, argc, argv);
}
