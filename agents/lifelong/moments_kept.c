// SPDX-License-Identifier: MIT
// The store of moments: one row after the other, those of each world in an order by chance, so that the first
// of them are an even draw of all.
#include "agents/lifelong/moments_kept.h"

#include "agents/policy/inside.h"
#include "engine/base/assert.h"

#include <string.h>

struct ParaMomentsKept {
    int most, obs_size, groups; ///< [1] >= 1
    int count, added;           ///< [1] >= 0 moments held; calls of add
    uint64_t seed;
    float *obs;                             ///< [most, obs_size]
    float *wanted;                          ///< [most, 24]
    uint32_t *channel_bits, *negative_bits; ///< [most]
    int *group;                             ///< [most]
    int *index;                             ///< [most] scratch
};

int para_moments_draw(ParaRng *rng, int rows, int most, int *out)
{
    int count = 0;
    for (int row = 0; row < rows && count < most; row++) // Knuth 1997, algorithm S: rising, each as probable
        if (para_rng_int(rng, 0, rows - row - 1) < most - count)
            out[count++] = row;
    for (int i = count - 1; i > 0; i--) { // in any order: the first ones of them are an even draw, too
        int k = (int)para_rng_int(rng, 0, i), other = out[k];
        out[k] = out[i];
        out[i] = other;
    }
    return count;
}

ParaMomentsKept *para_moments_kept_create(int most, int obs_size, int groups, uint64_t seed, ParaArena *arena)
{
    PARA_ASSERT(most >= 1 && obs_size >= 1 && groups >= 1);
    ParaMomentsKept *kept = PARA_NEW(arena, ParaMomentsKept, 1);
    *kept = (ParaMomentsKept){.most = most, .obs_size = obs_size, .groups = groups, .seed = seed};
    kept->obs = PARA_NEW(arena, float, (size_t)most *(size_t)obs_size);
    kept->wanted = PARA_NEW(arena, float, (size_t)most *PARA_LOGITS);
    kept->channel_bits = PARA_NEW(arena, uint32_t, most);
    kept->negative_bits = PARA_NEW(arena, uint32_t, most);
    kept->group = PARA_NEW(arena, int, most);
    kept->index = PARA_NEW(arena, int, most);
    return kept;
}

int para_moments_kept_count(const ParaMomentsKept *kept, int group)
{
    int count = 0;
    for (int i = 0; i < kept->count; i++)
        count += kept->group[i] == group;
    return count;
}

static void move(ParaMomentsKept *kept, int from, int to)
{
    size_t size = (size_t)kept->obs_size;
    if (from == to)
        return;
    memcpy(kept->obs + (size_t)to * size, kept->obs + (size_t)from * size, sizeof *kept->obs * size);
    memcpy(kept->wanted + (size_t)to * PARA_LOGITS, kept->wanted + (size_t)from * PARA_LOGITS,
           sizeof *kept->wanted * PARA_LOGITS);
    kept->channel_bits[to] = kept->channel_bits[from];
    kept->negative_bits[to] = kept->negative_bits[from];
    kept->group[to] = kept->group[from];
}

/// Worlds that have moments in it when `group` has.
static int worlds_with(const ParaMomentsKept *kept, int group)
{
    int worlds = 1;
    for (int g = 0; g < kept->groups; g++)
        worlds += g != group && para_moments_kept_count(kept, g) > 0;
    return worlds;
}

/// Leaves of every other world its first `share` moments, and none of `group`.
static void thin(ParaMomentsKept *kept, int group, int share)
{
    int left = 0;
    for (int i = 0; i < kept->count; i++) {
        int before = 0;
        for (int k = 0; k < left; k++)
            before += kept->group[k] == kept->group[i];
        if (kept->group[i] != group && before < share)
            move(kept, i, left++);
    }
    kept->count = left;
}

void para_moments_kept_add(ParaMomentsKept *kept, int group, const ParaMoments *moments, int rows,
                           const ParaPolicy *policy, ParaForward *scratch)
{
    PARA_ASSERT(group >= 0 && group < kept->groups);
    ParaRng rng = para_rng_make(para_seed_mix(kept->seed, (uint64_t)kept->added++), "moments kept");
    int share = kept->most / worlds_with(kept, group);
    thin(kept, group, share);
    int room = kept->most - kept->count,
        n = para_moments_draw(&rng, rows, share < room ? share : room, kept->index);
    para_moments_choices(policy, scratch, moments, kept->index, n,
                         kept->wanted + (size_t)kept->count * PARA_LOGITS);
    for (int i = 0; i < n; i++) {
        int to = kept->count++, from = kept->index[i];
        memcpy(kept->obs + (size_t)to * (size_t)kept->obs_size,
               moments->obs + (size_t)from * (size_t)kept->obs_size,
               sizeof *kept->obs * (size_t)kept->obs_size);
        kept->channel_bits[to] = moments->channel_bits[from];
        kept->negative_bits[to] = moments->negative_bits[from];
        kept->group[to] = group;
    }
}

ParaCloneRows para_moments_kept_rows(const ParaMomentsKept *kept)
{
    return (ParaCloneRows){.count = kept->count,
                           .total = kept->count,
                           .obs = kept->obs,
                           .channel_bits = kept->channel_bits,
                           .negative_bits = kept->negative_bits,
                           .wanted = kept->wanted};
}

size_t para_moments_kept_size(const ParaMomentsKept *kept)
{
    return (size_t)kept->most *
           (sizeof(float) * ((size_t)kept->obs_size + PARA_LOGITS) + 2 * sizeof(uint32_t) + sizeof(int));
}

void para_moments_kept_save(const ParaMomentsKept *kept, ParaBytes *out)
{
    para_bytes_put_whole(out, (uint64_t)kept->count, 4);
    para_bytes_put_whole(out, (uint64_t)kept->added, 4);
    for (int i = 0; i < kept->count; i++) {
        para_bytes_put_whole(out, (uint64_t)kept->group[i], 4);
        para_bytes_put_whole(out, kept->channel_bits[i], 4);
        para_bytes_put_whole(out, kept->negative_bits[i], 4);
    }
    para_bytes_put_f32s(out, kept->wanted, (size_t)kept->count * PARA_LOGITS);
    para_bytes_put_f32s(out, kept->obs, (size_t)kept->count * (size_t)kept->obs_size);
}

bool para_moments_kept_load(ParaMomentsKept *kept, ParaBytesReader *in)
{
    kept->count = (int)para_bytes_take_range(in, 4, 0, kept->most);
    kept->added = (int)para_bytes_take_range(in, 4, 0, INT32_MAX);
    for (int i = 0; i < kept->count; i++) {
        kept->group[i] = (int)para_bytes_take_range(in, 4, 0, kept->groups - 1);
        kept->channel_bits[i] = (uint32_t)para_bytes_take_range(in, 4, 0, (1 << PARA_CHANNELS) - 1);
        kept->negative_bits[i] = (uint32_t)para_bytes_take_range(in, 4, 0, (1 << PARA_CHANNELS) - 1);
    }
    para_bytes_take_f32s(in, kept->wanted, (size_t)kept->count * PARA_LOGITS);
    para_bytes_take_f32s(in, kept->obs, (size_t)kept->count * (size_t)kept->obs_size);
    for (int i = 0; i < kept->count * PARA_LOGITS; i++)
        in->bad = in->bad || kept->wanted[i] < 0.0f || kept->wanted[i] > 1.0f;
    return !in->bad;
}
