// SPDX-License-Identifier: MIT
// A training inside a dream: its worlds are run by the model in the run's folder, its player plays in the
// engine, and what was dreamed proves nothing.
#include "agents/model/model.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/lesson/tiny_run.h"
#include "tests/tests.h"

#include <string.h>

/// A model that knows nothing yet: it dreams of free flight, nearly.
static const char *model_file(TinyRun *f)
{
    ParaModelDef def = para_model_def_default();
    const char *error = NULL, *path = para_arena_printf(f->arena, "%s/dream.safetensors", f->scratch.folder);
    def.width = 16;
    assert_true(para_model_write(path, para_model_create(&def, 3, f->arena), NULL, f->arena, &error));
    return path;
}

static ParaTrainDef dream_def(TinyRun *f, const char *name, int lessons)
{
    ParaTrainDef def = tiny_run_def(f, name, "dr", 2, lessons);
    def.in_dream = model_file(f);
    return def;
}

static void test_worlds_are_dreamed(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = dream_def(f, "dreamt", 4);
    tiny_run_train(f, &def);
    sqlite3 *database = database_open(def.folder);
    assert_true(database_whole(database, "SELECT count(*) FROM reports WHERE solver = 'dream'") > 10);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM reports WHERE solver <> 'dream'"), 0);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM proofs"), 0);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM failures"), 0);
    sqlite3_close(database);
    const char *own = para_arena_printf(f->arena, "%s/in-dream.safetensors", def.folder);
    assert_true(para_file_exists(own));
    // It goes on without the file it came from, and is told that it dreams no more.
    para_file_remove(def.in_dream);
    def.in_dream = NULL;
    def.lessons = 6;
    tiny_run_train(f, &def);
    database = database_open(def.folder);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM reports WHERE solver <> 'dream'"), 0);
    assert_int_equal(database_whole(database, "SELECT max(lesson) FROM lessons"), 5);
    sqlite3_close(database);
}

static void test_same_on_any_number_of_threads(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef one = dream_def(f, "one", 4), two = dream_def(f, "two", 4);
    const char *error = NULL;
    size_t size[2];
    one.threads = 1;
    tiny_run_train(f, &one);
    tiny_run_train(f, &two);
    const char *bytes[2];
    const ParaTrainDef *defs[2] = {&one, &two};
    for (int i = 0; i < 2; i++)
        bytes[i] = para_file_read(
            para_arena_printf(f->arena, "%s/checkpoints/lesson-000003.safetensors", defs[i]->folder),
            (size_t)64 << 20, f->arena, &size[i], &error);
    assert_true(bytes[0] && bytes[1] && size[0] == size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
}

/// Longest dream of an episode that ended, in decisions of it: those of true play before count along.
static void test_no_dream_is_longer_than_it_may_be(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = dream_def(f, "short", 4);
    def.settings.dream_seconds = 0.19;
    tiny_run_train(f, &def);
    sqlite3 *database = database_open(def.folder);
    assert_true(database_whole(database, "SELECT count(*) FROM reports WHERE ending = 'cut'") > 10);
    // Half of them begin at their level's start, and are no longer than three decisions of a fifteenth.
    assert_true(
        database_whole(database, "SELECT count(*) FROM reports WHERE ending = 'cut' AND decisions = 3") > 5);
    assert_int_equal(
        database_whole(database, "SELECT count(*) FROM reports WHERE ending = 'cut' AND decisions < 3"), 0);
    sqlite3_close(database);
}

/// A ball whose mass nobody sees weighs in a dream what it would at a density of one.
static void test_hidden_masses_are_hidden_from_the_dream(void **state)
{
    TinyRun *f = *state;
    const char *families[] = {"lever"};
    ParaTrainDef def = dream_def(f, "lever", 2);
    def.families = families;
    def.family_count = 1;
    TinyOpened *opened = tiny_run_open(f, &def);
    const ParaBatch *batch = opened->training.batch;
    int hidden = 0;
    para_training_begin(&opened->training);
    for (int e = 0; e < batch->def.envs; e++) {
        const ParaEnv *env = &batch->envs[e];
        const ParaView *view = para_world_view(env->world);
        const ParaWorldDef seen = para_level_seen(env->level, f->arena);
        ParaModelFacts known = para_model_facts(&seen, f->arena);
        for (int b = 0; b < env->level->world.body_count; b++) {
            if (!para_level_hides_mass(env->level, b))
                continue;
            hidden++;
            assert_float_equal(view->mass[b * view->stride] * known.bodies[b].inverse_mass, 1.0f, 1e-4f);
        }
    }
    assert_true(hidden >= batch->def.envs);
    para_training_close(&opened->training);
}

static void test_what_cannot_be(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = dream_def(f, "a", 2);
    def.maker = "sfl";
    tiny_run_refused(f, &def, "--maker dr");
    assert_false(para_file_exists(def.folder)); // no run is begun by it
    def = dream_def(f, "b", 2);
    def.model = true;
    tiny_run_refused(f, &def, "exclude each other");
    def = dream_def(f, "c", 2);
    def.settings.surprises = 1;
    tiny_run_refused(f, &def, "exclude each other");
    def = dream_def(f, "d", 2);
    def.in_dream = "nowhere.safetensors";
    tiny_run_refused(f, &def, "nowhere.safetensors");
    def = dream_def(f, "e", 2);
    def.in_dream = f->families[0]; // a template
    tiny_run_refused(f, &def, "push.json");
    def.in_dream = model_file(f); // and the folder is still good for the right one
    tiny_run_train(f, &def);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_set_up, tiny_run_tear_down)

const struct CMUnitTest para_tests_training_dream[] = {
    TEST(test_worlds_are_dreamed),
    TEST(test_same_on_any_number_of_threads),
    TEST(test_no_dream_is_longer_than_it_may_be),
    TEST(test_hidden_masses_are_hidden_from_the_dream),
    TEST(test_what_cannot_be),
};
const size_t para_tests_training_dream_count =
    sizeof para_tests_training_dream / sizeof *para_tests_training_dream;
