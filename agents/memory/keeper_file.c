// SPDX-License-Identifier: MIT
// The file of what a player keeps. Little-endian: "PARAKEPT", version, count; of each level a kind (1: a
// map), its name, seed, hash, lives, turn, then the map: where, when, tiles, things; at last the hash of all
// before. Another kind of memory has another kind of its own.
#include "agents/memory/keeper.h"

#include "agents/memory/map_parts.h"
#include "engine/base/bytes.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"

#include <string.h>

#define MAGIC    "PARAKEPT"
#define VERSION  1
#define KIND_MAP 1
#define FILE_MAX ((size_t)PARA_KEEPER_LEVELS * 1200000) // [byte]

static void put_map(ParaBytes *bytes, const ParaMap *map)
{
    para_bytes_put_whole(bytes, (uint64_t)map->now, 4);
    para_bytes_put_f32s(bytes, (const float[]){map->x, map->y}, 2);
    para_bytes_put_whole(bytes, (uint64_t)map->thing_count, 4);
    para_bytes_put_whole(bytes, (uint64_t)map->tile_count, 4);
    for (int i = 0; i < map->thing_count; i++) {
        const ParaMapThing *t = &map->things[i];
        para_bytes_put_whole(bytes, (uint32_t)t->id, 4);
        para_bytes_put_whole(bytes, t->kind, 2);
        para_bytes_put_whole(bytes, t->when, 2);
        para_bytes_put_f32s(bytes, (const float[]){t->x, t->y, t->vx, t->vy, t->half_x, t->half_y}, 6);
    }
    for (int i = 0; i < map->tile_count; i++) {
        const ParaMapTile *tile = &map->tiles[i];
        para_bytes_put_whole(bytes, (uint16_t)tile->x, 2);
        para_bytes_put_whole(bytes, (uint16_t)tile->y, 2);
        para_bytes_put_whole(bytes, tile->scale, 2);
        para_bytes_put_whole(bytes, tile->when, 2);
        for (int c = 0; c < PARA_MAP_TILE_CELLS; c++) {
            para_bytes_put_whole(bytes, (uint8_t)tile->cells[c].solid, 1);
            para_bytes_put_whole(bytes, tile->cells[c].been, 1);
            para_bytes_put_whole(bytes, tile->cells[c].when, 2);
        }
    }
}

bool para_keeper_write(const ParaKeeper *keeper, const char *path, ParaArena *scratch, const char **out_error)
{
    ParaBytes bytes = {.arena = scratch};
    para_bytes_put(&bytes, MAGIC, 8);
    para_bytes_put_whole(&bytes, VERSION, 4);
    para_bytes_put_whole(&bytes, (uint64_t)keeper->count, 4);
    for (int i = 0; i < keeper->count; i++) {
        const ParaKeptMap *kept = &keeper->levels[i];
        para_bytes_put_whole(&bytes, KIND_MAP, 4);
        para_bytes_put(&bytes, kept->family, PARA_KEEPER_NAME);
        para_bytes_put_whole(&bytes, kept->seed, 8);
        para_bytes_put_whole(&bytes, kept->hash, 8);
        para_bytes_put_whole(&bytes, kept->lives, 4);
        para_bytes_put_whole(&bytes, kept->turn, 4);
        put_map(&bytes, kept->map);
    }
    para_bytes_put_whole(&bytes, para_hash(bytes.data, bytes.size, 0), 8);
    return para_file_write(path, bytes.data, bytes.size, scratch, out_error);
}

// ---------------------------------------------------------------------------------------------
// Reading.

static void take_floats(ParaBytesReader *in, float *out, int count)
{
    for (int i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)para_bytes_take_whole(in, 4);
        memcpy(&out[i], &bits, sizeof bits);
    }
}

static void take_thing(ParaBytesReader *in, ParaMapThing *t)
{
    float numbers[6];
    t->id = (int32_t)(uint32_t)para_bytes_take_whole(in, 4);
    t->kind = (uint16_t)para_bytes_take_whole(in, 2);
    t->when = (uint16_t)para_bytes_take_whole(in, 2);
    take_floats(in, numbers, 6);
    t->x = numbers[0];
    t->y = numbers[1];
    t->vx = numbers[2];
    t->vy = numbers[3];
    t->half_x = numbers[4];
    t->half_y = numbers[5];
}

