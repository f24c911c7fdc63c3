// SPDX-License-Identifier: MIT
// What the subcommands share.
#include "apps/apps.h"

#include "engine/base/assert.h"
#include "engine/base/diag.h"
#include "engine/base/shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MAX 8

static void print_error(const char *command, const char *format, va_list list)
{
    fprintf(stderr, "paracosm%s%s: error: ", *command ? " " : "", command);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
}

int para_app_fail(const char *command, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_error(command, format, list);
    va_end(list);
    return PARA_EXIT_FAILURE;
}

int para_app_misused(const char *command, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_error(command, format, list);
    va_end(list);
    fprintf(stderr, "see: %s %s --help\n", para_shell_program(), command);
    return PARA_EXIT_USAGE;
}

int para_app_window_size(const char *command, const char *size, int *out_width, int *out_height)
{
    int end = 0;
    *out_width = 1280, *out_height = 720;
    if (!size)
        return 0;
    if (sscanf(size, "%dx%d%n", out_width, out_height, &end) == 2 && size[end] == '\0' && *out_width >= 320 &&
        *out_height >= 240 && *out_width <= 7680 && *out_height <= 4320)
        return 0;
    return para_app_misused(command, "--size %s: must be WIDTHxHEIGHT, 320x240 to 7680x4320", size);
}

const char *const para_app_solver_choices[] = {"auto", "lanes", "chipmunk", NULL};

ParaSolverKind para_app_solver(const char *choice, ParaSolverKind otherwise)
{
    if (choice)
        para_solver_find(choice, &otherwise);
    return otherwise;
}

const char *const para_app_templates_choices[] = {"run", "disk", NULL};

ParaTemplatesFrom para_app_templates(const char *choice)
{
    return choice && strcmp(choice, "disk") == 0 ? PARA_TEMPLATES_DISK : PARA_TEMPLATES_RUN;
}

int para_app_word(const char *command, const char *help, const ParaWord *words, int count, int argc,
                  char **argv)
{
    bool asked = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    if (asked || argc < 2) {
        fputs(help, asked ? stdout : stderr);
        return asked ? PARA_EXIT_OK : PARA_EXIT_USAGE;
    }
    const char *names[WORDS_MAX];
    char all[128] = "";
    PARA_ASSERT(count <= WORDS_MAX);
    for (int i = 0; i < count; i++) {
        if (strcmp(argv[1], words[i].name) == 0)
            return words[i].run(argc - 1, argv + 1);
        names[i] = words[i].name;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i].name);
    }
    const char *close = para_closest_word(argv[1], names, count);
    return para_app_misused(command, "\"%s\" is not one of %s%s%s%s", argv[1], all,
                            close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
}
