// SPDX-License-Identifier: MIT
// World steps per second on one scene, by solver: of envs (sampling, building, actuators, physics, reward and
// observation counted in) and of physics alone, under random actions; with --model the physics of a dream
// beside it; with --compare both solvers in turns
// within one process, so that a slow moment of the machine meets both. Medians of the turns are told.
#include "apps/apps.h"
#include "apps/bench/bench.h"
#include "apps/bench/bench_bare.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BENCH_MEMORY_MAX ((size_t)8 << 30) // [byte]
#define TURNS_MAX        99

/// One solver, measured.
typedef struct Side {
    ParaSolverKind solver;
    ParaBenchEnvs envs; ///< unused by pile20
    ParaBenchPhysics *physics;
    double env_rates[TURNS_MAX], physics_rates[TURNS_MAX]; ///< [1/s] world steps
    ParaBenchTimes times[TURNS_MAX];
} Side;

typedef struct Bench {
    ParaBenchScene scene;
    const char *solver, *model;
    int turns;
    bool json, compare;
    bool has_envs; ///< the scene is made of levels
    bool has_bare;
    Side sides[2]; ///< lanes and chipmunk, one and a dream, or one
    int side_count;
    ParaBenchBare bare;
    double bare_rates[TURNS_MAX];
} Bench;

