// SPDX-License-Identifier: MIT
// The config of a run: what a continued training must not change, kept as JSON in the run folder.
#include "agents/lesson/training.h"
#include "engine/base/assert.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_MINIBATCH 64 // rows

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

ParaPpoDef para_train_learner(int envs, int horizon)
{
    ParaPpoDef def = para_ppo_def_default(envs, horizon);
    int most = envs * horizon / SMALLEST_MINIBATCH;
    if (def.minibatches > most) // a small run learns from what it has
        def.minibatches = most > 0 ? most : 1;
    return def;
}

const char *para_training_config_text(const ParaTrainDef *def, const ParaFamilies *families, ParaArena *arena)
{
    PARA_ASSERT(families->count > 0);
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
    for (int kind = PARA_OBS_ENTITIES; kind <= PARA_OBS_VECTOR; kind++)
        if (strcmp(word, para_obs_kind_name((ParaObsKind)kind)) == 0)
            return (ParaObsKind)kind;
    complain(config, "observation", "entities or vector");
    return PARA_OBS_ENTITIES;
}

// Runs from before there were two solvers do not name theirs: it was chipmunk.
static ParaSolverKind read_solver(Config *config)
{
    ParaSolverKind kind = PARA_SOLVER_CHIPMUNK;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(config->root, "solver");
    if (item && !(cJSON_IsString(item) && para_solver_find(item->valuestring, &kind)))
        complain(config, "solver", "auto, lanes or chipmunk");
    return kind;
}

static const char *const *read_families(Config *config, int *out_count)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(config->root, "families");
    int count = cJSON_GetArraySize(list);
    const char **names = PARA_NEW(config->arena, const char *, count > 0 ? count : 1);
    if (count == 0)
        complain(config, "families", "a list of names");
    for (int i = 0; i < count; i++) {
        const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(list, i));
        if (!name)
            complain(config, "families", "a list of names");
        names[i] = para_arena_strdup(config->arena, name ? name : "");
    }
    *out_count = count;
    return names;
}

bool para_training_config_read(ParaTrainDef *def, const char *text, ParaArena *arena, const char **out_error)
{
    cJSON *root = cJSON_Parse(text);
    Config config = {.root = root, .arena = arena, .problem = root ? NULL : "it is no JSON"};
    def->families = read_families(&config, &def->family_count);
    def->maker = read_string(&config, "maker");
    def->obs = read_observation(&config);
    def->solver = read_solver(&config);
    def->width = read_number(&config, "width", 16, 1024);
    def->envs = read_number(&config, "envs", 1, PARA_TRAIN_ENVS_MAX);
    def->horizon = read_number(&config, "horizon", 1, PARA_TRAIN_HORIZON_MAX);
    def->seed = strtoull(read_string(&config, "seed"), NULL, 10);
    cJSON_Delete(root);
    if (config.problem)
        *out_error = para_arena_printf(
            arena, "the config of the run in %s does not read: %s; " PARA_TRAINING_CONFIG_ADVICE, def->folder,
            config.problem);
    return !config.problem;
}
