// SPDX-License-Identifier: MIT
#pragma once
// Rays and thick rays (a circle that moves) against the shapes of a lanes world, and how far a place is from
// them: for questions and for the sweep of fast bodies. Host side, in double. Everything is in the frame of
// the shape's body about its centre of mass.
#include "engine/world/lanes/lanes.h"

/// Where a body stands.
typedef struct ParaLanesFrame {
    double x, y, cos, sin; ///< [m] centre of mass
} ParaLanesFrame;

/// From (x, y) by (dx, dy) [m].
typedef struct ParaLanesRay {
    double x, y, dx, dy;
} ParaLanesRay;

typedef struct ParaLanesHit {
    double fraction; ///< [1] of the way; in: only nearer hits count
    double normal_x, normal_y;
} ParaLanesHit;

ParaLanesRay para_lanes_local_ray(ParaLanesFrame frame, ParaLanesRay ray);

/// Distance [m] from a place to the surface of a shape; < 0 inside.
double para_lanes_distance(const ParaLanesWorld *world, const ParaLanesShape *shape, double x, double y);
/// The same for the edge from a to b with a radius.
double para_lanes_edge_distance(ParaVec2 a, ParaVec2 b, double radius, double x, double y);

/// A ray against the shape grown by `grow` [m]. The ray must start outside (see para_lanes_distance).
/// @return true and a new *hit if it hits nearer than hit->fraction
bool para_lanes_cast_shape(const ParaLanesWorld *world, const ParaLanesShape *shape, double grow,
                           ParaLanesRay ray, ParaLanesHit *hit);
/// The same for the edge from a to b with a radius, which may be 0.
bool para_lanes_cast_edge(ParaVec2 a, ParaVec2 b, double radius, ParaLanesRay ray, ParaLanesHit *hit);
/// Edges [out_first, out_end) of the next box of a chain from edge `from` on that meets the box of a ray of
/// that thickness; an empty range behind the last edge where there is none.
void para_lanes_chain_near(const ParaLanesWorld *world, const ParaLanesChain *chain, double thickness,
                           ParaLanesRay ray, int from, int *out_first, int *out_end);

/// Point i of a chain, 0 .. edge_count.
static inline ParaVec2 para_lanes_chain_point(const ParaLanesWorld *world, const ParaLanesChain *chain, int i)
{
    int at = chain->point_first + 1 + i;
    return (ParaVec2){world->chain_x[at], world->chain_y[at]};
}
