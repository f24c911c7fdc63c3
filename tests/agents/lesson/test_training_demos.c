// SPDX-License-Identifier: MIT
// A training that begins with what others did: it is whole in its folder, it helps, and goes on as if it had
// never stopped.
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/lesson/tiny_run.h"
#include "tests/tests.h"

#include <string.h>

/// Proofs of another training, as files to imitate.
static ParaTrainDef with_demos(TinyRun *f, const char *name, int lessons)
{
    ParaTrainDef teacher = tiny_run_def(f, "teacher", "dr", 1, 40),
                 def = tiny_run_def(f, name, "dr", 1, lessons);
    const char *folder = para_arena_printf(f->arena, "%s/proofs", teacher.folder), *error = NULL;
    const char **names = NULL;
    if (!para_file_exists(teacher.folder))
        tiny_run_train(f, &teacher);
    int count = para_folder_list(folder, ".replay", f->arena, &names, &error);
    assert_true(count >= 2);
    const char **files = PARA_NEW(f->arena, const char *, 24);
    for (int i = 0; i < 24; i++) // few are there: each counts several times
        files[i] = para_arena_printf(f->arena, "%s/%s.replay", folder, names[i % count]);
    def.from = files;
    def.from_count = 24;
    def.settings.learning_rate = 1e-5; // so that what it can, it has from them
    return def;
}

static void test_it_begins_with_what_they_did(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef taught = with_demos(f, "taught", 12), plain = taught;
    plain.folder = para_arena_printf(f->arena, "%s/plain", f->scratch.folder);
    plain.from_count = 0;
    tiny_run_train(f, &taught);
    float solved = f->told.solve[11][0];
    tiny_run_train(f, &plain);
    assert_true(solved > f->told.solve[11][0] + 0.1f);
    for (int i = 0; i < 24; i++)
        assert_true(para_file_exists(para_arena_printf(f->arena, "%s/demos/%05d.replay", taught.folder, i)));
}

static const char *checkpoint(TinyRun *f, const ParaTrainDef *def, size_t *size)
{
    const char *error = NULL;
    return para_file_read(
        para_arena_printf(f->arena, "%s/checkpoints/lesson-000007.safetensors", def->folder),
        (size_t)64 << 20, f->arena, size, &error);
}

static void test_it_goes_on_as_if_it_had_not_stopped(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef whole = with_demos(f, "whole", 8), parts = with_demos(f, "parts", 3);
    size_t one = 0, two = 0;
    whole.schedule_lessons = parts.schedule_lessons = 10; // it still imitates beside in the last
    tiny_run_train(f, &whole);
    tiny_run_train(f, &parts);
    parts.lessons = 8;
    parts.from = NULL; // its own folder has them
    parts.from_count = 0;
    parts.threads = 1;
    tiny_run_train(f, &parts);
    const char *a = checkpoint(f, &whole, &one), *b = checkpoint(f, &parts, &two);
    assert_true(a && b && one == two);
    assert_memory_equal(a, b, one);
}

static void test_what_cannot_be(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = with_demos(f, "few", 2);
    def.from_count = 1; // one episode of fewer than 40 decisions
    tiny_run_refused(f, &def, "fewer than 40");
    def = with_demos(f, "gone", 2);
    def.schedule_lessons = 100;
    tiny_run_train(f, &def);
    para_file_remove(para_arena_printf(f->arena, "%s/demos/00003.replay", def.folder));
    def.from_count = 0;
    def.lessons = 4;
    tiny_run_refused(f, &def, "of 24 episodes that it imitates 23 are in");
    def = with_demos(f, "damaged", 2);
    const char *bad = para_arena_printf(f->arena, "%s/bad.replay", f->scratch.folder);
    scratch_write(bad, "no replay", 9);
    ((const char **)def.from)[5] = bad;
    tiny_run_refused(f, &def, "bad.replay");
}

const struct CMUnitTest para_tests_training_demos[] = {
    cmocka_unit_test_setup_teardown(test_it_begins_with_what_they_did, tiny_run_set_up, tiny_run_tear_down),
    cmocka_unit_test_setup_teardown(test_it_goes_on_as_if_it_had_not_stopped, tiny_run_set_up,
                                    tiny_run_tear_down),
    cmocka_unit_test_setup_teardown(test_what_cannot_be, tiny_run_set_up, tiny_run_tear_down),
};
const size_t para_tests_training_demos_count =
    sizeof para_tests_training_demos / sizeof *para_tests_training_demos;
