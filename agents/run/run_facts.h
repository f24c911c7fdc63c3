// SPDX-License-Identifier: MIT
#pragma once
// What a run was asked for and what it came to, in numbers that can be set beside those of another run.
#include "agents/run/run_folder.h"

#define PARA_FACTS_EDGE_LOW   0.2 ///< [1] a level at the edge is solved at least so often,
#define PARA_FACTS_EDGE_HIGH  0.8 ///< and at most so often,
#define PARA_FACTS_EDGE_TRIES 4   ///< [episode] where so many of it are known

/// A score on levels that training does not draw.
typedef struct ParaRunScore {
    int lesson;         ///< [1] >= 0 after which it was scored; -1: it never was
    int levels;         ///< [1] >= 0 of all families together
    double mean;        ///< [1] 0..1 solved, mean of families; NaN: not known
    double worst_tenth; ///< [1] 0..1 of the same, of the worst tenth of the levels; NaN: not known
} ParaRunScore;

typedef struct ParaRunFacts {
    const char *config;     ///< JSON, whole
    const char *maker;      ///< "" where it is not known; so are the next
    const char *families;   ///< "rover,balance"
    const char *written_by; ///< the version that wrote it last
    ParaStatistics now;     ///< totals and statistics of the last lesson; lesson -1: there is none
    double calibration;     ///< [1] 0..1 when last known; NaN: the maker forecasts nothing
    int64_t episodes;       ///< [1] >= 0 of all lessons
    int64_t solved;         ///< [1] 0..episodes
    int levels;             ///< [1] >= 0 in the archive
    int proofs;             ///< [1] >= 0 of them with a replay that proves them
    ParaRunScore held_out;  ///< of the training's own evaluations, the newest
    ParaRunScore evaluated; ///< by `paracosm eval` on all families of the run and no others, the newest
    int64_t edge_known; ///< [1] >= 0 episodes on levels that were played PARA_FACTS_EDGE_TRIES times or more
    int64_t edge;       ///< [1] 0..edge_known of them on levels at the edge, by all that was reported of each
} ParaRunFacts;

/// @return false with a clear error: the database cannot be read
/// Cost: two passes over the reports.
bool para_run_facts(ParaRun *run, ParaArena *arena, ParaRunFacts *out, const char **out_error);

/// A point of a learning curve.
typedef struct ParaRunPoint {
    double
        solved; ///< [1] 0..1 of the episodes that ended in the tenth of the decisions before; NaN: none did
    double held_out; ///< [1] 0..1 the last held-out score until then; NaN: none is known
    double seconds;  ///< [s] >= 0 that the run took until then; NaN: not known
} ParaRunPoint;
/// Where a run was when it had made so many decisions. @param decisions [1] >= 1
bool para_run_point(ParaRun *run, int64_t decisions, ParaRunPoint *out, const char **out_error);
