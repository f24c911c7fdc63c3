// SPDX-License-Identifier: MIT
// A training that stops and goes on is the training that never stopped, bit for bit: its checkpoints have the
// same bytes. And what happens where the state beside a checkpoint cannot be had.
#include "agents/batch/resume.h"
#include "agents/batch/seeds.h"
#include "agents/lesson/lesson.h"
#include "agents/run/run_families.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENVS = 10, HORIZON = 8, LESSONS = 70 };

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *families[2];
    const char *note; // the last one told
    int stop_after;   // this lesson; -1: never
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)4 << 30);
    f->scratch = scratch_make();
    f->families[0] = tiny_path("push", f->arena);
    f->families[1] = tiny_path("rise", f->arena);
    f->stop_after = -1;
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

static ParaTrainDef tiny_def(Fixture *f, const char *name, const char *maker, ParaSolverKind solver,
                             int threads)
{
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(f->arena, "%s/%s", f->scratch.folder, name);
    def.maker = maker;
    def.families = f->families;
    def.family_count = 2;
    def.solver = solver;
    def.width = 16;
    def.envs = ENVS;
    def.horizon = HORIZON;
    def.settings.first_horizon = 3; // grown by lesson 40
    def.settings.growth = 0.05;
    def.settings.buffer = 32;
    def.settings.refresh = 32; // sfl chooses once, before it is stopped at lesson 66
    def.threads = threads;
    def.lessons = LESSONS;
    def.schedule_lessons = LESSONS;
    def.checkpoint_seconds = 3600;
    return def;
}

static bool listen(void *context, const ParaTrainStatus *status)
{
    Fixture *f = context;
    if (status->note)
        f->note = para_arena_strdup(f->arena, status->note);
    return status->now.lesson != f->stop_after;
}

static void train(Fixture *f, const ParaTrainDef *def)
{
    const char *error = NULL;
    f->note = NULL;
    if (!para_train(def, listen, f, f->arena, &error))
        fail_msg("%s", error);
}

/// The bytes of a lesson's checkpoint or state.
static const char *file_of(Fixture *f, const char *folder, int lesson, const char *ending, size_t *out_size)
{
    const char *error = NULL;
    const char *path = para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.%s", folder, lesson, ending);
    const char *bytes = para_file_read(path, (size_t)64 << 20, f->arena, out_size, &error);
    if (!bytes)
        fail_msg("%s", error);
    return bytes;
}

static bool same_files(Fixture *f, const char *one, const char *other, const char *ending)
{
    size_t a = 0, b = 0;
    const char *left = file_of(f, one, LESSONS - 1, ending, &a),
               *right = file_of(f, other, LESSONS - 1, ending, &b);
    return a == b && memcmp(left, right, a) == 0;
}

/// Stopped twice, the second time in the midst of what sfl chose, and with another number of threads each
/// time. @param whole, parts the same but for folder and threads
static void goes_on(Fixture *f, ParaTrainDef whole, ParaTrainDef parts)
{
    train(f, &whole);
    const int stops[] = {20, 66, -1};
    for (int i = 0; i < 3; i++) {
        f->stop_after = stops[i];
        parts.threads = 1 + i % 2;
        train(f, &parts);
        assert_null(f->note); // nothing had to begin anew
    }
    assert_true(same_files(f, whole.folder, parts.folder, "safetensors"));
    assert_true(same_files(f, whole.folder, parts.folder, "state"));
    sqlite3 *database = database_open(parts.folder); // what each call asked for
    assert_int_equal(database_whole(database, "SELECT count(*) FROM meta WHERE key IN ('call 000000', 'call "
                                              "000021', 'call 000067') AND value ->> 'lessons' = 70 AND "
                                              "value ->> 'threads' = 1 + (key = 'call 000021')"),
                     3);
    sqlite3_close(database);
}

