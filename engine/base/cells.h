// SPDX-License-Identifier: MIT
#pragma once
// How wide text is on a terminal: letters are UTF-8, most take one cell, those of East Asian scripts and most
// pictures two, marks that are set over others none. For columns, lines that are cut, and carets. Any thread.
#include <stddef.h>

/// @param at, end a text that is not empty   @param out_cells out, [1] 0..2
/// @return [byte] of the letter; a byte that begins none counts as one of one cell
size_t para_cells_letter(const char *at, const char *end, int *out_cells);
/// [1] >= 0 of a whole text, which holds no control sequences.
int para_cells(const char *text, const char *end);
/// [byte] >= 0 of a text, ended by a NUL, that fit into so many cells: for "%.*s", which cuts bytes.
int para_cells_cut(const char *text, int cells);
