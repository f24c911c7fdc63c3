// SPDX-License-Identifier: MIT
// From the rows of a run to what its worlds are told by.
#include "agents/lifelong/summary.h"

#define POINTS_MAX 256 // of one world's curve

/// AUC of a world: of its own examinations while it was learned. @return [1] 0..1; -1: it is not learned yet
static double area_of(const ParaStreamScore *scores, int count, int world)
{
    double done[POINTS_MAX], solve[POINTS_MAX];
    int points = 0;
    for (int i = 0; i < count; i++)
        if (scores[i].learning == world && scores[i].world == world && points < POINTS_MAX)
            done[points] = scores[i].done, solve[points++] = scores[i].solve;
    return points > 0 && done[points - 1] >= 1.0 ? para_transfer_area(done, solve, points) : -1;
}

int para_transfer_of_run(ParaRun *run, ParaArena *arena, ParaTransferWorld **out_worlds)
{
    ParaStreamScore *scores = NULL;
    int count = para_run_stream_scores(run, arena, &scores), worlds = 0;
    for (int i = 0; i < count; i++)
        worlds = scores[i].learning >= worlds ? scores[i].learning + 1 : worlds;
    ParaTransferWorld *out = PARA_NEW(arena, ParaTransferWorld, worlds + 1);
    double *reference = PARA_NEW(arena, double, worlds + 1);
    para_run_stream_reference(run, reference, worlds);
    for (int w = 0; w < worlds; w++)
        out[w] = (ParaTransferWorld){
            .learned = -1, .last = -1, .area = area_of(scores, count, w), .reference = reference[w]};
    for (int i = 0; i < count; i++) {
        const ParaStreamScore *score = &scores[i];
        if (score->done >= 1.0 && score->learning == score->world)
            out[score->world].learned = score->solve;
        if (score->done >= 1.0 && score->learning == worlds - 1)
            out[score->world].last = score->solve;
    }
    *out_worlds = out;
    return worlds;
}
