// SPDX-License-Identifier: MIT
// A level as a picture: what is red in it, and that its player is always to be seen.
#include "agents/observe/observe.h"
#include "agents/observe/picture.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include <math.h>
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

/// @param metres [m] as ParaPicture has it
static Shot take_across(const char *text, float metres)
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
    picture.metres = metres;
    shot.rgb = para_arena_alloc(shot.arena, (size_t)WIDTH * HEIGHT * 3);
    para_picture_draw(&picture, shot.level, &shot.play, world, shot.rgb);
    return shot;
}

static Shot take(const char *text) { return take_across(text, 0.0f); }

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

/// A cart with a wheel: ground that the cart alone must not touch has a border; what neither may is red.
static void test_what_a_part_of_the_player_must_not_touch_has_a_border(void **state)
{
    (void)state;
#define WHEELED(fail)                                                                                        \
    "{\"paracosm\": 1, \"name\": \"wheeled\", \"world\": {\"size\": [20, 10], \"seconds\": 20},"             \
    " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [20, 2]}, \"at\": [10, "    \
    "1]},"                                                                                                   \
    "  {\"name\": \"cart\", \"shape\": {\"box\": [1, 0.5]}, \"at\": [3, 3]},"                                \
    "  {\"name\": \"wheel\", \"shape\": {\"circle\": 0.4}, \"at\": [3, 2.4]}],"                              \
    " \"joints\": [{\"name\": \"axle\", \"revolute\": [\"cart\", \"wheel\"], \"at\": [3, 2.4]}],"            \
    " \"player\": {\"body\": \"cart\","                                                                      \
    "  \"actuators\": [{\"twist\": \"wheel\", \"channel\": 0, \"torque\": 5}]},"                             \
    " \"goal\": {\"right_of\": [\"cart\", 15]}, \"fail\": " fail "}"
    static const char *const texts[] = {WHEELED("{\"touch\": [\"cart\", \"ground\"]}"),
                                        WHEELED("{\"touch\": [\"ground\", \"wheel\"]}")};
    for (int i = 0; i < 2; i++) {
        Shot shot = take(texts[i]);
        assert_int_equal(red_pixels(&shot), 0);
        assert_true(pixels_of(&shot, PARA_INK_HAZARD_EDGE) > 100);
        assert_true(pixels_of(&shot, PARA_INK_GROUND) > 1000);
        put_away(&shot);
    }
    Shot shot = take(
        WHEELED("{\"any\": [{\"touch\": [\"cart\", \"ground\"]}, {\"touch\": [\"wheel\", \"ground\"]}]}"));
    assert_true(red_pixels(&shot) > 1000);
    put_away(&shot);
}

/// A line that begins within the level has its ground below itself alone; at the edge it goes on beyond.
static void test_ground_ends_where_its_line_does(void **state)
{
    (void)state;
#define LINED(from, to)                                                                                      \
    "{\"paracosm\": 1, \"name\": \"lined\", \"world\": {\"size\": [40, 10], \"seconds\": 20},"               \
    " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"chain\": [[" from                  \
    ", 3], [20, 3], [" to ", 3]]}}, {\"name\": \"cart\", \"shape\": {\"box\": [1, 0.5]}, \"at\": [20, 4]}]," \
    " \"player\": {\"body\": \"cart\","                                                                      \
    "  \"actuators\": [{\"walk\": \"cart\", \"channel\": 0, \"speed\": 4, \"force\": 60}]},"                 \
    " \"goal\": {\"right_of\": [\"cart\", 39]}}"
    static const char *const texts[] = {LINED("10", "34"), LINED("34", "10"), LINED("0", "40")};
    static const float grounds[] = {24, 24, 40}; // [m] of 40
    for (int i = 0; i < 3; i++) {
        Shot shot = take_across(texts[i], INFINITY);
        float share = (float)pixels_of(&shot, PARA_INK_GROUND_DEEP) / (float)(WIDTH * 3 * WIDTH / 40);
        assert_true(share > 0.9f * grounds[i] / 40 && share < 1.1f * grounds[i] / 40);
        put_away(&shot);
    }
}

