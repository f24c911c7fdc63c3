// SPDX-License-Identifier: MIT
#pragma once
// What `paracosm bench train` measures: one network that learns on random levels of some families, with some
// number of threads. No run folder and no maker: what is measured is the machine, not the lesson.
// Private to apps/bench.
#include "agents/batch/batch.h"
#include "agents/lesson/lesson.h"
#include "agents/player/collector.h"

#define PARA_BENCH_LESSONS_MAX 999
#define PARA_BENCH_NAME_MAX    64

/// A network and the families that it learns on.
typedef struct ParaBenchNetwork {
    char name[PARA_BENCH_NAME_MAX]; ///< such as "vector-64"
    ParaObsKind obs;                ///< vector needs exactly one family
    int width;                      ///< [1] 16..1024
    const char *families;           ///< their names, set apart by commas; NULL: the whole library
} ParaBenchNetwork;

/// Where the time of all threads went, each in seconds of a steady clock.
typedef struct ParaBenchShare {
    double env;     ///< [s] >= 0 worlds, observations, rewards, actions
    double forward; ///< [s] >= 0 the network while it plays, and drawing from it
    double update;  ///< [s] >= 0 learning
    double idle;    ///< [s] >= 0 threads that waited for others
} ParaBenchShare;

typedef struct ParaBenchLearner {
    const ParaBenchNetwork *network;
    ParaArena *arena; ///< everything lives here
    ParaFamilies families;
    ParaWorkers *workers;
    ParaPolicy *policy;
    ParaPpo *ppo;
    ParaBatch *batch;
    ParaCollector *collector;
    // what was measured so far
    int lessons;                          ///< [1] 0..PARA_BENCH_LESSONS_MAX
    double rates[PARA_BENCH_LESSONS_MAX]; ///< [1/s] > 0 decisions  [lessons]
    double wall, cpu;                     ///< [s] >= 0 of all lessons; of the whole process
    int64_t world_steps;                  ///< [step] >= 0
    double rows;                          ///< [1] >= 0 live entity rows of all lessons' observations
    ParaBenchShare share;
} ParaBenchLearner;

/// @param def sizes and settings of the learner, its core, head and sort of value   @param threads [1] >= 0;
/// 0: one per CPU
/// @return false with an error for the user; destroy the learner anyway
bool para_bench_learner_make(ParaBenchLearner *learner, const ParaBenchNetwork *network,
                             const ParaTrainDef *def, ParaSolverKind solver, int threads,
                             const char **out_error);
void para_bench_learner_destroy(ParaBenchLearner *learner);
/// One lesson: rollout and update. @param counted false: it only warms up
void para_bench_learner_run(ParaBenchLearner *learner, bool counted);
/// Floating-point operations of a decision: its forward pass and what every epoch makes of it. [FLOP]
double para_bench_learner_flop(const ParaBenchLearner *learner);
/// Matrix products of all workers at once, the fastest of some. [FLOP/s]; 0 without memory
double para_bench_peak(ParaWorkers *workers);
