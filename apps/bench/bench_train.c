// SPDX-License-Identifier: MIT
// Decisions per second of acting, stepping and learning together, by network and number of threads; what a
// decision costs in floating-point operations, how near that comes to what the processor can, and where the
// time goes.
#include "apps/apps.h"
#include "apps/bench/bench.h"
#include "apps/bench/bench_learner.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "engine/base/platform.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define WIDTHS_MAX  8
#define THREADS_MAX 4
#define ROWS_MAX    (2 * WIDTHS_MAX)

typedef struct Wishes {
    ParaTrainDef def;
    const char *families, *widths, *solver, *obs, *threads;
    int lessons;
    bool json;
} Wishes;

/// What is measured: each network with each number of threads.
typedef struct Plan {
    ParaBenchNetwork networks[ROWS_MAX];
    int network_count;
    int threads[THREADS_MAX]; ///< all different
    int thread_count;
    double peak[THREADS_MAX]; ///< [FLOP/s]
} Plan;

/// One network with one number of threads.
typedef struct Result {
    const ParaBenchNetwork *network;
    int threads;
    double decisions, world_steps; ///< [1/s]
    double cpu;                    ///< [1/s] decisions per second of CPU time
    double speedup;                ///< [1] over the first number of threads
    double flop;                   ///< [FLOP] of a decision
    double peak_share;             ///< [1] of what products alone would do
    ParaBenchShare share;          ///< [1] of the threads' time
} Result;

static const char *const obs_choices[] = {"entities", "vector", NULL};

