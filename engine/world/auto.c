// SPDX-License-Identifier: MIT
// The solver AUTO: a lanes solver and, from the first level on that does not fit it, a chipmunk solver, both
// with room for every world. Each build decides which of the two runs the world until its next build.
#include "engine/world/solver.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define MASK_CHUNK 256 // worlds per call where a mask has to be made

typedef struct AutoSolver {
    int capacity;
    void *lanes;
    _Atomic(void *) chipmunk; ///< NULL until first needed
    pthread_mutex_t lock;     ///< of its creation
    uint8_t *kind;            ///< [capacity] ParaSolverKind that runs the world, AUTO where none is built
} AutoSolver;

/// Where a built world runs.
typedef struct Place {
    const ParaSolverApi *api;
    void *solver;
} Place;

static Place place_of(AutoSolver *s, ParaSolverKind kind)
{
    if (kind == PARA_SOLVER_LANES)
        return (Place){para_lanes_api(), s->lanes};
    return (Place){para_chipmunk_api(), atomic_load_explicit(&s->chipmunk, memory_order_acquire)};
}

static Place place_at(void *opaque, int index)
{
    AutoSolver *s = opaque;
    return place_of(s, (ParaSolverKind)s->kind[index]);
}

// ---------------------------------------------------------------------------------------------
// Memory.

static void destroy(void *opaque)
{
    AutoSolver *s = opaque;
    void *chipmunk = atomic_load_explicit(&s->chipmunk, memory_order_acquire);
    if (s->lanes)
        para_lanes_api()->destroy(s->lanes);
    if (chipmunk)
        para_chipmunk_api()->destroy(chipmunk);
    pthread_mutex_destroy(&s->lock);
    free(s->kind);
    free(s);
}

static void *create(int capacity)
{
    AutoSolver *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->capacity = capacity;
    pthread_mutex_init(&s->lock, NULL);
    s->kind = calloc((size_t)capacity, sizeof *s->kind); // AUTO is 0
    s->lanes = s->kind ? para_lanes_api()->create(capacity) : NULL;
    if (s->lanes)
        return s;
    destroy(s);
    return NULL;
}

/// The chipmunk solver, made by whichever thread needs it first; NULL if memory cannot be reserved.
static void *chipmunk_of(AutoSolver *s)
{
    void *chipmunk = atomic_load_explicit(&s->chipmunk, memory_order_acquire);
    if (chipmunk)
        return chipmunk;
    pthread_mutex_lock(&s->lock);
    chipmunk = atomic_load_explicit(&s->chipmunk, memory_order_relaxed);
    if (!chipmunk) {
        chipmunk = para_chipmunk_api()->create(s->capacity);
        atomic_store_explicit(&s->chipmunk, chipmunk, memory_order_release);
    }
    pthread_mutex_unlock(&s->lock);
    return chipmunk;
}

// ---------------------------------------------------------------------------------------------
// Which of the two.

static bool fits(const ParaWorldDef *def, char *out_why, size_t why_size)
{
    (void)def;
    (void)out_why;
    (void)why_size;
    return true;
}

static ParaSolverKind solver_of(void *opaque, int index)
{
    return (ParaSolverKind)((const AutoSolver *)opaque)->kind[index];
}

static bool is_built(void *opaque, int index) { return solver_of(opaque, index) != PARA_SOLVER_AUTO; }

/// The solver of that kind with its worlds; its `solver` is NULL if there is no memory for them.
static Place enter(AutoSolver *s, ParaSolverKind kind)
{
    if (kind == PARA_SOLVER_CHIPMUNK && !chipmunk_of(s))
        return (Place){para_chipmunk_api(), NULL};
    return place_of(s, kind);
}

static bool no_memory(ParaDiagList *diagnostics)
{
    if (diagnostics)
        para_diag_add(diagnostics, PARA_DIAG_ERROR, "W013", "", "no memory for the worlds of chipmunk");
    return false;
}

static bool build(void *opaque, int index, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    AutoSolver *s = opaque;
    ParaSolverKind kind = para_lanes_api()->fits(def, NULL, 0) ? PARA_SOLVER_LANES : PARA_SOLVER_CHIPMUNK;
    Place place = enter(s, kind);
    if (!place.solver)
        return no_memory(diagnostics);
    if (place.api->build(place.solver, index, def, diagnostics)) {
        s->kind[index] = (uint8_t)kind;
        return true;
    }
    if (s->kind[index] == kind && !place.api->is_built(place.solver, index))
        s->kind[index] = PARA_SOLVER_AUTO;
    return false;
}

