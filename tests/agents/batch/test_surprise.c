// SPDX-License-Identifier: MIT
// Surprises: the same for any number of threads, in records that verify, gone on with and gone back to; and
// without them all is as it was.
#include "agents/batch/resume.h"
#include "agents/batch/seeds.h"
#include "agents/batch/snapshot.h"
#include "agents/lesson/lesson.h"
#include "agents/run/run_families.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"
#include "worlds/meddle/toybox.h"

#include <math.h>

enum { ENVS = 40, DECISIONS = 150 };
#define RATE 6.0 // [1/(10 s)]

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families;
    Scratch scratch;
    int ended, meddled, verified; // episodes
} Fixture;

static int set_up(void **state)
{
    const char *const names[] = {"rover", "lander"}, *error = NULL;
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)4 << 30);
    f->scratch = scratch_make();
    if (!para_families_load(&f->families, names, 2, f->arena, &error))
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

static void next_level(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaFamilies *families = context;
    *out = (ParaPick){.family = env % families->count, .seed = para_training_seed(para_rng_u64(rng))};
}

static ParaBatch *make_batch(Fixture *f, ParaSolverKind solver, double rate, bool recording)
{
    f->families.toybox = rate > 0;
    f->families.solver = solver;
    ParaBatchDef def = {.solver = solver,
                        .envs = ENVS,
                        .obs = para_obs_spec_entities(),
                        .max_decisions = 60,
                        .families = &f->families,
                        .next = next_level,
                        .next_context = &f->families,
                        .maker = "test",
                        .seed = 7,
                        .recording = recording,
                        .surprises = rate};
    ParaBatch *batch = para_batch_create(&def, f->arena);
    assert_non_null(batch);
    return batch;
}

static void act(ParaBatch *batch, ParaWorkers *workers, ParaRng *rng, int decisions)
{
    int8_t actions[ENVS * PARA_CHANNELS];
    for (int t = 0; t < decisions; t++) {
        for (int i = 0; i < ENVS * PARA_CHANNELS; i++)
            actions[i] = (int8_t)para_rng_int(rng, -1, 1);
        para_batch_step(batch, workers, actions);
    }
}

/// Hash of all worlds after a while.
static uint64_t run_hash(Fixture *f, int threads, ParaSolverKind solver, double rate)
{
    ParaWorkers *workers = para_workers_create(threads);
    ParaBatch *batch = make_batch(f, solver, rate, false);
    ParaRng rng = para_rng_make(1, "test");
    uint64_t hash = 0;
    para_batch_reset(batch, workers);
    act(batch, workers, &rng, DECISIONS);
    for (int b = 0; b < ENVS; b++) {
        uint64_t world = para_world_hash(batch->envs[b].world);
        hash = para_hash(&world, sizeof world, hash);
    }
    para_batch_destroy(batch);
    para_workers_destroy(workers);
    return hash;
}

static void test_surprises_are_the_same_for_any_threads(void **state)
{
    for (int k = 0; k < 2; k++) {
        ParaSolverKind solver = k ? PARA_SOLVER_LANES : PARA_SOLVER_CHIPMUNK;
        uint64_t one = run_hash(*state, 1, solver, RATE);
        assert_int_equal(one, run_hash(*state, 2, solver, RATE));
        assert_int_not_equal(one, run_hash(*state, 1, solver, RATE / 2));
    }
}

static void keep(void *context, int env, const ParaEnv *state, const ParaPick *pick)
{
    Fixture *f = context;
    (void)pick;
    const ParaReplay *replay = para_env_replay(state);
    f->ended++;
    f->meddled += replay->meddle_count > 0;
    if (replay->meddle_count == 0 || env % 4 != 0)
        return;
    const char *path = scratch_path(&f->scratch, "one.replay"), *error = NULL;
    assert_true(para_replay_write(path, replay, state->arena, &error));
    ParaReplay *back = para_replay_read(path, state->arena, &error);
    assert_true(back && back->meddle_count == replay->meddle_count);
    ParaVerdict verdict = para_replay_verify(back, state->arena);
    if (!verdict.ok)
        fail_msg("%s", verdict.message);
    f->verified++;
}

