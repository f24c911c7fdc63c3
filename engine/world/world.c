// SPDX-License-Identifier: MIT
// The door of engine/world: checks what the caller passes and hands on to the solver that runs the world.
// Groups are made here; which solver runs a world is settled at each of its builds.
#include "engine/world/world.h"

#include "engine/base/assert.h"
#include "engine/world/solver.h"

#include <math.h>
#include <stdlib.h>

#define MASK_CHUNK 256 // worlds per call where a mask has to be made

// ---------------------------------------------------------------------------------------------
// Groups.

static void *state_of(ParaWorldGroup *group, ParaSolverKind kind)
{
    return atomic_load_explicit(&group->states[kind], memory_order_acquire);
}

/// The state of a solver, made by whichever thread needs it first; NULL if memory cannot be reserved.
static void *enter(ParaWorldGroup *group, ParaSolverKind kind)
{
    void *state = state_of(group, kind);
    if (state)
        return state;
    pthread_mutex_lock(&group->lock);
    state = state_of(group, kind);
    if (!state) {
        state = para_solvers[kind].api->create(group->capacity);
        atomic_store_explicit(&group->states[kind], state, memory_order_release);
    }
    pthread_mutex_unlock(&group->lock);
    return state;
}

ParaWorldGroup *para_world_group_create(ParaSolverKind solver, int capacity)
{
    PARA_ASSERT((unsigned)solver < PARA_SOLVER_COUNT && capacity > 0);
    ParaWorldGroup *group = calloc(1, sizeof *group);
    if (!group)
        return NULL;
    group->kind = solver;
    group->capacity = capacity;
    pthread_mutex_init(&group->lock, NULL);
    group->runs = calloc((size_t)capacity, sizeof *group->runs); // AUTO is 0
    if (group->runs && enter(group, solver == PARA_SOLVER_AUTO ? para_auto_choose(NULL) : solver))
        return group;
    para_world_group_destroy(group);
    return NULL;
}

void para_world_group_destroy(ParaWorldGroup *group)
{
    if (!group)
        return;
    for (int kind = 0; kind < PARA_SOLVER_COUNT; kind++) {
        void *state = state_of(group, (ParaSolverKind)kind);
        if (state)
            para_solvers[kind].api->destroy(state);
    }
    pthread_mutex_destroy(&group->lock);
    free(group->runs);
    free(group);
}

ParaSolverKind para_world_group_solver(const ParaWorldGroup *group) { return group->kind; }

ParaWorld para_world_at(ParaWorldGroup *group, int index)
{
    PARA_ASSERT(index >= 0 && index < group->capacity);
    return (ParaWorld){group, index};
}

/// Where a world runs.
typedef struct Place {
    const ParaSolverApi *api;
    void *state;
    int index;
} Place;

static void check_index(ParaWorld world)
{
    PARA_ASSERT(world.group && world.index >= 0 && world.index < world.group->capacity);
}

/// The place of a world that has been built.
static Place built(ParaWorld world)
{
    check_index(world);
    ParaSolverKind kind = (ParaSolverKind)world.group->runs[world.index];
    PARA_ASSERT(kind != PARA_SOLVER_AUTO); // not built
    return (Place){para_solvers[kind].api, state_of(world.group, kind), world.index};
}

static Place built_body(ParaWorld world, int body)
{
    Place at = built(world);
    PARA_ASSERT(body >= 0 && body < at.api->view(at.state, at.index)->def->body_count);
    (void)body;
    return at;
}

ParaSolverKind para_world_solver(ParaWorld world)
{
    check_index(world);
    ParaSolverKind kind = (ParaSolverKind)world.group->runs[world.index];
    PARA_ASSERT(kind != PARA_SOLVER_AUTO); // not built
    return kind;
}

// ---------------------------------------------------------------------------------------------
// Building.

/// Room with the solver for a world that is to be built or cloned; its `state` is NULL, and a message is
/// noted, if there is no memory for it.
static Place room_for(ParaWorld world, ParaSolverKind kind, ParaDiagList *diagnostics)
{
    Place at = {para_solvers[kind].api, enter(world.group, kind), world.index};
    if (!at.state && diagnostics)
        para_diag_add(diagnostics, PARA_DIAG_ERROR, "W013", "", "no memory for the worlds of %s",
                      para_solver_name(kind));
    return at;
}

bool para_world_build(ParaWorld world, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    check_index(world);
    if (!para_world_def_check(def, diagnostics))
        return false;
    ParaSolverKind kind = world.group->kind == PARA_SOLVER_AUTO ? para_auto_choose(def) : world.group->kind;
    uint8_t *runs = &world.group->runs[world.index];
    Place at = room_for(world, kind, diagnostics);
    if (!at.state)
        return false;
    if (at.api->build(at.state, at.index, def, diagnostics)) {
        *runs = (uint8_t)kind;
        return true;
    }
    if (*runs == kind && !at.api->is_built(at.state, at.index))
        *runs = PARA_SOLVER_AUTO;
    return false;
}

