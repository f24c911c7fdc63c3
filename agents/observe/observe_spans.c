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

// Where a block stands: in an observation of entities without parts, whose beginning vector shares; slots
// come after that. A block of a part stands so far into it; what comes behind the parts is moved by their
// sizes.
typedef struct Place {
    size_t offset, count, stride; // [1] floats; count 0: as many as there are slots
    uint32_t part;                // [bits] ParaObsPart; 0: of the layout itself
} Place;

#define GLOBAL(member)                                                                                       \
    {                                                                                                        \
        offsetof(ParaObsEntities, globals.member), 1, 0, 0                                                   \
    }
#define ROW_PART(part)                                                                                       \
    {                                                                                                        \
        offsetof(ParaObsEntities, rows[0].part), PARA_OBS_ROWS, sizeof(ParaObsWholeRow), 0                   \
    }
#define MAP_PART(member, count, Block)                                                                       \
    {                                                                                                        \
        offsetof(ParaObsMapPart, member), count, sizeof(ParaObs##Block), PARA_OBS_MAP                        \
    }
static const Place places[BLOCKS] = {
    [BLOCK_Self] = GLOBAL(self),
    [BLOCK_Target] = GLOBAL(target),
    [BLOCK_Cargo] = GLOBAL(cargo),
    [BLOCK_Hazard] = GLOBAL(hazard),
    [BLOCK_Here] = GLOBAL(here),
    [BLOCK_Variables] = GLOBAL(variables),
    [BLOCK_Channel] = {offsetof(ParaObsEntities, globals.channels), PARA_CHANNELS, sizeof(ParaObsChannel), 0},
    [BLOCK_Rays] = GLOBAL(rays),
    [BLOCK_Home] = MAP_PART(home, 1, Home),
    [BLOCK_Way] = MAP_PART(ways, PARA_WAYS, Way),
    [BLOCK_Patch] = MAP_PART(patches, PARA_MAP_SCALES, Patch),
    [BLOCK_Seen] = MAP_PART(seen, PARA_OBS_SEEN, Seen),
    [BLOCK_Heard] = {offsetof(ParaObsHeardPart, speakers), PARA_OBS_SPEAKERS, sizeof(ParaObsHeard),
                     PARA_OBS_HEARD},
    [BLOCK_Row] = ROW_PART(head),
    [BLOCK_Shape] = ROW_PART(rest.shape),
    [BLOCK_Joint] = ROW_PART(rest.joint),
    [BLOCK_Thruster] = ROW_PART(rest.thruster),
    [BLOCK_Zone] = ROW_PART(rest.zone),
    [BLOCK_Mask] = {offsetof(ParaObsEntities, mask), 1, 0, 0},
    [BLOCK_Slot] = {sizeof(ParaObsGlobals), 0, sizeof(ParaObsSlot), 0},
};

// Parts by their bits, in the order in which they stand.
static const struct {
    const char *name;
    int size; // [1] floats
} parts_table[PARA_OBS_PARTS] = {{"map", sizeof(ParaObsMapPart)}, {"heard", sizeof(ParaObsHeardPart)}};

int para_obs_part_size(uint32_t parts)
{
    int size = 0;
    PARA_ASSERT(parts >> PARA_OBS_PARTS == 0);
    for (int k = 0; k < PARA_OBS_PARTS; k++)
        size += parts >> k & 1 ? parts_table[k].size : 0;
    return size;
}

const char *para_obs_part_name(ParaObsPart part)
{
    for (int k = 0; k < PARA_OBS_PARTS; k++)
        if ((int)part == 1 << k)
            return parts_table[k].name;
    PARA_ASSERT(!"a part of that bit");
    return NULL;
}

bool para_obs_part_find(const char *name, ParaObsPart *out)
{
    for (int k = 0; k < PARA_OBS_PARTS; k++)
        if (strcmp(name, parts_table[k].name) == 0) {
            *out = (ParaObsPart)(1 << k);
            return true;
        }
    return false;
}

ParaObsSpec para_obs_spec_with(ParaObsSpec spec, uint32_t parts)
{
    PARA_ASSERT(parts == 0 || spec.kind == PARA_OBS_ENTITIES || spec.kind == PARA_OBS_VECTOR);
    int more = para_obs_part_size(spec.parts | parts) - para_obs_part_size(spec.parts);
    spec.parts |= parts;
    spec.global_size += more;
    spec.size += more;
    return spec;
}

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
    int room = spec->global_size - para_obs_part_size(spec->parts) - (int)sizeof(ParaObsGlobals);
    return spec->kind == PARA_OBS_VECTOR && room > 0 ? room / (int)sizeof(ParaObsSlot) : 0;
}

ParaObsSpec para_obs_spec_plain(ParaObsSpec spec)
{
    int less = para_obs_part_size(spec.parts);
    spec.parts = 0;
    spec.global_size -= less;
    spec.size -= less;
    return spec;
}

static bool has_block(const ParaObsSpec *spec, Block block)
{
    if (places[block].part)
        return spec->parts & places[block].part;
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
    if (place->part) // behind the parts of lower bits
        span.offset += (int)sizeof(ParaObsGlobals) + para_obs_part_size(spec->parts & (place->part - 1));
    else if (table[at].block >= BLOCK_Row)
        span.offset += para_obs_part_size(spec->parts);
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
