// SPDX-License-Identifier: MIT
#pragma once
// A locale in which 1.5 is written 1,5, as in de_DE. Where none is installed glibc's localedef makes one from
// three lines; where that is missing too the test is skipped. It is the whole process's, so leave it again.
#include "tests/tests.h"

#include "tests/agents/scratch.h"

#include <locale.h>
#include <stdbool.h>

static inline bool comma_locale_set(const char *name)
{
    char text[16];
    if (!setlocale(LC_ALL, name))
        return false;
    snprintf(text, sizeof text, "%.1f", 1.5);
    return strcmp(text, "1,5") == 0;
}

/// @return false where this machine can have none
static inline bool comma_locale_enter(void)
{
    if (comma_locale_set("de_DE.UTF-8") || comma_locale_set("de_DE.utf8") || comma_locale_set("fr_FR.UTF-8"))
        return true;
    static const char source[] = "comment_char %\nescape_char /\n"
                                 "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\n"
                                 "END LC_NUMERIC\n";
    Scratch scratch = scratch_make();
    char command[700];
    scratch_write(scratch_path(&scratch, "source"), source, sizeof source - 1);
    snprintf(command, sizeof command,
             "localedef --no-archive -c -i %s/source -f ANSI_X3.4-1968 %s/comma >%s/log 2>&1", scratch.folder,
             scratch.folder, scratch.folder);
    int warned = system(command); // always: the other categories are not defined
    (void)warned;
    setenv("LOCPATH", scratch.folder, 1);
    bool made = comma_locale_set("comma");
    unsetenv("LOCPATH");
    scratch_remove(&scratch); // what is set stays in memory
    if (!made)
        print_message("no locale with a decimal comma, and localedef makes none\n");
    return made;
}

static inline void comma_locale_leave(void) { assert_non_null(setlocale(LC_ALL, "C")); }
