// SPDX-License-Identifier: MIT
// A script of keys, mouse and text: what SDL's queue gets of it, and what is no script.
#include "apps/script/script.h"
#include "engine/base/arena.h"
#include "tests/tests.h"

#include <SDL.h>
#include <string.h>

static void test_script_pushes_what_a_person_would(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    const char *error = NULL;
    assert_int_equal(SDL_Init(SDL_INIT_EVENTS), 0);
    SDL_FlushEvents(SDL_FIRSTEVENT, SDL_LASTEVENT);
    ParaPlayScript *script = para_play_script_read(
        "0 move 64 30; 0 press left; 0 move 70 28; 0 release left; 0 wheel -2; 0 tap Ctrl+Z;"
        "0 type drop crate at 4 6, over and over again; 0 screenshot a picture.png; 0 state; 9 quit",
        arena, &error);
    if (!script)
        fail_msg("%s", error);
    assert_int_equal(para_play_script_run(script, 0.1), PARA_SCRIPT_SCREENSHOT);
    assert_string_equal(para_play_script_picture(script), "a picture.png");
    SDL_Event event;
    assert_true(SDL_PollEvent(&event) && event.type == SDL_MOUSEMOTION && event.motion.x == 64);
    assert_true(SDL_PollEvent(&event) && event.type == SDL_MOUSEBUTTONDOWN);
    assert_true(event.button.button == SDL_BUTTON_LEFT && event.button.x == 64 && event.button.y == 30);
    assert_true(SDL_PollEvent(&event) && event.type == SDL_MOUSEMOTION && event.motion.yrel == -2);
    assert_int_equal(event.motion.state, SDL_BUTTON_LMASK);
    assert_true(SDL_PollEvent(&event) && event.type == SDL_MOUSEBUTTONUP && event.button.x == 70);
    assert_true(SDL_PollEvent(&event) && event.type == SDL_MOUSEWHEEL && event.wheel.y == -2);
    assert_true(SDL_PollEvent(&event) && event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_z);
    assert_true(event.key.keysym.mod & KMOD_CTRL);
    assert_true(SDL_PollEvent(&event) && event.type == SDL_KEYUP);
    char typed[128] = "";
    for (int pieces = 0; pieces < 2; pieces++) { // of up to 31 bytes
        assert_true(SDL_PollEvent(&event) && event.type == SDL_TEXTINPUT);
        strcat(typed, event.text.text);
    }
    assert_string_equal(typed, "drop crate at 4 6, over and over again");
    assert_false(SDL_PollEvent(&event));
    assert_int_equal(para_play_script_run(script, 0.1), PARA_SCRIPT_STATE);
    assert_int_equal(para_play_script_run(script, 0.1), PARA_SCRIPT_NOTHING);
    assert_false(SDL_PollEvent(&event)); // it quits later
    SDL_Quit();
    para_arena_destroy(arena);
}

static void test_script_refuses_what_it_does_not_know(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "down right",   "-1 tap a",           "0 tap nokey", "0 press up",   "0 move 3",     "0 move 3 99999",
        "0 move 3 4 5", "0 wheel 0.5",        "0 type",      "0 screenshot", "0 state now",  "0 quit now",
        "0 wait",       "0 press left right", "nan tap a",   "0 taps a",     "0 down Ctrl+Z"};
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *error = NULL;
        if (para_play_script_read(wrong[i], arena, &error))
            fail_msg("taken: %s", wrong[i]);
        assert_non_null(strstr(error, wrong[i]));
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_play_script[] = {
    cmocka_unit_test(test_script_pushes_what_a_person_would),
    cmocka_unit_test(test_script_refuses_what_it_does_not_know),
};
const size_t para_tests_play_script_count = sizeof para_tests_play_script / sizeof *para_tests_play_script;
