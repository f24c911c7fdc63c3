// SPDX-License-Identifier: MIT
// paracosm compose: levels made of parts, by grammars. A grammar is a template whose parameters choose parts;
// what is written are its members, with what they are made of in words.
#include "apps/apps.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "apps/render/render_sheet.h"
#include "apps/still.h"
#include "engine/base/file.h"
#include "worlds/library.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REFUSED_MAX 64   // seeds in a row that make no level, before it gives up
#define SHEET_CELL  640  // [px] width of a level on a sheet of few
#define SHEET_WIDE  2560 // [px] of a sheet

typedef struct Choices {
    const char *grammar, *out, *tier, *sheet;
    uint64_t seed;
    int count;
    bool list, idle, force, quiet;
} Choices;

/// One grammar that is drawn from.
typedef struct Grammar {
    const char *name;
    const ParaTemplate *t;
    uint64_t seed; ///< of its next level
} Grammar;

typedef struct Grammars {
    Grammar *items;
    int count;
} Grammars;

/// The grammar that was asked for, or all of the library: what of its folder `composed` is made of no parts
/// is no grammar. @return false with the reason in out_error
static bool open_grammars(const Choices *choices, Grammars *out, ParaArena *arena, const char **out_error)
{
    const char **names = &((Choices *)choices)->grammar;
    int count = choices->grammar ? 1 : para_library_expand(PARA_LIBRARY_COMPOSED "/", arena, &names);
    *out = (Grammars){.items = PARA_NEW(arena, Grammar, count + 1)};
    for (int k = 0; k < count; k++) {
        ParaMadeOf *parts;
        const ParaTemplate *t = para_library_load(names[k], arena, out_error);
        if (t && !choices->grammar && para_template_choices(t, arena, &parts) == 0)
            continue;
        if (t && choices->tier)
            t = para_template_narrow(t, choices->tier, arena, out_error);
        if (!t)
            return false;
        out->items[out->count++] = (Grammar){.name = names[k], .t = t, .seed = choices->seed};
    }
    *out_error = "the library has no grammars; set PARACOSM_LIBRARY to a folder of templates";
    return out->count > 0;
}

/// Levels on their way into a folder.
typedef struct Writing {
    const Choices *choices;
    ParaWorldGroup *group; ///< of one world, where levels are left alone
    ParaArena *scratch;    ///< of one level
    int idle;              ///< [1] >= 0 seeds left out, since their levels solve themselves
} Writing;

// ---------------------------------------------------------------------------------------------
// What there is.

/// "terrain: flat gaps hills", a line for each include that takes one of several parts.
static void list_parts(const ParaTemplate *t, ParaArena *arena)
{
    ParaMadeOf *parts;
    int count = para_template_choices(t, arena, &parts);
    for (int k = 0; k < count; k++) {
        bool first = k == 0 || strcmp(parts[k].as, parts[k - 1].as) != 0;
        if (first)
            printf("%s  %-10s", k ? "\n" : "", parts[k].as);
        printf(" %s", parts[k].word);
    }
    printf(count ? "\n" : "  takes no part of several\n");
}

static void list_grammars(const Grammars *grammars, ParaArena *arena)
{
    for (int k = 0; k < grammars->count; k++) {
        printf("%s\n  %s\n", grammars->items[k].name, para_template_about(grammars->items[k].t));
        list_parts(grammars->items[k].t, arena);
    }
}

// ---------------------------------------------------------------------------------------------
// Levels.

/// "terrain stairs, me buggy, task push".
static const char *words_of(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena)
{
    ParaMadeOf *parts;
    int count = para_template_made_of(t, level, arena, &parts);
    const char *words = "";
    for (int k = 0; k < count; k++)
        words = para_arena_printf(arena, "%s%s%s %s", words, k ? ", " : "", parts[k].as, parts[k].word);
    return words;
}

/// Writes the next level of a grammar that there is. @return false with the reason in out_error
static bool write_next(Writing *writing, Grammar *grammar, const char **out_error)
{
    const Choices *choices = writing->choices;
    ParaArena *arena = writing->scratch;
    for (int k = 0; k < REFUSED_MAX; k++, grammar->seed++) {
        ParaLevel *level = para_template_sample(grammar->t, NULL, grammar->seed, arena, NULL);
        if (!level)
            continue;
        if (!choices->idle && para_app_solves_itself(writing->group, level, NULL, NULL)) {
            writing->idle++;
            continue;
        }
        const char *words = words_of(grammar->t, level, arena);
        if (*words)
            snprintf(level->about, sizeof level->about, "%s", words);
        const char *name =
            para_arena_printf(arena, "%s-%" PRIu64 ".json", para_template_name(grammar->t), grammar->seed++);
        const char *path = para_arena_printf(arena, "%s/%s", choices->out, name),
                   *text = para_level_to_json(level, arena);
        if (para_file_exists(path) && !choices->force) {
            *out_error = para_arena_printf(arena, "%s exists already; --force writes over it", path);
            return false;
        }
        if (!para_file_write(path, text, strlen(text), arena, out_error))
            return false;
        if (!choices->quiet)
            printf("%s%s%s\n", name, *words ? ": " : "", words);
        return true;
    }
    *out_error = para_arena_printf(arena, "%d seeds of %s in a row make no level%s", REFUSED_MAX,
                                   grammar->name, choices->idle ? "" : ", or one that solves itself");
    return false;
}

