// SPDX-License-Identifier: MIT
#pragma once
// The terminal behind standard output: what it can do, and writing to it.
#include <stdbool.h>
#include <stddef.h>

typedef struct ParaTerminal {
    bool live;         ///< escape codes are welcome: a terminal with colours, no NO_COLOR
    bool ascii;        ///< by the locale it may not know UTF-8: no letters beyond ASCII, so no half blocks
    int columns, rows; ///< [character] >= 1
} ParaTerminal;
/// Whether TERM names a terminal that knows no escape codes, or none.
bool para_terminal_is_dumb(void);
/// Looks at standard output and the environment, now.
ParaTerminal para_terminal_look(void);
/// Writes all of it, however often the system wants to be asked. @return false if the other end is gone
bool para_terminal_write(const char *text, size_t size);
