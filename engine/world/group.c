// SPDX-License-Identifier: MIT
// Groups of worlds: the solvers' states, made when first needed, and which solver runs which world. That is
// settled at each build of a world; para_world_place tells it to door.c.
#include "engine/base/assert.h"
#include "engine/base/memory.h"
#include "engine/world/def_copy.h"
#include "engine/world/solver.h"

#include <stdlib.h>
#include <string.h>

#define MASK_CHUNK 256 // worlds per call where a mask has to be made

static const ParaSolverApi *api_of(const ParaWorldGroup *group, ParaSolverKind kind)
{
    return kind == PARA_SOLVER_DREAM ? group->given : para_solvers[kind].api;
}

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
        state = api_of(group, kind)->create(group->context, group->capacity);
        atomic_store_explicit(&group->states[kind], state, memory_order_release);
    }
    pthread_mutex_unlock(&group->lock);
    return state;
}

static ParaWorldGroup *make(ParaSolverKind solver, const ParaSolverApi *given, const void *context,
                            int capacity)
{
    PARA_ASSERT((unsigned)solver < PARA_SOLVER_COUNT && capacity > 0);
    ParaWorldGroup *group = calloc(1, sizeof *group);
    if (!group)
        return NULL;
    group->kind = solver;
    group->given = given;
    group->context = context;
    group->capacity = capacity;
    pthread_mutex_init(&group->lock, NULL);
    group->runs = calloc((size_t)capacity, sizeof *group->runs); // AUTO is 0
    if (group->runs && enter(group, solver == PARA_SOLVER_AUTO ? para_auto_choose(NULL) : solver))
        return group;
    para_world_group_destroy(group);
    return NULL;
}

ParaWorldGroup *para_world_group_create(ParaSolverKind solver, int capacity)
{
    return para_solver_stands_alone(solver) ? make(solver, NULL, NULL, capacity) : NULL;
}

ParaWorldGroup *para_world_group_create_by(const ParaSolverApi *api, const void *context, int capacity)
{
    PARA_ASSERT(api);
    return make(PARA_SOLVER_DREAM, api, context, capacity);
}

