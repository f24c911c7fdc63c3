// SPDX-License-Identifier: MIT
// A person's files: written and read again, set aside where they are damaged, merged where two write.
#include "tests/tests.h"

#include "apps/store/preferences.h"
#include "apps/store/times.h"
#include "engine/base/file.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ParaArena *arena;
static char home[] = "/tmp/paracosm-store-XXXXXX";
static const char *error, *note;

static int set_up(void **state)
{
    (void)state;
    memcpy(home + strlen(home) - 6, "XXXXXX", 6);
    arena = para_arena_create((size_t)1 << 16, (size_t)64 << 20);
    return mkdtemp(home) ? setenv("PARACOSM_HOME", home, 1) : -1;
}

static int tear_down(void **state)
{
    char command[96];
    (void)state;
    para_arena_destroy(arena);
    unsetenv("PARACOSM_HOME");
    snprintf(command, sizeof command, "rm -rf -- '%s'", home);
    return system(command);
}

static void write_text(const char *name, const char *text)
{
    const char *path = para_store_path(PARA_STORE_DATA, name, arena, &error);
    assert_non_null(path);
    assert_true(para_file_write(path, text, strlen(text), arena, &error));
}

static void test_store_comes_back(void **state)
{
    (void)state;
    cJSON *json = para_store_read(PARA_STORE_CONFIG, "x.json", arena, &note);
    assert_null(note);
    assert_int_equal(cJSON_GetArraySize(json), 0);
    cJSON_AddNumberToObject(json, "volume", 0.25);
    assert_true(para_store_write(PARA_STORE_CONFIG, "x.json", json, arena, &error));
    cJSON_Delete(json);
    json = para_store_read(PARA_STORE_CONFIG, "x.json", arena, &note);
    assert_null(note);
    assert_float_equal(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, "volume")), 0.25, 0.0);
    cJSON_Delete(json);
}

static void test_store_sets_damage_aside(void **state)
{
    (void)state;
    static const char *const damaged[] = {"{\"a\": ", "", "[1, 2]", "{} {}", "\xff\xfe"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        write_text("x.json", damaged[i]);
        cJSON *json = para_store_read(PARA_STORE_DATA, "x.json", arena, &note);
        assert_non_null(note);
        assert_non_null(strstr(note, "damaged"));
        assert_int_equal(cJSON_GetArraySize(json), 0);
        cJSON_Delete(json);
        assert_false(para_file_exists(para_store_path(PARA_STORE_DATA, "x.json", arena, &error)));
    }
    assert_true(para_file_exists(para_store_path(PARA_STORE_DATA, "x.json.damaged", arena, &error)));
    assert_true(para_file_exists(para_store_path(PARA_STORE_DATA, "x.json.damaged-4", arena, &error)));
}

static void test_store_follows_xdg(void **state)
{
    (void)state;
    unsetenv("PARACOSM_HOME");
    char *kept = getenv("XDG_DATA_HOME"), *data = kept ? strdup(kept) : NULL;
    setenv("XDG_DATA_HOME", home, 1);
    const char *folder = para_store_folder(PARA_STORE_DATA, arena, &error);
    assert_non_null(folder);
    assert_string_equal(folder, para_arena_printf(arena, "%s/paracosm", home));
    if (data)
        setenv("XDG_DATA_HOME", data, 1);
    else
        unsetenv("XDG_DATA_HOME");
    free(data);
}

static void test_times_merge(void **state)
{
    (void)state;
    ParaTime first = {.family = "rover", .level = 0xfedcba9876543210u, .seed = UINT64_MAX, .plays = 1}, kept;
    assert_true(para_times_add(&first, &kept, arena, &error));
    assert_true(kept.best == 0.0);
    ParaTime slow = first, fast = first;
    slow.best = 9.5, slow.solves = 1, slow.medal = PARA_MEDAL_SILVER;
    fast.best = 7.25, fast.solves = 1, fast.medal = PARA_MEDAL_BRONZE;
    snprintf(fast.replay, sizeof fast.replay, "replays/fast.replay");
    snprintf(slow.replay, sizeof slow.replay, "replays/slow.replay");
    assert_true(para_times_add(&fast, NULL, arena, &error));
    assert_true(para_times_add(&slow, NULL, arena, &error));
    ParaTime *times = NULL;
    int count = para_times_read(arena, &times, &note);
    assert_int_equal(count, 1);
    const ParaTime *time = para_times_of(times, count, "rover", first.level);
    assert_non_null(time);
    assert_float_equal(time->best, 7.25, 0.0);
    assert_string_equal(time->replay, "replays/fast.replay");
    assert_int_equal(time->plays, 3);
    assert_int_equal(time->solves, 2);
    assert_true(time->seed == UINT64_MAX);
    assert_int_equal(para_times_medal(times, count, "rover"), PARA_MEDAL_SILVER);
    assert_null(para_times_of(times, count, "ferry", first.level));
}

