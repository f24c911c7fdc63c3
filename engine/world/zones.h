// SPDX-License-Identifier: MIT
#pragma once
// Zones in world coordinates, ready for the inner loop: which bodies are inside, and what that does to
// them; lift and drag of fluids are fluid.h's. The same code serves every solver, so that a zone means the
// same in all. Private to engine/world.
#include "engine/world/world.h"

typedef struct ParaZoneArea {
    double low_x, low_y, high_x, high_y;      ///< [m] any finite; bounding box, world frame
    double x, y;                              ///< [m] any finite; centre of a circle
    double radius_squared;                    ///< [m^2] > 0 of a circle
    int edge_count;                           ///< [1] 3..PARA_POLYGON_POINTS_MAX; 0: a circle
    bool upright;                             ///< its bounding box is all of it
    double corner_x[PARA_POLYGON_POINTS_MAX]; ///< [m] any finite; edge i goes from corner i to the next
    double corner_y[PARA_POLYGON_POINTS_MAX]; ///< [m] any finite
    double acceleration_x, acceleration_y;    ///< [N/kg] -1e5..1e5
    double drag;                              ///< [1/s] 0..1e4
    double fluid_density;                     ///< [kg/m^2] 0..1e6; 0: no fluid
    double fluid_drag;                        ///< [1/s] 0..1e4
} ParaZoneArea;

ParaZoneArea para_zone_area(const ParaWorldDef *def, const ParaZoneDef *zone);
/// Bits of the zones that contain (x, y).
uint32_t para_zones_at(const ParaZoneArea *areas, int count, double x, double y);
/// Mean force per mass [N/kg] over `dt` seconds on a body inside the zones of `bits` that moves with
/// (vx, vy) [m/s]. Drag follows exp(-drag t) exactly, so it can never reverse a velocity.
void para_zones_push(const ParaZoneArea *areas, uint32_t bits, double vx, double vy, double dt, double *out_x,
                     double *out_y);
