// SPDX-License-Identifier: MIT
// Maps of Tiled: a map with everything in it, tiles in each packing, flipped and merged with the same area
// and a floor without bumps; what is told of what is not carried over, and what is refused.
#include "worlds/import/tiled.h"

#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "engine/world/geometry.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define WIDE  20
#define HIGH  12
#define TEXTS 65536

typedef struct Map {
    ParaArena *arena;
    ParaDiagList list;
    const char *text; // of the template
    const ParaLevel *level;
} Map;

// A block, a slope up to the right, a half; tiles of 10 pixels.
#define TILESET                                                                                              \
    "{\"firstgid\": 1, \"name\": \"t\", \"tilewidth\": 10, \"tileheight\": 10, \"tilecount\": 3, "           \
    "\"tiles\": ["                                                                                           \
    "{\"id\": 0, \"class\": \"solid\"},"                                                                     \
    "{\"id\": 1, \"objectgroup\": {\"objects\": [{\"x\": 0, \"y\": 10, \"polygon\": [{\"x\": 0, \"y\": 0},"  \
    " {\"x\": 10, \"y\": -10}, {\"x\": 10, \"y\": 0}]}]}},"                                                  \
    "{\"id\": 2, \"objectgroup\": {\"objects\": [{\"x\": 0, \"y\": 0, \"width\": 10, \"height\": 5}]}}]}"
#define GOAL                                                                                                 \
    "{\"type\": \"objectgroup\", \"objects\": [{\"class\": \"start\", \"name\": \"hero\", \"x\": 25, "       \
    "\"y\": 5, \"point\": true},"                                                                            \
    "{\"class\": \"goal\", \"x\": 180, \"y\": 0, \"width\": 10, \"height\": 10}]}"

static Map import(const char *text, const char *folder)
{
    Map map = {.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30)};
    const ParaTiledChoices choices = {
        .name = "map", .from = "map.json", .folder = folder, .metres_per_tile = 1};
    map.list = para_diag_list(map.arena, "map.json", NULL);
    map.text = para_tiled_import(text, strlen(text), &choices, map.arena, &map.list);
    assert_int_equal(map.text == NULL, map.list.error_count > 0);
    ParaDiagList inner = para_diag_list(map.arena, "template", NULL);
    const ParaTemplate *t =
        map.text ? para_template_load("template", map.text, strlen(map.text), map.arena, &inner) : NULL;
    map.level = t ? para_template_sample(t, NULL, 0, map.arena, &inner) : NULL;
    if (map.text && !map.level)
        para_diag_print(&inner, stderr);
    assert_int_equal(map.text == NULL, map.level == NULL);
    return map;
}

static void done(Map *map) { para_arena_destroy(map->arena); }

static void expect_told(const Map *map, const char *part)
{
    for (int i = 0; i < map->list.count; i++)
        if (strstr(map->list.items[i].message, part))
            return;
    para_diag_print(&map->list, stderr);
    fail_msg("nothing says \"%s\"", part);
}

static bool is_ground(const Map *map, int body)
{
    return strncmp(map->level->body_names[body], "ground", 6) == 0;
}

/// [m^2] of the shapes of what is called ground, and the middle of them.
static double ground_area(const Map *map, int *out_shapes, ParaPoint *out_middle)
{
    double area = 0, x = 0, y = 0;
    const ParaWorldDef *def = &map->level->world;
    *out_shapes = 0;
    for (int s = 0; s < def->shape_count; s++) {
        if (!is_ground(map, def->shapes[s].body))
            continue;
        ParaMass mass = para_shape_mass(def, &(ParaShapeDef){.kind = def->shapes[s].kind,
                                                             .body = def->shapes[s].body,
                                                             .radius = def->shapes[s].radius,
                                                             .point_first = def->shapes[s].point_first,
                                                             .point_count = def->shapes[s].point_count,
                                                             .density = 1});
        area += mass.mass;
        x += mass.mass * mass.x;
        y += mass.mass * mass.y;
        ++*out_shapes;
    }
    *out_middle = (ParaPoint){x / area, y / area};
    return area;
}

// ---------------------------------------------------------------------------------------------
// Layers of tiles.

