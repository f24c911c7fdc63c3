// SPDX-License-Identifier: MIT
#pragma once
// Thinking before acting: a player that is quick by reflex (its trained policy) imagines what would come of
// other ways to act, and takes the first step of the best. A future is a sequence of decisions, each channel
// of each either left to the reflex or held at a key; futures are played in worlds of their own, which are
// made to stand as the true one does. They are judged by what the level's rules pay, by its goal, and by the
// policy's value of where they end. Rounds of futures, each drawn nearer to the best before, are the
// cross-entropy method over choices.
// Source: Rubinstein 1999 (cross-entropy method); Hafner 2019, arXiv 1811.04551, and Hansen 2024,
// arXiv 2310.16828 (a policy's samples among the candidates, its value at the end); Pinneri 2020,
// arXiv 2008.06389 (keys held for a while, the last plan kept on).
#include "agents/env/env.h"
#include "agents/policy/policy.h"
#include "engine/base/threads.h"

#define PARA_THINK_FUTURES_MAX 4096
#define PARA_THINK_HORIZON_MAX 120
#define PARA_THINK_ROUNDS_MAX  8
#define PARA_THINK_BODIES_MAX  4 ///< whose ways are kept for pictures

typedef struct ParaThinkDef {
    int futures; ///< [1] 0..PARA_THINK_FUTURES_MAX of one plan, all rounds together; 0: the reflex alone
    int horizon; ///< [decision] 1..PARA_THINK_HORIZON_MAX a future goes on; default 24
    int rounds;  ///< [1] 1..PARA_THINK_ROUNDS_MAX at most; few futures are one round; default 3
    int keep;    ///< [decision] 1..horizon that are done of a plan before the next is made; default 2
    float doubt; ///< [1] >= 0 how much a future loses for a doubt of 1; default 1
    bool greedy; ///< the reflex takes its most probable action where it acts alone
    bool without_prior;  ///< no key is left to the reflex (for comparisons)
    bool without_future; ///< one decision ahead, and then what the value says (for comparisons)
} ParaThinkDef;
ParaThinkDef para_think_def_default(int futures);
/// NULL where a def is sensible, else what is wrong, a constant.
const char *para_think_def_problem(const ParaThinkDef *def);

/// Whose reflex it is.
typedef struct ParaReflex {
    const ParaPolicy *policy;
    float discount; ///< [1] 0..1 per decision, as its values were learned with
    float scale;    ///< [1] >= 0 turns raw rewards into the value's units; 0: not known, values are not used
} ParaReflex;

/// How sure the worlds of a group are of where they stand. @return [1] >= 0
typedef float ParaThinkDoubt(void *context, ParaWorld world);
/// Where futures are played: worlds of a solver, or of a learned model.
typedef struct ParaThinkWhere {
    ParaSolverKind solver; ///< of the group, where create is NULL; AUTO or that of the level: the true engine
    ParaWorldGroup *(*create)(void *context, int capacity); ///< another kind of group; NULL: of the solver
    ParaThinkDoubt *doubt;                                  ///< NULL: no doubt
    void *context;                                          ///< of both
} ParaThinkWhere;

/// What was thought of last.
typedef struct ParaPlan {
    int futures;         ///< [1] >= 0 imagined for it
    int decisions;       ///< [decision] 0..horizon it goes on
    int first;           ///< [decision] >= 0 of the episode that it begins with
    int best;            ///< [1] 0..futures - 1; -1: none
    const int8_t *keys;  ///< [1] -1..1 of the best  [decisions, A, 8]
    const float *scores; ///< [1] any finite, of each future  [futures]
    int body_count;      ///< [1] 0..PARA_THINK_BODIES_MAX
    const int *bodies; ///< [1] >= 0 whose ways are kept  [body_count]: the first player's, then what the goal
                       ///< is about
    const int *lengths;   ///< [decision] 0..horizon of each future's way  [futures]
    const ParaVec2 *ways; ///< [m] any finite  [futures, horizon, PARA_THINK_BODIES_MAX]
    float reflex_score;   ///< [1] any finite, of the first future, in which the reflex acts alone
} ParaPlan;

typedef struct ParaThinker ParaThinker;

/// @param workers that play futures; NULL: the calling thread alone. What is thought is the same for any
/// @param workers number of them
/// @param ways whether ParaPlan.ways are kept
/// @return NULL if there is no memory for the worlds.  `reflex`, `where` and `arena` live longer
ParaThinker *para_thinker_create(const ParaThinkDef *def, const ParaReflex *reflex,
                                 const ParaThinkWhere *where, ParaWorkers *workers, bool ways,
                                 ParaArena *arena);
void para_thinker_destroy(ParaThinker *thinker); ///< NULL is fine
/// Begins an episode. @param level outlives it   @param seed of all that is drawn
/// @return false if its futures cannot be played: a level the group's solver does not take
bool para_thinker_begin(ParaThinker *thinker, const ParaLevel *level, uint64_t seed);
/// What the players do next, thinking where a new plan is due.
/// @param env between two decisions of the level that was begun; untouched   @param actions out, [A, 8] -1..1
/// @return false if the worlds of futures could not be made to stand so; then it is the reflex that acts
/// Cost: futures * horizon decisions in the worlds where futures are played; no heap but theirs.
bool para_thinker_act(ParaThinker *thinker, const ParaEnv *env, int8_t *actions);
/// Makes a plan from where `env` stands, now. @return as para_thinker_act
bool para_thinker_plan(ParaThinker *thinker, const ParaEnv *env);
/// The plan that was made last; valid until the next.
const ParaPlan *para_thinker_last(const ParaThinker *thinker);
/// What the plan that was just made, at this decision, says of the keys to begin with: how probable each
/// should be. The reflex's probabilities, times how well the futures went that began with the key.
/// @param env the plan's, not gone on since   @param wanted out, [8, PARA_CHOICES] 0..1; 0 where it is
/// unbound Cost: one pass of the reflex, and O(futures) a channel.
void para_thinker_wanted(ParaThinker *thinker, const ParaEnv *env, int player, float *wanted);
/// Another number of futures from the next plan on. @param futures [1] 0..that of the def it was made with
void para_thinker_set_futures(ParaThinker *thinker, int futures);
/// What the reflex alone does. @param rng its stream: the same draws as of a trial (agents/player/trials.h)
void para_thinker_reflex(ParaThinker *thinker, const ParaEnv *env, ParaRng *rng, int8_t *actions);
