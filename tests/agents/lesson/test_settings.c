// SPDX-License-Identifier: MIT
// Hyper-parameters: the list, what a run keeps of them, and that each reaches what it is for.
#include "agents/lesson/presets.h"
#include "agents/lesson/settings.h"
#include "agents/lesson/training.h"
#include "engine/base/file.h"
#include "tests/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef PARA_SOURCE_DIR
#define PARA_SOURCE_DIR "."
#endif

/// A value of the row's range that is not its default.
static double another(const ParaSetting *row)
{
    bool up = row->preset < row->high;
    double middle = 0.5 * (row->preset + (up ? row->high : row->low));
    return row->kind == PARA_SETTING_REAL ? middle : up ? (double)(int)(middle + 0.5) : (double)(int)middle;
}

static void test_settings_are_in_range_and_told_apart(void **state)
{
    (void)state;
    ParaSettings settings = para_settings_default();
    for (int i = 0; i < PARA_SETTING_COUNT; i++) {
        const ParaSetting *row = &para_settings[i];
        assert_true(row->low <= row->preset && row->preset <= row->high);
        assert_true(para_setting_value(&settings, row) == row->preset);
        assert_true(another(row) != row->preset);
        para_setting_set(&settings, row, another(row));
        for (int k = 0; k < PARA_SETTING_COUNT; k++) { // no row writes another's field
            double want = k <= i ? another(&para_settings[k]) : para_settings[k].preset;
            assert_true(para_setting_value(&settings, &para_settings[k]) == want);
            assert_true(i == k || (strcmp(row->name, para_settings[k].name) != 0 &&
                                   strcmp(row->option, para_settings[k].option) != 0));
        }
    }
}

// With one try for each candidate sfl would never keep a level, without a word: see the tests of the maker.
static void test_settings_leave_sfl_outcomes_that_can_differ(void **state)
{
    (void)state;
    int asked = 0;
    for (int i = 0; i < PARA_SETTING_COUNT; i++) {
        if (para_settings[i].offset != offsetof(ParaSettings, tries))
            continue;
        assert_true(para_settings[i].low == 2);
        asked++;
    }
    assert_int_equal(asked, 1);
}

static void test_settings_have_a_row_in_the_docs(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 24);
    const char *error = NULL;
    size_t size = 0;
    const char *text =
        para_file_read(PARA_SOURCE_DIR "/docs/training.md", (size_t)1 << 20, arena, &size, &error);
    assert_non_null(text);
    for (int i = 0; i < PARA_SETTING_COUNT; i++) {
        const ParaSetting *row = &para_settings[i];
        const char *place = strstr(text, para_arena_printf(arena, "| `--%s` | ", row->option));
        if (!place)
            fail_msg("docs/training.md has no row for --%s", row->option);
        assert_true(strtod(place + strlen("| `--` | ") + strlen(row->option), NULL) == row->preset);
        const char *about = strstr(place, row->about), *end = strchr(place, '\n');
        assert_true(about && end && about < end);
    }
    para_arena_destroy(arena);
}

/// What a training of this def opens with.
typedef struct Config {
    ParaArena *arena;
    ParaTrainDef def;
    const char *text;
} Config;

static Config config_of_others(void)
{
    static const char *const family[] = {"roll"};
    static const char *names[] = {"roll"};
    static const ParaTemplateText texts[] = {{.source = "roll"}};
    static const ParaFamilies families = {.count = 1, .names = names, .texts = texts};
    Config config = {.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 26),
                     .def = para_train_def_default()};
    config.def.folder = "runs/x";
    config.def.families = family;
    config.def.family_count = 1;
    for (int i = 0; i < PARA_SETTING_COUNT; i++)
        para_setting_set(&config.def.settings, &para_settings[i], another(&para_settings[i]));
    para_train_settle_sizes(&config.def, 1);
    config.text = para_training_config_text(&config.def, &families, config.arena);
    return config;
}

