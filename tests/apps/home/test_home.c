// SPDX-License-Identifier: MIT
// The home screen as a person uses it, without a screen: scripts of keys and mouse, the state it prints, what
// it keeps. Gamepads by events, since none is plugged in.
#include "tests/apps/command.h"
#include "tests/tests.h"

#include "apps/pad/pad.h"
#include "engine/base/arena.h"
#include "engine/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX 8192

static char home[] = "/tmp/paracosm-home-XXXXXX";
static char out[OUTPUT_MAX];

static int set_up(void **state)
{
    (void)state;
    memcpy(home + strlen(home) - 6, "XXXXXX", 6);
    return mkdtemp(home) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -rf -- '%s'", home);
    return system(command);
}

/// Runs `paracosm play WORDS` with a script, in the person's folder. Both streams are in `out` then.
static void play_sized(const char *size_and_words, const char *script)
{
    char words[2048], environment[128];
    snprintf(words, sizeof words, "play %s --script \"%s\"", size_and_words, script);
    snprintf(environment, sizeof environment, "PARACOSM_HOME='%s'", home);
    command_must(home, environment, words, out, sizeof out);
}

static void play(const char *words, const char *script)
{
    char line[256];
    snprintf(line, sizeof line, "--size 640x400 %s", words);
    play_sized(line, script);
}

static void expect(const char *text)
{
    if (!strstr(out, text))
        fail_msg("\"%s\" is not in: %s", text, out);
}

/// How often a text is in the output.
static int count(const char *text)
{
    int found = 0;
    for (const char *at = out; (at = strstr(at, text)); at++)
        found++;
    return found;
}

/// What the settings file says.
static void expect_kept(const char *text)
{
    char path[96];
    const char *error = NULL;
    size_t size = 0;
    ParaArena *arena = para_arena_create((size_t)1 << 14, (size_t)1 << 20);
    snprintf(path, sizeof path, "%s/settings.json", home);
    const char *kept = para_file_read(path, (size_t)1 << 16, arena, &size, &error);
    if (!kept || !strstr(kept, text))
        fail_msg("\"%s\" is not in: %s", text, kept ? kept : error);
    para_arena_destroy(arena);
}

static void test_home_finds_stories_by_that_word(void **state)
{
    (void)state;
    play("", "0.1 type story; 0.3 state; 0.5 tap escape; 0.7 tap escape; 9 state");
    expect("cards=1 chosen=The lamp of Grey Point");
}

/// A crate more in a copy of rover, and the cross of the window, which asks; then what is clicked in its box.
#define CROSS_IN_THE_EDITOR                                                                                  \
    "0.1 type rover; 0.3 tap F4; 0.7 tap 1; 0.8 move 600 300; 0.85 press left; 0.9 release left; 1 close; "  \
    "1.2 state; "

static void test_home_ends_with_the_window_of_an_editor(void **state)
{
    (void)state;
    char path[96];
    setenv("PARACOSM_SCALE", "1", 1);
    // Stay, then out by Esc, which asks nobody in a script: that leads home.
    play_sized("--home",
               CROSS_IN_THE_EDITOR "1.3 move 700 349; 1.35 press left; 1.45 release left; 1.6 state; "
                                   "1.7 tap escape; 1.9 tap escape; 3 state; 4 quit");
    assert_int_equal(count("steps=1 dirty=1"), 2);
    assert_int_equal(count("home screen="), 1);
    // Saved, and closed: home does not come back.
    snprintf(path, sizeof path, "rm -rf -- '%s/drafts'", home);
    assert_int_equal(system(path), 0); // of the editor that was left
    play_sized("--home",
               CROSS_IN_THE_EDITOR "1.3 move 470 349; 1.35 press left; 1.45 release left; 3 state; 4 quit");
    assert_int_equal(count("steps=1 dirty=1"), 1);
    assert_int_equal(count("home screen="), 0);
    snprintf(path, sizeof path, "%s/levels/rover.json", home);
    assert_int_equal(access(path, R_OK), 0);
    assert_int_equal(remove(path), 0);
    // Kept as a draft, and closed.
    play_sized("--home",
               CROSS_IN_THE_EDITOR "1.3 move 600 349; 1.35 press left; 1.45 release left; 3 state; 4 quit");
    assert_int_equal(count("steps=1 dirty=1"), 1);
    assert_int_equal(count("home screen="), 0);
    assert_int_equal(access(path, R_OK), -1);
    // It is offered when the editor is opened again.
    play_sized("--home", "0.1 type rover; 0.3 tap F4; 0.7 state; 1 quit");
    expect("recovery=1");
    unsetenv("PARACOSM_SCALE");
}

