// SPDX-License-Identifier: MIT
#pragma once
// A level, a trained player or a replay in motion, as an animated GIF: `paracosm render --gif`.
#include "apps/game/game.h"

#define PARA_FILM_FRAMES_MAX 3000

typedef struct ParaFilm {
    const char *out;
    ParaGameDef game;  ///< what is played; with a run its trained player plays, else nobody acts
    uint64_t seed;     ///< [seed] not looked at of a replay
    int width, height; ///< [px] 16..1280
    float metres;      ///< [m] as ParaPicture has it
    double seconds;    ///< [s] > 0 of the level at most; it ends a moment after the episode
    double fps;        ///< [Hz] 1..50
    bool quiet;        ///< no progress
} ParaFilm;

/// Plays it twice, first for its colours, and writes the file. @return an exit code; what is wrong is printed
int para_film_make(const ParaFilm *film);
