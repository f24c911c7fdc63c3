// SPDX-License-Identifier: MIT
#pragma once
// Maps of Tiled (mapeditor.org), in its JSON format, as templates: tiles that are solid become few static
// shapes, objects become bodies, zones and the player. What means what, and what is not carried over:
// docs/importing.md. Used by `paracosm import`.
#include "worlds/template.h"

#define PARA_TILED_SIZE_MAX (1 << 24) ///< [byte] of a map's text, and of a tileset's

typedef struct ParaTiledChoices {
    const char *name;       ///< of the family; letters, digits, - and _; begins with a letter
    const char *from;       ///< what the template's note calls the map
    const char *folder;     ///< where tilesets in files of their own are looked for; NULL: nowhere
    double metres_per_tile; ///< [m] 0.01..100 width of a tile of the map
} ParaTiledChoices;

/// Writes the template that a map is.
/// @param text [size] and a NUL behind it: anything at all   @param list gets as errors why it is refused,
/// and as warnings what could not be carried over, each with the place in the map as a JSON Pointer
/// @return the template's text, in the arena; NULL if the map was refused. Whoever loads it may still find
/// numbers in it that the format does not take.
/// Cost: a pass over the text, 16 M tiles at most; memory bounded by the text's size and 256 MB
char *para_tiled_import(const char *text, size_t size, const ParaTiledChoices *choices, ParaArena *arena,
                        ParaDiagList *list);
