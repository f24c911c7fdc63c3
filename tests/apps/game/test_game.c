// SPDX-License-Identifier: MIT
// A person's session without a window: who may be handed the controls, and which family is opened.
#include "agents/lesson/lesson.h"
#include "agents/run/safetensors.h"
#include "agents/skill/ground.h"
#include "apps/game/game.h"
#include "engine/base/file.h"

#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"
#include "tests/worlds/company.h"

#include <string.h>
#include <unistd.h>

/// A player trained for a lesson on one family. @return its run folder
static const char *train_on(const char *file, ParaObsKind obs, const Scratch *scratch, ParaArena *arena)
{
    const char *families[] = {file}, *error = NULL;
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(arena, "%s/run", scratch->folder);
    def.families = families;
    def.family_count = 1;
    def.obs = obs;
    def.maker = "dr";
    def.envs = 2;
    def.horizon = 16;
    def.width = 16;
    def.lessons = 1;
    def.threads = 1;
    if (!para_train(&def, NULL, NULL, arena, &error))
        fail_msg("%s", error);
    return def.folder;
}

/// Of the vector observation, on a family whose levels have one to four bodies that move.
static const char *train_on_rise(const Scratch *scratch, ParaArena *arena)
{
    return train_on(tiny_path("rise", arena), PARA_OBS_VECTOR, scratch, arena);
}

static void test_vector_player_is_handed_every_level_of_its_family(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)512 << 20);
    const char *run = train_on_rise(&scratch, arena), *reason = NULL;
    const int8_t still[PARA_CHANNELS] = {0};
    int least = PARA_BODIES_MAX, most = 0;
    ParaGame game;
    const ParaGameDef def = {.name = tiny_path("rise", arena), .run_folder = run};
    if (!para_game_open(&game, &def, &reason))
        fail_msg("%s", reason);
    for (uint64_t seed = 1; seed <= 8; seed++) {
        assert_true(para_game_begin(&game, seed));
        int bodies = game.env.level->world.body_count;
        least = bodies < least ? bodies : least;
        most = bodies > most ? bodies : most;
        game.trained = false;
        if (!para_game_hand_over(&game, &reason))
            fail_msg("seed %d with %d bodies: %s", (int)seed, bodies, reason);
        while (!para_game_over(&game))
            para_game_step(&game, still);
        assert_true(game.trained_acted && !game.person_acted);
    }
    assert_true(least < most);
    para_game_close(&game);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

static void test_vector_player_is_not_handed_another_family(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)512 << 20);
    const char *run = train_on_rise(&scratch, arena), *reason = NULL;
    ParaGame game;
    const ParaGameDef def = {.name = tiny_path("push", arena), .run_folder = run};
    if (!para_game_open(&game, &def, &reason))
        fail_msg("%s", reason);
    assert_true(para_game_begin(&game, 1));
    assert_false(para_game_hand_over(&game, &reason));
    assert_non_null(strstr(reason, "rise"));
    assert_false(game.trained);
    para_game_close(&game);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

/// Seconds of a game's level [s]; 0 where it does not open.
static float seconds_of(const char *name, const char *run, ParaTemplatesFrom from, bool *out_told)
{
    const ParaGameDef def = {.name = name, .run_folder = run, .templates = from};
    const char *reason = NULL;
    ParaGame game;
    float seconds = 0.0f;
    if (!para_game_open(&game, &def, &reason))
        print_message("%s\n", reason);
    else if (para_game_begin(&game, 1))
        seconds = game.env.level->seconds;
    *out_told = game.note != NULL;
    para_game_close(&game);
    return seconds;
}

static void test_game_of_a_run_is_its_own_family(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)512 << 20);
    const char *file = para_arena_strdup(arena, scratch_path(&scratch, "mine.json"));
    const char *from = "\"seconds\": 1", *error = NULL;
    size_t size = 0;
    bool told = false;
    char *text = para_file_read(tiny_path("push", arena), 1 << 20, arena, &size, &error);
    scratch_write(file, text, size);
    const char *run = train_on(file, PARA_OBS_ENTITIES, &scratch, arena);
    float own = seconds_of(NULL, run, PARA_TEMPLATES_RUN, &told);
    assert_true(own > 0.0f && !told);
    // The file changes: by whatever name, the run's own is played, and it is told.
    strstr(text, from)[strlen(from) - 1] = '9';
    scratch_write(file, text, size);
    const char *const names[] = {NULL, "push", file};
    for (int i = 0; i < 3; i++) {
        assert_true(seconds_of(names[i], run, PARA_TEMPLATES_RUN, &told) == own && told);
        assert_true(seconds_of(names[i], run, PARA_TEMPLATES_DISK, &told) > own && !told);
    }
    assert_int_equal(remove(file), 0);
    for (int i = 0; i < 3; i++) {
        assert_true(seconds_of(names[i], run, PARA_TEMPLATES_RUN, &told) == own && !told);
        assert_true(seconds_of(names[i], run, PARA_TEMPLATES_DISK, &told) == 0.0f);
    }
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