static void goes_on_as_if_unbroken(Fixture *f, const char *maker, ParaSolverKind solver)
{
    ParaTrainDef whole = tiny_def(f, "whole", maker, solver, 2),
                 parts = tiny_def(f, "parts", maker, solver, 1);
    goes_on(f, whole, parts);
}

static void test_resume_is_the_unbroken_run_dr_lanes(void **state)
{
    goes_on_as_if_unbroken(*state, "dr", PARA_SOLVER_AUTO);
}

static void test_resume_is_the_unbroken_run_sfl_lanes(void **state)
{
    goes_on_as_if_unbroken(*state, "sfl", PARA_SOLVER_AUTO);
}

static void test_resume_is_the_unbroken_run_plr(void **state)
{
    goes_on_as_if_unbroken(*state, "plr", PARA_SOLVER_LANES);
}

/// Some of the levels that were played and kept are edited ones.
static void check_edited(Fixture *f)
{
    const char *error = NULL;
    const char *folder = para_arena_printf(f->arena, "%s/parts", f->scratch.folder);
    sqlite3 *database = database_open(folder);
    assert_true(database_whole(database, "SELECT count(*) FROM levels WHERE recipe LIKE '%edits%'") > 0);
    int64_t report = database_whole(database, "SELECT max(report) FROM reports WHERE recipe LIKE '%edits%'");
    sqlite3_close(database);
    assert_true(report > 0);
    // The level of any report is made again, and so is any of the archive: their hashes hold.
    ParaRun *run = para_run_open_read(folder, f->arena, &error);
    const ParaLevel *level = para_run_report_level(run, report, f->arena, &error);
    if (!level)
        fail_msg("%s", error);
    assert_true(*level->edits && level->parent && *level->changes);
    ParaLevelRow rows[64];
    int count = para_run_levels(run, -1, rows, 64, f->arena), edited = 0;
    for (int i = 0; i < count; i++) {
        const ParaTemplate *t = para_run_template(run, rows[i].family, f->arena, &error);
        level = t ? para_run_archive_level(run, t, &rows[i], f->arena, &error) : NULL;
        if (!level)
            fail_msg("%s", error);
        assert_int_equal(level->hash, rows[i].hash);
        edited += *level->edits != 0;
    }
    assert_true(edited > 0);
    para_run_close(run);
}

static void test_resume_is_the_unbroken_run_accel(void **state)
{
    goes_on_as_if_unbroken(*state, "accel", PARA_SOLVER_LANES);
    check_edited(*state);
}

static void test_resume_is_the_unbroken_run_edit_learn(void **state)
{
    goes_on_as_if_unbroken(*state, "edit-learn", PARA_SOLVER_LANES);
}

static void test_resume_is_the_unbroken_run_frontier(void **state)
{
    goes_on_as_if_unbroken(*state, "frontier", PARA_SOLVER_LANES);
    check_edited(*state);
}

static void test_resume_is_the_unbroken_run_paired(void **state)
{
    goes_on_as_if_unbroken(*state, "paired", PARA_SOLVER_AUTO);
}

/// What is remembered, fine actions and ratios go on too.
static void goes_on_with_memory(Fixture *f, const char *maker)
{
    ParaTrainDef defs[2] = {tiny_def(f, "whole", maker, PARA_SOLVER_AUTO, 2),
                            tiny_def(f, "parts", maker, PARA_SOLVER_AUTO, 1)};
    for (int i = 0; i < 2; i++) {
        defs[i].recurrent = defs[i].continuous = defs[i].value_bins = true;
        defs[i].settings.stretch = 5;
        defs[i].settings.vtrace = 1;
    }
    goes_on(f, defs[0], defs[1]);
}

static void test_resume_is_the_unbroken_run_of_a_player_with_memory(void **state)
{
    goes_on_with_memory(*state, "dr");
}

/// sfl plays its candidates by the player, then without any.
static void test_resume_is_the_unbroken_run_of_a_player_with_memory_sfl(void **state)
{
    goes_on_with_memory(*state, "sfl");
}

