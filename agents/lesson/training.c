// SPDX-License-Identifier: MIT
#include "agents/lesson/training.h"

#include "agents/env/seeds.h"
#include "agents/run/safetensors.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECKPOINTS_KEPT   3    // newest ones
#define LAYOUT_MEMBERS     128  // levels looked at for the vector layout
#define SMALLEST_MINIBATCH 64   // rows
#define PROOFS_MAX         1024 // of one lesson
#define FIT_MEMBERS        64   // levels of each family asked whether they fit a solver

ParaTrainDef para_train_def_default(void)
{
    return (ParaTrainDef){.folder = "runs/first",
                          .maker = "sfl",
                          .obs = PARA_OBS_ENTITIES,
                          .width = 128,
                          .envs = 256,
                          .horizon = 64,
                          .seed = 1,
                          .checkpoint_seconds = 20};
}

// ---------------------------------------------------------------------------------------------
// The config of a run: what a continued training must not change.

static char *config_text(const ParaTrainDef *def, const ParaFamilies *families, ParaArena *arena)
{
    cJSON *root = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(root, "families");
    for (int f = 0; f < families->count; f++)
        cJSON_AddItemToArray(list,
                             cJSON_CreateString(def->family_count ? def->families[f] : families->names[f]));
    cJSON_AddStringToObject(root, "maker", def->maker);
    cJSON_AddStringToObject(root, "observation", para_obs_kind_name(def->obs));
    cJSON_AddStringToObject(root, "solver", para_solver_name(def->solver));
    cJSON_AddNumberToObject(root, "width", def->width);
    cJSON_AddNumberToObject(root, "envs", def->envs);
    cJSON_AddNumberToObject(root, "horizon", def->horizon);
    char seed[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)def->seed);
    cJSON_AddStringToObject(root, "seed", seed); // as text: JSON numbers lose 64-bit integers
    char *text = cJSON_Print(root), *copy = para_arena_strdup(arena, text);
    cJSON_free(text);
    cJSON_Delete(root);
    return copy;
}

static int config_number(const cJSON *root, const char *key, int low, int high, bool *ok)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, key);
    if (!cJSON_IsNumber(item) || item->valuedouble < low || item->valuedouble > high) {
        *ok = false;
        return low;
    }
    return item->valueint;
}

static const char *config_string(const cJSON *root, const char *key, ParaArena *arena, bool *ok)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, key);
    if (!cJSON_IsString(item)) {
        *ok = false;
        return "";
    }
    return para_arena_strdup(arena, item->valuestring);
}

// Runs from before there were two solvers do not name theirs: it was chipmunk.
static ParaSolverKind config_solver(const cJSON *root, bool *ok)
{
    ParaSolverKind kind = PARA_SOLVER_CHIPMUNK;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, "solver");
    if (item && !(cJSON_IsString(item) && para_solver_find(item->valuestring, &kind)))
        *ok = false;
    return kind;
}

// Takes families, maker, solver and sizes from the run's own config.
static bool read_config(ParaTrainDef *def, const char *text, ParaArena *arena, const char **out_error)
{
    cJSON *root = cJSON_Parse(text);
    bool ok = root != NULL;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "families");
    int count = cJSON_GetArraySize(list);
    const char **names = PARA_NEW(arena, const char *, count > 0 ? count : 1);
    for (int i = 0; i < count; i++) {
        const cJSON *item = cJSON_GetArrayItem(list, i);
        ok = ok && cJSON_IsString(item);
        names[i] = ok ? para_arena_strdup(arena, item->valuestring) : "";
    }
    def->families = names;
    def->family_count = count;
    def->maker = config_string(root, "maker", arena, &ok);
    def->obs = strcmp(config_string(root, "observation", arena, &ok), "vector") == 0 ? PARA_OBS_VECTOR
                                                                                     : PARA_OBS_ENTITIES;
    def->solver = config_solver(root, &ok);
    def->width = config_number(root, "width", 16, 1024, &ok);
    def->envs = config_number(root, "envs", 1, PARA_TRAIN_ENVS_MAX, &ok);
    def->horizon = config_number(root, "horizon", 1, PARA_TRAIN_HORIZON_MAX, &ok);
    def->seed = strtoull(config_string(root, "seed", arena, &ok), NULL, 10);
    cJSON_Delete(root);
    if (!ok || count == 0)
        *out_error = "the run's config does not read; its run.db was changed by something else";
    return ok && count > 0;
}

