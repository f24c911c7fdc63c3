// SPDX-License-Identifier: MIT
// Checkpoints of a training: policy, optimiser and a card that says what they are. Saved after the rows of
// their lessons, read back by a training that goes on.
#include "agents/lesson/training.h"

#include "agents/player/card.h"
#include "agents/run/safetensors.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define CHECKPOINTS_KEPT 3       // newest ones
#define STATE_KEY        "state" // in the card: the hash of the state beside the checkpoint

static char *card_text(const ParaTraining *t, const char *state_hash)
{
    cJSON *card = cJSON_CreateObject();
    cJSON_AddStringToObject(card, "what", "a player trained by Paracosm");
    para_card_add_player(card, para_policy_def(t->policy));
    cJSON_AddStringToObject(card, "maker", t->def.maker);
    cJSON_AddStringToObject(card, "solver", para_solver_name(t->def.solver));
    cJSON *list = cJSON_AddArrayToObject(card, "families");
    for (int f = 0; f < t->families.count; f++)
        cJSON_AddItemToArray(list, cJSON_CreateString(t->families.names[f]));
    cJSON_AddNumberToObject(card, "discount", t->def.settings.discount);
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
    if (state_hash)
        cJSON_AddStringToObject(card, STATE_KEY, state_hash);
    char *text = para_json_print(card, false), *copy = para_arena_strdup(t->scratch, text);
    cJSON_free(text);
    cJSON_Delete(card);
    return copy;
}

#define ENV_RETURN "ppo.env_return" // the one tensor that is of envs

// Policy and optimiser tensors in one list: those of a training by one process. Of peers, the returns under
// way of all their envs have a place of their own.
static ParaTensor *all_tensors(const ParaTraining *t, ParaArena *arena, int *out_count)
{
    int a = 0, b = 0, rows = para_train_rows(&t->def, t->def.envs);
    const ParaTensor *policy = para_policy_tensors(t->policy, &a), *ppo = para_ppo_tensors(t->ppo, &b);
    ParaTensor *list = PARA_NEW(arena, ParaTensor, a + b);
    memcpy(list, policy, sizeof *list * (size_t)a);
    memcpy(list + a, ppo, sizeof *list * (size_t)b);
    *out_count = a + b;
    for (int i = a; i < a + b && t->peers; i++)
        if (strcmp(list[i].name, ENV_RETURN) == 0)
            list[i] = (ParaTensor){ENV_RETURN, 1, rows, PARA_NEW(arena, float, rows)};
    return list;
}

// The tensor of returns among some. @return [columns]
static float *returns_of(const ParaTensor *tensors, int count)
{
    int at = 0;
    while (at < count && strcmp(tensors[at].name, ENV_RETURN) != 0)
        at++;
    PARA_ASSERT(at < count); // every learner keeps them
    return tensors[at].data;
}

static float *own_returns(const ParaTraining *t)
{
    int count = 0;
    const ParaTensor *tensors = para_ppo_tensors(t->ppo, &count);
    return returns_of(tensors, count);
}

// What the envs of all peers have earned so far, for rank 0 to write.
static void collect_returns(ParaTraining *t, const ParaTensor *tensors, int count)
{
    if (!t->peers)
        return;
    float *all = returns_of(tensors, count);
    ParaPeersPart *parts = PARA_NEW(t->scratch, ParaPeersPart, t->peers->count);
    para_peers_collect(t->peers, own_returns(t), sizeof *all * (size_t)para_train_rows(&t->def, t->envs),
                       t->scratch, parts);
    for (int i = 0; i < t->peers->count; i++)
        if (parts[i].size > 0)
            memcpy(all + para_train_rows(&t->def, para_peers_first(t->peers, t->def.envs, i)), parts[i].data,
                   parts[i].size);
}

