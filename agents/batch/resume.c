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
                         .surprise_seed = batch->surprise_seeds ? batch->surprise_seeds[b] : 0,
                         .level_rng = batch->level_rng[b]};
    memcpy(out->action_rng, batch->action_rng + (size_t)b * (size_t)players,
           sizeof(ParaRng) * (size_t)players);
}

/// Why the episode cannot be played again in the env, NULL if it has been.
/// @param out_surprise out, the stream of its surprises as it stands then; where there are any
static const char *play_again(ParaBatch *batch, ParaEnv *env, const ParaEpisode *episode,
                              ParaRng *out_surprise)
{
    ParaPick pick = episode->pick;
    const ParaLevel *level =
        para_families_sample(batch->def.families, &pick, batch->def.maker, para_env_level_arena(env));
    if (!level || level->hash != episode->level_hash)
        return "its level is not made as it was";
    PARA_ASSERT(level->player_count <= batch->def.players);
    if (!para_env_begin(env, level, "trained"))
        return "its level does not build";
    ParaRng surprise = para_surprise_stream(episode->surprise_seed);
    for (int at = 0; at < episode->decisions; at++) {
        if (env->play.status != PARA_PLAY_ON)
            return "it ends before all of its actions";
        if (batch->surprise_rng)
            para_surprise_meet(env, batch->def.surprises, &surprise);
        para_decision_make_one(env,
                               episode->actions + (size_t)at * (size_t)level->player_count * PARA_CHANNELS);
    }
    if (env->play.status != PARA_PLAY_ON || env->chain != episode->chain)
        return "it does not play as it did";
    if (batch->surprise_rng)
        *out_surprise = surprise;
    return NULL;
}

bool para_episode_resume(ParaBatch *batch, int b, const ParaEpisode *episode, int worker,
                         const char **out_why)
{
    ParaEnv *env = &batch->envs[b];
    int players = batch->def.players;
    PARA_ASSERT(batch->def.next && batch->def.recording);
    ParaRng surprise;
    *out_why = play_again(batch, env, episode, &surprise);
    if (*out_why) {
        para_batch_reset_one(batch, b, worker);
        return false;
    }
    batch->picks[b] = episode->pick;
    batch->level_rng[b] = episode->level_rng;
    if (batch->surprise_rng) {
        batch->surprise_seeds[b] = episode->surprise_seed;
        batch->surprise_rng[b] = surprise;
    }
    memcpy(batch->action_rng + (size_t)b * (size_t)players, episode->action_rng,
           sizeof(ParaRng) * (size_t)players);
    batch->over[b] = batch->ended_count[b] = 0;
    para_batch_seat(batch, b);
    para_batch_observe(batch, b, worker);
    return true;
}

// ---------------------------------------------------------------------------------------------
// All envs of a batch.

typedef struct Resume {
    ParaBatch *batch;
    const ParaEpisode *episodes; // [E]
    const char **why;            // [E] NULL: resumed
} Resume;

static void resume_one(void *context, int b, int worker)
{
    const Resume *resume = context;
    para_episode_resume(resume->batch, b, &resume->episodes[b], worker, &resume->why[b]);
}

int para_episodes_resume(ParaBatch *batch, ParaWorkers *workers, const ParaEpisode *episodes,
                         ParaArena *scratch, const char **out_why)
{
    int envs = batch->def.envs;
    Resume resume = {batch, episodes, PARA_NEW(scratch, const char *, envs)};
    if (workers)
        para_workers_run(workers, resume_one, &resume, envs);
    for (int b = 0; b < envs && !workers; b++)
        resume_one(&resume, b, 0);
    for (int b = 0; b < envs; b++)
        if (resume.why[b]) {
            *out_why = resume.why[b];
            return b;
        }
    return -1;
}

// ---------------------------------------------------------------------------------------------
// As bytes.

static void put_rng(ParaBytes *out, const ParaRng *rng)
{
    for (int i = 0; i < 4; i++)
        para_bytes_put_whole(out, rng->s[i], 8);
}

