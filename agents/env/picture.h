// SPDX-License-Identifier: MIT
#pragma once
// A level in play as colours in memory: what `rgb_array` shows, by the software raster, without a display.
#include "engine/draw/raster/raster.h"
#include "worlds/rules/play.h"

#define PARA_PICTURE_SIDE_MIN   16   ///< [px]
#define PARA_PICTURE_SIDE_MAX   4096 ///< [px]
#define PARA_PICTURE_SMOOTH_MAX 4    ///< pixels a side that make one of the picture

/// Memory for pictures of one size, used again for each.
typedef struct ParaPicture {
    int width, height; ///< [px] PARA_PICTURE_SIDE_MIN..PARA_PICTURE_SIDE_MAX
    int smooth;        ///< [1] 1..PARA_PICTURE_SMOOTH_MAX pixels a side that make one of the picture
    ParaScene scene;
    ParaRaster raster; ///< [height * smooth, width * smooth]
} ParaPicture;

/// Sides and smooth are clamped to their bounds. Takes about 1.4 MB + width * height * smooth^2 bytes.
ParaPicture para_picture_create(int width, int height, int smooth, ParaArena *arena);
/// Appends the world with roles, flames, eyes and grips: the one scene of a level that every picture and
/// window shows. Roles are those of player 0; the parts of all players are drawn as players.
/// @param play NULL: nothing is held   @param poses [body_count] drawn instead of the world's, NULL: the
/// world's
/// @param grid metre grid behind everything
void para_picture_scene(ParaScene *scene, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                        const ParaPose *poses, bool grid);
/// The camera on the body of player 0, at once where it belongs.
ParaCamera para_picture_camera(const ParaLevel *level, ParaWorld world, int width, int height);
/// @param rgb out, [height, width, 3]
/// Threads: different pictures at once.  Cost: O(shapes + pixels), 640 x 360 about 4 ms; no heap.
void para_picture_draw(ParaPicture *picture, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                       uint8_t *rgb);