static bool clone(void *source, int source_index, void *target, int target_index, ParaDiagList *diagnostics)
{
    AutoSolver *to = target;
    ParaSolverKind kind = solver_of(source, source_index);
    Place from = place_at(source, source_index), place = enter(to, kind);
    if (!place.solver)
        return no_memory(diagnostics);
    if (!place.api->clone(from.solver, source_index, place.solver, target_index, diagnostics))
        return false;
    to->kind[target_index] = (uint8_t)kind;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Stepping.

static void step(void *opaque, int index)
{
    Place place = place_at(opaque, index);
    place.api->step(place.solver, index);
}

/// How many of the worlds [first, first + count) a solver runs.
static int count_of(const AutoSolver *s, ParaSolverKind kind, int first, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += s->kind[first + i] == kind;
    return sum;
}

/// Steps the worlds of the range that `kind` runs. A world that moved to the other solver is still built in
/// its old one, so where not all are of this kind they are picked by a mask.
static void step_kind(AutoSolver *s, ParaSolverKind kind, int first, int count, const uint8_t *active)
{
    int own = count_of(s, kind, first, count);
    Place place = place_of(s, kind);
    if (own == count && own > 0)
        place.api->group_step(place.solver, first, count, active);
    if (own == count || own == 0)
        return;
    for (int begin = 0; begin < count; begin += MASK_CHUNK) {
        uint8_t mask[MASK_CHUNK];
        int size = count - begin < MASK_CHUNK ? count - begin : MASK_CHUNK;
        for (int i = 0; i < size; i++)
            mask[i] = s->kind[first + begin + i] == kind && (!active || active[begin + i]);
        place.api->group_step(place.solver, first + begin, size, mask);
    }
}

static void group_step(void *opaque, int first, int count, const uint8_t *active)
{
    step_kind(opaque, PARA_SOLVER_LANES, first, count, active);
    step_kind(opaque, PARA_SOLVER_CHIPMUNK, first, count, active);
}

static bool set_width(void *opaque, int width)
{
    AutoSolver *s = opaque;
    return para_lanes_api()->set_width(s->lanes, width);
}

// ---------------------------------------------------------------------------------------------
// Everything else goes to the solver that runs the world.

static const ParaView *view(void *opaque, int index)
{
    Place place = place_at(opaque, index);
    return place.api->view(place.solver, index);
}

static const ParaInputs *inputs(void *opaque, int index)
{
    Place place = place_at(opaque, index);
    return place.api->inputs(place.solver, index);
}

static void apply_impulse(void *opaque, int index, int body, ParaVec2 impulse)
{
    Place place = place_at(opaque, index);
    place.api->apply_impulse(place.solver, index, body, impulse);
}

static void set_velocity(void *opaque, int index, int body, ParaVec2 velocity, float spin)
{
    Place place = place_at(opaque, index);
    place.api->set_velocity(place.solver, index, body, velocity, spin);
}

static void disable_body(void *opaque, int index, int body)
{
    Place place = place_at(opaque, index);
    place.api->disable_body(place.solver, index, body);
}

static ParaRayHit ray(void *opaque, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group)
{
    Place place = place_at(opaque, index);
    return place.api->ray(place.solver, index, from, to, mask, group);
}

static int at_point(void *opaque, int index, ParaVec2 point, int32_t *out, int max)
{
    Place place = place_at(opaque, index);
    return place.api->at_point(place.solver, index, point, out, max);
}

static int in_box(void *opaque, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max)
{
    Place place = place_at(opaque, index);
    return place.api->in_box(place.solver, index, low, high, out, max);
}

static size_t snapshot_size(void *opaque, int index)
{
    Place place = place_at(opaque, index);
    return place.api->snapshot_size(place.solver, index);
}

static size_t save(void *opaque, int index, void *out, size_t size_max)
{
    Place place = place_at(opaque, index);
    return place.api->save(place.solver, index, out, size_max);
}

static bool restore(void *opaque, int index, const void *image, size_t size)
{
    Place place = place_at(opaque, index);
    return place.api->restore(place.solver, index, image, size);
}

static uint64_t hash(void *opaque, int index)
{
    Place place = place_at(opaque, index);
    return place.api->hash(place.solver, index);
}

static size_t bytes(void *opaque, int index)
{
    Place place = place_at(opaque, index);
    return place.api->bytes(place.solver, index);
}

const ParaSolverApi *para_auto_api(void)
{
    static const ParaSolverApi api = {.kind = PARA_SOLVER_AUTO,
                                      .fits = fits,
                                      .create = create,
                                      .destroy = destroy,
                                      .is_built = is_built,
                                      .solver_of = solver_of,
                                      .build = build,
                                      .step = step,
                                      .group_step = group_step,
                                      .set_width = set_width,
                                      .view = view,
                                      .inputs = inputs,
                                      .apply_impulse = apply_impulse,
                                      .set_velocity = set_velocity,
                                      .disable_body = disable_body,
                                      .ray = ray,
                                      .at_point = at_point,
                                      .in_box = in_box,
                                      .snapshot_size = snapshot_size,
                                      .save = save,
                                      .restore = restore,
                                      .clone = clone,
                                      .hash = hash,
                                      .bytes = bytes};
    return &api;
}
