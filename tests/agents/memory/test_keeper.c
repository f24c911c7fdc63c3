// SPDX-License-Identifier: MIT
// What is kept of levels, written and read: the same maps, bounded in number, and a file of which any byte
// was changed, or whose end is missing, is refused.
#include "agents/memory/keeper.h"
#include "engine/base/bytes.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>

static ParaMap *walked(ParaArena *arena, float to)
{
    ParaMap *map = para_map_init(para_arena_alloc(arena, para_map_size(16)), 16);
    ParaVec2 reach = {to, 1};
    float fraction = 0.5f;
    ParaMapThing goal = {.id = -1, .kind = PARA_THING_GOAL, .x = to, .y = 1, .half_x = 0.5f};
    para_map_sense(map, &(ParaMapSense){.at = {1, 1},
                                        .reach = &reach,
                                        .fractions = &fraction,
                                        .rays = 1,
                                        .things = &goal,
                                        .thing_count = 1});
    return map;
}

static void test_keeper_reads_what_it_wrote(void **state)
{
    (void)state;
    Scratch place = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, 1 << 26);
    const char *path = para_arena_printf(arena, "%s/keeper.memory", place.folder), *error = NULL;
    ParaKeeper keeper = {.arena = arena}, read;
    ParaMap *map = walked(arena, 6);
    para_keeper_keep(&keeper, "maze", 7, 70, map);
    para_keeper_keep(&keeper, "cave", 8, 80, walked(arena, 3));
    para_keeper_keep(&keeper, "maze", 7, 70, map);
    assert_true(para_keeper_write(&keeper, path, arena, &error));
    assert_true(para_keeper_read(path, false, arena, &read, &error));
    assert_int_equal(read.count, 2);
    assert_int_equal(read.levels[0].lives, 2);
    assert_string_equal(read.levels[1].family, "cave");
    const ParaMap *back = para_keeper_recall(&read, 70);
    assert_non_null(back);
    assert_null(para_keeper_recall(&read, 71));
    assert_memory_equal(back->tiles, map->tiles, sizeof *map->tiles * (size_t)map->tile_count);
    assert_memory_equal(back->things, map->things, sizeof map->things);
    assert_int_equal(back->now, map->now);
    assert_int_equal(para_map_at(back, PARA_MAP_NEAR, 3, 2).solid,
                     para_map_at(map, PARA_MAP_NEAR, 3, 2).solid);
    assert_int_equal(para_keeper_forget(&read, "maze"), 1);
    assert_int_equal(para_keeper_forget(&read, NULL), 1);
    remove(path);
    assert_false(para_keeper_read(path, false, arena, &read, &error));
    assert_true(para_keeper_read(path, true, arena, &read, &error) && read.count == 0);
    for (uint64_t i = 0; i < PARA_KEEPER_LEVELS + 3; i++)
        para_keeper_keep(&keeper, "many", i, 100 + i, map);
    assert_int_equal(keeper.count, PARA_KEEPER_LEVELS);
    assert_null(para_keeper_recall(&keeper, 80));
    assert_non_null(para_keeper_recall(&keeper, 100 + PARA_KEEPER_LEVELS + 2));
    scratch_remove(&place);
    para_arena_destroy(arena);
}

static void seal(uint8_t *data, size_t size)
{
    para_bytes_store(data + size - 8, para_hash(data, size - 8, 0), 8);
}

static void test_keeper_refuses_what_no_map_can_be(void **state)
{
    (void)state;
    Scratch place = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, 1 << 28);
    const char *path = para_arena_printf(arena, "%s/hostile.memory", place.folder), *error = NULL,
               *why = NULL;
    ParaKeeper keeper = {.arena = arena}, read;
    para_keeper_keep(&keeper, "maze", 7, 70, walked(arena, 6));
    assert_true(para_keeper_write(&keeper, path, arena, &error));
    size_t size = 0;
    uint8_t *data = (uint8_t *)para_file_read(path, 1 << 20, arena, &size, &error);
    assert_non_null(data);
    remove(path);
    assert_true(para_keeper_parse(data, size, arena, &read, &why));
    for (size_t at = 0; at < size; at += at < 300 ? 1 : 97) {
        data[at] ^= 0x40;
        assert_false(para_keeper_parse(data, size, arena, &read, &why));
        assert_non_null(why);
        data[at] ^= 0x40;
    }
    for (size_t cut = 0; cut < size; cut += cut < 300 ? 1 : 97)
        assert_false(para_keeper_parse(data, cut, arena, &read, &why));
    // Under a right checksum: counts beyond their bounds, a thing of no kind, a tile of no scale, another's
    // place.
    size_t map = 16 + 4 + PARA_KEEPER_NAME + 24, things = map + 12, tiles = things + 4, thing = tiles + 4;
    size_t tile = thing + 32;
    const struct {
        size_t at;
        uint32_t value;
        int width;
    } wrong[] = {
        {12, 33, 4},      {16, 2, 4},       {20, 10, 1},       {map, 70000, 4},   {things, 33, 4},
        {tiles, 1001, 4}, {tiles, 500, 4},  {thing + 4, 5, 2}, {thing + 6, 2, 2}, {thing + 8, 0x7fc00000, 4},
        {tile + 4, 2, 2}, {tile + 6, 9, 2}, {tile + 8, 99, 1}, {tile + 9, 2, 1},  {tile + 10, 7, 2}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        uint8_t *other = para_arena_alloc(arena, size);
        memcpy(other, data, size);
        para_bytes_store(other + wrong[k].at, wrong[k].value, wrong[k].width);
        seal(other, size);
        if (para_keeper_parse(other, size, arena, &read, &why))
            fail_msg("number %zu of what is wrong was taken", k);
    }
    scratch_remove(&place);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_keeper[] = {
    cmocka_unit_test(test_keeper_reads_what_it_wrote),
    cmocka_unit_test(test_keeper_refuses_what_no_map_can_be),
};
const size_t para_tests_keeper_count = sizeof para_tests_keeper / sizeof *para_tests_keeper;
