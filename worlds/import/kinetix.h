// SPDX-License-Identifier: MIT
#pragma once
// Levels of Kinetix (FLAIROx/Kinetix, its editor Kinetix.js and their gallery) as templates, and back. What
// the format says, which of it is carried over and how: docs/importing.md. Used by `paracosm import` and
// `paracosm export`.
#include "worlds/template.h"

#define PARA_KINETIX_SIZE_MAX                                                                                \
    (1 << 22) ///< [byte] of a level's text; the largest of the hand-made ones has 52 kB

typedef struct ParaKinetixChoices {
    const char *name; ///< of the family; letters, digits, - and _; begins with a letter
    const char *from; ///< what the template's note calls the level
    double dense;     ///< [1] 0..1000 reward per metre that a green comes nearer to a blue; 0: none
} ParaKinetixChoices;

/// Writes the template that a Kinetix level is. It plays by Kinetix's rules: green on blue solves, green on
/// red fails and wins where both come in one step, 256 decisions of 2 steps.
/// @param text [size] and a NUL behind it: anything at all   @param list gets as errors why it is refused,
/// and as warnings what could not be carried over, each with the place in the level as a JSON Pointer;
/// without lines, since levels have one
/// @return the template's text, in the arena; NULL if the level was refused. Whoever loads it may still find
/// numbers in it that the format does not take.
/// Cost: one parse and a pass over it; memory bounded by the text's size
char *para_kinetix_import(const char *text, size_t size, const ParaKinetixChoices *choices, ParaArena *arena,
                          ParaDiagList *list);

/// The other way: a level as Kinetix's JSON, for its own programs and its editor.
/// @param level of one player   @param list gets as errors why it is refused, and as warnings what could not
/// be carried over, with its place in the level as a saved template has it
/// @return the text, in the arena; NULL if the level was refused
char *para_kinetix_export(const ParaLevel *level, ParaArena *arena, ParaDiagList *list);
