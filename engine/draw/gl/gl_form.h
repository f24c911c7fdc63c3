// SPDX-License-Identifier: MIT
#pragma once
// What all passes over forms share: programs for kinds of forms, runs of one kind, how primitives lie in a
// buffer, the camera. Private to engine/draw/gl.
#include "engine/draw/scene.h"

/// One program per kind of form: each is as short as its kind allows, since a software OpenGL walks all of it
/// for every pixel. CAPSULE takes circles, SHARP polygons of few corners and MIXED all but ROUNDED, for short
/// runs.
typedef enum {
    PARA_GL_CIRCLE,
    PARA_GL_CAPSULE,
    PARA_GL_QUAD,  ///< polygons of 3 or 4 corners
    PARA_GL_SHARP, ///< of up to 8
    PARA_GL_MIXED,
    PARA_GL_ROUNDED, ///< polygons with round corners
    PARA_GL_KINDS
} ParaGlKind;

/// A shader in two parts: what it shares with others, "" if nothing, and its own.
typedef struct ParaGlText {
    const char *shared, *own;
} ParaGlText;

/// Compiles a pair of shaders; the version line and `defines` (NULL: none) are put in front. @return 0 with
/// the compiler's words in out_error
unsigned para_gl_program(const char *defines, ParaGlText vertex, ParaGlText fragment, ParaArena *arena,
                         const char **out_error);
/// The same for one kind of form, over shaders/form.glsl and shaders/distance.glsl. @param defines more of
/// them, "" if none
unsigned para_gl_form_program(ParaGlKind kind, const char *defines, const char *vertex, const char *fragment,
                              ParaArena *arena, const char **out_error);

/// Places of the uniforms by which the shaders place metres on the window.
typedef struct ParaGlEye {
    int centre, screen, scale, viewport;
} ParaGlEye;

ParaGlEye para_gl_eye(unsigned program);
/// Gives the program in use its camera. @param width, height [px] of the window
void para_gl_look(const ParaGlEye *eye, const ParaCamera *camera, int width, int height);

ParaGlKind para_gl_kind(const ParaPrimitive *primitive); ///< never MIXED
/// How far the run goes that is drawn at once, from `first` on: primitives of one kind, or where kinds change
/// all the time, of several. A draw costs a software OpenGL as much as some thousand pixels do.
/// @param stride [byte] from one primitive to the next   @param out_kind out, of the program to use
/// @return the first that does not belong to it
int para_gl_run(const ParaPrimitive *primitives, size_t stride, int first, int count, ParaGlKind *out_kind);
/// Tells the vertex array in use where primitives lie, in attributes 0 to 5, one per instance.
/// @param stride [byte] from one primitive to the next   @param first [1] >= 0 primitive that comes first
void para_gl_layout(size_t stride, int first);
/// Makes a vertex array and a buffer of `count` attributes that advance once per instance.
void para_gl_instances(unsigned count, unsigned *out_vertices, unsigned *out_buffer);
/// Draws `count` quads, one per instance, with what is in use.
void para_gl_quads(int count);

#define PARA_GL_INKS 96 ///< that a shader holds
/// Gives the program in use its inks. @param place of the uniform  @param colours [PARA_INK_COUNT]
void para_gl_inks(int place, const ParaColour *colours);
