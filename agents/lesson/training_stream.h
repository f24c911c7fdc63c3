// SPDX-License-Identifier: MIT
#pragma once
// Where a training stands in its stream of worlds: shared by training_stream.c (opening, entering a world,
// state) and stream_scores.c (examining, leaving a world). Private to agents/lesson.
#include "agents/lesson/training.h"

struct ParaTrainingStream {
    const ParaWorldStream *stream;
    ParaFamilies all;       ///< of the run
    ParaFamilies *families; ///< [worlds] each world's, narrowed as it asks
    int **row;              ///< [worlds, its families] the number of each in the run's list
    int *same;              ///< [worlds] the first world of the same families, narrowed the same
    ParaKeep *keep;
    const char *maker; ///< of worlds that name none
    int world;         ///< [1] 0..worlds - 1 at hand
    bool left;         ///< it was learned, examined and left: of the last one alone
    bool entered;      ///< in this call, so that its episodes are new
    int64_t begun;     ///< [1] >= 0 decisions of the run when it began
    int begun_lesson;  ///< [1] >= 0
    int point;         ///< [1] >= 0 examinations in it so far
};

/// Plays a world's families from here on, with its maker.
void para_training_play_world(ParaTraining *t);
