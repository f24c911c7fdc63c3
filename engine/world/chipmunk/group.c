// SPDX-License-Identifier: MIT
// The memory of a group of chipmunk worlds and the solver's table of functions.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/memory.h"

#include <pthread.h>
#include <stdlib.h>

/// Chipmunk keeps one mutable global, "banner printed". Making one space here, one thread at a time,
/// sets it before any world is built.
static void set_banner_flag(ParaCpSlot *slot)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    ParaCpGuard guard;
    para_cp_enter(&guard, slot);
    para_cp_heap_reset(slot, sizeof(ParaCpWorld));
    if (setjmp(guard.way_out) == 0)
        cpSpaceFree(cpSpaceNew());
    para_cp_leave(&guard);
    pthread_mutex_unlock(&lock);
}

static void *create(const void *context, int capacity)
{
    (void)context;
    PARA_ASSERT(capacity > 0 && (size_t)capacity <= SIZE_MAX / PARA_CP_HEAP_MAX);
    ParaCpSolver *solver = calloc(1, sizeof *solver);
    ParaCpSlot *slots = calloc((size_t)capacity, sizeof *slots);
    void *memory = para_memory_reserve((size_t)capacity * PARA_CP_HEAP_MAX);
    if (!solver || !slots || !memory) {
        para_memory_release(memory, (size_t)capacity * PARA_CP_HEAP_MAX);
        free(slots);
        free(solver);
        return NULL;
    }
    *solver = (ParaCpSolver){capacity, memory, slots};
    for (int i = 0; i < capacity; i++)
        slots[i].base = solver->memory + (size_t)i * PARA_CP_HEAP_MAX;
    set_banner_flag(&slots[0]);
    return solver;
}

static void destroy(void *opaque)
{
    ParaCpSolver *solver = opaque;
    para_memory_release(solver->memory, (size_t)solver->capacity * PARA_CP_HEAP_MAX);
    free(solver->slots);
    free(solver);
}

static bool is_built(void *solver, int index) { return ((ParaCpSolver *)solver)->slots[index].built; }

static const ParaView *view(void *solver, int index) { return &para_cp_world(solver, index)->view; }

static void diverge(void *solver, int index, int body)
{
    para_cp_diverge(para_cp_world(solver, index), body);
}

static const ParaInputs *inputs(void *solver, int index) { return &para_cp_world(solver, index)->inputs; }

const ParaSolverApi para_chipmunk_api = {
    // No `fits`: its memory for one world holds whatever a def may say (PARA_CP_HEAP_MAX).
    .create = create,
    .destroy = destroy,
    .build = para_cp_build,
    .is_built = is_built,
    .step = para_cp_step,
    .group_step = para_cp_group_step,
    .view = view,
    .inputs = inputs,
    .apply_impulse = para_cp_apply_impulse,
    .set_velocity = para_cp_set_velocity,
    .disable_body = para_cp_disable_body,
    .set_gravity = para_cp_set_gravity,
    .set_clock = para_cp_set_clock,
    .set_zone = para_cp_set_zone,
    .place_body = para_cp_place_body,
    .set_joint = para_cp_set_joint,
    .joint_broken = para_cp_joint_broken,
    .wind_joint = para_cp_wind_joint,
    .set_friction = para_cp_set_friction,
    .diverge = diverge,
    .ray = para_cp_ray,
    .at_point = para_cp_at_point,
    .in_box = para_cp_in_box,
    .snapshot_size = para_cp_snapshot_size,
    .save = para_cp_save,
    .restore = para_cp_restore,
    .image = para_cp_image,
    .adopt = para_cp_adopt,
    .hash = para_cp_hash,
    .bytes = para_cp_bytes,
};
