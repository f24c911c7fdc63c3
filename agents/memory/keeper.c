// SPDX-License-Identifier: MIT
// Maps that are kept by their levels, and whether one that was read is sound.
#include "agents/memory/keeper.h"

#include "agents/memory/map_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int find(const ParaKeeper *keeper, uint64_t hash)
{
    for (int i = 0; i < keeper->count; i++)
        if (keeper->levels[i].hash == hash)
            return i;
    return -1;
}

const ParaMap *para_keeper_recall(const ParaKeeper *keeper, uint64_t hash)
{
    int at = find(keeper, hash);
    return at >= 0 ? keeper->levels[at].map : NULL;
}

/// A place for another level: a free one, or that of the one kept longest ago.
static int make_room(ParaKeeper *keeper)
{
    if (keeper->count < PARA_KEEPER_LEVELS) {
        keeper->levels[keeper->count] = (ParaKeptMap){.map = NULL};
        return keeper->count++;
    }
    int oldest = 0;
    for (int i = 1; i < keeper->count; i++)
        if (keeper->levels[i].turn < keeper->levels[oldest].turn)
            oldest = i;
    keeper->levels[oldest].lives = 0;
    return oldest;
}

static uint32_t last_turn(const ParaKeeper *keeper)
{
    uint32_t last = 0;
    for (int i = 0; i < keeper->count; i++)
        last = keeper->levels[i].turn > last ? keeper->levels[i].turn : last;
    return last;
}

void para_keeper_keep(ParaKeeper *keeper, const char *family, uint64_t seed, uint64_t hash,
                      const ParaMap *map)
{
    uint32_t turn = last_turn(keeper) + 1;
    int at = find(keeper, hash);
    ParaKeptMap *kept = &keeper->levels[at >= 0 ? at : make_room(keeper)];
    if (!kept->map || kept->map->tile_max < map->tile_count)
        kept->map =
            para_map_init(para_arena_alloc(keeper->arena, para_map_size(map->tile_max)), map->tile_max);
    memset(kept->family, 0, sizeof kept->family);
    snprintf(kept->family, sizeof kept->family, "%s", family);
    kept->seed = seed;
    kept->hash = hash;
    kept->lives++;
    kept->turn = turn;
    para_map_copy(kept->map, map);
    para_map_rest(kept->map);
}

int para_keeper_forget(ParaKeeper *keeper, const char *family)
{
    int kept = 0, had = keeper->count;
    for (int i = 0; i < had; i++)
        if (family && strcmp(keeper->levels[i].family, family) != 0)
            keeper->levels[kept++] = keeper->levels[i];
    keeper->count = kept;
    return had - kept;
}

// ---------------------------------------------------------------------------------------------
// Soundness.

#define PLACE_MAX 1e5f // [m]

static bool within(float value, float most) { return isfinite(value) && fabsf(value) <= most; }

static bool sound_tile(const ParaMap *map, const ParaMapTile *tile)
{
    for (int c = 0; c < PARA_MAP_TILE_CELLS; c++) {
        const ParaMapCell *cell = &tile->cells[c];
        if (cell->solid < -PARA_MAP_SURE_FREE || cell->solid > PARA_MAP_SURE || cell->been > 1 ||
            cell->when > map->now)
            return false;
    }
    return tile->scale < PARA_MAP_SCALES && tile->when <= map->now;
}

static bool sound_thing(const ParaMap *map, const ParaMapThing *thing)
{
    bool places = within(thing->x, PLACE_MAX) && within(thing->y, PLACE_MAX) && within(thing->vx, 1e6f) &&
                  within(thing->vy, 1e6f);
    bool sizes = within(thing->half_x, PLACE_MAX) && within(thing->half_y, PLACE_MAX) && thing->half_x >= 0 &&
                 thing->half_y >= 0;
    return places && sizes && thing->kind < PARA_THING_KINDS && thing->when >= 1 && thing->when <= map->now;
}

bool para_map_is_sound(const ParaMap *map)
{
    bool sound = map->now >= 0 && map->now <= PARA_MAP_WHEN_MAX && within(map->x, PLACE_MAX) &&
                 within(map->y, PLACE_MAX);
    for (int i = 0; i < map->tile_count && sound; i++) {
        const ParaMapTile *tile = &map->tiles[i];
        // A tile stands once: the index finds the first of its place.
        sound = sound_tile(map, tile) &&
                para_map_find_tile(map, (ParaMapScale)tile->scale, tile->x, tile->y) == i;
    }
    for (int i = 0; i < map->thing_count && sound; i++)
        sound = sound_thing(map, &map->things[i]) && (i == 0 || map->things[i - 1].id < map->things[i].id);
    return sound;
}
