// SPDX-License-Identifier: MIT
// Episodes that a training keeps as replays: a level enters the archive with the one that solves it, its
// proof, and now and then one that failed is kept, with its cause, so that one can look at what the player
// cannot do.
#include "agents/lesson/training.h"

#include "engine/base/assert.h"
#include "engine/base/file.h"

#include <stdio.h>

static ParaEpisodeRow *new_row(ParaTraining *t)
{
    return t->episode_count < t->episode_capacity ? &t->episode_rows[t->episode_count++] : NULL;
}

// A level the maker keeps is proved once, by the lowest env that solves it in the lesson: which one comes
// first hangs on the threads. @return the row to fill, again where a higher env was faster; NULL: it is
// proved
static ParaEpisodeRow *row_of_kept(ParaTraining *t, int kept, int env)
{
    if (env >= t->kept_prover[kept])
        return NULL;
    bool again = t->kept_prover[kept] < t->def.envs;
    ParaEpisodeRow *row = again ? &t->episode_rows[t->kept_row[kept]] : new_row(t);
    if (!row)
        return NULL;
    t->kept_row[kept] = (int)(row - t->episode_rows);
    t->kept_prover[kept] = env;
    t->kept_proved[kept] = 1;
    return row;
}

// A fresh level that is solved, or any episode that failed. One env of each family may keep some, so that
// which ones does not depend on threads. @param room [families] how many still
static ParaEpisodeRow *row_of_sample(ParaTraining *t, int env, int family, int *room)
{
    if (env >= t->families.count || room[family] <= 0)
        return NULL;
    ParaEpisodeRow *row = new_row(t);
    room[family] -= row != NULL;
    return row;
}

/// A row for the episode, NULL if it is not wanted. Call it with the lock held.
static ParaEpisodeRow *take_row(ParaTraining *t, int env, const ParaEnv *state, const ParaPick *pick)
{
    PARA_ASSERT(env >= 0 && env < t->def.envs && pick->family >= 0 && pick->family < t->families.count);
    bool proof = state->play.status == PARA_PLAY_SOLVED;
    int kept = proof ? para_maker_kept_index(t->maker, pick) : -1;
    ParaEpisodeRow *row = kept >= 0
                              ? row_of_kept(t, kept, env)
                              : row_of_sample(t, env, pick->family, proof ? t->proof_room : t->failure_room);
    if (!row)
        return NULL;
    *row = (ParaEpisodeRow){.pick = *pick,
                            .env = env,
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

// Writes the replay of a row; where a peer has the run folder, keeps its bytes for it.
static bool keep_replay(ParaTraining *t, ParaEpisodeRow *row, const ParaReplay *replay, ParaArena *arena,
                        const char **out_error)
{
    if (t->run)
        return para_replay_write(para_arena_printf(arena, "%s/%s", para_run_folder(t->run), row->file),
                                 replay, arena, out_error);
    row->replay = para_replay_pack(replay, t->episode_arena, &row->replay_size, out_error);
    return row->replay != NULL;
}

static void tell_unwritten(ParaTraining *t, ParaEpisodeRow *row, const char *error)
{
    row->file[0] = '\0';
    if (!t->episode_error)
        t->episode_error = para_arena_strdup(t->episode_arena, error ? error : "no memory for a replay");
}

void para_training_keep_episode(void *context, int env, const ParaEnv *state, const ParaPick *pick)
{
    ParaTraining *t = context;
    pthread_mutex_lock(&t->episode_lock); // while it is written, too: a proof may be written over
    ParaEpisodeRow *row = take_row(t, env, state, pick);
    if (row) {
        const char *error = NULL;
        const ParaReplay *replay = para_env_replay(state);
        if (!replay || !keep_replay(t, row, replay, state->arena, &error))
            tell_unwritten(t, row, error);
    }
    pthread_mutex_unlock(&t->episode_lock);
}

void para_training_take_episode(ParaTraining *t, const ParaEpisodeRow *from)
{
    bool proof = from->end == PARA_END_SOLVED;
    int kept = proof ? para_maker_kept_index(t->maker, &from->pick) : -1, family = from->pick.family;
    int *room = proof ? t->proof_room : t->failure_room;
    ParaEpisodeRow *row = kept >= 0 ? row_of_kept(t, kept, from->env) : room[family] > 0 ? new_row(t) : NULL;
    if (!row)
        return;
    room[family] -= kept < 0;
    *row = *from;
    const char *error = NULL;
    if (t->run && !para_file_write(para_arena_printf(t->scratch, "%s/%s", para_run_folder(t->run), row->file),
                                   row->replay, row->replay_size, t->scratch, &error))
        tell_unwritten(t, row, error);
}
