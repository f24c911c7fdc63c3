// SPDX-License-Identifier: MIT
#pragma once
// A world in play as text of half blocks, for the live view of `train` and for `replay play`.
#include "worlds/rules/play.h"

typedef struct ParaTerminalScene ParaTerminalScene;

/// @param columns, rows [character] size of the picture; each row is two pixels high
ParaTerminalScene *para_terminal_scene_create(int columns, int rows, ParaArena *arena);
/// Makes the next pictures smaller, or as large again as they were created; takes no memory.
void para_terminal_scene_resize(ParaTerminalScene *scene, int columns, int rows);
/// Draws the world. @return [rows] lines with colour codes, no newlines; valid until the next call
const char *const *para_terminal_scene_draw(ParaTerminalScene *scene, ParaWorld world, const ParaLevel *level,
                                            const ParaPlay *play);