static void test_records_with_surprises_verify_on_both_solvers(void **state)
{
    Fixture *f = *state;
    for (int k = 0; k < 2; k++) {
        ParaBatch *batch = make_batch(f, k ? PARA_SOLVER_LANES : PARA_SOLVER_CHIPMUNK, RATE, true);
        ParaRng rng = para_rng_make(2, "test");
        f->ended = f->meddled = f->verified = 0;
        batch->on_ended = keep;
        batch->on_ended_context = f;
        para_batch_reset(batch, NULL);
        act(batch, NULL, &rng, DECISIONS);
        // 60 decisions are 4 s: 2.4 things a whole episode, so that nine of ten see one.
        assert_true(f->ended > 60 && f->meddled > f->ended / 2 && f->verified > 10);
        para_batch_destroy(batch);
    }
}

static void test_without_surprises_levels_are_what_they_were(void **state)
{
    Fixture *f = *state;
    ParaBatch *plain = make_batch(f, PARA_SOLVER_AUTO, 0, false);
    ParaFamilies bare = f->families;
    para_batch_reset(plain, NULL);
    assert_null(plain->surprise_rng);
    ParaBatch *packed = make_batch(f, PARA_SOLVER_AUTO, RATE, false);
    para_batch_reset(packed, NULL);
    for (int b = 0; b < ENVS; b++) {
        const ParaLevel *one = plain->envs[b].level, *other = packed->envs[b].level;
        ParaPick pick = plain->picks[b];
        assert_false(para_toybox_is_in(one));
        assert_int_equal(para_families_sample(&bare, &pick, "test", f->arena)->hash, one->hash);
        // The same level, with a toybox: the stream of levels is not touched.
        assert_true(para_toybox_is_in(other) && other->seed == one->seed && other->hash != one->hash);
        assert_string_equal(other->maker, one->maker);
        assert_int_equal(other->param_count, one->param_count);
        for (int p = 0; p < one->param_count; p++) // which went through text
            assert_true(fabs(one->params[p].value - other->params[p].value) <=
                        1e-6 * fabs(one->params[p].value));
    }
    para_batch_destroy(packed);
    para_batch_destroy(plain);
}

static void test_episodes_with_surprises_are_gone_on_with(void **state)
{
    Fixture *f = *state;
    const char *why = NULL;
    ParaBatch *one = make_batch(f, PARA_SOLVER_AUTO, RATE, true),
              *two = make_batch(f, PARA_SOLVER_AUTO, RATE, true);
    ParaRng rng = para_rng_make(3, "test");
    para_batch_reset(one, NULL);
    para_batch_reset(two, NULL);
    act(one, NULL, &rng, 23);
    for (int b = 0; b < ENVS; b++) { // as bytes, as a checkpoint has them
        ParaBytes out = {.arena = f->arena};
        para_episode_save(&out, one, b);
        ParaBytesReader in = {.data = out.data, .size = out.size};
        ParaEpisode episode = para_episode_load(&in, two, f->arena);
        assert_true(para_bytes_read_whole(&in));
        if (!para_episode_resume(two, b, &episode, 0, &why))
            fail_msg("env %d: %s", b, why);
    }
    for (int round = 0; round < 3; round++) { // the next episodes' surprises come from the same streams
        ParaRng same = rng;
        for (int b = 0; b < ENVS; b++)
            assert_int_equal(para_world_hash(one->envs[b].world), para_world_hash(two->envs[b].world));
        act(one, NULL, &rng, 29);
        act(two, NULL, &same, 29);
    }
    // Another stream is another episode: its chain tells.
    ParaEpisode episode;
    int b = 0;
    while (para_recorder_so_far(one->envs[b].recorder)->meddle_count == 0)
        b++;
    para_episode_of(one, b, &episode);
    episode.surprise_seed ^= 1;
    assert_false(para_episode_resume(two, b, &episode, 0, &why));
    para_batch_destroy(one);
    para_batch_destroy(two);
}

