// SPDX-License-Identifier: MIT
// The passes of a look as pictures, held against tests/golden/looks.txt. Pictures are compared as blocks of
// 15 by 15 pixels in CIE Lab, so that another version of the renderer, which rounds borders and blends
// otherwise, does not count, and a pass that is missing or elsewhere does. PARACOSM_WRITE_GOLDEN writes the
// file anew. Skips where OpenGL 3.3 is not there.
#include "engine/base/file.h"
#include "engine/draw/gl/window.h"
#include "engine/draw/look/overlay.h"
#include "engine/draw/look/particles.h"
#include "tests/engine/draw/sample.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WIDTH = 480,
    HEIGHT = 270,
    BLOCK = 15,
    WIDE = WIDTH / BLOCK,
    HIGH = HEIGHT / BLOCK,
    BLOCKS = WIDE * HIGH
};

#define MEAN_MOST  0.5 // [CIE76] of a picture's blocks
#define BLOCK_MOST 4.0 // [CIE76] of any block

typedef struct Room {
    ParaArena *arena;
    ParaWindow *window;
    ParaScene scene;
    ParaSample *sample;
    ParaLook look;
    ParaCamera camera;
    uint8_t *rgb;
    const char *golden; ///< text of the file, NULL: it is written anew
    FILE *out;          ///< where to
} Room;

static const char golden_path[] = PARA_SOURCE_DIR "/tests/golden/looks.txt";

/// @param mode of the golden file where it is written: "w" begins it, "a" goes on
static bool open_room(Room *room, const char *mode)
{
    const char *error = NULL;
    size_t size = 0;
    setenv("SDL_VIDEODRIVER", "offscreen", 1);
    *room = (Room){.arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20)};
    room->window = para_window_open("test", WIDTH, HEIGHT, room->arena, &error);
    if (!room->window) {
        print_message("no OpenGL 3.3 here, looks are not tested: %s\n", error);
        para_arena_destroy(room->arena);
        return false;
    }
    if (getenv("PARACOSM_WRITE_GOLDEN"))
        assert_non_null(room->out = fopen(golden_path, mode));
    else
        assert_non_null(room->golden = (const char *)para_file_read(golden_path, (size_t)1 << 20, room->arena,
                                                                    &size, &error));
    room->scene = para_scene_create_tagged(PARA_SCENE_CAPACITY, room->arena);
    room->rgb = para_arena_alloc(room->arena, (size_t)WIDTH * HEIGHT * 3);
    room->sample = PARA_NEW(room->arena, ParaSample, 1);
    room->camera = para_camera_fit((ParaVec2){24, 13.5f}, (ParaRect){0, 0, WIDTH, HEIGHT});
    room->look = para_look_default();
    room->look.mood = PARA_MOOD_DAY;
    room->look.seed = 5;
    room->look.time = 2.5;
    return true;
}

static void close_room(Room *room)
{
    if (room->out)
        assert_int_equal(fclose(room->out), 0);
    para_window_close(room->window);
    para_arena_destroy(room->arena);
}

/// The picture of the scene, and its mean colours by blocks. @param out [BLOCKS * 3] 0..255
static void picture(Room *room, uint8_t *out)
{
    para_window_begin(room->window, PARA_INK_BACKGROUND);
    para_window_world(room->window, &room->scene, &room->camera, &room->look);
    para_window_read(room->window, room->rgb);
    para_window_end(room->window);
    assert_string_equal(para_window_error(room->window), "");
    for (int i = 0; i < BLOCKS * 3; i++) {
        int sum = 0, x = i / 3 % WIDE * BLOCK, y = i / 3 / WIDE * BLOCK;
        for (int k = 0; k < BLOCK * BLOCK; k++)
            sum += room->rgb[((y + k / BLOCK) * WIDTH + x + k % BLOCK) * 3 + i % 3];
        out[i] = (uint8_t)((sum + BLOCK * BLOCK / 2) / (BLOCK * BLOCK));
    }
}

static double root(double t) { return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116.0; }