static int read_wishes(Bench *bench, int argc, char **argv)
{
    ParaBenchScene *scene = &bench->scene;
    const ParaOption options[] = {
        {"scene", 0, PARA_OPTION_TEXT, &scene->name, "NAME", "family, template file, mixed or pile20", 0, 0,
         NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &bench->solver, "NAME", "lanes, chipmunk or auto (default auto)", 0,
         0, para_app_solver_choices},
        {"compare", 0, PARA_OPTION_FLAG, &bench->compare, NULL,
         "measure lanes and chipmunk in turns, and their ratio", 0, 0, NULL},
        {"model", 0, PARA_OPTION_TEXT, &bench->model, "FILE",
         "measure in turns what this model's dreams of the worlds cost", 0, 0, NULL},
        {"worlds", 'w', PARA_OPTION_INT, &scene->worlds, "N", "worlds side by side", 1, 8192, NULL},
        {"block", 0, PARA_OPTION_INT, &scene->block, "N",
         "worlds in one call of the physics side, which steps them 4 times; 0: all", 0, 8192, NULL},
        {"turns", 0, PARA_OPTION_INT, &bench->turns, "N", "turns of each side; medians are taken", 1,
         TURNS_MAX, NULL},
        {"seconds", 0, PARA_OPTION_REAL, &scene->turn_seconds, "N", "[s] of CPU time per side and turn", 0.01,
         60, NULL},
        {"seed", 's', PARA_OPTION_SEED, &scene->seed, "N", "of levels and actions", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &bench->json, NULL, "print the result as JSON", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "bench step",
        .usage = "[options]",
        .about =
            "World steps per second on one thread: of whole envs (steps_per_second: levels made, actuators,\n"
            "reward and observation counted in) and of physics alone (physics_steps_per_second: built "
            "worlds\n"
            "at all ages, actions that change every 4th step, nothing counted but the steps).\n"
            "Scenes: a family of the library or a template file; mixed: levels of every family, all "
            "different;\n"
            "pile20: twenty loose shapes in a shaken box, physics only.\n"
            "--model FILE: a model of `paracosm dream train`; of its dreams, physics only.",
        .options = options,
        .examples = "  paracosm bench step --scene walker --worlds 64\n"
                    "  paracosm bench step --scene mixed --worlds 1024 --compare --json\n"
                    "  paracosm bench step --scene pile20 --solver lanes --block 32\n"
                    "  paracosm bench step --scene crate --worlds 256 --model dream.safetensors\n"
                    "  for n in 16 64 1024; do paracosm bench step --scene walker --worlds $n --json; done",
        .notes =
            "--json: solver, scene, worlds, steps_per_second, ns_per_step, physics_steps_per_second,\n"
            "physics_ns_per_step, bytes_per_world, reset_ns (a fresh image restored and observed), "
            "restore_ns\n"
            "(without the observation), snapshot_ns, rays_ns (ten rays of 10 m), lanes_share [1], and\n"
            "bare_ratio: the env's speed over that of stock Chipmunk with nothing around it, which drives\n"
            "motors and torques only. With --compare: ratio (physics, lanes over chipmunk), env_ratio, and\n"
            "the rest under lanes and chipmunk. With --model: ratio (physics, engine over dream), and the "
            "rest\n"
            "under engine and dream. pile20 has no env, so neither its figures nor reset_ns.\n"
            "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_max = 0,
        .operand_name = ""};
    int code = para_options_read(&command, argc, argv, NULL, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (bench->compare && bench->solver)
        return para_app_misused("bench step", "--compare measures both solvers; leave --solver out");
    if (bench->compare && bench->model)
        return para_app_misused("bench step", "--compare measures both solvers; leave --model out");
    if (scene->block == 0 || scene->block > scene->worlds)
        scene->block = scene->worlds;
    return PARA_OPTIONS_GO;
}

// ---------------------------------------------------------------- sides

/// A dream's envs would cost what those of the engine do, besides its physics.
static bool has_envs(const Bench *bench, const Side *side)
{
    return bench->has_envs && side->solver != PARA_SOLVER_DREAM;
}

static bool prepare_side(Bench *bench, Side *side, const char **out_error)
{
    ParaBenchScene *scene = &bench->scene;
    if (!para_bench_scene_fits(scene, side->solver, out_error))
        return false;
    if (has_envs(bench, side)) {
        if (!para_bench_envs_make(&side->envs, scene, side->solver)) {
            *out_error = "no memory for so many worlds; try fewer with --worlds";
            return false;
        }
        if (scene->life == 0) // one life for all sides: their worlds have the same ages
            scene->life = para_bench_envs_life(&side->envs);
    }
    side->physics = para_bench_physics_create(scene, side->solver, out_error);
    return side->physics != NULL;
}

static bool prepare(Bench *bench, const char **out_error)
{
    if (!para_bench_scene_make(&bench->scene, out_error))
        return false;
    bench->has_envs = bench->scene.pool[0].level != NULL;
    bench->has_bare = bench->has_envs && !bench->compare && !bench->model &&
                      bench->scene.pool[0].level->player_count == 1; // it drives one
    bench->side_count = bench->compare || bench->model ? 2 : 1;
    bench->sides[0].solver =
        bench->compare ? PARA_SOLVER_LANES : para_app_solver(bench->solver, PARA_SOLVER_AUTO);
    bench->sides[1].solver = bench->model ? PARA_SOLVER_DREAM : PARA_SOLVER_CHIPMUNK;
    const char *card = NULL;
    if (bench->model)
        bench->scene.model = para_model_read(bench->model, bench->scene.arena, &card, out_error);
    if (bench->model && !bench->scene.model)
        return false;
    for (int i = 0; i < bench->side_count; i++)
        if (!prepare_side(bench, &bench->sides[i], out_error))
            return false;
    *out_error = "the scene cannot be built without the engine";
    return !bench->has_bare || para_bench_bare_make(&bench->bare, &bench->scene);
}

static void clear(Bench *bench)
{
    para_bench_bare_clear(&bench->bare);
    for (int i = 0; i < bench->side_count; i++) {
        para_bench_envs_clear(&bench->sides[i].envs);
        para_bench_physics_destroy(bench->sides[i].physics);
    }
}

/// One turn of every side. @return PARA_OPTIONS_GO or an exit code
static int take_turn(Bench *bench, int turn)
{
    for (int i = 0; i < bench->side_count; i++) {
        Side *side = &bench->sides[i];
        if (has_envs(bench, side))
            side->env_rates[turn] = para_bench_envs_turn(&side->envs);
        side->physics_rates[turn] = para_bench_physics_turn(side->physics);
        if (side->physics_rates[turn] <= 0.0)
            return para_app_fail("bench step", "a level of the scene cannot be built again");
        if (para_interrupt_count() > 0)
            return PARA_EXIT_INTERRUPTED;
    }
    bench->bare_rates[turn] = bench->has_bare ? para_bench_bare_turn(&bench->bare) : 0.0;
    if (bench->has_bare && bench->bare_rates[turn] <= 0.0)
        return para_app_fail("bench step", "no memory for the bare worlds");
    return PARA_OPTIONS_GO;
}

// ---------------------------------------------------------------- results

/// Median over the turns of left [turn] / right [turn]; right NULL: of left.
static double median_ratio(const Bench *bench, const double *left, const double *right)
{
    double values[TURNS_MAX];
    for (int i = 0; i < bench->turns; i++)
        values[i] = right ? left[i] / right[i] : left[i];
    return para_bench_median(values, bench->turns);
}

static ParaBenchTimes median_times(const Bench *bench, const Side *side)
{
    double values[4][TURNS_MAX];
    for (int i = 0; i < bench->turns; i++) {
        values[0][i] = side->times[i].restore;
        values[1][i] = side->times[i].reset;
        values[2][i] = side->times[i].snapshot;
        values[3][i] = side->times[i].rays;
    }
    return (ParaBenchTimes){.restore = para_bench_median(values[0], bench->turns),
                            .reset = para_bench_median(values[1], bench->turns),
                            .snapshot = para_bench_median(values[2], bench->turns),
                            .rays = para_bench_median(values[3], bench->turns)};
}

static double rounded(double value, double unit) { return floor(value / unit + 0.5) * unit; }

/// The figures of one side; keys as in the help's notes.
static void add_side(const Bench *bench, const Side *side, cJSON *object)
{
    ParaBenchTimes times = median_times(bench, side);
    double rate = median_ratio(bench, side->physics_rates, NULL);
    if (has_envs(bench, side)) {
        double env_rate = median_ratio(bench, side->env_rates, NULL);
        cJSON_AddNumberToObject(object, "steps_per_second", rounded(env_rate, 1.0));
        cJSON_AddNumberToObject(object, "ns_per_step", rounded(1e9 / env_rate, 1.0));
    }
    cJSON_AddNumberToObject(object, "physics_steps_per_second", rounded(rate, 1.0));
    cJSON_AddNumberToObject(object, "physics_ns_per_step", rounded(1e9 / rate, 1.0));
    cJSON_AddNumberToObject(object, "bytes_per_world", rounded(para_bench_physics_bytes(side->physics), 1.0));
    if (has_envs(bench, side))
        cJSON_AddNumberToObject(object, "reset_ns", rounded(times.reset, 1.0));
    cJSON_AddNumberToObject(object, "restore_ns", rounded(times.restore, 1.0));
    cJSON_AddNumberToObject(object, "snapshot_ns", rounded(times.snapshot, 1.0));
    cJSON_AddNumberToObject(object, "rays_ns", rounded(times.rays, 1.0));
    cJSON_AddNumberToObject(object, "lanes_share", para_bench_physics_lanes(side->physics));
}

static int print_json(const Bench *bench)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "solver",
                            bench->compare ? "both" : para_solver_name(bench->sides[0].solver));
    cJSON_AddStringToObject(object, "scene", bench->scene.name);
    cJSON_AddNumberToObject(object, "worlds", bench->scene.worlds);
    cJSON_AddNumberToObject(object, "block", bench->scene.block);
    if (bench->compare) {
        const Side *lanes = &bench->sides[0], *chipmunk = &bench->sides[1];
        cJSON_AddNumberToObject(
            object, "ratio",
            rounded(median_ratio(bench, lanes->physics_rates, chipmunk->physics_rates), 1e-3));
        if (bench->has_envs)
            cJSON_AddNumberToObject(
                object, "env_ratio",
                rounded(median_ratio(bench, lanes->env_rates, chipmunk->env_rates), 1e-3));
        add_side(bench, lanes, cJSON_AddObjectToObject(object, "lanes"));
        add_side(bench, chipmunk, cJSON_AddObjectToObject(object, "chipmunk"));
    } else if (bench->model) {
        cJSON_AddNumberToObject(
            object, "ratio",
            rounded(median_ratio(bench, bench->sides[0].physics_rates, bench->sides[1].physics_rates), 1e-3));
        add_side(bench, &bench->sides[0], cJSON_AddObjectToObject(object, "engine"));
        add_side(bench, &bench->sides[1], cJSON_AddObjectToObject(object, "dream"));
    } else {
        add_side(bench, &bench->sides[0], object);
        if (bench->has_bare)
            cJSON_AddNumberToObject(
                object, "bare_ratio",
                rounded(median_ratio(bench, bench->sides[0].env_rates, bench->bare_rates), 1e-3));
    }
    char *text = para_json_print(object, true);
    cJSON_Delete(object);
    if (!text)
        return para_app_fail("bench step", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static void print_side(const Bench *bench, const Side *side)
{
    ParaBenchTimes times = median_times(bench, side);
    double rate = median_ratio(bench, side->physics_rates, NULL);
    double env = has_envs(bench, side) ? median_ratio(bench, side->env_rates, NULL) : 0.0;
    para_text_print(stdout, "solver %s (%.0f %% of the worlds on lanes)\n", para_solver_name(side->solver),
                    100.0 * para_bench_physics_lanes(side->physics));
    if (has_envs(bench, side))
        para_text_print(
            stdout,
            "  env       %10.0f world steps/s  (%.0f ns per step, observation and reward counted in)\n", env,
            1e9 / env);
    para_text_print(stdout, "  physics   %10.0f world steps/s  (%.0f ns per step)\n", rate, 1e9 / rate);
    para_text_print(stdout, "  memory    %10.0f bytes per world\n", para_bench_physics_bytes(side->physics));
    para_text_print(stdout, "  restore   %10.0f ns\n", times.restore);
    if (has_envs(bench, side))
        para_text_print(stdout, "  reset     %10.0f ns  (restore and first observation)\n", times.reset);
    para_text_print(stdout, "  snapshot  %10.0f ns\n  ten rays  %10.0f ns\n", times.snapshot, times.rays);
}

static int print_text(const Bench *bench)
{
    printf("scene %s, %d worlds, one thread\n", bench->scene.name, bench->scene.worlds);
    for (int i = 0; i < bench->side_count; i++)
        print_side(bench, &bench->sides[i]);
    const Side *first = &bench->sides[0], *second = &bench->sides[1];
    if (bench->compare) {
        para_text_print(stdout, "lanes over chipmunk: physics %.2f",
                        median_ratio(bench, first->physics_rates, second->physics_rates));
        if (bench->has_envs)
            para_text_print(stdout, ", env %.2f", median_ratio(bench, first->env_rates, second->env_rates));
        putchar('\n');
    }
    if (bench->model)
        para_text_print(stdout, "engine over dream: physics %.2f\n",
                        median_ratio(bench, first->physics_rates, second->physics_rates));
    if (bench->has_bare)
        para_text_print(stdout, "env over stock Chipmunk with nothing around it: %.3f\n",
                        median_ratio(bench, first->env_rates, bench->bare_rates));
    return PARA_EXIT_OK;
}

static int measure(Bench *bench)
{
    for (int turn = 0; turn < bench->turns; turn++) {
        int code = take_turn(bench, turn);
        if (code != PARA_OPTIONS_GO)
            return code;
    }
    for (int turn = 0; turn < bench->turns; turn++)
        for (int i = 0; i < bench->side_count; i++)
            if (!para_bench_physics_times(bench->sides[i].physics, &bench->sides[i].times[turn]))
                return para_app_fail("bench step", "no memory for images of the worlds");
    return bench->json ? print_json(bench) : print_text(bench);
}

int para_bench_step(int argc, char **argv)
{
    Bench bench = {.scene = {.name = "walker", .worlds = 64, .turn_seconds = 0.25, .seed = 1}, .turns = 9};
    int code = read_wishes(&bench, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    const char *error = NULL;
    bench.scene.arena = para_arena_create((size_t)1 << 20, BENCH_MEMORY_MAX);
    if (!bench.scene.arena)
        return para_app_fail("bench step", "no memory");
    para_interrupt_catch(NULL);
    if (prepare(&bench, &error))
        code = measure(&bench);
    else
        code = para_app_fail("bench step", "%s", error);
    clear(&bench);
    para_arena_destroy(bench.scene.arena);
    return code;
}