/// What is played in a story or in endless mode has its times, and is none of what was played lately.
static void test_times_aside_are_not_the_latest(void **state)
{
    (void)state;
    const ParaTime aside = {.family = "rover", .level = 1, .plays = 1, .best = 3.0, .aside = true},
                   alone = {.family = "rover", .level = 1, .plays = 1};
    ParaTime kept;
    assert_true(para_times_add(&aside, &kept, arena, &error));
    assert_string_equal(kept.last, "");
    assert_float_equal(kept.best, 3.0, 0.0);
    assert_true(para_times_add(&alone, &kept, arena, &error));
    assert_true(kept.last[0] != '\0');
    assert_true(para_times_add(&aside, &kept, arena, &error)); // what was, stays
    assert_true(kept.last[0] != '\0');
}

static void test_times_pass_over_nonsense(void **state)
{
    (void)state;
    write_text(
        "times.json",
        "{\"mine\": 1, \"levels\": {\"rover/12\": {}, \"/0123456789abcdef\": {}, \"ferry/0123456789abcdef\":"
        " {\"best\": -1, \"medal\": 99, \"plays\": \"x\", \"replay\": \"../../x\", \"last\": "
        "\"2026-05-31T12:00:00Z\", \"extra\": 5}, \"roll/000000000000000g\": {}}}");
    ParaTime *times = NULL;
    assert_int_equal(para_times_read(arena, &times, &note), 1);
    assert_null(note);
    assert_string_equal(times[0].family, "ferry");
    assert_true(times[0].best == 0.0 && times[0].medal == 0 && times[0].plays == 0 && !times[0].replay[0]);
    ParaTime happened = times[0];
    assert_true(para_times_add(&happened, NULL, arena, &error));
    cJSON *root = para_store_read(PARA_STORE_DATA, "times.json", arena, &note);
    assert_non_null(cJSON_GetObjectItemCaseSensitive(root, "mine")); // what is not known stays
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(root, "levels"),
                                                         "ferry/0123456789abcdef");
    assert_non_null(cJSON_GetObjectItemCaseSensitive(item, "extra"));
    cJSON_Delete(root);
}

static void test_preferences_come_back(void **state)
{
    (void)state;
    ParaPreferences p = para_preferences_load(arena, &note);
    assert_null(note);
    assert_true(p.volume == para_preferences_default().volume);
    p.volume = 0.25f, p.mood = PARA_WISH_MOOD_NIGHT, p.shake = false, p.scale = 2.0f;
    assert_true(para_preferences_set_bind(&p, "restart", "X"));
    assert_true(para_preferences_set_bind(&p, "steer:Left", "J"));
    assert_true(para_preferences_set_bind(&p, "restart", "Y"));
    assert_true(para_preferences_save(&p, arena, &error));
    ParaPreferences back = para_preferences_load(arena, &note);
    assert_null(note);
    assert_true(back.volume == 0.25f && back.mood == PARA_WISH_MOOD_NIGHT && !back.shake &&
                back.scale == 2.0f);
    assert_string_equal(para_preferences_bind(&back, "restart"), "Y");
    assert_string_equal(para_preferences_bind(&back, "steer:Left"), "J");
    assert_int_equal(back.bind_count, 2);
    assert_true(para_preferences_set_bind(&back, "restart", ""));
    assert_string_equal(para_preferences_bind(&back, "restart"), "");
    assert_string_equal(para_preferences_bind(&back, "steer:Left"), "J");
}

static void test_preferences_out_of_range_are_the_defaults(void **state)
{
    (void)state;
    write_text("settings.json",
               "{\"volume\": 7, \"mood\": \"noon\", \"mute\": 1, \"scale\": -1, \"keys\": {\"restart\": 5, "
               "\"a name that is longer than there is room for\": \"X\"}, \"future\": 1}");
    ParaPreferences p = para_preferences_load(arena, &note), plain = para_preferences_default();
    assert_null(note);
    assert_true(p.volume == plain.volume && p.mood == plain.mood && p.mute == plain.mute && p.scale == 0.0f);
    assert_int_equal(p.bind_count, 0);
    assert_true(para_preferences_save(&p, arena, &error));
    cJSON *root = para_store_read(PARA_STORE_CONFIG, "settings.json", arena, &note);
    assert_non_null(cJSON_GetObjectItemCaseSensitive(root, "future"));
    cJSON_Delete(root);
}

#define STORE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
const struct CMUnitTest para_tests_store[] = {STORE_TEST(test_store_comes_back),
                                              STORE_TEST(test_store_sets_damage_aside),
                                              STORE_TEST(test_store_follows_xdg),
                                              STORE_TEST(test_times_merge),
                                              STORE_TEST(test_times_aside_are_not_the_latest),
                                              STORE_TEST(test_times_pass_over_nonsense),
                                              STORE_TEST(test_preferences_come_back),
                                              STORE_TEST(test_preferences_out_of_range_are_the_defaults)};
const size_t para_tests_store_count = sizeof para_tests_store / sizeof *para_tests_store;
