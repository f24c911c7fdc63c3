// SPDX-License-Identifier: MIT
#pragma once
// A map of one level as one of its players has seen it: cells of space at two scales, in tiles that are taken
// as the player comes there, and a list of things with where and when each was last seen. It knows what it is
// told of what is sensed, and nothing else; it is one piece of memory without pointers, so that a copy of it
// is a copy of what is remembered.
//
// A cell is an occupancy counter: rays that pass say free, rays that end say solid, and the last word is that
// of the majority. <Elfes 1989, "Using Occupancy Grids for Mobile Robot Perception and Navigation">
// Time is counted in decisions of the map's own life, which may be longer than an episode.
#include "engine/world/world.h"

#define PARA_MAP_TILE_SIDE  16 ///< cells a side
#define PARA_MAP_TILE_CELLS (PARA_MAP_TILE_SIDE * PARA_MAP_TILE_SIDE)
#define PARA_MAP_TILES_MAX  1000 ///< tiles of the largest map, which takes about 1 MB
#define PARA_MAP_HASH       2048 ///< places of the index of tiles
#define PARA_MAP_THINGS     32   ///< things that are remembered at once
#define PARA_MAP_WHEN_MAX   65535
#define PARA_MAP_SURE       8 ///< solid says of a cell that are counted at most
#define PARA_MAP_SURE_FREE  4 ///< free says that are counted at most
#define PARA_MAP_HIT        3 ///< free says that one solid outweighs: rays pass a cell's corners often

/// Cells of two sizes: for the next steps, and for the way.
typedef enum { PARA_MAP_NEAR, PARA_MAP_FAR, PARA_MAP_SCALES } ParaMapScale;
extern const float para_map_cell_side[PARA_MAP_SCALES]; ///< [m] 0.5, 2

typedef struct ParaMapCell {
    int8_t solid;  ///< [1] -4..8; above 0: something solid is there, below 0: it is free, 0: nobody knows
    uint8_t been;  ///< [1] 0 or 1; 1: the player was there
    uint16_t when; ///< [decision] 0..65535 of the map's life, in which it was last told of; 0: never
} ParaMapCell;

typedef struct ParaMapTile {
    int16_t x, y;   ///< [1] any; which tile of its scale: its first cell is x * 16, y * 16
    uint16_t scale; ///< [ParaMapScale]
    uint16_t when;  ///< [decision] 0..65535 in which it was last written
    ParaMapCell cells[PARA_MAP_TILE_CELLS]; ///< row by row, the lowest first
} ParaMapTile;

/// What a thing is to the player, the most wanted first.
typedef enum {
    PARA_THING_GOAL, ///< a target
    PARA_THING_CARGO,
    PARA_THING_ITEM, ///< taken by touching it: a coin, a key
    PARA_THING_HAZARD,
    PARA_THING_OTHER, ///< what moves and is none of these
    PARA_THING_KINDS
} ParaThingKind;

typedef struct ParaMapThing {
    int32_t id;           ///< [id] which it is to the eye: bodies count up from 0, zones down from -1
    uint16_t kind;        ///< [ParaThingKind]
    uint16_t when;        ///< [decision] 1..65535 in which it was last seen
    float x, y;           ///< [m] any finite; its centre then
    float vx, vy;         ///< [m/s] any finite; its velocity then
    float half_x, half_y; ///< [m] >= 0 half of the upright box around it
} ParaMapThing;

/// Ways that are planned on a map.
typedef enum {
    PARA_WAY_GOAL,     ///< to where the nearest goal was last seen
    PARA_WAY_HOME,     ///< to where the episode began
    PARA_WAY_FRONTIER, ///< to the nearest free cell beside one that nobody knows
    PARA_WAYS
} ParaWayKind;

typedef struct ParaMapWay {
    float x, y;     ///< [m] any finite; a place some cells along it, or its end
    float length;   ///< [m] >= 0 along known free cells
    float rest;     ///< [m] >= 0 from its end to what is wanted: above a cell, no known way leads all there
    uint32_t there; ///< [1] 0 or 1; 0: there is none, and the rest is 0
} ParaMapWay;

