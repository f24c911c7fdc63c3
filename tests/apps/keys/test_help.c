// SPDX-License-Identifier: MIT
// Help panels: that every key of a mode is in the list, and that its pages show every row in any window.
#include "apps/keys/fixed.h"
#include "apps/page/help.h"
#include "apps/play/play_help.h"
#include "tests/tests.h"
#include "worlds/library.h"

#include <SDL.h>
#include <stdlib.h>
#include <string.h>

static bool has(const ParaHelpList *list, const char *about)
{
    for (int i = 0; i < list->count; i++)
        if (*list->rows[i].keys && strcmp(list->rows[i].about, about) == 0)
            return true;
    return false;
}

static void test_help_has_every_key_of_its_mode(void **state)
{
    static ParaGame game;
    static ParaHelpList list;
    const char *error = NULL;
    (void)state;
    assert_true(para_game_open(&game, &(ParaGameDef){.name = "rover", .solver = PARA_SOLVER_AUTO}, &error));
    assert_true(para_game_begin(&game, 0));
    ParaKeys keys = para_keys_of(game.env.level);
    para_play_help(PARA_HELP_LEVEL, &game, &keys, &list);
    assert_true(list.count < PARA_HELP_ROWS_MAX); // none was left out
    for (int i = PARA_COMMAND_NONE + 1; i < PARA_COMMAND_COUNT; i++)
        assert_true(has(&list, para_keys_command_about((ParaCommandKey)i)));
    for (int k = 0; k < PARA_MEDDLES; k++)
        assert_true(has(&list, para_meddle_about((ParaMeddleKind)k)));
    assert_true(has(&list, "drive") && has(&list, "lean"));
    para_play_help(PARA_HELP_REPLAY, &game, &keys, &list); // nobody steers there, or throws crates
    assert_false(has(&list, "drive") || has(&list, para_keys_command_about(PARA_COMMAND_MEDDLE)));
    assert_true(has(&list, para_keys_command_about(PARA_COMMAND_PAUSE)));
    para_play_help(PARA_HELP_STORY, &game, &keys, &list);
    assert_true(has(&list, "on from a card, or from the end of a scene"));
    assert_false(has(&list, para_keys_command_about(PARA_COMMAND_NEXT)));
    para_play_help(PARA_HELP_SANDBOX, &game, &keys, &list);
    assert_true(has(&list, "undo the last thing"));
    para_play_help_photo(&list);
    assert_true(has(&list, "save the picture") && !has(&list, "pause"));
    para_game_close(&game);
}

static void test_help_pages_show_every_row(void **state)
{
    static const int sizes[][2] = {{320, 240}, {640, 400}, {1280, 720}, {2560, 1440}};
    static const char *const scales[] = {"1", "2"};
    static ParaHelpList list;
    (void)state;
    for (int g = 0; g < PARA_FIXED_GROUPS; g++) {
        int count = 0;
        const ParaFixedKey *keys = para_fixed_keys((ParaFixedGroup)g, &count);
        para_help_head(&list, para_fixed_title((ParaFixedGroup)g));
        for (int i = 0; i < count; i++)
            para_help_add(&list, keys[i].keys, keys[i].about);
    }
    setenv("SDL_VIDEODRIVER", "offscreen", 1);
    for (int k = 0; k < 8; k++) {
        ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
        const char *error = NULL;
        setenv("PARACOSM_SCALE", scales[k % 2], 1);
        ParaWindow *window = para_window_open("test", sizes[k / 2][0], sizes[k / 2][1], arena, &error);
        if (!window) {
            unsetenv("PARACOSM_SCALE");
            para_arena_destroy(arena);
            skip();
        }
        ParaPage page = para_page(window, arena);
        ParaHelp help = {.open = true};
        int shown = 0, pages = 0;
        do { // page after page, each begins where the one before ended
            para_page_begin(&page);
            para_help_draw(&help, &page, "Keys", &list);
            assert_int_equal(help.first, shown);
            assert_true(help.next > help.first);
            shown = help.next;
            assert_true(++pages <= list.count);
        } while (shown < list.count && para_help_key(&help, SDLK_PAGEDOWN));
        assert_int_equal(shown, list.count);
        assert_true(para_help_key(&help, SDLK_HOME) && help.first == 0);
        assert_false(para_help_key(&help, SDLK_p));
        para_window_close(window);
        para_arena_destroy(arena);
    }
    unsetenv("PARACOSM_SCALE");
}

const struct CMUnitTest para_tests_help[] = {
    cmocka_unit_test(test_help_has_every_key_of_its_mode),
    cmocka_unit_test(test_help_pages_show_every_row),
};
const size_t para_tests_help_count = sizeof para_tests_help / sizeof *para_tests_help;