typedef enum { PLAIN, BASE64, ZLIB, GZIP, ZSTD, CHUNKS, PACKINGS } Packing;

static void add_base64(char *out, const uint8_t *data, size_t size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t used = 0;
    for (size_t i = 0; i < size; i += 3) {
        uint32_t bits = (uint32_t)data[i] << 16 | (i + 1 < size ? (uint32_t)data[i + 1] << 8 : 0u) |
                        (i + 2 < size ? data[i + 2] : 0u);
        for (int k = 0; k < 4; k++)
            out[used++] = i + (size_t)k <= size ? letters[bits >> (18 - 6 * k) & 63] : '=';
    }
    out[used] = '\0';
}

static void add_numbers(char *out, const uint32_t *tiles, int left, int top, int wide, int high)
{
    for (int r = top; r < top + high; r++)
        for (int c = left; c < left + wide; c++)
            out += sprintf(out, "%s%u", r == top && c == left ? "" : ",", tiles[r * WIDE + c]);
}

/// The data of a layer with its brackets or quotes, and what says how it is packed.
static void pack(char *out, const uint32_t *tiles, Packing packing)
{
    static const char *const words[] = {[BASE64] = "", [ZLIB] = "zlib", [GZIP] = "gzip", [ZSTD] = "zstd"};
    uint8_t bytes[WIDE * HIGH * 4], packed[4096];
    size_t size = sizeof bytes;
    if (packing == PLAIN) {
        out += sprintf(out, "\"data\": [");
        add_numbers(out, tiles, 0, 0, WIDE, HIGH);
        strcat(out, "]");
        return;
    }
    if (packing == CHUNKS) { // left part, then the right, in another order
        out += sprintf(out, "\"chunks\": [{\"x\": 8, \"y\": 0, \"width\": 12, \"height\": 12, \"data\": [");
        add_numbers(out, tiles, 8, 0, 12, HIGH);
        strcat(out, "]}, {\"x\": 0, \"y\": 0, \"width\": 8, \"height\": 12, \"data\": [");
        out += strlen(out);
        add_numbers(out, tiles, 0, 0, 8, HIGH);
        strcat(out, "]}]");
        return;
    }
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(tiles[i / 4] >> 8 * (i % 4));
    if (packing == BASE64) {
        memcpy(packed, bytes, size);
    } else if (packing == ZSTD) {
        size = ZSTD_compress(packed, sizeof packed, bytes, sizeof bytes, 3);
    } else {
        z_stream stream = {
            .next_in = bytes, .avail_in = sizeof bytes, .next_out = packed, .avail_out = sizeof packed};
        assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, packing == GZIP ? 15 + 16 : 15, 8, 0), Z_OK);
        assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
        size = stream.total_out;
        deflateEnd(&stream);
    }
    out += sprintf(out, "\"encoding\": \"base64\", \"compression\": \"%s\", \"data\": \"", words[packing]);
    add_base64(out, packed, size);
    strcat(out, "\"");
}

static Map import_tiles(const uint32_t *tiles, Packing packing)
{
    static char data[TEXTS], text[2 * TEXTS];
    pack(data, tiles, packing);
    snprintf(text, sizeof text,
             "{\"orientation\": \"orthogonal\", \"infinite\": %s, \"width\": %d, \"height\": %d,"
             " \"tilewidth\": 10, \"tileheight\": 10, \"tilesets\": [" TILESET "], \"layers\": ["
             "{\"type\": \"tilelayer\", \"name\": \"ground\", \"width\": %d, \"height\": %d, %s}, " GOAL "]}",
             packing == CHUNKS ? "true" : "false", WIDE, HIGH, WIDE, HIGH, data);
    return import(text, NULL);
}

