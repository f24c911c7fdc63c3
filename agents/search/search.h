// SPDX-License-Identifier: MIT
#pragma once
// A search for actions that solve a level, by somebody who may go back in time: many tries of random actions
// that are held for a while, the most promising of them cloned and tried on from there. For `paracosm prove`,
// which tells an author that a level can be solved at all. It learns nothing and knows no observation.
//
// It is made of stages. In one, `PARA_SEARCH_TRIES` clones of the moments that were kept go on for the same
// time, and some of them are kept for the next; stages from the start of the level to its end are a pass.
// What is tried depends on the level, the solver and the seed alone, never on threads or time.
#include "agents/env/replay.h"
#include "engine/base/threads.h"

#define PARA_SEARCH_TRIES 256 ///< of one stage
#define PARA_SEARCH_KEPT  32  ///< most moments that are kept from one stage to the next
#define PARA_SEARCH_DECISIONS_MAX                                                                            \
    16384 ///< it looks no further into an episode: 18 minutes at 15 decisions a second

/// Asked by worker threads, often: true breaks off the stage under way, of which nothing is kept.
typedef bool ParaSearchStop(void *context);

typedef struct ParaSearchDef {
    const ParaLevel *level; ///< of one player; must outlive the search
    ParaSolverKind solver;
    uint64_t seed;        ///< [seed] of what is tried
    int64_t steps_max;    ///< [step] >= 1 of physics in all; it ends with the stage that reaches them
    ParaSearchStop *stop; ///< NULL: nobody asks
    void *stop_context;
} ParaSearchDef;

typedef struct ParaSearch {
    bool solved;    ///< the plan solves the level
    int64_t steps;  ///< [step] >= 0 of physics so far
    int64_t tries;  ///< [1] >= 0 clones that went on so far
    int passes;     ///< [1] >= 0 begun so far
    float progress; ///< [1] 0..1 share of the goal where the plan ends: the most so far
    int decisions;  ///< [1] 0..PARA_SEARCH_DECISIONS_MAX of the plan
    int8_t *plan;   ///< [1] -1..1 the actions that got furthest  [decisions, 8]
    struct ParaSearchWork *work;
} ParaSearch;

/// @param workers that play the tries; results do not depend on them   @param arena lives longer
/// @return NULL with the reason: several players, a level the solver does not take, no memory
ParaSearch *para_search_open(const ParaSearchDef *def, ParaWorkers *workers, ParaArena *arena,
                             const char **out_error);
/// One stage. @return false once the search is over: solved, at steps_max, or asked to stop
bool para_search_next(ParaSearch *search);
/// Plays the plan again, from the start, and records it.
/// @param out_remained out, [size] why that does not solve the level, as a sentence; else empty
/// @return valid until the search is closed; of one that is not solved an episode that is still on, perhaps
const ParaReplay *para_search_replay(ParaSearch *search, char *out_remained, size_t size);
ParaSolverKind para_search_solver(const ParaSearch *search); ///< that runs it; never AUTO
void para_search_close(ParaSearch *search);                  ///< NULL is fine
