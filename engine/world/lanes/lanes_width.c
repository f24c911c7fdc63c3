// SPDX-License-Identifier: MIT
// The choice of a width from outside: finds the lanes solver of a group.
#include "engine/world/lanes/lanes_width.h"

#include "engine/base/assert.h"
#include "engine/world/lanes/group.h"

bool para_lanes_set_width(ParaWorldGroup *group, int width)
{
    PARA_ASSERT(group);
    void *lanes = atomic_load_explicit(&group->states[PARA_SOLVER_LANES], memory_order_acquire);
    return lanes && para_lanes_use_width(lanes, width);
}
