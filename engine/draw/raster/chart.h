// SPDX-License-Identifier: MIT
#pragma once
// A panel with curves: a frame, a title, axes with round numbers. Used by `paracosm probe --plot`.
#include "engine/draw/raster/letters.h"

/// One curve; where a value is not finite, or beyond 1e25, it has a gap.
typedef struct ParaCurve {
    const double *x, *y; ///< [1] any, in the units of the axes  [count]
    int count;           ///< [1] >= 0
    int ink;             ///< [ParaInk]
    float width;         ///< [px] > 0 of the picture: of the line
    double mark;         ///< [1] any; a thin line from top to bottom at this x; NaN: none
} ParaCurve;

typedef struct ParaChart {
    ParaRect area;     ///< [px] of the raster: where the panel is
    float pixel;       ///< [px] of the raster: one of the picture, >= 1: sizes of letters and lines follow it
    const char *title; ///< above the frame: what the curves are, with the unit
    const char *across;      ///< what x is, with the unit; "": not said
    const ParaCurve *curves; ///< [curve_count] drawn in this order
    int curve_count;         ///< [1] >= 0
} ParaChart;

/// Draws it. The axes reach from the least value to the greatest; a flat curve gets room around it.
void para_chart_draw(ParaRaster *raster, const ParaChart *chart);
