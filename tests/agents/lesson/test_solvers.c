// SPDX-License-Identifier: MIT
// Envs that decide together do what each would do alone, on whichever solver; and what a run, a replay and a
// report say of the solver is what ran.
#include "agents/batch/batch.h"
#include "agents/batch/seeds.h"
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "agents/lesson/evaluate.h"
#include "agents/lesson/lesson.h"
#include "agents/player/player.h"
#include "agents/run/run_folder.h"
#include "engine/base/hash.h"
#include "tests/agents/database.h"
#include "tests/agents/lesson/old_layouts.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"
#include "worlds/library.h"

#include <sqlite3.h>

#define ENVS      PARA_ENV_BLOCK
#define DECISIONS 320

/// A family that lanes cannot take.
static const char crowd[] =
    "{\"paracosm\": 1, \"name\": \"crowd\", \"world\": {\"size\": [60, 12], \"seconds\": 1},"
    "\"bodies\": [{\"name\": \"floor\", \"static\": true, \"shape\": {\"box\": [60, 2]}, \"at\": [30, 0]},"
    "{\"name\": \"ball\", \"shape\": {\"circle\": 0.3}, \"at\": [1, 2]},"
    "{\"name\": \"one\", \"repeat\": 100, \"shape\": {\"circle\": 0.1}, \"at\": [\"3 + 0.4 * i\", 4]}],"
    "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"channel\": 0, \"torque\": 4}]},"
    "\"goal\": {\"time\": 0.5}}";

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *crowd;     ///< its file
    ParaFamilies families; ///< the library and the crowd
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    f->scratch = scratch_make();
    f->crowd = para_arena_strdup(f->arena, scratch_path(&f->scratch, "crowd.json"));
    scratch_write(f->crowd, crowd, sizeof crowd - 1);
    const char *error = NULL, **names = NULL;
    int count = para_library_list(f->arena, &names);
    const char **all = PARA_NEW(f->arena, const char *, count + 1);
    memcpy(all + 1, names, sizeof *all * (size_t)count);
    all[0] = f->crowd; // so that a block has it
    if (!para_families_load(&f->families, all, count + 1, f->arena, &error))
        fail_msg("%s", error);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

// ---------------------------------------------------------------------------------------------
// A block of envs against each env alone.

enum { ROW = PARA_PLAYERS_MAX * PARA_CHANNELS }; // of an env's actions

typedef struct Pair {
    ParaEnv together, alone;
    int episode;
} Pair;

static void begin(const Fixture *f, ParaEnv *env, int index, int episode)
{
    ParaPick pick = {.family = (index + 7 * episode) % f->families.count,
                     .seed = para_training_seed(para_seed_mix((uint64_t)index, (uint64_t)episode))};
    ParaLevel *level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(env));
    assert_non_null(level);
    assert_true(para_env_begin(env, level, "random"));
}

/// One decision step by step, with nothing of env.c.
static void decide_alone(ParaEnv *env, const float *action)
{
    para_play_act(&env->play, env->level, action);
    for (int p = 0; p < env->level->player_count; p++)
        env->play.players[p].reward = 0;
    for (int k = 0; k < env->level->frame_skip && env->play.status == PARA_PLAY_ON; k++)
        para_play_step(&env->play, env->level, env->world);
}

static void same(const Pair *pair)
{
    const ParaEnv *a = &pair->together, *b = &pair->alone;
    assert_int_equal(para_world_hash(a->world), para_world_hash(b->world));
    assert_int_equal(a->play.status, b->play.status);
    assert_memory_equal(&a->play.players[0].reward, &b->play.players[0].reward, sizeof(float));
    assert_memory_equal(&a->play.players[0].progress, &b->play.players[0].progress, sizeof(float));
    assert_int_equal(para_world_solver(a->world), para_world_solver(b->world));
}

