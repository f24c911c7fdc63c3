// SPDX-License-Identifier: MIT
// Demonstrations: their rows are what was seen, done and earned; what cannot be played again is refused.
#include "agents/demos/demos.h"
#include "agents/env/decision.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <string.h>

enum { DEMOS = 12, MOST = 40 };

/// What was truly seen, done and earned in an episode.
typedef struct Lived {
    int decisions;
    float *obs; ///< [MOST, O]
    int8_t action[MOST];
    float reward[MOST];
} Lived;

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
    ParaObsSpec obs;
    ParaFamilies families;
    ParaWorldGroup *group;
    Lived lived[DEMOS];
    const char *paths[DEMOS];
} Room;

/// One key held; channel 3, where below 0 is as 0, and channel 5, which is not bound, are pulled too. @return
/// whether that solved it
static bool play(Room *room, uint64_t seed, int8_t key, Lived *lived, const char *path)
{
    ParaEnv env = {0};
    const char *error = NULL;
    para_env_init(&env, para_world_at(room->group, 0), true);
    ParaPick pick = {.seed = seed};
    const ParaLevel *level = para_families_sample(&room->families, &pick, "test", para_env_level_arena(&env));
    assert_true(level && para_env_begin(&env, level, "scripted"));
    int at = 0;
    for (; env.play.status == PARA_PLAY_ON && at < MOST; at++) {
        int8_t actions[PARA_CHANNELS] = {key, 0, 0, -1, 0, -1};
        para_observe(&room->obs, level, &env.play, 0, env.world, lived->obs + at * room->obs.size);
        lived->action[at] = key;
        lived->reward[at] = para_decision_make_one(&env, actions);
    }
    lived->decisions = at;
    bool solved = env.play.status == PARA_PLAY_SOLVED;
    assert_true(para_replay_write(path, para_env_replay(&env), room->arena, &error));
    para_env_destroy(&env);
    return solved;
}

static int set_up(void **state)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)512 << 20);
    Room *room = PARA_NEW(arena, Room, 1);
    const char *names[] = {"reach"};
    *room = (Room){.scratch = scratch_make(), .arena = arena, .obs = para_obs_spec_entities()};
    room->families = tiny_families(names, 1, arena);
    room->group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    for (int i = 0; i < DEMOS; i++) {
        room->lived[i].obs = PARA_NEW(arena, float, MOST * room->obs.size);
        room->paths[i] = para_arena_printf(arena, "%s/%02d.replay", room->scratch.folder, i);
        if (!play(room, (uint64_t)i, 1, &room->lived[i], room->paths[i]))
            assert_true(play(room, (uint64_t)i, -1, &room->lived[i], room->paths[i]));
    }
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    Room *room = *state;
    para_world_group_destroy(room->group);
    scratch_remove(&room->scratch);
    para_arena_destroy(room->arena);
    return 0;
}

static ParaDemosDef def_of(const Room *room)
{
    return (ParaDemosDef){.obs = room->obs, .discount = 0.9f, .seed = 2};
}

/// The episode that a row begins. @return -1: it is none
static int episode_at(const Room *room, const ParaDemos *demos, int row)
{
    for (int i = 0; i < DEMOS; i++)
        if (memcmp(demos->obs + (size_t)row * (size_t)room->obs.size, room->lived[i].obs,
                   sizeof(float) * (size_t)room->obs.size) == 0)
            return i;
    return -1;
}

static void test_rows_are_what_was_lived(void **state)
{
    Room *room = *state;
    ParaDemosDef def = def_of(room);
    ParaDemos demos;
    const char *error = NULL;
    int row = 0, seen[DEMOS] = {0}, in_order = 0;
    assert_true(para_demos_play(&def, room->paths, DEMOS, room->arena, &demos, &error));
    assert_true(demos.episodes == DEMOS && demos.files == DEMOS && demos.unsolved == 0 && !demos.full);
    for (int e = 0; e < DEMOS; e++) {
        int i = episode_at(room, &demos, row);
        assert_true(i >= 0);
        const Lived *lived = &room->lived[i];
        seen[i]++;
        in_order += i == e;
        double earned = 0;
        assert_memory_equal(demos.obs + row * room->obs.size, lived->obs,
                            sizeof(float) * (size_t)(lived->decisions * room->obs.size));
        for (int at = lived->decisions - 1; at >= 0; at--) {
            earned = (double)lived->reward[at] + 0.9 * earned;
            assert_float_equal((double)demos.earned[row + at], earned, 1e-4);
            assert_int_equal(demos.action[(row + at) * PARA_CHANNELS], lived->action[at]);
            assert_true(demos.channel_bits[row + at] == 9 && demos.negative_bits[row + at] == 1);
            for (int c = 1; c < PARA_CHANNELS; c++) // what moved nothing is not to be imitated
                assert_int_equal(demos.action[(row + at) * PARA_CHANNELS + c], 0);
        }
        row += lived->decisions;
    }
    assert_int_equal(row, demos.count);
    for (int i = 0; i < DEMOS; i++)
        assert_int_equal(seen[i], 1);
    assert_true(in_order < DEMOS / 2); // they come by chance
}

