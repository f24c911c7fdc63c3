// SPDX-License-Identifier: MIT
#pragma once
// The patterns of materials as a texture of layers, made when the window opens. Private to engine/draw/gl.

#define PARA_GL_PATTERN_SIDE   128  ///< [texel] of a layer, which repeats
#define PARA_GL_PATTERN_METRES 1.6f ///< [m] of a layer on a body, as in shaders/body.vert

/// A texture array of one layer per ParaSurface, one channel: half is plain, above is brighter. Needs a
/// current context. @return its GL name.  Cost: about 15 ms
unsigned para_gl_materials_create(void);
/// The layer of a surface. @param out [PARA_GL_PATTERN_SIDE, PARA_GL_PATTERN_SIDE]
void para_gl_pattern(int surface, unsigned char *out);
