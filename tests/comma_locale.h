// SPDX-License-Identifier: MIT
#pragma once
// Locales in which 1.5 is written otherwise: 1,5 as in de_DE, or with a point of two bytes as in fa_IR. Where
// none is installed glibc's localedef makes one from three lines; where that is missing too the test is
// skipped. It is the whole process's, so leave it again.
#include "tests/tests.h"

#include "tests/agents/scratch.h"

#include <locale.h>
#include <stdbool.h>

typedef struct PointLocale {
    const char *names[3]; ///< where it may be installed, ended by NULL
    const char *one_half; ///< how it writes 1.5
    const char *point;    ///< as localedef wants it
    const char *charset;
} PointLocale;

static const PointLocale comma_locales[] = {
    {{"de_DE.UTF-8", "de_DE.utf8"}, "1,5", ",", "ANSI_X3.4-1968"},
    {{"fa_IR.UTF-8", "fa_IR"},
     "1\xd9\xab"
     "5",
     "<U066B>",
     "UTF-8"},
};
enum { COMMA_LOCALES = sizeof comma_locales / sizeof *comma_locales };

static inline bool comma_locale_set(const PointLocale *which, const char *name)
{
    char text[16];
    if (!setlocale(LC_ALL, name))
        return false;
    snprintf(text, sizeof text, "%.1f", 1.5);
    return strcmp(text, which->one_half) == 0;
}

/// @param which 0..COMMA_LOCALES - 1   @return false where this machine can have none
static inline bool comma_locale_enter(int which)
{
    const PointLocale *wish = &comma_locales[which];
    for (int i = 0; wish->names[i]; i++)
        if (comma_locale_set(wish, wish->names[i]))
            return true;
    Scratch scratch = scratch_make();
    char text[300], command[700];
    int size = snprintf(text, sizeof text,
                        "comment_char %%\nescape_char /\nLC_NUMERIC\ndecimal_point \"%s\"\n"
                        "thousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n",
                        wish->point);
    scratch_write(scratch_path(&scratch, "source"), text, (size_t)size);
    snprintf(command, sizeof command, "localedef --no-archive -c -i %s/source -f %s %s/made >%s/log 2>&1",
             scratch.folder, wish->charset, scratch.folder, scratch.folder);
    int warned = system(command); // always: the other categories are not defined
    (void)warned;
    setenv("LOCPATH", scratch.folder, 1);
    bool made = comma_locale_set(wish, "made");
    unsetenv("LOCPATH");
    scratch_remove(&scratch); // what is set stays in memory
    if (!made) {
        print_message("no locale like %s, and localedef makes none\n", wish->names[0]);
        assert_non_null(setlocale(LC_ALL, "C"));
    }
    return made;
}

static inline void comma_locale_leave(void) { assert_non_null(setlocale(LC_ALL, "C")); }
