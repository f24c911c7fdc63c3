// SPDX-License-Identifier: MIT
#pragma once
// What the parts of the reader of Tiled's maps share. Private to worlds/import.
#include "worlds/import/scene.h"
#include "worlds/import/tiled.h"

struct cJSON; // of cjson/cJSON.h

#define PARA_TILED_SETS_MAX 64

/// What a tile is where it lies.
typedef struct ParaTile {
    bool solid;         ///< the whole of it
    ParaDrawnKind kind; ///< SOLID or HAZARD
    ParaConvex pieces;  ///< [px] of its collision objects, from its top left corner, y down; none where solid
    int property_count;
    ParaProperty *properties;
    int material; ///< [1] >= 0 what has the same kind and properties has the same
} ParaTile;

typedef struct ParaTileSet {
    uint32_t first;            ///< [1] >= 1 global number of its first tile
    uint32_t count;            ///< [1] >= 0 tiles that it tells of
    double width, height;      ///< [px] of a tile
    double offset_x, offset_y; ///< [px]
    bool known;                ///< it could be read
    ParaTile *tiles;           ///< [count]
} ParaTileSet;

typedef struct ParaTiled {
    ParaDrawing drawing;
    const ParaTiledChoices *choices;
    double tile_width, tile_height; ///< [px] of the map's grid
    double scale;                   ///< [m/px]
    double left, bottom;            ///< [px] of the map that is the world's (0, 0); y down
    int set_count;
    ParaTileSet sets[PARA_TILED_SETS_MAX];
    int64_t points; ///< of all outlines so far
    int64_t tiles;  ///< of all sets so far
    int64_t laid;   ///< tiles of all layers so far
} ParaTiled;

/// A number of an object of JSON. @return `otherwise` where it is not there or no number
double para_tiled_number(const struct cJSON *object, const char *key, double otherwise);
/// A text of an object of JSON, "" where it is not there.
const char *para_tiled_text(const struct cJSON *object, const char *key);
/// The class of an object, tile or layer: "class", or "type" as older versions call it.
const char *para_tiled_class(const struct cJSON *object);
/// The custom properties of an object.
ParaProperty *para_tiled_properties(ParaTiled *map, const struct cJSON *object, int *out_count);
/// Rings of a polygon's list of points. @param at where the message says. @return false: it has none, or too
/// many
bool para_tiled_ring(ParaTiled *map, const struct cJSON *points, const char *where, ParaRing *out);
/// Reads the map's tilesets.
void para_tiled_read_sets(ParaTiled *map, const struct cJSON *list);
/// Adds what is solid of a tile layer. @param x, y [px] its offset
void para_tiled_read_tiles(ParaTiled *map, const struct cJSON *layer, const char *where, double x, double y);
