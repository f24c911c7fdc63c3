// SPDX-License-Identifier: MIT
#pragma once
// What bodies and zones mean for the player, for the sampler, which gives a level its roles, and the writer,
// which leaves out those that follow from the goal.
#include "worlds/level/level.h"

/// Derives what bodies and zones mean for the player from goal and fail; PLAYER roles stand already.
void para_level_derive_roles(const ParaLevel *level, uint8_t *body_roles, uint8_t *zone_roles);
