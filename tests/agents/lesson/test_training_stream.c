// SPDX-License-Identifier: MIT
// A training that learns worlds one after the other: stopped anywhere and gone on with it is the training
// that never stopped, by every method; what it is examined by is in its run; what cannot be had is refused.
#include "agents/lesson/lesson.h"
#include "agents/run/run_stream.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <stdlib.h>
#include <string.h>

enum { ENVS = 6, HORIZON = 8, DECISIONS = 200, WORLDS = 3, LESSONS = 15 };

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *push[2], *rise[2];
    ParaStreamWorld worlds[WORLDS];
    ParaWorldStream stream;
    const char *error;
    int heard, asked; ///< lessons heard of; questions whether to stop, yes from the `stop_at`th on
    int stop_at;
    char seen[WORLDS][PARA_NAME_MAX]; ///< the first family of each world
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)4 << 30);
    f->scratch = scratch_make();
    f->push[0] = tiny_path("push", f->arena), f->rise[0] = tiny_path("rise", f->arena);
    f->push[1] = f->rise[0];
    for (int w = 0; w < WORLDS; w++)
        f->worlds[w] = (ParaStreamWorld){.name = w == 1 ? "rise" : "push",
                                         .families = w == 1 ? f->rise : f->push,
                                         .family_count = w == 2 ? 2 : 1,
                                         .maker = w == 2 ? "sfl" : NULL,
                                         .decisions = DECISIONS};
    f->stream = (ParaWorldStream){.about = "", .points = 2, .world_count = WORLDS, .worlds = f->worlds};
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

static ParaTrainDef tiny_def(Fixture *f, const char *name, ParaKeepKind keep)
{
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(f->arena, "%s/%s", f->scratch.folder, name);
    def.maker = "dr";
    def.stream = &f->stream;
    def.keep = keep;
    def.width = 16;
    def.envs = ENVS;
    def.horizon = HORIZON;
    def.threads = 1;
    def.eval_levels = 2;
    def.checkpoint_seconds = 3600;
    def.settings.growth = 0;
    def.settings.clone_states = 32;
    def.settings.ewc_moments = 16;
    return def;
}

static bool listen(void *context, const ParaTrainStatus *status)
{
    Fixture *f = context;
    f->heard++;
    strncpy(f->seen[status->world_index], status->family_names[0], PARA_NAME_MAX - 1);
    return true;
}

static bool ask(void *context)
{
    Fixture *f = context;
    return f->stop_at > 0 && ++f->asked >= f->stop_at;
}

static void train(Fixture *f, const ParaTrainDef *def)
{
    if (!para_train(def, listen, f, f->arena, &f->error))
        fail_msg("%s", f->error);
}

static ParaStreamScore *scores_of(Fixture *f, const ParaTrainDef *def, int *out_count)
{
    ParaStreamScore *scores = NULL;
    ParaRun *run = para_run_open_read(def->folder, f->arena, &f->error);
    if (!run)
        fail_msg("%s", f->error);
    *out_count = para_run_stream_scores(run, f->arena, &scores);
    para_run_close(run);
    return scores;
}

static void assert_same_runs(Fixture *f, const ParaTrainDef *one, const ParaTrainDef *other)
{
    static const char *const endings[] = {"safetensors", "state"};
    for (int i = 0; i < 2; i++) {
        size_t size[2];
        char *bytes[2];
        for (int k = 0; k < 2; k++) {
            const char *path = para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.%s",
                                                 (k ? other : one)->folder, LESSONS - 1, endings[i]);
            bytes[k] = para_file_read(path, (size_t)64 << 20, f->arena, &size[k], &f->error);
            if (!bytes[k])
                fail_msg("%s", f->error);
        }
        assert_int_equal(size[0], size[1]);
        assert_memory_equal(bytes[0], bytes[1], size[0]);
    }
    int counts[2];
    ParaStreamScore *a = scores_of(f, one, &counts[0]), *b = scores_of(f, other, &counts[1]);
    assert_int_equal(counts[0], counts[1]);
    for (int i = 0; i < counts[0]; i++)
        assert_true(a[i].learning == b[i].learning && a[i].world == b[i].world && a[i].point == b[i].point &&
                    a[i].lesson == b[i].lesson && a[i].solve == b[i].solve && a[i].done == b[i].done);
}

