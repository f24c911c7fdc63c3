// SPDX-License-Identifier: MIT
// paracosm edit: levels made of a level by small changes, as files.
#include "worlds/edit/edit.h"
#include "apps/apps.h"
#include "apps/options.h"
#include "engine/base/file.h"
#include "engine/base/rng.h"
#include "worlds/library.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct Choices {
    const char *name, *out, *kind;
    uint64_t seed;
    int count, edits;
    bool force, list;
} Choices;

static int print_list(void)
{
    for (int k = 0; k < PARA_EDIT_COUNT; k++)
        printf("%-16s %s\n%-16s   keeps: %s\n", para_edit_name((ParaEditKind)k),
               para_edit_about((ParaEditKind)k), "", para_edit_keeps((ParaEditKind)k));
    return PARA_EXIT_OK;
}

/// One chain of edits. @return NULL: none could be done, with the reason
static const ParaLevel *edit(const Choices *choices, const ParaLevel *level, ParaEditKind kind, uint64_t seed,
                             ParaArena *arena, char *says, size_t says_size)
{
    const ParaLevel *now = level;
    for (int k = 0; k < choices->edits && now; k++) {
        uint64_t own = para_seed_mix(seed, (uint64_t)k);
        now = kind == PARA_EDIT_COUNT ? para_edit_apply_any(now, own, arena, NULL, says, says_size)
                                      : para_edit_apply(now, kind, own, arena, says, says_size);
    }
    return now;
}

/// @return NULL, or why it could not be written
static const char *write_level(const Choices *choices, const ParaLevel *level, uint64_t seed,
                               ParaArena *arena)
{
    const char *error = NULL, *text = para_level_to_json(level, arena);
    const char *path =
        para_arena_printf(arena, "%s/%s-edit-%" PRIu64 ".json", choices->out, level->family, seed);
    if (!choices->force && para_file_exists(path))
        return para_arena_printf(arena, "%s exists already; --force writes over it", path);
    if (!para_file_write(path, text, strlen(text), arena, &error))
        return error;
    printf("%s: %s\n", path, level->changes);
    return NULL;
}

static int edit_all(const Choices *choices, ParaEditKind kind, ParaArena *arena)
{
    const char *error = NULL;
    ParaDiagList list = para_diag_list(arena, choices->name, NULL);
    const ParaTemplate *t = para_library_load(choices->name, arena, &error);
    if (!t)
        return para_app_fail("edit", "%s", error);
    const ParaLevel *level = para_template_sample(t, NULL, choices->seed, arena, &list);
    if (!level)
        return para_app_fail("edit", "%s", list.count ? list.items[0].message : "this member cannot be made");
    if (!para_folder_make(choices->out, arena, &error))
        return para_app_fail("edit", "%s", error);
    int made = 0;
    for (int k = 0; k < choices->count; k++) {
        ParaArenaMark mark = para_arena_mark(arena);
        char says[PARA_EDIT_SAYS_MAX] = "";
        uint64_t seed = choices->seed + (uint64_t)k;
        const ParaLevel *edited = edit(choices, level, kind, seed, arena, says, sizeof says);
        error = edited ? write_level(choices, edited, seed, arena) : NULL;
        if (error)
            return para_app_fail("edit", "%s", error);
        if (!edited)
            fprintf(stderr, "left out %" PRIu64 ": %s\n", seed, says);
        made += edited != NULL;
        para_arena_rewind(arena, mark);
    }
    return made == choices->count
               ? PARA_EXIT_OK
               : para_app_fail("edit", "%d of %d levels could be made", made, choices->count);
}

int para_app_edit(int argc, char **argv)
{
    Choices choices = {.count = 1, .edits = 1, .seed = 1};
    ParaEditKind kind = PARA_EDIT_COUNT;
    int count = 0;
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "DIR", "the folder to write to; it is made", 0, 0, NULL},
        {"kind", 'k', PARA_OPTION_TEXT, &choices.kind, "NAME", "this edit alone; else any that can be done",
         0, 0, NULL},
        {"count", 'n', PARA_OPTION_INT, &choices.count, "N", "how many levels", 1, 1e6, NULL},
        {"edits", 'e', PARA_OPTION_INT, &choices.edits, "K", "how many edits in a row make each", 1,
         PARA_EDITS_MAX, NULL},
        {"seed", 's', PARA_OPTION_SEED, &choices.seed, "N",
         "seed of the member and of the first level's edits; the others follow it", 0, 0, NULL},
        {"force", 'f', PARA_OPTION_FLAG, &choices.force, NULL, "write over files that exist", 0, 0, NULL},
        {"list", 'l', PARA_OPTION_FLAG, &choices.list, NULL, "the kinds of edits, and no more", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "edit",
        .usage = "[options] --out DIR FAMILY|TEMPLATE.json|LEVEL.json",
        .about =
            "Makes levels of a level by small changes: a crate elsewhere, a pit in the ground, a stronger "
            "motor. Writes\n"
            "them as files, FAMILY-edit-SEED.json, that tell what they were made of and by what.",
        .options = options,
        .examples = "  paracosm edit rover --count 5 --out edited\n"
                    "  paracosm edit rover --kind cut_ground --edits 3 --out pits\n"
                    "  paracosm edit --list",
        .notes = "exit codes: 0 written, 1 not all could be, 2 wrong command line",
        .operand_min = 0,
        .operand_max = 1,
        .operand_name = "a FAMILY or file"};
    int code = para_options_read(&command, argc, argv, &choices.name, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (choices.list)
        return print_list();
    if (count == 0)
        return para_app_misused("edit", "wants a FAMILY or a file");
    if (!choices.out)
        return para_app_misused("edit", "wants --out DIR, where the levels go");
    if (choices.kind && !para_edit_find(choices.kind, &kind))
        return para_app_misused("edit", "there is no edit \"%s\"; --list has them", choices.kind);
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 29);
    if (!arena)
        return para_app_fail("edit", "no memory");
    code = edit_all(&choices, kind, arena);
    para_arena_destroy(arena);
    return code;
}
