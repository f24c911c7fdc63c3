// SPDX-License-Identifier: MIT
#pragma once
// What mechanics keeps: sums of momentum, angular momentum and energy over the bodies of a view, worked out
// from the def's shapes by the tests of engine/world.
#include "engine/world/world.h"

typedef struct Motion {
    double mass;    ///< [kg] of the dynamic bodies
    double x, y;    ///< [m] their common centre of mass
    double px, py;  ///< [N s]
    double turn;    ///< [N m s] angular momentum about (0, 0)
    double moving;  ///< [J] energy of motion
    double height;  ///< [J] energy in the world's gravity, gravity scales included; zero at (0, 0)
    double springs; ///< [J] in the springs
} Motion;

Motion motion_of(const ParaView *view);
/// Moment of inertia [kg m^2] of a body about its centre of mass.
double motion_moment(const ParaView *view, int body);
/// Energy of motion, height and springs together [J].
double motion_energy(const ParaView *view);
/// Where a point of a body's frame is [m], and how fast it moves [m/s].
void motion_point(const ParaView *view, int body, ParaVec2 local, double place[2], double speed[2]);
