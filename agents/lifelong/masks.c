// SPDX-License-Identifier: MIT
// A part of one network for each world: a world learns with the weights that no world has yet, beside those
// of all worlds before it, which stay as they are and may be read. Then the largest of its weights become its
// own, the others are given back as zeros, and it learns on with what it has. Of the weights that are free,
// each world that is still to come and this one get an even share. Biases, the value's head and the
// observation statistics are few: each world has its own copy. <Mallya and Lazebnik 2018, PackNet, arXiv
// 1711.05769; with copies of the small tensors, as Wolczyk 2021, Continual World, arXiv 2105.10919, appendix,
// keeps its heads>
#include "agents/lifelong/keep_method.h"
#include "agents/policy/inside.h"
#include "engine/base/assert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Masks {
    ParaKeepRoom *room;
    size_t floats;     ///< [1] >= 1 learned
    size_t own_floats; ///< [1] >= 1 of the tensors that each world has a copy of
    uint8_t *owner;    ///< [1] 0: free; w + 1: of world w  [floats]
    uint8_t *frozen;   ///< [1] 0 or 1  [floats]
    float *own;        ///< [worlds, own_floats]
    float *sizes;      ///< [floats] scratch
    uint8_t cut;       ///< [1] 0 or 1; 1: the part of the world at hand was cut out
    int learned;       ///< [1] >= 0 worlds
} Masks;

/// Whether the worlds share a tensor: a matrix, and not the value's last.
static bool is_shared(const ParaTensor *tensor)
{
    return tensor->rows > 1 && tensor->columns > 1 && strncmp(tensor->name, "value", 5) != 0;
}

static size_t floats_of(const ParaTensor *tensor) { return (size_t)tensor->rows * (size_t)tensor->columns; }

/// Calls `each` for every tensor of the network that the worlds share.
static void for_shared(Masks *m, void (*each)(Masks *m, int world, size_t first, size_t count), int world)
{
    const ParaPolicy *policy = m->room->policy;
    for (int i = 0; i < policy->tensor_count; i++)
        if (is_shared(&policy->tensors[i]))
            each(m, world, (size_t)(policy->tensors[i].data - policy->block), floats_of(&policy->tensors[i]));
}

/// Copies what each world has of its own, between a policy and a place.
static void copy_own(const ParaPolicy *policy, float *place, bool out)
{
    for (int i = 0; i < policy->tensor_count; i++) {
        const ParaTensor *tensor = &policy->tensors[i];
        size_t count = floats_of(tensor);
        if (is_shared(tensor))
            continue;
        memcpy(out ? place : tensor->data, out ? tensor->data : place, sizeof *place * count);
        place += count;
    }
}

static void *create(ParaKeepRoom *room)
{
    Masks *m = PARA_NEW(room->arena, Masks, 1);
    m->room = room;
    m->floats = room->policy->learned_floats;
    for (int i = 0; i < room->policy->tensor_count; i++)
        if (!is_shared(&room->policy->tensors[i]))
            m->own_floats += floats_of(&room->policy->tensors[i]);
    m->owner = PARA_NEW(room->arena, uint8_t, m->floats);
    m->frozen = PARA_NEW(room->arena, uint8_t, m->floats);
    m->own = PARA_NEW(room->arena, float, m->own_floats *(size_t)room->def.worlds);
    m->sizes = PARA_NEW(room->arena, float, m->floats);
    return m;
}

