// SPDX-License-Identifier: MIT
// The map by hand: what rays say of cells, who has the last word, things that are out of sight and those that
// are gone, room that is bounded, and ways around a wall.
#include "agents/memory/map.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

static ParaMap *make(int tiles, ParaArena *arena)
{
    return para_map_init(para_arena_alloc(arena, para_map_size(tiles)), tiles);
}

/// One ray from a place.
static void ray(ParaMap *map, ParaVec2 at, ParaVec2 reach, float fraction)
{
    para_map_sense(map, &(ParaMapSense){.at = at, .reach = &reach, .fractions = &fraction, .rays = 1});
}

static int solid(const ParaMap *map, float x, float y)
{
    return para_map_at(map, PARA_MAP_NEAR, para_map_cell_of(PARA_MAP_NEAR, x),
                       para_map_cell_of(PARA_MAP_NEAR, y))
        .solid;
}

static void test_map_rays_say_what_is_free_and_what_is_solid(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    ParaMap *map = make(16, arena);
    assert_int_equal(solid(map, 1.25f, 0.25f), 0);
    ray(map, (ParaVec2){0.25f, 0.25f}, (ParaVec2){4, 0}, 0.5f); // something at x = 2.25
    assert_int_equal(solid(map, 1.25f, 0.25f), -1);
    assert_int_equal(solid(map, 2.25f, 0.25f), PARA_MAP_HIT);
    assert_int_equal(solid(map, 2.75f, 0.25f), 0);
    assert_int_equal(solid(map, 1.25f, 0.75f), 0);
    assert_int_equal(solid(map, 0.25f, 0.25f), -PARA_MAP_SURE_FREE); // it is in it
    assert_int_equal(para_map_at(map, PARA_MAP_NEAR, 0, 0).been, 1);
    assert_int_equal(para_map_at(map, PARA_MAP_NEAR, 1, 0).been, 0);
    for (int i = 0; i < 10; i++) // what stopped the ray is gone: the majority has the last word
        ray(map, (ParaVec2){0.25f, 0.25f}, (ParaVec2){4, 0}, 1.0f);
    assert_int_equal(solid(map, 2.25f, 0.25f), -PARA_MAP_SURE_FREE);
    ray(map, (ParaVec2){-3.25f, -5.25f}, (ParaVec2){-3, 0}, 1.0f); // to the left of and below 0
    assert_int_equal(solid(map, -5.25f, -5.25f), -1);
    ray(map, (ParaVec2){NAN, 0}, (ParaVec2){4, 0}, 1.0f);
    assert_int_equal(map->now, 12);
    para_arena_destroy(arena);
}

static void look(ParaMap *map, float x, float sees, const ParaMapThing *things, int count)
{
    para_map_sense(map,
                   &(ParaMapSense){.at = {x, 0.25f}, .sees = sees, .things = things, .thing_count = count});
}

static void test_map_things_out_of_sight_stay_where_they_were(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    ParaMap *map = make(16, arena);
    ParaMapThing goal = {.id = 3, .kind = PARA_THING_GOAL, .x = 4, .y = 0.25f, .vx = 1};
    look(map, 2.25f, 3, &goal, 1);
    look(map, 0.25f, 3, NULL, 0); // too far to be seen
    const ParaMapThing *kept = para_map_thing(map, PARA_THING_GOAL, 0);
    assert_non_null(kept);
    assert_true(kept->x == 4.0f && kept->vx == 1.0f && kept->when == 1 && map->now == 2);
    ParaMapThing nearer = {.id = -2, .kind = PARA_THING_GOAL, .x = 1, .y = 0.25f};
    look(map, 0.25f, 3, &nearer, 1);
    assert_int_equal(para_map_thing(map, PARA_THING_GOAL, 0)->id, -2);
    assert_int_equal(para_map_thing(map, PARA_THING_GOAL, 1)->id, 3);
    assert_null(para_map_thing(map, PARA_THING_GOAL, 2));
    look(map, 2.25f, 3, NULL, 0); // where both were there is nothing
    assert_null(para_map_thing(map, PARA_THING_GOAL, 0));
    assert_int_equal(map->thing_count, 0);
    para_arena_destroy(arena);
}

static void test_map_room_is_bounded(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 1 << 22);
    ParaMap *map = make(6, arena);
    for (int i = 0; i < 40; i++)
        ray(map, (ParaVec2){(float)i * 8.0f + 0.25f, 0.25f}, (ParaVec2){1, 0}, 1.0f);
    assert_int_equal(map->tile_count, 6);
    assert_int_equal(solid(map, 39 * 8.0f + 1.0f, 0.25f), -1); // the newest stand
    assert_int_equal(solid(map, 1.0f, 0.25f), 0);              // the oldest gave way
    ParaMapThing things[PARA_MAP_THINGS + 8];
    for (int i = 0; i < PARA_MAP_THINGS + 8; i++)
        things[i] =
            (ParaMapThing){.id = i, .kind = i == PARA_MAP_THINGS + 7 ? PARA_THING_GOAL : PARA_THING_OTHER};
    look(map, 0.25f, 0, things, PARA_MAP_THINGS + 8);
    assert_int_equal(map->thing_count, PARA_MAP_THINGS);
    assert_int_equal(para_map_thing(map, PARA_THING_GOAL, 0)->id, PARA_MAP_THINGS + 7);
    ParaMap *small = make(4, arena);
    para_map_copy(small, map);
    assert_int_equal(small->tile_count, 4);
    assert_int_equal(solid(small, 39 * 8.0f + 1.0f, 0.25f), -1);
    assert_true(para_map_used(small) == para_map_size(4) && para_map_size(PARA_MAP_TILES_MAX) < 1100000);
    para_arena_destroy(arena);
}

