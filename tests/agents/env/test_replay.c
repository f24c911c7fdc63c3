// SPDX-License-Identifier: MIT
// Replays: what is recorded verifies; whatever was altered is named; no file whatever does harm.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "engine/base/hash.h"
#include "engine/base/rng.h"
#include "tests/tests.h"

#include "tests/agents/scratch.h"

static const char level_text[] =
    "{\"paracosm\": 1, \"name\": \"test-roll\", \"about\": \"Roll to the flag.\","
    " \"world\": {\"size\": [20, 10], \"seconds\": 6},"
    " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [20, 1]}, \"at\": [10, "
    "0.5]},"
    "  {\"name\": \"ball\", \"shape\": {\"circle\": 0.4}, \"at\": [3, 1.5], \"density\": 4}],"
    " \"zones\": [{\"name\": \"flag\", \"area\": {\"box\": [2, 4]}, \"at\": [12, 2]}],"
    " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 8, \"channel\": 0, "
    "\"sign\": -1}]},"
    " \"goal\": {\"inside\": [\"ball\", \"flag\"]}}";

typedef struct Room {
    Scratch scratch;
    ParaArena *arena, *episode;
    ParaLevel *level;
    ParaWorldGroup *group;
    ParaRecorder *recorder;
    const ParaReplay *replay; ///< of a solved episode
    const char *path, *error;
} Room;

/// Plays an episode: mostly to the right, so that the flag is reached. @return the replay, of at most `most`
/// decisions
static const ParaReplay *record(Room *room, int most)
{
    // The recorder is the room's, so that it is used again; the env keeps the rest of the account.
    para_arena_clear(room->episode);
    ParaEnv env = {.world = para_world_at(room->group, 0),
                   .arena = room->episode,
                   .chained = true,
                   .recorder = room->recorder};
    ParaRng rng = para_rng_make(3, "actions");
    assert_true(para_env_begin(&env, room->level, "scripted"));
    para_recorder_begin(room->recorder, room->level, para_world_solver(env.world), false, "scripted");
    for (int decision = 0; decision < most && env.play.status == PARA_PLAY_ON; decision++) {
        int8_t action[PARA_CHANNELS] = {(int8_t)(para_rng_int(&rng, 0, 4) == 0 ? -1 : 1)};
        para_decision_make_one(&env, action);
    }
    return para_env_replay(&env);
}

static Room room_make(void)
{
    Room room = {.scratch = scratch_make(),
                 .arena = para_arena_create(1 << 16, 512 << 20),
                 .episode = para_arena_create(1 << 12, 1 << 20)};
    ParaDiagList problems = para_diag_list(room.arena, "test", level_text);
    const ParaTemplate *form =
        para_template_load("test", level_text, sizeof level_text - 1, room.arena, &problems);
    if (!form)
        para_diag_print(&problems, stderr);
    assert_non_null(form);
    room.level = para_template_sample(form, NULL, 5, room.arena, &problems);
    assert_non_null(room.level);
    room.group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    assert_non_null(room.group);
    room.recorder = para_recorder_create(room.arena);
    room.replay = record(&room, 1000);
    room.path = para_arena_printf(room.arena, "%s/a.replay", room.scratch.folder);
    assert_int_equal(room.replay->end, PARA_PLAY_SOLVED);
    assert_true(room.replay->decisions > 10);
    assert_true(para_replay_write(room.path, room.replay, room.arena, &room.error));
    return room;
}

static void room_clear(Room *room)
{
    para_world_group_destroy(room->group);
    scratch_remove(&room->scratch);
    para_arena_destroy(room->episode);
    para_arena_destroy(room->arena);
}

// ---------------------------------------------------------------- what is recorded verifies

static void test_replay_comes_back_from_its_file_and_verifies(void **state)
{
    (void)state;
    Room room = room_make();
    ParaReplay *back = para_replay_read(room.path, room.arena, &room.error);
    assert_non_null(back);
    size_t decisions = (size_t)room.replay->decisions;
    assert_int_equal(back->decisions, room.replay->decisions);
    assert_int_equal(back->solver, room.replay->solver);
    assert_int_equal(back->end, PARA_PLAY_SOLVED);
    assert_true(back->total_reward == room.replay->total_reward);
    assert_string_equal(back->player, "scripted");
    assert_string_equal(back->level_json, room.replay->level_json);
    assert_memory_equal(back->actions, room.replay->actions, decisions * PARA_CHANNELS);
    assert_memory_equal(back->hashes, room.replay->hashes, decisions * sizeof(uint64_t));
    ParaVerdict verdict = para_replay_verify(back, room.arena);
    assert_string_equal(verdict.message,
                        para_arena_printf(room.arena, "verified %d decisions, solved", back->decisions));
    assert_true(verdict.ok);
    assert_int_equal(verdict.step, -1);
    ParaLevel *level = para_replay_level(back, room.arena, &room.error);
    assert_non_null(level);
    assert_true(level->hash == room.level->hash);
    room_clear(&room);
}

