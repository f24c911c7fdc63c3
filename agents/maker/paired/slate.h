// SPDX-License-Identifier: MIT
#pragma once
// A slate: the levels of one family that its proposer drew last, each played by the player and by the
// antagonist. Once all have been, the regret of each teaches the proposer, and the next slate is drawn.
// Regret is that of PAIRED: the antagonist's best less the player's mean, 0 where that is negative <Dennis
// 2020, arXiv 2012.02096, algorithm 1>; but of what was solved, 0 or 1, and not of returns: a long level pays
// more than a short one, and so differs by more between two players who solve both. Of two players of equal
// skill, who solve a level with chance p, it is p(1 - p) in the mean of an episode each: learnability.
// Private to agents/maker.
#include "agents/env/env.h"
#include "agents/maker/maker_method.h"
#include "agents/maker/paired/proposer.h"

/// Of each of both players that a level waits for: of as many episodes, more levels teach a distribution more
/// than surer regrets of fewer.
#define PARA_SLATE_EPISODES 1

typedef enum { PARA_SIDE_PLAYER, PARA_SIDE_ANTAGONIST } ParaSide;

/// What is known of a level of the slate.
typedef struct ParaDuel {
    int episodes[2]; ///< [1] >= 0 of each ParaSide
    int solved[2];   ///< [1] 0..episodes that solved it
    ParaProposal drawn;
} ParaDuel;

typedef struct ParaSlate {
    const ParaMakerDef *def;
    int family;
    ParaProposer *proposer;
    ParaKept *levels; ///< [para_slate_size] family -1: empty; the caller's
    ParaDuel *duels;  ///< [para_slate_size]
    int count;        ///< [1] 0..para_slate_size of them, from the first
    uint64_t rounds;  ///< slates drawn so far
    int64_t deadline; ///< [decision] of the run: it waits no longer than this
    int64_t learned;  ///< slates that taught the proposer
    double mean;      ///< [1] 0..1 running mean of regrets, and
    double variance;  ///< [1] >= 0 of their squared distance from it
    double ahead;     ///< [1] 0..1 running share of levels on which the antagonist did better
} ParaSlate;

/// Most levels of a slate. @return [1] 1..PARA_PROPOSALS_MAX
int para_slate_size(const ParaMakerDef *def);
/// @param levels [para_slate_size], emptied; they stay the caller's
void para_slate_create(ParaSlate *out, const ParaMakerDef *def, int family, ParaKept *levels,
                       ParaArena *arena);
/// Draws its levels anew from the proposer: those that env can begin.
/// @param decisions [decision] >= 0 of the run so far   @param envs [1] >= 1 of the run
void para_slate_draw(ParaSlate *slate, ParaEnv *env, int64_t decisions, int envs);
/// The level that seat number `seat` of a side should play: of those played least by that side so far, the
/// seats share them out. @return [1] 0..count - 1, -1: the slate is empty
int para_slate_at(const ParaSlate *slate, ParaSide side, int seat);
/// Notes an episode, if it was on one of its levels. @return whether it was
bool para_slate_note(ParaSlate *slate, ParaSide side, const ParaEnded *ended);
/// Whether it waits for nobody any more.
bool para_slate_is_played(const ParaSlate *slate, int64_t decisions);
/// The regret of a level [1] 0..1; -1: one of the sides has not played it.
double para_duel_regret(const ParaDuel *duel);
/// The proposer learns from the regrets of what was played.
void para_slate_learn(ParaSlate *slate);

void para_slate_save(const ParaSlate *slate, ParaBytes *out);
/// On one made alike.  @return false if the bytes make no sense
bool para_slate_load(ParaSlate *slate, ParaBytesReader *in);
