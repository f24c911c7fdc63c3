// SPDX-License-Identifier: MIT
#pragma once
// The inside of a thinker, shared by its files. Private to agents/think.
#include "agents/think/think.h"

#define PARA_CHOICE_REFLEX 2 ///< [1] a channel is left to the reflex; else its key, -1..1
#define PARA_THINK_SURE    2 ///< the future of a plan in which the reflex does what it finds most probable
#define PARA_CHOICE_KINDS  4 ///< -1, 0, 1, reflex: a choice + 1 is its place

/// Channels of all players of a level: A * 8 at most.
#define PARA_THINK_CHANNELS (PARA_PLAYERS_MAX * PARA_CHANNELS)

/// What one worker needs to play a block of futures.
typedef struct ParaThinkSeat {
    ParaForward *forward;
    float *obs;    ///< [PARA_ENV_BLOCK, O]
    float *logits; ///< [PARA_ENV_BLOCK, 24]
    float *value;  ///< [PARA_ENV_BLOCK]
    ParaEnv envs[PARA_ENV_BLOCK];
} ParaThinkSeat;

struct ParaThinker {
    ParaThinkDef def;
    ParaReflex reflex;
    ParaThinkWhere where;
    ParaWorkers *workers;
    ParaArena *arena;
    ParaWorldGroup *group; ///< blocks of the seats, then the root
    int seat_count;
    ParaThinkSeat *seats; ///< [seat_count]
    ParaEnv root;         ///< stands as the true env does
    const ParaLevel *level;
    uint64_t seed;
    ParaRng acting; ///< of the reflex where it acts alone
    int64_t plans;  ///< [1] >= 0 made in this episode
    int channels;   ///< [1] A * 8 of the level
    float progress; ///< [1] 0..1 at the root
    int futures;    ///< [1] of the coming plans
    // Of the plan under way. N futures, H horizon, C = PARA_THINK_CHANNELS.
    int horizon;      ///< [decision] of futures
    int first, count; ///< the futures of the round under way
    int8_t *choices;  ///< [1] -1..2  [N, H, C]
    int8_t *keys;     ///< [1] -1..1 that were pressed  [N, H, C]
    int *lengths;     ///< [decision] 0..H  [N]
    float *scores;    ///< [N]
    ParaVec2 *ways;   ///< [N, H, PARA_THINK_BODIES_MAX]; NULL: not kept
    float *table;     ///< [1] 0..1 how probable each choice is drawn  [H, C, PARA_CHOICE_KINDS]
    int *order;       ///< [N] the futures by score
    int8_t *before;   ///< [1] -1..1 keys of the last plan that are not done yet  [H, C]
    int before_count; ///< [decision] 0..H
    int bodies[PARA_THINK_BODIES_MAX];
    ParaPlan plan;
};

static inline int8_t *para_think_row(int8_t *all, const ParaThinker *thinker, int future, int decision)
{
    return all + ((size_t)future * (size_t)thinker->def.horizon + (size_t)decision) * PARA_THINK_CHANNELS;
}

// choices.c
/// Fills the choices of the futures of a round. @param round [1] >= 0
void para_think_draw(ParaThinker *thinker, int round);
/// Draws the table nearer to the best of the futures so far. @param count [1] > 0 futures so far
void para_think_refine(ParaThinker *thinker, int count);
/// The table before the first round.
void para_think_even(ParaThinker *thinker);

// futures.c
/// Plays futures first..first + count - 1 from the root: keys, lengths, scores, ways.
void para_think_play(ParaThinker *thinker);
/// The stream of a future's reflex.
ParaRng para_think_stream(const ParaThinker *thinker, int future, const char *purpose);