bool para_world_clone(ParaWorld source, ParaWorld target, ParaDiagList *diagnostics)
{
    Place from = built(source);
    check_index(target);
    if (target.group->kind != source.group->kind) {
        if (diagnostics)
            para_diag_add(diagnostics, PARA_DIAG_ERROR, "W020", "", "cannot clone from solver %s to %s",
                          para_solver_name(source.group->kind), para_solver_name(target.group->kind));
        return false;
    }
    if (source.group == target.group && source.index == target.index)
        return true;
    ParaSolverKind kind = para_world_solver(source);
    Place to = room_for(target, kind, diagnostics);
    if (!to.state || !to.api->clone(from.state, from.index, to.state, to.index, diagnostics))
        return false;
    target.group->runs[target.index] = (uint8_t)kind;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Stepping.

void para_world_step(ParaWorld world)
{
    Place at = built(world);
    at.api->step(at.state, at.index);
}

/// Steps the worlds of the range that `kind` runs. A world that moved to another solver is still built in its
/// old one, so where not all are of this kind they are picked by a mask.
static void step_kind(ParaWorldGroup *group, ParaSolverKind kind, int first, int count, const uint8_t *active)
{
    const ParaSolverApi *api = para_solvers[kind].api;
    const uint8_t *runs = group->runs + first;
    void *state = state_of(group, kind);
    int own = 0;
    for (int i = 0; i < count; i++)
        own += runs[i] == kind;
    if (own == count && own > 0)
        api->group_step(state, first, count, active);
    if (own == count || own == 0)
        return;
    for (int begin = 0; begin < count; begin += MASK_CHUNK) {
        uint8_t mask[MASK_CHUNK];
        int size = count - begin < MASK_CHUNK ? count - begin : MASK_CHUNK;
        for (int i = 0; i < size; i++)
            mask[i] = runs[begin + i] == kind && (!active || active[begin + i]);
        api->group_step(state, first + begin, size, mask);
    }
}

void para_world_group_step(ParaWorldGroup *group, int first, int count, const uint8_t *active)
{
    PARA_ASSERT(first >= 0 && count >= 0 && count <= group->capacity - first);
    for (int kind = PARA_SOLVER_AUTO + 1; kind < PARA_SOLVER_COUNT; kind++)
        step_kind(group, (ParaSolverKind)kind, first, count, active);
}

// ---------------------------------------------------------------------------------------------
// Everything else goes to the solver that runs the world.

const ParaView *para_world_view(ParaWorld world)
{
    Place at = built(world);
    return at.api->view(at.state, at.index);
}

const ParaInputs *para_world_inputs(ParaWorld world)
{
    Place at = built(world);
    return at.api->inputs(at.state, at.index);
}

void para_world_apply_impulse(ParaWorld world, int body, ParaVec2 impulse)
{
    Place at = built_body(world, body);
    at.api->apply_impulse(at.state, at.index, body, impulse);
}

void para_world_set_velocity(ParaWorld world, int body, ParaVec2 velocity, float spin)
{
    Place at = built_body(world, body);
    at.api->set_velocity(at.state, at.index, body, velocity, spin);
}

void para_world_disable_body(ParaWorld world, int body)
{
    Place at = built_body(world, body);
    at.api->disable_body(at.state, at.index, body);
}

/// A place that can be asked about; far or NaN places have nothing in them.
static bool sensible(ParaVec2 place) { return fabsf(place.x) < 1e6f && fabsf(place.y) < 1e6f; }

ParaRayHit para_world_ray(ParaWorld world, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group_ignored)
{
    Place at = built(world);
    if (!sensible(from) || !sensible(to))
        return (ParaRayHit){.shape = -1, .fraction = 1.0f, .point = to};
    return at.api->ray(at.state, at.index, from, to, mask, group_ignored);
}

int para_world_at_point(ParaWorld world, ParaVec2 point, int32_t *out_shapes, int max)
{
    Place at = built(world);
    return sensible(point) ? at.api->at_point(at.state, at.index, point, out_shapes, max) : 0;
}

int para_world_in_box(ParaWorld world, ParaVec2 low, ParaVec2 high, int32_t *out_shapes, int max)
{
    Place at = built(world);
    if (!sensible(low) || !sensible(high) || low.x > high.x || low.y > high.y)
        return 0;
    return at.api->in_box(at.state, at.index, low, high, out_shapes, max);
}

size_t para_world_snapshot_size(ParaWorld world)
{
    Place at = built(world);
    return at.api->snapshot_size(at.state, at.index);
}

size_t para_world_save(ParaWorld world, void *out, size_t size_max)
{
    Place at = built(world);
    return at.api->save(at.state, at.index, out, size_max);
}

bool para_world_restore(ParaWorld world, const void *image, size_t size)
{
    Place at = built(world);
    return at.api->restore(at.state, at.index, image, size);
}

uint64_t para_world_hash(ParaWorld world)
{
    Place at = built(world);
    return at.api->hash(at.state, at.index);
}

size_t para_world_bytes(ParaWorld world)
{
    Place at = built(world);
    return at.api->bytes(at.state, at.index);
}
