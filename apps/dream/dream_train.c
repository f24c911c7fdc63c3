// SPDX-License-Identifier: MIT
// paracosm dream train: lives through levels, by random keys and by the run's player, then teaches.
#include "agents/batch/seeds.h"
#include "agents/foresight/foresight.h"
#include "agents/player/mind.h"
#include "agents/run/run_folder.h"
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define EPISODE_SECONDS 20.0f // of one that are lived through
#define KEEP            0.3f  // of its steps
#define STORE_ROOM      4000  // episodes: about 1.5 GB of 13 bodies each

typedef struct Wishes {
    const char *run, *out, *families;
    ParaModelDef model;
    ParaTeaching teaching;
    double hours, save;  ///< [h], [s] from saving to saving
    int64_t pixel_steps; ///< [frame] >= 0; 0: as many as is usual
    bool pixels, resume, quiet;
} Wishes;

/// Who acts: a player where there is one, else keys by chance.
typedef struct Actor {
    ParaRandomKeys keys;
    const ParaPolicy *policy; ///< NULL: none
    ParaMind *mind;           ///< of it
    bool plays;               ///< the player acts in this episode
} Actor;

static void act(void *context, const ParaEnv *env, int8_t *actions)
{
    Actor *a = context;
    if (!a->plays)
        para_acts_random(&a->keys, env, actions);
    else if (env->decisions == 0)
        para_mind_begin(a->mind);
    for (int p = 0; a->plays && p < env->level->player_count; p++)
        para_mind_act(a->mind, env, p, &a->keys.rng, actions + (size_t)p * PARA_CHANNELS, NULL);
}

typedef struct Living {
    ParaStore *store;
    const ParaFamilies *families;
    Actor *actor;
    const ParaModelDef *model;
} Living;

/// One episode into the store. @return false: the level cannot be played, or there is no memory
static bool live_one(void *context, ParaEnv *env, uint64_t draw)
{
    const Living *living = context;
    const ParaFamilies *families = living->families;
    ParaStore *store = living->store;
    Actor *actor = living->actor;
    ParaEpisodeLived lived = {.arena = para_arena_create((size_t)1 << 16, (size_t)256 << 20)};
    ParaPick pick = {.family = (int32_t)(draw % (uint64_t)families->count),
                     .seed = para_training_seed(para_rng_u64(&actor->keys.rng))};
    lived.family = pick.family;
    if (!lived.arena)
        return false;
    const ParaLevel *level = para_families_sample(families, &pick, "dream", lived.arena);
    actor->plays = actor->mind && draw % 2 == 1;
    env->fine = actor->plays && para_mind_is_fine(actor->mind);
    env->parts = actor->plays ? para_mind_parts(actor->mind) : 0;
    if (level && para_env_begin(env, level, "dream"))
        para_store_live(env, act, actor, para_model_physics_steps(living->model, &level->world),
                        EPISODE_SECONDS, KEEP, &actor->keys.rng, &lived);
    if (lived.count == 0) {
        para_arena_destroy(lived.arena);
        return false;
    }
    store->seconds += (double)env->world_steps / (double)level->world.rate;
    env->world_steps = 0;
    para_store_add(store, &lived);
    return true;
}

static bool live(const Wishes *w, const ParaFamilies *families, Actor *actor, ParaStore *store,
                 ParaSolverKind solver)
{
    Living living = {store, families, actor, &w->model};
    para_dream_live(solver, 3600.0 * w->hours, &store->seconds, w->quiet, families->count, live_one, &living);
    return store->steps > 0;
}

typedef struct Watching {
    const Wishes *wishes;
    const ParaFamilies *families;
    const ParaStore *store;
    const ParaModel *model;
    ParaDreamBefore before;
    ParaArena *scratch; ///< of a file that is written
    ParaProgress progress;
    double error, cpu, saved; ///< [m/s], [s] CPU time at first, [s] of the clock when it was saved last
    int64_t steps;            ///< [step] shown to each network
    bool warned;
} Watching;

