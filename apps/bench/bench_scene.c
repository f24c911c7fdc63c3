// SPDX-License-Identifier: MIT
// The pool of levels of a benchmark, and the envs' side.
#include "apps/bench/bench_parts.h"

#include "engine/base/clock.h"

#include <stdio.h>
#include <string.h>

#define POOL_MIN  64   // levels, so that few worlds see different ones too
#define POOL_MAX  1024 // levels, about 30 kB each
#define PILE_LIFE 1200 // [step] 20 s, as a level of the library

// ---------------------------------------------------------------- the pool

static bool make_levels(ParaBenchScene *scene, const char **out_error)
{
    ParaRng rng = para_rng_make(scene->seed, "pool");
    for (int i = 0; i < scene->pool_count; i++) {
        // Families take turns, so that a small pool holds each of them.
        ParaPick pick = {.family = i % scene->families.count, .seed = para_rng_u64(&rng) >> 1};
        const ParaLevel *level = para_families_sample(&scene->families, &pick, "bench", scene->arena);
        if (!level) {
            *out_error = "a level of the scene cannot be made";
            return false;
        }
        scene->pool[i] = (ParaBenchItem){.level = level, .def = &level->world};
    }
    return true;
}

static void make_piles(ParaBenchScene *scene)
{
    ParaPile *piles = PARA_NEW(scene->arena, ParaPile, scene->pool_count);
    for (int i = 0; i < scene->pool_count; i++) {
        uint64_t seed = para_seed_mix(scene->seed, (uint64_t)i);
        para_pile_make(&piles[i], seed);
        scene->pool[i] = (ParaBenchItem){.def = &piles[i].def, .seed = seed};
    }
    scene->life = PILE_LIFE;
}

bool para_bench_scene_make(ParaBenchScene *scene, const char **out_error)
{
    bool mixed = strcmp(scene->name, "mixed") == 0, pile = strcmp(scene->name, "pile20") == 0;
    int wanted = scene->worlds < POOL_MIN ? POOL_MIN : scene->worlds;
    scene->pool_count = wanted < POOL_MAX ? wanted : POOL_MAX;
    scene->pool = PARA_NEW(scene->arena, ParaBenchItem, scene->pool_count);
    if (pile) {
        make_piles(scene);
        return true;
    }
    return para_families_load(&scene->families, &scene->name, mixed ? 0 : 1, scene->arena, out_error) &&
           make_levels(scene, out_error);
}

bool para_bench_scene_fits(const ParaBenchScene *scene, ParaSolverKind solver, const char **out_error)
{
    char why[160], *text = PARA_NEW(scene->arena, char, 400);
    for (int i = 0; i < scene->pool_count; i++)
        if (!para_solver_fits(solver, scene->pool[i].def, why, sizeof why)) {
            const ParaLevel *level = scene->pool[i].level;
            snprintf(text, 400, "a level of %s does not fit the solver %s: %s; try --solver auto",
                     level ? level->family : scene->name, para_solver_name(solver), why);
            *out_error = text;
            return false;
        }
    return true;
}

// ---------------------------------------------------------------- envs

static void pick_next(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaFamilies *families = context;
    (void)env;
    *out = (ParaPick){.family = (int32_t)para_rng_int(rng, 0, families->count - 1),
                      .seed = para_rng_u64(rng) >> 1};
}

bool para_bench_envs_make(ParaBenchEnvs *envs, const ParaBenchScene *scene, ParaSolverKind solver)
{
    int players = para_families_players(&scene->families, scene->arena);
    ParaBatchDef def = {.solver = solver,
                        .envs = scene->worlds,
                        .players = players,
                        .obs = para_obs_spec_entities(),
                        .families = &scene->families,
                        .next = pick_next,
                        .next_context = (void *)(uintptr_t)&scene->families,
                        .maker = "bench",
                        .seed = scene->seed};
    *envs = (ParaBenchEnvs){.scene = scene, .rng = para_rng_make(scene->seed, "bench")};
    envs->actions = PARA_NEW(scene->arena, int8_t, (size_t)scene->worlds * (size_t)players * PARA_CHANNELS);
    envs->batch = para_batch_create(&def, scene->arena);
    if (!envs->batch)
        return false;
    envs->workers = para_workers_create(1);
    para_batch_reset(envs->batch, envs->workers);
    (void)para_bench_envs_turn(envs); // warms caches, and gives the mean length of an episode
    return true;
}

void para_bench_envs_clear(ParaBenchEnvs *envs)
{
    para_batch_destroy(envs->batch);
    if (envs->workers)
        para_workers_destroy(envs->workers);
    *envs = (ParaBenchEnvs){0};
}

double para_bench_envs_turn(ParaBenchEnvs *envs)
{
    int worlds = envs->scene->worlds;
    int64_t before = para_batch_world_steps(envs->batch);
    double begin = para_clock_cpu_seconds(), now = begin;
    while (now - begin < envs->scene->turn_seconds) {
        for (int i = 0; i < worlds * envs->batch->def.players * PARA_CHANNELS; i++)
            envs->actions[i] = (int8_t)para_rng_int(&envs->rng, -1, 1);
        para_batch_step(envs->batch, envs->workers, envs->actions);
        for (int i = 0; i < worlds; i++)
            envs->episodes += envs->batch->over[i];
        now = para_clock_cpu_seconds();
    }
    return (double)(para_batch_world_steps(envs->batch) - before) / (now - begin);
}

int64_t para_bench_envs_life(const ParaBenchEnvs *envs)
{
    const ParaLevel *level = envs->scene->pool[0].level;
    int64_t life = para_batch_world_steps(envs->batch) / (envs->episodes > 0 ? envs->episodes : 1);
    int64_t whole = para_level_steps(level, level->seconds);
    return life < 8 || life > whole || envs->episodes == 0 ? whole : life;
}

double para_bench_clock_cost(void)
{
    enum { READS = 2000 };
    double begin = para_clock_cpu_seconds(), now = begin;
    for (int i = 0; i < READS; i++)
        now = para_clock_cpu_seconds();
    return (now - begin) / READS;
}
