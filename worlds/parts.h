// SPDX-License-Identifier: MIT
#pragma once
// The files of parts that a template includes, put into its text, which then needs no file but itself: a run
// that keeps it, a batch, a player's machine. Used wherever a template's text is read.
#include "engine/base/arena.h"
#include "engine/base/diag.h"

#include <stddef.h>

/// Adds what a text includes and does not bring as "included" to its end; every line before stays where it
/// is. Parts are looked for beside the template's file, then in the library's folder of parts; those they
/// include, too.
/// @param text [size]   @param file the template's, for its folder; a text of no file has no "/" and no
/// ".json"
/// @param list gets what is wrong with a part's file, at its place; NULL: nobody asks
/// @param out_text out, in the arena, ended by a NUL; `text` itself where nothing is missing, or nothing can
/// be had
/// @return false if a part cannot be had
bool para_parts_bundle(const char *text, size_t size, const char *file, ParaArena *arena, ParaDiagList *list,
                       const char **out_text, size_t *out_size);
/// The folder of the library's parts. @return NULL: there is none
const char *para_parts_folder(ParaArena *arena);
