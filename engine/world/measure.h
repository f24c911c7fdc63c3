// SPDX-License-Identifier: MIT
#pragma once
// What a running world holds: energy and momentum, worked out in double from its view and the shapes of its
// def, the same for every solver. `paracosm probe`, Python and the tests of the laws all count with it.
//
// What counts: dynamic bodies that are enabled. Kinematic and static bodies hold no energy of their own:
// their mass is without bound, so what they give or take is work from outside, like that of motors, forces
// and thrusters. Potential is that of the world's gravity, times each body's gravity_scale, and is zero at
// (0, 0). The pushes of zones (acceleration, drag, fluids) have none here: a body that crosses one gains or
// loses energy. Threads: as for reading a view. Cost: O(bodies + shapes + joints); no heap.
#include "engine/world/world.h"

typedef struct ParaEnergy {
    double kinetic;   ///< [J] >= 0 of the way of the centre of mass and of the spin about it
    double potential; ///< [J] any finite; in the world's gravity, zero at (0, 0)
    double spring;    ///< [J] >= 0 in springs, k stretch^2 / 2; 0 for a single body
} ParaEnergy;

typedef struct ParaWorldMotion {
    double mass;             ///< [kg] >= 0
    double x, y;             ///< [m] any finite; common centre of mass; (0, 0) if nothing has a mass
    double momentum_x;       ///< [N s] any finite
    double momentum_y;       ///< [N s] any finite
    double angular_momentum; ///< [N m s] any finite; about (0, 0), spins included
} ParaWorldMotion;

double para_energy_total(ParaEnergy energy); ///< [J] any finite; the three together

/// Energy of all that moves and of the springs between. A diverged world has that of its last sane step.
ParaEnergy para_world_energy(const ParaView *view);
/// The share of one body; all zero for one that is disabled or not dynamic.
/// @param body [1] 0..body_count - 1.  Errors: asserts on an index out of range
ParaEnergy para_body_energy(const ParaView *view, int body);
/// Energy [J] >= 0 in a spring; 0 for a joint of another kind, and one that is broken or one of
/// whose bodies is disabled.
/// @param joint [1] 0..joint_count - 1.  Errors: asserts on an index out of range
double para_joint_energy(const ParaView *view, int joint);
/// Moment of inertia [kg m^2] >= 0 of a body about its centre of mass, as of a dynamic one.
double para_body_moment(const ParaWorldDef *def, int body);
/// Mass, centre of mass and momentum of all that moves.
ParaWorldMotion para_world_motion(const ParaView *view);
