// SPDX-License-Identifier: MIT
#pragma once
// Software pictures: 8-bit ink numbers in memory, the same bytes on every machine. For PNGs, terminal
// previews, pixel observations and golden tests. A pixel belongs to a shape if its centre is inside.
#include "engine/draw/scene.h"

/// Inks of a picture that no palette has: what comes of one translucent area over another.
typedef struct ParaRasterMixes ParaRasterMixes;

typedef struct ParaRaster {
    int width, height;      ///< [px] 1..PARA_RASTER_SIDE_MAX
    uint8_t *pixels;        ///< [ParaInk] or, from PARA_INK_COUNT on, a mix; top row first  [height, width]
    ParaRasterMixes *mixes; ///< NULL: areas hide each other
} ParaRaster;

#define PARA_RASTER_SIDE_MAX 16384 ///< [px]

/// All background. Sides are clamped to 1..PARA_RASTER_SIDE_MAX.
ParaRaster para_raster_create(int width, int height, ParaArena *arena);
void para_raster_clear(ParaRaster *raster, int ink);

// Coordinates in [px] from the top left corner. Any float is safe: what is not finite draws nothing.
// Cost: rows * points + pixels; no heap.
void para_raster_circle(ParaRaster *raster, ParaVec2 centre, float radius, int ink);
/// Convex, either winding. @param points [count], count 3..PARA_RASTER_POINTS_MAX
void para_raster_polygon(ParaRaster *raster, const ParaVec2 *points, int count, int ink);
/// Thick line with round ends.
void para_raster_line(ParaRaster *raster, ParaVec2 a, ParaVec2 b, float half_width, int ink);
#define PARA_RASTER_POINTS_MAX 16

/// Draws a whole scene. Shapes thinner than a pixel keep half a pixel, so that they do not vanish.
/// Translucent areas (zones) show what lies below them, but for the grid.
void para_raster_scene(ParaRaster *raster, const ParaScene *scene, const ParaCamera *camera);
/// Colours, averaged over blocks of factor x factor pixels (antialiasing by supersampling).
/// @param out [height / factor, width / factor, 3] RGB
void para_raster_colours(const ParaRaster *raster, int factor, uint8_t *out);