void para_world_group_destroy(ParaWorldGroup *group)
{
    if (!group)
        return;
    for (int kind = 0; kind < PARA_SOLVER_COUNT; kind++) {
        void *state = state_of(group, (ParaSolverKind)kind);
        if (state)
            api_of(group, (ParaSolverKind)kind)->destroy(state);
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

static void check_index(ParaWorld world)
{
    PARA_ASSERT(world.group && world.index >= 0 && world.index < world.group->capacity);
}

ParaPlace para_world_place(ParaWorld world)
{
    check_index(world);
    ParaSolverKind kind = (ParaSolverKind)world.group->runs[world.index];
    PARA_ASSERT(kind != PARA_SOLVER_AUTO); // not built
    return (ParaPlace){api_of(world.group, kind), state_of(world.group, kind), world.index, kind};
}

void *para_world_given_state(ParaWorld world, const ParaSolverApi *api)
{
    ParaPlace at = para_world_place(world);
    return at.api == api ? at.state : NULL;
}

ParaSolverKind para_world_solver(ParaWorld world) { return para_world_place(world).kind; }

// ---------------------------------------------------------------------------------------------
// Building.

/// Room with the solver for a world that is to be built or cloned; its `state` is NULL, and a message is
/// noted, if there is no memory for it.
static ParaPlace room_for(ParaWorld world, ParaSolverKind kind, ParaDiagList *diagnostics)
{
    ParaPlace at = {api_of(world.group, kind), enter(world.group, kind), world.index, kind};
    if (!at.state && diagnostics)
        para_diag_add(diagnostics, PARA_DIAG_ERROR, "W013", "", "no memory for the worlds of %s",
                      para_solver_name(kind));
    return at;
}

/// Builds from a def that lies in the world's own memory, by way of a copy.
static bool build_from_own(ParaPlace at, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    ParaWorldDef copy = *def;
    ParaCut cut = {0};
    para_world_def_cut(&copy, &cut);
    cut = (ParaCut){.base = malloc(cut.used + 1)};
    if (!cut.base) {
        if (diagnostics)
            para_diag_add(diagnostics, PARA_DIAG_ERROR, "W013", "", "no memory for a copy of the def");
        return false;
    }
    para_world_def_cut(&copy, &cut);
    para_world_def_fill(&copy, def);
    bool good = at.api->build(at.state, at.index, &copy, diagnostics);
    free(cut.base);
    return good;
}

/// Whether a def reads the memory of the world that is built at a place: a caller rebuilds from its view's
/// def.
static bool is_own(ParaPlace at, const ParaWorldDef *def)
{
    const ParaWorldDef *own = at.api->view(at.state, at.index)->def;
    return def == own || para_world_def_overlaps(def, own);
}

bool para_world_build(ParaWorld world, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    check_index(world);
    if (!para_world_def_check(def, diagnostics))
        return false;
    ParaSolverKind kind = world.group->kind == PARA_SOLVER_AUTO ? para_auto_choose(def) : world.group->kind;
    uint8_t *runs = &world.group->runs[world.index];
    ParaPlace at = room_for(world, kind, diagnostics);
    if (!at.state)
        return false;
    PARA_ASSERT(kind != PARA_SOLVER_AUTO);
    bool own = *runs == kind && is_own(at, def);
    if (own ? build_from_own(at, def, diagnostics) : at.api->build(at.state, at.index, def, diagnostics)) {
        *runs = (uint8_t)kind;
        return true;
    }
    if (*runs == kind && !at.api->is_built(at.state, at.index))
        *runs = PARA_SOLVER_AUTO;
    return false;
}

// ---------------------------------------------------------------------------------------------
// Images and clones.

/// Before the bytes of a world in its image.
typedef struct Head {
    ParaSolverKind group, runs; ///< what its group was made with, and what runs it
    const ParaSolverApi *given; ///< of a DREAM: whose
    size_t size;                ///< [byte] of the world
} Head;

size_t para_world_image_size(ParaWorld world)
{
    ParaPlace at = para_world_place(world);
    size_t size = 0;
    return at.api->image(at.state, at.index, &size, NULL) ? sizeof(Head) + size : 0;
}

size_t para_world_image(ParaWorld world, void *out, size_t size_max)
{
    ParaPlace at = para_world_place(world);
    Head head = {.group = world.group->kind, .runs = at.kind, .given = world.group->given};
    const void *image = at.api->image(at.state, at.index, &head.size, NULL);
    if (!image || sizeof head + head.size > size_max)
        return 0;
    memcpy(out, &head, sizeof head);
    para_memory_copy((char *)out + sizeof head, image, head.size);
    return sizeof head + head.size;
}

ParaSolverKind para_world_image_solver(const void *image)
{
    Head head;
    memcpy(&head, image, sizeof head);
    return head.group;
}

/// Makes `target` a world like that of the bytes.
static bool adopt(ParaWorld target, ParaSolverKind runs, const void *image, size_t size,
                  ParaDiagList *diagnostics)
{
    ParaPlace to = room_for(target, runs, diagnostics);
    if (!to.state)
        return false;
    to.api->adopt(to.state, to.index, image, size);
    target.group->runs[target.index] = (uint8_t)runs;
    return true;
}

bool para_world_adopt(ParaWorld target, const void *image, ParaDiagList *diagnostics)
{
    Head head;
    memcpy(&head, image, sizeof head);
    check_index(target);
    // The caller asks para_world_image_solver; dreams of another kind of dreamer never meet.
    PARA_ASSERT(head.group == target.group->kind && head.given == target.group->given);
    return adopt(target, head.runs, (const char *)image + sizeof head, head.size, diagnostics);
}

bool para_world_clone(ParaWorld source, ParaWorld target, ParaDiagList *diagnostics)
{
    ParaPlace from = para_world_place(source);
    check_index(target);
    if (target.group->kind != source.group->kind || target.group->given != source.group->given) {
        if (diagnostics)
            para_diag_add(diagnostics, PARA_DIAG_ERROR, "W020", "", "cannot clone from solver %s to %s",
                          para_solver_name(source.group->kind), para_solver_name(target.group->kind));
        return false;
    }
    if (source.group == target.group && source.index == target.index)
        return true;
    size_t size = 0;
    const void *image = from.api->image(from.state, from.index, &size, diagnostics);
    return image && adopt(target, from.kind, image, size, diagnostics);
}

// ---------------------------------------------------------------------------------------------
// Stepping.

/// Steps the worlds of the range that `kind` runs. A world that moved to another solver is still built in its
/// old one, so where not all are of this kind they are picked by a mask.
static void step_kind(ParaWorldGroup *group, ParaSolverKind kind, int first, int count, const uint8_t *active)
{
    const ParaSolverApi *api = api_of(group, kind);
    const uint8_t *runs = group->runs + first;
    void *state = state_of(group, kind);
    int own = 0;
    for (int i = 0; i < count; i++)
        own += runs[i] == kind;
    if (own == 0)
        return;
    if (own == count) {
        api->group_step(state, first, count, active);
        return;
    }
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
