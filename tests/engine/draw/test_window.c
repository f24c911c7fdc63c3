// SPDX-License-Identifier: MIT
// The window without a screen (SDL_VIDEODRIVER=offscreen): it draws what the raster draws. Skips, and says
// so, where OpenGL 3.3 is not there.
#include "engine/draw/gl/window.h"
#include "engine/draw/raster/raster.h"
#include "tests/engine/draw/sample.h"
#include "tests/tests.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 480, HEIGHT = 270 };

typedef struct Room {
    ParaArena *arena;
    ParaWindow *window;
    ParaScene scene;
    ParaCamera camera;
    uint8_t *rgb;
} Room;

static bool open_room(Room *room)
{
    const char *error = NULL;
    setenv("SDL_VIDEODRIVER", "offscreen", 1);
    room->arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
    room->window = para_window_open("test", WIDTH, HEIGHT, room->arena, &error);
    if (!room->window) {
        print_message("no OpenGL 3.3 here, window tests are skipped: %s\n", error);
        para_arena_destroy(room->arena);
        return false;
    }
    room->scene = para_scene_create(PARA_SCENE_CAPACITY, room->arena);
    room->rgb = para_arena_alloc(room->arena, (size_t)WIDTH * HEIGHT * 3);
    ParaSample *sample = PARA_NEW(room->arena, ParaSample, 1);
    sample_build(sample);
    sample_paint(sample, &room->scene);
    room->camera = para_camera_fit(sample->world.size, (ParaRect){0, 0, WIDTH, HEIGHT});
    return true;
}

static void close_room(Room *room)
{
    para_window_close(room->window);
    para_arena_destroy(room->arena);
}

/// Share of pixels that differ from `ink` [1].
static double share_unlike(const uint8_t *rgb, int ink)
{
    ParaColour c = para_ink_flat(ink);
    int count = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        count += abs(rgb[3 * i] - c.r) + abs(rgb[3 * i + 1] - c.g) + abs(rgb[3 * i + 2] - c.b) > 12;
    return (double)count / (WIDTH * HEIGHT);
}

static void test_window_draws_what_the_raster_draws(void **state)
{
    Room room;
    (void)state;
    if (!open_room(&room))
        skip();
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    para_window_scene(room.window, &room.scene, &room.camera);
    para_window_read(room.window, room.rgb);
    double share = share_unlike(room.rgb, PARA_INK_BACKGROUND);
    assert_true(share > 0.2 && share < 0.9);
    // The raster at 3 x 3 samples a pixel against the card's antialiasing.
    ParaRaster raster = para_raster_create(WIDTH * 3, HEIGHT * 3, room.arena);
    ParaCamera fine = {room.camera.centre,
                       {room.camera.screen.x * 3, room.camera.screen.y * 3},
                       room.camera.scale * 3,
                       false};
    uint8_t *want = para_arena_alloc(room.arena, (size_t)WIDTH * HEIGHT * 3);
    para_raster_scene(&raster, &room.scene, &fine);
    para_raster_colours(&raster, 3, want);
    double off = 0;
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        off += abs(room.rgb[i] - want[i]);
    off /= 255.0 * WIDTH * HEIGHT * 3;
    assert_true(off < 0.01);
    close_room(&room);
}

static void test_window_text_leaves_ink_and_measures(void **state)
{
    Room room;
    (void)state;
    if (!open_room(&room))
        skip();
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    para_window_read(room.window, room.rgb);
    assert_true(share_unlike(room.rgb, PARA_INK_BACKGROUND) == 0.0);
    float wide =
        para_window_text(room.window, 20, 20, PARA_TEXT_LARGE, PARA_INK_TEXT, "N\xc2\xb7s \xe2\x89\xa4 3");
    assert_true(wide == para_window_text_width(room.window, PARA_TEXT_LARGE, "N\xc2\xb7s \xe2\x89\xa4 3"));
    assert_true(wide > 40 && wide < 300);
    // Damaged UTF-8 and signs no font has end too.
    para_window_text(room.window, 20, 80, PARA_TEXT_SMALL, PARA_INK_TEXT, "\xff\xc3\xf0\x9f\x98\x80 \xe2");
    para_window_read(room.window, room.rgb);
    double share = share_unlike(room.rgb, PARA_INK_BACKGROUND);
    assert_true(share > 0.002 && share < 0.1);
    para_window_end(room.window);
    close_room(&room);
}

static void test_window_writes_without_any_font(void **state)
{
    Room room;
    (void)state;
    setenv("PARACOSM_FONT", "", 1);
    bool opened = open_room(&room);
    unsetenv("PARACOSM_FONT");
    if (!opened)
        skip();
    assert_string_equal(para_window_font(room.window), "");
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    para_window_text(room.window, 20, 20, PARA_TEXT_LARGE, PARA_INK_TEXT, "Solved");
    para_window_read(room.window, room.rgb);
    assert_true(share_unlike(room.rgb, PARA_INK_BACKGROUND) > 0.002);
    close_room(&room);
}

static void test_window_without_display_says_what_to_do(void **state)
{
    const char *error = NULL;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)64 << 20);
    (void)state;
    setenv("SDL_VIDEODRIVER", "dummy", 1); // has no OpenGL, as a machine without a display
    ParaWindow *window = para_window_open("test", 64, 64, arena, &error);
    setenv("SDL_VIDEODRIVER", "offscreen", 1);
    assert_null(window);
    assert_non_null(strstr(error, "no display"));
    assert_non_null(strstr(error, "SDL_VIDEODRIVER=offscreen"));
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_window[] = {
    cmocka_unit_test(test_window_draws_what_the_raster_draws),
    cmocka_unit_test(test_window_text_leaves_ink_and_measures),
    cmocka_unit_test(test_window_writes_without_any_font),
    cmocka_unit_test(test_window_without_display_says_what_to_do),
};
const size_t para_tests_window_count = sizeof para_tests_window / sizeof *para_tests_window;