static void test_settings_are_kept_by_the_config(void **state)
{
    (void)state;
    Config config = config_of_others();
    ParaTrainDef read = para_train_def_default();
    const char *error = NULL;
    assert_true(para_training_config_read(&read, config.text, config.arena, &error));
    for (int i = 0; i < PARA_SETTING_COUNT; i++)
        assert_true(para_setting_value(&read.settings, &para_settings[i]) == another(&para_settings[i]));
    // An older run names none of them.
    const char *settings = strstr(config.text, "\"settings\"");
    assert_non_null(settings);
    const char *older =
        para_arena_printf(config.arena, "%.*s\"settings_of_others\"%s", (int)(settings - config.text),
                          config.text, settings + strlen("\"settings\""));
    assert_true(para_training_config_read(&read, older, config.arena, &error));
    for (int i = 0; i < PARA_SETTING_COUNT; i++)
        assert_true(para_setting_value(&read.settings, &para_settings[i]) == para_settings[i].older);
    para_arena_destroy(config.arena);
}

static void test_settings_changed_by_hand_are_refused_by_name(void **state)
{
    (void)state;
    const struct {
        const char *from, *to, *words;
    } changes[] = {
        {"\"epochs\":", "\"epochs\": 0.5, \"x\":", "\"epochs\" must be a whole number from 1 to 100"},
        {"\"tries\":", "\"tries\": \"3\", \"x\":", "\"tries\" must be a whole number from 2 to 100"},
        {"\"clip\":", "\"clip\": 1.5, \"x\":", "\"clip\" must be a number from 0.001 to 0.999"},
        {"\"discount\":", "\"discount\": -1, \"x\":", "\"discount\" must be a number from 0 to 1"},
    };
    Config config = config_of_others();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        ParaTrainDef read = config.def;
        const char *error = NULL, *place = strstr(config.text, changes[i].from);
        assert_non_null(place);
        const char *text = para_arena_printf(config.arena, "%.*s%s%s", (int)(place - config.text),
                                             config.text, changes[i].to, place + strlen(changes[i].from));
        assert_false(para_training_config_read(&read, text, config.arena, &error));
        if (!strstr(error, changes[i].words))
            fail_msg("%s", error);
    }
    para_arena_destroy(config.arena);
}

static void test_settings_reach_the_learner(void **state)
{
    (void)state;
    ParaTrainDef def = para_train_def_default();
    para_train_settle_sizes(&def, 10);
    ParaPpoDef usual = para_train_learner(&def), want = para_ppo_def_default(def.envs, def.horizon);
    size_t last =
        offsetof(ParaPpoDef, masked) + sizeof want.masked; // behind it is padding, which may be anything
    assert_memory_equal(&usual, &want, last);              // both say the same defaults
    def.settings.epochs = 5;
    def.settings.minibatches = 3;
    def.settings.learning_rate = 0.25;
    def.settings.kl_stop = 0.5;
    def.settings.discount = 0.75;
    def.settings.gae_lambda = 0.5;
    def.settings.clip = 0.125;
    def.settings.value_clip = 4;
    def.settings.entropy = 0.0625;
    def.settings.entropy_enough = 0.375;
    def.settings.value_weight = 2;
    def.settings.gradient_max = 8;
    ParaPpoDef ppo = para_train_learner(&def);
    assert_int_equal(ppo.epochs, 5);
    assert_int_equal(ppo.minibatches, 3);
    assert_true(ppo.learning_rate == 0.25f && ppo.kl_stop == 0.5f && ppo.discount == 0.75f &&
                ppo.lambda == 0.5f);
    assert_true(ppo.clip == 0.125f && ppo.value_clip == 4.0f && ppo.entropy == 0.0625f &&
                ppo.entropy_enough == 0.375f);
    assert_true(ppo.value_weight == 2.0f && ppo.gradient_max == 8.0f);
    ParaTraining t = {.def = def};
    t.def.settings.rate_end = 0.5;
    t.def.lessons = 4;
    t.lessons = 2;
    assert_true(para_training_rate(&t) == 0.1875f); // half of the way from 1/4 to 1/8
}

