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

/// What kind of thing ended an episode that was not solved: of what decided it (worlds/rules/play.h).
typedef enum {
    PARA_CAUSE_NONE,   ///< it was solved, or cut
    PARA_CAUSE_FELL,   ///< something fell below a height
    PARA_CAUSE_LEFT,   ///< something got where it should not: beside, above, too fast
    PARA_CAUSE_HAZARD, ///< a touch, or a zone
    PARA_CAUSE_SHATTERED,
    PARA_CAUSE_CRUSHED, ///< broke, and would have by a squeeze alone
    PARA_CAUSE_TIPPED,
    PARA_CAUSE_RULE,  ///< an expression of the level's own, or a time that was set
    PARA_CAUSE_STUCK, ///< time ran out, and for the second half of it it came to no new place
    PARA_CAUSE_TIME,  ///< time ran out
    PARA_CAUSE_DIVERGED
} ParaCause;
#define PARA_CAUSES (PARA_CAUSE_DIVERGED + 1)
const char *para_cause_name(ParaCause cause); ///< "none", "fell", "left", "hazard", ...
/// @return false: there is no such name
bool para_cause_find(const char *name, ParaCause *out);

#define PARA_REPORT_BODIES 128 ///< of a level that a report tells of one by one

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

/// How well a model of the world that is kept beside the player foresaw an episode, one step of the model at
/// a time: means over the decisions that it was asked about. A decision counts by the mean of its loose
/// bodies.
typedef struct ParaForeseen {
    bool known;  ///< false: there is no model, or it was not asked, and both are 0
    float error; ///< [m/s] >= 0 how far mean motions were from what it believed
    float doubt; ///< [m/s] >= 0 how far its networks were from each other
} ParaForeseen;

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
    float closest;         ///< [1] 0..1 the most it ever was
    ParaCause cause;       ///< why it was not solved
    int16_t cause_body;    ///< [1] -1..bodies - 1 whose doing that was; -1: of none
    int16_t cause_other;   ///< [1] -1..bodies - 1 what it touched or broke on; -1: none
    int16_t cause_zone;    ///< [1] -1..zones - 1 where it got, or did not; -1: of none
    float x, y;            ///< [m] any finite; where its main body was at its end
    float coverage;        ///< [1] 0..1 share of the 16 x 16 cells of the level's picture it was in
    float impulse;         ///< [N s] >= 0 the biggest blow that a part of it took
    uint64_t touched[PARA_REPORT_BODIES / 64]; ///< [bits] bodies that it touched
    uint64_t
        moved[PARA_REPORT_BODIES / 64]; ///< [bits] loose bodies that were .25 m from their start at its end
    ParaJudgement judged;
    ParaForeseen foreseen; ///< of the episode, the same for all its players
} ParaReport;
