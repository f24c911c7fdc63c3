// SPDX-License-Identifier: MIT
#pragma once
// The part of the window that talks to OpenGL about shapes. Private to engine/draw/gl.
#include "engine/draw/scene.h"

/// One program per kind of shape, polygons with round corners apart; MIXED takes all others, for short runs.
typedef enum {
    PARA_GL_CIRCLE,
    PARA_GL_CAPSULE,
    PARA_GL_SHARP,
    PARA_GL_MIXED,
    PARA_GL_ROUNDED,
    PARA_GL_KINDS
} ParaGlKind;

typedef struct ParaGlProgram {
    unsigned name;
    int centre, screen, scale, viewport, inks; ///< uniform places
} ParaGlProgram;

typedef struct ParaGlView {
    ParaGlProgram programs[PARA_GL_KINDS];
    unsigned vertices, buffer; ///< GL names
    const ParaColour *inks;    ///< that the programs have; they are told apart by where they lie
    ParaColour standard[PARA_INK_COUNT];
} ParaGlView;

/// A shader in two parts: what it shares with others, "" if nothing, and its own.
typedef struct ParaGlText {
    const char *shared, *own;
} ParaGlText;

/// Compiles a pair of shaders; the version line and `defines` (NULL: none) are put in front. @return 0 with
/// the compiler's words in out_error
unsigned para_gl_program(const char *defines, ParaGlText vertex, ParaGlText fragment, ParaArena *arena,
                         const char **out_error);
/// The same for one kind of form, over shaders/form.glsl and shaders/distance.glsl.
unsigned para_gl_form_program(ParaGlKind kind, const char *vertex, const char *fragment, ParaArena *arena,
                              const char **out_error);
ParaGlKind para_gl_kind(const ParaPrimitive *primitive); ///< never MIXED
/// How far the run goes that is drawn at once, from `first` on: primitives of one kind, or where kinds change
/// all the time, of several. A draw costs a software OpenGL as much as some thousand pixels do.
/// @param stride [byte] from one primitive to the next   @param out_kind out, of the program to use
/// @return the first that does not belong to it
int para_gl_run(const ParaPrimitive *primitives, size_t stride, int first, int count, ParaGlKind *out_kind);

#define PARA_GL_INKS 96 ///< that a shader holds
/// Gives the program in use its inks. @param place of the uniform  @param colours [PARA_INK_COUNT]
void para_gl_inks(int place, const ParaColour *colours);

/// Needs a current context. @return false with the reason
bool para_gl_view_create(ParaGlView *view, ParaArena *arena, const char **out_error);
void para_gl_view_destroy(ParaGlView *view);
/// @param inks [PARA_INK_COUNT] that stay where they are, and as they are; NULL: the standard ones
void para_gl_view_draw(ParaGlView *view, const ParaScene *scene, const ParaCamera *camera, int width,
                       int height, const ParaColour *inks);