static void test_a_snapshot_keeps_what_is_to_come(void **state)
{
    Fixture *f = *state;
    ParaBatch *batch = make_batch(f, PARA_SOLVER_AUTO, RATE, false);
    ParaRng rng = para_rng_make(4, "test");
    para_batch_reset(batch, NULL);
    act(batch, NULL, &rng, 5);
    ParaSnapshot *snapshot = para_snapshot_take(batch, 0);
    ParaRng then = rng;
    act(batch, NULL, &rng, 20);
    uint64_t first = para_world_hash(batch->envs[0].world);
    assert_true(para_snapshot_restore(batch, 0, snapshot));
    act(batch, NULL, &then, 20);
    assert_int_equal(para_world_hash(batch->envs[0].world), first);
    para_snapshot_free(snapshot);
    para_batch_destroy(batch);
}

// ---------------------------------------------------------------------------------------------
// A training.

static ParaTrainDef train_def(Fixture *f, const char *name, const char *const *families, int threads)
{
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(f->arena, "%s/%s", f->scratch.folder, name);
    def.maker = "dr";
    def.families = families;
    def.family_count = 1;
    def.width = 16;
    def.envs = 8;
    def.horizon = 16;
    def.settings.growth = 0;
    def.settings.surprises = 20;
    def.threads = threads;
    def.lessons = 12;
    def.schedule_lessons = 12;
    def.checkpoint_seconds = 3600;
    return def;
}

static int stop_after; // of the listener: a lesson, -1: none
static bool listen(void *context, const ParaTrainStatus *status)
{
    (void)context;
    return status->now.lesson != stop_after;
}

static void train(Fixture *f, const ParaTrainDef *def, int stop)
{
    const char *error = NULL;
    stop_after = stop;
    if (!para_train(def, listen, NULL, f->arena, &error))
        fail_msg("%s", error);
}

static const char *checkpoint(Fixture *f, const ParaTrainDef *def, size_t *out_size)
{
    const char *error = NULL,
               *path = para_arena_printf(f->arena, "%s/checkpoints/lesson-000011.safetensors", def->folder),
               *bytes = para_file_read(path, (size_t)64 << 20, f->arena, out_size, &error);
    if (!bytes)
        fail_msg("%s", error);
    return bytes;
}

static void test_training_with_surprises_goes_on_and_its_levels_come_again(void **state)
{
    Fixture *f = *state;
    const char *const families[] = {tiny_path("push", f->arena)};
    ParaTrainDef whole = train_def(f, "whole", families, 2), parts = train_def(f, "parts", families, 1),
                 calm = train_def(f, "calm", families, 1);
    size_t a = 0, b = 0, c = 0;
    train(f, &whole, -1);
    train(f, &parts, 5);
    parts.settings.surprises = 0; // the run keeps its own
    train(f, &parts, -1);
    calm.settings.surprises = 0;
    train(f, &calm, -1);
    const char *one = checkpoint(f, &whole, &a), *other = checkpoint(f, &parts, &b),
               *third = checkpoint(f, &calm, &c);
    assert_true(a == b && memcmp(one, other, a) == 0);
    assert_false(a == c && memcmp(one, third, a) == 0);
    const char *error = NULL;
    ParaRun *run = para_run_open_read(whole.folder, f->arena, &error);
    assert_non_null(run);
    const ParaLevel *level = para_run_report_level(run, 1, f->arena, &error);
    if (!level)
        fail_msg("%s", error);
    assert_true(para_toybox_is_in(level));
    para_run_close(run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_surprise[] = {
    TEST(test_surprises_are_the_same_for_any_threads),
    TEST(test_records_with_surprises_verify_on_both_solvers),
    TEST(test_without_surprises_levels_are_what_they_were),
    TEST(test_episodes_with_surprises_are_gone_on_with),
    TEST(test_a_snapshot_keeps_what_is_to_come),
    TEST(test_training_with_surprises_goes_on_and_its_levels_come_again),
};
const size_t para_tests_surprise_count = sizeof para_tests_surprise / sizeof *para_tests_surprise;
