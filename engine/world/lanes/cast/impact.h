// SPDX-License-Identifier: MIT
#pragma once
// When two convex outlines that move and turn first meet within a step: what the sweep of fast bodies asks
// (sweep.c). Host side, in double. Source: conservative advancement, B. Mirtich, "Impulse-based dynamic
// simulation" (1996); the axis it steps along is that of the separation, as in E. Catto, "Continuous
// collision", GDC 2013; our own code.
#include "engine/world/lanes/lanes.h"

#define PARA_LANES_NEVER 2.0 ///< [1] a fraction of a way behind its end

/// A point, a line or a polygon with a rounding, in the frame of its body about the centre of mass.
typedef struct ParaLanesOutline {
    int count;                                                   ///< corners: 1 point, 2 line, 3..8 polygon
    double x[PARA_LANES_CORNERS_MAX], y[PARA_LANES_CORNERS_MAX]; ///< [m] corners, counter-clockwise
    double nx[PARA_LANES_CORNERS_MAX],
        ny[PARA_LANES_CORNERS_MAX]; ///< outward normals, i of the edge from corner i to i + 1; a line has two
    double radius;                  ///< [m] of the rounding
    double arm;                     ///< [m] from the centre of mass to the farthest corner
    double half;                    ///< [m] about half of how thick it is: of a line without rounding 0
} ParaLanesOutline;

/// Where a body stands at the begin of a step, and its way to the end.
typedef struct ParaLanesWay {
    double x, y, cos, sin; ///< [m] [1] of the centre of mass
    double dx, dy, turn;   ///< [m] [rad]
} ParaLanesWay;

ParaLanesOutline para_lanes_outline_of_shape(const ParaLanesWorld *world, const ParaLanesShape *shape);
/// Of the edge from a to b of a chain.
ParaLanesOutline para_lanes_outline_of_edge(ParaVec2 a, ParaVec2 b, double radius);

/// Distance [m] of the surfaces at the begin; < 0: so deep in each other.
double para_lanes_gap_at_begin(const ParaLanesOutline *a, const ParaLanesWay *way_a,
                               const ParaLanesOutline *b, const ParaLanesWay *way_b);
/// The part of the two ways after which the surfaces come as near as `gap` [m] (< 0: are so deep in each
/// other); PARA_LANES_NEVER if they do not. Never later than that; earlier by at most what `slack` [m] > 0
/// takes, or where a turn is so fast that PARA_LANES_IMPACT_STEPS looks do not find it.
/// Cost: about 0.3 us per look, one or two looks without a turn.
double para_lanes_impact(const ParaLanesOutline *a, const ParaLanesWay *way_a, const ParaLanesOutline *b,
                         const ParaLanesWay *way_b, double gap, double slack);
#define PARA_LANES_IMPACT_STEPS 100
