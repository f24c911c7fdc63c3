// SPDX-License-Identifier: MIT
#pragma once
// The solvers, one row each, and what each gives to world.c: a table of functions. world.c checks what
// callers pass (indices, defs, finiteness) before it calls; a solver checks only what it alone can know.
// Private to engine/world.
#include "engine/world/world.h"

#include <pthread.h>
#include <stdatomic.h>

/// Where a body is put.
typedef struct ParaBodyPlace {
    ParaVec2 position, velocity; ///< [m] of the origin, [m/s] of the centre of mass
    float angle, spin;           ///< [rad], [rad/s]
} ParaBodyPlace;

/// The functions of a solver. `state` is what its create gave: the worlds of one group.
typedef struct ParaSolverApi {
    /// Whether a sensible def is within the solver's limits; NULL: every one is. @param out_why one line that
    /// names the limit, written where it is not; NULL with why_size 0 if nobody asks
    bool (*fits)(const ParaWorldDef *def, char *out_why, size_t why_size);
    void *(*create)(int capacity); ///< NULL if memory cannot be reserved
    void (*destroy)(void *state);
    bool (*build)(void *state, int index, const ParaWorldDef *def, ParaDiagList *diagnostics);
    bool (*is_built)(void *state,
                     int index); ///< after a build that failed: the world is still the one before
    void (*step)(void *state, int index);
    /// Steps the built ones of the worlds [first, first + count), those whose byte in active is 0 left out.
    void (*group_step)(void *state, int first, int count, const uint8_t *active);
    const ParaView *(*view)(void *state, int index);
    const ParaInputs *(*inputs)(void *state, int index);
    void (*apply_impulse)(void *state, int index, int body, ParaVec2 impulse);
    void (*set_velocity)(void *state, int index, int body, ParaVec2 velocity, float spin);
    void (*disable_body)(void *state, int index, int body);
    void (*set_gravity)(void *state, int index, ParaVec2 gravity);
    void (*set_zone)(void *state, int index, int zone, const ParaZoneState *now);
    /// @param to NULL: where it is
    void (*place_body)(void *state, int index, int body, const ParaBodyPlace *to);
    void (*set_joint)(void *state, int index, int joint, bool whole); ///< break or make
    void (*set_friction)(void *state, int index, int body, float friction);
    void (*set_clock)(void *state, int index, uint64_t step); ///< so many steps since the build
    void (*diverge)(void *state, int index, int body);        ///< ends a world that is fine; body -1: none
    ParaRayHit (*ray)(void *state, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group);
    int (*at_point)(void *state, int index, ParaVec2 point, int32_t *out, int max);
    int (*in_box)(void *state, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max);
    size_t (*snapshot_size)(void *state, int index);
    size_t (*save)(void *state, int index, void *out, size_t size_max);
    bool (*restore)(void *state, int index, const void *image, size_t size);
    /// Where the world lies, whole: its bytes, copied anywhere, are all of it. NULL if it cannot be copied.
    const void *(*image)(void *state, int index, size_t *out_size, ParaDiagList *diagnostics);
    /// Makes the world one like that of the image, of whatever world of this solver it was, gone or not.
    void (*adopt)(void *state, int index, const void *image, size_t size);
    uint64_t (*hash)(void *state, int index);
    size_t (*bytes)(void *state, int index);
} ParaSolverApi;

/// A row of the table in solver.c; its kind is its place there.
typedef struct ParaSolver {
    const char *name;
    const ParaSolverApi *api; ///< NULL: AUTO, which runs no world itself
} ParaSolver;

#define PARA_SOLVER_COUNT (PARA_SOLVER_LANES + 1) ///< rows, AUTO among them

extern const ParaSolver para_solvers[PARA_SOLVER_COUNT];
extern const ParaSolverApi para_chipmunk_api, para_lanes_api;

/// The solver that AUTO gives a sensible def to: never AUTO. @param def NULL: what most defs get
ParaSolverKind para_auto_choose(const ParaWorldDef *def);

/// A group as group.c holds it: each world knows which solver runs it.
struct ParaWorldGroup {
    ParaSolverKind kind; ///< what it was made with, so it may be AUTO
    int capacity;        ///< [1] >= 1 worlds
    uint8_t *runs;       ///< [ParaSolverKind] that runs the world; AUTO where none is built  [capacity]
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
