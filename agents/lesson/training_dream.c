// SPDX-License-Identifier: MIT
// A training inside a dream: its worlds are run by a learned model. Rules judge as ever. Every second episode
// begins where the player has come to in the true engine, and none goes on for longer than the model is to be
// believed: beyond, it is truncated, and the player's values stand for the rest.
#include "agents/dream/dream.h"
#include "agents/env/decision.h"
#include "agents/env/mirror.h"
#include "agents/lesson/training.h"
#include "agents/player/mind.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"

#include <string.h>

#define DREAM_FILE  "in-dream.safetensors" // in the run folder: the model it is trained in
#define FILE_MOST   ((size_t)256 << 20)
#define AHEAD       16.0 // [s] of true play that an episode begins after, at the most
#define SCOUT_ARENA ((size_t)64 << 20)

/// Who plays in the true engine for a while, so that an episode may begin there.
typedef struct Scout {
    ParaEnv env;
    ParaMind *mind;
    bool busy;
} Scout;

struct ParaTrainingDream {
    ParaTraining *training;
    ParaModel *model;
    ParaWorldGroup *truth; ///< [scouts]
    Scout *scouts;
    int scout_count;
    pthread_mutex_t lock; ///< of who is busy
    int32_t *begun;       ///< [E] decision at which each env's episode came into the dream
};

/// A run that goes on dreams in the model it has; that another one was asked for is told.
static void tell_of_another(ParaTraining *t, const char *path)
{
    size_t size = 0, asked_size = 0;
    const char *why = NULL;
    char *own = para_file_read(path, FILE_MOST, t->arena, &size, &why);
    char *asked = own ? para_file_read(t->def.in_dream, FILE_MOST, t->arena, &asked_size, &why) : NULL;
    if (!asked || size != asked_size || memcmp(own, asked, size) != 0)
        para_training_tell(t, para_arena_printf(t->arena,
                                                "kept from the run: its dreams are those of %s (not %s)",
                                                path, t->def.in_dream));
}

/// The model is copied into the run's folder, so that a run is whole in it.
static bool bring(ParaTraining *t, const char *path, const char **out_error)
{
    size_t size = 0;
    const char *why = NULL, *card = NULL;
    if (!t->def.in_dream)
        return true;
    if (para_file_exists(path)) {
        tell_of_another(t, path);
        return true;
    }
    if (!para_model_read(t->def.in_dream, t->arena, &card, out_error)) // before anything of it is taken
        return false;
    char *bytes = para_file_read(t->def.in_dream, FILE_MOST, t->arena, &size, &why);
    if (!bytes || !para_file_write(path, bytes, size, t->arena, &why)) {
        *out_error =
            para_arena_printf(t->arena, "the model to dream in cannot be taken into the run: %s", why);
        return false;
    }
    return true;
}

static bool make_scouts(ParaTrainingDream *d)
{
    ParaTraining *t = d->training;
    d->scout_count = para_workers_count(t->workers);
    d->truth = para_world_group_create(t->def.solver, d->scout_count);
    d->scouts = PARA_NEW(t->arena, Scout, d->scout_count);
    bool good = d->truth != NULL;
    for (int i = 0; i < d->scout_count && good; i++) {
        Scout *scout = &d->scouts[i];
        para_env_init(&scout->env, para_world_at(d->truth, i), false);
        scout->mind = para_mind_create(t->policy, t->arena);
        scout->env.fine = para_mind_is_fine(scout->mind);
        scout->env.parts = para_mind_parts(scout->mind);
        good = scout->env.arena != NULL;
    }
    return good;
}

const char *para_training_dream_contradiction(const ParaTrainDef *def)
{
    if (!def->dreams && !def->in_dream) // of a new run the one, of one that is there the other
        return NULL;
    if (strcmp(def->maker, "dr") != 0)
        return "a training in a dream takes --maker dr: the others play levels for scores, which would be "
               "in the true engine";
    if (def->obs == PARA_OBS_PIXELS)
        return "--in-dream and --obs pixels exclude each other: the model is of bodies, and was never asked "
               "what "
               "a picture of its dreams is worth; dream of --obs entities or vector";
    if (def->model)
        return "--in-dream and --model exclude each other: a model that learns from its own dreams learns "
               "nothing";
    if (def->settings.surprises > 0)
        return "--in-dream and --surprises exclude each other: who comes out of the toybox is not in the "
               "dream";
    return NULL;
}

bool para_training_open_dream(ParaTraining *t, const char **out_error)
{
    const char *card = NULL, *path = para_arena_printf(t->arena, "%s/" DREAM_FILE, t->def.folder);
    if (!t->def.dreams)
        return true;
    *out_error = para_training_dream_contradiction(&t->def);
    if (*out_error || !bring(t, path, out_error))
        return false;
    ParaTrainingDream *d = t->dream = PARA_NEW(t->arena, ParaTrainingDream, 1);
    *d = (ParaTrainingDream){.training = t};
    pthread_mutex_init(&d->lock, NULL);
    d->begun = PARA_NEW(t->arena, int32_t, t->def.envs);
    d->model = para_model_read(path, t->arena, &card, out_error);
    if (!d->model)
        return false;
    *out_error = "no memory for the true worlds in which episodes begin; try fewer with --threads";
    return make_scouts(d);
}

