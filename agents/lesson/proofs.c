// SPDX-License-Identifier: MIT
// Proofs: a level enters the archive with the replay that solves it.
#include "agents/lesson/training.h"

#include "engine/base/assert.h"

#include <stdio.h>

// Whether this level is wanted: a kept level without a proof, or a fresh one while there is room.
static bool wants_proof(ParaTraining *t, int env, const ParaPick *pick)
{
    PARA_ASSERT(env >= 0 && env < t->def.envs && pick->family >= 0 && pick->family < t->families.count);
    if (t->proof_count == t->proof_capacity)
        return false;
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

void para_training_prove(void *context, int env, const ParaEnv *state, const ParaPick *pick)
{
    ParaTraining *t = context;
    pthread_mutex_lock(&t->proof_lock);
    bool wanted = wants_proof(t, env, pick);
    ParaProofRow *row = wanted ? &t->proof_rows[t->proof_count++] : NULL;
    if (wanted) {
        *row = (ParaProofRow){.pick = *pick,
                              .hash = state->level->hash,
                              .params = para_level_params_to_json(state->level, t->proof_arena)};
        snprintf(row->file, sizeof row->file, "proofs/%016llx.replay", (unsigned long long)row->hash);
    }
    pthread_mutex_unlock(&t->proof_lock);
    if (!wanted)
        return;
    const char *error = NULL;
    const ParaReplay *replay = para_env_replay(state);
    const char *path = para_arena_printf(state->arena, "%s/%s", para_run_folder(t->run), row->file);
    if (replay && para_replay_write(path, replay, state->arena, &error))
        return;
    pthread_mutex_lock(&t->proof_lock);
    row->file[0] = '\0';
    if (!t->proof_error)
        t->proof_error = para_arena_strdup(t->proof_arena, error ? error : "no memory for a proof");
    pthread_mutex_unlock(&t->proof_lock);
}
