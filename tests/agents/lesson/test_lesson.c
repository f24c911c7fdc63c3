// SPDX-License-Identifier: MIT
// The loop: the same checkpoint for any number of threads, and runs that continue.
#include "agents/env/replay.h"
#include "agents/lesson/evaluate.h"
#include "agents/lesson/lesson.h"
#include "agents/player/player.h"
#include "agents/run/run_folder.h"
#include "agents/run/safetensors.h"
#include "engine/base/hash.h"
#include "tests/tests.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Fixture {
    ParaArena *arena;
    char folder[64]; // removed at the end
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)4 << 30);
    snprintf(f->folder, sizeof f->folder, "/tmp/paracosm-lesson-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", f->folder);
    int status = system(command);
    para_arena_destroy(f->arena);
    free(f);
    return status;
}

static ParaTrainDef small_def(Fixture *f, const char *name, const char *maker, int threads, int lessons)
{
    static const char *const families[] = {"roll", "balance"};
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(f->arena, "%s/%s", f->folder, name);
    def.maker = maker;
    def.families = families;
    def.family_count = 2;
    def.envs = 48; // one whole block and a part of one
    def.horizon = 16;
    def.threads = threads;
    def.lessons = lessons;
    def.seed = 7;
    return def;
}

static void train(const ParaTrainDef *def, ParaTrainWatch *watch, void *context, ParaArena *arena)
{
    const char *error = NULL;
    if (!para_train(def, watch, context, arena, &error))
        fail_msg("%s", error);
}

static uint64_t checkpoint_hash(const char *folder, ParaArena *arena, int *out_lesson)
{
    const char *error = NULL, *path = NULL, *note = NULL, *card = NULL;
    ParaRun *run = para_run_open_read(folder, arena, &error);
    assert_non_null(run);
    *out_lesson = para_run_newest_checkpoint(run, arena, &path, &note);
    para_run_close(run);
    assert_non_null(path);
    int count = 0;
    ParaTensor *tensors = para_safetensors_read(path, arena, &count, &card, &error);
    assert_non_null(tensors);
    return para_tensors_hash(tensors, count);
}

static void same_for_any_threads(Fixture *f, const char *maker, int lessons)
{
    uint64_t hashes[3];
    for (int i = 0; i < 3; i++) {
        ParaTrainDef def =
            small_def(f, para_arena_printf(f->arena, "%s-%d", maker, i), maker, i + 1, lessons);
        int lesson = -1;
        train(&def, NULL, NULL, f->arena);
        hashes[i] = checkpoint_hash(def.folder, f->arena, &lesson);
        assert_int_equal(lesson, lessons - 1);
    }
    assert_int_equal(hashes[0], hashes[1]);
    assert_int_equal(hashes[0], hashes[2]);
}

static void test_dr_same_checkpoint_for_any_threads(void **state) { same_for_any_threads(*state, "dr", 4); }

static bool stop_at_third(void *context, const ParaTrainStatus *status)
{
    (*(int *)context)++;
    return status->now.lesson < 2;
}

static void test_training_continues_where_it_stopped(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "run", "dr", 2, 6);
    int calls = 0, lesson = -1;
    train(&def, stop_at_third, &calls, f->arena);
    assert_int_equal(calls, 3);
    uint64_t first = checkpoint_hash(def.folder, f->arena, &lesson);
    assert_int_equal(lesson, 2);
    train(&def, NULL, NULL, f->arena);
    uint64_t second = checkpoint_hash(def.folder, f->arena, &lesson);
    assert_int_equal(lesson, 5);
    assert_int_not_equal(first, second);
    const char *error = NULL;
    ParaRun *run = para_run_open_read(def.folder, f->arena, &error);
    ParaStatistics row;
    assert_int_equal(para_run_last_lesson(run, &row), 5);
    assert_int_equal(row.decisions, 6 * 48 * 16);
    assert_true(row.world_steps > row.decisions);
    para_run_close(run);
}