static void test_home_chooses_plays_and_comes_back(void **state)
{
    (void)state;
    play("", "0.1 state; 0.2 tap down; 0.25 tap down; 0.3 tap right; 0.4 state; 0.5 type "
             "GLASS ferry; 0.6 "
             "state; 0.7 tap return; "
             "0.8 state; 0.9 tap escape; 1.0 state; 1.1 tap escape; 1.2 state; 1.3 tap escape; 9 state");
    expect("home screen=wall cards=");
    expect("chosen=The lamp of Grey Point seen=1 recent=0"); // the first that can be played
    expect("chosen=ferry seen=1 recent=0");                  // two rows down, one to the right
    expect("search=\"GLASS ferry\"");
    expect("status=on driver=person");
    expect("search=\"\"");
    assert_null(strstr(out, "running=0"));
    char *last = strstr(out, "status=on"); // play was left for home, and home for good
    assert_non_null(strstr(last, "home screen=wall"));
}

static void test_home_mouse_scrolls_and_plays(void **state)
{
    (void)state;
    play("", "0.1 state; 0.15 wheel -5; 0.2 move 100 250; 0.3 state; 0.4 wheel -30; 0.6 move 400 251; 0.7 "
             "state; 0.8 press left; "
             "0.9 release left; 1 state; 1.1 quit");
    expect("chosen=The lamp of Grey Point");
    expect("chosen=panes");
    expect("status=on");
    assert_non_null(strstr(strstr(out, "chosen=panes"), "home screen=wall")); // another card lies there then
}

static void test_home_shows_what_enter_plays(void **state)
{
    static const char *const windows[] = {"--size 640x400", "--size 640x360", "--size 960x540",
                                          "--size 1280x720", "--size 500x700"};
    (void)state;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        play_sized(windows[i], "0.1 state; 0.15 quit");
        expect("chosen=The lamp of Grey Point seen=1");
    }
    // Who lost another level finds that one chosen again, though a card of what was played lies before it
    // now.
    play("",
         "0.1 type cave; 0.2 tap return; 0.3 down up; 2.5 up up; 2.6 state; 2.7 tap escape; 2.8 tap escape; "
         "2.9 state; 3 tap home; 3.1 tap down; 3.2 state; 3.3 quit");
    expect("chosen=cave seen=1 recent=0");
    expect("chosen=cave seen=1 recent=1");
}

static void test_home_plays_a_story_and_a_starter(void **state)
{
    (void)state;
    play("",
         "0.1 tap return; 0.3 state; 0.5 tap escape; 0.6 state; 0.7 type walker; 0.8 state; 0.9 tap return; "
         "1.2 state; 1.4 tap escape; 1.5 state; 1.6 quit");
    expect("story: scene \"hill\"");
    expect("chosen=walker"); // the starter, before the families whose names go on after that
    assert_int_equal(count("status=on driver=person"), 2);
    assert_int_equal(count("home screen=wall"), 3);
}

static void test_home_begins_a_level_and_has_it_on_the_wall(void **state)
{
    (void)state;
    play("", "0.2 type new level; 0.3 state; 0.4 tap return; 0.6 state; 0.7 tap escape; 1 state; 1.1 quit");
    expect("chosen=New level");
    expect("state gallery=1");
    assert_int_equal(count("home screen=wall"), 2); // Esc came back
    // A copy of a starter, in the editor; saved, it is the person's own, and is played as it was saved.
    play("", "0.2 type roller; 0.3 tap f4; 0.6 state; 0.8 tap ctrl+s; 1.2 tap escape; 1.4 tap escape; 1.6 "
             "type your own; "
             "1.8 state; 2 tap return; 2.4 state; 2.6 quit");
    expect("cards=1 chosen=roller");
    expect("status=on driver=person");
}

static void test_home_leads_to_the_sandbox_and_back(void **state)
{
    (void)state;
    play("", "0.2 type sandbox; 0.3 state; 0.4 tap return; 1 state; 1.2 tap escape; 1.4 tap escape; 1.6 "
             "state; 1.7 quit");
    expect("chosen=Sandbox");
    expect("driver=person");
    assert_int_equal(count("home screen=wall"), 2);
}

