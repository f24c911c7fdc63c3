// SPDX-License-Identifier: MIT
#pragma once
// Fluids: zones with a density, in which bodies float or sink. Lift and drag act on what is under the
// surface of each shape, at its centroid, so boxes right themselves and a hull of several shapes heels. The
// same code serves every solver. For solvers alone.
#include "engine/world/zones.h"

/// A dynamic body before a step.
typedef struct ParaFluidBody {
    int shape_first, shape_end; ///< [1] 0..shape_count its shapes
    double mass;                ///< [kg] > 0
    double inertia;             ///< [kg m^2] > 0 about the centre of mass
    double local_x, local_y;    ///< [m] any finite; centre of mass, body frame
    double x, y;                ///< [m] any finite; centre of mass, world frame
    double cos, sin;            ///< [1] -1..1 of its angle
    double vx, vy;              ///< [m/s] any finite; of the centre of mass
    double spin;                ///< [rad/s] any finite
} ParaFluidBody;

/// What fluids do to a body for one step: a force, and fluid that has to move along with it. Velocities
/// change by (all forces) * dt / (own mass + mass), likewise spins: a solver steps the body with the sums.
typedef struct ParaFluidPush {
    double x, y;    ///< [N] any finite; at the centre of mass
    double torque;  ///< [N m] any finite
    double mass;    ///< [kg] >= 0
    double inertia; ///< [kg m^2] >= 0 about the centre of mass
} ParaFluidPush;

/// The fluids of a world as they are at present.
typedef struct ParaFluids {
    const ParaWorldDef *def;
    const ParaZoneArea *areas;  ///< [zone_count]
    const ParaZoneState *zones; ///< [zone_count]
    uint32_t bits;              ///< [bits] para_fluid_bits of the zones
    ParaVec2 gravity;           ///< [m/s^2] -1e3..1e3 of the world
} ParaFluids;

/// Bits of the zones that are fluids, and on.
uint32_t para_fluid_bits(const ParaZoneState *zones, int count);
/// Force, torque and fluid moved along on one body over the next `dt` seconds. Archimedes: what is displaced
/// weighs as much as it lifts, by the world's gravity, whatever the body's own gravity_scale. Drag: fluid
/// density * area * fluid_drag * velocity. Shapes that overlap, and fluids that do, count each on its own.
/// Stable for every drag, density and dt; lift alone never adds energy to a bobbing body.
/// @param ahead [s] >= 0 how far ahead of the body what is under the surface is looked at: at least what of
/// dt the change of velocity does not yet move the body; see fluid.c
/// @return false: no shape is in a fluid, and *out is not set
/// Cost: about 0.3 us for a box at the surface, 1 us for a disc, twice that in a round zone. No heap.
bool para_fluid_push(const ParaFluids *fluids, const ParaFluidBody *body, double dt, double ahead,
                     ParaFluidPush *out);