// The rates are of this lesson, not of the run so far.
static bool watch_rates(void *context, const ParaTrainStatus *status)
{
    int64_t *before = context;
    double decisions = (double)(status->now.decisions / (status->now.lesson + 1));
    double steps = status->now.world_steps_per_second / status->now.decisions_per_second * decisions;
    assert_true(fabs(steps - (double)(status->now.world_steps - *before)) < 0.5);
    *before = status->now.world_steps;
    return true;
}

static void test_rates_are_those_of_the_lesson(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "run", "dr", 1, 4);
    int64_t before = 0;
    train(&def, watch_rates, &before, f->arena);
    assert_true(before > 0);
}

static void test_run_keeps_its_own_settings(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "run", "dr", 1, 1);
    train(&def, NULL, NULL, f->arena);
    def.width = 64; // another wish; the run was begun with 128
    def.lessons = 2;
    train(&def, NULL, NULL, f->arena);
    const char *error = NULL;
    ParaPolicy *player = para_player_load(def.folder, f->arena, &error);
    assert_non_null(player);
    assert_int_equal(para_policy_def(player)->width, 128);
}

static void test_longest_horizon_is_a_run_that_reads(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "run", "dr", 2, 1);
    def.envs = 2;
    def.width = 16;
    def.horizon = PARA_TRAIN_HORIZON_MAX;
    train(&def, NULL, NULL, f->arena);
    int lesson = -1;
    checkpoint_hash(def.folder, f->arena, &lesson);
    assert_int_equal(lesson, 0);
}

static void test_fewer_envs_than_families_is_refused(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "run", "dr", 1, 1);
    const char *error = NULL;
    def.envs = 1; // the second family would never be played
    assert_false(para_train(&def, NULL, NULL, f->arena, &error));
    assert_non_null(strstr(error, "--envs"));
}

static void test_unknown_maker_is_named(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = small_def(f, "run", "nobody", 1, 1);
    const char *error = NULL;
    assert_false(para_train(&def, NULL, NULL, f->arena, &error));
    assert_non_null(strstr(error, "nobody"));
    assert_non_null(strstr(error, "sfl"));
}

static void test_vector_player_plays_its_own_family_only(void **state)
{
    Fixture *f = *state;
    static const char *const one[] = {"walker"}, *const other[] = {"roll"};
    ParaTrainDef train_def = small_def(f, "run", "dr", 1, 1);
    train_def.families = one;
    train_def.family_count = 1;
    train_def.obs = PARA_OBS_VECTOR;
    train(&train_def, NULL, NULL, f->arena);
    ParaEvalDef def = para_eval_def_default();
    def.run_folder = train_def.folder;
    def.levels = 2;
    def.episodes = 2;
    ParaEvalResult result;
    const char *error = NULL;
    assert_true(para_evaluate(&def, NULL, NULL, f->arena, &result, &error));
    def.families = other;
    def.family_count = 1;
    assert_false(para_evaluate(&def, NULL, NULL, f->arena, &result, &error));
    assert_non_null(strstr(error, "walker"));
    // A checkpoint taken out of its run knows its family too.
    def.run_folder =
        para_arena_printf(f->arena, "%s/checkpoints/lesson-000000.safetensors", train_def.folder);
    error = "";
    assert_false(para_evaluate(&def, NULL, NULL, f->arena, &result, &error));
    assert_non_null(strstr(error, "walker"));
    def.families = one;
    assert_true(para_evaluate(&def, NULL, NULL, f->arena, &result, &error));
}

