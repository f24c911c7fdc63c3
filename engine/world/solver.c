// SPDX-License-Identifier: MIT
// The table of solvers. A new one is a row here, its kind in world.h and its place in the order of auto.c.
#include "engine/world/solver.h"

#include "engine/base/assert.h"

#include <string.h>

const ParaSolver para_solvers[] = {
    [PARA_SOLVER_AUTO] = {"auto", NULL},
    [PARA_SOLVER_CHIPMUNK] = {"chipmunk", &para_chipmunk_api},
    [PARA_SOLVER_LANES] = {"lanes", &para_lanes_api},
    [PARA_SOLVER_DREAM] = {"dream", NULL},
};
_Static_assert(sizeof para_solvers / sizeof para_solvers[0] == PARA_SOLVER_COUNT, "a row for every kind");

static const ParaSolver *row_of(ParaSolverKind kind)
{
    PARA_ASSERT((unsigned)kind < PARA_SOLVER_COUNT);
    return &para_solvers[kind];
}

const char *para_solver_name(ParaSolverKind solver) { return row_of(solver)->name; }

bool para_solver_find(const char *name, ParaSolverKind *out)
{
    PARA_ASSERT(name && out);
    for (int kind = 0; kind < PARA_SOLVER_COUNT; kind++)
        if (strcmp(name, para_solvers[kind].name) == 0) {
            *out = (ParaSolverKind)kind;
            return true;
        }
    return false;
}

bool para_solver_stands_alone(ParaSolverKind solver)
{
    return (unsigned)solver < PARA_SOLVER_COUNT && solver != PARA_SOLVER_DREAM;
}

bool para_solver_fits(ParaSolverKind solver, const ParaWorldDef *def, char *out_why, size_t why_size)
{
    PARA_ASSERT(def && (out_why || why_size == 0));
    const ParaSolverApi *api = row_of(solver)->api;
    if (why_size > 0)
        out_why[0] = '\0';
    return !api || !api->fits || api->fits(def, out_why, why_size);
}
