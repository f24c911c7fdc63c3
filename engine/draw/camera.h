// SPDX-License-Identifier: MIT
#pragma once
// Where we look: a point of the world, the point of the picture it appears at, and a scale.
// Worlds have y up; pictures have y down.
#include "engine/world/world.h"

typedef struct ParaCamera {
    ParaVec2 centre; ///< [m] any finite; world point shown at `screen`
    ParaVec2 screen; ///< [px] any finite; picture point it appears at
    float scale;     ///< [px/m] > 0
    bool y_down;     ///< world y grows downward too: a camera for window furniture
} ParaCamera;

typedef struct ParaRect {
    float x, y;          ///< [px] any finite; corner, from the top left
    float width, height; ///< [px] >= 0
} ParaRect;

#define PARA_CAMERA_HEIGHT_MAX 20.0f ///< [m] a followed view of a window never shows more height than this

#define PARA_CAMERA_CLOSER 4.0f ///< [1] times, at most, for the sake of a small target

/// Whom a camera follows, and how.
typedef struct ParaFollow {
    ParaVec2 target;  ///< [m] any finite; its middle
    float extent;     ///< [m] >= 0 its size across
    float extent_px;  ///< [px] >= 0 so large it should be in the picture; 0: any
    ParaVec2 size;    ///< [m] > 0 of the level, from (0, 0)
    ParaRect area;    ///< of the picture
    float height_max; ///< [m] > 0 most height that is shown
    ParaVec2 lead;    ///< [m] any finite; the view looks so far beside the target; it stays in the picture
} ParaFollow;

/// The identity: world units are pixels, y down.
ParaCamera para_camera_pixels(void);
/// Shows the whole area (0,0)..size [m] inside `area`, centred. A size that is not finite and positive counts
/// as 1 m.
ParaCamera para_camera_fit(ParaVec2 size, ParaRect area);
/// Shows the whole level if it fits at a useful scale, else moves with the target inside the level. The
/// target is always in the picture, beyond the level too; for one that would be too small the view comes up
/// to PARA_CAMERA_CLOSER times closer.
/// @param seconds [s] since the last call; eases toward the target, 0 jumps there at once
void para_camera_follow(ParaCamera *camera, const ParaFollow *follow, float seconds);

ParaVec2 para_camera_to_screen(const ParaCamera *camera, ParaVec2 world); ///< [m] to [px]
ParaVec2 para_camera_to_world(const ParaCamera *camera, ParaVec2 screen); ///< [px] to [m]