static void test_tiles_keep_their_area_in_every_packing(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(5, "tiled");
    for (int round = 0; round < 10; round++) {
        uint32_t tiles[WIDE * HIGH] = {0};
        double area = 0;
        int count = 0, shapes;
        ParaPoint middle;
        for (int i = 0; i < WIDE * HIGH; i++) {
            static const double areas[] = {0, 1, 0.5, 0.5};
            tiles[i] = para_rng_f64(&rng) < 0.4 ? 0 : (uint32_t)para_rng_int(&rng, 1, round % 2 ? 1 : 3);
            area += areas[tiles[i]];
            count += tiles[i] != 0;
        }
        Map first = import_tiles(tiles, PLAIN);
        assert_int_equal(first.list.count, 0);
        assert_true(fabs(ground_area(&first, &shapes, &middle) - (area)) < 1e-4);
        assert_true(shapes < count);
        for (Packing packing = BASE64; packing < PACKINGS; packing++) {
            Map other = import_tiles(tiles, packing);
            if (packing == CHUNKS) { // in another order, so cut otherwise
                ParaPoint there;
                assert_true(fabs(ground_area(&other, &shapes, &there) - area) < 1e-4);
                assert_true(fabs(there.x - middle.x) < 1e-4 && fabs(there.y - middle.y) < 1e-4);
            } else {
                assert_string_equal(other.text, first.text);
            }
            done(&other);
        }
        done(&first);
    }
}

static void test_merged_tiles_are_few(void **state)
{
    (void)state;
    uint32_t tiles[WIDE * HIGH] = {0};
    int shapes;
    ParaPoint middle;
    for (int r = 9; r < HIGH; r++) // a floor with a hole in its middle, three high
        for (int c = 0; c < WIDE; c++)
            tiles[r * WIDE + c] = c == 7 || c == 8 ? 0 : 1;
    for (int c = 12; c < 16; c++) // a slope of one piece: four triangles over four blocks and less
        tiles[(8 - (c - 12)) * WIDE + c] = 2;
    Map map = import_tiles(tiles, PLAIN);
    assert_true(fabs(ground_area(&map, &shapes, &middle) - (54 + 2)) < 1e-5);
    assert_int_equal(shapes, 2 + 4);
    done(&map);
}

static void test_flipped_tiles(void **state)
{
    (void)state;
    // Where the middle of the slope's triangle is: two thirds to the right and two thirds down.
    for (uint32_t flags = 0; flags < 8; flags++) {
        uint32_t tiles[WIDE * HIGH] = {0};
        int shapes;
        ParaPoint middle;
        tiles[3 * WIDE + 4] = 2 | flags << 29;
        double x = 2.0 / 3,
               y = 2.0 / 3; // bits: diagonal 1, vertical 2, horizontal 4; the diagonal changes nothing here
        x = flags & 4 ? 1 - x : x;
        y = flags & 2 ? 1 - y : y;
        Map map = import_tiles(tiles, PLAIN);
        assert_true(fabs(ground_area(&map, &shapes, &middle) - (0.5)) < 1e-5);
        assert_true(fabs(middle.x - (4 + x)) < 1e-4);
        assert_true(fabs(middle.y - (HIGH - 3 - y)) < 1e-4);
        done(&map);
    }
    // The half is the upper one; turned a quarter clockwise (diagonal, then horizontal) the right one.
    uint32_t tiles[WIDE * HIGH] = {[3 * WIDE + 4] = 3 | 0xa0000000u};
    int shapes;
    ParaPoint middle;
    Map map = import_tiles(tiles, PLAIN);
    assert_true(fabs(ground_area(&map, &shapes, &middle) - (0.5)) < 1e-5);
    assert_true(fabs(middle.x - (4.75)) < 1e-4);
    assert_true(fabs(middle.y - (HIGH - 3.5)) < 1e-4);
    done(&map);
}

