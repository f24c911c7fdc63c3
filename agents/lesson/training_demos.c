// SPDX-License-Identifier: MIT
// A training that begins with what others did: their episodes are taken into the run's folder, imitated once
// what a rollout looks like is known, and beside the player's own play for a while.
#include "agents/demos/demos.h"
#include "agents/learn/imitate.h"
#include "agents/lesson/training.h"
#include "engine/base/file.h"

#define DEMOS_FOLDER   "demos"            // in the run folder
#define FILE_MOST      ((size_t)64 << 20) // [byte] of one replay
#define STEPS_LEAST    16                 // of a pass
#define BATCH_LEAST    8
#define BATCH_MOST     128
#define IMITATE_MEMORY ((size_t)4 << 30) // [byte] more than the widest network takes

struct ParaTrainingDemos {
    ParaDemos all;
    ParaCloneRows rows; ///< of them, once their values are known
};

static const char *folder_of(const ParaTraining *t)
{
    return para_arena_printf(t->arena, "%s/" DEMOS_FOLDER, t->def.folder);
}

static bool take(ParaTraining *t, const char *from, const char *to, const char **out_error)
{
    ParaArenaMark mark = para_arena_mark(t->scratch);
    size_t size = 0;
    const char *why = NULL;
    char *bytes = para_file_read(from, FILE_MOST, t->scratch, &size, &why);
    bool good = bytes && para_file_write(to, bytes, size, t->scratch, &why);
    if (!good)
        *out_error = para_arena_printf(t->arena, "an episode cannot be taken into the run: %s", why);
    para_arena_rewind(t->scratch, mark);
    return good;
}

/// Copies the episodes into the run, so that it is whole in itself; those that are there stay.
static bool bring(ParaTraining *t, const char *folder, const char **out_error)
{
    if (t->def.from_count == 0)
        return true;
    if (!para_folder_make(folder, t->arena, out_error))
        return false;
    for (int i = 0; i < t->def.from_count && i < t->def.demos; i++) {
        const char *to = para_arena_printf(t->arena, "%s/%05d.replay", folder, i);
        if (!para_file_exists(to) && !take(t, t->def.from[i], to, out_error))
            return false;
    }
    return true;
}

static float weight_now(const ParaTraining *t)
{
    return para_setting_fading(t->def.settings.from_weight, t->def.settings.from_fade,
                               para_training_progress(t));
}

static void tell_taken(ParaTraining *t, const ParaDemos *d)
{
    const char *text =
        para_arena_printf(t->arena, "imitates %d episodes, %d decisions", d->episodes, d->count);
    if (d->unsolved > 0)
        text =
            para_arena_printf(t->arena, "%s; left out %d that did not solve their level", text, d->unsolved);
    if (d->others > 0)
        text = para_arena_printf(t->arena, "%s; left out %d of other families", text, d->others);
    if (d->full)
        text = para_arena_printf(t->arena, "%s; others had no room", text);
    para_training_tell(t, text);
}

/// Plays episodes again for a layout. @return what is wrong with them; NULL: nothing
static const char *play(const ParaTrainDef *train, const char *const *files, int count, ParaObsSpec obs,
                        const char *family, ParaArena *arena, ParaDemos *out)
{
    const char *error = NULL;
    const ParaDemosDef def = {.obs = obs,
                              .family = para_obs_is_of_one_family(train->obs) ? family : NULL,
                              .discount = (float)train->settings.discount,
                              .fine = train->continuous,
                              .failed = train->settings.from_failed != 0,
                              .seed = para_seed_mix(train->seed, 11)};
    if (!para_demos_play(&def, files, count, arena, out, &error))
        return error;
    if (out->count >= PARA_IMITATE_LEAST)
        return NULL;
    return para_arena_printf(arena,
                             "of %d episodes to imitate, %d did not solve their level and %d are of another "
                             "family; the others have %d decisions, fewer than %d: give more%s%s",
                             out->files, out->unsolved, out->others, out->count, PARA_IMITATE_LEAST,
                             out->unsolved ? "; --from-failed 1 takes those that did not solve too" : "",
                             out->others ? "; --obs entities takes those of any family" : "");
}

const char *para_training_demos_problem(const ParaTrainDef *def, const char *family, ParaArena *arena)
{
    if (def->from_count == 0)
        return NULL;
    ParaDemos demos;
    ParaArenaMark mark = para_arena_mark(arena);
    const char *problem =
        play(def, def->from, def->from_count, para_obs_spec_globals(), family, arena, &demos);
    if (!problem)
        para_arena_rewind(arena, mark);
    return problem;
}

