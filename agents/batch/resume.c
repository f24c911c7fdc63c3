// SPDX-License-Identifier: MIT
// Episodes under way: told as plain data, and played again.
#include "agents/batch/resume.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"

#include <string.h>

void para_episode_of(const ParaBatch *batch, int b, ParaEpisode *out)
{
    const ParaEnv *env = &batch->envs[b];
    int players = batch->def.players;
    PARA_ASSERT(env->level && env->recorder && env->step == 0);
    const ParaReplay *record = para_recorder_so_far(env->recorder);
    *out = (ParaEpisode){.pick = batch->picks[b],
                         .level_hash = env->level->hash,
                         .chain = env->chain,
                         .decisions = record->decisions,
                         .actions = record->actions,
                         .level_rng = batch->level_rng[b]};
    memcpy(out->action_rng, batch->action_rng + (size_t)b * (size_t)players,
           sizeof(ParaRng) * (size_t)players);
}

/// Why the episode cannot be played again in the env, NULL if it has been.
static const char *play_again(ParaBatch *batch, ParaEnv *env, const ParaEpisode *episode)
{
    ParaPick pick = episode->pick;
    const ParaLevel *level =
        para_families_sample(batch->def.families, &pick, batch->def.maker, para_env_level_arena(env));
    if (!level || level->hash != episode->level_hash)
        return "its level is not made as it was";
    PARA_ASSERT(level->player_count <= batch->def.players);
    if (!para_env_begin(env, level, "trained"))
        return "its level does not build";
    for (int at = 0; at < episode->decisions; at++) {
        if (env->play.status != PARA_PLAY_ON)
            return "it ends before all of its actions";
        para_decision_make_one(env,
                               episode->actions + (size_t)at * (size_t)level->player_count * PARA_CHANNELS);
    }
    if (env->play.status != PARA_PLAY_ON || env->chain != episode->chain)
        return "it does not play as it did";
    return NULL;
}

bool para_episode_resume(ParaBatch *batch, int b, const ParaEpisode *episode, const char **out_why)
{
    ParaEnv *env = &batch->envs[b];
    int players = batch->def.players;
    PARA_ASSERT(batch->def.next && batch->def.recording);
    *out_why = play_again(batch, env, episode);
    if (*out_why) {
        para_batch_reset_one(batch, b);
        return false;
    }
    batch->picks[b] = episode->pick;
    batch->level_rng[b] = episode->level_rng;
    memcpy(batch->action_rng + (size_t)b * (size_t)players, episode->action_rng,
           sizeof(ParaRng) * (size_t)players);
    batch->over[b] = batch->ended_count[b] = 0;
    para_batch_seat(batch, b);
    para_batch_observe(batch, b, 0);
    return true;
}