/// However long a level is, all of it is in a picture that is to show it whole; and 12 m are, of 12 m.
static void test_as_much_is_seen_as_asked(void **state)
{
    (void)state;
    static const float metres[] = {0, INFINITY, 12};
    static const float seen[] = {35.6f, 200, 12}; // [m] 320:180 pixels, 20 m high at most
    for (int i = 0; i < 3; i++) {
        Shot shot = take_across(
            "{\"paracosm\": 1, \"name\": \"long\", \"world\": {\"size\": [200, 10], \"seconds\": 20},"
            " \"bodies\": [{\"name\": \"wall\", \"kinematic\": true, \"shape\": {\"box\": [8, 4]}, \"at\": "
            "[100, 3]},"
            "  {\"name\": \"cart\", \"shape\": {\"box\": [1, 1]}, \"at\": [100, 6]}],"
            " \"player\": {\"body\": \"cart\","
            "  \"actuators\": [{\"walk\": \"cart\", \"channel\": 0, \"speed\": 4, \"force\": 60}]},"
            " \"goal\": {\"right_of\": [\"cart\", 190]}}",
            metres[i]);
        int wall = 0, row = 0;
        for (int y = 0; y<HEIGHT; y++, wall = row> wall ? row : wall) {
            ParaColour c = para_ink_flat(PARA_INK_MOVER);
            row = 0;
            for (int x = 0; x < WIDTH; x++) {
                const uint8_t *at = shot.rgb + 3 * (y * WIDTH + x);
                row += at[0] == c.r && at[1] == c.g && at[2] == c.b;
            }
        }
        float wide = 8.0f * (float)WIDTH / seen[i]; // [px]
        assert_true((float)wall > 0.9f * wide - 4.0f && (float)wall < wide + 2.0f);
        put_away(&shot);
    }
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

/// The observation `pixels` is the picture that rgb_array is at its size, byte for byte; where nothing is
/// drawn it is the ground that the network takes for 0.
static void test_pixels_are_a_picture(void **state)
{
    (void)state;
    Shot shot = take(LEVEL(CART, "{\"touch\": [\"egg\", \"saw\"]}"));
    shot.play.players = &shot.player; // it was put elsewhere
    ParaWorld world = para_world_at(shot.group, 0);
    ParaObsSpec spec = para_obs_spec_pixels(), other = para_obs_spec_entities();
    struct ParaPicture *eye = para_obs_picture(&spec, shot.arena);
    ParaPicture picture = para_picture_create(64, 64, 3, shot.arena);
    float *seen = PARA_NEW(shot.arena, float, spec.size), *plain = PARA_NEW(shot.arena, float, other.size),
          *through = PARA_NEW(shot.arena, float, other.size);
    uint8_t *drawn = para_arena_alloc(shot.arena, PARA_OBS_PICTURE_BYTES);
    ParaColour ground = para_ink_flat(PARA_INK_BACKGROUND);
    assert_null(para_obs_picture(&other, shot.arena));
    assert_int_equal(spec.size * (int)sizeof(float), PARA_OBS_PICTURE_BYTES);
    assert_int_equal(para_obs_span_count(&spec), 0);
    for (int again = 0; again < 2; again++) {
        para_observe_through((ParaObsEye){.picture = eye}, &spec, shot.level, &shot.play, 0, world, seen);
        para_picture_draw(&picture, shot.level, &shot.play, world, drawn);
        assert_memory_equal(seen, drawn, PARA_OBS_PICTURE_BYTES);
    }
    const uint8_t nothing[3] = {ground.r, ground.g, ground.b};
    assert_memory_equal(para_obs_picture_ground, nothing, sizeof nothing);
    para_observe_through((ParaObsEye){0}, &other, shot.level, &shot.play, 0, world, through);
    para_observe(&other, shot.level, &shot.play, 0, world, plain);
    assert_memory_equal(through, plain, sizeof *plain * (size_t)other.size);
    shot.level->players[0].sees = 1.0f; // the cart and what is under it, not the saw
    para_observe_through((ParaObsEye){.picture = eye}, &spec, shot.level, &shot.play, 0, world, seen);
    const uint8_t *near = (const uint8_t *)seen;
    int changed = 0, blank = 0;
    for (int i = 0; i < PARA_OBS_PICTURE_BYTES; i += 3) {
        changed += memcmp(near + i, drawn + i, 3) != 0;
        blank += memcmp(near + i, nothing, 3) == 0;
    }
    assert_true(changed > 500 && blank > 3800 && blank < 64 * 64);
    put_away(&shot);
}

const struct CMUnitTest para_tests_picture[] = {
    cmocka_unit_test(test_pixels_are_a_picture),
    cmocka_unit_test(test_what_the_cargo_must_not_touch_is_no_hazard),
    cmocka_unit_test(test_what_the_player_must_not_touch_is_a_hazard),
    cmocka_unit_test(test_what_a_part_of_the_player_must_not_touch_has_a_border),
    cmocka_unit_test(test_ground_ends_where_its_line_does),
    cmocka_unit_test(test_as_much_is_seen_as_asked),
    cmocka_unit_test(test_player_is_seen_wherever_it_is),
    cmocka_unit_test(test_tiny_player_has_a_ring_and_an_eye_of_its_size),
};
const size_t para_tests_picture_count = sizeof para_tests_picture / sizeof *para_tests_picture;