static void test_map_lives_longer_than_its_numbers(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    ParaMap *map = make(16, arena);
    ParaMapThing goal = {.id = 3, .kind = PARA_THING_GOAL, .x = 4, .y = 0.25f};
    look(map, 2.25f, 3, &goal, 1);
    for (int i = 0; i < PARA_MAP_WHEN_MAX + 10; i++)
        look(map, 0.25f, 3, NULL, 0);
    assert_true(map->now > PARA_MAP_WHEN_MAX / 2 && map->now < PARA_MAP_WHEN_MAX);
    assert_int_equal(para_map_thing(map, PARA_THING_GOAL, 0)->when, 1);
    assert_int_equal(para_map_at(map, PARA_MAP_NEAR, 0, 0).when, map->now);
    para_arena_destroy(arena);
}

/// Shows a map all of a plan of cells, '#' solid and '.' free, the top line first; where there is ' ' nobody
/// has looked.
static void show(ParaMap *map, const char *const *lines, int count)
{
    for (int row = 0; row < count; row++)
        for (int x = 0; lines[row][x]; x++) {
            ParaVec2 at = {0.25f + 0.5f * (float)x, 0.25f + 0.5f * (float)(count - 1 - row)};
            if (lines[row][x] == '.')
                ray(map, at, (ParaVec2){0, 0}, 1.0f);
            if (lines[row][x] == '#')
                ray(map, (ParaVec2){at.x, at.y - 0.3f}, (ParaVec2){0, 0.3f}, 0.5f);
        }
    for (int row = 0; row < count; row++) // the rays to what is solid began in cells that are not free
        for (int x = 0; lines[row][x]; x++) {
            int tile = 0, cx = x, cy = count - 1 - row;
            while (map->tiles[tile].scale != PARA_MAP_NEAR || map->tiles[tile].x != cx / PARA_MAP_TILE_SIDE ||
                   map->tiles[tile].y != cy / PARA_MAP_TILE_SIDE)
                tile++;
            ParaMapCell *cell = &map->tiles[tile].cells[cy % 16 * 16 + cx % 16];
            cell->solid = lines[row][x] == '#' ? 8 : lines[row][x] == '.' ? -4 : 0;
            cell->when = lines[row][x] != ' ';
        }
}

static void test_map_ways_go_around_walls(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "#############", //
        "#.....#.....#", //
        "#.....#.....#", //
        "#.....#.....#", //
        "#...........#", //
        "#############",
    };
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    ParaMap *map = make(16, arena);
    show(map, lines, 6);
    para_map_rest(map);
    ParaMapThing goal = {.id = 0, .kind = PARA_THING_GOAL, .x = 4.25f, .y = 2.25f}; // beyond the wall
    para_map_sense(map, &(ParaMapSense){.at = {2.25f, 2.25f}, .sees = 3, .things = &goal, .thing_count = 1});
    para_map_plan(map);
    const ParaMapWay *way = &map->ways[PARA_WAY_GOAL];
    assert_true(way->there == 1 && way->rest == 0.0f);
    // Down, through the gap, and up: two slanted steps, six straight ones.
    assert_true(fabsf(way->length - 0.5f * (6 + 2 * 1.5f)) < 0.51f && way->length > 3.5f);
    assert_true(way->y < 1.5f); // not at the wall, but towards the gap
    assert_true(map->ways[PARA_WAY_HOME].there && map->ways[PARA_WAY_HOME].length == 0.0f);
    assert_false(map->ways[PARA_WAY_FRONTIER].there); // all is known
    para_arena_destroy(arena);
}

static void test_map_ways_lead_to_what_nobody_has_seen(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "########       ", //
        "#......#       ", //
        "#......#       ", //
        "#.........     ", //
        "#.........     ", //
        "#.........     ", //
        "########       ",
    };
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    ParaMap *map = make(16, arena);
    show(map, lines, 7);
    para_map_rest(map);
    para_map_sense(map, &(ParaMapSense){.at = {0.75f, 2.75f}});
    para_map_plan(map);
    const ParaMapWay *way = &map->ways[PARA_WAY_FRONTIER];
    assert_true(way->there && way->length > 3.5f && way->length < 6.0f);
    assert_false(map->ways[PARA_WAY_GOAL].there);
    // The last cells that are known, in the middle of the way out; nearer by one step is straight ahead.
    para_map_sense(map, &(ParaMapSense){.at = {4.25f, 1.25f}});
    para_map_plan(map);
    assert_true(way->there && way->length < 1.0f && way->x > 4.25f);
    para_map_sense(map, &(ParaMapSense){.at = {4.3f, 1.3f}});
    int planned = map->planned;
    para_map_plan(map); // the same cell, and a plan that is fresh
    assert_int_equal(map->planned, planned);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_map[] = {
    cmocka_unit_test(test_map_rays_say_what_is_free_and_what_is_solid),
    cmocka_unit_test(test_map_things_out_of_sight_stay_where_they_were),
    cmocka_unit_test(test_map_room_is_bounded),
    cmocka_unit_test(test_map_lives_longer_than_its_numbers),
    cmocka_unit_test(test_map_ways_go_around_walls),
    cmocka_unit_test(test_map_ways_lead_to_what_nobody_has_seen),
};
const size_t para_tests_map_count = sizeof para_tests_map / sizeof *para_tests_map;
