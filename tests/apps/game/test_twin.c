// SPDX-License-Identifier: MIT
// Two worlds on the same inputs. The other of the engine's solvers stands in for a dream where what is tested
// is the session: it differs from the engine a little, and is the same on every machine.
#include "agents/dream/dream.h"
#include "apps/game/twin.h"
#include "tests/tests.h"

#include <string.h>

typedef struct Room {
    ParaArena *arena;
    ParaGame game;
    ParaTwin twin;
} Room;

static void room_open(Room *room, const char *family, ParaWorldGroup *dream)
{
    const char *error = NULL;
    const ParaGameDef def = {.name = family, .solver = PARA_SOLVER_LANES};
    assert_non_null(dream);
    if (!para_game_open(&room->game, &def, &error))
        fail_msg("%s", error);
    assert_true(para_twin_open(&room->twin, dream, &room->game));
    assert_true(para_game_begin(&room->game, 3));
}

static void room_close(Room *room)
{
    para_twin_close(&room->twin, &room->game);
    para_game_close(&room->game);
}

static ParaWorldGroup *stand_in(void) { return para_world_group_create(PARA_SOLVER_CHIPMUNK, 1); }

/// Untaught: its bodies go anywhere.
static ParaWorldGroup *untaught(ParaArena *arena)
{
    ParaModelDef def = para_model_def_default();
    def.members = 1;
    def.width = 8;
    return para_dream_group_create(para_model_create(&def, 1, arena), 1);
}

static void play(Room *room, int decisions, int salt)
{
    ParaGame *game = &room->game;
    for (int d = 0; d < decisions && !para_game_over(game); d++) {
        int8_t keys[PARA_CHANNELS] = {0};
        keys[0] = (int8_t)((d + salt) / 4 % 3 - 1);
        do
            para_game_step(game, keys);
        while (game->env.step != 0);
    }
}

typedef struct Hashes {
    uint64_t engine, dream;
} Hashes;

static Hashes hashes(const Room *room)
{
    return (Hashes){para_world_hash(para_twin_env(&room->game, PARA_TWIN_ENGINE)->world),
                    para_world_hash(para_twin_env(&room->game, PARA_TWIN_DREAM)->world)};
}

static void assert_same(Hashes a, Hashes b)
{
    assert_true(a.engine == b.engine);
    assert_true(a.dream == b.dream);
}

static void test_the_dream_is_seen_and_the_engine_beside_it_is_the_engine(void **state)
{
    Room room = {0};
    ParaGame alone;
    const char *error = NULL;
    const ParaGameDef def = {.name = "crate", .solver = PARA_SOLVER_LANES};
    (void)state;
    room_open(&room, "crate", stand_in());
    room.twin.horizon = 0.0f;
    assert_true(room.twin.swapped);
    assert_true(&room.game.env == para_twin_env(&room.game, PARA_TWIN_DREAM));
    play(&room, 40, 0);
    assert_true(room.twin.error.mean > 0.0f && room.twin.error.worst >= room.twin.error.mean);
    assert_true(room.twin.curve_decision == 40 && room.twin.worst[40] > 0.0f);
    // The same keys in the level with its toys, and no dream beside it.
    assert_true(para_game_open(&alone, &def, &error));
    const ParaLevel *level = para_level_copy(room.game.env.level, para_env_level_arena(&alone.env));
    assert_true(para_env_begin(&alone.env, level, "test"));
    Room other = {.game = alone};
    play(&other, 40, 0);
    assert_true(para_world_hash(other.game.env.world) == hashes(&room).engine);
    para_game_close(&other.game);
    room_close(&room);
}