/// The file of `push` with another time limit, or whatever is given.
static void write_push(const char *path, const char *seconds, ParaArena *arena)
{
    const char *error = NULL;
    size_t size = 0;
    char *text = para_file_read(tiny_path("push", arena), 1 << 20, arena, &size, &error), *at;
    assert_non_null(text);
    at = strstr(text, "\"seconds\": ");
    assert_non_null(at);
    const char *rest = at + strlen("\"seconds\": ");
    rest += strspn(rest, "0123456789.");
    const char *now =
        para_arena_printf(arena, "%.*s\"seconds\": %s%s", (int)(at - text), text, seconds, rest);
    assert_true(para_file_write(path, now, strlen(now), arena, &error));
}

static void test_a_template_that_changed_is_loaded_again(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)256 << 20);
    const char *path = para_arena_printf(arena, "%s/push.json", scratch.folder), *error = NULL;
    bool changed = true;
    ParaGame game;
    const ParaGameDef def = {.name = path};
    write_push(path, "7", arena);
    assert_true(para_game_open(&game, &def, &error) && para_game_begin(&game, 3));
    assert_true(para_game_reload(&game, &changed, &error) && !changed); // the file is as it was
    write_push(path, "9", arena);
    assert_true(para_game_reload(&game, &changed, &error) && changed);
    assert_true(game.env.level->seconds == 9.0f && game.seed == 3);
    // What does not load, or makes no level, leaves the one before, and says what is wrong and where.
    for (int i = 0; i < 2; i++) {
        write_push(path, i ? "\"0 / 0\"" : "nonsense", arena);
        assert_false(para_game_reload(&game, &changed, &error));
        assert_false(changed);
        assert_non_null(strstr(error, "push.json"));
        assert_true(para_game_begin(&game, 3) && game.env.level->seconds == 9.0f);
    }
    assert_int_equal(remove(path), 0);
    assert_false(para_game_reload(&game, &changed, &error));
    assert_true(game.env.level->seconds == 9.0f);
    write_push(path, "11", arena); // and back again
    assert_true(para_game_reload(&game, &changed, &error) && changed);
    assert_true(game.env.level->seconds == 11.0f);
    para_game_close(&game);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

static void test_a_changed_template_is_named_as_it_was_asked_for(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)256 << 20);
    const char *error = NULL;
    char here[512];
    bool changed = true;
    ParaGame game;
    const ParaGameDef def = {.name = "push.json"};
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(scratch.folder), 0);
    write_push("push.json", "7", arena);
    assert_true(para_game_open(&game, &def, &error) && para_game_begin(&game, 3));
    write_push("push.json", "nonsense", arena);
    assert_false(para_game_reload(&game, &changed, &error));
    assert_memory_equal(error, "push.json:", 10);
    remove("push.json");
    assert_false(para_game_reload(&game, &changed, &error));
    assert_null(strstr(error, scratch.folder));
    assert_int_equal(chdir(here), 0);
    para_game_close(&game);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

static void test_what_a_run_keeps_is_not_loaded_again(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)512 << 20);
    const char *path = para_arena_printf(arena, "%s/push.json", scratch.folder), *error = NULL;
    write_push(path, "7", arena);
    const char *run = train_on(path, PARA_OBS_ENTITIES, &scratch, arena);
    for (int disk = 0; disk < 2; disk++) {
        ParaGame game;
        bool changed = false;
        const ParaGameDef def = {.run_folder = run,
                                 .templates = disk ? PARA_TEMPLATES_DISK : PARA_TEMPLATES_RUN};
        write_push(path, "7", arena);
        assert_true(para_game_open(&game, &def, &error) && para_game_begin(&game, 1));
        write_push(path, "9", arena);
        assert_true(para_game_reload(&game, &changed, &error));
        assert_int_equal(changed, disk);
        para_game_close(&game);
    }
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

/// A skill of the player of a run, at home on push. @return its file
static const char *skill_of(const char *run, const Scratch *scratch, ParaArena *arena)
{
    const char *path = para_arena_printf(arena, "%s/push.skill", scratch->folder), *card = NULL, *note = NULL,
               *error = NULL;
    const ParaSkillScore score = {.family = "push", .levels = 1, .high = 1};
    ParaSkill skill = {
        .name = "push", .about = "", .licence = "", .run = "", .scores = &score, .score_count = 1};
    int count = 0;
    skill.policy = para_player_load(run, arena, &error);
    assert_non_null(para_safetensors_read(para_player_checkpoint(run, arena, &note, &error), arena, &count,
                                          &card, &error));
    const ParaTensor *own = para_policy_tensors(skill.policy, &count);
    skill.hash = para_tensors_hash(own, count);
    skill.ground = PARA_NEW(arena, float, para_situation_size());
    skill.ground_count = 1;
    if (!para_skill_write(path, &skill, card, arena, &error))
        fail_msg("%s", error);
    return path;
}

