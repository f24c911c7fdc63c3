// SPDX-License-Identifier: MIT
// One step of a block of worlds: the whole solver on one page.
#include "engine/world/lanes/kernel.h"

// Source of the scheme: E. Catto's notes on soft-step solvers ("Solver2D", 2024): gaps are found once per
// step, then small steps each solve once with a soft push that closes gaps, move, and solve once more without
// it, so that the push adds no energy. The impulses of one small step start the next (see K(push)).
void K(step_block)(LanesBlock *block)
{
    K(gather_bodies)(block);
    K(place_shapes)(block);
    K(collide)(block);
    K(match)(block);
    LanesRows *rows = K(plan_rows)(block);
    for (int micro = 0; micro < block->micro_steps; micro++) {
        K(push)(block, micro);
        if (micro == 0)
            K(warm_start)(block, rows);
        K(solve)(block, rows, true);
        K(move)(block);
        K(solve)(block, rows, false);
    }
    K(restitute)(block, rows);
    K(store_impulses)(block, rows);
    K(commit)(block);
}
