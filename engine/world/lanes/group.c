// SPDX-License-Identifier: MIT
// The memory of a group of lanes worlds, the blocks they are stepped in, and the solver's table of functions.
#include "engine/world/lanes/group.h"

#include "engine/base/assert.h"
#include "engine/base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PAGE          ((size_t)4096)
#define PAGE_COLOURS  16 // pages after which addresses meet in the same sets of a first or second cache
#define PAGE_STEP     3  // successive slots start this many colours apart
#define BLOCK_PADDING 64 // items behind each array of a block, for whole vectors

/// A block and its arrays, in one mapping.
typedef struct Scratch {
    struct Scratch *next;
    size_t size; ///< [byte]
    ParaLanesBlock block;
} Scratch;

struct ParaLanesSolver {
    int capacity, width;
    ParaLanesKernel *kernel;
    unsigned char *memory; ///< [capacity] slots of `stride` bytes
    size_t stride;
    uint8_t *substeps;    ///< [capacity] that the built world is run with; 0: not built
    uint8_t *passes;      ///< [capacity] 1..PARA_LANES_PASSES_MAX of its contacts in a micro step
    pthread_mutex_t lock; ///< of the list of free blocks
    pthread_cond_t back;  ///< a block has come back
    Scratch *free_blocks;
};

ParaLanesWorld *para_lanes_world(const void *solver, int index)
{
    const ParaLanesSolver *s = solver;
    PARA_ASSERT_HOT(index >= 0 && index < s->capacity);
    return (ParaLanesWorld *)(void *)(s->memory + (size_t)index * s->stride);
}

void para_lanes_note_built(void *solver, int index)
{
    ParaLanesSolver *s = solver;
    const ParaLanesWorld *world = para_lanes_world(s, index);
    int substeps = world->micro_steps / PARA_LANES_MICRO_STEPS;
    PARA_ASSERT(substeps >= 1 && substeps <= PARA_LANES_SUBSTEPS_MAX);
    PARA_ASSERT(world->passes >= 1 && world->passes <= PARA_LANES_PASSES_MAX);
    s->substeps[index] = (uint8_t)substeps;
    s->passes[index] = (uint8_t)world->passes;
}

// ---------------------------------------------------------------------------------------------
// Blocks. A thread takes one for the time of a call; there are as many as threads ever stepped at once.

/// Cuts a block's arrays from `base`; with NULL it only counts. @return [byte]
static size_t lay_out(ParaLanesBlock *block, unsigned char *base)
{
    size_t used = (sizeof(Scratch) + PAGE - 1) / PAGE * PAGE;
    const struct {
        void *array; // a pointer to the pointer
        size_t item, count;
    } parts[] = {{&block->motion, sizeof(ParaLanesMotion), PARA_LANES_BLOCK_BODIES},
                 {&block->fixed, sizeof(ParaLanesFixed), PARA_LANES_BLOCK_BODIES},
                 {&block->unpushed, sizeof(ParaLanesQuad), PARA_LANES_BLOCK_BODIES},
                 {&block->push, sizeof(ParaLanesQuad), PARA_LANES_BLOCK_BODIES},
                 {&block->damp, sizeof(ParaLanesQuad), PARA_LANES_BLOCK_BODIES},
                 {&block->placed, sizeof(ParaLanesPlaced), PARA_LANES_BLOCK_SHAPES},
                 {&block->box, 4 * sizeof(float), PARA_LANES_BLOCK_SHAPES + BLOCK_PADDING},
                 {&block->manifolds, sizeof(ParaLanesManifold),
                  PARA_LANES_BLOCK_MANIFOLDS + PARA_LANES_BLOCK_CANDIDATES},
                 {&block->belts, sizeof(float), PARA_LANES_BLOCK_MANIFOLDS},
                 {&block->bounce_mins, sizeof(float), PARA_LANES_BLOCK_MANIFOLDS},
                 {&block->room, 1, PARA_LANES_ROOM_SIZE}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        unsigned char *piece = base ? base + used : NULL;
        if (base)
            memcpy(parts[i].array, &piece, sizeof piece);
        // One line more each time, so that arrays read side by side do not meet in the same sets.
        used += (parts[i].item * (parts[i].count + BLOCK_PADDING) + PAGE - 1) / PAGE * PAGE + 64 * (i + 1);
        used = (used + 63) / 64 * 64;
    }
    return used;
}

