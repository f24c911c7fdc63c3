// SPDX-License-Identifier: MIT
#pragma once
// A film of what a person plays, while it is played. A GIF shows the world alone, by the software raster; an
// MP4 what the window shows.
#include "apps/game/game.h"
#include "apps/record/record.h"
#include "engine/draw/gl/window.h"

typedef struct ParaPlayFilm {
    ParaRecord *record;          ///< NULL: none is made
    ParaArena *arena;            ///< of the film; NULL likewise
    uint8_t *rgb;                ///< [height, width, 3] of its frames
    struct ParaPicture *picture; ///< of a GIF's frames
} ParaPlayFilm;

/// Begins one. @param path .gif or .mp4   @param out_note out, NULL or what to tell, for as long as the film
/// @param error [error_size] out, the reason   @return false: none is made
bool para_play_film_begin(ParaPlayFilm *film, const char *path, const ParaWindow *window,
                          const char **out_note, char *error, size_t error_size);
/// After each frame was drawn, before it is shown. @param seconds [s] >= 0 of the film since the last call
/// @return false: the film is full, or cannot go on: end it
/// Cost: a GIF's frame about 4 ms, 25 times a second; an MP4's a copy of the window, 30 times
bool para_play_film_frame(ParaPlayFilm *film, const ParaGame *game, ParaWindow *window, float seconds);
/// Ends it, if there is one. @param told [size] out, what to tell: where it is, or why it is not
/// @return false: it could not be written
bool para_play_film_end(ParaPlayFilm *film, char *told, size_t size);
