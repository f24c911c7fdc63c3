// SPDX-License-Identifier: MIT
// World steps per second of envs on one scene: sampling, building, actuators, physics, reward and
// observation counted in, under random actions, against stock Chipmunk that steps the same levels with
// nothing around it. Both sides run in turns within one process, on one thread, and medians are compared,
// so that a slow moment of the machine meets both. Time is CPU time, so that neighbours cost less.
#include "agents/batch.h"
#include "apps/bench.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "bench/bare_chipmunk.h"
#include "engine/base/clock.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define BENCH_MEMORY_MAX ((size_t)8 << 30) // [byte]
#define TURNS_MAX        99
#define LEVELS_MAX       64 // different levels of the bare side; worlds share them in turn

typedef struct Bench {
    const char *scene;
    int worlds, turns;
    double turn_seconds; ///< [s] of CPU time per side and turn
    uint64_t seed;
    bool json;
    ParaArena *arena;
    ParaFamilies families;
    ParaWorkers *workers;
    ParaBatch *batch;
    int8_t *actions;  ///< [worlds, 8]
    ParaRng rng;      ///< of the actions
    int64_t episodes; ///< of the env side so far
    const ParaLevel *levels[LEVELS_MAX];
    int level_count;
    ParaBareScene **bare; ///< [worlds]
    int64_t *bare_age;    ///< [worlds] [step] since it was built
    int64_t bare_life;    ///< [step] until a bare world is built anew: the env's mean episode
} Bench;

static int read_wishes(Bench *bench, int argc, char **argv)
{
    const ParaOption options[] = {
        {"scene", 0, PARA_OPTION_TEXT, &bench->scene, "NAME", "family or template file", 0, 0, NULL},
        {"worlds", 'w', PARA_OPTION_INT, &bench->worlds, "N", "worlds side by side", 1, 8192, NULL},
        {"turns", 0, PARA_OPTION_INT, &bench->turns, "N", "turns of each side; medians are taken", 1,
         TURNS_MAX, NULL},
        {"seconds", 0, PARA_OPTION_REAL, &bench->turn_seconds, "N", "[s] of CPU time per side and turn", 0.01,
         60, NULL},
        {"seed", 's', PARA_OPTION_SEED, &bench->seed, "N", "of levels and actions", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &bench->json, NULL,
         "print solver, scene, worlds, steps_per_second, ns_per_step, bytes_per_world, bare_ratio", 0, 0,
         NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "bench step",
        .usage = "[options]",
        .about =
            "World steps per second on one thread, with everything an env does counted in, and the share\n"
            "of a bare Chipmunk loop's speed on the same levels (bare_ratio).",
        .options = options,
        .examples = "  paracosm bench step --scene walker --worlds 64\n"
                    "  for n in 1 64 1024; do paracosm bench step --scene walker --worlds $n --json; done",
        .notes =
            "The bare side drives motors and torques; for scenes with other actuators its motion differs.\n"
            "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_max = 0,
        .operand_name = ""};
    return para_options_read(&command, argc, argv, NULL, NULL);
}

// ---------------------------------------------------------------- the env's side

static void pick_next(void *context, int env, ParaRng *rng, ParaPick *out)
{
    (void)context;
    (void)env;
    *out = (ParaPick){.family = 0, .seed = para_rng_u64(rng) >> 1};
}

static void draw_actions(Bench *bench)
{
    for (int i = 0; i < bench->worlds * PARA_CHANNELS; i++)
        bench->actions[i] = (int8_t)para_rng_int(&bench->rng, -1, 1);
}

/// Steps all envs for a turn. @return world steps per second
static double env_turn(Bench *bench)
{
    int64_t before = para_batch_world_steps(bench->batch);
    double begin = para_clock_cpu_seconds(), now = begin;
    while (now - begin < bench->turn_seconds) {
        draw_actions(bench);
        para_batch_step(bench->batch, bench->workers, bench->actions);
        for (int i = 0; i < bench->worlds; i++)
            bench->episodes += bench->batch->terminated[i] | bench->batch->truncated[i];
        now = para_clock_cpu_seconds();
    }
    return (double)(para_batch_world_steps(bench->batch) - before) / (now - begin);
}

// ---------------------------------------------------------------- the bare side

/// Builds bare world i anew on the next level.
static bool renew(Bench *bench, int i)
{
    para_bare_destroy(bench->bare[i]);
    bench->bare[i] = para_bare_create(bench->levels[para_rng_int(&bench->rng, 0, bench->level_count - 1)]);
    bench->bare_age[i] = 0;
    return bench->bare[i] != NULL;
}

/// Steps all bare worlds for a turn; building is not counted. @return world steps per second, 0 on failure
static double bare_turn(Bench *bench)
{
    int skip = bench->levels[0]->frame_skip;
    int64_t steps = 0;
    double used = 0.0;
    while (used < bench->turn_seconds) {
        for (int i = 0; i < bench->worlds; i++)
            if (bench->bare_age[i] >= bench->bare_life && !renew(bench, i))
                return 0.0;
        double begin = para_clock_cpu_seconds();
        draw_actions(bench);
        for (int i = 0; i < bench->worlds; i++) {
            para_bare_act(bench->bare[i], bench->actions + (size_t)i * PARA_CHANNELS);
            for (int step = 0; step < skip; step++)
                para_bare_step(bench->bare[i]);
            bench->bare_age[i] += skip;
        }
        steps += (int64_t)skip * bench->worlds;
        used += para_clock_cpu_seconds() - begin;
    }
    return (double)steps / used;
}

/// Levels and first worlds of the bare side, at ages spread over an episode as those of a running batch are.
static bool prepare_bare(Bench *bench)
{
    bench->level_count = bench->worlds < LEVELS_MAX ? bench->worlds < 8 ? 8 : bench->worlds : LEVELS_MAX;
    for (int i = 0; i < bench->level_count; i++) {
        ParaPick pick = {.seed = para_seed_mix(bench->seed, (uint64_t)i) >> 1};
        bench->levels[i] = para_families_sample(&bench->families, &pick, "", bench->arena);
        if (!bench->levels[i])
            return false;
    }
    bench->bare = PARA_NEW(bench->arena, ParaBareScene *, bench->worlds);
    bench->bare_age = PARA_NEW(bench->arena, int64_t, bench->worlds);
    bench->bare_life = para_batch_world_steps(bench->batch) / (bench->episodes > 0 ? bench->episodes : 1);
    int64_t whole = (int64_t)((double)bench->levels[0]->seconds * (double)bench->levels[0]->world.rate);
    if (bench->bare_life < 8 || bench->bare_life > whole || bench->episodes == 0)
        bench->bare_life = whole;
    for (int i = 0; i < bench->worlds; i++) {
        if (!renew(bench, i))
            return false;
        bench->bare_age[i] = para_rng_int(&bench->rng, 0, bench->bare_life - 1);
    }
    return true;
}

// ---------------------------------------------------------------- both

static bool prepare(Bench *bench, const char **out_error)
{
    if (!para_families_load(&bench->families, &bench->scene, 1, bench->arena, out_error))
        return false;
    bench->rng = para_rng_make(bench->seed, "bench");
    bench->workers = para_workers_create(1);
    bench->actions = PARA_NEW(bench->arena, int8_t, (size_t)bench->worlds * PARA_CHANNELS);
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = bench->worlds,
                        .obs = para_obs_spec_entities(),
                        .families = &bench->families,
                        .next = pick_next,
                        .maker = "bench",
                        .seed = bench->seed};
    bench->batch = para_batch_create(&def, bench->arena);
    if (!bench->batch) {
        *out_error = "no memory for so many worlds; try fewer with --worlds";
        return false;
    }
    para_batch_reset(bench->batch, bench->workers);
    env_turn(bench); // warms caches, and gives the mean length of an episode
    if (prepare_bare(bench))
        return true;
    *out_error = "the scene cannot be built without the engine";
    return false;
}

