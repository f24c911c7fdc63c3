// SPDX-License-Identifier: MIT
// A training in a locale with a decimal comma: the same weights, card and config, and it goes on from them.
#include "agents/lesson/lesson.h"
#include "agents/run/run_folder.h"
#include "agents/run/safetensors.h"
#include "tests/comma_locale.h"

typedef struct Trained {
    uint64_t hash;
    const char *card, *config;
} Trained;

static Trained train(const char *folder, int lessons, ParaArena *arena)
{
    static const char *const families[] = {"roll", "balance"};
    const char *error = NULL, *path = NULL, *note = NULL;
    ParaTrainDef def = para_train_def_default();
    def.folder = folder;
    def.maker = "dr";
    def.families = families;
    def.family_count = 2;
    def.width = 16;
    def.envs = 8;
    def.horizon = 160; // some episodes end, so that the card has solve rates
    def.threads = 1;
    def.lessons = lessons;
    if (!para_train(&def, NULL, NULL, arena, &error))
        fail_msg("%s", error);
    ParaRun *run = para_run_open_read(folder, arena, &error);
    assert_non_null(run);
    Trained trained = {.config = para_arena_strdup(arena, para_run_config(run))};
    assert_int_equal(para_run_newest_checkpoint(run, arena, &path, &note), lessons - 1);
    para_run_close(run);
    int count = 0;
    const ParaTensor *tensors = para_safetensors_read(path, arena, &count, &trained.card, &error);
    assert_non_null(tensors);
    trained.hash = para_tensors_hash(tensors, count);
    return trained;
}

static void test_train_locale_changes_no_byte(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 31);
    train(scratch_path(&scratch, "plain"), 1, arena);
    Trained plain = train(scratch_path(&scratch, "plain"), 2, arena);
    bool known = true;
    for (int which = 0; which < COMMA_LOCALES && (known = comma_locale_enter(which)); which++) {
        const char *folder = scratch_path(&scratch, which ? "persian" : "german");
        train(folder, 1, arena);
        Trained comma = train(folder, 2, arena); // its config and card are read again
        comma_locale_leave();
        assert_int_equal(plain.hash, comma.hash);
        assert_string_equal(plain.card, comma.card);
        assert_string_equal(plain.config, comma.config);
    }
    scratch_remove(&scratch);
    para_arena_destroy(arena);
    if (!known)
        skip();
}

const struct CMUnitTest para_tests_train_locale[] = {
    cmocka_unit_test(test_train_locale_changes_no_byte),
};
const size_t para_tests_train_locale_count = sizeof para_tests_train_locale / sizeof *para_tests_train_locale;
