// SPDX-License-Identifier: MIT
// What stays of the pairs that were looked at closely (broad.c): those that touch or nearly do, moved
// together at the front of the block's manifolds. A world has room for PARA_LANES_MANIFOLDS_MAX; where more
// touch, the deepest stay, those with the ground before all others, so that nothing falls through the floor
// because a crowd above it is too dense. Which ones depends on the world alone, in however many parts they
// come.
#include "engine/base/assert.h"
#include "engine/world/lanes/meet/pairs.h"

static void move_manifold(ParaLanesManifold *to, const ParaLanesManifold *from)
{
    for (size_t k = 0; k < sizeof *to / sizeof(ParaPairs); k++)
        para_pairs_store((float *)to + k * PARA_PAIRS_WIDTH,
                         para_pairs_load((const float *)from + k * PARA_PAIRS_WIDTH));
}

/// Smaller is kept before greater: pairs with the ground, then by depth, then by key, so no two are alike.
static uint64_t rank_of(const ParaLanesBlock *block, int w, const ParaLanesManifold *manifold)
{
    const ParaLanesBody *bodies = block->worlds[w]->bodies;
    int first = block->body_first[w];
    bool ground =
        bodies[manifold->a - first].inradius == 0.0f || bodies[manifold->b - first].inradius == 0.0f;
    float gap = manifold->point[0].separation;
    if (manifold->count > 1 && manifold->point[1].separation < gap)
        gap = manifold->point[1].separation;
    uint32_t bits;
    memcpy(&bits, &gap, sizeof bits);
    bits = bits >> 31 ? ~bits : bits | 1u << 31; // now they rise with the gap
    return (uint64_t)!ground << 63 | (uint64_t)(bits >> 1) << 32 | manifold->key;
}

/// The rank that PARA_LANES_MANIFOLDS_MAX of `count` manifolds do not exceed: bit by bit, from the highest.
static uint64_t highest_kept(const ParaLanesBlock *block, int w, const ParaLanesManifold *manifolds,
                             int count)
{
    uint64_t highest = UINT64_MAX;
    for (int bit = 63; bit >= 0; bit--) {
        uint64_t lower = highest ^ (uint64_t)1 << bit; // the bit is still set
        int kept = 0;
        for (int i = 0; i < count; i++)
            kept += rank_of(block, w, &manifolds[i]) <= lower;
        if (kept >= PARA_LANES_MANIFOLDS_MAX)
            highest = lower;
    }
    return highest;
}

/// @return how many stay
static int drop_shallow(ParaLanesBlock *block, int w, ParaLanesManifold *manifolds, int count)
{
    uint64_t highest = highest_kept(block, w, manifolds, count);
    int kept = 0;
    for (int i = 0; i < count; i++)
        if (rank_of(block, w, &manifolds[i]) <= highest) {
            if (kept != i)
                move_manifold(&manifolds[kept], &manifolds[i]);
            kept++;
        }
    PARA_ASSERT(kept == PARA_LANES_MANIFOLDS_MAX);
    block->dropped[w] += count - kept;
    return kept;
}

int32_t PARA_K(keep_touching)(ParaLanesBlock *block, int w, int32_t first, int32_t end)
{
    int32_t kept = block->manifold_first[w] + block->manifold_count[w];
    PARA_ASSERT_HOT(kept <= first && first <= end);
    for (int32_t i = first; i < end; i++) {
        if (block->manifolds[i].count == 0)
            continue;
        if (kept != i)
            move_manifold(&block->manifolds[kept], &block->manifolds[i]);
        kept++;
    }
    int count = kept - block->manifold_first[w];
    if (count > PARA_LANES_MANIFOLDS_MAX)
        count = drop_shallow(block, w, block->manifolds + block->manifold_first[w], count);
    block->manifold_count[w] = count;
    return block->manifold_first[w] + count;
}
