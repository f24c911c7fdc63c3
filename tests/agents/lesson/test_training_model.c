// SPDX-License-Identifier: MIT
// A training that keeps a model beside the player: the player is bit for bit what it is without, the model is
// readable at any time and goes on with the run. And curiosity: what it changes, and what it may not.
#include "agents/model/model.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/lesson/tiny_run.h"
#include "tests/tests.h"

#include <cjson/cJSON.h>
#include <string.h>

enum { LESSONS = 8 };

static const char *checkpoint(TinyRun *f, const char *folder, const char *ending, size_t *out_size)
{
    const char *error = NULL, *path = para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.%s", folder,
                                                        LESSONS - 1, ending);
    const char *bytes = para_file_read(path, (size_t)64 << 20, f->arena, out_size, &error);
    if (!bytes)
        fail_msg("%s", error);
    return bytes;
}

static bool same(TinyRun *f, const ParaTrainDef *one, const ParaTrainDef *other, const char *ending)
{
    size_t a = 0, b = 0;
    const char *left = checkpoint(f, one->folder, ending, &a),
               *right = checkpoint(f, other->folder, ending, &b);
    return a == b && memcmp(left, right, a) == 0;
}

static const char *model_path(TinyRun *f, const ParaTrainDef *def)
{
    return para_arena_printf(f->arena, "%s/model.safetensors", def->folder);
}

/// Of the card of a run's model.
static double told(TinyRun *f, const ParaTrainDef *def, const char *name)
{
    const char *card = NULL, *error = NULL;
    if (!para_model_read(model_path(f, def), f->arena, &card, &error))
        fail_msg("%s", error);
    cJSON *root = cJSON_Parse(card);
    const cJSON *item = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "about"), name);
    assert_true(cJSON_IsNumber(item));
    double value = item->valuedouble;
    cJSON_Delete(root);
    return value;
}

static void test_player_is_what_it_is_without(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef plain = tiny_run_def(f, "plain", "sfl", 2, LESSONS),
                 beside = tiny_run_def(f, "beside", "sfl", 2, LESSONS);
    beside.model = true;
    tiny_run_train(f, &plain);
    assert_false(para_file_exists(model_path(f, &plain)));
    tiny_run_train(f, &beside);
    assert_true(same(f, &plain, &beside, "safetensors") && same(f, &plain, &beside, "state"));
    assert_true(told(f, &beside, "steps_each") > 100 && told(f, &beside, "play_seconds") > 1);
    assert_int_equal(told(f, &beside, "lesson"), LESSONS - 1);
    const ParaStatistics *last = &f->told.now[LESSONS - 1];
    assert_true(last->model_error > 0 && last->model_doubt > 0 && last->share_model > 0);
    sqlite3 *database = database_open(beside.folder);
    assert_true(database_whole(database, "SELECT count(*) FROM reports WHERE model_error > 0 AND"
                                         " model_doubt > 0") > 20);
    assert_true(database_whole(database, "SELECT count(*) FROM lessons WHERE model_error > 0") >=
                LESSONS - 1);
    sqlite3_close(database);
    database = database_open(plain.folder);
    assert_int_equal(database_whole(database, "SELECT count(model_error) + count(model_doubt) FROM reports"),
                     0);
    sqlite3_close(database);
}

static void test_goes_on_with_the_run(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef whole = tiny_run_def(f, "whole", "dr", 2, LESSONS),
                 parts = tiny_run_def(f, "parts", "dr", 2, LESSONS);
    tiny_run_train(f, &whole);
    parts.model = true;
    f->told.stop_after = 4;
    tiny_run_train(f, &parts);
    double before = told(f, &parts, "play_seconds");
    parts.model = false; // the run keeps on with it
    f->told.stop_after = 0;
    tiny_run_train(f, &parts);
    assert_true(same(f, &whole, &parts, "safetensors") && same(f, &whole, &parts, "state"));
    assert_true(told(f, &parts, "play_seconds") > before);
    assert_int_equal(told(f, &parts, "lesson"), LESSONS - 1);
}

static void expect_refused(TinyRun *f, const ParaTrainDef *def, const char *words)
{
    const char *error = NULL;
    assert_false(para_train(def, NULL, NULL, f->arena, &error));
    if (!error || !strstr(error, words))
        fail_msg("\"%s\" says not \"%s\"", error ? error : "nothing", words);
}