// Rows, state and checkpoint. @param state NULL: the episodes under way are too long to be kept
static bool write_all(ParaTraining *t, const ParaTensor *tensors, int count, const ParaBytes *state,
                      const char **out_error)
{
    char state_hash[17];
    // Rows first: were the checkpoint newer than the rows, lessons would be missing for good; the other
    // way round a continued run writes the same lessons again.
    if (!para_run_thin(t->run, PARA_RUN_REPORTS_WHOLE, PARA_RUN_LESSONS_THIN, out_error) ||
        !para_run_commit(t->run, out_error))
        return false;
    const char *path = para_run_checkpoint_path(t->run, t->now.lesson, t->scratch);
    if (!state)
        para_training_tell(
            t, "the episodes under way are too long to be kept: a training that goes on begins new ones");
    if (!para_training_save_pool(t, out_error))
        return false;
    if (state && !para_run_write_state(t->run, t->now.lesson, state, state_hash, out_error))
        return false;
    if (!para_safetensors_write(path, tensors, count, card_text(t, state ? state_hash : NULL), t->scratch,
                                out_error)) {
        *out_error = para_arena_strdup(t->arena, *out_error); // scratch ends before the error is told
        return false;
    }
    if (!para_training_save_model(t, out_error))
        return false;
    para_run_tidy(t->run, CHECKPOINTS_KEPT, t->def.milestone_every);
    return para_run_begin(t->run, out_error);
}

bool para_training_save(ParaTraining *t, const char **out_error)
{
    PARA_ASSERT(t->now.decisions > 0); // a lesson has ended
    int count = 0;
    ParaBytes state = {.arena = t->scratch};
    const ParaTensor *tensors = all_tensors(t, t->scratch, &count);
    bool kept = para_training_state_put(t, &state);
    collect_returns(t, tensors, count);
    if (!para_training_agree(t, true, out_error)) // a peer is lost
        return false;
    bool written = !t->run || write_all(t, tensors, count, kept ? &state : NULL, out_error);
    t->checkpoint_clock = para_clock_seconds();
    t->saved = written;
    return para_training_agree(t, written, out_error);
}

/// A checkpoint that reads whole but does not fit the network that the run's config asks for: one of the two
/// was changed by hand.
static const char *misfit(const ParaTraining *t, const char *path, const char *card, const char *reason)
{
    cJSON *root = para_json_parse(card);
    const cJSON *width = cJSON_GetObjectItemCaseSensitive(root, "width");
    const char *text = para_arena_printf(t->arena,
                                         "%s does not fit the config of its run (%s): its player has width "
                                         "%d, the config asks for width %d and "
                                         "%s observations of %s%s; " PARA_TRAINING_CONFIG_ADVICE,
                                         path, reason, cJSON_IsNumber(width) ? width->valueint : 0,
                                         t->def.width, para_obs_kind_name(t->def.obs), t->families.names[0],
                                         t->families.count > 1 ? ", ..." : "");
    cJSON_Delete(root);
    return text;
}

// A checkpoint under the name of another lesson would go on from the rows and with the rate of that one.
static bool is_of_lesson(const ParaTraining *t, const char *path, const char *card, int lesson,
                         const char **out_error)
{
    cJSON *root = para_json_parse(card);
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(root, "lesson");
    bool same = !cJSON_IsNumber(own) || own->valuedouble == lesson;
    if (!same)
        *out_error = para_arena_printf(t->arena,
                                       "%s is the checkpoint of lesson %.15g by its card: name it after that",
                                       path, own->valuedouble);
    cJSON_Delete(root);
    return same;
}

// The state beside a checkpoint, or why it cannot be had; a run from before there were any has none.
// @return false: there should be one
static bool load_state(ParaTraining *t, const char *card, int lesson)
{
    cJSON *root = para_json_parse(card);
    const char *hash = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, STATE_KEY));
    t->state = NULL;
    t->state_problem =
        "the checkpoint keeps none, as it is of an older version or its episodes were too long";
    bool read = hash && para_run_read_state(t->run, lesson, hash, t->arena, &t->state, &t->state_size,
                                            &t->state_problem);
    if (!read)
        t->state = NULL;
    cJSON_Delete(root);
    return read || !hash;
}

// A checkpoint to go on from.
typedef struct Found {
    int lesson; // -1: none
    const char *path, *card;
    ParaTensor *tensors;
    int count;
} Found;

static bool read_found(ParaTraining *t, Found *found, const char **out_error)
{
    found->tensors = para_safetensors_read(found->path, t->arena, &found->count, &found->card, out_error);
    return found->tensors != NULL;
}

