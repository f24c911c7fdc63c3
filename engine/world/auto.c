// SPDX-License-Identifier: MIT
// The choice of AUTO: which solver runs a world. group.c asks at every build of a world in an AUTO group.
#include "engine/world/solver.h"

/// The faster first; the last one takes every def. A dream is never chosen: it needs a model.
static const ParaSolverKind order[] = {PARA_SOLVER_LANES, PARA_SOLVER_CHIPMUNK};
_Static_assert(sizeof order / sizeof order[0] == PARA_SOLVER_COUNT - 2, "AUTO knows every solver");

ParaSolverKind para_auto_choose(const ParaWorldDef *def)
{
    size_t last = sizeof order / sizeof order[0] - 1, i = 0;
    while (def && i < last && !para_solver_fits(order[i], def, NULL, 0))
        i++;
    return order[i];
}
