// SPDX-License-Identifier: MIT
// A model of the world that is kept beside the player: it lives through what the player plays, is taught in
// slices between lessons, and lies in the run folder. Curiosity, which asks it, is opened here too.
#include "agents/foresight/witness.h"
#include "agents/lesson/training.h"
#include "agents/model/model.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define MODEL_FILE "model.safetensors"
#define STORE_ROOM 600                // episodes: about 120 MB at the most
#define FORESEEN   8                  // of so many decisions of an env the model is asked about one
#define SCRATCH    ((size_t)16 << 30) // [byte] more than the widest networks take while they learn
#define PACE_LEFT  0.02f              // share of the rate that is left at the schedule's end

struct ParaTrainingModel {
    ParaTraining *training;
    ParaArena *arena;
    const char *path;
    ParaModel *model;
    ParaStore store;
    ParaTeaching teaching;
    ParaSchool *school;
    ParaWitness *witness;
    double due;                       ///< moments that each network is to be shown
    double shown, seconds, play, cpu; ///< of this call: moments each was shown; [s]; what a card had before
    double error;                     ///< [m/s] of the last slice
    bool bounded;                     ///< by CPU time too, since nobody's play hangs on it
    double slice_start, slice_most;   ///< [s] CPU
};

/// What a card of a file that is there says it has lived through.
static double told(const cJSON *about, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(about, name);
    return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 1e15 ? item->valuedouble : 0;
}

static bool read_model(ParaTrainingModel *m, const char **out_error)
{
    const char *card = NULL, *why = NULL;
    if (!para_file_exists(m->path)) {
        ParaModelDef def = para_model_def_default();
        m->model = para_model_create(&def, para_seed_mix(m->training->def.seed, 7), m->arena);
        return true;
    }
    m->model = para_model_read(m->path, m->arena, &card, &why);
    if (!m->model) {
        *out_error = para_arena_printf(m->training->arena,
                                       "the model beside the player does not read: %s; put a copy from a "
                                       "backup there, or remove it: then a new one is begun",
                                       why);
        return false;
    }
    cJSON *root = para_json_parse(card);
    const cJSON *about = cJSON_GetObjectItemCaseSensitive(root, "about");
    m->play = told(about, "play_seconds");
    m->shown = told(about, "steps_each");
    m->cpu = told(about, "cpu_seconds");
    cJSON_Delete(root);
    return true;
}

/// Whether what the player or the maker does hangs on the model: then its slices are counted, not timed, so
/// that the same seed is the same training.
static bool is_heard(const ParaTrainDef *def)
{
    return def->curiosity == PARA_CURIOSITY_DISAGREEMENT || para_maker_asks_model(def->maker);
}

static bool open_model(ParaTraining *t, const char **out_error)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, SCRATCH);
    *out_error = "no memory for a model beside the player; train without --model";
    if (!arena)
        return false;
    ParaTrainingModel *m = t->model = PARA_NEW(t->arena, ParaTrainingModel, 1);
    *m = (ParaTrainingModel){.training = t, .arena = arena, .bounded = !is_heard(&t->def)};
    m->path = para_arena_printf(t->arena, "%s/" MODEL_FILE, para_run_folder(t->run));
    if (!read_model(m, out_error))
        return false;
    m->teaching = para_teaching_default();
    m->teaching.alone = 0; // what goes on alone would point into a store that forgets between slices
    m->teaching.seed = para_seed_mix(t->def.seed, (uint64_t)t->lessons + 8);
    m->store = para_store_create(STORE_ROOM, m->teaching.seed, arena);
    m->school = para_school_open(m->model, &m->store, &m->teaching, arena);
    const ParaWitnessDef witness = {.model = m->model,
                                    .store = &m->store,
                                    .envs = t->def.envs,
                                    .workers = para_workers_count(t->workers),
                                    .every = t->def.curiosity == PARA_CURIOSITY_DISAGREEMENT ? 1 : FORESEEN,
                                    .seed = m->teaching.seed};
    m->witness = m->school ? para_witness_create(&witness, arena) : NULL;
    if (!m->witness)
        return false;
    para_collector_attend(t->collector, m->witness);
    return true;
}

// ---------------------------------------------------------------------------------------------
// Opening.