static int falling(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

/// The largest free weights of a tensor become the world's, as many as its share has room for; the others are
/// 0 from here on.
static void cut_tensor(Masks *m, int world, size_t first, size_t count)
{
    float *w = m->room->policy->block + first;
    uint8_t *owner = m->owner + first;
    size_t free = 0;
    for (size_t i = 0; i < count; i++)
        if (owner[i] == 0)
            m->sizes[free++] = fabsf(w[i]);
    size_t heirs = (size_t)(m->room->def.worlds - world), keep = (free + heirs - 1) / heirs;
    if (free == 0)
        return;
    qsort(m->sizes, free, sizeof *m->sizes, falling);
    float least = m->sizes[keep - 1];
    size_t above = 0;
    for (size_t i = 0; i < count; i++)
        above += owner[i] == 0 && fabsf(w[i]) > least;
    for (size_t i = 0; i < count; i++) {
        if (owner[i] != 0)
            continue;
        bool large = fabsf(w[i]) > least, tied = fabsf(w[i]) == least && above < keep;
        above += !large && tied;
        owner[i] = large || tied ? (uint8_t)(world + 1) : 0;
        w[i] = owner[i] ? w[i] : 0.0f;
    }
}

/// What learning may not touch: weights of worlds before, and once its own part is cut out, all others.
static void freeze_tensor(Masks *m, int world, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        m->frozen[i] = m->owner[i] != world + 1 && (m->cut || m->owner[i] != 0);
}

static void hold(void *state, int world)
{
    Masks *m = state;
    memset(m->frozen, 0, m->floats);
    for_shared(m, freeze_tensor, world);
    para_ppo_set_hold(m->room->ppo, &(ParaPpoHold){.frozen = m->frozen});
}

static void cut(Masks *m, int world)
{
    if (m->cut)
        return;
    for_shared(m, cut_tensor, world);
    m->cut = 1;
    hold(m, world);
}

static void before_update(void *state, int world, double progress)
{
    Masks *m = state;
    if (progress > (double)m->room->def.own_share)
        cut(m, world);
}

static void end(void *state, int world, int rows)
{
    Masks *m = state;
    (void)rows;
    cut(m, world); // of a world too short to have been cut on the way
    copy_own(m->room->policy, m->own + m->own_floats * (size_t)world, true);
    m->learned = world + 1;
}

static void begin(void *state, int next)
{
    Masks *m = state;
    ParaArena *scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const ParaPolicy *fresh =
        para_policy_create(&m->room->policy->def, para_seed_mix(m->room->def.seed, (uint64_t)next), scratch);
    float *w = m->room->policy->block;
    for (int i = 0; i < fresh->tensor_count; i++) { // what is free begins as it does in a new player
        size_t first = (size_t)(fresh->tensors[i].data - fresh->block);
        for (size_t k = first; is_shared(&fresh->tensors[i]) && k < first + floats_of(&fresh->tensors[i]);
             k++)
            w[k] = m->owner[k] ? w[k] : fresh->block[k];
    }
    para_arena_destroy(scratch);
    m->cut = 0;
}

/// The player of a world: weights that came later are not there.
static const ParaPolicy *player(void *state, int world, int at)
{
    Masks *m = state;
    const ParaPolicy *policy = m->room->policy;
    if (m->room->def.same[world] == m->room->def.same[at])
        return policy;
    ParaPolicy *guest = m->room->guest;
    PARA_ASSERT(world < m->learned);
    for (size_t i = 0; i < m->floats; i++)
        guest->block[i] = m->owner[i] != 0 && m->owner[i] <= world + 1 ? policy->block[i] : 0.0f;
    copy_own(guest, m->own + m->own_floats * (size_t)world, false);
    return guest;
}

static size_t size(const void *state)
{
    const Masks *m = state;
    return m->floats + sizeof(float) * m->own_floats * (size_t)m->learned;
}

static void save(const void *state, ParaBytes *out)
{
    const Masks *m = state;
    para_bytes_put_whole(out, (uint64_t)m->learned, 2);
    para_bytes_put_whole(out, m->cut, 1);
    para_bytes_put(out, m->owner, m->floats);
    para_bytes_put_f32s(out, m->own, m->own_floats * (size_t)m->learned);
}

static bool load(void *state, ParaBytesReader *in)
{
    Masks *m = state;
    m->learned = (int)para_bytes_take_range(in, 2, 0, m->room->def.worlds);
    m->cut = (uint8_t)para_bytes_take_range(in, 1, 0, 1);
    const uint8_t *owner = para_bytes_take(in, m->floats);
    for (size_t i = 0; owner && i < m->floats; i++) {
        in->bad = in->bad || owner[i] > m->room->def.worlds;
        m->owner[i] = owner[i];
    }
    para_bytes_take_f32s(in, m->own, m->own_floats * (size_t)m->learned);
    return !in->bad;
}

const ParaKeepMethod para_keep_own = {.apart = true,
                                      .create = create,
                                      .before_update = before_update,
                                      .end = end,
                                      .begin = begin,
                                      .hold = hold,
                                      .player = player,
                                      .size = size,
                                      .save = save,
                                      .load = load};