typedef struct ParaMap {
    int32_t tile_max;       ///< [1] 0..1000 tiles it has room for
    int32_t tile_count;     ///< [1] 0..tile_max
    int32_t thing_count;    ///< [1] 0..32
    int32_t now;            ///< [decision] 0..65535 of its life; 0: nothing was sensed yet
    float x, y;             ///< [m] any finite; where the player was last
    float home_x, home_y;   ///< [m] any finite; where the episode began
    uint32_t homed;         ///< [1] 0 or 1; 1: home is known
    int32_t planned;        ///< [decision] 0..65535 in which the ways were planned
    int32_t cell_x, cell_y; ///< [1] any; the cell from which they were
    ParaMapWay ways[PARA_WAYS];
    ParaMapThing things[PARA_MAP_THINGS]; ///< in the order of their ids
    int16_t index[PARA_MAP_HASH];         ///< [1] 0..tile_count: one more than a tile's place, 0: none
    ParaMapTile tiles[];                  ///< [tile_max]
} ParaMap;

/// [byte] of a map that has room for so many tiles.
size_t para_map_size(int tile_max);
/// Tiles that a map needs of a world of this size, with a margin around it. @return [1] 1..1000
int para_map_tiles_for(ParaVec2 size);
/// Empties a map. @param memory of para_map_size(tile_max), aligned as ParaMap   Cost: O(1)
ParaMap *para_map_init(void *memory, int tile_max);
/// [byte] of it that are in use: its beginning, the tiles that are taken.
size_t para_map_used(const ParaMap *map);
/// Makes `to` remember what `from` does; one of less room keeps the tiles that were written last.
/// Cost: O(bytes used)
void para_map_copy(ParaMap *to, const ParaMap *from);
/// An episode begins: what was seen stands, where home is is not known, nothing is in sight.
void para_map_rest(ParaMap *map);

/// What the player senses of space in one decision.
typedef struct ParaMapSense {
    ParaVec2 at;                ///< [m] any; where it is
    const ParaVec2 *reach;      ///< [m] any finite; where its rays end if nothing stops them, from it  [rays]
    const float *fractions;     ///< [1] 0..1 how far each came; 1: nothing stopped it  [rays]
    int rays;                   ///< [1] >= 0
    float sees;                 ///< [m] >= 0 how far it sees things; 0: however far
    const ParaMapThing *things; ///< in, those it sees; `when` is not looked at
    int thing_count;            ///< [1] 0..
} ParaMapSense;
/// Takes in what is sensed, as the next decision of its life: free cells along rays, solid ones at their
/// ends, the player's own cell; things that are seen; those that should be seen where they were and are not
/// are forgotten. The first after a rest says where home is. One whose place is no number is left out.
/// Cost: O(cells along rays + things); no heap. A full map gives up the tile that was written longest ago.
void para_map_sense(ParaMap *map, const ParaMapSense *sense);

/// The cell at a place. @param x,y [1] in cells of that scale   @return all 0 where nothing is known
ParaMapCell para_map_at(const ParaMap *map, ParaMapScale scale, int x, int y);
/// The number of the cell that a place [m] lies in.
int para_map_cell_of(ParaMapScale scale, float place);
/// Cells around a place, the lowest row first.
/// @param half [1] >= 0 cells to each side of the middle one   @param out out, [2 half + 1, 2 half + 1]
void para_map_patch(const ParaMap *map, ParaMapScale scale, ParaVec2 middle, int half, ParaMapCell *out);
/// The thing of a kind that was seen last or, of those in sight now, is nearest. @param nth [1] >= 0 the
/// first, the second ...   @return NULL: there are not so many
const ParaMapThing *para_map_thing(const ParaMap *map, ParaThingKind kind, int nth);

/// Plans the ways anew from where the player is, where it came to another cell or some decisions have gone.
/// Breadth first over free cells of PARA_MAP_NEAR in a window around the player; frontiers as in
/// <Yamauchi 1997, "A Frontier-Based Approach for Autonomous Exploration">.
/// Cost: O(cells of the window), 64 x 64; no heap.
void para_map_plan(ParaMap *map);
