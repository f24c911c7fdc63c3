// SPDX-License-Identifier: MIT
// Turns of stock Chipmunk for `paracosm bench step`: levels of the pool under random actions, each built anew
// at the end of its life, timed in CPU seconds.
#include "apps/bench/bench_bare.h"

#include "engine/base/clock.h"

/// Builds bare world i anew on a level of the pool.
static bool renew(ParaBenchBare *bare, int i)
{
    const ParaBenchItem *item = &bare->scene->pool[para_rng_int(&bare->rng, 0, bare->scene->pool_count - 1)];
    para_bare_destroy(bare->worlds[i]);
    bare->worlds[i] = para_bare_create(item->level);
    bare->ages[i] = 0;
    return bare->worlds[i] != NULL;
}

bool para_bench_bare_make(ParaBenchBare *bare, const ParaBenchScene *scene)
{
    *bare = (ParaBenchBare){.scene = scene, .rng = para_rng_make(scene->seed, "bare")};
    bare->actions = PARA_NEW(scene->arena, int8_t, PARA_CHANNELS);
    bare->worlds = PARA_NEW(scene->arena, ParaBareScene *, scene->worlds);
    bare->ages = PARA_NEW(scene->arena, int64_t, scene->worlds);
    for (int i = 0; i < scene->worlds; i++) {
        if (!renew(bare, i))
            return false;
        bare->ages[i] = para_rng_int(&bare->rng, 0, scene->life - 1);
    }
    return true;
}

void para_bench_bare_clear(ParaBenchBare *bare)
{
    for (int i = 0; bare->worlds && i < bare->scene->worlds; i++)
        para_bare_destroy(bare->worlds[i]);
    *bare = (ParaBenchBare){0};
}

double para_bench_bare_turn(ParaBenchBare *bare)
{
    int skip = bare->scene->pool[0].level->frame_skip, worlds = bare->scene->worlds;
    int64_t steps = 0;
    double used = 0.0;
    while (used < bare->scene->turn_seconds) {
        for (int i = 0; i < worlds; i++)
            if (bare->ages[i] >= bare->scene->life && !renew(bare, i))
                return 0.0;
        double begin = para_clock_cpu_seconds();
        for (int i = 0; i < worlds; i++) {
            for (int c = 0; c < PARA_CHANNELS; c++)
                bare->actions[c] = (int8_t)para_rng_int(&bare->rng, -1, 1);
            para_bare_act(bare->worlds[i], bare->actions);
            for (int step = 0; step < skip; step++)
                para_bare_step(bare->worlds[i]);
            bare->ages[i] += skip;
        }
        steps += (int64_t)skip * worlds;
        used += para_clock_cpu_seconds() - begin;
    }
    return (double)steps / used;
}
