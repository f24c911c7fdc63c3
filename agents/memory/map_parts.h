// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/memory: what the files of the map share.
#include "agents/memory/map.h"

/// The place of a tile in the map; -1: it has none such.
int para_map_find_tile(const ParaMap *map, ParaMapScale scale, int x, int y);
/// The same, which is made where there is none.
int para_map_take_tile(ParaMap *map, ParaMapScale scale, int x, int y);
/// Writes the index of tiles anew.
void para_map_index(ParaMap *map);
/// Takes in the things of one decision.
void para_map_sense_things(ParaMap *map, const ParaMapSense *sense);

/// Which tile a cell is of.
static inline int para_map_tile_of(int cell)
{
    return cell >= 0 ? cell / PARA_MAP_TILE_SIDE : -((PARA_MAP_TILE_SIDE - 1 - cell) / PARA_MAP_TILE_SIDE);
}
/// Its place in that tile.
static inline int para_map_in_tile(int x, int y)
{
    int column = x - para_map_tile_of(x) * PARA_MAP_TILE_SIDE,
        row = y - para_map_tile_of(y) * PARA_MAP_TILE_SIDE;
    return row * PARA_MAP_TILE_SIDE + column;
}
