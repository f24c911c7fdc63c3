// SPDX-License-Identifier: MIT
#pragma once
// Zones as they are at present, in world coordinates, ready for the inner loop: which bodies are inside, and
// what that does to them; lift and drag of fluids are fluid.h's. The same code serves every solver, so that a
// zone means the same in all. For solvers alone.
#include "engine/world/world.h"

typedef struct ParaZoneArea {
    double low_x, low_y, high_x, high_y;      ///< [m] any finite; bounding box, world frame
    double x, y;                              ///< [m] any finite; its origin, the centre of a circle
    double radius_squared;                    ///< [m^2] > 0 of a circle
    int edge_count;                           ///< [1] 3..PARA_POLYGON_POINTS_MAX; 0: a circle
    bool upright;                             ///< its bounding box is all of it
    double corner_x[PARA_POLYGON_POINTS_MAX]; ///< [m] any finite; edge i goes from corner i to the next
    double corner_y[PARA_POLYGON_POINTS_MAX]; ///< [m] any finite
} ParaZoneArea;

ParaZoneState para_zone_state(const ParaZoneDef *zone); ///< what it begins with
/// The area of a zone as it is now; one that is off has a box that holds nothing.
ParaZoneArea para_zone_area(const ParaWorldDef *def, int zone, const ParaZoneState *now);
/// Bits of the zones that contain (x, y).
uint32_t para_zones_at(const ParaZoneArea *areas, int count, double x, double y);
/// Bits of a body at (x, y) where zone `zone` alone has changed since `bits`.
uint32_t para_zones_again(const ParaZoneArea *areas, int zone, uint32_t bits, double x, double y);
/// A body that zones push.
typedef struct ParaZoneBody {
    double x, y;   ///< [m] any finite; where a pull finds its centre of mass: so far ahead of now that the
                   ///< solver's way of stepping keeps its energy
    double vx, vy; ///< [m/s] any finite
} ParaZoneBody;

#define PARA_ZONE_PULL_FADES 0.1 ///< [m] from a zone's origin within which its pull falls off to 0

/// Mean force per mass [N/kg] over `dt` seconds on a body inside the zones of `bits`. Drag follows
/// exp(-drag t) exactly, so it can never reverse a velocity; a pull is as strong everywhere but for the last
/// PARA_ZONE_PULL_FADES before the origin, where it falls off, so that nothing is shaken there.
void para_zones_push(const ParaZoneState *zones, uint32_t bits, const ParaZoneBody *body, double dt,
                     double *out_x, double *out_y);
/// Adds to a hash what of gravity and zones is not as the def says.
uint64_t para_changes_hash(const ParaWorldDef *def, ParaVec2 gravity, const ParaZoneState *zones,
                           uint64_t hash);
