// SPDX-License-Identifier: MIT
#pragma once
// What the files of `paracosm cross` share: players, level sets, and what each player did on each set.
// Private to apps/compare.
#include "agents/lesson/evaluate.h"
#include "agents/player/player.h"

#define PARA_CROSS_MAX 64 ///< operands

/// The levels of one archive that all players play.
typedef struct ParaCrossSet {
    const char *name, *folder;
    int kept;   ///< [1] >= 0 levels in the archive
    int broken; ///< [1] >= 0 of those drawn that cannot be made, and why of the first
    const char *why;
    int count;                ///< [1] >= 0 levels drawn
    const ParaLevel **levels; ///< [count]
    const ParaTemplate **of;  ///< [count] what each is a member of
} ParaCrossSet;

typedef struct ParaCrossPlayer {
    const char *name, *folder;
    ParaPolicy *policy;
} ParaCrossPlayer;

typedef struct ParaCrossCell {
    bool done; ///< the score holds
    ParaLevelsScore score;
    const char *why; ///< it cannot be had; NULL: it was not come to
} ParaCrossCell;

typedef struct ParaCross {
    ParaArena *arena;
    ParaEvalDef def; ///< levels of each archive, episodes, seed, greedy, solver, threads
    bool quiet;
    ParaCrossPlayer *players;    ///< [player_count]
    ParaCrossSet *sets;          ///< [set_count]
    int player_count, set_count; ///< [1] 0..PARA_CROSS_MAX
    ParaCrossCell *cells;        ///< [player_count, set_count]
} ParaCross;

/// Takes one operand in: a run as player and archive, an archive's folder, or a checkpoint's file.
/// @return false with a clear error
bool para_cross_take(ParaCross *cross, const char *path, const char **out_error);
/// Why a player cannot be shown the levels of a set; NULL: it can.
const char *para_cross_stranger(const ParaCross *cross, const ParaCrossPlayer *player,
                                const ParaCrossSet *set);

void para_cross_print(const ParaCross *cross);
/// @return for cJSON_free; NULL without memory
char *para_cross_json(const ParaCross *cross, bool stopped);
