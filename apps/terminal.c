// SPDX-License-Identifier: MIT
// What the terminal tells of itself: the environment and its window's size.
// _DEFAULT_SOURCE: struct winsize and TIOCGWINSZ are not POSIX.
#define _DEFAULT_SOURCE
#include "apps/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

ParaTerminal para_terminal_look(void)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    ParaTerminal terminal = {.columns = 80, .rows = 24};
    struct winsize size;
    terminal.live = isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && term && strcmp(term, "dumb") != 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        terminal.columns = size.ws_col;
        terminal.rows = size.ws_row;
    }
    return terminal;
}

bool para_terminal_write(const char *text, size_t size)
{
    while (size > 0) {
        ssize_t put = write(STDOUT_FILENO, text, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        text += put;
        size -= (size_t)put;
    }
    return true;
}
