// SPDX-License-Identifier: MIT
#pragma once
// What the eye cannot see of a world, as marks over it: forces of contacts, loads and turns of motors,
// velocities, joints, zones. One more list of primitives, for window and raster alike.
#include "engine/draw/scene.h"

typedef enum {
    PARA_OVERLAY_CONTACTS = 1 << 0,   ///< a bar along the normal, as long as the force; on both sides
    PARA_OVERLAY_MOTORS = 1 << 1,     ///< a disc as large as the load, a hand that shows the speed
    PARA_OVERLAY_VELOCITIES = 1 << 2, ///< an arrow from the centre of mass, as far as it gets in 0.25 s
    PARA_OVERLAY_JOINTS = 1 << 3,     ///< from body to body through the anchors, as thick as the load
    PARA_OVERLAY_ZONES = 1 << 4,      ///< borders of all zones, thick where a body is inside
    PARA_OVERLAY_ALL = (1 << 5) - 1
} ParaOverlay;

/// Appends the marks. @param marks [bits] ParaOverlay
/// @param pixel [m] > 0 size of a pixel: lines keep a width that is seen
/// @param inputs of the world, NULL: no motor is known to be driven
/// Cost: O(bodies + joints + contacts + zones); no heap.
void para_overlay_paint(ParaScene *scene, const ParaView *view, const ParaInputs *inputs, unsigned marks,
                        float pixel);
