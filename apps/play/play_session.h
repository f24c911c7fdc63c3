// SPDX-License-Identifier: MIT
#pragma once
// A person at the window: the game, the keys, what is shown, and the loop that keeps them together.
#include "apps/play/play_game.h"
#include "apps/play/play_keys.h"
#include "apps/play/play_script.h"
#include "apps/play/play_sound.h"
#include "apps/play/play_view.h"

typedef struct ParaPlaySession {
    ParaGame game;
    ParaKeys keys;
    ParaPlayView view;
    ParaPlaySound sound;
    ParaPlayScript *script;
    ParaArena *arena;
    const char *screenshot, *record;
    double after;    ///< [s] >= 0 of shown time when the screenshot is taken
    double shown;    ///< [s] >= 0 shown so far
    float pending;   ///< [s] >= 0 of physics owed
    bool unattended; ///< screenshot or script: fixed frames, no waiting for the clock
    bool at_once;    ///< a screenshot alone: nobody is there to press the first key
    bool quit, begun_over;
    int code; ///< [1] exit code
} ParaPlaySession;

/// What belongs to a level that has just begun (para_game_begin): its keys, the camera, and the wait for the
/// first key or, where the trained player or a replay acts, for a countdown.
void para_play_session_settle(ParaPlaySession *s);
/// Runs until the person quits, the script ends it or the picture is taken.
void para_play_session_run(ParaPlaySession *s);
