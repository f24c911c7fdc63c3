// SPDX-License-Identifier: MIT
#pragma once
// What a model of pixels dreams under the keys of a game that has a twin. It is shown the first pictures of
// the engine's world, then goes on alone, and is shown some again wherever the twin's two worlds are made
// equal. One thread.
#include "agents/pixels/clips.h"
#include "apps/game/twin.h"

typedef struct ParaPixelTwin {
    const ParaPixels *pixels; ///< outlives it
    ParaPixelDream *dream;
    ParaPicture picture;            ///< how it sees
    bool seen;                      ///< this level was
    uint64_t level;                 ///< [hash] that one
    int64_t decisions;              ///< [1] >= 0 of both worlds of the twin; fewer: somebody went back
    int32_t sets, set;              ///< [1] >= 0 of the twin: how often it was set, and [decision] when last
    int32_t steps;                  ///< [1] >= 0 physics steps since the last picture
    int32_t to_see;                 ///< [1] 0..PARA_PIXELS_SEES pictures of the truth still to be seen
    bool drawn;                     ///< `rgb` is what it sees now
    uint8_t rgb[PARA_PIXELS_FRAME]; ///< [1] 0..255
} ParaPixelTwin;

/// @param arena [byte] 3 MB of it
void para_pixel_twin_open(ParaPixelTwin *own, const ParaPixels *pixels, ParaArena *arena);
/// After each physics step of the game (para_game_step). Of no use to games without a twin.
/// Cost: 0.5 ms where a picture is due, 1.3 ms where it is one of the truth; else nothing. No heap.
void para_pixel_twin_step(ParaPixelTwin *own, const ParaGame *game);
/// What it sees now. @param rgb out, [64, 64, 3] rows from the top   Cost: 0.4 ms once for each picture
void para_pixel_twin_read(ParaPixelTwin *own, const ParaGame *game, uint8_t *rgb);
