// SPDX-License-Identifier: MIT
#pragma once
// What the play window shows: the world, and around it goal, time, progress, who acts, banners and help.
#include "apps/game/game.h"
#include "apps/game/score.h"
#include "apps/keys/keys.h"
#include "apps/play/play_dream.h"
#include "apps/play/play_help.h"
#include "apps/play/play_stage.h"
#include "apps/play/play_tray.h"
#include "engine/draw/gl/window.h"

typedef struct ParaPlayView {
    ParaWindow *window;
    ParaPlayStage stage;
    ParaScene panels;
    ParaTray tray;
    ParaSandbox *sandbox;   ///< NULL: none
    ParaPlayDream *dream;   ///< NULL: none
    ParaPage bar;           ///< its panels
    const ParaScore *score; ///< NULL: none is kept
    ParaScene ghosts;
    ParaScene thoughts;
    ParaSlowWays *ways; ///< what the trained player thinks of is drawn by way of it; NULL: it does not think
    ParaHelp help;
    ParaHelpMode help_mode;  ///< of a person's level; a replay is told by itself
    ParaHelpList *help_list; ///< what it shows
    bool paused, slow;
    bool covered;          ///< a card of a story lies over the level: no banner below it
    const char *onward;    ///< what keys do at an end, as a guest of the session has it; NULL: the usual
    bool back;             ///< time runs backward, as long as a key is held
    bool waiting;          ///< for the first key
    float countdown;       ///< [s] above 0: until whoever is watched begins
    char message[256];     ///< short note at the bottom
    char problem[2048];    ///< lines that stay until they are taken away; empty: none
    float message_seconds; ///< [s] it still shows
} ParaPlayView;

ParaPlayView para_play_view(ParaWindow *window, ParaArena *arena);
/// The camera jumps to the player at the next frame: for a new level.
void para_play_view_reset(ParaPlayView *view);
void para_play_view_say(ParaPlayView *view, const char *text);
/// What is wrong with a changed template, in lines that stay; "" takes them away.
void para_play_view_problem(ParaPlayView *view, const char *lines);
/// Draws a frame, without showing it. @param share [1] 0..1 between the last two steps
/// @param seconds [s] since the last frame
void para_play_view_draw(ParaPlayView *view, const ParaGame *game, const ParaKeys *keys, float share,
                         float seconds);