static void test_changing_places_changes_what_is_seen_and_nothing_else(void **state)
{
    Room room = {0};
    (void)state;
    room_open(&room, "crate", stand_in());
    play(&room, 10, 0);
    Hashes before = hashes(&room);
    uint64_t seen = para_world_hash(room.game.env.world);
    para_twin_swap(&room.game);
    assert_false(room.twin.swapped);
    assert_true(para_world_hash(room.game.env.world) == before.engine && seen == before.dream);
    assert_same(hashes(&room), before);
    // In the middle of a decision it waits for the end of it.
    const int8_t keys[PARA_CHANNELS] = {1};
    para_game_step(&room.game, keys);
    para_twin_swap(&room.game);
    assert_false(room.twin.swapped);
    while (room.game.env.step != 0)
        para_game_step(&room.game, keys);
    assert_true(room.twin.swapped);
    assert_int_equal(room.game.env.decisions, room.twin.env.decisions);
    // The next level begins with the same one seen.
    para_twin_swap(&room.game);
    assert_true(para_game_begin(&room.game, 4));
    assert_false(room.twin.swapped);
    assert_int_equal(para_world_solver(room.game.env.world), PARA_SOLVER_LANES);
    room_close(&room);
}

/// Two that are made equal stand in the same places; a solver's own state is none of it.
static void test_a_fork_goes_on_from_what_is_seen(void **state)
{
    Room room = {0};
    const char *error = NULL;
    (void)state;
    room_open(&room, "crate", stand_in());
    room.twin.horizon = 0.0f;
    play(&room, 30, 0);
    assert_true(room.twin.error.worst > 1e-5f);
    uint64_t dream = hashes(&room).dream;
    assert_true(para_twin_fork(&room.game));
    assert_true(room.twin.error.worst < 1e-5f);
    assert_true(hashes(&room).dream == dream);
    assert_true(para_twin_alone(&room.game) == 0.0f);
    play(&room, 10, 0);
    assert_true(room.twin.error.worst < 1.0f);
    // Its record would not play again.
    while (!para_game_over(&room.game))
        play(&room, 100, 0);
    para_twin_swap(&room.game);
    while (!para_game_over(&room.game))
        play(&room, 100, 0);
    assert_false(para_game_save(&room.game, "/nonexistent/a.replay", &error));
    assert_non_null(strstr(error, "dream"));
    assert_false(para_twin_fork(&room.game));
    room_close(&room);
}

static void test_the_dream_is_set_back_to_the_truth(void **state)
{
    Room room = {0};
    (void)state;
    room_open(&room, "crate", stand_in());
    room.twin.horizon = 1.0f; // 15 decisions
    play(&room, 14, 0);
    assert_false(room.twin.set_back);
    assert_true(room.twin.error.worst > 0.0f);
    uint64_t engine = 0;
    play(&room, 1, 14);
    engine = hashes(&room).engine;
    assert_true(room.twin.set_back);
    assert_true(room.twin.error.worst < 1e-5f && room.twin.astray.worst > 1e-5f);
    assert_true(room.twin.worst[15] == room.twin.astray.worst); // the curve has what was there before
    assert_int_equal(room.twin.sets[0], 15);
    room.twin.set_back = false;
    play(&room, 15, 15);
    assert_true(room.twin.set_back);
    assert_int_equal(room.twin.set_count, 2);
    // The engine goes its way whatever the dream is set to.
    Room other = {0};
    room_open(&other, "crate", stand_in());
    other.twin.horizon = 0.0f;
    play(&other, 14, 0);
    play(&other, 1, 14);
    assert_true(hashes(&other).engine == engine);
    assert_int_equal(other.twin.set_count, 0);
    room_close(&other);
    room_close(&room);
}

static void test_there_and_back_again_leaves_both_as_they_were(void **state)
{
    Room room = {0};
    Hashes at[4];
    (void)state;
    room_open(&room, "crate", stand_in());
    room.twin.horizon = 1.0f;
    play(&room, 20, 0);
    at[0] = hashes(&room);
    play(&room, 20, 1); // over a setting back
    at[1] = hashes(&room);
    for (int d = 0; d < 20; d++)
        assert_true(para_game_back(&room.game));
    assert_same(hashes(&room), at[0]);
    assert_int_equal(room.twin.set_count, 1);
    play(&room, 20, 1);
    assert_same(hashes(&room), at[1]);
    // A way there with a fork and a change of places in it.
    assert_true(para_twin_fork(&room.game));
    para_twin_swap(&room.game);
    play(&room, 9, 2);
    for (int d = 0; d < 20; d++)
        assert_true(para_game_back(&room.game));
    assert_int_equal(room.game.env.decisions, 29);
    for (int d = 0; d < 9; d++)
        assert_true(para_game_back(&room.game));
    assert_same(hashes(&room), at[0]);
    while (para_game_back(&room.game))
        ;
    assert_int_equal(room.game.env.decisions, 0);
    assert_int_equal(room.twin.env.decisions, 0);
    room_close(&room);
}

