// SPDX-License-Identifier: MIT
// Quoting is that of POSIX: between single quotes everything stands for itself but the quote.
#include "engine/base/shell.h"

#include <stdio.h>
#include <string.h>

#define PROGRAM_MAX 4096 // [byte] a longer name is not told

static char program[PROGRAM_MAX] = "paracosm"; // written once, before there are threads

static bool is_plain(const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+:,@%";
    return *text && text[strspn(text, plain)] == '\0';
}

/// Writes the word. @param out NULL: only measures   @return its length [byte] without the NUL
static size_t write_word(const char *text, char *out)
{
    size_t length = 0;
    const char *before = text[0] == '-' ? "./" : "", *quote = is_plain(text) ? "" : "'";
    const char *const parts[] = {before, quote, text, quote};
    for (int i = 0; i < 4; i++)
        for (const char *in = parts[i]; *in; in++) {
            bool escaped = *in == '\'' && i == 2; // ends the quotes, one escaped, begins them again
            if (out)
                memcpy(out + length, escaped ? "'\\''" : in, escaped ? 4 : 1);
            length += escaped ? 4 : 1;
        }
    if (out)
        out[length] = '\0';
    return length;
}

const char *para_shell_word(const char *text, ParaArena *arena)
{
    char *word = para_arena_alloc(arena, write_word(text, NULL) + 1);
    write_word(text, word);
    return word;
}

void para_shell_set_program(const char *called)
{
    if (called && *called && write_word(called, NULL) < sizeof program)
        write_word(called, program);
}

const char *para_shell_program(void) { return program; }