static Scratch *make_scratch(void)
{
    ParaLanesBlock measure;
    size_t size = lay_out(&measure, NULL);
    Scratch *scratch = para_memory_reserve(size);
    if (!scratch)
        return NULL;
    scratch->size = size;
    size_t used = lay_out(&scratch->block, (unsigned char *)scratch);
    PARA_ASSERT(used == size && (uintptr_t)scratch->block.room % 64 == 0);
    scratch->block.box_stride = PARA_LANES_BLOCK_SHAPES + BLOCK_PADDING;
    return scratch;
}

/// A free block; a new one where there is none; where there is no memory for it, the next that comes back.
static Scratch *take_scratch(ParaLanesSolver *s)
{
    pthread_mutex_lock(&s->lock);
    Scratch *scratch = s->free_blocks ? NULL : make_scratch();
    if (!scratch) {
        while (!s->free_blocks) // one was made with the group, so one will come
            pthread_cond_wait(&s->back, &s->lock);
        scratch = s->free_blocks;
        s->free_blocks = scratch->next;
    }
    pthread_mutex_unlock(&s->lock);
    return scratch;
}

static void give_back(ParaLanesSolver *s, Scratch *scratch)
{
    pthread_mutex_lock(&s->lock);
    scratch->next = s->free_blocks;
    s->free_blocks = scratch;
    pthread_cond_signal(&s->back);
    pthread_mutex_unlock(&s->lock);
}

// ---------------------------------------------------------------------------------------------
// The group.

static ParaLanesKernel *kernel_of(int width)
{
#if defined(__x86_64__)
    if (width == 16)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
                   ? para_lanes_step_block_w16
                   : NULL;
    if (width == 8)
        return __builtin_cpu_supports("avx2") ? para_lanes_step_block_w8 : NULL;
#endif
    return width == 4 ? para_lanes_step_block_w4 : NULL;
}

bool para_lanes_use_width(void *solver, int width)
{
    ParaLanesSolver *s = solver;
    ParaLanesKernel *kernel = kernel_of(width);
    if (!kernel)
        return false;
    s->width = width;
    s->kernel = kernel;
    return true;
}

static void destroy(void *solver)
{
    ParaLanesSolver *s = solver;
    for (Scratch *scratch = s->free_blocks, *next; scratch; scratch = next) {
        next = scratch->next;
        para_memory_release(scratch, scratch->size);
    }
    para_memory_release(s->memory, s->stride * (size_t)s->capacity);
    pthread_cond_destroy(&s->back);
    pthread_mutex_destroy(&s->lock);
    free(s->substeps);
    free(s->passes);
    free(s);
}

static void *create(const void *context, int capacity)
{
    (void)context;
    ParaLanesSolver *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    size_t pages = (para_lanes_slot_max() + PAGE - 1) / PAGE;
    while (pages % PAGE_COLOURS != PAGE_STEP)
        pages++;
    s->capacity = capacity;
    s->stride = pages * PAGE;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->back, NULL);
    s->substeps = calloc((size_t)capacity, 1);
    s->passes = calloc((size_t)capacity, 1);
    s->memory = para_memory_reserve(s->stride * (size_t)capacity);
    s->free_blocks = make_scratch();
    if (!s->substeps || !s->passes || !s->memory || !s->free_blocks) {
        destroy(s);
        return NULL;
    }
    para_memory_prefer_small_pages(s->memory, s->stride * (size_t)capacity); // worlds use a slot's first ones
    for (int width = 16; !para_lanes_use_width(s, width);)
        width /= 2;
    return s;
}

static bool is_built(void *solver, int index) { return ((ParaLanesSolver *)solver)->substeps[index] != 0; }

static const ParaView *view(void *solver, int index) { return &para_lanes_world(solver, index)->view; }

static void diverge(void *solver, int index, int body)
{
    para_lanes_diverge(para_lanes_world(solver, index), body);
}

static const ParaInputs *inputs(void *solver, int index) { return &para_lanes_world(solver, index)->inputs; }

// ---------------------------------------------------------------------------------------------
// Building.