static void test_envs_of_a_block_do_what_each_does_alone(void **state)
{
    Fixture *f = *state;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, ENVS + 3);
    ParaWorldGroup *singles[ENVS];
    static Pair pairs[ENVS];
    int ended = 0, ended_between = 0, left_out = 0, on_lanes = 0;
    ParaRng rng = para_rng_make(3, "test");
    for (int i = 0; i < ENVS; i++) {
        singles[i] = para_world_group_create(PARA_SOLVER_AUTO, 1);
        para_env_init(&pairs[i].together, para_world_at(group, 3 + i), false);
        para_env_init(&pairs[i].alone, para_world_at(singles[i], 0), false);
        pairs[i].episode = 0;
        begin(f, &pairs[i].together, i, 0);
        begin(f, &pairs[i].alone, i, 0);
        on_lanes += para_world_solver(pairs[i].together.world) == PARA_SOLVER_LANES;
    }
    print_message("%d of %d envs on lanes, %d families\n", on_lanes, ENVS, f->families.count);
    assert_true(on_lanes > 0 && on_lanes < ENVS);
    for (int t = 0; t < DECISIONS; t++) {
        ParaEnv *envs[ENVS];
        float actions[ENVS * ROW];
        for (int i = 0; i < ENVS; i++) {
            envs[i] = para_rng_int(&rng, 0, 9) ? &pairs[i].together : NULL;
            left_out += !envs[i];
            for (int c = 0; c < ROW; c++)
                actions[i * ROW + c] = (float)para_rng_range(&rng, -1.0, 1.0);
        }
        para_decision_make(envs, actions, ENVS, PARA_PLAYERS_MAX, NULL, NULL);
        for (int i = 0; i < ENVS; i++) {
            Pair *pair = &pairs[i];
            if (envs[i])
                decide_alone(&pair->alone, actions + i * ROW);
            same(pair);
            if (pair->together.play.status == PARA_PLAY_ON)
                continue;
            ended++;
            ended_between +=
                para_world_view(pair->together.world)->step % (uint64_t)pair->together.level->frame_skip != 0;
            pair->episode++;
            begin(f, &pair->together, i, pair->episode);
            begin(f, &pair->alone, i, pair->episode);
        }
    }
    print_message("%d episodes ended, %d of them in the middle of a decision\n", ended, ended_between);
    assert_true(ended > ENVS / 2 && ended_between > 0 && left_out > 0);
    for (int i = 0; i < ENVS; i++) {
        para_env_destroy(&pairs[i].together);
        para_env_destroy(&pairs[i].alone);
        para_world_group_destroy(singles[i]);
    }
    para_world_group_destroy(group);
}

// Levels of the families in turn, by the env's own stream.
static void next_level(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaFamilies *families = context;
    *out = (ParaPick){.family = env % families->count, .seed = para_training_seed(para_rng_u64(rng))};
}

static ParaBatch *make_batch(Fixture *f, int envs)
{
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = envs,
                        .obs = para_obs_spec_entities(),
                        .families = &f->families,
                        .next = next_level,
                        .next_context = &f->families,
                        .maker = "test",
                        .seed = 21};
    ParaBatch *batch = para_batch_create(&def, f->arena);
    assert_non_null(batch);
    return batch;
}

/// A batch of several blocks, the last of them short, against blocks of one env each.
static void test_blocks_of_a_batch_may_be_cut_anywhere(void **state)
{
    Fixture *f = *state;
    enum { B = 2 * PARA_ENV_BLOCK + 5 };
    ParaWorkers *workers = para_workers_create(2);
    ParaBatch *whole = make_batch(f, B), *cut = make_batch(f, B);
    size_t row = (size_t)whole->def.obs.size;
    int ended = 0;
    para_batch_reset(whole, workers);
    para_batch_reset(cut, workers);
    for (int t = 0; t < DECISIONS / 2; t++) {
        static int8_t actions[B * PARA_CHANNELS];
        for (int b = 0; b < B; b++)
            for (int c = 0; c < PARA_CHANNELS; c++)
                actions[b * PARA_CHANNELS + c] = (int8_t)para_rng_int(&whole->action_rng[b], -1, 1);
        para_batch_step(whole, workers, actions);
        for (int b = 0; b < B; b++)
            para_batch_step_block(cut, b, 1, actions + b * PARA_CHANNELS, 0, NULL);
        assert_memory_equal(whole->obs, cut->obs, sizeof(float) * B * row);
        assert_memory_equal(whole->reward, cut->reward, sizeof(float) * B);
        assert_memory_equal(whole->terminated, cut->terminated, B);
        assert_memory_equal(whole->truncated, cut->truncated, B);
        for (int b = 0; b < B; b++) {
            if (!whole->terminated[b] && !whole->truncated[b])
                continue;
            const ParaReport *report = &whole->ended[b].report;
            ended++;
            assert_int_equal(report->level_hash, cut->ended[b].report.level_hash);
            assert_int_equal(report->decisions, cut->ended[b].report.decisions);
            assert_int_equal(report->solver, cut->ended[b].report.solver);
            assert_true(report->solver == PARA_SOLVER_LANES || report->solver == PARA_SOLVER_CHIPMUNK);
            assert_memory_equal(whole->final_obs + (size_t)b * row, cut->final_obs + (size_t)b * row,
                                sizeof(float) * row);
        }
    }
    assert_true(ended > 0);
    assert_int_equal(para_batch_world_steps(whole), para_batch_world_steps(cut));
    para_batch_destroy(whole);
    para_batch_destroy(cut);
    para_workers_destroy(workers);
}

