// SPDX-License-Identifier: MIT
#pragma once
// What one episode of the player on one level told us, as plain data. The player's side fills it, the
// maker reads it, the run folder keeps it; neither side knows the other.
#include "engine/world/world.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    PARA_END_SOLVED,
    PARA_END_FAILED,
    PARA_END_TIMEOUT,
    PARA_END_DIVERGED,
    PARA_END_CUT
} ParaEndKind;
const char *para_end_name(ParaEndKind kind); ///< "solved", "failed", "timeout", "diverged", "cut": by a batch

#define PARA_PLAYER_ALL (-1) ///< the players of a level together

/// What the player's own values say of an episode it played, in normalised returns: means over its decisions,
/// the advantages being those of GAE, cut where a rollout ended. Sources: MaxMC wants `value` and `earned`,
/// the positive value loss is `value_loss`, the L1 value loss `surprise` <Jiang 2021, arXiv 2110.02439>.
typedef struct ParaJudgement {
    bool known;       ///< false: nobody valued it (a still or random player, the first lesson), and all are 0
    float value;      ///< [1] any finite; of the value it expected
    float value_loss; ///< [1] >= 0 of the positive part of the advantages
    float surprise;   ///< [1] >= 0 of the size of the advantages: how wrong it was
    float scale;      ///< [1] > 0 turns returns into that unit
} ParaJudgement;

/// Each player of an episode has its own, told when the episode is over for all: its end, its decisions, what
/// it earned. So one player is the common case of several, and who reads a list of reports needs no second
/// shape.
typedef struct ParaReport {
    uint64_t level_hash; ///< [hash] of the level
    uint64_t level_seed; ///< [seed] it was sampled with
    int32_t family;      ///< [1] >= 0 index in the run's list of families
    int32_t lesson;      ///< [1] >= 0 in which it ended
    int32_t env;         ///< [1] >= 0 which env of the batch
    int32_t player;      ///< [1] >= 0 whose it is, or PARA_PLAYER_ALL
    ParaEndKind end;
    ParaSolverKind solver; ///< that ran the world; never AUTO
    int32_t decisions;     ///< [1] >= 0 actions it took
    float total_reward;    ///< [1] any finite; undiscounted return
    float seconds;         ///< [s] >= 0 level time at its end
    float progress;        ///< [1] 0..1 at its end
    ParaJudgement judged;
} ParaReport;
