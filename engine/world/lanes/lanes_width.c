// SPDX-License-Identifier: MIT
#include "engine/world/lanes/lanes_width.h"

#include "engine/world/solver.h"

bool para_lanes_set_width(ParaWorldGroup *group, int width)
{
    return group->api->set_width && group->api->set_width(group->solver, width);
}
