// SPDX-License-Identifier: MIT
// What is where in an observation: sizes of the layouts, the list of their spans, and the hash that tells one
// layout from another. All of it from the table in observe.def; for cards of checkpoints, other languages,
// tests.
#include "agents/observe/observe_parts.h"
#include "engine/base/hash.h"

#define PARA_OBS_BLOCK(Block) BLOCK_##Block,
#define PARA_OBS_SPAN(Block, span, name, size, low, high, about)
#define PARA_OBS_DONE(Block)
typedef enum {
#include "agents/observe/observe.def"
    BLOCKS
} Block;

// Where a block stands: in an observation of entities, whose beginning vector shares; slots come after that.
typedef struct Place {
    size_t offset, count, stride; // [1] floats; count 0: as many as there are slots
} Place;

#define GLOBAL(member)                                                                                       \
    {                                                                                                        \
        offsetof(ParaObsEntities, globals.member), 1, 0                                                      \
    }
#define ROW_PART(part)                                                                                       \
    {                                                                                                        \
        offsetof(ParaObsEntities, rows[0].part), PARA_OBS_ROWS, sizeof(ParaObsWholeRow)                      \
    }
static const Place places[BLOCKS] = {
    [BLOCK_Self] = GLOBAL(self),
    [BLOCK_Target] = GLOBAL(target),
    [BLOCK_Cargo] = GLOBAL(cargo),
    [BLOCK_Hazard] = GLOBAL(hazard),
    [BLOCK_Here] = GLOBAL(here),
    [BLOCK_Variables] = GLOBAL(variables),
    [BLOCK_Channel] = {offsetof(ParaObsEntities, globals.channels), PARA_CHANNELS, sizeof(ParaObsChannel)},
    [BLOCK_Rays] = GLOBAL(rays),
    [BLOCK_Row] = ROW_PART(head),
    [BLOCK_Shape] = ROW_PART(rest.shape),
    [BLOCK_Joint] = ROW_PART(rest.joint),
    [BLOCK_Thruster] = ROW_PART(rest.thruster),
    [BLOCK_Zone] = ROW_PART(rest.zone),
    [BLOCK_Mask] = {offsetof(ParaObsEntities, mask), 1, 0},
    [BLOCK_Slot] = {sizeof(ParaObsGlobals), 0, sizeof(ParaObsSlot)},
};

typedef struct Entry {
    Block block;
    size_t offset; // [1] floats, in the block
    ParaObsSpan span;
} Entry;

