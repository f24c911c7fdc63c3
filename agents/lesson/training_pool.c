// SPDX-License-Identifier: MIT
// Past selves that a training plays against: taken from the player now and then, kept in memory and, as
// players of their own, in the run's folder under pool/.
#include "agents/lesson/training.h"

#include "agents/player/card.h"
#include "agents/run/safetensors.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FILES_TIMES 4  // files that stay for each past self there may be: older checkpoints know other ones
#define TRIES       64 // members of a family that are looked at for opponents

static bool family_opposes(const ParaFamilies *families, int family, ParaArena *arena)
{
    for (uint64_t seed = 1; seed <= TRIES; seed++) {
        ParaArenaMark mark = para_arena_mark(arena);
        ParaPick pick = {.family = family, .seed = seed};
        const ParaLevel *level = para_families_sample(families, &pick, "check", arena);
        bool found = level != NULL, opposed = found && para_pool_opposes(level);
        para_arena_rewind(arena, mark);
        if (found)
            return opposed;
    }
    return false;
}

const char *para_training_pool_contradiction(const ParaTrainDef *def, const ParaFamilies *families,
                                             ParaArena *arena)
{
    if (def->settings.pool == 0)
        return NULL;
    if (def->peers)
        return "--pool plays against past selves in one process; train without mpirun";
    if (def->in_dream || def->dreams)
        return "--pool goes without --in-dream: a dream has no opponents";
    for (int f = 0; f < families->count; f++)
        if (family_opposes(families, f, arena))
            return NULL;
    return para_arena_printf(arena,
                             "--pool is for players that oppose each other, and in %s%s there are none: give "
                             "its template `players` of two teams, or leave --pool out",
                             families->names[0], families->count > 1 ? " and the other families" : "");
}

void para_training_open_pool(ParaTraining *t)
{
    const ParaSettings *settings = &t->def.settings;
    if (settings->pool == 0)
        return;
    const ParaPoolDef def = {.max = settings->pool,
                             .envs = t->envs,
                             .share = (float)settings->pool_share,
                             .hard = (float)settings->pool_hard,
                             .seed = para_seed_mix(t->def.seed, 9)};
    t->pool = para_pool_create(&def, para_policy_def(t->policy), t->arena);
    t->pool_written = -1;
    para_collector_oppose(t->collector, t->pool);
}

void para_training_pool_begin(ParaTraining *t)
{
    if (!t->pool)
        return;
    para_pool_forget(t->pool);
    for (int b = 0; b < t->envs; b++)
        if (t->batch->envs[b].level)
            para_pool_draw(t->pool, b, t->batch->envs[b].level);
}

void para_training_pool_lesson(ParaTraining *t)
{
    t->now.pool_score = (double)NAN;
    if (!t->pool)
        return;
    int games = 0;
    double score = (double)para_pool_settle(t->pool, &games);
    if (games > 0)
        t->now.pool_score = score / games;
    if ((t->now.lesson + 1) % t->def.settings.pool_every == 0)
        para_pool_add(t->pool, t->policy, t->now.lesson);
}

// ---------------------------------------------------------------------------------------------
// Files.

static const char *path_of(const ParaTraining *t, int lesson, ParaArena *arena)
{
    return para_arena_printf(arena, "%s/pool/lesson-%06d.safetensors", para_run_folder(t->run), lesson);
}

static char *card_text(const ParaTraining *t, int lesson)
{
    cJSON *card = cJSON_CreateObject();
    cJSON_AddStringToObject(card, "what", "a past self of a player trained by Paracosm");
    para_card_add_player(card, para_policy_def(t->policy));
    cJSON_AddStringToObject(card, "maker", t->def.maker);
    cJSON_AddStringToObject(card, "solver", para_solver_name(t->def.solver));
    cJSON *list = cJSON_AddArrayToObject(card, "families");
    for (int f = 0; f < t->families.count; f++)
        cJSON_AddItemToArray(list, cJSON_CreateString(t->families.names[f]));
    cJSON_AddNumberToObject(card, "lesson", lesson);
    char *text = para_json_print(card, false), *copy = para_arena_strdup(t->scratch, text);
    cJSON_free(text);
    cJSON_Delete(card);
    return copy;
}

