// SPDX-License-Identifier: MIT
// A step of one's own, and what is told after it.
#include "agents/model/stray.h"

#include <math.h>

void para_stray_begin(ParaStray *s, const ParaLived *lived, const ParaEpisodeLived *episode)
{
    para_arena_clear(s->arena);
    s->moment = para_moment_create(&episode->level->world, s->arena);
    para_moment_take(&s->moment, &lived->moment.view);
    para_moment_take_inputs(&s->moment, &lived->moment.inputs);
    s->episode = episode;
    s->lived = lived;
    s->steps = 0;
    s->off = 0.0f;
}

/// What acted on the engine's bodies between two lived steps, at once: the difference of their motions.
static void tell(ParaStray *s, const ParaLived *was, const ParaLived *next)
{
    const ParaView *then = &next->moment.view;
    float motion[3 * PARA_BODIES_MAX];
    para_moment_read(then, NULL, motion);
    for (int b = 0; b < then->def->body_count; b++) {
        const float *now = motion + 3 * b, *before = was->motion + 3 * b;
        float by[3] = {now[0] - before[0], now[1] - before[1], now[2] - before[2]};
        if (then->def->bodies[b].kind == PARA_BODY_KINEMATIC || then->enabled[b] != s->moment.view.enabled[b])
            para_moment_take_body(&s->moment, then, b);
        else if (s->episode->facts.bodies[b].inverse_mass > 0.0f &&
                 (by[0] != 0.0f || by[1] != 0.0f || by[2] != 0.0f))
            para_moment_push(&s->moment, b, by);
    }
    para_moment_take_rules(&s->moment, then);
    para_moment_take_inputs(&s->moment, &next->moment.inputs);
}

static float furthest(const ParaStray *s)
{
    const ParaView *own = &s->moment.view, *true_one = &s->lived->moment.view;
    float most = 0.0f;
    for (int b = 0; b < own->def->body_count; b++) {
        const ParaModelBody *body = &s->episode->facts.bodies[b];
        if (!(body->inverse_mass > 0.0f) || !own->enabled[b])
            continue;
        float way =
            hypotf(own->centre_x[b] - true_one->centre_x[b], own->centre_y[b] - true_one->centre_y[b]);
        float turn =
            body->inverse_inertia > 0.0f ? body->radius * fabsf(own->angle[b] - true_one->angle[b]) : 0;
        most = fmaxf(most, fmaxf(way, turn));
        float speed =
            hypotf(own->vx[b] - true_one->vx[b], own->vy[b] - true_one->vy[b]) +
            (body->inverse_inertia > 0.0f ? body->radius * fabsf(own->spin[b] - true_one->spin[b]) : 0);
        if (!(way < PARA_STRAY_FAR && speed < PARA_STRAY_FAST)) // no number, too
            return INFINITY;
    }
    return most;
}

void para_stray_go(ParaStray *s, const float *after, const float *mean, float seconds, int most)
{
    const ParaLived *was = s->lived;
    s->lived = NULL;
    if (!was->goes_on || ++s->steps > most)
        return;
    para_moment_move(&s->moment, &s->episode->facts, after, mean, seconds);
    s->lived = was + 1;
    tell(s, was, s->lived);
    s->off = furthest(s);
    if (!(s->off < PARA_STRAY_FAR))
        s->lived = NULL;
}
