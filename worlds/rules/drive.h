// SPDX-License-Identifier: MIT
#pragma once
// What an actuator works with in a step, for those who know what each kind does: play_drive.c, and
// play_legs.c for what a body does on the ground and on a ladder. Private to worlds.
#include "worlds/rules/play.h"

#define PARA_ACTION_MIN 1e-4f ///< [1] smaller actions count as none

typedef struct ParaDrive {
    int player;             ///< [1] 0..A - 1
    ParaPlayerState *state; ///< of that player
    const ParaLevel *level;
    ParaWorld world;
    const ParaView *view;
    const ParaInputs *inputs;
    const ParaActuator *actuator;
    float action; ///< [1] -1..1 with the actuator's sign
} ParaDrive;

/// Adds a force [N] at a body's centre of mass, in the world's frame, to those of this step.
void para_drive_force(const ParaDrive *drive, int body, double x, double y);

/// Pushes a body sideways, on the ground with all its force, and as the ground moves.
void para_drive_walk(const ParaDrive *drive);
/// Jumps, where a press counts and there is something to jump off; cuts a rise that was let go.
void para_drive_jump(const ParaDrive *drive);
/// Takes hold of a ladder, climbs it, and lets go of it.
void para_drive_climb(const ParaDrive *drive);