/// More decisions than a recorder has room for at first.
static void test_replay_of_a_long_episode_verifies(void **state)
{
    (void)state;
    Room room = room_make();
    room.level->seconds = 300;
    room.level->frame_skip = 1;
    room.level->players[0].actuators[0].torque = 0; // it stays on the ground
    room.level->goals[room.level->players[0].goal_root] =
        (ParaGoalNode){.kind = PARA_GOAL_TIME, .a = -1, .b = -1, .zone = -1, .value = 3600}; // never reached
    room.level->hash = para_level_hash(room.level);
    const ParaReplay *replay = record(&room, 100000);
    assert_int_equal(replay->end, PARA_PLAY_TIMEOUT);
    assert_int_equal(replay->decisions, 18000);
    assert_int_equal(replay->decisions, para_level_decisions(room.level));
    ParaVerdict verdict = para_replay_verify_on(replay, room.level, room.arena);
    assert_string_equal(verdict.message, "verified 18000 decisions, out of time");
    room_clear(&room);
}

/// In an env's own arena, for one player and for the most.
static void test_recorder_has_room_for_the_longest_level(void **state)
{
    (void)state;
    Room room = room_make();
    room.level->seconds = 1000;
    room.level->world.rate = 1000;
    room.level->frame_skip = 1;
    assert_int_equal(para_level_decisions(room.level), PARA_REPLAY_DECISIONS_MAX);
    for (int players = 1; players <= PARA_PLAYERS_MAX; players += PARA_PLAYERS_MAX - 1) {
        ParaEnv env;
        para_env_init(&env, para_world_at(room.group, 0), true);
        room.level->player_count = players;
        ParaRecorder *recorder = para_recorder_create(env.arena);
        para_recorder_begin(recorder, room.level, PARA_SOLVER_LANES, false, "test");
        int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
        for (int i = 0; i < PARA_REPLAY_DECISIONS_MAX; i++) {
            actions[players * PARA_CHANNELS - 1] = (int8_t)(i % 3 - 1);
            para_recorder_decision(recorder, actions, (uint64_t)i);
        }
        const ParaReplay *replay = para_recorder_so_far(recorder);
        assert_int_equal(replay->decisions, PARA_REPLAY_DECISIONS_MAX);
        for (int i = 0; i < PARA_REPLAY_DECISIONS_MAX; i++)
            if (para_replay_actions(replay, i)[players * PARA_CHANNELS - 1] != i % 3 - 1 ||
                replay->hashes[i] != (uint64_t)i)
                fail_msg("decision %d of %d players is lost", i, players);
        para_env_destroy(&env);
    }
    room.level->player_count = 1;
    room_clear(&room);
}

static void test_replay_of_an_unfinished_episode_verifies(void **state)
{
    (void)state;
    Room room = room_make();
    ParaVerdict verdict = para_replay_verify(record(&room, 7), room.arena);
    assert_true(verdict.ok);
    assert_string_equal(verdict.message, "verified 7 decisions, not ended");
    verdict = para_replay_verify(record(&room, 0), room.arena);
    assert_true(verdict.ok);
    room_clear(&room);
}

static void test_replay_recorder_takes_no_memory_per_decision_or_episode(void **state)
{
    (void)state;
    Room room = room_make();
    record(&room, 1000);
    size_t before = para_arena_used(room.arena);
    for (int i = 0; i < 20; i++)
        record(&room, 1000);
    assert_int_equal(para_arena_used(room.arena), before);
    room_clear(&room);
}

// ---------------------------------------------------------------- what was altered is named

