// SPDX-License-Identifier: MIT
#pragma once
// The world of a play window: its scene, camera and look. What lies around it is play_view's.
#include "apps/play/play_game.h"
#include "engine/draw/gl/window.h"

typedef struct ParaPlayStage {
    ParaScene scene;
    ParaCamera camera;
    ParaLook look;   ///< mood, palette and quality as wished; the rest is set at each frame
    ParaPose *poses; ///< [PARA_BODIES_MAX] blended
} ParaPlayStage;

ParaPlayStage para_play_stage(ParaArena *arena);
/// For a new level: the camera jumps to the player at the next frame.
void para_play_stage_reset(ParaPlayStage *stage);
/// Draws the world of the game into an area of the window. @param share [1] 0..1 between the last two steps
/// @param seconds [s] since the last frame
void para_play_stage_draw(ParaPlayStage *stage, ParaWindow *window, const ParaGame *game, ParaRect area,
                          float share, float seconds);
