// SPDX-License-Identifier: MIT
// The memory of a group of dreamed worlds, what threads step them with, and the solver's table of functions.
#include "agents/dream/dream.h"

#include "agents/dream/dream_world.h"
#include "engine/base/assert.h"
#include "engine/base/memory.h"
#include "engine/world/questions.h"

#include <stdlib.h>
#include <string.h>

#define PAGE ((size_t)4096)

ParaDreamWorld *para_dream_world(const void *solver, int index)
{
    const ParaDreamSolver *s = solver;
    PARA_ASSERT_HOT(index >= 0 && index < s->capacity);
    return (ParaDreamWorld *)(void *)(s->memory + (size_t)index * s->stride);
}

static void destroy(void *solver)
{
    ParaDreamSolver *s = solver;
    for (ParaDreamScratch *scratch = s->free_scratches, *next; scratch; scratch = next) {
        next = scratch->next; // it lies in its own arena
        para_arena_destroy(scratch->arena);
    }
    para_memory_release(s->memory, s->stride * (size_t)s->capacity);
    pthread_cond_destroy(&s->back);
    pthread_mutex_destroy(&s->lock);
    free(s->built);
    free(s);
}

static void *create(const void *context, int capacity)
{
    ParaDreamSolver *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->model = context;
    s->capacity = capacity;
    s->stride = (para_dream_slot_max() + PAGE - 1) / PAGE * PAGE;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->back, NULL);
    s->built = calloc((size_t)capacity, 1);
    s->memory = para_memory_reserve(s->stride * (size_t)capacity);
    s->free_scratches = para_dream_scratch_create(s->model);
    if (!s->built || !s->memory || !s->free_scratches) {
        destroy(s);
        return NULL;
    }
    para_memory_prefer_small_pages(s->memory, s->stride * (size_t)capacity);
    return s;
}

static bool is_built(void *solver, int index) { return ((ParaDreamSolver *)solver)->built[index] != 0; }

static bool build(void *solver, int index, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    (void)diagnostics; // a slot holds whatever a sensible def may say
    para_dream_build_slot(para_dream_world(solver, index), def);
    ((ParaDreamSolver *)solver)->built[index] = 1;
    return true;
}

static void step(void *solver, int index) { para_dream_group_step(solver, index, 1, NULL); }

static const ParaView *view(void *solver, int index) { return &para_dream_world(solver, index)->view; }

static const ParaInputs *inputs(void *solver, int index) { return &para_dream_world(solver, index)->inputs; }

static ParaRayHit ray(void *solver, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group)
{
    return para_view_ray(view(solver, index), from, to, mask, group);
}

static int at_point(void *solver, int index, ParaVec2 point, int32_t *out, int max)
{
    return para_view_at_point(view(solver, index), point, out, max);
}

static int in_box(void *solver, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max)
{
    return para_view_in_box(view(solver, index), low, high, out, max);
}

const ParaSolverApi para_dream_api = {
    // No `fits`: whatever a def may say.
    .create = create,
    .destroy = destroy,
    .build = build,
    .is_built = is_built,
    .step = step,
    .group_step = para_dream_group_step,
    .view = view,
    .inputs = inputs,
    .apply_impulse = para_dream_apply_impulse,
    .set_velocity = para_dream_set_velocity,
    .disable_body = para_dream_disable_body,
    .set_gravity = para_dream_set_gravity,
    .set_clock = para_dream_set_clock,
    .set_zone = para_dream_set_zone,
    .place_body = para_dream_place_body,
    .set_joint = para_dream_set_joint,
    .joint_broken = para_dream_joint_broken,
    .wind_joint = para_dream_wind_joint,
    .set_friction = para_dream_set_friction,
    .diverge = para_dream_act_diverge,
    .ray = ray,
    .at_point = at_point,
    .in_box = in_box,
    .snapshot_size = para_dream_snapshot_size,
    .save = para_dream_save,
    .restore = para_dream_restore,
    .image = para_dream_image,
    .adopt = para_dream_adopt,
    .hash = para_dream_hash,
    .bytes = para_dream_bytes,
};

ParaWorldGroup *para_dream_group_create(const ParaModel *model, int capacity)
{
    PARA_ASSERT(model);
    return para_world_group_create_by(&para_dream_api, model, capacity);
}

static ParaDreamWorld *dreamed(ParaWorld world)
{
    void *solver = para_world_given_state(world, &para_dream_api);
    return solver ? para_dream_world(solver, world.index) : NULL;
}

const float *para_dream_doubt(ParaWorld world)
{
    const ParaDreamWorld *own = dreamed(world);
    return own ? own->doubt : NULL;
}

void para_dream_trust(ParaWorld world)
{
    ParaDreamWorld *own = dreamed(world);
    if (own)
        memset(own->doubt, 0, (size_t)own->def.body_count * sizeof *own->doubt);
}