static const char *read_all(ParaTraining *t, const char *folder, ParaDemos *out)
{
    const char *error = NULL;
    int count = 0;
    const char *const *files = para_demos_list(&folder, 1, &count, t->arena, &error);
    if (!files || count < t->def.demos)
        return para_arena_printf(t->arena,
                                 "of %d episodes that it imitates %d are in %s; train anew with --from",
                                 t->def.demos, count, folder);
    return play(&t->def, files, count, para_policy_def(t->policy)->obs, t->families.names[0], t->arena, out);
}

bool para_training_open_demos(ParaTraining *t, const char **out_error)
{
    const char *folder = folder_of(t);
    if (t->def.demos == 0)
        return true;
    if (!para_training_agree(t, !t->run || bring(t, folder, out_error), out_error))
        return false;
    if (t->lessons > 0 && !(weight_now(t) > 0))
        return true;
    ParaTrainingDemos *d = PARA_NEW(t->arena, ParaTrainingDemos, 1);
    *out_error = read_all(t, folder, &d->all); // peers read the folder too, and learn the same from it
    if (!para_training_agree(t, *out_error == NULL, out_error))
        return false;
    d->rows = (ParaCloneRows){.count = d->all.count,
                              .obs = d->all.obs,
                              .action = d->all.action,
                              .channel_bits = d->all.channel_bits,
                              .negative_bits = d->all.negative_bits,
                              .value = d->all.earned,
                              .total = d->all.count,
                              .begins = d->all.begins};
    t->demos = d;
    if (t->lessons == 0)
        tell_taken(t, &d->all);
    return true;
}

static bool goes(void *context)
{
    const ParaTraining *t = context;
    return t->peers || !(t->def.stop && t->def.stop(t->def.stop_context)); // peers end their passes together
}

/// Few rows make small batches, so that a pass has some steps in it.
static int batch_of(int rows)
{
    int part = rows / STEPS_LEAST;
    return part > BATCH_MOST ? BATCH_MOST : part < BATCH_LEAST ? BATCH_LEAST : part;
}

/// What was earned may be far from what is usual; its loss is not to drown that of the actions.
static float value_weight(const ParaDemos *d)
{
    double square = 0;
    for (int i = 0; i < d->count; i++)
        square += (double)d->earned[i] * (double)d->earned[i];
    double mean = square / d->count;
    return mean > 2.0 ? (float)(1.0 / mean) : 0.5f;
}

void para_training_imitate(ParaTraining *t)
{
    ParaTrainingDemos *d = t->demos;
    if (!d || t->def.settings.from_passes == 0)
        return;
    float scale = para_ppo_reward_scale(t->ppo);
    for (int i = 0; i < d->all.count; i++)
        d->all.earned[i] *= scale;
    para_ppo_count_seen(t->ppo, d->all.obs, d->all.count);
    ParaImitateDef def = para_imitate_def_default();
    def.passes = t->def.settings.from_passes;
    def.clone.rate = (float)t->def.settings.from_rate;
    def.clone.value_weight = value_weight(&d->all);
    def.clone.batch = batch_of(d->all.count);
    def.clone.seed = para_seed_mix(t->def.seed, 12);
    ParaArena *arena = para_arena_create((size_t)1 << 20, IMITATE_MEMORY);
    if (!arena) {
        para_training_tell(t, "no memory to imitate them before it plays");
        return;
    }
    ParaImitated got = para_imitate(&def, t->policy, &d->rows, goes, t, arena);
    para_arena_destroy(arena);
    const char *stopped = got.stopped ? ", stopped" : "";
    if (got.passes > 0)
        para_training_tell(t, para_arena_printf(t->arena,
                                                "learned from them in %d pass%s%s: surprise at those set "
                                                "aside %.2f, before %.2f nat",
                                                got.passes, got.passes == 1 ? "" : "es", stopped, got.after,
                                                got.before));
    else
        para_training_tell(t, para_arena_printf(t->arena,
                                                "learned nothing from them before it plays%s: no pass "
                                                "foretold those set aside better (surprise %.2f nat); more "
                                                "episodes may",
                                                stopped, got.before));
}

void para_training_imitate_on(ParaTraining *t)
{
    if (t->demos)
        para_ppo_set_examples(t->ppo, &t->demos->rows, weight_now(t));
}
