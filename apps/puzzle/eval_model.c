// SPDX-License-Identifier: MIT
// What imagination is made of: a model that is taught on play at tasks of practice, and how far it is
// believed, which is learned there, too.
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/puzzle/eval.h"
#include "engine/base/clock.h"

#include <string.h>

#define SECONDS 8.0f // of an episode that are lived through: then most things lie
#define BELIEFS 128  // actions of either ending that are imagined to learn how far to believe

static void act_nothing(void *context, const ParaEnv *env, int8_t *actions)
{
    (void)context;
    memset(actions, 0, (size_t)env->level->player_count * PARA_CHANNELS);
}

/// Lives through an action. @return false: no memory, or nothing to be seen in it
static bool live_one(ParaEval *eval, ParaStore *store, ParaEnv *env, const ParaModelDef *model, int task,
                     int candidate, ParaRng *rng)
{
    ParaEpisodeLived lived = {.arena = para_arena_create((size_t)1 << 16, (size_t)256 << 20), .family = task};
    if (!lived.arena)
        return false;
    ParaDiagList list = para_diag_list(lived.arena, NULL, NULL);
    const ParaTemplate *t = para_template_load_file(eval->tasks[task].path, lived.arena, &list);
    const ParaLevel *level =
        t ? para_attempt_level(t, eval->tasks[task].actions[candidate], lived.arena, &list) : NULL;
    if (level && para_env_begin(env, level, "puzzle")) {
        int steps = para_model_physics_steps(model, &level->world);
        float all = SECONDS * level->world.rate / (float)steps;
        para_store_live(env, act_nothing, NULL, steps, SECONDS, (float)PARA_STORE_STEPS / all, rng, &lived);
    }
    if (lived.count == 0) {
        para_arena_destroy(lived.arena);
        return false;
    }
    para_store_add(store, &lived);
    return true;
}

/// Lives through actions by chance at all tasks of practice in turn.
static bool live(ParaEval *eval, ParaStore *store, const ParaModelDef *model)
{
    ParaWorldGroup *group = para_world_group_create(eval->def->solver, 1);
    ParaProgress progress = para_progress_begin("episodes of play", eval->def->quiet);
    ParaRng rng = para_rng_make(eval->def->seed, "puzzle play");
    ParaEnv env = {0};
    if (group)
        para_env_init(&env, para_world_at(group, 0), false);
    for (int episode = 0, t = 0; env.arena && episode < eval->def->episodes && para_interrupt_count() == 0;
         episode++) {
        do
            t = (t + 1) % eval->task_count;
        while (eval->tasks[t].test);
        live_one(eval, store, &env, model, t, (int)para_rng_int(&rng, 0, eval->def->candidates - 1), &rng);
        para_progress_show(&progress, episode + 1, eval->def->episodes);
    }
    para_progress_end(&progress);
    if (group) {
        para_env_destroy(&env);
        para_world_group_destroy(group);
    }
    if (store->steps == 0 && para_interrupt_count() == 0)
        eval->error = "nothing could be lived through";
    return store->steps > 0 && para_interrupt_count() == 0;
}

static bool watch(void *context, int64_t done, int64_t total, double error)
{
    (void)error;
    return para_progress_goes_on(context, done, total);
}

/// Keeps what was taught. Its card names no families: the tasks are files of the person's own.
static bool save(ParaEval *eval)
{
    const char *path = eval->def->save_model, *error = NULL;
    char *about = para_arena_printf(eval->arena, "{\"puzzles\":%d,\"episodes\":%d,\"moments\":%lld}",
                                    eval->practice_count, eval->def->episodes, (long long)eval->lived);
    if (path && !para_model_write(path, eval->model, about, eval->arena, &error))
        eval->error = error;
    return !eval->error;
}

static bool teach(ParaEval *eval)
{
    ParaModelDef def = para_model_def_default();
    ParaTeaching teaching = para_teaching_default();
    ParaStore store = para_store_create(eval->def->episodes + 2, eval->def->seed, eval->arena);
    ParaModel *model = para_model_create(&def, eval->def->seed, eval->arena);
    teaching.steps = eval->def->teach_steps;
    teaching.seed = eval->def->seed;
    teaching.threads = eval->def->threads;
    bool good = live(eval, &store, &def);
    eval->lived = store.steps;
    if (good) {
        ParaProgress progress = para_progress_begin("steps of teaching", eval->def->quiet);
        good = para_model_teach(model, &store, &teaching, watch, &progress, eval->arena);
        para_progress_end(&progress);
        if (!good && !eval->error)
            eval->error = "the model could not be taught: no memory";
    }
    para_store_destroy(&store);
    eval->model = model;
    return good && save(eval) && para_interrupt_count() == 0; // kept after Ctrl-C, too
}

// ---------------------------------------------------------------------------------------------

/// Actions of practice whose ending is known, as many that solve as not, by chance.
static int draw_known(ParaEval *eval, ParaWish *out)
{
    ParaRng rng = para_rng_make(eval->def->seed, "puzzle belief");
    int wanted[2] = {BELIEFS, BELIEFS}, count = 0, room = eval->task_count * eval->def->candidates, all = 0;
    ParaWish *known = PARA_NEW(eval->arena, ParaWish, room);
    for (int t = 0; t < eval->task_count; t++)
        for (int c = 0; c < eval->def->candidates && !eval->tasks[t].test; c++)
            if (eval->tasks[t].true_ones[c].outcome != PARA_ATTEMPT_WAITS)
                known[all++] = (ParaWish){t, c};
    for (int i = 0; i < all && (wanted[0] > 0 || wanted[1] > 0); i++) {
        int64_t other = para_rng_int(&rng, i, all - 1);
        ParaWish one = known[other];
        known[other] = known[i];
        bool solves = eval->tasks[one.task].true_ones[one.candidate].outcome == PARA_ATTEMPT_SOLVED;
        if (wanted[solves] > 0) {
            wanted[solves]--;
            out[count++] = one;
        }
    }
    return count;
}

static bool believe(ParaEval *eval)
{
    ParaWish *wishes = PARA_NEW(eval->arena, ParaWish, 2 * BELIEFS);
    int count = draw_known(eval, wishes);
    uint8_t *truly = PARA_NEW(eval->arena, uint8_t, count + 1);
    ParaVision *visions = PARA_NEW(eval->arena, ParaVision, count + 1);
    int64_t made = 0;
    if (!para_eval_make(eval, wishes, count, true, &made))
        return false;
    for (int i = 0; i < count; i++) {
        const ParaEvalTask *task = &eval->tasks[wishes[i].task];
        const ParaTried *one = &task->imagined[wishes[i].candidate];
        visions[i] =
            (ParaVision){one->outcome == PARA_ATTEMPT_SOLVED, (double)one->close, (double)one->doubt};
        truly[i] = task->true_ones[wishes[i].candidate].outcome == PARA_ATTEMPT_SOLVED;
        eval->believed[truly[i]][visions[i].solved]++;
    }
    para_puzzler_believe(visions, truly, count, eval->belief);
    return true;
}

bool para_eval_teach(ParaEval *eval)
{
    double begin = para_clock_cpu_seconds();
    const char *card = NULL, *error = NULL;
    bool good;
    if (eval->def->model) {
        eval->model = para_model_read(eval->def->model, eval->arena, &card, &error);
        if (!eval->model)
            eval->error = error;
        good = eval->model != NULL;
    } else {
        good = teach(eval);
    }
    good = good && believe(eval);
    eval->teach_cpu = para_clock_cpu_seconds() - begin;
    return good;
}
