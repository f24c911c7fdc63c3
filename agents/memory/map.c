// SPDX-License-Identifier: MIT
// A map's life and its cells: made, copied, told along rays what is free and what is solid, read.
#include "agents/memory/map.h"

#include "agents/memory/map_parts.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define PLACE_MAX 30000.0f                // [m] what lies beyond is not kept: a tile's number fits 16 bits
#define INTO      0.05f                   // [m] behind a ray's end lies what stopped it
#define OLD       (PARA_MAP_WHEN_MAX / 2) // [decision] from here on time is counted where it has run out

const float para_map_cell_side[PARA_MAP_SCALES] = {0.5f, 2.0f};
_Static_assert(sizeof(ParaMapTile) == 8 + 4 * PARA_MAP_TILE_CELLS,
               "a tile has no gaps, so that it can be hashed");
_Static_assert(sizeof(ParaMapThing) == 32, "nor has a thing");

// ---------------------------------------------------------------------------------------------
// Life.

size_t para_map_size(int tile_max) { return sizeof(ParaMap) + (size_t)tile_max * sizeof(ParaMapTile); }

size_t para_map_used(const ParaMap *map) { return para_map_size(map->tile_count); }

int para_map_tiles_for(ParaVec2 size)
{
    int tiles = 0;
    for (int s = 0; s < PARA_MAP_SCALES; s++) {
        float side = para_map_cell_side[s] * PARA_MAP_TILE_SIDE;
        int across = 2 + (int)ceilf(para_clampf(size.x, 1.0f, 1000.0f) / side);
        int up = 2 + (int)ceilf(para_clampf(size.y, 1.0f, 1000.0f) / side);
        tiles += across * up;
    }
    return tiles < PARA_MAP_TILES_MAX ? tiles : PARA_MAP_TILES_MAX;
}

ParaMap *para_map_init(void *memory, int tile_max)
{
    PARA_ASSERT(tile_max > 0 && tile_max <= PARA_MAP_TILES_MAX);
    ParaMap *map = memory;
    memset(map, 0, sizeof *map);
    map->tile_max = tile_max;
    return map;
}

void para_map_copy(ParaMap *to, const ParaMap *from)
{
    int room = to->tile_max;
    if (from->tile_count <= room) {
        memcpy(to, from, para_map_used(from));
        to->tile_max = room;
        return;
    }
    memcpy(to, from, sizeof *to);
    to->tile_max = room;
    to->tile_count = 0;
    memset(to->index, 0, sizeof to->index);
    for (int i = 0; i < from->tile_count; i++) { // those written last take the places of older ones
        const ParaMapTile *tile = &from->tiles[i];
        bool full = to->tile_count == room;
        int least = 0;
        for (int k = 1; k < to->tile_count; k++)
            least = to->tiles[k].when < to->tiles[least].when ? k : least;
        if (!full || to->tiles[least].when < tile->when)
            to->tiles[full ? least : to->tile_count++] = *tile;
    }
    para_map_index(to);
}

void para_map_rest(ParaMap *map)
{
    map->homed = 0;
    map->home_x = map->home_y = 0.0f;
    map->planned = 0;
    memset(map->ways, 0, sizeof map->ways);
}

/// All that was seen becomes older by so much.
static void recount(ParaMap *map)
{
    for (int i = 0; i < map->tile_count; i++) {
        ParaMapTile *tile = &map->tiles[i];
        tile->when = tile->when > OLD ? (uint16_t)(tile->when - OLD) : 0;
        for (int c = 0; c < PARA_MAP_TILE_CELLS; c++) {
            uint16_t when = tile->cells[c].when;
            tile->cells[c].when = when > OLD ? (uint16_t)(when - OLD) : when > 0;
        }
    }
    for (int i = 0; i < map->thing_count; i++)
        map->things[i].when = map->things[i].when > OLD ? (uint16_t)(map->things[i].when - OLD) : 1;
    map->planned = map->planned > OLD ? map->planned - OLD : 0;
    map->now -= OLD;
}

// ---------------------------------------------------------------------------------------------
// Telling.

typedef struct Pen {
    ParaMap *map;
    ParaMapScale scale;
    int tile_x, tile_y, tile; // -1: none yet
} Pen;

static ParaMapCell *cell_at(Pen *pen, int x, int y)
{
    int tile_x = para_map_tile_of(x), tile_y = para_map_tile_of(y);
    if (pen->tile < 0 || tile_x != pen->tile_x || tile_y != pen->tile_y) {
        pen->tile = para_map_take_tile(pen->map, pen->scale, tile_x, tile_y);
        pen->tile_x = tile_x;
        pen->tile_y = tile_y;
        pen->map->tiles[pen->tile].when = (uint16_t)pen->map->now;
    }
    return &pen->map->tiles[pen->tile].cells[para_map_in_tile(x, y)];
}

/// One say a decision: what was said of a cell in this one stands.
static void say_free(Pen *pen, int x, int y)
{
    ParaMapCell *cell = cell_at(pen, x, y);
    if (cell->when == pen->map->now)
        return;
    cell->when = (uint16_t)pen->map->now;
    if (cell->solid > -PARA_MAP_SURE_FREE)
        cell->solid--;
}

