// SPDX-License-Identifier: MIT
#pragma once
// How a dream plays, measured in a window by keys that are pressed by chance. Private to apps/dream.
#include "agents/model/model.h"
#include "apps/game/game.h"
#include "engine/draw/gl/window.h"

typedef struct ParaDreamBench {
    ParaWindow *window;
    const ParaGameDef *game;
    const ParaModel *model;
    uint64_t seed;  ///< [seed] of the first level, and of the keys
    double seconds; ///< [s] 1..3600 of play
    float horizon;  ///< [s] 0..60 as of a ParaTwin
    bool json;
} ParaDreamBench;

/// Plays, and prints what it measured. @return an exit code
int para_dream_bench(const ParaDreamBench *def, ParaArena *arena);
