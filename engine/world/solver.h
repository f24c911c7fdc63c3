// SPDX-License-Identifier: MIT
#pragma once
// The solvers, one row each, and how a group holds them. Private to engine/world.
#include "engine/world/solver_api.h"

#include <pthread.h>
#include <stdatomic.h>

/// A row of the table in solver.c; its kind is its place there.
typedef struct ParaSolver {
    const char *name;
    const ParaSolverApi *api; ///< NULL: AUTO, which runs no world itself; DREAM, whose maker brings its own
} ParaSolver;

#define PARA_SOLVER_COUNT (PARA_SOLVER_DREAM + 1) ///< rows, AUTO among them

extern const ParaSolver para_solvers[PARA_SOLVER_COUNT];
extern const ParaSolverApi para_chipmunk_api, para_lanes_api;

/// The solver that AUTO gives a sensible def to: never AUTO. @param def NULL: what most defs get
ParaSolverKind para_auto_choose(const ParaWorldDef *def);

/// A group as group.c holds it: each world knows which solver runs it.
struct ParaWorldGroup {
    ParaSolverKind kind;        ///< what it was made with, so it may be AUTO
    const ParaSolverApi *given; ///< of a DREAM, else NULL
    const void *context;        ///< for its create
    int capacity;               ///< [1] >= 1 worlds
    uint8_t *runs; ///< [ParaSolverKind] that runs the world; AUTO where none is built  [capacity]
    _Atomic(void *) states[PARA_SOLVER_COUNT]; ///< by kind; NULL until a world first needs that solver
    pthread_mutex_t lock;                      ///< of their creation
};

/// Where a built world runs.
typedef struct ParaPlace {
    const ParaSolverApi *api;
    void *state; ///< of the group, for that solver
    int index;   ///< [1] 0..capacity - 1 in the group
    ParaSolverKind kind;
} ParaPlace;

ParaPlace para_world_place(ParaWorld world); ///< asserts that the world is built