// ---------------------------------------------------------------------------------------------
// Checkpoints.

static char *card_text(const ParaTraining *t)
{
    const ParaPolicyDef *def = para_policy_def(t->policy);
    cJSON *card = cJSON_CreateObject();
    cJSON_AddStringToObject(card, "what", "a player trained by Paracosm");
    cJSON_AddStringToObject(card, "observation", para_obs_kind_name(def->obs.kind));
    cJSON_AddNumberToObject(card, "global_size", def->obs.global_size);
    cJSON_AddNumberToObject(card, "width", def->width);
    cJSON_AddNumberToObject(card, "encoder_width", def->encoder_width);
    cJSON_AddStringToObject(card, "maker", t->def.maker);
    cJSON_AddStringToObject(card, "solver", para_solver_name(t->def.solver));
    cJSON *list = cJSON_AddArrayToObject(card, "families");
    for (int f = 0; f < t->families.count; f++)
        cJSON_AddItemToArray(list, cJSON_CreateString(t->families.names[f]));
    cJSON_AddNumberToObject(card, "lesson", t->now.lesson);
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) { // seconds would differ between two equal trainings
        const ParaStatistic *row = &para_statistics[i];
        if (row->of == PARA_STATISTIC_RUN && row->kind == PARA_STATISTIC_WHOLE)
            cJSON_AddNumberToObject(card, row->name, para_statistic_value(&t->now, row));
    }
    cJSON *solve = cJSON_AddObjectToObject(card, "training_solve");
    for (int f = 0; f < t->families.count; f++)
        if (t->family_solve[f] >= 0)
            cJSON_AddNumberToObject(solve, t->families.names[f], (double)t->family_solve[f]);
    char *text = cJSON_PrintUnformatted(card), *copy = para_arena_strdup(t->scratch, text);
    cJSON_free(text);
    cJSON_Delete(card);
    return copy;
}

// Policy and optimiser tensors in one list.
static ParaTensor *all_tensors(const ParaTraining *t, ParaArena *arena, int *out_count)
{
    int a = 0, b = 0;
    const ParaTensor *policy = para_policy_tensors(t->policy, &a), *ppo = para_ppo_tensors(t->ppo, &b);
    ParaTensor *list = PARA_NEW(arena, ParaTensor, a + b);
    memcpy(list, policy, sizeof *list * (size_t)a);
    memcpy(list + a, ppo, sizeof *list * (size_t)b);
    *out_count = a + b;
    return list;
}

bool para_training_save(ParaTraining *t, const char **out_error)
{
    // Rows first: were the checkpoint newer than the rows, lessons would be missing for good; the other
    // way round a continued run writes the same lessons again.
    if (!para_run_commit(t->run, out_error))
        return false;
    int count = 0;
    const ParaTensor *tensors = all_tensors(t, t->scratch, &count);
    const char *path = para_run_checkpoint_path(t->run, t->now.lesson, t->scratch);
    if (!para_safetensors_write(path, tensors, count, card_text(t), t->scratch, out_error)) {
        *out_error = para_arena_strdup(t->arena, *out_error); // scratch ends before the error is told
        return false;
    }
    para_run_tidy(t->run, CHECKPOINTS_KEPT, PARA_MILESTONE_LESSONS);
    t->checkpoint_clock = para_clock_seconds();
    t->saved = true;
    return para_run_begin(t->run, out_error);
}

