// SPDX-License-Identifier: MIT
// The passes of a look as pictures, held against tests/golden/looks.txt as tests/golden.h says. Skips where
// OpenGL 3.3 is not there.
#include "engine/draw/gl/window.h"
#include "engine/draw/look/overlay.h"
#include "engine/draw/look/particles.h"
#include "tests/engine/draw/sample.h"
#include "tests/golden.h"

#include <stdlib.h>

enum { WIDTH = 480, HEIGHT = 270, BLOCK = 15 };

typedef struct Room {
    ParaArena *arena;
    ParaWindow *window;
    ParaScene scene;
    ParaSample *sample;
    ParaLook look;
    ParaCamera camera;
    uint8_t *rgb;
    Golden golden;
} Room;

/// @param goes_on where the golden file is written: behind what it has
static bool open_room(Room *room, bool goes_on)
{
    const char *error = NULL;
    setenv("SDL_VIDEODRIVER", "offscreen", 1);
    *room = (Room){.arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20)};
    room->window = para_window_open("test", WIDTH, HEIGHT, room->arena, &error);
    if (!room->window) {
        print_message("no OpenGL 3.3 here, looks are not tested: %s\n", error);
        para_arena_destroy(room->arena);
        return false;
    }
    room->golden = (Golden){.mean_most = 0.5, .block_most = 4.0, .block = BLOCK};
    golden_open(&room->golden, "looks.txt", goes_on, room->arena);
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
    golden_close(&room->golden);
    para_window_close(room->window);
    para_arena_destroy(room->arena);
}

/// The picture of the scene, in room->rgb.
static void picture(Room *room)
{
    para_window_begin(room->window, PARA_INK_BACKGROUND);
    para_window_world(room->window, &room->scene, &room->camera, &room->look);
    para_window_read(room->window, room->rgb);
    para_window_end(room->window);
    assert_string_equal(para_window_error(room->window), "");
}

/// Draws the scene and holds it against the golden picture of that name, or writes that.
static void expect(Room *room, const char *name)
{
    picture(room);
    assert_true(golden_holds(&room->golden, name, room->rgb, WIDTH, HEIGHT));
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
    if (!open_room(&room, false))
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
    if (!open_room(&room, true))
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
    if (!open_room(&room, true))
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
    uint8_t mixed[GOLDEN_BLOCKS_MAX * 3], sorted[GOLDEN_BLOCKS_MAX * 3];
    int blocks = 0, where;
    Room room;
    (void)state;
    if (!open_room(&room, true))
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
        picture(&room);
        blocks = golden_blocks(room.rgb, WIDTH, HEIGHT, BLOCK, turn ? sorted : mixed);
    }
    double most, mean = golden_distance(mixed, sorted, blocks, &most, &where);
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
