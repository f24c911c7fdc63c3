// SPDX-License-Identifier: MIT
// Software pictures: exact where exactness is promised, safe where the numbers are hostile.
#include "engine/base/hash.h"
#include "engine/base/rng.h"
#include "engine/draw/raster/chart.h"
#include "engine/draw/raster/png.h"
#include "engine/draw/raster/raster.h"
#include "engine/draw/raster/terminal.h"
#include "tests/engine/draw/sample.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wunused-function"
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

static int setup(void **state)
{
    *state = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

static int count_ink(const ParaRaster *r, int ink)
{
    int count = 0;
    for (int i = 0; i < r->width * r->height; i++)
        count += r->pixels[i] == ink;
    return count;
}

static void test_raster_square_covers_exactly_its_pixels(void **state)
{
    ParaRaster r = para_raster_create(16, 12, *state);
    const ParaVec2 square[4] = {{3, 2}, {9, 2}, {9, 7}, {3, 7}}, turned[4] = {{3, 7}, {9, 7}, {9, 2}, {3, 2}};
    para_raster_polygon(&r, square, 4, PARA_INK_PLAYER);
    for (int y = 0; y < r.height; y++)
        for (int x = 0; x < r.width; x++)
            assert_int_equal(r.pixels[y * r.width + x],
                             x >= 3 && x < 9 && y >= 2 && y < 7 ? PARA_INK_PLAYER : PARA_INK_BACKGROUND);
    uint64_t hash = para_hash(r.pixels, 16 * 12, 0);
    para_raster_clear(&r, PARA_INK_BACKGROUND);
    para_raster_polygon(&r, turned, 4, PARA_INK_PLAYER);
    assert_true(para_hash(r.pixels, 16 * 12, 0) == hash);
}

static void test_raster_neighbours_share_no_pixel_and_leave_no_gap(void **state)
{
    ParaRaster r = para_raster_create(64, 64, *state);
    const ParaVec2 a[3] = {{2.3f, 1.7f}, {61.1f, 5.2f}, {20.9f, 60.4f}};
    const ParaVec2 b[3] = {{61.1f, 5.2f}, {58.6f, 62.3f}, {20.9f, 60.4f}};
    para_raster_polygon(&r, a, 3, PARA_INK_PLAYER);
    int first = count_ink(&r, PARA_INK_PLAYER);
    para_raster_polygon(&r, b, 3, PARA_INK_TARGET);
    assert_int_equal(count_ink(&r, PARA_INK_PLAYER), first); // the second took nothing from the first
    for (int y = 0; y < 64; y++) {
        int changes = 0; // background, first, second, background: never background in between
        for (int x = 1; x < 64; x++)
            changes += (r.pixels[y * 64 + x] == PARA_INK_BACKGROUND) !=
                       (r.pixels[y * 64 + x - 1] == PARA_INK_BACKGROUND);
        assert_true(changes == 0 || changes == 2);
    }
}

static void test_raster_circle_has_the_right_area(void **state)
{
    const float radii[] = {5.0f, 20.0f, 100.0f}, shares[] = {0.03f, 0.005f, 0.001f};
    for (int i = 0; i < 3; i++) {
        ParaRaster r = para_raster_create(256, 256, *state);
        para_raster_circle(&r, (ParaVec2){128.3f, 127.6f}, radii[i], PARA_INK_CARGO);
        float area = 3.14159265f * radii[i] * radii[i];
        assert_true(fabsf((float)count_ink(&r, PARA_INK_CARGO) - area) < shares[i] * area + 1.0f);
    }
}

static void test_raster_line_is_as_thick_as_asked(void **state)
{
    ParaRaster r = para_raster_create(64, 64, *state);
    para_raster_line(&r, (ParaVec2){10, 32}, (ParaVec2){50, 32}, 3.0f, PARA_INK_JOINT);
    int column = 0;
    for (int y = 0; y < 64; y++)
        column += r.pixels[y * 64 + 30] == PARA_INK_JOINT;
    assert_int_equal(column, 6);
    assert_int_equal(r.pixels[32 * 64 + 7], PARA_INK_JOINT); // the round end
    assert_int_equal(r.pixels[32 * 64 + 6], PARA_INK_BACKGROUND);
}

/// A raster inside a larger block whose frame must stay untouched.
static void test_raster_hostile_coordinates_stay_inside(void **state)
{
    static const float bad[] = {NAN,   INFINITY,      -INFINITY,      3e38f, -3e38f, 1e9f,
                                -1e9f, 2147483648.0f, -2147483648.0f, 0.0f,  7.5f};
    enum { SIDE = 16, FRAME = 64, BAD = sizeof bad / sizeof *bad };
    (void)state;
    uint8_t *block = malloc(SIDE * SIDE + 2 * FRAME);
    assert_non_null(block);
    memset(block, 0xa5, SIDE * SIDE + 2 * FRAME);
    ParaRaster r = {.width = SIDE, .height = SIDE, .pixels = block + FRAME};
    ParaRng rng = para_rng_make(1, "hostile");
    for (int i = 0; i < 20000; i++) {
        ParaVec2 p[8];
        for (int k = 0; k < 8; k++)
            p[k] = (ParaVec2){bad[para_rng_int(&rng, 0, BAD - 1)], bad[para_rng_int(&rng, 0, BAD - 1)]};
        float radius = bad[para_rng_int(&rng, 0, BAD - 1)];
        para_raster_polygon(&r, p, (int)para_rng_int(&rng, -1, 8), 1);
        para_raster_circle(&r, p[0], radius, 2);
        para_raster_line(&r, p[1], p[2], radius, 3);
    }
    for (int i = 0; i < FRAME; i++) {
        assert_int_equal(block[i], 0xa5);
        assert_int_equal(block[FRAME + SIDE * SIDE + i], 0xa5);
    }
    free(block);
}

static void test_scene_refuses_what_is_not_finite_or_too_much(void **state)
{
    ParaScene scene = para_scene_create(4, *state);
    para_scene_circle(&scene, (ParaVec2){NAN, 0}, 1, PARA_INK_PLAYER);
    para_scene_circle(&scene, (ParaVec2){0, 0}, INFINITY, PARA_INK_PLAYER);
    para_scene_circle(&scene, (ParaVec2){0, 0}, -1, PARA_INK_PLAYER);
    para_scene_add(&scene, &(ParaPrimitive){.kind = 9, .point_count = 1});
    para_scene_add(&scene, &(ParaPrimitive){.kind = PARA_PRIMITIVE_POLYGON, .point_count = 200});
    assert_int_equal(scene.count, 0);
    assert_int_equal(scene.dropped, 5);
    for (int i = 0; i < 6; i++)
        para_scene_circle(&scene, (ParaVec2){0, 0}, 1, PARA_INK_PLAYER);
    assert_int_equal(scene.count, 4);
    assert_int_equal(scene.dropped, 7);
    ParaRaster r = para_raster_create(32, 32, *state);
    ParaCamera camera = {.scale = 1e30f};
    para_raster_scene(&r, &scene, &camera); // nothing to see, but no harm
}

static void draw_sample(ParaArena *arena, ParaRaster *r)
{
    ParaSample *s = PARA_NEW(arena, ParaSample, 1);
    ParaScene scene = para_scene_create(PARA_SCENE_CAPACITY, arena);
    sample_build(s);
    sample_paint(s, &scene);
    assert_int_equal(scene.dropped, 0);
    *r = para_raster_create(480, 270, arena);
    ParaCamera camera = para_camera_fit(s->world.size, (ParaRect){0, 0, 480, 270});
    para_raster_scene(r, &scene, &camera);
}

/// A change of this hash is a change of every picture: look at the picture before accepting a new one.
static void test_raster_golden_scene(void **state)
{
    ParaRaster r;
    char hex[17];
    draw_sample(*state, &r);
    para_hash_hex(para_hash(r.pixels, 480 * 270, 0), hex);
    assert_string_equal(hex, "3e5142c17d3cbf4b");
    assert_true(count_ink(&r, PARA_INK_PLAYER) > 600);
    assert_true(count_ink(&r, PARA_INK_TARGET) > 200);
    assert_true(count_ink(&r, PARA_INK_CARGO) > 100);
    assert_true(count_ink(&r, PARA_INK_HAZARD) > 500);
    assert_true(count_ink(&r, PARA_INK_FLAME) > 10);
}

static void test_raster_shows_an_area_through_the_one_over_it(void **state)
{
    ParaScene scene = para_scene_create(500, *state);
    ParaRaster r = para_raster_create(30, 10, *state);
    ParaCamera pixels = para_camera_pixels();
    uint8_t rgb[10][30][3];
    // Water to the left, a target over its right half and beyond it; a line over both hides them.
    para_scene_box(&scene, (ParaVec2){0, 0}, (ParaVec2){20, 10}, 0, PARA_INK_ZONE_WATER,
                   PARA_INK_ZONE_WATER_EDGE, 1);
    para_scene_box(&scene, (ParaVec2){10, 0}, (ParaVec2){20, 10}, 0, PARA_INK_ZONE_TARGET,
                   PARA_INK_ZONE_TARGET_EDGE, 1);
    para_scene_line(&scene, (ParaVec2){0, 8.5f}, (ParaVec2){30, 8.5f}, 1, PARA_INK_PLAYER);
    para_raster_scene(&r, &scene, &pixels);
    para_raster_colours(&r, 1, &rgb[0][0][0]);
    ParaColour water = para_ink_flat(PARA_INK_ZONE_WATER), target = para_ink_flat(PARA_INK_ZONE_TARGET);
    ParaColour both = para_colour_over(water, para_ink_colour(PARA_INK_ZONE_TARGET));
    assert_memory_equal(rgb[5][5], &water, 3);
    assert_memory_equal(rgb[5][15], &both, 3);
    assert_memory_equal(rgb[5][25], &target, 3);
    assert_memory_not_equal(&both, &target, 3);
    ParaColour edge = para_colour_over(water, para_ink_colour(PARA_INK_ZONE_TARGET_EDGE));
    assert_memory_equal(rgb[5][10], &edge, 3);
    ParaColour line = para_ink_flat(PARA_INK_PLAYER);
    assert_memory_equal(rgb[8][15], &line, 3);
    // More of them than there is room for mixes: all beside them stays as it is.
    for (int i = 0; i < 400; i++)
        para_scene_box(&scene, (ParaVec2){0, 0}, (ParaVec2){20, 10}, 0, PARA_INK_ZONE_WATER + 2 * (i % 2 - 1),
                       PARA_INK_ZONE_WATER_EDGE, 1);
    para_raster_clear(&r, PARA_INK_BACKGROUND);
    para_raster_scene(&r, &scene, &pixels);
    para_raster_colours(&r, 1, &rgb[0][0][0]);
    assert_memory_equal(rgb[5][25], &target, 3);
}

static void test_scene_leaves_out_what_is_disabled(void **state)
{
    ParaSample *s = PARA_NEW(*state, ParaSample, 1);
    ParaScene scene = para_scene_create(PARA_SCENE_CAPACITY, *state);
    sample_build(s);
    sample_paint(s, &scene);
    int before = scene.count;
    s->enabled[6] = 0; // the cargo: a disc and its spoke
    para_scene_clear(&scene);
    sample_paint(s, &scene);
    assert_int_equal(scene.count, before - 2);
}

/// What one joint between two bodies adds to the picture: the sample's first joint, alone, without a grid.
/// Body a stands at (5, 2.9), b at (4.3, 2.42), neither turned; anchors 1 m to the left of a, 2 m above b.
static void paint_one_joint(ParaSample *s, ParaJointKind kind, ParaScene *scene)
{
    sample_build(s);
    int a = s->joints[0].a, b = s->joints[0].b;
    s->cosine[a] = s->cosine[b] = 1;
    s->sine[a] = s->sine[b] = 0;
    s->joints[0] = (ParaJointDef){.kind = kind, .a = a, .b = b, .anchor_a = {-1, 0}, .anchor_b = {0, 2}};
    s->world.joint_count = 1;
    s->world.shape_count = s->world.zone_count = s->world.thruster_count = 0;
    ParaSceneDef def = para_scene_def_default();
    def.grid = false;
    para_scene_clear(scene);
    para_scene_world(scene, &s->view, &def);
}

static void check_line(const ParaPrimitive *line, ParaVec2 from, ParaVec2 to, int ink)
{
    assert_int_equal(line->kind, PARA_PRIMITIVE_CAPSULE);
    assert_int_equal(line->fill, ink);
    assert_true(fabsf(line->points[0].x - from.x) < 1e-5f && fabsf(line->points[0].y - from.y) < 1e-5f);
    assert_true(fabsf(line->points[1].x - to.x) < 1e-5f && fabsf(line->points[1].y - to.y) < 1e-5f);
}

static void test_scene_joints_look_like_what_they_are(void **state)
{
    ParaSample *s = PARA_NEW(*state, ParaSample, 1);
    ParaScene scene = para_scene_create(PARA_SCENE_CAPACITY, *state);
    const ParaVec2 a = {4, 2.9f}, b = {4.3f, 4.42f};
    paint_one_joint(s, PARA_JOINT_DISTANCE, &scene);
    assert_int_equal(scene.count, 1);
    check_line(&scene.items[0], a, b, PARA_INK_JOINT);
    paint_one_joint(s, PARA_JOINT_PRISMATIC, &scene);
    assert_int_equal(scene.count, 1);
    check_line(&scene.items[0], a, b, PARA_INK_TRACK);
    paint_one_joint(s, PARA_JOINT_WELD, &scene);
    assert_int_equal(scene.count, 0); // the two look like one
    paint_one_joint(s, PARA_JOINT_REVOLUTE, &scene);
    assert_int_equal(scene.count, 2); // a pin in b's place, dark with a bright middle
    for (int i = 0; i < 2; i++) {
        assert_int_equal(scene.items[i].kind, PARA_PRIMITIVE_CIRCLE);
        assert_true(fabsf(scene.items[i].points[0].x - b.x) < 1e-5f &&
                    fabsf(scene.items[i].points[0].y - b.y) < 1e-5f);
    }
    assert_int_equal(scene.items[0].fill, PARA_INK_JOINT_DARK);
    assert_int_equal(scene.items[1].fill, PARA_INK_JOINT);
    assert_true(scene.items[1].radius < scene.items[0].radius);
    // A pulley's three pieces of rope, and its wheels above them.
    paint_one_joint(s, PARA_JOINT_PULLEY, &scene);
    assert_int_equal(scene.count, 7);
    check_line(&scene.items[0], a, (ParaVec2){0, 0}, PARA_INK_JOINT);
    check_line(&scene.items[2], (ParaVec2){0, 0}, b, PARA_INK_JOINT);
    assert_int_equal(scene.items[6].kind, PARA_PRIMITIVE_CIRCLE);
    paint_one_joint(s, PARA_JOINT_GEAR, &scene);
    assert_int_equal(scene.count, 3);
    assert_int_equal(scene.items[0].kind, PARA_PRIMITIVE_CIRCLE);
    paint_one_joint(s, PARA_JOINT_RACK, &scene);
    assert_int_equal(scene.count, 0);
}

/// What a body is made of is seen where it means nothing else, and at the edge of what does.
static void test_scene_shows_what_bodies_are_made_of(void **state)
{
    ParaSample *s = PARA_NEW(*state, ParaSample, 1);
    ParaScene plain = para_scene_create(PARA_SCENE_CAPACITY, *state),
              made = para_scene_create(PARA_SCENE_CAPACITY, *state);
    uint8_t looks[PARA_BODIES_MAX] = {0};
    sample_build(s);
    sample_paint(s, &plain);
    ParaSceneDef def = para_scene_def_default();
    def.body_styles = s->styles;
    def.body_looks = looks;
    for (int look = PARA_SURFACE_NONE; look < PARA_SURFACE_COUNT + 1; look++) {
        bool known = look > PARA_SURFACE_NONE && look < PARA_SURFACE_COUNT;
        int ink = PARA_INK_WOOD + 2 * (look - PARA_SURFACE_WOOD), fills = 0, edges = 0, players = 0;
        for (int b = 0; b < s->world.body_count; b++)
            looks[b] = (uint8_t)look;
        para_scene_clear(&made);
        para_scene_world(&made, &s->view, &def);
        for (int i = 0; i < made.count; i++) {
            fills += made.items[i].fill == ink && made.items[i].edge == ink + 1;
            players += made.items[i].fill == PARA_INK_PLAYER && made.items[i].edge_width > 0.0f;
            edges += made.items[i].fill == PARA_INK_PLAYER && made.items[i].edge == ink;
        }
        assert_int_equal(players, 3); // chassis and wheels keep their colour
        assert_int_equal(fills > 5, known);
        assert_int_equal(edges, known ? players : 0);
    }
    assert_true(plain.count > 0);
}

/// A fluid's surface lies over what floats in it: the upper side of its area, wherever down is.
static void test_scene_fluid_has_a_surface(void **state)
{
    ParaSample *s = PARA_NEW(*state, ParaSample, 1);
    ParaScene scene = para_scene_create(PARA_SCENE_CAPACITY, *state);
    sample_build(s);
    s->world.shape_count = s->world.joint_count = s->world.thruster_count = s->world.zone_count = 0;
    sample_zone(s, (ParaVec2){3, 1}, (ParaVec2){4, 2}, (ParaVec2){0, 0}, 0, PARA_STYLE_NONE);
    ParaSceneDef def = para_scene_def_default();
    def.grid = false;
    for (int k = 0; k < 3; k++) {
        s->zone_states[0].fluid_density = k ? 2 : 0;
        s->view.gravity = k == 2 ? (ParaVec2){9, 0} : (ParaVec2){0, -9};
        para_scene_clear(&scene);
        para_scene_world(&scene, &s->view, &def);
        assert_int_equal(scene.count, k ? 2 : 1);
        assert_int_equal(scene.items[0].fill, k ? PARA_INK_ZONE_WATER : PARA_INK_ZONE);
        if (k == 1)
            check_line(&scene.items[1], (ParaVec2){5, 2}, (ParaVec2){1, 2}, PARA_INK_ZONE_WATER_EDGE);
        if (k == 2)
            check_line(&scene.items[1], (ParaVec2){1, 2}, (ParaVec2){1, 0}, PARA_INK_ZONE_WATER_EDGE);
    }
}

/// A spring is a zigzag: eleven pieces of equal way along, ten corners 9 cm from the middle line, now on one
/// side and now on the other.
static void test_scene_spring_is_a_zigzag(void **state)
{
    ParaSample *s = PARA_NEW(*state, ParaSample, 1);
    ParaScene scene = para_scene_create(PARA_SCENE_CAPACITY, *state);
    paint_one_joint(s, PARA_JOINT_SPRING, &scene);
    assert_int_equal(scene.count, 11);
    const ParaVec2 a = {4, 2.9f}, b = {4.3f, 4.42f};
    float size = hypotf(b.x - a.x, b.y - a.y);
    ParaVec2 along = {(b.x - a.x) / size, (b.y - a.y) / size}, last = a;
    for (int i = 1; i <= 11; i++) {
        float way = size * (float)i / 11, out = i == 11 ? 0 : i % 2 ? 0.09f : -0.09f;
        ParaVec2 next = {a.x + way * along.x - out * along.y, a.y + way * along.y + out * along.x};
        check_line(&scene.items[i - 1], last, next, PARA_INK_JOINT);
        last = next;
    }
}

static void test_scene_leaves_out_joints_that_do_not_hold(void **state)
{
    static const ParaJointKind kinds[] = {PARA_JOINT_REVOLUTE, PARA_JOINT_PRISMATIC, PARA_JOINT_DISTANCE,
                                          PARA_JOINT_SPRING};
    ParaSample *s = PARA_NEW(*state, ParaSample, 1);
    ParaScene scene = para_scene_create(PARA_SCENE_CAPACITY, *state);
    for (int i = 0; i < 4; i++) {
        paint_one_joint(s, kinds[i], &scene);
        assert_true(scene.count > 0);
        s->joint_enabled[0] = 0;
        ParaSceneDef def = para_scene_def_default();
        def.grid = false;
        para_scene_clear(&scene);
        para_scene_world(&scene, &s->view, &def);
        assert_int_equal(scene.count, 0);
    }
}

static void test_pose_blend_turns_the_short_way(void **state)
{
    (void)state;
    const ParaPose then = {0, 0, 3.0f}, now = {2, 4, -3.0f};
    ParaPose out;
    para_pose_blend(&then, &now, 1, 0.5f, &out);
    assert_true(fabsf(out.x - 1.0f) < 1e-6f && fabsf(out.y - 2.0f) < 1e-6f);
    assert_true(fabsf(fabsf(out.angle) - 3.14159265f) < 1e-4f);
}

static void test_png_decodes_to_the_same_pixels(void **state)
{
    ParaRaster r;
    draw_sample(*state, &r);
    uint8_t *rgb = para_arena_alloc(*state, 240 * 135 * 3);
    para_raster_colours(&r, 2, rgb);
    size_t size = 0;
    uint8_t *png = para_png_encode(rgb, 240, 135, *state, &size);
    assert_non_null(png);
    int width = 0, height = 0, channels = 0;
    uint8_t *back = stbi_load_from_memory(png, (int)size, &width, &height, &channels, 3);
    assert_non_null(back);
    assert_int_equal(width, 240);
    assert_int_equal(height, 135);
    assert_memory_equal(back, rgb, 240 * 135 * 3);
    stbi_image_free(back);
    assert_null(para_png_encode(rgb, 0, 135, *state, &size));
    assert_null(para_png_encode(rgb, 20000, 1, *state, &size));
}

static void test_camera_maps_there_and_back(void **state)
{
    (void)state;
    ParaCamera c = para_camera_fit((ParaVec2){24, 12}, (ParaRect){10, 20, 480, 240});
    ParaVec2 low = para_camera_to_screen(&c, (ParaVec2){0, 0}),
             high = para_camera_to_screen(&c, (ParaVec2){24, 12});
    assert_true(fabsf(low.x - 10) < 1e-3f && fabsf(low.y - 260) < 1e-3f); // y up becomes y down
    assert_true(fabsf(high.x - 490) < 1e-3f && fabsf(high.y - 20) < 1e-3f);
    ParaVec2 back = para_camera_to_world(&c, para_camera_to_screen(&c, (ParaVec2){3.5f, 7.25f}));
    assert_true(fabsf(back.x - 3.5f) < 1e-4f && fabsf(back.y - 7.25f) < 1e-4f);
    c = para_camera_fit((ParaVec2){NAN, -3}, (ParaRect){0, 0, 100, 100});
    assert_true(isfinite(c.scale) && c.scale > 0);
}

/// Follows at once. @param size [m] of the level   @return the camera
static ParaCamera followed(ParaVec2 target, float extent, ParaVec2 size, ParaRect area)
{
    ParaCamera c = {0};
    const ParaFollow follow = {target, extent, 0.025f * area.height, size, area, PARA_CAMERA_HEIGHT_MAX,
                               {0, 0}};
    para_camera_follow(&c, &follow, 0);
    return c;
}

static void test_camera_follows_inside_the_level(void **state)
{
    (void)state;
    const ParaVec2 size = {400, 20};
    const ParaRect area = {0, 0, 800, 400};
    ParaCamera c = followed((ParaVec2){200, 5}, 1, size, area);
    assert_true(fabsf(para_camera_to_screen(&c, (ParaVec2){200, 5}).x - 400) < 1e-2f);
    c = followed((ParaVec2){1, 5}, 1, size, area); // at the left end the level's edge is the picture's
    assert_true(fabsf(para_camera_to_screen(&c, (ParaVec2){0, 0}).x) < 1e-2f);
    float before = c.centre.x;
    ParaFollow follow = {{30, 5}, 1, 0, size, area, PARA_CAMERA_HEIGHT_MAX, {0, 0}};
    para_camera_follow(&c, &follow, 1.0f / 60);
    assert_true(c.centre.x > before && c.centre.x < 30); // eases
    follow.target = (ParaVec2){300, 5};                  // no longer than the target is in the picture
    para_camera_follow(&c, &follow, 1.0f / 60);
    assert_true(fabsf(para_camera_to_screen(&c, (ParaVec2){300.5f, 5}).x - 800) < 1e-2f);
    follow.target = (ParaVec2){NAN, NAN};
    para_camera_follow(&c, &follow, 1.0f / 60);
    assert_true(isfinite(c.centre.x) && isfinite(c.centre.y));
}

static void test_camera_never_loses_its_target(void **state)
{
    (void)state;
    static const ParaVec2 sizes[] = {{6, 6}, {24, 12}, {400, 20}};
    const ParaRect area = {16, 76, 1248, 600};
    for (int k = 0; k < 3; k++)
        for (float x = -60; x <= 460; x += 2.6f)
            for (float y = -40; y <= 60; y += 2.6f) {
                ParaCamera c = followed((ParaVec2){x, y}, 0.8f, sizes[k], area);
                ParaVec2 low = para_camera_to_screen(&c, (ParaVec2){x - 0.4f, y + 0.4f}),
                         high = para_camera_to_screen(&c, (ParaVec2){x + 0.4f, y - 0.4f});
                assert_true(low.x > area.x - 0.01f && high.x < area.x + area.width + 0.01f);
                assert_true(low.y > area.y - 0.01f && high.y < area.y + area.height + 0.01f);
            }
}

static void test_camera_comes_closer_to_what_is_small(void **state)
{
    (void)state;
    const ParaRect area = {0, 0, 1280, 720};
    ParaCamera far = followed((ParaVec2){20, 5}, 1, (ParaVec2){60, 20}, area);
    ParaCamera close = followed((ParaVec2){20, 5}, 0.25f, (ParaVec2){60, 20}, area);
    ParaCamera closest = followed((ParaVec2){20, 5}, 1e-3f, (ParaVec2){60, 20}, area);
    assert_true(close.scale > far.scale && fabsf(close.scale * 0.25f - 18) < 1e-2f);
    assert_true(fabsf(closest.scale - PARA_CAMERA_CLOSER * far.scale) <
                1e-2f); // the level is still to be seen
}

// ---------------------------------------------------------------------------------------------
// Letters and charts.

static void test_letters_stand_on_their_line_and_in_their_width(void **state)
{
    ParaRaster r = para_raster_create(400, 60, *state);
    for (char c = '!'; c <= '~'; c++) {
        const char text[2] = {c, '\0'};
        para_raster_clear(&r, PARA_INK_BACKGROUND);
        float width = para_raster_text(&r, 20, 40, 24, PARA_INK_TEXT, text);
        assert_true(width == para_raster_text_width(24, text));
        assert_true(count_ink(&r, PARA_INK_TEXT) > 8); // there is something
        for (int i = 0; i < r.width * r.height; i++) {
            int x = i % r.width, y = i / r.width;
            bool inside = x >= 18 && (float)x <= 22 + width && y >= 40 - 24 - 6 && y <= 40 + 8 + 2;
            if (r.pixels[i] == PARA_INK_TEXT && !inside)
                fail_msg("'%c' reaches (%d, %d)", c, x, y);
        }
    }
    for (char c = '1'; c <= '9'; c++) // numbers stand in columns
        assert_true(para_raster_text_width(24, (const char[]){c, '\0'}) == para_raster_text_width(24, "0"));
    assert_true(para_raster_text_width(24, "") == 0.0f);
    para_raster_clear(&r, PARA_INK_BACKGROUND);
    para_raster_text(&r, 20, 40, 24, PARA_INK_TEXT, "\xc3");
    uint64_t odd = para_hash(r.pixels, 400 * 60, 0);
    para_raster_clear(&r, PARA_INK_BACKGROUND);
    para_raster_text(&r, 20, 40, 24, PARA_INK_TEXT, "?");
    assert_true(para_hash(r.pixels, 400 * 60, 0) == odd);
}

/// Where a curve of a chart is, as shares of its frame: left and right, top and bottom of its ink.
static void curve_bounds(const double *x, const double *y, int count, ParaArena *arena, double out[4])
{
    ParaRaster r = para_raster_create(400, 300, arena);
    ParaCurve curve = {x, y, count, PARA_INK_WARN, 2.0f, (double)NAN};
    ParaChart chart = {
        .area = {0, 0, 400, 300}, .pixel = 1, .title = "", .across = "", .curves = &curve, .curve_count = 1};
    para_chart_draw(&r, &chart);
    double frame[4] = {1e9, -1e9, 1e9, -1e9}, ink[4] = {1e9, -1e9, 1e9, -1e9};
    for (int i = 0; i < r.width * r.height; i++) {
        double *box = r.pixels[i] == PARA_INK_WARN ? ink : r.pixels[i] == PARA_INK_PANEL_EDGE ? frame : NULL;
        if (!box)
            continue;
        box[0] = fmin(box[0], i % r.width);
        box[1] = fmax(box[1], i % r.width);
        box[2] = fmin(box[2], (double)(i / r.width));
        box[3] = fmax(box[3], (double)(i / r.width));
    }
    for (int k = 0; k < 4; k++)
        out[k] = (ink[k] - frame[k & 2]) / (frame[(k & 2) + 1] - frame[k & 2]);
}

static void test_a_chart_puts_its_curve_where_it_belongs(void **state)
{
    const double x[] = {0, 1, 2}, rise[] = {5, 6, 9}, flat[] = {4, 4 + 1e-9, 4},
                 gap[] = {0, (double)NAN, 1e300};
    double at[4];
    curve_bounds(x, rise, 3, *state, at); // 0.08 / 2.16 of the height is left above and below
    assert_true(fabs(at[0]) < 0.01 && fabs(at[1] - 1) < 0.01 && fabs(at[2] - 0.037) < 0.01 &&
                fabs(at[3] - 0.963) < 0.01);
    curve_bounds(x, flat, 3, *state, at); // rounding is not made to look like motion
    assert_true(fabs(at[2] - 0.5) < 0.01 && fabs(at[3] - 0.5) < 0.01);
    curve_bounds(x, gap, 3, *state, at); // one point is left
    assert_true(fabs(at[0]) < 0.01 && fabs(at[1]) < 0.01);
}

static void test_a_chart_ends_whatever_the_values(void **state)
{
    static const double bad[] = {
        (double)NAN, (double)INFINITY, -(double)INFINITY, 1e308, -1e308, 9e24, -9e24, 1e-300, 0, 5e-324, 7.5};
    enum { BAD = sizeof bad / sizeof *bad };
    ParaRng rng = para_rng_make(1, "chart");
    ParaRaster r = para_raster_create(200, 120, *state);
    for (int i = 0; i < 300; i++) {
        double x[4], y[4];
        for (int k = 0; k < 4; k++) {
            x[k] = bad[para_rng_int(&rng, 0, BAD - 1)];
            y[k] = bad[para_rng_int(&rng, 0, BAD - 1)];
        }
        ParaCurve curve = {
            x, y, (int)para_rng_int(&rng, 0, 4), PARA_INK_WARN, 2.0f, bad[para_rng_int(&rng, 0, BAD - 1)]};
        ParaChart chart = {.area = {0, 0, 200, 120},
                           .pixel = 1,
                           .title = "t",
                           .across = "s",
                           .curves = &curve,
                           .curve_count = (int)para_rng_int(&rng, 0, 1)};
        para_raster_clear(&r, PARA_INK_BACKGROUND);
        para_chart_draw(&r, &chart);
        assert_true(count_ink(&r, PARA_INK_PANEL_EDGE) > 300); // the frame is there in any case
    }
}

static void test_terminal_text_has_two_rows_a_line(void **state)
{
    const uint8_t rgb[2 * 3 * 3] = {255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255};
    char out[512];
    size_t size = para_terminal_text(rgb, 2, 3, out, sizeof out);
    (void)state;
    assert_string_equal(out, "\033[38;2;255;0;0m\033[48;2;0;255;0m\xe2\x96\x80\xe2\x96\x80\033[0m\n"
                             "\033[38;2;0;0;255m\033[48;2;0;0;0m\xe2\x96\x80\xe2\x96\x80\033[0m\n");
    assert_int_equal(size, strlen(out));
    assert_int_equal(para_terminal_text(rgb, 2, 3, NULL, 0), size);
    char small[8] = "x";
    assert_int_equal(para_terminal_text(rgb, 2, 3, small, sizeof small), size);
    assert_int_equal(strlen(small), 0);
}

static void test_palette_inks_are_set_and_accents_differ(void **state)
{
    (void)state;
    for (int i = 1; i < PARA_INK_COUNT; i++)
        assert_true(para_ink_colour(i).a > 0);
    assert_int_equal(para_ink_colour(PARA_INK_COUNT).r, 255); // magenta for what is not there
    assert_int_equal(para_ink_flat(PARA_INK_ZONE).a, 255);
    const int accents[] = {PARA_INK_PLAYER, PARA_INK_TARGET, PARA_INK_CARGO, PARA_INK_HAZARD};
    for (int a = 0; a < 4; a++)
        for (int b = a + 1; b < 4; b++) {
            ParaColour p = para_ink_flat(accents[a]), q = para_ink_flat(accents[b]);
            assert_true(abs(p.r - q.r) + abs(p.g - q.g) + abs(p.b - q.b) > 120);
        }
}

#define DRAW_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest para_tests_draw[] = {
    DRAW_TEST(test_raster_square_covers_exactly_its_pixels),
    DRAW_TEST(test_raster_neighbours_share_no_pixel_and_leave_no_gap),
    DRAW_TEST(test_raster_circle_has_the_right_area),
    DRAW_TEST(test_raster_line_is_as_thick_as_asked),
    DRAW_TEST(test_raster_hostile_coordinates_stay_inside),
    DRAW_TEST(test_scene_refuses_what_is_not_finite_or_too_much),
    DRAW_TEST(test_raster_golden_scene),
    DRAW_TEST(test_scene_shows_what_bodies_are_made_of),
    DRAW_TEST(test_scene_fluid_has_a_surface),
    DRAW_TEST(test_raster_shows_an_area_through_the_one_over_it),
    DRAW_TEST(test_scene_leaves_out_what_is_disabled),
    DRAW_TEST(test_scene_joints_look_like_what_they_are),
    DRAW_TEST(test_scene_spring_is_a_zigzag),
    DRAW_TEST(test_scene_leaves_out_joints_that_do_not_hold),
    DRAW_TEST(test_pose_blend_turns_the_short_way),
    DRAW_TEST(test_png_decodes_to_the_same_pixels),
    DRAW_TEST(test_camera_maps_there_and_back),
    DRAW_TEST(test_camera_follows_inside_the_level),
    DRAW_TEST(test_camera_never_loses_its_target),
    DRAW_TEST(test_camera_comes_closer_to_what_is_small),
    DRAW_TEST(test_letters_stand_on_their_line_and_in_their_width),
    DRAW_TEST(test_a_chart_puts_its_curve_where_it_belongs),
    DRAW_TEST(test_a_chart_ends_whatever_the_values),
    DRAW_TEST(test_terminal_text_has_two_rows_a_line),
    DRAW_TEST(test_palette_inks_are_set_and_accents_differ),
};
const size_t para_tests_draw_count = sizeof para_tests_draw / sizeof *para_tests_draw;
