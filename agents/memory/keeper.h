// SPDX-License-Identifier: MIT
#pragma once
// What a player keeps from one life to the next: its map of each level that it was in, in one file. Bounded:
// the level it has not been in for longest gives way.
#include "agents/memory/map.h"
#include "engine/base/arena.h"

#define PARA_KEEPER_LEVELS 32 ///< levels that are kept at once
#define PARA_KEEPER_NAME   64 ///< [byte] of a family's name

typedef struct ParaKeptMap {
    char family[PARA_KEEPER_NAME]; ///< of the level, cut where it is longer
    uint64_t hash;                 ///< [hash] of the level: which it is
    uint64_t seed;                 ///< [seed] it was drawn by
    uint32_t lives;                ///< [1] >= 1 episodes that it was kept after
    uint32_t turn;                 ///< [1] >= 1 the greater, the later it was kept
    ParaMap *map;                  ///< at rest
} ParaKeptMap;

typedef struct ParaKeeper {
    ParaArena *arena; ///< of the maps
    int count;        ///< [1] 0..32
    ParaKeptMap levels[PARA_KEEPER_LEVELS];
} ParaKeeper;

/// What is kept of a level. @return NULL: nothing
const ParaMap *para_keeper_recall(const ParaKeeper *keeper, uint64_t hash);
/// Keeps a copy of a map in place of what was kept of that level.
/// Cost: O(bytes used); memory of the keeper's arena where a level is new or has grown
void para_keeper_keep(ParaKeeper *keeper, const char *family, uint64_t seed, uint64_t hash,
                      const ParaMap *map);
/// Forgets the levels of a family. @param family NULL: all   @return [1] how many there were
int para_keeper_forget(ParaKeeper *keeper, const char *family);

/// Writes it to a file: a temporary one, onto the disk, renamed; a checksum ends it.
bool para_keeper_write(const ParaKeeper *keeper, const char *path, ParaArena *scratch,
                       const char **out_error);
/// Reads a file. What is no such file, is cut short, was changed, or holds what no map can be is refused.
/// @param missing a file that is not there is an empty
/// one   @return false with a sentence that names what is wrong; *out is then empty
bool para_keeper_read(const char *path, bool missing, ParaArena *arena, ParaKeeper *out,
                      const char **out_error);
/// The same of bytes.
bool para_keeper_parse(const uint8_t *data, size_t size, ParaArena *arena, ParaKeeper *out,
                       const char **out_why);
/// Whether a map could have come about: places, times and numbers within their bounds.
bool para_map_is_sound(const ParaMap *map);
