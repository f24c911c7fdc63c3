// SPDX-License-Identifier: MIT
#pragma once
// Two systems at two rates: the reflex acts at every decision, while a thread of its own thinks. A thought
// takes longer than a decision, so it is not about where the world is but about where it will be once the
// thought is ready: what is pressed until then is known, since the reflex's luck is drawn by the number of
// the decision. A plan whose time has come is followed, as long as the world is where it was foreseen.
// Who wants the same every time thinks in step: then each plan is made while the world waits.
#include "agents/think/think.h"

#define PARA_SLOW_SHOWN 48 ///< futures whose ways are shown

/// What is thought of at the moment, for a picture.
typedef struct ParaSlowWays {
    int count;                    ///< [1] 0..PARA_SLOW_SHOWN futures; the best is the first
    int body_count;               ///< [1] 0..PARA_THINK_BODIES_MAX
    int lengths[PARA_SLOW_SHOWN]; ///< [decision] 0..PARA_THINK_HORIZON_MAX
    int first;                    ///< [decision] >= 0 that they begin with
    int futures;                  ///< [1] >= 0 that were imagined
    double seconds;               ///< [s] >= 0 that it took
    ParaVec2 ways[PARA_SLOW_SHOWN][PARA_THINK_HORIZON_MAX][PARA_THINK_BODIES_MAX]; ///< [m] any finite
} ParaSlowWays;

typedef struct ParaSlowDef {
    ParaThinkDef think; ///< futures > 0: the most that are imagined
    bool in_step;       ///< the world waits for each plan
    double budget;      ///< [s] > 0 that a plan may take; where it takes longer, fewer are imagined
} ParaSlowDef;

typedef struct ParaSlow ParaSlow;
/// @param solver of the true world   @param workers as of a thinker   @return NULL if there is no memory
ParaSlow *para_slow_create(const ParaSlowDef *def, const ParaReflex *reflex, const ParaThinkWhere *where,
                           ParaSolverKind solver, ParaWorkers *workers, ParaArena *arena);
void para_slow_destroy(ParaSlow *slow); ///< NULL is fine; waits for the thought under way
/// Begins an episode. @param level copied   @return false if it cannot be thought about
bool para_slow_begin(ParaSlow *slow, const ParaLevel *level, uint64_t seed);
/// What the players do in the decision that comes. @param env between two decisions   @param actions out, [A,
/// 8]
/// @return whether a plan says so; else the reflex does
bool para_slow_act(ParaSlow *slow, const ParaEnv *env, int8_t *actions);
/// What was thought of last. @param out out   @return false: nothing yet
bool para_slow_ways(ParaSlow *slow, ParaSlowWays *out);
