// SPDX-License-Identifier: MIT
// Decisions per second of acting, stepping and learning together, by width of the network, on random
// levels of the library. No run folder and no maker: what is measured is the machine, not the lesson.
#include "agents/lesson/lesson.h"
#include "agents/player/collector.h"
#include "apps/apps.h"
#include "apps/bench/bench.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#define BENCH_MEMORY_MAX ((size_t)8 << 30) // [byte]
#define LESSONS_MAX      999
#define WIDTHS_MAX       8
#define FAMILIES_MAX     64

typedef struct Wishes {
    ParaTrainDef def;
    const char *families, *widths, *solver;
    int lessons;
    bool json;
} Wishes;

typedef struct Result {
    int width;
    double decisions_per_second, world_steps_per_second;
    double env, forward, update; ///< [1] shares of the CPU time
} Result;

static int read_wishes(Wishes *wishes, int argc, char **argv)
{
    const ParaOption options[] = {
        {"width", 0, PARA_OPTION_TEXT, &wishes->widths, "N,N", "units in a layer of the network", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &wishes->solver, "NAME",
         "lanes, chipmunk, or auto: lanes where a level fits it", 0, 0, para_app_solver_choices},
        {"lessons", 'l', PARA_OPTION_INT, &wishes->lessons, "N", "measured per width, after one to warm up",
         1, LESSONS_MAX, NULL},
        {"families", 0, PARA_OPTION_TEXT, &wishes->families, "A,B", "families (default: the whole library)",
         0, 0, NULL},
        {"envs", 0, PARA_OPTION_INT, &wishes->def.envs, "N", "worlds side by side", 1, 8192, NULL},
        {"horizon", 0, PARA_OPTION_INT, &wishes->def.horizon, "N", "decisions per world in a lesson", 4, 4096,
         NULL},
        {"threads", 't', PARA_OPTION_INT, &wishes->def.threads, "N", "worker threads; 0: one per CPU", 0, 256,
         NULL},
        {"json", 0, PARA_OPTION_FLAG, &wishes->json, NULL,
         "print solver and results: width, train_steps_per_second, world_steps_per_second, share {env, "
         "forward, update}",
         0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "bench train",
        .usage = "[options]",
        .about = "Decisions per second of the whole learning loop (a train step is one decision of one env,\n"
                 "acted, stepped and learned from), and where the time goes.",
        .options = options,
        .examples = "  paracosm bench train\n"
                    "  paracosm bench train --width 64,128,256 --json\n"
                    "  paracosm bench train --solver chipmunk --families walker --width 128",
        .notes = "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_max = 0,
        .operand_name = ""};
    return para_options_read(&command, argc, argv, NULL, NULL);
}

static void pick_next(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaFamilies *families = context;
    (void)env;
    *out = (ParaPick){.family = (int32_t)para_rng_int(rng, 0, families->count - 1),
                      .seed = para_rng_u64(rng) >> 1};
}

/// Lessons of rollout and update; rates are medians, shares are sums. @return false if stopped
static bool run_lessons(ParaCollector *collector, ParaPpo *ppo, ParaBatch *batch, ParaWorkers *workers,
                        int lessons, Result *out)
{
    double rates[LESSONS_MAX], env = 0.0, forward = 0.0, update = 0.0;
    double decisions = (double)para_ppo_def(ppo)->envs * para_ppo_def(ppo)->horizon;
    int64_t steps_before = 0;
    double wall = 0.0;
    for (int lesson = -1; lesson < lessons; lesson++) { // the first only warms up
        double begin = para_clock_seconds();
        para_collect(collector);
        double middle = para_clock_seconds();
        para_ppo_update(ppo);
        double end = para_clock_seconds();
        if (para_interrupt_count() > 0)
            return false;
        if (lesson < 0) {
            steps_before = para_batch_world_steps(batch);
            continue;
        }
        ParaCollectTime time = para_collect_time(collector);
        rates[lesson] = decisions / (end - begin);
        env += time.env;
        forward += time.forward;
        update += (end - middle) * para_workers_count(workers);
        wall += end - begin;
    }
    double total = env + forward + update;
    out->decisions_per_second = para_bench_median(rates, lessons);
    out->world_steps_per_second = (double)(para_batch_world_steps(batch) - steps_before) / wall;
    out->env = env / total, out->forward = forward / total, out->update = update / total;
    return true;
}

/// One width. @return PARA_OPTIONS_GO or an exit code
static int measure(const Wishes *wishes, const ParaFamilies *families, ParaWorkers *workers, Result *out)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, BENCH_MEMORY_MAX);
    if (!arena)
        return para_app_fail("bench train", "no memory");
    ParaPolicyDef def = para_policy_def_default(para_obs_spec_entities());
    def.width = out->width;
    ParaPolicy *policy = para_policy_create(&def, 1, arena);
    ParaPpoDef learner = para_train_learner(&wishes->def);
    ParaPpo *ppo = para_ppo_create(&learner, policy, 2, workers, arena);
    ParaBatchDef batch_def = {.solver = para_app_solver(wishes->solver, PARA_SOLVER_AUTO),
                              .envs = wishes->def.envs,
                              .obs = def.obs,
                              .families = families,
                              .next = pick_next,
                              .next_context = (void *)(uintptr_t)families,
                              .maker = "bench",
                              .seed = 3,
                              .recording = true};
    ParaBatch *batch = para_batch_create(&batch_def, arena);
    int code = PARA_OPTIONS_GO;
    if (!batch) {
        code = para_app_fail("bench train", "no memory for so many worlds; try fewer with --envs");
    } else {
        ParaCollector *collector = para_collector_create(batch, ppo, policy, workers, arena);
        para_batch_reset(batch, workers);
        if (!run_lessons(collector, ppo, batch, workers, wishes->lessons, out))
            code = PARA_EXIT_INTERRUPTED;
        para_batch_destroy(batch);
    }
    para_arena_destroy(arena);
    return code;
}

