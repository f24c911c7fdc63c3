// SPDX-License-Identifier: MIT
// Few pictures while a training goes on, all of them while a person looks on.
#include "apps/watch/watch_pace.h"

#include <math.h>

void para_pace_count(ParaPace *pace, double seconds)
{
    pace->cost += (pace->cost > 0.0 ? 0.1 : 1.0) * (seconds - pace->cost);
}

bool para_pace_saves(const ParaPace *pace, double now)
{
    return !pace->smooth && now - pace->touched >= PARA_PACE_TOUCH && now - pace->news < PARA_PACE_LIVING;
}

double para_pace_between(const ParaPace *pace, int cores, double now)
{
    if (!para_pace_saves(pace, now))
        return PARA_PACE_FRAME;
    return fmin(fmax(pace->cost / (PARA_PACE_SHARE * (double)cores), PARA_PACE_FRAME), PARA_PACE_SLOW);
}
