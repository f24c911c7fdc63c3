// SPDX-License-Identifier: MIT
// Elastic weights: at the end of each world it is measured how much every parameter mattered to what the
// player does there, and from then on it is pulled back to where it stood, the harder the more it mattered.
// Importance of all worlds adds up in one array and the place it is pulled to is that of the last world, so
// that what is kept does not grow with the stream.
// <Kirkpatrick 2017, arXiv 1612.00796; the online form Schwarz 2018, arXiv 1805.06370, section 3>
#include "agents/learn/moments.h"
#include "agents/lifelong/keep_method.h"
#include "agents/lifelong/moments_kept.h"
#include "agents/policy/inside.h"

#include <string.h>

typedef struct Elastic {
    ParaKeepRoom *room;
    size_t floats;              ///< [1] >= 1 learned
    float *anchor, *importance; ///< [floats]
    float *fisher, *gradient;   ///< [floats] scratch
    int *index;                 ///< [ewc_moments] scratch
    ParaForward *forward;
    uint8_t known; ///< [1] 0 or 1; 1: a world was learned
} Elastic;

static void *create(ParaKeepRoom *room)
{
    Elastic *e = PARA_NEW(room->arena, Elastic, 1);
    e->room = room;
    e->floats = room->policy->learned_floats;
    e->anchor = PARA_NEW(room->arena, float, e->floats);
    e->importance = PARA_NEW(room->arena, float, e->floats);
    e->fisher = PARA_NEW(room->arena, float, e->floats);
    e->gradient = PARA_NEW(room->arena, float, e->floats);
    e->index = PARA_NEW(room->arena, int, room->def.ewc_moments);
    e->forward = para_forward_create_training(&room->policy->def, room->arena);
    return e;
}

static void end(void *state, int world, int rows)
{
    Elastic *e = state;
    const ParaRollout *rollout = para_ppo_rollout(e->room->ppo);
    const ParaMoments moments = {rollout->obs, rollout->channel_bits, rollout->negative_bits};
    uint64_t seed = para_seed_mix(e->room->def.seed, (uint64_t)world);
    ParaRng rng = para_rng_make(seed, "moments");
    int n = para_moments_draw(&rng, rows, e->room->def.ewc_moments, e->index);
    if (n == 0)
        return;
    para_moments_fisher(e->room->policy, e->forward, &moments, e->index, n, seed, e->gradient, e->fisher);
    for (size_t i = 0; i < e->floats; i++)
        e->importance[i] = e->room->def.ewc_decay * e->importance[i] + e->fisher[i];
    memcpy(e->anchor, e->room->policy->block, sizeof *e->anchor * e->floats);
    e->known = 1;
}

static void hold(void *state, int world)
{
    Elastic *e = state;
    const ParaPpoHold held = {
        .anchor = e->anchor, .importance = e->importance, .weight = e->room->def.ewc_weight};
    (void)world;
    para_ppo_set_hold(e->room->ppo, e->known ? &held : NULL);
}

static size_t size(const void *state) { return 2 * sizeof(float) * ((const Elastic *)state)->floats; }

static void save(const void *state, ParaBytes *out)
{
    const Elastic *e = state;
    para_bytes_put_whole(out, e->known, 1);
    if (!e->known)
        return;
    para_bytes_put_f32s(out, e->anchor, e->floats);
    para_bytes_put_f32s(out, e->importance, e->floats);
}

static bool load(void *state, ParaBytesReader *in)
{
    Elastic *e = state;
    e->known = (uint8_t)para_bytes_take_range(in, 1, 0, 1);
    if (e->known) {
        para_bytes_take_f32s(in, e->anchor, e->floats);
        para_bytes_take_f32s(in, e->importance, e->floats);
    }
    for (size_t i = 0; i < e->floats; i++)
        in->bad = in->bad || e->importance[i] < 0.0f;
    return !in->bad;
}

const ParaKeepMethod para_keep_ewc = {
    .rollout = true, .create = create, .end = end, .hold = hold, .size = size, .save = save, .load = load};
