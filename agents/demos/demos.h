// SPDX-License-Identifier: MIT
#pragma once
// Demonstrations: episodes that somebody played (a person, a search, another player), kept as replays, made
// into rows for a player to imitate. A replay is played again, decision by decision, and held against its own
// hashes: what cannot be played again as it was is no demonstration.
#include "agents/env/replay.h"
#include "agents/learn/clone.h"

#define PARA_DEMOS_FILES_MAX 10000  ///< replays of one list
#define PARA_DEMOS_ROWS_MAX  100000 ///< 250 MB of an entity player

/// Who is to see what was done, and what counts.
typedef struct ParaDemosDef {
    ParaObsSpec obs;
    const char *family; ///< of a layout that is of one family: episodes of others are left out; NULL: any
    float discount;     ///< [1] 0..1 per decision, of what an episode earned from a row on
    bool fine;          ///< actions are wanted in parts of PARA_FINE, whatever the replays have
    bool failed;        ///< episodes that did not solve their level count too
    uint64_t seed;      ///< [seed] of the order of the episodes
} ParaDemosDef;

/// Rows of whole episodes, one after the other, the episodes in an order drawn by chance.
typedef struct ParaDemos {
    int files, episodes;     ///< [1] >= 0 that were read; that have rows here
    int unsolved, others;    ///< [1] >= 0 that were left out: not solved; of another family
    bool full;               ///< there was no room for the others
    int count;               ///< [row] 0..PARA_DEMOS_ROWS_MAX
    float *obs;              ///< [1] -10..10 raw  [count, O]
    int8_t *action;          ///< [1] -127..127 as the def wants them  [count, 8]
    uint8_t *begins;         ///< [1] 0 or 1; 1: an episode of a player begins with this row  [count]
    uint32_t *channel_bits;  ///< [bits] bound channels  [count]
    uint32_t *negative_bits; ///< [bits] as in ParaRollout  [count]
    float *earned;           ///< [reward] any finite; discounted, from the row on  [count]
} ParaDemos;

/// The replays that paths mean: files, and all `*.replay` of folders, without those below.
/// @param paths in, [count]   @param out_count out, [1] 1..PARA_DEMOS_FILES_MAX
/// @return [out_count] paths in the arena; NULL with an error: none, too many, or one that is not there
const char *const *para_demos_list(const char *const *paths, int count, int *out_count, ParaArena *arena,
                                   const char **out_error);

/// Plays replays again and writes down what their players saw and did.
/// @param files in, [count]   @param out its arrays lie in the arena
/// @return false with the first file that is damaged, or that goes another way than it is recorded
/// Threads: one.  Cost: as playing them.  Memory: rows in the arena; besides one episode at a time
bool para_demos_play(const ParaDemosDef *def, const char *const *files, int count, ParaArena *arena,
                     ParaDemos *out, const char **out_error);
