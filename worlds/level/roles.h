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
/// Whom a hazard is one to, by what goal and fail say of touching it.
typedef enum {
    PARA_HAZARD_TO_ALL,   ///< whatever part of the player touches it, or nothing is said of touching
    PARA_HAZARD_TO_PARTS, ///< some of the player's parts, such as the hull that may stand on its legs alone
    PARA_HAZARD_TO_OTHERS ///< others alone: the ground that the cargo must not fall on
} ParaHazardTo;
/// @param player 0..player_count - 1   @param body of which goal or fail speak   Cost: O(predicates + bodies)
ParaHazardTo para_level_hazard_to(const ParaLevel *level, int player, int body);