/// What is told of it in its file. Its families stand as they are asked for: a name of the library, or a
/// path.
static char *about(const Watching *w)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "families");
    for (int i = 0; list && i < w->before.count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(w->before.families[i]));
    for (int i = 0; list && i < w->families->count; i++)
        if (!para_dream_was_taught(&w->before, w->families->texts[i].source))
            cJSON_AddItemToArray(list, cJSON_CreateString(w->families->texts[i].source));
    double cpu = para_clock_cpu_seconds() - w->cpu;
    cJSON_AddNumberToObject(json, "play_seconds", w->before.play_seconds + w->store->seconds);
    cJSON_AddNumberToObject(json, "lived_steps", (double)w->store->steps);
    cJSON_AddNumberToObject(json, "steps_each", w->before.steps_each + (double)w->steps);
    cJSON_AddNumberToObject(json, "cpu_seconds", w->before.cpu_seconds + cpu);
    cJSON_AddNumberToObject(json, "error", w->error);
    char *text = para_json_print(json, false);
    cJSON_Delete(json);
    return text;
}

/// @param out_why out, until the next one: why not
static bool save(Watching *w, const char **out_why)
{
    char *card = about(w);
    para_arena_clear(w->scratch);
    *out_why = "no memory";
    bool good = card && para_model_write(w->wishes->out, w->model, card, w->scratch, out_why);
    cJSON_free(card);
    if (good)
        w->saved = para_clock_seconds();
    return good;
}

/// Saves now and then, so that a full disk or a crash at the end takes no more than the last of it.
static bool watch(void *context, int64_t done, int64_t total, double error)
{
    Watching *w = context;
    const char *why = NULL;
    w->error = error;
    w->steps = done / w->wishes->model.members;
    para_progress_show(&w->progress, done, total);
    if (para_clock_seconds() - w->saved >= w->wishes->save && !save(w, &why)) {
        w->saved = para_clock_seconds(); // tried again after as long
        if (!w->warned)
            para_text_print(stderr, "note: not saved yet: %s; the teaching goes on, and tries again\n", why);
        w->warned = true;
    }
    return para_interrupt_count() == 0;
}

