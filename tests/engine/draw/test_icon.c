// SPDX-License-Identifier: MIT
// The icon: the file of the assets is what the code draws, to the byte.
#include "engine/base/file.h"
#include "engine/draw/raster/icon.h"
#include "engine/draw/raster/png.h"
#include "tests/tests.h"

#define ICON_FILE PARA_SOURCE_DIR "/assets/icon.png"

static void test_icon_is_that_of_the_assets(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)64 << 20);
    uint8_t *rgb = para_arena_alloc(arena, (size_t)PARA_ICON_SIDE * PARA_ICON_SIDE * 3);
    const char *error = NULL;
    size_t size = 0, kept_size = 0;
    para_icon_draw(PARA_ICON_SIDE, rgb, NULL, arena);
    const uint8_t *png = para_png_encode(rgb, PARA_ICON_SIDE, PARA_ICON_SIDE, arena, &size);
    if (tests_write_golden())
        assert_true(para_file_write(ICON_FILE, png, size, arena, &error));
    const char *kept = para_file_read(ICON_FILE, (size_t)1 << 20, arena, &kept_size, &error);
    assert_non_null(kept);
    assert_int_equal(kept_size, size);
    assert_memory_equal(kept, png, size);
    para_arena_destroy(arena);
}

static void test_icon_has_round_corners(void **state)
{
    enum { SIDE = 64 };
    uint8_t rgb[SIDE * SIDE * 3], alpha[SIDE * SIDE];
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)64 << 20);
    para_icon_draw(SIDE, rgb, alpha, arena);
    assert_int_equal(alpha[0], 0);
    assert_int_equal(alpha[SIDE * SIDE - 1], 0);
    assert_int_equal(alpha[SIDE / 2], 255);
    assert_int_equal(alpha[SIDE * SIDE / 2 + SIDE / 2], 255);
    const uint8_t *player = rgb + 3 * (SIDE * SIDE / 2 + SIDE / 4); // blue, and the sky above it is not
    assert_true(player[2] > player[0] + 60 && rgb[3 * (SIDE / 2) + 2] < 120);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_icon[] = {
    cmocka_unit_test(test_icon_is_that_of_the_assets),
    cmocka_unit_test(test_icon_has_round_corners),
};
const size_t para_tests_icon_count = sizeof para_tests_icon / sizeof *para_tests_icon;