static int read_wishes(Wishes *wishes, int argc, char **argv)
{
    const ParaOption options[] = {
        {"obs", 0, PARA_OPTION_CHOICE, &wishes->obs, "KIND",
         "what the network sees: entities, or vector of one family", 0, 0, obs_choices},
        {"width", 0, PARA_OPTION_TEXT, &wishes->widths, "N,N", "units in a layer of the network", 0, 0, NULL},
        {"recurrent", 0, PARA_OPTION_FLAG, &wishes->def.recurrent, NULL, "with a core that remembers", 0, 0,
         NULL},
        {"continuous", 0, PARA_OPTION_FLAG, &wishes->def.continuous, NULL, "with fine actions", 0, 0, NULL},
        {"value-bins", 0, PARA_OPTION_FLAG, &wishes->def.value_bins, NULL,
         "with a value that is a distribution", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &wishes->solver, "NAME",
         "lanes, chipmunk, or auto: lanes where a level fits it", 0, 0, para_app_solver_choices},
        {"lessons", 'l', PARA_OPTION_INT, &wishes->lessons, "N", "measured of each, after one to warm up", 1,
         PARA_BENCH_LESSONS_MAX, NULL},
        {"families", 0, PARA_OPTION_TEXT, &wishes->families, "A,B", "families (default: the whole library)",
         0, 0, NULL},
        {"envs", 0, PARA_OPTION_INT, &wishes->def.envs, "N", "worlds side by side", 1, 8192, NULL},
        {"horizon", 0, PARA_OPTION_INT, &wishes->def.horizon, "N", "decisions per world in a lesson", 4, 4096,
         NULL},
        {"threads", 't', PARA_OPTION_TEXT, &wishes->threads, "N,N",
         "numbers of worker threads, measured in turns; 0: one per CPU", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &wishes->json, NULL,
         "print solver, peaks {threads, flop_per_second} and results: network, families, width, threads, "
         "train_steps_per_second, world_steps_per_second, train_steps_per_cpu_second, speedup, "
         "flop_per_train_step, peak_share, share {env, forward, update, idle}",
         0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "bench train",
        .usage = "[options]",
        .about =
            "Decisions per second of the whole learning loop (a train step is one decision of one env,\n"
            "acted, stepped and learned from), what one costs, and where the time goes. Without --obs, "
            "--width\n"
            "and --families two networks are measured: vector-64 on lander and entities-128 on walker. The\n"
            "floating-point operations of a train step are told from the layers' shapes; the peak they are\n"
            "held against are large matrix products, measured in the same run on as many threads.",
        .options = options,
        .examples = "  paracosm bench train\n"
                    "  paracosm bench train --width 64,128,256 --threads 1 --json\n"
                    "  paracosm bench train --obs vector --families lander --width 64 --threads 1,2\n"
                    "  paracosm bench train --recurrent --lessons 3\n"
                    "  paracosm bench train --solver chipmunk --families walker --width 128",
        .notes = "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_max = 0,
        .operand_name = ""};
    return para_options_read(&command, argc, argv, NULL, NULL);
}

/// "64,128" into numbers within low..high. @return count, -1 if one is no such number
static int read_numbers(const char *text, int low, int high, int *out, int max)
{
    char store[128];
    const char *words[WIDTHS_MAX];
    int count = para_options_split(text, store, sizeof store, words, max);
    for (int i = 0; i < count; i++) {
        char extra = 0;
        if (sscanf(words[i], "%d%c", &out[i], &extra) != 1 || out[i] < low || out[i] > high)
            return -1;
    }
    return count;
}

static void add_network(Plan *plan, const Wishes *wishes, ParaObsKind obs, int width, const char *families)
{
    const ParaTrainDef *def = &wishes->def;
    ParaBenchNetwork *network = &plan->networks[plan->network_count++];
    *network = (ParaBenchNetwork){.obs = obs, .width = width, .families = families};
    para_text_format(network->name, sizeof network->name, "%s-%d%s%s%s", para_obs_kind_name(obs), width,
                     def->recurrent ? "-recurrent" : "", def->continuous ? "-continuous" : "",
                     def->value_bins ? "-bins" : "");
}

static int plan_networks(Plan *plan, const Wishes *wishes)
{
    int widths[WIDTHS_MAX];
    if (!wishes->obs && !wishes->widths && !wishes->families) {
        add_network(plan, wishes, PARA_OBS_VECTOR, 64, "lander");
        add_network(plan, wishes, PARA_OBS_ENTITIES, 128, "walker");
        return PARA_OPTIONS_GO;
    }
    ParaObsKind obs = wishes->obs && strcmp(wishes->obs, "vector") == 0 ? PARA_OBS_VECTOR : PARA_OBS_ENTITIES;
    const char *text = wishes->widths ? wishes->widths : "64,128";
    int count = read_numbers(text, 16, 1024, widths, WIDTHS_MAX);
    if (count <= 0)
        return para_app_misused(
            "bench train", "--width needs 1 to %d numbers of 16 to 1024, set apart by commas; got \"%s\"",
            WIDTHS_MAX, text);
    if (obs == PARA_OBS_VECTOR && (!wishes->families || strchr(wishes->families, ',')))
        return para_app_misused("bench train", "a vector is of one family: name it with --families");
    for (int i = 0; i < count; i++)
        add_network(plan, wishes, obs, widths[i], wishes->families);
    return PARA_OPTIONS_GO;
}

/// Numbers of threads, each once.
static int plan_threads(Plan *plan, const char *text)
{
    int numbers[THREADS_MAX], count = read_numbers(text, 0, 256, numbers, THREADS_MAX);
    if (count <= 0)
        return para_app_misused(
            "bench train", "--threads needs 1 to %d numbers of 0 to 256, set apart by commas; got \"%s\"",
            THREADS_MAX, text);
    for (int i = 0; i < count; i++) {
        int threads = numbers[i] > 0 ? numbers[i] : para_cpu_count();
        bool known = false;
        for (int k = 0; k < plan->thread_count; k++)
            known = known || plan->threads[k] == threads;
        if (!known)
            plan->threads[plan->thread_count++] = threads;
    }
    return PARA_OPTIONS_GO;
}

/// Peaks of each number of threads.
static bool measure_peaks(Plan *plan)
{
    for (int i = 0; i < plan->thread_count; i++) {
        ParaWorkers *workers = para_workers_create(plan->threads[i]);
        plan->peak[i] = workers ? para_bench_peak(workers) : 0.0;
        para_workers_destroy(workers);
        if (!(plan->peak[i] > 0.0))
            return false;
    }
    return true;
}

static Result result_of(ParaBenchLearner *learner, double peak, double first)
{
    const ParaPpoDef *def = para_ppo_def(learner->ppo);
    double all = (double)def->envs * def->horizon * learner->lessons;
    double flop = para_bench_learner_flop(learner),
           rate = para_bench_median(learner->rates, learner->lessons);
    double total = learner->wall * para_workers_count(learner->workers);
    const ParaBenchShare *s = &learner->share;
    return (Result){.network = learner->network,
                    .threads = para_workers_count(learner->workers),
                    .decisions = rate,
                    .world_steps = (double)learner->world_steps / learner->wall,
                    .cpu = all / learner->cpu,
                    .speedup = first > 0.0 ? rate / first : 1.0,
                    .flop = flop,
                    .peak_share = rate * flop / peak,
                    .share = {s->env / total, s->forward / total, s->update / total, s->idle / total}};
}

/// One network with each number of threads, a lesson of each in turns, so that a machine that grows slower
/// does so for all. @return PARA_OPTIONS_GO or an exit code
static int measure(const Wishes *wishes, const Plan *plan, const ParaBenchNetwork *network, Result *out)
{
    static ParaBenchLearner learners[THREADS_MAX];
    const char *error = NULL;
    int code = PARA_OPTIONS_GO, made = 0;
    ParaSolverKind solver = para_app_solver(wishes->solver, PARA_SOLVER_AUTO);
    for (; made < plan->thread_count && code == PARA_OPTIONS_GO; made++)
        if (!para_bench_learner_make(&learners[made], network, &wishes->def, solver, plan->threads[made],
                                     &error))
            code = para_app_fail("bench train", "%s", error);
    for (int lesson = -1; lesson < wishes->lessons && code == PARA_OPTIONS_GO; lesson++)
        for (int i = 0; i < made && code == PARA_OPTIONS_GO; i++) {
            para_bench_learner_run(&learners[i], lesson >= 0);
            if (para_interrupt_count() > 0)
                code = PARA_EXIT_INTERRUPTED;
        }
    for (int i = 0; i < made && code == PARA_OPTIONS_GO; i++)
        out[i] = result_of(&learners[i], plan->peak[i], i > 0 ? out[0].decisions : 0.0);
    for (int i = 0; i < made; i++)
        para_bench_learner_destroy(&learners[i]);
    return code;
}

static int print_table(const Plan *plan, const Result *results, int count)
{
    printf("%-26s %7s %12s %8s %12s %14s %10s %6s %6s %8s %7s %6s\n", "network", "threads", "decisions/s",
           "speedup", "per CPU s", "world steps/s", "FLOP", "peak", "env", "forward", "update", "idle");
    for (int i = 0; i < count; i++) {
        const Result *r = &results[i];
        para_text_print(
            stdout,
            "%-26s %7d %12.0f %8.2f %12.0f %14.0f %10.0f %4.0f %% %4.0f %% %6.0f %% %5.0f %% %4.0f %%\n",
            r->network->name, r->threads, r->decisions, r->speedup, r->cpu, r->world_steps, r->flop,
            100 * r->peak_share, 100 * r->share.env, 100 * r->share.forward, 100 * r->share.update,
            100 * r->share.idle);
    }
    for (int i = 0; i < plan->thread_count; i++)
        para_text_print(stdout, "peak of matrix products, %d thread%s: %.1f GFLOP/s\n", plan->threads[i],
                        plan->threads[i] == 1 ? "" : "s", plan->peak[i] / 1e9);
    return PARA_EXIT_OK;
}

static cJSON *result_json(const Result *r)
{
    cJSON *result = cJSON_CreateObject(), *share = cJSON_CreateObject();
    cJSON_AddStringToObject(result, "network", r->network->name);
    cJSON_AddStringToObject(result, "families", r->network->families ? r->network->families : "");
    cJSON_AddNumberToObject(result, "width", r->network->width);
    cJSON_AddNumberToObject(result, "threads", r->threads);
    cJSON_AddNumberToObject(result, "train_steps_per_second", (double)(int64_t)r->decisions);
    cJSON_AddNumberToObject(result, "world_steps_per_second", (double)(int64_t)r->world_steps);
    cJSON_AddNumberToObject(result, "train_steps_per_cpu_second", (double)(int64_t)r->cpu);
    cJSON_AddNumberToObject(result, "speedup", r->speedup);
    cJSON_AddNumberToObject(result, "flop_per_train_step", (double)(int64_t)r->flop);
    cJSON_AddNumberToObject(result, "peak_share", r->peak_share);
    cJSON_AddNumberToObject(share, "env", r->share.env);
    cJSON_AddNumberToObject(share, "forward", r->share.forward);
    cJSON_AddNumberToObject(share, "update", r->share.update);
    cJSON_AddNumberToObject(share, "idle", r->share.idle);
    cJSON_AddItemToObject(result, "share", share);
    return result;
}

static int print_json(const Plan *plan, const char *solver, const Result *results, int count)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "solver", solver);
    cJSON *peaks = cJSON_AddArrayToObject(object, "peaks");
    for (int i = 0; i < plan->thread_count; i++) {
        cJSON *peak = cJSON_CreateObject();
        cJSON_AddNumberToObject(peak, "threads", plan->threads[i]);
        cJSON_AddNumberToObject(peak, "flop_per_second", (double)(int64_t)plan->peak[i]);
        cJSON_AddItemToArray(peaks, peak);
    }
    cJSON *list = cJSON_AddArrayToObject(object, "results");
    for (int i = 0; i < count; i++)
        cJSON_AddItemToArray(list, result_json(&results[i]));
    char *text = para_json_print(object, true);
    cJSON_Delete(object);
    if (!text)
        return para_app_fail("bench train", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

int para_bench_train(int argc, char **argv)
{
    Wishes wishes = {.def = para_train_def_default(), .solver = "auto", .threads = "1,0", .lessons = 7};
    wishes.def.envs = 256; // whatever the families: rates are compared with each other
    wishes.def.horizon = 64;
    static Plan plan;
    static Result results[ROWS_MAX * THREADS_MAX];
    plan = (Plan){.network_count = 0};
    int code = read_wishes(&wishes, argc, argv), count = 0;
    code = code == PARA_OPTIONS_GO ? plan_networks(&plan, &wishes) : code;
    code = code == PARA_OPTIONS_GO ? plan_threads(&plan, wishes.threads) : code;
    if (code != PARA_OPTIONS_GO)
        return code;
    para_interrupt_catch(NULL);
    if (!measure_peaks(&plan))
        return para_app_fail("bench train", "no memory");
    for (int i = 0; i < plan.network_count && code == PARA_OPTIONS_GO; i++, count += plan.thread_count)
        code = measure(&wishes, &plan, &plan.networks[i], &results[count]);
    if (code != PARA_OPTIONS_GO)
        return code;
    return wishes.json ? print_json(&plan, wishes.solver, results, count)
                       : print_table(&plan, results, count);
}
