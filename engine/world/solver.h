// SPDX-License-Identifier: MIT
#pragma once
// What a solver gives to world.c: one table of functions. world.c checks what callers pass (indices,
// defs, finiteness) before it calls; a solver checks only what it alone can know. Private to engine/world.
#include "engine/world/world.h"

typedef struct ParaSolverApi {
    ParaSolverKind kind;
    /// Whether a sensible def is within the solver's limits. @param out_why one line that names the limit,
    /// written where it is not; NULL with why_size 0 if nobody asks
    bool (*fits)(const ParaWorldDef *def, char *out_why, size_t why_size);
    void *(*create)(int capacity); ///< NULL if memory cannot be reserved
    void (*destroy)(void *solver);
    bool (*is_built)(void *solver, int index);
    ParaSolverKind (*solver_of)(void *solver, int index); ///< what runs this built world; never AUTO
    bool (*build)(void *solver, int index, const ParaWorldDef *def, ParaDiagList *diagnostics);
    void (*step)(void *solver, int index);
    void (*group_step)(void *solver, int first, int count, const uint8_t *active);
    bool (*set_width)(void *solver, int width); ///< see lanes_width.h; NULL: has no vectors to choose
    const ParaView *(*view)(void *solver, int index);
    const ParaInputs *(*inputs)(void *solver, int index);
    void (*apply_impulse)(void *solver, int index, int body, ParaVec2 impulse);
    void (*set_velocity)(void *solver, int index, int body, ParaVec2 velocity, float spin);
    void (*disable_body)(void *solver, int index, int body);
    ParaRayHit (*ray)(void *solver, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group);
    int (*at_point)(void *solver, int index, ParaVec2 point, int32_t *out, int max);
    int (*in_box)(void *solver, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max);
    size_t (*snapshot_size)(void *solver, int index);
    size_t (*save)(void *solver, int index, void *out, size_t size_max);
    bool (*restore)(void *solver, int index, const void *image, size_t size);
    bool (*clone)(void *source, int source_index, void *target, int target_index, ParaDiagList *diagnostics);
    uint64_t (*hash)(void *solver, int index);
    size_t (*bytes)(void *solver, int index);
} ParaSolverApi;

/// A group as world.c holds it.
struct ParaWorldGroup {
    const ParaSolverApi *api;
    void *solver; ///< what api->create gave
    int capacity; ///< [1] worlds
};

const ParaSolverApi *para_chipmunk_api(void);
const ParaSolverApi *para_lanes_api(void);
const ParaSolverApi *para_auto_api(void); ///< of the two above, per world; see auto.c
const ParaSolverApi *para_solver_api(ParaSolverKind kind);
