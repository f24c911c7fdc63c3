// SPDX-License-Identifier: MIT
// When something happens, and what.
#include "agents/batch/surprise.h"

#include "engine/base/assert.h"

#define DRAWS 4 // until one has something to do: all crates may be in the level already

ParaRng para_surprise_stream(uint64_t seed) { return para_rng_make(seed, "surprise"); }

bool para_surprise_meet(ParaEnv *env, double rate, ParaRng *rng)
{
    PARA_ASSERT(rate >= 0 && rate <= PARA_SURPRISES_MOST);
    const ParaLevel *level = env->level;
    double seconds = (double)level->frame_skip / (double)level->world.rate;
    if (para_rng_f64(rng) >= rate * seconds / PARA_SURPRISES_SPAN)
        return false;
    for (int i = 0; i < DRAWS; i++) {
        ParaMeddle meddle = para_meddle_draw(level, env->world, rng);
        if (para_env_meddle(env, &meddle, NULL, 0))
            return true;
    }
    return false;
}