static void say_solid(Pen *pen, int x, int y)
{
    ParaMapCell *cell = cell_at(pen, x, y);
    int solid = (cell->solid < 0 ? 0 : cell->solid) + PARA_MAP_HIT;
    cell->when = (uint16_t)pen->map->now;
    cell->solid = (int8_t)(solid < PARA_MAP_SURE ? solid : PARA_MAP_SURE);
}

/// Where a line first leaves a cell along an axis, and how far it is from there to the next, in shares of it.
typedef struct Stride {
    int cell, step;
    float next, each;
} Stride;

static Stride stride_of(float from, float way, float side)
{
    Stride s = {.cell = (int)floorf(from / side), .next = INFINITY, .each = INFINITY};
    if (way == 0.0f)
        return s;
    s.step = way > 0.0f ? 1 : -1;
    float edge = (float)(s.cell + (way > 0.0f)) * side;
    s.next = (edge - from) / way;
    s.each = side / fabsf(way);
    return s;
}

/// Cells along a ray are free, but for the last where it ends at something.
/// <Amanatides & Woo 1987, "A Fast Voxel Traversal Algorithm for Ray Tracing">
static void say_along(Pen *pen, ParaVec2 at, ParaVec2 way, int last_x, int last_y, bool stopped)
{
    float side = para_map_cell_side[pen->scale];
    Stride x = stride_of(at.x, way.x, side), y = stride_of(at.y, way.y, side);
    for (float far = 0.0f; far <= 1.0f;) {
        if (stopped && x.cell == last_x && y.cell == last_y)
            return;
        say_free(pen, x.cell, y.cell);
        Stride *first = x.next < y.next ? &x : &y;
        far = first->next;
        first->cell += first->step;
        first->next += first->each;
    }
}

static ParaVec2 scaled(ParaVec2 v, float by) { return (ParaVec2){v.x * by, v.y * by}; }

/// Where what stopped a ray lies, from the player.
static ParaVec2 end_of(ParaVec2 reach, float fraction)
{
    float length = sqrtf(reach.x * reach.x + reach.y * reach.y);
    return scaled(reach, length > 0.0f ? fraction + INTO / length : fraction);
}

static void sense_space(ParaMap *map, const ParaMapSense *sense, ParaMapScale scale)
{
    Pen pen = {.map = map, .scale = scale, .tile = -1};
    for (int solid = 1; solid >= 0; solid--) // what is solid first: a say of free does not meet it again
        for (int r = 0; r < sense->rays; r++) {
            float fraction = para_clampf(sense->fractions[r], 0.0f, 1.0f);
            bool stopped = fraction < 1.0f;
            ParaVec2 end = end_of(sense->reach[r], fraction);
            int x = para_map_cell_of(scale, sense->at.x + end.x),
                y = para_map_cell_of(scale, sense->at.y + end.y);
            if (solid && stopped && cell_at(&pen, x, y)->when != map->now)
                say_solid(&pen, x, y);
            if (!solid)
                say_along(&pen, sense->at, scaled(sense->reach[r], fraction), x, y, stopped);
        }
    ParaMapCell *own =
        cell_at(&pen, para_map_cell_of(scale, sense->at.x), para_map_cell_of(scale, sense->at.y));
    own->been = 1;
    own->when = (uint16_t)map->now;
    own->solid = -PARA_MAP_SURE_FREE; // it is in it
}

void para_map_sense(ParaMap *map, const ParaMapSense *sense)
{
    if (!(fabsf(sense->at.x) < PLACE_MAX && fabsf(sense->at.y) < PLACE_MAX))
        return;
    if (map->now == PARA_MAP_WHEN_MAX)
        recount(map);
    map->now++;
    map->x = sense->at.x;
    map->y = sense->at.y;
    if (!map->homed) {
        map->home_x = map->x;
        map->home_y = map->y;
        map->homed = 1;
    }
    for (int s = 0; s < PARA_MAP_SCALES; s++)
        sense_space(map, sense, (ParaMapScale)s);
    para_map_sense_things(map, sense);
}

// ---------------------------------------------------------------------------------------------
// Reading.

int para_map_cell_of(ParaMapScale scale, float place)
{
    return (int)floorf(place / para_map_cell_side[scale]);
}

ParaMapCell para_map_at(const ParaMap *map, ParaMapScale scale, int x, int y)
{
    int tile = para_map_find_tile(map, scale, para_map_tile_of(x), para_map_tile_of(y));
    return tile >= 0 ? map->tiles[tile].cells[para_map_in_tile(x, y)] : (ParaMapCell){0};
}

void para_map_patch(const ParaMap *map, ParaMapScale scale, ParaVec2 middle, int half, ParaMapCell *out)
{
    int left = para_map_cell_of(scale, middle.x) - half, low = para_map_cell_of(scale, middle.y) - half;
    int side = 2 * half + 1, tile = -1, tile_x = 0, tile_y = 0;
    bool looked = false;
    for (int y = low; y < low + side; y++)
        for (int x = left; x < left + side; x++) {
            int tx = para_map_tile_of(x), ty = para_map_tile_of(y);
            if (!looked || tx != tile_x || ty != tile_y) {
                tile = para_map_find_tile(map, scale, tx, ty);
                tile_x = tx;
                tile_y = ty;
                looked = true;
            }
            *out++ = tile >= 0 ? map->tiles[tile].cells[para_map_in_tile(x, y)] : (ParaMapCell){0};
        }
}
