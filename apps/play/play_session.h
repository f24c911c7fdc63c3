// SPDX-License-Identifier: MIT
#pragma once
// A person at the window: the game, the keys, what is shown, and the loop that keeps them together.
#include "apps/play/play_game.h"
#include "apps/play/play_keys.h"
#include "apps/play/play_script.h"
#include "apps/play/play_view.h"

typedef struct ParaPlaySession {
    ParaGame game;
    ParaKeys keys;
    ParaPlayView view;
    ParaPlayScript *script;
    ParaArena *arena;
    const char *screenshot, *record;
    double after;    ///< [s] >= 0 of shown time when the screenshot is taken
    double shown;    ///< [s] >= 0 shown so far
    float pending;   ///< [s] >= 0 of physics owed
    bool unattended; ///< screenshot or script: fixed frames, no waiting
    bool quit, begun_over;
    int code; ///< [1] exit code
} ParaPlaySession;

/// Begins the level of a seed, or of the next one that has a level. @return false if there is none
bool para_play_session_begin(ParaPlaySession *s, uint64_t seed);
/// Runs until the person quits, the script ends it or the picture is taken.
void para_play_session_run(ParaPlaySession *s);