static void test_sizes_are_those_of_the_families_unless_asked_for(void **state)
{
    (void)state;
    const struct {
        int envs, horizon, families, want_envs, want_horizon;
    } rows[] = {{0, 0, 1, 32, 512},     {0, 0, 2, 64, 256},  {0, 0, 8, 256, 64}, {0, 0, 10, 256, 64},
                {0, 0, 300, 300, 54},   {64, 0, 1, 64, 256}, {0, 20, 1, 32, 20}, {7, 9, 3, 7, 9},
                {8192, 0, 1, 8192, 16}, {1, 0, 1, 1, 4096}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ParaTrainDef def = para_train_def_default();
        assert_true(def.envs == 0 && def.horizon == 0);
        def.envs = rows[i].envs;
        def.horizon = rows[i].horizon;
        para_train_settle_sizes(&def, rows[i].families);
        assert_int_equal(def.envs, rows[i].want_envs);
        assert_int_equal(def.horizon, rows[i].want_horizon);
    }
}

static void test_lessons_grow_with_what_was_played(void **state)
{
    (void)state;
    ParaTrainDef def = para_train_def_default();
    def.envs = 100;
    def.horizon = 64;
    def.settings.first_horizon = 16;
    def.settings.growth = 0.01;
    const int64_t decisions[] = {0, 160000, 170999, 171000, 400000, 639999, 640000, INT64_MAX};
    const int horizon[] = {16, 16, 17, 17, 40, 63, 64, 64};
    for (int i = 0; i < 8; i++)
        assert_int_equal(para_train_horizon(&def, decisions[i]), horizon[i]);
    def.settings.growth = 0;
    assert_int_equal(para_train_horizon(&def, 0), 64);
    def.settings.growth = 0.01;
    def.horizon = 8; // shorter than the first: all are of this length
    assert_int_equal(para_train_horizon(&def, 0), 8);
    assert_int_equal(para_train_horizon(&def, 1 << 20), 8);
    def.settings.minibatches = 10;
    assert_int_equal(para_train_minibatches(&def, 8), 10);
    assert_int_equal(para_train_minibatches(&def, 4), 6); // 400 decisions, 64 each
    def.envs = 8;
    assert_int_equal(para_train_minibatches(&def, 4), 1);
}

static void test_settings_that_a_run_keeps_are_told(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 24);
    ParaTrainDef asked = para_train_def_default(), own = asked;
    assert_null(para_training_config_kept(&asked, &own, arena));
    own.width = 64; // nothing was asked for: the default is not a wish
    own.settings.epochs = 4;
    assert_null(para_training_config_kept(&asked, &own, arena));
    asked.width = 32;
    asked.seed = 9;
    asked.maker = "dr";
    asked.solver = PARA_SOLVER_CHIPMUNK;
    asked.settings.learning_rate = 3e-4;
    const char *told = para_training_config_kept(&asked, &own, arena);
    assert_string_equal(told, "the run keeps its own maker sfl (not dr), solver auto (not chipmunk), width "
                              "64 (not 32), seed 1 (not 9), learning-rate 0.002 (not "
                              "0.0003); train into another folder for others");
    para_arena_destroy(arena);
}

static void test_a_weight_falls_in_a_line(void **state)
{
    (void)state;
    assert_float_equal(para_setting_fading(0.02, 0.75, 0.0), 0.02f, 1e-9f);
    assert_float_equal(para_setting_fading(0.02, 0.75, 0.375), 0.01f, 1e-9f);
    assert_float_equal(para_setting_fading(0.02, 0.75, 0.6), 0.004f, 1e-8f);
    assert_true(para_setting_fading(0.02, 0.75, 0.75) == 0.0f);
    assert_true(para_setting_fading(0.02, 0.75, 1.0) == 0.0f);
    assert_float_equal(para_setting_fading(0.02, 0.0, 0.9), 0.02f, 1e-9f); // it stays
    assert_true(para_setting_fading(0.0, 0.5, 0.1) == 0.0f);
}

