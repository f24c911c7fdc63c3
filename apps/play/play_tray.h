// SPDX-License-Identifier: MIT
#pragma once
// The tray of a play window: a line to type into and buttons, for what may happen to the level while it is
// played. It knows words; the game does them.
#include "apps/game/game.h"
#include "apps/play/play_paint.h"

#include <SDL.h>

#define PARA_TRAY_LINE 96 ///< [byte] with NUL, that may be typed

typedef struct ParaTray {
    bool open;                     ///< it is shown
    bool typing;                   ///< keys go into the line
    bool watching;                 ///< a line was taken and none is begun: time runs, to see what comes of it
    char line[PARA_TRAY_LINE];     ///< UTF-8
    char last[PARA_TRAY_LINE];     ///< what was typed before, for the arrow up
    char answer[PARA_MEDDLE_SAYS]; ///< why the line was not taken; "": it was
    int armed;                     ///< [ParaToy] that a click in the world drops
} ParaTray;

void para_tray_show(ParaTray *tray, bool open);
/// Whether time stands still while it is shown.
bool para_tray_is_still(const ParaTray *tray);
/// A key while it is shown. A line that is taken leaves the tray open for the next one, and time runs until
/// that is begun; Enter in an empty line, and Esc, end the typing.
/// @return whether it was one for the tray: while a line is typed, every one; while time runs, those that
/// write
bool para_tray_key(ParaTray *tray, ParaGame *game, SDL_Keycode code);
/// Text that somebody typed.
void para_tray_type(ParaTray *tray, const char *text);
/// A click at a place of the window. @return whether a button was there
bool para_tray_click(ParaTray *tray, ParaGame *game, const ParaPaint *paint, float x, float y);
/// A click into the world drops the toy that was chosen last. @param at [m]
void para_tray_drop(ParaTray *tray, ParaGame *game, ParaVec2 at);
void para_tray_draw(const ParaTray *tray, ParaPaint *paint);
/// [px] where it begins: what is above it is free. The height of the window while it is not shown.
float para_tray_top(const ParaTray *tray, const ParaPaint *paint);
