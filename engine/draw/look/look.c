// SPDX-License-Identifier: MIT
// Defaults of a look, and the mood a level's seed has.
#include "engine/draw/look/look.h"

#include "engine/base/rng.h"

ParaLook para_look_default(void)
{
    return (ParaLook){.mood = PARA_MOOD_AUTO, .quality = PARA_QUALITY_MEDIUM, .gravity = {0.0f, -9.81f}};
}

ParaMood para_look_mood(const ParaLook *look)
{
    // More days than nights: most levels are bright.
    static const uint8_t moods[8] = {PARA_MOOD_DAY,  PARA_MOOD_DAY,  PARA_MOOD_DAY,   PARA_MOOD_DUSK,
                                     PARA_MOOD_DUSK, PARA_MOOD_DUSK, PARA_MOOD_NIGHT, PARA_MOOD_NIGHT};
    return look->mood < PARA_MOOD_AUTO ? look->mood
                                       : (ParaMood)moods[para_seed_mix(look->seed, 0x6d6f6f64) & 7];
}