static int write_levels(const Choices *choices, const Grammars *grammars, ParaArena *arena)
{
    const char *error = NULL, *kept = NULL;
    Writing writing = {.choices = choices,
                       .scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 28),
                       .group = para_world_group_create(PARA_SOLVER_AUTO, 1)};
    int made = 0;
    bool good = writing.scratch && writing.group;
    error = "no memory";
    good = good && para_folder_make(choices->out, arena, &error);
    for (; good && made < choices->count; made += good) {
        ParaArenaMark mark = para_arena_mark(writing.scratch);
        good = write_next(&writing, &grammars->items[made % grammars->count], &error);
        kept = good ? NULL : para_arena_strdup(arena, error);
        para_arena_rewind(writing.scratch, mark);
    }
    para_world_group_destroy(writing.group);
    para_arena_destroy(writing.scratch);
    if (!good)
        return para_app_fail("compose", "%s; %d of %d levels are written", kept ? kept : error, made,
                             choices->count);
    printf("wrote %d level%s to %s", made, made == 1 ? "" : "s", choices->out);
    if (writing.idle)
        printf("; left out %d seed%s whose level solves itself", writing.idle, writing.idle == 1 ? "" : "s");
    printf("\n");
    return PARA_EXIT_OK;
}

/// As many levels a row as there are rows, or one row less.
static int draw_sheet(const Choices *choices, const Grammars *grammars, ParaArena *arena)
{
    int side = 1;
    while (side * side < choices->count)
        side++;
    int width = side * SHEET_CELL < SHEET_WIDE ? side * SHEET_CELL : SHEET_WIDE;
    const ParaSheetDef def = {.game = {.name = grammars->items[0].name, .tier = choices->tier},
                              .seed = choices->seed,
                              .side = side,
                              .words = words_of,
                              .width = width,
                              .height = width * 9 / 16,
                              .out = choices->sheet};
    return para_app_render_sheet(&def, arena);
}

int para_app_compose(int argc, char **argv)
{
    Choices choices = {.count = 1};
    const char *none = NULL;
    int operands = 0;
    const ParaOption options[] = {
        {"count", 'n', PARA_OPTION_INT, &choices.count, "N", "how many levels, of the grammars in turn", 1,
         1e6, NULL},
        {"grammar", 'g', PARA_OPTION_TEXT, &choices.grammar, "NAME",
         "a grammar of the library, or the file of one; all of the library if not given", 0, 0, NULL},
        {"seed", 's', PARA_OPTION_SEED, &choices.seed, "N", "seed of the first; the others follow it", 0, 0,
         NULL},
        {"tier", 0, PARA_OPTION_TEXT, &choices.tier, "TIER", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "DIR", "the folder to write to; it is made", 0, 0, NULL},
        {"list", 'l', PARA_OPTION_FLAG, &choices.list, NULL,
         "print the grammars and the parts they choose from", 0, 0, NULL},
        {"sheet", 0, PARA_OPTION_TEXT, &choices.sheet, "FILE.png",
         "draw the levels of one grammar, at most 64, in one picture instead: full rows, so it may be a few "
         "more",
         0, 0, NULL},
        {"idle", 0, PARA_OPTION_FLAG, &choices.idle, NULL, "levels too that are solved when nobody acts", 0,
         0, NULL},
        {"force", 'f', PARA_OPTION_FLAG, &choices.force, NULL, "write over files that exist", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no line for each level", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "compose",
        .usage = "[options] --out DIR",
        .about =
            "Writes levels composed of parts: a terrain, a player, a task, obstacles, machines, weather.\n"
            "A grammar is a template whose parameters choose parts, so that each level is also a member\n"
            "of it: `paracosm play overland --seed 7` is the level of overland-7.json. The next seed stands\n"
            "in for one whose level solves itself.",
        .options = options,
        .examples =
            "  paracosm compose --count 12 --out composed\n"
            "  paracosm compose --grammar overland --tier easy --count 100 --seed 1000 --out easy\n"
            "  paracosm compose --grammar kinetix-m --count 100 --out random    # Kinetix's generator\n"
            "  paracosm compose --list\n"
            "  paracosm compose --grammar indoors --count 16 --sheet indoors.png",
        .notes = "exit codes: 0 written, 1 not all could be, 2 wrong command line",
        .operand_max = 0,
        .operand_name = "no operand"};
    int code = para_options_read(&command, argc, argv, &none, &operands);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (!choices.out && !choices.list && !choices.sheet)
        return para_app_misused("compose",
                                "wants --out DIR, where the levels go; or --list, or --sheet FILE.png");
    if (choices.sheet && (!choices.grammar || choices.count > 64 || choices.out))
        return para_app_misused(
            "compose", "--sheet goes with --grammar NAME and a --count of at most 64, and not with --out");
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    if (!arena)
        return para_app_fail("compose", "no memory");
    Grammars grammars;
    const char *error = NULL;
    if (!open_grammars(&choices, &grammars, arena, &error))
        code = para_app_fail("compose", "%s", error);
    else if (choices.list)
        code = (list_grammars(&grammars, arena), PARA_EXIT_OK);
    else
        code =
            choices.sheet ? draw_sheet(&choices, &grammars, arena) : write_levels(&choices, &grammars, arena);
    para_arena_destroy(arena);
    return code;
}