static int print(const Wishes *wishes, const Result *results, int count)
{
    if (!wishes->json) {
        printf("%6s %14s %14s %8s %8s %8s\n", "width", "decisions/s", "world steps/s", "env", "forward",
               "update");
        for (int i = 0; i < count; i++)
            para_text_print(stdout, "%6d %14.0f %14.0f %6.0f %% %6.0f %% %6.0f %%\n", results[i].width,
                            results[i].decisions_per_second, results[i].world_steps_per_second,
                            100 * results[i].env, 100 * results[i].forward, 100 * results[i].update);
        return PARA_EXIT_OK;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "solver", wishes->solver);
    cJSON *list = cJSON_AddArrayToObject(object, "results");
    for (int i = 0; i < count; i++) {
        cJSON *result = cJSON_CreateObject(), *share = cJSON_CreateObject();
        cJSON_AddNumberToObject(result, "width", results[i].width);
        cJSON_AddNumberToObject(result, "train_steps_per_second",
                                (double)(int64_t)results[i].decisions_per_second);
        cJSON_AddNumberToObject(result, "world_steps_per_second",
                                (double)(int64_t)results[i].world_steps_per_second);
        cJSON_AddNumberToObject(share, "env", results[i].env);
        cJSON_AddNumberToObject(share, "forward", results[i].forward);
        cJSON_AddNumberToObject(share, "update", results[i].update);
        cJSON_AddItemToObject(result, "share", share);
        cJSON_AddItemToArray(list, result);
    }
    char *text = para_json_print(object, true);
    cJSON_Delete(object);
    if (!text)
        return para_app_fail("bench train", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

/// "64,128" into results. @return count, -1 if one is no sensible width
static int read_widths(const char *text, Result *results)
{
    char store[128];
    const char *words[WIDTHS_MAX];
    int count = para_options_split(text, store, sizeof store, words, WIDTHS_MAX);
    for (int i = 0; i < count; i++) {
        char extra = 0;
        if (sscanf(words[i], "%d%c", &results[i].width, &extra) != 1 || results[i].width < 16 ||
            results[i].width > 1024)
            return -1;
    }
    return count;
}

int para_bench_train(int argc, char **argv)
{
    Wishes wishes = {.def = para_train_def_default(), .widths = "64,128", .solver = "auto", .lessons = 7};
    wishes.def.envs = 256; // whatever the families: rates are compared with each other
    wishes.def.horizon = 64;
    Result results[WIDTHS_MAX] = {0};
    const char *names[FAMILIES_MAX], *error = NULL;
    char store[4096];
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    int count = read_widths(wishes.widths, results), named = 0;
    if (count <= 0)
        return para_app_misused(
            "bench train", "--width needs 1 to %d numbers of 16 to 1024, set apart by commas; got \"%s\"",
            WIDTHS_MAX, wishes.widths);
    if (wishes.families &&
        (named = para_options_split(wishes.families, store, sizeof store, names, FAMILIES_MAX)) <= 0)
        return para_app_misused("bench train", "--families needs 1 to %d names, set apart by commas",
                                FAMILIES_MAX);
    ParaArena *arena = para_arena_create((size_t)1 << 20, BENCH_MEMORY_MAX);
    if (!arena)
        return para_app_fail("bench train", "no memory");
    ParaFamilies families;
    ParaWorkers *workers = para_workers_create(wishes.def.threads);
    para_interrupt_catch(NULL);
    if (!para_families_load(&families, names, named, arena, &error))
        code = para_app_fail("bench train", "%s", error);
    for (int i = 0; i < count && code == PARA_OPTIONS_GO; i++)
        code = measure(&wishes, &families, workers, &results[i]);
    if (code == PARA_OPTIONS_GO)
        code = print(&wishes, results, count);
    para_workers_destroy(workers);
    para_arena_destroy(arena);
    return code;
}
