// SPDX-License-Identifier: MIT
#pragma once
// What is behind a world: the sky of its mood, sun or moon, clouds, stars and hills that pass slower than the
// world. Private to engine/draw/gl.
#include "engine/draw/gl/gl_form.h"
#include "engine/draw/look/look.h"

/// What is drawn one after the other, each by a program of its own.
typedef enum { PARA_GL_SKY_BANDS, PARA_GL_SKY_DISCS, PARA_GL_SKY_RIDGES, PARA_GL_SKY_PARTS } ParaGlSkyPart;

typedef struct ParaGlSky {
    unsigned programs[PARA_GL_SKY_PARTS]; ///< GL names; 0: not made
    unsigned vertices, buffer;            ///< GL names
    int viewports[PARA_GL_SKY_PARTS];     ///< uniform places
    struct ParaGlSkyCorner *corners;      ///< [PARA_GL_SKY_CORNERS]
    int count;
} ParaGlSky;

/// Needs a current context. @return false with the reason
bool para_gl_sky_create(ParaGlSky *sky, ParaArena *arena, const char **out_error);
void para_gl_sky_destroy(ParaGlSky *sky);
/// @param area [px] it fills  @param width, height [px] of the window
/// Cost: some 2500 corners a frame; a fifth of that at low quality.
void para_gl_sky_draw(ParaGlSky *sky, const ParaLook *look, const ParaColours *colours,
                      const ParaCamera *camera, ParaRect area, int width, int height);
