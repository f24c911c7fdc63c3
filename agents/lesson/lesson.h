// SPDX-License-Identifier: MIT
#pragma once
// The loop in which the maker and the player raise each other: make, play, learn, report, remember.
#include "agents/env/observe.h"
#include "agents/run/statistics.h"
#include "engine/base/threads.h"

#define PARA_TRAIN_ENVS_MAX    8192
#define PARA_TRAIN_HORIZON_MAX 4096

typedef struct ParaTrainDef {
    const char *folder;          ///< run folder; made if missing, continued if it holds a run
    const char *maker;           ///< "dr" or "sfl"
    const char *const *families; ///< names or template files  [family_count]
    int family_count;            ///< 0: the whole library
    ParaObsKind obs;             ///< vector needs exactly one family
    ParaSolverKind solver;       ///< AUTO: lanes where a level fits it, else chipmunk; of a new run
    int width;                   ///< trunk width
    int envs, horizon;           ///< B envs, T decisions per lesson; at least one env for each family
    int threads;                 ///< 0: one per CPU
    uint64_t seed;
    double minutes;          ///< [min] of training of the run, all calls together; 0: no limit
    int64_t lessons;         ///< total lessons to reach; 0: no limit
    int checkpoint_seconds;  ///< [s] between checkpoints
    double schedule_minutes; ///< [min] over which the learning rate falls; 0: that of minutes, else constant
} ParaTrainDef;

ParaTrainDef para_train_def_default(void);

typedef struct ParaTrainStatus {
    ParaStatistics now; ///< of this lesson, and the totals
    int family_count;
    const char *const *family_names;
    const float *family_solve; ///< running solve rate over about the last 100 episodes; -1 unknown
    const int *family_episodes;
    ParaSolverKind solver; ///< of the run
    int lanes_envs;        ///< envs whose present level runs on lanes
    int envs;
    ParaWorld preview_world; ///< one env, for a picture
    const ParaLevel *preview_level;
    const ParaPlay *preview_play;
    bool checkpoint_saved; ///< in this lesson
    const char *note;      ///< something to tell, or NULL
} ParaTrainStatus;

/// Called after each lesson; false ends the training cleanly (checkpoint written).
typedef bool ParaTrainWatch(void *context, const ParaTrainStatus *status);

/// Trains until a limit, or until the watch says stop. Continues if the folder holds a run.
/// @return false with a clear error; the work up to the last checkpoint stands
bool para_train(const ParaTrainDef *def, ParaTrainWatch *watch, void *context, ParaArena *arena,
                const char **out_error);
