// SPDX-License-Identifier: MIT
// Gives the contacts of this step the impulses of the last one, where pair and feature are the same: the
// solver then starts near its answer, and stacks stand.
#include "engine/base/assert.h"
#include "engine/world/lanes/kernel.h"

/// Points may have changed places in the manifold: the feature decides.
static void match_points(ParaLanesManifold *manifold, const ParaLanesTouch *touch)
{
    PARA_ASSERT_HOT(manifold->key == touch->key && touch->count <= 2);
    for (int p = 0; p < manifold->count; p++)
        for (int q = 0; q < touch->count; q++)
            if (manifold->point[p].id == touch->id[q]) {
                manifold->point[p].normal = touch->normal[q];
                manifold->point[p].tangent = touch->tangent[q];
            }
}

void PARA_K(match)(ParaLanesBlock *block)
{
    for (int w = 0; w < block->world_count; w++) {
        const ParaLanesWorld *world = block->worlds[w];
        const ParaLanesTouch *touch = world->touches, *end = touch + world->state->touch_count;
        ParaLanesManifold *manifold = block->manifolds + block->manifold_first[w];
        ParaLanesManifold *last = manifold + block->manifold_count[w];
        while (manifold < last && touch < end) {
            if (touch->key == manifold->key)
                match_points(manifold++, touch++);
            else if (touch->key < manifold->key)
                touch++;
            else
                manifold++;
        }
    }
}