static void test_replay_names_the_step_of_an_altered_action_or_hash(void **state)
{
    (void)state;
    Room room = room_make();
    size_t size = 0, actions = para_replay_actions_offset(room.path, room.arena);
    unsigned char *file = scratch_read(room.path, &size);
    const int steps[] = {0, 4, room.replay->decisions - 1};
    for (int i = 0; i < 3; i++) {
        size_t at = actions + (size_t)steps[i] * PARA_CHANNELS;
        size_t hash = actions + (size_t)room.replay->decisions * PARA_CHANNELS + (size_t)steps[i] * 8;
        size_t place[] = {at, at + 5, hash}; // a bound channel, an unbound one, the hash
        for (int j = 0; j < 3; j++) {
            unsigned char kept = file[place[j]];
            file[place[j]] = kept == 1 ? 255 : 1; // 1 and -1 change places
            scratch_write(room.path, file, size);
            ParaReplay *replay = para_replay_read(room.path, room.arena, &room.error);
            assert_non_null(replay);
            ParaVerdict verdict = para_replay_verify(replay, room.arena);
            assert_false(verdict.ok);
            assert_int_equal(verdict.step, steps[i]);
            assert_string_equal(
                verdict.message,
                para_arena_printf(room.arena, "step %d: state hash differs from the recorded one", steps[i]));
            file[place[j]] = kept;
        }
    }
    file[actions + 8 * 3 + 2] = 77; // no player can do that
    scratch_write(room.path, file, size);
    ParaVerdict verdict =
        para_replay_verify(para_replay_read(room.path, room.arena, &room.error), room.arena);
    assert_int_equal(verdict.step, 3);
    assert_string_equal(verdict.message, "step 3: action 77 of channel 2; must be -1, 0 or 1");
    free(file);
    room_clear(&room);
}

static void test_replay_with_a_false_end_is_wrong(void **state)
{
    (void)state;
    Room room = room_make();
    ParaReplay false_end = *record(&room, 7);
    false_end.end = PARA_PLAY_SOLVED;
    ParaVerdict verdict = para_replay_verify(&false_end, room.arena);
    assert_false(verdict.ok);
    assert_string_equal(verdict.message, "the end differs: recorded as solved, played again it is not ended");
    ParaReplay false_reward = *record(&room, 1000);
    false_reward.total_reward += 1.0f;
    verdict = para_replay_verify(&false_reward, room.arena);
    assert_false(verdict.ok);
    assert_non_null(strstr(verdict.message, "the reward differs"));
    ParaReplay longer = *record(&room, 1000);
    // one more decision after the end, with a chain that fits
    longer.hashes[longer.decisions] = 1;
    longer.decisions++;
    verdict = para_replay_verify(&longer, room.arena);
    assert_int_equal(verdict.step, longer.decisions - 1);
    assert_non_null(strstr(verdict.message, "had already ended (solved)"));
    room_clear(&room);
}

// ---------------------------------------------------------------- damaged and hostile files

static void put32(unsigned char *file, size_t at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        file[at + (size_t)i] = (unsigned char)(value >> (8 * i));
}

/// Makes the head's own hash right again, so that only the sizes speak against the file.
static void sign(unsigned char *file, size_t guarded)
{
    uint64_t hash = para_hash(file + PARA_REPLAY_HEAD, guarded, para_hash(file, PARA_REPLAY_HEAD - 8, 0));
    put32(file, 56, (uint32_t)hash);
    put32(file, 60, (uint32_t)(hash >> 32));
}

static void refuse(Room *room, const unsigned char *file, size_t size, const char *expected)
{
    ParaArenaMark mark = para_arena_mark(room->arena);
    scratch_write(room->path, file, size);
    assert_null(para_replay_read(room->path, room->arena, &room->error));
    if (!strstr(room->error, expected))
        print_error("expected \"%s\", got \"%s\"\n", expected, room->error);
    assert_non_null(strstr(room->error, expected));
    para_arena_rewind(room->arena, mark);
}