/// The antagonist remembers too, and acts by amounts.
static void test_resume_is_the_unbroken_run_of_a_player_with_memory_paired(void **state)
{
    goes_on_with_memory(*state, "paired");
}

/// Each worker draws in a picture of its own, also where episodes are played again.
static void test_resume_is_the_unbroken_run_of_a_player_that_sees_pixels(void **state)
{
    ParaTrainDef defs[2] = {tiny_def(*state, "whole", "dr", PARA_SOLVER_AUTO, 2),
                            tiny_def(*state, "parts", "dr", PARA_SOLVER_AUTO, 1)};
    for (int i = 0; i < 2; i++) {
        defs[i].obs = PARA_OBS_PIXELS;
        defs[i].envs = 2;
        defs[i].horizon = 3;
    }
    goes_on(*state, defs[0], defs[1]);
}

static void test_resume_is_the_unbroken_run_of_a_player_with_rays(void **state)
{
    ParaTrainDef defs[2] = {tiny_def(*state, "whole", "dr", PARA_SOLVER_AUTO, 2),
                            tiny_def(*state, "parts", "dr", PARA_SOLVER_AUTO, 1)};
    defs[0].rays = defs[1].rays = true;
    goes_on(*state, defs[0], defs[1]);
}

/// Past selves come, give way and play on, and remember.
static void test_resume_is_the_unbroken_run_with_past_selves(void **state)
{
    Fixture *f = *state;
    f->families[1] = tiny_path("duel", f->arena);
    ParaTrainDef defs[2] = {tiny_def(f, "whole", "dr", PARA_SOLVER_AUTO, 2),
                            tiny_def(f, "parts", "dr", PARA_SOLVER_AUTO, 1)};
    for (int i = 0; i < 2; i++) {
        defs[i].settings.pool = 3;
        defs[i].settings.pool_every = 7;
        defs[i].settings.pool_hard = 1;
        defs[i].recurrent = true;
    }
    goes_on(f, defs[0], defs[1]);
    const char *error = NULL, **names = NULL;
    const char *pool = para_arena_printf(f->arena, "%s/pool", defs[1].folder);
    int kept = para_folder_list(pool, ".safetensors", f->arena, &names, &error);
    assert_in_range(kept, 3, 12); // four times as many as play at most
}

static void test_resume_past_selves_need_opponents(void **state)
{
    Fixture *f = *state;
    const char *error = NULL;
    ParaTrainDef def = tiny_def(f, "alone", "dr", PARA_SOLVER_AUTO, 1);
    def.settings.pool = 3;
    assert_false(para_train(&def, listen, f, f->arena, &error));
    assert_non_null(strstr(error, "oppose"));
    assert_false(para_file_exists(def.folder)); // a run that is refused leaves no folder behind
}

static void test_resume_is_the_unbroken_run_dr_chipmunk(void **state)
{
    goes_on_as_if_unbroken(*state, "dr", PARA_SOLVER_CHIPMUNK);
}

static void test_resume_is_the_unbroken_run_sfl_chipmunk(void **state)
{
    goes_on_as_if_unbroken(*state, "sfl", PARA_SOLVER_CHIPMUNK);
}

/// A stop that comes at the `left`-th time it is asked for.
typedef struct Asked {
    atomic_int left;
} Asked;

static bool stops(void *context) { return atomic_fetch_sub(&((Asked *)context)->left, 1) <= 0; }