/// Lesson of a file's name, -1 if it is none of ours.
static int lesson_of(const char *name)
{
    char *end = NULL;
    if (strncmp(name, "lesson-", 7) != 0)
        return -1;
    unsigned long lesson = strtoul(name + 7, &end, 10);
    return end > name + 7 && lesson <= INT32_MAX ? (int)lesson : -1;
}

static bool is_member(const ParaTraining *t, int lesson)
{
    int count = 0;
    const ParaPastSelf *selves = para_pool_selves(t->pool, &count);
    for (int i = 0; i < count; i++)
        if (selves[i].lesson == lesson)
            return true;
    return false;
}

/// Files of selves that have given way go, the oldest first, once there are too many.
static void tidy(const ParaTraining *t, const char *folder)
{
    const char **names = NULL, *error = NULL;
    int count = para_folder_list(folder, ".safetensors", t->scratch, &names, &error);
    for (int i = 0, left = count; i < count && left > FILES_TIMES * t->def.settings.pool;
         i++) { // sorted by name
        int lesson = lesson_of(names[i]);
        if (lesson < 0 || is_member(t, lesson))
            continue;
        para_file_remove(path_of(t, lesson, t->scratch));
        left--;
    }
}

bool para_training_save_pool(ParaTraining *t, const char **out_error)
{
    if (!t->pool || !t->run)
        return true;
    int count = 0, tensors = 0;
    const ParaPastSelf *selves = para_pool_selves(t->pool, &count);
    const char *folder = para_arena_printf(t->scratch, "%s/pool", para_run_folder(t->run));
    bool good = para_folder_make(folder, t->scratch, out_error);
    for (int i = 0; i < count && good; i++) {
        if (selves[i].lesson <= t->pool_written)
            continue;
        const ParaTensor *list = para_policy_tensors(selves[i].policy, &tensors);
        good = para_safetensors_write(path_of(t, selves[i].lesson, t->scratch), list, tensors,
                                      card_text(t, selves[i].lesson), t->scratch, out_error);
        t->pool_written = good ? selves[i].lesson : t->pool_written;
    }
    if (good)
        tidy(t, folder);
    else
        *out_error = para_arena_strdup(t->arena, *out_error); // scratch ends before the error is told
    return good;
}

// ---------------------------------------------------------------------------------------------
// The state of a checkpoint.

static uint64_t hash_of(const ParaPolicy *policy)
{
    int count = 0;
    const ParaTensor *tensors = para_policy_tensors(policy, &count);
    return para_tensors_hash(tensors, count);
}

void para_training_pool_put(const ParaTraining *t, ParaBytes *out)
{
    int count = 0;
    const ParaPastSelf *selves = para_pool_selves(t->pool, &count);
    para_pool_save(t->pool, out);
    for (int i = 0; i < count; i++)
        para_bytes_put_whole(out, hash_of(selves[i].policy), 8);
}

static bool read_self(ParaTraining *t, const ParaPastSelf *self, uint64_t hash)
{
    int own = 0, count = 0;
    const char *card = NULL, *error = NULL;
    const ParaTensor *tensors = para_policy_tensors(self->policy, &own);
    const ParaTensor *read =
        para_safetensors_read(path_of(t, self->lesson, t->scratch), t->scratch, &count, &card, &error);
    return read && para_tensors_assign(tensors, own, read, count, t->scratch, &error) &&
           hash_of(self->policy) == hash;
}

bool para_training_pool_take(ParaTraining *t, ParaBytesReader *in)
{
    if (!para_pool_load(t->pool, in))
        return false;
    int count = 0, lost = 0;
    const ParaPastSelf *selves = para_pool_selves(t->pool, &count);
    uint64_t hashes[PARA_POOL_MAX];
    for (int i = 0; i < count; i++)
        hashes[i] = para_bytes_take_whole(in, 8);
    t->pool_written = count > 0 ? selves[count - 1].lesson : -1;
    for (int i = count - 1; i >= 0 && !in->bad; i--) {
        if (read_self(t, &selves[i], hashes[i]))
            continue;
        para_pool_drop(t->pool, i);
        lost++;
    }
    if (lost > 0)
        para_training_tell(
            t, para_arena_printf(
                   t->arena, "%d past selves in %s/pool are gone or changed: the run goes on without them",
                   lost, para_run_folder(t->run)));
    return !in->bad;
}
