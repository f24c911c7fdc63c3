// SPDX-License-Identifier: MIT
// paracosm sample: members of a family as files, each a level with nothing left open.
#include "apps/apps.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "apps/settings.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "worlds/library.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REFUSED_MAX 64 // seeds in a row that make no level, before it gives up

typedef struct Choices {
    const char *name, *out, *tier;
    uint64_t seed;
    int count;
    ParaTexts set;
    bool force, quiet;
} Choices;

/// The family as it was asked for. @param out_values [PARA_PARAMS_MAX]
static const ParaTemplate *open_family(const Choices *choices, double *out_values, ParaArena *arena,
                                       const char **out_error)
{
    const ParaTemplate *t = para_library_load(choices->name, arena, out_error);
    if (t && choices->tier)
        t = para_template_narrow(t, choices->tier, arena, out_error);
    return t && para_settings_read(t, choices->set.items, choices->set.count, out_values, arena, out_error)
               ? t
               : NULL;
}

static const char *file_of(const Choices *choices, const ParaTemplate *t, uint64_t seed, ParaArena *arena)
{
    return para_arena_printf(arena, "%s/%s-%" PRIu64 ".json", choices->out, para_template_name(t), seed);
}

/// Files that are there already, before anything is written.
static bool may_write(const Choices *choices, const ParaTemplate *t, ParaArena *arena, const char **out_error)
{
    for (int k = 0; k < choices->count && !choices->force; k++) {
        ParaArenaMark mark = para_arena_mark(arena);
        const char *path = file_of(choices, t, choices->seed + (uint64_t)k, arena);
        if (para_file_exists(path)) {
            *out_error = para_arena_printf(arena, "%s exists already; --force writes over it", path);
            return false;
        }
        para_arena_rewind(arena, mark);
    }
    return para_folder_make(choices->out, arena, out_error);
}

typedef struct Tally {
    int made, refused;
    const char *why; ///< of the first that was refused
    uint64_t why_seed;
} Tally;

/// @return false: it could not be written
static bool write_member(const Choices *choices, const ParaTemplate *t, const double *given, uint64_t seed,
                         ParaArena *arena, Tally *tally, ParaArena *keep, const char **out_error)
{
    double values[PARA_PARAMS_MAX];
    memcpy(values, given, sizeof values);
    para_settings_draw(t, seed, values);
    ParaDiagList list = para_diag_list(arena, choices->name, NULL);
    const ParaLevel *level = para_template_sample(t, values, seed, arena, &list);
    if (!level) {
        if (tally->refused++ == 0) {
            tally->why = para_arena_strdup(keep, list.count ? list.items[0].message : "no reason");
            tally->why_seed = seed;
        }
        return true;
    }
    const char *path = file_of(choices, t, seed, arena), *text = para_level_to_json(level, arena),
               *error = NULL;
    if (!choices->force && para_file_exists(path)) // a seed beyond those that were looked for
        error = para_arena_printf(arena, "%s exists already; --force writes over it", path);
    else
        para_file_write(path, text, strlen(text), arena, &error);
    tally->made += !error;
    if (error)
        *out_error = para_arena_strdup(keep, error);
    return !error;
}

static int write_all(const Choices *choices, ParaArena *arena)
{
    double given[PARA_PARAMS_MAX];
    const char *error = NULL;
    const ParaTemplate *t = open_family(choices, given, arena, &error);
    if (!t || !may_write(choices, t, arena, &error))
        return para_app_fail("sample", "%s", error);
    ParaArena *scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    if (!scratch)
        return para_app_fail("sample", "no memory");
    ParaProgress progress = para_progress_begin("levels", choices->quiet);
    Tally tally = {0};
    int row = 0; // refused since the last that was made
    for (uint64_t seed = choices->seed; tally.made < choices->count && row < REFUSED_MAX && !error; seed++) {
        int before = tally.made;
        ParaArenaMark mark = para_arena_mark(scratch);
        write_member(choices, t, given, seed, scratch, &tally, arena, &error);
        para_arena_rewind(scratch, mark);
        row = tally.made > before ? 0 : row + 1;
        para_progress_show(&progress, tally.made, choices->count);
    }
    para_progress_end(&progress);
    para_arena_destroy(scratch);
    if (error)
        return para_app_fail("sample", "%s; %d of %d levels are written", error, tally.made, choices->count);
    printf("%s: wrote %d level%s to %s\n", para_template_name(t), tally.made, tally.made == 1 ? "" : "s",
           choices->out);
    if (tally.refused)
        fprintf(stderr, "left out %d seed%s that make%s no level, such as %" PRIu64 ": %s\n", tally.refused,
                tally.refused == 1 ? "" : "s", tally.refused == 1 ? "s" : "", tally.why_seed, tally.why);
    if (tally.made < choices->count)
        return para_app_fail("sample", "%d seeds in a row make no level; %d of %d are written", REFUSED_MAX,
                             tally.made, choices->count);
    return PARA_EXIT_OK;
}

int para_app_sample(int argc, char **argv)
{
    Choices choices = {.count = 1};
    int count = 0;
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "DIR", "the folder to write to; it is made", 0, 0, NULL},
        {"count", 'n', PARA_OPTION_INT, &choices.count, "N", "how many levels", 1, 1e6, NULL},
        {"seed", 's', PARA_OPTION_SEED, &choices.seed, "N", "seed of the first; the others follow it", 0, 0,
         NULL},
        {"tier", 0, PARA_OPTION_TEXT, &choices.tier, "TIER", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &choices.set, "NAME=VALUE", "give a parameter of the family a value", 0,
         0, NULL},
        {"force", 'f', PARA_OPTION_FLAG, &choices.force, NULL, "write over files that exist", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no progress on stderr", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "sample",
        .usage = "[options] --out DIR FAMILY|TEMPLATE.json",
        .about = "Writes members of a family as level files, FAMILY-SEED.json: templates with nothing left "
                 "open, that load\n"
                 "as the same level everywhere. A seed that makes no level is left out, and told.",
        .options = options,
        .examples = "  paracosm sample rover --count 20 --out levels\n"
                    "  paracosm sample rover --seed 7 --set rough=0.3 --out rough\n"
                    "  paracosm sample mine.json --tier hard --count 100 --out hard",
        .notes = "exit codes: 0 written, 1 not all could be, 2 wrong command line",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a FAMILY or TEMPLATE.json"};
    int code = para_options_read(&command, argc, argv, &choices.name, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (!choices.out)
        return para_app_misused("sample", "wants --out DIR, where the levels go");
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 29);
    if (!arena)
        return para_app_fail("sample", "no memory");
    code = write_all(&choices, arena);
    para_arena_destroy(arena);
    return code;
}
