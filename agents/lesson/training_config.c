// SPDX-License-Identifier: MIT
// The config of a run: what a continued training must not change, kept as JSON in the run folder.
#include "agents/lesson/training.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_MINIBATCH 64 // rows
// By search, docs/training.md: few worlds teach one family most, the library needs some of each in a lesson.
#define FAMILY_ENVS      32
#define ENVS_MOST        256
#define LESSON_DECISIONS 16384 // of a lesson of full length

ParaTrainDef para_train_def_default(void)
{
    return (ParaTrainDef){.folder = "runs/first",
                          .maker = "sfl",
                          .obs = PARA_OBS_ENTITIES,
                          .width = 128,
                          .seed = 1,
                          .settings = para_settings_default(),
                          .eval_levels = 16,
                          .milestone_every = 500,
                          .checkpoint_seconds = 20};
}

void para_train_settle_sizes(ParaTrainDef *def, int families)
{
    PARA_ASSERT(families >= 1);
    if (def->envs == 0) {
        int enough = families < ENVS_MOST / FAMILY_ENVS ? FAMILY_ENVS * families : ENVS_MOST;
        def->envs = families > enough ? families : enough;
    }
    if (def->horizon == 0)
        def->horizon = (int)para_clamp(LESSON_DECISIONS / def->envs, 16, PARA_TRAIN_HORIZON_MAX);
}

int para_train_minibatches(const ParaTrainDef *def, int horizon)
{
    int most = para_train_rows(def, def->envs) * horizon /
               SMALLEST_MINIBATCH; // a small lesson teaches by what it has
    int fewer = def->settings.minibatches < most ? def->settings.minibatches : most;
    int least = para_train_rows(def, def->envs / para_peers_count(def->peers)) *
                horizon; // rows of the peer that has fewest
    fewer = fewer < least ? fewer : least;
    return fewer > 0 ? fewer : 1;
}

int para_train_horizon(const ParaTrainDef *def, int64_t decisions)
{
    const ParaSettings *settings = &def->settings;
    PARA_ASSERT(decisions >= 0);
    double share = settings->growth * (double)decisions / (double)def->envs;
    if (settings->growth <= 0 || share >= (double)def->horizon || settings->first_horizon >= def->horizon)
        return def->horizon;
    return share > (double)settings->first_horizon ? (int)share : settings->first_horizon;
}

ParaPpoDef para_train_learner(const ParaTrainDef *def)
{
    const ParaSettings *settings = &def->settings;
    int rank = para_peers_rank(def->peers), first = para_peers_first(def->peers, def->envs, rank);
    return (ParaPpoDef){.envs =
                            para_train_rows(def, para_peers_first(def->peers, def->envs, rank + 1) - first),
                        .masked = def->players > 1,
                        .peers = def->peers,
                        .horizon = def->horizon,
                        .epochs = settings->epochs,
                        .minibatches = para_train_minibatches(def, def->horizon),
                        .learning_rate = (float)settings->learning_rate,
                        .discount = (float)settings->discount,
                        .lambda = (float)settings->gae_lambda,
                        .clip = (float)settings->clip,
                        .value_clip = (float)settings->value_clip,
                        .entropy = (float)settings->entropy,
                        .entropy_enough = (float)settings->entropy_enough,
                        .value_weight = (float)settings->value_weight,
                        .gradient_max = (float)settings->gradient_max,
                        .kl_stop = (float)settings->kl_stop,
                        .muon = settings->muon != 0,
                        .vtrace = settings->vtrace != 0,
                        .stretch = settings->stretch};
}

