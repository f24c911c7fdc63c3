// SPDX-License-Identifier: MIT
// One episode without any action, on a world that the caller lends.
#include "apps/still.h"

#include "agents/env/decision.h"
#include "apps/interrupt.h"

bool para_app_solves_itself(ParaWorldGroup *group, const ParaLevel *level, bool (*stop)(void *context),
                            void *stop_context)
{
    static const int8_t none[PARA_PLAYERS_MAX * PARA_CHANNELS];
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), false);
    bool on = env.arena && para_env_begin(&env, level, "still");
    while (on && env.play.status == PARA_PLAY_ON && para_interrupt_count() == 0 &&
           !(stop && stop(stop_context)))
        para_decision_make_one(&env, none);
    bool solved = on && env.play.status == PARA_PLAY_SOLVED;
    para_env_destroy(&env);
    return solved;
}
