// SPDX-License-Identifier: MIT
#pragma once
// What the parts of a search share: a try, a pass, the work under way. Private to agents/search.
#include "agents/env/decision.h"
#include "agents/search/search.h"

#include <stdatomic.h>

#define PARA_SEARCH_STAGE_MAX   512   ///< decisions of one stage
#define PARA_SEARCH_ELITE       12    ///< plans that are varied
#define PARA_SEARCH_CELLS       65536 ///< a power of two; kinds of situations that are counted
#define PARA_SEARCH_TRACKED_MAX 6     ///< bodies whose places make a situation

typedef enum {
    PARA_PASS_SHOOT, ///< whole episodes of random actions: one stage
    PARA_PASS_VARY,  ///< the best plans with a part of them drawn anew: each stage begins at the start
    PARA_PASS_BEAM   ///< the best of each stage go on
} ParaPassKind;

/// How a pass searches.
typedef struct ParaPass {
    ParaPassKind kind;
    int stage;    ///< [decision] 1..PARA_SEARCH_STAGE_MAX of each stage
    int stages;   ///< [1] >= 1
    double novel; ///< [1] 0..1 share of what is kept for being where few have been, not for its score
} ParaPass;

/// One clone that goes on in the stage under way.
typedef struct ParaTry {
    int parent;    ///< [1] 0..PARA_SEARCH_KEPT - 1 the kept moment it goes on from
    int decisions; ///< [1] 0..stage that it made
    ParaPlayStatus status;
    float reward, progress; ///< where it is after them
    float score;            ///< [1] what makes it better than others
    uint32_t cell;          ///< [1] 0..PARA_SEARCH_CELLS - 1 what its situation counts as
    int8_t *actions;        ///< [PARA_SEARCH_STAGE_MAX, 8]
} ParaTry;

typedef struct ParaElite {
    float score;
    int decisions;   ///< [1] 0..PARA_SEARCH_STAGE_MAX
    int8_t *actions; ///< [PARA_SEARCH_STAGE_MAX, 8]
} ParaElite;

typedef struct ParaSearchWork {
    ParaSearchDef def;
    ParaWorkers *workers;
    ParaWorldGroup *group;
    ParaEnv *envs; ///< [KEPT + TRIES] what was kept, then the tries
    ParaEnv record;
    ParaTry tries[PARA_SEARCH_TRIES];
    int horizon; ///< [decision] of the whole episode, as far as it is looked into
    ParaPass pass;
    int stage;                                    ///< [1] >= 0 of the pass
    int kept;                                     ///< [1] 0..PARA_SEARCH_KEPT
    int8_t last[PARA_SEARCH_KEPT][PARA_CHANNELS]; ///< what each that is kept did last
    int16_t *parents;                   ///< [stages, KEPT] for each that was kept the one it came from
    int8_t *log;                        ///< [stages, KEPT, stage, 8] what it did on the way
    ParaElite elite[PARA_SEARCH_ELITE]; ///< best first
    int elite_count;
    uint32_t *visits; ///< [PARA_SEARCH_CELLS]
    int tracked[PARA_SEARCH_TRACKED_MAX];
    int tracked_count;
    double grid; ///< [m] > 0 side of the cells of places
    atomic_bool stopped;
} ParaSearchWork;

/// Plays all tries of the stage: the clones go on by random actions. @return false if it was broken off
bool para_search_play(ParaSearch *search);
/// Which of the tries are kept for the next stage. @return how many
int para_search_choose(ParaSearchWork *work, int out_tries[PARA_SEARCH_KEPT]);
/// What the situation of an env counts as.
uint32_t para_search_cell(const ParaSearchWork *work, const ParaEnv *env);
/// Finds the bodies that the goal is about.
void para_search_track(ParaSearchWork *work);