const char *para_training_config_text(const ParaTrainDef *def, const ParaFamilies *families, ParaArena *arena)
{
    PARA_ASSERT(families->count > 0);
    cJSON *root = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(root, "families");
    for (int f = 0; f < families->count; f++)
        cJSON_AddItemToArray(list, cJSON_CreateString(families->texts[f].source));
    if (def->tier)
        cJSON_AddStringToObject(root, "tier", def->tier);
    cJSON_AddStringToObject(root, "maker", def->maker);
    cJSON_AddStringToObject(root, "observation", para_obs_kind_name(def->obs));
    cJSON_AddStringToObject(root, "solver", para_solver_name(def->solver));
    cJSON_AddNumberToObject(root, "width", def->width);
    if (def->encoder != PARA_ENCODER_POOLED) // left out where it is not, as in runs from before there was any
        cJSON_AddStringToObject(root, "net", para_encoder_name(def->encoder));
    if (def->rays)
        cJSON_AddTrueToObject(root, "rays");
    if (def->parts & PARA_OBS_MAP)
        cJSON_AddTrueToObject(root, "map");
    if (def->parts & PARA_OBS_HEARD)
        cJSON_AddTrueToObject(root, "heard");
    if (def->recurrent)
        cJSON_AddTrueToObject(root, "recurrent");
    if (def->continuous)
        cJSON_AddTrueToObject(root, "continuous");
    if (def->value_bins)
        cJSON_AddTrueToObject(root, "value_bins");
    cJSON_AddNumberToObject(root, "envs", def->envs);
    cJSON_AddNumberToObject(root, "horizon", def->horizon);
    char seed[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)def->seed);
    cJSON_AddStringToObject(root, "seed", seed); // as text: JSON numbers lose 64-bit integers
    if (def->curiosity != PARA_CURIOSITY_NONE)
        cJSON_AddStringToObject(root, "curiosity", para_curiosity_name(def->curiosity));
    if (def->from_count > 0)
        cJSON_AddNumberToObject(root, "demos", def->from_count);
    if (def->in_dream)
        cJSON_AddTrueToObject(root, "in_dream");
    if (def->model)
        cJSON_AddTrueToObject(root, "model");
    if (def->stream) {
        cJSON_AddStringToObject(root, "lifelong", para_keep_name(def->keep));
        cJSON_AddItemToObject(root, "stream", para_json_parse(para_stream_to_json(def->stream, arena)));
    }
    cJSON *settings = cJSON_AddObjectToObject(root, "settings");
    for (int i = 0; i < PARA_SETTING_COUNT; i++)
        cJSON_AddNumberToObject(settings, para_settings[i].name,
                                para_setting_value(&def->settings, &para_settings[i]));
    char *text = para_json_print(root, true), *copy = para_arena_strdup(arena, text);
    cJSON_free(text);
    cJSON_Delete(root);
    return copy;
}

const char *para_training_call_text(const ParaTrainDef *def, ParaArena *arena)
{
    const struct {
        const char *name;
        double value;
    } rows[] = {{"minutes", def->minutes},
                {"lessons", (double)def->lessons},
                {"decisions", (double)def->decisions},
                {"schedule", def->schedule_minutes},
                {"schedule_lessons", (double)def->schedule_lessons},
                {"schedule_decisions", (double)def->schedule_decisions},
                {"eval_every", def->eval_every},
                {"eval_levels", def->eval_levels},
                {"milestone", def->milestone_every},
                {"checkpoint", def->checkpoint_seconds},
                {"threads", def->threads},
                {"ranks", para_peers_count(def->peers)}};
    cJSON *root = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cJSON_AddNumberToObject(root, rows[i].name, rows[i].value);
    cJSON_AddStringToObject(root, "version", PARA_VERSION);
    char *text = para_json_print(root, false), *copy = para_arena_strdup(arena, text);
    cJSON_free(text);
    cJSON_Delete(root);
    return copy;
}

/// A config being read; the first thing that is wrong is kept.
typedef struct Config {
    const cJSON *root;
    ParaArena *arena;
    const char *problem; ///< NULL: none so far
} Config;

static void complain(Config *config, const char *key, const char *must)
{
    if (!config->problem)
        config->problem = para_arena_printf(config->arena, "\"%s\" must be %s", key, must);
}

static int read_number(Config *config, const char *key, int low, int high)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, key);
    if (cJSON_IsNumber(item) && item->valuedouble >= low && item->valuedouble <= high)
        return item->valueint;
    complain(config, key, para_arena_printf(config->arena, "a number from %d to %d", low, high));
    return low;
}

static const char *read_string(Config *config, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, key);
    if (cJSON_IsString(item))
        return para_arena_strdup(config->arena, item->valuestring);
    complain(config, key, "a text");
    return "";
}

static ParaObsKind read_observation(Config *config)
{
    const char *word = read_string(config, "observation");
    for (int kind = PARA_OBS_ENTITIES; kind <= PARA_OBS_PIXELS; kind++)
        if (strcmp(word, para_obs_kind_name((ParaObsKind)kind)) == 0)
            return (ParaObsKind)kind;
    complain(config, "observation", "entities, vector, listed or pixels");
    return PARA_OBS_ENTITIES;
}

// Runs from before there were two solvers do not name theirs: it was chipmunk.
static ParaSolverKind read_solver(Config *config)
{
    ParaSolverKind kind = PARA_SOLVER_CHIPMUNK;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, "solver");
    bool found = item && cJSON_IsString(item) && para_solver_find(item->valuestring, &kind);
    if (item && !(found && para_solver_stands_alone(kind)))
        complain(config, "solver", "auto, lanes or chipmunk");
    return kind;
}