static int finish(Watching *w, ParaArena *arena)
{
    const char *why = NULL;
    if (!save(w, &why))
        return para_app_fail("dream train", "%s%s", why,
                             para_file_exists(w->wishes->out) ? ": --resume goes on with it" : "");
    const char *out = w->wishes->out;
    char line[160];
    para_text_format(line, sizeof line, "%s: %d networks, mean error %.3f m/s of mean motions", out,
                     w->model->def.members, w->error);
    puts(line);
    printf("  measure it:  %s dream measure %s\n", para_shell_program(), para_shell_word(out, arena));
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

static int teach(Wishes *w, const ParaFamilies *families, Actor *actor, ParaArena *arena)
{
    Watching watching = {.wishes = w, .families = families, .cpu = para_clock_cpu_seconds()};
    ParaModel *model = w->resume ? para_dream_resume(w->out, &w->model, &watching.before, arena)
                                 : para_model_create(&w->model, w->teaching.seed, arena);
    if (!model)
        return PARA_EXIT_FAILURE;
    // What goes on lives through other levels, in another order.
    uint64_t more = (uint64_t)watching.before.steps_each;
    w->teaching.seed = more ? para_seed_mix(w->teaching.seed, more) : w->teaching.seed;
    actor->keys.rng = para_rng_make(w->teaching.seed, "dream");
    ParaStore store = para_store_create(STORE_ROOM, w->teaching.seed, arena);
    bool any = live(w, families, actor, &store, para_player_solver(w->run, arena));
    if (!any && para_interrupt_count() == 0) {
        para_store_destroy(&store);
        return para_app_fail("dream train", "nothing could be lived through: no level lasts, or no memory");
    }
    if (para_interrupt_count() > 0) {
        para_store_destroy(&store);
        return para_dream_stopped_early(w->out);
    }
    if (!w->quiet)
        para_text_print(stderr, "lived through %.0f s of play; %lld moments of it are taught\n",
                        store.seconds, (long long)store.steps);
    watching.store = &store;
    watching.model = model;
    watching.scratch = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
    watching.saved = para_clock_seconds();
    watching.progress = para_progress_begin("steps", w->quiet);
    bool good = watching.scratch && para_model_teach(model, &store, &w->teaching, watch, &watching, arena);
    para_progress_end(&watching.progress);
    int code =
        good ? finish(&watching, arena)
             : para_app_fail("dream train",
                             "nothing was learned: all levels have more near shapes than there is room for "
                             "(try a smaller --reach), or no memory");
    if (watching.scratch)
        para_arena_destroy(watching.scratch);
    para_store_destroy(&store);
    return code;
}

static int teach_pixels(const Wishes *w, const ParaFamilies *families, Actor *actor, ParaArena *arena)
{
    ParaPixelsWish wish = {.families = families,
                           .out = w->out,
                           .teaching = para_pixel_teaching_default(),
                           .hours = w->hours,
                           .solver = para_player_solver(w->run, arena),
                           .acts = act,
                           .actor = actor,
                           .rng = &actor->keys.rng,
                           .plays = &actor->plays,
                           .has_player = actor->policy != NULL,
                           .save = w->save,
                           .quiet = w->quiet};
    if (w->pixel_steps > 0)
        wish.teaching.steps = w->pixel_steps;
    wish.teaching.threads = w->teaching.threads;
    wish.teaching.seed = w->teaching.seed;
    return para_dream_train_pixels(&wish, arena);
}

/// The run's newest player, where it has one.
static int find_actor(const Wishes *w, Actor *actor, ParaArena *arena)
{
    const char *note = NULL, *error = NULL;
    *actor = (Actor){.keys = {.rng = para_rng_make(w->teaching.seed, "dream")}};
    if (!w->run)
        return PARA_EXIT_OK;
    actor->policy = para_player_load_noted(w->run, arena, &note, &error);
    if (!actor->policy)
        return para_app_fail("dream train", "%s", error);
    if (note)
        fprintf(stderr, "note: %s\n", note);
    if (w->pixels && para_policy_is_fine(actor->policy))
        return para_app_fail("dream train",
                             "%s was trained with --continuous; a model of pixels dreams of keys, "
                             "which it does not press: leave out --run",
                             w->run);
    actor->mind = para_mind_create(actor->policy, arena);
    return PARA_EXIT_OK;
}

/// A training that keeps a model beside its player writes the same file, and would write over what is learned
/// here: the run is held then, for as long as this takes.
/// @param out_run out, NULL: nobody else writes the file   @return false, with the error told: it is in use
static bool hold_run(const Wishes *w, ParaArena *arena, ParaRun **out_run)
{
    const char *error = NULL;
    *out_run = NULL;
    ParaRun *run =
        w->run && para_run_exists(w->run, arena) ? para_run_open_read(w->run, arena, &error) : NULL;
    cJSON *config = run ? para_json_parse(para_run_config(run)) : NULL;
    bool shared = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(config, "model")) &&
                  strcmp(w->out, para_arena_printf(arena, "%s/model.safetensors", w->run)) == 0;
    cJSON_Delete(config);
    para_run_close(run);
    if (!shared)
        return true;
    *out_run = para_run_open(w->run, NULL, arena, &error);
    if (!*out_run)
        para_app_fail("dream train", "%s; or write another model, with --out", error);
    return *out_run != NULL;
}

static int begin(void *wishes, ParaArena *arena)
{
    Wishes *w = wishes;
    ParaFamilies families;
    Actor actor;
    const char *error = NULL;
    const char *name = w->pixels ? "pixels.safetensors" : w->run ? "model.safetensors" : "dream.safetensors";
    if (!w->out)
        w->out = w->run ? para_arena_printf(arena, "%s/%s", w->run, name) : name;
    if (!para_dream_families("dream train", w->run, w->families, arena, &families))
        return PARA_EXIT_FAILURE;
    int code = find_actor(w, &actor, arena);
    if (code != PARA_EXIT_OK)
        return code;
    if (!para_file_may_write(w->out, arena, &error))
        return para_app_fail("dream train", "--out: %s", error);
    for (int i = 0; i < families.count && actor.policy; i++)
        if (!para_player_knows(actor.policy, w->run, families.templates[i], arena, &error))
            return para_app_fail("dream train", "%s", error);
    ParaRun *run = NULL;
    if (!hold_run(w, arena, &run))
        return PARA_EXIT_FAILURE;
    para_interrupt_catch("stopping; what was learned is kept\n");
    code = w->pixels ? teach_pixels(w, &families, &actor, arena) : teach(w, &families, &actor, arena);
    para_run_close(run);
    return code;
}

