// SPDX-License-Identifier: MIT
// The tiles of a map: found by their place through an index of open addresses, taken as they are needed; the
// one that was written longest ago gives way where there is no more room.
#include "agents/memory/map_parts.h"
#include "engine/base/assert.h"

#include <string.h>

static uint32_t place_of(ParaMapScale scale, int x, int y)
{
    uint32_t mixed = (uint32_t)x * 0x9e3779b1u ^ (uint32_t)y * 0x85ebca77u ^ (uint32_t)scale * 0xc2b2ae3du;
    return (mixed ^ mixed >> 15) & (PARA_MAP_HASH - 1);
}

static bool is_tile(const ParaMapTile *tile, ParaMapScale scale, int x, int y)
{
    return tile->x == x && tile->y == y && tile->scale == (uint16_t)scale;
}

int para_map_find_tile(const ParaMap *map, ParaMapScale scale, int x, int y)
{
    for (uint32_t at = place_of(scale, x, y);; at = (at + 1) & (PARA_MAP_HASH - 1)) {
        int tile = map->index[at] - 1;
        if (tile < 0 || is_tile(&map->tiles[tile], scale, x, y))
            return tile;
    }
}

static void add_to_index(ParaMap *map, int tile)
{
    const ParaMapTile *t = &map->tiles[tile];
    uint32_t at = place_of((ParaMapScale)t->scale, t->x, t->y);
    while (map->index[at] != 0)
        at = (at + 1) & (PARA_MAP_HASH - 1);
    map->index[at] = (int16_t)(tile + 1);
}
_Static_assert(PARA_MAP_TILES_MAX < PARA_MAP_HASH, "a search of the index ends at a place that is empty");

void para_map_index(ParaMap *map)
{
    memset(map->index, 0, sizeof map->index);
    for (int i = 0; i < map->tile_count; i++)
        add_to_index(map, i);
}

static int oldest(const ParaMap *map)
{
    int found = 0;
    for (int i = 1; i < map->tile_count; i++)
        if (map->tiles[i].when < map->tiles[found].when)
            found = i;
    return found;
}

int para_map_take_tile(ParaMap *map, ParaMapScale scale, int x, int y)
{
    int tile = para_map_find_tile(map, scale, x, y);
    if (tile >= 0)
        return tile;
    bool full = map->tile_count == map->tile_max;
    PARA_ASSERT(map->tile_max > 0);
    tile = full ? oldest(map) : map->tile_count++;
    ParaMapTile *t = &map->tiles[tile];
    memset(t, 0, sizeof *t);
    t->x = (int16_t)x;
    t->y = (int16_t)y;
    t->scale = (uint16_t)scale;
    t->when = (uint16_t)map->now;
    if (full)
        para_map_index(map);
    else
        add_to_index(map, tile);
    return tile;
}
