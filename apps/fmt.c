// SPDX-License-Identifier: MIT
// paracosm fmt: the one layout of a template's text, so that nobody argues about it and diffs show what
// changed.
#include "apps/apps.h"
#include "apps/files.h"
#include "apps/options.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "worlds/template.h"

#include <stdio.h>
#include <string.h>

#define OPERANDS_MAX 256

typedef struct Task {
    bool write, check;
    ParaArena *arena;
    int files, others; ///< [1] >= 0 seen; those whose layout was another
    bool failed;
} Task;

/// Standard input, whole.
static char *read_input(ParaArena *arena, size_t *out_size)
{
    char *text = para_arena_alloc(arena, PARA_TEMPLATE_SIZE_MAX + 2);
    *out_size = fread(text, 1, PARA_TEMPLATE_SIZE_MAX + 1, stdin);
    text[*out_size] = '\0';
    return ferror(stdin) ? NULL : text;
}

static void lay_out(Task *task, const char *path)
{
    bool input = strcmp(path, "-") == 0;
    if (input && task->write) {
        para_app_fail("fmt", "standard input cannot be written anew; without --write it is printed");
        task->failed = true;
        return;
    }
    const char *error = "standard input cannot be read";
    size_t size = 0;
    char *text = input ? read_input(task->arena, &size)
                       : para_file_read(path, PARA_TEMPLATE_SIZE_MAX, task->arena, &size, &error);
    task->files++;
    if (!text) {
        para_app_fail("fmt", "%s", error);
        task->failed = true;
        return;
    }
    ParaDiagList list = para_diag_list(task->arena, NULL, NULL);
    const char *laid = para_template_lay_out(input ? "standard input" : path, text, size, task->arena, &list);
    if (!laid) {
        para_diag_print(&list, stderr);
        task->failed = true;
        return;
    }
    bool same = strlen(laid) == size && memcmp(laid, text, size) == 0;
    task->others += !same;
    if (!task->write && !task->check && fputs(laid, stdout) < 0)
        task->failed = true;
    else if ((task->write || task->check) && !same)
        printf("%s\n", path);
    if (task->write && !same && !para_file_write(path, laid, strlen(laid), task->arena, &error)) {
        para_app_fail("fmt", "%s", error);
        task->failed = true;
    }
}

int para_app_fmt(int argc, char **argv)
{
    Task task = {0};
    int count = 0;
    const char *paths[OPERANDS_MAX];
    const ParaOption options[] = {{"write", 'w', PARA_OPTION_FLAG, &task.write, NULL,
                                   "write each file anew instead of printing it", 0, 0, NULL},
                                  {"check", 'c', PARA_OPTION_FLAG, &task.check, NULL,
                                   "change nothing; name the files whose layout is another", 0, 0, NULL},
                                  {.name = NULL}};
    const ParaCommand command = {
        .name = "fmt",
        .usage = "[options] FILE|FOLDER...",
        .about =
            "Lays out templates in the one way: a line for what fits on one, a line per body, joint and "
            "zone.\n"
            "Order, notes and values stay as they are. A folder means the .json files in it and below, - "
            "standard input.",
        .options = options,
        .examples = "  paracosm fmt gap.json            # prints it\n"
                    "  paracosm fmt --write gap.json    # writes it anew, and names it if it changed\n"
                    "  paracosm fmt --check worlds/library",
        .notes =
            "exit codes: 0 done, 1 --check found another layout or a file is no JSON, 2 wrong command line",
        .operand_min = 1,
        .operand_max = OPERANDS_MAX,
        .operand_name = "a FILE, a FOLDER or -"};
    int exit_code = para_options_read(&command, argc, argv, paths, &count);
    if (exit_code != PARA_OPTIONS_GO)
        return exit_code;
    if (task.write && task.check)
        return para_app_misused("fmt", "--write changes files and --check does not; give one of them");
    task.arena = para_arena_create((size_t)1 << 22, (size_t)1 << 28);
    if (!task.arena)
        return para_app_fail("fmt", "out of memory");
    ParaAppFiles files = {0};
    for (int i = 0; i < count; i++) {
        const char *error = NULL;
        if (!para_app_files_add(&files, paths[i], task.arena, &error)) {
            para_app_fail("fmt", "%s: %s", paths[i], error);
            task.failed = true;
        }
    }
    for (int i = 0; i < files.count; i++) {
        ParaArenaMark mark = para_arena_mark(task.arena);
        lay_out(&task, files.items[i].path);
        para_arena_rewind(task.arena, mark);
    }
    para_arena_destroy(task.arena);
    if (task.check && task.others > 0)
        fprintf(stderr, "%d of %d would be laid out anew; %s fmt --write does it\n", task.others, task.files,
                para_shell_program());
    return task.failed || (task.check && task.others > 0) ? PARA_EXIT_FAILURE : PARA_EXIT_OK;
}