static void to_lab(const uint8_t *rgb, double *lab)
{
    double c[3];
    for (int i = 0; i < 3; i++)
        c[i] = rgb[i] <= 10 ? rgb[i] / 255.0 / 12.92 : pow((rgb[i] / 255.0 + 0.055) / 1.055, 2.4);
    double x = root((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505);
    double y = root(0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]);
    double z = root((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089);
    lab[0] = 116.0 * y - 16.0;
    lab[1] = 500.0 * (x - y);
    lab[2] = 200.0 * (y - z);
}

/// Colour difference of two pictures: mean and greatest of their blocks [CIE76].
static double distance(const uint8_t *a, const uint8_t *b, double *out_most)
{
    double sum = 0.0;
    *out_most = 0.0;
    for (int i = 0; i < BLOCKS; i++) {
        double p[3], q[3];
        to_lab(a + 3 * i, p);
        to_lab(b + 3 * i, q);
        double off = sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
                          (p[2] - q[2]) * (p[2] - q[2]));
        sum += off;
        *out_most = fmax(*out_most, off);
    }
    return sum / BLOCKS;
}

/// Draws the scene and holds it against the golden picture of that name, or writes that.
static void expect(Room *room, const char *name)
{
    uint8_t is[BLOCKS * 3], want[BLOCKS * 3];
    picture(room, is);
    if (room->out) {
        fprintf(room->out, "%s\n", name);
        for (int i = 0; i < BLOCKS * 3; i++)
            fprintf(room->out, "%02x%s", is[i], i % (WIDE * 3) == WIDE * 3 - 1 ? "\n" : "");
        return;
    }
    char line[64];
    snprintf(line, sizeof line, "%s\n", name);
    const char *at = strstr(room->golden, line);
    assert_non_null(at);
    at += strlen(line);
    for (int i = 0; i < BLOCKS * 3; i++) {
        unsigned value = 0;
        at += *at == '\n';
        assert_int_equal(sscanf(at, "%2x", &value), 1);
        want[i] = (uint8_t)value;
        at += 2;
    }
    double most, mean = distance(is, want, &most);
    if (mean > MEAN_MOST || most > BLOCK_MOST)
        print_message("%s: mean %.2f, most %.2f\n", name, mean, most);
    assert_true(mean <= MEAN_MOST && most <= BLOCK_MOST);
}

/// Paints the sample; every loose body is of another material.
static void paint(Room *room)
{
    static uint8_t looks[16];
    ParaSceneDef def = para_scene_def_default();
    const int32_t eye = 3;
    for (int i = 0; i < 16; i++)
        looks[i] = (uint8_t)(i % PARA_SURFACE_COUNT);
    def.body_styles = room->sample->styles;
    def.body_looks = looks;
    def.zone_styles = room->sample->zone_styles;
    def.inputs = &room->sample->inputs;
    def.eyes = &eye;
    def.eye_count = 1;
    para_scene_clear(&room->scene);
    para_scene_world(&room->scene, &room->sample->view, &def);
}

/// Leaves only primitives with one of the flags.
static void keep(Room *room, unsigned flags)
{
    ParaScene *s = &room->scene;
    int count = 0, statics = 0, movers = 0;
    for (int i = 0; i < s->count; i++) {
        if (!(s->tags[i].flags & flags))
            continue;
        statics += i < s->statics;
        movers += i < s->movers;
        s->tags[count] = s->tags[i];
        s->items[count++] = s->items[i];
    }
    s->count = count;
    s->statics = statics;
    s->movers = movers;
}

static void fill(Room *room)
{
    sample_build(room->sample);
    room->sample->world.gravity = room->sample->view.gravity = (ParaVec2){0, -9.81f};
    room->sample->zone_states[2].position = (ParaVec2){12, 1.3f}; // a pool between the banks
    room->sample->zone_states[2].fluid_density = 1.0f;
    paint(room);
}

static void test_look_of_each_pass(void **state)
{
    Room room;
    (void)state;
    if (!open_room(&room, "w"))
        skip();
    sample_build(room.sample);
    para_scene_clear(&room.scene);
    expect(&room, "sky-day");
    room.look.mood = PARA_MOOD_DUSK;
    expect(&room, "sky-dusk");
    room.look.mood = PARA_MOOD_NIGHT;
    expect(&room, "sky-night");
    room.look.mood = PARA_MOOD_DAY;
    fill(&room);
    keep(&room, PARA_TAG_SOLID);
    for (int i = 0; i < room.scene.count; i++)
        room.scene.tags[i].flags &= (uint16_t) ~(PARA_TAG_GOAL | PARA_TAG_HAZARD);
    expect(&room, "forms-and-shadows");
    ParaCamera whole = room.camera;
    room.camera.centre = (ParaVec2){1.6f, 3.0f}; // two crates so near that a shadow is larger than a block
    room.camera.scale = 100.0f;
    expect(&room, "shadows-from-near");
    room.camera = whole;
    room.look.mood = PARA_MOOD_NIGHT;
    fill(&room);
    keep(&room, PARA_TAG_GOAL | PARA_TAG_HAZARD | PARA_TAG_FIRE);
    expect(&room, "halos-and-hatches");
    fill(&room);
    keep(&room, PARA_TAG_FLUID);
    expect(&room, "water");
    close_room(&room);
}