const char *para_training_model_contradiction(const ParaTrainDef *def)
{
    if (def->curiosity == PARA_CURIOSITY_DISAGREEMENT && !def->model)
        return "curiosity by disagreement asks a model: train with --model";
    if (para_maker_asks_model(def->maker) && !def->model)
        return "this maker asks a model what it cannot foresee: train with --model";
    if (def->curiosity != PARA_CURIOSITY_NONE && para_maker_asks_values(def->maker))
        return "this maker scores levels by what the player expects, and curiosity changes what that is: "
               "take another maker, such as sfl, frontier or edit-learn";
    return NULL;
}

bool para_training_open_model(ParaTraining *t, const char **out_error)
{
    *out_error = para_training_model_contradiction(&t->def);
    if (*out_error || (t->def.model && !open_model(t, out_error)))
        return false;
    if (t->def.curiosity == PARA_CURIOSITY_NONE)
        return true;
    t->curiosity = para_curiosity_create(t->def.curiosity, t->arena);
    para_collector_pay(t->collector, t->curiosity, t->arena);
    return true;
}

void para_training_close_model(ParaTraining *t)
{
    ParaTrainingModel *m = t->model;
    if (!m)
        return;
    para_witness_destroy(m->witness);
    para_school_close(m->school);
    if (m->store.episodes)
        para_store_destroy(&m->store);
    para_arena_destroy(m->arena);
    t->model = NULL;
}

// ---------------------------------------------------------------------------------------------
// Slices.

static bool is_enough(void *context)
{
    const ParaTrainingModel *m = context;
    return m->bounded && para_clock_cpu_seconds() - m->slice_start >= m->slice_most;
}

/// It learns most at first, and settles as the training does.
static float pace_of(const ParaTrainingModel *m)
{
    float left = 1.0f - (float)para_training_progress(m->training);
    return m->teaching.rate * (left * left + PACE_LEFT);
}

void para_training_teach_model(ParaTraining *t)
{
    ParaTrainingModel *m = t->model;
    if (!m)
        return;
    ParaForeseen foreseen = para_witness_ask(m->witness);
    if (foreseen.known) {
        t->now.model_error = (double)foreseen.error;
        t->now.model_doubt = (double)foreseen.doubt;
    }
    double share = t->def.settings.model_share;
    m->slice_start = para_clock_cpu_seconds();
    m->slice_most = (m->slice_start - t->lesson_cpu) * share / (1.0 - share);
    m->due = m->store.steps > 0 ? m->due + t->def.settings.model_moments * t->def.envs * t->horizon : 0;
    int64_t batches = (int64_t)(m->due / m->teaching.batch);
    if (batches < 1)
        return;
    m->due -= (double)(batches * m->teaching.batch);
    para_school_teach(m->school, batches * m->teaching.batch, pace_of(m), t->workers, is_enough, m,
                      &m->error);
    m->shown += (double)(batches * m->teaching.batch);
    t->model_seconds = para_clock_cpu_seconds() - m->slice_start;
    m->seconds += t->model_seconds;
}

// ---------------------------------------------------------------------------------------------
// The file.

static char *about(const ParaTrainingModel *m)
{
    const ParaTraining *t = m->training;
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "families");
    for (int i = 0; list && i < t->families.count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(t->families.texts[i].source));
    cJSON_AddStringToObject(json, "taught", "beside a player, by what it played");
    cJSON_AddNumberToObject(json, "lesson", t->now.lesson);
    cJSON_AddNumberToObject(json, "play_seconds", m->play + m->store.seconds);
    cJSON_AddNumberToObject(json, "lived_steps", (double)m->store.steps);
    cJSON_AddNumberToObject(json, "steps_each", m->shown);
    cJSON_AddNumberToObject(json, "cpu_seconds", m->cpu + m->seconds);
    cJSON_AddNumberToObject(json, "error", m->error);
    char *text = para_json_print(json, false);
    cJSON_Delete(json);
    return text;
}

bool para_training_save_model(ParaTraining *t, const char **out_error)
{
    ParaTrainingModel *m = t->model;
    if (!m)
        return true;
    char *text = about(m);
    ParaArenaMark mark = para_arena_mark(t->scratch);
    const char *why = "no memory for its card";
    bool good = text && para_model_write(m->path, m->model, text, t->scratch, &why);
    cJSON_free(text);
    if (!good)
        *out_error = para_arena_printf(t->arena, "the model beside the player cannot be written: %s", why);
    para_arena_rewind(t->scratch, mark);
    return good;
}