/// Gives the family in a file another name.
static void rename_family(const char *path, const char *from, const char *to, ParaArena *arena)
{
    size_t size = 0;
    const char *error = NULL, *text = para_file_read(path, 1 << 20, arena, &size, &error);
    const char *at = text ? strstr(text, from) : NULL;
    assert_non_null(at);
    text = para_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_true(para_file_write(path, text, strlen(text), arena, &error));
}

static void test_skills_hand_back_what_became_another_family(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)512 << 20);
    const char *path = para_arena_printf(arena, "%s/push.json", scratch.folder), *error = NULL;
    const int8_t still[PARA_CHANNELS] = {0};
    write_push(path, "7", arena);
    const char *skills[] = {skill_of(train_on(path, PARA_OBS_VECTOR, &scratch, arena), &scratch, arena)};
    bool changed = false;
    ParaGame game;
    const ParaGameDef def = {.name = path, .skills = skills, .skill_count = 1};
    if (!para_game_open(&game, &def, &error) || !para_game_begin(&game, 3))
        fail_msg("%s", error);
    assert_true(para_game_hand_over(&game, &error));
    para_game_step(&game, still);
    rename_family(path, "\"name\": \"push\"", "\"name\": \"pull\"", arena);
    assert_true(para_game_reload(&game, &changed, &error) && changed);
    assert_false(game.trained);
    para_game_step(&game, still); // by the person
    assert_false(para_game_hand_over(&game, &error));
    assert_non_null(strstr(error, "other families"));
    rename_family(path, "\"name\": \"pull\"", "\"name\": \"push\"", arena);
    assert_true(para_game_reload(&game, &changed, &error) && changed);
    assert_true(para_game_hand_over(&game, &error));
    para_game_step(&game, still);
    assert_true(game.trained_acted);
    para_game_close(&game);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

/// Each seat is played by whom it was given to; the trained player may be handed the person's too.
static void test_seats_of_a_company(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    const char *path = scratch_path(&scratch, "company.json"), *error = NULL;
    scratch_write(path, company_text(), strlen(company_text()));
    const int8_t right[PARA_CHANNELS] = {1};
    ParaGame game;
    const ParaGameDef def = {
        .name = path, .seats = {PARA_SEAT_KEYS, PARA_SEAT_STILL, PARA_SEAT_KEYS2}, .seat_count = 3};
    if (!para_game_open(&game, &def, &error) || !para_game_begin(&game, 1))
        fail_msg("%s", error);
    assert_int_equal(para_game_seated(&game, PARA_SEAT_KEYS2), 2);
    assert_int_equal(para_game_seated(&game, PARA_SEAT_TRAINED), -1);
    game.second[2] = -1;
    para_game_step(&game, right);
    assert_int_equal(game.actions[0], 1);
    for (int c = 0; c < PARA_CHANNELS; c++)
        assert_int_equal(game.actions[PARA_CHANNELS + c], 0);
    assert_int_equal(game.actions[2 * PARA_CHANNELS + 2], -1);
    assert_int_equal(game.actions[2 * PARA_CHANNELS], 0);
    assert_string_equal(game.who, "person");
    para_game_close(&game);

    const ParaGameDef plain = {.name = path}; // nobody trained is there: the others stand still
    if (!para_game_open(&game, &plain, &error) || !para_game_begin(&game, 1))
        fail_msg("%s", error);
    assert_int_equal(para_game_seat(&game, 0), PARA_SEAT_KEYS);
    assert_int_equal(para_game_seat(&game, 1), PARA_SEAT_STILL);
    para_game_close(&game);
    scratch_remove(&scratch);
}

const struct CMUnitTest para_tests_play_game[] = {
    cmocka_unit_test(test_seats_of_a_company),
    cmocka_unit_test(test_skills_hand_back_what_became_another_family),
    cmocka_unit_test(test_a_template_that_changed_is_loaded_again),
    cmocka_unit_test(test_a_changed_template_is_named_as_it_was_asked_for),
    cmocka_unit_test(test_what_a_run_keeps_is_not_loaded_again),
    cmocka_unit_test(test_vector_player_is_handed_every_level_of_its_family),
    cmocka_unit_test(test_vector_player_is_not_handed_another_family),
    cmocka_unit_test(test_game_of_a_run_is_its_own_family),
};
const size_t para_tests_play_game_count = sizeof para_tests_play_game / sizeof *para_tests_play_game;