#define PARA_OBS_BLOCK(Block)
#define PARA_OBS_SPAN(Block, span, name, size, low, high, about)                                             \
    {BLOCK_##Block, offsetof(ParaObs##Block, span), {name, about, 0, size, 1, 0, low, high}},
#define PARA_OBS_DONE(Block)
static const Entry table[] = {
#include "agents/observe/observe.def"
};
enum { ENTRIES = sizeof table / sizeof *table };

ParaObsSpec para_obs_spec_entities(void)
{
    return (ParaObsSpec){.kind = PARA_OBS_ENTITIES,
                         .global_size = sizeof(ParaObsGlobals),
                         .row_max = PARA_OBS_ROWS,
                         .row_size = sizeof(ParaObsWholeRow),
                         .size = sizeof(ParaObsEntities)};
}
_Static_assert(sizeof(ParaObsEntities) ==
                   sizeof(ParaObsGlobals) + PARA_OBS_ROWS * (sizeof(ParaObsWholeRow) + 1),
               "globals, rows and mask follow each other without a gap");

ParaObsSpec para_obs_spec_sized(int global_size)
{
    return (ParaObsSpec){.kind = PARA_OBS_VECTOR, .global_size = global_size, .size = global_size};
}

bool para_obs_is_vector_size(int size)
{
    int room = size - (int)sizeof(ParaObsGlobals);
    return room >= 0 && room % (int)sizeof(ParaObsSlot) == 0;
}

ParaObsSpec para_obs_spec_globals(void) { return para_obs_spec_sized(sizeof(ParaObsGlobals)); }

ParaObsSpec para_obs_spec_vector(const ParaLevel *level)
{
    int bodies = 0;
    for (int i = 0; i < level->world.body_count; i++)
        bodies += level->world.bodies[i].kind != PARA_BODY_STATIC;
    if (bodies > PARA_OBS_ROWS)
        bodies = PARA_OBS_ROWS;
    return para_obs_spec_sized((int)(sizeof(ParaObsGlobals) + (size_t)bodies * sizeof(ParaObsSlot)));
}

const char *para_obs_kind_name(ParaObsKind kind)
{
    static const char *const names[] = {[PARA_OBS_ENTITIES] = "entities",
                                        [PARA_OBS_VECTOR] = "vector",
                                        [PARA_OBS_LISTED] = "listed",
                                        [PARA_OBS_PIXELS] = "pixels"};
    PARA_ASSERT(kind <= PARA_OBS_PIXELS);
    return names[kind];
}

bool para_obs_is_of_one_family(ParaObsKind kind)
{
    return kind == PARA_OBS_VECTOR || kind == PARA_OBS_LISTED;
}

int para_obs_slots(const ParaObsSpec *spec)
{
    int room = spec->global_size - (int)sizeof(ParaObsGlobals);
    return spec->kind == PARA_OBS_VECTOR && room > 0 ? room / (int)sizeof(ParaObsSlot) : 0;
}

static bool has_block(const ParaObsSpec *spec, Block block)
{
    if (block < BLOCK_Row)
        return true;
    return spec->kind == PARA_OBS_VECTOR ? block == BLOCK_Slot && para_obs_slots(spec) > 0
                                         : block != BLOCK_Slot;
}

int para_obs_span_count(const ParaObsSpec *spec)
{
    int count = 0;
    if (spec->kind == PARA_OBS_LISTED)
        return 1;
    if (spec->kind == PARA_OBS_PIXELS)
        return 0;
    for (int i = 0; i < ENTRIES; i++)
        count += has_block(spec, table[i].block);
    return count;
}

ParaObsSpan para_obs_span(const ParaObsSpec *spec, int index)
{
    int at = -1;
    if (spec->kind == PARA_OBS_LISTED) {
        PARA_ASSERT(index == 0);
        return (ParaObsSpan){
            "listed", "what the level lists to observe, in its order", 0, spec->size, 1, 0, -10, 10};
    }
    do {
        at++;
        PARA_ASSERT(index >= 0 && at < ENTRIES);
        index -= has_block(spec, table[at].block);
    } while (index >= 0);
    const Place *place = &places[table[at].block];
    ParaObsSpan span = table[at].span;
    span.offset = (int)(place->offset + table[at].offset);
    span.count = place->count > 0 ? (int)place->count : para_obs_slots(spec);
    span.stride = span.count > 1 ? (int)place->stride : 0;
    return span;
}

bool para_obs_span_find(const ParaObsSpec *spec, const char *name, ParaObsSpan *out)
{
    for (int i = 0, count = para_obs_span_count(spec); i < count; i++) {
        ParaObsSpan span = para_obs_span(spec, i);
        if (strcmp(span.name, name) == 0) {
            *out = span;
            return true;
        }
    }
    return false;
}

uint64_t para_obs_layout_hash(const ParaObsSpec *spec)
{
    const int32_t head[] = {PARA_OBS_LAYOUT, spec->size};
    uint64_t hash = para_hash(head, sizeof head, 0);
    for (int i = 0, count = para_obs_span_count(spec); i < count; i++) {
        ParaObsSpan span = para_obs_span(spec, i);
        const int32_t place[] = {span.offset, span.size, span.count, span.stride};
        hash = para_hash(span.name, strlen(span.name) + 1, hash);
        hash = para_hash(place, sizeof place, hash);
    }
    return hash;
}
