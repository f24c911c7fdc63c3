// SPDX-License-Identifier: MIT
#pragma once
// Drawings in SVG as templates: closed outlines become static shapes, bodies and zones, lines become chains.
// What means what, and what is not carried over: docs/importing.md. Used by `paracosm import`.
#include "worlds/template.h"

#define PARA_SVG_SIZE_MAX (1 << 24) ///< [byte] of a drawing's text

typedef struct ParaSvgChoices {
    const char *name;       ///< of the family; letters, digits, - and _; begins with a letter
    const char *from;       ///< what the template's note calls the drawing
    double metres_per_unit; ///< [m] 1e-5..100 of a unit of the drawing's viewBox, or a pixel
    double tolerance;       ///< [m] 1e-4..10 how far from a curve the corners' lines may be
} ParaSvgChoices;

/// Writes the template that a drawing is.
/// @param text [size]: anything at all; nothing outside of it is read   @param list gets as errors why it is
/// refused, and as warnings what could not be carried over, each with its line
/// @return the template's text, in the arena; NULL if the drawing was refused. Whoever loads it may still
/// find numbers in it that the format does not take.
/// Cost: a pass over the text; memory bounded by its size and 200 MB
char *para_svg_import(const char *text, size_t size, const ParaSvgChoices *choices, ParaArena *arena,
                      ParaDiagList *list);
