// SPDX-License-Identifier: MIT
#pragma once
// The part of the window that talks to OpenGL about shapes. Internal to engine/draw.
#include "engine/draw/scene.h"

typedef struct ParaGlView {
    unsigned program, vertices, buffer;  ///< GL names
    int centre, screen, scale, viewport; ///< uniform places
} ParaGlView;

/// Compiles a pair of shaders; the version line is put in front. @return 0 with the compiler's words in
/// out_error
unsigned para_gl_program(const char *vertex, const char *fragment, ParaArena *arena, const char **out_error);

/// Needs a current context. @return false with the reason
bool para_gl_view_create(ParaGlView *view, ParaArena *arena, const char **out_error);
void para_gl_view_destroy(ParaGlView *view);
void para_gl_view_draw(const ParaGlView *view, const ParaScene *scene, const ParaCamera *camera, int width,
                       int height);
