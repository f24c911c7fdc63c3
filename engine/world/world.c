// SPDX-License-Identifier: MIT
// The door of engine/world: finds the solver of a group, checks what the caller passes, hands on.
#include "engine/world/world.h"

#include "engine/base/assert.h"
#include "engine/world/solver.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const ParaSolverApi *para_solver_api(ParaSolverKind kind)
{
    switch (kind) {
    case PARA_SOLVER_CHIPMUNK:
        return para_chipmunk_api();
    case PARA_SOLVER_LANES:
        return para_lanes_api();
    case PARA_SOLVER_AUTO:
        break;
    }
    return para_auto_api();
}

ParaWorldGroup *para_world_group_create(ParaSolverKind solver, int capacity)
{
    PARA_ASSERT(capacity > 0);
    const ParaSolverApi *api = para_solver_api(solver);
    ParaWorldGroup *group = calloc(1, sizeof *group);
    if (!group)
        return NULL;
    group->api = api;
    group->capacity = capacity;
    group->solver = api->create(capacity);
    if (!group->solver) {
        free(group);
        return NULL;
    }
    return group;
}

void para_world_group_destroy(ParaWorldGroup *group)
{
    if (!group)
        return;
    group->api->destroy(group->solver);
    free(group);
}

ParaSolverKind para_world_group_solver(const ParaWorldGroup *group) { return group->api->kind; }

const char *para_solver_name(ParaSolverKind solver)
{
    switch (solver) {
    case PARA_SOLVER_CHIPMUNK:
        return "chipmunk";
    case PARA_SOLVER_LANES:
        return "lanes";
    case PARA_SOLVER_AUTO:
        break;
    }
    return "auto";
}

bool para_solver_find(const char *name, ParaSolverKind *out)
{
    static const ParaSolverKind kinds[] = {PARA_SOLVER_AUTO, PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(name, para_solver_name(kinds[i])) == 0) {
            *out = kinds[i];
            return true;
        }
    }
    return false;
}

bool para_solver_fits(ParaSolverKind solver, const ParaWorldDef *def, char *out_why, size_t why_size)
{
    if (why_size > 0)
        out_why[0] = '\0';
    return para_solver_api(solver)->fits(def, out_why, why_size);
}

ParaWorld para_world_at(ParaWorldGroup *group, int index)
{
    PARA_ASSERT(index >= 0 && index < group->capacity);
    return (ParaWorld){group, index};
}

/// The solver of a world that has been built.
static const ParaSolverApi *built(ParaWorld world)
{
    PARA_ASSERT(world.group && world.index >= 0 && world.index < world.group->capacity);
    PARA_ASSERT(world.group->api->is_built(world.group->solver, world.index));
    return world.group->api;
}

static const ParaSolverApi *built_body(ParaWorld world, int body)
{
    const ParaSolverApi *api = built(world);
    PARA_ASSERT(body >= 0 && body < api->view(world.group->solver, world.index)->def->body_count);
    (void)body;
    return api;
}

ParaSolverKind para_world_solver(ParaWorld world)
{
    return built(world)->solver_of(world.group->solver, world.index);
}

bool para_world_build(ParaWorld world, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    PARA_ASSERT(world.group && world.index >= 0 && world.index < world.group->capacity);
    if (!para_world_def_check(def, diagnostics))
        return false;
    return world.group->api->build(world.group->solver, world.index, def, diagnostics);
}

void para_world_step(ParaWorld world) { built(world)->step(world.group->solver, world.index); }

void para_world_group_step(ParaWorldGroup *group, int first, int count, const uint8_t *active)
{
    PARA_ASSERT(first >= 0 && count >= 0 && count <= group->capacity - first);
    group->api->group_step(group->solver, first, count, active);
}

const ParaView *para_world_view(ParaWorld world)
{
    return built(world)->view(world.group->solver, world.index);
}

const ParaInputs *para_world_inputs(ParaWorld world)
{
    return built(world)->inputs(world.group->solver, world.index);
}

void para_world_apply_impulse(ParaWorld world, int body, ParaVec2 impulse)
{
    built_body(world, body)->apply_impulse(world.group->solver, world.index, body, impulse);
}

void para_world_set_velocity(ParaWorld world, int body, ParaVec2 velocity, float spin)
{
    built_body(world, body)->set_velocity(world.group->solver, world.index, body, velocity, spin);
}

void para_world_disable_body(ParaWorld world, int body)
{
    built_body(world, body)->disable_body(world.group->solver, world.index, body);
}

/// A place that can be asked about; far or NaN places have nothing in them.
static bool sensible(ParaVec2 place) { return fabsf(place.x) < 1e6f && fabsf(place.y) < 1e6f; }

ParaRayHit para_world_ray(ParaWorld world, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group_ignored)
{
    const ParaSolverApi *api = built(world);
    if (!sensible(from) || !sensible(to))
        return (ParaRayHit){.shape = -1, .fraction = 1.0f, .point = to};
    return api->ray(world.group->solver, world.index, from, to, mask, group_ignored);
}

int para_world_at_point(ParaWorld world, ParaVec2 point, int32_t *out_shapes, int max)
{
    const ParaSolverApi *api = built(world);
    return sensible(point) ? api->at_point(world.group->solver, world.index, point, out_shapes, max) : 0;
}

int para_world_in_box(ParaWorld world, ParaVec2 low, ParaVec2 high, int32_t *out_shapes, int max)
{
    const ParaSolverApi *api = built(world);
    if (!sensible(low) || !sensible(high) || low.x > high.x || low.y > high.y)
        return 0;
    return api->in_box(world.group->solver, world.index, low, high, out_shapes, max);
}

size_t para_world_snapshot_size(ParaWorld world)
{
    return built(world)->snapshot_size(world.group->solver, world.index);
}

size_t para_world_save(ParaWorld world, void *out, size_t size_max)
{
    return built(world)->save(world.group->solver, world.index, out, size_max);
}

bool para_world_restore(ParaWorld world, const void *image, size_t size)
{
    return built(world)->restore(world.group->solver, world.index, image, size);
}

bool para_world_clone(ParaWorld source, ParaWorld target, ParaDiagList *diagnostics)
{
    const ParaSolverApi *api = built(source);
    PARA_ASSERT(target.group && target.index >= 0 && target.index < target.group->capacity);
    if (target.group->api != api) {
        if (diagnostics)
            para_diag_add(diagnostics, PARA_DIAG_ERROR, "W020", "", "cannot clone from solver %s to %s",
                          para_solver_name(api->kind), para_solver_name(target.group->api->kind));
        return false;
    }
    if (source.group == target.group && source.index == target.index)
        return true;
    return api->clone(source.group->solver, source.index, target.group->solver, target.index, diagnostics);
}

uint64_t para_world_hash(ParaWorld world) { return built(world)->hash(world.group->solver, world.index); }

size_t para_world_bytes(ParaWorld world) { return built(world)->bytes(world.group->solver, world.index); }
