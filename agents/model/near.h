// SPDX-License-Identifier: MIT
#pragma once
// Where two convex shapes are nearest, or how they overlap: what an edge of the model's graph lies at.
#include "engine/world/world.h"

#define PARA_CONVEX_POINTS PARA_POLYGON_POINTS_MAX

/// A convex core with a rounding: a circle is a point with a radius, a segment two, a polygon has none.
typedef struct ParaConvex {
    int count;                           ///< [1] 1..PARA_CONVEX_POINTS
    ParaVec2 points[PARA_CONVEX_POINTS]; ///< [m] any finite, world frame; from three on counter-clockwise
    float radius;                        ///< [m] >= 0
} ParaConvex;

/// One or two places where they are nearest.
typedef struct ParaNear {
    int count;       ///< [1] 0..2
    ParaVec2 normal; ///< [1] -1..1 unit vector from a to b
    ParaVec2 at[2];  ///< [m] any finite; halfway between the surfaces
    float gap[2];    ///< [m] between the surfaces along the normal; below 0: they overlap
} ParaNear;

/// Two faces that lie on each other give the two ends of what they share, all else one place.
/// @param reach [m] >= 0 places further apart than this are left out; then count may be 0
/// Threads: safe.  Cost: O(points of a times points of b), about 0.1 us for two boxes; no heap.
/// Source: separating axes and clipping, D. Gregorius, "Robust contact creation", GDC 2015.
ParaNear para_near(const ParaConvex *a, const ParaConvex *b, float reach);
