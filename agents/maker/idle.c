// SPDX-License-Identifier: MIT
// Plays levels without any action.
#include "agents/maker/idle.h"

int64_t para_maker_try_idle(const ParaMakerDef *def, ParaKept *const *levels, int count, bool through,
                            ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    ParaTrial *trials = PARA_NEW(arena, ParaTrial, count + 1);
    int wanted = 0, at = 0;
    for (int i = 0; i < count; i++)
        if (levels[i]->idle == PARA_IDLE_UNKNOWN)
            trials[wanted++] = (ParaTrial){.pick = levels[i]->pick, .kind = PARA_TRIAL_STILL, .calm = true};
    int64_t steps = through ? para_trials_play_through(def->room, def->families, trials, wanted, NULL)
                            : para_trials_play(def->room, def->families, trials, wanted, NULL, NULL, NULL);
    bool stopped = wanted > 0 && para_trial_room_stopped(def->room);
    for (int i = 0; i < count && !stopped; i++) {
        if (levels[i]->idle != PARA_IDLE_UNKNOWN)
            continue;
        const ParaTrial *trial = &trials[at++];
        bool solved = trial->played && trial->report.end == PARA_END_SOLVED;
        levels[i]->idle = trial->played && !solved ? PARA_IDLE_NEEDS_ACTION : PARA_IDLE_REFUSED;
        *def->refused += solved;
    }
    para_arena_rewind(arena, mark);
    return stopped ? -1 : steps;
}