static bool build(void *solver, int index, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    ParaLanesSolver *s = solver;
    ParaLanesWorld *world = para_lanes_world(s, index);
    char why[128];
    if (!para_lanes_fits(def, why, sizeof why)) {
        if (diagnostics)
            para_diag_add(diagnostics, PARA_DIAG_ERROR, "W012", "", "%s; the solver chipmunk takes more",
                          why);
        return false;
    }
    if (para_lanes_build_slot(world, s->stride, def)) {
        para_lanes_note_built(s, index);
        return true;
    }
    if (diagnostics)
        para_diag_add(diagnostics, PARA_DIAG_ERROR, "W011", "", "the world is too big for its memory");
    return false; // decided before anything was written
}

// ---------------------------------------------------------------------------------------------
// Stepping.

static void run_block(const ParaLanesSolver *s, ParaLanesBlock *block)
{
    if (block->world_count == 0)
        return;
    s->kernel(block);
    for (int w = 0; w < block->world_count; w++)
        para_lanes_report(block, w);
    block->world_count = 0;
}

/// Steps the worlds of one number of substeps and passes: a block makes its micro steps together.
static void step_alike(const ParaLanesSolver *s, ParaLanesBlock *block, int substeps, int passes, int first,
                       int count, const uint8_t *active)
{
    block->micro_steps = substeps * PARA_LANES_MICRO_STEPS;
    block->passes = passes;
    for (int i = 0; i < count; i++) {
        if ((active && !active[i]) || s->substeps[first + i] != substeps || s->passes[first + i] != passes)
            continue;
        ParaLanesWorld *world = para_lanes_world(s, first + i);
        PARA_ASSERT_HOT(world->micro_steps == block->micro_steps);
        if (world->state->status != PARA_WORLD_FINE)
            continue;
        block->worlds[block->world_count++] = world;
        if (block->world_count == PARA_LANES_BLOCK)
            run_block(s, block);
    }
    run_block(s, block);
}

static void group_step(void *solver, int first, int count, const uint8_t *active)
{
    ParaLanesSolver *s = solver;
    PARA_ASSERT(first >= 0 && count >= 0 && first + count <= s->capacity);
    uint32_t kinds[PARA_LANES_SUBSTEPS_MAX + 1] = {0}; // bit n: a world with so many substeps and n passes
    for (int i = 0; i < count; i++)
        if (!active || active[i])
            kinds[s->substeps[first + i]] |= 1u << s->passes[first + i];
    Scratch *scratch = take_scratch(s);
    PARA_ASSERT(scratch->block.world_count == 0); // as the last user left it
    for (int substeps = 1; substeps <= PARA_LANES_SUBSTEPS_MAX; substeps++)
        for (int passes = 1; kinds[substeps] >> passes; passes++)
            if (kinds[substeps] >> passes & 1u)
                step_alike(s, &scratch->block, substeps, passes, first, count, active);
    give_back(s, scratch);
}

static void step(void *solver, int index) { group_step(solver, index, 1, NULL); }

const ParaSolverApi para_lanes_api = {
    .fits = para_lanes_fits,
    .create = create,
    .destroy = destroy,
    .build = build,
    .is_built = is_built,
    .step = step,
    .group_step = group_step,
    .view = view,
    .inputs = inputs,
    .apply_impulse = para_lanes_apply_impulse,
    .set_velocity = para_lanes_set_velocity,
    .disable_body = para_lanes_disable_body,
    .set_gravity = para_lanes_set_gravity,
    .set_clock = para_lanes_set_clock,
    .set_zone = para_lanes_set_zone,
    .place_body = para_lanes_place_body,
    .set_joint = para_lanes_set_joint,
    .joint_broken = para_lanes_joint_broken,
    .wind_joint = para_lanes_wind_joint,
    .set_friction = para_lanes_set_friction,
    .diverge = diverge,
    .ray = para_lanes_ray,
    .at_point = para_lanes_at_point,
    .in_box = para_lanes_in_box,
    .snapshot_size = para_lanes_snapshot_size,
    .save = para_lanes_save,
    .restore = para_lanes_restore,
    .image = para_lanes_image,
    .adopt = para_lanes_adopt,
    .hash = para_lanes_hash,
    .bytes = para_lanes_bytes,
};
