// SPDX-License-Identifier: MIT
// What the terminal tells of itself: the environment and its window's size.
#include "apps/terminal.h"

#include "engine/base/platform.h"

#include <stdlib.h>
#include <string.h>

// Those that say so, and the old ones of glass, which know some codes but no colours.
bool para_terminal_is_dumb(void)
{
    const char *term = getenv("TERM");
    static const char *const kinds[] = {"dumb", "unknown", "emacs", "network", "cons", "vt", "ansi-m"};
    for (size_t i = 0; term && i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(term, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return !term || !*term;
}

/// Whether a text begins so, in capitals or not. @param small in small letters
static bool begins(const char *text, const char *small)
{
    for (; *small; text++, small++)
        if (*text != *small && !(*text >= 'A' && *text <= 'Z' && *text - 'A' + 'a' == *small))
            return false;
    return true;
}

/// Whether the locale's letters are others than those of UTF-8: it names another encoding, or none, as C and
/// the old names of a country do. Where nothing is said UTF-8 is taken: terminals of today know it.
static bool has_other_letters(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;
    for (int i = 0; i < 3 && !(locale && *locale); i++)
        locale = getenv(names[i]);
    if (!locale || !*locale)
        return false;
    const char *letters = strchr(locale, '.');
    return !letters || (!begins(letters, ".utf-8") && !begins(letters, ".utf8"));
}

ParaTerminal para_terminal_look(void)
{
    const char *no_colour = getenv("NO_COLOR");
    ParaTerminal terminal = {.columns = 80, .rows = 24};
    terminal.live =
        para_stream_is_terminal(PARA_STREAM_OUTPUT) && !(no_colour && *no_colour) && !para_terminal_is_dumb();
    terminal.ascii = has_other_letters();
    para_stream_size(PARA_STREAM_OUTPUT, &terminal.columns, &terminal.rows);
    return terminal;
}

bool para_terminal_write(const char *text, size_t size)
{
    return para_stream_write(PARA_STREAM_OUTPUT, text, size);
}