// The newest whole checkpoint, if there is one, into policy, optimiser and totals.
static bool load_checkpoint(ParaTraining *t, const char **out_error)
{
    const char *path = NULL;
    int lesson = para_run_newest_checkpoint(t->run, t->arena, &path, &t->note);
    if (lesson < 0 && t->note) { // to begin anew would throw away every lesson of the run
        *out_error =
            para_arena_printf(t->arena,
                              "none of the checkpoints in %s/checkpoints reads: %s; put copies from a "
                              "backup there, or train into another folder",
                              para_run_folder(t->run), t->note);
        return false;
    }
    if (lesson < 0)
        return para_run_forget_after(t->run, -1, out_error);
    int have = 0, want = 0;
    const char *card = NULL;
    ParaTensor *tensors = para_safetensors_read(path, t->arena, &have, &card, out_error);
    if (!tensors)
        return false;
    const ParaTensor *own = all_tensors(t, t->arena, &want);
    if (!para_tensors_assign(own, want, tensors, have, t->arena, out_error))
        return false;
    para_ppo_forget_episodes(t->ppo); // the envs begin anew
    if (!para_run_forget_after(t->run, lesson, out_error) ||
        !para_run_set_aside_after(t->run, lesson, out_error))
        return false;
    para_run_last_lesson(t->run, &t->now);
    t->now.lesson = lesson + 1;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Opening.

// The vector layout of the member with the most moving bodies among some; size 0 if none can be made.
static ParaObsSpec largest_vector(ParaTraining *t)
{
    ParaObsSpec largest = {.size = 0};
    for (int i = 0; i < LAYOUT_MEMBERS; i++) {
        ParaPick pick = {.seed = para_training_seed(para_seed_mix(t->def.seed, (uint64_t)i))};
        ParaArenaMark mark = para_arena_mark(t->arena);
        ParaLevel *level = para_families_sample(&t->families, &pick, "", t->arena);
        ParaObsSpec obs = level ? para_obs_spec_vector(level) : largest;
        largest = obs.size > largest.size ? obs : largest;
        para_arena_rewind(t->arena, mark);
    }
    return largest;
}

static bool make_learner(ParaTraining *t, const char **out_error)
{
    ParaObsSpec obs = para_obs_spec_entities();
    if (t->def.obs == PARA_OBS_VECTOR) {
        if (t->families.count != 1) {
            *out_error = "the vector observation has a layout of one family: name just one with --family";
            return false;
        }
        obs = largest_vector(t);
        if (obs.size == 0) {
            *out_error = "no level of the family can be made";
            return false;
        }
    }
    ParaPolicyDef def = para_policy_def_default(obs);
    def.width = t->def.width;
    t->policy = para_policy_create(&def, para_seed_mix(t->def.seed, 1), t->arena);
    ParaPpoDef ppo = para_ppo_def_default(t->def.envs, t->def.horizon);
    int rows = t->def.envs * t->def.horizon;
    if (ppo.minibatches > rows / SMALLEST_MINIBATCH) // a small run learns from what it has
        ppo.minibatches = rows / SMALLEST_MINIBATCH > 0 ? rows / SMALLEST_MINIBATCH : 1;
    t->ppo = para_ppo_create(&ppo, t->policy, para_seed_mix(t->def.seed, 2), t->workers, t->arena);
    return true;
}

// Batch and maker begin anew from (seed, lesson), so a continued run draws new levels, not the old ones.
static bool make_worlds(ParaTraining *t, const char **out_error)
{
    uint64_t seed = para_seed_mix(t->def.seed, (uint64_t)(t->now.lesson + 100));
    t->room = para_trial_room_create(t->def.solver, t->workers, t->arena);
    ParaMakerDef maker = para_maker_def_default(t->def.maker);
    maker.families = &t->families;
    maker.room = t->room;
    maker.seed = para_seed_mix(seed, 1);
    t->maker = para_maker_create(&maker, t->arena, out_error);
    if (!t->maker)
        return false;
    ParaBatchDef batch = {.solver = t->def.solver,
                          .envs = t->def.envs,
                          .obs = para_policy_def(t->policy)->obs,
                          .families = &t->families,
                          .next = para_maker_next,
                          .next_context = t->maker,
                          .maker = t->def.maker,
                          .seed = para_seed_mix(seed, 2),
                          .recording = true};
    t->batch = para_batch_create(&batch, t->arena);
    if (!t->room || !t->batch) {
        *out_error = "no memory for the worlds; try fewer with --envs";
        return false;
    }
    t->batch->on_solved = para_training_prove;
    t->batch->on_solved_context = t;
    t->collector = para_collector_create(t->batch, t->ppo, t->policy, t->workers, t->arena);
    para_batch_reset(t->batch, t->workers);
    return true;
}

// A solver with limits must fit the families; a rare member that does not is drawn again.
static bool families_fit(ParaTraining *t, ParaSolverKind solver, const char **out_error)
{
    ParaPick picks[FIT_MEMBERS];
    for (int f = 0; f < t->families.count; f++) {
        for (int i = 0; i < FIT_MEMBERS; i++)
            picks[i] = (ParaPick){
                .family = f, .seed = para_training_seed(para_seed_mix(t->def.seed, (uint64_t)(1000 + i)))};
        if (!para_families_fit(&t->families, picks, FIT_MEMBERS, solver, t->arena, out_error))
            return false;
    }
    return true;
}

bool para_training_open(ParaTraining *t, const ParaTrainDef *def, ParaArena *arena, const char **out_error)
{
    *t = (ParaTraining){.def = *def, .arena = arena};
    pthread_mutex_init(&t->proof_lock, NULL);
    t->scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    t->proof_arena = para_arena_create((size_t)64 << 10, (size_t)64 << 20);
    if (!para_families_load(&t->families, def->families, def->family_count, arena, out_error))
        return false;
    // Families are dealt to envs, so with fewer envs some would never be played. Asked before the folder is
    // made, as a run keeps its sizes.
    if (t->families.count > def->envs) {
        *out_error =
            para_arena_printf(arena, "%d families need at least %d worlds; there are %d: raise --envs",
                              t->families.count, t->families.count, def->envs);
        return false;
    }
    if (!families_fit(t, def->solver, out_error))
        return false;
    t->run = para_run_open(def->folder, config_text(def, &t->families, arena), arena, out_error);
    if (!t->run)
        return false;
    if (!read_config(&t->def, para_run_config(t->run), arena, out_error) ||
        !para_families_load(&t->families, t->def.families, t->def.family_count, arena, out_error))
        return false;
    para_run_set_families(t->run, t->families.names, t->families.count);
    t->workers = para_workers_create(def->threads);
    if (!t->workers) {
        *out_error = "no memory for the worker threads; try fewer with --threads";
        return false;
    }
    int families = t->families.count;
    t->windows = PARA_NEW(arena, ParaSolveWindow, families);
    t->family_solve = PARA_NEW(arena, float, families);
    t->family_episodes = PARA_NEW(arena, int, families);
    t->proof_room = PARA_NEW(arena, int, families);
    t->kept_proved = PARA_NEW(arena, uint8_t, families * para_maker_def_default("sfl").keep);
    t->proof_rows = PARA_NEW(arena, ParaProofRow, PROOFS_MAX);
    t->proof_capacity = PROOFS_MAX;
    for (int f = 0; f < families; f++)
        t->family_solve[f] = -1;
    if (!make_learner(t, out_error) || !load_checkpoint(t, out_error) || !make_worlds(t, out_error))
        return false;
    t->checkpoint_clock = para_clock_seconds();
    return para_run_begin(t->run, out_error);
}

void para_training_close(ParaTraining *t)
{
    para_batch_destroy(t->batch);
    para_trial_room_destroy(t->room);
    if (t->workers)
        para_workers_destroy(t->workers);
    if (t->run)
        para_run_close(t->run);
    para_arena_destroy(t->scratch);
    para_arena_destroy(t->proof_arena);
    pthread_mutex_destroy(&t->proof_lock);
}

double para_training_progress(const ParaTraining *t)
{
    double minutes = t->def.schedule_minutes > 0 ? t->def.schedule_minutes : t->def.minutes;
    double by_time = minutes > 0 ? t->now.seconds / (60 * minutes) : 0;
    double by_count = t->def.lessons > 0 ? (double)t->now.lesson / (double)t->def.lessons : 0;
    double progress = by_time > by_count ? by_time : by_count;
    return progress < 1 ? progress : 1;
}

bool para_training_done(const ParaTraining *t)
{
    return (t->def.minutes > 0 && t->now.seconds >= 60 * t->def.minutes) ||
           (t->def.lessons > 0 && t->now.lesson >= t->def.lessons);
}
