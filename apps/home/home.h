// SPDX-License-Identifier: MIT
#pragma once
// The home screen: the library as a wall of levels that run, what was played lately, best times and medals;
// settings and keys. From it a person goes into play and comes back.
#include "apps/script/script.h"

typedef struct ParaHomeWish {
    int width, height;      ///< [screen units] > 0 of the window
    const char *run_folder; ///< whose trained player plays in the wall, where it can; NULL: none
    const char *screenshot; ///< a PNG of the wall, then it ends; NULL: a person is there
    double after;           ///< [s] >= 0 of shown time when the picture is taken
    ParaPlayScript *script; ///< NULL: none
} ParaHomeWish;

/// Runs until the person leaves. @return an exit code; what is wrong is printed
int para_home_run(const ParaHomeWish *wish);