static void test_home_leads_to_endless_mode_and_back(void **state)
{
    (void)state;
    play("", "0.2 type endless; 0.3 state; 0.4 tap return; 1 state; 1.2 tap escape; 1.4 state; 1.5 quit");
    expect("chosen=Endless");
    expect("driver=person");
    assert_int_equal(count("home screen=wall"), 2); // one Esc is enough where there is nothing to sum up
}

static void test_home_shows_a_level_that_does_not_load(void **state)
{
    char path[96];
    const char *error = NULL;
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 14, (size_t)1 << 20);
    snprintf(path, sizeof path, "%s/levels", home);
    assert_true(para_folder_make(path, arena, &error));
    snprintf(path, sizeof path, "%s/levels/zebra.json", home);
    assert_true(para_file_write(path, "{", 1, arena, &error));
    play("", "0.2 type zebra; 0.4 state; 0.5 tap return; 0.7 state; 0.8 quit");
    expect("cards=1 chosen=zebra");
    expect("note=\"zebra: this is not JSON");
    para_arena_destroy(arena);
}

static void test_home_leads_to_the_runs_that_are_there(void **state)
{
    char command[1024];
    (void)state;
    play("", "0.2 type watch a; 0.3 state; 0.4 quit");
    expect("cards=0"); // there is none in a folder without runs
    snprintf(command, sizeof command,
             "cd '%s' && PARACOSM_LIBRARY='%s/worlds/library' '%s' train --out runs/first --families roll "
             "--decisions 3000 --envs 8 --width 16 --threads 1 --quiet",
             home, PARA_SOURCE_DIR, PARA_COMMAND);
    assert_int_equal(system(command), 0);
    play("", "0.2 type watch a; 0.3 state; 0.4 tap return; 0.5 quit");
    expect("chosen=Watch a training");
    expect("home starts: paracosm watch runs/first"); // which a script has no part in
}

static void test_home_settings_stay(void **state)
{
    (void)state;
    play("",
         "0.1 tap f10; 0.2 tap left; 0.3 tap down; 0.4 tap return; 0.5 tap down; 0.6 tap down; 0.7 tap left; "
         "0.8 state; 1 quit");
    expect("screen=settings");
    expect_kept("\"mute\":\ttrue");
    expect_kept("\"mood\":\t\"night\"");
    expect_kept("\"volume\":\t0.75");
}

static void test_home_keys_are_given_and_change_places(void **state)
{
    (void)state;
    play("",
         "0.1 tap f1; 0.2 tap return; 0.3 tap r; 0.4 state; 0.5 tap return; 0.6 tap f5; 0.7 state; 1 quit");
    expect("R was the key of restart, which has Left now");
    expect("that key cannot be given");
    expect_kept("\"steer:Left\":\t\"R\"");
    expect_kept("\"restart\":\t\"Left\"");
    // And they mean that in play: R to the left, Left begins again.
    play("roll", "0 down r; 1 up r; 1 state; 1.1 tap left; 1.3 state; 1.4 quit");
    double x[2] = {0, 0};
    char *first = strstr(out, " x="), *second = first ? strstr(first + 1, " x=") : NULL;
    assert_non_null(second);
    sscanf(first, " x=%lf", &x[0]);
    sscanf(second, " x=%lf", &x[1]);
    assert_true(x[0] < x[1] - 0.5);
}

static void test_home_tells_damaged_settings(void **state)
{
    char path[96];
    const char *error = NULL;
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 14, (size_t)1 << 20);
    snprintf(path, sizeof path, "%s/settings.json", home);
    assert_true(para_file_write(path, "{", 1, arena, &error));
    play("--home", "0.1 state; 0.2 quit");
    expect("is damaged; it is set aside as");
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------
// Films and photos, in the person's folder.

