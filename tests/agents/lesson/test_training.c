// SPDX-License-Identifier: MIT
// A training that cannot go on: of a run that somebody changed by hand, of a family that cannot be played. It
// says what to do.
#include "agents/lesson/lesson.h"
#include "agents/player/player.h"
#include "agents/run/safetensors.h"
#include "tests/tests.h"

#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"

#include <sqlite3.h>
#include <stdio.h>

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
    ParaTrainDef def;
    const char *error;
} Room;

/// A run with one lesson.
static Room room_make(void)
{
    static const char *const families[] = {"roll"};
    Room room = {.scratch = scratch_make(), .arena = para_arena_create(1 << 16, (size_t)1 << 30)};
    room.def = para_train_def_default();
    room.def.folder = para_arena_printf(room.arena, "%s/run", room.scratch.folder);
    room.def.families = families;
    room.def.family_count = 1;
    room.def.width = 16;
    room.def.envs = 4;
    room.def.horizon = 4;
    room.def.threads = 1;
    room.def.lessons = 1;
    if (!para_train(&room.def, NULL, NULL, room.arena, &room.error))
        fail_msg("%s", room.error);
    room.def.lessons = 2;
    return room;
}

static void room_clear(Room *room)
{
    scratch_remove(&room->scratch);
    para_arena_destroy(room->arena);
}

/// Changes run.db past our own code.
static void change(const Room *room, const char *sql)
{
    sqlite3 *database = NULL;
    char *problem = NULL;
    assert_int_equal(sqlite3_open(para_arena_printf(room->arena, "%s/run.db", room->def.folder), &database),
                     SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &problem) != SQLITE_OK)
        fail_msg("%s", problem);
    sqlite3_close(database);
}

static void refuse(Room *room, const char *const *words, int count)
{
    assert_false(para_train(&room->def, NULL, NULL, room->arena, &room->error));
    for (int i = 0; i < count; i++)
        if (!strstr(room->error, words[i]))
            fail_msg("\"%s\" is not in: %s", words[i], room->error);
}

static void test_training_of_another_width_than_its_checkpoint_says_what_to_do(void **state)
{
    (void)state;
    static const char *const words[] = {"lesson-000000.safetensors does not fit the config of its run",
                                        "its player has width 16, the config asks for width 32",
                                        "put back the config", "train into another folder"};
    Room room = room_make();
    change(&room, "UPDATE meta SET value = json_set(value, '$.width', 32) WHERE key = 'config'");
    refuse(&room, words, 4);
    change(&room, "UPDATE meta SET value = json_set(value, '$.width', 16) WHERE key = 'config'");
    if (!para_train(&room.def, NULL, NULL, room.arena, &room.error)) // nothing was lost
        fail_msg("%s", room.error);
    room_clear(&room);
}

/// The run's checkpoint again, with another text in its card for a first one; its tensors stay.
static void change_card(Room *room, const char *from, const char *to)
{
    int count = 0;
    const char *card = NULL;
    const char *path =
        para_arena_printf(room->arena, "%s/checkpoints/lesson-000000.safetensors", room->def.folder);
    ParaTensor *tensors = para_safetensors_read(path, room->arena, &count, &card, &room->error);
    assert_non_null(tensors);
    const char *place = strstr(card, from);
    if (!place)
        fail_msg("\"%s\" is not in the card: %s", from, card);
    card = para_arena_printf(room->arena, "%.*s%s%s", (int)(place - card), card, to, place + strlen(from));
    assert_true(para_safetensors_write(path, tensors, count, card, room->arena, &room->error));
}