// Runs that do not name any have none.
static ParaCuriosityKind read_curiosity(Config *config)
{
    ParaCuriosityKind kind = PARA_CURIOSITY_NONE;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, "curiosity");
    if (item && !(cJSON_IsString(item) && para_curiosity_find(item->valuestring, &kind)))
        complain(config, "curiosity", "none, disagreement or places");
    return kind;
}

// Runs that do not name any have the pooled one.
static ParaEncoder read_encoder(Config *config, ParaObsKind obs)
{
    ParaEncoder encoder = PARA_ENCODER_POOLED;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, "net");
    if (item && !(cJSON_IsString(item) && para_encoder_find(item->valuestring, &encoder)))
        complain(config, "net", "pooled or relational");
    if (encoder == PARA_ENCODER_RELATIONAL && obs != PARA_OBS_ENTITIES)
        complain(config, "net", "pooled where there are no entities");
    return encoder;
}

// What a run does not name it does not have.
static bool read_flag(Config *config, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, key);
    if (item && !cJSON_IsBool(item))
        complain(config, key, "true or false");
    return cJSON_IsTrue(item);
}

// What a run from before the list, or before a row of it, does not name is in the list too.
static ParaSettings read_settings(Config *config)
{
    ParaSettings settings = para_settings_default();
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(config->root, "settings");
    for (int i = 0; i < PARA_SETTING_COUNT; i++) {
        const ParaSetting *row = &para_settings[i];
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, row->name);
        double value = item ? item->valuedouble : row->older;
        bool fits = !item || (cJSON_IsNumber(item) && value >= row->low && value <= row->high &&
                              (row->kind == PARA_SETTING_REAL || (double)(int)value == value));
        if (fits)
            para_setting_set(&settings, row, value);
        else
            complain(config, row->name,
                     para_arena_printf(config->arena, "a%s number from %.15g to %.15g",
                                       row->kind == PARA_SETTING_WHOLE ? " whole" : "", row->low, row->high));
    }
    return settings;
}

/// Runs that name none learn all their families at once.
static const ParaWorldStream *read_stream(Config *config, ParaKeepKind *out_keep)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, "stream"),
                *keep = cJSON_GetObjectItemCaseSensitive(config->root, "lifelong");
    const char *error = NULL;
    if (!item)
        return NULL;
    if (!cJSON_IsString(keep) || !para_keep_find(keep->valuestring, out_keep))
        complain(config, "lifelong", "a way to keep what was learned");
    char *text = para_json_print(item, false);
    const ParaWorldStream *stream = text ? para_stream_from_json(text, config->arena, &error) : NULL;
    cJSON_free(text);
    if (!stream)
        complain(config, "stream", "a stream of worlds");
    return stream;
}

bool para_training_config_read(ParaTrainDef *def, const char *text, ParaArena *arena, const char **out_error)
{
    cJSON *root = para_json_parse(text);
    Config config = {.root = root, .arena = arena, .problem = root ? NULL : "it is no JSON"};
    bool whole = !cJSON_GetObjectItemCaseSensitive(root, "tier"); // also of runs from before there were any
    def->tier = whole ? NULL : read_string(&config, "tier");
    def->maker = read_string(&config, "maker");
    def->obs = read_observation(&config);
    def->solver = read_solver(&config);
    def->width = read_number(&config, "width", 16, 1024);
    def->encoder = read_encoder(&config, def->obs);
    def->rays = read_flag(&config, "rays");
    if (def->rays && def->obs > PARA_OBS_VECTOR)
        complain(&config, "rays", "left out where none are seen");
    def->parts = read_flag(&config, "map") ? PARA_OBS_MAP : 0;
    if (def->parts && def->obs > PARA_OBS_VECTOR)
        complain(&config, "map", "left out where it is not seen");
    def->parts |= read_flag(&config, "heard") ? PARA_OBS_HEARD : 0;
    if (def->parts & PARA_OBS_HEARD && def->obs > PARA_OBS_VECTOR)
        complain(&config, "heard", "left out where nothing is heard");
    def->recurrent = read_flag(&config, "recurrent");
    def->continuous = read_flag(&config, "continuous");
    def->value_bins = read_flag(&config, "value_bins");
    def->envs = read_number(&config, "envs", 1, PARA_TRAIN_ENVS_MAX);
    def->horizon = read_number(&config, "horizon", 1, PARA_TRAIN_HORIZON_MAX);
    def->settings = read_settings(&config);
    def->curiosity = read_curiosity(&config);
    bool imitates = cJSON_GetObjectItemCaseSensitive(root, "demos") != NULL;
    def->demos = imitates ? read_number(&config, "demos", 1, PARA_DEMOS_FILES_MAX) : 0;
    def->dreams = read_flag(&config, "in_dream");
    def->stream = read_stream(&config, &def->keep);
    // A model changes nothing of a run that nobody asks it in: one may be begun at any time, and is kept on.
    def->model = read_flag(&config, "model") || def->model;
    def->seed = strtoull(read_string(&config, "seed"), NULL, 10);
    cJSON_Delete(root);
    if (config.problem)
        *out_error = para_arena_printf(
            arena, "the config of the run in %s does not read: %s; " PARA_TRAINING_CONFIG_ADVICE, def->folder,
            config.problem);
    return !config.problem;
}

