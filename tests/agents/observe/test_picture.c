// SPDX-License-Identifier: MIT
// A level as a picture: what is red in it, and that its player is always to be seen.
#include "agents/observe/picture.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 320, HEIGHT = 180 };

/// A cart that must bring an egg, which may touch nothing of what follows in `fail`; `hero` says where the
/// cart is and how large.
#define LEVEL(hero, fail)                                                                                    \
    "{\"paracosm\": 1, \"name\": \"egg\", \"about\": \"Carry it.\","                                         \
    " \"world\": {\"size\": [20, 10], \"seconds\": 20},"                                                     \
    " \"bodies\": ["                                                                                         \
    "  {\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [20, 2]}, \"at\": [10, 1]},"            \
    "  {\"name\": \"wall\", \"static\": true, \"shape\": {\"box\": [1, 2]}, \"at\": [18, 3]},"               \
    "  {\"name\": \"saw\", \"kinematic\": true, \"shape\": {\"box\": [1, 1]}, \"at\": [15, 7]},"             \
    "  {\"name\": \"egg\", \"shape\": {\"circle\": 0.4}, \"at\": [6, 3]}, " hero "],"                        \
    " \"zones\": [{\"name\": \"flag\", \"area\": {\"box\": [1, 1]}, \"at\": [12, 3]}],"                      \
    " \"player\": {\"body\": \"cart\","                                                                      \
    "  \"actuators\": [{\"walk\": \"cart\", \"channel\": 0, \"speed\": 4, \"force\": 60}]},"                 \
    " \"goal\": {\"inside\": [\"egg\", \"flag\"]}, \"fail\": " fail "}"
#define CART "{\"name\": \"cart\", \"shape\": {\"box\": [1, 0.5]}, \"at\": [3, 2.25]}"

typedef struct Shot {
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaLevel *level;
    ParaPlay play;
    ParaPlayerState player;
    uint8_t *rgb; // [HEIGHT, WIDTH, 3]
} Shot;

static Shot take(const char *text)
{
    Shot shot = {.arena = para_arena_create(1 << 20, (size_t)256 << 20),
                 .group = para_world_group_create(PARA_SOLVER_LANES, 1)};
    ParaDiagList problems = para_diag_list(shot.arena, "egg", text);
    const ParaTemplate *t = para_template_load("egg", text, strlen(text), shot.arena, &problems);
    if (!t)
        fail_msg("%s", problems.items[0].message);
    shot.level = para_template_sample(t, NULL, 0, shot.arena, NULL);
    ParaWorld world = para_world_at(shot.group, 0);
    assert_true(shot.level && para_play_begin(&shot.play, shot.level, world, &shot.player, NULL, NULL));
    ParaPicture picture = para_picture_create(WIDTH, HEIGHT, 1, shot.arena);
    shot.rgb = para_arena_alloc(shot.arena, (size_t)WIDTH * HEIGHT * 3);
    para_picture_draw(&picture, shot.level, &shot.play, world, shot.rgb);
    return shot;
}

static void put_away(Shot *shot)
{
    para_world_group_destroy(shot->group);
    para_arena_destroy(shot->arena);
}

static int pixels_of(const Shot *shot, int ink)
{
    ParaColour c = para_ink_flat(ink);
    int count = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        count += shot->rgb[3 * i] == c.r && shot->rgb[3 * i + 1] == c.g && shot->rgb[3 * i + 2] == c.b;
    return count;
}

static int red_pixels(const Shot *shot)
{
    return pixels_of(shot, PARA_INK_HAZARD) + pixels_of(shot, PARA_INK_DANGER) +
           pixels_of(shot, PARA_INK_DANGER_EDGE);
}

/// @return red pixels of a level that fails so
static int red_where(const char *text)
{
    Shot shot = take(text);
    int red = red_pixels(&shot);
    assert_true(pixels_of(&shot, PARA_INK_CARGO) > 20 && pixels_of(&shot, PARA_INK_PLAYER) > 20);
    put_away(&shot);
    return red;
}

static void test_what_the_cargo_must_not_touch_is_no_hazard(void **state)
{
    (void)state;
    assert_int_equal(red_where(LEVEL(CART, "{\"touch\": [\"egg\", \"ground\"]}")), 0);
    assert_int_equal(red_where(LEVEL(CART, "{\"touch\": [\"wall\", \"egg\"]}")), 0); // either way round
    assert_int_equal(red_where(LEVEL(CART, "{\"any\": [{\"touch\": [\"egg\", \"wall\"]},"
                                           " {\"all\": [{\"touch\": [\"egg\", \"ground\"]}]}]}")),
                     0);
}

static void test_what_the_player_must_not_touch_is_a_hazard(void **state)
{
    (void)state;
    int wall = red_where(LEVEL(CART, "{\"touch\": [\"cart\", \"wall\"]}"));
    assert_true(wall > 200);
    // The cargo must not either: it stays one.
    assert_int_equal(
        red_where(
            LEVEL(CART, "{\"any\": [{\"touch\": [\"egg\", \"wall\"]}, {\"touch\": [\"cart\", \"wall\"]}]}")),
        wall);
    assert_true(red_where(LEVEL(CART, "{\"touch\": [\"cart\", \"ground\"]}")) > 1000);
    // What comes after the cargo is one, too.
    assert_true(red_where(LEVEL(CART, "{\"touch\": [\"egg\", \"saw\"]}")) > 100);
}

static void test_player_is_seen_wherever_it_is(void **state)
{
    (void)state;
    static const char *const levels[] = {
        LEVEL("{\"name\": \"cart\", \"shape\": {\"box\": [1, 0.5]}, \"at\": [31, 2.25]}", "{\"time\": 9}"),
        LEVEL("{\"name\": \"cart\", \"shape\": {\"box\": [1, 0.5]}, \"at\": [-12, -40]}", "{\"time\": 9}"),
        LEVEL("{\"name\": \"cart\", \"shape\": {\"box\": [1, 0.5]}, \"at\": [10, 27]}", "{\"time\": 9}")};
    for (int i = 0; i < 3; i++) {
        Shot shot = take(levels[i]);
        assert_true(pixels_of(&shot, PARA_INK_PLAYER) > 20);
        put_away(&shot);
    }
}

static void test_tiny_player_has_a_ring_and_an_eye_of_its_size(void **state)
{
    (void)state;
    Shot shot =
        take(LEVEL("{\"name\": \"cart\", \"shape\": {\"circle\": 0.01}, \"at\": [10, 6]}", "{\"time\": 9}"));
    assert_true(pixels_of(&shot, PARA_INK_PLAYER) >= 8);
    assert_true(pixels_of(&shot, PARA_INK_EYE) <= 4); // of two centimetres in 2.5 m of height
    put_away(&shot);
}

const struct CMUnitTest para_tests_picture[] = {
    cmocka_unit_test(test_what_the_cargo_must_not_touch_is_no_hazard),
    cmocka_unit_test(test_what_the_player_must_not_touch_is_a_hazard),
    cmocka_unit_test(test_player_is_seen_wherever_it_is),
    cmocka_unit_test(test_tiny_player_has_a_ring_and_an_eye_of_its_size),
};
const size_t para_tests_picture_count = sizeof para_tests_picture / sizeof *para_tests_picture;