static void test_training_of_another_layout_names_the_span(void **state)
{
    (void)state;
    ParaObsSpec spec = para_obs_spec_entities();
    ParaObsSpan span = {0};
    assert_true(para_obs_span_find(&spec, "target.offset", &span));
    Room room = room_make();
    change_card(&room, para_arena_printf(room.arena, "[\"target.offset\",%d,4]", span.offset),
                para_arena_printf(room.arena, "[\"target.offset\",%d,2]", span.offset));
    const char *words[] = {
        para_arena_printf(room.arena,
                          "the checkpoint sees span target.offset with 2 floats at %d; this "
                          "build has 4",
                          span.offset),
        "train it anew, or use the version that made it"};
    refuse(&room, words, 2);
    assert_null(para_player_load(room.def.folder, room.arena, &room.error));
    assert_non_null(strstr(room.error, words[0]));
    // As it was before layouts were kept: under another name it is not seen.
    change_card(&room, "\"layout\":", "\"before\":");
    assert_non_null(para_player_load(room.def.folder, room.arena, &room.error));
    if (!para_train(&room.def, NULL, NULL, room.arena, &room.error))
        fail_msg("%s", room.error);
    room_clear(&room);
}

/// To begin anew would throw away every lesson of the run.
static void test_training_without_a_checkpoint_that_reads_says_what_to_do(void **state)
{
    (void)state;
    Room room = room_make();
    size_t size = 0, left = 0;
    const char *path =
        para_arena_printf(room.arena, "%s/checkpoints/lesson-000000.safetensors", room.def.folder);
    unsigned char *file = scratch_read(path, &size);
    scratch_write(path, file, size / 2);
    const char *words[] = {para_arena_printf(room.arena, "none of the checkpoints in %s", room.def.folder),
                           "put copies from a backup there", "train into another folder"};
    refuse(&room, words, 3);
    free(scratch_read(path, &left));
    assert_int_equal(left, size / 2); // what is left of it was let alone
    scratch_write(path, file, size);
    if (!para_train(&room.def, NULL, NULL, room.arena, &room.error)) // and no lesson was lost
        fail_msg("%s", room.error);
    free(file);
    room_clear(&room);
}

static void test_training_with_a_config_out_of_range_says_what_to_do(void **state)
{
    (void)state;
    static const char *const words[] = {"\"envs\" must be a number from 1 to 8192", "put back the config",
                                        "train into another folder"};
    Room room = room_make();
    change(&room, "UPDATE meta SET value = json_set(value, '$.envs', 0) WHERE key = 'config'");
    refuse(&room, words, 3);
    room_clear(&room);
}

static void test_training_with_a_config_that_is_no_json_says_what_to_do(void **state)
{
    (void)state;
    static const char *const words[] = {"is no JSON", "put back the config"};
    Room room = room_make();
    change(&room, "UPDATE meta SET value = '{\"width\": ' WHERE key = 'config'");
    refuse(&room, words, 2);
    room_clear(&room);
}

// What was changed by hand in a run is passed over or refused, and nothing ends the process.
static void test_training_of_a_run_with_odd_rows_goes_on(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "UPDATE lessons SET decisions = -300000",
        "UPDATE lessons SET seconds = -1e300, world_steps = -1",
        "UPDATE lessons SET decisions = 9223372036854775807, world_steps = 9223372036854775807",
        "UPDATE lessons SET seconds = 9e999, scoring_steps = 9e18",
        "INSERT INTO lessons (lesson) VALUES (-7), (4000000000), (9223372036854775807)",
        "UPDATE lessons SET decisions = 'many', kl = 'x', entropy = x'00ff'",
        "DELETE FROM lessons",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        Room room = room_make();
        change(&room, changes[i]);
        if (!para_train(&room.def, NULL, NULL, room.arena, &room.error))
            fail_msg("%s: %s", changes[i], room.error);
        room.def.lessons = 3;
        if (!para_train(&room.def, NULL, NULL, room.arena, &room.error)) // and again on what that left
            fail_msg("%s: %s", changes[i], room.error);
        room_clear(&room);
    }
}

// A checkpoint that is not where it was is not taken for none: to begin anew would forget every lesson.
static void test_training_whose_checkpoints_are_gone_or_misnamed_is_left_as_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *name, *words;
    } rows[] = {
        {"lesson-999999999.safetensors", "the checkpoints of the run are gone from "},
        {"elsewhere", "put them back there, or train into another folder"},
        {"lesson-000007.safetensors", "is the checkpoint of lesson 0 by its card"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Room room = room_make();
        const char *from =
            para_arena_printf(room.arena, "%s/checkpoints/lesson-000000.safetensors", room.def.folder);
        const char *to = para_arena_printf(room.arena, "%s/checkpoints/%s", room.def.folder, rows[i].name);
        assert_int_equal(rename(from, to), 0);
        refuse(&room, &rows[i].words, 1);
        assert_int_equal(rename(to, from), 0);
        room.error = NULL;
        if (!para_train(&room.def, NULL, NULL, room.arena, &room.error)) // nothing was lost
            fail_msg("%s", room.error);
        room_clear(&room);
    }
}