// ---------------------------------------------------------------------------------------------
// What a run keeps though something else was asked for.

typedef struct Kept {
    ParaArena *arena;
    const char *text; ///< NULL: nothing so far
} Kept;

/// A thing that was asked for by hand and is not the run's.
static void tell(Kept *kept, const char *name, const char *own, const char *asked)
{
    kept->text = para_arena_printf(kept->arena, "%s%s%s %s (not %s)", kept->text ? kept->text : "",
                                   kept->text ? ", " : "", name, own, asked);
}

#define PARA_TIER_NONE "none" // in words: the whole families

/// Asked for by hand is what is not the default.
static void tell_number(Kept *kept, const char *name, double asked, double preset, double own)
{
    if (asked != own && asked != preset)
        tell(kept, name, para_arena_printf(kept->arena, "%.15g", own),
             para_arena_printf(kept->arena, "%.15g", asked));
}

static void tell_word(Kept *kept, const char *name, const char *asked, const char *preset, const char *own)
{
    if (strcmp(asked, own) != 0 && strcmp(asked, preset) != 0)
        tell(kept, name, own, asked);
}

const char *para_training_config_kept(const ParaTrainDef *asked, const ParaTrainDef *own, ParaArena *arena)
{
    const ParaTrainDef preset = para_train_def_default();
    Kept kept = {.arena = arena};
    tell_word(&kept, "maker", asked->maker, preset.maker, own->maker);
    tell_word(&kept, "tier", asked->tier ? asked->tier : PARA_TIER_NONE, PARA_TIER_NONE,
              own->tier ? own->tier : PARA_TIER_NONE);
    if (asked->stream && !own->stream)
        tell(&kept, "families,", "all at once", "--stream");
    else if (asked->stream)
        tell_word(&kept, "lifelong", para_keep_name(asked->keep), para_keep_name(preset.keep),
                  para_keep_name(own->keep));
    tell_word(&kept, "curiosity", para_curiosity_name(asked->curiosity),
              para_curiosity_name(PARA_CURIOSITY_NONE), para_curiosity_name(own->curiosity));
    if (asked->in_dream && !own->dreams)
        tell(&kept, "worlds,", "which the engine runs", "--in-dream");
    if (asked->from_count > 0 && own->demos != asked->from_count)
        tell(&kept, "episodes to imitate,",
             own->demos ? para_arena_printf(arena, "%d of them", own->demos) : "none",
             para_arena_printf(arena, "the %d of --from", asked->from_count));
    tell_word(&kept, "solver", para_solver_name(asked->solver), para_solver_name(preset.solver),
              para_solver_name(own->solver));
    tell_number(&kept, "width", asked->width, preset.width, own->width);
    tell_word(&kept, "net", para_encoder_name(asked->encoder), para_encoder_name(preset.encoder),
              para_encoder_name(own->encoder));
    if (asked->rays && !own->rays)
        tell(&kept, "network,", "which takes rays one by one", "--rays conv");
    if (asked->parts & ~own->parts & PARA_OBS_MAP)
        tell(&kept, "observation,", "which has no map", "--map");
    if (asked->recurrent && !own->recurrent)
        tell(&kept, "network,", "which remembers nothing", "--recurrent");
    if (asked->continuous && !own->continuous)
        tell(&kept, "actions,", "of three levels", "--continuous");
    if (asked->value_bins && !own->value_bins)
        tell(&kept, "value,", "one number", "--value-bins");
    tell_number(&kept, "envs", asked->envs, preset.envs, own->envs);
    tell_number(&kept, "horizon", asked->horizon, preset.horizon, own->horizon);
    if (asked->seed != own->seed && asked->seed != preset.seed)
        tell(&kept, "seed", para_arena_printf(arena, "%llu", (unsigned long long)own->seed),
             para_arena_printf(arena, "%llu", (unsigned long long)asked->seed));
    for (int i = 0; i < PARA_SETTING_COUNT; i++) {
        const ParaSetting *row = &para_settings[i];
        tell_number(&kept, row->option, para_setting_value(&asked->settings, row), row->preset,
                    para_setting_value(&own->settings, row));
    }
    return kept.text ? para_arena_printf(
                           arena, "the run keeps its own %s; train into another folder for others", kept.text)
                     : NULL;
}
