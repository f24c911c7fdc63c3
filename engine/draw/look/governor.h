// SPDX-License-Identifier: MIT
#pragma once
// How much effort the next frame may cost, from how long the last ones took: down where frames come too late,
// up again where they come in time, more rarely each time that did not hold. Knows frame times only, so the
// same times give the same levels.
#include "engine/draw/look/look.h"

typedef struct ParaGovernor {
    ParaQuality quality; ///< of the next frame
    bool fixed;          ///< it stays
    float mean;          ///< [s] >= 0 frame time, the last half second's weighing most; 0: none yet
    float settled;       ///< [s] >= 0 since the quality changed
    float patience;      ///< [s] > 0 of frames in time before it tries the next level
} ParaGovernor;

ParaGovernor para_governor(ParaQuality quality, bool fixed);
/// Takes a frame's time. @param seconds [s] > 0 from the frame before to this one; longer than 0.5 counts as
/// a pause of the machine and is passed over
/// @return whether the quality changed
bool para_governor_frame(ParaGovernor *governor, float seconds);
