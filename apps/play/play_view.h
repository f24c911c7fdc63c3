// SPDX-License-Identifier: MIT
#pragma once
// What the play window shows: the world, and around it goal, time, progress, who acts, banners and help.
#include "apps/play/play_game.h"
#include "apps/play/play_keys.h"
#include "engine/draw/gl/window.h"

typedef struct ParaPlayView {
    ParaWindow *window;
    ParaScene scene, panels;
    ParaCamera camera;
    ParaPose *poses; ///< [PARA_BODIES_MAX] blended
    bool help, paused, slow;
    char message[256];     ///< short note at the bottom
    float message_seconds; ///< [s] it still shows
} ParaPlayView;

ParaPlayView para_play_view(ParaWindow *window, ParaArena *arena);
/// The camera jumps to the player at the next frame: for a new level.
void para_play_view_reset(ParaPlayView *view);
void para_play_view_say(ParaPlayView *view, const char *text);
/// Draws a frame, without showing it. @param share [1] 0..1 between the last two steps
/// @param seconds [s] since the last frame
void para_play_view_draw(ParaPlayView *view, const ParaGame *game, const ParaKeys *keys, float share,
                         float seconds);
