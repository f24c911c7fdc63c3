// SPDX-License-Identifier: MIT
#pragma once
// Members of a family, nine if not said otherwise, in one picture, for `paracosm render --sheet`.
#include "apps/game/game.h"

/// What the sheet shows.
typedef struct ParaSheetDef {
    ParaGameDef game;  ///< the family, its tier and its settings
    uint64_t seed;     ///< of the first member; the next sensible ones follow
    int steps;         ///< physics steps before each picture, without an action; <= 0: none
    int width, height; ///< [px] 48..4096 of the whole sheet
    float metres;      ///< [m] as ParaPicture has it
    int side;          ///< [1] 1..8 members a row, and rows; 0: 3
    /// What stands below a member instead of its parameters; NULL: those do
    const char *(*words)(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena);
    const char *out; ///< the PNG to write
} ParaSheetDef;

/// Draws and writes it, and prints a line for it.
/// @return an exit code; a failure has been told
int para_app_render_sheet(const ParaSheetDef *def, ParaArena *arena);
