// SPDX-License-Identifier: MIT
// A player for each world, frozen once it has learned it. The next world begins with the one of them that
// does best in it as it is, or with a fresh one where none solves anything; a world that comes again keeps
// the better of its two players. Nothing is forgotten, and memory grows with the number of worlds. `alone` is
// the same without memory: a fresh player for every world, what forward transfer is measured by.
#include "agents/lifelong/keep_method.h"
#include "agents/policy/inside.h"

#include <string.h>

typedef struct Players {
    ParaKeepRoom *room;
    size_t floats;  ///< [1] >= 1 of a player: learned, and its observation statistics
    float *blocks;  ///< [worlds, floats] by the first world of the same families; NULL: none are kept
    uint8_t *known; ///< [1] 0 or 1; 1: there is one  [worlds]
    int from;       ///< [1] -1..worlds - 1 whose player the next world begins with; -1: a fresh one
    bool stands;    ///< the one that a world had before is better than the new one
} Players;

static size_t floats_of(const ParaPolicy *policy)
{
    const ParaTensor *last = &policy->tensors[policy->tensor_count - 1];
    return (size_t)(last->data - policy->block) + (size_t)last->rows * (size_t)last->columns;
}

static void *create(ParaKeepRoom *room)
{
    Players *p = PARA_NEW(room->arena, Players, 1);
    p->room = room;
    p->floats = floats_of(room->policy);
    p->from = -1;
    p->known = PARA_NEW(room->arena, uint8_t, room->def.worlds);
    if (room->def.kind == PARA_KEEP_skills)
        p->blocks = PARA_NEW(room->arena, float, p->floats *(size_t)room->def.worlds);
    return p;
}

static float *block_of(const Players *p, int world)
{
    return p->blocks + p->floats * (size_t)p->room->def.same[world];
}

static const ParaPolicy *guest(Players *p, int world)
{
    memcpy(p->room->guest->block, block_of(p, world), sizeof(float) * p->floats);
    return p->room->guest;
}

static const ParaPolicy *player(void *state, int world, int at)
{
    Players *p = state;
    const int *same = p->room->def.same;
    if (same[world] == same[at] && !p->stands)
        return p->room->policy;
    return p->known[same[world]] ? guest(p, world) : NULL;
}

/// Takes a player as the one to begin with if it does better than the best so far. @return false: told to
/// stop
static bool consider(Players *p, const ParaPolicy *policy, int from, int next, float *best,
                     ParaKeepScore *score, void *context)
{
    float own = score(context, policy, next);
    if (own > *best)
        *best = own, p->from = from;
    return own >= 0.0f;
}

/// Which of the kept players, and of the one at hand, does best in the world that follows.
static bool choose(Players *p, int world, int next, ParaKeepScore *score, void *context)
{
    int own = p->room->def.same[world];
    float best = 0.0f;
    bool going = p->stands || consider(p, p->room->policy, own, next, &best, score, context);
    for (int w = 0; w < p->room->def.worlds && going; w++)
        if (p->known[w] && (w != own || p->stands))
            going = consider(p, guest(p, w), w, next, &best, score, context);
    return going;
}

static bool prepare(void *state, int world, int next, ParaKeepScore *score, void *context)
{
    Players *p = state;
    p->stands = false;
    p->from = -1;
    if (!p->blocks)
        return true;
    if (p->known[p->room->def.same[world]]) {
        float old = score(context, guest(p, world), world), now = score(context, p->room->policy, world);
        if (old < 0.0f || now < 0.0f)
            return false;
        p->stands = old > now;
    }
    return next >= p->room->def.worlds || choose(p, world, next, score, context);
}

static void end(void *state, int world, int rows)
{
    Players *p = state;
    (void)rows;
    if (!p->blocks)
        return;
    if (!p->stands)
        memcpy(block_of(p, world), p->room->policy->block, sizeof(float) * p->floats);
    p->known[p->room->def.same[world]] = 1;
    p->stands = false;
}

static void begin(void *state, int next)
{
    Players *p = state;
    if (p->from >= 0) {
        memcpy(p->room->policy->block, block_of(p, p->from), sizeof(float) * p->floats);
        return;
    }
    ParaArena *scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const ParaPolicy *fresh =
        para_policy_create(&p->room->policy->def, para_seed_mix(p->room->def.seed, (uint64_t)next), scratch);
    memcpy(p->room->policy->block, fresh->block, sizeof(float) * p->floats);
    para_arena_destroy(scratch);
}

static size_t size(const void *state)
{
    const Players *p = state;
    size_t count = 0;
    for (int w = 0; w < p->room->def.worlds; w++)
        count += p->known[w];
    return sizeof(float) * p->floats * count;
}

static void save(const void *state, ParaBytes *out)
{
    const Players *p = state;
    for (int w = 0; w < p->room->def.worlds; w++) {
        para_bytes_put_whole(out, p->known[w], 1);
        if (p->known[w])
            para_bytes_put_f32s(out, p->blocks + p->floats * (size_t)w, p->floats);
    }
}

static bool load(void *state, ParaBytesReader *in)
{
    Players *p = state;
    for (int w = 0; w < p->room->def.worlds; w++) {
        p->known[w] = (uint8_t)para_bytes_take_range(in, 1, 0, p->blocks ? 1 : 0);
        if (p->known[w])
            para_bytes_take_f32s(in, p->blocks + p->floats * (size_t)w, p->floats);
    }
    return !in->bad;
}

const ParaKeepMethod para_keep_skills = {.apart = true,
                                         .create = create,
                                         .prepare = prepare,
                                         .end = end,
                                         .begin = begin,
                                         .player = player,
                                         .size = size,
                                         .save = save,
                                         .load = load};

const ParaKeepMethod para_keep_alone = {.apart = true,
                                        .create = create,
                                        .prepare = prepare,
                                        .end = end,
                                        .begin = begin,
                                        .player = player,
                                        .save = save,
                                        .load = load};