static void test_look_of_whole_pictures(void **state)
{
    static ParaParticles particles;
    Room room;
    (void)state;
    if (!open_room(&room, "a"))
        skip();
    fill(&room);
    room.look.mood = PARA_MOOD_DUSK;
    expect(&room, "medium");
    room.look.quality = PARA_QUALITY_HIGH;
    room.look.palette = PARA_PALETTE_SAFE;
    expect(&room, "high-safe");
    room.look.quality = PARA_QUALITY_LOW;
    expect(&room, "low-safe");
    room.look.quality = PARA_QUALITY_MEDIUM;
    for (int i = 0; i < 24; i++)
        particles.items[i] = (ParaParticle){.at = {1.0f + (float)i, 7.0f + (float)(i % 3)},
                                            .size = 0.45f,
                                            .angle = (float)i,
                                            .tint = {(uint8_t)(10 * i), 200, 255, 230},
                                            .soft = i % 3 == 0 ? -1.0f : 0.5f * (float)(i % 3),
                                            .shine = 0.4f * (float)(i % 2)};
    particles.count = 24;
    room.look.particles = &particles;
    para_scene_clear(&room.scene);
    expect(&room, "particles");
    close_room(&room);
}

static void test_look_keeps_to_its_area(void **state)
{
    Room room;
    (void)state;
    if (!open_room(&room, "a"))
        skip();
    fill(&room);
    room.look.area = (ParaRect){120, 60, 200, 150};
    room.camera = para_camera_fit(room.sample->world.size, room.look.area);
    para_window_begin(room.window, PARA_INK_BACKGROUND);
    para_window_world(room.window, &room.scene, &room.camera, &room.look);
    para_window_read(room.window, room.rgb);
    ParaColour c = para_ink_flat(PARA_INK_BACKGROUND);
    int inside = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        const uint8_t *p = room.rgb + 3 * i;
        int x = i % WIDTH, y = i / WIDTH;
        bool same = p[0] == c.r && p[1] == c.g && p[2] == c.b;
        if (x >= 120 && x < 320 && y >= 60 && y < 210)
            inside += !same;
        else
            assert_true(same);
    }
    assert_true(inside > 29000);
    close_room(&room);
}

static void test_look_of_long_and_short_runs_is_one(void **state)
{
    uint8_t mixed[BLOCKS * 3], sorted[BLOCKS * 3];
    Room room;
    (void)state;
    if (!open_room(&room, "a"))
        skip();
    for (int turn = 0; turn < 2; turn++) { // discs and lines in turns, and all discs before all lines
        para_scene_clear(&room.scene);
        for (int i = 0; i < 80; i++) {
            int k = turn ? i % 40 : i / 2;
            ParaVec2 at = {0.3f + 0.59f * (float)k, 3.0f + 0.2f * (float)(k % 5)};
            if (turn ? i < 40 : i % 2 == 0)
                para_scene_circle(&room.scene, at, 0.25f, PARA_INK_PLAYER);
            else
                para_scene_line(&room.scene, (ParaVec2){at.x, at.y + 4}, (ParaVec2){at.x + 0.3f, at.y + 6},
                                0.08f, PARA_INK_CARGO);
        }
        picture(&room, turn ? sorted : mixed);
    }
    double most, mean = distance(mixed, sorted, &most);
    assert_true(mean < 0.02 && most < 0.5);
    close_room(&room);
}

const struct CMUnitTest para_tests_look_window[] = {
    cmocka_unit_test(test_look_of_each_pass),
    cmocka_unit_test(test_look_of_whole_pictures),
    cmocka_unit_test(test_look_keeps_to_its_area),
    cmocka_unit_test(test_look_of_long_and_short_runs_is_one),
};
const size_t para_tests_look_window_count = sizeof para_tests_look_window / sizeof *para_tests_look_window;
