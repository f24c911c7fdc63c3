// SPDX-License-Identifier: MIT
// Late means a mean below 55 frames a second; in time, at least 57. Between the two nothing changes.
#include "engine/draw/look/governor.h"

#define LATE          (1.0f / 55.0f) // [s]
#define IN_TIME       (1.0f / 57.0f) // [s]
#define PAUSE         0.5f           // [s] a frame that took longer says nothing
#define WEIGHED       0.4f           // [s] time constant of the mean
#define UNSTEADY      0.4f           // [s] after a change: programs are made, the frames before still count
#define SETTLES       1.0f           // [s] after a change nothing else changes so long
#define PATIENCE      6.0f           // [s] of the first try to go up
#define PATIENCE_MOST 240.0f         // [s]

ParaGovernor para_governor(ParaQuality quality, bool fixed)
{
    return (ParaGovernor){.quality = quality, .fixed = fixed, .patience = PATIENCE};
}

static bool change(ParaGovernor *g, int by)
{
    g->quality = (ParaQuality)((int)g->quality + by);
    g->mean = 0.0f;
    g->settled = 0.0f;
    return true;
}

bool para_governor_frame(ParaGovernor *g, float seconds)
{
    if (g->fixed || !(seconds > 0.0f) || seconds > PAUSE)
        return false;
    g->settled += seconds;
    if (g->settled < UNSTEADY)
        return false;
    g->mean = g->mean > 0.0f ? g->mean + (seconds - g->mean) * seconds / (WEIGHED + seconds) : seconds;
    if (g->settled < SETTLES)
        return false;
    if (g->mean > LATE && g->quality > PARA_QUALITY_LOW) {
        g->patience = 2.0f * g->patience < PATIENCE_MOST ? 2.0f * g->patience : PATIENCE_MOST;
        return change(g, -1);
    }
    if (g->mean > IN_TIME)
        g->settled = SETTLES; // only frames in time count towards the next try
    return g->settled > g->patience && g->quality < PARA_QUALITY_HIGH && change(g, 1);
}