/// Ctrl-C while sfl plays its candidates, and while the player is scored: what was begun is let go, and the
/// next call does it from the start.
static void test_resume_is_the_unbroken_run_where_a_refresh_was_stopped(void **state)
{
    Fixture *f = *state;
    ParaTrainDef whole = tiny_def(f, "whole", "sfl", PARA_SOLVER_AUTO, 2),
                 parts = tiny_def(f, "parts", "sfl", PARA_SOLVER_AUTO, 2);
    train(f, &whole);
    sqlite3 *all = database_open(whole.folder);
    int chosen = (int)database_whole(all, "SELECT min(lesson) FROM lessons WHERE scoring_steps > 0");
    sqlite3_close(all);
    assert_in_range(chosen, 21, 65); // where the tests above go on before and after it
    f->stop_after = chosen - 1;
    train(f, &parts);
    f->stop_after = -1;
    parts.stop = stops;
    for (int ask = 1; ask <= 30; ask += 29) { // in its first stage
        Asked asked = {.left = ask};
        parts.stop_context = &asked;
        train(f, &parts);
        assert_null(f->note);
        sqlite3 *database = database_open(parts.folder);
        assert_int_equal(database_whole(database, "SELECT max(lesson) FROM lessons"), chosen - 1);
        sqlite3_close(database);
    }
    parts.stop = NULL;
    train(f, &parts);
    assert_true(same_files(f, whole.folder, parts.folder, "safetensors"));
    assert_true(same_files(f, whole.folder, parts.folder, "state"));
}

static void test_resume_is_the_unbroken_run_where_an_evaluation_was_stopped(void **state)
{
    Fixture *f = *state;
    ParaTrainDef whole = tiny_def(f, "whole", "dr", PARA_SOLVER_AUTO, 1),
                 parts = tiny_def(f, "parts", "dr", PARA_SOLVER_AUTO, 1);
    train(f, &whole);
    parts.eval_every = 7;
    Asked asked = {.left = 10}; // six lessons, and while the player is scored after the seventh
    parts.stop = stops;
    parts.stop_context = &asked;
    train(f, &parts);
    sqlite3 *database = database_open(parts.folder);
    assert_int_equal(database_whole(database, "SELECT max(lesson) FROM lessons"), 6);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM evaluations"), 0);
    sqlite3_close(database);
    parts.stop = NULL;
    parts.eval_every = 0;
    train(f, &parts);
    assert_true(same_files(f, whole.folder, parts.folder, "safetensors"));
}

/// Looking at the player changes nothing of it.
static void test_resume_is_the_same_for_a_training_that_is_evaluated(void **state)
{
    Fixture *f = *state;
    ParaTrainDef plain = tiny_def(f, "plain", "sfl", PARA_SOLVER_AUTO, 2);
    ParaTrainDef looked = tiny_def(f, "looked", "sfl", PARA_SOLVER_AUTO, 2);
    looked.eval_every = 7;
    looked.eval_levels = 3;
    train(f, &plain);
    train(f, &looked);
    assert_true(same_files(f, plain.folder, looked.folder, "safetensors"));
    assert_true(same_files(f, plain.folder, looked.folder, "state"));
    sqlite3 *database = database_open(looked.folder);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM lessons WHERE held_out IS NOT NULL"),
                     LESSONS / 7);
    assert_int_equal(
        database_whole(database, "SELECT count(*) FROM lessons WHERE held_out IS NOT NULL AND (lesson + 1)"
                                 " % 7 = 0 AND held_out_seconds > 0 AND held_out_worst <= held_out + 1e-6"),
        LESSONS / 7);
    // The curve is that of the single results, whose levels are three for each of two families.
    assert_int_equal(database_whole(database,
                                    "SELECT count(*) FROM evaluations JOIN lessons USING (lesson) WHERE"
                                    " abs(json_extract(result, '$.mean') - held_out) < 1e-6 AND"
                                    " abs((json_extract(result, '$.families.push') +"
                                    " json_extract(result, '$.families.rise')) / 2 - held_out) < 1e-6"),
                     LESSONS / 7);
    assert_true(database_whole(database, "SELECT count(DISTINCT held_out) FROM lessons") >
                1); // the player learns
    sqlite3_close(database);
}

// ---------------------------------------------------------------- the state cannot be had

typedef enum { MISSING, CUT, FLIPPED, OF_ANOTHER, WAYS } Way;