static void test_training_stream_stopped_is_the_one_that_never_was(void **state)
{
    Fixture *f = *state;
    for (int keep = 0; keep < PARA_KEEP_METHODS; keep++) {
        const char *name = para_keep_name((ParaKeepKind)keep);
        ParaTrainDef whole = tiny_def(f, name, (ParaKeepKind)keep);
        ParaTrainDef parts = tiny_def(f, para_arena_printf(f->arena, "%s-parts", name), (ParaKeepKind)keep);
        train(f, &whole);
        const int stops[] = {1, 4, 5, 6, 9, 10, 11, 14};
        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) { // at worlds' ends and between
            parts.lessons = stops[i];
            train(f, &parts);
        }
        parts.lessons = 0;
        train(f, &parts);
        assert_same_runs(f, &whole, &parts);
    }
}

/// A last rollout of each world is looked at by the method alone: it leaves no rows, whose files would be
/// gone.
static void test_training_stream_rows_of_failures_have_their_files(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "files", PARA_KEEP_clone);
    f->worlds[0].decisions = 40; // it ends while there is room for a failure, which the last rollout has
    def.horizon = 64;
    def.settings.first_horizon = 1;
    def.settings.growth = 1e-9;
    train(f, &def);
    sqlite3 *database = database_open(def.folder);
    sqlite3_stmt *row = database_query(database, "SELECT file FROM failures");
    int count = 0;
    for (; sqlite3_step(row) == SQLITE_ROW; count++)
        assert_true(para_file_exists(
            para_arena_printf(f->arena, "%s/%s", def.folder, (const char *)sqlite3_column_text(row, 0))));
    assert_true(count > 0);
    sqlite3_finalize(row);
    sqlite3_close(database);
}

/// Told to stop at every moment at which it asks, also while a world is left.
static void test_training_stream_interrupted_is_the_one_that_never_was(void **state)
{
    Fixture *f = *state;
    static const ParaKeepKind kinds[] = {PARA_KEEP_clone, PARA_KEEP_skills};
    for (int k = 0; k < 2; k++) {
        ParaTrainDef whole = tiny_def(f, k ? "skills" : "clone", kinds[k]);
        ParaTrainDef parts = tiny_def(f, k ? "skills-parts" : "clone-parts", kinds[k]);
        train(f, &whole);
        parts.stop = ask;
        parts.stop_context = f;
        int calls = 0;
        for (f->heard = 0; calls < 60; calls++) {
            int before = f->heard;
            f->asked = 0, f->stop_at = 31 + 3 * calls * calls; // in the midst of examinations, too
            train(f, &parts);
            if (f->heard == before &&
                para_file_exists(para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.state", parts.folder,
                                                   LESSONS - 1)))
                break;
        }
        assert_in_range(calls, 3, 59);
        f->stop_at = 0;
        train(f, &parts);
        assert_same_runs(f, &whole, &parts);
    }
}

static void test_training_stream_is_examined_in_all_worlds_so_far(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", PARA_KEEP_finetune);
    train(f, &def);
    assert_string_equal(f->seen[0], "push");
    assert_string_equal(f->seen[1], "rise");
    int count = 0;
    ParaStreamScore *scores = scores_of(f, &def, &count);
    int ends = 0, points = 0;
    for (int i = 0; i < count; i++) {
        assert_true(scores[i].world <= scores[i].learning && scores[i].levels >= 2);
        ends += scores[i].point == 2 && scores[i].done == 1.0;
        points += scores[i].point < 2 && scores[i].world == scores[i].learning;
    }
    assert_int_equal(ends, 1 + 2 + 3);
    assert_int_equal(points, 2 * WORLDS);
    // Reports name the families of the run, whichever world they were played in.
    sqlite3 *database = database_open(def.folder);
    assert_true(database_whole(database, "SELECT count(*) FROM reports JOIN families USING (family) WHERE "
                                         "name = 'rise' AND lesson BETWEEN 5 AND 9") > 0);
    assert_int_equal(database_whole(database,
                                    "SELECT count(*) FROM reports JOIN families USING (family) WHERE name = "
                                    "'push' AND lesson BETWEEN 5 AND 9"),
                     0);
    sqlite3_close(database);
    // The player at the end is saved, and a training that is at its end stays there.
    int before = f->heard;
    train(f, &def);
    assert_int_equal(f->heard, before);
}

