// SPDX-License-Identifier: MIT
// How far two worlds are apart, and whether a solver keeps every body.
#include "agents/dream/dream.h"
#include "agents/env/decision.h"
#include "apps/game/twin.h"

#include <math.h>
#include <string.h>

#define FAR 1e6f // [diameters] what is further, or no number

ParaTwinError para_twin_measure(const ParaGame *game)
{
    const ParaTwin *twin = game->twin;
    const ParaView *a = para_world_view(game->env.world), *b = para_world_view(twin->env.world);
    ParaTwinError error = {.body = -1};
    const float *doubt = para_dream_doubt(para_twin_env(game, PARA_TWIN_DREAM)->world);
    double sum = 0, doubts = 0;
    int count = 0;
    for (int i = 0; i < a->def->body_count; i++) {
        size_t at = (size_t)i * (size_t)a->stride, by = (size_t)i * (size_t)b->stride;
        error.apart += a->enabled[at] != b->enabled[by];
        if (a->def->bodies[i].kind != PARA_BODY_DYNAMIC || !a->enabled[at] || !b->enabled[by] ||
            !(twin->diameters[i] > 0.0f))
            continue;
        float way =
            hypotf(a->centre_x[at] - b->centre_x[by], a->centre_y[at] - b->centre_y[by]) / twin->diameters[i];
        way = way < FAR ? way : FAR;
        sum += (double)way;
        doubts += doubt ? (double)fminf(doubt[i] / twin->diameters[i], FAR) : 0.0;
        count++;
        if (way > error.worst || error.body < 0) {
            error.worst = way;
            error.body = i;
        }
    }
    error.mean = count > 0 ? (float)(sum / count) : 0.0f;
    error.doubt = count > 0 ? (float)(doubts / count) : 0.0f;
    return error;
}

// ---------------------------------------------------------------------------------------------
// Every body is counted.

void para_twin_count_before(void *context, const ParaEnv *env)
{
    ParaTwin *twin = context;
    const ParaView *view = para_world_view(env->world);
    for (int b = 0; b < view->def->body_count; b++)
        twin->before[b] = view->enabled[(size_t)b * (size_t)view->stride];
}

void para_twin_count_after(void *context, const ParaEnv *env)
{
    ParaTwin *twin = context;
    ParaTwinCount *count = &twin->counts[twin->stepping];
    const ParaView *view = para_world_view(env->world);
    int bodies = env->level->world.body_count;
    count->steps++;
    count->invented += view->def->body_count > bodies ? view->def->body_count - bodies : 0;
    count->lost += view->def->body_count < bodies ? bodies - view->def->body_count : 0;
    for (int b = 0; b < bodies && b < view->def->body_count; b++) {
        size_t at = (size_t)b * (size_t)view->stride;
        bool there = view->enabled[at] && isfinite(view->x[at]) && isfinite(view->y[at]);
        count->lost += twin->before[b] && !there;
        count->invented += !twin->before[b] && view->enabled[at];
    }
}

bool para_twin_watch(ParaTwin *twin, ParaEnv *env, ParaTwinWorld world)
{
    twin->stepping = world;
    return para_decision_step_watched(env, para_twin_count_before, para_twin_count_after, twin);
}