/// A ball that is given a push, over a floor whose pieces are cut in many ways.
static void test_a_ball_rolls_without_a_bump(void **state)
{
    (void)state;
    uint32_t tiles[WIDE * HIGH] = {0};
    for (int c = 0; c < WIDE; c++) {
        tiles[6 * WIDE + c] = 1;
        for (int r = 7; r < 7 + c * 3 % 5; r++)
            tiles[r * WIDE + c] = 1;
        if (c % 4 == 3)
            tiles[6 * WIDE + c] = 3; // only its upper half
    }
    Map map = import_tiles(tiles, PLAIN);
    ParaWorldDef def = map.level->world;
    for (int b = 0; b < def.body_count; b++) {
        if (def.bodies[b].kind != PARA_BODY_DYNAMIC)
            continue;
        def.bodies[b].position = (ParaVec2){1.5f, HIGH - 6 + 0.4f};
        def.bodies[b].velocity = (ParaVec2){3, 0};
        def.bodies[b].fixed_rotation = false;
        def.bodies[b].spin = -3 / 0.4f;
        for (ParaSolverKind solver = PARA_SOLVER_CHIPMUNK; solver <= PARA_SOLVER_LANES; solver++) {
            ParaWorldGroup *group = para_world_group_create(solver, 1);
            ParaWorld world = para_world_at(group, 0);
            assert_true(para_world_build(world, &def, NULL));
            const ParaView *view = para_world_view(world);
            for (int step = 0; step < 330; step++) {
                para_world_step(world);
                size_t at = (size_t)b * (size_t)view->stride;
                assert_true(fabsf(view->y[at] - (HIGH - 6 + 0.4f)) < 0.006f);
                assert_true(step < 20 || fabsf(view->vy[at]) < 0.02f);
            }
            assert_true(view->x[(size_t)b * (size_t)view->stride] > 17); // as fast as ever
            para_world_group_destroy(group);
        }
    }
    done(&map);
}

// ---------------------------------------------------------------------------------------------
// Objects, and what is told.

static void test_the_example_map(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const char *error = NULL;
    size_t size;
    char *text =
        para_file_read(PARA_SOURCE_DIR "/tests/tiled/cave.json", PARA_TILED_SIZE_MAX, arena, &size, &error);
    assert_non_null(text);
    Map map = import(text, PARA_SOURCE_DIR "/tests/tiled");
    assert_int_equal(map.list.count, 1);
    assert_string_equal(map.list.items[0].path, "/layers/2/objects/10 (sign)");
    static const char *const parts[] = {
        "{\"name\": \"hazard\", \"static\": true,",
        "\"one_way\": true}",
        "{\"name\": \"crate\", \"at\": [13.625, 4.375], \"shape\": {\"box\": [1.25, 1.25]},",
        "\"material\": \"wood\"}",
        "{\"name\": \"boulder\", \"at\": [24.75, 10.75], \"shape\": {\"circle\": 0.75}, \"density\": 3}",
        "\"moves\": {\"by\": [0, 1.5], \"period\": 6}",
        "{\"name\": \"beam\", \"static\": true, \"at\": [27.574034, 6.3770466], \"angle\": -0.34906584,",
        "{\"name\": \"wind\", \"at\": [16.5, 7.5], \"area\": {\"box\": [3, 5]}, \"force\": [0, 6]}",
        "\"goal\": {\"all\": [{\"collected\": \"coin\"}, {\"any\": [{\"inside\": [\"start\", \"flag\"]}]}]}",
        "{\"touch\": [\"start\", \"hazard\"]}",
        "\"seconds\": 40"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(map.text, parts[i]))
            fail_msg("no %s in\n%s", parts[i], map.text);
    done(&map);
    para_arena_destroy(arena);
}

#define HEAD                                                                                                 \
    "{\"orientation\": \"orthogonal\", \"width\": 4, \"height\": 3, \"tilewidth\": 10, \"tileheight\": 10"