ParaWorldGroup *para_training_dream_group(ParaTraining *t)
{
    return t->dream ? para_dream_group_create(t->dream->model, t->def.envs) : NULL;
}

void para_training_close_dream(ParaTraining *t)
{
    ParaTrainingDream *d = t->dream;
    if (!d)
        return;
    for (int i = 0; i < d->scout_count; i++)
        if (d->scouts[i].env.arena)
            para_env_destroy(&d->scouts[i].env);
    if (d->truth)
        para_world_group_destroy(d->truth);
    pthread_mutex_destroy(&d->lock);
    t->dream = NULL;
}

// ---------------------------------------------------------------------------------------------
// Where episodes begin.

static Scout *take(ParaTrainingDream *d)
{
    Scout *found = NULL;
    pthread_mutex_lock(&d->lock);
    for (int i = 0; i < d->scout_count && !found; i++)
        if (!d->scouts[i].busy)
            found = &d->scouts[i];
    PARA_ASSERT(found); // there is one for each worker
    found->busy = true;
    pthread_mutex_unlock(&d->lock);
    return found;
}

static void give_back(ParaTrainingDream *d, Scout *scout)
{
    pthread_mutex_lock(&d->lock);
    scout->busy = false;
    pthread_mutex_unlock(&d->lock);
}

static void decide(Scout *scout, ParaRng *rng)
{
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    for (int p = 0; p < scout->env.level->player_count; p++)
        para_mind_act(scout->mind, &scout->env, p, rng, actions + (size_t)p * PARA_CHANNELS, NULL);
    para_decision_make_one(&scout->env, actions);
}

/// Plays in the engine up to a drawn moment. @return false: the episode was over before
static bool come_to(Scout *scout, const ParaLevel *level, ParaRng *rng)
{
    ParaEnv *env = &scout->env;
    para_env_level_arena(env);
    para_mind_begin(scout->mind);
    if (!para_env_begin(env, level, "scout"))
        return false;
    double most = (double)level->seconds < AHEAD ? (double)level->seconds : AHEAD;
    double seconds = para_rng_f64(rng) * most, step = (double)level->frame_skip / (double)level->world.rate;
    for (double time = 0; time < seconds && env->play.status == PARA_PLAY_ON; time += step)
        decide(scout, rng);
    return env->play.status == PARA_PLAY_ON;
}

/// What hides its mass from the player hides it from the model: such a level is begun again without it.
/// @return false: it cannot be; then the episode is as it was begun
static bool hide_masses(ParaEnv *env)
{
    const ParaLevel *level = env->level, *seen = para_level_as_seen(level, env->arena);
    return seen == level || para_env_begin(env, seen, "trained") || !para_env_begin(env, level, "trained");
}

/// Every second episode begins at its level's start, the others where the player has come to.
static void begin_dream(void *context, int b, ParaEnv *env)
{
    ParaTrainingDream *d = ((ParaTraining *)context)->dream;
    const ParaPick *pick = &d->training->batch->picks[b];
    ParaRng rng = para_rng_make(para_seed_mix(d->training->def.seed, pick->seed), "scout");
    const ParaLevel *level = env->level;
    d->begun[b] = 0;
    if (!hide_masses(env) || para_rng_u64(&rng) % 2 == 0)
        return;
    Scout *scout = take(d);
    if (come_to(scout, level, &rng) && para_env_mirror(env, &scout->env)) {
        para_dream_trust(env->world);
        d->begun[b] = env->decisions;
    }
    give_back(d, scout);
}

/// Whether an episode has gone on for long enough, or the model is too unsure of where the player is.
static bool is_past_belief(void *context, int b, const ParaEnv *env)
{
    const ParaTraining *t = context;
    const ParaSettings *settings = &t->def.settings;
    const float *doubt = para_dream_doubt(env->world);
    double step = (double)env->level->frame_skip / (double)env->level->world.rate;
    if (settings->dream_seconds > 0 &&
        (env->decisions - t->dream->begun[b]) * step >= settings->dream_seconds)
        return true;
    for (int body = 0; doubt && settings->dream_doubt > 0 && body < env->level->world.body_count; body++)
        if (para_level_owner(env->level, body) >= 0 && (double)doubt[body] > settings->dream_doubt)
            return true;
    return false;
}

void para_training_dream_on(ParaTraining *t)
{
    if (!t->dream)
        return;
    t->batch->on_begun = begin_dream;
    t->batch->ask_cut = is_past_belief;
    t->batch->episode_context = t;
    t->batch->on_ended = NULL; // what a dream shows proves nothing
}
