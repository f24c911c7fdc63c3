// SPDX-License-Identifier: MIT
// A learner that is measured: made, run for a lesson, and what a decision of it costs.
#include "apps/bench/bench_learner.h"

#include "agents/net/net.h"
#include "apps/options.h"
#include "engine/base/clock.h"

#define MEMORY_MAX   ((size_t)8 << 30) // [byte]
#define FAMILIES_MAX 64
#define PEAK_SECONDS 0.2 // [s]

static void pick_next(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaFamilies *families = context;
    (void)env;
    *out = (ParaPick){.family = (int32_t)para_rng_int(rng, 0, families->count - 1),
                      .seed = para_rng_u64(rng) >> 1};
}

static bool load_families(ParaBenchLearner *learner, const char **out_error)
{
    static char store[4096];
    const char *names[FAMILIES_MAX];
    int count = 0;
    if (learner->network->families)
        count = para_options_split(learner->network->families, store, sizeof store, names, FAMILIES_MAX);
    if (count < 0) {
        *out_error = "--families needs 1 to 64 names, set apart by commas";
        return false;
    }
    return para_families_load(&learner->families, names, count, learner->arena, out_error);
}

bool para_bench_learner_make(ParaBenchLearner *learner, const ParaBenchNetwork *network,
                             const ParaTrainDef *def, ParaSolverKind solver, int threads,
                             const char **out_error)
{
    *learner = (ParaBenchLearner){.network = network};
    learner->arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    learner->workers = para_workers_create(threads);
    *out_error = "no memory";
    if (!learner->arena || !learner->workers || !load_families(learner, out_error))
        return false;
    ParaPolicyDef policy = para_policy_def_default(
        network->obs == PARA_OBS_VECTOR ? para_families_vector(&learner->families, 0, learner->arena)
                                        : para_obs_spec_entities());
    policy.width = network->width;
    policy.core = def->recurrent ? PARA_CORE_MINGRU : PARA_CORE_NONE;
    policy.head = def->continuous ? PARA_HEAD_FINE : PARA_HEAD_LEVELS;
    policy.bins = def->value_bins;
    learner->policy = para_policy_create(&policy, 1, learner->arena);
    ParaPpoDef ppo = para_train_learner(def);
    learner->ppo = para_ppo_create(&ppo, learner->policy, 2, learner->workers, learner->arena);
    ParaBatchDef batch = {.solver = solver,
                          .envs = def->envs,
                          .fine = def->continuous,
                          .obs = policy.obs,
                          .families = &learner->families,
                          .next = pick_next,
                          .next_context = &learner->families,
                          .maker = "bench",
                          .seed = 3,
                          .recording = true};
    learner->batch = para_batch_create(&batch, learner->arena);
    *out_error = "no memory for so many worlds; try fewer with --envs";
    if (!learner->batch)
        return false;
    learner->collector = para_collector_create(learner->batch, learner->ppo, learner->policy,
                                               learner->workers, learner->arena);
    para_batch_reset(learner->batch, learner->workers);
    return true;
}

void para_bench_learner_destroy(ParaBenchLearner *learner)
{
    if (learner->batch)
        para_batch_destroy(learner->batch);
    para_workers_destroy(learner->workers);
    if (learner->arena)
        para_arena_destroy(learner->arena);
    *learner = (ParaBenchLearner){.network = learner->network};
}

static double decisions_of(const ParaBenchLearner *learner)
{
    const ParaPpoDef *def = para_ppo_def(learner->ppo);
    return (double)def->envs * def->horizon;
}

/// Live entity rows in what was seen.
static double count_rows(const ParaBenchLearner *learner)
{
    const ParaObsSpec *spec = &para_policy_def(learner->policy)->obs;
    const float *one = para_ppo_rollout(learner->ppo)->obs;
    int64_t live = 0, decisions = (int64_t)decisions_of(learner);
    for (int64_t i = 0; i < decisions; i++, one += spec->size)
        for (int r = 0; r < spec->row_max; r++)
            live += one[spec->size - spec->row_max + r] > 0.5f;
    return (double)live;
}

void para_bench_learner_run(ParaBenchLearner *learner, bool counted)
{
    int threads = para_workers_count(learner->workers);
    int64_t steps = para_batch_world_steps(learner->batch);
    ParaWorkersTime before = para_workers_time(learner->workers);
    double cpu = para_clock_cpu_seconds(), begin = para_clock_seconds();
    para_collect(learner->collector);
    para_ppo_update(learner->ppo);
    double end = para_clock_seconds(), wall = end - begin;
    if (!counted)
        return;
    ParaWorkersTime after = para_workers_time(learner->workers);
    ParaCollectTime played = para_collect_time(learner->collector);
    // What the calling thread does outside of tasks is work too; the others wait meanwhile.
    double work = after.busy - before.busy + (wall - (after.run - before.run));
    learner->cpu += para_clock_cpu_seconds() - cpu;
    learner->wall += wall;
    learner->rates[learner->lessons++] = decisions_of(learner) / wall;
    learner->world_steps += para_batch_world_steps(learner->batch) - steps;
    learner->rows += count_rows(learner);
    learner->share.env += played.env;
    learner->share.forward += played.forward;
    learner->share.update += work - played.env - played.forward;
    learner->share.idle += wall * threads - work;
}

double para_bench_learner_flop(const ParaBenchLearner *learner)
{
    const ParaPpoDef *def = para_ppo_def(learner->ppo);
    double rows = learner->rows / (decisions_of(learner) * (learner->lessons > 0 ? learner->lessons : 1));
    ParaPolicyFlop flop = para_policy_flop(para_policy_def(learner->policy), rows);
    double played = 1.0 + 1.0 / def->horizon; // what comes after the last decision is valued, too
    return played * flop.forward + def->epochs * (flop.forward + flop.backward);
}

// ---------------------------------------------------------------------------------------------
// The peak.

#define SCRATCH (3 * PARA_NET_PEAK_SIDE * PARA_NET_PEAK_SIDE)

typedef struct Peaks {
    float *scratch; ///< [tasks, SCRATCH]
    double *rates;  ///< [tasks]
} Peaks;

static void measure_peak(void *context, int task, int worker)
{
    const Peaks *peaks = context;
    (void)worker;
    peaks->rates[task] = para_net_measure_peak(PEAK_SECONDS, peaks->scratch + (size_t)task * SCRATCH);
}

double para_bench_peak(ParaWorkers *workers)
{
    int count = para_workers_count(workers);
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    double sum = 0.0;
    if (!arena)
        return 0.0;
    para_net_ready();
    Peaks peaks = {PARA_NEW(arena, float, (size_t)count *SCRATCH), PARA_NEW(arena, double, count)};
    para_workers_run(workers, measure_peak, &peaks, count);
    for (int i = 0; i < count; i++)
        sum += peaks.rates[i];
    para_arena_destroy(arena);
    return sum;
}