static void test_replay_refuses_damaged_heads(void **state)
{
    (void)state;
    Room room = room_make();
    size_t size = 0, actions = para_replay_actions_offset(room.path, room.arena);
    unsigned char *file = scratch_read(room.path, &size), *bad = malloc(size + 1);
    assert_non_null(bad);
    const struct {
        size_t at;
        uint32_t value;
        const char *expected;
    } cases[] = {{0, 0x46464952, "it is not a Paracosm replay"},
                 {8, 5, "written by a newer Paracosm (replay version 5, this one knows 4)"},
                 {8, 4, "its head is damaged (players)"},
                 {52, 1, "its head is damaged (fine)"},
                 {8, 2, "its head is damaged (players)"},
                 {8, 3, "its head is damaged (players)"},
                 {48, 1, "its head is damaged (meddles)"},
                 {8, 0, "version or channels"},
                 {12, 9, "names no solver"},
                 {12, PARA_SOLVER_AUTO, "names no solver"},
                 {16, 77, "end or reward"},
                 {20, 0x7FC00000, "end or reward"}, // a NaN
                 {24, 0xFFFFFFFF, "a size is out of range"},
                 {24, 999999, "cut short, or something was added"},
                 {28, 7, "version or channels"},
                 {32, 0xFFFFFFF0, "a size is out of range"},
                 {36, 0xFFFFFFF0, "a size is out of range"},
                 {36, 4 << 20, "does not unpack"}, // a level that claims to be larger than it is
                 {36, 10, "does not unpack"},
                 {40, 0xFFFF, "a size is out of range"},
                 {44, 1, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memcpy(bad, file, size);
        put32(bad, cases[i].at, cases[i].value);
        if (cases[i].at == 36)
            sign(bad, actions - PARA_REPLAY_HEAD);
        refuse(&room, bad, size, cases[i].expected);
    }
    refuse(&room, file, 0, "it is not a Paracosm replay");
    for (size_t cut = 1; cut < size; cut += 1 + size / 97)
        refuse(&room, file, cut, "");
    memcpy(bad, file, size);
    bad[size] = 0;
    refuse(&room, bad, size + 1, "something was added");
    for (size_t at = 0; at < actions; at += 3) { // each bit of head, level and name is guarded
        memcpy(bad, file, size);
        bad[at] ^= 16;
        refuse(&room, bad, size, "");
    }
    assert_null(para_replay_read(room.scratch.folder, room.arena, &room.error));
    assert_non_null(strstr(room.error, "it is a folder"));
    assert_null(para_replay_read("/nowhere/a.replay", room.arena, &room.error));
    assert_non_null(strstr(room.error, "No such file"));
    free(bad);
    free(file);
    room_clear(&room);
}

static void test_replay_with_any_signed_bytes_does_no_harm(void **state)
{
    (void)state;
    Room room = room_make();
    size_t size = 0, actions = para_replay_actions_offset(room.path, room.arena);
    unsigned char *file = scratch_read(room.path, &size), *bad = malloc(size);
    ParaRng rng = para_rng_make(1, "mutate");
    int read = 0, verified = 0;
    assert_non_null(bad);
    for (int round = 0; round < 600; round++) {
        ParaArenaMark mark = para_arena_mark(room.arena);
        memcpy(bad, file, size);
        for (int64_t i = para_rng_int(&rng, 1, 4); i > 0; i--)
            bad[para_rng_int(&rng, 12, (int64_t)size - 1)] = (unsigned char)para_rng_int(&rng, 0, 255);
        sign(bad, actions - PARA_REPLAY_HEAD);
        scratch_write(room.path, bad, size);
        ParaReplay *replay = para_replay_read(room.path, room.arena, &room.error);
        read += replay != NULL;
        verified += replay && para_replay_verify(replay, room.arena).ok;
        para_arena_rewind(room.arena, mark);
    }
    print_message("600 altered replays: %d could be read, %d verified\n", read, verified);
    assert_true(read > 10 && verified < read);
    free(bad);
    free(file);
    room_clear(&room);
}

static void test_replay_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    Room room = room_make();
    assert_false(para_replay_write("/nowhere/a.replay", room.replay, room.arena, &room.error));
    assert_non_null(strstr(room.error, "/nowhere/a.replay"));
    ParaReplay dreamed = *room.replay;
    dreamed.solver = PARA_SOLVER_DREAM; // nobody could play it again: its model is not in it
    assert_false(
        para_replay_write(scratch_path(&room.scratch, "dreamed.replay"), &dreamed, room.arena, &room.error));
    assert_non_null(strstr(room.error, "dream"));
    room_clear(&room);
}

const struct CMUnitTest para_tests_replay[] = {
    cmocka_unit_test(test_replay_comes_back_from_its_file_and_verifies),
    cmocka_unit_test(test_replay_of_a_long_episode_verifies),
    cmocka_unit_test(test_recorder_has_room_for_the_longest_level),
    cmocka_unit_test(test_replay_of_an_unfinished_episode_verifies),
    cmocka_unit_test(test_replay_recorder_takes_no_memory_per_decision_or_episode),
    cmocka_unit_test(test_replay_names_the_step_of_an_altered_action_or_hash),
    cmocka_unit_test(test_replay_with_a_false_end_is_wrong),
    cmocka_unit_test(test_replay_refuses_damaged_heads),
    cmocka_unit_test(test_replay_with_any_signed_bytes_does_no_harm),
    cmocka_unit_test(test_replay_that_cannot_be_written_is_an_error),
};
const size_t para_tests_replay_count = sizeof para_tests_replay / sizeof *para_tests_replay;