static void test_what_is_left_out(void **state)
{
    Room *room = *state;
    Lived lived = {.obs = PARA_NEW(room->arena, float, MOST * room->obs.size)};
    const char *error = NULL, *lost = para_arena_printf(room->arena, "%s/lost.replay", room->scratch.folder);
    assert_false(play(room, 1, 0, &lived, lost)); // nobody moves
    const char *paths[] = {room->paths[0], lost};
    ParaDemosDef def = def_of(room);
    ParaDemos demos;
    assert_true(para_demos_play(&def, paths, 2, room->arena, &demos, &error));
    assert_true(demos.episodes == 1 && demos.unsolved == 1 && demos.count == room->lived[0].decisions);
    def.failed = true;
    assert_true(para_demos_play(&def, paths, 2, room->arena, &demos, &error));
    assert_true(demos.episodes == 2 && demos.count == room->lived[0].decisions + lived.decisions);
    def.family = "push";
    assert_true(para_demos_play(&def, paths, 2, room->arena, &demos, &error));
    assert_true(demos.episodes == 0 && demos.others == 2 && demos.count == 0);
}

/// One byte of an action is turned, or the file cut: its path and what is wrong are told.
static void test_what_cannot_be_played_again(void **state)
{
    Room *room = *state;
    size_t size = 0;
    const char *error = NULL, *path = room->paths[3], *bad[] = {path};
    unsigned char *bytes = scratch_read(path, &size);
    size_t at = para_replay_actions_offset(path, room->arena);
    ParaDemosDef def = def_of(room);
    ParaDemos demos;
    bytes[at] = (unsigned char)(-(signed char)bytes[at]);
    scratch_write(path, bytes, size);
    assert_false(para_demos_play(&def, bad, 1, room->arena, &demos, &error));
    assert_true(strstr(error, path) && strstr(error, "step 0: state hash differs"));
    bytes[at] = 7;
    scratch_write(path, bytes, size);
    assert_false(para_demos_play(&def, bad, 1, room->arena, &demos, &error));
    assert_true(strstr(error, path) && strstr(error, "must be -1, 0 or 1"));
    scratch_write(path, bytes, size / 2);
    assert_false(para_demos_play(&def, bad, 1, room->arena, &demos, &error));
    assert_non_null(strstr(error, path));
    free(bytes);
}

static void test_files_and_folders(void **state)
{
    Room *room = *state;
    const char *error = NULL, *empty = para_arena_printf(room->arena, "%s/empty", room->scratch.folder);
    int count = 0;
    const char *both[] = {room->scratch.folder, room->paths[2]}, *none[] = {"nowhere.replay"},
               *bare[] = {empty};
    scratch_write(para_arena_printf(room->arena, "%s/notes.txt", room->scratch.folder), "x", 1);
    const char *const *files = para_demos_list(both, 2, &count, room->arena, &error);
    assert_int_equal(count, DEMOS + 1);
    assert_string_equal(files[1], room->paths[1]);
    assert_string_equal(files[DEMOS], room->paths[2]);
    assert_null(para_demos_list(none, 1, &count, room->arena, &error));
    assert_string_equal(error, "there is no nowhere.replay");
    assert_int_equal(mkdir(empty, 0700), 0);
    assert_null(para_demos_list(bare, 1, &count, room->arena, &error));
    assert_non_null(strstr(error, "no *.replay file in"));
    assert_non_null(strstr(error, "name the folder that they lie in"));
    const char *proofs = para_arena_printf(room->arena, "%s/proofs", empty);
    assert_int_equal(mkdir(proofs, 0700), 0); // as in the folder of a run
    assert_null(para_demos_list(bare, 1, &count, room->arena, &error));
    assert_non_null(strstr(error, para_arena_printf(room->arena, "name %s,", proofs)));
}

const struct CMUnitTest para_tests_demos[] = {
    cmocka_unit_test_setup_teardown(test_rows_are_what_was_lived, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_is_left_out, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_cannot_be_played_again, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_files_and_folders, set_up, tear_down),
};
const size_t para_tests_demos_count = sizeof para_tests_demos / sizeof *para_tests_demos;
