// SPDX-License-Identifier: MIT
#pragma once
// What bodies and zones mean for the player, for the sampler, which gives a level its roles, the writer,
// which leaves out those that follow from the goal, and pictures.
#include "worlds/level/level.h"

/// Derives what bodies and zones mean for a player from its goal and fail; PLAYER roles stand already.
/// @param player 0..player_count - 1
/// @param body_roles in-out, [body_count] zero where nothing is known   @param zone_roles in-out,
/// [zone_count]
void para_level_derive_roles(const ParaLevel *level, int player, uint8_t *body_roles, uint8_t *zone_roles);
/// Whether a body is a hazard to others alone: goal and fail speak of it where others than the player touch
/// it (the cargo that must not fall on the ground), and nowhere of the player's own touch.
bool para_level_spares_player(const ParaLevel *level, int player, int body);
