// SPDX-License-Identifier: MIT
#pragma once
// Keys, mouse and typed text by the clock, for tests and pictures: "0.2 down right; 1.5 up right; 2 tap tab;
// 2.2 move 640 300; 2.3 press left; 2.5 release left; 3 type drop crate; 3.1 tap return; 4 state; 5 quit".
// Times are seconds of shown time. They go through SDL's event queue like a person's.
//
//   SECONDS down|up|tap KEY            SDL's names; "tap Ctrl+Z" holds Ctrl, Shift, Alt for the press
//   SECONDS move X Y                   [px] of the window, from its top left: 0..16383
//   SECONDS press|release BUTTON       left, right or middle, where the mouse is
//   SECONDS wheel N                    notches, away from the person above 0: -100..100
//   SECONDS type TEXT                  up to the next ";"
//   SECONDS screenshot FILE            a PNG of what is shown then
//   SECONDS state                      one line about what is shown, on stdout
//   SECONDS wait FILE                  time stands until that file is there, a minute at most: somebody else
//                                      does something meanwhile
//   SECONDS close                      the cross of the window: who would lose work may be asked
//   SECONDS quit                       at once, whatever is open
#include "engine/base/arena.h"

#include <stdbool.h>

typedef struct ParaPlayScript ParaPlayScript;

/// What of a script its caller has to do.
typedef enum {
    PARA_SCRIPT_NOTHING,   ///< all that is due has been pushed
    PARA_SCRIPT_STATE,     ///< print a line of state
    PARA_SCRIPT_SCREENSHOT ///< write a picture of the next frame, see para_play_script_picture
} ParaScriptDue;

/// @return NULL with what is wrong
ParaPlayScript *para_play_script_read(const char *text, ParaArena *arena, const char **out_error);
/// Pushes the events that are due by `seconds`. A line that is for the caller ends the turn, so that what was
/// pushed before it has been taken in; the rest comes with the next call.
ParaScriptDue para_play_script_run(ParaPlayScript *script, double seconds);
/// The file that the last PARA_SCRIPT_SCREENSHOT names; "" before the first.
const char *para_play_script_picture(const ParaPlayScript *script);