// A player alone, as one is sent to a friend, is scored and played on what it was trained on.
static void test_checkpoint_alone_brings_the_families_of_its_card(void **state)
{
    (void)state;
    Room room = room_make();
    const ParaFamiliesWish none = {.count = 0};
    const char *note = NULL, *error = NULL, *card = NULL, *folder = room.def.folder;
    const char *file = para_arena_printf(room.arena, "%s/checkpoints/lesson-000000.safetensors", folder);
    const char *alone = para_arena_printf(room.arena, "%s/alone.safetensors", folder);
    const char *other = para_arena_printf(room.arena, "%s/other.safetensors", folder);
    ParaFamilies families;
    int count = 0;
    ParaTensor *tensors = para_safetensors_read(file, room.arena, &count, &card, &error);
    assert_true(tensors && para_safetensors_write(alone, tensors, count, card, room.arena, &error));
    for (int i = 0; i < 2; i++) {
        if (!para_player_families(i ? file : alone, &none, room.arena, &families, &note, &error))
            fail_msg("%s", error);
        assert_int_equal(families.count, 1);
        assert_string_equal(families.names[0], "roll");
        assert_null(note);
    }
    // A card whose family the library does not have.
    char *at = strstr(card, "[\"roll\"]");
    assert_non_null(at);
    memcpy(at, "[\"rock\"]", 8);
    assert_true(para_safetensors_write(other, tensors, count, card, room.arena, &error));
    assert_true(para_player_families(other, &none, room.arena, &families, &note, &error));
    assert_true(families.count > 1 && note && strstr(note, "the library has no family rock"));
    // In its run's folder it has what the run keeps, whatever its card and the library say.
    assert_true(para_safetensors_write(file, tensors, count, card, room.arena, &error));
    assert_true(para_player_families(file, &none, room.arena, &families, &note, &error));
    assert_true(families.count == 1 && strcmp(families.names[0], "roll") == 0);
    room_clear(&room);
}

static void test_training_of_a_family_that_hardly_builds_ends_with_its_name(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 30);
    const char *families[] = {tiny_path("push", arena), tiny_path("hardly", arena)}, *error = "";
    ParaTrainDef def = para_train_def_default();
    def.folder = scratch_path(&scratch, "run");
    def.families = families;
    def.family_count = 2;
    def.envs = 4;
    def.lessons = 1;
    assert_false(para_train(&def, NULL, NULL, arena, &error));
    assert_non_null(strstr(error, "\"hardly\"")); // and not the other one
    assert_non_null(strstr(error, "paracosm check"));
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

const struct CMUnitTest para_tests_training[] = {
    cmocka_unit_test(test_training_of_a_family_that_hardly_builds_ends_with_its_name),
    cmocka_unit_test(test_checkpoint_alone_brings_the_families_of_its_card),
    cmocka_unit_test(test_training_of_a_run_with_odd_rows_goes_on),
    cmocka_unit_test(test_training_whose_checkpoints_are_gone_or_misnamed_is_left_as_it_is),
    cmocka_unit_test(test_training_of_another_width_than_its_checkpoint_says_what_to_do),
    cmocka_unit_test(test_training_of_another_layout_names_the_span),
    cmocka_unit_test(test_training_without_a_checkpoint_that_reads_says_what_to_do),
    cmocka_unit_test(test_training_with_a_config_out_of_range_says_what_to_do),
    cmocka_unit_test(test_training_with_a_config_that_is_no_json_says_what_to_do),
};
const size_t para_tests_training_count = sizeof para_tests_training / sizeof *para_tests_training;
