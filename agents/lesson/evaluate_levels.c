// SPDX-License-Identifier: MIT
// Scores of a player on levels at hand, such as those of somebody's archive.
#include "agents/lesson/evaluate.h"

#include "engine/base/assert.h"

#define HALVES 2

/// How often each level was solved in one half of its episodes.
static void count_halves(const ParaTrial *trials, int level, int episodes, float solved[HALVES],
                         int played[HALVES])
{
    for (int h = 0; h < HALVES; h++)
        solved[h] = 0, played[h] = 0;
    for (int e = 0; e < episodes; e++) {
        const ParaTrial *trial = &trials[level * episodes + e];
        int half = e >= episodes / 2;
        played[half] += trial->played;
        solved[half] += trial->played && trial->report.end == PARA_END_SOLVED ? 1 : 0;
    }
}

static void read_trials(const ParaTrial *trials, int count, int episodes, ParaArena *arena,
                        ParaLevelsScore *out)
{
    float *ranking = PARA_NEW(arena, float, count + 1), *scoring = PARA_NEW(arena, float, count + 1);
    double sum = 0;
    out->levels = 0;
    for (int l = 0; l < count; l++) {
        float solved[HALVES];
        int played[HALVES];
        count_halves(trials, l, episodes, solved, played);
        if (played[0] == 0 || played[1] == 0)
            continue; // its solver does not take it
        ranking[out->levels] = solved[0] / (float)played[0];
        scoring[out->levels] = solved[1] / (float)played[1];
        sum += (double)(solved[0] + solved[1]) / (played[0] + played[1]);
        out->levels++;
    }
    if (out->levels == 0)
        return;
    out->solve = (float)(sum / out->levels);
    out->worst10 = para_worst_tenth(ranking, scoring, out->levels, arena);
    para_share_interval((double)out->solve, out->levels, &out->low, &out->high);
}

bool para_evaluate_levels(const ParaEvalDef *def, const ParaLevel *const *levels, int count,
                          const ParaPolicy *player, ParaTrialRoom *room, ParaTrialWatch *watch, void *context,
                          ParaArena *arena, ParaLevelsScore *out)
{
    PARA_ASSERT(def->episodes >= 2 && def->episodes % 2 == 0 && count >= 0 && player != NULL);
    const ParaFamilies none = {.count = 1}; // levels are at hand: nothing is drawn from it
    int episodes = def->episodes;
    ParaTrial *trials = PARA_NEW(arena, ParaTrial, (size_t)count * (size_t)episodes + 1);
    for (int l = 0; l < count; l++)
        for (int e = 0; e < episodes; e++)
            trials[l * episodes + e] =
                (ParaTrial){.level = levels[l],
                            .kind = def->greedy ? PARA_TRIAL_GREEDY : PARA_TRIAL_POLICY,
                            .seed = para_seed_mix(para_seed_mix(def->seed, levels[l]->hash), (uint64_t)e)};
    *out = (ParaLevelsScore){0};
    para_trials_play(room, &none, trials, count * episodes, player, watch, context);
    if (para_trial_room_stopped(room))
        return false;
    read_trials(trials, count, episodes, arena, out);
    return true;
}