static void clear(Bench *bench)
{
    for (int i = 0; bench->bare && i < bench->worlds; i++)
        para_bare_destroy(bench->bare[i]);
    if (bench->batch)
        para_batch_destroy(bench->batch);
    if (bench->workers)
        para_workers_destroy(bench->workers);
}

static double bytes_per_world(const Bench *bench)
{
    double sum = 0.0;
    for (int i = 0; i < bench->worlds; i++)
        sum += (double)para_world_bytes(bench->batch->envs[i].world);
    return sum / bench->worlds;
}

static int print(const Bench *bench, double rate, double bare_rate, double ratio)
{
    const char *solver = para_solver_name(para_world_group_solver(bench->batch->group));
    if (!bench->json) {
        printf("scene %s, solver %s, %d worlds, one thread\n", bench->scene, solver, bench->worlds);
        printf("  env    %10.0f world steps/s  (%.2f us per step, observation and reward counted in)\n", rate,
               1e6 / rate);
        printf("  bare   %10.0f world steps/s  (stock Chipmunk, nothing around it)\n", bare_rate);
        printf("  ratio  %10.3f\n  memory %10.0f bytes per world\n", ratio, bytes_per_world(bench));
        return PARA_EXIT_OK;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "solver", solver);
    cJSON_AddStringToObject(object, "scene", bench->scene);
    cJSON_AddNumberToObject(object, "worlds", bench->worlds);
    cJSON_AddNumberToObject(object, "steps_per_second", (double)(int64_t)rate);
    cJSON_AddNumberToObject(object, "ns_per_step", (double)(int64_t)(1e9 / rate));
    cJSON_AddNumberToObject(object, "bytes_per_world", (double)(int64_t)bytes_per_world(bench));
    cJSON_AddNumberToObject(object, "bare_ratio", (double)(int64_t)(ratio * 1000.0 + 0.5) / 1000.0);
    char *text = cJSON_Print(object);
    cJSON_Delete(object);
    if (!text)
        return para_app_fail("bench step", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static int measure(Bench *bench)
{
    double env[TURNS_MAX], bare[TURNS_MAX], ratio[TURNS_MAX];
    for (int turn = 0; turn < bench->turns; turn++) {
        env[turn] = env_turn(bench);
        bare[turn] = bare_turn(bench);
        if (bare[turn] <= 0.0)
            return para_app_fail("bench step", "no memory for the bare worlds");
        ratio[turn] = env[turn] / bare[turn];
        if (para_interrupt_count() > 0)
            return PARA_EXIT_INTERRUPTED;
    }
    return print(bench, para_bench_median(env, bench->turns), para_bench_median(bare, bench->turns),
                 para_bench_median(ratio, bench->turns));
}

int para_bench_step(int argc, char **argv)
{
    Bench bench = {.scene = "walker", .worlds = 64, .turns = 9, .turn_seconds = 0.25, .seed = 1};
    int code = read_wishes(&bench, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    const char *error = NULL;
    bench.arena = para_arena_create((size_t)1 << 20, BENCH_MEMORY_MAX);
    if (!bench.arena)
        return para_app_fail("bench step", "no memory");
    para_interrupt_catch(NULL);
    if (prepare(&bench, &error))
        code = measure(&bench);
    else
        code = para_app_fail("bench step", "%s", error);
    clear(&bench);
    para_arena_destroy(bench.arena);
    return code;
}