static void take_tile(ParaBytesReader *in, ParaMapTile *tile)
{
    tile->x = (int16_t)(uint16_t)para_bytes_take_whole(in, 2);
    tile->y = (int16_t)(uint16_t)para_bytes_take_whole(in, 2);
    tile->scale = (uint16_t)para_bytes_take_whole(in, 2);
    tile->when = (uint16_t)para_bytes_take_whole(in, 2);
    for (int c = 0; c < PARA_MAP_TILE_CELLS; c++) {
        tile->cells[c].solid = (int8_t)(uint8_t)para_bytes_take_whole(in, 1);
        tile->cells[c].been = (uint8_t)para_bytes_take_whole(in, 1);
        tile->cells[c].when = (uint16_t)para_bytes_take_whole(in, 2);
    }
}

/// @return NULL where it is no map
static ParaMap *take_map(ParaBytesReader *in, ParaArena *arena)
{
    int now = (int)para_bytes_take_range(in, 4, 0, PARA_MAP_WHEN_MAX);
    float place[2];
    take_floats(in, place, 2);
    int things = (int)para_bytes_take_range(in, 4, 0, PARA_MAP_THINGS);
    int tiles = (int)para_bytes_take_range(in, 4, 0, PARA_MAP_TILES_MAX);
    if (in->bad || (size_t)tiles * sizeof(ParaMapTile) > in->size - in->at)
        return NULL;
    int room = tiles > 0 ? tiles : 1;
    ParaMap *map = para_map_init(para_arena_alloc(arena, para_map_size(room)), room);
    map->now = now;
    map->x = place[0];
    map->y = place[1];
    map->thing_count = things;
    map->tile_count = tiles;
    for (int i = 0; i < things; i++)
        take_thing(in, &map->things[i]);
    for (int i = 0; i < tiles; i++)
        take_tile(in, &map->tiles[i]);
    if (in->bad)
        return NULL;
    for (int i = 0; i < tiles; i++)
        if (map->tiles[i].scale >= PARA_MAP_SCALES)
            return NULL;
    para_map_index(map);
    return para_map_is_sound(map) ? map : NULL;
}

static bool take_level(ParaBytesReader *in, ParaArena *arena, ParaKeptMap *out)
{
    uint64_t kind = para_bytes_take_whole(in, 4);
    const uint8_t *name = para_bytes_take(in, PARA_KEEPER_NAME);
    if (kind != KIND_MAP || !name || name[PARA_KEEPER_NAME - 1] != 0)
        return false;
    memcpy(out->family, name, PARA_KEEPER_NAME);
    for (const char *c = out->family; *c; c++)
        if ((unsigned char)*c < 32 || *c == 127) // it is printed
            return false;
    out->seed = para_bytes_take_whole(in, 8);
    out->hash = para_bytes_take_whole(in, 8);
    out->lives = (uint32_t)para_bytes_take_whole(in, 4);
    out->turn = (uint32_t)para_bytes_take_whole(in, 4);
    out->map = take_map(in, arena);
    return out->map != NULL;
}

bool para_keeper_parse(const uint8_t *data, size_t size, ParaArena *arena, ParaKeeper *out,
                       const char **out_why)
{
    *out = (ParaKeeper){.arena = arena};
    ParaBytesReader in = {.data = data, .size = size};
    const uint8_t *magic = para_bytes_take(&in, 8);
    if (!magic || memcmp(magic, MAGIC, 8) != 0) {
        *out_why = "it is no memory of a player";
        return false;
    }
    if (para_bytes_take_whole(&in, 4) != VERSION) {
        *out_why = "it is of another version of the program";
        return false;
    }
    if (size < 24 || para_bytes_load(data + size - 8, 8) != para_hash(data, size - 8, 0)) {
        *out_why = "its checksum is wrong: it was cut short or changed";
        return false;
    }
    in.size = size - 8;
    int count = (int)para_bytes_take_range(&in, 4, 0, PARA_KEEPER_LEVELS);
    *out_why = "it holds what no map can be";
    for (int i = 0; i < count && !in.bad; i++) {
        if (!take_level(&in, arena, &out->levels[i]) || para_keeper_recall(out, out->levels[i].hash)) {
            out->count = 0;
            return false;
        }
        out->count++;
    }
    if (!in.bad && in.at == in.size)
        return true;
    out->count = 0;
    return false;
}

bool para_keeper_read(const char *path, bool missing, ParaArena *arena, ParaKeeper *out,
                      const char **out_error)
{
    size_t size = 0;
    const char *why = NULL;
    *out = (ParaKeeper){.arena = arena};
    if (missing && para_path_kind(path) == PARA_PATH_NONE)
        return para_file_may_write(path, arena, out_error);
    char *data = para_file_read(path, FILE_MAX, arena, &size, out_error);
    if (!data)
        return false;
    if (para_keeper_parse((const uint8_t *)data, size, arena, out, &why))
        return true;
    *out_error = para_arena_printf(arena, "%s cannot be read as memory: %s", path, why);
    return false;
}
