// SPDX-License-Identifier: MIT
// A person who meddles and goes back: what is saved verifies, and ends in the very state that was played.
#include "agents/env/decision.h"
#include "apps/game/game.h"
#include "engine/base/hash.h"
#include "engine/base/rng.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <string.h>

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
    ParaGame game;
    const char *path;
} Room;

static void room_open(Room *room, const char *family, ParaSolverKind solver)
{
    const char *error = NULL;
    const ParaGameDef def = {.name = family, .solver = solver};
    room->scratch = scratch_make();
    room->arena = para_arena_create(1 << 20, (size_t)256 << 20);
    room->path = para_arena_printf(room->arena, "%s/a.replay", room->scratch.folder);
    if (!para_game_open(&room->game, &def, &error))
        fail_msg("%s", error);
    assert_true(para_game_begin(&room->game, 3));
}

static void room_close(Room *room)
{
    para_game_close(&room->game);
    para_arena_destroy(room->arena);
    scratch_remove(&room->scratch);
}

static void play(Room *room, int decisions, int8_t wish)
{
    const int8_t keys[PARA_CHANNELS] = {wish, 0, wish};
    int end = room->game.env.decisions + decisions;
    while (!para_game_over(&room->game) && room->game.env.decisions < end)
        para_game_step(&room->game, keys);
}

static void type(Room *room, const char *line)
{
    char why[PARA_MEDDLE_SAYS];
    if (!para_game_type(&room->game, line, why, sizeof why))
        fail_msg("%s: %s", line, why);
}

/// What is saved is read, verified and played again by itself: to the same state.
static void check_saved(Room *room)
{
    ParaGame *game = &room->game;
    const char *error = NULL;
    if (!para_game_over(game))
        play(room, 100000, 0);
    if (!para_game_save(game, room->path, &error))
        fail_msg("%s", error);
    const ParaReplay *replay = para_replay_read(room->path, room->arena, &error);
    if (!replay)
        fail_msg("%s", error);
    ParaVerdict verdict = para_replay_verify(replay, room->arena);
    if (!verdict.ok)
        fail_msg("%s", verdict.message);
    assert_int_equal(replay->decisions, game->env.decisions);
    assert_true(replay->hashes[replay->decisions - 1] == game->env.chain);
    ParaGame shown;
    const ParaGameDef def = {.name = room->path};
    const int8_t nobody[PARA_CHANNELS] = {0};
    if (!para_game_open(&shown, &def, &error))
        fail_msg("%s", error);
    assert_true(para_game_begin(&shown, 0));
    while (!para_game_over(&shown))
        para_game_step(&shown, nobody);
    assert_int_equal(shown.differs, -1);
    assert_true(para_world_hash(shown.env.world) == para_world_hash(game->env.world));
    assert_int_equal(shown.env.play.status, game->env.play.status);
    para_game_close(&shown);
}

static void meddled_session(const char *family, ParaSolverKind solver)
{
    Room room;
    room_open(&room, family, solver);
    uint64_t plain = room.game.env.level->hash;
    play(&room, 5, 1);
    type(&room, "push 1 1"); // wants no toybox
    play(&room, 5, 1);
    assert_true(room.game.env.level->hash == plain && para_game_meddled(&room.game));
    type(&room, "drop crate");
    type(&room, "wind 2");
    play(&room, 8, -1);
    assert_true(room.game.env.level->hash != plain && room.game.level_hash == plain);
    assert_true(room.game.env.decisions >= 18 || para_game_over(&room.game));
    type(&room, "flood 1");
    play(&room, 20, 1);
    if (!para_game_over(&room.game)) { // a ball may have rolled off by now
        type(&room, "flip gravity");
        play(&room, 3, 0);
    }
    check_saved(&room);
    room_close(&room);
}

static void test_a_meddled_session_is_its_replay_on_both_solvers(void **state)
{
    (void)state;
    meddled_session("roll", PARA_SOLVER_CHIPMUNK);
    meddled_session("roll", PARA_SOLVER_LANES);
    meddled_session("ferry", PARA_SOLVER_AUTO);
}

