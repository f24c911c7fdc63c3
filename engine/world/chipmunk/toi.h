// SPDX-License-Identifier: MIT
#pragma once
// When two convex shapes that move evenly come to touch. Used by sweep.c.
#include "engine/world/chipmunk/cp.h"

/// Corners of a shape about its body's centre of mass, with a thickness all around.
typedef struct ParaCpHull {
    int count; ///< [1] 1: a circle, 2: a segment, 3..8: a polygon
    cpVect points[PARA_POLYGON_POINTS_MAX + 1];
    double radius; ///< [m] >= 0
    double reach;  ///< [m] of the farthest point from the body's centre
} ParaCpHull;

/// An even motion: the place at time 0, and the way in all the time from 0 to 1.
typedef struct ParaCpWay {
    cpVect from, way;   ///< [m]
    double angle, turn; ///< [rad]
} ParaCpWay;

typedef struct ParaCpTouchTime {
    double time;   ///< [1] 0..1
    cpVect normal; ///< unit, from the other shape to the one that is swept
    cpVect point;  ///< [m] of the other shape
} ParaCpTouchTime;

/// The hull of a shape. @param share [1] 0..1 of its thickness (of a polygon: its size about its middle) that
/// is kept
ParaCpHull para_cp_hull(const cpShape *shape, double share);
/// [m] radius of the circle around a shape's middle that it holds.
double para_cp_shape_inradius(const cpShape *shape);
/// One pair on its way.
typedef struct ParaCpPair {
    ParaCpHull swept, other;
    ParaCpWay way, way_other;
} ParaCpPair;

/// [m] distance of a pair; negative if it overlaps.
double para_cp_pair_distance(const ParaCpPair *pair, double time);
/// Where the two are closest; true of pairs that do not overlap.
ParaCpTouchTime para_cp_pair_closest(const ParaCpPair *pair, double time);
/// First time in [begin, end] at which a pair is closer than `close` [m]; it is farther at `begin`.
/// Conservative advancement: along the line of least distance they cannot come closer faster than their ways
/// and turns do; B. Mirtich, "Impulse-based Dynamic Simulation" (1996). What turns fast is looked at in 16
/// moments, and 16 per radian.
/// @return false if there is none
bool para_cp_pair_meets(const ParaCpPair *pair, double close, double begin, double end, ParaCpTouchTime *out);
