// SPDX-License-Identifier: MIT
// The window without a screen (SDL_VIDEODRIVER=offscreen): it draws what the raster draws. Skips, and says
// so, where OpenGL 3.3 is not there.
#include "engine/draw/gl/window.h"
#include "engine/draw/raster/raster.h"
#include "tests/engine/draw/sample.h"
#include "tests/tests.h"

#include <math.h>
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

static bool open_room_of(Room *room, int width, int height)
{
    const char *error = NULL;
    setenv("SDL_VIDEODRIVER", "offscreen", 1);
    room->arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
    room->window = para_window_open("test", width, height, room->arena, &error);
    if (!room->window) {
        print_message("no OpenGL 3.3 here, window tests are skipped: %s\n", error);
        para_arena_destroy(room->arena);
        return false;
    }
    room->scene = para_scene_create(PARA_SCENE_CAPACITY, room->arena);
    room->rgb = para_arena_alloc(room->arena, (size_t)width * (size_t)height * 3);
    ParaSample *sample = PARA_NEW(room->arena, ParaSample, 1);
    sample_build(sample);
    sample_paint(sample, &room->scene);
    room->camera = para_camera_fit(sample->world.size, (ParaRect){0, 0, (float)width, (float)height});
    return true;
}

static bool open_room(Room *room) { return open_room_of(room, WIDTH, HEIGHT); }

static void close_room(Room *room)
{
    para_window_close(room->window);
    para_arena_destroy(room->arena);
}

/// Pixels that differ from `ink` [1].
static int count_unlike(const uint8_t *rgb, int pixels, int ink)
{
    ParaColour c = para_ink_flat(ink);
    int count = 0;
    for (int i = 0; i < pixels; i++)
        count += abs(rgb[3 * i] - c.r) + abs(rgb[3 * i + 1] - c.g) + abs(rgb[3 * i + 2] - c.b) > 12;
    return count;
}

