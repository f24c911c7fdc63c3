// SPDX-License-Identifier: MIT
#pragma once
// Letters for software pictures: ASCII drawn with strokes of its own, so that a picture with text in it has
// the same bytes on every machine and needs no font. Used by charts.
#include "engine/draw/raster/raster.h"

/// One line of text. Bytes that are no printable ASCII show as "?".
/// @param x, y [px] left end of the baseline   @param height [px] of a capital letter   @return width [px]
float para_raster_text(ParaRaster *raster, float x, float y, float height, int ink, const char *text);
float para_raster_text_width(float height, const char *text); ///< [px]
