// SPDX-License-Identifier: MIT
// A person's session without a window: who may be handed the controls.
#include "agents/lesson/lesson.h"
#include "apps/play/play_game.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <string.h>

/// A player of the vector observation, trained for a lesson on rise, whose levels have one to four bodies
/// that move. @return its run folder
static const char *train_on_rise(const Scratch *scratch, ParaArena *arena)
{
    const char *families[] = {tiny_path("rise", arena)}, *error = NULL;
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(arena, "%s/run", scratch->folder);
    def.families = families;
    def.family_count = 1;
    def.obs = PARA_OBS_VECTOR;
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

static void test_vector_player_is_handed_every_level_of_its_family(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, (size_t)512 << 20);
    const char *run = train_on_rise(&scratch, arena), *reason = NULL;
    const int8_t still[PARA_CHANNELS] = {0};
    int least = PARA_BODIES_MAX, most = 0;
    ParaGame game;
    if (!para_game_open(&game, tiny_path("rise", arena), run, PARA_SOLVER_AUTO, NULL, 0, &reason))
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
    if (!para_game_open(&game, tiny_path("push", arena), run, PARA_SOLVER_AUTO, NULL, 0, &reason))
        fail_msg("%s", reason);
    assert_true(para_game_begin(&game, 1));
    assert_false(para_game_hand_over(&game, &reason));
    assert_non_null(strstr(reason, "rise"));
    assert_false(game.trained);
    para_game_close(&game);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

const struct CMUnitTest para_tests_play_game[] = {
    cmocka_unit_test(test_vector_player_is_handed_every_level_of_its_family),
    cmocka_unit_test(test_vector_player_is_not_handed_another_family),
};
const size_t para_tests_play_game_count = sizeof para_tests_play_game / sizeof *para_tests_play_game;
