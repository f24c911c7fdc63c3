// SPDX-License-Identifier: MIT
// Episodes that a training keeps as replays: a level enters the archive with the one that solves it, its
// proof, and now and then one that failed is kept, with its cause, so that one can look at what the player
// cannot do.
#include "agents/lesson/training.h"

#include "engine/base/assert.h"

#include <stdio.h>

// Whether a solved level is wanted as a proof; takes its place.
static bool wants_proof(ParaTraining *t, int env, const ParaPick *pick)
{
    int kept = para_maker_kept_index(t->maker, pick);
    if (kept >= 0) {
        bool wanted = !t->kept_proved[kept];
        t->kept_proved[kept] = 1;
        return wanted;
    }
    // One env of each family may archive fresh levels, so that which ones does not depend on threads.
    if (env >= t->families.count || t->proof_room[pick->family] <= 0)
        return false;
    t->proof_room[pick->family]--;
    return true;
}

static bool wants_failure(ParaTraining *t, int env, const ParaPick *pick)
{
    if (env >= t->families.count || t->failure_room[pick->family] <= 0) // as above
        return false;
    t->failure_room[pick->family]--;
    return true;
}

/// A row for the episode, NULL if it is not wanted. Call it with the lock held.
static ParaEpisodeRow *take_row(ParaTraining *t, int env, const ParaEnv *state, const ParaPick *pick)
{
    PARA_ASSERT(env >= 0 && env < t->def.envs && pick->family >= 0 && pick->family < t->families.count);
    bool proof = state->play.status == PARA_PLAY_SOLVED;
    if (t->episode_count == t->episode_capacity ||
        !(proof ? wants_proof(t, env, pick) : wants_failure(t, env, pick)))
        return NULL;
    ParaEpisodeRow *row = &t->episode_rows[t->episode_count++];
    *row = (ParaEpisodeRow){.pick = *pick,
                            .hash = state->level->hash,
                            .end = para_env_report(state, pick->family).end,
                            .params = para_level_params_to_json(state->level, t->episode_arena)};
    if (proof)
        snprintf(row->file, sizeof row->file, "proofs/%016llx.replay", (unsigned long long)row->hash);
    else // the same level may fail again
        snprintf(row->file, sizeof row->file, "failures/%06d-%016llx.replay", t->now.lesson,
                 (unsigned long long)row->hash);
    for (int p = 0; !proof && p < state->level->player_count && !row->cause[0]; p++)
        para_play_cause(&state->play, state->level, state->world, p, row->cause, sizeof row->cause);
    return row;
}

void para_training_keep_episode(void *context, int env, const ParaEnv *state, const ParaPick *pick)
{
    ParaTraining *t = context;
    pthread_mutex_lock(&t->episode_lock);
    ParaEpisodeRow *row = take_row(t, env, state, pick);
    pthread_mutex_unlock(&t->episode_lock);
    if (!row)
        return;
    const char *error = NULL;
    const ParaReplay *replay = para_env_replay(state);
    const char *path = para_arena_printf(state->arena, "%s/%s", para_run_folder(t->run), row->file);
    if (replay && para_replay_write(path, replay, state->arena, &error))
        return;
    pthread_mutex_lock(&t->episode_lock);
    row->file[0] = '\0';
    if (!t->episode_error)
        t->episode_error = para_arena_strdup(t->episode_arena, error ? error : "no memory for a replay");
    pthread_mutex_unlock(&t->episode_lock);
}
