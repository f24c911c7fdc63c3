// SPDX-License-Identifier: MIT
#pragma once
// Checkpoints: zones where a player that fails goes on. Private to worlds.
#include "worlds/rules/goal.h"

/// What a player has left.
typedef struct ParaLife {
    int32_t zone; ///< [1] 0..zone_count - 1 the checkpoint it came by last; -1: none yet
    int32_t left; ///< [1] >= 0 lives, where no variable has them
} ParaLife;

/// [player_count]; NULL: the level has no checkpoints
ParaLife *para_events_lives(const ParaPlay *play, const ParaLevel *level);

void para_checkpoints_begin(ParaPlay *play, const ParaLevel *level);
/// Notes who is in a checkpoint; of a level that has some.
void para_checkpoints_after(ParaPlay *play, const ParaLevel *level, ParaWorld world);