static void test_what_happens_happens_in_both(void **state)
{
    static const char *const lines[] = {"drop crate at 4 5", "wind 5", "flip gravity"};
    Room room = {0};
    char why[PARA_MEDDLE_SAYS];
    (void)state;
    room_open(&room, "crate", stand_in());
    const ParaLevel *level = room.game.env.level;
    assert_true(para_toybox_is_in(level));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!para_game_type(&room.game, lines[i], why, sizeof why))
            fail_msg("%s: %s", lines[i], why);
        play(&room, 2, 0);
    }
    int toys = 0, wind = para_toybox_wind(level);
    const ParaView *a = para_world_view(room.game.env.world), *b = para_world_view(room.twin.env.world);
    for (int i = 0; i < level->world.body_count; i++) {
        toys += para_toy_of(level, i) >= 0 && b->enabled[i * b->stride];
        assert_int_equal(a->enabled[i * a->stride], b->enabled[i * b->stride]);
    }
    assert_int_equal(toys, 1);
    assert_true(a->zones[wind].on && b->zones[wind].on);
    assert_true(a->gravity.y == b->gravity.y && b->gravity.y > 0.0f);
    assert_true(room.game.env.level == level && room.twin.env.level == level);
    assert_int_equal(room.twin.error.apart, 0);
    room_close(&room);
}

/// The rules may take a body out; a solver may not, whatever it believes.
static void test_no_body_is_lost_or_invented_in_a_dream(void **state)
{
    static const char *const families[] = {"crate", "herd"};
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
    (void)state;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        Room room = {0};
        char why[PARA_MEDDLE_SAYS];
        room_open(&room, families[i], untaught(arena));
        room.twin.horizon = 0.5f;
        play(&room, 20, 0);
        assert_true(para_game_type(&room.game, "drop crate", why, sizeof why) || para_game_over(&room.game));
        play(&room, 40, 0);
        const ParaTwinCount *count = room.twin.counts;
        assert_true(count[PARA_TWIN_DREAM].steps > 0 && count[PARA_TWIN_ENGINE].steps > 0);
        for (int world = 0; world < PARA_TWIN_WORLDS; world++) {
            assert_int_equal(count[world].lost, 0);
            assert_int_equal(count[world].invented, 0);
        }
        room_close(&room);
    }
    para_arena_destroy(arena);
}

/// The check can fail: a body that somebody takes out while the solver steps is missed.
static void vanish(Room *room)
{
    const ParaEnv *env = para_twin_env(&room->game, PARA_TWIN_DREAM);
    int body = env->level->players[0].body;
    ParaTwinCount *count = &room->twin.counts[PARA_TWIN_DREAM];
    int64_t lost = count->lost, invented = count->invented;
    room->twin.stepping = PARA_TWIN_DREAM;
    para_twin_count_before(&room->twin, env);
    para_world_disable_body(env->world, body);
    para_twin_count_after(&room->twin, env);
    assert_int_equal(count->lost, lost + 1);
    para_twin_count_before(&room->twin, env);
    para_world_place_body(env->world, body, (ParaVec2){1, 1}, 0, (ParaVec2){0, 0}, 0);
    para_twin_count_after(&room->twin, env);
    assert_int_equal(count->invented, invented + 1);
}

static void test_a_body_that_vanishes_is_noticed(void **state)
{
    Room room = {0};
    (void)state;
    room_open(&room, "crate", stand_in());
    play(&room, 2, 0);
    vanish(&room);
    room_close(&room);
}