static void refuse(Fixture *f, const ParaTrainDef *def, const char *words)
{
    if (para_train(def, listen, f, f->arena, &f->error))
        fail_msg("it was trained");
    if (!strstr(f->error, words))
        fail_msg("\"%s\" is not in: %s", words, f->error);
}

static void test_training_stream_refuses_what_it_cannot_have(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "none", PARA_KEEP_clone);
    def.obs = PARA_OBS_VECTOR;
    refuse(f, &def, "--obs entities sees every world");
    def.obs = PARA_OBS_ENTITIES;
    def.recurrent = true;
    refuse(f, &def, "--recurrent");
    def.recurrent = false;
    def.model = true;
    refuse(f, &def, "--model");
    def = tiny_def(f, "none", PARA_KEEP_own);
    def.settings.muon = 1;
    refuse(f, &def, "--muon");
    def = tiny_def(f, "none", PARA_KEEP_finetune);
    f->worlds[1].maker = "surprise";
    refuse(f, &def, "surprise");
    f->worlds[1].maker = NULL;
    f->worlds[1].range_count = 1;
    f->worlds[1].ranges = &(ParaStreamRange){.name = "nonsense", .low = 0, .high = 1};
    refuse(f, &def, "nonsense");
    f->worlds[1].range_count = 0;
}

static void test_training_stream_needs_the_state_of_its_checkpoint(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "lost", PARA_KEEP_clone);
    def.lessons = 6;
    train(f, &def);
    assert_true(
        para_file_remove(para_arena_printf(f->arena, "%s/checkpoints/lesson-000005.state", def.folder)));
    // An older one whose state is whole takes its place; without any it is refused.
    const char *older = para_arena_printf(f->arena, "%s/checkpoints/lesson-000004.state", def.folder);
    if (para_file_exists(older))
        para_file_remove(older);
    def.lessons = 7;
    refuse(f, &def, "put it back from a backup");
}

static void test_training_stream_takes_its_reference_from_another_run(void **state)
{
    Fixture *f = *state;
    ParaTrainDef alone = tiny_def(f, "alone", PARA_KEEP_alone), def = tiny_def(f, "run", PARA_KEEP_finetune);
    def.reference = alone.folder;
    refuse(f, &def, "reference");
    alone.lessons = 6;
    train(f, &alone);
    refuse(f, &def, "whole stream");
    alone.lessons = 0;
    train(f, &alone);
    train(f, &def);
    double areas[WORLDS + 1];
    ParaRun *run = para_run_open_read(def.folder, f->arena, &f->error);
    para_run_stream_reference(run, areas, WORLDS + 1);
    para_run_close(run);
    for (int w = 0; w < WORLDS; w++)
        assert_true(areas[w] >= 0 && areas[w] <= 1);
    assert_true(areas[WORLDS] < 0);
    f->worlds[0].decisions = 100; // another stream
    ParaTrainDef other = tiny_def(f, "other", PARA_KEEP_finetune);
    other.reference = alone.folder;
    refuse(f, &other, "no reference for this stream");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_training_stream[] = {
    TEST(test_training_stream_stopped_is_the_one_that_never_was),
    TEST(test_training_stream_rows_of_failures_have_their_files),
    TEST(test_training_stream_interrupted_is_the_one_that_never_was),
    TEST(test_training_stream_is_examined_in_all_worlds_so_far),
    TEST(test_training_stream_refuses_what_it_cannot_have),
    TEST(test_training_stream_needs_the_state_of_its_checkpoint),
    TEST(test_training_stream_takes_its_reference_from_another_run),
};
const size_t para_tests_training_stream_count =
    sizeof para_tests_training_stream / sizeof *para_tests_training_stream;