/// Of the settings and sizes of `def` those that are not the defaults.
static int changed(const ParaTrainDef *def)
{
    const ParaTrainDef usual = para_train_def_default();
    int count = (def->width != usual.width) + (def->envs != usual.envs) + (def->horizon != usual.horizon);
    for (int i = 0; i < PARA_SETTING_COUNT; i++)
        count += para_setting_value(&def->settings, &para_settings[i]) != para_settings[i].preset;
    return count;
}

static void test_presets_set_what_they_name(void **state)
{
    (void)state;
    assert_true(PARA_PRESET_COUNT >= 2);
    for (int p = 0; p < PARA_PRESET_COUNT; p++) {
        ParaTrainDef def = para_train_def_default();
        assert_true(para_train_preset(para_train_presets[p].name, &def));
        assert_in_range(changed(&def), 1, PARA_SETTING_COUNT);
        assert_true(def.width >= 16 && def.width <= 1024);
        // Over another, it says the same of what both name.
        ParaTrainDef over = def;
        assert_true(para_train_preset(para_train_presets[p].name, &over));
        assert_memory_equal(&over.settings, &def.settings, sizeof def.settings);
        assert_string_equal(para_train_preset_names()[p], para_train_presets[p].name);
    }
    assert_null(para_train_preset_names()[PARA_PRESET_COUNT]);
    ParaTrainDef none = para_train_def_default();
    assert_false(para_train_preset("faster", &none));
    assert_int_equal(changed(&none), 0);
}

// The page tells all that a preset sets, as the options that say the same.
static void test_presets_are_told_on_their_page(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 24);
    const char *error = NULL;
    size_t size = 0;
    const char *text =
        para_file_read(PARA_SOURCE_DIR "/docs/tuning.md", (size_t)1 << 20, arena, &size, &error);
    assert_non_null(text);
    for (int p = 0; p < PARA_PRESET_COUNT; p++) {
        ParaTrainDef def = para_train_def_default();
        para_train_preset(para_train_presets[p].name, &def);
        const char *told =
            para_arena_printf(arena, "| `%s` | `--width %d", para_train_presets[p].name, def.width);
        if (def.envs > 0)
            told = para_arena_printf(arena, "%s --envs %d", told, def.envs);
        if (def.horizon > 0)
            told = para_arena_printf(arena, "%s --horizon %d", told, def.horizon);
        for (int i = 0; i < PARA_SETTING_COUNT; i++) {
            double value = para_setting_value(&def.settings, &para_settings[i]);
            if (value != para_settings[i].preset)
                told = para_arena_printf(arena, "%s --%s %.15g", told, para_settings[i].option, value);
        }
        if (!strstr(text, para_arena_printf(arena, "%s` |", told)))
            fail_msg("docs/tuning.md has no row %s` |", told);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_settings[] = {
    cmocka_unit_test(test_presets_set_what_they_name),
    cmocka_unit_test(test_presets_are_told_on_their_page),
    cmocka_unit_test(test_a_weight_falls_in_a_line),
    cmocka_unit_test(test_settings_are_in_range_and_told_apart),
    cmocka_unit_test(test_settings_leave_sfl_outcomes_that_can_differ),
    cmocka_unit_test(test_settings_have_a_row_in_the_docs),
    cmocka_unit_test(test_settings_are_kept_by_the_config),
    cmocka_unit_test(test_settings_changed_by_hand_are_refused_by_name),
    cmocka_unit_test(test_settings_reach_the_learner),
    cmocka_unit_test(test_sizes_are_those_of_the_families_unless_asked_for),
    cmocka_unit_test(test_lessons_grow_with_what_was_played),
    cmocka_unit_test(test_settings_that_a_run_keeps_are_told),
};
const size_t para_tests_settings_count = sizeof para_tests_settings / sizeof *para_tests_settings;
