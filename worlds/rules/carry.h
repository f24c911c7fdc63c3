// SPDX-License-Identifier: MIT
#pragma once
// Bodies that joints hold to each other, put elsewhere as one: for acts, portals and checkpoints. Private to
// worlds.
#include "worlds/rules/goal.h"

/// A place and how something is turned there.
typedef struct ParaCarryPlace {
    double x, y;  ///< [m]
    double angle; ///< [rad]
} ParaCarryPlace;

/// Bodies that joints hold to one now, itself among them; static and kinematic ones hold nobody together.
/// @param joined out, [body_count]
void para_carry_joined(const ParaLevel *level, const ParaView *view, int body, bool *joined);
/// Puts bodies that lie to `from` where they lie to `to` then: turned about it, their velocities too.
/// @param carried in, [body_count]
void para_carry(const ParaLevel *level, ParaWorld world, const bool *carried, ParaCarryPlace from,
                ParaCarryPlace to);