static void spoil(Fixture *f, const char *folder, int lesson, Way way, const char *other)
{
    const char *path = para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.state", folder, lesson),
               *error = NULL;
    size_t size = 0;
    const char *bytes = file_of(f, way == OF_ANOTHER ? other : folder, lesson, "state", &size);
    char *copy = para_arena_alloc(f->arena, size);
    memcpy(copy, bytes, size);
    copy[size / 2] ^= way == FLIPPED;
    if (way == MISSING)
        assert_int_equal(unlink(path), 0);
    else
        assert_true(para_file_write(path, copy, way == CUT ? size / 2 : size, f->arena, &error));
}

static void test_resume_without_its_state_begins_new_episodes_and_says_so(void **state)
{
    static const char *const words[WAYS] = {"lesson-000003.state", "it is damaged", "it is ",
                                            "it is not that of its checkpoint"};
    Fixture *f = *state;
    ParaTrainDef other = tiny_def(f, "other", "dr", PARA_SOLVER_AUTO, 1);
    other.seed = 2;
    other.lessons = 4;
    train(f, &other);
    for (int way = 0; way < WAYS; way++) {
        ParaTrainDef def = tiny_def(f, para_arena_printf(f->arena, "run%d", way), "dr", PARA_SOLVER_AUTO, 1);
        def.lessons = 4;
        train(f, &def);
        spoil(f, def.folder, 3, (Way)way, other.folder);
        def.lessons = 6;
        train(f, &def);
        assert_non_null(f->note);
        if (!strstr(f->note, "new episodes begin") || !strstr(f->note, words[way]))
            fail_msg("%s", f->note);
        train(f, &def); // once is enough: the next checkpoint has its state again
        def.lessons = 7;
        train(f, &def);
        assert_null(f->note);
    }
}

/// The checkpoint before has its state: the training goes on from there and is the one that never stopped, as
/// its maker forgets nothing.
static void test_resume_without_the_newest_state_goes_on_from_the_pair_before(void **state)
{
    Fixture *f = *state;
    ParaTrainDef whole = tiny_def(f, "whole", "plr", PARA_SOLVER_LANES, 2);
    train(f, &whole);
    for (int way = 0; way <= FLIPPED; way++) {
        ParaTrainDef parts =
            tiny_def(f, para_arena_printf(f->arena, "parts%d", way), "plr", PARA_SOLVER_LANES, 1);
        for (int stop = 20; stop <= 40; stop += 10) {
            f->stop_after = stop;
            train(f, &parts);
        }
        spoil(f, parts.folder, 40, (Way)way, NULL);
        f->stop_after = -1;
        train(f, &parts);
        if (!f->note || !strstr(f->note, "lesson 40 has lost its state") ||
            !strstr(f->note, "goes on from lesson 30"))
            fail_msg("%s", f->note);
        assert_true(same_files(f, whole.folder, parts.folder, "safetensors"));
        assert_true(same_files(f, whole.folder, parts.folder, "state"));
        sqlite3 *database = database_open(parts.folder);
        assert_int_equal(database_whole(database, "SELECT count(*) FROM lessons"), LESSONS);
        sqlite3_close(database);
    }
}

// ---------------------------------------------------------------- one episode

static void pick_anything(void *context, int env, ParaRng *rng, ParaPick *out)
{
    (void)context;
    *out = (ParaPick){.family = env % 2, .seed = para_training_seed(para_rng_u64(rng))};
}

static ParaBatch *make_batch(const ParaFamilies *families, ParaArena *arena)
{
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = ENVS,
                        .obs = para_obs_spec_entities(),
                        .families = families,
                        .next = pick_anything,
                        .maker = "dr",
                        .seed = 5,
                        .recording = true};
    ParaBatch *batch = para_batch_create(&def, arena);
    para_batch_reset(batch, NULL);
    return batch;
}

static void act(ParaBatch *batch, ParaRng *rng, int steps)
{
    int8_t actions[ENVS * PARA_CHANNELS];
    for (int t = 0; t < steps; t++) {
        for (int i = 0; i < ENVS * PARA_CHANNELS; i++)
            actions[i] = (int8_t)para_rng_int(rng, -1, 1);
        para_batch_step(batch, NULL, actions);
    }
}

