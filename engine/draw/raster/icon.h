// SPDX-License-Identifier: MIT
#pragma once
// The project's icon, drawn by the raster: a round player on a hill, looking at its goal. assets/icon.png is
// this at 256 px; windows draw it themselves. Any thread.
#include "engine/draw/raster/raster.h"

#define PARA_ICON_SIDE 256 ///< [px] of assets/icon.png

/// @param side [px] 16..1024   @param rgb out, [side, side, 3]   @param alpha out, [side, side] 0..255: its
/// corners are round; NULL: nobody asks   Cost: draws 16 times the pixels
void para_icon_draw(int side, uint8_t *rgb, uint8_t *alpha, ParaArena *arena);
