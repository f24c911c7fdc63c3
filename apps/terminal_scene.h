// SPDX-License-Identifier: MIT
#pragma once
// A world in play as text of half blocks, for the live view of `train` and for `replay play`; and what
// the terminal behind standard output can do.
#include "worlds/rules/play.h"

typedef struct ParaTerminalScene ParaTerminalScene;

/// @param columns, rows [character] size of the picture; each row is two pixels high
ParaTerminalScene *para_terminal_scene_create(int columns, int rows, ParaArena *arena);
/// Makes the next pictures smaller, or as large again as they were created; takes no memory.
void para_terminal_scene_resize(ParaTerminalScene *scene, int columns, int rows);
/// Draws the world. @return [rows] lines with colour codes, no newlines; valid until the next call
const char *const *para_terminal_scene_draw(ParaTerminalScene *scene, ParaWorld world, const ParaLevel *level,
                                            const ParaPlay *play);

typedef struct ParaTerminal {
    bool live;         ///< escape codes are welcome: a terminal, no NO_COLOR, TERM is not dumb
    int columns, rows; ///< [character] >= 1
} ParaTerminal;
/// Looks at standard output and the environment, now.
ParaTerminal para_terminal_look(void);
/// Writes all of it, however often the system wants to be asked. @return false if the other end is gone
bool para_terminal_write(const char *text, size_t size);
