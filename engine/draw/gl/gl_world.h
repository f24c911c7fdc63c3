// SPDX-License-Identifier: MIT
#pragma once
// A world in its look, pass by pass: sky, halos, shadows, forms in light, water, particles. Private to
// engine/draw/gl. Programs are made when a pass is drawn first, so that a window that shows none pays
// nothing.
#include "engine/draw/gl/gl_sky.h"
#include "engine/draw/gl/gl_view.h"

/// FINE: with smooth patterns, the one behind the plain one.
typedef enum {
    PARA_GL_BODY,
    PARA_GL_BODY_FINE,
    PARA_GL_GROUND,
    PARA_GL_GROUND_FINE,
    PARA_GL_SHADOW,
    PARA_GL_GLOW,
    PARA_GL_WATER,
    PARA_GL_PASSES
} ParaGlPass;

/// A program of one pass and one kind of form, and the places of what it asks for.
typedef struct ParaGlPassProgram {
    unsigned name; ///< 0: not made yet
    ParaGlEye eye;
    int inks, patterns, light, grain, shade, fall, halo, veil, up, water, reach, ripples, ripple_count;
    const ParaColour *has; ///< inks it has
} ParaGlPassProgram;

typedef struct ParaGlWorld {
    ParaGlPassProgram programs[PARA_GL_PASSES][PARA_GL_ROUNDED]; ///< worlds have no rounded polygons
    ParaGlSky sky;
    unsigned vertices, buffer, patterns; ///< GL names
    unsigned particle_program, particle_vertices, particle_buffer;
    ParaGlEye particle_eye;
    struct ParaGlInstance *instances; ///< [capacity] as they are handed over
    int count, capacity;
    bool made, broken; ///< broken: a program cannot be made, which is tried once
} ParaGlWorld;

/// Draws. What is flat (low quality, or a scene without tags) is drawn by `view` over the sky.
/// @param area [px] the world's part of the window   @return false with the reason: a program cannot be made
bool para_gl_world_draw(ParaGlWorld *world, ParaGlView *view, const ParaScene *scene,
                        const ParaCamera *camera, const ParaLook *look, const ParaColours *colours,
                        ParaRect area, int width, int height, ParaArena *arena, const char **out_error);
void para_gl_world_destroy(ParaGlWorld *world);