static void test_resume_of_an_episode_shows_and_does_the_same(void **state)
{
    Fixture *f = *state;
    ParaFamilies families = {0};
    const char *error = NULL, *why = NULL;
    assert_true(para_families_load(&families, f->families, 2, f->arena, &error));
    ParaBatch *one = make_batch(&families, f->arena), *two = make_batch(&families, f->arena);
    ParaRng rng = para_rng_make(1, "test");
    size_t bytes = sizeof(float) * ENVS * (size_t)one->def.obs.size;
    act(one, &rng, 23);
    int under_way = 0;
    for (int b = 0; b < ENVS; b++) {
        ParaEpisode episode;
        para_episode_of(one, b, &episode);
        under_way += episode.decisions > 0;
        assert_true(para_episode_resume(two, b, &episode, 0, &why));
    }
    assert_true(under_way > ENVS / 2);
    for (int round = 0; round < 3; round++) {
        ParaRng same = rng;
        assert_memory_equal(one->obs, two->obs, bytes);
        for (int b = 0; b < ENVS; b++) {
            assert_int_equal(para_world_hash(one->envs[b].world), para_world_hash(two->envs[b].world));
            assert_true(one->envs[b].accounts[0].total_reward == two->envs[b].accounts[0].total_reward);
        }
        act(one, &rng, 11);
        act(two, &same, 11); // levels that begin meanwhile come from the same streams
    }
    // Another level, or another past, is no episode to go on with.
    ParaEpisode episode;
    para_episode_of(one, 0, &episode);
    episode.chain ^= 1;
    assert_false(para_episode_resume(two, 0, &episode, 0, &why));
    assert_string_equal(why, "it does not play as it did");
    episode.level_hash ^= 1;
    assert_false(para_episode_resume(two, 0, &episode, 0, &why));
    assert_string_equal(why, "its level is not made as it was");
    assert_int_equal(two->envs[0].decisions, 0); // it is on a level all the same
    act(two, &rng, 1);
    para_batch_destroy(one);
    para_batch_destroy(two);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_resume[] = {
    TEST(test_resume_is_the_unbroken_run_dr_lanes),
    TEST(test_resume_is_the_unbroken_run_sfl_lanes),
    TEST(test_resume_is_the_unbroken_run_plr),
    TEST(test_resume_is_the_unbroken_run_accel),
    TEST(test_resume_is_the_unbroken_run_edit_learn),
    TEST(test_resume_is_the_unbroken_run_frontier),
    TEST(test_resume_is_the_unbroken_run_paired),
    TEST(test_resume_is_the_unbroken_run_of_a_player_with_memory),
    TEST(test_resume_is_the_unbroken_run_of_a_player_with_memory_sfl),
    TEST(test_resume_is_the_unbroken_run_of_a_player_with_memory_paired),
    TEST(test_resume_is_the_unbroken_run_of_a_player_that_sees_pixels),
    TEST(test_resume_is_the_unbroken_run_of_a_player_with_rays),
    TEST(test_resume_is_the_unbroken_run_with_past_selves),
    TEST(test_resume_past_selves_need_opponents),
    TEST(test_resume_is_the_unbroken_run_dr_chipmunk),
    TEST(test_resume_is_the_unbroken_run_sfl_chipmunk),
    TEST(test_resume_is_the_unbroken_run_where_a_refresh_was_stopped),
    TEST(test_resume_is_the_unbroken_run_where_an_evaluation_was_stopped),
    TEST(test_resume_is_the_same_for_a_training_that_is_evaluated),
    TEST(test_resume_without_its_state_begins_new_episodes_and_says_so),
    TEST(test_resume_without_the_newest_state_goes_on_from_the_pair_before),
    TEST(test_resume_of_an_episode_shows_and_does_the_same),
};
const size_t para_tests_resume_count = sizeof para_tests_resume / sizeof *para_tests_resume;
