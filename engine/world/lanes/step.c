// SPDX-License-Identifier: MIT
// One step of a block of worlds: the whole solver on one page.
#include "engine/world/lanes/kernel.h"

// Source of the scheme: E. Catto's notes on soft-step solvers ("Solver2D", 2024): gaps are found once per
// step, then small steps each solve once with a soft push that closes gaps, move, and solve once more without
// it, so that the push adds no energy. The impulses of one small step start the next (see PARA_K(push)).
void PARA_K(step_block)(ParaLanesBlock *block)
{
    PARA_K(gather_bodies)(block);
    PARA_K(place_shapes)(block);
    PARA_K(collide)(block);
    PARA_K(match)(block);
    ParaLanesRows *rows = PARA_K(plan_rows)(block);
    for (int micro = 0; micro < block->micro_steps; micro++) {
        PARA_K(bounce)(block, rows);
        PARA_K(push)(block, micro);
        if (micro == 0)
            PARA_K(warm_start)(block, rows);
        PARA_K(solve)(block, rows, true);
        PARA_K(move)(block);
        PARA_K(solve)(block, rows, false);
    }
    PARA_K(store_impulses)(block, rows);
    PARA_K(commit)(block);
    PARA_K(spots)(block, rows);
}
