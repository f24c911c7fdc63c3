// SPDX-License-Identifier: MIT
#pragma once
// What a run of a stream of worlds was examined by (worlds/stream/stream.h): shares solved on held-out
// levels, while a world is learned and, at its end, in all worlds so far.
#include "agents/run/run_folder.h"

typedef struct ParaStreamScore {
    int lesson;   ///< [1] >= 0 before which it was examined, or at the end of a world after which
    int learning; ///< [1] >= 0 the world that was being learned
    int world;    ///< [1] >= 0 the world that was examined
    int point;    ///< [1] >= 0 how many times that was before in its training; that at the end is the last
    double done;  ///< [1] 0..1 of the training of the world that was being learned
    double solve; ///< [1] 0..1 share of episodes solved
    double low, high; ///< [1] 0..1 where it may lie on all such levels, with 95 % confidence
    int levels;       ///< [1] >= 1 that it was examined on
} ParaStreamScore;

/// In the caller's transaction; one of the same learning, world and point is replaced.
bool para_run_add_stream_score(ParaRun *run, const ParaStreamScore *score, const char **out_error);
/// All of them, by learning, world, point. @param out_scores out, [returned], in the arena   @return [1] >= 0
int para_run_stream_scores(ParaRun *run, ParaArena *arena, ParaStreamScore **out_scores);
/// Keeps how well each world was learned alone, by a run of the same stream: AUC_ref. In the caller's
/// transaction.  @param areas in, [count] [1] 0..1
bool para_run_set_stream_reference(ParaRun *run, const double *areas, int count, const char **out_error);
/// @param areas out, [count] [1] 0..1; -1 where it is not known
void para_run_stream_reference(ParaRun *run, double *areas, int count);