/// The seen one may end while the other goes on, and may be gone to there.
static void test_each_world_has_an_end_of_its_own(void **state)
{
    Room room = {0};
    char told[96];
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
    (void)state;
    room_open(&room, "balance", untaught(arena)); // it falls at once
    room.twin.horizon = 0.0f;
    while (!para_game_over(&room.game))
        play(&room, 100, 0);
    para_twin_tell(&room.game, told, sizeof told);
    assert_non_null(strstr(told, "engine: "));
    bool on = room.twin.env.play.status == PARA_PLAY_ON;
    para_twin_swap(&room.game);
    assert_true(para_game_over(&room.game) == !on);
    int decisions = room.game.env.decisions;
    play(&room, 5, 0);
    assert_true(room.game.env.decisions >= decisions);
    for (int d = 0; d < 5; d++)
        assert_true(para_game_back(&room.game));
    assert_true(room.game.env.decisions <= decisions);
    room_close(&room);
    para_arena_destroy(arena);
}

/// [kg] of a body as a world was built.
static float mass_of(const ParaEnv *env, int body)
{
    const ParaView *view = para_world_view(env->world);
    return view->mass[body * view->stride];
}

/// Bodies whose mass nobody sees: how many there are, and how many weigh in the dream what they weigh in the
/// engine.
static int told_masses(const Room *room, int *out_hidden)
{
    const ParaEnv *engine = para_twin_env(&room->game, PARA_TWIN_ENGINE);
    const ParaEnv *dream = para_twin_env(&room->game, PARA_TWIN_DREAM);
    int told = 0;
    *out_hidden = 0;
    for (int b = 0; b < engine->level->world.body_count; b++) {
        if (!para_level_hides_mass(engine->level, b))
            continue;
        (*out_hidden)++;
        told += mass_of(engine, b) == mass_of(dream, b);
    }
    return told;
}

static void test_hidden_masses_are_hidden_from_the_dream(void **state)
{
    Room room = {0};
    int hidden = 0;
    (void)state;
    room_open(&room, "lever", stand_in());
    float crate = -1.0f;
    for (int b = 0; b < room.twin.env.level->world.body_count; b++)
        if (para_level_hides_mass(room.twin.env.level, b))
            crate = mass_of(&room.twin.env, b);
    assert_true(crate > 0.0f);
    assert_int_equal(told_masses(&room, &hidden), 0);
    assert_true(hidden > 0);
    play(&room, 4, 0);
    para_twin_swap(&room.game);              // the engine is seen
    assert_true(para_twin_fork(&room.game)); // the dream goes on from it
    play(&room, 2, 0);
    assert_int_equal(told_masses(&room, &hidden), 0);
    para_twin_swap(&room.game);
    assert_true(para_twin_fork(&room.game)); // the engine goes on from the dream: it weighs what it weighed
    assert_int_equal(told_masses(&room, &hidden), 0);
    const ParaEnv *engine = para_twin_env(&room.game, PARA_TWIN_ENGINE);
    for (int b = 0; b < engine->level->world.body_count; b++)
        if (para_level_hides_mass(engine->level, b))
            assert_true(mass_of(engine, b) == crate);
    room_close(&room);
}

const struct CMUnitTest para_tests_twin[] = {
    cmocka_unit_test(test_the_dream_is_seen_and_the_engine_beside_it_is_the_engine),
    cmocka_unit_test(test_changing_places_changes_what_is_seen_and_nothing_else),
    cmocka_unit_test(test_a_fork_goes_on_from_what_is_seen),
    cmocka_unit_test(test_the_dream_is_set_back_to_the_truth),
    cmocka_unit_test(test_there_and_back_again_leaves_both_as_they_were),
    cmocka_unit_test(test_what_happens_happens_in_both),
    cmocka_unit_test(test_no_body_is_lost_or_invented_in_a_dream),
    cmocka_unit_test(test_a_body_that_vanishes_is_noticed),
    cmocka_unit_test(test_each_world_has_an_end_of_its_own),
    cmocka_unit_test(test_hidden_masses_are_hidden_from_the_dream),
};
const size_t para_tests_twin_count = sizeof para_tests_twin / sizeof *para_tests_twin;