static ParaRng take_rng(ParaBytesReader *in)
{
    ParaRng rng;
    for (int i = 0; i < 4; i++)
        rng.s[i] = para_bytes_take_whole(in, 8);
    return rng;
}

/// Coarse actions are -1, 0 or 1: a channel takes two bits, a player's decision two bytes. Fine ones are
/// bytes.
static void put_actions(ParaBytes *out, bool fine, const int8_t *actions, int rows)
{
    if (fine) {
        para_bytes_put(out, actions, (size_t)rows * PARA_CHANNELS);
        return;
    }
    for (int row = 0; row < rows; row++) {
        uint64_t bits = 0;
        for (int c = 0; c < PARA_CHANNELS; c++)
            bits |= (uint64_t)(actions[row * PARA_CHANNELS + c] + 1) << (2 * c);
        para_bytes_put_whole(out, bits, 2);
    }
}

/// @return [rows, 8] in the arena; NULL if they are not there
static int8_t *take_fine(ParaBytesReader *in, int64_t rows, ParaArena *arena)
{
    size_t size = (size_t)rows * PARA_CHANNELS;
    const uint8_t *data = para_bytes_take(in, size);
    if (!data)
        return NULL;
    int8_t *actions = PARA_NEW(arena, int8_t, size + 1);
    memcpy(actions, data, size);
    for (size_t i = 0; i < size; i++)
        in->bad = in->bad || actions[i] < -PARA_FINE;
    return actions;
}

/// The same of coarse ones.
static int8_t *take_coarse(ParaBytesReader *in, int64_t rows, ParaArena *arena)
{
    const uint8_t *data = para_bytes_take(in, (size_t)rows * 2);
    if (!data)
        return NULL;
    int8_t *actions = PARA_NEW(arena, int8_t, (size_t)rows * PARA_CHANNELS + 1);
    for (int64_t row = 0; row < rows; row++) {
        unsigned bits = data[2 * row] | (unsigned)data[2 * row + 1] << 8;
        for (int c = 0; c < PARA_CHANNELS; c++) {
            int action = (int)(bits >> (2 * c) & 3) - 1;
            in->bad = in->bad || action > 1;
            actions[row * PARA_CHANNELS + c] = (int8_t)action;
        }
    }
    return actions;
}

void para_episode_save(ParaBytes *out, const ParaBatch *batch, int b)
{
    ParaEpisode episode;
    int own = batch->envs[b].level->player_count;
    para_episode_of(batch, b, &episode);
    para_pick_save(out, &episode.pick);
    para_bytes_put_whole(out, episode.level_hash, 8);
    para_bytes_put_whole(out, episode.chain, 8);
    if (batch->surprise_seeds) // else the bytes are those of before there were any
        para_bytes_put_whole(out, episode.surprise_seed, 8);
    put_rng(out, &episode.level_rng);
    for (int p = 0; p < batch->def.players; p++)
        put_rng(out, &episode.action_rng[p]);
    para_bytes_put_whole(out, (uint64_t)own, 1);
    para_bytes_put_whole(out, (uint64_t)episode.decisions, 4);
    put_actions(out, batch->def.fine, episode.actions, episode.decisions * own);
}

ParaEpisode para_episode_load(ParaBytesReader *in, const ParaBatch *batch, ParaArena *arena)
{
    int players = batch->def.players;
    ParaEpisode episode = {.pick = para_pick_load(in, 0, batch->def.families->count - 1)};
    episode.level_hash = para_bytes_take_whole(in, 8);
    episode.chain = para_bytes_take_whole(in, 8);
    episode.surprise_seed = batch->surprise_seeds ? para_bytes_take_whole(in, 8) : 0;
    episode.level_rng = take_rng(in);
    for (int p = 0; p < players; p++)
        episode.action_rng[p] = take_rng(in);
    int64_t own = para_bytes_take_range(in, 1, 1, players);
    episode.decisions = (int)para_bytes_take_range(in, 4, 0, PARA_REPLAY_DECISIONS_MAX);
    episode.actions = (batch->def.fine ? take_fine : take_coarse)(in, episode.decisions * own, arena);
    return episode;
}
