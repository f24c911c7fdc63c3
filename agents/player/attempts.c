// SPDX-License-Identifier: MIT
// Tries at levels, one after the other.
#include "agents/player/attempts.h"

#include "agents/batch/seeds.h"
#include "agents/env/decision.h"
#include "agents/player/player.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"

#include <string.h>

/// One try, from its level's beginning to its end.
static void play(ParaEnv *env, ParaMind *mind, ParaRng *luck, ParaEpisode *out)
{
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    double started = para_clock_thread_seconds();
    while (env->play.status == PARA_PLAY_ON) {
        for (int p = 0; p < env->level->player_count; p++)
            if (env->play.players[p].status == PARA_PLAY_ON)
                para_mind_act(mind, env, p, luck, actions + (size_t)p * PARA_CHANNELS, NULL);
        para_decision_make_one(env, actions);
        out->decisions++;
    }
    ParaReport report = para_env_report(env, 0);
    *out = (ParaEpisode){.played = true,
                         .solved = env->play.status == PARA_PLAY_SOLVED,
                         .decisions = out->decisions,
                         .progress = report.progress,
                         .seconds = report.seconds,
                         .cpu = para_clock_thread_seconds() - started};
}

static void try_level(const ParaAttemptsDef *def, ParaEnv *env, ParaMind *mind, int index, int attempt,
                      ParaEpisode *out)
{
    int family = index / def->levels;
    uint64_t set = para_set_seed(def->families->names[family], def->seed);
    uint64_t seed = para_held_out_seed(set, index % def->levels);
    ParaPick pick = {.family = family, .seed = seed};
    ParaRng luck =
        para_rng_make(para_seed_mix(seed, (uint64_t)(attempt * PARA_PLAYERS) + PARA_PLAYER_TRAINED), "trial");
    const ParaLevel *level = para_families_sample(def->families, &pick, "trial", para_env_level_arena(env));
    if (!level || !para_env_begin(env, level, "trained"))
        return;
    para_mind_begin(mind);
    play(env, mind, &luck, out);
    if (!def->consult_only)
        para_mind_keep(mind, env);
}

bool para_attempts_play(const ParaAttemptsDef *def, ParaArena *arena, ParaEpisode *out)
{
    PARA_ASSERT(def->levels > 0 && def->attempts >= 1 && def->attempts <= PARA_ATTEMPTS_MAX);
    int levels = def->families->count * def->levels, done = 0, total = levels * def->attempts;
    memset(out, 0, sizeof *out * (size_t)total);
    ParaWorldGroup *group = para_world_group_create(def->solver, 1);
    if (!group)
        return false;
    ParaEnv env;
    ParaMind *mind = para_mind_create(def->policy, arena);
    if (def->recall)
        para_mind_remember(mind, def->recall, para_families_players(def->families, arena), arena);
    para_env_init(&env, para_world_at(group, 0), false);
    env.fine = para_mind_is_fine(mind);
    env.parts = para_mind_parts(mind);
    bool on = env.arena != NULL;
    for (; done < total && on; done++) {
        try_level(def, &env, mind, done / def->attempts, done % def->attempts, &out[done]);
        on = !def->over || def->over(def->context, done + 1, total);
    }
    para_env_destroy(&env);
    para_world_group_destroy(group);
    return on;
}
