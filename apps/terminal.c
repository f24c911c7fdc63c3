// SPDX-License-Identifier: MIT
// What the terminal tells of itself: the environment and its window's size.
#include "apps/terminal.h"

#include "engine/base/platform.h"

#include <stdlib.h>
#include <string.h>

ParaTerminal para_terminal_look(void)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    ParaTerminal terminal = {.columns = 80, .rows = 24};
    terminal.live = para_stream_is_terminal(PARA_STREAM_OUTPUT) && !(no_colour && *no_colour) && term &&
                    strcmp(term, "dumb") != 0;
    para_stream_size(PARA_STREAM_OUTPUT, &terminal.columns, &terminal.rows);
    return terminal;
}

bool para_terminal_write(const char *text, size_t size)
{
    return para_stream_write(PARA_STREAM_OUTPUT, text, size);
}