/// The same, started in the person's folder, with another PATH before the usual one.
static int play_there(const char *path, const char *words, const char *script)
{
    char command[2048];
    snprintf(command, sizeof command,
             "cd '%s' && PATH='%s' SDL_VIDEODRIVER=offscreen PARACOSM_HOME='%s' "
             "PARACOSM_LIBRARY='%s/worlds/library' "
             "'%s' play roll %s --size 320x240 --script \"%s\" 2>&1",
             home, path, home, PARA_SOURCE_DIR, PARA_COMMAND, words, script);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = fread(out, 1, OUTPUT_MAX - 1, pipe);
    out[size] = '\0';
    int status = pclose(pipe), code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == 2 && strstr(out, "OpenGL"))
        skip();
    return code;
}

static long size_of(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", home, name);
    return (long)para_file_size(path);
}

static void test_home_films_are_written(void **state)
{
    (void)state;
    assert_int_equal(play_there("/nowhere", "--mp4 b.mp4",
                                "0 down right; 0.5 tap insert; 0.6 state; 0.7 tap insert; 0.8 quit"),
                     0);
    expect("since ffmpeg cannot be run (it is not installed): b.gif instead");
    expect("note=\"film: b.gif\""); // the key ended it
    expect("film: roll-0.gif");     // and began another, which the end of play ends
    assert_true(size_of("b.gif") > 1000 && size_of("roll-0.gif") > 1000);
    assert_int_equal(size_of("b.mp4"), -1);
}

static void write_ffmpeg(const char *text)
{
    char path[128], command[160];
    const char *error = NULL;
    ParaArena *arena = para_arena_create((size_t)1 << 14, (size_t)1 << 20);
    snprintf(path, sizeof path, "%s/ffmpeg", home);
    assert_true(para_file_write(path, text, strlen(text), arena, &error));
    snprintf(command, sizeof command, "chmod +x '%s'", path);
    assert_int_equal(system(command), 0);
    para_arena_destroy(arena);
}

static void test_home_films_go_through_ffmpeg(void **state)
{
    char path[128], kept[64] = "";
    (void)state;
    snprintf(path, sizeof path, "%s:/usr/bin:/bin", home);
    // One that counts what it is given: whole frames, 30 a second.
    write_ffmpeg("#!/bin/sh\nfor last; do :; done\nwc -c >\"$last\"\n");
    assert_int_equal(play_there(path, "--mp4 c.mp4", "0 down right; 1 quit"), 0);
    expect("film: c.mp4");
    snprintf(path, sizeof path, "%s/c.mp4", home);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(kept, sizeof kept, file));
    fclose(file);
    long frames = atol(kept) / (320 * 240 * 3);
    assert_int_equal(atol(kept) % (320 * 240 * 3), 0);
    assert_in_range(frames, 28, 31);
    // One that goes at once, with an error: the program lives, tells it, and leaves no file.
    write_ffmpeg("#!/bin/sh\nexit 3\n");
    snprintf(path, sizeof path, "%s:/usr/bin:/bin", home);
    assert_int_equal(play_there(path, "--mp4 d.mp4", "0 down right; 1 state; 1.5 quit"), 0);
    expect("no film: ffmpeg ended with exit code 3");
    assert_int_equal(size_of("d.mp4"), -1);
    assert_int_equal(size_of("d.mp4.part.mp4"), -1);
}

static void test_home_photo_stands_still_and_saves(void **state)
{
    (void)state;
    assert_int_equal(
        play_there("/usr/bin:/bin", "",
                   "0 down right; 0.5 state; 0.5 tap f12; 0.7 tap 3; 0.8 tap Return; 0.9 state; 1.0 wheel 1; "
                   "1.1 state; 1.2 tap f12; 1.22 state; 1.3 quit"),
        0);
    expect("saved roll-0.png, 960 x 720");
    assert_true(size_of("roll-0.png") > 2000);
    char *first = strstr(out, " step="), *second = first ? strstr(first + 1, " step=") : NULL;
    assert_non_null(second);
    assert_in_range(atoi(second + 6) - atoi(first + 6), 0, 6); // of 43 steps that the photo took
    double before = 0, after = 0;
    first = strstr(out, "photo scale="), second = first ? strstr(first + 1, "photo scale=") : NULL;
    assert_non_null(second);
    sscanf(first, "photo scale=%lf", &before);
    sscanf(second, "photo scale=%lf", &after);
    assert_true(after > 1.1 * before && after < 1.2 * before);
}

// ---------------------------------------------------------------------------------------------
// Gamepads.