// ---------------------------------------------------------------------------------------------
// What is recorded.

static void test_replay_names_the_solver_that_ran(void **state)
{
    Fixture *f = *state;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), true);
    for (int i = 0; i < f->families.count; i++) {
        begin(f, &env, i, 0);
        static const int8_t action[ROW] = {1, 0, 1, 0, 0, 0, 0, 0}; // others stand still
        for (int t = 0; t < 40 && env.play.status == PARA_PLAY_ON; t++)
            para_decision_make_one(&env, action);
        const ParaReplay *replay = para_env_replay(&env);
        assert_int_equal(replay->solver, para_world_solver(env.world));
        const char *path = scratch_path(&f->scratch, "one.replay"), *error = NULL;
        assert_true(para_replay_write(path, replay, f->arena, &error));
        ParaReplay *back = para_replay_read(path, f->arena, &error);
        assert_non_null(back);
        assert_int_equal(back->solver, replay->solver);
        ParaVerdict verdict = para_replay_verify(back, f->arena);
        if (!verdict.ok)
            fail_msg("%s: %s", env.level->family, verdict.message);
    }
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

static ParaTrainDef small_def(Fixture *f, const char *name, ParaSolverKind solver, int lessons)
{
    static const char *const families[] = {"roll", "balance"};
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_strdup(f->arena, scratch_path(&f->scratch, name));
    def.families = families;
    def.family_count = 2;
    def.maker = "dr";
    def.solver = solver;
    def.width = 16;
    def.envs = 6;
    def.horizon = 64;
    def.threads = 1;
    def.lessons = lessons;
    return def;
}

static void train(Fixture *f, const ParaTrainDef *def)
{
    const char *error = NULL;
    if (!para_train(def, NULL, NULL, f->arena, &error))
        fail_msg("%s", error);
}

static int64_t ask(const char *folder, const char *sql)
{
    sqlite3 *database = database_open(folder);
    int64_t answer = database_whole(database, sql);
    sqlite3_close(database);
    return answer;
}

static void test_run_keeps_its_solver(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "chip", PARA_SOLVER_CHIPMUNK, 2);
    train(f, &def);
    int64_t reports = ask(def.folder, "SELECT count(*) FROM reports");
    assert_true(reports > 0);
    assert_int_equal(ask(def.folder, "SELECT count(*) FROM reports WHERE solver = 'chipmunk'"), reports);
    // What is asked for later does not matter.
    def.solver = PARA_SOLVER_AUTO;
    def.lessons = 4;
    train(f, &def);
    assert_true(ask(def.folder, "SELECT count(*) FROM reports WHERE lesson >= 2") > 0);
    assert_int_equal(ask(def.folder, "SELECT count(*) FROM reports WHERE solver <> 'chipmunk'"), 0);
    ParaRun *run = para_run_open_read(def.folder, f->arena, NULL);
    assert_int_equal(para_run_solver(run), PARA_SOLVER_CHIPMUNK);
    para_run_close(run);
    assert_int_equal(para_player_solver(def.folder, f->arena), PARA_SOLVER_CHIPMUNK);
    const char *path = para_arena_printf(f->arena, "%s/checkpoints/lesson-000003.safetensors", def.folder);
    assert_int_equal(para_player_solver(path, f->arena), PARA_SOLVER_CHIPMUNK);

    ParaTrainDef both = small_def(f, "auto", PARA_SOLVER_AUTO, 2);
    train(f, &both);
    assert_int_equal(ask(both.folder, "SELECT count(*) FROM reports WHERE solver <> 'lanes'"), 0);
    assert_true(ask(both.folder, "SELECT count(*) FROM reports") > 0);
    assert_int_equal(para_player_solver(both.folder, f->arena), PARA_SOLVER_AUTO);
    assert_int_equal(para_player_solver(NULL, f->arena), PARA_SOLVER_AUTO);
}