static void test_going_back_restores_and_cuts_the_record(void **state)
{
    (void)state;
    Room room;
    room_open(&room, "roll", PARA_SOLVER_AUTO);
    ParaGame *game = &room.game;
    play(&room, 20, 1);
    uint64_t chain = game->env.chain, hash = para_world_hash(game->env.world);
    play(&room, 15, -1);
    for (int k = 0; k < 15; k++)
        assert_true(para_game_back(game));
    assert_int_equal(game->env.decisions, 20);
    assert_true(game->env.chain == chain && para_world_hash(game->env.world) == hash);
    // From the middle of a decision to its beginning.
    const int8_t still[PARA_CHANNELS] = {0};
    para_game_step(game, still);
    assert_int_equal(game->env.step, 1);
    assert_true(para_game_back(game) && game->env.decisions == 20 && game->env.step == 0);
    // What was meddled after the place is forgotten, too; the box that came for it stays.
    type(&room, "crate");
    play(&room, 4, 0);
    assert_true(para_game_meddled(game));
    for (int k = 0; k < 6; k++)
        assert_true(para_game_back(game));
    assert_false(para_game_meddled(game));
    type(&room, "ball");
    check_saved(&room);
    // Back from the end, to the very beginning, and not beyond.
    int from = game->env.decisions;
    assert_true(para_game_over(game) && para_game_back(game) && !para_game_over(game));
    assert_int_equal(game->env.decisions, from - 1);
    while (para_game_back(game)) {
    }
    assert_int_equal(game->env.decisions, 0);
    play(&room, 10, 1);
    check_saved(&room);
    room_close(&room);
}

/// As a hand at the key: back and forth at random, and what is left verifies; in a ring that is too small.
static void test_any_way_back_and_forth_leaves_a_true_record(void **state)
{
    (void)state;
    Room room;
    room_open(&room, "roll", PARA_SOLVER_AUTO);
    ParaGame *game = &room.game;
    size_t one = para_world_snapshot_size(game->env.world);
    para_rewind_destroy(game->rewind);
    game->rewind = para_rewind_create(12 * one);
    para_game_keep(game);
    ParaRng rng = para_rng_make(5, "back");
    for (int round = 0; round < 60; round++) {
        play(&room, (int)para_rng_int(&rng, 1, 9), (int8_t)para_rng_int(&rng, -1, 1));
        if (round % 9 == 4 && !para_game_over(game))
            type(&room, round % 2 ? "push 1 2" : "wind -1");
        for (int64_t back = para_rng_int(&rng, 0, 12); back > 0 && para_game_back(game); back--) {
        }
        assert_true(para_rewind_oldest(game->rewind) <= game->env.decisions);
    }
    check_saved(&room);
    room_close(&room);
}

static void test_what_cannot_be_asked_for_says_why(void **state)
{
    (void)state;
    Room room;
    char why[PARA_MEDDLE_SAYS];
    room_open(&room, "roll", PARA_SOLVER_AUTO);
    assert_false(para_game_type(&room.game, "anvil", why, sizeof why));
    assert_non_null(strstr(why, "anvil"));
    play(&room, 100000, 0);
    assert_false(para_game_type(&room.game, "push 1", why, sizeof why));
    assert_string_equal(why, "the level has ended");
    room_close(&room);
}

/// Whatever way something was done, a scene that was not kept since is told from one that was.
static void test_a_scene_knows_that_it_was_touched(void **state)
{
    (void)state;
    Room room;
    const char *error = NULL, *scene;
    char why[PARA_MEDDLE_SAYS];
    const ParaMeddle push = {.kind = PARA_MEDDLE_PUSH, .numbers = {1, 1}};
    room_open(&room, "roll", PARA_SOLVER_AUTO);
    scene = para_arena_printf(room.arena, "%s/scene.json", room.scratch.folder);
    ParaGame *game = &room.game;
    play(&room, 3, 0);
    assert_false(game->touched);
    for (int way = 0; way < 3; way++) {
        if (way == 0)
            type(&room, "crate at 3 4"); // happens with the decision to come
        else if (way == 1)
            assert_true(para_game_do(game, &push, why, sizeof why));
        else
            assert_true(para_game_undo(game, game->env.decisions - 1,
                                       para_recorder_so_far(game->env.recorder)->meddle_count));
        play(&room, 2, 0);
        assert_true(game->touched);
        assert_true(para_game_save_scene(game, scene, room.arena, &error));
        assert_false(game->touched);
        play(&room, 2, 0);
        assert_false(game->touched);
    }
    type(&room, "push 1");
    play(&room, 2, 0);
    assert_true(game->touched);
    assert_true(para_game_begin(game, 4));
    assert_false(game->touched);
    room_close(&room);
}

const struct CMUnitTest para_tests_play_change[] = {
    cmocka_unit_test(test_a_meddled_session_is_its_replay_on_both_solvers),
    cmocka_unit_test(test_going_back_restores_and_cuts_the_record),
    cmocka_unit_test(test_any_way_back_and_forth_leaves_a_true_record),
    cmocka_unit_test(test_what_cannot_be_asked_for_says_why),
    cmocka_unit_test(test_a_scene_knows_that_it_was_touched),
};
const size_t para_tests_play_change_count = sizeof para_tests_play_change / sizeof *para_tests_play_change;