/// Their share of a window of the usual size [1].
static double share_unlike(const uint8_t *rgb, int ink)
{
    return (double)count_unlike(rgb, WIDTH * HEIGHT, ink) / (WIDTH * HEIGHT);
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

static void test_window_draws_every_line_of_a_page(void **state)
{
    enum { LINES = 60 };
    char line[101];
    Room room;
    (void)state;
    if (!open_room(&room))
        skip();
    memset(line, 'i', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    for (int i = 0; i < LINES; i++) // 6000 letters, more than any batch has
        para_window_text(room.window, 0, i == LINES - 1 ? 100.0f : 20.0f, PARA_TEXT_SMALL, PARA_INK_TEXT,
                         line);
    para_window_read(room.window, room.rgb);
    double share = share_unlike(room.rgb, PARA_INK_BACKGROUND);
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    para_window_text(room.window, 0, 20, PARA_TEXT_SMALL, PARA_INK_TEXT, line);
    para_window_read(room.window, room.rgb);
    double one = share_unlike(room.rgb, PARA_INK_BACKGROUND);
    assert_true(one > 0.0 && share > 1.5 * one); // the last line is there as the first is
    para_window_end(room.window);
    close_room(&room);
}

/// Its first row is above, and nothing beside it changes.
static void test_window_shows_a_picture_where_it_is_told(void **state)
{
    static const uint8_t picture[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255};
    static const int at[][2] = {{44, 34}, {52, 34}, {44, 42}, {52, 42}};
    Room room;
    (void)state;
    if (!open_room(&room))
        return;
    for (int again = 0; again < 2; again++) {
        para_window_begin(room.window, PARA_INK_TEXT_DIM);
        para_window_picture(room.window, (ParaRect){40, 30, 16, 16}, picture, 2, 2);
        para_window_read(room.window, room.rgb);
        for (int k = 0; k < 4; k++)
            assert_memory_equal(room.rgb + 3 * (at[k][1] * WIDTH + at[k][0]), picture + 3 * k, 3);
        assert_memory_equal(room.rgb + 3 * (34 * WIDTH + 39), room.rgb, 3);
        assert_memory_equal(room.rgb + 3 * (34 * WIDTH + 56), room.rgb, 3);
        assert_memory_equal(room.rgb + 3 * (29 * WIDTH + 44), room.rgb, 3);
        assert_memory_equal(room.rgb + 3 * (46 * WIDTH + 44), room.rgb, 3);
        para_window_end(room.window);
    }
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

/// Ink of a line of text in a window of some scale, and whether it is of the system's font.
static double ink_of(const char *scale, const char *line, bool *out_font, float *out_wide)
{
    enum { WIDE = 2560, HIGH = 1600 }; // room for a scale of 8
    Room room;
    setenv("PARACOSM_SCALE", scale, 1);
    bool opened = open_room_of(&room, WIDE, HIGH);
    if (!opened) {
        unsetenv("PARACOSM_SCALE");
        skip();
    }
    *out_font = para_window_font(room.window)[0] != '\0';
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    *out_wide = para_window_text(room.window, 4, 4, PARA_TEXT_SMALL, PARA_INK_TEXT, line);
    para_window_read(room.window, room.rgb);
    double ink = count_unlike(room.rgb, WIDE * HIGH, PARA_INK_BACKGROUND);
    close_room(&room);
    unsetenv("PARACOSM_SCALE");
    return ink;
}

static void test_window_letters_grow_with_the_scale(void **state)
{
    bool font, dense_font;
    float wide = 0, last = 0;
    (void)state;
    double plain = ink_of("1", "hill", &font, &wide);
    static const char *const scales[] = {"2", "3", "4",
                                         "8"}; // the densest displays too have letters, no blocks
    for (int i = 0; i < 4; i++) {
        double ink = ink_of(scales[i], "hill", &dense_font, &last);
        assert_int_equal(dense_font, font);
        double times = scales[i][0] - '0';
        assert_true(fabs((double)(last / wide) - times) < 0.1 * times);
        assert_true(ink > 0.5 * times * times * plain && ink < 1.5 * times * times * plain);
    }
}

static void test_window_letters_follow_a_change_of_display(void **state)
{
    Room room;
    (void)state;
    setenv("PARACOSM_SCALE", "1", 1);
    if (!open_room_of(&room, 800, 500)) // room for 2.5
        skip();
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    float before = para_window_text_width(room.window, PARA_TEXT_NORMAL, "hill");
    float high = para_window_line_height(room.window, PARA_TEXT_NORMAL);
    for (int i = 0; i < 40; i++) { // to and fro; no memory is lost by it
        setenv("PARACOSM_SCALE", i % 2 ? "1" : "2.5", 1);
        para_window_begin(room.window, PARA_INK_BACKGROUND);
        float times = i % 2 ? 1.0f : 2.5f;
        assert_true(para_window_scale(room.window) == times);
        float wide = para_window_text(room.window, 4, 4, PARA_TEXT_NORMAL, PARA_INK_TEXT, "hill");
        assert_true(fabsf(wide / before - times) < 0.1f * times);
        assert_true(fabsf(para_window_line_height(room.window, PARA_TEXT_NORMAL) / high - times) <
                    0.1f * times);
        para_window_end(room.window);
    }
    unsetenv("PARACOSM_SCALE");
    close_room(&room);
}

static void test_window_that_is_large_has_large_letters(void **state)
{
    const char *error = NULL;
    static const struct {
        int width, height;
        float scale;
    } sizes[] = {{320, 240, 1}, {1280, 720, 1}, {1920, 1080, 1.5f}, {2560, 1440, 2}, {2560, 720, 1}};
    (void)state;
    setenv("SDL_VIDEODRIVER", "offscreen", 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
        ParaWindow *window = para_window_open("test", sizes[i].width, sizes[i].height, arena, &error);
        if (!window) {
            para_arena_destroy(arena);
            skip();
        }
        assert_true(para_window_scale(window) == sizes[i].scale);
        para_window_close(window);
        para_arena_destroy(arena);
    }
}

static void test_window_scale_leaves_room_for_a_screen(void **state)
{
    static const struct {
        const char *wish;
        float scale, asked;
    } cases[] = {{"4", 2, 4}, {"2", 2, 0}, {"1", 1, 0}, {"2.25", 2, 2.25f}, {"99", 2, 8}, {"0.1", 1, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Room room;
        setenv("PARACOSM_SCALE", cases[i].wish, 1);
        bool opened = open_room_of(&room, 640, 400);
        unsetenv("PARACOSM_SCALE");
        if (!opened)
            skip();
        assert_true(para_window_scale(room.window) == cases[i].scale);
        assert_true(para_window_scale_asked(room.window) == cases[i].asked);
        para_window_set_scale(room.window, 3.0f); // of the settings: the same
        para_window_begin(room.window, PARA_INK_BACKGROUND);
        assert_true(para_window_scale(room.window) == 2.0f && para_window_scale_asked(room.window) == 3.0f);
        close_room(&room);
    }
}

static void test_window_block_letters_have_arrows(void **state)
{
    static const char *const arrows[] = {"\xe2\x86\x90", "\xe2\x86\x91", "\xe2\x86\x92", "\xe2\x86\x93"};
    bool font;
    float wide = 0;
    uint8_t *pictures[5];
    Room room;
    (void)state;
    setenv("PARACOSM_FONT", "", 1);
    bool opened = open_room(&room);
    if (!opened) {
        unsetenv("PARACOSM_FONT");
        skip();
    }
    size_t size = (size_t)WIDTH * HEIGHT * 3;
    for (int i = 0; i < 5; i++) {
        para_window_begin(room.window, PARA_INK_BACKGROUND);
        para_window_text(room.window, 20, 20, PARA_TEXT_LARGE, PARA_INK_TEXT, i < 4 ? arrows[i] : "?");
        pictures[i] = para_arena_alloc(room.arena, size);
        para_window_read(room.window, pictures[i]);
        for (int k = 0; k < i; k++)
            assert_memory_not_equal(pictures[i], pictures[k], size);
    }
    close_room(&room);
    double dots = ink_of("1", "...", &font, &wide); // and what has another form in plain letters
    assert_true(dots == ink_of("1", "\xe2\x80\xa6", &font, &wide) && !font);
    assert_true(ink_of("1", "a \xe2\x86\x90 b", &font, &wide) > ink_of("1", "a  b", &font, &wide));
    unsetenv("PARACOSM_FONT");
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
    cmocka_unit_test(test_window_shows_a_picture_where_it_is_told),
    cmocka_unit_test(test_window_writes_without_any_font),
    cmocka_unit_test(test_window_letters_grow_with_the_scale),
    cmocka_unit_test(test_window_draws_every_line_of_a_page),
    cmocka_unit_test(test_window_letters_follow_a_change_of_display),
    cmocka_unit_test(test_window_that_is_large_has_large_letters),
    cmocka_unit_test(test_window_scale_leaves_room_for_a_screen),
    cmocka_unit_test(test_window_block_letters_have_arrows),
    cmocka_unit_test(test_window_without_display_says_what_to_do),
};
const size_t para_tests_window_count = sizeof para_tests_window / sizeof *para_tests_window;