static void test_evaluation_scores_all_players(void **state)
{
    Fixture *f = *state;
    ParaTrainDef train_def = small_def(f, "run", "dr", 2, 1);
    train(&train_def, NULL, NULL, f->arena);
    ParaEvalResult results[2];
    for (int i = 0; i < 2; i++) {
        ParaEvalDef def = para_eval_def_default();
        def.run_folder = train_def.folder;
        def.levels = 8;
        def.episodes = 2;
        def.threads = i + 1;
        const char *error = NULL;
        if (!para_evaluate(&def, NULL, NULL, f->arena, &results[i], &error))
            fail_msg("%s", error);
    }
    assert_int_equal(results[0].family_count, 2); // those of the run, not the whole library
    assert_string_equal(results[0].families[0].name, "roll");
    for (int p = 0; p < PARA_PLAYERS; p++) {
        assert_true(results[0].present[p]);
        assert_true(results[0].mean[p] >= 0 && results[0].mean[p] <= 1);
        assert_true(results[0].mean[p] == results[1].mean[p]);
        assert_true(results[0].worst10[p] == results[1].worst10[p]);
        float mean = 0.5f * (results[0].families[0].solve[p] + results[0].families[1].solve[p]);
        assert_true(fabsf(mean - results[0].mean[p]) < 1e-6f);
    }
}

static int files_in(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static bool stop_late(void *context, int64_t done, int64_t total)
{
    (void)context;
    return done < total; // after the last chunk: every proof there is has been written
}

// The proof of a level is that of its first solved episode, so it is the same for any threads, and nothing
// else stays in the folder.
static void test_proofs_of_an_evaluation_same_for_any_threads(void **state)
{
    Fixture *f = *state;
    ParaTrainDef train_def = small_def(f, "run", "dr", 2, 1);
    train(&train_def, NULL, NULL, f->arena);
    static const char *const names[] = {"roll"};
    uint64_t hashes[3] = {0};
    for (int i = 0; i < 3; i++) {
        ParaEvalDef def = para_eval_def_default();
        def.run_folder = train_def.folder;
        def.families = names;
        def.family_count = 1;
        def.levels = 8;
        def.episodes = 10; // a level's episodes do not fit into one chunk of trials
        def.threads = i + 1;
        def.proofs_folder = para_arena_printf(f->arena, "%s/proofs-%d", f->folder, i);
        ParaEvalResult result;
        const char *error = NULL;
        if (!para_evaluate(&def, NULL, NULL, f->arena, &result, &error))
            fail_msg("%s", error);
        int proofs = 0;
        for (int level = 0; level < def.levels; level++) {
            ParaReplay *replay =
                para_replay_read(para_arena_printf(f->arena, "%s/roll-%03d.replay", def.proofs_folder, level),
                                 f->arena, &error);
            if (!replay)
                continue;
            proofs++;
            hashes[i] = para_hash(&replay->hashes[replay->decisions - 1], sizeof(uint64_t), hashes[i]);
        }
        assert_true(proofs > 0);
        assert_int_equal(proofs, result.proofs);
        assert_int_equal(files_in(def.proofs_folder), proofs);
        def.proofs_folder = para_arena_printf(f->arena, "%s/stopped-%d", f->folder, i);
        assert_false(para_evaluate(&def, stop_late, NULL, f->arena, &result, &error));
        assert_int_equal(files_in(def.proofs_folder), 0);
    }
    assert_true(hashes[0] == hashes[1] && hashes[0] == hashes[2]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_lesson[] = {
    TEST(test_dr_same_checkpoint_for_any_threads),
    TEST(test_training_continues_where_it_stopped),
    TEST(test_rates_are_those_of_the_lesson),
    TEST(test_run_keeps_its_own_settings),
    TEST(test_longest_horizon_is_a_run_that_reads),
    TEST(test_fewer_envs_than_families_is_refused),
    TEST(test_unknown_maker_is_named),
    TEST(test_proofs_of_an_evaluation_same_for_any_threads),
    TEST(test_vector_player_plays_its_own_family_only),
    TEST(test_evaluation_scores_all_players),
};
const size_t para_tests_lesson_count = sizeof para_tests_lesson / sizeof *para_tests_lesson;