int para_dream_train(int argc, char **argv)
{
    Wishes w = {
        .model = para_model_def_default(), .teaching = para_teaching_default(), .hours = 1.0, .save = 60};
    double noise = (double)w.teaching.noise, reach = (double)w.model.reach, steps = 0;
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &w.out, "FILE",
         "the model (default: model.safetensors in the run's folder, without a run dream.safetensors)", 0, 0,
         NULL},
        {"families", 0, PARA_OPTION_TEXT, &w.families, "A,B",
         "families or template files (default: those of the run, else the whole library)", 0, 0, NULL},
        {"hours", 0, PARA_OPTION_REAL, &w.hours, "N", "[h] of play that are lived through", 0.001, 1000,
         NULL},
        {"steps", 0, PARA_OPTION_REAL, &steps, "N",
         "moments that each network is shown (default 3e6); of pixels frames (default 1e5)", 1, 1e12, NULL},
        {"pixels", 0, PARA_OPTION_FLAG, &w.pixels, NULL,
         "a model of pictures of 64 x 64 instead, which knows no bodies (default FILE: pixels.safetensors)",
         0, 0, NULL},
        {"members", 0, PARA_OPTION_INT, &w.model.members, "N", "networks that are taught apart", 1,
         PARA_MODEL_MEMBERS_MAX, NULL},
        {"rounds", 0, PARA_OPTION_INT, &w.model.rounds, "N", "of messages in a step", 1,
         PARA_IMAGINE_ROUNDS_MAX, NULL},
        {"width", 0, PARA_OPTION_INT, &w.model.width, "N", "of a network", 1, 512, NULL},
        {"noise", 0, PARA_OPTION_REAL, &noise, "M", "[m] most that moments are shaken", 0, 1, NULL},
        {"alone", 0, PARA_OPTION_INT, &w.teaching.alone, "N",
         "most steps that half of what is shown goes on by the network's own; 0: none", 0,
         PARA_STORE_WINDOW - 1, NULL},
        {"reach", 0, PARA_OPTION_REAL, &reach, "M", "[m] shapes further apart do not touch in a step", 0.01,
         5, NULL},
        {"threads", 't', PARA_OPTION_INT, &w.teaching.threads, "N", "worker threads; 0: one per CPU", 0, 256,
         NULL},
        {"seed", 's', PARA_OPTION_SEED, &w.teaching.seed, "N", "of levels, keys and weights", 0, 0, NULL},
        {"resume", 0, PARA_OPTION_FLAG, &w.resume, NULL,
         "go on with the model that --out names, as it was made: so much more play, so many more steps", 0, 0,
         NULL},
        {"save-every", 0, PARA_OPTION_REAL, &w.save, "S", "[s] from saving to saving while it is taught", 0,
         86400, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &w.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "dream train",
        .usage = "[options] [RUN]",
        .about = "Lives through levels, half of the episodes by the player of RUN and half by random keys "
                 "(without\n"
                 "RUN all), and teaches a model what comes of a moment a thirtieth of a second later.",
        .options = options,
        .examples = "  paracosm dream train --families crate,rover --out dream.safetensors\n"
                    "  paracosm dream train runs/first\n"
                    "  paracosm dream train runs/first --hours 4 --steps 2e7 --members 5\n"
                    "  paracosm dream train --pixels --families swing --hours 0.5 --out pixels.safetensors\n"
                    "  paracosm dream train runs/first --resume --hours 1 --steps 1e6",
        .notes =
            "Ctrl-C ends the teaching and keeps what was learned; it is saved every minute besides. "
            "Before any\n"
            "of it nothing is written, and a model that is there stays.\n"
            "--resume keeps the networks' number, rounds, width and reach; their rate rises and falls anew.\n"
            "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C, the model kept",
        .operand_max = 1,
        .operand_name = "a run folder"};
    int count = 0, code = para_options_read(&command, argc, argv, &w.run, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (w.resume && w.pixels)
        return para_app_misused("dream train", "--resume goes on with a model of bodies; pixels begin anew");
    if (steps >= 1)
        w.teaching.steps = w.pixel_steps = (int64_t)steps;
    w.teaching.noise = (float)noise;
    w.model.reach = (float)reach;
    return para_dream_in_arena("dream train", begin, &w);
}
