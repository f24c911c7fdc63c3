// SPDX-License-Identifier: MIT
#pragma once
// What is behind a world: the sky of its mood, sun or moon, clouds, stars and hills that pass slower than the
// world. Private to engine/draw/gl.
#include "engine/draw/gl/gl_view.h"
#include "engine/draw/look/look.h"

typedef struct ParaGlSky {
    unsigned program, vertices, buffer; ///< GL names
    int viewport;                       ///< uniform place
    struct ParaGlSkyCorner *corners;    ///< [PARA_GL_SKY_CORNERS]
    int count;
} ParaGlSky;

/// Needs a current context. @return false with the reason
bool para_gl_sky_create(ParaGlSky *sky, ParaArena *arena, const char **out_error);
void para_gl_sky_destroy(ParaGlSky *sky);
/// @param area [px] it fills  @param width, height [px] of the window
/// Cost: some 2500 corners a frame; a fifth of that at low quality.
void para_gl_sky_draw(ParaGlSky *sky, const ParaLook *look, const ParaColours *colours,
                      const ParaCamera *camera, ParaRect area, int width, int height);