static void test_what_is_not_carried_over_is_told(void **state)
{
    (void)state;
    Map map = import(
        HEAD ", \"tilesets\": [{\"firstgid\": 1, \"source\": \"x.tsx\"}], \"properties\": [{\"name\": "
             "\"mood\", \"value\": 1}],"
             " \"layers\": [{\"type\": \"imagelayer\"}, {\"type\": \"haze\"},"
             "{\"type\": \"tilelayer\", \"parallaxx\": 0.5},"
             "{\"type\": \"tilelayer\", \"width\": 2, \"height\": 1, \"data\": [0, 1]},"
             "{\"type\": \"group\", \"offsetx\": 10, \"layers\": [{\"type\": \"objectgroup\", \"objects\": ["
             "{\"template\": \"a.tx\"}, {\"text\": {}}, {\"class\": \"lamp\"}, {\"point\": true},"
             "{\"class\": \"zone\", \"polyline\": [{\"x\": 0, \"y\": 0}, {\"x\": 9, \"y\": 9}]},"
             "{\"class\": \"player\", \"width\": 5, \"height\": 10, \"x\": 0, \"y\": 10,"
             " \"properties\": [{\"name\": \"hat\", \"value\": true}, {\"name\": \"density\", \"value\": "
             "\"much\"}]},"
             "{\"class\": \"player\", \"point\": true}]}]}]}",
        NULL);
    assert_non_null(map.text);
    static const char *const parts[] = {"x.tsx is XML",
                                        "an image",
                                        "unknown type \"haze\"",
                                        "parallax",
                                        "1 tiles of no tileset",
                                        "none of its tiles",
                                        "template a.tx",
                                        "text",
                                        "class \"lamp\"",
                                        "has no form",
                                        "no area",
                                        "\"hat\"",
                                        "\"much\" is no number",
                                        "a second player",
                                        "\"mood\"",
                                        "goal is the right edge"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        expect_told(&map, parts[i]);
    assert_int_equal(map.list.count, sizeof parts / sizeof *parts);
    assert_non_null(
        strstr(map.text, "\"at\": [1.25, 1.5], \"shape\": {\"box\": [0.5, 1]}")); // with the group's offset
    done(&map);
}

static void test_what_is_no_map_is_refused(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"<map></map>", "no JSON"},
        {"[]", "no map of Tiled"},
        {"{\"orientation\": \"isometric\", \"layers\": []}", "only orthogonal"},
        {"{\"layers\": []}", "at least 1"},
        {HEAD ", \"layers\": [{\"type\": \"tilelayer\", \"width\": 4, \"height\": 3, \"data\": [1, 2]}]}",
         "2 tiles where"},
        {HEAD ", \"layers\": [{\"type\": \"tilelayer\", \"width\": 1, \"height\": 1, \"data\": \"AQAA\"}]}",
         "not 1 tiles"},
        {HEAD ", \"layers\": [{\"type\": \"tilelayer\", \"width\": 1, \"height\": 1, \"data\": \"A!\"}]}",
         "not 1 tiles"},
        {HEAD
         ", \"layers\": [{\"type\": \"tilelayer\", \"width\": 1, \"height\": 1, \"compression\": \"zstd\","
         " \"data\": \"AQAA\"}]}",
         "base64 and zstd"},
        {HEAD
         ", \"layers\": [{\"type\": \"tilelayer\", \"width\": 1, \"height\": 1, \"compression\": \"lzma\","
         " \"data\": \"AQAA\"}]}",
         "\"lzma\" is not known"},
        {HEAD ", \"layers\": [{\"type\": \"tilelayer\", \"width\": 90000, \"height\": 90000, \"data\": []}]}",
         "spread over"},
        {HEAD ", \"tilesets\": [{\"firstgid\": 1, \"tilecount\": 9000000}], \"layers\": []}", "200000 tiles"},
        {HEAD ", \"tilesets\": [{\"firstgid\": 0}], \"layers\": []}", "firstgid"},
        {HEAD ", \"tilesets\": [{\"firstgid\": 1, \"source\": \"none.json\"}], \"layers\": []}", "none.json"},
        {HEAD
         ", \"layers\": [{\"type\": \"objectgroup\", \"objects\": [{\"class\": \"player\", \"point\": true,"
         " \"properties\": [{\"name\": \"part\", \"value\": \"../../ball\"}]}]}]}",
         "no part"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Map map = import(bad[i][0], "/nowhere");
        assert_null(map.text);
        expect_told(&map, bad[i][1]);
        done(&map);
    }
}

const struct CMUnitTest para_tests_tiled[] = {
    cmocka_unit_test(test_tiles_keep_their_area_in_every_packing),
    cmocka_unit_test(test_merged_tiles_are_few),
    cmocka_unit_test(test_flipped_tiles),
    cmocka_unit_test(test_a_ball_rolls_without_a_bump),
    cmocka_unit_test(test_the_example_map),
    cmocka_unit_test(test_what_is_not_carried_over_is_told),
    cmocka_unit_test(test_what_is_no_map_is_refused),
};
const size_t para_tests_tiled_count = sizeof para_tests_tiled / sizeof *para_tests_tiled;
