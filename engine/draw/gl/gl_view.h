// SPDX-License-Identifier: MIT
#pragma once
// Flat forms in a window. Private to engine/draw/gl.
#include "engine/draw/gl/gl_form.h"

typedef struct ParaGlProgram {
    unsigned name; ///< GL name
    ParaGlEye eye;
    int inks; ///< uniform place
} ParaGlProgram;

typedef struct ParaGlView {
    ParaGlProgram programs[PARA_GL_KINDS];
    unsigned vertices, buffer; ///< GL names
    const ParaColour *inks;    ///< that the programs have; they are told apart by where they lie
    ParaColour standard[PARA_INK_COUNT];
} ParaGlView;

/// Needs a current context. @return false with the reason
bool para_gl_view_create(ParaGlView *view, ParaArena *arena, const char **out_error);
void para_gl_view_destroy(ParaGlView *view);
/// @param inks [PARA_INK_COUNT] that stay where they are, and as they are; NULL: the standard ones
void para_gl_view_draw(ParaGlView *view, const ParaScene *scene, const ParaCamera *camera, int width,
                       int height, const ParaColour *inks);
