// SPDX-License-Identifier: MIT
// The dream of pixels beside a game: it follows the keys, is shown the truth where the twin's worlds are made
// equal, and begins anew where somebody goes back. The other solver stands in for a dream of bodies.
#include "agents/dream/dream.h"
#include "agents/pixels/pixels_measure.h"
#include "apps/game/pixel_twin.h"
#include "tests/tests.h"

#include <string.h>

typedef struct Room {
    ParaArena *arena;
    ParaGame game;
    ParaTwin twin;
    ParaPixels *pixels;
    ParaPixelTwin *corner;
} Room;

/// Untaught, with weights so large that what it is told changes what it says.
static ParaPixels *wild(ParaArena *arena)
{
    ParaPixelsDef def = para_pixels_def_default();
    ParaRng rng = para_rng_make(5, "wild");
    def.hidden = 8;
    ParaPixels *pixels = para_pixels_create(&def, 1, arena);
    for (int i = 0; i < pixels->count; i++)
        pixels->weights[i] += 0.1f * (float)para_rng_range(&rng, -1, 1);
    return pixels;
}

static void room_open(Room *room)
{
    const char *error = NULL;
    const ParaGameDef def = {.name = "crate", .solver = PARA_SOLVER_LANES};
    ParaWorldGroup *dream = para_world_group_create(PARA_SOLVER_CHIPMUNK, 1);
    *room = (Room){.arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20)};
    assert_non_null(dream);
    assert_true(para_game_open(&room->game, &def, &error));
    assert_true(para_twin_open(&room->twin, dream, &room->game));
    assert_true(para_game_begin(&room->game, 3));
    room->pixels = wild(room->arena);
    room->corner = PARA_NEW(room->arena, ParaPixelTwin, 1);
    para_pixel_twin_open(room->corner, room->pixels, room->arena);
}

static void room_close(Room *room)
{
    para_twin_close(&room->twin, &room->game);
    para_game_close(&room->game);
    para_arena_destroy(room->arena);
}

static void play(Room *room, int decisions, int8_t key)
{
    ParaGame *game = &room->game;
    for (int d = 0; d < decisions && !para_game_over(game); d++) {
        const int8_t keys[PARA_CHANNELS] = {key};
        do {
            para_game_step(game, keys);
            para_pixel_twin_step(room->corner, game);
        } while (game->env.step != 0);
    }
}

static void read(Room *room, uint8_t *rgb) { para_pixel_twin_read(room->corner, &room->game, rgb); }

static bool same(const uint8_t *a, const uint8_t *b) { return memcmp(a, b, PARA_PIXELS_FRAME) == 0; }

/// What a model that knows nothing makes of the engine as it stands.
static void look_at_engine(Room *room, uint8_t *rgb)
{
    const ParaEnv *engine = para_twin_env(&room->game, PARA_TWIN_ENGINE);
    ParaPicture picture = para_pixels_picture(room->arena);
    ParaPixelDream *dream = para_pixel_dream_create(room->pixels, room->arena);
    uint8_t rgba[4 * PARA_PIXELS_SIDE * PARA_PIXELS_SIDE];
    para_picture_draw(&picture, engine->level, &engine->play, engine->world, rgb);
    para_pixel_dream_see(dream, rgb);
    para_pixel_dream_draw(dream, rgba);
    for (size_t i = 0; i < (size_t)(PARA_PIXELS_SIDE * PARA_PIXELS_SIDE); i++)
        memcpy(rgb + 3 * i, rgba + 4 * i, 3);
}

static void test_it_sees_then_dreams_what_the_keys_do(void **state)
{
    Room a, b;
    uint8_t left[PARA_PIXELS_FRAME], right[PARA_PIXELS_FRAME], truth[PARA_PIXELS_FRAME];
    (void)state;
    room_open(&a);
    room_open(&b);
    a.twin.horizon = b.twin.horizon = 0.0f;
    read(&b, right); // before the first step it has seen what there is
    read(&a, left);
    look_at_engine(&a, truth);
    assert_true(same(left, truth));
    play(&a, 10, 1);
    play(&b, 10, 1);
    assert_int_equal(a.corner->to_see, 0);
    read(&a, left);
    read(&b, right);
    assert_true(same(left, right));
    look_at_engine(&a, truth);
    assert_false(same(left, truth)); // alone
    // From the same dream on, other keys.
    play(&a, 10, 1);
    play(&b, 10, -1);
    read(&a, left);
    read(&b, right);
    assert_false(same(left, right));
    room_close(&a);
    room_close(&b);
}

static void test_it_is_set_back_with_the_dream_of_bodies(void **state)
{
    Room room;
    uint8_t seen[PARA_PIXELS_FRAME], truth[PARA_PIXELS_FRAME];
    (void)state;
    room_open(&room);
    room.twin.horizon = 2.0f;
    int sets = room.twin.set_count;
    while (room.twin.set_count == sets) {
        assert_false(para_game_over(&room.game));
        play(&room, 1, 1);
    }
    read(&room, seen);
    look_at_engine(&room, truth);
    assert_true(same(seen, truth));
    assert_int_equal(room.corner->to_see, PARA_PIXELS_SEES - 1);
    play(&room, 10, 1);
    assert_int_equal(room.corner->to_see, 0);
    // Forked from what is seen, it is shown that.
    assert_true(para_twin_fork(&room.game));
    read(&room, seen);
    look_at_engine(&room, truth);
    assert_true(same(seen, truth));
    room_close(&room);
}

static void test_it_begins_anew_where_somebody_goes_back_or_on(void **state)
{
    Room room;
    uint8_t seen[PARA_PIXELS_FRAME], truth[PARA_PIXELS_FRAME];
    (void)state;
    room_open(&room);
    room.twin.horizon = 0.0f;
    play(&room, 10, 1);
    para_twin_swap(&room.game); // changing places is none of its business
    play(&room, 1, 1);
    assert_int_equal(room.corner->to_see, 0);
    assert_true(para_game_back(&room.game));
    read(&room, seen);
    look_at_engine(&room, truth);
    assert_true(same(seen, truth));
    assert_int_equal(room.corner->to_see, PARA_PIXELS_SEES - 1);
    play(&room, 10, 1);
    assert_true(para_game_begin(&room.game, 4));
    read(&room, seen);
    look_at_engine(&room, truth);
    assert_true(same(seen, truth));
    room_close(&room);
}

const struct CMUnitTest para_tests_pixel_twin[] = {
    cmocka_unit_test(test_it_sees_then_dreams_what_the_keys_do),
    cmocka_unit_test(test_it_is_set_back_with_the_dream_of_bodies),
    cmocka_unit_test(test_it_begins_anew_where_somebody_goes_back_or_on),
};
const size_t para_tests_pixel_twin_count = sizeof para_tests_pixel_twin / sizeof *para_tests_pixel_twin;