/// A folder as the first release left it: layout 1, no solver anywhere.
static void test_run_from_before_there_were_two_goes_on_with_chipmunk(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "old", PARA_SOLVER_CHIPMUNK, 2);
    train(f, &def);
    sqlite3 *database = NULL;
    const char *path = para_arena_printf(f->arena, "%s/run.db", def.folder);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    const char *age =
        LAYOUT_3 "DROP TABLE templates; DROP TABLE failures; ALTER TABLE reports DROP COLUMN solver; "
                 "PRAGMA user_version=1;"
                 "UPDATE meta SET value = '1' WHERE key = 'version';"
                 "UPDATE meta SET value = json_remove(value, '$.solver') WHERE key = 'config'";
    assert_int_equal(sqlite3_exec(database, age, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);

    // Reading leaves it as it is.
    const char *error = NULL;
    ParaRun *run = para_run_open_read(def.folder, f->arena, &error);
    assert_non_null(run);
    assert_int_equal(para_run_solver(run), PARA_SOLVER_CHIPMUNK);
    para_run_close(run);
    assert_int_equal(ask(def.folder, "PRAGMA user_version"), 1);
    assert_int_equal(para_player_solver(def.folder, f->arena), PARA_SOLVER_CHIPMUNK);

    int64_t before = ask(def.folder, "SELECT count(*) FROM reports");
    def.solver = PARA_SOLVER_AUTO;
    def.lessons = 4;
    train(f, &def);
    assert_int_equal(ask(def.folder, "PRAGMA user_version"), PARA_RUN_VERSION);
    assert_int_equal(ask(def.folder, "SELECT value FROM meta WHERE key = 'version'"), PARA_RUN_VERSION);
    assert_true(ask(def.folder, "SELECT count(*) FROM reports") > before);
    assert_int_equal(ask(def.folder, "SELECT count(*) FROM reports WHERE solver <> 'chipmunk'"), 0);
    assert_int_equal(ask(def.folder, "SELECT max(lesson) FROM lessons"), 3);
}

// ---------------------------------------------------------------------------------------------
// Scores.

static void test_evaluation_runs_on_the_solver_that_is_asked_for(void **state)
{
    Fixture *f = *state;
    static const char *const families[] = {"roll", "balance"};
    ParaEvalDef def = para_eval_def_default();
    def.families = families;
    def.family_count = 2;
    def.levels = 6;
    def.episodes = 2;
    def.threads = 2;
    ParaEvalResult chipmunk = {0}, both = {0}, lanes = {0};
    const char *error = NULL;
    def.solver = PARA_SOLVER_CHIPMUNK;
    assert_true(para_evaluate(&def, NULL, NULL, f->arena, &chipmunk, &error));
    def.solver = PARA_SOLVER_AUTO;
    assert_true(para_evaluate(&def, NULL, NULL, f->arena, &both, &error));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(chipmunk.families[i].lanes_levels, 0);
        assert_int_equal(both.families[i].lanes_levels, def.levels);
    }
    def.solver = PARA_SOLVER_LANES;
    assert_true(para_evaluate(&def, NULL, NULL, f->arena, &lanes, &error));
    for (int i = 0; i < 2; i++)
        assert_memory_equal(lanes.families[i].solve, both.families[i].solve, sizeof both.families[i].solve);
}

/// Levels that lanes cannot take: it says so before anything is played, and AUTO plays them on chipmunk.
static void test_levels_beyond_the_limits_are_named(void **state)
{
    Fixture *f = *state;
    const char *path = f->crowd, *error = NULL;
    ParaEvalDef def = para_eval_def_default();
    def.families = &path;
    def.family_count = 1;
    def.levels = 1;
    def.episodes = 2;
    def.solver = PARA_SOLVER_LANES;
    ParaEvalResult result = {0};
    assert_false(para_evaluate(&def, NULL, NULL, f->arena, &result, &error));
    assert_true(strstr(error, "crowd") && strstr(error, "does not fit") && strstr(error, "auto"));
    ParaTrainDef train_def = small_def(f, "run", PARA_SOLVER_LANES, 1);
    train_def.families = &path;
    train_def.family_count = 1;
    assert_false(para_train(&train_def, NULL, NULL, f->arena, &error));
    assert_true(strstr(error, "does not fit") != NULL);
    struct stat info;
    assert_int_not_equal(stat(train_def.folder, &info), 0); // nothing was begun
    def.solver = PARA_SOLVER_AUTO;
    if (!para_evaluate(&def, NULL, NULL, f->arena, &result, &error))
        fail_msg("%s", error);
    assert_int_equal(result.families[0].lanes_levels, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_solvers[] = {
    TEST(test_envs_of_a_block_do_what_each_does_alone),
    TEST(test_blocks_of_a_batch_may_be_cut_anywhere),
    TEST(test_replay_names_the_solver_that_ran),
    TEST(test_run_keeps_its_solver),
    TEST(test_run_from_before_there_were_two_goes_on_with_chipmunk),
    TEST(test_evaluation_runs_on_the_solver_that_is_asked_for),
    TEST(test_levels_beyond_the_limits_are_named),
};
const size_t para_tests_solvers_count = sizeof para_tests_solvers / sizeof *para_tests_solvers;