static void button(ParaPad *pad, int which, bool down)
{
    SDL_Event event = {0};
    event.type = down ? SDL_CONTROLLERBUTTONDOWN : SDL_CONTROLLERBUTTONUP;
    event.cbutton.button = (Uint8)which;
    assert_true(para_pad_event(pad, &event));
}

static void stick(ParaPad *pad, int which, int value)
{
    SDL_Event event = {0};
    event.type = SDL_CONTROLLERAXISMOTION;
    event.caxis.axis = (Uint8)which;
    event.caxis.value = (Sint16)value;
    assert_true(para_pad_event(pad, &event));
}

/// The next key in SDL's queue: its code, below 0 where it is let go; 0: none.
static int next_key(void)
{
    SDL_Event event;
    while (SDL_PollEvent(&event))
        if (event.type == SDL_KEYDOWN || event.type == SDL_KEYUP)
            return event.type == SDL_KEYDOWN ? event.key.keysym.sym : -event.key.keysym.sym;
    return 0;
}

static void test_home_pad_presses_keys(void **state)
{
    (void)state;
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0)
        skip();
    ParaArena *arena = para_arena_create((size_t)1 << 14, (size_t)1 << 20);
    ParaPad *pad = para_pad_open(arena);
    SDL_Keycode codes[PARA_PAD_INPUTS] = {
        [PARA_PAD_LEFT] = SDLK_a, [PARA_PAD_RIGHT] = SDLK_d, [PARA_PAD_A] = SDLK_SPACE};
    para_pad_map(pad, codes);
    while (next_key()) {
    }
    stick(pad, SDL_CONTROLLER_AXIS_LEFTX, 20000);
    assert_int_equal(next_key(), SDLK_d);
    stick(pad, SDL_CONTROLLER_AXIS_LEFTX, 14000); // between the two thresholds it stays
    assert_int_equal(next_key(), 0);
    stick(pad, SDL_CONTROLLER_AXIS_LEFTX, -32768); // over to the other side
    assert_int_equal(next_key(), SDLK_a);
    assert_int_equal(next_key(), -SDLK_d);
    button(pad, SDL_CONTROLLER_BUTTON_DPAD_LEFT, true); // the cross and the stick hold the same
    stick(pad, SDL_CONTROLLER_AXIS_LEFTX, 0);
    assert_int_equal(next_key(), 0);
    button(pad, SDL_CONTROLLER_BUTTON_A, true);
    assert_int_equal(next_key(), SDLK_SPACE);
    button(pad, SDL_CONTROLLER_BUTTON_X, true); // means nothing here
    assert_int_equal(next_key(), 0);
    para_pad_map(pad, codes); // another screen: what is held is let go
    assert_int_equal(next_key(), -SDLK_a);
    assert_int_equal(next_key(), -SDLK_SPACE);
    assert_string_equal(para_pad_name(pad), "");
    para_pad_close(pad);
    para_arena_destroy(arena);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    unsetenv("SDL_VIDEODRIVER");
}

#define HOME_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
const struct CMUnitTest para_tests_home[] = {HOME_TEST(test_home_finds_stories_by_that_word),
                                             HOME_TEST(test_home_ends_with_the_window_of_an_editor),
                                             HOME_TEST(test_home_chooses_plays_and_comes_back),
                                             HOME_TEST(test_home_mouse_scrolls_and_plays),
                                             HOME_TEST(test_home_shows_what_enter_plays),
                                             HOME_TEST(test_home_plays_a_story_and_a_starter),
                                             HOME_TEST(test_home_begins_a_level_and_has_it_on_the_wall),
                                             HOME_TEST(test_home_leads_to_the_sandbox_and_back),
                                             HOME_TEST(test_home_leads_to_endless_mode_and_back),
                                             HOME_TEST(test_home_shows_a_level_that_does_not_load),
                                             HOME_TEST(test_home_leads_to_the_runs_that_are_there),
                                             HOME_TEST(test_home_settings_stay),
                                             HOME_TEST(test_home_keys_are_given_and_change_places),
                                             HOME_TEST(test_home_tells_damaged_settings),
                                             HOME_TEST(test_home_films_are_written),
                                             HOME_TEST(test_home_films_go_through_ffmpeg),
                                             HOME_TEST(test_home_photo_stands_still_and_saves),
                                             HOME_TEST(test_home_pad_presses_keys)};
const size_t para_tests_home_count = sizeof para_tests_home / sizeof *para_tests_home;
