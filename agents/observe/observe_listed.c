// SPDX-License-Identifier: MIT
// The observation `listed`: what a level's author lists. Its floats are told apart by their place alone,
// since names are the level's.
#include "agents/observe/observe_parts.h"

ParaObsSpec para_obs_spec_listed(int count)
{
    PARA_ASSERT(count >= 1 && count <= PARA_OBSERVES_MAX);
    return (ParaObsSpec){.kind = PARA_OBS_LISTED, .global_size = count, .size = count};
}

void para_observe_listed(const ParaObsSpec *spec, const ParaLevel *level, const ParaPlay *play,
                         ParaWorld world, float *out)
{
    float all[PARA_OBSERVES_MAX];
    ParaObsPen pen = {.at = out};
    para_play_observes(play, level, world, all);
    for (int k = 0; k < spec->size; k++)
        para_obs_put(&pen, k < level->observe_count ? all[k] : 0);
}