static void test_a_model_that_does_not_read_is_refused(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "spoilt", "dr", 2, 2);
    const char *error = NULL;
    def.model = true;
    tiny_run_train(f, &def);
    size_t size = 0;
    char *bytes = para_file_read(model_path(f, &def), (size_t)64 << 20, f->arena, &size, &error);
    assert_true(para_file_write(model_path(f, &def), bytes, size / 2, f->arena, &error));
    def.lessons = 3;
    expect_refused(f, &def, "remove it: then a new one is begun");
    assert_int_equal(para_file_size(model_path(f, &def)), (int64_t)size / 2); // and is left as it is
    para_file_remove(model_path(f, &def));
    tiny_run_train(f, &def);
    assert_true(told(f, &def, "lesson") == 2);
}

static void test_what_cannot_be_had_together(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "no", "dr", 1, 2);
    def.curiosity = PARA_CURIOSITY_DISAGREEMENT;
    expect_refused(f, &def, "train with --model");
    def = tiny_run_def(f, "no2", "surprise", 1, 2);
    expect_refused(f, &def, "train with --model");
    const char *const by_values[] = {"plr", "plr-maxmc", "accel"};
    for (int i = 0; i < 3; i++) {
        def = tiny_run_def(f, para_arena_printf(f->arena, "no3%d", i), by_values[i], 1, 2);
        def.curiosity = PARA_CURIOSITY_PLACES;
        expect_refused(f, &def, "take another maker");
    }
}

/// The account of an episode knows nothing of curiosity: what a lesson's episodes earned is the same, until
/// the player has learned from it.
static void reports_are_true(TinyRun *f, ParaCuriosityKind kind, const char *name)
{
    ParaTrainDef plain = tiny_run_def(f, para_arena_printf(f->arena, "plain-%s", name), "dr", 2, LESSONS),
                 curious = tiny_run_def(f, para_arena_printf(f->arena, "curious-%s", name), "dr", 2, LESSONS);
    curious.curiosity = kind;
    curious.model = kind == PARA_CURIOSITY_DISAGREEMENT;
    curious.settings.curiosity_weight = 1;
    curious.settings.curiosity_fade = 0;
    tiny_run_train(f, &plain);
    TinyTold without = f->told;
    tiny_run_train(f, &curious);
    for (int lesson = 0; lesson < 2; lesson++) // the first is measured, not learned from
        assert_true(without.now[lesson].reward_mean == f->told.now[lesson].reward_mean &&
                    without.now[lesson].solved == f->told.now[lesson].solved);
    assert_false(same(f, &plain, &curious, "safetensors"));
    sqlite3 *database = database_open(curious.folder);
    assert_int_equal(database_whole(database, "SELECT count(surprise) FROM reports"), 0); // nobody judged
    sqlite3_close(database);
}

static void test_reports_are_true_by_places(void **state)
{
    reports_are_true(*state, PARA_CURIOSITY_PLACES, "places");
}

static void test_reports_are_true_by_disagreement(void **state)
{
    reports_are_true(*state, PARA_CURIOSITY_DISAGREEMENT, "disagreement");
}

/// By places a run that stops goes on as if it had not, on any number of threads; by disagreement the same
/// seed is the same training.
static void test_curiosity_goes_on(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef whole = tiny_run_def(f, "whole", "dr", 2, LESSONS),
                 parts = tiny_run_def(f, "parts", "dr", 2, LESSONS);
    whole.curiosity = parts.curiosity = PARA_CURIOSITY_PLACES;
    tiny_run_train(f, &whole);
    parts.threads = 1;
    f->told.stop_after = 3;
    tiny_run_train(f, &parts);
    f->told.stop_after = 0;
    parts.curiosity = PARA_CURIOSITY_NONE; // the run keeps its own
    tiny_run_train(f, &parts);
    assert_true(same(f, &whole, &parts, "safetensors") && same(f, &whole, &parts, "state"));
    ParaTrainDef one = tiny_run_def(f, "one", "surprise", 2, LESSONS),
                 two = tiny_run_def(f, "two", "surprise", 2, LESSONS);
    one.model = two.model = true;
    one.curiosity = two.curiosity = PARA_CURIOSITY_DISAGREEMENT;
    one.settings.buffer = two.settings.buffer = 16;
    two.threads = 1;
    tiny_run_train(f, &one);
    tiny_run_train(f, &two);
    assert_true(same(f, &one, &two, "safetensors") && same(f, &one, &two, "state"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_set_up, tiny_run_tear_down)

const struct CMUnitTest para_tests_training_model[] = {
    TEST(test_player_is_what_it_is_without),
    TEST(test_goes_on_with_the_run),
    TEST(test_a_model_that_does_not_read_is_refused),
    TEST(test_what_cannot_be_had_together),
    TEST(test_reports_are_true_by_places),
    TEST(test_reports_are_true_by_disagreement),
    TEST(test_curiosity_goes_on),
};
const size_t para_tests_training_model_count =
    sizeof para_tests_training_model / sizeof *para_tests_training_model;
