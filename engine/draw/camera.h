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

#define PARA_CAMERA_HEIGHT_MAX 20.0f ///< [m] a followed view never shows more height than this

/// The identity: world units are pixels, y down.
ParaCamera para_camera_pixels(void);
/// Shows the whole area (0,0)..size [m] inside `area`, centred. A size that is not finite and positive counts
/// as 1 m.
ParaCamera para_camera_fit(ParaVec2 size, ParaRect area);
/// Shows the whole level if it fits at a useful scale, else moves with `target` [m] inside the level.
/// @param seconds [s] since the last call; eases toward the target, 0 jumps there at once
void para_camera_follow(ParaCamera *camera, ParaVec2 target, ParaVec2 size, ParaRect area, float seconds);

ParaVec2 para_camera_to_screen(const ParaCamera *camera, ParaVec2 world); ///< [m] to [px]
ParaVec2 para_camera_to_world(const ParaCamera *camera, ParaVec2 screen); ///< [px] to [m]