// A maker without its memory costs more than the few lessons since the checkpoint before: where the newest
// has lost its state, the newest that has its own is taken. Where none has, the newest goes on without.
static void prefer_whole_pair(ParaTraining *t, Found *found)
{
    const char *problem = t->state_problem, *error = NULL;
    Found older = *found;
    while ((older.lesson = para_run_checkpoint_before(t->run, older.lesson, t->arena, &older.path, NULL)) >=
           0) {
        if (!read_found(t, &older, &error) || !load_state(t, older.card, older.lesson) || !t->state)
            continue;
        para_training_tell(t,
                           para_arena_printf(t->arena,
                                             "the checkpoint of lesson %d has lost its state (%s): the run "
                                             "goes on from lesson %d, whose state is whole",
                                             found->lesson, problem, older.lesson));
        *found = older;
        return;
    }
    t->state = NULL;
    t->state_problem = problem;
}

// The newest checkpoint of the run, if there is one, into its tensors. @param own in-out, [want]
static bool load_newest(ParaTraining *t, const ParaTensor *own, int want, const char **out_error)
{
    const char *path = NULL, *note = NULL;
    int lesson = para_run_newest_checkpoint(t->run, t->arena, &path, &note);
    if (lesson < 0 && note) { // to begin anew would throw away every lesson of the run
        *out_error =
            para_arena_printf(t->arena,
                              "none of the checkpoints in %s/checkpoints reads: %s; put copies from a "
                              "backup there, or train into another folder",
                              para_run_folder(t->run), note);
        return false;
    }
    if (lesson < 0 && para_run_had_checkpoint(t->run)) { // the same
        *out_error = para_arena_printf(
            t->arena,
            "the checkpoints of the run are gone from %s/checkpoints; put them back there, or train into "
            "another folder",
            para_run_folder(t->run));
        return false;
    }
    para_training_tell(t, note);
    if (lesson < 0)
        return para_run_forget_after(t->run, -1, out_error);
    Found found = {.lesson = lesson, .path = path};
    if (!read_found(t, &found, out_error) || !is_of_lesson(t, path, found.card, lesson, out_error))
        return false;
    if (!load_state(t, found.card, lesson))
        prefer_whole_pair(t, &found);
    if (!is_of_lesson(t, found.path, found.card, found.lesson, out_error) ||
        !para_card_sees(found.card, &para_policy_def(t->policy)->obs, t->arena, out_error))
        return false;
    if (!para_tensors_assign(own, want, found.tensors, found.count, t->arena, out_error)) {
        *out_error = misfit(t, found.path, found.card, *out_error);
        return false;
    }
    lesson = found.lesson;
    if (!para_run_forget_after(t->run, lesson, out_error) ||
        !para_run_set_aside_after(t->run, lesson, out_error))
        return false;
    para_run_last_lesson(t->run, &t->now);
    t->lessons = lesson + 1;
    return true;
}

bool para_training_load(ParaTraining *t, const char **out_error)
{
    int count = 0;
    ParaTensor *own = all_tensors(t, t->arena, &count);
    bool good = !t->run || load_newest(t, own, count, out_error);
    if (!para_training_agree(t, good, out_error) || !para_training_share_checkpoint(t, own, count, out_error))
        return false;
    if (t->peers)
        memcpy(own_returns(t), returns_of(own, count) + para_train_rows(&t->def, t->first),
               sizeof(float) * (size_t)para_train_rows(&t->def, t->envs));
    return true;
}

void para_training_begin(ParaTraining *t)
{
    bool resumed = t->state && para_training_state_take(t, t->state, t->state_size, &t->state_problem);
    int64_t anew = !resumed; // with one peer all begin anew
    para_peers_max(t->peers, &anew);
    resumed = anew == 0;
    if (!resumed) {
        para_batch_reset(t->batch, t->workers);
        para_ppo_forget_episodes(t->ppo);
        para_collector_forget(t->collector);
        para_training_pool_begin(t);
    }
    if (!resumed && t->lessons > 0 && !para_training_is_new_world(t))
        para_training_tell(t,
                           para_arena_printf(t->arena, "new episodes begin in place of those under way: %s",
                                             t->state_problem));
    para_arena_clear(t->scratch);
}
