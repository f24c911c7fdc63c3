// SPDX-License-Identifier: MIT
#pragma once
// What a solver gives to door.c: a table of functions. door.c checks what callers pass (indices, defs,
// finiteness) before it calls; a solver checks only what it alone can know.
// It stands apart from solver.h, since one solver lives elsewhere: the learned model (agents/model) dreams
// worlds, and engine/world knows nothing of networks. Whoever has such a table makes groups with it.
#include "engine/world/world.h"

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
    /// @param context what the group's maker handed in; NULL for the solvers of the table.
    /// @return NULL if memory cannot be reserved
    void *(*create)(const void *context, int capacity);
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
    /// Whether a joint is broken, be its bodies there or not.
    bool (*joint_broken)(void *state, int index, int joint);
    /// Counts the present angle of a joint that holds as another world's view tells it: whole turns of a
    /// hinge, the way of a gear or rack since it was made. Its bodies stay where they are.
    void (*wind_joint)(void *state, int index, int joint, float angle);
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

/// Room for `capacity` worlds of a solver that is not in the table: its kind is PARA_SOLVER_DREAM.
/// @param api outlives the group   @param context for api->create; outlives the group
/// Threads: as para_world_group_create.  @return NULL if memory cannot be reserved
ParaWorldGroup *para_world_group_create_by(const ParaSolverApi *api, const void *context, int capacity);
/// What api->create gave for the group of a built world. @return NULL: its group was made with another api
void *para_world_given_state(ParaWorld world, const ParaSolverApi *api);
