// SPDX-License-Identifier: MIT
// paracosm new: writes a starting template, complete and explained, ready to be changed.
#include "apps/apps.h"
#include "apps/options.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "worlds/template.h"

#include <stdio.h>
#include <string.h>

#define KINDS_MAX 32

static bool is_name(const char *text)
{
    const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t length = strlen(text);
    if (length == 0 || length >= PARA_NAME_MAX || !strchr(letters, text[0]))
        return false;
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static int write_template(const char *name, const char *kind, const char *out, bool force, ParaArena *arena)
{
    const char *path = out ? out : para_arena_printf(arena, "%s.json", name);
    const char *error = NULL;
    if (strcmp(path, "-") == 0) {
        fputs(para_template_starter(kind, name, arena), stdout);
        return PARA_EXIT_OK;
    }
    if (!force && para_file_exists(path))
        return para_app_fail("new", "%s exists already; --force writes over it", path);
    const char *text = para_template_starter(kind, name, arena), *slash = strrchr(path, '/');
    if (slash && slash > path &&
        !para_folder_make(para_arena_printf(arena, "%.*s", (int)(slash - path), path), arena, &error))
        return para_app_fail("new", "%s", error);
    if (!para_file_write(path, text, strlen(text), arena, &error))
        return para_app_fail("new", "%s", error);
    const char *program = para_shell_program(), *word = para_shell_word(path, arena);
    printf("wrote %s\n  check:  %s check %s\n  play:   %s play %s\n", path, program, word, program, word);
    return PARA_EXIT_OK;
}

static int list_starters(ParaArena *arena)
{
    int count;
    const char *const *kinds = para_template_starters(&count);
    for (int k = 0; k < count; k++)
        printf("%-16s %-12s %s\n", para_template_starter_ability(kinds[k]), kinds[k],
               para_template_starter_about(kinds[k], arena));
    printf("\n%s new NAME --kind walker writes one as NAME.json\n", para_shell_program());
    return PARA_EXIT_OK;
}

int para_app_new(int argc, char **argv)
{
    int count;
    const char *const *kinds = para_template_starters(&count);
    const char *choices[KINDS_MAX] = {NULL}; // the option table wants a NULL at the end
    PARA_ASSERT(count < KINDS_MAX);
    memcpy(choices, kinds, sizeof *kinds * (size_t)count);
    const char *kind = kinds[0], *out = NULL, *name = NULL;
    bool force = false, list = false;
    const ParaOption options[] = {
        {"kind", 'k', PARA_OPTION_CHOICE, &kind, "KIND", "what to start from, see --list", 0, 0, choices},
        {"list", 'l', PARA_OPTION_FLAG, &list, NULL, "print the kinds there are, by ability", 0, 0, NULL},
        {"out", 'o', PARA_OPTION_TEXT, &out, "FILE",
         "where to write, folders are made; - is the terminal (default NAME.json)", 0, 0, NULL},
        {"force", 'f', PARA_OPTION_FLAG, &force, NULL, "write over a file that exists", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {.name = "new",
                                 .usage = "[options] NAME | --list",
                                 .about =
                                     "Writes a starting template: a small world that can be played and "
                                     "trained on at once. There is one for\n"
                                     "each ability of the library, with notes that say why it is as it is.",
                                 .options = options,
                                 .examples = "  paracosm new hills\n"
                                             "  paracosm new --list\n"
                                             "  paracosm new moon --kind lander --out my/moon.json",
                                 .notes = "exit codes: 0 written, 1 it could not be, 2 wrong command line",
                                 .operand_min = 0,
                                 .operand_max = 1,
                                 .operand_name = "the NAME of the template"};
    int exit_code = para_options_read(&command, argc, argv, &name, &count);
    if (exit_code != PARA_OPTIONS_GO)
        return exit_code;
    if (!list && count == 0)
        return para_app_misused("new", "the NAME of the template is missing");
    if (!list && !is_name(name))
        return para_app_misused("new", "\"%.80s\" is not a name: a letter, then letters, digits, - and _",
                                name);
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 26);
    if (!arena)
        return para_app_fail("new", "out of memory");
    exit_code = list ? list_starters(arena) : write_template(name, kind, out, force, arena);
    para_arena_destroy(arena);
    return exit_code;
}
